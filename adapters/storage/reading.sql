-- name: deliveries  deliveries that match, newest first, each with the state that its attempts and receipts make
WITH chosen AS (
    SELECT d.* FROM delivery d
    WHERE (%(ids)s::uuid[] IS NULL OR d.id = ANY(%(ids)s::uuid[]))
      AND (%(event_no)s::bigint IS NULL OR d.event_no = %(event_no)s)
      AND (%(team)s::text IS NULL OR d.team = %(team)s)
      AND (%(children)s::uuid[] IS NULL OR d.child = ANY(%(children)s::uuid[]))
      AND (%(publisher)s::text IS NULL OR d.event_no IN (SELECT no FROM event WHERE publisher = %(publisher)s))
      AND (%(kinds)s::text[] IS NULL OR d.kind = ANY(%(kinds)s::text[]))
      AND (%(since)s::timestamptz IS NULL OR d.kept_at >= %(since)s)
      AND (%(before)s::timestamptz IS NULL OR d.kept_at <= %(before)s)
      AND (%(numbers)s::bigint[] IS NULL OR d.no = ANY(%(numbers)s::bigint[]))
      AND (%(above)s::bigint IS NULL OR d.no > %(above)s AND d.no <= %(below)s)
      AND (NOT %(answered)s OR EXISTS (SELECT FROM receipt r WHERE r.delivery = d.id AND r.state = ANY(%(states)s::text[])))
      AND (NOT %(withdrawn)s OR d.withdrawn_by IS NOT NULL)
      AND (NOT %(unsent)s OR NOT EXISTS (SELECT FROM sent s WHERE s.no = d.no))
    ORDER BY d.no DESC LIMIT CASE WHEN %(states)s::text[] IS NULL THEN %(limit)s::int END
), stated AS (
    SELECT c.id, c.no, c.event_no, c.kind, c.child, c.team, c.flows, c.withheld, c.kept_at, c.because,
        s.sequence, coalesce(q.attempts, 0) AS tries, a.ended_at AS sent_at,
        (SELECT error FROM attempt_failure f WHERE f.delivery = c.id ORDER BY attempt DESC LIMIT 1) AS last_error,
        (SELECT count(*) FROM attempt_failure f WHERE f.delivery = c.id) AS failures,
        CASE
            WHEN c.withdrawn_by IS NOT NULL AND q.no IS NULL AND s.no IS NULL THEN 'withdrawn-before-sending'
            WHEN c.withdrawn_by IS NOT NULL THEN 'replaced'
            WHEN r.not_ours THEN 'not-ours'
            WHEN r.rung >= 4 THEN (ARRAY['collected', 'validated', 'matched', 'acknowledged', 'filed', 'acted'])[r.rung]
            WHEN r.failures > coalesce((SELECT max(p.failures) FROM replayed p WHERE p.delivery = c.id), 0) THEN 'failed'
            WHEN q.no IS NOT NULL AND x.paused_at IS NOT NULL THEN 'held'
            WHEN q.no IS NOT NULL THEN 'kept'
            WHEN a.outcome = 'sending' THEN 'sending'
            WHEN r.rung IS NOT NULL THEN (ARRAY['collected', 'validated', 'matched'])[r.rung]
            WHEN s.no IS NOT NULL THEN 'sent'
            ELSE 'lost'
        END AS state
    FROM chosen c
    LEFT JOIN due q ON q.no = c.no
    LEFT JOIN sent s ON s.no = c.no
    LEFT JOIN attempt a ON a.no = s.attempt
    LEFT JOIN destination x ON x.team = c.team
    CROSS JOIN LATERAL (
        SELECT max(array_position(ARRAY['collected', 'validated', 'matched', 'acknowledged', 'filed', 'acted'], state))
                   AS rung,
               coalesce(bool_or(state = 'not-ours'), false) AS not_ours,
               count(*) FILTER (WHERE state = 'failed') AS failures
        FROM receipt WHERE delivery = c.id
    ) r
)
SELECT t.id::text, t.kind, t.child::text, t.team, e.id::text AS event, e.type, e.publisher, t.flows, t.withheld,
       t.kept_at, t.because, t.state, t.sequence, t.tries, t.failures::int, t.last_error, t.sent_at,
       k.claimed_by, k.claimed_at
