"""Emergency department: attendances of children and adults, and what was seen of them (F06, F07, F09–F13)."""

from typing import ClassVar, Literal

from contracts.parts.attendance import HowMany, InfantInjury, Intoxicants, SelfHarm, SeniorReview, Vulnerability
from contracts.parts.event import AboutChildData, ChildEventData, EventData
from contracts.parts.people import HouseholdAnswer, Role
from contracts.parts.sections import Concern, Place, PriorAttendances
from contracts.parts.services import Service
from contracts.parts.shape import (
    Day,
    Known,
    Moment,
    Phrase,
    Restriction,
    Section,
    Token,
    Words,
    YesNoUnknown,
    shown,
)


class EdAttendance(ChildEventData):
    """A child arrived at the emergency department; its answer is the child's live flags (F05, F06, F07, F11)."""

    event_type: ClassVar[str] = "ed-attendance-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED})
    happened: ClassVar[str] = "arrived at the emergency department"

    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    place: Place = shown(Section.WHAT_HAPPENED, "Where")
    arrived_at: Moment = shown(Section.WHAT_HAPPENED, "Arrived")
    presenting_complaint: Phrase = shown(Section.WHAT_HAPPENED, "Presenting complaint")
    mechanism_of_injury: Known[Words] = shown(Section.WHAT_HAPPENED, "Mechanism of injury")
    infant_injury: Known[InfantInjury] = shown(Section.WHAT_HAPPENED, "Injury to an infant")
    alcohol_or_substances: Intoxicants = shown(Section.WHAT_HAPPENED, "Alcohol or substances")
    self_harm: SelfHarm = shown(Section.WHAT_HAPPENED, "Self-harm")
    vulnerability: Known[Vulnerability] = shown(Section.RISK, "Vulnerability assessment")
    prior_attendances: Known[PriorAttendances] = shown(Section.CONTEXT, "Earlier attendances at this trust")


class EdAttendanceDischarged(ChildEventData):
    """A child was discharged from the emergency department (F09)."""

    event_type: ClassVar[str] = "ed-attendance-discharged-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED})
    happened: ClassVar[str] = "was discharged from the emergency department"

    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    place: Place = shown(Section.WHAT_HAPPENED, "Where")
    arrived_at: Moment = shown(Section.WHAT_HAPPENED, "Arrived")
    discharged_at: Moment = shown(Section.WHAT_HAPPENED, "Discharged")
    presenting_complaint: Phrase = shown(Section.WHAT_HAPPENED, "Presenting complaint")
    mechanism_of_injury: Known[Words] = shown(Section.WHAT_HAPPENED, "Mechanism of injury")
    diagnosis: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Diagnosis")
    alcohol_or_substances: Intoxicants = shown(Section.WHAT_HAPPENED, "Alcohol or substances")
    self_harm: SelfHarm = shown(Section.WHAT_HAPPENED, "Self-harm")
    vulnerability: Known[Vulnerability] = shown(Section.RISK, "Vulnerability assessment")
    prior_attendances: Known[PriorAttendances] = shown(Section.CONTEXT, "Earlier attendances at this trust")
    discharge_destination: Phrase = shown(Section.WHAT_HAPPENED, "Discharged to")
    follow_up: Known[Words] = shown(Section.WHAT_HAPPENED, "Follow-up")
    infant_injury: Known[InfantInjury] | None = shown(Section.WHAT_HAPPENED, "Injury to an infant", optional=True)
    """For a child under one who came with an injury; left out, no review counts as recorded."""


class LeftBeforeTreatment(ChildEventData):
    """A child left the emergency department before being treated (F13, 5.2.15)."""

    event_type: ClassVar[str] = "left-before-treatment-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED})
    happened: ClassVar[str] = "left the emergency department before treatment"

    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    place: Place = shown(Section.WHAT_HAPPENED, "Where")
    arrived_at: Moment = shown(Section.WHAT_HAPPENED, "Arrived")
    left_at: Known[Moment] = shown(Section.WHAT_HAPPENED, "Found to have left")
    stage: Literal["before-assessment", "after-assessment", "before-treatment-completed"] = shown(
        Section.WHAT_HAPPENED, "Left at which point"
    )
    presenting_complaint: Phrase = shown(Section.WHAT_HAPPENED, "Presenting complaint")
    mechanism_of_injury: Known[Words] = shown(Section.WHAT_HAPPENED, "Mechanism of injury")
    what_was_due: Known[Words] = shown(Section.WHAT_HAPPENED, "What was still due")
    how_many_times: Known[HowMany] = shown(Section.WHAT_HAPPENED, "Times left before treatment in a year")
    efforts_to_reach: Known[Words] = shown(Section.WHAT_HAPPENED, "What was done to reach the family")
    alcohol_or_substances: Intoxicants = shown(Section.WHAT_HAPPENED, "Alcohol or substances")
    self_harm: SelfHarm = shown(Section.WHAT_HAPPENED, "Self-harm")
    vulnerability: Known[Vulnerability] = shown(Section.RISK, "Vulnerability assessment")


