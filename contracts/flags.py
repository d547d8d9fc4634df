"""Flags: what is known to hold for a child over time, since when, and whom to ring about it (F05)."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import EventData
from contracts.parts.people import Role
from contracts.parts.sections import PhoneDayAndNight
from contracts.parts.services import Service
from contracts.parts.shape import Day, Phrase, Section, Token, Words, shown

FlagKind = Literal[
    "child-protection-plan",
    "child-in-need",
    "looked-after",
    "care-leaver",
    "cse-risk",
    "unborn-plan",
    "early-help",
    "domestic-abuse-in-household",
    "fgm-risk",
]


class SafeguardingFlagChanged(EventData):
    """A flag was raised, changed or ended; it is live from one until the other (F05, 1.18)."""

    model_config = ConfigDict(validate_default=True)

    event_type: ClassVar[str] = "safeguarding-flag-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CSC, Service.YPSE, Service.LACT})
    happened: ClassVar[str] = "had a safeguarding flag raised, changed or ended"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    flag_id: Token = shown(Section.WHAT_HAPPENED, "Flag")
    kind: FlagKind = shown(Section.WHAT_HAPPENED, "Kind of flag")
    change: Literal["raised", "changed", "ended"] = shown(Section.WHAT_HAPPENED, "What changed")
    since: Day = shown(Section.WHAT_HAPPENED, "Since")
    ended_on: Day | None = shown(Section.WHAT_HAPPENED, "Ended on", optional=True)
    """Given if, and only if, the flag has ended."""
    reason: Words | None = shown(Section.WHAT_HAPPENED, "Reason", optional=True)
    """Mandatory for an end: a flag is never merely gone."""
    authority: Phrase = shown(Section.WHAT_HAPPENED, "Who set it")
    """The authority or panel that answers for the flag."""
    contact: PhoneDayAndNight = shown(Section.WHAT_HAPPENED, "Whom to contact, day and night")

    @field_validator("ended_on")
    @classmethod
    def _only_an_end_has_its_date(cls, ended_on: date | None, rest: ValidationInfo) -> date | None:
        if "change" in rest.data and (rest.data["change"] == "ended") != (ended_on is not None):
            raise PydanticCustomError("flag_end_date", "A flag that ended has its end date, and no other has one")
        return ended_on

    @field_validator("reason")
    @classmethod
    def _an_end_has_its_reason(cls, reason: str | None, rest: ValidationInfo) -> str | None:
        if reason is None and rest.data.get("change") == "ended":
            raise PydanticCustomError("flag_end_reason", "A flag that ended needs the reason")
        return reason
