-- name: lease  renew what this worker holds, then take free lanes up to what it wants; a taken lane's fence moves
WITH renewed AS (
    UPDATE lane SET until = now() + %(seconds)s * interval '1 second'
    WHERE owner = %(worker)s AND until > now() RETURNING lane, fence
), free AS (
    SELECT lane FROM lane WHERE until <= now()
    ORDER BY lane LIMIT greatest(0, %(want)s - (SELECT count(*) FROM renewed)) FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE lane SET owner = %(worker)s, fence = fence + 1, until = now() + %(seconds)s * interval '1 second'
    WHERE lane IN (SELECT lane FROM free) RETURNING lane, fence
)
SELECT lane, fence FROM renewed UNION ALL SELECT lane, fence FROM taken ORDER BY 1;

-- name: shed  give up these lanes, so that another worker can take its share
UPDATE lane SET until = '-infinity' WHERE owner = %(worker)s AND lane = ANY(%(lanes)s);

-- name: announce  a worker that holds no lane says that it wants some
INSERT INTO sender (worker, seen_at) VALUES (%(worker)s, now())
ON CONFLICT (worker) DO UPDATE SET seen_at = excluded.seen_at;

-- name: senders  how many workers are alive
SELECT count(*) FROM sender WHERE seen_at > now() - %(seconds)s * interval '1 second';

-- name: release  give all lanes back at once
WITH gone AS (DELETE FROM sender WHERE worker = %(worker)s)
UPDATE lane SET until = '-infinity' WHERE owner = %(worker)s;

-- name: due  the oldest due deliveries of these lanes, those tried before (which have their numbers) first; not for
-- destinations that are paused or backing off
(SELECT d.no, v.id::text, d.lane, d.team, v.child::text, v.kind, v.body, d.attempts
 FROM due d JOIN delivery v ON v.no = d.no
 WHERE d.attempts > 0 AND d.lane = ANY(%(lanes)s) AND d.team <> ALL(ARRAY(
     SELECT team FROM destination WHERE paused_at IS NOT NULL OR hold_until > now()))
 ORDER BY d.no LIMIT %(limit)s)
UNION ALL
(SELECT d.no, v.id::text, d.lane, d.team, v.child::text, v.kind, v.body, d.attempts
 FROM due d JOIN delivery v ON v.no = d.no
 WHERE d.attempts = 0 AND d.lane = ANY(%(lanes)s) AND d.team <> ALL(ARRAY(
     SELECT team FROM destination WHERE paused_at IS NOT NULL OR hold_until > now()))
 ORDER BY d.no LIMIT %(limit)s)
LIMIT %(limit)s;

-- name: fenced  the lanes of these that are still this worker's, held until commit
SELECT l.lane FROM lane l JOIN unnest(%(lanes)s::smallint[], %(fences)s::bigint[]) AS t (lane, fence)
ON l.lane = t.lane AND l.fence = t.fence WHERE l.until > now() FOR SHARE OF l;

