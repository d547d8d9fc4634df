"""What is remembered, as the steps need it: one protocol that PostgreSQL and the memory of the tests both keep."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

from router.accept import Refused
from router.directory import Cover, FamilyDoc, PersonDoc
from router.events import Event
from router.facts import Facts
from router.material import Material
from router.plan import Clock, Delivery, Plan, Task


class TryAgain(Exception):
    """What was read is no longer so (a family moved between look-up and lock): the transaction starts anew."""


class Kept(NamedTuple):
    """One event with everything that follows from it."""

    event: Event
    facts: Facts
    plan: Plan


@dataclass(slots=True)
class Claim:
    """How the events of a batch stand in the inbox: new, seen before, or the same id with another body."""

    fresh: list[Event] = field(default_factory=list)
    seen: list[Event] = field(default_factory=list)
    conflicts: list[Event] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    """Refusals (and conflicts) that are new: a record that is read again is answered once."""


class Taking(Protocol):
    """One transaction of the router: claim, gather under the families' locks, keep."""

    now: datetime

    async def claim(self, events: Sequence[Event], refused: Sequence[Refused] = ()) -> Claim:
        """Put the events into the inbox: each is new, seen before, or in conflict; and which refusals are new."""
        ...

    async def gather(self, events: Sequence[Event]) -> Material:
        """Lock the families concerned, in order, and read what is known. Raises TryAgain."""
        ...

    async def refuse(self, refused: Sequence[Refused]) -> list[Refused]:
        """Take these events of this batch for refused after all: their ids are free again. Those that are new."""
        ...

    async def keep(
        self,
        kept: Sequence[Kept],
        material: Material,
        refused: Sequence[Refused],
        answers: Sequence[Delivery],
        conflicts: Sequence[Event],
    ) -> None:
        """Write all that follows from the batch."""
        ...


class Due(NamedTuple):
    """One delivery that may be sent now."""

    no: int
    id: str
    lane: int
    team: str
    child: str | None
    kind: str
    body: bytes
    attempts: int


class Numbered(NamedTuple):
    """A delivery marked *sending*, with the sequence number its fenced sender gave it."""

    due: Due
    sequence: int
    marked_at: datetime
    """When this try was marked, by the ledger's clock: a sender's own may be off."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A lane held by a worker; every later write checks the fence."""

    lane: int
    fence: int


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A delivery left in *sending* by a worker that went away."""

    attempt: int
    unsure_since: datetime
    """When the first try that may have arrived was marked; the last one is in `numbered`."""
    numbered: Numbered


class Outbox(Protocol):
    """The delivery worker's side of the ledger."""

    async def lease(self, worker: str, seconds: float, want: int) -> list[Lease]:
        """Renew what this worker holds and take free lanes, up to `want`; the answer is all it holds now."""
        ...

    async def release(self, worker: str) -> None:
        """Give all lanes back at once."""
        ...

    async def unresolved(self, leases: Sequence[Lease]) -> list[Unresolved]:
        """What earlier owners of these lanes left in *sending*."""
        ...

    async def resolve(
        self, leases: Sequence[Lease], arrived: Sequence[Unresolved], missing: Sequence[Unresolved]
    ) -> None:
        """Settle what was left: what arrived is sent, what is missing goes back with its number."""
        ...

    async def due(self, leases: Sequence[Lease], limit: int) -> list[Due]:
        """A look at what is due in these lanes; nothing is taken."""
        ...

    async def begin(
        self, leases: Sequence[Lease], limit: int, only: Sequence[Due] | None = None
    ) -> tuple[list[int], list[Numbered]]:
        """Take what is due in these lanes (or `only` these of it), number it, mark it *sending*: committed on return.

        Answers the attempts and the numbered rows, in the order to send them; of a lane whose fence has moved none."""
        ...

    async def mark_sent(self, attempts: Sequence[int]) -> None:
        """These attempts arrived; of a lane whose fence has moved nothing is written."""
        ...

    async def mark_failed(self, attempts: Sequence[int], failed: Sequence[Numbered], error: str) -> None:
        """The attempts ended in failure; `failed` go back to the queue with their numbers kept."""
        ...

    async def hold_back(self, team: str, seconds: float, error: str) -> None:
        """Back off from a destination that refuses or is away."""
        ...


