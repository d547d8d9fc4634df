"""Asking whoever holds something: who has sent or received is read with the facts, and what came back is one view."""

from datetime import UTC, datetime, timedelta

from router.asked import board
from router.policy.book import rule_book
from router.take import take_in
from tests.agreements.cases import Case
from tests.story_events import Said, cancel_of, dart_notified, ed_discharged, flag_changed, update_of
from tests.story_mash_events import BARE, mash_rag_changed, mash_request, mash_response
from tests.story_people import Person, adult, child, family

LIVE = rule_book()


class Asking:
    """What a ledger knows for a request, and shows of one."""

    async def _people(self, case: Case) -> tuple[Person, Person]:
        tom, ann = child("Tom", age=7), child("Ann", age=3)
        await case.load(family(mother=adult(), children=[tom, ann]))
        return tom, ann

    async def _involved(self, case: Case, request: Said) -> dict[str, list[tuple[str, str, str]]]:
        """Who is involved, as the facts of the request have it."""
        taken = await take_in(case.records(request, by="mash"), case.ledger, LIVE)
        facts = taken.accepted[0].facts
        again = type(facts).restore(facts.snapshot(), facts.cover, facts.families)
        assert again.involved == facts.involved, "they are kept with the event"
        return {pid: sorted(tuple(i) for i in some) for pid, some in facts.involved.items()}

    async def test_who_sent_and_who_was_sent_anything_is_among_the_facts(self, case: Case) -> None:
        tom, ann = await self._people(case)
        day = case.hands.now.date().isoformat()
        await case.publish(ed_discharged(tom), book=LIVE)
        case.hands.advance(timedelta(days=2))
        later = case.hands.now.date().isoformat()
        await case.publish(flag_changed(ann, "cse-risk"), by="ypse", book=LIVE)
        found = await self._involved(case, mash_request(tom))
        assert ("emergency", "sent", day) in found[tom.id]
        assert {(t, how, on) for t, how, on in found[tom.id] if how == "received"} == {
            ("gp-castle", "received", day), ("pln", "received", day), ("sn-north", "received", day),
        }  # fmt: skip
        assert ("exploitation-panel", "sent", later) in found[ann.id]
        assert ("hv-north", "received", later) in found[ann.id]

    async def test_the_day_that_somebody_was_last_involved_is_londons(self, case: Case) -> None:
        tom, _ = await self._people(case)
        case.hands.now = datetime(2026, 7, 14, 23, 0, tzinfo=UTC)  # midnight in London
        await case.publish(ed_discharged(tom), book=LIVE)
        found = await self._involved(case, mash_request(tom))
        assert {on for _, _, on in found[tom.id]} == {"2026-07-15"}

    async def test_what_was_taken_back_or_was_not_theirs_is_not(self, case: Case) -> None:
        tom, ann = await self._people(case)
        wrong, theirs = ed_discharged(tom), ed_discharged(ann)
        await case.publish(wrong, theirs, book=LIVE)
        await case.publish(cancel_of(wrong), book=LIVE)
        (sent,) = [d for d in await case.summaries("pln") if d.child == ann.id]
        await case.answer("pln", sent.id, "not-ours", id="1", book=LIVE)
        found = await self._involved(case, mash_request(tom))
        assert tom.id not in found
        assert {t for t, _, _ in found[ann.id]} == {"emergency", "gp-castle", "hv-north"}

    async def test_a_question_and_its_answer_are_no_involvement(self, case: Case) -> None:
        tom, _ = await self._people(case)
        first = mash_request(tom)
        await case.publish(first, by="mash", book=LIVE)
        await case.publish(mash_response(first, "gp-castle", "gp"), book=LIVE)
        assert await self._involved(case, mash_request(tom)) == {}

    async def test_nothing_is_read_for_events_that_do_not_ask(self, case: Case) -> None:
        tom, _ = await self._people(case)
        await case.publish(ed_discharged(tom), book=LIVE)
        taken = await take_in(case.records(dart_notified(tom), by="dart"), case.ledger, LIVE)
        assert taken.accepted[0].facts.involved == {}

    async def test_a_request_as_it_stands(self, case: Case) -> None:
        tom, _ = await self._people(case)
        adds = [{"team": t, "reason": "in-our-records"} for t in ("camhs", "midwives", "switch", "ward")]
        request = mash_request(tom, also_asked=adds)
        await case.publish(request, by="mash", book=LIVE)
        start = case.hands.now
        await case.send_all()
        sent = {d.team: d for d in await case.summaries()}
        await case.answer("switch", sent["switch"].id, "not-ours", id="1", book=LIVE)
        await case.answer("ward", sent["ward"].id, "acknowledged", id="2", book=LIVE)
        bare = mash_response(request, "gp-castle", "gp", concern=BARE)
        wrong = mash_response(request, "midwives", "midwives")
        await case.publish(bare, mash_response(request, "camhs", "camhs", "nothing-held"), wrong, book=LIVE)
        await case.publish(cancel_of(wrong), book=LIVE)
        await case.publish(mash_rag_changed(request, "red"), by="mash", book=LIVE)
        await case.fire(hours=4)

        rows = await case.asked(request.data["mash_ref"], LIVE)
        seen = board(request.data["mash_ref"], rows, await case.cover(), case.hands.now)

        assert seen.rated == "red"
        assert rows.askers == ("mash",)
        assert {a.team: (a.state, a.late, a.told, a.seen) for a in seen.asked} == {
            "camhs": ("nothing-held", False, (), "sent"),
            "gp-castle": ("sent-back", False, ("nn-community",), "sent"),
            "midwives": ("silent", True, ("nn-hospital",), "sent"),
            "sn-north": ("silent", True, ("sn-lead",), "sent"),
            "switch": ("not-theirs", False, (), "sent"),
            "ward": ("silent", True, ("nn-hospital",), "acknowledged"),
        }
        assert {a.due for a in seen.asked if a.state == "silent"} == {start + timedelta(hours=4)}
        assert [(h.team, h.facts) for h in seen.held] == [("gp-castle", BARE["facts"])]
        await case.publish(update_of(bare, concern=BARE), book=LIVE)
        rows = await case.asked(request.data["mash_ref"], LIVE)
        then = board(request.data["mash_ref"], rows, await case.cover(), case.hands.now)
        assert {a.team: a.state for a in then.asked}["gp-castle"] == "held"

    async def test_an_answer_sent_again_after_it_was_taken_back_stands_whatever_its_number(self, case: Case) -> None:
        tom, _ = await self._people(case)
        request = mash_request(tom)
        await case.publish(request, by="mash", book=LIVE)
        first = mash_response(request, "gp-castle", "gp", concern=BARE)
        last = "9" * 20  # the longest that the envelope takes: no machine word holds it
        for one in (first, cancel_of(first, "2"), update_of(first, "3", concern=BARE), update_of(first, last)):
            await case.publish(one, book=LIVE)
        rows = await case.asked(request.data["mash_ref"], LIVE)
        seen = board(request.data["mash_ref"], rows, await case.cover(), case.hands.now)
        assert {a.team: a.state for a in seen.asked}["gp-castle"] == "held"
        assert max(a.sequence for a in rows.answers) == int(last)
        assert {a.kind for a in rows.answers if a.sequence == int(last)} == {"mash-response-1"}

    async def test_an_answer_that_is_corrected_is_shown_as_it_stands_and_where_it_stands(self, case: Case) -> None:
        tom, _ = await self._people(case)
        requests = [mash_request(tom) for _ in range(2)]
        said = mash_response(requests[0], "gp-castle", "gp")
        await case.publish(*requests, by="mash", book=LIVE)

        async def stand() -> list[str]:
            found = []
            for ref in (r.data["mash_ref"] for r in requests):
                seen = board(ref, await case.asked(ref, LIVE), await case.cover(), case.hands.now)
                found.append(next(a.state for a in seen.asked if a.team == "gp-castle"))
            return found

        await case.publish(said, book=LIVE)
        assert await stand() == ["held", "silent"]
        await case.publish(update_of(said, "1", concern=BARE), book=LIVE)
        assert await stand() == ["sent-back", "silent"], "it stands as that, besides what it takes back"
        await case.publish(update_of(said, "2", mash_ref=requests[1].data["mash_ref"]), book=LIVE)
        assert await stand() == ["silent", "held"]
        await case.publish(cancel_of(said, "3"), book=LIVE)
        assert await stand() == ["silent", "silent"]

    async def test_nothing_was_asked_under_a_reference_of_nothing(self, case: Case) -> None:
        await case.load()
        assert (await case.asked("mash-none", LIVE)).asks == ()
