"""Writes what follows from a batch: rows that are only added many at once, the few that change by name."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncCursor

from adapters.storage.adding import UUID_BYTES, Adding, ByCopy, Table, Together, as_uuid
from adapters.storage.connect import Connection, array, texts
from adapters.storage.lives import deaths_and_lives
from adapters.storage.sql import queries
from adapters.storage.turning import ladder, turn_clocks, written
from router.accept import Refused
from router.directory import Cover
from router.events import Event, pair_of, record_of, refusal_id
from router.ledger import Kept
from router.material import Material, record_key
from router.plan import BY_ITSELF, Clock, Delivery, Meets, Task
from router.put_aside import conflict_task, refusal_clock

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
_FEW_EVENTS = 8
"""Up to so many events of a batch are added by one statement: at a steady trickle the round trips of COPY are most of
an event's delay. With more the cost of each row counts, and COPY is the cheaper."""


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
    adding: Adding = Together(connection) if len(kept) <= _FEW_EVENTS else ByCopy(connection)
    if kept:
        await adding.rows(EVENT, (event_row(k, number(k.event), now) for k in kept))
        await _histories(adding, number, kept, material)
    deliveries = [(d, number(k.event)) for k in kept for d in k.plan.deliveries] + [(a, None) for a in answers]
    await keep_deliveries(connection, now, deliveries, adding=adding)
    await keep_clocks(adding, clocks)
    await _keep_files(adding, material)
    async with connection.pipeline():  # of these hardly any is asked for an answer: they share a round trip
        await adding.done()
        for k in kept:
            for task in k.plan.tasks:
                await add_task(connection, now, task, number(k.event), k.event.publisher)
        await _file_touched(connection, material)
        await _ends_and_withdrawals(connection, now, number, kept)
        await _publishers_and_positions(connection, now, kept, refused, conflicts)


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
    await _keep_files(ByCopy(connection), material)
    await _file_touched(connection, material)


async def _keep_files(adding: Adding, material: Material) -> None:
    if material.written:
        await adding.rows(FILE, ((n, v, orjson.dumps(file)) for (n, v), file in material.written.items()))


async def _file_touched(connection: Connection, material: Material) -> None:
    if not material.touched:
        return
    numbers = sorted(material.touched)
    versions = [material.versions[n] for n in numbers]
    people = [(p, d.get("nhs"), d.get("born"), n) for n in numbers for p, d in material.families[n]["people"].items()]
    people.sort(key=lambda row: row[1] is not None)  # a number that somebody bears no more is free for the next
    await file_people(connection, numbers, versions, people)
    if material.moved:
        moved = [(row[0], row[3]) for row in people if row[0] in material.moved]
        await connection.execute(Q["move_history"], {"ids": [m[0] for m in moved], "families": [m[1] for m in moved]})


async def file_people(
    connection: Connection,
    numbers: Sequence[int],
    versions: Sequence[int],
    people: Sequence[tuple[str, str | None, str | None, int]],
) -> None:
    """These versions of these families' files are the current ones; people as (id, NHS number, birth date, family)."""
    ids, nhs, born, families = ([row[i] for row in people] for i in range(4))
    asked = {"numbers": numbers, "versions": versions, "ids": ids, "nhs": nhs, "born": born, "families": families}
    await connection.execute(Q["write_families"], asked)


async def _histories(adding: Adding, number: Callable[[Event], int], kept: Sequence[Kept], material: Material) -> None:
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
        await connection.execute(Q["hand_back"], {"ids": [g[0] for g in gone]})
        await _take_from_the_queue(connection, [g[0] for g in gone], kept)
    if closes := [c for k in kept for c in k.plan.closes.items()]:
        tasks, reasons = (list(column) for column in zip(*closes, strict=True))
        await connection.execute(Q["close_tasks"], {"ids": tasks, "reasons": reasons, "by": BY_ITSELF, "now": now})
    if fates := [(number(k.event), k.plan) for k in kept if k.plan.died or k.plan.lives]:
        await deaths_and_lives(connection, now, fates)
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
                "publishers": texts(e.publisher for e in recorded),
                "records": texts(e.data.record_id or "" for e in recorded),
                "topics": texts(r.topic for r in at),
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
    nexts: dict[tuple[str, int], int] = {}
    for r in received:
        nexts[(r.topic, r.partition)] = max(nexts.get((r.topic, r.partition), 0), r.offset + 1)
    await connection.execute(
        Q["heard"],
        {
            "publishers": sorted({r.publisher for r in received}),
            "now": now,
            "topics": [k[0] for k in nexts],
            "partitions": array(k[1] for k in nexts),
            "nexts": array(nexts.values()),
        },
    )