@dataclass(frozen=True, slots=True)
class Firing:
    """A clock that has run out, with what the climb needs to know."""

    clock: Clock
    rung: int
    event_id: str
    publisher: str
    child_doc: PersonDoc | None
    """The child's place as it stands now (`now_standing`)."""
    withheld: bool = False
    """Whether the event that started the clock says that whereabouts are withheld; the directory may not know it."""


@dataclass(frozen=True, slots=True)
class Climb:
    """What firing one rung brings about."""

    firing: Firing
    delivery: Delivery | None
    tasks: tuple[Task, ...]
    clocks: tuple[Clock, ...]
    next_due: datetime | None
    """When the next rung fires; None after the last."""


ONE_AT_A_TIME = frozenset({"silent-publisher", "not-filed"})
"""Kinds of task of which a publisher, or a team, has one open at most."""


class Clocks(Protocol):
    """The clock worker's side: fire each rung once."""

    def firing(self, limit: int) -> AbstractAsyncContextManager["FiringWork"]:
        """One transaction that holds the clocks due now, at most `limit` of them."""
        ...

    async def silent_publishers(self) -> list[tuple[str, datetime]]:
        """Every publisher that was ever heard, and when last."""
        ...

    async def not_filed(self, before: datetime) -> list[tuple[str, int, datetime]]:
        """Teams of which a person read something by then and nobody filed it: how many, and since when the first."""
        ...

    async def raise_task(self, task: Task, clock: Clock, publisher: str) -> bool:
        """Keep a task and its clock unless the same is already open; whether it was new."""
        ...


class FiringWork(Protocol):
    """One transaction: the clocks that are due, locked, and what became of them."""

    now: datetime
    cover: Cover
    due: Sequence[Firing]

    async def keep(self, climbs: Sequence[Climb]) -> None:
        """Advance each clock from the rung that was read, with all that follows."""
        ...


@dataclass(frozen=True, slots=True)
class ReceiptIn:
    """A receipt that passed its contract, from the team whose topic it came on."""

    id: str
    team: str
    delivery: str
    state: str
    at: datetime
    by_name: str
    by_role: str
    by_organisation: str
    by_kind: str
    record_ref: str | None = None
    outcome: str | None = None
    hint_team: str | None = None
    hint_service: str | None = None
    """Where it says no team: kept and shown beside what was answered, and followed by nobody but a person."""
    note: str | None = None
    action: str | None = None
    """The one agreed action that it speaks of; None: all that the delivery asks."""


Answered = Literal["kept", "seen", "unknown-delivery", "not-your-delivery"]


@dataclass(frozen=True, slots=True)
class ReceiptKept:
    """What became of one receipt; `reroute` names the event and child to decide again (not ours)."""

    receipt: ReceiptIn
    answer: Answered
    reroute: "Reroute | None" = None
    waited: float | None = None
    """Seconds since the delivery was kept."""


@dataclass(frozen=True, slots=True)
class Reroute:
    """An event to be decided again for one child, because a person said something new."""

    event_no: int
    child: str | None
    service: str | None
    why: str
    """not-ours, match or nobody-found."""
    delivery: str | None = None
    team: str | None = None
    """The team that said the child is not theirs."""
    hint: str | None = None
    """The team it should be, as far as somebody said."""


class Receipts(Protocol):
    """The receipts' side: keep each once, end the clocks it meets."""

    async def keep_receipts(self, receipts: Sequence[ReceiptIn], refused: Sequence[Refused]) -> list[ReceiptKept]:
        """Keep every receipt once, and end the clocks it meets."""
        ...

    def again(self, reroute: Reroute) -> AbstractAsyncContextManager["Again"]:
        """One transaction in which an event is decided again."""
        ...


class Again(Protocol):
    """One transaction in which an event is decided again, under its families' locks."""

    event: Event
    material: Material
    sent: frozenset[tuple[str | None, str]]
    """(child, team) that already had it."""
    before: Mapping[int, FamilyDoc]
    """The files as they were when the event was first decided."""

    async def keep(self, plan: Plan, because: str) -> None:
        """Keep what is new of the plan, with why it was decided again."""
        ...


@dataclass(frozen=True, slots=True)
class Bodies:
    """What `explain` reads: the event as received and the facts as kept."""

    no: int
    event: Event
    facts: Facts
    decision: Mapping[str, Any]
    families: Mapping[int, FamilyDoc]
