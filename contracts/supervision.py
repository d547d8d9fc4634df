"""Safeguarding supervision: that a child was discussed, what came of it, and who does what by when (F32)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.actions import ANYBODY, OwnedAction
from contracts.parts.event import AboutChildData
from contracts.parts.people import Role
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Phrase, Section, Token, Words, shown


class SupervisionRecorded(AboutChildData):
    """A child was discussed in safeguarding supervision; it belongs in the child's record (F32, 5.3.7, 5.3.14)."""

    event_type: ClassVar[str] = "supervision-recorded-1"
    published_by: ClassVar[frozenset[Service]] = ANYBODY
    happened: ClassVar[str] = "was discussed in safeguarding supervision"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    supervision_id: Token = shown(Section.WHAT_HAPPENED, "Supervision")
    supervised_on: Day = shown(Section.WHAT_HAPPENED, "Discussed on")
    form: Literal["one-to-one", "group", "ad-hoc", "after-an-incident"] = shown(Section.WHAT_HAPPENED, "How")
    supervisor: Phrase = shown(Section.WHAT_HAPPENED, "Supervisor")
    """Name and role."""
    practitioner: Phrase = shown(Section.WHAT_HAPPENED, "Practitioner")
    """Whose work with the child was discussed: name and role."""
    discussed: Known[Words] = shown(Section.WHAT_HAPPENED, "What was discussed")
    next_supervision: Known[Day] = shown(Section.WHAT_HAPPENED, "To be discussed again by")
    actions: Annotated[tuple[OwnedAction, ...], Field(max_length=20)] = shown(Section.WHAT_HAPPENED, "Agreed actions")
    """Empty where nothing was agreed; each has an owner, a day and a measure (5.3.7)."""
