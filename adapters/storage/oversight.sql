-- name: recipients  per team, of the summaries kept in a period: how far each came, and what is owed about it now
WITH told AS (
    SELECT d.id, d.no, d.event_no, d.team, d.kept_at FROM delivery d
    WHERE d.kind = 'summary' AND d.kept_at >= %(since)s AND d.kept_at < %(until)s
), answered AS (
    SELECT r.delivery,
           min(r.received_at) FILTER (WHERE r.by_kind = 'person' AND r.state IN ('acknowledged', 'filed', 'acted')) AS read,
           bool_or(r.state = 'filed' OR r.state = 'acted' AND r.record_ref IS NOT NULL) AS filed,
           bool_or(r.state = 'acted') AS acted, bool_or(r.state = 'not-ours') AS not_ours,
           bool_or(r.state = 'failed') AS failed
    FROM receipt r JOIN told t ON t.id = r.delivery GROUP BY r.delivery
), owed AS (
    SELECT c.delivery, bool_or(c.rung > 0) AS late,
           bool_or(c.state = 'exhausted' OR c.state = 'running' AND (c.rung > 0 OR c.due <= %(now)s)) AS overdue
    FROM clock c JOIN told t ON t.id = c.delivery GROUP BY c.delivery
), waiting AS (
    SELECT no FROM due
    UNION SELECT s.no FROM sent s JOIN attempt a ON a.no = s.attempt WHERE a.outcome = 'sending'
)
SELECT t.team, count(*)::int AS told, count(*) FILTER (WHERE w.no IS NULL AND g.no IS NOT NULL)::int AS sent,
       count(a.delivery)::int AS received, count(a.read)::int AS acknowledged,
       count(*) FILTER (WHERE a.filed)::int AS filed, count(*) FILTER (WHERE a.acted)::int AS acted,
       count(*) FILTER (WHERE a.not_ours)::int AS not_ours, count(*) FILTER (WHERE a.failed)::int AS failed,
       count(u.delivery)::int AS not_filed, count(*) FILTER (WHERE o.late)::int AS late,
       count(*) FILTER (WHERE o.overdue)::int AS overdue,
       coalesce(sum(e.wanted), 0)::int AS wanted, coalesce(sum(e.present), 0)::int AS present,
       extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY a.read - t.kept_at))::float8 AS read_after
FROM told t
LEFT JOIN event e ON e.no = t.event_no AND e.accepted_at < %(until)s
LEFT JOIN answered a ON a.delivery = t.id
LEFT JOIN owed o ON o.delivery = t.id
LEFT JOIN waiting w ON w.no = t.no LEFT JOIN sent g ON g.no = t.no
LEFT JOIN unfiled u ON u.delivery = t.id
GROUP BY t.team ORDER BY t.team;

-- name: publishers  per publisher, of the events accepted in a period: what followed, how complete they were
WITH said AS (
    SELECT e.no, e.publisher, e.wanted, e.present FROM event e
    WHERE e.accepted_at >= %(since)s AND e.accepted_at < %(until)s AND NOT e.test
), told AS (
    SELECT d.id, d.no, s.publisher FROM delivery d JOIN said s ON s.no = d.event_no
    WHERE d.kind = 'summary' AND d.kept_at >= %(since)s
), answered AS (
    SELECT r.delivery, bool_or(r.by_kind = 'person' AND r.state IN ('acknowledged', 'filed', 'acted')) AS read,
           bool_or(r.state = 'filed' OR r.state = 'acted' AND r.record_ref IS NOT NULL) AS filed
    FROM receipt r JOIN told t ON t.id = r.delivery GROUP BY r.delivery
), waiting AS (
    SELECT no FROM due
    UNION SELECT s.no FROM sent s JOIN attempt a ON a.no = s.attempt WHERE a.outcome = 'sending'
), events AS (
    SELECT publisher, count(*)::int AS accepted, sum(wanted)::int AS wanted, sum(present)::int AS present
    FROM said GROUP BY publisher
), followed AS (
    SELECT t.publisher, count(*)::int AS told, count(*) FILTER (WHERE w.no IS NULL AND g.no IS NOT NULL)::int AS sent,
           count(a.delivery)::int AS received, count(*) FILTER (WHERE a.read)::int AS acknowledged,
           count(*) FILTER (WHERE a.filed)::int AS filed
    FROM told t LEFT JOIN answered a ON a.delivery = t.id LEFT JOIN waiting w ON w.no = t.no LEFT JOIN sent g ON g.no = t.no GROUP BY t.publisher
), owed AS (
    SELECT s.publisher, count(*)::int AS overdue FROM clock c JOIN said s ON s.no = c.event_no
    WHERE c.state = 'exhausted' OR c.state = 'running' AND (c.rung > 0 OR c.due <= %(now)s) GROUP BY s.publisher
), put_back AS (
    SELECT publisher, count(*)::int AS refused, count(*) FILTER (WHERE state IN ('open', 'claimed'))::int AS unmended
    FROM refusal WHERE received_at >= %(since)s AND received_at < %(until)s GROUP BY publisher
)
SELECT publisher, coalesce(e.accepted, 0) AS accepted, coalesce(r.refused, 0) AS refused,
       coalesce(r.unmended, 0) AS unmended, coalesce(f.told, 0) AS told, coalesce(f.sent, 0) AS sent,
       coalesce(f.received, 0) AS received, coalesce(f.acknowledged, 0) AS acknowledged,
       coalesce(f.filed, 0) AS filed, coalesce(o.overdue, 0) AS overdue, coalesce(e.wanted, 0) AS wanted,
       coalesce(e.present, 0) AS present
FROM events e FULL JOIN put_back r USING (publisher) LEFT JOIN followed f USING (publisher) LEFT JOIN owed o USING (publisher)
ORDER BY publisher;

-- name: not_filed  summaries read before a moment and not filed, the longest first
SELECT u.delivery::text, u.team, u.since, e.type, e.publisher
FROM unfiled u JOIN delivery d ON d.id = u.delivery LEFT JOIN event e ON e.no = d.event_no
WHERE u.since <= %(before)s AND (%(team)s::text IS NULL OR u.team = %(team)s)
ORDER BY u.since, u.delivery LIMIT %(limit)s;

-- name: not_filed_by  of these teams, those that read something before a moment and have not filed it: how many, since when
SELECT u.team, count(*)::int, min(u.since)
FROM unnest(%(teams)s::text[]) AS t (team)
CROSS JOIN LATERAL (SELECT FROM unfiled x WHERE x.team = t.team AND x.since <= %(before)s LIMIT 1) AS any_at_all
JOIN unfiled u ON u.team = t.team AND u.since <= %(before)s
WHERE NOT EXISTS (SELECT FROM task k WHERE k.kind = 'not-filed' AND k.publisher = t.team AND k.state <> 'closed')
GROUP BY u.team ORDER BY u.team;
