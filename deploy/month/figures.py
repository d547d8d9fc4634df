"""The month's figures, each read from the ledger and none kept beside it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from router.directory import Cover
from router.policy.book import rule_book
from router.policy.proofs import flows_of
from router.policy.review import FLOWS, READ_OFF

ASKED = queries("asked", "deploy.month")
HAPPEN = "happen"
"""What a clock needs that waits for an event rather than for a recipient's answer."""
_NAMING = (
    (re.compile(r"^Nothing has come from .* for longer than its usual .* working hours"),
     "Nothing has come from a publisher for longer than is usual for it"),
    (re.compile(r"^[0-9]+ summar(y was|ies were) read by .* more than"), "Summaries were read by a team more than"),
)  # fmt: skip
"""Clocks whose words name a publisher or a team: one kind each."""


class Ladder(NamedTuple):
    """One kind of clock, over the month."""

    flow: str
    needs: str
    words: str
    started: int
    met: int
    highest: int
    """How many rungs the one that climbed furthest fired."""
    rungs: int
    ended: int
    """How many fired their last rung."""


class Kept(NamedTuple):
    """What became of some clocks: met in time, met late, never met, and those of a kind that nobody there met."""

    in_time: int = 0
    late: int = 0
    never: int = 0
    nobody: int = 0


@dataclass
class Figures:
    """All that the report shows."""

    totals: Sequence[int] = ()
    days: Mapping[date, int] = field(default_factory=dict)
    flows: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """flow → events that its rules speak of, summaries, clocks."""
    answered: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """service → hours from kept to read by a person, rising."""
    in_time: Mapping[str, Kept] = field(default_factory=dict)
    """service → of the clocks that wait for an answer of its people."""
    done: Mapping[str, Kept] = field(default_factory=dict)
    """service → of the clocks that wait for something to happen."""
    overdue: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """team → rungs fired, by hour of the day."""
    quality: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """publisher → wanted, present, events."""
    fan_out: Mapping[int, int] = field(default_factory=dict)
    ladders: Sequence[Ladder] = ()
    running: int = 0

    @property
    def silent_flows(self) -> list[str]:
        """Flows of which nothing was heard, but for those that are read off what the others left."""
        return [flow for flow in FLOWS if flow not in READ_OFF and not any(self.flows.get(flow, ()))]

    @property
    def unfinished(self) -> list[Ladder]:
        """Kinds of clock whose last rung was reached nowhere."""
        return [ladder for ladder in self.ladders if not ladder.ended]


async def figures_of(connection: Connection, cover: Cover) -> Figures:
    """Read everything."""

    async def rows(name: str, **given: Any) -> list[tuple[Any, ...]]:
        return await (await connection.execute(ASKED[name], given)).fetchall()

    def service(team: str) -> str:
        known = cover.teams.get(team)
        return known.service.words if known else team

    def publisher(id: str) -> str:
        known = cover.publishers.get(id)
        return f"{known.service.words} ({id})" if known else id

    types = dict[str, int](await rows("types"))
    answered: dict[str, list[float]] = {}
    for team, hours in await rows("answered"):
        answered.setdefault(service(team), []).extend(hours)
    clocks = [(service(team), needs, words, Kept(*counts)) for team, needs, words, *counts in await rows("in_time")]
    overdue: dict[str, list[int]] = {}
    for team, hour, count in await rows("fired"):
        overdue.setdefault(cover.name(team), [0] * 24)[hour] += count
    return Figures(
        totals=(await rows("totals"))[0],
        days=dict[date, int](await rows("days")),
        flows={f: (_events(f, types), told, clocks) for f, told, clocks in await rows("flows", flows=list(FLOWS))},
        answered={name: sorted(answered[name]) for name in sorted(answered, key=str.lower)},
        in_time=kept_by_service(one for one in clocks if one[1] != HAPPEN),
        done=kept_by_service(one for one in clocks if one[1] == HAPPEN),
        overdue=dict(sorted(overdue.items(), key=lambda row: -sum(row[1]))),
        quality={publisher(p): (wanted, present, events) for p, wanted, present, events in await rows("quality")},
        fan_out=dict[int, int](await rows("fan_out")),
        ladders=joined(Ladder(*row) for row in await rows("ladders")),
        running=(await rows("running"))[0][0],
    )


def kept_by_service(clocks: Iterable[tuple[str, str, str, Kept]]) -> dict[str, Kept]:
    """By service; a kind of clock that a service met nowhere says how the month was played, not how it answers."""
    kinds: dict[tuple[str, str, str], Kept] = {}
    for service, needs, words, counts in clocks:
        kinds[service, needs, words] = _sum(kinds.get((service, needs, words), Kept()), counts)
    found: dict[str, Kept] = {}
    for (service, _, _), counts in kinds.items():
        met = counts.in_time + counts.late
        found[service] = _sum(found.get(service, Kept()), counts if met else Kept(nobody=counts.never))
    return {name: found[name] for name in sorted(found, key=str.lower)}


def _sum(one: Kept, other: Kept) -> Kept:
    return Kept(*(a + b for a, b in zip(one, other, strict=True)))


def joined(ladders: Iterable[Ladder]) -> list[Ladder]:
    """The kinds of clock, those alike but for the name of a team or publisher as one."""
    kinds: dict[tuple[str, str, str], Ladder] = {}
    for one in ladders:
        words = one.words
        for named, anybody in _NAMING:
            words = named.sub(anybody, words)
        known = kinds.get(key := (one.flow, one.needs, words))
        kinds[key] = one._replace(
            words=words,
            started=one.started + (known.started if known else 0),
            met=one.met + (known.met if known else 0),
            highest=max(one.highest, known.highest if known else 0),
            rungs=max(one.rungs, known.rungs if known else 0),
            ended=one.ended + (known.ended if known else 0),
        )
    return list(kinds.values())


def _events(flow: str, kept: Mapping[str, int]) -> int:
    return sum(kept.get(kind, 0) for kind, policy in rule_book().policies.items() if flow in flows_of(policy))
