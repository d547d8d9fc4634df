-- name: step  the one moment that every process sees
INSERT INTO stepped_time (at) VALUES (%(at)s) ON CONFLICT (one) DO UPDATE SET at = excluded.at;

-- name: left  what is still to be done at this moment, and how much was sent so far
SELECT (SELECT count(*) FROM due)::int, (SELECT count(*) FROM attempt WHERE outcome = 'sending')::int,
       (SELECT count(*) FROM clock WHERE state = 'running' AND due <= (SELECT at FROM stepped_time))::int,
       (SELECT count(*) FROM sent)::int;

-- name: next_clock  when the next clock runs out
SELECT min(due) FROM clock WHERE state = 'running';

-- name: heard  when each publisher was last heard, and whether its silence is a task already
SELECT h.publisher, h.last_at,
       EXISTS (SELECT FROM task t WHERE t.kind = 'silent-publisher' AND t.publisher = h.publisher AND t.state <> 'closed')
FROM publisher_heard h;