FROM stated t LEFT JOIN event e ON e.no = t.event_no LEFT JOIN claim k ON k.delivery = t.id
WHERE %(states)s::text[] IS NULL OR t.state = ANY(%(states)s::text[])
ORDER BY t.no DESC LIMIT %(limit)s;

-- name: in_rare_states  numbers of the deliveries that may be in a state that few are in, the newest first
SELECT no FROM due WHERE %(states)s::text[] && ARRAY['kept', 'held']
UNION SELECT s.no FROM attempt a JOIN sent s ON s.attempt = a.no
      WHERE 'sending' = ANY(%(states)s::text[]) AND a.outcome = 'sending'
UNION SELECT d.no FROM receipt r JOIN delivery d ON d.id = r.delivery
      WHERE r.state = ANY(%(states)s::text[]) AND r.state IN ('failed', 'not-ours')
ORDER BY 1 DESC;

-- name: newest_number  the number of the newest delivery
SELECT coalesce(max(no), 0) FROM delivery;

-- name: attempts  every try of these deliveries: those that were not the end of it, why they were not, and the last one
SELECT f.delivery::text, a.no, a.worker, a.marked_at AS at, a.outcome, f.error
FROM attempt_failure f JOIN attempt a ON a.no = f.attempt WHERE f.delivery = ANY(%(ids)s::uuid[])
UNION ALL
SELECT d.id::text, a.no, a.worker, a.marked_at, CASE a.outcome WHEN 'failed' THEN 'sent' ELSE a.outcome END, NULL
FROM delivery d JOIN sent s ON s.no = d.no JOIN attempt a ON a.no = s.attempt WHERE d.id = ANY(%(ids)s::uuid[])
    AND NOT EXISTS (SELECT FROM attempt_failure f WHERE f.delivery = d.id AND f.attempt = a.no)
ORDER BY 2;

-- name: receipts  what was answered about these deliveries, in the order it came
SELECT delivery::text, state, at, received_at, by_name, by_role, by_organisation, by_kind, record_ref, outcome, hint
FROM receipt WHERE delivery = ANY(%(ids)s::uuid[]) ORDER BY received_at, at;

-- name: queue  what waits for a person of this team, due first: with a clock that runs, or unanswered (the newest 2,000)
WITH clocked AS (
    SELECT delivery, min((steps::jsonb -> 0 ->> 0)::timestamptz) AS due, max(rung)::int AS rung
    FROM clock WHERE state = 'running' AND team = %(team)s AND delivery IS NOT NULL GROUP BY delivery
), unanswered AS (
    SELECT d.id FROM delivery d
    WHERE d.team = %(team)s AND d.kind <> 'answer' AND d.withdrawn_by IS NULL
      AND NOT EXISTS (SELECT FROM receipt r WHERE r.delivery = d.id
                      AND r.state IN ('acknowledged', 'filed', 'acted', 'not-ours'))
    ORDER BY d.no DESC LIMIT 2000
), waiting AS (
    SELECT id FROM unanswered UNION SELECT delivery FROM clocked
), first AS MATERIALIZED (
    SELECT d.no, least(c.due, w.by) AS due, coalesce(c.rung, 0) AS rung, k.claimed_by, k.claimed_at,
           (count(*) OVER ())::int AS waiting, (count(*) FILTER (WHERE k.delivery IS NULL) OVER ())::int AS unclaimed
    FROM waiting t JOIN delivery d ON d.id = t.id
    LEFT JOIN claim k ON k.delivery = d.id
    LEFT JOIN clocked c ON c.delivery = d.id
    LEFT JOIN LATERAL (
        SELECT min((one ->> 'by')::timestamptz) AS by
        FROM jsonb_array_elements(CASE d.kind WHEN 'summary' THEN convert_from(d.body, 'UTF8')::jsonb #> '{data,asked}'
                                  ELSE '[]'::jsonb END) AS one
    ) w ON true
    WHERE d.team = %(team)s AND d.withdrawn_by IS NULL AND d.body <> '{}'
      AND NOT EXISTS (SELECT FROM receipt r WHERE r.delivery = d.id AND r.state = 'not-ours')
    ORDER BY due NULLS LAST, d.no LIMIT %(limit)s
)
SELECT d.id::text, d.kind, d.child::text, d.kept_at, d.body, e.type, e.publisher, s.sequence, f.due, f.rung,
       f.claimed_by, f.claimed_at,
       (SELECT state FROM receipt r WHERE r.delivery = d.id AND r.by_kind = 'person' ORDER BY received_at DESC LIMIT 1)
           AS answered,
       f.waiting, f.unclaimed
