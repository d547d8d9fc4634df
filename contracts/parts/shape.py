"""The shape every contract has: frozen, nothing extra, absence coded, and each field marked with where it is shown."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar, Union

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema


class Shape(BaseModel):
    """A part of a message: frozen, no unknown field, no value repeated in an error (architecture.md, House style)."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        use_attribute_docstrings=True,
        ser_json_timedelta="iso8601",
    )


class Section(StrEnum):
    """The parts of a summary, in the order in which a reader meets them (issue 3, part 3)."""

    WHAT_HAPPENED = "what_happened"
    RISK = "risk_and_impact"
    VOICE = "voice_of_child"
    CONTEXT = "context"
    AUTHOR = "author"
    BASIS = "lawful_basis_and_consent"
    UNSEEN = "not_shown"
    """Routing matter (identifiers, asks to other teams): never a part of a summary on its own."""


class Restriction(StrEnum):
    """Why a field reaches nobody whose policy row lacks `may_see` (rule E; standards.md, `sensitivity`)."""

    SEXUAL_HEALTH = "restricted-sexual-health"
    ADULT_CLINICAL = "restricted-adult-clinical"
    LOCATION = "restricted-location"
    THIRD_PARTY = "third-party-identity"


def shown(section: Section, label: str, restricted: Restriction | None = None, *, optional: bool = False) -> Any:
    """A field that a summary shows in `section` under `label`; `restricted` fields need a row's `may_see`.

    Required, unless `optional`: then it may be left out, and is `None`."""
    extra: dict[str, Any] = {"section": section.value, "label": label}
    if restricted is not None:
        extra["restricted"] = restricted.value
    return Field(default=None, json_schema_extra=extra) if optional else Field(json_schema_extra=extra)


class AbsentReason(StrEnum):
    """Why something mandatory is not there (standards.md, decision 6)."""

    NOT_RECORDED = "not-recorded"
    NOT_ASKED = "not-asked"
    ASKED_REFUSED = "asked-refused"
    ASKED_NOT_KNOWN = "asked-not-known"
    UNABLE_TO_ASK = "unable-to-ask"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not-applicable"
    NONE = "none"
    """Asked, and there is none: an answer, not a gap."""


class Absent(Shape):
    """A coded absence, in the place of a value."""

    absent: AbsentReason
    """Why there is no value."""


T = TypeVar("T")

VALUE, ABSENT = "=value", "=absent"
"""The two branches of `Known` as an error's path names them: no field can have such a name (errors.py)."""


class _ValueFirst:
    """Tries the value, then its absence: quicker than pydantic's search for the better match, and its errors
    name the branch in words of ours, not by a class."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        union: Any = handler(source)
        branches = [choice[0] if isinstance(choice, tuple) else choice for choice in union["choices"]]
        labels = [VALUE] * (len(branches) - 1) + [ABSENT]
        return {**union, "mode": "left_to_right", "choices": list(zip(branches, labels, strict=True))}


Known = Annotated[Union[T, Absent], _ValueFirst()]  # noqa: UP007 - `T | Absent` is no generic alias before Python 3.12
"""A value, or the coded reason why there is none; never blank, never left out."""

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
"""Free text that a practitioner wrote; at most 4,000 characters."""

Phrase = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
"""A short text: a name, a role, a place."""

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]
"""An opaque identifier of the sender's own; never an NHS number."""

OdsCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{3,8}$")]
"""An organisation's or practice's ODS code."""

Urn = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""A school's unique reference number."""

AreaCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{8}$")]
"""A GSS code of a local authority, ward or LSOA."""

YesNoUnknown = Literal["yes", "no", "not-asked", "not-known"]


EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days outside these are slips of the pen; at the ends of the calendar they break every sum (in UTC, and in ages)."""


_WRITTEN_MOMENT = (
    "^(190[1-9]|19[1-9][0-9]|20[0-9]{2}|21[0-8][0-9]|219[0-8])-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9:.,]*"
    "([Zz]|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?$"
)
"""A year of margin to `EARLIEST` and `LATEST`, for in UTC it may be another day; and an offset that some place has:
PostgreSQL takes none of sixteen hours or more, and would refuse the whole batch."""


class _WrittenOut:
    """Takes a day or a moment as RFC 3339 writes it, and no count of seconds: ten digits may be a stray NHS number."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if source is date:
            day = core_schema.date_schema(strict=True, ge=EARLIEST, le=LATEST)
            return core_schema.json_or_python_schema(day, core_schema.date_schema())
        moment = core_schema.datetime_schema(tz_constraint="aware", strict=False)
        written = core_schema.custom_error_schema(
            core_schema.str_schema(pattern=_WRITTEN_MOMENT, max_length=40),
            custom_error_type="time_form",
            custom_error_message="A date and time is written as 2026-03-14T16:40:00+00:00",
        )
        return core_schema.json_or_python_schema(core_schema.chain_schema([written, moment]), moment)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        day = schema["type"] == "json-or-python" and schema["json_schema"]["type"] == "date"
        return {"type": "string", "format": "date" if day else "date-time"}


Moment = Annotated[datetime, _WrittenOut()]
"""A date and time with its offset; a naive one is refused."""

Day = Annotated[date, _WrittenOut()]
"""A calendar day, as 2026-03-14."""

YesNo = Annotated[bool, Field(strict=True)]
"""true or false, and no word for them."""


def whole_number(least: int, most: int) -> Any:
    """The constraint of an integer from `least` to `most`, never written as text or with a fraction."""
    return Field(strict=True, ge=least, le=most)
