"""Flags: what is known to hold for a child over time, since when, and whom to ring about it (F05)."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import EventData
from contracts.parts.people import Role
from contracts.parts.sections import PhoneDayAndNight
from contracts.parts.services import Service
from contracts.parts.shape import Phrase, Section, Token, Words, shown

FlagKind = Literal[
    "child-protection-plan", "child-in-need", "looked-after", "care-leaver", "cse-risk", "unborn-plan", "early-help",
    "domestic-abuse-in-household", "fgm-risk",
]


class SafeguardingFlagChanged(EventData):
    """A flag was raised, changed or ended; it is live from one until the other (F05, 1.18)."""

    event_type: ClassVar[str] = "safeguarding-flag-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CSC, Service.YPSE, Service.LACT})
    happened: ClassVar[str] = "had a safeguarding flag raised, changed or ended"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    flag_id: Token = shown(Section.WHAT_HAPPENED, "Flag")
    kind: FlagKind = shown(Section.WHAT_HAPPENED, "Kind of flag")
    change: Literal["raised", "changed", "ended"] = shown(Section.WHAT_HAPPENED, "What changed")
    since: date = shown(Section.WHAT_HAPPENED, "Since")
    ended_on: date | None = shown(Section.WHAT_HAPPENED, "Ended on", optional=True)
    """Given if, and only if, the flag has ended."""
    reason: Words | None = shown(Section.WHAT_HAPPENED, "Reason", optional=True)
    """Mandatory for an end: a flag is never merely gone."""
    authority: Phrase = shown(Section.WHAT_HAPPENED, "Who set it")
    """The authority or panel that answers for the flag."""
    contact: PhoneDayAndNight = shown(Section.WHAT_HAPPENED, "Whom to contact, day and night")

    @model_validator(mode="after")
    def _an_end_has_its_date_and_reason(self) -> "SafeguardingFlagChanged":
        if (self.change == "ended") != (self.ended_on is not None):
            raise PydanticCustomError("flag_end_date", "A flag that ended has its end date, and no other has one")
        if self.change == "ended" and self.reason is None:
            raise PydanticCustomError("flag_end_reason", "A flag that ended needs the reason")
        return self
