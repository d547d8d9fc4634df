"""What two rule books make of the same event, compared: who gains and who loses which summary, field, clock or task."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Sign = Literal["gains", "loses", "changes"]
Outcome = Mapping[str, Any]
WORDS = {
    "summary": "a summary",
    "field": "a field of its summary",
    "withdrawal": "a withdrawal",
    "clock": "a clock",
    "standing": "what the event does later",
    "task": "a task",
    "feedback": "an answer",
    "acceptance": "acceptance",
    "decision": "a decision",
}
"""What may be different, in words."""


class Line(NamedTuple):
    """One line of the account: what, whose, of which event, and which field, clock or task."""

    what: str
    who: str
    """The service, or the publisher."""
    type: str
    thing: str


class Difference(NamedTuple):
    """One effect on one event; no content and no name."""

    line: Line
    sign: Sign
    event: str
    child: str | None
    team: str


@dataclass
class Account:
    """All differences of a period: counts, and the first few of each kind as examples."""

    most: int
    """Examples kept of each line and sign."""
    events: int = 0
    differing: int = 0
    """Events of which anything is different."""
    decided_by_others: int = 0
    """Events that another rule book than the one here decided when they came."""
    wrong: tuple[str, ...] = ()
    """What the changed rule book's own checks refuse in it."""
    counts: Counter[tuple[Line, Sign]] = field(default_factory=Counter)
    examples: list[Difference] = field(default_factory=list)

    def add(self, event: str, type: str, here: Outcome, there: Outcome) -> None:  # noqa: A002 - an event's type
        """Count one event that both rule books have decided."""
        self.events += 1
        found = list(differences(event, type, here, there))
        self.differing += bool(found)
        for one in found:
            self.counts[one.line, one.sign] += 1
            if self.counts[one.line, one.sign] <= self.most:
                self.examples.append(one)

    def lines(self) -> list[tuple[Line, dict[Sign, int]]]:
        """Each line with its three counts, the most weighty kind first."""
        order = {what: at for at, what in enumerate(WORDS)}
        lines = sorted({line for line, _ in self.counts}, key=lambda one: (order.get(one.what, len(order)), one[1:]))
        signs: tuple[Sign, ...] = ("gains", "loses", "changes")
        return [(line, {sign: self.counts[line, sign] for sign in signs}) for line in lines]


def differences(event: str, type: str, here: Outcome, there: Outcome) -> Iterator[Difference]:  # noqa: A002
    """Everything that `there` does otherwise than `here` of one event."""
    ends = {key: (here.get(key), there.get(key)) for key in ("refused", "failed")}
    if any(a != b for a, b in ends.values()):
        what, thing = ("acceptance", "") if ends["refused"][0] != ends["refused"][1] else ("decision", "")
        thing = str(there.get("failed") or here.get("failed") or "")
        lost = bool(there.get("refused") or there.get("failed"))
        yield Difference(Line(what, "publisher", type, thing), "loses" if lost else "gains", event, None, "")
        return
    for what in sorted(here.keys() | there.keys()):
        if what not in ("refused", "failed"):
            yield from _of_kind(what, event, type, _keyed(here.get(what, [])), _keyed(there.get(what, [])))


Kept = dict[tuple[Any, ...], dict[str, str]]


def _keyed(found: list[list[Any]]) -> Kept:
    """By what they are; the second of two alike is told from the first."""
    seen: Counter[tuple[Any, ...]] = Counter()
    kept: Kept = {}
    for child, team, service, thing, parts in found:
        key = (child, team, service, thing)
        seen[key] += 1
        kept[(*key, seen[key])] = dict(parts)
    return kept


def _of_kind(what: str, event: str, type: str, here: Kept, there: Kept) -> Iterator[Difference]:  # noqa: A002
    for key in sorted(here.keys() | there.keys(), key=str):
        child, team, service, thing, _ = key
        line = Line(what, service, type, thing)
        if key not in here:
            yield Difference(line, "gains", event, child, team)
        elif key not in there:
            yield Difference(line, "loses", event, child, team)
        elif what == "summary":
            yield from _of_fields(line, event, child, team, here[key], there[key])
        elif here[key] != there[key]:
            yield Difference(line, "changes", event, child, team)


def _of_fields(
    line: Line, event: str, child: str | None, team: str, here: Mapping[str, str], there: Mapping[str, str]
) -> Iterator[Difference]:
    for name in sorted(here.keys() | there.keys()):
        sign: Sign = "gains" if name not in here else "loses" if name not in there else "changes"
        if here.get(name) != there.get(name):
            named = Line("field", line.who, line.type, name.replace("_", " "))
            yield Difference(named, sign, event, child, team)
