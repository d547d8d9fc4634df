-- name: due  events past keeping: every child in them is, and an event about no known child counts from its own date
WITH about AS (
    SELECT event_no, person FROM happening
    UNION SELECT event_no, child FROM delivery WHERE child IS NOT NULL AND event_no IS NOT NULL
), youngest AS (
    SELECT a.event_no, max(coalesce(nullif(p.born, '')::date, (e.accepted_at AT TIME ZONE 'Europe/London')::date + 366)) AS born
    FROM about a JOIN event e ON e.no = a.event_no LEFT JOIN person p ON p.id = a.person GROUP BY a.event_no
)
SELECT e.no, e.accepted_at FROM event e LEFT JOIN youngest y ON y.event_no = e.no
WHERE coalesce(y.born, (e.accepted_at AT TIME ZONE 'Europe/London')::date + 366) + make_interval(years => %(years)s) <= %(now)s
  AND e.accepted_at <= %(now)s - interval '8 years' AND e.raw <> ''
ORDER BY e.no LIMIT %(limit)s;

-- name: refusals_due  refused records past keeping, whoever they were about
SELECT id::text, received_at FROM refusal
WHERE received_at + make_interval(years => %(years)s) <= %(now)s AND state IN ('mended', 'closed') LIMIT %(limit)s;

-- name: conflicts_due  second bodies of one event id of that age that still hold something, whoever they were about
SELECT topic, partition, "offset" FROM conflict
WHERE at + make_interval(years => %(years)s) <= %(now)s AND raw <> '' ORDER BY at, topic, partition, "offset" LIMIT %(limit)s;

-- name: tasks_open  of these tasks, those that nobody has closed
SELECT id::text FROM task WHERE id = ANY(%(ids)s::uuid[]) AND state <> 'closed';

-- name: open_work  of these events, those that somebody still owes something about
SELECT DISTINCT event_no FROM clock WHERE event_no = ANY(%(events)s) AND state IN ('running', 'paused')
UNION SELECT DISTINCT event_no FROM task WHERE event_no = ANY(%(events)s) AND state <> 'closed'
UNION SELECT DISTINCT d.event_no FROM delivery d JOIN due q ON q.no = d.no WHERE d.event_no = ANY(%(events)s);

-- name: follows  how much follows from these events
SELECT (SELECT count(*) FROM delivery WHERE event_no = ANY(%(events)s))::int,
       (SELECT count(*) FROM receipt r JOIN delivery d ON d.id = r.delivery WHERE d.event_no = ANY(%(events)s))::int,
       (SELECT count(*) FROM clock WHERE event_no = ANY(%(events)s))::int;

-- name: delete_receipts  answers about these events' deliveries
DELETE FROM receipt WHERE delivery IN (SELECT id FROM delivery WHERE event_no = ANY(%(events)s));

-- name: delete_hand_ons  from whom they handed a child on
DELETE FROM hand_on WHERE delivery IN (SELECT id FROM delivery WHERE event_no = ANY(%(events)s));

-- name: delete_unfiled  what of them was read and never filed
DELETE FROM unfiled WHERE delivery IN (SELECT id FROM delivery WHERE event_no = ANY(%(events)s));

-- name: delete_claims  claims on them
DELETE FROM claim WHERE delivery IN (SELECT id FROM delivery WHERE event_no = ANY(%(events)s));

-- name: delete_failures  what failed of them
DELETE FROM attempt_failure WHERE delivery IN (SELECT id FROM delivery WHERE event_no = ANY(%(events)s));

-- name: delete_replayed  what was sent again of them
DELETE FROM replayed WHERE delivery IN (SELECT id FROM delivery WHERE event_no = ANY(%(events)s));

-- name: delete_fired  rungs of their clocks
DELETE FROM clock_fired WHERE clock IN (SELECT id FROM clock WHERE event_no = ANY(%(events)s));

-- name: delete_clocks  their clocks
DELETE FROM clock WHERE event_no = ANY(%(events)s);

-- name: hollow_tasks  a task keeps what it was and who closed it; of whom it was, and what somebody wrote, is gone
UPDATE task SET child = NULL, reason = left(reason, 0) WHERE event_no = ANY(%(events)s);

-- name: delete_matches  what named persons said of whose records they are
DELETE FROM match WHERE event_no = ANY(%(events)s);

-- name: delete_happenings  what they were remembered as
DELETE FROM happening WHERE event_no = ANY(%(events)s);

-- name: hollow_deliveries  a delivery keeps its id, its team and its number; of whom and of what it was is gone
UPDATE delivery SET body = '{}', child = NULL WHERE event_no = ANY(%(events)s);

-- name: hollow_events  an event keeps its id, its type, its place on the topic and its counts; its content is gone
UPDATE event SET raw = '', facts = '{}', decision = '[]', record_id = NULL WHERE no = ANY(%(events)s);

-- name: delete_refusals  refused records and their clocks
WITH gone AS (DELETE FROM refusal WHERE id = ANY(%(ids)s::uuid[]) RETURNING id),
     ended AS (DELETE FROM clock WHERE task IN (SELECT id FROM gone) RETURNING id)
DELETE FROM clock_fired WHERE clock IN (SELECT id FROM ended);

-- name: hollow_conflicts  a second body keeps its id and its place on the topic; its content is gone, and its clock
WITH gone AS (
    UPDATE conflict c SET raw = '' FROM unnest(%(topics)s::text[], %(partitions)s::int[], %(offsets)s::bigint[])
        AS t (topic, partition, at) WHERE c.topic = t.topic AND c.partition = t.partition AND c."offset" = t.at
), ended AS (DELETE FROM clock WHERE task = ANY(%(tasks)s::uuid[]) RETURNING id)
DELETE FROM clock_fired WHERE clock IN (SELECT id FROM ended);

-- name: hollow_answers  what publishers were answered so long ago, and whoever heard of something that is no event's
UPDATE delivery SET body = '{}'
WHERE event_no IS NULL AND kept_at + make_interval(years => %(years)s) <= %(now)s AND body <> '{}';

-- name: hollow_other_tasks  what somebody wrote so long ago on closing what was about no event (a conflict, a silence)
UPDATE task SET reason = left(reason, 0)
WHERE event_no IS NULL AND state = 'closed' AND raised_at + make_interval(years => %(years)s) <= %(now)s AND reason <> '';

-- name: old_versions  versions of families' files that are not the current one and that no event names any more (of an
-- event past keeping nothing is named); not of a family in which somebody is held. One statement, one snapshot: a router
-- names a version and writes the next in one transaction
WITH named AS MATERIALIZED (
    SELECT DISTINCT n.key::bigint AS family, n.value::int AS version
    FROM event e CROSS JOIN LATERAL jsonb_each_text(convert_from(e.facts, 'UTF8')::jsonb -> 'families') AS n
    WHERE e.facts <> '{}' AND e.no <> ALL(%(events)s)
)
SELECT v.family, v.version FROM family_version v JOIN family f ON f.id = v.family AND v.version < f.version
LEFT JOIN named n ON n.family = v.family AND n.version = v.version
WHERE n.family IS NULL AND NOT EXISTS (SELECT FROM person p WHERE p.family = v.family AND p.id = ANY(%(people)s::uuid[]))
ORDER BY 1, 2 LIMIT %(limit)s;

-- name: delete_versions  these versions
DELETE FROM family_version v USING unnest(%(families)s::bigint[], %(versions)s::int[]) AS t (family, version)
WHERE v.family = t.family AND v.version = t.version;
