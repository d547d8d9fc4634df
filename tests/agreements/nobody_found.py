"""An update asks nobody twice for whom nobody was found: its task takes the place of the first, with its time."""

from datetime import timedelta

from router.policy.book import rule_book
from tests.agreements.cases import Case, SeenTask
from tests.agreements.corrections import nth
from tests.story_events import Said, cancel_of, ed_discharged, gp_changed, update_of
from tests.story_people import adult, child, family
from tests.story_teams import CASTLE, directory

DAY = timedelta(days=1)


class NobodyFound:
    """What a ledger tells a later version of the tasks that earlier ones raised."""

    async def _nobody(self, case: Case) -> tuple[Said, SeenTask]:
        """The practice could not be found, and a person is asked."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom], practice=None))
        said = ed_discharged(tom)
        await case.publish(said)
        (task,) = await case.open_tasks()
        assert task.kind == "nobody-found"
        return said, task

    async def test_an_update_takes_the_place_of_the_open_task_and_gives_it_no_more_time(self, case: Case) -> None:
        said, first = await self._nobody(case)
        (due,) = [c.due for c in await case.clocks() if c.task == first.id]
        case.hands.advance(DAY / 2)
        await case.publish(update_of(said, nth(1), diagnosis={"absent": "not-recorded"}))
        (second,) = await case.open_tasks()
        assert second.id != first.id
        (old,) = [t for t in await case.tasks() if t.id == first.id]
        assert (old.state, old.closed_by) == ("closed", "Sharewell")
        assert old.reason == "a newer version of the event asks the same"
        clocks = {c.task: (c.state, c.due) for c in await case.clocks() if c.task}
        assert clocks == {first.id: ("stopped", due), second.id: ("running", due)}

    async def test_a_rung_that_has_fired_does_not_fire_again_and_the_next_is_not_put_off(self, case: Case) -> None:
        said, first = await self._nobody(case)
        assert (await case.fire(days=1)).rungs == 1
        (due,) = [c.due for c in await case.clocks() if c.task == first.id]
        await case.publish(update_of(said, nth(1)), update_of(said, nth(2)))
        (task,) = await case.open_tasks()
        (clock,) = [c for c in await case.clocks() if c.task == task.id]
        assert (clock.rung, clock.due) == (1, due), "two in one batch as one after another"
        await case.fire(days=1)
        rungs = {c.task: c.rung for c in await case.clocks() if c.task}
        assert (rungs[first.id], rungs[task.id]) == (1, 2)

    async def test_what_a_person_has_closed_is_asked_again_only_if_something_else_is_to_be_told(
        self, case: Case
    ) -> None:
        said, task = await self._nobody(case)
        assert await case.close("task", task.id, "Ann", "Told by telephone.")
        await case.publish(update_of(said, nth(1)))
        assert await case.open_tasks() == []
        assert {c.state for c in await case.clocks() if c.task} == {"met"}
        assert (await case.reconcile())[3] == [], "the person who closed it accounts for it"
        await case.publish(update_of(said, nth(2), diagnosis={"absent": "not-recorded"}))
        (again,) = await case.open_tasks()
        assert again.id != task.id
        await case.publish(update_of(said, nth(3)))
        assert len(await case.open_tasks()) == 1, "back to the first: that is another word than the last"

    async def test_where_somebody_is_found_now_nobody_is_sought_any_more(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom], practice=None))
        said = ed_discharged(tom)
        await case.publish(said, book=rule_book())
        await case.publish(gp_changed(tom, CASTLE), by="pds", book=rule_book())
        assert [t.kind for t in await case.open_tasks()] == ["nobody-found"], "the first word has reached nobody there"
        await case.publish(update_of(said, nth(1)), book=rule_book())
        assert await case.open_tasks() == []
        (old,) = await case.tasks()
        assert (old.closed_by, old.reason) == ("Sharewell", "the event was corrected, and this is sought no more")
        assert (await case.summary("gp-castle")).team == "gp-castle"

    async def _over(self, case: Case) -> list[tuple[str, str]]:
        """Who was told that the search it had heard of is over, and in which words."""
        await case.send_all()
        alerts = {x.id for x in case.inboxes.of("escalation") if x["about"]["task_id"]}
        return sorted((x.team, x["words"]) for x in case.inboxes.of("withdrawal") if x["withdraws"] in alerts)

    async def test_who_was_alerted_hears_that_it_is_over_once_somebody_is_found(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom], practice=None))
        said = ed_discharged(tom)
        await case.publish(said, book=rule_book())
        await case.fire(days=1)
        await case.publish(update_of(said, nth(1)), update_of(said, nth(2)), book=rule_book())
        assert await self._over(case) == [], "it is sought still"
        await case.publish(gp_changed(tom, CASTLE), by="pds", book=rule_book())
        await case.publish(update_of(said, nth(3)), book=rule_book())
        over = "You were told that somebody had to be found. This was corrected, and nobody is sought any more."
        assert await self._over(case) == [("desk", over)]
        await case.publish(update_of(said, nth(4)), cancel_of(said, nth(5)), book=rule_book())
        assert await self._over(case) == [("desk", over)], "and hears it once"

    async def test_who_was_alerted_hears_of_the_cancellation(self, case: Case) -> None:
        said, _ = await self._nobody(case)
        await case.fire(days=1)
        await case.publish(update_of(said, nth(1)))
        await case.fire(days=1)
        assert await self._over(case) == []
        await case.publish(cancel_of(said))
        over = "You were told that somebody had to be found. The sender has cancelled this. Do not act on it."
        assert await self._over(case) == [("desk", over), ("nn-hospital", over)]

    async def test_what_a_person_has_closed_was_not_ended_by_the_correction(self, case: Case) -> None:
        said, task = await self._nobody(case)
        await case.fire(days=1)
        assert await case.close("task", task.id, "Ann", "Told by telephone.")
        assert await self._over(case) == []
        await case.publish(update_of(said, nth(1)))
        assert await self._over(case) == []

    async def test_who_should_have_heard_of_a_silence_is_sought_on_after_a_correction(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]), teams=directory(without={"hv-lead"}))
        said = ed_discharged(tom)
        await case.publish(said)
        await case.fire(days=2)
        (task,) = [t for t in await case.open_tasks() if t.kind == "nobody-found"]
        await case.publish(update_of(said, nth(1)))
        assert task in await case.open_tasks(), "the clock goes on past the rung that reached nobody"
        await case.publish(cancel_of(said))
        assert task not in await case.open_tasks()

    async def test_who_should_have_heard_of_a_silence_about_another_child_is_sought_no_more(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=3)
        families = family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann])
        await case.load(*families, teams=directory(without={"hv-lead"}))
        said = ed_discharged(tom)
        await case.publish(said)
        await case.fire(days=2)
        (task,) = [t for t in await case.open_tasks() if t.kind == "nobody-found"]
        await case.fire(days=2)
        assert await self._over(case) == []
        await case.publish(update_of(said, nth(1), subjects=[ann.subject()]))
        assert task.id not in {t.id for t in await case.open_tasks()}
        assert [team for team, _ in await self._over(case)] == ["desk"]
