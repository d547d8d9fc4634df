"""The rows that are only added: events, what happened to whom, deliveries with their due work, clocks, files."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from adapters.storage.adding import UUID_BYTES, Adding, ByCopy, Table, as_uuid
from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from adapters.storage.turning import ladder, written
from router.events import Event, pair_of, record_of
from router.ledger import Kept
from router.material import Material
from router.plan import Clock, Delivery

Q = queries("intake")

EVENT = Table(
    "event",
    {
        "no": "int8",
        "id": UUID_BYTES,
        "publisher": "text",
        "type": "text",
        "happened_at": "timestamptz",
        "action": "text",
        "sequence": "text",
        "record_id": "text",
        "accepted_at": "timestamptz",
        "topic": "text",
        "partition": "int4",
        "offset": "int8",
        "raw": "bytea",
        "facts": "bytea",
        "decision": "bytea",
        "policy": "text",
        "considered": "int2",
        "told": "int2",
        "not_applicable": "int2",
        "withheld": "int2",
        "nobody_found": "int2",
        "wanted": "int2",
        "present": "int2",
        "test": "bool",
    },
)
HAPPENING = Table(
    "happening",
    {
        "family": "int8",
        "person": UUID_BYTES,
        "at": "timestamptz",
        "type": "text",
        "thing": "text",
        "place": "text",
        "event_no": "int8",
        "record": "text",
    },
)
DELIVERY = Table(
    "delivery",
    {
        "no": "int8",
        "id": UUID_BYTES,
        "event_no": "int8",
        "kind": "text",
        "child": UUID_BYTES,
        "team": "text",
        "lane": "int2",
        "body": "bytea",
        "flows": "text",
        "withheld": "int2",
        "kept_at": "timestamptz",
        "because": "text",
    },
)
DUE = Table(
    "due",
    {
        "no": "int8",
        "lane": "int2",
        "team": "text",
        "pair": "int8",
    },
)
CLOCK = Table(
    "clock",
    {
        "id": UUID_BYTES,
        "event_no": "int8",
        "publisher": "text",
        "flow": "text",
        "paragraph": "text",
        "words": "text",
        "child": UUID_BYTES,
        "team": "text",
        "delivery": UUID_BYTES,
        "task": UUID_BYTES,
        "needs": "text",
        "starts": "timestamptz",
        "steps": "text",
        "due": "timestamptz",
        "met_by": "text",
        "at_once_on": "text",
        "thing": "text",
    },
)
TURNED = Table("clock", {**CLOCK.columns, "turns": "text", "state": "text", "rung": "int2"})
FILE = Table("family_version", {"family": "int8", "version": "int4", "doc": "bytea"})


def event_row(k: Kept, no: int, now: datetime) -> tuple[Any, ...]:
    """One event as its row; `considered` is the sum of outcomes by construction, and checked ever after."""
    event, plan, tally = k.event, k.plan, k.plan.tally()
    at = event.received
    return (
        no,
        as_uuid(event.id),
        event.publisher,
        event.type,
        event.time,
        event.action,
        event.sequence,
        event.data.record_id,
        now,
        at.topic,
        at.partition,
        at.offset,
        at.raw,
        orjson.dumps(k.facts.snapshot()),
        orjson.dumps(plan.decision()),
        plan.policy_version,
        len(plan.verdicts),
        tally["told"],
        tally["not-applicable"],
        tally["withheld"],
        tally["nobody-found"],
        plan.appraisal.wanted,
        plan.appraisal.present,
        event.test,
    )


async def keep_deliveries(
    connection: Connection,
    now: datetime,
    deliveries: Sequence[tuple[Delivery, int | None]],
    because: str | None = None,
    adding: Adding | None = None,
) -> None:
    """Deliveries and their due work; numbers rise in the order given."""
    if not deliveries:
        return
    adding = adding or ByCopy(connection)
    cursor = await connection.execute(Q["delivery_numbers"], {"count": len(deliveries)}, binary=True)
    numbers = (await cursor.fetchone() or ([],))[0]
    await adding.rows(
        DELIVERY,
        (
            (
                no,
                as_uuid(d.id),
                event,
                d.kind,
                as_uuid(d.child),
                d.team,
                d.lane,
                d.body,
                d.flows,
                d.withheld,
                now,
                because,
            )
            for no, (d, event) in zip(numbers, deliveries, strict=True)
        ),
    )
    await adding.rows(
        DUE,
        (
            (no, d.lane, d.team, pair_of(d.team, d.child, d.kind))
            for no, (d, _) in zip(numbers, deliveries, strict=True)
        ),
    )


async def keep_clocks(adding: Adding, clocks: Iterable[tuple[Clock, int | None, str]]) -> None:
    """Running clocks, each with its ladder."""
    clocks = list(clocks)
    if any(clock.turns is not None or clock.rung for clock, _, _ in clocks):
        await adding.rows(TURNED, ((*clock_row(*c), *_how_far(c[0])) for c in clocks))
    elif clocks:
        await adding.rows(CLOCK, (clock_row(*c) for c in clocks))


def _how_far(clock: Clock) -> tuple[str | None, str, int]:
    return written(clock.turns), clock.turns.state if clock.turns else "running", clock.rung


def clock_row(clock: Clock, event: int | None, publisher: str) -> tuple[Any, ...]:
    """One clock as its row."""
    return (
        as_uuid(clock.id),
        event,
        publisher,
        clock.flow,
        clock.paragraph,
        clock.words,
        as_uuid(clock.child),
        clock.team,
        as_uuid(clock.delivery),
        as_uuid(clock.task),
        clock.needs,
        clock.starts,
        ladder(clock.steps),
        clock.due,
        ",".join(clock.met_by),
        ",".join(clock.at_once_on),
        clock.thing,
    )


async def keep_histories(
    adding: Adding, number: Callable[[Event], int], kept: Sequence[Kept], material: Material
) -> None:
    """What each event stands as in whose history."""
    rows = [
        (
            material.family_of[pid],
            as_uuid(pid),
            k.event.time,
            kind,
            about or k.plan.thing,
            k.plan.place,
            number(k.event),
            record_of(k.event),
        )
        for k in kept
        for pid, kind, about in k.plan.remembered
    ]
    if rows:
        await adding.rows(HAPPENING, rows)


async def keep_files(adding: Adding, material: Material) -> None:
    """Every version of a family's file that an event of the batch has seen, and the last."""
    if material.written:
        await adding.rows(FILE, ((n, v, orjson.dumps(file)) for (n, v), file in material.written.items()))
