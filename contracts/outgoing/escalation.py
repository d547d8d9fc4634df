"""An escalation: nobody has answered, and the next person is told so."""

from typing import ClassVar
from uuid import UUID

from contracts.outgoing.parts import Flow, TeamTold
from contracts.parts.people import PersonName
from contracts.parts.shape import Absent, Day, Moment, Phrase, Shape, Token, Words


class WhatIsUnanswered(Shape):
    """The clock that ran out, and the delivery, task or event it was about."""

    clock: UUID
    delivery_id: UUID | None = None
    task_id: UUID | None = None
    event_id: UUID | None = None


class ChildOverdue(Shape):
    """The child it is about, where this owner has a right to the child."""

    person: Token
    name: PersonName | Absent | None = None
    birth_date: Day | None = None


class EscalationRaised(Shape):
    """A rung of a clock's ladder: it names what is unanswered, and holds nothing of the event's content."""

    event_type: ClassVar[str] = "escalation-raised-1"

    delivery_id: UUID
    """Its own: an escalation is receipted like anything else."""
    about: WhatIsUnanswered
    flow: Flow
    paragraph: Phrase
    rung: int
    """Counted from 1."""
    rungs: int
    words: Words
    """What was expected."""
    unanswered_by: Phrase | None = None
    """The team that did not answer, by name."""
    since: Moment
    due: Moment
    to: TeamTold
    child: ChildOverdue | None = None
    asked: Words
