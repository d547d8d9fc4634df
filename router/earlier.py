"""What was kept before under the same record: who was told, which clocks run, who heard that nobody had answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

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


class Sought(NamedTuple):
    """A task of an earlier event of the same record for which nobody was found: open, or closed by a person."""

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


def said_in(body: Mapping[str, Any]) -> str:
    """All that an event's data says, as one word to compare."""
    return sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


NOBODY = "nobody-found"
MOOT = ("unanswered", NOBODY, "not-ours")
"""Tasks that there is nothing to do for any more once what they are about was cancelled."""


def named_before(kept: Iterable[tuple[bytes, Mapping[str, str]]]) -> tuple[tuple[str, str, str], ...]:
    """(slot, role, person) of everybody known whom these events named, each once: as their facts have it, or (slot →
    person) as a person has said since."""
    who = [(w[0], w[1], chosen.get(w[0], w[2])) for facts, chosen in kept for w in orjson.loads(facts)["who"]]
    return tuple(dict.fromkeys(w for w in who if w[2]))


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was kept before under the same `record_id`."""

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
    """For whom nobody was found, in the order of their events."""

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
            tuple(Alert(*a) for a in kept.get("alerts", ())),
            tuple(kept.get("tasks", ())),
            named=tuple((slot, role, person) for slot, role, person in kept.get("named", ())),
            stood=tuple((child, kind, thing) for child, kind, thing in kept.get("stood", ())),
            sought=tuple(Sought(*s) for s in kept.get("sought", ())),
        )
