-- name: tasks_of_conflicts  tasks that ask which of two bodies is true; when the second came, who has it, until when
SELECT t.id::text, t.raised_at, t.state, t.claimed_by, t.claimed_at, t.closed_by, t.closed_at, t.reason,
       (SELECT min(due) FROM clock WHERE task = t.id AND state = 'running') AS due
FROM task t
WHERE t.kind = 'conflict' AND (%(id)s::uuid IS NULL OR t.id = %(id)s) AND (%(closed)s OR t.state <> 'closed')
  AND (%(publisher)s::text IS NULL OR t.publisher = %(publisher)s)
  AND (%(since)s::timestamptz IS NULL OR t.raised_at >= %(since)s);

-- name: places_of_conflicts  where the second bodies that came at these moments stood; a task is raised with its record
SELECT publisher, topic, partition, "offset", id::text, at FROM conflict WHERE at = ANY(%(moments)s::timestamptz[])
ORDER BY at, topic, partition, "offset";

-- name: both_bodies  what was routed under an id, and what came under it afterwards
SELECT e.raw, c.raw FROM conflict c
LEFT JOIN inbox i ON i.id = c.id AND i.publisher = c.publisher LEFT JOIN event e ON e.no = i.event_no
WHERE c.topic = %(topic)s AND c.partition = %(partition)s AND c."offset" = %(offset)s;
