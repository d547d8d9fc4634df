"""Sending: in order for each child and team, under a lease, each number given once."""

import pytest

from router.ledger import Due
from tests.agreements.cases import Case
from tests.story_events import ed_discharged
from tests.story_people import Person, adult, child, family

SHORT, HEIRS = 1.0, 2.0
"""Seconds of a lease that a test lets run out, and of its heir's, who counts as dead whom it has not seen so long."""


async def published(case: Case, *about: Person) -> None:
    """One discharge of each of these, in order."""
    for one in about:
        await case.publish(ed_discharged(one))


async def town(case: Case, count: int = 1) -> list[Person]:
    """So many toddlers in the directory, each with their own family."""
    some = [child(f"Tom{n}", age=3) for n in range(count)]
    await case.load(*(family(mother=adult(), children=[one]) for one in some))
    return some


class Outbox:
    """What a ledger does for those who deliver."""

    async def test_what_is_due_comes_once_in_the_order_it_was_kept(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom, tom)
        leases = await case.ledger.lease("one", 15, 16)
        assert sorted(lease.lane for lease in leases) == list(range(16))
        rows = await case.ledger.due(leases, 100)
        kept = [d.id for d in await case.deliveries()]
        assert [r.id for r in rows] == kept
        assert [r.id for r in await case.ledger.due(leases, 3)] == kept[:3]
        some = [lease for lease in leases if lease.lane == rows[0].lane]
        assert {r.lane for r in await case.ledger.due(some, 100)} == {rows[0].lane}

        _, numbered = await case.ledger.begin(leases, 100, rows)

        assert [n.due.id for n in numbered] == kept
        assert await case.ledger.due(leases, 100) == []
        assert {d.state for d in await case.deliveries()} == {"sending"}

    async def test_no_more_than_asked_for_is_begun_and_only_what_is_named(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom, tom)
        leases = await case.ledger.lease("one", 15, 16)
        rows = await case.ledger.due(leases, 100)
        _, some = await case.ledger.begin(leases, 100, rows[2:4])
        assert [n.due.id for n in some] == [r.id for r in rows[2:4]]
        _, first = await case.ledger.begin(leases, 1)
        assert [n.due.id for n in first] == [rows[0].id]
        assert len(await case.ledger.due(leases, 100)) == len(rows) - 3

    async def test_lanes_are_renewed_without_taking_or_giving_up_any(self, case: Case) -> None:
        await town(case)
        first = await case.ledger.lease("one", 15, 16)
        await (await case.another()).lease("two", 15, 16)
        assert await case.ledger.lease("one", 15, 0) == first

    async def test_numbers_rise_by_one_for_each_child_and_team(self, case: Case) -> None:
        tom, ann = await town(case, 2)
        await published(case, tom, ann, tom)
        await case.send_all()
        await published(case, tom)
        await case.send_all()
        numbers = [(d.child, d.team, d.sequence) for d in await case.summaries("hv-north")]
        assert numbers == [
            (tom.id, "hv-north", 1),
            (ann.id, "hv-north", 1),
            (tom.id, "hv-north", 2),
            (tom.id, "hv-north", 3),
        ]
        assert {d.state for d in await case.deliveries()} == {"sent"}
        assert [x.sequence for x in case.inboxes.of("answer", "ed")] == [1, 2, 3, 4], "a publisher's are numbered too"

    async def test_a_publisher_and_a_team_of_one_name_are_numbered_apart(self, case: Case) -> None:
        await case.load()
        await case.publish(b"not json", by="midwives")
        await case.send_all()
        await case.fire(days=1)
        await case.send_all()
        numbers = {(d.kind, d.team): d.sequence for d in await case.deliveries()}
        assert numbers == {("answer", "midwives"): 1, ("escalation", "midwives"): 1}

    async def test_a_number_goes_on_where_another_worker_left_off(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom)
        await case.send_all("one")
        await published(case, tom)
        sender = case.sender("two", await case.another())
        await sender.renew()
        await sender.round()
        assert [d.sequence for d in await case.summaries("hv-north")] == [1, 2]

    async def test_one_lane_has_one_owner(self, case: Case) -> None:
        await town(case)
        first = await case.ledger.lease("one", 15, 16)
        assert len(first) == 16
        other = await case.another()
        assert await other.lease("two", 15, 16) == []
        assert len(await case.ledger.lease("one", 15, 16)) == 8, "half is given up for the second"
        assert len(await other.lease("two", 15, 16)) == 8
        again = await case.ledger.lease("one", 15, 16)
        assert {lease.lane for lease in again} & {x.lane for x in await other.lease("two", 15, 16)} == set()
        assert {(x.lane, x.fence) for x in again} <= {(x.lane, x.fence) for x in first}, "renewed under the same fence"

    async def test_a_released_lane_is_free_at_once_and_its_fence_has_moved(self, case: Case) -> None:
        await town(case)
        first = {x.lane: x.fence for x in await case.ledger.lease("one", 15, 16)}
        await case.ledger.release("one")
        then = {x.lane: x.fence for x in await (await case.another()).lease("two", 15, 16)}
        assert then == {lane: fence + 1 for lane, fence in first.items()}

    async def test_a_lease_that_ran_out_marks_nothing_sending(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom)
        leases = await case.ledger.lease("one", SHORT, 16)
        rows = await case.ledger.due(leases, 100)
        await case.lapse(SHORT)
        assert await case.ledger.begin(leases, 100, rows) == ([], [])
        assert {d.state for d in await case.deliveries()} == {"kept"}

    async def test_a_zombie_can_end_nothing_once_its_lanes_are_anothers(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom)
        zombie, heir = case.ledger, await case.another()
        leases = await zombie.lease("zombie", SHORT, 16)
        attempts, numbered = await zombie.begin(leases, 100)
        await case.lapse(HEIRS)
        taken = await heir.lease("heir", HEIRS, 16)
        assert len(taken) == 16

        await zombie.mark_sent(attempts)
        assert {d.state for d in await case.deliveries()} == {"sending"}
        await zombie.mark_failed(attempts, numbered, "Refused")
        assert {d.state for d in await case.deliveries()} == {"sending"}
        left = await heir.unresolved(taken)
        assert sorted(u.numbered.due.id for u in left) == sorted(n.due.id for n in numbered)
        await zombie.resolve(leases, (), left)
        assert {d.state for d in await case.deliveries()} == {"sending"}, "nor settle what it once held"
        assert await zombie.begin(leases, 100, [n.due for n in numbered]) == ([], [])

    async def test_what_a_dead_worker_left_is_settled_by_what_arrived(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom, tom)
        dead = case.sender("dead", lease_seconds=SHORT)
        await dead.renew()
        case.inboxes.silent_after = 5
        with pytest.raises(ConnectionError):
            await dead.round()
        case.inboxes.silent_after = None
        assert {d.state for d in await case.deliveries()} == {"sending"}
        await case.lapse(HEIRS)

        heir = case.sender("heir", await case.another(), lease_seconds=HEIRS)
        await heir.renew()

        states = [d.state for d in await case.deliveries()]
        assert states == ["sent"] * 5 + ["kept"] * (len(states) - 5)
        numbers = {d.id: d.sequence for d in await case.deliveries()}
        await heir.round()
        assert {d.id: d.sequence for d in await case.deliveries()} == numbers, "a number once given is kept"
        letters = [x.id for kind in ("summary", "answer") for x in case.inboxes.of(kind)]
        assert len(letters) == len(set(letters)) == len(numbers), "each arrived once"

    async def test_a_failed_delivery_goes_again_under_its_number_and_before_what_follows(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom)
        case.inboxes.refusing = {"hv-north"}
        sender = case.sender()
        await sender.renew()
        await sender.round()
        assert (await case.summary("hv-north")).state == "kept"
        assert {d.state for d in await case.deliveries() if d.team != "hv-north"} == {"sent"}
        await published(case, tom)
        case.inboxes.refusing = set()

        await sender.round()

        assert [d.state for d in await case.summaries("hv-north")] == ["kept", "kept"], "backed off, both wait"
        assert {d.state for d in await case.deliveries() if d.team != "hv-north"} == {"sent"}, "and nobody else does"
        await case.lapse(1.1)
        await sender.renew()
        await sender.round()
        assert [x.sequence for x in case.inboxes.of("summary", "hv-north")] == [1, 2]
        assert [d.state for d in await case.summaries("hv-north")] == ["sent", "sent"]

    async def test_tries_are_counted(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom)
        case.inboxes.refusing = {"hv-north"}
        sender = case.sender()
        for tried in range(3):
            await sender.renew()
            if tried:
                (row,) = await _due_to(case, "hv-north")
                assert row.attempts == tried
            await sender.round()
            await case.lapse(0.01)
            await case.ledger.hold_back("hv-north", 0, "Refused")

    async def test_backing_off_ends_by_itself(self, case: Case) -> None:
        (tom,) = await town(case)
        await published(case, tom)
        await case.ledger.hold_back("hv-north", SHORT, "Refused")
        assert await _due_to(case, "hv-north") == []
        assert len(await _due_to(case, "gp-castle")) == 1
        await case.lapse(SHORT)
        assert len(await _due_to(case, "hv-north")) == 1


async def _due_to(case: Case, team: str) -> list[Due]:
    leases = await case.ledger.lease("one", 15, 16)
    return [row for row in await case.ledger.due(leases, 100) if row.team == team]
