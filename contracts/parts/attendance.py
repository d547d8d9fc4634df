"""What is noted of a child who attends: vulnerability, an infant's injury, who looked at it (F06, F07)."""

from typing import Annotated, Literal

from contracts.parts.shape import Known, Moment, Phrase, Shape, Words, whole_number

Intoxicants = Literal["alcohol", "substances", "both", "neither", "not-asked"]
SelfHarm = Literal["yes", "no", "not-asked"]
HowMany = Annotated[int, whole_number(1, 1000)]
"""This time included."""


class Vulnerability(Shape):
    """The vulnerability assessment that is owed to every under-18 (F06, 1.19)."""

    assessed_by: Phrase
    factors: tuple[
        Literal[
            "risk-taking",
            "mental-health-crisis",
            "alcohol",
            "substances",
            "self-harm",
            "exploitation-indicators",
            "domestic-abuse-at-home",
            "missing-from-home",
            "young-carer",
            "disability",
            "none-found",
        ],
        ...,
    ]
    summary: Words


class SeniorReview(Shape):
    """Who looked at an injured infant, and how senior they are (F07, 1.20)."""

    reviewed_by: Phrase
    grade: Literal[
        "paediatric-consultant", "paediatric-registrar", "paediatric-other", "ed-consultant", "ed-registrar", "ed-other"
    ]
    reviewed_at: Moment


class InfantInjury(Shape):
    """An injury to a child under one, with what the child can do by itself (F07, 1.20)."""

    injury: Words
    mechanism: Known[Words]
    mobility: Known[Literal["non-mobile", "rolling", "crawling", "pulling-to-stand", "cruising", "walking"]]
    """What the child does, not what its age suggests; the first two are not independently mobile."""
    senior_review: Known[SeniorReview]
    """`not-recorded` where nobody senior has seen the child yet."""
