"""Maternity: a pregnancy is known, and its care is handed over (F01, F02)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.event import AboutChildData, EventData
from contracts.parts.people import Role
from contracts.parts.sections import Concern
from contracts.parts.services import Service
from contracts.parts.shape import (
    Day,
    Known,
    OdsCode,
    Phrase,
    Section,
    Shape,
    Token,
    Words,
    YesNoUnknown,
    shown,
    whole_number,
)

Weeks = Annotated[int, whole_number(0, 45)]
MaternalRisk = Literal[
    "domestic-abuse",
    "mental-ill-health",
    "substance-misuse",
    "alcohol",
    "learning-difficulty",
    "teenage-parent",
    "previous-child-removed",
    "late-booking",
    "concealed-pregnancy",
    "homeless-or-moving",
    "no-recourse-to-public-funds",
    "fgm",
    "exploitation",
    "father-or-partner-risk",
    "none-found",
]


class DomesticAbuseEnquiry(Shape):
    """One time the mother was asked about abuse; recorded each time, not once (3.2)."""

    asked_on: Day
    outcome: Literal["no-disclosure", "disclosure", "declined", "not-safe-to-ask", "not-asked"]


class PerinatalMentalHealth(Shape):
    """The mother's mental health in and after pregnancy (2.2)."""

    status: Literal["no-concern", "past-concern", "current-concern"]
    summary: Words
    offered: Known[Words]
    """What help was offered."""


class FatherOrPartner(Shape):
    """The father, or the mother's partner, of whom referrals say too little (3.6)."""

    full_name: Known[Phrase]
    relationship: Literal["father", "partner", "father-and-partner"]
    lives_with_mother: YesNoUnknown
    involvement_and_risks: Known[Words]


class PregnancyNotified(EventData):
    """A midwife, in or out of area, booked a pregnancy (F02, 1.6)."""

    event_type: ClassVar[str] = "pregnancy-notified-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.MID})
    happened: ClassVar[str] = "is expected: the pregnancy was booked with a midwife"
    about: ClassVar[frozenset[Role]] = frozenset({Role.MOTHER})

    pregnancy_id: Token = shown(Section.WHAT_HAPPENED, "Pregnancy")
    expected_date: Day = shown(Section.WHAT_HAPPENED, "Expected date of delivery")
    number_of_babies: Known[Annotated[int, whole_number(1, 8)]] = shown(Section.WHAT_HAPPENED, "Number of babies")
    booked_on: Day = shown(Section.WHAT_HAPPENED, "Booked on")
    booking_gestation_weeks: Known[Weeks] = shown(Section.WHAT_HAPPENED, "Weeks of gestation at booking")
    booking: Literal["on-time", "late", "concealed", "transferred-in"] = shown(Section.RISK, "Booking")
    first_time_mother: YesNoUnknown = shown(Section.WHAT_HAPPENED, "First-time mother")
    vulnerability: Known[Words] = shown(Section.RISK, "Vulnerability")
    risks: Known[tuple[MaternalRisk, ...]] = shown(Section.RISK, "Risks")
    concern: Known[Concern] = shown(Section.RISK, "Concern")
    midwife: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Named midwife")
    midwife_practice: Known[OdsCode] = shown(Section.WHAT_HAPPENED, "Practice the midwife is attached to")
    midwife_area: Literal["in-area", "out-of-area"] = shown(Section.WHAT_HAPPENED, "Midwife in or out of area")


class MaternityHandover(AboutChildData):
    """The midwife hands mother and baby over to the health visitor, in writing and with the risks (F01, 1.3)."""

    event_type: ClassVar[str] = "maternity-handover-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.MID})
    happened: ClassVar[str] = "was handed over by the midwife"
    about: ClassVar[frozenset[Role]] = frozenset({Role.MOTHER})
    also_about: ClassVar[frozenset[Role]] = frozenset({Role.UNBORN, Role.CHILD})

    pregnancy_id: Token = shown(Section.WHAT_HAPPENED, "Pregnancy")
    stage: Literal["antenatal", "postnatal"] = shown(Section.WHAT_HAPPENED, "Handed over")
    expected_or_birth_date: Day = shown(Section.WHAT_HAPPENED, "Expected or born on")
    first_time_mother: YesNoUnknown = shown(Section.WHAT_HAPPENED, "First-time mother")
    midwife: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Named midwife")
    risks: Known[tuple[MaternalRisk, ...]] = shown(Section.RISK, "Risks")
    protective_factors: Known[Words] = shown(Section.RISK, "Protective factors")
    father_or_partner: Known[FatherOrPartner] = shown(Section.RISK, "Father or partner")
    domestic_abuse_enquiries: Known[Annotated[tuple[DomesticAbuseEnquiry, ...], Field(min_length=1)]] = shown(
        Section.RISK, "Domestic abuse enquiries"
    )
    perinatal_mental_health: Known[PerinatalMentalHealth] = shown(Section.RISK, "Perinatal mental health")
    plan: Known[Words] = shown(Section.WHAT_HAPPENED, "Plan")
