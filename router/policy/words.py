"""The language of the rule book: tell, expect, want, answer, and the types they make."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction, Section
from router.policy.finders import Finder
from router.policy.owners import Rung
from router.policy.tables import Table
from router.policy.working_time import Term

ENRICHMENTS = frozenset({"flags", "mothers_flags", "earlier", "household", "services", "adult", "quality", "linked"})
"""What Sharewell itself can add to a summary; a row names those its recipient gets."""
UNNAMED = frozenset({Service.CASH, Service.PHARMACY, Service.ASM, Service.AMH, Service.YPSE})
"""Services whose mere part in a life is restricted: others need not read that they were told (rule E)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a row exists: the flow, the review's paragraph and recommendation, and the gap in words."""

    flow: str
    paragraph: str
    recommendation: str
    words: str
    local: bool = False
    """True for a local decision that no paragraph fixes; `paragraph` is then the nearest."""

    @property
    def cited(self) -> str:
        """The paragraph as a summary, a clock and the rule book cite it."""
        return "local decision" if self.local else self.paragraph


Test = Callable[[Any, Any, Any], bool]
"""(event, child, facts) → whether it holds; pure, and reads no clock."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A named test that reads after 'when'."""

    words: str
    test: Test
    name: str

    def __call__(self, event: Any, child: Any, facts: Any) -> bool:
        """Whether it holds."""
        return self.test(event, child, facts)


def condition(words: str) -> Callable[[Test], Condition]:
    """Name a test in words that a safeguarding lead reads."""
    return lambda test: Condition(words, test, test.__name__)


@dataclass(frozen=True, slots=True)
class AskOf:
    """What a row asks of its recipient, and by when; `None` as a term asks without a date."""

    what: str
    within: Term | Table | None = None


Side = Literal[
    "",
    "the place before",
    "the new place",
    "the authority that cares",
    "the place that takes the child over",
    "the place that hands the child on",
]


@dataclass(frozen=True, slots=True, eq=False)
class Tell:
    """One row: who is told, when, why, which fields, and what is asked."""

    service: Service | None
    """None: every service now working with the child, but for those in `besides`."""
    conditions: tuple[Condition, ...]
    because: Gap
    gets: "Fields"
    may_see: frozenset[Restriction]
    ask: AskOf | None
    besides: frozenset[Service] = frozenset()
    side: Side = ""
    """The team of one place alone: where a child who moved lived before, lives now (whoever holds it), is cared for;
    or the team that one event makes the child's, and the one whose the child was until then."""
    sent: tuple[type[EventData], ...] = ()
    """Told back: the team that sent one of these about the same thing, or the team of `service` in its trust."""
    every: bool = False
    """Every team of `service` there is for the child, but the sender's own."""
    at: str | None = None
    """The field that names the organisation whose team of `service` is meant; where it names none, the usual one."""
    withheld: str = ""
    """Why those whom the row finds are not told, though others would be (rule E): recorded, and nothing is sent."""
    of_parents: bool = False
    """With `service` None: every service that works with a parent or carer as well."""
    asked: bool = False
    """With `service` None: every team that was asked (a clock waits for its answer) about the same thing."""
    named_in: str | None = None
    """With `service` None: every service that this field of the event names (`named.py`), but for `besides`."""
    unnamed: bool = False
    """Others do not read that it was told, where a service's mere part in a life is restricted (rule E)."""
    found: Finder | None = None
    """With `service` None: how the recipients are found (`finders.py`)."""
    alone: bool = False
    """Nobody else reads that a team was told by this row: that it was asked says what it may hold (rule E)."""

    @property
    def who(self) -> str:
        """The recipient in words."""
        if self.found is not None:
            return self.found.words
        if self.sent:
            sender = f"that sent the {' or '.join(named_plainly(e) for e in self.sent)}"
            return f"{self.service.words} of the trust {sender}" if self.service else f"team {sender}"
        if self.asked:
            return "every team that was asked about it"
        if self.named_in:
            return f"every service named in {self.named_in.replace('_', ' ')}"
        if self.service is None:
            return f"every service now working with the child{' or with a parent or carer' if self.of_parents else ''}"
        if self.side:
            return f"{self.service.words} of {self.side}"
        return f"every other team of {self.service.words}" if self.every else self.service.words


def named_plainly(event: type[EventData]) -> str:
    """An event's type as a reader says it: 'safeguarding referral'."""
    return event.event_type.rsplit("-", 1)[0].replace("-", " ")


@dataclass(frozen=True, slots=True)
class Fields:
    """Which fields of an event, and which enrichments, a row names."""

    only: frozenset[str] | None
    but: frozenset[str] = frozenset()
    adds: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    """Lists (agreed actions) of which the recipient gets only the entries that are its own."""

    def of(self, event: type[EventData], may_see: frozenset[Restriction]) -> frozenset[str]:
        """The event's fields this names, less those restricted beyond `may_see`."""
        marks = field_marks(event)
        named = {name for name, mark in marks.items() if mark["section"] != Section.UNSEEN.value}
        if self.only is not None:
            always = {n for n in named if marks[n]["section"] in (Section.AUTHOR.value, Section.BASIS.value)}
            named = {n for n in named if n in self.only} | always
        named -= self.but
        return frozenset(
            n for n in named if "restricted" not in marks[n] or Restriction(marks[n]["restricted"]) in may_see
        )


