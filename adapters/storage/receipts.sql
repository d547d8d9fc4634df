-- name: delivery  whose a delivery is
SELECT d.id::text, d.team, d.kind, d.child::text, d.event_no, d.kept_at,
       EXISTS (SELECT FROM hand_on h WHERE h.delivery = d.id) AS hands_on,
       d.withdrawn_by IS NOT NULL AS withdrawn
FROM delivery d WHERE d.id = ANY(%(ids)s::uuid[]);

-- name: add  a receipt, once
INSERT INTO receipt (team, id, delivery, state, at, received_at, by_name, by_role, by_organisation, by_kind,
                     record_ref, outcome, hint, note, action)
VALUES (%(team)s, %(id)s, %(delivery)s, %(state)s, %(at)s, %(now)s, %(by_name)s, %(by_role)s, %(by_organisation)s,
        %(by_kind)s, %(record_ref)s, %(outcome)s, coalesce(%(hint_team)s::text, %(hint_service)s), %(note)s, %(action)s)
ON CONFLICT (team, id) DO NOTHING;

-- name: said  what was answered under an id
SELECT delivery::text, state, by_kind, record_ref, outcome, action, hint FROM receipt WHERE team = %(team)s AND id = %(id)s;

-- name: meet  the clocks on a delivery that this state meets
UPDATE clock SET state = 'met', ended_at = %(now)s, ended_how = %(state)s
WHERE delivery = %(delivery)s AND state IN ('running', 'paused') AND needs = ANY(%(needs)s)
    AND (needs <> 'act' OR %(action)s::text IS NULL OR split_part(turns::jsonb ->> 'item', ' ', 1) = %(action)s);

-- name: asks  whether a delivery asked this agreed action of its team, be it done by now
SELECT FROM clock WHERE delivery = %(delivery)s AND split_part(turns::jsonb ->> 'item', ' ', 1) = %(action)s LIMIT 1;

-- name: taken_on  whoever was told of the same has taken it on: nobody is looked for any more
UPDATE clock SET state = 'met', ended_at = %(now)s, ended_how = %(state)s
WHERE delivery IN (SELECT d.id FROM delivery d WHERE d.event_no = %(event_no)s AND d.child = %(child)s)
    AND state IN ('running', 'paused') AND needs = 'take';

-- name: acted  what people who were told of the same said came of it, in the order it came; of one batch who declines last
SELECT r.delivery::text, r.outcome FROM receipt r JOIN delivery d ON d.id = r.delivery
WHERE d.event_no = %(event_no)s AND d.child = %(child)s AND r.state = 'acted' AND r.by_kind = 'person'
ORDER BY r.received_at, r.outcome IS NOT DISTINCT FROM 'declined';

-- name: not_taken_on  who had accepted declines after all: what that had met runs again, and what is to be taken on at once
UPDATE clock SET state = 'running', ended_at = NULL, ended_how = NULL,
    due = CASE needs WHEN 'take' THEN least(due, %(now)s) ELSE due END
WHERE delivery IN (SELECT d.id FROM delivery d WHERE d.event_no = %(event_no)s AND d.child = %(child)s)
    AND state = 'met' AND ended_how = 'acted' AND needs = ANY(%(needs)s)
    AND (needs = 'take' OR (delivery = %(delivery)s AND (
        %(action)s::text IS NULL OR split_part(turns::jsonb ->> 'item', ' ', 1) = %(action)s)));

-- name: hasten  who was asked to take it on, or to accept the child, will not: the next person hears at once
UPDATE clock SET due = least(due, %(now)s)
WHERE delivery = %(delivery)s AND state = 'running' AND needs = ANY(%(needs)s);

-- name: stop  nothing more is owed by a team whose child it is not
UPDATE clock SET state = 'stopped', ended_at = %(now)s, ended_how = 'not-ours'
WHERE delivery = %(delivery)s AND state IN ('running', 'paused');

