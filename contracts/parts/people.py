"""The people an event is about: who they are, how surely, and in which role."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from contracts.parts.shape import AreaCode, Day, Known, OdsCode, Phrase, Shape, Token, Urn, YesNo


def _checked(number: str) -> str:
    if not number.isascii():
        raise PydanticCustomError("nhs_number_digits", "NHS number must be written with the digits 0 to 9")
    if len(number) != 10 or not number.isdigit():
        raise PydanticCustomError("nhs_number_form", "NHS number must be ten digits with no spaces")
    if not passes_check_digit(number):
        raise PydanticCustomError("nhs_number_check_digit", "NHS number fails its check digit")
    return number


def passes_check_digit(number: str) -> bool:
    """The modulus-11 test on ten ASCII digits, written out because every subject of every event takes it."""
    a, b, c, d, e, f, g, h, i, check = number.encode()
    weighed = 10 * a + 9 * b + 8 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i - 54 * 48
    return (11 - weighed % 11) % 11 == check - 48


_MAY_BE_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:nhs)?([0-9]{3})[ ._-]?([0-9]{3})[ ._-]?([0-9]{4})(?![0-9A-Za-z])", re.IGNORECASE
)
"""Ten digits that stand alone, as people group them: within a hexadecimal key they are chance."""


def holds_nhs_number(text: str) -> bool:
    """Whether an NHS number stands in an identifier, a key or an attribute, in whatever form people write it."""
    return any(passes_check_digit("".join(parts)) for parts in _MAY_BE_NUMBER.findall(text))


_APART = str.maketrans("", "", " ._-")


def holds_one_of(text: str, numbers: Sequence[str]) -> bool:
    """Whether an identifier is made from one of these NHS numbers, grouped or not, whatever stands around it."""
    bare = text.translate(_APART)
    return any(number in bare for number in numbers)


NhsNumber = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_checked),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{10}$"}),
]
"""Ten ASCII digits that pass the modulus-11 check (standards.md, part 9)."""


def is_placeholder(number: str) -> bool:
    """Whether the number is one digit repeated: it passes the check digit and is nobody's (issue 3, part 2)."""
    return number == number[0] * 10


class NhsNumberStatus(StrEnum):
    """How surely the number was traced (standards.md, part 9 [S22])."""

    VERIFIED = "01"
    NOT_TRACED = "02"
    TRACE_REQUIRED = "03"
    NO_OR_MANY_MATCHES = "04"
    TO_RESOLVE = "05"
    IN_PROGRESS = "06"
    NOT_PRESENT = "07"
    POSTPONED = "08"


class Role(StrEnum):
    """What a person is in this event."""

    CHILD = "child"
    UNBORN = "unborn"
    MOTHER = "mother"
    FATHER = "father"
    PARTNER = "partner"
    ADULT = "adult"
    SIBLING = "sibling"
    PERPETRATOR = "perpetrator"


class PersonName(Shape):
    """A name in its parts, as the person's record has it."""

    family: Phrase
    given: Phrase


class Subject(Shape):
    """One person the event is about.

    A person is joined to a record on a verified NHS number *and* the birth date; anything less is a
    person's decision (architecture.md, Who is who)."""

    role: Role
    """What this person is in the event."""
    nhs_number: NhsNumber | None = None
    """Ten digits, or nothing with the reason in `nhs_number_status`."""
    nhs_number_status: NhsNumberStatus
    """How surely the number was traced; 01 is verified."""
    name: Known[PersonName]
    """The name on record."""
    birth_date: Known[Day]
    """Date of birth; for an unborn child `not-applicable`."""
    expected_date: Day | None = None
    """Expected date of delivery, of an unborn child or of the mother who carries it."""
    pregnancy_id: Token | None = None
    """The publisher's identifier of the pregnancy; keys an unborn child with its mother (rule C)."""
    gp_practice: Known[OdsCode]
    """The registered practice's ODS code, or why none is given."""
    school: Known[Urn]
    """The school's URN, or why none is given."""
    home_authority: Known[AreaCode]
    """GSS code of the home local authority."""
    location_withheld: YesNo = False
    """True where the person's whereabouts must not be shown to anybody (restricted address)."""

    @field_validator("nhs_number_status")
    @classmethod
    def _number_agrees_with_status(cls, status: NhsNumberStatus, rest: ValidationInfo) -> NhsNumberStatus:
        if status is NhsNumberStatus.VERIFIED and rest.data.get("nhs_number", "") is None:
            raise PydanticCustomError("nhs_number_missing", "NHS number is said to be verified, but none is given")
        return status


class HouseholdChild(Shape):
    """One child that an adult lives with or cares for (standards.md, CH023)."""

    name: Known[PersonName]
    birth_date: Known[Day]
    nhs_number: NhsNumber | None = None
    nhs_number_status: NhsNumberStatus = NhsNumberStatus.NOT_PRESENT
    relationship: Known[Phrase]
    """What the adult is to the child."""
    care_arrangement: Known[Phrase]
    """Who cares for the child, and where."""
    parental_responsibility: Literal["yes", "no", "not-asked", "not-known"]


class HouseholdShown(Shape):
    """The answer as one recipient sees it: of the children listed, only its own (rule D)."""

    answer: Literal["listed", "asked-none", "asked-refused", "not-asked", "unable"]
    """What the practitioner did."""
    children: tuple[HouseholdChild, ...] = Field(default=(), max_length=20)
    """The children, where `answer` is listed."""


class HouseholdAnswer(HouseholdShown):
    """What came of asking about children at home: three kinds of 'none' that differ (F12, 2.19)."""

    model_config = ConfigDict(validate_default=True)

    @field_validator("children")
    @classmethod
    def _listed_means_children(
        cls, children: tuple[HouseholdChild, ...], rest: ValidationInfo
    ) -> tuple[HouseholdChild, ...]:
        if "answer" in rest.data and (rest.data["answer"] == "listed") != bool(children):
            raise PydanticCustomError("household_answer", "Children are listed if, and only if, the answer is 'listed'")
        return children
