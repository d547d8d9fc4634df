"""What the messages that Sharewell sends have in common."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from contracts.flags import FlagKind
from contracts.parts.people import NhsNumber, PersonName
from contracts.parts.sections import PhoneDayAndNight
from contracts.parts.services import Service
from contracts.parts.shape import Absent, Day, Moment, Phrase, Shape, Token

Flow = Annotated[str, StringConstraints(pattern=r"^(F[0-9]{2}|[A-G])$")]
"""A flow of flows.md, or one of its routing rules."""


class EventTold(Shape):
    """The event that this follows from."""

    id: UUID
    source: str
    type: str
    time: Moment
    action: Literal["new", "update", "cancel"]
    record_id: Token | None = None


class Unborn(Shape):
    """A child who is not born: known by its mother (rule C)."""

    expected_date: Day | None
    mother: PersonName | Absent | None
    mother_nhs_number: NhsNumber | None = None


class ChildTold(Shape):
    """The one child this is about; never where the child lives."""

    person: Token
    """Sharewell's own key of the person: opaque, and the same in every message."""
    name: PersonName | Absent | None
    birth_date: Day | None
    nhs_number: NhsNumber | None = None
    unborn: Unborn | None = None


class TeamTold(Shape):
    """The team this is for."""

    team: Token
    name: Phrase
    service: Service


class FlagTold(Shape):
    """A flag that is live: its kind, since when, whom to ring (F05)."""

    kind: FlagKind
    since: Day
    contact: PhoneDayAndNight | Phrase
    authority: Phrase
    of: Phrase | None = None
    """Whose it is, where it is not the child's own: a mother who is herself a child has flags of hers."""
