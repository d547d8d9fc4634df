-- name: due  clocks that have run out, locked so that two workers fire each rung once
SELECT c.id::text, c.flow, c.paragraph, c.words, c.child::text, c.team, c.delivery::text, c.task::text, c.needs,
       c.starts, c.steps, c.met_by, c.at_once_on, c.thing, c.rung, c.due, c.publisher, e.id::text, c.event_no,
       e.raw
FROM clock c LEFT JOIN event e ON e.no = c.event_no
WHERE c.state = 'running' AND c.due <= %(now)s
ORDER BY c.due, c.id LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED;

-- name: people  the places in their families' files of these people
SELECT p.id::text, v.doc FROM person p JOIN family f ON f.id = p.family
JOIN family_version v ON v.family = f.id AND v.version = f.version WHERE p.id = ANY(%(people)s::uuid[]);

-- name: climbed  the next rung, by compare-and-set
UPDATE clock SET rung = rung + 1, due = %(due)s WHERE id = %(id)s AND rung = %(rung)s AND state = 'running';

-- name: exhausted  the last rung has fired
UPDATE clock SET rung = rung + 1, state = 'exhausted', ended_at = %(now)s, ended_how = 'the last rung'
WHERE id = %(id)s AND rung = %(rung)s AND state = 'running';

-- name: fired  which rung fired when, and who was told
INSERT INTO clock_fired (clock, rung, at, owner, delivery)
VALUES (%(id)s, %(rung)s, %(now)s, %(owner)s, %(delivery)s) ON CONFLICT DO NOTHING;

-- name: heard  when each publisher was last heard
SELECT publisher, last_at FROM publisher_heard;

-- name: same_task  whether this publisher's silence, or what this team has not filed, is a task already
SELECT EXISTS (SELECT FROM task WHERE kind = %(kind)s AND publisher = %(publisher)s AND state <> 'closed');
