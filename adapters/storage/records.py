"""What people read of a ledger, and the state a delivery is in: the same whichever ledger kept it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from contracts.problems import Problem
from router.ledger import ReceiptIn
from router.plan import Clock, Delivery, Task
from router.receipts import LADDER

Work = Literal["delivery", "task", "refusal"]
"""What a named person can claim; tasks and refusals are also closed, with a reason."""


UNSENT = "withdrawn-before-sending"
"""The state of what was replaced or cancelled while it waited, and of its withdrawal: nobody is sent either."""


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One delivery, and how far it has come."""

    delivery: Delivery
    no: int
    event: str | None
    """The id of its event; None for an answer to a batch."""
    state: str
    """kept, held, sending, a rung of the receipt ladder from sent on, failed, not-ours, replaced or UNSENT."""
    sequence: int | None
    """Given when it was first sent; never changed by a re-send."""
    kept_at: datetime
    because: str | None
    """Why the event was decided again: not-ours, match, nobody-found."""
    due: datetime | None
    """By when it was to be answered; None where no clock on it runs."""
    claimed_by: str | None


class Rang(NamedTuple):
    """One rung that fired."""

    rung: int
    at: datetime
    owner: str | None
    """Who was told; None where the directory had nobody."""
    delivery: str | None


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """One clock, running or ended: running (paused) → met | exhausted | stopped."""

    clock: Clock
    event_no: int | None
    """The event that started it; None for a refusal's or a task's of no event."""
    event: str | None
    publisher: str
    rung: int
    due: datetime
    state: str = "running"
    ended_how: str | None = None
    fired: tuple[Rang, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """One task for a person: open → claimed → closed."""

    task: Task
    publisher: str
    raised_at: datetime
    event_no: int | None = None
    state: str = "open"
    claimed_by: str | None = None
    closed_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RefusalRecord:
    """A record that was not accepted: open → claimed → mended | closed. Its bytes are not shown with it."""

    id: str
    publisher: str
    topic: str
    partition: int
    offset: int
    problems: tuple[Problem, ...]
    event_id: str | None
    event_type: str | None
    record_id: str | None
    received_at: datetime
    state: str = "open"
    claimed_by: str | None = None
    closed_by: str | None = None
    reason: str | None = None


class ConflictRecord(NamedTuple):
    """One event id with two bodies: the second, kept and not routed."""

    publisher: str
    event: str
    topic: str
    partition: int
    offset: int
    at: datetime
    raw: bytes


class IncidentRecord(NamedTuple):
    """Something that must be looked into: wrong-place, not-your-delivery, unknown-delivery, no-such-action, failed."""

    kind: str
    delivery: str
    team: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """One place that deliveries go to, when it is paused or backing off."""

    team: str
    paused_by: str | None = None
    paused_reason: str | None = None
    paused_at: datetime | None = None
    hold_until: datetime | None = None
    failures: int = 0
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Whether everything accepted is accounted for; `faults` is empty when it is."""

    events: int
    considered: int
    outcomes: Mapping[str, int]
    """told, not-applicable, withheld, nobody-found → rows that ended so; their sum is `considered`."""
    deliveries: Mapping[str, int]
    """state → deliveries in it."""
    faults: tuple[str, ...]
    """Each a sentence with ids and counts, and nobody's name."""


@dataclass(frozen=True, slots=True)
class RecipientSeen:
    """One team in a period, of the summaries it was told then."""

    team: str
    told: int
    sent: int
    received: int
    """Any answer came, a system's or a person's."""
    acknowledged: int
    """A person has seen it."""
    filed: int
    """With a reference to the record."""
    acted: int
    not_ours: int
    failed: int
    not_filed: int
    """Acknowledged, and neither filed nor acted upon."""
    late: int
    """A rung of a clock on it has fired."""
    overdue: int
    """A clock on it has run out, and is not met to this moment."""
    wanted: int
    present: int
    """Of so many marks of quality of what it was told, so many were there."""
    read_after: float | None
    """Half of those read were read within so many seconds."""


@dataclass(frozen=True, slots=True)
class PublisherSeen:
    """One publisher in a period, with what followed from what it sent."""

    publisher: str
    accepted: int
    refused: int
    unmended: int
    """Of the refused, those that nobody has corrected or closed."""
    told: int
    sent: int
    received: int
    acknowledged: int
    filed: int
    overdue: int
    """Clocks that its events started, run out and not met to this moment."""
    wanted: int
    present: int


class NotFiled(NamedTuple):
    """A summary that a person has acknowledged, and nobody has filed or acted upon."""

    delivery: str
    team: str
    since: datetime
    type: str | None
    publisher: str | None


def is_filed(receipts: Iterable[ReceiptIn]) -> bool:
    """Whether a receipt names the record that a summary was filed in (F31)."""
    return any(r.state == "filed" or (r.state == "acted" and r.record_ref) for r in receipts)


def state_of(transport: str, withdrawn: bool, receipts: Iterable[ReceiptIn]) -> str:
    """A delivery's state from what its channel and its receipts say, in whatever order they came.

    `transport` is kept, held, sending, sent or UNSENT. What a newer version replaced is replaced, whoever has seen it;
    *failed* is said of one that its recipient could not take and nobody has seen since."""
    if withdrawn:
        return UNSENT if transport == UNSENT else "replaced"
    said = {r.state for r in receipts}
    if "not-ours" in said:
        return "not-ours"
    if seen := said & set(LADDER[LADDER.index("acknowledged") :]):
        return max(seen, key=LADDER.index)
    if "failed" in said:
        return "failed"
    return max({transport} | said, key=LADDER.index) if transport == "sent" else transport


def gaps_in(numbers: Iterable[int]) -> list[int]:
    """The numbers missing from 1 up to the highest given."""
    given = set(numbers)
    return [n for n in range(1, max(given, default=0) + 1) if n not in given]
