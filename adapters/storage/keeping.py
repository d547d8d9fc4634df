"""Writes what follows from a batch: rows that are only added many at once, the few that change by name."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncCursor

from adapters.storage.adding import UUID_BYTES, add_rows, as_uuid
from adapters.storage.connect import Connection, array
from adapters.storage.sql import queries
from adapters.storage.turning import ladder, turn_clocks, written
from router.accept import Refused
from router.directory import Cover
from router.events import Event, pair_of, refusal_id
from router.ledger import Kept
from router.material import Material, record_key
from router.plan import BY_ITSELF, Clock, Delivery, Meets, Task
from router.put_aside import conflict_task, refusal_clock

Q = queries("intake")

EVENT = (
    "no",
    "id",
    "publisher",
    "type",
    "happened_at",
    "action",
    "sequence",
    "record_id",
    "accepted_at",
    "topic",
    "partition",
    "offset",
    "raw",
    "facts",
    "decision",
    "policy",
    "considered",
    "told",
    "not_applicable",
    "withheld",
    "nobody_found",
    "wanted",
    "present",
    "test",
)
EVENT_TYPES = (
    "int8",
    UUID_BYTES,
    "text",
    "text",
    "timestamptz",
    "text",
    "text",
    "text",
    "timestamptz",
    "text",
    "int4",
    "int8",
    "bytea",
    "bytea",
    "bytea",
    "text",
    "int2",
    "int2",
    "int2",
    "int2",
    "int2",
    "int2",
    "int2",
    "bool",
)
DELIVERY = (
    "no",
    "id",
    "event_no",
    "kind",
    "child",
    "team",
    "lane",
    "body",
    "flows",
    "withheld",
    "kept_at",
    "because",
)
DELIVERY_TYPES = (
    "int8",
    UUID_BYTES,
    "int8",
    "text",
    UUID_BYTES,
    "text",
    "int2",
    "bytea",
    "text",
    "int2",
    "timestamptz",
    "text",
)
CLOCK = (
    "id",
    "event_no",
    "publisher",
    "flow",
    "paragraph",
    "words",
    "child",
    "team",
    "delivery",
    "task",
    "needs",
    "starts",
    "steps",
    "due",
    "met_by",
    "at_once_on",
    "thing",
)
CLOCK_TYPES = (
    UUID_BYTES,
    "int8",
    "text",
    "text",
    "text",
    "text",
    UUID_BYTES,
    "text",
    UUID_BYTES,
    UUID_BYTES,
    "text",
    "timestamptz",
    "text",
    "timestamptz",
    "text",
    "text",
    "text",
)
DUE = ("no", "lane", "team", "pair")
DUE_TYPES = ("int8", "int2", "text", "int8")
HAPPENING = ("family", "person", "at", "type", "thing", "place", "event_no")
HAPPENING_TYPES = ("int8", UUID_BYTES, "timestamptz", "text", "text", "text", "int8")
_FEW_EVENTS = 8
"""Up to so many events a batch is written in two round trips instead of some fifteen: at a steady trickle these are
most of an event's delay. With more the cost of each row counts, and COPY is the cheaper."""


async def keep_plans(
    connection: Connection,
    now: datetime,
    number: Callable[[Event], int],
    kept: Sequence[Kept],
    material: Material,
    refused: Sequence[Refused],
    answers: Sequence[Delivery],
    conflicts: Sequence[Event],
) -> None:
    """Everything of one batch, in its one transaction."""
    clocks: list[tuple[Clock, int | None, str]] = [
        (c, number(k.event), k.event.publisher) for k in kept for c in k.plan.clocks
    ]
    await _keep_refused(connection, now, refused, clocks, material)
    await _keep_conflicts(connection, now, conflicts, clocks, material.cover)
    few = len(kept) <= _FEW_EVENTS
    async with connection.pipeline() if few else nullcontext():
        await _what_is_added(connection, now, number, kept, material, answers, clocks)
        async with nullcontext() if few else connection.pipeline():
            await _ends_and_withdrawals(connection, now, number, kept)
            await _publishers_and_positions(connection, now, kept, refused, conflicts)


