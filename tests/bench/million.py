"""A ledger with years behind it: real rows of this run, multiplied by SQL under new ids, numbers and times."""

from collections.abc import Callable
from typing import LiteralString

import psycopg
from psycopg import sql

from tests.bench.world import World

YEARS = 3
"""The copies lie evenly over so many years before now: two thirds within the two years that facts reach back."""

CHANGED: dict[str, dict[str, LiteralString]] = {
    "inbox": {"id": "md5(t.id::text || '/' || k)::uuid", "event_no": "t.event_no + k * events"},
    "event": {
        "no": "t.no + k * events",
        "id": "md5(t.id::text || '/' || k)::uuid",
        "record_id": "t.record_id || '-' || k",
        "happened_at": "t.happened_at - span",
        "accepted_at": "t.accepted_at - span",
    },
    "happening": {
        "event_no": "t.event_no + k * events",
        "thing": "t.thing || '-' || k",
        "at": "t.at - span",
    },
    "delivery": {
        "id": "md5(t.id::text || '/' || k)::uuid",
        "no": "t.no + k * deliveries",
        "event_no": "t.event_no + k * events",
        "kept_at": "t.kept_at - span",
    },
    "attempt": {
        "no": "t.no + k * attempts",
        "marked_at": "t.marked_at - span",
        "ended_at": "t.ended_at - span",
    },
    "sent": {
        "no": "t.no + k * deliveries",
        "attempt": "t.attempt + k * attempts",
        "sequence": "t.sequence + k * (SELECT n FROM bench_pair WHERE bench_pair.pair = t.pair)",
    },
    "clock": {
        "id": "md5(t.id::text || '/' || k)::uuid",
        "event_no": "t.event_no + k * events",
        "delivery": "md5(t.delivery::text || '/' || k)::uuid",
        "task": "md5(t.task::text || '/' || k)::uuid",
        "thing": "t.thing || '-' || k",
        "starts": "t.starts - span",
        # One clock in fifty still runs, and none of those is due during the measurement.
        "due": "CASE WHEN hashtext(t.id::text) % 50 = 0 THEN now() + interval '9 days' ELSE t.due - span END",
        "state": "CASE WHEN hashtext(t.id::text) % 50 = 0 THEN 'running' ELSE 'met' END",
        "ended_at": "CASE WHEN hashtext(t.id::text) % 50 = 0 THEN NULL ELSE t.starts - span + interval '5 hours' END",
        "ended_how": "CASE WHEN hashtext(t.id::text) % 50 = 0 THEN NULL ELSE 'acknowledged' END",
    },
}
"""table → column → what it is in the copy numbered k; every other column is as in the row it is made from."""

ONLY: dict[str, LiteralString] = {
    "inbox": "t.event_no <= events",
    "event": "t.no <= events",
    "happening": "t.event_no <= events",
    "delivery": "t.no <= deliveries",
    "attempt": "t.no <= attempts AND t.outcome = 'sent'",
    "sent": "t.attempt <= attempts",
    "clock": "t.event_no <= events",
}

RECEIPTS = """
INSERT INTO receipt (team, id, delivery, state, at, received_at, by_name, by_role, by_organisation, by_kind, record_ref)
SELECT d.team, md5(d.id::text || s.state)::uuid, d.id, s.state, d.kept_at + s.after, d.kept_at + s.after,
       'A. Practitioner', 'health visitor', 'ZBC', 'person', CASE WHEN s.state = 'filed' THEN 'R-' || d.no END
FROM delivery d,
     (VALUES ('acknowledged', interval '3 hours', 90), ('filed', interval '5 hours', 40)) AS s (state, after, share)
WHERE d.kind = 'summary' AND d.no > %(first)s AND d.no <= %(last)s AND abs(hashtext(d.id::text)) %% 100 < s.share
"""
REFUSALS = """
INSERT INTO refusal (id, publisher, topic, partition, "offset", raw, problems, record_id, received_at)
SELECT md5('refusal' || n)::uuid, 'ed-children', 'events.ed-children', 0, -n, '\\x7b7d', '\\x5b5d', 'none/' || n,
       now() - n * interval '1 hour'
FROM generate_series(1, 1000) AS n
"""
NUMBERS = """
SELECT setval(pg_get_serial_sequence('inbox', 'event_no'), (SELECT max(event_no) FROM inbox)),
       setval(pg_get_serial_sequence('attempt', 'no'), (SELECT max(no) FROM attempt)),
       setval('delivery_number', (SELECT max(no) FROM delivery))
"""
TABLES = (*CHANGED, "receipt", "person", "family", "refusal")

Db = psycopg.Connection[tuple[object, ...]]


def fill(world: World, deliveries: int, say: Callable[[str], None]) -> dict[str, int]:
    """Multiply what the ledger holds until it has so many deliveries; the rows of each table then."""
    with world.connect() as connection:
        connection.execute("SET synchronous_commit = off")
        limits = {
            "events": _number(connection, "SELECT max(event_no) FROM inbox"),
            "deliveries": _number(connection, "SELECT max(no) FROM delivery"),
            "attempts": _number(connection, "SELECT max(no) FROM attempt"),
        }
        have = _number(connection, "SELECT count(*) FROM delivery")
        copies = max(0, -(-(deliveries - have) // have))
        connection.execute("CREATE TEMP TABLE bench_pair AS SELECT pair, count(*)::int AS n FROM sent GROUP BY pair")
        connection.execute("CREATE UNIQUE INDEX ON bench_pair (pair)")
        connection.execute("ANALYZE bench_pair")
        for k in range(1, copies + 1):
            say(f"full ledger: copy {k} of {copies} of {have:,} deliveries")
            for table in CHANGED:
                _copy(connection, table, {**limits, "k": k}, f"{YEARS * 365 * k // copies} days")
            first = k * limits["deliveries"]
            connection.execute(RECEIPTS, {"first": first, "last": first + limits["deliveries"]})
        connection.execute(REFUSALS)
        connection.execute(NUMBERS)
        rows = {t: _number(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(t))) for t in TABLES}
    world.settle()
    return rows


def _copy(connection: Db, table: str, numbers: dict[str, int], ago: str) -> None:
    """One more of every row of the table, its changed columns under new ids, numbers and times."""
    columns = [
        str(name)
        for (name,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attgenerated = '' ORDER BY attnum",
            (table,),
        ).fetchall()
    ]
    values = [
        sql.SQL(CHANGED[table][name]) if name in CHANGED[table] else sql.SQL("t.{}").format(sql.Identifier(name))
        for name in columns
    ]
    given = sql.SQL(
        "SELECT {k}::bigint AS k, {events}::bigint AS events, {deliveries}::bigint AS deliveries, "
        "{attempts}::bigint AS attempts"
    ).format(**{name: sql.Literal(number) for name, number in numbers.items()})
    connection.execute(
        sql.SQL(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {table} t, "
            "({given}) AS given WHERE {only}"
        ).format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(values),
            given=sql.SQL("SELECT g.*, {}::interval AS span FROM ({}) AS g").format(sql.Literal(ago), given),
            only=sql.SQL(ONLY[table]),
        )
    )


def _number(connection: Db, query: LiteralString | sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(str(row[0])) if row and row[0] is not None else 0
