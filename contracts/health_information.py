"""What services know that a looked-after child's health assessment needs: asked for, and answered (F26)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import AboutChildData, EventData
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Restriction, Section, Shape, Token, Words, shown

ASKED = frozenset({Service.GP, Service.MID, Service.HV, Service.SN, Service.AMH, Service.ASM, Service.CAMHS})
Topic = Literal[
    "birth",
    "immunisation",
    "growth-and-development",
    "illnesses",
    "emotional-health",
    "attendances",
    "parental-physical-health",
    "parental-mental-health",
    "parental-substance-misuse",
]


class HealthInfoRequested(EventData):
    """The looked-after health team asks what is known, before it sees the child."""

    event_type: ClassVar[str] = "health-info-requested-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.LACT})
    happened: ClassVar[str] = "is to have a health assessment, for which information is asked"

    assessment_id: Token = shown(Section.WHAT_HAPPENED, "Assessment")
    assessment: Literal["initial", "review", "adoption", "leaving-care"] = shown(
        Section.WHAT_HAPPENED, "Kind of assessment"
    )
    assessment_on: Day = shown(Section.WHAT_HAPPENED, "Assessment on")
    answer_before: Day = shown(Section.WHAT_HAPPENED, "Answer before")
    """Due when this day begins, so that what is told can still be asked about."""
    asked_of: Annotated[tuple[Service, ...], Field(min_length=1, max_length=10)] = shown(
        Section.CONTEXT, "Services asked"
    )
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=10)] = shown(
        Section.WHAT_HAPPENED, "What is asked for"
    )

    @field_validator("answer_before")
    @classmethod
    def _before_the_assessment(cls, before: date, rest: ValidationInfo) -> date:
        if "assessment_on" in rest.data and before > rest.data["assessment_on"]:
            raise PydanticCustomError("answer_too_late", "An answer after the assessment helps nobody")
        return before


class ParentHistory(Shape):
    """What is known of one parent's health, by what the parent is to the child, and what it may mean for the child."""

    parent: Literal["mother", "father", "other-parent"]
    physical_health: Known[Words]
    mental_health: Known[Words]
    substance_misuse: Known[Words]
    in_pregnancy: Known[Words]
    """What the unborn child was exposed to."""
    inherited_conditions: Known[Words]


class HealthInfoProvided(AboutChildData):
    """One service's answer: what it holds, with what it means for the child, or that it holds nothing."""

    model_config = ConfigDict(validate_default=True)

    event_type: ClassVar[str] = "health-info-provided-1"
    published_by: ClassVar[frozenset[Service]] = ASKED
    happened: ClassVar[str] = "had information given for a health assessment"

    assessment_id: Token = shown(Section.WHAT_HAPPENED, "Assessment")
    """As the request gave it."""
    answer: Literal["held", "nothing-held"] = shown(Section.WHAT_HAPPENED, "Answer")
    birth: Known[Words] = shown(Section.WHAT_HAPPENED, "Pregnancy and birth")
    immunisation: Known[Words] = shown(Section.WHAT_HAPPENED, "Immunisation")
    growth_and_development: Known[Words] = shown(Section.WHAT_HAPPENED, "Growth and development")
    illnesses: Known[Words] = shown(Section.WHAT_HAPPENED, "Illnesses, allergies and medicines")
    emotional_health: Known[Words] = shown(Section.WHAT_HAPPENED, "Emotional health")
    attendances: Known[Words] = shown(Section.WHAT_HAPPENED, "Attendances, and appointments missed")
    parental_history: Known[Annotated[tuple[ParentHistory, ...], Field(min_length=1, max_length=4)]] = shown(
        Section.CONTEXT, "Parents' health histories", Restriction.ADULT_CLINICAL
    )
    """The parents' own records: only who makes the assessment reads them (4.2, rule E)."""
    meaning_for_child: Known[Words] = shown(Section.RISK, "What this means for the child")

    @field_validator("parental_history")
    @classmethod
    def _held_means_content(cls, history: object, rest: ValidationInfo) -> object:
        parts = [rest.data.get(name) for name in _CONTENT]
        says = isinstance(history, tuple) or any(isinstance(part, str) for part in parts)
        if "answer" in rest.data and (rest.data["answer"] == "held") != says:
            raise PydanticCustomError("answer_and_content", "What is held is said; of nothing, nothing is said")
        return history


_CONTENT = ("birth", "immunisation", "growth_and_development", "illnesses", "emotional_health", "attendances")
