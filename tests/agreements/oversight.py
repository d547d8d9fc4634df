"""Oversight and the chronicle: both ledgers count the same, and have the same of one child."""

from datetime import timedelta

from router.policy.book import rule_book
from tests.agreements.books import ACTED_BOOK
from tests.agreements.cases import Case
from tests.story_events import (
    address_changed,
    birth_notified,
    cancel_of,
    ed_discharged,
    maternity_handover,
    update_of,
    was_not_brought,
)
from tests.story_people import MORNING, adult, child, family, unborn
from tests.story_teams import BIRMINGHAM, SOUTH


class Oversight:
    """What a ledger counts for F30 and F31, and what it has of a child."""

    async def test_a_period_is_counted_from_told_to_filed_and_overdue(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom), b"{")
        await case.send_all()
        case.hands.advance(timedelta(days=1))
        first = ed_discharged(tom)
        await case.publish(first, ed_discharged(tom))
        await case.send_all()
        old, new, newest = await case.summaries("hv-north")
        await case.answer("hv-north", old.id, "acknowledged", id="1")
        await case.answer("hv-north", new.id, "collected", id="2", kind="system")
        await case.answer("hv-north", newest.id, "filed", id="3")
        await case.answer("pln", (await case.summaries("pln"))[0].id, "acted", id="4", record_ref="r-9")
        case.hands.advance(timedelta(hours=2))
        await case.answer("hv-north", new.id, "acknowledged", id="5")
        await case.publish(ed_discharged(tom))
        await case.fire(days=20)
        await case.fire(days=1)

        hv = {r.team: r for r in await case.recipients()}["hv-north"]
        assert (hv.told, hv.sent, hv.received, hv.acknowledged, hv.filed, hv.acted) == (4, 3, 3, 3, 1, 0)
        assert (hv.not_filed, hv.late, hv.overdue, hv.not_ours, hv.failed) == (2, 1, 1, 0, 0)
        assert hv.read_after == 7200, "the middle one of 0 hours, 2 hours and a day"
        pln = {r.team: r for r in await case.recipients()}["pln"]
        assert (pln.told, pln.acted, pln.filed) == (4, 1, 1)
        (ed,) = await case.publishers()
        assert (ed.publisher, ed.accepted, ed.refused, ed.unmended, ed.told, ed.sent) == ("ed", 4, 1, 1, 12, 9)
        assert (ed.received, ed.acknowledged, ed.filed, ed.overdue) == (4, 4, 2, 1)
        day = MORNING + timedelta(days=1)
        assert [(r.team, r.told) for r in await case.recipients(since=day)] == [
            ("gp-castle", 3), ("hv-north", 3), ("pln", 3),
        ]  # fmt: skip
        assert [(p.accepted, p.refused) for p in await case.publishers(until=day)] == [(1, 1)]
        assert await case.recipients(until=MORNING) == []
        assert await case.publishers(until=MORNING) == []

    async def test_what_is_acknowledged_waits_to_be_filed_until_it_is_filed_acted_upon_or_taken_back(
        self, case: Case
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        kept = ed_discharged(tom)
        await case.publish(kept, ed_discharged(tom), ed_discharged(tom))
        one, two, three = await case.summaries("hv-north")
        for n, each in enumerate((one, two, three)):
            await case.answer("hv-north", each.id, "acknowledged", id=str(n))
            case.hands.advance(timedelta(hours=1))
        waiting = await case.read_not_filed(case.hands.now)
        assert [(w.delivery, w.team, w.since) for w in waiting] == [
            (d.id, "hv-north", MORNING + timedelta(hours=n)) for n, d in enumerate((one, two, three))
        ]
        assert await case.read_not_filed(MORNING - timedelta(seconds=1)) == []
        assert await case.ledger.not_filed(MORNING + timedelta(minutes=90)) == [("hv-north", 2, MORNING)]
        await case.publish(cancel_of(kept))
        await case.answer("hv-north", two.id, "filed", id="7")
        await case.answer("hv-north", two.id, "acknowledged", id="8")
        assert [w.delivery for w in await case.read_not_filed(case.hands.now)] == [three.id]
        await case.answer("hv-north", three.id, "acted", id="9")
        assert await case.read_not_filed(case.hands.now) == []
        assert await case.ledger.not_filed(case.hands.now) == []

    async def test_one_alarm_a_team_is_open_at_a_time(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(ed_discharged(tom))
        await case.answer("hv-north", (await case.summary("hv-north")).id, "acknowledged", id="1")
        assert (await case.fire(days=20)).unfiled == 1
        assert (await case.fire(days=1)).unfiled == 0
        (task,) = [t for t in await case.open_tasks() if t.kind == "not-filed"]
        assert task.owner == "hv-lead"
        assert await case.close("task", task.id, "L. Lead", "Asked them.")
        assert (await case.fire(days=1)).unfiled == 1

    async def test_of_a_child_everything_is_there_with_its_facts_and_who_was_told(self, case: Case) -> None:
        tom, ann = child("Tom", age=3), child("Ann", age=9)
        await case.load(family(mother=adult(), children=[tom, ann]))
        first = ed_discharged(tom)
        await case.publish(first, ed_discharged(ann), book=ACTED_BOOK)
        await case.send_all()
        await case.publish(update_of(first), book=ACTED_BOOK)
        (newest,) = [d for d in await case.summaries("hv-north") if d.child == tom.id and d.state != "replaced"]
        await case.answer("hv-north", newest.id, "acknowledged", id="1", book=ACTED_BOOK)

        known = await case.chronicle(tom.id)

        assert known is not None
        assert known.doc == tom.doc
        assert [n.event.action for n in known.noted] == ["new", "update"]
        assert [n.facts.person(tom.id) for n in known.noted] == [tom.doc] * 2
        assert [set(n.told) for n in known.noted] == [
            {("hv-north", "replaced"), ("pln", "replaced")},
            {("hv-north", "acknowledged"), ("pln", "kept")},
        ]
        assert [(o.event_no, o.team) for o in known.owed] == [(known.noted[1].no, "pln")]
        promised = known.owed[0].due
        for _ in range(3):
            await case.fire(days=20)
        (late,) = (await case.chronicle(tom.id) or known).owed
        assert (late.state, late.due) == ("exhausted", promised)
        for task in [t for t in await case.open_tasks() if t.kind == "unanswered"]:
            assert await case.close("task", task.id, "N. Nurse", "Done.")
        assert (await case.chronicle(tom.id) or known).owed == ()
        assert await case.chronicle("00000000-0000-4000-8000-000000000000") is None

    async def test_clocks_pass_to_the_team_that_accepts_and_a_wait_for_one_that_moved_on_is_over(
        self, case: Case
    ) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(was_not_brought(tom, by="clinics"), by="clinics", book=rule_book())
        for area, hour in ((SOUTH, 10), ("E05009999", 11)):
            away = {"home_authority": BIRMINGHAM} if hour == 11 else {}
            moved = address_changed(tom, area, time=f"2026-03-16T{hour}:00:00+00:00", by="pds", **away)
            await case.publish(moved, by="pds", book=rule_book())
        before = {c.id: c for c in await case.clocks()}
        (first,) = await case.summaries("hv-birmingham")
        south = next(d for d in await case.summaries("hv-south"))
        old = next(d for d in await case.summaries("hv-north"))
        owed = next(c for c in before.values() if c.delivery == old.id)

        await case.answer("hv-birmingham", first.id, "collected", id="1", kind="system", book=rule_book())
        assert {c.id: c for c in await case.clocks()} == before, "a system accepts nothing"
        await case.answer("hv-birmingham", first.id, "acknowledged", id="2", book=rule_book())

        after = {c.id: c for c in await case.clocks()}
        assert (after[owed.id].delivery, after[owed.id].state) == (first.id, "running")
        assert (after[owed.id].due, after[owed.id].rung) == (owed.due, owed.rung)
        assert {(c.state, c.how) for c in after.values() if c.delivery == south.id} >= {("stopped", "handed on")}
        await case.answer("hv-birmingham", first.id, "acted", id="3", book=rule_book())
        assert {c.id: c for c in await case.clocks()}[owed.id].state == "met"

    async def test_what_a_team_took_over_runs_on_when_the_move_is_corrected_or_taken_back(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(was_not_brought(tom, by="clinics"), by="clinics", book=rule_book())
        owed = {c.id for c in await case.clocks() if c.state == "running"}
        moved = address_changed(tom, SOUTH, by="pds")
        await case.publish(moved, by="pds", book=rule_book())
        (letter,) = await case.summaries("hv-south")
        await case.answer("hv-south", letter.id, "acknowledged", id="1", book=rule_book())
        taken = {c.id for c in await case.clocks() if c.delivery == letter.id} & owed
        assert taken
        first = (await case.summaries("hv-north"))[0]
        for said in (update_of(moved), cancel_of(moved, "3")):
            await case.publish(said, by="pds", book=rule_book())
            found = {(c.state, c.delivery) for c in await case.clocks() if c.id in taken}
            assert found == {("running", first.id)}, "it is whose it was, until the newer letter is accepted"
            if said.event["eventaction"] == "update":  # and then it passes again
                again = (await case.summaries("hv-south"))[-1]
                await case.answer("hv-south", again.id, "acknowledged", id="2", book=rule_book())
                assert {c.delivery for c in await case.clocks() if c.id in taken} == {again.id}

    async def test_nobody_accepts_by_a_letter_that_stands_no_longer(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        await case.publish(was_not_brought(tom, by="clinics"), by="clinics", book=rule_book())
        before = {c.id: c.delivery for c in await case.clocks()}
        moved = address_changed(tom, SOUTH, by="pds")
        await case.publish(moved, by="pds", book=rule_book())
        (letter,) = await case.summaries("hv-south")
        await case.publish(cancel_of(moved), by="pds", book=rule_book())
        await case.answer("hv-south", letter.id, "acknowledged", id="1", book=rule_book())
        assert {c.id: c.delivery for c in await case.clocks() if c.id in before} == before

    async def test_what_was_owed_about_a_child_who_died_stops_and_what_tells_of_it_runs(self, case: Case) -> None:
        ada, bump = adult("Ada", age=18), unborn(weeks=38)
        await case.load(family(mother=ada, children=[bump]))
        handed = maternity_handover(ada, bump, by="midwives", first_time_mother="yes")
        await case.publish(handed, by="midwives", book=rule_book())
        before = {c.id for c in await case.clocks() if c.state == "running"}
        lost = [{"order": 1, "outcome": "stillbirth", "born_at": "2026-03-16T09:00:00+00:00"}]
        told = birth_notified(ada, babies=lost, by="midwives")
        await case.publish(told, by="midwives", book=rule_book())
        clocks = await case.clocks()
        assert before
        assert {(c.state, c.how) for c in clocks if c.id in before} == {("stopped", "the child died")}
        assert {c.state for c in clocks if c.id not in before} == {"running"}
