-- name: now  the one clock of production
SELECT now();

-- name: stepped_now  the moment that the demo was stepped to; real time before its first step
SELECT coalesce((SELECT at FROM stepped_time), now());

-- name: cover_version  the newest version of the directory's teams and publishers
SELECT max(version) FROM cover_version;

-- name: cover  one version of the directory's teams and publishers
SELECT doc FROM cover_version WHERE version = %(version)s;

-- name: claim  put the events into the inbox; only new ones come back
INSERT INTO inbox (id, publisher, digest)
SELECT i, p, decode(d, 'hex') FROM unnest(%(ids)s::uuid[], %(publishers)s::text[], %(digests)s::text[]) AS t (i, p, d)
ORDER BY i, p
ON CONFLICT (id, publisher) DO NOTHING
RETURNING id::text, publisher, event_no;

-- name: claimed_before  the digests under which known ids were kept
SELECT i.id::text, i.publisher, i.digest FROM inbox i
JOIN unnest(%(ids)s::uuid[], %(publishers)s::text[]) AS t (id, publisher) USING (id, publisher);

-- name: give_back  these ids were claimed in this transaction for events that are put aside: they are free again
DELETE FROM inbox i USING unnest(%(ids)s::uuid[], %(publishers)s::text[]) AS t (id, publisher)
WHERE i.id = t.id AND i.publisher = t.publisher;

-- name: lock_families  lock the families of these people (and the unknown numbers) in order, until commit
SELECT k, pg_advisory_xact_lock(k) FROM (
    SELECT k FROM (
        SELECT family AS k FROM person WHERE nhs = ANY(%(numbers)s::text[])
        UNION SELECT family FROM person WHERE id = ANY(%(people)s::uuid[])
        UNION SELECT -1 - (hashtextextended(n, 0) & 4611686018427387903) FROM unnest(%(numbers)s::text[]) AS n
        WHERE NOT EXISTS (SELECT FROM person WHERE nhs = n)
    ) AS keys ORDER BY k OFFSET 0
) AS ordered;

-- name: people  whom the numbers belong to
SELECT nhs, id::text, born, family FROM person WHERE nhs = ANY(%(numbers)s::text[])
UNION ALL SELECT nhs, id::text, born, family FROM person WHERE id = ANY(%(people)s::uuid[]);

-- name: lock_families_again  the same, and the families of all whom earlier versions of these records named, or a person
-- said that they meant
SELECT k, pg_advisory_xact_lock(k) FROM (
    SELECT k FROM (
        SELECT family AS k FROM person WHERE nhs = ANY(%(numbers)s::text[])
        UNION SELECT family FROM person WHERE id = ANY(%(people)s::uuid[])
        UNION SELECT -1 - (hashtextextended(n, 0) & 4611686018427387903) FROM unnest(%(numbers)s::text[]) AS n
        WHERE NOT EXISTS (SELECT FROM person WHERE nhs = n)
        UNION SELECT p.family FROM person p WHERE p.id IN (
            SELECT (w ->> 2)::uuid
            FROM unnest(%(publishers)s::text[], %(types)s::text[], %(records)s::text[]) AS t (publisher, type, record_id)
            JOIN event e USING (publisher, type, record_id),
                jsonb_array_elements(convert_from(e.facts, 'UTF8')::jsonb -> 'who') AS w)
        UNION SELECT p.family FROM person p WHERE p.id IN (
            SELECT m.person
            FROM unnest(%(publishers)s::text[], %(types)s::text[], %(records)s::text[]) AS t (publisher, type, record_id)
            JOIN event e USING (publisher, type, record_id) JOIN match m ON m.event_no = e.no)
    ) AS keys ORDER BY k OFFSET 0
) AS ordered;

-- name: people_again  whom the numbers belong to, and all whom earlier versions of these records named, or a person said
-- that they meant
SELECT nhs, id::text, born, family FROM person WHERE nhs = ANY(%(numbers)s::text[])
UNION ALL SELECT nhs, id::text, born, family FROM person WHERE id = ANY(%(people)s::uuid[])
UNION ALL SELECT nhs, id::text, born, family FROM person WHERE id IN (
    SELECT (w ->> 2)::uuid
    FROM unnest(%(publishers)s::text[], %(types)s::text[], %(records)s::text[]) AS t (publisher, type, record_id)
    JOIN event e USING (publisher, type, record_id),
        jsonb_array_elements(convert_from(e.facts, 'UTF8')::jsonb -> 'who') AS w)
