"""What the ledger holds when the demo is over: read once, for every table."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from psycopg.rows import class_row

from adapters.storage.reading import Reading, Which
from adapters.storage.rows import ClockRow, DeliveryRow, IncidentRow, ReceiptRow, RefusalRow, TaskRow
from deploy.demo.asked import ASKED
from deploy.demo.place import Place
from router.directory import Cover, PersonDoc
from router.plan import Verdict

EVERYTHING = 1_000_000


class EventHeld(NamedTuple):
    """One event with what was decided of it."""

    no: int
    id: str
    publisher: str
    type: str
    action: str
    happened_at: datetime
    accepted_at: datetime
    decision: Sequence[Verdict]
    considered: int
    told: int
    not_applicable: int
    withheld: int
    nobody_found: int


@dataclass
class Held:
    """Everything that came, was sent, was answered and is owed."""

    cover: Cover
    events: list[EventHeld]
    deliveries: list[DeliveryRow]
    receipts: list[ReceiptRow]
    clocks: list[ClockRow]
    """Those that ran out."""
    tasks: list[TaskRow]
    refusals: list[RefusalRow]
    incidents: list[IncidentRow]
    people: dict[str, PersonDoc] = field(default_factory=dict)

    @cached_property
    def summaries(self) -> list[DeliveryRow]:
        """What children's recipients were told."""
        return [d for d in self.deliveries if d.kind == "summary"]

    @cached_property
    def sent_of(self) -> dict[str, list[DeliveryRow]]:
        """Event → its summaries and withdrawals, in the order they were kept."""
        found: dict[str, list[DeliveryRow]] = defaultdict(list)
        for d in sorted(self.deliveries, key=lambda d: d.kept_at):
            if d.event is not None and d.kind != "escalation":
                found[d.event].append(d)
        return found

    @cached_property
    def clock_of(self) -> dict[str, ClockRow]:
        """Delivery → the clock on it that ran out."""
        return {c.delivery: c for c in self.clocks if c.delivery}


async def all_held(place: Place, since: datetime) -> Held:
    """Read everything; nothing is changed."""
    reading = Reading(place.ledger)
    deliveries = await reading.deliveries(
        Which(since=since, kinds=["summary", "withdrawal", "escalation"], limit=EVERYTHING)
    )
    rows = await (await place.ledger.execute(ASKED["events"])).fetchall()
    events = [EventHeld._make((*row[:7], [Verdict(*v) for v in orjson.loads(row[7])], *row[8:])) for row in rows]
    async with place.ledger.cursor(row_factory=class_row(ClockRow)) as cursor:
        await cursor.execute(ASKED["clocks"])
        clocks = [replace(c, fired=orjson.loads(c.fired)) for c in await cursor.fetchall()]
    held = Held(
        await reading.cover(),
        events,
        deliveries,
        await reading.receipts([d.id for d in deliveries]),
        clocks,
        await reading.tasks(closed=True, limit=EVERYTHING),
        await reading.refusals(closed=True, limit=EVERYTHING),
        await reading.incidents(EVERYTHING),
    )
    named = {d.child for d in deliveries} | {t.child for t in held.tasks}
    named |= {v.child for e in events for v in e.decision}
    held.people = await _people(place, [pid for pid in named if pid])
    return held


async def _people(place: Place, people: list[str]) -> dict[str, PersonDoc]:
    """These people and everybody else of their families."""
    rows: list[tuple[str, Any]] = await (await place.ledger.execute(ASKED["people"], {"people": people})).fetchall()
    return {pid: doc for _, family in rows for pid, doc in orjson.loads(family)["people"].items()}