-- name: begin  take due rows of the lanes still held, number them, and mark them sending: one statement, one commit.
-- Rows tried before come first and keep their number; each new one gets the next of its child and team. Both branches
-- walk an index and stop at the limit; the rows come back unsorted, with their bodies. Those tried before go by their
-- numbers, not by `no`: two transactions may commit in another order than they took `no`.
WITH held AS MATERIALIZED (
    SELECT l.lane, l.fence FROM lane l JOIN unnest(%(lanes)s::smallint[], %(fences)s::bigint[]) AS t (lane, fence)
    ON l.lane = t.lane AND l.fence = t.fence WHERE l.until > now() FOR SHARE OF l
), closed AS MATERIALIZED (
    SELECT team FROM destination WHERE paused_at IS NOT NULL OR hold_until > now()
), picked AS MATERIALIZED (
    (SELECT d.no FROM due d JOIN sent s USING (no) WHERE d.attempts > 0
        AND d.lane = ANY(ARRAY(SELECT lane FROM held)) AND d.team <> ALL(ARRAY(SELECT team FROM closed))
        AND (%(only)s::bigint[] IS NULL OR d.no = ANY(%(only)s))
     ORDER BY s.sequence, d.no LIMIT %(limit)s)
    UNION ALL
    (SELECT no FROM due WHERE attempts = 0
        AND lane = ANY(ARRAY(SELECT lane FROM held)) AND team <> ALL(ARRAY(SELECT team FROM closed))
        AND (%(only)s::bigint[] IS NULL OR no = ANY(%(only)s))
     ORDER BY no LIMIT %(limit)s)
    LIMIT %(limit)s
), took AS (
    DELETE FROM due WHERE no = ANY(ARRAY(SELECT no FROM picked)) RETURNING no, lane, team, pair, attempts
), tries AS (
    INSERT INTO attempt (lane, fence, worker, outcome, rows)
    SELECT h.lane, h.fence, %(worker)s, 'sending', count(*) FROM took JOIN held h USING (lane) GROUP BY 1, 2
    RETURNING lane, no
), new AS MATERIALIZED (
    SELECT t.no, t.lane, t.team, t.pair, t.attempts, tries.no AS attempt,
           (coalesce((SELECT max(sequence) FROM sent WHERE pair = t.pair), 0)
            + row_number() OVER (PARTITION BY t.pair ORDER BY t.no))::int AS sequence
    FROM took t JOIN tries USING (lane) WHERE t.attempts = 0
), given AS (
    INSERT INTO sent (no, pair, sequence, attempt) SELECT no, pair, sequence, attempt FROM new
), again AS (
    UPDATE sent s SET attempt = tries.no FROM took t JOIN tries USING (lane)
    WHERE t.attempts > 0 AND s.no = t.no
    RETURNING t.no, t.lane, t.team, t.attempts, s.sequence, s.attempt
)
SELECT n.no, v.id::text, n.lane, n.team, v.child::text, v.kind, v.body, n.attempts, n.sequence, n.attempt, now()
FROM (
    SELECT no, lane, team, attempts, sequence, attempt FROM again
    UNION ALL SELECT no, lane, team, attempts, sequence, attempt FROM new
) AS n JOIN delivery v ON v.no = n.no;

-- name: mark_sent  these attempts arrived, if the lanes are still ours (found by their numbers: the index of those in
-- sending is full of rows that have left it, hence the || '')
UPDATE attempt a SET outcome = 'sent', ended_at = now()
FROM lane l WHERE a.no = ANY(%(attempts)s) AND a.outcome || '' = 'sending' AND l.lane = a.lane AND l.fence = a.fence;

-- name: mark_failed  these attempts ended, with the failures named one by one, if the lanes are still ours
UPDATE attempt a SET outcome = 'failed', ended_at = now(), error = %(error)s
FROM lane l WHERE a.no = ANY(%(attempts)s) AND a.outcome = 'sending' AND l.lane = a.lane AND l.fence = a.fence
RETURNING a.no;

-- name: failures  which deliveries of the attempts failed
INSERT INTO attempt_failure (attempt, delivery, error)
SELECT s.attempt, v.id, %(error)s FROM sent s JOIN delivery v ON v.no = s.no
WHERE s.no = ANY(%(nos)s::bigint[]) AND s.attempt = ANY(%(attempts)s);

-- name: back_to_due  failed or missing deliveries return to the queue in their old order
INSERT INTO due (no, lane, team, pair, attempts)
SELECT v.no, v.lane, v.team, s.pair, t.tries
FROM unnest(%(nos)s::bigint[], %(tries)s::smallint[]) AS t (no, tries) JOIN delivery v ON v.no = t.no
JOIN sent s ON s.no = v.no
ON CONFLICT (no) DO NOTHING;

-- name: missing  these were not found where the owner who is gone had been sending them; that try is kept
INSERT INTO attempt_failure (attempt, delivery, error)
SELECT s.attempt, v.id, %(error)s FROM sent s JOIN delivery v ON v.no = s.no WHERE s.no = ANY(%(nos)s::bigint[]);

-- name: unresolved  what the last owner of these lanes left in sending
SELECT a.no, a.marked_at, v.no, v.id::text, v.lane, v.team, v.child::text, v.kind, s.sequence
FROM attempt a JOIN sent s ON s.attempt = a.no JOIN delivery v ON v.no = s.no
WHERE a.outcome = 'sending' AND a.lane = ANY(%(lanes)s) ORDER BY v.no;

-- name: take_over  attempts of an earlier owner are settled
UPDATE attempt SET outcome = 'taken-over', ended_at = now() WHERE no = ANY(%(attempts)s) AND outcome = 'sending';

-- name: hold_back  back off from a destination
INSERT INTO destination (team, hold_until, failures, last_error) VALUES (%(team)s, now() + %(seconds)s * interval '1 second', 1, %(error)s)
ON CONFLICT (team) DO UPDATE SET hold_until = excluded.hold_until, failures = destination.failures + 1,
    last_error = excluded.last_error;
