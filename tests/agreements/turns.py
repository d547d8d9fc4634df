"""Clocks that events turn without ending: paused and resumed, rated anew, answered by one of several, item by item."""

from datetime import datetime, timedelta

import pytest

from tests.agreements.books import ANSWERS_BOOK, EACH_BOOK, PAUSED_BOOK, RATED_BOOK
from tests.agreements.cases import Case, SeenClock
from tests.story_events import (
    Said,
    cancel_of,
    dart_notified,
    dart_outcome,
    ed_attendance,
    ed_discharged,
    event,
    left_before_treatment,
    paediatric_liaison_form,
    update_of,
)
from tests.story_people import Person, adult, child, family
from tests.story_teams import directory

SECOND = timedelta(seconds=1)


def london(text: str) -> datetime:
    """A moment of the story's week (the morning is Monday 16 March 2026; London keeps UTC until the 29th)."""
    return datetime.fromisoformat(f"2026-{text}:00+00:00")


class Turns:
    """What a ledger does with clocks that can be turned."""

    async def _came(self, case: Case) -> tuple[Person, Said]:
        """A child came on Monday at ten: a review is due by the next Monday at ten."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await self._at(case, "03-16T10:00")
        came = ed_attendance(tom)
        await case.publish(came, book=PAUSED_BOOK)
        assert (await self._clock(case)).due == london("03-23T10:00")
        return tom, came

    async def _at(self, case: Case, moment: str) -> None:
        case.hands.advance(london(moment) - case.hands.now)

    async def _clock(self, case: Case) -> SeenClock:
        (one,) = await case.clocks()
        return one

    async def _left(self, case: Case, tom: Person, came: Said) -> Said:
        gone = left_before_treatment(tom, attendance_id=came.data["attendance_id"], stage="before-assessment")
        await case.publish(gone, book=PAUSED_BOOK)
        return gone

    async def _back(self, case: Case, tom: Person, came: Said) -> Said:
        back = ed_discharged(tom, attendance_id=came.data["attendance_id"])
        await case.publish(back, book=PAUSED_BOOK)
        return back

    @pytest.mark.parametrize(
        ("paused", "resumed", "due"),
        [
            ("03-17T10:00", "03-19T10:00", "03-25T10:00"),  # two working days stood still
            ("03-20T16:00", "03-23T10:00", "03-23T19:00"),  # over a week-end: six hours of Friday's, none of it
            ("03-20T16:00", "03-21T12:00", "03-23T18:00"),  # on a Saturday: counted from Monday at nine
            ("03-17T11:00", "03-17T11:00", "03-23T10:00"),  # no time at all
            ("03-18T22:00", "03-19T08:00", "03-23T12:00"),  # the night counts to midnight, and again from nine
        ],
    )
    async def test_a_paused_clock_runs_on_with_the_working_time_that_was_left(
        self, case: Case, paused: str, resumed: str, due: str
    ) -> None:
        tom, came = await self._came(case)
        await self._at(case, paused)
        await self._left(case, tom, came)
        assert (await self._clock(case)).state == "paused"
        await self._at(case, resumed)
        await self._back(case, tom, came)
        assert (await self._clock(case)).due == london(due)
        case.hands.advance(london(due) - case.hands.now - SECOND)
        assert (await case.fire()).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 1
        clock = await self._clock(case)
        assert (clock.state, clock.rung) == ("running", 1)
        case.hands.advance(timedelta(days=3))
        assert (await case.fire()).rungs == 1, "the rung after it keeps its own term"

    async def test_no_rung_fires_while_it_is_paused(self, case: Case) -> None:
        tom, came = await self._came(case)
        await self._at(case, "03-23T09:59")
        await self._left(case, tom, came)
        assert (await case.fire(days=91)).rungs == 0
        await self._back(case, tom, came)
        assert (await case.fire(seconds=59)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 1

    async def test_the_reason_for_a_pause_is_kept_with_the_clock(self, case: Case) -> None:
        tom, came = await self._came(case)
        await self._at(case, "03-17T10:00")
        await self._left(case, tom, came)
        assert await case.turned() == [[("paused", london("03-17T10:00"), "before-assessment")]]
        await self._at(case, "03-19T10:00")
        await self._back(case, tom, came)
        assert await case.turned() == [
            [("paused", london("03-17T10:00"), "before-assessment"), ("resumed", london("03-19T10:00"), None)]
        ]

    async def test_another_child_or_another_thing_does_not_pause_it(self, case: Case) -> None:
        _, came = await self._came(case)
        ann = child("Ann", age=3)
        await case.load(family(mother=adult(), children=[ann]))
        await case.publish(left_before_treatment(ann, attendance_id=came.data["attendance_id"]), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "running"
        await case.publish(event("left-before-treatment-1", came.data["subjects"]), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "running"

    async def test_what_meets_it_meets_it_while_it_is_paused(self, case: Case) -> None:
        tom, came = await self._came(case)
        await self._left(case, tom, came)
        await case.publish(paediatric_liaison_form(tom, came), by="pln", book=PAUSED_BOOK)
        clock = await self._clock(case)
        assert (clock.state, clock.how) == ("met", "paediatric-liaison-form-1")

    async def test_a_pause_that_is_taken_back_took_no_time(self, case: Case) -> None:
        tom, came = await self._came(case)
        gone = await self._left(case, tom, came)
        await self._at(case, "03-18T10:00")
        another = left_before_treatment(tom, attendance_id=came.data["attendance_id"])
        await case.publish(another, cancel_of(another), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "paused", "that was not what had paused it"
        await case.publish(cancel_of(gone), book=PAUSED_BOOK)
        clock = await self._clock(case)
        assert (clock.state, clock.due) == ("running", london("03-23T10:00"))

    async def test_of_two_pauses_one_is_taken_back_and_it_is_paused_from_the_other(self, case: Case) -> None:
        tom, came = await self._came(case)
        await self._at(case, "03-17T10:00")
        first = await self._left(case, tom, came)
        await self._at(case, "03-18T10:00")
        second = await self._left(case, tom, came)
        await case.publish(cancel_of(first), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "paused"
        assert [[(what, at) for what, at, _ in one] for one in await case.turned()] == [
            [("paused", london("03-18T10:00"))]
        ]
        await self._at(case, "03-20T10:00")
        await self._back(case, tom, came)
        await case.publish(cancel_of(second), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "running", "what was resumed since is left alone"

    @pytest.mark.parametrize("wrong", [0, 1])
    async def test_of_two_pauses_before_what_they_pause_one_is_taken_back(self, case: Case, wrong: int) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        came = ed_attendance(tom, time="2026-03-16T10:00:00+00:00")
        await self._at(case, "03-16T11:00")
        two = [await self._left(case, tom, came) for _ in range(2)]
        await case.publish(came, book=PAUSED_BOOK)
        await case.publish(cancel_of(two[wrong]), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "paused"
        await case.publish(cancel_of(two[1 - wrong]), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "running"

    async def test_a_return_that_is_taken_back_leaves_it_paused(self, case: Case) -> None:
        tom, came = await self._came(case)
        await self._at(case, "03-17T10:00")
        await self._left(case, tom, came)
        await self._at(case, "03-18T10:00")
        back = await self._back(case, tom, came)
        await case.publish(cancel_of(back), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "paused"
        await self._at(case, "03-20T10:00")
        await self._back(case, tom, came)
        assert (await self._clock(case)).due == london("03-26T10:00")

    async def test_a_pause_that_came_before_what_it_pauses_holds(self, case: Case) -> None:
        """Disorder is normal: the event that starts the clock may be the last to come."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        came = ed_attendance(tom, time="2026-03-16T10:00:00+00:00")
        await self._at(case, "03-16T11:00")
        await self._left(case, tom, came)
        await case.publish(came, book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "paused"

    async def test_paused_in_the_batch_that_starts_it_it_is_paused_once(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        came = ed_attendance(tom)
        gone = left_before_treatment(tom, attendance_id=came.data["attendance_id"])
        await case.publish(came, gone, book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "paused"
        assert len((await case.turned())[0]) == 1

    async def test_a_replaced_event_stops_its_paused_clock(self, case: Case) -> None:
        tom, came = await self._came(case)
        await self._left(case, tom, came)
        await case.publish(cancel_of(came), book=PAUSED_BOOK)
        assert (await self._clock(case)).state == "stopped"

    # One of several asked

    async def _asked(self, case: Case, risk: str = "high") -> tuple[Person, Said]:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        asked = dart_notified(tom, risk_level=risk, by="nn")
        await case.publish(asked, book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "running", "nn-hospital": "running"}
        return tom, asked

    async def _of(self, case: Case) -> dict[str, str]:
        """Who was asked → how their clock stands."""
        teams = {d.id: d.team for d in await case.deliveries()}
        return {teams[c.delivery or ""]: c.state for c in await case.clocks()}

    async def test_an_answer_ends_the_clock_of_who_gave_it_and_nobody_elses(self, case: Case) -> None:
        _, asked = await self._asked(case)
        await case.publish(dart_outcome(asked, by="dart"), book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "met", "nn-hospital": "running"}
        await case.publish(dart_outcome(asked, by="nn"), book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "met", "nn-hospital": "met"}
        assert (await case.fire(days=30)).rungs == 0

    async def test_an_answer_about_something_else_is_none(self, case: Case) -> None:
        _, asked = await self._asked(case)
        await case.publish(dart_outcome(asked, by="dart", dart_ref="another"), book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "running", "nn-hospital": "running"}

    async def test_no_receipt_is_an_answer(self, case: Case) -> None:
        await self._asked(case)
        for n, d in enumerate(await case.summaries()):
            await case.answer(d.team, d.id, "acted", id=str(n))
        assert await self._of(case) == {"dart": "running", "nn-hospital": "running"}

    async def test_an_answer_that_is_taken_back_was_none(self, case: Case) -> None:
        _, asked = await self._asked(case)
        said = dart_outcome(asked, by="dart")
        await case.publish(said, dart_outcome(asked, by="nn"), book=ANSWERS_BOOK)
        await case.publish(cancel_of(said), book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "running", "nn-hospital": "met"}

    @pytest.mark.parametrize("together", [True, False])
    @pytest.mark.parametrize("wrong", [0, 1])
    async def test_of_two_answers_one_is_taken_back_and_the_other_is_one(
        self, case: Case, wrong: int, together: bool
    ) -> None:
        _, asked = await self._asked(case)
        two = [dart_outcome(asked, by="dart") for _ in range(2)]
        said = (*two, cancel_of(two[wrong]))
        for batch in (said,) if together else [(one,) for one in said]:
            await case.publish(*batch, book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "met", "nn-hospital": "running"}
        await case.publish(cancel_of(two[1 - wrong]), book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "running", "nn-hospital": "running"}

    async def test_an_answer_corrected_to_another_question_leaves_the_first_open(self, case: Case) -> None:
        _, asked = await self._asked(case)
        said = dart_outcome(asked, by="dart")
        await case.publish(said, book=ANSWERS_BOOK)
        await case.publish(update_of(said, dart_ref="another"), book=ANSWERS_BOOK)
        assert await self._of(case) == {"dart": "running", "nn-hospital": "running"}

    async def test_who_answered_before_being_asked_owes_nothing(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        asked = dart_notified(tom, by="nn")
        await case.publish(dart_outcome(asked, by="dart"), asked, book=ANSWERS_BOOK)
        assert await self._of(case) == {"nn-hospital": "running"}

    async def test_an_update_of_the_request_asks_only_those_who_have_not_answered(self, case: Case) -> None:
        _, asked = await self._asked(case)
        await case.publish(dart_outcome(asked, by="dart"), book=ANSWERS_BOOK)
        await case.publish(update_of(asked), book=ANSWERS_BOOK)
        running = [c for c in await case.clocks() if c.state == "running"]
        teams = {d.id: d.team for d in await case.deliveries()}
        assert [teams[c.delivery or ""] for c in running] == ["nn-hospital"]

    # A table of terms, and rating anew

    @pytest.mark.parametrize(("risk", "hours"), [("high", 4), ("medium", 24), ("low", 72)])
    async def test_the_term_is_by_what_the_event_says(self, case: Case, risk: str, hours: int) -> None:
        await self._asked(case, risk)
        assert (await case.fire(hours=hours, seconds=-1)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 2

    async def test_an_organisation_has_a_table_of_its_own(self, case: Case) -> None:
        tom = child("Tom", age=3)
        own = {"organisation": "RNA", "flow": "F09", "rating": "high", "from": "2026-01-01"}
        own |= {"within": {"count": 2, "unit": "hours"}}
        await case.load(family(mother=adult(), children=[tom]), teams={**directory(), "terms": [own]})
        await case.publish(
            dart_notified(tom, risk_level="high", by="nn"), dart_notified(tom, risk_level="medium", by="nn"),
            dart_notified(tom, risk_level="high", by="dart"), book=ANSWERS_BOOK,
        )  # fmt: skip
        dues = sorted(c.due - case.hands.now for c in await case.clocks())
        assert dues == [timedelta(hours=h) for h in (2, 2, 4, 4, 24, 24)]

    async def _rated(self, case: Case, risk: str = "medium") -> tuple[Person, Said, datetime]:
        tom, ann = child("Tom", age=3), child("Ann", age=3)
        await case.load(family(mother=adult(), children=[tom, ann]))
        said = dart_notified([tom], risk_level=risk)
        await case.publish(said, dart_notified(ann, risk_level=risk), by="dart", book=RATED_BOOK)
        return tom, said, case.hands.now

    async def _rate(self, case: Case, said: Said, risk: str) -> Said:
        anew = dart_outcome(said, risk_level=risk)
        await case.publish(anew, by="dart", book=RATED_BOOK)
        return anew

    async def _dues(self, case: Case, said: Said) -> list[datetime]:
        mine = {d.id for d in await case.deliveries() if d.event == said.id}
        return [c.due for c in await case.clocks() if c.delivery in mine]

    async def test_a_worse_rating_shortens_every_open_clock_at_once_and_no_other_things(self, case: Case) -> None:
        _, said, start = await self._rated(case)
        case.hands.advance(timedelta(hours=1))
        await self._rate(case, said, "high")
        assert await self._dues(case, said) == [start + timedelta(hours=5)] * 2
        assert {c.due for c in await case.clocks()} == {start + timedelta(hours=5), start + timedelta(hours=24)}
        assert (await case.fire(hours=4, seconds=-1)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 2
        assert (await case.fire(days=1)).rungs >= 2, "the ladder follows"

    async def test_a_better_rating_gives_the_time_it_would_have_had_from_the_start(self, case: Case) -> None:
        _, said, start = await self._rated(case, "high")
        case.hands.advance(timedelta(hours=3))
        await self._rate(case, said, "low")
        assert await self._dues(case, said) == [start + timedelta(hours=72)] * 2

    @pytest.mark.parametrize(("after", "due"), [(19, 23), (20, 24), (21, 24)])
    async def test_no_rating_gives_longer_than_there_was_by_being_worse(self, case: Case, after: int, due: int) -> None:
        _, said, start = await self._rated(case)
        case.hands.advance(timedelta(hours=after))
        await self._rate(case, said, "high")
        assert await self._dues(case, said) == [start + timedelta(hours=due)] * 2

    async def test_who_has_answered_is_not_asked_again_by_a_rating(self, case: Case) -> None:
        _, said, start = await self._rated(case)
        seen = [d for d in await case.summaries() if d.event == said.id]
        await case.answer(seen[0].team, seen[0].id, "acknowledged", id="1")
        case.hands.advance(timedelta(hours=1))
        await self._rate(case, said, "high")
        states = {c.delivery: (c.state, c.due) for c in await case.clocks()}
        assert states[seen[0].id] == ("met", start + timedelta(hours=24))
        assert states[seen[1].id] == ("running", start + timedelta(hours=5))

    async def test_a_rating_that_is_taken_back_never_was(self, case: Case) -> None:
        _, said, start = await self._rated(case)
        case.hands.advance(timedelta(hours=1))
        anew = await self._rate(case, said, "high")
        await case.publish(cancel_of(anew), by="dart", book=RATED_BOOK)
        assert await self._dues(case, said) == [start + timedelta(hours=24)] * 2

    async def test_a_rating_that_came_before_the_request_counts(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        start = case.hands.now
        said = dart_notified(tom, risk_level="medium", time=start.isoformat())
        case.hands.advance(timedelta(hours=1))
        await self._rate(case, said, "high")
        await case.publish(said, by="dart", book=RATED_BOOK)
        assert {c.due for c in await case.clocks()} == {start + timedelta(hours=5)}

    async def _late(self, case: Case) -> tuple[Said, datetime]:
        """Nobody has seen it on Tuesday at nine, and the leads hear; they have until Wednesday at nine."""
        _, said, start = await self._rated(case)
        case.hands.advance(timedelta(hours=24))
        assert (await case.fire()).rungs == 4
        assert await self._dues(case, said) == [start + timedelta(hours=48)] * 2
        return said, start

    async def test_a_worse_rating_after_the_first_rung_shortens_the_next_and_no_rung_fires_twice(
        self, case: Case
    ) -> None:
        said, start = await self._late(case)
        case.hands.advance(timedelta(hours=1))
        await self._rate(case, said, "high")
        assert await self._dues(case, said) == [start + timedelta(hours=29)] * 2
        assert (await case.fire(hours=4, seconds=-1)).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 2
        await case.fire(days=9)
        mine = {d.id for d in await case.deliveries() if d.event == said.id}
        rang = {c.rang for c in await case.clocks() if c.delivery in mine}
        assert rang == {("hv-lead", "nn-community"), ("sn-lead", "nn-community")}
        assert [t.kind for t in await case.open_tasks()] == ["unanswered"] * 4, "two of his, two of hers"

    async def test_a_better_rating_after_the_first_rung_gives_nobody_more_time(self, case: Case) -> None:
        said, start = await self._late(case)
        await self._rate(case, said, "low")
        assert await self._dues(case, said) == [start + timedelta(hours=48)] * 2

    async def test_a_rating_that_comes_late_counts_from_when_the_rung_before_was_due(self, case: Case) -> None:
        said, start = await self._late(case)
        case.hands.advance(timedelta(hours=1))
        anew = dart_outcome(said, risk_level="high", time=(start + timedelta(hours=2)).isoformat())
        await case.publish(anew, by="dart", book=RATED_BOOK)
        assert await self._dues(case, said) == [start + timedelta(hours=28)] * 2

    async def test_after_the_last_rung_a_rating_begins_nothing_anew_and_the_task_stays(self, case: Case) -> None:
        said, _ = await self._late(case)
        await case.fire(days=1)
        before, tasks = await case.clocks(), await case.open_tasks()
        assert {c.state for c in before} == {"exhausted"}
        await self._rate(case, said, "high")
        assert (await case.clocks(), await case.open_tasks()) == (before, tasks)
        assert (await case.fire(days=9)).rungs == 0

    async def test_a_rating_taken_back_after_a_rung_fired_leaves_the_next_its_own_time(self, case: Case) -> None:
        _, said, start = await self._rated(case)
        case.hands.advance(timedelta(hours=1))
        anew = await self._rate(case, said, "high")
        assert (await case.fire(hours=4)).rungs == 2
        await case.publish(cancel_of(anew), by="dart", book=RATED_BOOK)
        assert await self._dues(case, said) == [start + timedelta(hours=48)] * 2

    # Item by item

    async def _agreed(self, case: Case, *actions: dict[str, str | None]) -> Said:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = dart_outcome(dart_notified(tom), actions=list(actions))
        await case.publish(said, by="dart", book=EACH_BOOK)
        return said

    async def test_each_item_is_its_owners_and_due_when_its_own_day_is_over(self, case: Case) -> None:
        await self._agreed(
            case,
            {"what": "Visit", "owner": "HV", "by": "2026-03-18"},
            {"what": "Weigh", "owner": "HV", "by": "2026-03-31"},
            {"what": "See the mother", "owner": "GP", "by": "2026-03-18"},
            {"what": "Ring", "owner": "GP"},
        )
        teams = {d.id: d.team for d in await case.deliveries()}
        due = sorted((teams[c.delivery or ""], c.due) for c in await case.clocks())
        assert due == [
            ("gp-castle", london("03-18T17:00")),
            ("gp-castle", datetime.fromisoformat("2026-03-30T09:00:00+01:00")),
            ("hv-north", london("03-18T17:00")),
            ("hv-north", datetime.fromisoformat("2026-03-31T17:00:00+01:00")),
        ]
        case.hands.advance(london("03-18T17:00") - case.hands.now - SECOND)
        assert (await case.fire()).rungs == 0
        assert (await case.fire(seconds=1)).rungs == 2

    async def test_an_item_nobody_was_told_of_is_chased_with_who_agreed_it(self, case: Case) -> None:
        await self._agreed(case, {"what": "See him", "owner": "CAMHS", "by": "2026-03-18"})
        (clock,) = await case.clocks()
        assert clock.delivery is None
        case.hands.advance(london("03-18T17:00") - case.hands.now)
        await case.fire()
        assert (await self._clock(case)).rang == ("nn-community",), "the lead of the team that published it"

    async def test_acted_by_its_owner_ends_it_and_by_another_does_not(self, case: Case) -> None:
        await self._agreed(case, {"what": "Visit", "owner": "HV", "by": "2026-03-18"}, {"what": "Ring", "owner": "GP"})
        await case.answer("hv-north", (await case.summary("hv-north")).id, "acknowledged", id="1")
        assert [c.state for c in await case.clocks()] == ["running", "running"]
        await case.answer("hv-north", (await case.summary("hv-north")).id, "acted", id="2")
        teams = {d.id: d.team for d in await case.deliveries()}
        assert {teams[c.delivery or ""]: c.state for c in await case.clocks()} == {
            "hv-north": "met", "gp-castle": "running",
        }  # fmt: skip

    async def test_an_update_in_which_an_item_is_done_or_gone_ends_it(self, case: Case) -> None:
        visit = {"what": "Visit", "owner": "HV", "by": "2026-03-18", "id": "a1"}
        weigh = {"what": "Weigh", "owner": "HV", "by": "2026-03-19", "id": "a2"}
        ring = {"what": "Ring", "owner": "GP", "by": "2026-03-20", "id": "a3"}
        said = await self._agreed(case, visit, weigh, ring)
        await case.publish(update_of(said, actions=[{**visit, "state": "done"}, ring]), by="dart", book=EACH_BOOK)
        running = [c.due for c in await case.clocks() if c.state == "running"]
        assert running == [london("03-20T17:00")]
