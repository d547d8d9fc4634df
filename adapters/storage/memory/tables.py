"""Tables whose changes can be undone, and the time that a test holds in its hands."""

import asyncio
from collections import UserDict
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from adapters.storage.records import (
    ClockRecord,
    ConflictRecord,
    Destination,
    IncidentRecord,
    RefusalRecord,
    TaskRecord,
)
from router.directory import Cover
from router.events import Event
from router.ledger import ReceiptIn
from router.past import Happening
from router.plan import Delivery, HandOn

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
_NOTHING = object()


class Hands:
    """Time that moves only when it is moved; calling it tells the time, as a ledger's clock must."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time now."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Move on; time never goes back."""
        if by < timedelta(0):
            raise ValueError("time does not go back")
        self.now += by


class Table(UserDict[K, V]):
    """A table of unchangeable rows; every write is noted, so that a transaction that fails leaves nothing behind."""

    def __init__(self, journal: list[tuple["Table[Any, Any]", Any, Any]]) -> None:
        self._journal = journal
        super().__init__()

    def __setitem__(self, key: K, row: V) -> None:
        self._journal.append((self, key, self.data.get(key, _NOTHING)))
        self.data[key] = row

    def __delitem__(self, key: K) -> None:
        self._journal.append((self, key, self.data[key]))
        del self.data[key]

    def add(self, key: K, row: V) -> None:
        """A new row. Raises KeyError where there is one already, as a primary key does."""
        if key in self.data:
            raise KeyError(f"there is a row already: {key}")
        self[key] = row


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event as it was kept: facts and decision as JSON, so that nothing in memory can change them later."""

    no: int
    event: Event
    facts: bytes
    decision: bytes
    policy: str
    considered: int
    outcomes: dict[str, int]
    accepted_at: datetime
    wanted: int
    present: int


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery; where it stands follows from `due`, `sent`, the attempts and the receipts."""

    delivery: Delivery
    no: int
    event_no: int | None
    kept_at: datetime
    because: str | None = None
    withdrawn_by: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """Who holds a lane, under which fence, until when."""

    owner: str
    fence: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One lane's part of one batch: sending → sent | failed | taken-over."""

    lane: int
    fence: int
    marked_at: datetime
    outcome: str = "sending"


class Store:
    """Every table of the ledger; one transaction at a time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._journal: list[tuple[Table[Any, Any], Any, Any]] = []
        self._lock = asyncio.Lock()
        self.numbers = count(1)
        self.new_families = count(1_000_001)
        j = self._journal
        self.covers: Table[int, Cover] = Table(j)
        self.families: Table[int, int] = Table(j)
        self.versions: Table[tuple[int, int], bytes] = Table(j)
        self.people: Table[str, tuple[str | None, str | None, int]] = Table(j)
        self.by_nhs: Table[str, str] = Table(j)
        self.happened: Table[str, tuple[tuple[int, Happening], ...]] = Table(j)
        self.inbox: Table[tuple[str, str], tuple[bytes, int]] = Table(j)
        self.events: Table[int, EventRow] = Table(j)
        self.records: Table[tuple[str, str, str], tuple[int, ...]] = Table(j)
        self.deliveries: Table[str, DeliveryRow] = Table(j)
        self.of_event: Table[int, tuple[str, ...]] = Table(j)
        self.due: Table[int, tuple[str, int]] = Table(j)
        self.lanes: Table[int, Lane] = Table(j)
        self.senders: Table[str, datetime] = Table(j)
        self.attempts: Table[int, Attempt] = Table(j)
        self.sent: Table[str, tuple[tuple[str, str | None], int, int]] = Table(j)
        self.last_sequence: Table[tuple[str, str | None], int] = Table(j)
        self.destinations: Table[str, Destination] = Table(j)
        self.clocks: Table[str, ClockRecord] = Table(j)
        self.clocks_of: Table[str | int | None, tuple[str, ...]] = Table(j)
        self.receipts: Table[tuple[str, str], ReceiptIn] = Table(j)
        self.hand_ons: Table[str, tuple[HandOn, ...]] = Table(j)
        self.read_at: Table[str, datetime] = Table(j)
        self.read_not_filed: Table[str, datetime] = Table(j)
        self.tasks: Table[str, TaskRecord] = Table(j)
        self.claims: Table[str, str] = Table(j)
        self.refusals: Table[str, RefusalRecord] = Table(j)
        self.conflicts: Table[tuple[str, int, int], ConflictRecord] = Table(j)
        self.incidents: Table[tuple[str, str, str], IncidentRecord] = Table(j)
        self.matches: Table[tuple[int, str], str] = Table(j)
        self.heard: Table[str, datetime] = Table(j)
        self.positions: Table[tuple[str, int], int] = Table(j)

    @property
    def cover(self) -> Cover:
        """The newest version of the directory's teams; an empty one where none was loaded."""
        return self.covers[max(self.covers)] if self.covers else Cover(0, (), ())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """All that is written inside is kept, or on any error nothing of it."""
        async with self._lock:
            try:
                yield
            except BaseException:
                for table, key, before in reversed(self._journal):
                    if before is _NOTHING:
                        table.data.pop(key, None)
                    else:
                        table.data[key] = before
                raise
            finally:
                self._journal.clear()


def later(moment: datetime, seconds: float) -> datetime:
    """So many seconds on."""
    return moment + timedelta(seconds=seconds)


def running(s: Store, about: str | int) -> list[ClockRecord]:
    """The clocks of a child, a delivery, a task or refusal, or (by its number) an event that nothing has ended."""
    return [row for id in s.clocks_of.get(about, ()) if (row := s.clocks[id]).state in ("running", "paused")]
