"""Who an event says it is about, and how surely: a record is joined on a verified number and a birth date only."""

from datetime import date
from typing import Literal, NamedTuple

from contracts.parts.event import EventData
from contracts.parts.people import HouseholdAnswer, HouseholdChild, NhsNumberStatus, Role, Subject, is_placeholder

Doubt = Literal["no-number", "placeholder-number", "number-not-verified", "no-birth-date", "birth-date-differs"]
"""Why nobody may be joined: each makes a task for a person, never a guess."""

DOUBTS: dict[str, str] = {
    "no-number": "no NHS number was given",
    "placeholder-number": "the NHS number is a placeholder",
    "number-not-verified": "the NHS number has not been verified",
    "no-birth-date": "no birth date was given with the NHS number",
    "birth-date-differs": "the NHS number is on record with another birth date",
}


class Named(NamedTuple):
    """One person an event names, and what may be used to find the record."""

    slot: str
    """Where in the event: `subjects.0`, `household.1`."""
    role: Role
    nhs: str | None
    """Only a number that may be joined on."""
    born: str | None
    doubt: Doubt | None
    pregnancy: str | None = None
    expected: str | None = None


def people_named(data: EventData) -> tuple[Named, ...]:
    """Everybody the event names, in order: its subjects, then the children an adult listed."""
    named = [_subject(i, s) for i, s in enumerate(data.subjects)]
    household = getattr(data, "household", None)
    if isinstance(household, HouseholdAnswer):
        named += [_listed(i, c) for i, c in enumerate(household.children)]
    return tuple(named)


def _subject(index: int, subject: Subject) -> Named:
    nhs, born, doubt = _joinable(subject)
    expected = subject.expected_date.isoformat() if subject.expected_date else None
    if subject.role is Role.UNBORN:
        doubt = None
    return Named(f"subjects.{index}", subject.role, nhs, born, doubt, subject.pregnancy_id, expected)


def _listed(index: int, child: HouseholdChild) -> Named:
    nhs, born, doubt = _joinable(child)
    return Named(f"household.{index}", Role.CHILD, nhs, born, doubt)


def _joinable(person: Subject | HouseholdChild) -> tuple[str | None, str | None, Doubt | None]:
    born = person.birth_date.isoformat() if isinstance(person.birth_date, date) else None
    if person.nhs_number is None:
        return None, born, "no-number"
    if is_placeholder(person.nhs_number):
        return None, born, "placeholder-number"
    if person.nhs_number_status is not NhsNumberStatus.VERIFIED:
        return None, born, "number-not-verified"
    if born is None:
        return None, None, "no-birth-date"
    return person.nhs_number, born, None
