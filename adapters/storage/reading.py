"""What people read of the ledger: the log, queues, tasks, refusals, a child's story. Nothing here changes anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, LiteralString, TypeVar
from uuid import UUID

import orjson
from psycopg.rows import class_row

from adapters.storage.connect import Connection
from adapters.storage.intake import Clock, CoverShelf, now
from adapters.storage.records import UNSENT
from adapters.storage.rows import (
    AttemptRow,
    ClockRow,
    DeliveryRow,
    DestinationRow,
    EventRow,
    IncidentRow,
    QueueRow,
    ReceiptRow,
    RefusalRow,
    TaskRow,
)
from adapters.storage.sql import queries
from router.directory import Cover, FamilyDoc
from router.events import Event, Received
from router.explain import restored
from router.facts import Facts

Q, INTAKE = queries("reading"), queries("intake")
Thing = Literal["delivery", "event", "task", "refusal", "person"]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Which:
    """Which deliveries to read; what is None does not narrow."""

    ids: Sequence[str] | None = None
    event_no: int | None = None
    team: str | None = None
    children: Sequence[str] | None = None
    publisher: str | None = None
    kinds: Sequence[str] | None = None
    states: Sequence[str] | None = None
    since: datetime | None = None
    before: datetime | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event as it came, its facts as they were, and what was decided then."""

    no: int
    event: Event
    facts: Facts
    decision: Sequence[Sequence[Any]]
    policy: str


_RARE = frozenset({"kept", "held", "sending", "failed", "not-ours"})
_ANSWERED = frozenset({"acknowledged", "filed", "acted", "collected", "validated", "matched"})
_WITHDRAWN = frozenset({"replaced", UNSENT})
_UNSENT = frozenset({"lost", UNSENT})
_PIECE = 2_000
"""Deliveries that are looked at first, where a state is asked for."""
_NO_STATE: Mapping[str, Any] = {
    "numbers": None,
    "above": None,
    "below": None,
    "answered": False,
    "withdrawn": False,
    "unsent": False,
}


