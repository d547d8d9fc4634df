-- name: one_at_a_time  two loads never run beside each other
SELECT pg_try_advisory_lock(7316204002);

-- name: done  the next load may run
SELECT pg_advisory_unlock(7316204002);

-- name: incoming  where the file stands while it is compared
CREATE TEMP TABLE IF NOT EXISTS incoming_family (line integer PRIMARY KEY, doc bytea NOT NULL);

-- name: incoming_people  who stands in which line
CREATE TEMP TABLE IF NOT EXISTS incoming_person (line integer NOT NULL, id uuid NOT NULL, nhs text, born text);

-- name: analyse  the planner learns how much came
ANALYZE incoming_family, incoming_person;

-- name: numbers_of_others  lines with an NHS number that the ledger has for somebody else
SELECT DISTINCT i.line FROM incoming_person i JOIN person p ON p.nhs = i.nhs
WHERE p.id <> i.id AND (p.born IS DISTINCT FROM i.born OR EXISTS (SELECT FROM person WHERE id = i.id)
                        OR EXISTS (SELECT FROM incoming_person o WHERE o.id = p.id))
ORDER BY 1;

-- name: known_by_number  people the router made from events before the file named them: they keep the ledger's id
SELECT i.line, i.id::text, p.id::text FROM incoming_person i JOIN person p ON p.nhs = i.nhs AND p.born = i.born
WHERE p.id <> i.id;

-- name: rename  a person of the file has another id in the ledger
UPDATE incoming_person i SET id = t.ours
FROM unnest(%(theirs)s::uuid[], %(ours)s::uuid[]) AS t (theirs, ours) WHERE i.id = t.theirs;

-- name: rewrite  lines in which somebody was renamed
UPDATE incoming_family i SET doc = t.doc FROM unnest(%(lines)s::int[], %(docs)s::bytea[]) AS t (line, doc)
WHERE i.line = t.line;

-- name: compare  for each line the families it is in the ledger, and whether nothing about it is new
WITH of_line AS (
    SELECT i.line, array_agg(DISTINCT p.family) FILTER (WHERE p.family IS NOT NULL) AS families,
           bool_and(p.id IS NOT NULL) AS whole
    FROM incoming_person i LEFT JOIN person p ON p.id = i.id GROUP BY i.line
)
SELECT o.line, coalesce(o.families, '{}'), o.whole AND cardinality(o.families) = 1 AND coalesce(v.doc = i.doc, false)
FROM of_line o JOIN incoming_family i ON i.line = o.line
LEFT JOIN family f ON f.id = o.families[1] LEFT JOIN family_version v ON v.family = f.id AND v.version = f.version
ORDER BY o.line;

-- name: not_in_file  people of the ledger that the file does not name
SELECT count(*)::int FROM person p WHERE NOT EXISTS (SELECT FROM incoming_person i WHERE i.id = p.id);

-- name: forget  the file is compared
TRUNCATE incoming_family, incoming_person;

-- name: newest  the newest teams and publishers
SELECT version, doc FROM cover_version ORDER BY version DESC LIMIT 1;

-- name: add_cover  a new version of the teams and publishers
INSERT INTO cover_version (version, doc, loaded_at) VALUES (%(version)s, %(doc)s, %(now)s);

-- name: family_of  in which family each of these people is
SELECT id::text, family FROM person WHERE id = ANY(%(people)s::uuid[]);

-- name: move_history  what happened to people goes with them
UPDATE happening h SET family = t.new
FROM unnest(%(people)s::uuid[], %(old)s::bigint[], %(new)s::bigint[]) AS t (person, old, new)
WHERE h.family = t.old AND h.person = t.person;
