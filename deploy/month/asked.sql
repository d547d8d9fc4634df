-- name: days  events kept, by the day on which they happened
SELECT (happened_at AT TIME ZONE 'Europe/London')::date, count(*)::int FROM event WHERE NOT test GROUP BY 1 ORDER BY 1;

-- name: types  events kept of each type
SELECT type, count(*)::int FROM event WHERE NOT test GROUP BY 1;

-- name: flows  what each flow brought about: summaries, and clocks
SELECT f.flow, (SELECT count(*) FROM delivery d WHERE d.kind = 'summary' AND f.flow = ANY(string_to_array(d.flows, ',')))::int,
       (SELECT count(*) FROM clock c WHERE c.flow = f.flow)::int
FROM unnest(%(flows)s::text[]) AS f (flow) ORDER BY 1;

-- name: answered  of every team, the hours from kept to read by a person
SELECT d.team, array_agg(extract(epoch FROM r.at - d.kept_at)::float / 3600 ORDER BY r.at - d.kept_at)
FROM delivery d JOIN LATERAL (
    SELECT min(at) AS at FROM receipt WHERE delivery = d.id AND by_kind = 'person'
) r ON r.at IS NOT NULL
WHERE d.kind = 'summary' GROUP BY 1;

-- name: in_time  of every team's clocks, by kind: met before the first rung, met after it, never met
SELECT team, needs, regexp_replace(words, ' \(by [^)]*\)', ''), count(*) FILTER (WHERE state = 'met' AND rung = 0)::int,
       count(*) FILTER (WHERE state = 'met' AND rung > 0)::int, count(*) FILTER (WHERE state <> 'met' AND rung > 0)::int
FROM clock WHERE team IS NOT NULL AND task IS NULL GROUP BY 1, 2, 3;

-- name: fired  when clocks ran out, by the team that had not answered, and the hour of the day
SELECT c.team, extract(hour FROM f.at AT TIME ZONE 'Europe/London')::int, count(*)::int
FROM clock_fired f JOIN clock c ON c.id = f.clock WHERE c.team IS NOT NULL GROUP BY 1, 2;

-- name: quality  of every publisher: what was wanted, and what of it was there
SELECT publisher, sum(wanted)::int, sum(present)::int, count(*)::int FROM event WHERE NOT test GROUP BY 1 ORDER BY 1;

-- name: fan_out  how many summaries an event made
SELECT n, count(*)::int FROM (
    SELECT e.no, count(d.no)::int AS n FROM event e LEFT JOIN delivery d ON d.event_no = e.no AND d.kind = 'summary'
    WHERE NOT e.test GROUP BY 1
) t GROUP BY 1 ORDER BY 1;

-- name: ladders  of every kind of clock: how many, how far they climbed, and how long the ladder is
SELECT flow, needs, regexp_replace(words, ' \(by [^)]*\)', ''), count(*)::int, count(*) FILTER (WHERE state = 'met')::int,
       max(rung)::int, max(json_array_length(steps::json))::int, count(*) FILTER (WHERE rung >= json_array_length(steps::json))::int
FROM clock GROUP BY 1, 2, 3 ORDER BY 1, 3;

-- name: totals  what the month held
SELECT (SELECT count(*) FROM event WHERE NOT test)::int, (SELECT count(*) FROM refusal)::int,
       (SELECT count(*) FROM delivery WHERE kind = 'summary')::int, (SELECT count(*) FROM receipt WHERE by_kind = 'person')::int,
       (SELECT count(*) FROM clock)::int, (SELECT count(*) FROM clock_fired)::int, (SELECT count(*) FROM task)::int;

-- name: running  clocks that still run
SELECT count(*)::int, min(due) FROM clock WHERE state = 'running';
