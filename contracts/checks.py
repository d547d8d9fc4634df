"""What no single field can tell: versions, roles, restrictions that restrict nothing, NHS numbers out of place.

These read the parsed JSON and not the model, so that they are told together with what the model found wrong."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints

from contracts.parts.event import EventData, field_marks
from contracts.parts.people import passes_check_digit
from contracts.parts.shape import Section, Token
from contracts.problems import Problem, problem

ATTRIBUTES = ("source", "subject", "dataref", "dataschema", "versionid", "partitionkey", "correlationid", "causationid")
"""Those of the envelope that could hold an NHS number; `id` is a UUID or refused, `sequence` a count."""

_TEN_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?:nhs)?([0-9]{10})(?![0-9A-Za-z])", re.IGNORECASE)
"""Ten digits that stand alone: within a hexadecimal key they are chance, and some keys would be refused."""
_UUID = re.compile(r"^(urn:[a-z:]{1,20}:)?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")


def cross_checks(parsed: Mapping[str, Any], model: type[EventData]) -> list[Problem]:
    """All of them, on a CloudEvent as parsed from JSON, whatever else is wrong with it."""
    found = [
        problem("nhs-number-in-attribute", name)
        for name in ATTRIBUTES
        if (value := parsed.get(name)) is not None and _holds_number(value)
    ]
    data = parsed.get("data")
    if not isinstance(data, Mapping):
        return found
    if parsed.get("eventaction") in ("update", "cancel"):
        if parsed.get("sequence") is None:
            found.append(problem("sequence-missing", "sequence"))
        if data.get("record_id") is None:
            found.append(problem("record-id-missing", "data.record_id"))
    subjects = data.get("subjects")
    if isinstance(subjects, list):
        roles = {one.get("role") for one in subjects if isinstance(one, Mapping) and isinstance(one.get("role"), str)}
        found += [
            problem("wrong-role", "data.subjects", f"One of: {', '.join(sorted(needed))}.")
            for needed in (model.about, model.also_about)
            if needed and roles and not roles & needed
        ]
        named = [*subjects, *_others_named(data)]
        numbers = [one["nhs_number"] for one in named if isinstance(one, Mapping) and one.get("nhs_number")]
        found += [
            problem("nhs-number-as-identifier", f"data.{name}")
            for name in _identifiers(model)
            if isinstance(value := data.get(name), str) and any(str(number) in value for number in numbers)
        ]
    sensitivity = data.get("sensitivity")
    if isinstance(sensitivity, Mapping) and not sensitivity.keys() <= _shown(model):
        found.append(problem("sensitivity-unknown-field", "data.sensitivity"))
    return found


def _others_named(data: Mapping[str, Any]) -> Iterator[Any]:
    """Whom the event names beside its subjects: of a household, at a birth, or asked about."""
    for field in ("household", "babies", "household_asked_about"):
        if listed := data.get(field):
            some = listed.get("children") if isinstance(listed, Mapping) else listed
            if isinstance(some, list):
                yield from some


@cache
def _shown(model: type[EventData]) -> frozenset[str]:
    return frozenset(name for name, mark in field_marks(model).items() if mark["section"] != Section.UNSEEN)


@cache
def _identifiers(model: type[EventData]) -> tuple[str, ...]:
    kinds = get_type_hints(model, include_extras=True)
    return tuple(name for name, kind in kinds.items() if kind in (Token, Token | None))


def _holds_number(value: object) -> bool:
    """Whether an attribute holds ten digits that pass the check; a UUID may do so by chance, one in some thousands."""
    if not isinstance(value, str) or _UUID.match(value):
        return False
    return any(passes_check_digit(number) for number in _TEN_DIGITS.findall(value))
