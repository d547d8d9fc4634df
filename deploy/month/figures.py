"""The month's figures, each read from the ledger and none kept beside it."""

from collections.abc import Mapping, Sequence
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


@dataclass
class Figures:
    """All that the report shows."""

    totals: Sequence[int] = ()
    days: Mapping[date, int] = field(default_factory=dict)
    flows: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """flow → events that its rules speak of, summaries, clocks."""
    answered: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """service → hours from kept to read by a person, rising."""
    in_time: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    """service → met in time, met late, never met."""
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

    types = dict[str, int](await rows("types"))
    answered: dict[str, list[float]] = {}
    for team, hours in await rows("answered"):
        answered.setdefault(service(team), []).extend(hours)
    in_time: dict[str, tuple[int, int, int]] = {}
    for team, *counts in await rows("in_time"):
        before = in_time.get(service(team), (0, 0, 0))
        first, second, third = (a + b for a, b in zip(before, counts, strict=True))
        in_time[service(team)] = (first, second, third)
    overdue: dict[str, list[int]] = {}
    for team, hour, count in await rows("fired"):
        overdue.setdefault(cover.name(team), [0] * 24)[hour] += count
    return Figures(
        totals=(await rows("totals"))[0],
        days=dict[date, int](await rows("days")),
        flows={f: (_events(f, types), told, clocks) for f, told, clocks in await rows("flows", flows=list(FLOWS))},
        answered={name: sorted(hours) for name, hours in sorted(answered.items())},
        in_time=dict(sorted(in_time.items())),
        overdue=dict(sorted(overdue.items(), key=lambda row: -sum(row[1]))),
        quality={p: (wanted, present, events) for p, wanted, present, events in await rows("quality")},
        fan_out=dict[int, int](await rows("fan_out")),
        ladders=[Ladder(*row) for row in await rows("ladders")],
        running=(await rows("running"))[0][0],
    )


def _events(flow: str, kept: Mapping[str, int]) -> int:
    return sum(kept.get(kind, 0) for kind, policy in rule_book().policies.items() if flow in flows_of(policy))
