-- name: sent  who has published anything about these people, and on which day last; what was cancelled never happened
SELECT h.person::text, e.publisher, to_char(max(e.happened_at) AT TIME ZONE 'Europe/London', 'YYYY-MM-DD')
FROM happening h JOIN event e ON e.no = h.event_no
WHERE h.person = ANY(%(people)s::uuid[]) AND e.type <> ALL(%(asking)s::text[]) AND e.action <> 'cancel'
  AND e.no IS DISTINCT FROM %(besides)s AND NOT EXISTS (
    SELECT FROM event n WHERE n.publisher = e.publisher AND n.type = e.type AND n.record_id = e.record_id
        AND n.action = 'cancel'
        AND NOT coalesce(convert_from(n.facts, 'UTF8')::jsonb -> 'others' ? e.id::text, false)
        AND NOT coalesce(convert_from(e.facts, 'UTF8')::jsonb -> 'others' ? n.id::text, false))
GROUP BY 1, 2;

-- name: received  who was sent anything about these people that stands, and on which day last, but for whose it was not
SELECT d.child::text, d.team, to_char(max(d.kept_at) AT TIME ZONE 'Europe/London', 'YYYY-MM-DD')
FROM delivery d JOIN event e ON e.no = d.event_no
WHERE d.child = ANY(%(people)s::uuid[]) AND d.kind = 'summary' AND d.withdrawn_by IS NULL
  AND e.type <> ALL(%(asking)s::text[]) AND e.no IS DISTINCT FROM %(besides)s
  AND NOT EXISTS (SELECT FROM receipt r WHERE r.delivery = d.id AND r.state = 'not-ours')
GROUP BY 1, 2;
