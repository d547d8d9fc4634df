"""What no single field can tell: versions, roles, restrictions that restrict nothing, NHS numbers out of place.

These read the parsed JSON and not the model, so that they are told together with what the model found wrong."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_type_hints

from contracts.parts.event import EventData, field_marks
from contracts.parts.people import holds_nhs_number, holds_one_of
from contracts.parts.shape import Section, Token
from contracts.problems import Problem, problem

IN_LISTS = {"subjects": "pregnancy_id", "linked": "id", "actions": "id"}
"""Lists whose entries have an identifier of the sender's: it is stored and passed on as those beside them are."""

ATTRIBUTES = ("source", "subject", "dataref", "dataschema", "versionid", "partitionkey", "correlationid", "causationid")
"""Those of the envelope that could hold an NHS number; `id` is a UUID or refused, `sequence` a count."""


def cross_checks(parsed: Mapping[str, Any], model: type[EventData]) -> list[Problem]:
    """All of them, on a CloudEvent as parsed from JSON, whatever else is wrong with it."""
    found = [
        problem("nhs-number-in-attribute", name)
        for name in ATTRIBUTES
        if isinstance(value := parsed.get(name), str) and holds_nhs_number(value)
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
        numbers = [str(one["nhs_number"]) for one in named if isinstance(one, Mapping) and one.get("nhs_number")]
        found += [
            problem("nhs-number-as-identifier", path)
            for path, value in _identifiers_in(data, model)
            if isinstance(value, str) and holds_one_of(value, numbers)
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


def _identifiers_in(data: Mapping[str, Any], model: type[EventData]) -> Iterator[tuple[str, Any]]:
    """Every identifier that the sender gave, with its path."""
    for name in _identifiers(model):
        yield f"data.{name}", data.get(name)
    for field, name in IN_LISTS.items():
        listed = data.get(field)
        for at, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, Mapping):
                yield f"data.{field}[{at}].{name}", one.get(name)


@cache
def _identifiers(model: type[EventData]) -> tuple[str, ...]:
    kinds = get_type_hints(model, include_extras=True)
    return tuple(name for name, kind in kinds.items() if kind in (Token, Token | None))
