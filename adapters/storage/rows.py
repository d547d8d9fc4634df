"""What the command line reads of the ledger, a row each; field names are the keys of `--json`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery and how far it has come; of its content nothing."""

    id: str
    kind: str
    child: str | None
    team: str
    event: str | None
    type: str | None
    publisher: str | None
    flows: str
    withheld: int
    kept_at: datetime
    because: str | None
    state: str
    """kept, held, sending, a rung of the ladder, failed, not-ours, replaced or withdrawn-before-sending; lost: neither
    due nor sent."""
    sequence: int | None
    tries: int
    """Failed tries since it went back to the queue."""
    failures: int
    last_error: str | None
    sent_at: datetime | None
    claimed_by: str | None
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One try to send one delivery."""

    delivery: str
    no: int
    worker: str
    at: datetime
    outcome: str
    error: str | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One answer of a recipient."""

    delivery: str
    state: str
    at: datetime
    received_at: datetime
    by_name: str
    by_role: str
    by_organisation: str
    by_kind: str
    record_ref: str | None
    outcome: str | None
    hint: str | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One thing that waits for a person; `body` is its content and is shown to nobody without a reason."""

    id: str
    kind: str
    child: str | None
    kept_at: datetime
    body: bytes
    type: str | None
    publisher: str | None
    sequence: int | None
    due: datetime | None
    rung: int
    """How many rungs of its clock have fired."""
    claimed_by: str | None
    claimed_at: datetime | None
    answered: str | None
    waiting: int
    """How much waits for the team in all; of what nothing is asked about, the newest 2,000 are counted."""
    unclaimed: int


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task for a named person."""

    id: str
    kind: str
    words: str
    child: str | None
    owner: str
    service: str | None
    slot: str | None
    event_no: int | None
    event: str | None
    publisher: str
    raised_at: datetime
    state: str
    claimed_by: str | None
    claimed_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    reason: str | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """One record that was not accepted; its bytes are read apart, with a reason."""

    id: str
    publisher: str
    topic: str
    partition: int
    offset: int
    problems: Any
    """A list of {code, path, message, mend}."""
    event_id: str | None
    event_type: str | None
    record_id: str | None
    received_at: datetime
    state: str
    claimed_by: str | None
    claimed_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    reason: str | None
    due: datetime | None


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """One place that deliveries go to."""

    team: str
    waiting: int
    oldest: datetime | None
    paused_at: datetime | None
    paused_by: str | None
    paused_reason: str | None
    hold_until: datetime | None
    failures: int
    last_error: str | None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Something that must be looked into."""

    no: int
    at: datetime
    kind: str
    delivery: str | None
    team: str | None
    words: str


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock, running or ended; `steps` is [[due, owner], …] and `fired` is [[at, owner], …]."""

    id: str
    flow: str
    paragraph: str
    words: str
    child: str | None
    team: str | None
    delivery: str | None
    task: str | None
    needs: str
    starts: datetime
    steps: Any
    rung: int
    due: datetime
    state: str
    ended_at: datetime | None
    ended_how: str | None
    event_no: int | None
    fired: Any
    turned: Any = ()
    """[[what, at, event type, when that happened, why, …], …]: paused, resumed, rated anew, answered."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as a child's story has it, with the sum of its outcomes."""

    no: int
    id: str
    publisher: str
    type: str
    happened_at: datetime
    action: str
    accepted_at: datetime
    considered: int
    told: int
    not_applicable: int
    withheld: int
    nobody_found: int
    wanted: int
    present: int
    test: bool
