"""The register of looked-after children: who they are, what makes them vulnerable, what is due (F29). Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from contracts.parts.shape import AbsentReason
from router.directory import FamilyDoc, PersonDoc, in_care
from router.facts import live, years_old
from router.moments import day_of
from router.plan import task_left_by

FLOWS = ("F25", "F26", "F27", "F28")
"""Flows whose clocks are about the care of a looked-after child."""
LOOKED_AFTER = "looked-after"
NOT_TOLD = "not told"
STILL_FLAGGED = "left care, and still flagged"
"""Two words of social care's that do not agree: a person must end one of them."""
FEW = "fewer than 5"
"""A count that would point at somebody."""
MORE = "5 or more"


class Waiting(NamedTuple):
    """A clock about a child that has not been met, as a ledger has it."""

    id: str
    child: str
    flow: str
    words: str
    state: str
    """running, paused or exhausted."""
    due: datetime
    """When its first rung is or was due: what was promised, and not when somebody is told next."""
    why: str | None = None
    """Why it is paused."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is due for a child."""

    what: str
    flow: str
    due: datetime
    state: Literal["overdue", "held up", "due"]
    why: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One looked-after child; no NHS number, and no place but whether it is in the area."""

    child: str
    name: Mapping[str, str] | None
    birth_date: str | None
    age: int
    since: str
    authority: str
    placement: str
    in_area: str
    placed_on: str
    placements_before: str
    whereabouts_withheld: bool
    legal_status: str
    ethnicity: str
    languages: str
    faith: str
    disability: str
    choice_of_venue: str
    consent: str
    vulnerabilities: tuple[str, ...]
    owed: tuple[Owed, ...]

    @property
    def overdue(self) -> bool:
        """Whether anything is."""
        return any(o.state == "overdue" for o in self.owed)


def ids_of(families: Iterable[FamilyDoc], now: datetime) -> dict[str, str]:
    """Every id under which something of a looked-after child's may be kept → the child."""
    found: dict[str, str] = {}
    for pid, doc in _looked_after(families, now):
        found |= dict.fromkeys((pid, *doc.get("merged", ())), pid)
    return found


def register(
    families: Iterable[FamilyDoc], waiting: Iterable[Waiting], open_tasks: frozenset[str], now: datetime
) -> list[Entry]:
    """All who are looked after now, by flag or by placement, those with most overdue first.

    An exhausted clock is overdue for as long as the task that it left is open."""
    children = dict(_looked_after(families, now))
    whose = {id: pid for pid, doc in children.items() for id in (pid, *doc.get("merged", ()))}
    owed: dict[str, list[Owed]] = {}
    for clock in waiting:
        if clock.child in whose and (clock.state != "exhausted" or task_left_by(clock.id) in open_tasks):
            owed.setdefault(whose[clock.child], []).append(_owed(clock, now))
    entries = [_entry(pid, doc, owed.get(pid, []), now) for pid, doc in children.items()]
    return sorted(entries, key=lambda e: (-sum(o.state == "overdue" for o in e.owed), _first_due(e), e.child))


def counted(entries: Iterable[Entry]) -> dict[str, Any]:
    """How many there are of each kind, for whoever commissions the service: small numbers are not told."""
    all_of = list(entries)
    of: dict[str, Counter[str]] = {
        "placement": Counter(e.placement for e in all_of),
        "in_area": Counter(e.in_area for e in all_of),
        "age": Counter(_band(e.age) for e in all_of),
        "ethnicity": Counter(e.ethnicity for e in all_of),
        "disability": Counter(_known(e.disability) for e in all_of),
        "vulnerability": Counter(v for e in all_of for v in e.vulnerabilities),
        "overdue": Counter(o.what for e in all_of for o in e.owed if o.state == "overdue"),
        "held_up": Counter(o.why or NOT_TOLD for e in all_of for o in e.owed if o.state == "held up"),
    }
    late = sum(e.overdue for e in all_of)
    found: dict[str, Any] = {"children": _few(len(all_of)), "with_something_overdue": _few(late)}
    return found | {name: _hidden(counts) for name, counts in of.items()}


