"""Adult mental health: a parent in psychiatric care, a young person on an adult ward, a mother's need (F20, F24)."""

from typing import ClassVar, Literal

from contracts.parts.event import AboutChildData, EventData
from contracts.parts.people import HouseholdAnswer, Role
from contracts.parts.sections import Concern
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

LegalStatus = Literal["informal", "section-2", "section-3", "section-4", "section-136", "community-order", "other"]
"""Under which part of the Mental Health Act 1983 somebody is in hospital."""
Observation = Literal["general", "intermittent", "within-eyesight", "within-arms-length"]


class ParentInPsychiatricCare(EventData):
    """What both events of a parent's spell in hospital hold: what bears on the children, and never more (F20, 2.16)."""

    published_by: ClassVar[frozenset[Service]] = frozenset({Service.AMH})
    about: ClassVar[frozenset[Role]] = frozenset({Role.ADULT, Role.MOTHER, Role.FATHER, Role.PARTNER})

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Spell in hospital")
    household: HouseholdAnswer = shown(Section.WHAT_HAPPENED, "Children and their care")
    responsibility: Known[
        Literal["sole-carer", "shared-carer", "lives-with-children", "contact-only", "no-contact"]
    ] = shown(Section.WHAT_HAPPENED, "Degree of responsibility for the children")
    children_looked_after_by: Known[Words] = shown(Section.WHAT_HAPPENED, "Who is looking after the children")
    contact_with_children: Known[Words] = shown(Section.WHAT_HAPPENED, "Visits and contact with the children")
    pregnant: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Pregnant")
    expected_date: Day | None = shown(Section.WHAT_HAPPENED, "Expected date of delivery", optional=True)
    concern: Known[Concern] = shown(Section.RISK, "Concern")
    legal_status: Known[LegalStatus] = shown(
        Section.WHAT_HAPPENED, "Legal status of the adult", Restriction.ADULT_CLINICAL
    )
    clinical_detail: Known[Words] = shown(
        Section.WHAT_HAPPENED, "Clinical record of the adult", Restriction.ADULT_CLINICAL
    )


class ParentAdmitted(ParentInPsychiatricCare):
    """A parent was admitted to psychiatric care: who cares for the children now (F20, 2.16)."""

    event_type: ClassVar[str] = "parent-admitted-1"
    happened: ClassVar[str] = "has a parent or carer who was admitted to psychiatric care"

    admitted_at: Moment = shown(Section.WHAT_HAPPENED, "Admitted")
    admission: Literal["planned", "in-crisis", "transferred"] = shown(Section.WHAT_HAPPENED, "How it came about")
    discharge_expected: Known[Day] = shown(Section.WHAT_HAPPENED, "Discharge expected")


class ParentDischargedFromCare(ParentInPsychiatricCare):
    """A parent was discharged from psychiatric care: what that brings back to the children (F20, 2.16)."""

    event_type: ClassVar[str] = "parent-discharged-1"
    happened: ClassVar[str] = "has a parent or carer who was discharged from psychiatric care"

    discharged_at: Moment = shown(Section.WHAT_HAPPENED, "Discharged")
    discharge: Literal["planned", "against-advice", "absent-without-leave", "transferred", "died"] = shown(
        Section.WHAT_HAPPENED, "How it ended"
    )
    goes_to: Known[Literal["home-with-the-children", "home-without-the-children", "elsewhere", "another-hospital"]] = (
        shown(Section.WHAT_HAPPENED, "Goes to")
    )
    risk_on_discharge: Known[Words] = shown(Section.RISK, "Risk to the children on discharge")
    support: Known[Words] = shown(Section.WHAT_HAPPENED, "Support for the adult, and whom to ring")


class ChildOnAdultWard(AboutChildData):
    """Somebody under 18 is on an adult psychiatric ward, or moves on from it (F20, 2.15, 2.16)."""

    event_type: ClassVar[str] = "child-on-adult-ward-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.AMH})
    happened: ClassVar[str] = "is or was on an adult psychiatric ward"

    spell_id: Token = shown(Section.WHAT_HAPPENED, "Spell in hospital")
    change: Literal["admitted", "moved-to-tier-4", "moved-to-adult-care", "went-home"] = shown(
        Section.WHAT_HAPPENED, "What happened"
    )
    """The first begins the stay on the adult ward; the others end it."""
    changed_at: Moment = shown(Section.WHAT_HAPPENED, "When")
    why_an_adult_ward: Known[Words] = shown(Section.WHAT_HAPPENED, "Why an adult ward")
    receiving_service: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Who takes over")
    plan: Known[Words] = shown(Section.WHAT_HAPPENED, "Plan")
    risks_and_needs: Known[Words] = shown(Section.RISK, "Risks and needs")
    kept_safe_by: Known[Words] = shown(Section.RISK, "How the young person is kept safe among adults")
    observation: Known[Observation] = shown(Section.RISK, "Observation level")
