"""The language of the rule book in one import: tell, expect, want, answer, and the entry that holds them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from contracts.parts.event import EventData
from contracts.parts.services import Service
from router.policy.expecting import Doing, Expect, Kind, expect, kinds
from router.policy.gaps import Condition, Gap, Test, condition
from router.policy.shares import (
    ENRICHMENTS,
    HOW_TO_APPROACH,
    UNNAMED,
    AskOf,
    Fields,
    Side,
    Tell,
    everything,
    named_plainly,
    only,
    tell,
    tell_involved,
)

__all__ = [
    "ENRICHMENTS",
    "HOW_TO_APPROACH",
    "UNNAMED",
    "AskOf",
    "Concerning",
    "Condition",
    "Doing",
    "Expect",
    "Fields",
    "Gap",
    "IfNoChild",
    "Kind",
    "Policy",
    "Side",
    "TakenAs",
    "Tell",
    "Test",
    "Want",
    "condition",
    "everything",
    "expect",
    "if_no_child",
    "kinds",
    "named_plainly",
    "only",
    "taken_as",
    "tell",
    "tell_involved",
    "want",
]


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
    set_for: str | None = None
    """The field that says when it is to be: since when those who are told have known of that moment is remembered."""
    speaks_for: str | None = None
    """The field that names the team that answers; without it, all teams of the publisher's service and trust."""
