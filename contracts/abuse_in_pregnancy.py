"""Domestic abuse in pregnancy: each time the mother was asked, and what the MARAC decided (F23)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.domestic_abuse import Perpetrator, Publishers
from contracts.maternity import DomesticAbuseEnquiry
from contracts.parts.event import AboutChildData, EventData
from contracts.parts.people import Role
from contracts.parts.sections import AgreedAction, Concern, VisitingAdvice
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Restriction, Section, Token, Words, YesNoUnknown, shown


class DaEnquiryRecorded(EventData):
    """The mother was asked about domestic abuse, or could not be: one record each time (F23, 3.3)."""

    event_type: ClassVar[str] = "da-enquiry-recorded-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.MID, Service.HV, Service.GP})
    happened: ClassVar[str] = "has a mother who was asked about domestic abuse"
    about: ClassVar[frozenset[Role]] = frozenset({Role.MOTHER})
    also_about: ClassVar[frozenset[Role]] = frozenset({Role.UNBORN, Role.CHILD})

    pregnancy_id: Token = shown(Section.WHAT_HAPPENED, "Pregnancy")
    asked_on: Day = shown(Section.WHAT_HAPPENED, "Asked on")
    asked_by: Literal["midwife", "health-visitor", "gp"] = shown(Section.WHAT_HAPPENED, "Asked by")
    outcome: Literal["no-disclosure", "disclosure", "declined", "not-safe-to-ask", "not-asked"] = shown(
        Section.WHAT_HAPPENED, "Outcome"
    )
    """The last two put no question: she is to be asked another time, alone."""
    seen_alone: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Seen alone")
    earlier_enquiries: Known[Annotated[tuple[DomesticAbuseEnquiry, ...], Field(min_length=1, max_length=20)]] = shown(
        Section.WHAT_HAPPENED, "Earlier enquiries in this pregnancy"
    )
    disclosed: Known[Words] = shown(Section.RISK, "What she said")
    concern: Known[Concern] = shown(Section.RISK, "Concern")
    visiting_advice: Known[VisitingAdvice] = shown(Section.RISK, "Safe to visit")
    perpetrator: Known[Perpetrator] = shown(Section.WHAT_HAPPENED, "Alleged perpetrator", Restriction.THIRD_PARTY)


class MaracOutcome(AboutChildData):
    """What a multi-agency risk assessment conference decided about a mother, for each of her children (F23, 3.2)."""

    event_type: ClassVar[str] = "marac-outcome-1"
    published_by: ClassVar[frozenset[Service]] = Publishers
    happened: ClassVar[str] = "has a mother whose safety was discussed at a MARAC"
    about: ClassVar[frozenset[Role]] = frozenset({Role.MOTHER})

    marac_ref: Token = shown(Section.WHAT_HAPPENED, "MARAC reference")
    heard_on: Day = shown(Section.WHAT_HAPPENED, "Heard on")
    decision: Words = shown(Section.WHAT_HAPPENED, "Decision")
    actions: Annotated[tuple[AgreedAction, ...], Field(max_length=20)] = shown(Section.WHAT_HAPPENED, "Agreed actions")
    """Empty where nothing was agreed."""
    risk: Words = shown(Section.RISK, "Risk to mother and children")
    safety_plan: Known[Words] = shown(Section.RISK, "Safety plan")
    perpetrator_access: Known[Words] = shown(Section.RISK, "Perpetrator's access to the home and children")
    visiting_advice: Known[VisitingAdvice] = shown(Section.RISK, "Safe to visit")
    perpetrator: Known[Perpetrator] = shown(Section.WHAT_HAPPENED, "Alleged perpetrator", Restriction.THIRD_PARTY)
