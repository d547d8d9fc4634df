-- name: files  the family files of today in which somebody is looked after, or was
SELECT v.doc FROM family f JOIN family_version v ON v.family = f.id AND v.version = f.version
WHERE position('"care":'::bytea IN v.doc) > 0 OR position('"looked-after"'::bytea IN v.doc) > 0;

-- name: waiting  what is not yet met about these people, but for summaries that somebody should have read
SELECT id::text, child::text, flow, words, state, steps, turns FROM clock
WHERE child = ANY(%(people)s::uuid[]) AND flow = ANY(%(flows)s) AND needs <> 'acknowledge'
  AND state IN ('running', 'paused', 'exhausted');

-- name: open_tasks  which of these tasks nobody has closed
SELECT id::text FROM task WHERE id = ANY(%(tasks)s::uuid[]) AND state <> 'closed';
