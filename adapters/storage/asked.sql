-- name: asks  the clocks of everybody who was asked about a thing, the earliest first
SELECT c.child::text, c.team, c.delivery::text, c.starts, c.due, (c.steps::jsonb -> 0 ->> 0)::timestamptz, c.state,
       c.ended_how, ARRAY(SELECT owner FROM clock_fired f WHERE f.clock = c.id ORDER BY rung),
       ARRAY(SELECT state FROM receipt r WHERE r.delivery = c.delivery ORDER BY received_at, id)
FROM clock c WHERE c.turns IS NOT NULL AND c.needs = 'answer' AND c.thing = %(thing)s ORDER BY c.starts, c.id;

-- name: answers  every version of every answer about the thing, with what it stands as in the child's history
SELECT DISTINCT ON (e.no, h.person) h.person::text, h.type, e.id::text, e.type, e.publisher, e.record_id,
       coalesce(e.sequence, '0')::numeric, e.happened_at, e.raw
FROM happening h JOIN event e ON e.no = h.event_no
WHERE h.person = ANY(%(children)s::uuid[]) AND h.thing = %(thing)s AND e.type = ANY(%(types)s::text[])
  AND h.type NOT LIKE 'answered by %%' AND h.type NOT LIKE 'cancelled answered by %%'
  AND h.type NOT LIKE 'restored %%'
ORDER BY e.no, h.person, h.type LIKE 'cancelled %%', h.type;

-- name: ratings  how the thing was rated, and when
SELECT DISTINCT h.at, h.type FROM happening h
WHERE h.person = ANY(%(children)s::uuid[]) AND h.thing = %(thing)s AND h.type LIKE %(rated)s ORDER BY h.at;

-- name: askers  the teams that ask for it
SELECT DISTINCT h.type FROM happening h
WHERE h.person = ANY(%(children)s::uuid[]) AND h.thing = %(thing)s AND h.type LIKE %(asking)s ORDER BY 1;