class Reading:
    """All reading over one connection; `clock` replaces the database's time in stepped time."""

    def __init__(self, connection: Connection, clock: Clock = None, shelf: CoverShelf | None = None) -> None:
        self._connection, self._clock, self._shelf = connection, clock, shelf or CoverShelf()

    async def now(self) -> datetime:
        """The one `now`."""
        return await now(self._connection, self._clock)

    async def cover(self) -> Cover:
        """The newest teams and publishers."""
        return await self._shelf.newest(self._connection)

    async def find(self, thing: Thing, prefix: str) -> list[str]:
        """At most three things whose id begins so (of an event its number); none for what begins no UUID."""
        digits = prefix.replace("-", "").lower()
        if not 4 <= len(digits) <= 32 or not all(d in "0123456789abcdef" for d in digits):
            return []
        low, high = str(UUID(digits.ljust(32, "0"))), str(UUID(digits.ljust(32, "f")))
        return [row[0] for row in await self._all(f"find_{thing}", {"low": low, "high": high})]

    async def deliveries(self, which: Which) -> list[DeliveryRow]:
        """Newest first. Without any narrowing the newest are looked at piece by piece, whatever they came of: an alert
        of an old event, or of a refused record, is as new as it is."""
        wide = replace(which, limit=0, kinds=None) == Which(limit=0)
        asked: dict[str, Any] = {name: getattr(which, name) for name in which.__dataclass_fields__}
        asked |= _NO_STATE
        if wide:
            return await self._piece_by_piece(asked, which.limit)
        if which.states is None:
            return await self._rows(DeliveryRow, "deliveries", asked)
        return await self._in_states(asked, frozenset(which.states), which.limit)

    async def _in_states(self, asked: Mapping[str, Any], states: frozenset[str], limit: int) -> list[DeliveryRow]:
        """Newest first, piece by piece until there are enough: a state is reckoned for each delivery looked at.

        Of those in a rare state the numbers are found first; of others ever longer pieces of all are looked at."""
        rows: list[DeliveryRow] = []
        if states <= _RARE:
            numbers = [row[0] for row in await self._all("in_rare_states", asked)]
            for at in range(0, len(numbers), _PIECE):
                piece = {**asked, "numbers": numbers[at : at + _PIECE]}
                rows += await self._rows(DeliveryRow, "deliveries", piece)
                if len(rows) >= limit:
                    break
            return rows[:limit]
        narrow = {"answered": states <= _ANSWERED, "withdrawn": states <= _WITHDRAWN, "unsent": states <= _UNSENT}
        return await self._piece_by_piece({**asked, **narrow}, limit)

    async def _piece_by_piece(self, asked: Mapping[str, Any], limit: int) -> list[DeliveryRow]:
        rows: list[DeliveryRow] = []
        below, length = (await self._all("newest_number", {}))[0][0], _PIECE
        while below > 0 and len(rows) < limit:
            rows += await self._rows(DeliveryRow, "deliveries", {**asked, "above": below - length, "below": below})
            below, length = below - length, length * 8
        return rows[:limit]

    async def attempts(self, ids: Sequence[str]) -> list[AttemptRow]:
        """Every try, the oldest first."""
        return await self._rows(AttemptRow, "attempts", {"ids": list(ids)})

    async def receipts(self, ids: Sequence[str]) -> list[ReceiptRow]:
        """What was answered, in the order it came."""
        return await self._rows(ReceiptRow, "receipts", {"ids": list(ids)})

    async def queue(self, team: str, limit: int = 50) -> list[QueueRow]:
        """What waits for a person of this team, due first."""
        return await self._rows(QueueRow, "queue", {"team": team, "limit": limit})

    async def message(self, delivery: str) -> tuple[dict[str, Any], str, str | None] | None:
        """A delivery's message with its sequence number where it has one, its team and its child."""
        rows = await self._all("body", {"id": delivery})
        if not rows:
            return None
        body, sequence, team, _, child = rows[0]
        message: dict[str, Any] = orjson.loads(body)
        return {**({"sequence": f"{sequence:012d}"} if sequence else {}), **message}, team, child

    async def withdrawn_by(self, withdrawal: Mapping[str, Any]) -> dict[str, Any] | None:
        """The message that this one takes back; nothing where its content is gone under the retention rule."""
        first = await self.message(withdrawal["data"]["withdraws"])
        return first[0] if first is not None and "type" in first[0] else None

    async def tasks(
        self,
        *,
        id: str | None = None,
        owner: str | None = None,
        kind: str | None = None,
        child: str | None = None,
        closed: bool = False,
        limit: int = 200,
    ) -> list[TaskRow]:
        """Tasks, those whose clock is due first at the top."""
        asked = {"id": id, "owner": owner, "kind": kind, "child": child, "closed": closed, "limit": limit}
        return await self._rows(TaskRow, "tasks", asked)

    async def refusals(
        self,
        *,
        id: str | None = None,
        publisher: str | None = None,
        code: str | None = None,
        since: datetime | None = None,
        closed: bool = False,
        limit: int = 200,
    ) -> list[RefusalRow]:
        """Refused records without their bytes, the oldest first."""
        asked = {"id": id, "publisher": publisher, "code": code, "since": since, "closed": closed, "limit": limit}
        found = await self._rows(RefusalRow, "refusals", asked)
        return [replace(r, problems=orjson.loads(r.problems)) for r in found]

    async def refused(self, ids: Sequence[str]) -> list[tuple[str, Received]]:
        """Refused records as they came, the oldest first: content, shown to nobody without a reason."""
        return [
            (id, Received(publisher, bytes(raw) if raw is not None else None, None, topic, partition, offset))
            for id, publisher, topic, partition, offset, raw in await self._all("refused_bytes", {"ids": list(ids)})
        ]

    async def destinations(self) -> list[DestinationRow]:
        """Places with a backlog, paused, or failing."""
        return await self._rows(DestinationRow, "destinations", {})

    async def incidents(self, limit: int = 50) -> list[IncidentRow]:
        """What must be looked into, newest first."""
        return await self._rows(IncidentRow, "incidents", {"limit": limit})

    async def clocks(self, *, child: str | None = None, event_no: int | None = None) -> list[ClockRow]:
        """Clocks of a child or of an event, in the order they started."""
        found = await self._rows(ClockRow, "clocks", {"child": child, "event_no": event_no})
        return [
            replace(c, steps=orjson.loads(c.steps), fired=orjson.loads(c.fired), turned=orjson.loads(c.turned))
            for c in found
        ]

    async def events_of(self, child: str) -> list[EventRow]:
        """The events about a child, oldest first."""
        return await self._rows(EventRow, "events_of_child", {"child": child})

    async def child_of_number(self, nhs: str) -> list[str]:
        """The person an NHS number belongs to, if the directory knows it."""
        return [row[0] for row in await self._all("by_number", {"nhs": nhs})]

    async def person(self, person: str) -> Mapping[str, Any] | None:
        """A person's place in the family's file today."""
        rows = await self._all("person", {"person": person})
        family: FamilyDoc | None = orjson.loads(rows[0][0]) if rows else None
        return family["people"].get(person) if family else None

    async def had_work(self, team: str) -> bool:
        """Whether anything was ever for a team of this name: one that was closed is known by that alone."""
        return bool((await self._all("had_work", {"team": team}))[0][0])

    async def kept_event(self, no: int) -> KeptEvent | None:
        """An event and its facts as they were, from the versions that its snapshot names; None where it is gone."""
        rows = await self._all("event_bodies", {"no": no})
        if not rows or not rows[0][5]:
            return None
        _, publisher, topic, partition, offset, raw, facts, decision, policy, _ = rows[0]
        snapshot = orjson.loads(facts)
        versions = snapshot["families"]
        asked = {"families": [int(f) for f in versions], "versions": list(versions.values())}
        cursor = await self._connection.execute(INTAKE["family_versions"], asked)
        families: dict[int, FamilyDoc] = {number: orjson.loads(doc) for number, doc in await cursor.fetchall()}
        cover = await self._shelf.version(self._connection, snapshot["cover"])
        record = Received(publisher, bytes(raw), None, topic, partition, offset)
        event, restored_facts = restored(record, snapshot, cover, families)
        return KeptEvent(no, event, restored_facts, orjson.loads(decision), policy)

    async def _all(self, name: str, asked: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(Q[name], asked)).fetchall()

    async def _rows(self, kind: type[R], name: LiteralString, asked: Mapping[str, Any]) -> list[R]:
        async with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            await cursor.execute(Q[name], asked)
            return await cursor.fetchall()
