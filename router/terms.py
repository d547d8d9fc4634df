"""What organisations have set for themselves, by date: how long their people have, who hears next, days off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts.parts.services import Service
from router.moments import day_of
from router.policy.owners import DESK, PUBLISHER, TEAM_LEAD, Owner, Rung, owner
from router.policy.working_time import ENGLAND, Calendar, Term, calendar, working_days

UNITS = ("working days", "working hours", "hours", "days")
OWNERS: Mapping[str, Owner] = {
    "lead": TEAM_LEAD,
    "publisher": PUBLISHER,
    "desk": DESK,
    **{service.value: owner(service) for service in Service},
}
"""How the directory file names who is told on a rung: a role in the clock, or a service by its short name."""


@dataclass(frozen=True, slots=True)
class OwnTerm:
    """One organisation's own duration or ladder (or both) for the clocks of a flow; the rule book's stand beside it."""

    organisation: str
    flow: str
    since: date
    until: date | None = None
    """The last day on which it holds; None: until a later version of the directory says otherwise."""
    service: Service | None = None
    """Only for clocks on this service; on the publisher's, where an event starts the clock."""
    to: str | None = None
    """Only for clocks that ask this: acknowledge, file, act, happen."""
    rating: str | None = None
    """Only where what this organisation asks is so rated (red, amber …): a row of its table for those it asks."""
    within: Term | None = None
    ladder: tuple[Rung, ...] = ()

    @property
    def about(self) -> tuple[str, str, Service | None, str | None, str | None]:
        """What it is for; two about the same never hold on one day."""
        return self.organisation, self.flow, self.service, self.to, self.rating

    def holds(self, day: date) -> bool:
        """Whether it holds on this day, its first and its last included."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day on which people work, or do not, other than England's bank holidays say."""

    day: date
    working: bool
    name: str
    organisation: str | None = None
    """None: for everybody in this directory."""


class OwnTerms:
    """All of one version of the directory; read-only once made, and quick where an organisation has none."""

    def __init__(self, terms: Iterable[OwnTerm] = (), days: Iterable[OwnDay] = ()) -> None:
        self.terms, self.days = tuple(terms), tuple(days)
        self._of: dict[str, list[OwnTerm]] = {}
        for term in sorted(self.terms, key=lambda t: (t.service is None, t.to is None)):  # the most particular first
            self._of.setdefault(term.organisation, []).append(term)
        self._found: dict[tuple[str, str, Service, str, date], OwnTerm | None] = {}
        self._common = self._calendar(None)
        self._calendars = {d.organisation: self._calendar(d.organisation) for d in self.days if d.organisation}

    def has(self, organisation: str) -> bool:
        """Whether this organisation has set anything but days."""
        return organisation in self._of

    def of(self, organisation: str, flow: str, service: Service, to: str, starts: datetime) -> OwnTerm | None:
        """What it has set for this clock, as of the day on which the clock starts; None: what the rule book says."""
        if organisation not in self._of:
            return None
        key = (organisation, flow, service, to, day_of(starts))
        if key not in self._found:
            self._found[key] = next(
                (
                    t
                    for t in self._of[organisation]
                    if t.rating is None
                    and t.flow == flow
                    and t.service in (None, service)
                    and t.to in (None, to)
                    and t.holds(key[4])
                ),
                None,
            )
        return self._found[key]

    def rated(self, organisation: str, flow: str, service: Service, at: datetime) -> dict[str, Term]:
        """Rating → how long those have whom this organisation asks, as far as it has set that, as of that day."""
        day = day_of(at)
        return {
            t.rating: t.within
            for t in reversed(self._of.get(organisation, ()))
            if t.rating and t.within and t.flow == flow and t.service in (None, service) and t.holds(day)
        }

    def calendar(self, organisation: str) -> Calendar:
        """The organisation's working days."""
        return self._calendars.get(organisation, self._common)

    def _calendar(self, organisation: str | None) -> Calendar:
        """Its own days come before everybody's."""
        working = {d.day: d.working for d in self.days if d.organisation is None}
        working |= {d.day: d.working for d in self.days if d.organisation == organisation}
        if not working:
            return ENGLAND
        return calendar(
            frozenset(d for d, w in working.items() if not w), frozenset(d for d, w in working.items() if w)
        )

    @classmethod
    def read(cls, doc: Mapping[str, Any]) -> "OwnTerms":
        """From the directory file's `terms` and `days`. Raises KeyError, TypeError or ValueError where it cannot."""
        return cls(map(read_term, doc.get("terms", ())), map(read_day, doc.get("days", ())))


def read_term(entry: Mapping[str, Any]) -> OwnTerm:
    """One entry of the file's `terms`."""
    return OwnTerm(
        organisation=entry["organisation"],
        flow=entry["flow"],
        since=date.fromisoformat(entry["from"]),
        until=date.fromisoformat(entry["until"]) if "until" in entry else None,
        service=Service(entry["service"]) if "service" in entry else None,
        to=entry.get("to"),
        within=read_duration(entry["within"]) if "within" in entry else None,
        ladder=read_ladder(entry.get("ladder", ())),
        rating=entry.get("rating"),
    )


def read_duration(said: Mapping[str, Any]) -> Term:
    """A duration as the file has it: `{"count": 2, "unit": "working days"}`."""
    unit, count = said["unit"], said["count"]
    whole = unit in ("working days", "days")
    if unit not in UNITS or isinstance(count, bool) or not isinstance(count, int if whole else int | float):
        raise ValueError("not a duration")
    if not 0 < count <= 1000 or len(said) != 2:
        raise ValueError("not a duration")
    return Term(unit, count)


def read_ladder(rungs: Sequence[Mapping[str, Any]]) -> tuple[Rung, ...]:
    """A ladder as the file has it; after the last rung a task stays open, so that it needs no time of its own."""
    last = len(rungs) - 1
    return tuple(
        Rung(OWNERS[rung["owner"]], working_days(1) if at == last else read_duration(rung["within"]))
        for at, rung in enumerate(rungs)
    )


def read_day(entry: Mapping[str, Any]) -> OwnDay:
    """One entry of the file's `days`."""
    if not isinstance(entry["working"], bool):
        raise TypeError("working is true or false")
    return OwnDay(date.fromisoformat(entry["day"]), entry["working"], entry["name"], entry.get("organisation"))
