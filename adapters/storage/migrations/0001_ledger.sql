-- The ledger: what came, what was decided, what was sent, what was answered, what is still owed.

-- The directory. A version, once written, is never changed: an event's facts name the versions they were read from.
CREATE TABLE cover_version (
    version   integer PRIMARY KEY,
    doc       bytea NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);

CREATE SEQUENCE family_number START 1000001;
CREATE TABLE family (
    id      bigint PRIMARY KEY,
    version integer NOT NULL
) WITH (fillfactor = 80);
CREATE TABLE family_version (
    family   bigint NOT NULL,
    version  integer NOT NULL,
    doc      bytea NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (family, version)
);
ALTER TABLE family_version SET (toast_tuple_target = 8160);
CREATE TABLE person (
    id     uuid PRIMARY KEY,
    nhs    text UNIQUE,
    born   text,
    family bigint NOT NULL
);
CREATE INDEX person_family ON person (family);

-- The inbox: a publisher's event id, once. Not partitioned, for its unique key must hold for ever.
CREATE TABLE inbox (
    id        uuid NOT NULL,
    publisher text NOT NULL,
    digest    bytea NOT NULL,
    event_no  bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (id, publisher)
);

CREATE TABLE event (
    no          bigint PRIMARY KEY,
    id          uuid NOT NULL,
    publisher   text NOT NULL,
    type        text NOT NULL,
    happened_at timestamptz NOT NULL,
    action      text NOT NULL,               -- new | update | cancel
    sequence    text,
    record_id   text,
    accepted_at timestamptz NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    "offset"    bigint NOT NULL,
    raw         bytea NOT NULL,              -- the record as it came
    facts       bytea NOT NULL,              -- JSON: what was known, with the versions it was read from
    decision    bytea NOT NULL,              -- JSON: every row considered and its verdict
    policy      text NOT NULL,
    considered  smallint NOT NULL,           -- = told + not_applicable + withheld + nobody_found, always checked
    told        smallint NOT NULL,
    not_applicable smallint NOT NULL,
    withheld    smallint NOT NULL,
    nobody_found smallint NOT NULL,
    wanted      smallint NOT NULL,           -- quality marks
    present     smallint NOT NULL,
    test        boolean NOT NULL
);
ALTER TABLE event SET (toast_tuple_target = 8160);
CREATE INDEX event_record ON event (publisher, type, record_id) WHERE record_id IS NOT NULL;
CREATE INDEX event_accepted ON event USING brin (accepted_at);

-- What happened to a child, as far as counting and linking need it; by family, as it is read.
CREATE TABLE happening (
    family   bigint NOT NULL,
    person   uuid NOT NULL,
    at       timestamptz NOT NULL,
    type     text NOT NULL,
    thing    text,
    place    text,
    event_no bigint NOT NULL
);
CREATE INDEX happening_family ON happening (family);

-- A delivery is one event, one child, one team. Insert-only but for `withdrawn_by`; its state is derived:
-- in `due` = kept (held where its destination is paused) → its attempt 'sending' → 'sent' → its receipts.
CREATE TABLE delivery (
    id       uuid PRIMARY KEY,
    no       bigint NOT NULL,
    event_no bigint,                          -- null for an answer to a batch
    kind     text NOT NULL,                   -- summary | withdrawal | escalation | answer
    child    uuid,
    team     text NOT NULL,
    lane     smallint NOT NULL,
    body     bytea NOT NULL,
    flows    text NOT NULL,
    withheld smallint NOT NULL,
    kept_at  timestamptz NOT NULL,
    because  text,                            -- why it was decided again: not-ours, match, nobody-found
    withdrawn_by bigint
) WITH (fillfactor = 100);
ALTER TABLE delivery SET (toast_tuple_target = 8160);
CREATE SEQUENCE delivery_number;
CREATE INDEX delivery_event ON delivery (event_no);
CREATE INDEX delivery_team ON delivery (team, no);
CREATE INDEX delivery_child ON delivery (child, no) WHERE child IS NOT NULL;