class WasNotBrought(AboutChildData):
    """A child was not brought to an appointment (F13, 1.9)."""

    event_type: ClassVar[str] = "was-not-brought-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED, Service.CAMHS, Service.CLINIC})
    happened: ClassVar[str] = "was not brought to an appointment"

    appointment_id: Token = shown(Section.WHAT_HAPPENED, "Appointment")
    appointment_at: Moment = shown(Section.WHAT_HAPPENED, "Was due at")
    clinic: Phrase = shown(Section.WHAT_HAPPENED, "Clinic")
    what_was_due: Known[Words] = shown(Section.WHAT_HAPPENED, "What was due")
    how_many_times: Known[HowMany] = shown(Section.WHAT_HAPPENED, "Times not brought in a year")
    reason_given: Known[Words] = shown(Section.WHAT_HAPPENED, "Reason given by the family")
    next_step: Known[Words] = shown(Section.WHAT_HAPPENED, "Next appointment or step")
    referred_by: Service | None = shown(Section.WHAT_HAPPENED, "Referred by", optional=True)
    """The service that referred the child, where one did."""


class AdultEdAttendance(EventData):
    """An adult attended with something that bears on the children at home: think family (F12, F11, 2.19)."""

    event_type: ClassVar[str] = "adult-ed-attendance-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED})
    happened: ClassVar[str] = "has an adult at home who attended the emergency department"
    about: ClassVar[frozenset[Role]] = frozenset({Role.ADULT})

    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    place: Place = shown(Section.WHAT_HAPPENED, "Where")
    arrived_at: Moment = shown(Section.WHAT_HAPPENED, "Arrived")
    reason_group: Literal["domestic-abuse", "self-harm", "mental-ill-health", "substance-misuse", "other"] = shown(
        Section.WHAT_HAPPENED, "Why the adult came"
    )
    household: HouseholdAnswer = shown(Section.WHAT_HAPPENED, "Children at home")
    caring_responsibilities: Known[Words] = shown(Section.WHAT_HAPPENED, "Caring responsibilities")
    children_looked_after_by: Known[Words] = shown(Section.WHAT_HAPPENED, "Who is looking after the children now")
    pregnant: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Pregnant")
    risk_taking: Known[Words] = shown(Section.RISK, "Risk-taking behaviour")
    concern: Known[Concern] = shown(Section.RISK, "Concern")
    clinical_detail: Known[Words] = shown(
        Section.WHAT_HAPPENED, "Clinical detail of the adult", Restriction.ADULT_CLINICAL
    )


class InfantInjuryReviewed(ChildEventData):
    """A senior doctor reviewed an injured infant (F07, 1.20)."""

    event_type: ClassVar[str] = "infant-injury-reviewed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ED, Service.WARD})
    happened: ClassVar[str] = "was reviewed by a senior doctor after an injury"

    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    """That of the attendance whose clock this review meets."""
    review: SeniorReview = shown(Section.WHAT_HAPPENED, "Reviewed by")
    injury: InfantInjury = shown(Section.WHAT_HAPPENED, "Injury")
    findings: Words = shown(Section.WHAT_HAPPENED, "Findings")
    explanation_fits: Literal["yes", "no", "uncertain"] = shown(Section.RISK, "Does the explanation fit the injury")
    plan: Known[Words] = shown(Section.WHAT_HAPPENED, "Plan")


class PaediatricLiaisonForm(AboutChildData):
    """A paediatric liaison nurse reviewed an attendance of a child, or of an adult with children (F11, 1.22)."""

    event_type: ClassVar[str] = "paediatric-liaison-form-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.PLN})
    happened: ClassVar[str] = "was looked at by the paediatric liaison nurse"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.ADULT})

    form_id: Token = shown(Section.WHAT_HAPPENED, "Form")
    attendance_id: Token = shown(Section.WHAT_HAPPENED, "Attendance")
    criterion: Literal[
        "under-18",
        "infant-injury",
        "alcohol-or-substances",
        "self-harm",
        "left-before-treatment",
        "adult-risk-taking-with-children",
        "practitioner-concern",
    ] = shown(Section.WHAT_HAPPENED, "Why it was reviewed")
    reviewed_on: Day = shown(Section.WHAT_HAPPENED, "Reviewed on")
    outcome: Literal[
        "no-further-action",
        "information-shared",
        "referred-to-social-care",
        "referred-to-early-help",
        "returned-to-ed-for-detail",
    ] = shown(Section.WHAT_HAPPENED, "Outcome")
    outcome_words: Known[Words] = shown(Section.WHAT_HAPPENED, "What was decided and why")
