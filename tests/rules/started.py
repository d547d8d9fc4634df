"""Every clock of the rule book, started: a world for each event and row, played in a town of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

import orjson

from adapters.storage.records import ClockRecord
from router.clocks import items_of
from router.escalate import escalate
from router.events import stable_id
from router.policy.book import rule_book
from router.policy.words import Expect
from tests.rules.worlds import World
from tests.stories import Town
from tests.story_people import Family, Json, Person
from tests.story_teams import directory

SEEDS = range(200)


class Setting(NamedTuple):
    """What a made-up world seldom has, and an event needs for its clocks to start."""

    said: Sequence[Json] = ({},)
    """What the event says, in turn."""
    by: Sequence[str] = ()
    """Who publishes, in turn, where the first who may is who would be told."""
    before: tuple[str, Json, str] | None = None
    """What happened before, about the same people and the same thing, and who published that."""


ON_THE_WARD = ("crisis-presentation-1", {"now_in": "paediatric-ward"}, "ward")
SETTINGS: Mapping[str, Setting] = {
    "camhs-care-plan-1": Setting(before=ON_THE_WARD),
    "camhs-risk-assessment-1": Setting([{"made_by": "camhs"}], ["camhs"], ON_THE_WARD),
    "caseload-changed-1": Setting(
        [{"service": "HV", "team": "hv-south", "ended": False}, {"service": "SN", "team": "sn-south", "ended": False}]
    ),
    "ed-attendance-discharged-1": Setting([{}, {"infant_injury": {"absent": "not-recorded"}}]),
    "professional-escalation-answered-1": Setting(before=("professional-escalation-raised-1", {}, "hv")),
    "referral-outcome-1": Setting(before=("safeguarding-referral-1", {}, "hv")),
    "sexual-health-concern-1": Setting(by=["ry", "cash"]),
}


class Row(NamedTuple):
    """One expectation of the rule book: the event's type, and which of its policy's it is."""

    kind: str
    at: int

    @property
    def expect(self) -> Expect:
        return rule_book().policies[self.kind].expectations[self.at]


ROWS = [
    Row(kind, at) for kind, policy in sorted(rule_book().policies.items()) for at in range(len(policy.expectations))
]


@dataclass
class Started:
    """A town in which an event has just been kept, and whose clocks run."""

    world: World
    town: Town
    publisher: str
    _of: dict[str, tuple[Row, Json, Any]] = field(default_factory=dict)

    @classmethod
    async def of(cls, kind: str, seed: int) -> "Started":
        setting = SETTINGS.get(kind, Setting())
        world = World(seed, kind, setting.said[seed % len(setting.said)])
        folk = (Family([Person(p, d) for p, d in f["people"].items()]) for f in world.families.values())
        teams = directory(without=world.without)
        for publisher in teams["publishers"]:
            publisher["quiet_until"] = "2030-01-01"  # none is asked why nothing comes: months go by
        town = Town(*folk, teams=teams)
        by = setting.by[seed % len(setting.by)] if setting.by else world.event.publisher
        started = cls(world, town, by)
        if setting.before is not None:
            before, said, by = setting.before
            await started.publish(about_the_same(world, before, said), by)
        await started.publish(orjson.loads(world.event.received.raw or b""), started.publisher)
        return started

    async def at(self, moment: datetime) -> None:
        """The clock worker's rounds at this moment, and the letters that follow."""
        self.town.hands.now = moment
        while (await escalate(self.town.ledger)).rungs:
            pass
        await self.town.deliver()

    async def publish(self, event: Json, by: str) -> None:
        """Publish it as this publisher's."""
        source = self.town.ledger.store.cover.publishers[by].source
        await self.town.publish(orjson.dumps(event | {"source": source}), by=by)

    def clocks(self) -> list["Begun"]:
        """The clocks that the rows of the event's policy have started, as they stand."""
        if not self._of:
            self._of = self._ids()
        running = (c for c in self.town.clocks() if c.clock.id in self._of)
        return [Begun(c, *self._of[c.clock.id]) for c in running]

    def _ids(self) -> dict[str, tuple[Row, Json, Any]]:
        """Every id that a clock of these rows can have → the row, the child it is about, and the item."""
        source, event = self.town.ledger.store.cover.publishers[self.publisher].source, self.world.event
        teams = {"", *(c.clock.team or "" for c in self.town.clocks())}
        found: dict[str, tuple[Row, Json, Any]] = {}
        for row in (row for row in ROWS if row.kind == event.type):
            items = items_of(event, row.expect.each) if row.expect.each else [("", None)]
            for (child, doc), team, (name, item) in product(self._people().items(), teams, items):
                id = stable_id("clock", source, event.id, child, team, str(row.at), *([name] if item else ()))
                found[id] = row, doc, item
        return found

    def now(self, begun: "Begun") -> ClockRecord:
        """The clock as it stands now."""
        return next(c for c in self.town.clocks() if c.clock.id == begun.clock.clock.id)

    def _people(self) -> dict[str, Json]:
        store = self.town.ledger.store
        files = (orjson.loads(store.versions[f, version]) for f, version in store.families.items())
        return {person: doc for file in files for person, doc in file["people"].items()}


_SEEDS: dict[str, dict[Row, int]] = {}


async def seeds_of(kind: str) -> Mapping[Row, int]:
    """The first world for each expectation of this event's policy in which it starts a clock that is not overdue."""
    if kind not in _SEEDS:
        missing, found = {row for row in ROWS if row.kind == kind}, dict[Row, int]()
        for seed in SEEDS if missing else ():
            one = await Started.of(kind, seed)
            new = missing & {b.row for b in one.clocks() if b.clock.due >= one.town.hands.now}
            found |= dict.fromkeys(new, seed)
            missing -= new
            if not missing:
                break
        assert not missing, f"no world starts {[row.expect.words for row in missing]}: say in SETTINGS what one needs"
        _SEEDS[kind] = found
    return _SEEDS[kind]


class Begun(NamedTuple):
    """A clock, the row that started it, the child it is about, and the agreed item if it is on one."""

    clock: ClockRecord
    row: Row
    child: Json
    item: Any


def about_the_same(world: World, kind: str, said: Json) -> Json:
    """Another event about the people and the thing that the world's own event names."""
    policy, other = rule_book().policies[world.kind], rule_book().policies.get(kind)
    thing = world.event.body.get(policy.thing or "")
    same: Json = {"subjects": world.event.body["subjects"], **said}
    if thing is not None and other is not None and other.thing is not None:
        same[other.thing] = thing
    event: Json = orjson.loads(World(world.seed, kind, same).event.received.raw or b"")
    return event
