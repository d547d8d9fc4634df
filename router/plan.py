"""What follows from one event: the verdict on every row, and all that must be kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from router.appraise import COMPLETE, Appraisal
from router.directory import PersonDoc
from router.events import stable_id
from router.policy.working_time import ENGLAND, Calendar, Term

Outcome = Literal["told", "not-applicable", "withheld", "nobody-found"]


class Verdict(NamedTuple):
    """One considered row for one child: there is no nowhere (invariant 2)."""

    row: int
    """The row's place in its policy; -1 where the event as a whole was considered."""
    child: str | None
    outcome: Outcome
    detail: str
    """The condition that failed, the relation that found a team, or why nobody was found."""
    teams: tuple[str, ...] = ()


Kind = Literal["summary", "withdrawal", "escalation", "answer"]


class Delivery(NamedTuple):
    """One event, one child, one team; `body` is the CloudEvent without its sequence number."""

    id: str
    kind: Kind
    child: str | None
    team: str
    """The team, or for an answer the publisher."""
    lane: int
    body: bytes
    flows: str
    """The flows that brought it about, comma-separated."""
    withheld: int = 0
    """How many fields were withheld from it."""
    withdraws: str | None = None
    """For a withdrawal: the delivery that it withdraws; needless where that one was never sent."""


def task_left_by(clock: str) -> str:
    """The id of the task that stays open once a clock's last rung has fired."""
    return stable_id("task", clock, "last")


class Step(NamedTuple):
    """One rung of a running clock: when, and who is told then."""

    due: datetime
    owner: str
    """lead | publisher | desk | service:<SERVICE> | sender:<SERVICE>."""


class Turned(NamedTuple):
    """One thing that turned a clock, with why, and how the clock stood before."""

    what: str
    """paused, resumed, rated …, answered, met."""
    at: datetime
    type: str
    """The event that did it."""
    said: datetime
    """When that event happened; `at` is never before the clock began."""
    why: str | None
    state: str
    due: datetime
    steps: tuple[Step, ...]
    record: str | None = None
    """Whose record did it: only a cancellation of that one takes it back."""
    rung: int | None = None
    """The rung that was next then; None where that was not kept yet."""


class Turns(NamedTuple):
    """What may turn a clock while it runs (router/turns.py), and what has."""

    terms: tuple[Term, ...]
    """How long each rung has, so that a ladder can be set again."""
    by: Calendar = ENGLAND
    """The working days it is reckoned by."""
    paused_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()
    answered_by: tuple[str, ...] = ()
    """Events that meet it when they come from the very team that was asked."""
    rated_by: tuple[str, ...] = ()
    table: Mapping[str, Term] = MappingProxyType({})
    """rating → how long that gives."""
    item: str | None = None
    """Which of the event's items it is about."""
    past: tuple[Turned, ...] = ()

    @property
    def state(self) -> str:
        """How a clock with these begins."""
        return "paused" if self.past and self.past[-1].what == "paused" else "running"


class Clock(NamedTuple):
    """A running expectation: what it is about, what meets it, and its ladder."""

    id: str
    flow: str
    paragraph: str
    words: str
    child: str | None
    team: str | None
    """The team that must answer."""
    delivery: str | None
    """The delivery whose receipt meets it."""
    needs: str
    """acknowledge, file, act; happen, answer: only an event meets it; close: only a person who closes the task."""
    starts: datetime
    steps: tuple[Step, ...]
    met_by: tuple[str, ...] = ()
    at_once_on: tuple[str, ...] = ()
    thing: str | None = None
    task: str | None = None
    """The task or refusal it drives."""
    turns: Turns | None = None
    """None for a clock that runs until it is met: by far the most."""
    rung: int = 0
    """The rung it begins with: above 0 where it goes on for one of a replaced event (router/carried.py)."""
    next_due: datetime | None = None
    """When that rung is due, where its ladder does not say it."""

    @property
    def due(self) -> datetime:
        """When its first rung fires."""
        return self.next_due or self.steps[self.rung].due