-- The hot, small table of due work: a row lives from `kept` to `sending`.
CREATE TABLE due (
    no       bigint PRIMARY KEY,
    delivery uuid NOT NULL,
    lane     smallint NOT NULL,
    team     text NOT NULL,
    pair     bigint NOT NULL,                 -- a hash of child and team: what a sequence number counts within
    attempts smallint NOT NULL DEFAULT 0
) WITH (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX due_delivery ON due (delivery) WHERE attempts > 0;

-- Who holds a lane; every write of a sender checks the fence.
CREATE TABLE lane (
    lane  smallint PRIMARY KEY,
    owner text,
    fence bigint NOT NULL DEFAULT 0,
    until timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);
INSERT INTO lane (lane) SELECT generate_series(0, 15);

CREATE TABLE attempt (
    no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane      smallint NOT NULL,
    fence     bigint NOT NULL,
    worker    text NOT NULL,
    marked_at timestamptz NOT NULL DEFAULT now(),
    ended_at  timestamptz,
    outcome   text NOT NULL,                  -- sending | sent | failed (rows in attempt_failure) | taken-over
    rows      integer NOT NULL,
    error     text
) WITH (fillfactor = 80);
CREATE INDEX attempt_sending ON attempt (lane) WHERE outcome = 'sending';
CREATE TABLE attempt_failure (
    attempt  bigint NOT NULL,
    delivery uuid NOT NULL,
    error    text NOT NULL,
    at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX attempt_failure_delivery ON attempt_failure (delivery);

-- The number a delivery was sent under: per child and team, given by the lane's owner, never changed.
CREATE TABLE sent (
    delivery uuid PRIMARY KEY,
    pair     bigint NOT NULL,                 -- a hash of child and team
    sequence integer NOT NULL,
    attempt  bigint NOT NULL,
    CONSTRAINT sent_number UNIQUE (pair, sequence)
);
CREATE INDEX sent_attempt ON sent (attempt);

CREATE TABLE destination (
    team          text PRIMARY KEY,
    paused_at     timestamptz,
    paused_by     text,
    paused_reason text,
    hold_until    timestamptz,
    failures      integer NOT NULL DEFAULT 0,
    last_error    text
);

-- Clocks: running → met | exhausted | stopped. Fired by compare-and-set on `rung`.
CREATE TABLE clock (
    id         uuid PRIMARY KEY,
    event_no   bigint,
    publisher  text NOT NULL,
    flow       text NOT NULL,
    paragraph  text NOT NULL,
    words      text NOT NULL,
    child      uuid,
    team       text,
    delivery   uuid,
    task       uuid,
    needs      text NOT NULL,                 -- acknowledge | file | act | happen | close
    starts     timestamptz NOT NULL,
    steps      text NOT NULL,                 -- JSON: [[due, owner], …]
    rung       smallint NOT NULL DEFAULT 0,
    due        timestamptz NOT NULL,
    met_by     text NOT NULL,                 -- event types, comma-separated
    at_once_on text NOT NULL,
    thing      text,
    state      text NOT NULL DEFAULT 'running',
    ended_at   timestamptz,
    ended_how  text
);
CREATE INDEX clock_due ON clock (due) WHERE state = 'running';
CREATE INDEX clock_delivery ON clock (delivery) WHERE delivery IS NOT NULL;
CREATE INDEX clock_task ON clock (task) WHERE task IS NOT NULL;
CREATE INDEX clock_met ON clock (child) WHERE state = 'running' AND (met_by <> '' OR at_once_on <> '');
CREATE TABLE clock_fired (
    clock    uuid NOT NULL,
    rung     smallint NOT NULL,
    at       timestamptz NOT NULL,
    owner    text,
    delivery uuid,
    PRIMARY KEY (clock, rung)
);

-- What recipients answered; the same receipt twice has one effect.
CREATE TABLE receipt (
    team        text NOT NULL,
    id          uuid NOT NULL,
    delivery    uuid NOT NULL,
    state       text NOT NULL,                -- collected | validated | matched | acknowledged | filed | acted | not-ours | failed
    at          timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    by_name     text NOT NULL,
    by_role     text NOT NULL,
    by_organisation text NOT NULL,
    by_kind     text NOT NULL,
    record_ref  text,
    outcome     text,
    hint        text,
    note        text,
    PRIMARY KEY (team, id)
);
CREATE INDEX receipt_delivery ON receipt (delivery);

-- Work for a named person: open → claimed → closed.
CREATE TABLE task (
    id         uuid PRIMARY KEY,
    kind       text NOT NULL,
    words      text NOT NULL,
    child      uuid,
    owner      text NOT NULL,
    service    text,
    slot       text,
    event_no   bigint,
    publisher  text NOT NULL,
    raised_at  timestamptz NOT NULL,
    state      text NOT NULL DEFAULT 'open',
    claimed_by text,
    claimed_at timestamptz,
    closed_by  text,
    closed_at  timestamptz,
    reason     text
);
CREATE INDEX task_open ON task (owner) WHERE state <> 'closed';

-- A recipient's claim on a delivery in its queue: by compare-and-set.
CREATE TABLE claim (
    delivery   uuid PRIMARY KEY,
    claimed_by text NOT NULL,
    claimed_at timestamptz NOT NULL
);

-- A record that was not accepted: open → claimed → mended (a corrected one came) | closed (by a named person).
CREATE TABLE refusal (
    id          uuid PRIMARY KEY,
    publisher   text NOT NULL,
    topic       text NOT NULL,
    partition   integer NOT NULL,
    "offset"    bigint NOT NULL,
    raw         bytea,
    problems    bytea NOT NULL,
    event_id    text,
    event_type  text,
    record_id   text,
    received_at timestamptz NOT NULL,
    state       text NOT NULL DEFAULT 'open',
    claimed_by  text,
    claimed_at  timestamptz,
    closed_by   text,
    closed_at   timestamptz,
    reason      text
);
CREATE INDEX refusal_open ON refusal (publisher, record_id) WHERE state IN ('open', 'claimed');

-- The same id with another body: kept whole, answered, never swallowed.
CREATE TABLE conflict (
    topic     text NOT NULL,
    partition integer NOT NULL,
    "offset"  bigint NOT NULL,
    publisher text NOT NULL,
    id        uuid NOT NULL,
    raw       bytea NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
);

-- A summary reached the wrong place, or somebody answered for another.
CREATE TABLE incident (
    no       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       timestamptz NOT NULL,
    kind     text NOT NULL,
    delivery uuid,
    team     text,
    words    text NOT NULL,
    UNIQUE (kind, delivery, team)
);

-- Who looked at a child's content, why, and at what.
CREATE TABLE access (
    no   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at   timestamptz NOT NULL DEFAULT now(),
    who  text NOT NULL,
    why  text NOT NULL,
    what text NOT NULL
);

CREATE TABLE publisher_heard (
    publisher text PRIMARY KEY,
    last_at   timestamptz NOT NULL
);

-- How far each input partition has been kept: a jump or a step back is an alarm.
CREATE TABLE position (
    topic     text NOT NULL,
    partition integer NOT NULL,
    next      bigint NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Delivery workers that are alive, so that they can share the lanes.
CREATE TABLE sender (
    worker  text PRIMARY KEY,
    seen_at timestamptz NOT NULL
);

-- Whose record a named person said it is: joined below a verified number and birth date only by hand.
CREATE TABLE match (
    event_no bigint NOT NULL,
    slot     text NOT NULL,
    person   uuid NOT NULL,
    by_name  text NOT NULL,
    at       timestamptz NOT NULL,
    reason   text NOT NULL,
    PRIMARY KEY (event_no, slot)
);

-- The moment the demo and tests were stepped to; production never reads it.
CREATE TABLE stepped_time (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    at   timestamptz NOT NULL
);
