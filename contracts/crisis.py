"""A child in a mental-health crisis: from the door of the hospital to CAMHS, with plan and risks for the ward (F21)."""

from typing import Annotated, ClassVar, Literal

from contracts.adult_mental_health import Observation
from contracts.parts.event import AboutChildData, ChildEventData
from contracts.parts.sections import Place
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Moment, Phrase, Section, Token, Words, YesNoUnknown, shown, whole_number

HOSPITAL = frozenset({Service.ED, Service.WARD})


class CrisisPresentation(ChildEventData):
    """A child is in the hospital with a mental-health crisis; its answer is the child's live flags (F21, 2.11).

    The ward says it again when the child comes to it, under the same stay."""

    event_type: ClassVar[str] = "crisis-presentation-1"
    published_by: ClassVar[frozenset[Service]] = HOSPITAL
    happened: ClassVar[str] = "is in hospital with a mental-health crisis"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Stay in hospital")
    place: Place = shown(Section.WHAT_HAPPENED, "Where")
    now_in: Literal["emergency-department", "paediatric-ward"] = shown(Section.WHAT_HAPPENED, "The child is in the")
    presented_at: Moment = shown(Section.WHAT_HAPPENED, "Came there")
    presenting: Literal[
        "overdose",
        "self-harm",
        "suicidal-thoughts",
        "psychosis",
        "eating-disorder",
        "aggression",
        "risk-taking",
        "other",
    ] = shown(Section.WHAT_HAPPENED, "Came with")
    account: Words = shown(Section.WHAT_HAPPENED, "Account")
    physical_treatment: Known[Words] = shown(Section.WHAT_HAPPENED, "Physical treatment")
    risk_to_self: Known[Words] = shown(Section.RISK, "Risk to self, as seen on arrival")
    risk_to_others: Known[Words] = shown(Section.RISK, "Risk to others, as seen on arrival")
    observation: Known[Observation] = shown(Section.RISK, "Observation level")


class CamhsAssessmentRequested(AboutChildData):
    """CAMHS was asked to assess a child in the hospital, and what it answered (F21, 2.12)."""

    event_type: ClassVar[str] = "camhs-assessment-requested-1"
    published_by: ClassVar[frozenset[Service]] = HOSPITAL
    happened: ClassVar[str] = "waits in hospital for an assessment by CAMHS"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Stay in hospital")
    requested_at: Moment = shown(Section.WHAT_HAPPENED, "CAMHS was asked")
    why_now: Words = shown(Section.WHAT_HAPPENED, "Why an assessment is needed")
    fit_to_be_seen: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Medically fit to be seen")
    camhs_answered: Known[Words] = shown(Section.WHAT_HAPPENED, "What CAMHS answered")
    risk_meanwhile: Known[Words] = shown(Section.RISK, "Risk while the child waits")


class CamhsChildSeen(AboutChildData):
    """CAMHS saw the child, and what follows (F21, R6.1)."""

    event_type: ClassVar[str] = "camhs-child-seen-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CAMHS})
    happened: ClassVar[str] = "was seen by CAMHS in hospital"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Stay in hospital")
    seen_at: Moment = shown(Section.WHAT_HAPPENED, "Seen")
    seen_by: Phrase = shown(Section.WHAT_HAPPENED, "Seen by")
    outcome: Literal["goes-home", "stays-on-ward", "tier-4-bed-sought", "other"] = shown(
        Section.WHAT_HAPPENED, "What follows"
    )
    findings: Known[Words] = shown(Section.WHAT_HAPPENED, "Findings")
    follow_up: Known[Words] = shown(Section.WHAT_HAPPENED, "Next appointment or step")


class CamhsCarePlan(AboutChildData):
    """The child's care plan, for those who care for the child now and afterwards (F21, 2.14)."""

    event_type: ClassVar[str] = "camhs-care-plan-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CAMHS})
    happened: ClassVar[str] = "has a CAMHS care plan"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Stay in hospital")
    plan_version: Annotated[int, whole_number(1, 1000)] = shown(Section.WHAT_HAPPENED, "Version of the plan")
    plan: Words = shown(Section.WHAT_HAPPENED, "Plan")
    what_helps: Known[Words] = shown(Section.WHAT_HAPPENED, "What helps, and what makes it worse")
    if_it_gets_worse: Known[Words] = shown(Section.WHAT_HAPPENED, "What to do, and whom to ring, if it gets worse")
    review_on: Known[Day] = shown(Section.WHAT_HAPPENED, "Plan is reviewed on")
    risk_to_self: Known[Words] = shown(Section.RISK, "Risk to self")
    risk_to_others: Known[Words] = shown(Section.RISK, "Risk to others")
    observation: Known[Observation] = shown(Section.RISK, "Observation level")


class CamhsRiskAssessment(AboutChildData):
    """A formal assessment of the risk that a child in hospital is to self and others, and of the place (F21, 2.13)."""

    event_type: ClassVar[str] = "camhs-risk-assessment-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CAMHS, Service.WARD, Service.ED})
    happened: ClassVar[str] = "was assessed for risk to self and others"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Stay in hospital")
    made_by: Literal["camhs", "paediatric-ward", "emergency-department"] = shown(Section.WHAT_HAPPENED, "Made by")
    assessed_at: Moment = shown(Section.WHAT_HAPPENED, "Assessed")
    tool: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Tool and version")
    risk_to_self: Known[Words] = shown(Section.RISK, "Risk to self")
    risk_to_others: Known[Words] = shown(Section.RISK, "Risk to others")
    risk_from_others: Known[Words] = shown(Section.RISK, "Risk from others")
    surroundings: Known[Words] = shown(Section.RISK, "Whether the place is safe for this child")
    observation: Known[Observation] = shown(Section.RISK, "Observation level")


class CrisisStayEnded(AboutChildData):
    """A child left the hospital after a crisis: with a plan or without one (F21, 2.12, 2.14)."""

    event_type: ClassVar[str] = "crisis-stay-ended-1"
    published_by: ClassVar[frozenset[Service]] = HOSPITAL
    happened: ClassVar[str] = "left hospital after a mental-health crisis"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Stay in hospital")
    left_at: Moment = shown(Section.WHAT_HAPPENED, "Left")
    goes_to: Literal["home", "tier-4-unit", "adult-ward", "placement", "another-hospital", "not-known"] = shown(
        Section.WHAT_HAPPENED, "Goes to"
    )
    plan_in_hand: YesNoUnknown = shown(Section.WHAT_HAPPENED, "The child and the carers have the plan")
    follow_up: Known[Words] = shown(Section.WHAT_HAPPENED, "Next appointment or step")
    risk_on_leaving: Known[Words] = shown(Section.RISK, "Risk on leaving")
