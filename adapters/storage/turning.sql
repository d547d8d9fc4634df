-- name: turnable  clocks of these children that events may turn, and those met that a cancellation may open again
SELECT id::text, flow, paragraph, words, child::text, team, delivery::text, task::text, needs, starts, steps, met_by,
       at_once_on, thing, turns, rung, due, state, ended_how
FROM clock WHERE child = ANY(%(children)s::uuid[]) AND turns IS NOT NULL AND state IN ('running', 'paused', 'met')
ORDER BY id FOR UPDATE;

-- name: turn  a clock as an event has turned it
UPDATE clock SET steps = %(steps)s, due = %(due)s, state = %(state)s, turns = %(turns)s, ended_how = %(how)s,
    ended_at = %(ended_at)s
WHERE id = %(id)s;