def everything(*adds: str, but: Iterable[str] = ()) -> Fields:
    """All that the contract shows, less `but`, with these enrichments; restricted fields still need `may_see`."""
    return Fields(None, frozenset(but), _enrichments(adds))


def only(*names: str, adds: Iterable[str] = (), own: Iterable[str] = ()) -> Fields:
    """These fields alone (the author and the lawful basis are always shown), with these enrichments; of the lists in
    `own` only the entries whose owner is the recipient's service."""
    return Fields(frozenset((*names, *own)), frozenset(), _enrichments(adds), frozenset(own))


def _enrichments(adds: Iterable[str]) -> frozenset[str]:
    unknown = set(adds) - ENRICHMENTS
    if unknown:
        raise ValueError(f"no such enrichment: {sorted(unknown)}; there are {sorted(ENRICHMENTS)}")
    return frozenset(adds)


def tell(
    service: Service,
    *conditions: Condition,
    because: Gap,
    gets: Fields,
    may_see: Iterable[Restriction] = (),
    ask: AskOf | None = None,
    side: Side = "",
    at: str | None = None,
) -> Tell:
    """A row that tells `service` when all `conditions` hold; several rows are 'or'.

    `at` is a field of the event that may name the organisation whose team is meant."""
    return Tell(service, conditions, because, gets, frozenset(may_see), ask, side=side, at=at)


def tell_involved(
    *conditions: Condition,
    besides: Iterable[Service],
    because: Gap,
    gets: Fields,
    ask: AskOf | None = None,
) -> Tell:
    """A row whose recipients are found: every service now working with the child, but for `besides`."""
    return Tell(None, conditions, because, gets, frozenset(), ask, frozenset(besides))


Doing = Literal["acknowledge", "file", "act", "take", "answer", "happen"]
Kind = type[EventData] | str
"""An event, or the name that some events are `taken_as`."""


@dataclass(frozen=True, slots=True, eq=False)
class Expect:
    """A clock: what starts it, what meets it, each rung's duration and owner; the task stays open after the last."""

    service: Service | None
    """The recipients whose deliveries start it; None: the event itself starts it."""
    to: Doing
    within: Term | Table
    else_tell: tuple[Rung, ...]
    because: Gap
    conditions: tuple[Condition, ...] = ()
    met_by: tuple[Kind, ...] = ()
    """Events (or kinds of one) that meet it, about the same child and the same `thing`."""
    at_once_on: tuple[type[EventData], ...] = ()
    """Events about the same thing after which it may not run on: it fires at once."""
    starts_at: str = "kept"
    """kept: when the delivery is kept; event: when it happened; else the field of the event whose day it is."""
    name: str = ""
    each: str | None = None
    """A list of the event (agreed actions): one clock for each item, on its owner, due on the item's own day."""
    paused_by: tuple[Kind, ...] = ()
    """Events about the same thing that stop the time, with a reason; what is left is kept."""
    resumed_by: tuple[Kind, ...] = ()
    re_rated_by: tuple[type[EventData], ...] = ()
    """Events about the same thing that set its term anew by the table: shorter at once, or longer."""

    the_next: bool = False
    """Only an event later than the one that starts it meets it: the next of its kind."""
    back: bool = False
    """It waits for whoever a row tells back, of whatever service (`tell_back` without a service)."""
    names_nobody: bool = False
    """Its ladder does not say which child it is about: whoever hears of it may not know of the contact (rule E)."""

    @property
    def on_whoever(self) -> bool:
        """Whether it is on the delivery of whoever is told (or owns an item), not on one service's."""
        return self.service is None and not self.back and (self.to != "happen" or self.each is not None)

    @property
    def words(self) -> str:
        """What is expected, as the rule book prints it."""
        if self.to == "happen":
            return self.name
        verb = {
            "acknowledge": "acknowledges",
            "file": "files in the record",
            "act": "acts and says with what outcome",
            "take": "or another who is told takes it on",
            "answer": "answers",
        }
        who = self.service.words if self.service else "the sender of the first" if self.back else "whoever is told"
        return self.name or f"{who} {verb[self.to]}"


def kinds(named: Iterable[Kind]) -> tuple[str, ...]:
    """Events, and names that they are taken as, the way a child's history has them."""
    return tuple(k if isinstance(k, str) else k.event_type for k in named)


