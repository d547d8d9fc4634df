"""A summary: what one team is told about one child because of one event, and what it is asked to do."""

from functools import cache
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import create_model

from contracts.outgoing.parts import ChildTold, EventTold, FlagTold, Flow, TeamTold
from contracts.parts.event import EventData, field_marks
from contracts.parts.people import HouseholdAnswer, HouseholdShown, PersonName
from contracts.parts.services import Service
from contracts.parts.shape import Absent, Day, Moment, Phrase, Section, Shape, Words


class WhyYou(Shape):
    """One gap that this closes, and the conditions that held."""

    flow: Flow
    paragraph: Phrase
    words: Words


class Asked(Shape):
    """One thing that is asked of the team; no entry at all means that nothing is."""

    what: Words
    by: Moment | None = None


class Told(Shape):
    """Who else was told, by role only."""

    service: Service
    words: Words | None = None


class Withheld(Shape):
    """What was left out, and why: named, never shown."""

    what: Phrase
    why: Phrase


class EarlierTold(Shape):
    """Earlier events of one kind about this child, counted."""

    what: Phrase
    count: int
    window_days: int
    dates: tuple[Day, ...]
    places: tuple[Phrase, ...] = ()


class OtherChild(Shape):
    """Another child of the household that this team works with as well (rule D)."""

    name: PersonName | Absent | None
    birth_date: Day | None


class HouseholdTold(Shape):
    """Who else lives there, as far as this team works with them."""

    other_children_you_work_with: tuple[OtherChild, ...]


class ServiceTold(Shape):
    """A service that works with the child now, by role only."""

    service: Service
    since: Day


class LinkedTold(Shape):
    """An earlier event about the same thing."""

    type: Phrase
    date: Day


class AdultTold(Shape):
    """The adult the event is about, by what the adult is to this child."""

    name: PersonName | Absent | None
    relationship: Phrase


class NotRecorded(Shape):
    """Something that the sender should have recorded and did not."""

    field: Phrase
    words: Words
    paragraph: Phrase
    flow: Flow


ADDED: dict[str, Any] = {
    "earlier": tuple[EarlierTold, ...],
    "household": HouseholdTold,
    "services": tuple[ServiceTold, ...],
    "linked": tuple[LinkedTold, ...],
    "adult": tuple[AdultTold, ...],
    "quality": tuple[NotRecorded, ...],
}
"""What Sharewell itself adds to the context, from the facts; no field of an event may have such a name there."""


class Summary(Shape):
    """What every summary holds; the sections in the middle are typed for each event (`summary_of`)."""

    event_type: ClassVar[str] = ""

    delivery_id: UUID
    """The key of this delivery: the same on a re-send; receipts name it."""
    event: EventTold
    child: ChildTold
    to: TeamTold
    why_you: tuple[WhyYou, ...]
    """Why this team, by the gaps it closes."""
    relation: Words
    """What the team is to the child ('the team of the child's home address')."""
    asked: tuple[Asked, ...]
    """What the team is asked to do and by when; empty: nothing is asked."""
    what_happened: Any
    risk_and_impact: Any
    voice_of_child: Any
    flags: tuple[FlagTold, ...]
    """The child's live flags; empty: none is known to Sharewell."""
    context: Any
    told: tuple[Told, ...]
    withheld: tuple[Withheld, ...]
    author: Any
    lawful_basis_and_consent: Any
    standing: Literal["new", "update", "cancelled"]
    replaces: UUID | None
    """The delivery of the version before, which no longer stands."""


def summary_type(event_type: str) -> str:
    """The type of an event's summary: 'ed-attendance-discharged-1' → 'ed-attendance-discharged-summary-1'."""
    stem, _, version = event_type.rpartition("-")
    return f"{stem}-summary-{version}"


@cache
def summary_of(event: type[EventData]) -> type[Summary]:
    """The summary of one event: each section holds the event's own fields of that section, and any may be missing."""
    marks = field_marks(event)
    sections: dict[str, Any] = {}
    for section in Section:
        if section is Section.UNSEEN:
            continue
        fields = {name: _may_be_missing(event, name) for name, mark in marks.items() if mark["section"] == section}
        if section is Section.CONTEXT:
            fields |= {name: (shape | None, None) for name, shape in ADDED.items()}
        part = create_model(f"{event.__name__}_{section.value}", __base__=Shape, **fields)
        part.__doc__ = f"What is shown of the event under {section.value.replace('_', ' ')}."
        sections[section.value] = (part, ...)
    model = create_model(f"{event.__name__}Summary", __base__=Summary, **sections)
    model.__doc__ = f"What a team is told when a child {event.happened}."
    model.event_type = summary_type(event.event_type)
    return model


def _may_be_missing(event: type[EventData], name: str) -> Any:
    field = event.model_fields[name]
    kind: Any = HouseholdShown if field.annotation is HouseholdAnswer else field.annotation
    if field.metadata:
        kind = Annotated[(kind, *field.metadata)]
    return (kind | None, None)
