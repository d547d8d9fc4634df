"""Each field of a person's place in the directory file, checked: a code for what is wrong, and never a value."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from contracts.flags import FlagKind
from contracts.parts.people import is_placeholder, passes_check_digit
from contracts.parts.services import Service

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")
_SERVICES, _FLAGS = frozenset(Service), frozenset(get_args(FlagKind))
_PLACES = ("area", "authority", "practice", "school")
_DAY = "2000-01-01"


@dataclass(slots=True)
class Seen:
    """What the file has said so far."""

    teams: dict[str, object] = field(default_factory=dict)
    """Each team, and its service."""
    people: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)


Check = Callable[[Any, Mapping[str, Any], Seen], str]
"""(value, the family's people, what was seen) → the code of what is wrong, or nothing."""


def check_person(doc: Mapping[str, Any], people: Mapping[str, Any], seen: Seen) -> Iterable[tuple[str, str]]:
    """All that is wrong with one person: (code, field)."""
    for name, value in doc.items():
        check = CHECKS.get(name)
        if check is None:
            yield "unknown-field", "(a field)"
        elif code := check(value, people, seen):
            yield code, name
    if doc.get("restricted") and any(doc.get(place) for place in _PLACES):
        yield "restricted-address", "restricted"
    if "born" not in doc and "expected" not in doc and "nhs" in doc:
        yield "missing", "born"


def one_of(value: Any, known: Iterable[str]) -> bool:
    """Whether a value, of whatever kind, is one of these words."""
    return isinstance(value, str) and value in known


def _number(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    if not isinstance(value, str) or len(value) != 10 or not (value.isascii() and value.isdigit()):
        return "nhs-number"
    if is_placeholder(value) or not passes_check_digit(value):
        return "nhs-number"
    if value in seen.numbers:
        return "twice"
    seen.numbers.add(value)
    return ""


def _day(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    try:
        return "" if isinstance(value, str) and date.fromisoformat(value).isoformat() == value else "date-form"
    except ValueError:
        return "date-form"


def _code(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    return "" if isinstance(value, str) and _CODE.fullmatch(value) else "wrong-form"


def _one(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    return "" if one_of(value, people) else "unknown-person"


def _name(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    well = isinstance(value, dict) and value.keys() <= {"family", "given"} and all(_text(v) for v in value.values())
    return "" if well else "wrong-form"


def _parents(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    if not isinstance(value, list) or not all(isinstance(p, list) and len(p) == 2 and _text(p[1]) for p in value):
        return "wrong-form"
    return "" if all(one_of(p[0], people) for p in value) else "unknown-person"


def _yes_no(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    return "" if isinstance(value, bool) else "wrong-form"


def _caseload(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    if not isinstance(value, dict) or not all(
        isinstance(v, dict) and v.keys() <= {"team", "named", "at"} for v in value.values()
    ):
        return "wrong-form"
    return _services_and_teams(value.keys(), [held.get("team") for held in value.values()], seen)


def _services(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    known = {"service", "team", "since", "until"}
    if not isinstance(value, list) or not all(isinstance(v, dict) and v.keys() <= known for v in value):
        return "wrong-form"
    if any(_day(v.get("since"), people, seen) or _day(v.get("until", _DAY), people, seen) for v in value):
        return "date-form"
    return _services_and_teams([v.get("service") for v in value], [v.get("team") for v in value], seen)


def _flags(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    needed, known = {"flag_id", "kind", "since", "authority", "contact", "by"}, {"ended", "sequence", "said_at"}
    if not isinstance(value, list) or not all(
        isinstance(v, dict) and needed <= v.keys() <= needed | known for v in value
    ):
        return "wrong-form"
    if any(_day(v["since"], people, seen) or _day(v.get("ended", _DAY), people, seen) for v in value):
        return "date-form"
    return "" if all(one_of(v["kind"], _FLAGS) for v in value) else "wrong-form"


def _teams(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    if not isinstance(value, list):
        return "wrong-form"
    return "" if all(one_of(team, seen.teams) for team in value) else "unknown-team"


def _redirected(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    return _services_and_teams(value.keys(), value.values(), seen) if isinstance(value, dict) else "wrong-form"


def _ones(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    if not isinstance(value, list):
        return "wrong-form"
    return "" if all(one_of(one, people) for one in value) else "unknown-person"


def _as_of(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    well = isinstance(value, dict) and all(isinstance(v, dict) and isinstance(v.get("at"), str) for v in value.values())
    return "" if well else "wrong-form"


def _care(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    well = isinstance(value, dict) and all(isinstance(k, str) for k in value) and isinstance(value.get("care_id"), str)
    if not well:
        return "wrong-form"
    return _day(value.get("since"), people, seen) or _day(value.get("ended", _DAY), people, seen)


def _numbers(value: Any, people: Mapping[str, Any], seen: Seen) -> str:
    return (
        next((code for one in value if (code := _number(one, people, seen))), "")
        if isinstance(value, list)
        else "wrong-form"
    )


def _services_and_teams(services: Iterable[Any], teams: Iterable[Any], seen: Seen) -> str:
    pairs = tuple(zip(services, teams, strict=True))
    if not all(one_of(service, _SERVICES) for service, _ in pairs):
        return "unknown-service"
    if not all(one_of(team, seen.teams) for _, team in pairs):
        return "unknown-team"
    return "" if all(seen.teams[team] == service for service, team in pairs) else "team-of-another"


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 200


CHECKS: Mapping[str, Check] = {
    "nhs": _number,
    "name": _name,
    "born": _day,
    "died": _day,
    "expected": _day,
    "pregnancy": _code,
    "mother": _one,
    "parents": _parents,
    "household": _code,
    "practice": _code,
    "school": _code,
    "education": _code,
    "area": _code,
    "authority": _code,
    "restricted": _yes_no,
    "caseload": _caseload,
    "services": _services,
    "flags": _flags,
    "care": _care,
    "not_ours": _teams,
    "redirected": _redirected,
    "before_birth": _one,
    "formerly": _numbers,
    "same_as": _one,
    "merged": _ones,
    "unjoined": _code,
    "as_of": _as_of,
}
"""One check for each field a person's place in the file can have."""