FROM first f JOIN delivery d ON d.no = f.no
LEFT JOIN event e ON e.no = d.event_no
LEFT JOIN sent s ON s.no = d.no
ORDER BY f.due NULLS LAST, d.no;

-- name: body  a delivery as it is sent
SELECT d.body, s.sequence, d.team, d.kind, d.child::text FROM delivery d LEFT JOIN sent s ON s.no = d.no
WHERE d.id = %(id)s;

-- name: find_delivery  the deliveries whose id lies between two
SELECT id::text FROM delivery WHERE id BETWEEN %(low)s AND %(high)s LIMIT 3;

-- name: find_event  the events whose id lies between two
SELECT event_no::text FROM inbox WHERE id BETWEEN %(low)s AND %(high)s LIMIT 3;

-- name: find_task  the tasks whose id lies between two
SELECT id::text FROM task WHERE id BETWEEN %(low)s AND %(high)s LIMIT 3;

-- name: find_refusal  the refusals whose id lies between two; the second body of a known id is one by its task,
-- and what an event that was routed asks is none
SELECT id::text FROM refusal WHERE id BETWEEN %(low)s AND %(high)s
UNION ALL SELECT id::text FROM task WHERE id BETWEEN %(low)s AND %(high)s AND kind = 'conflict'
    AND event_no IS NULL LIMIT 3;

-- name: find_person  the people whose id lies between two
SELECT id::text FROM person WHERE id BETWEEN %(low)s AND %(high)s LIMIT 3;

-- name: by_number  whom an NHS number belongs to
SELECT id::text FROM person WHERE nhs = %(nhs)s;

-- name: person  a person's place in the file
SELECT v.doc, p.family FROM person p JOIN family f ON f.id = p.family
JOIN family_version v ON v.family = f.id AND v.version = f.version WHERE p.id = %(person)s;

-- name: had_work  whether anything was ever for this team
SELECT EXISTS (SELECT FROM delivery WHERE team = %(team)s AND kind <> 'answer')
    OR EXISTS (SELECT FROM task WHERE owner = %(team)s);

-- name: event_bodies  an event as it came, the facts and the decision as they were kept
SELECT no, publisher, topic, partition, "offset", raw, facts, decision, policy, accepted_at FROM event
WHERE no = %(no)s;

-- name: tasks  tasks, those due first at the top
SELECT t.id::text, t.kind, t.words, t.child::text, t.owner, t.service, t.slot, t.event_no, e.id::text AS event,
       t.publisher, t.raised_at, t.state, t.claimed_by, t.claimed_at, t.closed_by, t.closed_at, t.reason, c.due
FROM task t LEFT JOIN event e ON e.no = t.event_no
LEFT JOIN LATERAL (SELECT min(due) AS due FROM clock WHERE task = t.id AND state = 'running') c ON true
WHERE (%(id)s::uuid IS NULL OR t.id = %(id)s) AND (%(owner)s::text IS NULL OR t.owner = %(owner)s)
  AND (%(kind)s::text IS NULL OR t.kind = %(kind)s) AND (%(closed)s OR t.state <> 'closed')
  AND (%(child)s::uuid IS NULL OR t.child = %(child)s)
