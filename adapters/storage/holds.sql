-- name: hold  nothing about this person is deleted from now on
INSERT INTO legal_hold (person, held_by, held_at, why, until)
VALUES (%(person)s, %(by)s, %(now)s, %(why)s, %(until)s) RETURNING no::int;

-- name: release  it is deleted again when it is past keeping, unless another hold is on the same person
UPDATE legal_hold SET released_by = %(by)s, released_at = %(now)s, released_why = %(why)s
WHERE no = %(no)s AND released_at IS NULL;

-- name: holds  every hold, the newest first
SELECT no::int, person::text, held_by, held_at, why, until, released_by, released_at, released_why,
       released_at IS NULL AND (until IS NULL OR until >= (%(now)s AT TIME ZONE 'Europe/London')::date) AS holds
FROM legal_hold ORDER BY no DESC;

-- name: people_held  everybody on whom there is a hold now, under every id that they were known by
WITH held AS (
    SELECT DISTINCT person FROM legal_hold
    WHERE released_at IS NULL AND (until IS NULL OR until >= (%(now)s AT TIME ZONE 'Europe/London')::date)
), file AS (
    SELECT h.person, convert_from(v.doc, 'UTF8')::jsonb -> 'people' AS people FROM held h
    JOIN person p ON p.id = h.person JOIN family f ON f.id = p.family
    JOIN family_version v ON v.family = f.id AND v.version = f.version
)
SELECT person::text FROM held
UNION SELECT jsonb_array_elements_text(coalesce(people -> person::text -> 'merged', '[]')) FROM file
UNION SELECT people -> person::text ->> 'same_as' FROM file WHERE people -> person::text ? 'same_as';

-- name: events_held  of these events, those that are about one of these people, or name one
SELECT event_no FROM happening WHERE person = ANY(%(people)s::uuid[]) AND event_no = ANY(%(events)s)
UNION SELECT event_no FROM delivery WHERE child = ANY(%(people)s::uuid[]) AND event_no = ANY(%(events)s)
UNION SELECT event_no FROM task WHERE child = ANY(%(people)s::uuid[]) AND event_no = ANY(%(events)s)
UNION SELECT e.no FROM event e
      CROSS JOIN LATERAL jsonb_array_elements(coalesce(convert_from(e.facts, 'UTF8')::jsonb -> 'who', '[]')) AS w
      WHERE e.no = ANY(%(events)s) AND (w ->> 2)::uuid = ANY(%(people)s::uuid[]);
