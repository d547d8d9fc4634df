-- Oversight (F30, F31) is asked of any period, and never reads a body: what it counts stands in two narrow indexes.
CREATE INDEX delivery_kept ON delivery (kept_at) INCLUDE (id, no, event_no, team, kind);
CREATE INDEX event_kept ON event (accepted_at) INCLUDE (no, publisher, wanted, present, test);

-- Summaries that a person has acknowledged, and neither filed nor acted upon yet: a row lives from the first to the second (F31).
CREATE TABLE unfiled (
    delivery uuid PRIMARY KEY,
    team     text NOT NULL,
    since    timestamptz NOT NULL
);
CREATE INDEX unfiled_team ON unfiled (team, since);
INSERT INTO unfiled (delivery, team, since)
SELECT d.id, d.team, min(r.received_at) FROM receipt r JOIN delivery d ON d.id = r.delivery
WHERE d.kind = 'summary' AND d.withdrawn_by IS NULL AND r.by_kind = 'person' AND r.state = 'acknowledged'
  AND NOT EXISTS (SELECT FROM receipt f WHERE f.delivery = d.id AND f.state IN ('filed', 'acted', 'not-ours'))
GROUP BY d.id, d.team;
