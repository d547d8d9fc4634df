"""What every event's data holds, and the register of event types."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field

from contracts.parts.people import Role, Subject
from contracts.parts.sections import (
    AccessibleInformation,
    AccompaniedBy,
    Ask,
    Concern,
    Consent,
    LawfulBasis,
    Linked,
    PublisherContact,
    SafeContact,
    VoiceOfChild,
)
from contracts.parts.services import Service
from contracts.parts.shape import Known, Restriction, Section, Shape, Token, shown


class EventData(Shape):
    """The `data` of an event: who wrote it, whom it is about, why it may be shared.

    A subclass that names `event_type` is a contract: kebab-case, version last (`ed-attendance-discharged-1`)."""

    event_type: ClassVar[str] = ""
    """The CloudEvents `type`."""
    published_by: ClassVar[frozenset[Service]] = frozenset()
    """The services that may publish it."""
    happened: ClassVar[str] = ""
    """The event as a clause in the past tense: 'was discharged from the emergency department'."""
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD})
    """Roles of which at least one subject must be present."""
    reads_involvement: ClassVar[bool] = False
    """Whether it goes to whoever holds something: then who has sent or received anything is read with the facts."""
    asks_around: ClassVar[bool] = False
    """A question, or the answer to one: who was asked, or held nothing, is not involved by that alone."""
    also_about: ClassVar[frozenset[Role]] = frozenset()
    """Roles of which another subject must be present; empty where one is enough."""
    goes_unjoined: ClassVar[bool] = False
    """Whether it is told though nobody on record could be joined: it cannot wait until a person says who it is."""

    record_id: Token | None = None
    """Lasting id of the thing; links updates and cancellations; mandatory for both."""
    publisher_contact: PublisherContact = shown(Section.AUTHOR, "Author and call-back")
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=20)]
    """The people concerned, each with a role."""
    lawful_basis: LawfulBasis = shown(Section.BASIS, "Lawful basis")
    consent: Consent = shown(Section.BASIS, "Consent")
    sensitivity: dict[Token, Restriction] = Field(default_factory=dict, max_length=20)
    """Fields of this one event that the author restricts further, by name."""
    asks: tuple[Ask, ...] = Field(default=(), max_length=10)
    """What the author asks of each kind of recipient."""
    linked: tuple[Linked, ...] = Field(default=(), max_length=20)
    """Earlier events that this one follows."""
    safe_contact: SafeContact | None = Field(
        default=None, json_schema_extra={"section": "context", "label": "Safe contact"}
    )
    accessible_information: AccessibleInformation | None = Field(
        default=None, json_schema_extra={"section": "context", "label": "Communication needs"}
    )


class AboutChildData(EventData):
    """An event about a child: the child's voice, or why there is none, is mandatory (F08)."""

    voice_of_child: VoiceOfChild = shown(Section.VOICE, "Voice of the child")
    concern: Known[Concern] = shown(Section.RISK, "Concern")


class ChildEventData(AboutChildData):
    """An event about a child somebody met: the adult who came with the child is mandatory too (F08, CH011)."""

    accompanied_by: Known[AccompaniedBy] = shown(Section.CONTEXT, "Accompanied by")


def told(data: EventData, field: str) -> Any:
    """What this event says in a field that not every contract has; None where it has no such field or says nothing.

    Faster by far than `getattr` with a default, which pydantic answers with an error first."""
    return data.__dict__.get(field)


def contracts(base: type[EventData] = EventData) -> Iterable[type[EventData]]:
    """Every contract defined so far: the subclasses of `base` that name an `event_type`."""
    for model in base.__subclasses__():
        if model.__dict__.get("event_type"):
            yield model
        yield from contracts(model)


def field_marks(model: type[EventData]) -> dict[str, dict[str, Any]]:
    """Where each field of a contract is shown: name → {section, label, restricted?}."""
    marks: dict[str, dict[str, Any]] = {}
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra
        marks[name] = dict(extra) if isinstance(extra, dict) and "section" in extra else {"section": "not_shown"}
    return marks
