"""Clocks: each rung fires once, never early, and what meets a clock ends it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from router.escalate import escalate
from router.ledger import Climb
from router.plan import Clock, Step, Task
from router.policy.book import rule_book
from tests.agreements.books import EVENTS_BOOK
from tests.agreements.cases import Case, SeenDelivery
from tests.story_events import (
    cancel_of,
    dart_notified,
    dart_outcome,
    ed_discharged,
    event,
    infant_injury_reviewed,
    number_superseded,
    update_of,
)
from tests.story_people import Person, adult, child, family, unborn
from tests.story_teams import directory


class Clocks:
    """What a ledger does for the clock worker."""

    async def _one(self, case: Case) -> SeenDelivery:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        return await case.summary("hv-north")

    async def test_nothing_fires_early_and_each_rung_fires_once(self, case: Case) -> None:
        sent = await self._one(case)
        assert (await case.fire(days=2, seconds=-1)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 1
        clock = await case.clock_of(sent)
        assert (clock.state, clock.rung, clock.rang) == ("running", 1, ("hv-lead",))
        assert (await case.fire()).rungs == 0
        assert (await case.fire(days=1)).rungs == 1
        clock = await case.clock_of(sent)
        assert (clock.state, clock.rang) == ("exhausted", ("hv-lead", "nn-community"))
        assert [(t.kind, t.owner) for t in await case.open_tasks()] == [("unanswered", "nn-community")]
        assert (await case.fire(days=30)).rungs == 0
        alerts = [d for d in await case.deliveries() if d.kind == "escalation"]
        assert [(d.team, d.event) for d in alerts] == [("hv-lead", sent.event), ("nn-community", sent.event)]

    @pytest.mark.parametrize(("day", "own"), [(-1, False), (0, True), (1, True), (2, False)])
    async def test_an_organisations_own_terms_hold_on_their_days(self, case: Case, day: int, own: bool) -> None:
        first, last = (case.hands.now + timedelta(days=n) for n in (1, 2))
        term = {
            "organisation": "RYW",
            "flow": "F09",
            "from": first.date().isoformat(),
            "until": last.date().isoformat(),
            "within": {"count": 3, "unit": "hours"},
            "ladder": [{"owner": "desk", "within": {"count": 1, "unit": "hours"}}, {"owner": "lead"}],
        }
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]), teams={**directory(), "terms": [term]})
        case.hands.advance(timedelta(days=1 + day))
        await case.publish(ed_discharged(tom))
        clock = await case.clock_of(await case.summary("hv-north"))
        over_a_weekend = day > 0
        assert clock.due == case.hands.now + timedelta(hours=3 if own else 96 if over_a_weekend else 48)
        await case.load(teams=directory())  # a clock that runs keeps the time and the ladder it was given
        await case.fire(hours=3)
        await case.fire(hours=1)
        rang = (await case.clock_of(await case.summary("hv-north"))).rang
        assert rang == (("desk", "hv-lead") if own else ())

    async def test_two_workers_fire_a_rung_once(self, case: Case) -> None:
        kids = [child(f"Tom{n}", age=3) for n in range(6)]
        await case.load(*(family(mother=adult(), children=[one]) for one in kids))
        await case.publish(*(ed_discharged(one) for one in kids))
        case.hands.advance(timedelta(days=2))
        workers = [case.ledger, await case.another(), await case.another()]
        fired = await asyncio.gather(*(escalate(one) for one in workers))
        fired += await asyncio.gather(*(escalate(one) for one in workers))
        assert sum(f.rungs for f in fired) == 6
        assert [c.rang for c in await case.clocks()] == [("hv-lead",)] * 6
        assert len([d for d in await case.deliveries() if d.kind == "escalation"]) == 6

    async def test_a_rung_is_advanced_from_where_it_was_read(self, case: Case) -> None:
        await self._one(case)
        case.hands.advance(timedelta(days=2))
        (before,) = await case.clocks()
        async with case.ledger.firing(10) as work:
            (firing,) = work.due
            for following in (None, case.hands.now):
                await work.keep([Climb(replace(firing, rung=7), None, (), (), following)])
        assert await case.clocks() == [before]

    async def test_a_firing_that_breaks_leaves_the_clock_to_fire_again(self, case: Case) -> None:
        await self._one(case)
        case.hands.advance(timedelta(days=2))
        before = await case.everything()

        def breaks(passed: str) -> None:
            if passed == "before_clock_commit":
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await escalate(case.ledger, passed=breaks)
        assert await case.everything() == before
        assert (await case.fire()).rungs == 1

    async def test_no_more_than_asked_for_fire_at_a_time_the_longest_due_first(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, second = ed_discharged(tom), ed_discharged(tom)
        await case.publish(first)
        case.hands.advance(timedelta(hours=1))
        await case.publish(second)
        case.hands.advance(timedelta(days=2))
        for said in (first, second):
            assert (await escalate(case.ledger, limit=1)).rungs == 1
            assert [d.event for d in await case.deliveries() if d.kind == "escalation"][-1] == said.id

    async def test_a_persons_answer_after_the_first_rung_stops_the_climb(self, case: Case) -> None:
        sent = await self._one(case)
        await case.fire(days=2)
        await case.answer("hv-north", sent.id, "acknowledged", id="1")
        assert (await case.fire(days=9)).rungs == 0
        assert (await case.clock_of(sent)).state == "met"
        assert await case.open_tasks() == []

    async def test_an_answer_after_the_last_rung_leaves_the_task_to_its_person(self, case: Case) -> None:
        sent = await self._one(case)
        await case.fire(days=2)
        await case.fire(days=1)
        await case.answer("hv-north", sent.id, "acknowledged", id="1")
        assert (await case.clock_of(sent)).state == "exhausted"
        assert [t.kind for t in await case.open_tasks()] == ["unanswered"]

    async def _notified(self, case: Case) -> tuple[Person, Person]:
        tom, ann = child("Tom", age=3), child("Ann", age=2)
        await case.load(family(mother=adult(), children=[tom, ann]))
        return tom, ann

    async def test_the_event_that_the_book_names_meets_the_clock_of_its_child_and_thing(self, case: Case) -> None:
        tom, ann = await self._notified(case)
        one, other = dart_notified([tom, ann]), dart_notified(tom)
        await case.publish(one, other, by="dart", book=EVENTS_BOOK)
        assert [c.state for c in await case.clocks()] == ["running"] * 3

        await case.publish(dart_outcome(one, subjects=[tom.subject()]), by="dart", book=EVENTS_BOOK)

        met = [c for c in await case.clocks() if c.state == "met"]
        assert [c.how for c in met] == ["dart-outcome-1"], "his sister's, and his other one, run on"
        await case.publish(dart_outcome(other), by="dart", book=EVENTS_BOOK)
        assert sorted(c.state for c in await case.clocks()) == ["met", "met", "running"]
        for n, d in enumerate(await case.summaries("hv-north")):
            await case.answer("hv-north", d.id, "acted", id=str(n))
        assert sorted(c.state for c in await case.clocks()) == ["met", "met", "running"], "no receipt meets it"

    async def test_what_an_event_had_met_runs_again_when_that_event_is_taken_back(self, case: Case) -> None:
        tom, _ = await self._notified(case)
        one = dart_notified(tom)
        wrong = dart_outcome(one)
        for said, state in (
            (one, "running"),
            (wrong, "met"),
            (cancel_of(wrong), "running"),
            (dart_outcome(one), "met"),
        ):
            await case.publish(said, by="dart", book=EVENTS_BOOK)
            assert [c.state for c in await case.clocks()] == [state]

    @pytest.mark.parametrize("together", [True, False])
    async def test_an_outcome_that_came_first_leaves_no_clock(self, case: Case, together: bool) -> None:
        tom, _ = await self._notified(case)
        one = dart_notified(tom)
        said = [dart_outcome(one), one]
        for batch in [said] if together else [said[:1], said[1:]]:
            await case.publish(*batch, by="dart", book=EVENTS_BOOK)
        assert [c for c in await case.clocks() if c.state == "running"] == []

    async def test_an_event_that_is_taken_back_takes_its_own_clock_with_it(self, case: Case) -> None:
        tom, _ = await self._notified(case)
        one = dart_notified(tom)
        await case.publish(one, by="dart", book=EVENTS_BOOK)
        await case.publish(update_of(one), by="dart", book=EVENTS_BOOK)
        assert sorted(c.state for c in await case.clocks()) == ["running", "stopped"]
        await case.publish(cancel_of(one), by="dart", book=EVENTS_BOOK)
        assert [c.state for c in await case.clocks()] == ["stopped", "stopped"]

    async def test_an_outcome_in_the_same_batch_meets_it(self, case: Case) -> None:
        tom, _ = await self._notified(case)
        one = dart_notified(tom)
        await case.publish(one, dart_outcome(one), by="dart", book=EVENTS_BOOK)
        assert [c.state for c in await case.clocks()] == ["met"]

    async def test_a_clock_fires_at_once_on_the_event_after_which_it_may_not_run_on(self, case: Case) -> None:
        tom, ann = await self._notified(case)
        arrived = event("ed-attendance-1", [tom.subject()])
        review = infant_injury_reviewed(tom, arrived)
        sister = infant_injury_reviewed(ann, arrived)
        await case.publish(review, sister, book=EVENTS_BOOK)
        started = case.hands.now
        case.hands.advance(timedelta(minutes=5))
        await case.publish(ed_discharged(tom, attendance_id="another"), book=EVENTS_BOOK)
        assert {c.due for c in await case.clocks()} == {started + timedelta(hours=4)}, "another attendance"

        await case.publish(ed_discharged(tom, attendance_id=arrived.data["attendance_id"]), book=EVENTS_BOOK)

        assert sorted(c.due for c in await case.clocks()) == [case.hands.now, started + timedelta(hours=4)]
        assert (await case.fire()).rungs == 1

    async def test_hastened_after_the_first_rung_it_keeps_its_time(self, case: Case) -> None:
        tom, _ = await self._notified(case)
        arrived = event("ed-attendance-1", [tom.subject()])
        await case.publish(infant_injury_reviewed(tom, arrived), book=EVENTS_BOOK)
        await case.fire(hours=4)
        (clock,) = await case.clocks()
        await case.publish(ed_discharged(tom, attendance_id=arrived.data["attendance_id"]), book=EVENTS_BOOK)
        assert await case.clocks() == [clock]

    async def test_the_clock_of_a_refusal_climbs_to_the_publishers_team_then_the_named_nurse(self, case: Case) -> None:
        await case.load()
        await case.publish(b"not json")
        await case.fire(days=1)
        await case.fire(days=1)
        (clock,) = await case.clocks()
        assert (clock.state, clock.rang) == ("exhausted", ("emergency", "nn-hospital"))

    async def test_the_same_task_is_raised_once_and_a_silence_once_until_it_is_closed(self, case: Case) -> None:
        await case.load()
        now = case.hands.now

        def silence(n: int) -> tuple[Task, Clock]:
            id = f"00000000-0000-4000-8000-00000000000{n}"
            clock = Clock(
                f"00000000-0000-4000-8000-0000000000a{n}",
                "F30",
                "local",
                "quiet",
                None,
                "emergency",
                None,
                "close",
                now,
                (Step(now, "publisher"),),
                task=id,
            )
            return Task(id, "silent-publisher", "quiet", None, "emergency"), clock

        assert await case.ledger.raise_task(*silence(1), "ed")
        assert not await case.ledger.raise_task(*silence(1), "ed")
        assert not await case.ledger.raise_task(*silence(2), "ed"), "there is one about this publisher"
        assert await case.ledger.raise_task(*silence(3), "midwives")
        assert len(await case.clocks()) == 2

    async def test_a_rung_knows_that_an_unborn_childs_mother_may_not_be_found(self, case: Case) -> None:
        mother, baby = adult("Ada"), unborn()
        await case.load(family(mother=mother, children=[baby], restricted=True))
        await case.publish(dart_notified(baby, mother), by="dart", book=EVENTS_BOOK)
        case.hands.advance(timedelta(days=6))
        async with case.ledger.firing(10) as work:
            firing = next(f for f in work.due if f.clock.child == baby.id)
            assert firing.child_doc == {**baby.doc, "restricted": True}
        assert "restricted" not in await case.file(baby)

    async def test_a_rung_knows_that_the_event_itself_withholds_the_whereabouts(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=3)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
        hidden = ed_discharged(tom, subjects=[tom.subject(location_withheld=True)])
        await case.publish(hidden, ed_discharged(ann))
        case.hands.advance(timedelta(days=6))
        async with case.ledger.firing(10) as work:
            assert {f.clock.child: f.withheld for f in work.due} == {tom.id: True, ann.id: False}
        await case.publish(update_of(hidden, subjects=[tom.subject()]))
        async with case.ledger.firing(10) as work:
            assert {f.clock.child: f.withheld for f in work.due} == {tom.id: False, ann.id: False}, "as it stands"

    async def test_a_rung_knows_where_a_child_is_whose_number_was_another_then(self, case: Case) -> None:
        first, second = child("Tom", age=3), child("Tom", age=3)
        mother = adult()
        await case.load(family(mother=mother, children=[first]), family(children=[second], restricted=True))
        await case.publish(dart_notified(first), by="dart", book=EVENTS_BOOK)
        await case.publish(number_superseded(first, second.nhs, reason="duplicate-merged"), by="pds", book=rule_book())
        case.hands.advance(timedelta(days=6))
        async with case.ledger.firing(10) as work:
            firing = next(f for f in work.due if f.clock.child == first.id)
            assert firing.child_doc == await case.file(second)
            assert firing.child_doc["restricted"]
