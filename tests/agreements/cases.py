"""A ledger under test, and what the agreements need beside it: time in the test's hands, a directory, what it shows."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from adapters.storage.memory import Hands
from adapters.storage.records import NotFiled, PublisherSeen, RecipientSeen
from router.asked import AskedRows
from router.chronicle import Chronicle
from router.deliver import Sender
from router.directory import Cover
from router.escalate import Fired, escalate
from router.events import Received
from router.policy.book import Book
from router.receipts import Answers, take_receipts
from router.take import Taken, take_in
from tests.agreements.books import BOOK
from tests.story_events import Said
from tests.story_inboxes import Inboxes
from tests.story_people import MORNING, Family, Json, Person
from tests.story_teams import directory


class Ended(Exception):
    """A process was killed."""


class SeenDelivery(NamedTuple):
    """A delivery as both ledgers show it."""

    id: str
    kind: str
    child: str | None
    team: str
    event: str | None
    state: str
    sequence: int | None
    because: str | None
    claimed_by: str | None


class SeenClock(NamedTuple):
    """A clock as both ledgers show it."""

    id: str
    delivery: str | None
    task: str | None
    state: str
    rung: int
    due: datetime
    how: str | None
    rang: tuple[str | None, ...]
    """Who was told, rung by rung."""


class SeenTask(NamedTuple):
    """A task as both ledgers show it."""

    id: str
    kind: str
    owner: str
    state: str
    claimed_by: str | None
    closed_by: str | None
    reason: str | None


class SeenRefusal(NamedTuple):
    """A refused record as both ledgers show it."""

    id: str
    publisher: str
    record_id: str | None
    codes: tuple[str, ...]
    state: str
    claimed_by: str | None


class Case(ABC):
    """One ledger, empty but for a directory of the story teams, and everything around it."""

    ledger: Any

    def __init__(self) -> None:
        self.hands = Hands(MORNING)
        self.inboxes = Inboxes()
        self._offsets: dict[str, int] = {}

    # The ledger's own ways

    @abstractmethod
    async def another(self) -> Any:
        """The same ledger as another process holds it: nothing remembered beside what is kept."""

    @abstractmethod
    async def load(self, *families: Family, teams: Json | None = None) -> None:
        """Put these into the directory."""

    @abstractmethod
    async def lapse(self, seconds: float) -> None:
        """Let leases and back-offs of so many seconds run out."""

    @abstractmethod
    async def deliveries(self) -> list[SeenDelivery]:
        """All, in the order they were kept."""

    @abstractmethod
    async def clocks(self) -> list[SeenClock]:
        """All, the earliest started first."""

    @abstractmethod
    async def asked(self, reference: str, book: Book) -> AskedRows:
        """Who was asked under a reference, and what came back."""

    @abstractmethod
    async def cover(self) -> Cover:
        """The directory's teams now."""

    @abstractmethod
    async def turned(self) -> list[list[tuple[str, datetime, str | None]]]:
        """What turned each clock that can be turned: what, when, why."""

    @abstractmethod
    async def tasks(self) -> list[SeenTask]:
        """All, closed ones included."""

    @abstractmethod
    async def refusals(self) -> list[SeenRefusal]:
        """All, mended and closed ones included."""

    @abstractmethod
    async def incidents(self) -> list[tuple[str, str | None, str | None]]:
        """Kind, delivery and team of all."""

    @abstractmethod
    async def conflicts(self) -> list[tuple[str, str]]:
        """Publisher and event id of all."""

    @abstractmethod
    async def in_conflict(self, task: str) -> tuple[bytes | None, bytes] | None:
        """What was routed, and what came under the same id, of the task that asks which is true."""

    @abstractmethod
    async def file(self, person: Person) -> Json:
        """Somebody's place in the directory as it is now."""

    @abstractmethod
    async def claim(self, work: str, id: str, who: str) -> tuple[bool, str | None]:
        """Whether this person has it now, and who has it."""

    @abstractmethod
    async def give_back(self, work: str, id: str, who: str) -> bool:
        """Whether it was theirs."""

    @abstractmethod
    async def close(self, work: str, id: str, who: str, reason: str) -> bool:
        """Whether it could be closed."""

    @abstractmethod
    async def pause(self, team: str, who: str) -> None:
        """Hold what goes there."""

    @abstractmethod
    async def resume(self, team: str) -> None:
        """Send on."""

    @abstractmethod
    async def decide_again(
        self, task: str, *, person: str | None = None, team: str | None = None, book: Book = BOOK
    ) -> None:
        """A person closes a task with what they know, and the event is decided again."""

    @abstractmethod
    async def reconcile(self) -> tuple[int, int, int, list[str]]:
        """Events, rows considered, the sum of their outcomes, and what does not hold."""

    @abstractmethod
    async def recipients(self, since: datetime | None = None, until: datetime | None = None) -> list[RecipientSeen]:
        """What each team was told in a period."""

    @abstractmethod
    async def publishers(self, since: datetime | None = None, until: datetime | None = None) -> list[PublisherSeen]:
        """What each publisher sent in a period."""

    @abstractmethod
    async def read_not_filed(self, before: datetime) -> list[NotFiled]:
        """What was acknowledged by then and is not filed."""

    @abstractmethod
    async def chronicle(self, child: str) -> Chronicle | None:
        """Everything about a child."""

    # What the router does with it

    def records(self, *said: Said | bytes, by: str = "ed") -> list[Received]:
        """As they come from their publishers' topics, one after the other."""
        out = []
        for one in said:
            if isinstance(one, bytes):
                publisher, raw = by, one
            else:
                publisher = one.by or by
                source = next(p["source"] for p in directory()["publishers"] if p["id"] == publisher)
                raw = orjson.dumps({"source": source, "time": self.hands.now.isoformat(), **one.event})
            offset = self._offsets[publisher] = self._offsets.get(publisher, -1) + 1
            out.append(Received(publisher, raw, b"k", f"events.{publisher}", 0, offset))
        return out

    async def publish(self, *said: Said | bytes, by: str = "ed", book: Book | None = None) -> Taken:
        """Take these in as one batch."""
        return await take_in(self.records(*said, by=by), self.ledger, book or BOOK)

    def sender(self, name: str = "one", ledger: Any = None, lease_seconds: float = 15.0) -> Sender:
        """A delivery worker."""
        return Sender(name, ledger or self.ledger, self.inboxes, lease_seconds=lease_seconds)

    async def send_all(self, name: str = "one") -> None:
        """A delivery worker sends all that is due, and gives its lanes back."""
        sender = self.sender(name)
        await sender.renew()
        while await sender.round():
            pass
        await sender.stop()

    async def answer(
        self,
        team: str,
        delivery: str,
        state: str,
        *,
        id: str,
        kind: str = "person",
        again: Received | None = None,
        book: Book = BOOK,
        **said: Any,
    ) -> Answers:
        """A receipt comes in."""
        record = again or self.receipt(team, delivery, state, id=id, kind=kind, **said)
        return await take_receipts([record], self.ledger, book)

    async def end_after(self, border: str, record: Received) -> None:
        """A receipt comes in, and its router ends at this border."""

        def ends(passed: str) -> None:
            if passed == border:
                raise Ended

        with suppress(Ended):
            await take_receipts([record], self.ledger, BOOK, ends)

    def receipt(self, team: str, delivery: str, state: str, *, id: str, kind: str = "person", **said: Any) -> Received:
        """A receipt as it comes on its team's topic; `id` is a digit or two."""
        needed: Json = {"filed": {"record_ref": "r-1"}, "acted": {"outcome": "follow-up-recorded"}}.get(state, {})
        who = {"name": "H. Cole", "role": "nurse", "organisation": "RYW", "kind": kind}
        at = self.hands.now.isoformat()
        raw = orjson.dumps(
            {
                "specversion": "1.0",
                "id": f"00000000-0000-4000-8000-{int(id):012d}",
                "type": "receipt-1",
                "time": at,
                "source": f"https://sharewell.example/teams/{team}",
                "data": {"delivery_id": delivery, "state": state, "at": at, "by": who, **needed, **said},
            }
        )
        offset = self._offsets[team] = self._offsets.get(team, -1) + 1
        return Received(team, raw, None, f"receipts.{team}", 0, offset)

    async def fire(self, **by: float) -> Fired:
        """Time goes on, and the clock worker goes round once."""
        self.hands.advance(timedelta(**by))
        return await escalate(self.ledger)

    # What is asked about it

    async def summaries(self, team: str | None = None) -> list[SeenDelivery]:
        """The summaries, to this team or to all."""
        return [d for d in await self.deliveries() if d.kind == "summary" and team in (None, d.team)]

    async def summary(self, team: str) -> SeenDelivery:
        """The only summary to this team."""
        (one,) = await self.summaries(team)
        return one

    async def clock_of(self, delivery: SeenDelivery) -> SeenClock:
        """The only clock on a delivery."""
        (one,) = [c for c in await self.clocks() if c.delivery == delivery.id]
        return one

    async def open_tasks(self) -> list[SeenTask]:
        """Tasks that nobody has closed."""
        return [t for t in await self.tasks() if t.state != "closed"]

    async def everything(self) -> Sequence[Any]:
        """All that there is to see: to tell that nothing has changed."""
        return [
            await self.deliveries(),
            await self.clocks(),
            await self.tasks(),
            await self.refusals(),
            await self.incidents(),
            await self.conflicts(),
        ]
