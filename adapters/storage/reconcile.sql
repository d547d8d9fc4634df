-- name: ends  the first and the last number of an event
SELECT coalesce(min(no), 0), coalesce(max(no), 0), count(*) FROM event;

-- name: sums  the outcomes of all events
SELECT coalesce(sum(considered), 0)::bigint, coalesce(sum(told), 0)::bigint, coalesce(sum(not_applicable), 0)::bigint,
       coalesce(sum(withheld), 0)::bigint, coalesce(sum(nobody_found), 0)::bigint FROM event;

-- name: unsent  deliveries that were withdrawn before they were sent, and their withdrawals
SELECT count(*) FROM delivery d WHERE d.withdrawn_by IS NOT NULL AND NOT EXISTS (SELECT FROM due q WHERE q.no = d.no)
  AND NOT EXISTS (SELECT FROM sent s WHERE s.no = d.no);

-- name: needed_withdrawals  withdrawals that nobody is sent, of what its team was sent
SELECT d.id::text, d.team FROM delivery d
JOIN delivery w ON w.id = (convert_from(d.body, 'UTF8')::jsonb #>> '{data,withdraws}')::uuid
WHERE d.kind = 'withdrawal' AND d.withdrawn_by IS NOT NULL AND d.body <> '{}'
  AND NOT EXISTS (SELECT FROM due q WHERE q.no = d.no) AND NOT EXISTS (SELECT FROM sent s WHERE s.no = d.no)
  AND EXISTS (SELECT FROM sent s WHERE s.no = w.no) LIMIT 100;

-- name: not_the_sum  events of which what was considered is not the sum of outcomes
SELECT id::text FROM event WHERE considered <> told + not_applicable + withheld + nobody_found ORDER BY no LIMIT 100;

-- name: claimed_not_kept  ids in the inbox without an event, and events without an id in the inbox
SELECT coalesce(i.id, e.id)::text FROM inbox i FULL JOIN event e ON e.no = i.event_no
WHERE i.event_no IS NULL OR e.no IS NULL LIMIT 100;

-- name: told_without_delivery  verdicts that say told and have no delivery, among the events of a range
WITH told AS (
    SELECT e.no, e.id, (v ->> 1)::uuid AS child, t.team
    FROM event e
    CROSS JOIN LATERAL jsonb_array_elements(convert_from(e.decision, 'UTF8')::jsonb) AS v
    CROSS JOIN LATERAL jsonb_array_elements_text(v -> 4) AS t (team)
    WHERE e.no BETWEEN %(first)s AND %(last)s AND v ->> 2 = 'told'
), made AS (
    SELECT event_no, child, team FROM delivery WHERE event_no BETWEEN %(first)s AND %(last)s
)
SELECT DISTINCT t.id::text, t.team FROM told t
LEFT JOIN made m ON m.event_no = t.no AND m.child = t.child AND m.team = t.team WHERE m.event_no IS NULL LIMIT 100;

-- name: delivery_without_verdict  summaries that no verdict asked for, among the events of a range
WITH told AS (
    SELECT DISTINCT e.no, (v ->> 1)::uuid AS child, t.team
    FROM event e
    CROSS JOIN LATERAL jsonb_array_elements(convert_from(e.decision, 'UTF8')::jsonb) AS v
    CROSS JOIN LATERAL jsonb_array_elements_text(v -> 4) AS t (team)
    WHERE e.no BETWEEN %(first)s AND %(last)s AND v ->> 2 = 'told'
)
SELECT d.id::text, d.team FROM delivery d
LEFT JOIN told t ON t.no = d.event_no AND t.child = d.child AND t.team = d.team
WHERE d.event_no BETWEEN %(first)s AND %(last)s AND d.kind = 'summary' AND d.because IS NULL AND d.body <> '{}'
  AND t.no IS NULL
LIMIT 100;

-- name: nobody_without_task  events that told of nobody found and made no task, among the events of a range
SELECT e.id::text FROM event e WHERE e.no BETWEEN %(first)s AND %(last)s AND e.nobody_found > 0
  AND NOT EXISTS (SELECT FROM task t WHERE t.event_no = e.no)
  AND NOT (e.action = 'update' AND EXISTS (  -- a person has closed the same for an earlier version of the record
    SELECT FROM event o JOIN task t ON t.event_no = o.no
    WHERE (o.publisher, o.type, o.record_id) = (e.publisher, e.type, e.record_id) AND o.no <> e.no
        AND t.kind IN ('nobody-found', 'match') AND t.state = 'closed'))
LIMIT 100;

-- name: nowhere  deliveries that are neither due nor sent
SELECT d.id::text, d.team FROM delivery d
WHERE NOT EXISTS (SELECT FROM due q WHERE q.no = d.no) AND NOT EXISTS (SELECT FROM sent s WHERE s.no = d.no)
  AND d.withdrawn_by IS NULL LIMIT 100;

-- name: due_for_nothing  due work without its delivery
SELECT q.no::text, q.team FROM due q WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.no = q.no) LIMIT 100;

