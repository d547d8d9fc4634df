"""Writes what follows from a batch: rows that are only added, endings, tasks, whose file changed, what was refused."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson
from psycopg import AsyncCursor

from adapters.storage.adding import Adding, ByCopy, Together
from adapters.storage.batch_rows import EVENT, event_row, keep_clocks, keep_deliveries, keep_files, keep_histories
from adapters.storage.connect import Connection, array
from adapters.storage.endings import keep_ends
from adapters.storage.sql import queries
from router.accept import Refused
from router.directory import Cover
from router.events import Event, refusal_id
from router.ledger import Kept
from router.material import Material
from router.plan import Clock, Delivery, Task
from router.put_aside import conflict_task, refusal_clock

Q = queries("intake")

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
        await keep_histories(adding, number, kept, material)
    deliveries = [(d, number(k.event)) for k in kept for d in k.plan.deliveries] + [(a, None) for a in answers]
    await keep_deliveries(connection, now, deliveries, adding=adding)
    await keep_clocks(adding, clocks)
    await keep_files(adding, material)
    async with connection.pipeline():  # of these hardly any is asked for an answer: they share a round trip
        await adding.done()
        for k in kept:
            for task in k.plan.tasks:
                await add_task(connection, now, task, number(k.event), k.event.publisher)
        await _file_touched(connection, material)
        await keep_ends(connection, now, number, kept)
        await _publishers_and_positions(connection, now, kept, refused, conflicts)


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
    await keep_files(ByCopy(connection), material)
    await _file_touched(connection, material)


async def _file_touched(connection: Connection, material: Material) -> None:
    if not material.touched:
        return
    numbers = sorted(material.touched)
    versions = [material.versions[n] for n in numbers]
    people = [(p, d.get("nhs"), d.get("born"), n) for n in numbers for p, d in material.families[n]["people"].items()]
    # a number that somebody bears no more is free for the next: its bearer, and then whoever is known by the old one
    people.sort(key=lambda row: (row[1] is not None, "same_as" in material.families[row[3]]["people"][row[0]]))
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
