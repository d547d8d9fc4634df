"""Liaison meetings between practices, health visitors, school nurses and midwives: what was agreed (F19)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.actions import OwnedAction
from contracts.parts.event import AboutChildData
from contracts.parts.people import Role
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Restriction, Section, Token, Words, shown


class LiaisonOutcome(AboutChildData):
    """A child was discussed at a liaison meeting, with the outcome and not merely the list of names (F19, 2.4)."""

    event_type: ClassVar[str] = "liaison-outcome-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.HV, Service.SN, Service.MID, Service.GP})
    happened: ClassVar[str] = "was discussed at a liaison meeting"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    meeting_id: Token = shown(Section.WHAT_HAPPENED, "Meeting")
    held_on: Day = shown(Section.WHAT_HAPPENED, "Held on")
    meeting: Literal["multidisciplinary-meeting", "practice-meeting", "clinic", "telephone", "other"] = shown(
        Section.WHAT_HAPPENED, "Kind of meeting"
    )
    attended: Annotated[tuple[Service, ...], Field(min_length=1, max_length=20)] = shown(
        Section.WHAT_HAPPENED, "Who took part"
    )
    discussed: Words = shown(Section.WHAT_HAPPENED, "What was discussed")
    outcome: Known[Words] = shown(Section.WHAT_HAPPENED, "Outcome")
    actions: Annotated[tuple[OwnedAction, ...], Field(max_length=20)] = shown(Section.WHAT_HAPPENED, "Agreed actions")
    """Empty where nothing was agreed."""
    parents_own_health: Known[Words] = shown(
        Section.RISK, "Parents' own health, from their records", Restriction.ADULT_CLINICAL
    )
    next_meeting: Known[Day] = shown(Section.WHAT_HAPPENED, "To be discussed again on")