def expect(
    service: Service | None,
    *conditions: Condition,
    to: Doing,
    within: Term | Table,
    else_tell: tuple[Rung, ...],
    because: Gap,
    met_by: tuple[Kind, ...] = (),
    at_once_on: tuple[type[EventData], ...] = (),
    starts_at: str = "kept",
    name: str = "",
    each: str | None = None,
    paused_by: tuple[Kind, ...] = (),
    resumed_by: tuple[Kind, ...] = (),
    re_rated_by: tuple[type[EventData], ...] = (),
    the_next: bool = False,
    names_nobody: bool = False,
) -> Expect:
    """A clock on every delivery to `service` (or on the event itself), met by a person or by a named event.

    `each="actions"` is a clock for each agreed action, on the service that owns it (of `service` alone, or of any),
    due at the end of the item's own day, or `within` where it names none; met by its `acted`, or by an update in
    which the item is done or gone. `to="answer"` is met by the event `met_by` of the very team that was asked.
    `to="take"` is met when anybody who was told of the same takes it on (`acted`, accepted); it fires at once when
    `service` declines. `met_by`, `paused_by` and `resumed_by` may name one kind of an event (`taken_as`). `within` may
    be a table of the event's ratings, and `re_rated_by` an event that rates the same thing anew."""
    return Expect(
        service, to, within, else_tell, because, conditions, met_by, at_once_on, starts_at, name, each, paused_by,
        resumed_by, re_rated_by, the_next, names_nobody=names_nobody,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Want:
    """A quality mark: a field that should be more than a coded absence; its lack is fed back, never refused."""

    field: str
    because: Gap
    conditions: tuple[Condition, ...] = ()
    complaint: Callable[[Any], bool] | None = None
    """(the field's value) → whether it is missing; None: missing when it is a coded absence."""
    words: str = ""
    mend: str = ""
    """What the sender can do, where recording it and sending an update is not the way."""


def want(
    field_name: str,
    *conditions: Condition,
    because: Gap,
    words: str,
    missing: Callable[[Any], bool] | None = None,
    mend: str = "",
) -> Want:
    """Feed back to the publisher, and mark in the score, when this field says nothing (F06, F08, F12)."""
    return Want(field_name, because, conditions, missing, words, mend)


Concerning = Literal[
    "children named",
    "every child of the adult",
    "every child of the mother",
    "the unborn child",
    "every child it moves",
]


@dataclass(frozen=True, slots=True)
class TakenAs:
    """What an event counts as afterwards, for clocks and for counting; for one child, when the conditions hold."""

    kind: str
    conditions: tuple[Condition, ...] = ()
    counted_as: str = ""
    """The name under which earlier ones of this kind are counted; none: not counted apart."""
    by_team: bool = False
    """It stands as `<kind> by <team>`, for the team whose answer it is."""


def taken_as(
    kind: "type[EventData] | str", *conditions: Condition, counted_as: str = "", by_team: bool = False
) -> TakenAs:
    """The event stands as `kind` in the child's history, and meets what `kind` meets, when all `conditions` hold."""
    return TakenAs(kind if isinstance(kind, str) else kind.event_type, conditions, counted_as, by_team)


@dataclass(frozen=True, slots=True)
class IfNoChild:
    """Rule G for an event about an adult of whom no child is known: a task for a person, never a drop."""

    owner: Service
    words: str
    because: Gap
    conditions: tuple[Condition, ...] = ()
    """Called with no child."""


def if_no_child(*conditions: Condition, owner: Service, words: str, because: Gap) -> IfNoChild:
    """Where no child is known to be concerned and all `conditions` hold, `owner` is asked to look."""
    return IfNoChild(owner, words, because, conditions)


@dataclass(frozen=True, slots=True)
class Policy:
    """All that follows from one event: one entry per event type."""

    event: type[EventData]
    concerning: Concerning
    shares: tuple[Tell, ...]
    expectations: tuple[Expect, ...] = ()
    wants: tuple[Want, ...] = ()
    answers_live_flags: bool = False
    """Whether the publisher gets the live flags of the children it named in answer (F05)."""
    answers_when: tuple[Condition, ...] = ()
    """Flags are answered only for children of whom all of these hold."""
    counts_as: tuple[str, ...] = ()
    """The names under which earlier ones are counted ('ED attendance'); none: never counted."""
    thing: str | None = None
    """The field that names the thing itself (attendance, DART reference): links events about it."""
    also_named_by: tuple[str, ...] = ()
    """Other fields that may name the same thing, where another sender knows it by another id (call, referral)."""
    follows: type[EventData] | None = None
    """The event that this one completes, about the same `thing`: the children whom that was about are concerned too."""
    changes: Callable[[Any, Any], Any] | None = None
    """(event, facts) → how it changes the family's file, for events that keep the directory true."""
    taken_as: tuple[TakenAs, ...] = ()
    """What it counts as afterwards; none: as what it is, always."""
    if_no_child: tuple[IfNoChild, ...] = ()
    says_why: str | None = None
    """The field that says why it pauses or resumes a clock; coded, for it is shown wherever the clock is."""
    rates: str | None = None
    """The field that rates the thing, for clocks with a table."""
    speaks_for: str | None = None
    """The field that names the team that answers; without it, all teams of the publisher's service and trust."""
