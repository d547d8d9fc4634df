"""A withdrawal: what a team was told no longer stands."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.parts.shape import Moment, Phrase, Shape, Token, Words


class EventWithdrawn(Shape):
    """The event that replaced or cancelled the one before."""

    id: UUID
    type: Phrase
    time: Moment


class PersonOnly(Shape):
    """The child, by Sharewell's own key."""

    person: Token


class TeamOnly(Shape):
    """The team, by its name in the directory."""

    team: Token


class ShareWithdrawn(Shape):
    """Tells everyone who had a first version that it was replaced or cancelled, and holds no content (invariant 4)."""

    event_type: ClassVar[str] = "share-withdrawn-1"

    delivery_id: UUID
    withdraws: UUID
    """The delivery that no longer stands."""
    standing: Literal["update", "cancel"]
    """update: a newer version exists and is not for this team; cancel: the sender took it back."""
    event: EventWithdrawn
    child: PersonOnly
    to: TeamOnly
    words: Words
