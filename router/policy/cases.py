"""Cases made up to try conditions on: the published example of an event, with each field in turn said otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin
from uuid import UUID

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from contracts.parts.event import EventData
from contracts.parts.services import Service
from contracts.parts.shape import Absent
from contracts.register import example_of
from router.directory import Cover, PersonDoc, Publisher
from router.events import Event, Received
from router.facts import Child, Facts
from router.past import Happening

_TEXTS = ("Something was said.", "A1", "M87901", "999101", "E08000027", "01632 960100", "9990001413")
_ABSENCES = ("not-recorded", "not-asked", "not-applicable")
_MOST = 40
"""Alternatives of one part of an event that are tried."""


class Case(NamedTuple):
    """One event about one child, and what is known."""

    event: Event
    child: Child
    facts: Facts


def cases_of(event: type[EventData], kinds: Sequence[str]) -> Iterator[Case]:
    """Every variant of the event about every child, with no history; then some with each kind of history."""
    variants = events_of(event)
    for one in variants:
        for child in _children():
            yield Case(one, child, _facts(one, child, ()))
    things = [value for value in variants[0].body.values() if isinstance(value, str)]
    for kind in kinds:
        for thing in (*things, "another"):
            for child in _children()[:4]:
                at = (variants[0].time - timedelta(days=30)).isoformat()
                yield Case(variants[0], child, _facts(variants[0], child, (Happening(at, kind, thing, None),)))


def events_of(event: type[EventData]) -> list[Event]:
    """The published example and the same with nothing known, and of both each variant that the contract allows."""
    example = example_of(event.event_type)
    full: dict[str, Any] = example["data"]
    choices = {name: values_of(_kind_of(f)) for name, f in event.model_fields.items() if name != "subjects"}
    bare = {n: next((v for v in choices.get(n, ()) if _is_absence(v)), value) for n, value in full.items()}
    bodies = [full, *({**full, "subjects": [one]} for one in full["subjects"])]
    for base in (full, bare):
        bodies += [{**base, name: value} for name, values in choices.items() for value in values]
    reader = TypeAdapter(event)
    found = []
    for body in bodies:
        try:
            data = reader.validate_json(orjson.dumps(body))
        except ValidationError:
            continue
        found.append(_event(example, data, body))
    return found


def _kind_of(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _is_absence(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"absent"}


def _event(example: Mapping[str, Any], data: EventData, body: dict[str, Any]) -> Event:
    return Event(
        id=example["id"],
        source=example["source"],
        type=example["type"],
        time=datetime.fromisoformat(example["time"]),
        action="new",
        sequence=None,
        correlation=None,
        publisher="publisher",
        data=data,
        body=body,
        received=Received("publisher", b"", None, "events.publisher", 0, 0),
        digest=b"",
    )


@lru_cache(maxsize=1024)
def values_of(kind: Any) -> tuple[Any, ...]:
    """JSON values that a field of this type may have: each choice, each absence, each branch."""
    reader = TypeAdapter(kind)
    found: list[Any] = []
    for value in _tried(kind):
        try:
            reader.validate_json(orjson.dumps(value))
        except ValidationError:
            continue
        if value not in found:
            found.append(value)
    return tuple(found[:_MOST])


def _tried(kind: Any) -> Iterator[Any]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _tried(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for branch in get_args(kind):
            yield from _tried(branch)
    elif origin is Literal:
        yield from get_args(kind)
    elif origin in (tuple, list):
        ones = values_of(get_args(kind)[0])
        yield from ([], *([one] for one in ones))
    elif kind is Absent:
        yield from ({"absent": reason} for reason in _ABSENCES)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from _models(kind)
    elif isinstance(kind, type) and issubclass(kind, Enum):
        yield from (one.value for one in kind)
    else:
        yield from _SIMPLE.get(kind, ())


def _models(kind: type[BaseModel]) -> Iterator[Any]:
    """The least a part may hold, and with each of its fields in turn said otherwise."""
    fields: dict[str, tuple[Any, ...]] = {}
    for name, field in kind.model_fields.items():
        fields[name] = values_of(_kind_of(field))
    least = {name: next((v for v in values if v is not None), None) for name, values in fields.items()}
    yield least
    for name, values in fields.items():
        yield from ({**least, name: value} for value in values)


_SIMPLE: Mapping[Any, tuple[Any, ...]] = {
    str: _TEXTS,
    int: (0, 1, 3),
    bool: (True, False),
    date: ("2026-03-14", "2026-06-14", "2026-09-30"),
    datetime: ("2026-03-14T16:40:00+00:00",),
    UUID: ("11111111-1111-4111-8111-111111111111",),
    NoneType: (None,),
}


@lru_cache(maxsize=1)
def _children() -> tuple[Child, ...]:
    """Unborn, newborn, small, at school, nearly grown and grown; flagged or not; of a young mother or not."""
    mothers = [_born(years) for years in (17, 19, 30)]
    found = [Child("baby", _doc("looked-after"), None, 0, False, "subjects.0")]
    found.append(Child("unborn", {"expected": "2026-11-02"}, mothers[2], -1, True, "subjects.0"))
    found += [Child("child", _doc(), None, years, False, "subjects.0") for years in (0, 3, 9, 16, 18)]
    for kind in ("child-protection-plan", "looked-after"):
        found += [Child("child", _doc(kind), None, years, False, "subjects.0") for years in (3, 9, 16)]
    found.append(Child("child", _in_hospital(), None, 14, False, "subjects.0"))
    for mother in mothers:
        found.append(Child("unborn", {"expected": "2026-11-02"}, mother, -1, True, "subjects.0"))
        found.append(Child("newborn", {"born": "2026-10-29"}, mother, 0, False, "subjects.0"))
    found.append(Child("lost", {"born": "2026-10-29", "died": "2026-10-29"}, mothers[2], 0, False, "subjects.0"))
    return tuple(found)


def _born(years: int) -> PersonDoc:
    return {"born": f"{2026 - years}-01-01"}


def _in_hospital() -> PersonDoc:
    return {"services": [{"service": s, "team": s.lower(), "since": "2000-01-01"} for s in ("ED", "WARD")]}


def _doc(*flags: str) -> PersonDoc:
    contact = "Duty team"
    return {
        "flags": [
            {"flag_id": k, "kind": k, "since": "2000-01-01", "authority": "A", "contact": contact, "by": "csc"}
            for k in flags
        ]
    }


def _facts(event: Event, child: Child, past: tuple[Happening, ...]) -> Facts:
    publisher = Publisher("publisher", event.source, Service.ED, "RNA", "team")
    history = {child.id: list(past)} if past else {}
    return Facts(event.time, _NOBODY, publisher, (), {}, {}, history)


_NOBODY = Cover(0, (), ())
