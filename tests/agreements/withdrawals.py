"""What is cancelled or replaced before it was sent is not sent any more, and is accounted for all the same."""

import asyncio

from adapters.storage.records import UNSENT
from tests.agreements.cases import Case, SeenDelivery
from tests.story_events import Said, cancel_of, ed_discharged, update_of
from tests.story_people import adult, child, family

TEAMS = {"gp-castle", "hv-north", "pln"}


class Withdrawals:
    """What a ledger does with what stands no longer and still waits."""

    async def _kept(self, case: Case) -> Said:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        await case.publish(said)
        return said

    def _arrived(self, case: Case, kind: str) -> list[tuple[str, int]]:
        return sorted((x.team, x.sequence) for x in case.inboxes.of(kind))

    async def _told(self, case: Case) -> list[SeenDelivery]:
        """All but what publishers are answered."""
        return [d for d in await case.deliveries() if d.kind != "answer"]

    async def _adds_up(self, case: Case) -> None:
        _, considered, outcomes, faults = await case.reconcile()
        assert (considered, faults) == (outcomes, [])

    async def test_cancelled_before_it_was_sent_nobody_hears_of_it(self, case: Case) -> None:
        said = await self._kept(case)
        await case.publish(cancel_of(said))
        states = [(d.kind, d.state) for d in await self._told(case)]
        assert states == [("summary", UNSENT)] * 3 + [("withdrawal", UNSENT)] * 3
        await case.send_all()
        assert case.inboxes.of("summary") + case.inboxes.of("withdrawal") == []
        assert {c.state for c in await case.clocks()} == {"stopped"}
        await self._adds_up(case)

    async def test_replaced_before_it_was_sent_only_the_newer_goes_and_is_number_one(self, case: Case) -> None:
        said = await self._kept(case)
        await case.publish(update_of(said, diagnosis="Fracture"))
        await case.send_all()
        assert self._arrived(case, "summary") == [(team, 1) for team in sorted(TEAMS)]
        assert {x["what_happened"]["diagnosis"] for x in case.inboxes.of("summary")} == {"Fracture"}
        await self._adds_up(case)

    async def test_in_one_batch_it_is_the_same(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        await case.publish(said, update_of(said), cancel_of(said))
        await case.send_all()
        assert {d.state for d in await self._told(case)} == {UNSENT}
        assert case.inboxes.of("summary") + case.inboxes.of("withdrawal") == []
        await self._adds_up(case)

    async def test_what_a_sender_has_begun_is_sent_and_withdrawn(self, case: Case) -> None:
        said = await self._kept(case)
        leases = await case.ledger.lease("one", 15, 16)
        (first, *_) = await case.ledger.due(leases, 100)
        attempts, numbered = await case.ledger.begin(leases, 100, [first])
        await case.publish(cancel_of(said))
        await case.ledger.mark_sent(attempts)
        await case.ledger.release("one")
        await case.send_all("two")
        assert [n.due.id for n in numbered] == [first.id]
        assert self._arrived(case, "withdrawal") == [(first.team, 2)]
        assert self._arrived(case, "summary") == [], "but for the one that the first sender had"
        states = {d.team: d.state for d in await case.summaries()}
        assert states == {team: "replaced" if team == first.team else UNSENT for team in TEAMS}
        await self._adds_up(case)

    async def test_what_was_tried_in_vain_may_have_arrived_it_is_sent_again_and_withdrawn(self, case: Case) -> None:
        said = await self._kept(case)
        leases = await case.ledger.lease("one", 15, 16)
        attempts, numbered = await case.ledger.begin(leases, 100)
        await case.ledger.mark_failed(attempts, numbered, "away")
        await case.ledger.release("one")
        await case.publish(cancel_of(said))
        await case.send_all("two")
        assert self._arrived(case, "summary") == [(team, 1) for team in sorted(TEAMS)]
        assert self._arrived(case, "withdrawal") == [(team, 2) for team in sorted(TEAMS)]
        await self._adds_up(case)

    async def test_what_a_person_has_seen_or_taken_on_while_it_waited_is_withdrawn(self, case: Case) -> None:
        said = await self._kept(case)
        seen, taken = await case.summary("hv-north"), await case.summary("pln")
        await case.answer("hv-north", seen.id, "acknowledged", id="1")
        await case.claim("delivery", taken.id, "Ann")
        await case.publish(cancel_of(said))
        await case.send_all()
        assert self._arrived(case, "withdrawal") == [("hv-north", 2), ("pln", 2)]
        await self._adds_up(case)

    async def test_of_a_paused_destination_those_who_had_it_are_told_and_it_hears_nothing(self, case: Case) -> None:
        tom = child("Tom", age=3)
        await case.load(family(mother=adult(), children=[tom]))
        said = ed_discharged(tom)
        await case.pause("hv-north", "Ann")
        await case.publish(said)
        await case.send_all()
        assert (await case.summary("hv-north")).state == "held"
        await case.publish(cancel_of(said))
        await case.send_all()
        await case.resume("hv-north")
        await case.send_all()
        assert self._arrived(case, "withdrawal") == [("gp-castle", 2), ("pln", 2)]
        assert (await case.summary("hv-north")).state == UNSENT
        await self._adds_up(case)

    async def test_against_a_sender_at_work_each_team_hears_both_or_neither(self, case: Case) -> None:
        kids = [child(f"Tom{n}", age=3) for n in range(30)]
        await case.load(*(family(mother=adult(), children=[one]) for one in kids))
        said = [ed_discharged(one) for one in kids]
        await case.publish(*said)
        sender = case.sender("one", await case.another())
        await sender.renew()
        sender.batch = 3

        async def cancels() -> None:
            for one in reversed(said):
                await case.publish(cancel_of(one))

        async def sends() -> None:
            for _ in range(30):
                await sender.round()

        await asyncio.gather(cancels(), sends())
        while await sender.round():
            pass
        had = {(x.team, x.child): x.id for x in case.inboxes.of("summary")}
        gone = {(x.team, x.child): x["withdraws"] for x in case.inboxes.of("withdrawal")}
        assert had == gone
        assert len(had) < 90, "some were cancelled before their turn came"
        assert {d.state for d in await self._told(case)} <= {"replaced", "sent", UNSENT}
        await self._adds_up(case)
