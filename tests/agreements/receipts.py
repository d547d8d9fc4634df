"""Receipts: each kept once, in any order; only a person's ends a clock; 'not ours' finds the right team."""

from datetime import timedelta

import pytest

from router.ledger import ReceiptIn
from router.policy.book import rule_book
from tests.agreements.books import ACTED_BOOK, REPEATS_BOOK, TAKEN_BOOK
from tests.agreements.cases import Case, SeenDelivery
from tests.story_events import Said, address_changed, ed_discharged, update_of, was_not_brought
from tests.story_meeting_events import action, liaison_outcome
from tests.story_people import Json, Person, adult, child, family
from tests.story_teams import OUTSIDE, SOUTH, directory


class Receipts:
    """What a ledger does with what recipients answer."""

    async def test_receipts_come_in_any_order_and_the_state_is_the_highest_that_was_said(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        await case.send_all()
        sent = await case.summary("hv-north")
        assert sent.state == "sent"
        for n, (state, then) in enumerate(
            [("matched", "matched"), ("collected", "matched"), ("filed", "filed"), ("acknowledged", "filed")]
        ):
            answers = await case.answer("hv-north", sent.id, state, id=str(n))
            assert [k.answer for k in answers.kept] == ["kept"]
            assert (await case.summary("hv-north")).state == then

    async def test_a_receipt_twice_has_one_effect(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        await case.send_all()
        sent = await case.summary("hv-north")
        first = case.receipt("hv-north", sent.id, "acknowledged", id="1")
        await case.answer("", "", "", id="0", again=first)
        before = await case.everything()
        twice = await case.answer("", "", "", id="0", again=first)
        assert [k.answer for k in twice.kept] == ["seen"]
        assert await case.everything() == before

    async def test_a_person_ends_the_clock_and_a_system_does_not(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        for n, state in enumerate(("collected", "validated", "matched")):
            await case.answer("hv-north", sent.id, state, id=str(n), kind="system")
        assert (await case.clock_of(sent)).state == "running"
        await case.answer("hv-north", sent.id, "matched", id="7", kind="person")
        assert (await case.clock_of(sent)).state == "running", "a person may match, and has not said to have seen it"
        await case.answer("hv-north", sent.id, "acknowledged", id="8")
        clock = await case.clock_of(sent)
        assert (clock.state, clock.how) == ("met", "acknowledged")

    async def test_who_looked_and_declined_has_seen_it_and_has_done_nothing(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), book=ACTED_BOOK)
        seen, owed = await case.summary("hv-north"), await case.summary("pln")
        for n, sent in enumerate((seen, owed)):
            await case.answer(sent.team, sent.id, "acted", id=str(n), outcome="declined", note="Not for us.")
        assert (await case.clock_of(seen)).state == "met"
        assert (await case.clock_of(owed)).state == "running", "somebody has still to do it"

    async def test_whoever_was_told_may_take_it_on_for_that_child_alone(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=1)
        await case.load(family(mother=adult(), children=[tom, ann]))
        first, second = ed_discharged(tom, subjects=[tom.subject(), ann.subject()]), ed_discharged(tom)
        await case.publish(first, second, book=TAKEN_BOOK)

        async def sent(team: str, said: Said, who: Person) -> SeenDelivery:
            (one,) = [d for d in await case.summaries(team) if (d.event, d.child) == (said.id, who.id)]
            return one

        asked, other = await sent("pln", first, tom), await sent("hv-north", first, tom)
        await case.answer("hv-north", other.id, "acted", id="1", outcome="seen")
        assert (await case.clock_of(asked)).state == "running", "seen is not taken on"
        await case.answer("hv-north", other.id, "acted", id="2", outcome="accepted")
        assert ((await case.clock_of(asked)).state, (await case.clock_of(asked)).how) == ("met", "acted")
        for still in (await sent("pln", first, ann), await sent("pln", second, tom)):
            assert (await case.clock_of(still)).state == "running"

    async def test_a_decline_makes_the_next_hear_at_once_and_an_acceptance_may_still_come(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), book=TAKEN_BOOK)
        asked, other = await case.summary("pln"), await case.summary("hv-north")
        before = await case.clock_of(other)
        await case.answer("hv-north", other.id, "acted", id="1", outcome="declined", note="Not ours to take.")
        assert (await case.clock_of(asked)).due > case.hands.now, "who was not asked first declines for itself"
        await case.answer("pln", asked.id, "acted", id="2", outcome="declined", note="Not for us.")
        assert ((await case.clock_of(asked)).state, (await case.clock_of(asked)).due) == ("running", case.hands.now)
        assert before.due == (await case.clock_of(other)).due
        await case.answer("hv-north", other.id, "acted", id="3", outcome="accepted")
        assert (await case.clock_of(asked)).state == "met"

    async def test_who_had_accepted_and_declines_after_all_has_not_taken_it_on(self, case: Case) -> None:
        """Before: the acceptance had ended the clock, and nobody heard that nobody has it."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), book=TAKEN_BOOK)
        asked, other = await case.summary("pln"), await case.summary("hv-north")
        for n, one in enumerate((asked, other)):
            await case.answer(one.team, one.id, "acted", id=str(n), outcome="accepted")
        case.hands.advance(timedelta(hours=1))
        await case.answer("pln", asked.id, "acted", id="2", outcome="declined")
        assert (await case.clock_of(asked)).state == "met", "another team has it"
        await case.answer("hv-north", other.id, "acted", id="3", outcome="declined")
        assert ((await case.clock_of(asked)).state, (await case.clock_of(asked)).due) == ("running", case.hands.now)
        assert (await case.clock_of(other)).state == "met", "it was seen"
        ahead = (case.hands.now + timedelta(minutes=5)).isoformat()
        await case.answer("pln", asked.id, "acted", id="4", outcome="accepted", at=ahead)
        assert (await case.clock_of(asked)).state == "met"
        case.hands.advance(timedelta(minutes=1))
        await case.answer("pln", asked.id, "acted", id="5", outcome="declined")
        assert (await case.clock_of(asked)).state == "running", "it had accepted by a clock that was ahead"

    @pytest.mark.parametrize(("between", "then"), [((), "running"), (("contact-made",), "met")])
    async def test_what_only_an_acceptance_had_met_is_to_be_done_again_once_it_is_declined(
        self, case: Case, between: tuple[str, ...], then: str
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), book=ACTED_BOOK)
        asked = await case.summary("pln")
        due = (await case.clock_of(asked)).due
        for n, outcome in enumerate(("accepted", *between, "declined")):
            await case.answer("pln", asked.id, "acted", id=str(n), outcome=outcome)
        assert ((await case.clock_of(asked)).state, (await case.clock_of(asked)).due) == (then, due)

    async def test_no_clock_is_ended_by_a_machine_whatever_it_says(self, case: Case) -> None:
        """Its contract refuses such a receipt; the ledger does not rely on it."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        machine = ReceiptIn(
            "00000000-0000-4000-8000-000000000001", "hv-north", sent.id, "acknowledged", case.hands.now,
            "Records", "system", "RYW", "system",
        )  # fmt: skip
        await case.ledger.keep_receipts([machine], ())
        assert (await case.clock_of(sent)).state == "running"

    async def test_deciding_again_an_event_is_not_its_own_past(self, case: Case) -> None:
        """Or the first attendance would count as a repeated one, and somebody be told who must not be."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), book=REPEATS_BOOK)
        first = await case.summary("hv-north")
        await case.answer("hv-north", first.id, "not-ours", id="1", book=REPEATS_BOOK, redirect={"team": "hv-south"})
        assert {d.team for d in await case.summaries()} == {"hv-north", "hv-south"}
        await case.publish(ed_discharged(tom), book=REPEATS_BOOK)
        assert "mash" in {d.team for d in await case.summaries()}, "the second is a repeated one"

    async def test_a_receipt_ends_its_own_deliverys_clock_and_no_other(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), ed_discharged(tom))
        first, second = await case.summaries("hv-north")
        await case.answer("hv-north", second.id, "acknowledged", id="1")
        assert (await case.clock_of(first)).state == "running"
        assert (await case.clock_of(second)).state == "met"

    async def test_an_answer_to_nothing_or_to_somebody_elses_changes_nothing_and_is_an_incident(
        self, case: Case
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        nothing = "11111111-1111-4111-8111-111111111111"
        for n, (team, delivery, said) in enumerate(
            [("hv-north", nothing, "unknown-delivery"), ("hv-south", sent.id, "not-your-delivery")]
        ):
            for _ in range(2):
                answers = await case.answer(team, delivery, "acknowledged", id=str(n))
                assert [k.answer for k in answers.kept] == [said]
        assert (await case.clock_of(sent)).state == "running"
        assert (await case.summary("hv-north")).state == "kept"
        assert await case.incidents() == [
            ("unknown-delivery", nothing, "hv-north"),
            ("not-your-delivery", sent.id, "hv-south"),
        ]

    async def test_one_action_done_leaves_the_others_owed_and_one_that_was_not_asked_is_an_incident(
        self, case: Case
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        agreed = [action(id, "HV", by=f"2026-03-{day}") for id, day in (("a-1", 20), ("a-2", 23), ("a-2", 24))]
        await case.publish(liaison_outcome(tom, *agreed), book=rule_book())
        sent = await case.summary("hv-north")
        acted = {"outcome": "contact-made"}

        async def owed() -> list[int]:
            running = [c for c in await case.clocks() if c.delivery == sent.id and c.state == "running"]
            return sorted(c.due.day for c in running if c.due.day in (20, 23, 24))

        await case.answer("hv-north", sent.id, "acted", id="1", action="a-9", **acted)
        assert await case.incidents() == [("no-such-action", sent.id, "hv-north")]
        assert await owed() == [20, 23, 24]
        await case.answer("hv-north", sent.id, "acted", id="2", action="a-1", **acted)
        assert await owed() == [23, 24]
        await case.answer("hv-north", sent.id, "acted", id="3", action="a-2", **acted)
        assert await owed() == []
        await case.answer("hv-north", sent.id, "acted", id="4", action="a-2", **acted)
        assert len(await case.incidents()) == 1, "said of what is done already"

    async def test_a_refused_receipt_is_kept_with_an_owner(self, case: Case) -> None:
        await case.load()
        bad = case.receipt("hv-north", "11111111-1111-4111-8111-111111111111", "acted", id="1", outcome=None)
        answers = await case.answer("", "", "", id="0", again=bad)
        assert len(answers.refused) == 1
        (refusal,) = await case.refusals()
        assert (refusal.publisher, refusal.state) == ("hv-north", "open")
        assert [c.task for c in await case.clocks()] == [refusal.id]

    async def test_not_ours_goes_to_the_team_it_names_and_never_again_to_the_one_that_said_so(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        await case.publish(said)
        await case.send_all()
        sent = await case.summary("hv-north")

        await case.answer("hv-north", sent.id, "not-ours", id="1", redirect={"team": "hv-south"})

        assert (await case.summary("hv-north")).state == "not-ours"
        assert (await case.clock_of(sent)).state == "stopped"
        assert await case.incidents() == [("wrong-place", sent.id, "hv-north")]
        new = await case.summary("hv-south")
        assert (new.event, new.because, new.state) == (said.id, "not-ours", "kept")
        assert (await case.clock_of(new)).state == "running"
        assert {d.team for d in await case.summaries()} == {"gp-castle", "hv-north", "hv-south", "pln"}
        assert await case.open_tasks() == []
        file = await case.file(tom)
        assert (file["not_ours"], file["redirected"]) == (["hv-north"], {"HV": "hv-south"})
        taken = await case.publish(ed_discharged(tom))
        assert {d.team for d in taken.accepted[0].plan.deliveries} == {"gp-castle", "hv-south", "pln"}

    async def test_not_ours_finds_the_right_team_though_the_publisher_has_left_the_directory(self, case: Case) -> None:
        """A trust that merged since: what it sent is still somebody's, and no answer to it is refused."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        known = directory()
        await case.load(teams={**known, "publishers": [p for p in known["publishers"] if p["id"] != "ed"]})

        answers = await case.answer("hv-north", sent.id, "not-ours", id="1", redirect={"team": "hv-south"})

        assert answers.refused == []
        assert (await case.clock_of(await case.summary("hv-south"))).state == "running"
        assert "ed" not in (await case.cover()).publishers, "nor does that bring it back"

    @pytest.mark.parametrize("hint", ["hv-south", None])
    async def test_not_ours_twice_has_one_effect(self, case: Case, hint: str | None) -> None:
        """The first may have ended between its two transactions, so the second goes the whole way again."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        hints: Json = {"redirect": {"team": hint}} if hint else {}
        first = case.receipt("hv-north", sent.id, "not-ours", id="1", **hints)
        await case.answer("", "", "", id="0", again=first)
        before, file = await case.everything(), await case.file(tom)
        await case.answer("", "", "", id="0", again=first)
        assert await case.everything() == before
        assert await case.file(tom) == file

    async def test_not_ours_is_seen_to_though_its_router_ended_after_the_receipt_was_kept(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        answer = case.receipt("hv-north", sent.id, "not-ours", id="1", redirect={"team": "hv-south"})
        await case.end_after("after_receipts_commit", answer)
        assert await case.summaries("hv-south") == []
        await case.answer("", "", "", id="0", again=answer)
        assert len(await case.summaries("hv-south")) == 1

    async def test_not_ours_with_nobody_else_to_tell_is_a_persons_task_with_a_clock(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        await case.answer("hv-north", (await case.summary("hv-north")).id, "not-ours", id="1")
        (task,) = await case.open_tasks()
        assert (task.kind, task.owner) == ("not-ours", "desk")
        assert [c.state for c in await case.clocks() if c.task == task.id] == ["running"]
        assert len(await case.summaries()) == 3
        await case.decide_again(task.id, team="hv-south")
        assert (await case.clock_of(await case.summary("hv-south"))).state == "running", "a person knew whose it is"

    async def test_of_two_health_visiting_teams_one_says_not_ours_and_the_other_has_it(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom], practice=OUTSIDE))
        await case.publish(ed_discharged(tom))
        outside = await case.summary("hv-birmingham")
        await case.answer("hv-birmingham", outside.id, "not-ours", id="1")
        assert (await case.summary("hv-north")).state == "kept"
        assert await case.open_tasks() == []
        assert len(await case.summaries()) == 4

    async def test_not_ours_of_a_replaced_summary_sends_nothing_old_to_anybody(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        first = ed_discharged(tom, diagnosis="Sprain")
        await case.publish(first)
        old = await case.summary("hv-north")
        second = update_of(first, diagnosis="Fracture")
        await case.publish(second)
        await case.answer("hv-north", old.id, "not-ours", id="1", redirect={"team": "hv-south"})
        assert {d.event for d in await case.summaries("hv-south")} <= {second.id}

    async def test_not_ours_of_an_escalation_reroutes_nothing(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        await case.fire(days=2)
        (alert,) = [d for d in await case.deliveries() if d.kind == "escalation"]
        answers = await case.answer("hv-lead", alert.id, "not-ours", id="1")
        assert [k.reroute for k in answers.kept] == [None]
        assert len(await case.summaries()) == 3

    async def test_a_system_that_could_not_take_it_is_an_incident_and_the_clock_runs_on(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        await case.send_all()
        sent = await case.summary("hv-north")
        await case.answer("hv-north", sent.id, "failed", id="1", kind="system")
        assert (await case.summary("hv-north")).state == "failed"
        assert (await case.clock_of(sent)).state == "running"
        assert await case.incidents() == [("failed", sent.id, "hv-north")]
        await case.answer("hv-north", sent.id, "acknowledged", id="2")
        assert (await case.summary("hv-north")).state == "acknowledged", "a person has seen it after all"

    async def test_who_accepted_a_child_and_then_says_not_ours_gives_back_what_it_took_over(self, case: Case) -> None:
        """Before: the clocks that had passed stopped with the letter, and nobody had done what they waited for."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        missed, moved = was_not_brought(tom, by="clinics"), address_changed(tom, SOUTH, by="pds")
        await case.publish(missed, moved, book=rule_book())
        first, letter = (await case.summaries("hv-north"))[0], await case.summary("hv-south")
        await case.answer("hv-south", letter.id, "acknowledged", id="1", book=rule_book())
        owed = [c for c in await case.clocks() if c.delivery == letter.id and c.state == "running"]
        assert owed, "what the team before owed is the new team's"
        await case.answer("hv-south", letter.id, "not-ours", id="2", book=rule_book())
        now = {c.id: c for c in await case.clocks()}
        assert [(now[c.id].state, now[c.id].delivery, now[c.id].due) for c in owed] == [
            ("running", first.id, c.due) for c in owed
        ]
        assert [t.kind for t in await case.open_tasks()] == ["not-ours"]

    @pytest.mark.parametrize("said", ["not-ours", "nobody-found"])
    async def test_a_child_handed_on_to_the_team_that_a_person_names_is_handed_on_to_it(
        self, case: Case, said: str
    ) -> None:
        """Before: that team read that the child 'stays yours', and what was owed never passed to it."""
        tom, book = child("Tom", age=3), rule_book()
        await case.load(family(mother=adult(), children=[tom]))
        to = SOUTH if said == "not-ours" else None
        await case.publish(was_not_brought(tom, by="clinics"), address_changed(tom, to, by="pds"), book=book)
        if said == "not-ours":
            letter = await case.summary("hv-south")
            await case.answer("hv-south", letter.id, "not-ours", id="1", book=book, redirect={"team": "hv-birmingham"})
        else:
            (task,) = [t for t in await case.open_tasks() if t.kind == "nobody-found"]
            await case.decide_again(task.id, team="hv-birmingham", book=book)
        new = await case.summary("hv-birmingham")
        await case.send_all()
        (read,) = case.inboxes.of("summary", "hv-birmingham")
        assert any("Accept the child." in ask for ask in read.asks)
        assert await case.open_tasks() == []
        await case.answer("hv-birmingham", new.id, "acted", id="2", book=book, outcome="declined")
        assert (await case.clock_of(new)).state == "running", "who declines a child has not accepted it"
        await case.answer("hv-birmingham", new.id, "acknowledged", id="3", book=book)
        assert sorted(c.state for c in await case.clocks() if c.delivery == new.id) == ["met", "running"]

    @pytest.mark.parametrize("then", ["acknowledged", "not-ours"])
    async def test_another_answer_under_an_id_that_was_used_is_taken_too_and_once(self, case: Case, then: str) -> None:
        """A program that numbers its receipts anew: before, what it said was taken for said, and lost."""
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        sent = await case.summary("hv-north")
        await case.answer("hv-north", sent.id, "collected", id="1", kind="system")
        hints: Json = {"redirect": {"team": "hv-south"}} if then == "not-ours" else {}
        for said in ("kept", "seen"):
            answers = await case.answer("hv-north", sent.id, then, id="1", **hints)
            assert [k.answer for k in answers.kept] == [said]
        assert (await case.clock_of(sent)).state == ("met" if then == "acknowledged" else "stopped")
        assert (await case.summary("hv-north")).state == then
        assert len(await case.summaries("hv-south")) == (then == "not-ours")
        again = await case.answer("hv-north", sent.id, "collected", id="1", kind="system")
        assert [k.answer for k in again.kept] == ["seen"]