UNION ALL SELECT nhs, id::text, born, family FROM person WHERE id IN (
    SELECT m.person
    FROM unnest(%(publishers)s::text[], %(types)s::text[], %(records)s::text[]) AS t (publisher, type, record_id)
    JOIN event e USING (publisher, type, record_id) JOIN match m ON m.event_no = e.no);

-- name: families  the current file of each family
SELECT f.id, f.version, v.doc FROM family f JOIN family_version v ON v.family = f.id AND v.version = f.version
WHERE f.id = ANY(%(families)s::bigint[]);

-- name: family_versions  files as they were
SELECT v.family, v.doc FROM family_version v
JOIN unnest(%(families)s::bigint[], %(versions)s::int[]) AS t (family, version) USING (family, version);

-- name: history  what happened to the people of these families in the last two years; as its index has it, and no sort
SELECT person::text, at, type, thing, place, record FROM happening
WHERE family = ANY(%(families)s::bigint[]) AND at > %(since)s AND event_no IS DISTINCT FROM %(besides)s
ORDER BY family, at;

-- name: earlier  the events kept under each record
SELECT e.publisher, e.type, e.record_id, e.no, e.id::text, e.action, coalesce(e.sequence, '0')
FROM event e JOIN unnest(%(publishers)s::text[], %(types)s::text[], %(records)s::text[]) AS t (publisher, type, record_id)
    USING (publisher, type, record_id)
WHERE e.no IS DISTINCT FROM %(besides)s
ORDER BY e.no;

-- name: standing  the summaries of these events that nobody has withdrawn
SELECT event_no, id::text, child::text, team FROM delivery
WHERE event_no = ANY(%(events)s) AND kind = 'summary' AND withdrawn_by IS NULL;

-- name: unanswered  the clocks of these events that nobody has met; held, so that none climbs before its successor has its
-- rungs
SELECT id::text, flow, paragraph, words, child::text, team, delivery::text, task::text, needs, starts, steps, met_by,
       at_once_on, thing, turns, rung, due, event_no
FROM clock WHERE event_no = ANY(%(events)s::bigint[]) AND state IN ('running', 'paused') AND task IS NULL
ORDER BY id FOR UPDATE;

-- name: told_of_silence  who heard that nobody had answered these events, or that somebody is sought for them, and was not
-- told that they stand no longer
SELECT d.event_no, d.id::text, d.child::text, d.team, o.child::text, o.team, c.id::text,
    t.words, t.child::text, t.service, t.owner, t.slot