ORDER BY c.due NULLS LAST, t.raised_at LIMIT %(limit)s;

-- name: refusals  refused records, the oldest first; their bytes are not read
SELECT r.id::text, r.publisher, r.topic, r.partition, r."offset", r.problems, r.event_id, r.event_type, r.record_id,
       r.received_at, r.state, r.claimed_by, r.claimed_at, r.closed_by, r.closed_at, r.reason,
       (SELECT min(due) FROM clock WHERE task = r.id AND state = 'running') AS due
FROM refusal r
WHERE (%(id)s::uuid IS NULL OR r.id = %(id)s) AND (%(publisher)s::text IS NULL OR r.publisher = %(publisher)s)
  AND (%(closed)s OR r.state IN ('open', 'claimed'))
  AND (%(code)s::text IS NULL OR convert_from(r.problems, 'UTF8')::jsonb @> jsonb_build_array(jsonb_build_object('code', %(code)s::text)))
  AND (%(since)s::timestamptz IS NULL OR r.received_at >= %(since)s)
ORDER BY r.received_at, r.id LIMIT %(limit)s;

-- name: refused_bytes  a refused record as it came
SELECT id::text, publisher, topic, partition, "offset", raw FROM refusal WHERE id = ANY(%(ids)s::uuid[])
ORDER BY received_at, topic, partition, "offset";

-- name: destinations  every place that has a backlog, is paused, or failed lately
SELECT coalesce(q.team, x.team) AS team, coalesce(q.waiting, 0)::int AS waiting, q.oldest, x.paused_at, x.paused_by,
       x.paused_reason, CASE WHEN x.hold_until > now() THEN x.hold_until END AS hold_until,
       coalesce(x.failures, 0) AS failures, x.last_error
FROM (SELECT d.team, count(*) AS waiting, min(v.kept_at) AS oldest
      FROM due d JOIN delivery v ON v.no = d.no GROUP BY d.team) q
FULL JOIN destination x ON x.team = q.team
WHERE q.team IS NOT NULL OR x.paused_at IS NOT NULL OR x.failures > 0
ORDER BY x.paused_at NULLS LAST, q.waiting DESC NULLS LAST, 1;

-- name: incidents  what must be looked into, newest first
SELECT i.no::int, i.at, i.kind, i.delivery::text, i.team, i.words FROM incident i ORDER BY i.no DESC LIMIT %(limit)s;

-- name: clocks  clocks of a child or of an event, with the rungs that fired
SELECT c.id::text, c.flow, c.paragraph, c.words, c.child::text, c.team, c.delivery::text, c.task::text, c.needs,
       c.starts, c.steps, c.rung::int, c.due, c.state, c.ended_at, c.ended_how, c.event_no,
       coalesce((SELECT json_agg(json_build_array(f.at, f.owner) ORDER BY f.rung)
                 FROM clock_fired f WHERE f.clock = c.id)::text, '[]') AS fired,
       coalesce((c.turns::jsonb -> 'past')::text, '[]') AS turned
FROM clock c
WHERE (%(child)s::uuid IS NOT NULL AND c.child = %(child)s) OR (%(event_no)s::bigint IS NOT NULL AND c.event_no = %(event_no)s)
ORDER BY c.starts, c.id;

-- name: events_of_child  the events that a child's story is made of, oldest first
SELECT e.no, e.id::text, e.publisher, e.type, e.happened_at, e.action, e.accepted_at, e.considered::int, e.told::int,
       e.not_applicable::int, e.withheld::int, e.nobody_found::int, e.wanted::int, e.present::int, e.test
FROM event e
WHERE e.no IN (
    SELECT event_no FROM happening h WHERE h.family = (SELECT family FROM person WHERE id = %(child)s) AND h.person = %(child)s
    UNION SELECT event_no FROM delivery d WHERE d.child = %(child)s AND d.event_no IS NOT NULL
    UNION SELECT event_no FROM task t WHERE t.child = %(child)s AND t.event_no IS NOT NULL
) ORDER BY e.happened_at, e.no;