TaskKind = Literal["nobody-found", "match", "unanswered", "not-ours", "not-filed", "conflict", "silent-publisher"]


class Task(NamedTuple):
    """Something that a person must decide or do; open until a named person closes it with a reason."""

    id: str
    kind: TaskKind
    words: str
    child: str | None
    owner: str
    """The team that holds it."""
    service: str | None = None
    """For nobody-found: who was to be told."""
    slot: str | None = None
    """For match: where in the event the person is named."""


BY_ITSELF = "Sharewell"
"""Who closed a task that an event closes."""


class Meets(NamedTuple):
    """This event ends (or hastens) clocks about a child and a thing."""

    type: str
    child: str
    thing: str | None


class Turn(NamedTuple):
    """This event may pause, resume, re-rate or answer clocks about a child and a thing."""

    type: str
    child: str
    thing: str | None
    at: datetime
    teams: tuple[str, ...] = ()
    """The teams for which its publisher speaks."""
    why: str | None = None
    rating: str | None = None
    record: str | None = None
    """The publisher and its record: what a cancellation cancels."""
    instead: tuple["Turn", ...] = ()
    """Of a cancellation: what other records say of the same, which holds where this one no longer does."""
    late: bool = False
    """Whether it came while the clock had stopped in error: it holds after all that had turned the clock before."""


class HandOn(NamedTuple):
    """A delivery whose acceptance passes a child's open clocks from one team to another."""

    delivery: str
    child: str
    from_team: str
    to_team: str


class Died(NamedTuple):
    """A child who was not known to have died: nobody is chased any more about what had happened by that day."""

    child: str
    day: str


class Remembered(NamedTuple):
    """How an event stands in one child's history: under its own type, another, or as cancelled."""

    child: str
    kind: str
    about: str | None = None
    """What an earlier version of its record was about, where that was another thing; none: the event's own."""


@dataclass(slots=True)
class Plan:
    """Everything that one event brings about; kept in one transaction."""

    policy_version: str = ""
    verdicts: list[Verdict] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    answers: list[Mapping[str, Any]] = field(default_factory=list)
    """Entries for `status.<publisher>`."""
    passed_over: bool = False
    """Whether a newer version was kept before: nobody is told of this one, and it corrects nothing."""
    meets: list[Meets] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    replaces: bool = False
    """Whether earlier versions of its record stand no longer and their clocks stop: not so for one that came late."""
    unmeets: list[Meets] = field(default_factory=list)
    """Clocks that an event now cancelled had met: they run again."""
    withdrawn: list[str] = field(default_factory=list)
    """Deliveries of an earlier version that no longer stand."""
    closes: dict[str, str] = field(default_factory=dict)
    """Open tasks of an earlier version that there is nothing to do for any more → why."""
    changes: dict[int, dict[str, PersonDoc]] = field(default_factory=dict)
    """family → person → the person's new place in the file."""
    appraisal: Appraisal = COMPLETE
    thing: str | None = None
    names: tuple[str, ...] = ()
    """Every name of the thing, its first one first."""
    place: str | None = None
    concerned: tuple[str, ...] = ()
    """The children the event is about."""
    hand_ons: list[HandOn] = field(default_factory=list)
    died: list[Died] = field(default_factory=list)
    lives: list[str] = field(default_factory=list)
    """Children who had been recorded as dead in error: the clocks that had stopped for that run again, due when they
    were, unless what they waited for was replaced or given meanwhile."""
    remembered: list[Remembered] = field(default_factory=list)
    """What the event counts as afterwards, for each child: its place in the child's history."""

    def tally(self) -> dict[str, int]:
        """How many rows ended in each outcome: their sum is the number considered (reconcile)."""
        counts = {"told": 0, "not-applicable": 0, "withheld": 0, "nobody-found": 0}
        for verdict in self.verdicts:
            counts[verdict.outcome] += 1
        return counts

    def decision(self) -> list[tuple[object, ...]]:
        """Every row considered and its verdict, as JSON keeps it."""
        return [v[:] for v in self.verdicts]