-- name: gaps  children and teams whose numbers do not run from 1 without a gap
SELECT d.id::text, d.team FROM (
    SELECT min(s.no) AS no FROM sent s GROUP BY s.pair
    HAVING max(s.sequence) <> count(*) OR min(s.sequence) <> 1 LIMIT 100
) g JOIN delivery d USING (no);

-- name: stuck  attempts that nobody has settled, though no worker holds the lane or they are old
SELECT a.no::text, a.worker FROM attempt a JOIN lane l ON l.lane = a.lane
WHERE a.outcome = 'sending' AND a.marked_at < now() - %(old)s * interval '1 second' ORDER BY a.no LIMIT 100;

-- name: unfired  clocks that ran out and have not fired
SELECT id::text, words FROM clock WHERE state = 'running' AND due < %(now)s - %(old)s * interval '1 second'
ORDER BY due LIMIT 100;

-- name: refusals_without_clock  open refusals that nobody will hear of
SELECT id::text, publisher FROM refusal r WHERE state IN ('open', 'claimed')
  AND NOT EXISTS (SELECT FROM clock c WHERE c.task = r.id) LIMIT 100;

-- name: tasks_without_clock  open tasks that nobody will hear of
SELECT id::text, kind FROM task t WHERE state <> 'closed' AND kind <> 'unanswered'
  AND NOT EXISTS (SELECT FROM clock c WHERE c.task = t.id) LIMIT 100;

-- name: past_position  records kept beyond the position of their partition
SELECT p.topic || ' ' || p.partition, p.topic FROM position p JOIN (
    SELECT topic, partition, max("offset") AS last FROM event GROUP BY 1, 2
) k ON k.topic = p.topic AND k.partition = p.partition WHERE k.last >= p.next;

-- name: positions  how far each input partition is kept, and how many of its offsets hold a row
SELECT p.topic, p.partition, p.next, k.first, k.count FROM position p LEFT JOIN (
    SELECT topic, partition, min("offset") AS first, count(DISTINCT "offset") AS count FROM (
        SELECT topic, partition, "offset" FROM event
        UNION ALL SELECT topic, partition, "offset" FROM refusal
        UNION ALL SELECT topic, partition, "offset" FROM conflict
    ) AS rows GROUP BY 1, 2
) k ON k.topic = p.topic AND k.partition = p.partition ORDER BY 1, 2;

-- name: missing_offsets  the offsets of a partition that hold no row, from one up to another
SELECT o FROM generate_series(%(first)s::bigint, %(next)s::bigint - 1) AS o
EXCEPT (
    SELECT "offset" FROM event WHERE topic = %(topic)s AND partition = %(partition)s
    UNION ALL SELECT "offset" FROM refusal WHERE topic = %(topic)s AND partition = %(partition)s
    UNION ALL SELECT "offset" FROM conflict WHERE topic = %(topic)s AND partition = %(partition)s
)
ORDER BY 1 LIMIT %(limit)s;

-- name: in_inbox  which of these are what was kept under their id
SELECT t.at FROM unnest(%(at)s::bigint[], %(ids)s::uuid[], %(digests)s::bytea[]) AS t (at, id, digest)
JOIN inbox i ON i.id = t.id AND i.digest = t.digest WHERE i.publisher = %(publisher)s;

-- name: receipts_kept  which of these receipts of a team are kept, refused, or an incident: for what was not sent to it
SELECT t.at FROM unnest(%(at)s::bigint[], %(ids)s::uuid[], %(deliveries)s::uuid[]) AS t (at, id, delivery)
WHERE EXISTS (SELECT FROM receipt r WHERE r.team = %(team)s AND r.id = t.id)
   OR EXISTS (SELECT FROM incident i WHERE i.team = %(team)s AND i.delivery = t.delivery
              AND i.kind IN ('unknown-delivery', 'not-your-delivery'))
UNION SELECT "offset" FROM refusal
WHERE topic = %(topic)s AND partition = %(partition)s AND "offset" = ANY(%(at)s::bigint[]);
