"""What people do: claim, close, pause; the second is told who was first."""

import asyncio

from router.policy.book import rule_book
from tests.agreements.cases import Case
from tests.story_events import cancel_of, ed_discharged, update_of
from tests.story_meeting_events import conference_invited
from tests.story_people import adult, caseload, child, family, involved
from tests.story_teams import directory


class Desk:
    """What a ledger does for the people who work with it."""

    async def _refused(self, case: Case) -> str:
        await case.load()
        await case.publish(b"not json")
        return (await case.refusals())[0].id

    async def _task(self, case: Case) -> str:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom], practice=None))
        await case.publish(ed_discharged(tom))
        return (await case.open_tasks())[0].id

    async def test_of_two_claims_one_is_first_and_the_other_is_told_whose_it_is(self, case: Case) -> None:
        task = await self._task(case)
        assert await case.claim("task", task, "Ann") == (True, "Ann")
        assert await case.claim("task", task, "Ben") == (False, "Ann")
        assert await case.claim("task", task, "Ann") == (True, "Ann"), "again, by whoever has it"
        assert [(t.state, t.claimed_by) for t in await case.tasks()] == [("claimed", "Ann")]

    async def test_claims_at_the_same_moment_have_one_winner(self, case: Case) -> None:
        task = await self._task(case)
        sent = await case.summary("hv-north")
        for work, id in (("task", task), ("delivery", sent.id)):
            people = [f"Person {n}" for n in range(4)]
            said = await asyncio.gather(*(case.claim(work, id, who) for who in people))
            assert [done for done, _ in said].count(True) == 1
            assert len({holder for _, holder in said}) == 1

    async def test_a_delivery_and_a_refusal_can_be_claimed_and_given_back(self, case: Case) -> None:
        refusal = await self._refused(case)
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        for work, id in (("refusal", refusal), ("delivery", sent.id)):
            assert await case.claim(work, id, "Ann") == (True, "Ann")
            assert not await case.give_back(work, id, "Ben")
            assert await case.give_back(work, id, "Ann")
            assert not await case.give_back(work, id, "Ann")
            assert await case.claim(work, id, "Ben") == (True, "Ben")
        assert (await case.summary("hv-north")).claimed_by == "Ben"
        assert (await case.refusals())[0].claimed_by == "Ben"

    async def test_nothing_can_be_claimed_that_is_not_there(self, case: Case) -> None:
        await case.load()
        for work in ("delivery", "task", "refusal"):
            assert await case.claim(work, "11111111-1111-4111-8111-111111111111", "Ann") == (False, None)

    async def test_a_task_is_closed_by_a_named_person_with_a_reason_and_its_clock_ends(self, case: Case) -> None:
        task = await self._task(case)
        assert [c.state for c in await case.clocks() if c.task == task] == ["running"]
        assert await case.close("task", task, "Ann", "Registered today.")
        assert [(t.state, t.closed_by, t.reason) for t in await case.tasks()] == [
            ("closed", "Ann", "Registered today.")
        ]
        assert [c.state for c in await case.clocks() if c.task == task] == ["met"]
        assert not await case.close("task", task, "Ann", "Again."), "closed is closed"
        assert not (await case.claim("task", task, "Ben"))[0]
        assert (await case.tasks())[0].reason == "Registered today."

    async def test_what_another_person_has_is_not_closed_under_their_hands(self, case: Case) -> None:
        task = await self._task(case)
        await case.publish(b"not json")
        (refusal,) = await case.refusals()
        for work, id in (("task", task), ("refusal", refusal.id)):
            await case.claim(work, id, "Ann")
            assert not await case.close(work, id, "Ben", "Rang them.")
            assert await case.close(work, id, "Ann", "Rang them.")
            assert [c.state for c in await case.clocks() if c.task == id] == ["met"]
        assert [r.state for r in await case.refusals()] == ["closed"]

    async def test_a_closed_task_does_not_come_again_with_its_event(self, case: Case) -> None:
        task = await self._task(case)
        await case.close("task", task, "Ann", "Registered today.")
        assert await case.open_tasks() == []
        await case.fire(days=9)
        assert await case.open_tasks() == []

    async def test_a_paused_destination_is_held_in_order_while_its_clocks_run(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.pause("hv-north", "Ann")
        await case.publish(ed_discharged(tom), ed_discharged(tom))
        await case.send_all()
        assert [d.state for d in await case.summaries("hv-north")] == ["held", "held"]
        assert {d.state for d in await case.deliveries() if d.team != "hv-north"} == {"sent"}
        assert (await case.fire(days=2)).rungs == 2

        await case.resume("hv-north")

        assert [d.state for d in await case.summaries("hv-north")] == ["kept", "kept"]
        await case.send_all()
        assert [(d.state, d.sequence) for d in await case.summaries("hv-north")] == [("sent", 1), ("sent", 2)]
        kept = [d.id for d in await case.summaries("hv-north")]
        assert [x.id for x in case.inboxes.of("summary", "hv-north")] == kept

    async def test_a_caseload_of_a_closed_team_tells_the_places_team_until_a_person_says_whose_the_child_is(
        self, case: Case
    ) -> None:
        tom = child("Tom", age=3, caseload=caseload("HV", "hv-south"))
        await case.load(family(mother=adult(), children=[tom]))
        await case.load(teams=directory(without={"hv-south"}))
        await case.publish(ed_discharged(tom))
        assert {d.team for d in await case.summaries()} == {"gp-castle", "hv-north", "pln"}, "nobody is left untold"
        assert len([c for c in await case.clocks() if c.delivery and c.state == "running"]) == 1, "it must answer"
        (task,) = await case.open_tasks()
        assert task.kind == "nobody-found"
        assert [c.state for c in await case.clocks() if c.task == task.id] == ["running"]

        await case.decide_again(task.id, team="hv-birmingham")
        assert {(d.team, d.because) for d in await case.summaries()} == {
            ("gp-castle", None),
            ("hv-north", None),
            ("pln", None),
            ("hv-birmingham", "nobody-found"),
        }
        await case.publish(ed_discharged(tom))
        assert await case.open_tasks() == [], "whose it is has been said"
        assert [d.team for d in await case.summaries()][4:].count("hv-birmingham") == 1
        assert len(await case.summaries("hv-north")) == 1

    async def test_a_service_that_works_with_the_child_is_found_though_its_team_was_closed_as_a_person_says(
        self, case: Case
    ) -> None:
        kay = child("Kay", age=9, services=[involved("CAMHS", "closed")])
        await case.load(family(mother=adult(), children=[kay]))
        one = next(t for t in directory()["teams"] if t["id"] == "camhs")
        both = directory()
        both["teams"].append({**one, "id": "camhs-new"})
        await case.load(teams=both)
        await case.publish(conference_invited(kay), by="csc", book=rule_book())
        assert {d.team for d in await case.summaries()} == {"gp-castle", "sn-north"}, "of two, neither is assumed"
        (task,) = await case.open_tasks()
        assert task.kind == "nobody-found"
        assert [c.state for c in await case.clocks() if c.task == task.id] == ["running"]
        await case.decide_again(task.id, team="camhs-new", book=rule_book())
        assert {d.team for d in await case.summaries()} == {"gp-castle", "sn-north", "camhs-new"}
        await case.publish(conference_invited(kay, conference_id="conf-2"), by="csc", book=rule_book())
        assert await case.open_tasks() == [], "whose it is has been said"
        assert [d.team for d in await case.summaries()].count("camhs-new") == 2

    async def test_a_person_says_which_team_it_is_and_only_that_team_is_sent_anything(self, case: Case) -> None:
        task = await self._task(case)
        await case.decide_again(task, team="gp-hagley")
        (new,) = [d for d in await case.summaries() if d.team == "gp-hagley"]
        assert new.because == "nobody-found"
        assert {d.team for d in await case.summaries()} == {"gp-hagley", "hv-north", "pln"}
        assert await case.open_tasks() == []

    async def test_a_person_says_whose_record_it_is_and_then_it_is_routed(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom, subjects=[tom.subject(nhs_number_status="02")])
        await case.publish(said)
        assert await case.summaries() == []
        (task,) = await case.open_tasks()
        assert task.kind == "match"

        await case.decide_again(task.id, person=tom.id)

        assert {(d.team, d.because) for d in await case.summaries()} == {
            ("gp-castle", "match"),
            ("hv-north", "match"),
            ("pln", "match"),
        }
        assert await case.open_tasks() == []
        assert len([c for c in await case.clocks() if c.delivery and c.state == "running"]) == 1

    async def test_what_happened_to_a_child_whom_a_person_found_counts_from_then_on_and_once(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom, subjects=[tom.subject(nhs_number_status="02")]))
        (task,) = await case.open_tasks()
        await case.decide_again(task.id, person=tom.id)
        (sent,) = [d for d in await case.summaries() if d.team == "hv-north"]
        await case.answer("hv-north", sent.id, "not-ours", id="1")  # decided once more: it is no second attendance
        await case.publish(ed_discharged(tom), book=rule_book())
        await case.send_all()
        (earlier,) = case.inboxes.of("summary", "gp-castle")[-1]["context"]["earlier"]
        assert (earlier["what"], earlier["count"]) == ("ED attendance", 1)

    async def test_everything_accepted_is_the_sum_of_its_outcomes_whatever_happened(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=9)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann], practice=None))
        first, twin = ed_discharged(tom), ed_discharged(tom)
        await case.publish(first, ed_discharged(ann), b"not json", twin)
        await case.publish(twin, ed_discharged(ann, id=twin.id))
        case.inboxes.refusing = {"pln"}
        await case.send_all()
        await case.pause("sn-north", "Ann")
        await case.publish(update_of(first), cancel_of(twin), ed_discharged(ann))
        await case.answer("hv-north", (await case.summaries("hv-north"))[-1].id, "not-ours", id="1")
        await case.fire(days=2)
        case.inboxes.refusing = set()
        await case.send_all()
        events, considered, outcomes, faults = await case.reconcile()
        assert (events, faults) == (6, [])
        assert considered == outcomes
        assert considered > 12
