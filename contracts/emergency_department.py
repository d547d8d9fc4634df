"""Emergency department: attendances of children and adults, and what was seen of them (F06–F13)."""

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from contracts.parts.event import ChildEventData
from contracts.parts.sections import Place, PriorAttendances
from contracts.parts.services import Service
from contracts.parts.shape import Known, Phrase, Section, Shape, Token, Words, shown


class Vulnerability(Shape):
    """The vulnerability assessment that is owed to every under-18 (F06, 1.19)."""

    assessed_by: Phrase
    factors: tuple[
        Literal[
            "risk-taking", "mental-health-crisis", "alcohol", "substances", "self-harm", "exploitation-indicators",
            "domestic-abuse-at-home", "missing-from-home", "young-carer", "disability", "none-found",
        ],
        ...,
    ]
    summary: Words


class EdAttendanceDischarged(ChildEventData):
    """A child was discharged from the emergency department (F09)."""

    event_type: ClassVar[str] = "ed-attendance-discharged-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED})
    happened: ClassVar[str] = "was discharged from the emergency department"

    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    place: Place = shown(Section.WHAT_HAPPENED, "Where")
    arrived_at: AwareDatetime = shown(Section.WHAT_HAPPENED, "Arrived")
    discharged_at: AwareDatetime = shown(Section.WHAT_HAPPENED, "Discharged")
    presenting_complaint: Phrase = shown(Section.WHAT_HAPPENED, "Presenting complaint")
    mechanism_of_injury: Known[Words] = shown(Section.WHAT_HAPPENED, "Mechanism of injury")
    diagnosis: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Diagnosis")
    alcohol_or_substances: Literal["alcohol", "substances", "both", "neither", "not-asked"] = shown(
        Section.WHAT_HAPPENED, "Alcohol or substances"
    )
    self_harm: Literal["yes", "no", "not-asked"] = shown(Section.WHAT_HAPPENED, "Self-harm")
    vulnerability: Known[Vulnerability] = shown(Section.RISK, "Vulnerability assessment")
    prior_attendances: Known[PriorAttendances] = shown(Section.CONTEXT, "Earlier attendances at this trust")
    discharge_destination: Phrase = shown(Section.WHAT_HAPPENED, "Discharged to")
    follow_up: Known[Words] = shown(Section.WHAT_HAPPENED, "Follow-up")
