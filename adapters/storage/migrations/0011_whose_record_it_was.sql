-- A cancellation takes back what its own record said, and nothing that another record says of the same thing.
ALTER TABLE happening ADD COLUMN record text NOT NULL DEFAULT '';
UPDATE happening h SET record = concat(e.publisher, ' ', e.type, ' ', e.record_id)
FROM event e WHERE e.no = h.event_no AND e.record_id IS NOT NULL;

-- Of two records that said the same only the first cancellation was remembered, and whoever said it again restored it
-- for both. What was taken back is written again, of each record what its newest version says no more.
WITH marked AS (
    DELETE FROM happening WHERE type ~ '^(cancelled|restored) '
    RETURNING person, regexp_replace(type, '^(cancelled|restored) ', '') AS type, thing
)
INSERT INTO happening (family, person, at, type, thing, event_no, record)
SELECT DISTINCT h.family, h.person, newest.happened_at, 'cancelled ' || h.type, h.thing, newest.no, h.record
FROM happening h JOIN event e ON e.no = h.event_no CROSS JOIN LATERAL (
    SELECT n.no, n.happened_at FROM event n WHERE (n.publisher, n.type, n.record_id) = (e.publisher, e.type, e.record_id)
    ORDER BY coalesce(n.sequence, '0')::numeric DESC, n.action <> 'new' DESC, n.no DESC LIMIT 1
) AS newest
WHERE EXISTS (
    SELECT FROM marked m
    WHERE (m.person, m.type) = (h.person, h.type) AND m.thing IS NOT DISTINCT FROM h.thing
) AND NOT EXISTS (
    SELECT FROM happening s
    WHERE s.event_no = newest.no AND (s.person, s.type) = (h.person, h.type) AND s.thing IS NOT DISTINCT FROM h.thing
);
