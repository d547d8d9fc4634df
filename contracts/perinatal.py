"""Perinatal mental health: a concern about a mother's mental health in pregnancy or the year after (F24)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.event import EventData
from contracts.parts.people import Role
from contracts.parts.sections import Concern
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Phrase, Restriction, Section, Shape, Token, Words, shown, whole_number


class Score(Shape):
    """A score that a practitioner made with a named tool: a fact, and no reckoning of Sharewell's."""

    tool: Literal["epds", "gad-2", "gad-7", "phq-2", "phq-9", "whooley", "other"]
    version: Known[Phrase]
    score: Annotated[int, whole_number(0, 200)]
    of: Annotated[int, whole_number(1, 200)]
    """The most that the tool gives."""
    made_on: Day


class PerinatalMentalHealthConcern(EventData):
    """Somebody is concerned about a mother's mental health, and help is sought until somebody takes it (F24, 2.3)."""

    event_type: ClassVar[str] = "perinatal-mental-health-concern-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.HV, Service.MID, Service.GP})
    happened: ClassVar[str] = "has a mother whose mental health is a concern"
    about: ClassVar[frozenset[Role]] = frozenset({Role.MOTHER})
    also_about: ClassVar[frozenset[Role]] = frozenset({Role.UNBORN, Role.CHILD})

    pregnancy_id: Token = shown(Section.WHAT_HAPPENED, "Pregnancy")
    stage: Literal["antenatal", "postnatal"] = shown(Section.WHAT_HAPPENED, "Stage")
    raised_on: Day = shown(Section.WHAT_HAPPENED, "Raised on")
    urgency: Literal["routine", "urgent", "emergency"] = shown(Section.WHAT_HAPPENED, "Urgency")
    scores: Known[Annotated[tuple[Score, ...], Field(min_length=1, max_length=10)]] = shown(Section.RISK, "Scores")
    thoughts_of_harm: Literal["none", "to-self", "to-the-baby", "to-both", "not-asked"] = shown(
        Section.RISK, "Thoughts of harm"
    )
    concern: Known[Concern] = shown(Section.RISK, "Concern")
    offered: Known[Words] = shown(Section.WHAT_HAPPENED, "What was offered, and what came of it")
    her_wishes: Known[Words] = shown(Section.WHAT_HAPPENED, "What she wishes")
    clinical_detail: Known[Words] = shown(
        Section.WHAT_HAPPENED, "Clinical record of the mother", Restriction.ADULT_CLINICAL
    )