-- name: pass_on  the team accepts a child: open clocks of the teams before it, in as far as they were handed on, are its own
WITH RECURSIVE former AS (
    SELECT h.child, h.from_team, h.to_team AS taker FROM hand_on h WHERE h.delivery = %(delivery)s
    UNION SELECT f.child, h.from_team, f.taker FROM former f JOIN hand_on h ON h.child = f.child AND h.to_team = f.from_team
)
UPDATE clock c SET team = f.taker, delivery = %(delivery)s
FROM former f
WHERE c.child = f.child AND c.team = f.from_team AND c.team <> f.taker AND c.state IN ('running', 'paused')
    AND c.delivery IS NOT NULL AND c.task IS NULL
    AND c.event_no IS DISTINCT FROM (SELECT event_no FROM delivery WHERE id = %(delivery)s)
    AND NOT EXISTS (SELECT FROM hand_on h JOIN delivery d ON d.id = h.delivery
                    WHERE h.delivery = c.delivery AND d.event_no = c.event_no);

-- name: taken_by_another  nobody waits any more for a team to accept a child that it has handed on itself
WITH RECURSIVE former AS (
    SELECT h.child, h.from_team, h.delivery FROM hand_on h WHERE h.delivery = %(delivery)s
    UNION SELECT f.child, h.from_team, h.delivery FROM former f
          JOIN hand_on h ON h.child = f.child AND h.to_team = f.from_team
)
UPDATE clock c SET state = 'stopped', ended_at = %(now)s, ended_how = 'handed on'
FROM former f JOIN delivery d ON d.id = f.delivery
WHERE c.delivery = f.delivery AND f.delivery <> %(delivery)s AND c.event_no = d.event_no AND c.state = 'running';

-- name: read_not_filed  a person has read it: from now on it waits to be filed
INSERT INTO unfiled (delivery, team, since)
SELECT d.id, d.team, %(now)s FROM delivery d
WHERE d.id = %(delivery)s AND d.kind = 'summary' AND d.withdrawn_by IS NULL
  AND NOT EXISTS (SELECT FROM receipt r WHERE r.delivery = d.id AND r.state IN ('filed', 'acted', 'not-ours'))
ON CONFLICT DO NOTHING;

-- name: filed  it waits no longer
DELETE FROM unfiled WHERE delivery = %(delivery)s;

-- name: incident  something that must be looked into, once
INSERT INTO incident (at, kind, delivery, team, words) VALUES (%(now)s, %(kind)s, %(delivery)s, %(team)s, %(words)s)
ON CONFLICT (kind, delivery, team) DO NOTHING;

-- name: family_of  the family of a person
SELECT family FROM person WHERE id = %(person)s;

-- name: event  an event as it was kept
SELECT no, publisher, topic, partition, "offset", raw, facts FROM event WHERE no = %(no)s;

-- name: already  who had this event's summaries, and still has them
SELECT child::text, team FROM delivery WHERE event_no = %(no)s AND kind = 'summary';

-- name: forced  persons that named persons chose for this event
SELECT slot, person::text FROM match WHERE event_no = %(no)s;

-- name: choose  a named person says whose record it is
INSERT INTO match (event_no, slot, person, by_name, at, reason)
VALUES (%(no)s, %(slot)s, %(person)s, %(by)s, %(now)s, %(reason)s)
ON CONFLICT (event_no, slot) DO UPDATE SET person = excluded.person, by_name = excluded.by_name, at = excluded.at,
    reason = excluded.reason;

-- name: known_clocks  clocks of these ids that are kept already
SELECT id::text FROM clock WHERE id = ANY(%(ids)s::uuid[]);

-- name: remember  what an event counts as, for children whom a person found later; said again it counts once
INSERT INTO happening (family, person, at, type, thing, place, event_no, record)
SELECT t.family, t.person, %(at)s, t.kind, t.thing, %(place)s, %(no)s, %(record)s
FROM unnest(%(families)s::bigint[], %(people)s::uuid[], %(kinds)s::text[], %(things)s::text[])
    AS t (family, person, kind, thing)
WHERE NOT EXISTS (
    SELECT FROM happening h WHERE h.family = t.family AND h.person = t.person AND h.event_no = %(no)s AND h.type = t.kind
);
