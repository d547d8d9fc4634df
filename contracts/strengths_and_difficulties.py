"""Strengths and difficulties questionnaires of looked-after children, as whoever scored them states them (F27)."""

from typing import Annotated, ClassVar, Literal

from contracts.parts.event import AboutChildData
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Phrase, Section, Shape, Token, Words, shown, whole_number

Total = Annotated[int, whole_number(0, 40)]
Band = Literal["close-to-average", "slightly-raised", "high", "very-high"]
"""The questionnaire's own four bands."""


class EarlierScore(Shape):
    """The score before this one, and who says so: a fact with its source, never a sum of Sharewell's."""

    total: Total
    band: Known[Band]
    scored_on: Day
    scored_by: Phrase


class SdqScored(AboutChildData):
    """A strengths and difficulties questionnaire was scored (4.12)."""

    event_type: ClassVar[str] = "sdq-scored-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CSC, Service.CAMHS})
    happened: ClassVar[str] = "had a strengths and difficulties questionnaire scored"

    assessment_id: Token = shown(Section.WHAT_HAPPENED, "Questionnaire")
    completed_by: Known[Literal["carer", "young-person", "teacher"]] = shown(Section.WHAT_HAPPENED, "Filled in by")
    scored_on: Day = shown(Section.WHAT_HAPPENED, "Scored on")
    scored_by: Phrase = shown(Section.WHAT_HAPPENED, "Scored by")
    """The service and the practitioner's role, such as 'looked-after children psychologist, Dudley'."""
    total: Total = shown(Section.WHAT_HAPPENED, "Total difficulties score, of 40")
    band: Known[Band] = shown(Section.WHAT_HAPPENED, "Band")
    previous: Known[EarlierScore] = shown(Section.WHAT_HAPPENED, "Score before this one")
    """`none` for a first score."""
    change: Known[Annotated[int, whole_number(-40, 40)]] = shown(Section.WHAT_HAPPENED, "Change since then")
    """As the scorer states it, points up or (below zero) down."""
    meaning: Known[Words] = shown(Section.RISK, "What the scorer makes of it")
    offered: Known[Words] = shown(Section.CONTEXT, "What was offered")