def _looked_after(families: Iterable[FamilyDoc], now: datetime) -> Iterable[tuple[str, PersonDoc]]:
    today = day_of(now)
    for family in families:
        for pid, doc in family["people"].items():
            if "died" in doc or "same_as" in doc:
                continue
            flagged = any(f["kind"] == LOOKED_AFTER for f in live(doc.get("flags", ()), today))
            if flagged or in_care(doc, today.isoformat()):
                yield pid, doc


def _entry(pid: str, doc: PersonDoc, owed: list[Owed], now: datetime) -> Entry:
    today = day_of(now)
    care: Mapping[str, Any] = doc.get("care", {})
    flags = live(doc.get("flags", ()), today)
    flagged = min((f["since"] for f in flags if f["kind"] == LOOKED_AFTER), default=NOT_TOLD)
    hidden = bool(doc.get("restricted"))
    consent = care.get("assessment_consent")
    return Entry(
        child=pid,
        name=doc.get("name"),
        birth_date=doc.get("born"),
        age=years_old(doc, today),
        since=care.get("since", flagged),
        authority=care.get("authority", NOT_TOLD),
        placement=STILL_FLAGGED if "ended" in care else _said(care.get("placement")),
        in_area="withheld" if hidden else _said(care.get("in_area")),
        placed_on=care.get("placed_on", NOT_TOLD),
        placements_before=_said(care.get("previous_placements")),
        whereabouts_withheld=hidden,
        legal_status=_said(care.get("legal_status")),
        ethnicity=_said(care.get("ethnicity")),
        languages=_said(care.get("languages")),
        faith=_said(care.get("faith")),
        disability=_said(care.get("disability")),
        choice_of_venue=_said(care.get("choice_of_venue")),
        consent=_said(consent.get("agreement", {}).get("answer", consent) if isinstance(consent, dict) else None),
        vulnerabilities=tuple(_vulnerabilities(doc, flags)),
        owed=tuple(sorted(owed, key=lambda o: o.due)),
    )


def _vulnerabilities(doc: PersonDoc, flags: Iterable[Any]) -> Iterable[str]:
    """Live flags, that a service for young people's substance misuse works with the child, and a hidden home."""
    yield from sorted({f["kind"].replace("-", " ") for f in flags} - {"looked after"})
    if any(s["service"] == "SWITCH" and "until" not in s for s in doc.get("services", ())):
        yield "substance misuse"
    if doc.get("restricted"):
        yield "whereabouts withheld"


def _owed(clock: Waiting, now: datetime) -> Owed:
    late: Literal["overdue", "due"] = "overdue" if clock.state == "exhausted" or clock.due <= now else "due"
    state: Literal["overdue", "held up", "due"] = "held up" if clock.state == "paused" else late
    return Owed(clock.words, clock.flow, clock.due, state, clock.why)


def _said(value: Any) -> str:
    """What social care said; a coded absence in words, and what was never told as that."""
    if value is None:
        return NOT_TOLD
    if isinstance(value, Mapping):
        return str(value.get("absent", NOT_TOLD)).replace("-", " ")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _known(disability: str) -> str:
    return disability if disability in _CODED else "has a disability"


_CODED = {NOT_TOLD, *(reason.value.replace("-", " ") for reason in AbsentReason)}


def _band(age: int) -> str:
    return "under 5" if age < 5 else "5 to 10" if age < 11 else "11 to 15" if age < 16 else "16 and over"


def _hidden(counts: Mapping[str, int]) -> dict[str, int | str]:
    """Each number but the small; where one alone is small, the next one is not told either: it could be reckoned."""
    told = {what: _few(n) for what, n in sorted(counts.items())}
    large = [what for what, n in told.items() if n != FEW]
    if len(told) - len(large) == 1 and large:
        told[min(large, key=lambda what: counts[what])] = MORE
    return told


def _few(number: int) -> int | str:
    return FEW if 0 < number < 5 else number


def _first_due(entry: Entry) -> str:
    return min((o.due.isoformat() for o in entry.owed), default="9999")
