"""The directory kept true: births, practices, addresses, schools, caseloads, superseded numbers (rules A, B, C, G)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import EventData
from contracts.parts.people import NhsNumber, Role
from contracts.parts.sections import Place
from contracts.parts.services import Service
from contracts.parts.shape import (
    AreaCode,
    Day,
    Known,
    Moment,
    OdsCode,
    Phrase,
    Restriction,
    Section,
    Shape,
    Token,
    Urn,
    YesNo,
    shown,
    whole_number,
)

ANYONE = frozenset(Role)
COMMUNITY = frozenset({Service.PDS, Service.GP, Service.MID, Service.HV, Service.SN, Service.CSC})


class Baby(Shape):
    """One baby of a birth, in the order in which they came."""

    order: Annotated[int, whole_number(1, 8)]
    outcome: Literal["live", "stillbirth", "died-after-birth"]
    born_at: Moment
    nhs_number: NhsNumber | None = None
    """That of the subject this baby is; nothing where it has none yet or never will."""


class BirthNotified(EventData):
    """A birth, of one baby or more: the unborn child's file follows the baby (rule C)."""

    event_type: ClassVar[str] = "birth-notified-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.PDS, Service.MID})
    happened: ClassVar[str] = "was born"
    about: ClassVar[frozenset[Role]] = frozenset({Role.MOTHER})

    pregnancy_id: Token = shown(Section.WHAT_HAPPENED, "Pregnancy")
    place: Known[Place] = shown(Section.WHAT_HAPPENED, "Where")
    babies: Annotated[tuple[Baby, ...], Field(min_length=1, max_length=8)]
    """Every baby, living or not; each who lived to be registered is a subject with the role child too."""

    @field_validator("babies")
    @classmethod
    def _each_live_baby_is_a_subject(cls, babies: tuple[Baby, ...], rest: ValidationInfo) -> tuple[Baby, ...]:
        if "subjects" not in rest.data:
            return babies
        children = [subject for subject in rest.data["subjects"] if subject.role is Role.CHILD]
        numbers = {child.nhs_number for child in children} | {None}
        live = sum(baby.outcome == "live" for baby in babies)
        if live > len(children) or any(baby.nhs_number not in numbers for baby in babies):
            raise PydanticCustomError("baby_without_subject", "Each live baby is a subject with the role child")
        return babies


class GpRegistrationChanged(EventData):
    """A person registered with another practice, or with none (rule A)."""

    event_type: ClassVar[str] = "gp-registration-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.PDS, Service.GP})
    happened: ClassVar[str] = "changed GP practice"
    about: ClassVar[frozenset[Role]] = ANYONE

    practice: Known[OdsCode] = shown(Section.WHAT_HAPPENED, "New practice")
    previous_practice: Known[OdsCode] = shown(Section.WHAT_HAPPENED, "Practice before")
    since: Day = shown(Section.WHAT_HAPPENED, "Since")


class HouseholdMember(Shape):
    """Somebody who lives at the same address, found by number and birth date together."""

    nhs_number: NhsNumber
    birth_date: Day
    relationship: Known[Phrase]
    """What this person is to the subject."""


class AddressChanged(EventData):
    """A person moved. Sharewell is told the area and who lives there, and holds no address line (rules A, D, G)."""

    event_type: ClassVar[str] = "address-changed-1"
    published_by: ClassVar[frozenset[Service]] = COMMUNITY
    happened: ClassVar[str] = "moved"
    about: ClassVar[frozenset[Role]] = ANYONE

    residence: Known[AreaCode] = shown(Section.WHAT_HAPPENED, "Area of residence", Restriction.LOCATION)
    """Ward or LSOA; `withheld` where the address is restricted."""
    home_authority: Known[AreaCode] = shown(Section.WHAT_HAPPENED, "Home authority", Restriction.LOCATION)
    restricted: YesNo
    """Whether nobody may learn where this person lives."""
    since: Day = shown(Section.WHAT_HAPPENED, "Since")
    household: Annotated[tuple[HouseholdMember, ...], Field(max_length=30)]
    """Everybody else at the address as far as known; it replaces what was known before."""

    @field_validator("restricted")
    @classmethod
    def _restricted_says_no_area(cls, restricted: bool, rest: ValidationInfo) -> bool:
        areas = [rest.data.get("residence"), rest.data.get("home_authority")]
        areas += [subject.home_authority for subject in rest.data.get("subjects", ())]
        if restricted and any(isinstance(area, str) for area in areas):
            raise PydanticCustomError("restricted_address", "A restricted address gives no area: say 'withheld'")
        return restricted


class SchoolChanged(EventData):
    """A child changed school, or has none: home-educated and missing education are told apart (rule B, 1.10)."""

    event_type: ClassVar[str] = "school-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.SN, Service.CSC})
    happened: ClassVar[str] = "changed school"

    school: Known[Urn] = shown(Section.WHAT_HAPPENED, "School")
    education: Literal["school", "home-educated", "not-in-education", "between-schools"] = shown(
        Section.WHAT_HAPPENED, "Education"
    )
    since: Day = shown(Section.WHAT_HAPPENED, "Since")

    @field_validator("education")
    @classmethod
    def _a_school_only_for_a_pupil(cls, education: str, rest: ValidationInfo) -> str:
        if education != "school" and isinstance(rest.data.get("school"), str):
            raise PydanticCustomError("school_for_no_pupil", "A child who is not at school has no school")
        return education


class CaseloadChanged(EventData):
    """A team took a person on its caseload, or let the person go."""

    event_type: ClassVar[str] = "caseload-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset(
        {
            Service.HV,
            Service.SN,
            Service.MID,
            Service.FNP,
            Service.RY,
            Service.LACT,
            Service.CAMHS,
            Service.AMH,
            Service.ASM,
            Service.SWITCH,
            Service.CSC,
            Service.CASH,
            Service.YPSE,
            Service.WARD,
        }
    )
    happened: ClassVar[str] = "came on or left a team's caseload"
    about: ClassVar[frozenset[Role]] = ANYONE

    service: Service = shown(Section.WHAT_HAPPENED, "Service")
    team: Token = shown(Section.WHAT_HAPPENED, "Team")
    """The team's name in Sharewell's directory."""
    practitioner: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Named practitioner")
    since: Day = shown(Section.WHAT_HAPPENED, "From")
    ended: YesNo = shown(Section.WHAT_HAPPENED, "Ended")


class NhsNumberSuperseded(EventData):
    """One person's NHS number was replaced by another; the subject bears the new one."""

    event_type: ClassVar[str] = "nhs-number-superseded-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.PDS})
    happened: ClassVar[str] = "was given another NHS number"
    about: ClassVar[frozenset[Role]] = ANYONE

    old: NhsNumber
    new: NhsNumber
    reason: Known[Literal["duplicate-merged", "adopted", "gender-reassigned", "corrected"]]
    """An adoption or a new identity is never shown to anybody: the two numbers are joined by a person, if at all."""

    @field_validator("new")
    @classmethod
    def _two_numbers(cls, new: str, rest: ValidationInfo) -> str:
        if rest.data.get("old") == new:
            raise PydanticCustomError("superseded_by_itself", "The old and the new NHS number are the same")
        return new
