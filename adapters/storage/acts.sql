-- name: claim_delivery  a person takes a delivery on, if nobody has it
INSERT INTO claim (delivery, claimed_by, claimed_at)
SELECT id, %(by)s, %(now)s FROM delivery WHERE id = %(id)s ON CONFLICT (delivery) DO NOTHING RETURNING delivery;

-- name: claim_task  a person takes a task on, if nobody has it
UPDATE task SET state = 'claimed', claimed_by = %(by)s, claimed_at = %(now)s
WHERE id = %(id)s AND state = 'open' RETURNING id;

-- name: claim_refusal  a person takes a refused record on, if nobody has it
UPDATE refusal SET state = 'claimed', claimed_by = %(by)s, claimed_at = %(now)s
WHERE id = %(id)s AND state = 'open' RETURNING id;

-- name: take_over_delivery  a claim passes from the person who is named as having it
UPDATE claim SET claimed_by = %(by)s, claimed_at = %(now)s
WHERE delivery = %(id)s AND claimed_by = %(holder)s RETURNING delivery;

-- name: take_over_task  a claim passes from the person who is named as having it
UPDATE task SET claimed_by = %(by)s, claimed_at = %(now)s
WHERE id = %(id)s AND state = 'claimed' AND claimed_by = %(holder)s RETURNING id;

-- name: take_over_refusal  a claim passes from the person who is named as having it
UPDATE refusal SET claimed_by = %(by)s, claimed_at = %(now)s
WHERE id = %(id)s AND state = 'claimed' AND claimed_by = %(holder)s RETURNING id;

-- name: release_delivery  a person gives a delivery back
DELETE FROM claim WHERE delivery = %(id)s AND claimed_by = %(by)s RETURNING delivery;

-- name: release_task  a person gives a task back
UPDATE task SET state = 'open', claimed_by = NULL, claimed_at = NULL
WHERE id = %(id)s AND state = 'claimed' AND claimed_by = %(by)s RETURNING id;

-- name: release_refusal  a person gives a refused record back
UPDATE refusal SET state = 'open', claimed_by = NULL, claimed_at = NULL
WHERE id = %(id)s AND state = 'claimed' AND claimed_by = %(by)s RETURNING id;

-- name: close_task  a named person ends a task with a reason, unless another person holds it
UPDATE task SET state = 'closed', closed_by = %(by)s, closed_at = %(now)s, reason = %(reason)s
WHERE id = %(id)s AND state <> 'closed' AND (claimed_by IS NULL OR claimed_by = %(by)s) RETURNING id;

-- name: close_refusal  a named person ends a refused record with a reason, unless another person holds it
UPDATE refusal SET state = 'closed', closed_by = %(by)s, closed_at = %(now)s, reason = %(reason)s
WHERE id = %(id)s AND state IN ('open', 'claimed') AND (claimed_by IS NULL OR claimed_by = %(by)s) RETURNING id;

-- name: end_clock  the clock of a task or a refusal ends with it
UPDATE clock SET state = 'met', ended_at = %(now)s, ended_how = %(how)s WHERE task = %(id)s AND state = 'running';

-- name: holder_delivery  who has a delivery, since when, and whether there is such a delivery
SELECT CASE WHEN k.delivery IS NULL THEN 'open' ELSE 'claimed' END, k.claimed_by, k.claimed_at
FROM delivery d LEFT JOIN claim k ON k.delivery = d.id WHERE d.id = %(id)s;

-- name: holder_task  who has a task, or who closed it
SELECT state, coalesce(closed_by, claimed_by), coalesce(closed_at, claimed_at) FROM task WHERE id = %(id)s;

-- name: holder_refusal  who has a refused record, or how it ended
SELECT state, coalesce(closed_by, claimed_by), coalesce(closed_at, claimed_at) FROM refusal WHERE id = %(id)s;

-- name: pause  nothing more is sent to a destination; its clocks run on
INSERT INTO destination (team, paused_at, paused_by, paused_reason) VALUES (%(team)s, %(now)s, %(by)s, %(reason)s)
ON CONFLICT (team) DO UPDATE SET paused_at = excluded.paused_at, paused_by = excluded.paused_by,
    paused_reason = excluded.paused_reason
WHERE destination.paused_at IS NULL RETURNING team;

-- name: resume  what was held is sent on, in its old order
UPDATE destination SET paused_at = NULL, paused_by = NULL, paused_reason = NULL, hold_until = NULL
WHERE team = %(team)s AND paused_at IS NOT NULL RETURNING team;

-- name: paused  who paused a destination, and when
SELECT paused_by, paused_at FROM destination WHERE team = %(team)s AND paused_at IS NOT NULL;

-- name: backing_off  destinations that are waited for, and how much waits for them
SELECT x.team, count(q.no)::int FROM destination x LEFT JOIN due q ON q.team = x.team
WHERE x.hold_until > now() AND x.paused_at IS NULL AND (%(team)s::text IS NULL OR x.team = %(team)s) GROUP BY x.team;

-- name: stop_backing_off  try these destinations again at once
UPDATE destination SET hold_until = NULL WHERE team = ANY(%(teams)s) AND hold_until > now() RETURNING team;

-- name: send_again  deliveries that their recipients could not take, each failure answered once, back in the queue;
-- the try that came to nothing is kept beside the next
WITH again AS (
    INSERT INTO replayed (delivery, failures, by_name, reason, at)
    SELECT r.delivery, count(*), %(by)s, %(reason)s, %(now)s FROM receipt r
    WHERE r.delivery = ANY(%(ids)s::uuid[]) AND r.state = 'failed' GROUP BY r.delivery
    ON CONFLICT DO NOTHING RETURNING delivery
), tried AS (
    INSERT INTO attempt_failure (attempt, delivery, error)
    SELECT s.attempt, v.id, %(error)s FROM again a JOIN delivery v ON v.id = a.delivery JOIN sent s ON s.no = v.no
)
INSERT INTO due (no, lane, team, pair, attempts)
SELECT v.no, v.lane, v.team, s.pair, 1
FROM delivery v JOIN again a ON a.delivery = v.id JOIN sent s ON s.no = v.no ORDER BY v.no
ON CONFLICT (no) DO NOTHING RETURNING no::text;

-- name: mend_refusals  refused records whose bytes have been accepted since
UPDATE refusal SET state = 'mended', closed_by = %(by)s, closed_at = %(now)s, reason = %(reason)s
WHERE id = ANY(%(ids)s::uuid[]) AND state IN ('open', 'claimed') RETURNING id;

-- name: end_clocks  the clocks of these ended with them
UPDATE clock SET state = 'met', ended_at = %(now)s, ended_how = %(how)s
WHERE task = ANY(%(ids)s::uuid[]) AND state = 'running';

-- name: access  who looked at what, or did what, and why
INSERT INTO access (who, why, what, at) VALUES (%(who)s, %(why)s, %(what)s, %(now)s);

-- name: wake  the delivery workers are told that there is work
NOTIFY sharewell_due;
