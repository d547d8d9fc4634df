"""Domestic abuse: what was notified to the response team, and what its discussion decided (F04)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.event import AboutChildData
from contracts.parts.people import PersonName, Role
from contracts.parts.sections import AgreedAction, PriorAttendances, VisitingAdvice
from contracts.parts.services import Service
from contracts.parts.shape import (
    Day,
    Known,
    Moment,
    Phrase,
    Restriction,
    Section,
    Shape,
    Token,
    Words,
    YesNoUnknown,
    shown,
)

RiskLevel = Literal["low", "medium", "high"]
Publishers = frozenset({Service.DART, Service.NN})


class Perpetrator(Shape):
    """Who is said to have done it; another party's identity, so it needs a policy row that may see it."""

    name: Known[PersonName]
    birth_date: Known[Day]
    relationship_to_child: Known[Phrase]


class DartNotified(AboutChildData):
    """An incident of domestic abuse was notified, with its account and not merely its date (F04, 1.11)."""

    event_type: ClassVar[str] = "dart-notified-1"
    published_by: ClassVar[frozenset[Service]] = Publishers
    happened: ClassVar[str] = "lives in a household where domestic abuse was notified"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN, Role.MOTHER})

    dart_ref: Token = shown(Section.WHAT_HAPPENED, "DART reference")
    incident_at: Known[Moment] = shown(Section.WHAT_HAPPENED, "When")
    account: Words = shown(Section.WHAT_HAPPENED, "Account of the incident")
    who_was_present: Known[tuple[Phrase, ...]] = shown(Section.WHAT_HAPPENED, "Who was present")
    """By what they are to the children ('mother', 'mother's partner'), never by name."""
    children_were: Literal["hurt", "saw-it", "heard-it", "in-the-home", "not-there", "not-known"] = shown(
        Section.WHAT_HAPPENED, "The children"
    )
    children_seen: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Children seen by the officer or practitioner")
    children_heard: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Children spoken to")
    pregnant: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Mother pregnant")
    risk_level: RiskLevel = shown(Section.RISK, "Risk level")
    perpetrator_access: Known[Words] = shown(Section.RISK, "Perpetrator's access to the home and children")
    visiting_advice: Known[VisitingAdvice] = shown(Section.RISK, "Safe to visit")
    earlier_notifications: Known[PriorAttendances] = shown(Section.CONTEXT, "Earlier notifications known to DART")
    perpetrator: Known[Perpetrator] = shown(Section.WHAT_HAPPENED, "Alleged perpetrator", Restriction.THIRD_PARTY)
    discussion_due: Known[Day] = shown(Section.WHAT_HAPPENED, "To be discussed on")


class DartOutcome(AboutChildData):
    """What the discussion of a notification decided; it meets that notification's clock (F04, 1.11)."""

    event_type: ClassVar[str] = "dart-outcome-1"
    published_by: ClassVar[frozenset[Service]] = Publishers
    happened: ClassVar[str] = "was discussed after a domestic abuse notification"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN, Role.MOTHER})

    dart_ref: Token = shown(Section.WHAT_HAPPENED, "DART reference")
    """That of the notification."""
    discussed_on: Day = shown(Section.WHAT_HAPPENED, "Discussed on")
    decision: Literal[
        "no-further-action",
        "contact-by-universal-services",
        "early-help",
        "referred-to-social-care",
        "referred-to-marac",
        "other",
    ] = shown(Section.WHAT_HAPPENED, "Decision")
    reasons: Words = shown(Section.WHAT_HAPPENED, "Reasons")
    actions: Annotated[tuple[AgreedAction, ...], Field(max_length=20)] = shown(Section.WHAT_HAPPENED, "Agreed actions")
    """Empty where nothing was agreed."""
    risk_level: RiskLevel = shown(Section.RISK, "Risk level after the discussion")
    perpetrator_access: Known[Words] = shown(Section.RISK, "Perpetrator's access to the home and children")
    visiting_advice: Known[VisitingAdvice] = shown(Section.RISK, "Safe to visit")
