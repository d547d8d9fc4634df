"""Adult substance misuse: a parent registers with the service, drops out of it or leaves it (F03)."""

from typing import Annotated, ClassVar, Literal

from contracts.parts.event import EventData
from contracts.parts.people import HouseholdAnswer, Role
from contracts.parts.sections import Concern, Prescribing
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Restriction, Section, Token, Words, YesNoUnknown, shown, whole_number

Substance = Literal[
    "alcohol",
    "heroin",
    "other-opiates",
    "cocaine",
    "crack",
    "cannabis",
    "benzodiazepines",
    "amphetamines",
    "new-psychoactive-substances",
    "prescribed-medicine",
    "other",
]


class ParentInTreatment(EventData):
    """What every event of a parent's treatment holds: what bears on the children, and never more (F03, 1.7)."""

    published_by: ClassVar[frozenset[Service]] = frozenset({Service.ASM})
    about: ClassVar[frozenset[Role]] = frozenset({Role.ADULT, Role.MOTHER, Role.FATHER, Role.PARTNER})

    episode_id: Token = shown(Section.WHAT_HAPPENED, "Episode")
    household: HouseholdAnswer = shown(Section.WHAT_HAPPENED, "Children and their care")
    responsibility: Known[
        Literal["sole-carer", "shared-carer", "lives-with-children", "contact-only", "no-contact"]
    ] = shown(Section.WHAT_HAPPENED, "Degree of responsibility for the children")
    substances: Known[tuple[Substance, ...]] = shown(Section.WHAT_HAPPENED, "Substances")
    prescribing: Known[Prescribing] = shown(Section.RISK, "Prescribing")
    safe_storage: Known[Literal["locked-box-seen", "locked-box-reported", "unsafe", "nothing-kept-at-home"]] = shown(
        Section.RISK, "Safe storage at home"
    )
    pregnant: YesNoUnknown = shown(Section.WHAT_HAPPENED, "Pregnant")
    expected_date: Day | None = shown(Section.WHAT_HAPPENED, "Expected date of delivery", optional=True)
    concern: Known[Concern] = shown(Section.RISK, "Concern")
    clinical_detail: Known[Words] = shown(
        Section.WHAT_HAPPENED, "Clinical record of the adult", Restriction.ADULT_CLINICAL
    )


class ParentRegistered(ParentInTreatment):
    """A parent registered with the adult substance misuse service (F03, 1.7)."""

    event_type: ClassVar[str] = "parent-substance-service-registered-1"
    happened: ClassVar[str] = "has a parent or carer who registered with the substance misuse service"

    registered_on: Day = shown(Section.WHAT_HAPPENED, "Registered on")


class ParentDisengaged(ParentInTreatment):
    """A parent stopped coming to the adult substance misuse service (F03, 5.2.14)."""

    event_type: ClassVar[str] = "parent-substance-service-disengaged-1"
    happened: ClassVar[str] = "has a parent or carer who stopped attending the substance misuse service"

    last_seen_on: Known[Day] = shown(Section.WHAT_HAPPENED, "Last seen on")
    missed_appointments: Known[Annotated[int, whole_number(0, 1000)]] = shown(
        Section.WHAT_HAPPENED, "Appointments missed"
    )
    attempts_to_reach: Known[Words] = shown(Section.WHAT_HAPPENED, "What was done to reach the adult")
    prescription_stopped: YesNoUnknown = shown(Section.RISK, "Prescription stopped")


class ParentDischarged(ParentInTreatment):
    """A parent left the adult substance misuse service (F03, 5.2.14)."""

    event_type: ClassVar[str] = "parent-substance-service-discharged-1"
    happened: ClassVar[str] = "has a parent or carer who was discharged from the substance misuse service"

    discharged_on: Day = shown(Section.WHAT_HAPPENED, "Discharged on")
    discharge: Literal["completed", "unplanned", "transferred", "declined-treatment", "in-custody", "died"] = shown(
        Section.WHAT_HAPPENED, "How it ended"
    )
    aftercare: Known[Words] = shown(Section.WHAT_HAPPENED, "Aftercare")
