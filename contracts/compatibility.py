"""Whether every message that one JSON Schema allows is allowed by another: what the gate asks of a changed contract."""

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]


class Narrowing(NamedTuple):
    """One way in which a message that `given` allows is not what `taking` takes."""

    path: str
    kind: str
    """field-gone, field-mandatory, choice-gone, type-changed, limit-tighter, form-changed."""
    detail: str


def narrowings(taking: Json, given: Json) -> list[Narrowing]:
    """All of them; none: whatever is valid for `given` is valid for `taking`.

    Knows the part of JSON Schema that pydantic writes for our contracts, and takes `title` and the like for nothing."""
    return list(_walk(taking, given, "", _Both(taking, given)))


class _Both(NamedTuple):
    taking: Json
    given: Json


def _walk(taking: Any, given: Any, path: str, roots: _Both) -> Iterator[Narrowing]:
    taking, given = _resolved(taking, roots.taking), _resolved(given, roots.given)
    if _says_nothing(taking):
        return
    if branches := _branches(given):
        for branch in branches:
            yield from _walk(taking, branch, path, roots)
        return
    if branches := _branches(taking):
        tried = [list(_walk(branch, given, path, roots)) for branch in branches]
        yield from min(tried, key=lambda found: (any(one.kind == "type-changed" for one in found), len(found)))
        return
    yield from _choices(taking, given, path)
    if taking.get("type") != given.get("type") and "type" in taking:
        yield Narrowing(path, "type-changed", f"{given.get('type', 'anything')} became {taking['type']}")
        return
    yield from _limits(taking, given, path)
    if "items" in taking:
        yield from _walk(taking["items"], given.get("items", {}), f"{path}[]", roots)
    if taking.get("type") == "object":
        yield from _fields(taking, given, path, roots)


def _fields(taking: Json, given: Json, path: str, roots: _Both) -> Iterator[Narrowing]:
    takes, gives = taking.get("properties", {}), given.get("properties", {})
    for name, field in gives.items():
        if name in takes:
            yield from _walk(takes[name], field, _joined(path, name), roots)
        elif taking.get("additionalProperties") is False:
            yield Narrowing(_joined(path, name), "field-gone", "the field is not taken")
    for name in taking.get("required", ()):
        if name not in given.get("required", ()):
            yield Narrowing(_joined(path, name), "field-mandatory", "the field may be missing in what is given")
    if isinstance(taking.get("additionalProperties"), dict) and isinstance(given.get("additionalProperties"), dict):
        yield from _walk(taking["additionalProperties"], given["additionalProperties"], f"{path}.*", roots)


def _choices(taking: Json, given: Json, path: str) -> Iterator[Narrowing]:
    takes, gives = _values(taking), _values(given)
    if takes is None:
        return
    if gives is None:
        yield Narrowing(path, "choice-gone", "any value became a choice")
        return
    for value in gives:
        if value not in takes:
            yield Narrowing(path, "choice-gone", f"the choice {value!r} is not taken")


def _limits(taking: Json, given: Json, path: str) -> Iterator[Narrowing]:
    for least in ("minLength", "minItems", "minimum", "minProperties"):
        if least in taking and (least not in given or given[least] < taking[least]):
            yield Narrowing(path, "limit-tighter", f"{least} {given.get(least)} became {taking[least]}")
    for most in ("maxLength", "maxItems", "maximum", "maxProperties"):
        if most in taking and (most not in given or given[most] > taking[most]):
            yield Narrowing(path, "limit-tighter", f"{most} {given.get(most)} became {taking[most]}")
    for form in ("pattern", "format"):
        if form in taking and taking[form] != given.get(form) and _values(given) is None:
            yield Narrowing(path, "form-changed", f"{form} {given.get(form)} became {taking[form]}")


def _resolved(schema: Any, root: Json) -> Json:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    found: Json = schema
    return found


def _branches(schema: Json) -> list[Json]:
    branches: list[Json] = schema.get("anyOf") or schema.get("oneOf") or []
    return branches


def _values(schema: Json) -> list[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _says_nothing(schema: Json) -> bool:
    return not schema.keys() & {"type", "anyOf", "oneOf", "enum", "const"}


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
