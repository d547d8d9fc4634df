"""Taking in: kept once, or not at all."""

import asyncio
from collections.abc import Callable

import orjson
import pytest

from adapters.storage.records import UNSENT
from router.facts import Facts
from router.ledger import Kept
from router.take import take_each, take_in
from tests.agreements.books import BOOK, FAULTY_BOOK
from tests.agreements.cases import Case
from tests.story_events import Said, cancel_of, ed_attendance, ed_discharged, infant_injury_reviewed, update_of
from tests.story_people import adult, child, family


class Broken(Exception):
    """Something outside broke."""


class Intake:
    """What a ledger does with a batch of records."""

    async def test_what_is_kept_is_read_back(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)

        taken = await case.publish(said)

        assert [k.event.id for k in taken.accepted] == [said.id]
        kept = await case.summaries()
        assert {d.team for d in kept} == {"gp-castle", "hv-north", "pln"}
        assert {(d.child, d.event, d.state, d.sequence) for d in kept} == {(tom.id, said.id, "kept", None)}
        assert {d.id for d in kept} == {d.id for d in taken.accepted[0].plan.deliveries}
        (answer,) = [d for d in await case.deliveries() if d.kind == "answer"]
        assert (answer.team, answer.event, answer.child) == ("ed", None, None)
        (clock,) = await case.clocks()
        assert clock.delivery == (await case.summary("hv-north")).id
        assert (clock.state, clock.rung) == ("running", 0)

    async def test_the_same_event_again_has_no_second_effect(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        records = case.records(ed_discharged(tom))
        await take_in(records, case.ledger, BOOK)
        before = await case.everything()

        again = await take_in(records, await case.another(), BOOK)

        assert (len(again.seen), again.accepted, again.conflicts) == (1, [], [])
        assert await case.everything() == before

    async def test_the_same_event_written_out_anew_is_no_other_body(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        (record,) = case.records(ed_discharged(tom))
        await take_in([record], case.ledger, BOOK)
        before = await case.everything()

        anew = orjson.dumps(orjson.loads(record.raw or b""), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        again = await take_in([record._replace(raw=anew, offset=record.offset + 1)], await case.another(), BOOK)

        assert anew != record.raw
        assert (len(again.seen), again.accepted, again.conflicts) == (1, [], [])
        assert await case.everything() == before

    async def test_what_was_put_aside_is_not_answered_again_when_its_batch_is_read_again(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, other = ed_discharged(tom), ed_discharged(tom)
        other.event["id"] = first.id
        records = case.records(first, other, b"not json")
        taken = await take_in(records, case.ledger, BOOK)
        assert (len(taken.accepted), len(taken.conflicts), len(taken.refused)) == (1, 1, 1)
        before = await case.everything()

        for again in (records, records[1:], records[2:]):
            taken = await take_in(again, await case.another(), BOOK)
            assert (taken.accepted, taken.conflicts, taken.refused) == ([], [], [])
        assert await case.everything() == before

        later = await take_in(case.records(other, b"not json"), case.ledger, BOOK)
        assert (len(later.conflicts), len(later.refused)) == (1, 1), "sent again it is another record"

    async def test_an_event_twice_in_one_batch_is_taken_once(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        taken = await case.publish(said, said)
        assert (len(taken.accepted), len(taken.seen)) == (1, 1)
        assert len(await case.summaries()) == 3

    async def test_one_id_with_two_bodies_is_a_conflict_that_is_kept_and_somebodys_to_settle(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, other = ed_discharged(tom), ed_discharged(tom)
        other.event["id"] = first.id
        await case.publish(first)
        before = await case.summaries()

        taken = await case.publish(other)

        assert [e.id for e in taken.conflicts] == [first.id]
        assert await case.conflicts() == [("ed", first.id)]
        assert await case.summaries() == before, "the first stands, the second is not routed"
        (task,) = await case.open_tasks()
        assert task.kind == "conflict"
        assert [c.state for c in await case.clocks() if c.task == task.id] == ["running"]

    async def test_both_bodies_of_one_id_are_read_by_the_task_that_asks_which_is_true(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, other, third = ed_discharged(tom), ed_discharged(tom), ed_discharged(tom)
        other.event["id"] = third.event["id"] = first.id
        routed, second, last = case.records(first, other, third)
        await take_in([routed, second, last], case.ledger, BOOK)

        read = {await case.in_conflict(task.id) for task in await case.open_tasks()}

        assert read == {(routed.raw, second.raw), (routed.raw, last.raw)}, "each task's own"
        assert await case.in_conflict("11111111-1111-4111-8111-111111111111") is None

    async def test_the_task_of_a_conflict_belongs_to_the_publishers_team(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, other = ed_discharged(tom), ed_discharged(tom)
        other.event["id"] = first.id
        await case.publish(first, other)
        assert [t.owner for t in await case.open_tasks()] == ["emergency"]

    async def test_the_same_id_from_two_publishers_is_two_events(self, case: Case) -> None:
        tom = child("Tom", age=0)
        await case.load(family(mother=adult(), children=[tom]))
        attended = ed_attendance(tom)
        first = infant_injury_reviewed(tom, attended, by="ed")
        other = infant_injury_reviewed(tom, attended, by="ward", id=first.id)
        taken = await case.publish(first, other)
        assert [k.event.publisher for k in taken.accepted] == ["ed", "ward"]

    async def test_a_batch_that_breaks_leaves_nothing_behind(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_attendance(tom))
        before, file = await case.everything(), await case.file(tom)
        records = case.records(ed_discharged(tom), ed_discharged(child("New", age=2)), b"not json")

        for border in ("after_claim", "before_commit"):

            def breaks(passed: str, border: str = border) -> None:
                if passed == border:
                    raise Broken

            with pytest.raises(Broken):
                await take_in(records, case.ledger, BOOK, breaks)
            assert await case.everything() == before
            assert await case.file(tom) == file

        taken = await take_in(records, case.ledger, BOOK)
        assert (len(taken.accepted), len(taken.refused), taken.seen) == (2, 1, []), "as if it had never been tried"

    async def test_a_record_that_breaks_the_router_is_put_aside_and_stops_nobody(self, case: Case) -> None:
        tom, bad = child("Tom", age=3), child("Breaks", age=4)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[bad]))
        records = case.records(ed_discharged(tom), ed_discharged(bad), b"not json", ed_discharged(tom))
        with pytest.raises(ValueError, match="a fault"):
            await take_in(records, case.ledger, FAULTY_BOOK)

        for _ in range(2):  # the process may end before it acknowledges
            await take_each(records, case.ledger, FAULTY_BOOK, (ValueError,))

        assert len(await case.summaries()) == 2
        assert sorted(r.codes for r in await case.refusals()) == [("not-json",), ("not-processed",)]
        assert len([d for d in await case.deliveries() if d.kind == "answer"]) == 4

    async def test_two_routers_with_one_batch_keep_it_once(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        other = ed_discharged(tom)
        five = [ed_discharged(tom) for _ in range(5)]
        other.event["id"] = five[0].id
        records = case.records(*five, other, b"not json")
        routers = [case.ledger, await case.another()]

        both = await asyncio.gather(*(take_in(records, router, BOOK) for router in routers))

        assert sum(len(t.accepted) for t in both) == 5
        assert sum(len(t.seen) for t in both) == 6
        assert [sum(len(t.conflicts) for t in both), sum(len(t.refused) for t in both)] == [1, 1]
        assert len(await case.summaries()) == 15
        assert len([d for d in await case.deliveries() if d.kind == "answer"]) == 1

    async def test_of_two_events_at_once_about_one_child_one_is_the_others_past(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        routers = [case.ledger, await case.another()]
        for _ in range(5):
            pair = [case.records(ed_discharged(tom)), case.records(ed_discharged(tom))]
            both = await asyncio.gather(*(take_in(r, x, BOOK) for r, x in zip(pair, routers, strict=True)))
            pasts = sorted(len(t.accepted[0].facts.history.get(tom.id, ())) for t in both)
            assert pasts[1] == pasts[0] + 1, "two that each saw no other would miss a repeat"

    async def test_an_earlier_event_of_the_batch_is_a_fact_for_the_next(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        taken = await case.publish(ed_discharged(tom), ed_discharged(tom))
        assert [len(k.facts.history.get(tom.id, ())) for k in taken.accepted] == [0, 1]
        later = await case.publish(ed_discharged(tom))
        assert len(later.accepted[0].facts.history[tom.id]) == 2

    async def test_somebody_new_is_found_by_the_next_event(self, case: Case) -> None:
        new = child("New", age=2, practice="M87901", authority="E08000027")
        await case.load()
        first = await case.publish(ed_discharged(new))
        then = await case.publish(ed_discharged(new), ed_discharged(new))
        people = {k.facts.who[0].person for t in (first, then) for k in t.accepted}
        assert len(people) == 1
        assert None not in people

    async def test_a_refusal_is_kept_once_with_its_clock(self, case: Case) -> None:
        await case.load()
        bad = case.records(b"not json", b"{}")
        for _ in range(2):
            await take_in(bad, case.ledger, BOOK)
        refusals = await case.refusals()
        assert [(r.publisher, r.state) for r in refusals] == [("ed", "open"), ("ed", "open")]
        assert refusals[0].codes == ("not-json",)
        assert {c.task for c in await case.clocks()} == {r.id for r in refusals}

    async def test_a_corrected_event_mends_its_refusal_and_stops_its_clock(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        wrong = ed_discharged(tom, record_id="att-7", diagnosis=None)
        other = ed_discharged(tom, record_id="att-8", diagnosis=None)
        await case.publish(wrong, other)
        assert {(r.record_id, r.state) for r in await case.refusals()} == {("att-7", "open"), ("att-8", "open")}

        await case.publish(ed_discharged(tom, record_id="att-7"))

        refusals = {r.record_id: r for r in await case.refusals()}
        assert (refusals["att-7"].state, refusals["att-8"].state) == ("mended", "open")
        states = {c.task: c.state for c in await case.clocks() if c.task}
        assert states == {refusals["att-7"].id: "met", refusals["att-8"].id: "running"}

    async def test_a_good_event_before_a_bad_one_mends_nothing(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        good = ed_discharged(tom, record_id="att-7")
        await case.publish(good, update_of(good, diagnosis=None))
        (refusal,) = await case.refusals()
        assert refusal.state == "open", "nobody has heard the correction yet"

    async def test_an_update_replaces_what_stands_and_its_clocks(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom)
        await case.publish(first)
        await case.send_all()
        second = update_of(first, diagnosis="Fracture")
        taken = await case.publish(second)

        rows = await case.summaries()
        assert [(d.event, d.state) for d in rows] == [(first.id, "replaced")] * 3 + [(second.id, "kept")] * 3
        clocks = {c.delivery: (c.state, c.how) for c in await case.clocks()}
        old, new = (d.id for d in rows if d.team == "hv-north")
        assert clocks == {old: ("stopped", "replaced"), new: ("running", None)}
        assert not any(d.kind == "withdrawal" for d in taken.accepted[0].plan.deliveries)

    async def test_a_record_that_was_about_another_child_is_withdrawn_from_those_who_had_it(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=9)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
        wrong = ed_discharged(tom)
        await case.publish(wrong)
        await case.send_all()
        await case.publish(update_of(wrong, subjects=[ann.subject()]))
        gone = {(d.team, d.child) for d in await case.deliveries() if d.kind == "withdrawal"}
        assert gone == {("gp-castle", tom.id), ("hv-north", tom.id), ("pln", tom.id)}
        stand = {(d.team, d.child) for d in await case.summaries() if d.state != "replaced"}
        assert stand == {("gp-castle", ann.id), ("sn-north", ann.id), ("pln", ann.id)}

    async def test_an_update_in_the_same_batch_replaces_too(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom)
        await case.publish(first, update_of(first, diagnosis="Fracture"))
        assert [d.state for d in await case.summaries()] == [UNSENT] * 3 + ["kept"] * 3
        assert sorted(c.state for c in await case.clocks()) == ["running", "stopped"]

    async def test_an_older_version_never_overwrites_a_newer_one(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom)
        await case.publish(first, update_of(first, sequence="9"))
        await case.publish(update_of(first, sequence="10", diagnosis="Newest"))
        before, clocks = await case.summaries(), await case.clocks()

        taken = await case.publish(update_of(first, sequence="9", diagnosis="Late"))

        assert await case.summaries() == before
        assert await case.clocks() == clocks, "nor ends what is expected of those who have the newer one"
        assert [a["kind"] for a in taken.accepted[0].plan.answers] == ["superseded-by-newer"]

    @pytest.mark.parametrize("together", [True, False])
    async def test_a_record_id_used_again_after_an_update_is_refused_whole_and_somebodys_to_settle(
        self, case: Case, together: bool
    ) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=9)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
        first = ed_discharged(tom, record_id="att-7")
        newer = update_of(first, diagnosis="Fracture")
        another = ed_discharged(ann, record_id="att-7", diagnosis="Bruises")
        if together:
            taken = await case.publish(first, newer, another)
        else:
            await case.publish(first)
            await case.publish(newer)
            taken = await case.publish(another)

        assert another.id not in [k.event.id for k in taken.accepted]
        assert {d.child for d in await case.summaries()} == {tom.id}
        (refusal,) = await case.refusals()
        assert (refusal.codes, refusal.state) == (("record-id-reused",), "open")
        assert [c.state for c in await case.clocks() if c.task == refusal.id] == ["running"]
        before = await case.summaries()
        await case.publish(update_of(first, sequence="9", diagnosis="Another"))
        assert [r.state for r in await case.refusals()] == ["open"], "a version of the first is no answer to it"

        taken = await case.publish(ed_discharged(ann, record_id="att-8", diagnosis="Bruises", id=another.id))
        assert len(taken.accepted) == 1, "its id is free for the same under a record of its own"
        assert {d.child for d in await case.summaries() if d.id not in {b.id for b in before}} == {tom.id, ann.id}
        assert not (await case.reconcile())[3]

    @pytest.mark.parametrize("together", [True, False])
    @pytest.mark.parametrize("follows", [update_of, cancel_of])
    async def test_of_two_versions_with_one_sequence_the_second_is_refused_until_a_newer_comes(
        self, case: Case, together: bool, follows: Callable[..., Said]
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom)
        one, other = update_of(first, sequence="007", diagnosis="Fracture"), follows(first, sequence="7")
        if together:
            await case.publish(first, one, other)
        else:
            for said in (first, one, other):
                await case.publish(said)
        assert [d.event for d in await case.summaries("hv-north") if d.state == "kept"] == [one.id]
        (refusal,) = await case.refusals()
        assert (refusal.codes, refusal.state) == (("sequence-reused",), "open")
        assert [c.state for c in await case.clocks() if c.task == refusal.id] == ["running"]

        await case.publish(update_of(first, sequence="6", diagnosis="Late and older"))
        assert [r.state for r in await case.refusals()] == ["open"], "an older version settles nothing"

        newest = update_of(first, sequence="8", diagnosis="Sprain")
        await case.publish(newest)
        assert [r.state for r in await case.refusals()] == ["mended"]
        assert [d.event for d in await case.summaries("hv-north") if d.state == "kept"] == [newest.id]

    async def test_the_first_version_may_have_the_sequence_of_the_new_event(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom, sequence="1")
        taken = await case.publish(first, update_of(first, sequence="1", diagnosis="Fracture"))
        assert len(taken.accepted) == 2
        again = ed_discharged(tom, record_id=first.event["data"]["record_id"], sequence="5")
        taken = await case.publish(again, update_of(again, sequence="5", diagnosis="Sprain"))
        assert len(taken.accepted) == 2

    async def test_what_was_put_aside_for_its_record_id_is_answered_once_for_each_place(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, another = ed_discharged(tom, record_id="att-7"), ed_discharged(tom, record_id="att-7")
        records = case.records(first, update_of(first), another, another)
        taken = await take_in(records, case.ledger, BOOK)
        assert (len(taken.accepted), len(taken.refused), len(taken.seen)) == (2, 2, 0)
        before = await case.everything()

        for again in (records, records[2:], records[3:]):
            taken = await take_in(again, await case.another(), BOOK)
            assert (taken.accepted, taken.refused, taken.conflicts) == ([], [], [])
            assert {e.id for e in taken.seen}.isdisjoint({another.id}), "replay would take it for mended"
        assert await case.everything() == before

        routers = [case.ledger, await case.another()]
        records = case.records(another)
        both = await asyncio.gather(*(take_in(records, router, BOOK) for router in routers))
        assert sum(len(t.refused) for t in both) == 1

    async def test_a_first_event_and_a_heartbeat_contradict_nothing(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom, record_id="att-7")
        beat = ed_discharged(tom, record_id="att-7", testevent=True)
        later = ed_discharged(tom, record_id="att-7", sequence="5")
        taken = await case.publish(first, update_of(first), beat, later)
        assert len(taken.accepted) == 4
        assert await case.refusals() == []

    async def test_a_cancelled_record_is_told_to_everyone_who_had_it(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom)
        await case.publish(first)
        await case.send_all()
        await case.publish(cancel_of(first))
        gone = [d for d in await case.deliveries() if d.kind == "withdrawal"]
        assert {d.team for d in gone} == {"gp-castle", "hv-north", "pln"}
        assert {d.state for d in await case.summaries()} == {"replaced"}
        assert {c.state for c in await case.clocks()} == {"stopped"}

    async def test_what_was_replaced_already_is_not_withdrawn_again(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom)
        for said in (first, update_of(first), cancel_of(first)):
            await case.publish(said)
        assert len([d for d in await case.deliveries() if d.kind == "withdrawal"]) == 3

    async def test_a_record_sent_as_new_twice_is_withdrawn_twice_over(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, again = ed_discharged(tom, record_id="att-7"), ed_discharged(tom, record_id="att-7")
        await case.publish(first)
        await case.publish(again)
        await case.send_all()
        await case.publish(cancel_of(first))
        assert {d.state for d in await case.summaries()} == {"replaced"}
        assert len([d for d in await case.deliveries() if d.kind == "withdrawal"]) == 6

    @pytest.mark.parametrize("together", [True, False])
    async def test_batches_make_no_difference(self, case: Case, together: bool) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first, again = ed_discharged(tom, record_id="att-7"), ed_discharged(tom, record_id="att-7")
        said = (first, again, update_of(first, diagnosis="Fracture"))
        for batch in [said] if together else [[one] for one in said]:
            await case.publish(*batch)
        assert [d.state for d in await case.summaries("hv-north")] == [UNSENT, UNSENT, "kept"]

    async def test_the_snapshot_of_facts_says_again_what_was_known(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        (k,) = (await case.publish(ed_discharged(tom))).accepted
        assert _restored(k) == k.facts.snapshot()

    async def test_silence_is_counted_from_when_a_publisher_was_last_heard(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        assert await case.ledger.silent_publishers() == []
        await case.publish(ed_discharged(tom))
        heard = await case.ledger.silent_publishers()
        assert heard == [("ed", case.hands.now)]


def _restored(k: Kept) -> object:
    return Facts.restore(k.facts.snapshot(), k.facts.cover, k.facts.families).snapshot()
