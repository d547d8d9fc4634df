"""Errors: what is wrong with a message, all of it at once, in words of ours and never in words of the sender's."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from contracts.error_catalogue import CATALOGUE
from contracts.error_paths import where
from contracts.parts.shape import ABSENT, VALUE, AbsentReason
from contracts.problems import Problem, problem

_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "json_invalid": "not-json",
    "recursion_loop": "not-json",
    "literal_error": "wrong-choice",
    "enum": "wrong-choice",
    "string_pattern_mismatch": "wrong-form",
    "string_too_long": "too-long",
    "too_long": "too-long",
    "string_too_short": "too-short",
    "too_short": "too-short",
    "greater_than_equal": "out-of-range",
    "less_than_equal": "out-of-range",
    "int_parsing_size": "out-of-range",
    "date_parsing": "date-form",
    "date_type": "date-form",
    "date_from_datetime_parsing": "date-form",
    "date_from_datetime_inexact": "date-form",
    "datetime_type": "time-form",
    "datetime_parsing": "time-form",
    "datetime_from_date_parsing": "time-form",
    "datetime_object_invalid": "time-form",
    "timezone_aware": "time-without-offset",
    "timezone_naive": "time-without-offset",
    "uuid_parsing": "uuid-form",
    "uuid_type": "uuid-form",
}
_KINDS = {
    "string_type": "text",
    "string_unicode": "text in UTF-8",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}
_OR_ABSENT = f'Or {{"absent": …}} with one of: {", ".join(AbsentReason)}.'


def problems_of(error: ValidationError, prefix: str = "data") -> tuple[Problem, ...]:
    """Everything pydantic found wrong, once each and in its order.

    Nothing of the input is read: every sentence is made from the kind of error, the path and the contract."""
    raw = error.errors(include_input=False, include_url=False)
    found = _meant([_Found(one["type"], one["loc"], one.get("ctx", {})) for one in raw])
    listed = {one.loc for one in found if one.kind != "too_short"}
    told = [
        _told(one, prefix)
        for one in found
        # pydantic calls a list too short when its one item is wrong
        if one.kind != "too_short" or not any(loc[: len(one.loc)] == one.loc for loc in listed)
    ]
    return tuple(dict.fromkeys(told))


def unknown_type(name: object, known: Iterable[str]) -> Problem:
    """Why there is no contract for this `type`: never heard of, or another version of one that is published."""
    stem = name.rpartition("-")[0] if isinstance(name, str) else ""
    versions = sorted(one for one in known if stem and one.rpartition("-")[0] == stem)
    if versions:
        return problem("unknown-version", "type", f"Published: {', '.join(versions)}.")
    return problem("unknown-type", "type")


class _Found(NamedTuple):
    kind: str
    loc: tuple[int | str, ...]
    context: Mapping[str, Any]
    or_absent: bool = False
    """Whether a coded absence would have done."""


def _meant(found: Sequence[_Found]) -> list[_Found]:
    """Of the two branches of each `Known` the one that the sender meant: its absence only if it wrote 'absent'."""
    groups: dict[tuple[int | str, ...], list[_Found]] = {}
    for one in found:
        groups.setdefault(one.loc[: _branch(one)], []).append(one)
    out: list[_Found] = []
    for before, group in groups.items():
        at = len(before)
        if at == len(group[0].loc):
            out += group
            continue
        absence = [one for one in group if one.loc[at] == ABSENT]
        wrote_absent = bool(absence) and not any(
            one.kind == "model_type" or (one.kind == "missing" and one.loc[at + 1 :] == ("absent",)) for one in absence
        )
        kept = absence if wrote_absent else [one for one in group if one.loc[at] == VALUE]
        out += _meant(
            [
                one._replace(loc=(*before, *one.loc[at + 1 :]), or_absent=not wrote_absent and len(one.loc) == at + 1)
                for one in kept
            ]
        )
    return out


def _branch(one: _Found) -> int:
    """Where the path says which branch of a `Known` was tried; its length where it does not."""
    return next((at for at, part in enumerate(one.loc) if part in (VALUE, ABSENT)), len(one.loc))


def _told(one: _Found, prefix: str) -> Problem:
    path, nearest = where(one.loc, prefix)
    code = "wrong-type" if one.kind in _KINDS else _CODES.get(one.kind) or one.kind.replace("_", "-")
    if code not in CATALOGUE:
        code = "invalid"
    if code == "unknown-field":
        return problem(code, path, f"Perhaps {nearest} was meant." if nearest else "")
    return problem(code, path, " ".join(filter(None, (_rule(one), _OR_ABSENT if one.or_absent else ""))))


def _rule(one: _Found) -> str:
    """What the contract says there, from those parts of pydantic's context that come from the contract."""
    match one.kind:
        case kind if kind in _KINDS:
            return f"It takes {_KINDS[kind]}."
        case "literal_error" | "enum":
            return f"Choices: {one.context['expected']}."
        case "string_too_long" | "too_long":
            return f"At most {one.context['max_length']}."
        case "string_too_short" | "too_short":
            return f"At least {one.context['min_length']}."
        case "string_pattern_mismatch":
            return f"It takes text of the form {one.context['pattern']}"
        case "greater_than_equal":
            return f"At least {one.context['ge']}."
        case "less_than_equal":
            return f"At most {one.context['le']}."
        case _:
            return ""
