"""Patterns: named, dated rules that count facts and name their sources; never a score of a family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from contracts.directory import AddressChanged, GpRegistrationChanged, SchoolChanged
from router.policy.words import Gap

QUARTER, YEAR = 90, 365
AGREED = date(2026, 11, 23)
"""The day from which these rules hold; a rule that is changed gets the day of its change."""


class Fact(NamedTuple):
    """One entry of a chronology as a rule counts it."""

    entry: int
    event: str
    at: datetime
    kinds: tuple[str, ...]
    """What it counts as ('ED attendance'), and its type."""
    thing: str | None
    """Entries about the same attendance or notification are one."""
    place: str | None
    """The site; shown on no pattern, only told apart."""
    injured: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """So many of a kind within so many days are a pattern."""

    name: str
    kinds: tuple[str, ...]
    least: int
    days: int
    words: str
    """What is counted, as it reads after 'third': 'injury attendance'."""
    because: Gap
    agreed: date = AGREED
    injuries_only: bool = False
    least_places: int = 0


class Pattern(NamedTuple):
    """What one rule found: words, and the entries that it rests on."""

    words: str
    rule: str
    flow: str
    cited: str
    agreed: date
    first: datetime
    last: datetime
    entries: tuple[int, ...]
    events: tuple[str, ...]


_EARLIER = Gap("F09", "1.23", "R3.6", "how often the child came before is not seen by whoever meets it next")
_INJURIES = Gap("F09", "1.23", "R3.6", "the mechanism of injuries is not told, and repeats are not seen", local=True)
_DART = Gap("F04", "1.11", "", "whether there was domestic abuse before is not told")
_MISSED = Gap("F13", "5.2.15", "", "children who leave untreated or are not brought are seen one at a time")
_MOVES = Gap("A", "1.6", "", "a family that moves often is new to every team", local=True)

RULES = (
    Rule("repeated attendance", ("ED attendance",), 3, QUARTER, "attendance at an emergency department", _EARLIER),
    Rule("repeated injury", ("ED attendance",), 2, QUARTER, "injury attendance", _INJURIES, injuries_only=True),
    Rule(
        "injuries at two hospitals", ("ED attendance",), 2, YEAR, "injury attendance", _INJURIES,
        injuries_only=True, least_places=2,
    ),
    Rule("repeated domestic abuse", ("domestic-abuse notification",), 2, YEAR, "domestic-abuse notification", _DART),
    Rule("missed appointments", ("not brought",), 2, YEAR, "appointment to which the child was not brought", _MISSED),
    Rule("left untreated", ("left before treatment",), 2, YEAR, "time the child left before treatment", _MISSED),
    Rule("moves", (AddressChanged.event_type,), 2, YEAR, "change of address", _MOVES),
    Rule("changes of practice", (GpRegistrationChanged.event_type,), 2, YEAR, "change of GP practice", _MOVES),
    Rule("changes of school", (SchoolChanged.event_type,), 2, YEAR, "change of school", _MOVES),
)  # fmt: skip
_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MANY = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def patterns_in(facts: Sequence[Fact], rules: Sequence[Rule] = RULES) -> tuple[Pattern, ...]:
    """What these rules find among the facts, which stand in order: each widest run of days once, the oldest first."""
    found = [pattern for rule in rules for pattern in _of(rule, facts)]
    return tuple(sorted(found, key=lambda p: (p.last, p.first)))


def _of(rule: Rule, facts: Sequence[Fact]) -> list[Pattern]:
    counted = _counted(rule, facts)
    runs: list[list[list[Fact]]] = []
    for at, thing in enumerate(counted):
        since = thing[0].at - timedelta(days=rule.days)
        run = [t for t in counted[: at + 1] if t[0].at >= since]
        if len(run) < rule.least or len(_places(run)) < rule.least_places:
            continue
        if runs and all(t in run for t in runs[-1]):
            runs.pop()  # the same run, longer by one
        runs.append(run)
    return [_pattern(rule, run) for run in runs]


def _counted(rule: Rule, facts: Sequence[Fact]) -> list[list[Fact]]:
    """Each thing once, with all its entries: arrival and discharge are one attendance."""
    things: dict[str, list[Fact]] = {}
    for fact in facts:
        if set(rule.kinds) & set(fact.kinds):
            things.setdefault(fact.thing or fact.event, []).append(fact)
    if not rule.injuries_only:
        return list(things.values())
    return [entries for entries in things.values() if any(f.injured for f in entries)]


def _places(run: Sequence[Sequence[Fact]]) -> set[str]:
    return {f.place for thing in run for f in thing if f.place}


def _pattern(rule: Rule, run: Sequence[Sequence[Fact]]) -> Pattern:
    places = len(_places(run))
    where = f", {_MANY[places] if places < len(_MANY) else places} hospitals" if places > 1 else ""
    entries = [f for thing in run for f in thing]
    return Pattern(
        words=f"{nth(len(run))} {rule.words} in {rule.days} days{where}",
        rule=rule.name,
        flow=rule.because.flow,
        cited=rule.because.cited,
        agreed=rule.agreed,
        first=run[0][0].at,
        last=run[-1][0].at,
        entries=tuple(f.entry for f in entries),
        events=tuple(f.event for f in entries),
    )


def nth(number: int) -> str:
    """'third'; from the eleventh on in figures."""
    if number <= len(_NTH):
        return _NTH[number - 1]
    ends = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{ends}"
