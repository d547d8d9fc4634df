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

-- name: so_far  what has come of everything up to now
SELECT (SELECT count(*) FROM event WHERE NOT test)::int, (SELECT count(*) FROM refusal)::int,
       (SELECT count(*) FROM sent s JOIN delivery d ON d.no = s.no WHERE d.kind = 'summary')::int,
       (SELECT count(*) FROM receipt WHERE by_kind = 'person')::int, (SELECT count(*) FROM clock_fired)::int,
       (SELECT count(*) FROM task WHERE state <> 'closed')::int;

-- name: events  every event but heartbeats, in the order they were kept, with the decision
SELECT no, id::text, publisher, type, action, happened_at, accepted_at, decision, considered::int, told::int,
       not_applicable::int, withheld::int, nobody_found::int
FROM event WHERE NOT test ORDER BY no;

-- name: clocks  every clock that ran out, with who was told when
SELECT c.id::text, c.flow, c.paragraph, c.words, c.child::text, c.team, c.delivery::text, c.task::text, c.needs,
       c.starts, c.steps, c.rung::int, c.due, c.state, c.ended_at, c.ended_how, c.event_no,
       coalesce((SELECT json_agg(json_build_array(f.at, f.owner) ORDER BY f.rung)
                 FROM clock_fired f WHERE f.clock = c.id)::text, '[]') AS fired
FROM clock c WHERE c.rung > 0 ORDER BY (SELECT min(f.at) FROM clock_fired f WHERE f.clock = c.id), c.id;

-- name: clock_states  how all clocks stand
SELECT state, count(*)::int, count(*) FILTER (WHERE rung > 0)::int FROM clock GROUP BY state ORDER BY state;

-- name: people  the names and birth dates of people of the ledger
SELECT p.id::text, v.doc FROM person p JOIN family f ON f.id = p.family
JOIN family_version v ON v.family = f.id AND v.version = f.version WHERE p.id = ANY(%(people)s::uuid[]);

-- name: uneven  events whose outcomes do not add up to what was considered: there must be none
SELECT no::int FROM event WHERE considered <> told + not_applicable + withheld + nobody_found;

-- name: event_places  where each event stood
SELECT topic, partition, "offset" FROM event;

-- name: refusal_places  where each refused record stood
SELECT topic, partition, "offset" FROM refusal;

-- name: conflict_places  where each second body of one id stood
SELECT topic, partition, "offset" FROM conflict;

-- name: inbox  the ids that are known
SELECT id::text FROM inbox;

-- name: receipts  the answers that are kept
SELECT id::text FROM receipt;
