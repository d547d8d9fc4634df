-- name: died  nobody is chased about a child who died for what had happened by that day; what tells of the death is owed
UPDATE clock c SET state = 'stopped', ended_at = %(now)s, ended_how = 'the child died'
FROM unnest(%(children)s::uuid[], %(days)s::date[], %(events)s::bigint[]) AS t (child, day, event_no), event e
WHERE c.child = t.child AND c.state IN ('running', 'paused') AND c.task IS NULL AND e.no = c.event_no
    AND (e.happened_at AT TIME ZONE 'Europe/London')::date <= t.day AND c.event_no <> t.event_no;

-- name: run_again  the child lives: all that had stopped runs again, due when it was, but for what was replaced or
-- cancelled meanwhile
UPDATE clock c SET state = CASE WHEN c.turns::jsonb #>> '{past,-1,0}' = 'paused' THEN 'paused' ELSE 'running' END,
    ended_at = NULL, ended_how = NULL
WHERE c.child = ANY(%(children)s::uuid[]) AND c.ended_how = 'the child died' AND c.state = 'stopped'
    AND NOT EXISTS (
        SELECT FROM event e JOIN event x ON (x.publisher, x.type, x.record_id) = (e.publisher, e.type, e.record_id)
        WHERE e.no = c.event_no AND x.no <> e.no
            AND x.action <> 'new' AND coalesce(x.sequence, '0')::numeric >= coalesce(e.sequence, '0')::numeric
            AND NOT coalesce(convert_from(x.facts, 'UTF8')::jsonb -> 'others' ? e.id::text, false)
            AND NOT coalesce(convert_from(e.facts, 'UTF8')::jsonb -> 'others' ? x.id::text, false)
    )
RETURNING c.id::text, c.delivery::text;

-- name: withdrawn  of these deliveries, those that stand no longer: what was handed on by them goes back
SELECT id::text FROM delivery WHERE id = ANY(%(deliveries)s::uuid[]) AND withdrawn_by IS NOT NULL;

-- name: answers  what has come back, about these clocks, from whoever was told of the same
SELECT c.id::text, r.delivery = c.delivery, r.team, r.id::text, r.delivery::text, r.state, r.at, r.by_kind, r.outcome,
    r.action, EXISTS (SELECT FROM hand_on h WHERE h.delivery = r.delivery), c.needs, c.turns::jsonb ->> 'item'
FROM clock c JOIN delivery d ON d.id = c.delivery OR (c.needs = 'take' AND d.event_no = c.event_no AND d.child = c.child)
    JOIN receipt r ON r.delivery = d.id
WHERE c.id = ANY(%(clocks)s::uuid[]) ORDER BY c.id, r.received_at, r.id;

-- name: answered  a clock ends by what had come back
UPDATE clock SET state = %(state)s, ended_at = %(now)s, ended_how = %(how)s
WHERE id = %(clock)s AND state IN ('running', 'paused');
