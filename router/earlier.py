"""What was kept before under the same record: who was told, which clocks run, who heard that nobody had answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery that still stands from an earlier event of the same record."""

    id: str
    child: str
    team: str


class Running(NamedTuple):
    """A clock of an earlier event of the same record that nobody has met; as JSON keeps it."""

    flow: str
    needs: str
    what: str
    """The agreed item that it is about; of no item, its words."""
    child: str | None
    team: str | None
    starts: str
    rung: int
    """The next rung: so many have fired."""
    due: str
    steps: list[list[str]]
    """When each rung is due, and who is told then."""
    turns: Mapping[str, Any] | None


Question = tuple[str, str | None, str | None, str, str | None]
"""By what two tasks ask the same: their words, child, service, owner and slot."""


class Alert(NamedTuple):
    """An escalation of an earlier event of the same record, which nobody has withdrawn."""

    id: str
    child: str | None
    """None where its ladder names nobody."""
    team: str
    """Who was told."""
    on_child: str | None
    on_team: str | None
    """About whose silence, on what was told about whom; None where the event itself waits for something."""
    clock: str
    asks: Question | None = None
    """Where somebody is sought: what the task asks that says so."""


class Sought(NamedTuple):
    """A task of an earlier event of the same record that seeks somebody (`SEEKS`): open, or closed by a person."""

    task: str
    words: str
    child: str | None
    service: str | None
    owner: str
    said: str
    """What its event said (`said_in`); empty where that is kept no more."""
    closed: bool
    waits: tuple[Any, ...] | None = None
    """Of an open one its clock that runs, as `Running`."""
    slot: str | None = None
    """Whose record is asked: where the event names them."""


class Matched(NamedTuple):
    """Whose record a named person said it is, of somebody whom an earlier event of the same record named."""

    slot: str
    told: str
    """What that event told of them (`told_of`)."""
    person: str


def said_in(body: Mapping[str, Any]) -> str:
    """All that an event's data says, as one word to compare."""
    return sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def told_of(body: Mapping[str, Any], slot: str) -> str:
    """All by which somebody in this slot may be known, as one word to compare: what the event's data tells of them.

    Of one who is not born or just was that is all it says: such a child is known by its mother and the pregnancy."""
    where, _, at = slot.partition(".")
    if where == "subjects" and "babies" not in body and body["subjects"][int(at)].get("role") != "unborn":
        return said_in(body["subjects"][int(at)])
    if where == "household" and isinstance(body["household"], Mapping):
        return said_in(body["household"]["children"][int(at)])
    return said_in(body)


NOBODY: Final = "nobody-found"
MATCH: Final = "match"
SEEKS = (NOBODY, MATCH)
"""Tasks that seek somebody: whom to tell, or whose record it is."""
NOBODY_IS = "nobody in the directory is"
"""In the words of a task that a rung raises: whoever was to hear of a silence, and is not there."""
MOOT = ("unanswered", NOBODY, "not-ours")
"""Tasks that there is nothing to do for any more once what they are about was cancelled."""


def named_by(facts: Mapping[str, Any], chosen: Mapping[str, str]) -> tuple[tuple[str, str, str | None], ...]:
    """(slot, role, person) of everybody whom an event named: as its facts have it, or (slot → person) as a person has
    said since; None where nobody knows who that is."""
    return tuple((w[0], w[1], chosen.get(w[0], w[2])) for w in facts.get("who", ()))


def known_of(who: Iterable[tuple[str, str, str | None]]) -> tuple[tuple[str, str, str], ...]:
    """Those of them who are known, each once."""
    return tuple(dict.fromkeys((slot, role, person) for slot, role, person in who if person))


def matched_by(body: Mapping[str, Any], chosen: Mapping[str, str]) -> tuple[Matched, ...]:
    """What a person has said (slot → person) of those whom an event, by its data, named."""
    return tuple(Matched(slot, told_of(body, slot), who) for slot, who in chosen.items())


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was kept before under the same `record_id`, of the same matter (router/matters.py)."""

    sequence: str
    standing: tuple[Standing, ...] = ()
    running: tuple[Running, ...] = ()
    alerts: tuple[Alert, ...] = ()
    tasks: tuple[str, ...] = ()
    """The open tasks of these kinds that its events have raised."""
    version: str | None = None
    """The newest sequence of an update or a cancellation, where there was one; no decision reads it, none keeps it."""
    named: tuple[tuple[str, str, str], ...] = ()
    """(slot, role, person): everybody whom it named and who was known."""
    stood: tuple[tuple[str, str, str | None], ...] = ()
    """(child, kind, thing): what it stands as in whose history."""
    sought: tuple[Sought, ...] = ()
    """Who is sought, in the order of their events."""
    matched: tuple[Matched, ...] = ()
    """What people have said, in the order of their events; what follows for a later one is in its own facts."""
    of: tuple[str, ...] = field(default=(), compare=False)
    """The ids of its events: what a later one replaces; none keeps it."""

    def snapshot(self) -> dict[str, Any]:
        """The same as JSON; what is empty is left out, but for what always was there."""
        kept: dict[str, Any] = {
            "sequence": self.sequence,
            "standing": [[s.id, s.child, s.team] for s in self.standing],
        }
        if self.running:
            kept["running"] = [list(r) for r in self.running]
        if self.alerts:
            kept["alerts"] = [list(a) for a in self.alerts]
        if self.tasks:
            kept["tasks"] = list(self.tasks)
        if self.named:
            kept["named"] = [list(n) for n in self.named]
        if self.stood:
            kept["stood"] = [list(s) for s in self.stood]
        if self.sought:
            kept["sought"] = [list(s) for s in self.sought]
        return kept

    @classmethod
    def restore(cls, kept: Mapping[str, Any]) -> "Earlier":
        """From a snapshot; one that is older than a part of it has none of that part."""
        return cls(
            kept["sequence"],
            tuple(Standing(*s) for s in kept["standing"]),
            tuple(Running(*r) for r in kept.get("running", ())),
            tuple(Alert(*a[:6], *(tuple(q) if q else None for q in a[6:])) for a in kept.get("alerts", ())),
            tuple(kept.get("tasks", ())),
            named=tuple((slot, role, person) for slot, role, person in kept.get("named", ())),
            stood=tuple((child, kind, thing) for child, kind, thing in kept.get("stood", ())),
            sought=tuple(Sought(*s) for s in kept.get("sought", ())),
        )
