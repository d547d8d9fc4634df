"""Every clock of every policy, answered a second before it is due, when it is due and a second after.

By a receipt where the row waits for one, else by each event that the row names; its example says enough, or
MEANT says what more."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import pytest

from contracts.register import event_types
from router.policy.book import rule_book
from router.policy.expecting import Kind
from tests.rules.started import ROWS, SEEDS, Begun, Row, Started, seeds_of
from tests.rules.worlds import World, subject
from tests.story_people import Json

SECOND = timedelta(seconds=1)
RECEIPTS: dict[str, Json] = {
    "acknowledge": {"state": "acknowledged"},
    "file": {"state": "filed"},
    "act": {"state": "acted"},
    "take": {"state": "acted", "outcome": "accepted"},
}
BY_RECEIPT = [row for row in ROWS if row.expect.to in RECEIPTS]
BY_EVENT = [(row, kind) for row in ROWS for kind in row.expect.met_by]
WHEN = {"a second before": -SECOND, "when it is due": 0 * SECOND, "a second after": SECOND}


def named(value: Any) -> str:
    if isinstance(value, Row):
        return f"{value.kind}-{value.at}"
    return value if isinstance(value, str) else str(value.event_type)


async def begun_for(row: Row) -> tuple[Started, Begun]:
    """A clock that the row has just started, about somebody known; where it waits for a receipt, on a delivery."""
    for seed in range((await seeds_of(row.kind))[row], SEEDS[-1]):
        one = await Started.of(row.kind, seed)
        for begun in one.clocks():
            on_it = begun.clock.clock.delivery is not None or row.expect.to not in RECEIPTS
            if begun.row == row and begun.clock.due >= one.town.hands.now and on_it and "unjoined" not in begun.child:
                return one, begun
    raise AssertionError(f"no world starts {row} on a delivery")


async def until(one: Started, begun: Begun, when: str) -> int:
    """Go on to the moment of the answer; how many rungs have fired by then."""
    moment = begun.clock.due + WHEN[when]
    if moment > begun.clock.due:
        await one.at(begun.clock.due)
        rungs = len(one.now(begun).fired)
        assert rungs
        one.town.hands.now = moment
        return rungs
    one.town.hands.now = max(moment, one.town.hands.now)
    return 0


async def is_over(one: Started, begun: Begun, rungs: int) -> None:
    """Nobody hears of it again, however long it is."""
    ended = one.now(begun)
    last = len(ended.clock.steps)
    assert ended.state == ("met" if rungs < last else "exhausted")
    for moment in (begun.clock.due, *(step.due + SECOND for step in begun.clock.clock.steps)):
        if moment >= one.town.hands.now:
            await one.at(moment)
    assert len(one.now(begun).fired) == rungs
    heard = [e for e in one.town.escalations() if e["about"]["clock"] == begun.clock.clock.id]
    assert len(heard) <= rungs
    assert [e["rung"] for e in heard if e["rung"] > rungs] == []


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("row", BY_RECEIPT, ids=named)
async def test_a_receipt_ends_the_ladder_where_it_stands(row: Row, when: str) -> None:
    one, begun = await begun_for(row)
    rungs = await until(one, begun, when)
    delivery, team = begun.clock.clock.delivery, begun.clock.clock.team
    assert delivery is not None
    await one.town.receipt(delivery, team=team, **RECEIPTS[row.expect.to])
    await is_over(one, begun, rungs)


# By another event


def asked_in(week: int) -> Callable[[Started, Begun], Json]:
    """That she was asked in this week of the pregnancy, and about whom."""

    def said(one: Started, begun: Begun) -> Json:
        day = date.fromisoformat(begun.child["expected"]) - timedelta(weeks=40 - week)
        return {
            "asked_on": day.isoformat(),
            "outcome": "disclosure",
            "earlier_enquiries": {"absent": "none"},
            "subjects": mother_and(one, begun),
        }

    return said


def mother_and(one: Started, begun: Begun) -> list[Json]:
    mother = one.world.families[1]["people"][one.world.adults[0]]
    return [subject("mother", mother), subject("unborn", begun.child)]


def born(one: Started, begun: Begun) -> Json:
    mother, baby = mother_and(one, begun)
    baby = subject("child", {"born": "2026-03-16"})
    babies = [{"order": 1, "outcome": "live", "born_at": "2026-03-16T08:00:00+00:00"}]
    return {"babies": babies, "pregnancy_id": begun.child["pregnancy"], "subjects": [mother, baby]}


CONSENT: Json = {"agreement": {"answer": "given"}, "given_by": "parent"}
MEANT: Mapping[str, Callable[[Started, Begun], Json]] = {
    "birth-notified-1": born,
    "da-enquiry-recorded-1 in the first trimester": asked_in(9),
    "da-enquiry-recorded-1 in the second trimester": asked_in(20),
    "da-enquiry-recorded-1 in the third trimester": asked_in(31),
    "initial health-assessment-completed-1": lambda *_: {"kind": "initial"},
    "leaving-care health-assessment-completed-1": lambda *_: {"kind": "leaving-care"},
    "left-care placement-changed-1": lambda *_: {"change": "left-care", "left_to": "independent-living"},
    "placement-changed-1 with consent known": lambda *_: {"change": "moved", "assessment_consent": CONSENT},
    "resumed health-assessment-paused-1": lambda *_: {"change": "resumed"},
}
"""What an event must say to count as a kind, where its example does not say it."""


async def meeting(row: Row, kind: Kind) -> tuple[str, Json]:
    """Who publishes an event that counts as this kind and meets a clock of this row, and the event."""
    known = row, named(kind)
    if known not in _MEETING:
        one, begun = await begun_for(row)
        for by, event in tried(one, begun, kind):
            one, begun = await begun_for(row)
            one.town.hands.now += SECOND
            await one.publish(event | {"time": one.town.hands.now.isoformat()}, by)
            if one.now(begun).state == "met":
                _MEETING[known] = by, event
                break
    assert known in _MEETING, f"no {known[1]} meets {row}: say in MEANT what it must say"
    return _MEETING[known]


_MEETING: dict[tuple[Row, str], tuple[str, Json]] = {}


def tried(one: Started, begun: Begun, kind: Kind) -> Iterator[tuple[str, Json]]:
    """Events that may count as this kind: of each type that can, about the child or all, by the first who may."""
    clock, cover = begun.clock.clock, one.town.ledger.store.cover
    thing = (clock.thing or "").partition(" after ")[0]
    team = cover.teams.get(clock.team or "")
    for event_type in types_of(kind):
        model, policy = event_types()[event_type], rule_book().policies[event_type]
        meant = MEANT[named(kind)](one, begun) if named(kind) in MEANT else {}
        about = [policy.thing, *policy.also_named_by] if thing else [None]
        may = [p for p in cover.publishers.values() if p.service in model.published_by]
        may.sort(key=lambda p: (p.team != clock.team, not team or p.service != team.service))
        child = subject("unborn" if "expected" in begun.child else "child", begun.child)
        for name, who in product(about, ([child], one.world.event.body["subjects"])):
            said: Json = {"record_id": "another", "subjects": who, **meant}
            said |= {name: thing} if name else {}
            said |= {policy.speaks_for: clock.team} if policy.speaks_for and clock.team else {}
            with suppress(AssertionError):
                other = World(one.world.seed, event_type, said)
                event = orjson.loads(other.event.received.raw or b"") | {"id": str(uuid5(NAMESPACE_URL, "meeting"))}
                yield may[0].id, event


def types_of(kind: Kind) -> list[str]:
    """The types of the events that are, or may be taken as, this kind."""
    if not isinstance(kind, str):
        return [kind.event_type]
    return [t for t, policy in rule_book().policies.items() if kind in (taken.kind for taken in policy.taken_as)]


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize(("row", "kind"), BY_EVENT, ids=named)
async def test_an_event_that_the_row_names_ends_the_ladder_where_it_stands(row: Row, kind: Kind, when: str) -> None:
    by, event = await meeting(row, kind)
    one, begun = await begun_for(row)
    rungs = await until(one, begun, when)
    await one.publish(event | {"time": one.town.hands.now.isoformat()}, by)
    await is_over(one, begun, rungs)