async def _what_is_added(
    connection: Connection,
    now: datetime,
    number: Callable[[Event], int],
    kept: Sequence[Kept],
    material: Material,
    answers: Sequence[Delivery],
    clocks: Sequence[tuple[Clock, int | None, str]],
) -> None:
    if kept:
        await add_rows(connection, "event", EVENT, EVENT_TYPES, (event_row(k, number(k.event), now) for k in kept))
        await _histories(connection, number, kept, material)
    deliveries = [(d, number(k.event)) for k in kept for d in k.plan.deliveries] + [(a, None) for a in answers]
    await keep_deliveries(connection, now, deliveries)
    for k in kept:
        for task in k.plan.tasks:
            await add_task(connection, now, task, number(k.event), k.event.publisher)
    await keep_clocks(connection, clocks)
    await keep_families(connection, material)


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
    connection: Connection, now: datetime, deliveries: Sequence[tuple[Delivery, int | None]], because: str | None = None
) -> None:
    """Deliveries and their due work; numbers rise in the order given."""
    if not deliveries:
        return
    cursor = await connection.execute(Q["delivery_numbers"], {"count": len(deliveries)}, binary=True)
    numbers = (await cursor.fetchone() or ([],))[0]
    await add_rows(
        connection,
        "delivery",
        DELIVERY,
        DELIVERY_TYPES,
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
    await add_rows(
        connection,
        "due",
        DUE,
        DUE_TYPES,
        (
            (no, d.lane, d.team, pair_of(d.team, d.child, d.kind))
            for no, (d, _) in zip(numbers, deliveries, strict=True)
        ),
    )


async def keep_clocks(connection: Connection, clocks: Iterable[tuple[Clock, int | None, str]]) -> None:
    """Running clocks, each with its ladder."""
    rows, turned = [], []
    for clock, event, publisher in clocks:
        row = clock_row(clock, event, publisher)
        if clock.turns is None and clock.rung == 0:
            rows.append(row)
        else:
            turned.append((*row, written(clock.turns), clock.turns.state if clock.turns else "running", clock.rung))
    if rows:
        await add_rows(connection, "clock", CLOCK, CLOCK_TYPES, rows)
    if turned:
        columns, types = (*CLOCK, "turns", "state", "rung"), (*CLOCK_TYPES, "text", "text", "int2")
        await add_rows(connection, "clock", columns, types, turned)


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


async def add_task(
    connection: Connection, now: datetime, task: Task, event: int | None, publisher: str
) -> AsyncCursor[tuple[Any, ...]]:
    """A task for a person, where the same is not kept already."""
    about = {"event_no": event, "publisher": publisher, "now": now}
    return await connection.execute(Q["add_task"], {**task._asdict(), **about})


async def keep_task(connection: Connection, now: datetime, task: Task, event: int | None, publisher: str) -> bool:
    """A task for a person; False where the same is kept already. Not in a pipeline, which has not heard yet."""
    return (await add_task(connection, now, task, event, publisher)).rowcount == 1


async def keep_families(connection: Connection, material: Material) -> None:
    """Every new version of the families' files that this batch touched, and who is found where."""
    if not material.touched:
        return
    numbers = sorted(material.touched)
    versions = [material.versions[n] for n in numbers]
    await add_rows(
        connection,
        "family_version",
        ("family", "version", "doc"),
        ("int8", "int4", "bytea"),
        ((n, v, orjson.dumps(file)) for (n, v), file in material.written.items()),
    )
    await connection.execute(Q["write_families"], {"ids": numbers, "versions": versions})
    people = [(p, d.get("nhs"), d.get("born"), n) for n in numbers for p, d in material.families[n]["people"].items()]
    ids, nhs, born, families = ([row[i] for row in people] for i in range(4))
    if people:
        await connection.execute(Q["write_people"], {"ids": ids, "numbers": nhs, "born": born, "families": families})
    if material.moved:
        moved = [(row[0], row[3]) for row in people if row[0] in material.moved]
        await connection.execute(Q["move_history"], {"ids": [m[0] for m in moved], "families": [m[1] for m in moved]})


async def _histories(
    connection: Connection, number: Callable[[Event], int], kept: Sequence[Kept], material: Material
) -> None:
    rows = [
        (
            material.family_of[pid],
            as_uuid(pid),
            k.event.time,
            kind,
            about or k.plan.thing,
            k.plan.place,
            number(k.event),
        )
        for k in kept
        for pid, kind, about in k.plan.remembered
    ]
    if rows:
        await add_rows(connection, "happening", HAPPENING, HAPPENING_TYPES, rows)


async def meet_clocks(connection: Connection, now: datetime, meets: Sequence[Meets]) -> None:
    """End the clocks that events meet, and hasten those that may not run on after them."""
    if meets:
        await connection.execute(Q["meet"], _named(meets, now))
        await connection.execute(Q["hasten"], _named(meets, now))


def _named(meets: Sequence[Meets], now: datetime) -> dict[str, Any]:
    """The clocks that events meet, as queries name them."""
    return {
        "children": [m.child for m in meets],
        "types": [m.type for m in meets],
        "things": [m.thing for m in meets],
        "now": now,
    }


async def _ends_and_withdrawals(
    connection: Connection, now: datetime, number: Callable[[Event], int], kept: Sequence[Kept]
) -> None:
    gone = [(id, number(k.event)) for k in kept for id in k.plan.withdrawn]
    if gone:
        await connection.execute(Q["withdraw"], {"ids": [g[0] for g in gone], "by": [g[1] for g in gone], "now": now})
        await _take_from_the_queue(connection, [g[0] for g in gone], kept)
    if closes := [c for k in kept for c in k.plan.closes.items()]:
        tasks, reasons = (list(column) for column in zip(*closes, strict=True))
        await connection.execute(Q["close_tasks"], {"ids": tasks, "reasons": reasons, "by": BY_ITSELF, "now": now})
    if died := [(d.child, d.day, number(k.event)) for k in kept for d in k.plan.died]:
        dead, days, events = (list(column) for column in zip(*died, strict=True))
        await connection.execute(Q["died"], {"children": dead, "days": days, "events": events, "now": now})
    if handed := [h for k in kept for h in k.plan.hand_ons]:
        deliveries, children, from_teams, to_teams = (list(column) for column in zip(*handed, strict=True))
        asked = {"deliveries": deliveries, "children": children, "from_teams": from_teams, "to_teams": to_teams}
        await connection.execute(Q["hand_on"], asked)
    # of one record the last that replaces; it and what came after it in the batch is spared: numbers tell no order
    replacing = {record_key(k.event): at for at, k in enumerate(kept) if k.plan.replaces}
    if replacing:
        events = [number(kept[at].event) for at in replacing.values()]
        spared = [number(k.event) for at, k in enumerate(kept) if at >= replacing.get(record_key(k.event), len(kept))]
        await connection.execute(Q["stop_event_clocks"], {"events": events, "spared": spared, "now": now})
    meets: list[Meets] = []
    for k in kept:  # in their order: what meets a clock may be cancelled in the same batch
        if k.plan.unmeets:
            await meet_clocks(connection, now, meets)
            await connection.execute(Q["run_again"], _named(k.plan.unmeets, now))
            meets = []
        meets += k.plan.meets
    await meet_clocks(connection, now, meets)
    await turn_clocks(connection, now, [t for k in kept for t in k.plan.turns])
    recorded = [k.event for k in kept if k.event.data.record_id and not k.plan.passed_over]
    if recorded:
        at = [e.received for e in recorded]
        await connection.execute(
            Q["mend"],
            {
                "publishers": [e.publisher for e in recorded],
                "records": [e.data.record_id for e in recorded],
                "topics": [r.topic for r in at],
                "partitions": array(r.partition for r in at),
                "offsets": array(r.offset for r in at),
                "now": now,
            },
        )


async def _take_from_the_queue(connection: Connection, withdrawn: Sequence[str], kept: Sequence[Kept]) -> None:
    """What was withdrawn before anybody was sent it is not sent any more, and neither is its withdrawal."""
    rows = await (await connection.execute(Q["never_sent"], {"ids": withdrawn})).fetchall()
    unsent = {row[0] for row in rows}
    if needless := [d.id for k in kept for d in k.plan.deliveries if d.withdraws in unsent]:
        await connection.execute(Q["needless"], {"ids": needless})


async def _keep_refused(
    connection: Connection,
    now: datetime,
    refused: Sequence[Refused],
    clocks: list[tuple[Clock, int | None, str]],
    material: Material,
) -> None:
    for r in refused:
        at = r.received
        id = refusal_id(at)
        cursor = await connection.execute(
            Q["refuse"],
            {
                "id": id,
                "publisher": at.publisher,
                "topic": at.topic,
                "partition": at.partition,
                "offset": at.offset,
                "raw": at.raw,
                "problems": orjson.dumps([p.model_dump() for p in r.problems]),
                "event_id": r.event_id,
                "event_type": r.event_type,
                "record_id": r.record_id,
                "now": now,
            },
        )
        if cursor.rowcount == 1:
            clocks.append((refusal_clock(id, at.publisher, material.cover, now), None, at.publisher))


async def _keep_conflicts(
    connection: Connection,
    now: datetime,
    conflicts: Sequence[Event],
    clocks: list[tuple[Clock, int | None, str]],
    cover: Cover,
) -> None:
    for e in conflicts:
        at = e.received
        cursor = await connection.execute(
            Q["add_conflict"],
            {
                "topic": at.topic,
                "partition": at.partition,
                "offset": at.offset,
                "publisher": e.publisher,
                "id": e.id,
                "raw": at.raw,
                "now": now,
            },
        )
        if cursor.rowcount == 1:
            task, clock = conflict_task(e, cover, now)
            if await keep_task(connection, now, task, None, e.publisher):
                clocks.append((clock, None, e.publisher))


async def _publishers_and_positions(
    connection: Connection, now: datetime, kept: Sequence[Kept], refused: Sequence[Refused], conflicts: Sequence[Event]
) -> None:
    received = [k.event.received for k in kept] + [r.received for r in refused] + [e.received for e in conflicts]
    if not received:
        return
    await connection.execute(Q["heard"], {"publishers": sorted({r.publisher for r in received}), "now": now})
    nexts: dict[tuple[str, int], int] = {}
    for r in received:
        nexts[(r.topic, r.partition)] = max(nexts.get((r.topic, r.partition), 0), r.offset + 1)
    await connection.execute(
        Q["position"],
        {
            "topics": [k[0] for k in nexts],
            "partitions": array(k[1] for k in nexts),
            "nexts": array(nexts.values()),
        },
    )
