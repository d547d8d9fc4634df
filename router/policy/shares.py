"""Who is told, when, what and what is asked of them: the rows of the rule book."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction, Section
from router.policy.finders import Finder
from router.policy.gaps import Condition, Gap
from router.policy.tables import Table
from router.policy.working_time import Term

ENRICHMENTS = frozenset({"flags", "mothers_flags", "earlier", "household", "services", "adult", "quality", "linked"})
"""What Sharewell itself can add to a summary; a row names those its recipient gets."""
UNNAMED = frozenset({Service.CASH, Service.PHARMACY, Service.ASM, Service.AMH, Service.YPSE})
"""Services whose mere part in a life is restricted: others need not read that they were told (rule E)."""

HOW_TO_APPROACH = ("safe_contact", "accessible_information")
"""Whether to visit, who must not know, which language: for whoever may ring or call on the strength of a row."""


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
    why_not: str = ""
    """Why sensitive fields (rule E) are kept from its recipient, where another row would show them."""
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
    why_not: str = "",
) -> Tell:
    """A row that tells `service` when all `conditions` hold; several rows are 'or'.

    `at` is a field of the event that may name the organisation whose team is meant; `why_not` is what they read of
    sensitive fields that no row shows them."""
    return Tell(service, conditions, because, gets, frozenset(may_see), ask, side=side, at=at, why_not=why_not)


def tell_involved(
    *conditions: Condition,
    besides: Iterable[Service],
    because: Gap,
    gets: Fields,
    ask: AskOf | None = None,
) -> Tell:
    """A row whose recipients are found: every service now working with the child, but for `besides`."""
    return Tell(None, conditions, because, gets, frozenset(), ask, frozenset(besides))
