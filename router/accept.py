"""Bytes → event, or a refusal that is kept and answered with every error at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from contracts.checks import cross_checks
from contracts.error_paths import where
from contracts.errors import problems_of, unknown_type
from contracts.parts.envelope import MAX_BYTES, Envelope
from contracts.parts.event import EventData
from contracts.parts.people import holds_nhs_number
from contracts.problems import Problem, problem
from contracts.register import event_types, whole
from router.directory import Cover, Publisher
from router.events import Event, Received, digest_of
from router.json_keys import has_duplicate_keys

_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
_SAFE_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that was not accepted: kept, answered, and owned by somebody until a corrected one comes."""

    received: Received
    problems: tuple[Problem, ...]
    event_id: str | None = None
    event_type: str | None = None
    record_id: str | None = None


def accept(record: Received, cover: Cover) -> Event | Refused:
    """The event a record holds, or its refusal with all problems; never raises for content, never repeats a value."""
    parsed = parse(record)
    if isinstance(parsed, Problem):
        return Refused(record, (parsed,))
    publisher = cover.publishers.get(record.publisher)
    if publisher is None:
        return _refused(record, parsed, [problem("unknown-publisher", "topic")])
    kind = parsed.get("type")
    model = event_types().get(kind) if isinstance(kind, str) else None
    if model is None:
        lacking = problem("missing", "type") if "type" not in parsed else unknown_type(kind, event_types())
        return _refused(record, parsed, [*_envelope_problems(record), lacking])
    try:
        said = whole(model.event_type).validate_json(record.raw or b"")
    except ValidationError as error:
        wrong = [*problems_of(error, prefix=""), *_publisher_problems(parsed, model, publisher)]
        return _refused(record, parsed, wrong + cross_checks(parsed, model))
    wrong = _publisher_problems(parsed, model, publisher) + cross_checks(parsed, model)
    if wrong:
        return _refused(record, parsed, wrong)
    return Event(
        id=str(said.id),
        source=said.source,
        type=model.event_type,
        time=said.time,
        action=said.eventaction,
        sequence=said.sequence,
        correlation=said.correlationid,
        publisher=publisher.id,
        data=said.data,
        body=parsed["data"],
        received=record,
        digest=digest_of(parsed),
        test=said.testevent,
    )


def set_aside(record: Received) -> Refused:
    """The refusal of a record that was accepted and then broke the router: a fault of ours, kept and owned."""
    found = [problem("not-processed")]
    try:
        parsed = parse(record)
    except Exception:  # it may be this that it breaks
        parsed = found[0]
    return _refused(record, parsed, found) if isinstance(parsed, dict) else Refused(record, tuple(found))


def parse(record: Received) -> dict[str, Any] | Problem:
    """The JSON object a record holds, or why it holds none."""
    raw = record.raw
    if raw is None:
        return problem("not-json", "")
    if len(raw) > MAX_BYTES:
        return problem("oversize", "")
    try:
        parsed = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return problem("not-json", "")
    if not isinstance(parsed, dict):
        return problem("not-an-object", "")
    try:
        if has_duplicate_keys(raw, parsed):
            return problem("duplicate-keys", "")
    except TypeError:
        return problem("not-json", "")
    if b"\\u0000" in raw and (found := _where_nul(parsed, ())) is not None:
        return problem("wrong-form", where(found).path, "A text holds the character U+0000, which no database keeps.")
    return parsed


def _where_nul(value: object, at: tuple[int | str, ...]) -> tuple[int | str, ...] | None:
    """Where the first text holds U+0000; PostgreSQL takes it in no text, and would refuse the whole batch."""
    inside: Iterable[tuple[int | str, object]] = ()
    if isinstance(value, str):
        return at if "\0" in value else None
    if isinstance(value, dict):
        if any("\0" in name for name in value):
            return at
        inside = value.items()
    elif isinstance(value, list):
        inside = enumerate(value)
    return next((found for name, one in inside if (found := _where_nul(one, (*at, name))) is not None), None)


def _refused(record: Received, parsed: Mapping[str, Any], problems: list[Problem]) -> Refused:
    data = parsed.get("data")
    kind = parsed.get("type")
    return Refused(
        record,
        tuple(dict.fromkeys(problems)),
        _uuid(parsed.get("id")),
        kind if isinstance(kind, str) and kind in event_types() else None,
        _safe(data.get("record_id")) if isinstance(data, dict) else None,
    )


def _uuid(value: object) -> str | None:
    """An event's id, where it is one: anything else in its place could be a name."""
    return value if isinstance(value, str) and _UUID.match(value) else None


def _safe(value: object) -> str | None:
    """An identifier that may be repeated to its sender: opaque in form, and no NHS number."""
    return value if isinstance(value, str) and _SAFE_ID.match(value) and not holds_nhs_number(value) else None


def looks_like_number(key: bytes | None) -> bool:
    """Whether a publisher's partition key is an NHS number: reported back to it (architecture.md, Transport)."""
    return key is not None and holds_nhs_number(key.decode("ascii", "replace"))


@lru_cache(maxsize=1)
def _bare() -> TypeAdapter[Any]:
    return TypeAdapter(Envelope)


def _envelope_problems(record: Received) -> list[Problem]:
    try:
        _bare().validate_json(record.raw or b"")
    except ValidationError as error:
        return [p for p in problems_of(error, prefix="") if p.path != "type"]
    return []


def _publisher_problems(parsed: Mapping[str, Any], model: type[EventData], publisher: Publisher) -> list[Problem]:
    wrong = []
    if parsed.get("source") != publisher.source:
        wrong.append(problem("wrong-publisher-for-topic", "source"))
    if publisher.service not in model.published_by:
        wrong.append(problem("wrong-publisher-for-type", "type"))
    return wrong
