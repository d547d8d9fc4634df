"""An update asks nobody twice whose record it is: what a person has said of the same details holds for it."""

from datetime import timedelta

import pytest

from adapters.storage.records import UNSENT
from router.policy.book import rule_book
from tests.agreements.cases import Case, SeenTask
from tests.agreements.corrections import nth
from tests.story_events import Said, adult_ed_attendance, cancel_of, ed_discharged, household, update_of
from tests.story_people import Json, Person, adult, child, family

DAY = timedelta(days=1)
TEAMS = {"gp-castle", "hv-north", "pln"}
UNSURE = "02"


class WhoseRecord:
    """What a ledger tells a later version of whose record earlier ones asked, and of what a person answered."""

    async def _unsure(self, case: Case) -> tuple[Person, Said, SeenTask]:
        """Tom's number was not verified, and a person is asked whose record it is."""
        tom, ann = child("Tom", age=3), child("Ann", age=5)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
        said = ed_discharged(tom, subjects=[tom.subject(nhs_number_status=UNSURE)])
        await case.publish(said)
        (task,) = await case.open_tasks()
        assert task.kind == "match"
        return tom, said, task

    async def _stands_with(self, case: Case) -> set[str]:
        """Who has a summary that stands."""
        return {d.team for d in await case.summaries() if d.state not in ("replaced", UNSENT)}

    async def test_an_update_takes_the_place_of_the_open_question_and_gives_it_no_more_time(self, case: Case) -> None:
        _, said, first = await self._unsure(case)
        assert (await case.fire(days=1)).rungs == 1
        (due,) = [c.due for c in await case.clocks() if c.task == first.id]
        await case.publish(update_of(said, nth(1), diagnosis={"absent": "not-recorded"}), update_of(said, nth(2)))
        (task,) = await case.open_tasks()
        assert task.id != first.id
        (old,) = [t for t in await case.tasks() if t.id == first.id]
        assert (old.closed_by, old.reason) == ("Sharewell", "a newer version of the event asks the same")
        clocks = {c.task: (c.state, c.rung, c.due) for c in await case.clocks() if c.state == "running"}
        assert clocks == {task.id: ("running", 1, due)}
        assert (await case.reconcile())[3] == []

    async def test_what_a_person_has_said_holds_for_an_update_that_tells_the_same_of_them(self, case: Case) -> None:
        tom, said, task = await self._unsure(case)
        await case.decide_again(task.id, person=tom.id)
        await case.publish(update_of(said, nth(1), diagnosis="Fracture"), book=rule_book())
        await case.publish(update_of(said, nth(2), diagnosis="Sprain"), book=rule_book())
        assert await case.open_tasks() == []
        await case.send_all()
        assert {x["what_happened"]["diagnosis"] for x in case.inboxes.of("summary") if x.team in TEAMS} == {"Sprain"}
        assert {d.child for d in await case.summaries()} == {tom.id}
        assert (await case.reconcile())[3] == []

    async def test_it_holds_for_its_cancellation_and_whoever_was_told_hears_of_that(self, case: Case) -> None:
        tom, said, task = await self._unsure(case)
        await case.decide_again(task.id, person=tom.id)
        await case.send_all()
        (kept,) = (await case.publish(cancel_of(said))).accepted
        assert kept.plan.concerned == (tom.id,), "his history says that it was cancelled"
        await case.send_all()
        assert {x.team for x in case.inboxes.of("withdrawal")} == TEAMS
        assert await case.open_tasks() == []

    @pytest.mark.parametrize("told", [{"birth_date": "2020-02-02"}, {"school": {"absent": "none"}}])
    async def test_where_anything_else_is_told_of_the_child_a_person_is_asked_again(
        self, case: Case, told: Json
    ) -> None:
        tom, said, task = await self._unsure(case)
        await case.decide_again(task.id, person=tom.id)
        other = tom.subject(nhs_number_status=UNSURE) | told
        await case.publish(update_of(said, subjects=[other]))
        (again,) = await case.open_tasks()
        assert again.kind == "match"
        assert await self._stands_with(case) == set()

    async def test_each_of_two_of_whom_the_same_is_told_keeps_the_answer_of_its_own_place(self, case: Case) -> None:
        kay, kim, sam = child("Kay", age=3), child("Kim", age=3), adult("Sam")
        await case.load(family(mother=sam, children=[kay, kim]))
        await case.publish(twins := self._both_listed(sam, kay), book=rule_book())
        first, second = sorted(await case.open_tasks(), key=lambda t: t.id)
        await case.decide_again(first.id, person=kay.id, book=rule_book())
        await case.decide_again(second.id, person=kim.id, book=rule_book())
        (kept,) = (await case.publish(update_of(twins, nth(1)), book=rule_book())).accepted
        assert await case.open_tasks() == []
        assert {w.person for w in kept.facts.who if w.slot.startswith("household")} == {kay.id, kim.id}

    def _both_listed(self, who: Person, alike: Person) -> Said:
        said = household(alike, alike)
        for one in said["children"]:
            one["nhs_number_status"] = UNSURE
        return adult_ed_attendance(who, household=said)

    async def test_what_a_person_has_closed_without_an_answer_is_asked_again_only_if_something_else_is_said(
        self, case: Case
    ) -> None:
        _, said, task = await self._unsure(case)
        assert await case.close("task", task.id, "Ann", "Nobody can say.")
        await case.publish(update_of(said, nth(1)))
        assert await case.open_tasks() == []
        assert (await case.reconcile())[3] == [], "the person who closed it accounts for it"
        await case.publish(update_of(said, nth(2), diagnosis="Fracture"))
        assert len(await case.open_tasks()) == 1

    async def test_where_it_is_sure_now_nobody_is_asked_any_more(self, case: Case) -> None:
        tom, said, _ = await self._unsure(case)
        await case.publish(update_of(said, subjects=[tom.subject()]))
        assert await case.open_tasks() == []
        (old,) = await case.tasks()
        assert (old.closed_by, old.reason) == ("Sharewell", "the event was corrected, and this is sought no more")
        assert await self._stands_with(case) == TEAMS

    async def test_of_what_is_cancelled_before_anybody_was_found_nobody_is_asked(self, case: Case) -> None:
        _, said, _ = await self._unsure(case)
        await case.publish(cancel_of(said))
        (old,) = await case.tasks()
        assert (old.state, old.reason) == ("closed", "the event was cancelled")
        assert {c.state for c in await case.clocks()} == {"stopped"}
        assert (await case.reconcile())[3] == []

    async def test_of_what_is_cancelled_under_a_number_that_is_not_sure_a_person_is_asked_who_had_it(
        self, case: Case
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        await case.publish(said)
        unsure = cancel_of(said)
        unsure.event["data"]["subjects"] = [tom.subject(nhs_number_status=UNSURE)]
        await case.publish(unsure)
        assert [t.kind for t in await case.open_tasks()] == ["match"]

    async def test_who_was_alerted_hears_that_it_is_over_once_it_is_sure(self, case: Case) -> None:
        tom, said, _ = await self._unsure(case)
        await case.fire(days=1)
        await case.publish(update_of(said, nth(1)))
        await case.send_all()
        assert case.inboxes.of("withdrawal") == [], "it is asked still"
        await case.publish(update_of(said, nth(2), subjects=[tom.subject()]))
        await case.send_all()
        (told,), (over,) = case.inboxes.of("escalation"), case.inboxes.of("withdrawal")
        assert (over.team, over["withdraws"]) == (told.team, told.id)
