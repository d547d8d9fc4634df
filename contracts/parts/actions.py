"""What people agreed to do: each action with its own id, owner and day, so that it can be chased (F19, F32, F33)."""

from typing import Literal

from contracts.parts.sections import Contact
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Phrase, Shape, Token, Words

ANYBODY = frozenset(Service) - {Service.PDS, Service.DESK}
"""Every service that meets children or the adults around them."""


class OwnedAction(Shape):
    """One action that was agreed: what, whose, by when, and what has become of it."""

    id: Token
    """Lasting id, so that an update can say what became of it."""
    owner: Service
    """The service that is to do it; it is told, and chased on the day."""
    what: Words
    by: Day
    measure: Known[Words]
    """How it is known to be done (5.3.7: specific and measurable)."""
    state: Literal["open", "done", "dropped"] = "open"
    """An update says done or dropped; one that leaves the action out takes it back."""


class PlannedHelp(Shape):
    """One part of a plan: who gives which help, and until when it is to have begun."""

    service: Service
    help: Words
    by: Day | None = None


class LeadPractitioner(Shape):
    """The one person whom the family and every service can ask (1.4)."""

    full_name: Phrase
    service: Service
    phone: Contact
