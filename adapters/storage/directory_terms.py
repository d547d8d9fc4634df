"""Checks what organisations set for themselves in a directory file: durations, ladders and days, by code and place."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import Any

from contracts.parts.services import Service
from router.policy.book import rule_book
from router.policy.tables import Table
from router.terms import OWNERS, OwnTerm, read_day, read_duration, read_term

_TERM = frozenset({"organisation", "flow", "service", "to", "rating", "from", "until", "within", "ladder", "because"})
_DAY = frozenset({"organisation", "day", "working", "name"})
_SERVICES = frozenset(Service)
Found = Iterator[tuple[str, str]]
"""(code, path) of each thing that is wrong."""


def check_terms(terms: Any, days: Any, organisations: Collection[Any]) -> Found:
    """What is wrong with the `terms` and `days` of a file whose teams and publishers are of these organisations."""
    if not isinstance(terms, list) or not isinstance(days, list):
        yield "wrong-form", "terms and days"
        return
    good: list[tuple[int, OwnTerm]] = []
    for at, entry in enumerate(terms):
        wrong = list(_term(f"terms[{at}]", entry, organisations))
        yield from wrong
        if not wrong:
            good.append((at, read_term(entry)))
    for (_, one), (at, other) in combinations(good, 2):
        if one.about == other.about and (one.holds(other.since) or other.holds(one.since)):
            yield "same-days", f"terms[{at}]"
    seen = set()
    for at, entry in enumerate(days):
        wrong = list(_day(f"days[{at}]", entry, organisations))
        yield from wrong
        if not wrong:
            day = read_day(entry)
            if (day.organisation, day.day) in seen:
                yield "twice", f"days[{at}]"
            seen.add((day.organisation, day.day))


def _term(path: str, entry: Any, organisations: Collection[Any]) -> Found:
    if not isinstance(entry, dict):
        yield "wrong-form", path
        return
    yield from (("unknown-field", path) for _ in entry.keys() - _TERM)
    yield from (("missing", f"{path}.{name}") for name in ("organisation", "flow", "from") if name not in entry)
    if "within" not in entry and not entry.get("ladder"):
        yield "missing", f"{path}.within or ladder"
    if "organisation" in entry and not _in(entry["organisation"], organisations):
        yield "unknown-organisation", f"{path}.organisation"
    yield from _dates(path, entry)
    if "service" in entry and not _in(entry["service"], _SERVICES):
        yield "unknown-service", f"{path}.service"
    elif "flow" in entry and not _is_of_a_clock(entry):
        yield "no-such-clock", path
    if "within" in entry and not _is_duration(entry["within"]):
        yield "duration-form", f"{path}.within"
    ladder = entry.get("ladder", [])
    if not isinstance(ladder, list) or not all(isinstance(rung, dict) for rung in ladder):
        yield "wrong-form", f"{path}.ladder"
        return
    for at, rung in enumerate(ladder):
        place = f"{path}.ladder[{at}]"
        yield from (("unknown-field", place) for _ in rung.keys() - {"owner", "within"})
        if not _in(rung.get("owner"), OWNERS):
            yield "owner-form", f"{place}.owner"
        if (at < len(ladder) - 1 or "within" in rung) and not _is_duration(rung.get("within")):
            yield "duration-form", f"{place}.within"


def _dates(path: str, entry: Mapping[str, Any]) -> Found:
    wrong = [name for name in ("from", "until") if name in entry and not _is_date(entry[name])]
    yield from (("date-form", f"{path}.{name}") for name in wrong)
    if not wrong and entry.get("until", "9999") < entry.get("from", ""):
        yield "last-before-first", f"{path}.until"


def _is_of_a_clock(entry: Mapping[str, Any]) -> bool:
    """Whether any clock of the rule book would run by it."""
    return any(
        clock.because.flow == entry["flow"]
        and entry.get("to") in (None, clock.to)
        and ("rating" not in entry or (isinstance(clock.within, Table) and entry["rating"] in dict(clock.within.terms)))
        and (
            "service" not in entry
            or entry["service"]
            in (policy.event.published_by if clock.service is None or "rating" in entry else {clock.service})
        )
        for policy in rule_book().policies.values()
        for clock in policy.expectations
    )


def _day(path: str, entry: Any, organisations: Collection[Any]) -> Found:
    if not isinstance(entry, dict):
        yield "wrong-form", path
        return
    yield from (("unknown-field", path) for _ in entry.keys() - _DAY)
    yield from (("missing", f"{path}.{name}") for name in ("day", "working", "name") if name not in entry)
    if "day" in entry and not _is_date(entry["day"]):
        yield "date-form", f"{path}.day"
    if not isinstance(entry.get("working", True), bool) or not isinstance(entry.get("name", ""), str):
        yield "wrong-form", path
    if "organisation" in entry and not _in(entry["organisation"], organisations):
        yield "unknown-organisation", f"{path}.organisation"


def _in(value: Any, known: Collection[Any]) -> bool:
    return isinstance(value, str) and value in known


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_duration(value: Any) -> bool:
    try:
        return bool(read_duration(value))
    except (KeyError, TypeError, ValueError):
        return False
