"""Corrections: a clock that nobody has met goes on in its successor, rung and all; what is cancelled is taken back."""

from datetime import timedelta

import orjson
import pytest

from adapters.storage.records import UNSENT
from router.facts import Facts
from router.policy.book import rule_book
from tests.agreements.books import EACH_BOOK, EVENTS_BOOK, PAUSED_BOOK, RATED_BOOK
from tests.agreements.cases import Case, SeenClock
from tests.story_events import (
    Said,
    address_changed,
    cancel_of,
    dart_notified,
    dart_outcome,
    ed_attendance,
    ed_discharged,
    left_before_treatment,
    update_of,
)
from tests.story_looked_after_events import assessed
from tests.story_people import Person, adult, child, family

DAY = timedelta(days=1)


def nth(n: int) -> str:
    """The sequence of the n-th version."""
    return f"{n:020d}"


class Corrections:
    """What a ledger does with a later version of what it keeps."""

    async def _kept(self, case: Case) -> Said:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        await case.publish(said)
        return said

    async def _clocks(self, case: Case) -> tuple[list[SeenClock], SeenClock]:
        """Those that were replaced, and the one that goes on."""
        clocks = await case.clocks()
        (one,) = (c for c in clocks if c.state in ("running", "paused"))
        return [c for c in clocks if c.state == "stopped"], one

    async def test_a_correction_gives_who_has_not_answered_no_more_time(self, case: Case) -> None:
        said = await self._kept(case)
        due = case.hands.now + 2 * DAY
        case.hands.advance(DAY)
        await case.publish(update_of(said, nth(1)))
        assert (await self._clocks(case))[1].due == due
        await case.publish(update_of(said, nth(2)), update_of(said, nth(3)))
        old, new = await self._clocks(case)
        assert (len(old), new.due, new.rung) == (3, due, 0)
        assert (await case.fire(days=1, seconds=-1)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 1
        assert (await self._clocks(case))[1].rang == ("hv-lead",)

    async def test_of_many_versions_in_one_batch_the_last_ones_clock_runs(self, case: Case) -> None:
        said = await self._kept(case)
        await case.publish(*(update_of(said, nth(n)) for n in range(1, 9)))
        old, new = await self._clocks(case)
        standing = [d.id for d in await case.summaries("hv-north") if d.state == "kept"]
        assert (len(old), standing) == (8, [new.delivery])

    async def test_of_many_versions_in_one_batch_the_last_ones_own_clock_runs(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = dart_notified(tom)
        versions = [update_of(said, nth(n)) for n in range(1, 9)]
        await case.publish(said, *versions, by="dart", book=EVENTS_BOOK)
        old, new = await self._clocks(case)
        assert (len(old), new.state) == (8, "running")

    async def test_a_rung_that_has_fired_fires_in_no_later_version(self, case: Case) -> None:
        said = await self._kept(case)
        assert (await case.fire(days=2)).rungs == 1
        await case.publish(update_of(said, nth(1)))
        assert (await case.fire(days=1, seconds=-1)).rungs == 0
        new = (await self._clocks(case))[1]
        assert (new.rung, new.rang) == (1, ())
        assert (await case.fire(seconds=1)).rungs == 1
        alerts = [d.team for d in await case.deliveries() if d.kind == "escalation"]
        assert alerts == ["hv-lead", "nn-community"]
        assert [t.kind for t in await case.open_tasks()] == ["unanswered"]

    async def test_who_has_answered_has_the_whole_time_for_the_next_version(self, case: Case) -> None:
        said = await self._kept(case)
        one = await case.summary("hv-north")
        case.hands.advance(DAY)
        await case.answer("hv-north", one.id, "acknowledged", id="1")
        await case.publish(update_of(said))
        assert (await self._clocks(case))[1].due == case.hands.now + 2 * DAY

    async def test_an_events_own_clock_goes_on_and_what_met_the_first_needs_no_second(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = dart_notified(tom)
        await case.publish(said, by="dart", book=EVENTS_BOOK)
        due = case.hands.now + 5 * DAY
        case.hands.advance(DAY)
        await case.publish(update_of(said, nth(1)), by="dart", book=EVENTS_BOOK)
        assert (await self._clocks(case))[1].due == due
        await case.publish(dart_outcome(said), by="dart", book=EVENTS_BOOK)
        await case.publish(update_of(said, nth(2)), by="dart", book=EVENTS_BOOK)
        assert [c.state for c in await case.clocks() if c.state != "stopped"] == ["met"]

    async def test_a_paused_clock_stays_paused_with_the_time_that_was_left(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        came = ed_attendance(tom)
        await case.publish(came, book=PAUSED_BOOK)
        due = (await self._clocks(case))[1].due
        case.hands.advance(DAY)
        await case.publish(left_before_treatment(tom, attendance_id=came.data["attendance_id"]), book=PAUSED_BOOK)
        case.hands.advance(DAY)
        await case.publish(update_of(came), book=PAUSED_BOOK)
        new = (await self._clocks(case))[1]
        assert (new.state, new.due) == ("paused", due)
        turned = await case.turned()
        assert turned[0] == turned[1] != []
        await case.publish(ed_discharged(tom, attendance_id=came.data["attendance_id"]), book=PAUSED_BOOK)
        new = (await self._clocks(case))[1]
        assert (new.state, new.due) == ("running", due + DAY)

    async def test_what_the_newer_version_makes_due_earlier_is(self, case: Case) -> None:
        tom = child("Tom", age=10)
        await case.load(family(mother=adult(), children=[tom]))
        said = dart_notified(tom, risk_level="medium")
        await case.publish(said, by="dart", book=RATED_BOOK)
        case.hands.advance(timedelta(hours=1))
        worse = update_of(said, risk_level="high")
        await case.publish(worse, by="dart", book=RATED_BOOK)
        running = [c for c in await case.clocks() if c.state == "running"]
        assert {c.due for c in running} == {case.hands.now + timedelta(hours=4)}

    async def test_a_later_time_of_the_event_itself_puts_nothing_off(self, case: Case) -> None:
        tom = child("Tom", age=10)
        await case.load(family(mother=adult(), children=[tom]))
        said, start = dart_notified(tom, risk_level="medium"), case.hands.now
        await case.publish(said, by="dart", book=RATED_BOOK)
        for n in (1, 2, 3):
            case.hands.advance(timedelta(hours=7))
            await case.publish(update_of(said, nth(n)), by="dart", book=RATED_BOOK)
            waits = [c for c in await case.clocks() if c.state == "running"]
            assert {(c.rung, c.due) for c in waits} == {(0, start + DAY)}
        assert (await case.fire(hours=3, seconds=-1)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 2
        await case.publish(update_of(said, nth(4)), by="dart", book=RATED_BOOK)
        running = [c for c in await case.clocks() if c.state == "running"]
        assert {(c.rung, c.due) for c in running} == {(1, start + 2 * DAY)}, "the rung that fired fires in no other"

    async def test_an_earlier_time_of_the_event_itself_is_due_earlier(self, case: Case) -> None:
        tom = child("Tom", age=10)
        await case.load(family(mother=adult(), children=[tom]))
        said, start = dart_notified(tom, risk_level="medium"), case.hands.now
        await case.publish(said, by="dart", book=RATED_BOOK)
        before = update_of(said)
        before.event["time"] = (start - timedelta(hours=5)).isoformat()
        await case.publish(before, by="dart", book=RATED_BOOK)
        running = [c.due for c in await case.clocks() if c.state == "running"]
        assert set(running) == {start + timedelta(hours=19)}

    async def test_an_item_is_due_on_the_day_that_the_newer_version_names(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        agreed = {"id": "a-1", "what": "Visit", "owner": "HV", "by": "2026-03-18"}
        said = dart_outcome(dart_notified(tom), actions=[agreed])
        await case.publish(said, by="dart", book=EACH_BOOK)
        await case.fire(days=3)
        await case.publish(update_of(said, nth(1)), by="dart", book=EACH_BOOK)
        assert (await self._clocks(case))[1].rung == 1, "the same day: it is the same clock"
        later = update_of(said, nth(2), actions=[{**agreed, "by": "2026-03-31"}])
        await case.publish(later, by="dart", book=EACH_BOOK)
        new = (await self._clocks(case))[1]
        assert (new.rung, new.due.isoformat()[:10]) == (0, "2026-03-31")

    async def test_what_ran_is_kept_with_the_correction_for_explaining(self, case: Case) -> None:
        said = await self._kept(case)
        await case.fire(days=2)
        taken = await case.publish(update_of(said))
        (kept,) = taken.accepted
        facts = kept.facts
        again = Facts.restore(orjson.loads(orjson.dumps(facts.snapshot())), facts.cover, facts.families)
        assert again.earlier == facts.earlier
        assert [(r.team, r.rung) for r in (again.earlier.running if again.earlier else ())] == [("hv-north", 1)]

    # Who heard that nobody had answered

    async def _silence(self, case: Case) -> Said:
        said = await self._kept(case)
        await case.send_all()
        await case.fire(days=2)
        await case.fire(days=1)
        assert [t.kind for t in await case.open_tasks()] == ["unanswered"]
        return said

    async def _stand(self, case: Case, kind: str = "escalation") -> dict[str, str]:
        return {d.team: d.state for d in await case.deliveries() if d.kind == kind}

    async def test_a_cancellation_reaches_who_heard_of_a_silence_and_ends_the_tasks(self, case: Case) -> None:
        said = await self._silence(case)
        await case.send_all()
        await case.publish(cancel_of(said, nth(1)))
        await case.send_all()
        assert await self._stand(case) == {"hv-lead": "replaced", "nn-community": "replaced"}
        gone = {x["withdraws"] for x in case.inboxes.of("withdrawal")}
        assert {x.id for x in case.inboxes.of("escalation")} < gone
        assert len(gone) == 5
        (task,) = await case.tasks()
        assert (task.state, task.closed_by, task.reason) == ("closed", "Sharewell", "the event was cancelled")
        await case.publish(cancel_of(said, nth(2)))
        assert [d.kind for d in await case.deliveries()].count("withdrawal") == 5, "once"
        _, considered, outcomes, faults = await case.reconcile()
        assert (considered, faults) == (outcomes, [])

    async def test_a_silence_that_nobody_was_told_of_yet_is_taken_from_the_queue(self, case: Case) -> None:
        said = await self._silence(case)
        await case.publish(cancel_of(said))
        await case.send_all()
        assert await self._stand(case) == {"hv-lead": UNSENT, "nn-community": UNSENT}
        assert case.inboxes.of("escalation") == []
        assert {x.team for x in case.inboxes.of("withdrawal")} == {"gp-castle", "hv-north", "pln"}
        _, considered, outcomes, faults = await case.reconcile()
        assert (considered, faults) == (outcomes, [])

    async def test_a_correction_spares_who_heard_of_a_silence_that_lasts(self, case: Case) -> None:
        said = await self._silence(case)
        await case.send_all()
        await case.publish(update_of(said, nth(1)))
        assert await self._stand(case) == {"hv-lead": "sent", "nn-community": "sent"}
        assert len(await case.open_tasks()) == 1
        ann = child("Ann", age=12)
        await case.load(family(mother=adult(), children=[ann]))
        await case.publish(update_of(said, nth(2), subjects=[ann.subject()]))
        assert await self._stand(case) == {"hv-lead": "replaced", "nn-community": "replaced"}
        assert await case.open_tasks() == []

    async def test_a_task_for_whom_nobody_was_found_ends_with_the_event_and_so_does_its_clock(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom], practice=None))
        said = ed_discharged(tom)
        await case.publish(said)
        assert [t.kind for t in await case.open_tasks()] == ["nobody-found"]
        await case.publish(cancel_of(said))
        assert await case.open_tasks() == []
        assert {c.state for c in await case.clocks()} == {"stopped"}
        one = ed_discharged(tom)
        await case.publish(one, cancel_of(one))
        assert await case.open_tasks() == [], "in one batch it is the same"

    # One of two that met a clock

    async def test_what_two_events_have_met_runs_again_when_both_are_cancelled(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        asked = dart_notified(tom)
        one, two = dart_outcome(asked), dart_outcome(asked)
        for said in (asked, one, two, update_of(two, nth(1)), cancel_of(one, nth(2))):
            await case.publish(said, by="dart", book=EVENTS_BOOK)
        assert [c.state for c in await case.clocks()] == ["met"], "the other one stands, in its newest version"
        await case.publish(cancel_of(two, nth(2)), by="dart", book=EVENTS_BOOK)
        assert [c.state for c in await case.clocks()] == ["running"]

    async def test_an_outcome_of_something_else_keeps_no_clock_from_running_again(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=4)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
        asked, another, hers = dart_notified(tom), dart_notified(tom), dart_notified(ann)
        outcome = dart_outcome(asked)
        said = (asked, another, hers, outcome, dart_outcome(another), dart_outcome(hers), cancel_of(outcome))
        await case.publish(*said, by="dart", book=EVENTS_BOOK)
        assert sorted(c.state for c in await case.clocks()) == ["met", "met", "running"]

    # One of two that say the same of one thing

    async def _counted(self, case: Case, tom: Person) -> int:
        """How many earlier attendances the practice reads of, in what is said of another one."""
        await case.publish(ed_discharged(tom), book=rule_book())
        await case.send_all()
        earlier = case.inboxes.of("summary", "gp-castle")[-1]["context"].get("earlier", [])
        return sum(e["count"] for e in earlier if e["what"] == "ED attendance")

    @pytest.mark.parametrize("at_once", [True, False])
    async def test_a_restricted_move_that_is_corrected_leaves_the_child_with_whoever_keeps_it(
        self, case: Case, at_once: bool
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = address_changed(tom, None)
        versions = [first, update_of(first), update_of(first, sequence="00000000000000000003")]
        for batch in [versions] if at_once else [[v] for v in versions]:
            await case.publish(*batch, by="hv", book=rule_book())
        told = await case.summaries()
        assert [d.team for d in told] == ["hv-north"] * 3
        assert [d.kind for d in await case.deliveries() if d.kind == "withdrawal"] == []
        assert [c.state for c in await case.clocks() if c.delivery == told[-1].id] == ["running"]

    @pytest.mark.parametrize("together", [20, 3, 1])
    @pytest.mark.parametrize("wrong", [0, 1])
    async def test_a_second_record_of_one_attendance_is_cancelled_and_the_first_still_counts(
        self, case: Case, wrong: int, together: int
    ) -> None:
        """In a large batch with others, in a small one, and each alone: rows are added in two ways."""
        tom, others = child("Tom", age=3), [child(f"Other {n}", age=3) for n in range(17)]
        await case.load(family(mother=adult(), children=[tom]), *(family(mother=adult(), children=[c]) for c in others))
        two = [ed_discharged(tom, attendance_id="fall", time=f"2026-03-1{n}T09:00:00+00:00") for n in (1, 2)]
        said = [*two, cancel_of(two[wrong]), *(ed_discharged(c) for c in others)][: max(together, 3)]
        for at in range(0, len(said), together):
            await case.publish(*said[at : at + together], book=rule_book())
        assert await self._counted(case, tom) == 1, "the attendance of which one record stands"

        await case.publish(cancel_of(two[1 - wrong]), book=rule_book())
        assert await self._counted(case, tom) == 1, "the other one that was counted above, and no more"

        await case.publish(update_of(two[wrong], nth(3)), book=rule_book())
        assert await self._counted(case, tom) == 3, "said again it counts again, once"

    async def test_a_record_that_is_cancelled_twice_takes_nothing_from_another(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        one, two = (ed_discharged(tom, attendance_id="fall") for _ in range(2))
        for said in (one, cancel_of(one, nth(1)), two, cancel_of(one, nth(2)), cancel_of(one, nth(3))):
            await case.publish(said, book=rule_book())
        assert await self._counted(case, tom) == 1

    async def test_what_a_person_found_later_is_taken_back_with_its_own_record_alone(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        unsure = ed_discharged(tom, attendance_id="fall", subjects=[tom.subject(nhs_number_status="02")])
        sure = ed_discharged(tom, attendance_id="fall")
        await case.publish(unsure, sure, book=rule_book())
        task = next(t for t in await case.open_tasks() if t.kind == "match")
        await case.decide_again(task.id, person=tom.id)
        await case.publish(cancel_of(sure), book=rule_book())
        assert await self._counted(case, tom) == 1, "the one that a person joined"

        certain = cancel_of(unsure)
        certain.event["data"]["subjects"] = [tom.subject()]
        await case.publish(certain, book=rule_book())
        assert await self._counted(case, tom) == 1, "the one that was counted above, and no more"

    @pytest.mark.parametrize("together", [20, 2, 1])
    async def test_a_record_that_is_corrected_to_another_thing_counts_as_that_alone(
        self, case: Case, together: int
    ) -> None:
        tom, others = child("Tom", age=3), [child(f"Other {n}", age=3) for n in range(18)]
        await case.load(family(mother=adult(), children=[tom]), *(family(mother=adult(), children=[c]) for c in others))
        mistyped = ed_discharged(tom, attendance_id="mistyped")
        said = [mistyped, update_of(mistyped, nth(1), attendance_id="right"), *(ed_discharged(c) for c in others)]
        said = said[: max(together, 2)]
        for at in range(0, len(said), together):
            await case.publish(*said[at : at + together], book=rule_book())
        assert await self._counted(case, tom) == 1
        await case.publish(update_of(mistyped, nth(2), attendance_id="mistyped"), book=rule_book())
        assert await self._counted(case, tom) == 2, "and the one that was counted above: it is said again"
        await case.publish(cancel_of(mistyped, nth(3)), book=rule_book())
        assert await self._counted(case, tom) == 2, "under neither name"

    @pytest.mark.parametrize("together", [True, False])
    @pytest.mark.parametrize("wrong", [0, 1])
    async def test_the_next_of_a_kind_that_two_records_tell_of_has_come_while_one_of_them_stands(
        self, case: Case, wrong: int, together: bool
    ) -> None:
        bea = child("Bea", age=2)
        await case.load(family(mother=adult(), children=[bea]))
        first = assessed(bea, completed_on="2025-09-30", time="2025-09-30T10:00:00+00:00")
        two = [assessed(bea, "review", completed_on="2026-03-16") for _ in range(2)]
        said = (first, *two, cancel_of(two[wrong]))
        for batch in (said,) if together else [(one,) for one in said]:
            await case.publish(*batch, by="lact", book=rule_book())

        async def reviews() -> list[tuple[str, str]]:
            """By when the next one after each is due, half a year on, and how that clock stands."""
            found = ((str(c.due.date()), c.state) for c in await case.clocks() if not c.delivery)
            return sorted(c for c in found if c[0] in ("2026-03-30", "2026-09-16"))

        assert await reviews() == [("2026-03-30", "met"), ("2026-09-16", "running"), ("2026-09-16", "stopped")]
        await case.publish(cancel_of(two[1 - wrong]), by="lact", book=rule_book())
        assert await reviews() == [("2026-03-30", "running"), ("2026-09-16", "stopped"), ("2026-09-16", "stopped")]

    # 'Not ours' of what stands no longer

    async def test_not_ours_of_what_was_cancelled_is_kept_and_nobody_is_looked_for(self, case: Case) -> None:
        said = await self._kept(case)
        await case.send_all()
        sent = await case.summary("hv-north")
        await case.publish(cancel_of(said))
        for _ in range(2):
            answers = await case.answer("hv-north", sent.id, "not-ours", id="1", redirect={"team": "hv-south"})
            assert [k.reroute for k in answers.kept] == [None]
        assert await case.open_tasks() == []
        assert await case.incidents() == [("wrong-place", sent.id, "hv-north")], "it did reach them"
        assert {d.team for d in await case.summaries()} == {"gp-castle", "hv-north", "pln"}