FROM delivery d JOIN clock c ON c.id = (convert_from(d.body, 'UTF8')::jsonb #>> '{data,about,clock}')::uuid
LEFT JOIN delivery o ON o.id = c.delivery LEFT JOIN task t ON t.id = c.task AND t.kind IN ('nobody-found', 'match')
WHERE d.event_no = ANY(%(events)s::bigint[]) AND d.kind = 'escalation' AND d.withdrawn_by IS NULL ORDER BY d.no;

-- name: open_tasks  what a person has still to do for these events, of these kinds
SELECT event_no, id::text FROM task
WHERE event_no = ANY(%(events)s::bigint[]) AND state <> 'closed' AND kind = ANY(%(kinds)s::text[]) ORDER BY id;

-- name: sought  the tasks of these events that seek somebody, open or closed by a person, with what each event said and
-- the clock that runs on it
SELECT t.event_no, t.id::text, t.words, t.child::text, t.service, t.owner, e.raw, t.state = 'closed',
    c.id::text, c.flow, c.paragraph, c.words, c.child::text, c.team, c.delivery::text, c.task::text, c.needs, c.starts,
    c.steps, c.met_by, c.at_once_on, c.thing, c.rung, c.due, t.slot
FROM task t JOIN event e ON e.no = t.event_no LEFT JOIN clock c ON c.task = t.id AND c.state = 'running'
WHERE t.event_no = ANY(%(events)s::bigint[]) AND t.kind IN ('nobody-found', 'match')
    AND t.closed_by IS DISTINCT FROM %(itself)s
ORDER BY t.event_no, t.id;

-- name: named_before  the facts of these events, which say whom each of them named, whom a person then said it was, and
-- what the event had told of them
SELECT no, facts, chosen, raw
FROM event, LATERAL (SELECT jsonb_object_agg(slot, person::text) AS chosen FROM match WHERE event_no = no) AS said
WHERE no = ANY(%(events)s::bigint[]);

-- name: stood  what these events stand as in the history of the people of these families
SELECT event_no, person::text, type, thing FROM happening
WHERE family = ANY(%(families)s::bigint[]) AND event_no = ANY(%(events)s::bigint[]) ORDER BY person, at, type;

-- name: new_families  numbers for families that are new
SELECT nextval('family_number') FROM generate_series(1, %(count)s);

-- name: delivery_numbers  numbers for this batch's deliveries, rising; another router may take some in between
SELECT array_agg(nextval('delivery_number')) FROM generate_series(1, %(count)s);

-- name: write_families  a new version of each family's file becomes the current one; who is found in it by which number
WITH files AS (
    INSERT INTO family (id, version) SELECT * FROM unnest(%(numbers)s::bigint[], %(versions)s::int[])
    ON CONFLICT (id) DO UPDATE SET version = excluded.version
)
INSERT INTO person (id, nhs, born, family)
SELECT * FROM unnest(%(ids)s::uuid[], %(nhs)s::text[], %(born)s::text[], %(families)s::bigint[])
ON CONFLICT (id) DO UPDATE SET nhs = excluded.nhs, born = excluded.born, family = excluded.family;

-- name: move_history  what happened to people goes with them to their new family
UPDATE happening h SET family = t.family
FROM unnest(%(ids)s::uuid[], %(families)s::bigint[]) AS t (person, family)
WHERE h.person = t.person AND h.family <> t.family;

-- name: hand_on  what will pass to another team once it accepts
INSERT INTO hand_on (delivery, child, from_team, to_team)
SELECT * FROM unnest(%(deliveries)s::uuid[], %(children)s::uuid[], %(from_teams)s::text[], %(to_teams)s::text[])
ON CONFLICT DO NOTHING;

-- name: withdraw  these deliveries no longer stand; their clocks stop, and not what a team took over by one of them
WITH gone AS (
    UPDATE delivery SET withdrawn_by = t.by FROM unnest(%(ids)s::uuid[], %(by)s::bigint[]) AS t (id, by)
    WHERE delivery.id = t.id AND withdrawn_by IS NULL RETURNING delivery.id, delivery.event_no
), no_more AS (
    DELETE FROM unfiled WHERE delivery IN (SELECT id FROM gone)
)
UPDATE clock SET state = 'stopped', ended_at = %(now)s, ended_how = 'replaced'
FROM gone WHERE clock.delivery = gone.id AND clock.event_no IS NOT DISTINCT FROM gone.event_no
    AND clock.state IN ('running', 'paused');

-- name: hand_back  what a team took over by a letter that stands no longer goes back to whose it was
WITH RECURSIVE former AS (
    SELECT h.delivery AS by, h.child, h.from_team FROM hand_on h WHERE h.delivery = ANY(%(ids)s::uuid[])
    UNION SELECT f.by, f.child, h.from_team FROM former f JOIN hand_on h ON h.child = f.child AND h.to_team = f.from_team
)
UPDATE clock c SET team = d.team, delivery = d.id
FROM former f JOIN delivery d ON d.child = f.child AND d.team = f.from_team AND d.kind = 'summary'
WHERE c.delivery = f.by AND c.child = f.child AND d.event_no = c.event_no AND c.state IN ('running', 'paused')
    AND NOT EXISTS (SELECT FROM delivery own WHERE own.id = f.by AND own.event_no = c.event_no);

-- name: close_tasks  tasks that an event leaves nothing to do for, and their clocks
WITH done AS (
    UPDATE task SET state = 'closed', closed_by = %(by)s, closed_at = %(now)s, reason = t.reason
    FROM unnest(%(ids)s::uuid[], %(reasons)s::text[]) AS t (id, reason)
    WHERE task.id = t.id AND state <> 'closed' RETURNING task.id
)
UPDATE clock SET state = 'stopped', ended_at = %(now)s, ended_how = 'replaced'
WHERE task IN (SELECT id FROM done) AND state = 'running';

-- name: never_sent  of these withdrawn deliveries, those that nobody has tried to send, answered or claimed: they leave
-- the queue for good. A sender that is taking one now has it (its lock is not waited for): then it is sent, and withdrawn.
WITH never AS (
    SELECT q.no, v.id FROM delivery v JOIN due q ON q.no = v.no
    WHERE v.id = ANY(%(ids)s::uuid[]) AND q.attempts = 0
        AND NOT EXISTS (SELECT FROM receipt r WHERE r.delivery = v.id)
        AND NOT EXISTS (SELECT FROM claim c WHERE c.delivery = v.id)
    FOR UPDATE OF q SKIP LOCKED
), gone AS (
    DELETE FROM due WHERE no = ANY(ARRAY(SELECT no FROM never)) RETURNING no
)
SELECT id::text FROM never JOIN gone USING (no);

-- name: needless  withdrawals of this transaction that withdraw what nobody was sent
WITH needless AS (
    UPDATE delivery SET withdrawn_by = event_no WHERE id = ANY(%(ids)s::uuid[]) RETURNING no
)
DELETE FROM due WHERE no = ANY(ARRAY(SELECT no FROM needless));

-- name: stop_event_clocks  the own clocks of events that were replaced or cancelled
UPDATE clock SET state = 'stopped', ended_at = %(now)s, ended_how = 'replaced'
WHERE state IN ('running', 'paused') AND task IS NULL AND event_no IN (
    SELECT i.event_no FROM inbox i JOIN unnest(%(ids)s::uuid[], %(publishers)s::text[]) AS t (id, publisher)
        USING (id, publisher)
);

-- name: meet  clocks that these events meet: about the child, and about the same thing where one is named
UPDATE clock c SET state = 'met', ended_at = %(now)s, ended_how = t.type
FROM unnest(%(children)s::uuid[], %(types)s::text[], %(things)s::text[]) AS t (child, type, thing)
WHERE c.child = t.child AND c.state = 'running' AND (c.met_by <> '' OR c.at_once_on <> '')
    AND t.type = ANY(string_to_array(c.met_by, ','))
    AND (c.thing IS NULL OR c.thing = t.thing);

-- name: run_again  clocks that these events had met, and that met them in error; not where another that stands, in the
-- newest version of its matter, meets them still
UPDATE clock c SET state = 'running', ended_at = NULL, ended_how = NULL
FROM unnest(%(children)s::uuid[], %(types)s::text[], %(things)s::text[]) AS t (child, type, thing)
WHERE c.child = t.child AND c.state = 'met' AND c.met_by <> '' AND c.ended_how = t.type
    AND (c.thing IS NULL OR c.thing = t.thing)
    AND NOT EXISTS (
        SELECT FROM happening h JOIN event e ON e.no = h.event_no
        WHERE h.person = c.child AND h.type = ANY(string_to_array(c.met_by, ','))
            AND (h.thing = c.thing OR CASE  -- or it waits for the next one about the thing after a moment (next_after)
                WHEN starts_with(c.thing, h.thing || ' after ') AND substr(c.thing, length(h.thing) + 8)
                    ~ '^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?\+00:00$'
                THEN h.at > substr(c.thing, length(h.thing) + 8)::timestamptz END)
            AND NOT EXISTS (
                SELECT FROM event x
                WHERE (x.publisher, x.type, x.record_id) = (e.publisher, e.type, e.record_id) AND x.no <> e.no
                    AND x.action <> 'new' AND coalesce(x.sequence, '0')::numeric >= coalesce(e.sequence, '0')::numeric
                    AND NOT coalesce(convert_from(x.facts, 'UTF8')::jsonb -> 'others' ? e.id::text, false)
                    AND NOT coalesce(convert_from(e.facts, 'UTF8')::jsonb -> 'others' ? x.id::text, false)
            )
    );

-- name: hasten  clocks that may not run on after these events fire at once
UPDATE clock c SET due = least(due, %(now)s)
FROM unnest(%(children)s::uuid[], %(types)s::text[], %(things)s::text[]) AS t (child, type, thing)
WHERE c.child = t.child AND c.state = 'running' AND (c.met_by <> '' OR c.at_once_on <> '') AND c.rung = 0
    AND t.type = ANY(string_to_array(c.at_once_on, ','))
    AND (c.thing IS NULL OR c.thing = t.thing);

-- name: lock_places  places on topics, in order, until commit: two routers with one batch answer it once
SELECT pg_advisory_xact_lock(1, k) FROM (SELECT k FROM unnest(%(keys)s::int[]) AS k ORDER BY k OFFSET 0) AS ordered;

-- name: put_aside  which of these places were refused or in conflict before
SELECT t.id::text FROM unnest(%(ids)s::uuid[], %(topics)s::text[], %(partitions)s::int[], %(offsets)s::bigint[])
    AS t (id, topic, partition, at)
WHERE EXISTS (SELECT FROM refusal r WHERE r.id = t.id) OR EXISTS (
    SELECT FROM conflict c WHERE c.topic = t.topic AND c.partition = t.partition AND c."offset" = t.at);

-- name: mend  refusals for which a corrected event has come: one that did not stand before the refused record
WITH mended AS (
    UPDATE refusal r SET state = 'mended', closed_at = %(now)s, reason = 'a corrected event came'
    FROM unnest(%(publishers)s::text[], %(records)s::text[], %(topics)s::text[], %(partitions)s::int[],
                %(offsets)s::bigint[]) AS t (publisher, record_id, topic, partition, "offset")
    WHERE r.publisher = t.publisher AND r.record_id = t.record_id AND r.state IN ('open', 'claimed')
        AND ((r.topic, r.partition) <> (t.topic, t.partition) OR t."offset" > r."offset")
    RETURNING r.id
)
UPDATE clock SET state = 'met', ended_at = %(now)s, ended_how = 'a corrected event came'
WHERE task IN (SELECT id FROM mended) AND state = 'running';

-- name: refuse  a record that was not accepted, once for each place on its topic
INSERT INTO refusal (id, publisher, topic, partition, "offset", raw, problems, event_id, event_type, record_id, received_at)
VALUES (%(id)s, %(publisher)s, %(topic)s, %(partition)s, %(offset)s, %(raw)s, %(problems)s, %(event_id)s,
        %(event_type)s, %(record_id)s, %(now)s)
ON CONFLICT (id) DO NOTHING;

-- name: add_task  a task, unless the same is kept already
INSERT INTO task (id, kind, words, child, owner, service, slot, event_no, publisher, raised_at)
VALUES (%(id)s, %(kind)s, %(words)s, %(child)s, %(owner)s, %(service)s, %(slot)s, %(event_no)s, %(publisher)s, %(now)s)
ON CONFLICT (id) DO NOTHING;

-- name: add_conflict  the same id with another body, whole
INSERT INTO conflict (topic, partition, "offset", publisher, id, raw, at)
VALUES (%(topic)s, %(partition)s, %(offset)s, %(publisher)s, %(id)s, %(raw)s, %(now)s) ON CONFLICT DO NOTHING;

-- name: heard  when each publisher was last heard, and how far each partition is kept
WITH said AS (
    INSERT INTO publisher_heard (publisher, last_at)
    SELECT p, %(now)s FROM unnest(%(publishers)s::text[]) AS p ORDER BY p
    ON CONFLICT (publisher) DO UPDATE SET last_at = greatest(publisher_heard.last_at, excluded.last_at)
)
INSERT INTO position (topic, partition, next)
SELECT * FROM unnest(%(topics)s::text[], %(partitions)s::int[], %(nexts)s::bigint[]) AS t (a, b, c) ORDER BY a, b
ON CONFLICT (topic, partition) DO UPDATE SET next = greatest(position.next, excluded.next);
