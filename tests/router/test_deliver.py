"""The sender: settles what another left, holds its lanes while it waits, and backs off before its rows return."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from adapters.storage.memory import Hands, MemoryLedger
from router.deliver import FIRST_WAIT, LONGEST_WAIT, Sender, Sent
from router.ledger import Lease, Numbered, Unresolved
from tests.stories import Town
from tests.story_events import ed_discharged
from tests.story_inboxes import Inboxes
from tests.story_people import MORNING, adult, child, family

TOM = child("Tom", age=3)


class Watched(MemoryLedger):
    """The ledger in memory, and the order in which it was asked."""

    def __init__(self) -> None:
        super().__init__(Hands(MORNING))
        self.asked: list[str] = []
        self.waits: list[float] = []

    async def lease(self, worker: str, seconds: float, want: int) -> list[Lease]:
        self.asked.append(f"lease {want}")
        return await super().lease(worker, seconds, want)

    async def begin(self, *args: Any, **named: Any) -> tuple[list[int], list[Numbered]]:
        self.asked.append("begin")
        return await super().begin(*args, **named)

    async def mark_sent(self, attempts: Sequence[int]) -> None:
        self.asked.append("sent")
        await super().mark_sent(attempts)

    async def mark_failed(self, attempts: Sequence[int], failed: Sequence[Numbered], error: str) -> None:
        self.asked.append(f"failed {len(failed)} {error}")
        await super().mark_failed(attempts, failed, error)

    async def hold_back(self, team: str, seconds: float, error: str) -> None:
        self.asked.append(f"hold {team}")
        self.waits.append(seconds)
        await super().hold_back(team, seconds, error)

    async def unresolved(self, leases: Sequence[Lease]) -> list[Unresolved]:
        self.asked.append(f"unresolved {len(leases)}")
        return await super().unresolved(leases)


class Slow(Inboxes):
    """Takes its time."""

    async def send(self, batch: Sequence[Numbered]) -> Sent:
        await asyncio.sleep(0.05)
        return await super().send(batch)


async def town() -> tuple[Town, Watched]:
    """A town whose ledger is watched, with one discharge to deliver."""
    here = Town(family(mother=adult(), children=[TOM]))
    watched = Watched()
    watched.store = here.ledger.store
    here.ledger = watched
    await here.publish(ed_discharged(TOM), send=False)
    return here, watched


async def test_without_lanes_nothing_is_asked() -> None:
    _, ledger = await town()
    assert await Sender("one", ledger, Inboxes()).round() == 0
    assert ledger.asked == []


async def test_what_is_due_is_marked_then_sent_then_marked_again() -> None:
    here, ledger = await town()
    passed: list[str] = []
    sender = Sender("one", ledger, here.inboxes, passed=passed.append)
    await sender.renew()
    assert await sender.round() == 4
    assert await sender.round() == 0
    assert ledger.asked == ["lease 16", "unresolved 16", "begin", "sent", "begin"]
    assert passed == ["after_takeover", "after_mark_sending", "after_send_before_mark", "after_mark_sent"]


async def test_lanes_that_are_merely_renewed_are_not_settled_again() -> None:
    here, ledger = await town()
    sender = Sender("one", ledger, here.inboxes)
    await sender.renew()
    await sender.renew()
    assert ledger.asked == ["lease 16", "unresolved 16", "lease 16"]


async def test_a_failure_holds_its_destination_back_before_its_rows_return() -> None:
    here, ledger = await town()
    here.inboxes.refusing = {"hv-north"}
    sender = Sender("one", ledger, here.inboxes)
    await sender.renew()
    await sender.round()
    assert ledger.asked[-2:] == ["hold hv-north", "failed 1 Refused"]


async def test_while_the_channel_takes_its_time_the_lanes_are_held_and_no_more_are_taken() -> None:
    _, ledger = await town()
    sender = Sender("one", ledger, Slow(), lease_seconds=0.03)
    await sender.renew()
    await sender.round()
    assert ledger.asked.count("lease 0") >= 2
    assert ledger.asked[-1] == "sent"


async def test_a_channel_that_raises_leaves_its_rows_in_sending_for_whoever_takes_over() -> None:
    here, ledger = await town()
    here.inboxes.silent_after = 0
    sender = Sender("one", ledger, here.inboxes)
    await sender.renew()
    with pytest.raises(ConnectionError):
        await sender.round()
    assert ledger.asked[-1] == "begin", "nothing is marked: nobody knows what arrived"
    assert {d.state for d in await ledger.deliveries()} == {"sending"}


async def test_after_stop_another_worker_has_the_lanes_at_once() -> None:
    here, ledger = await town()
    first, second = (Sender(name, ledger, here.inboxes) for name in ("one", "two"))
    await first.renew()
    await second.renew()
    assert second.leases == []
    await first.stop()
    assert await first.round() == 0
    await second.renew()
    assert await second.round() == 4


def waits(failures: int) -> list[float]:
    """What a hundred senders would wait after so many failures."""
    inboxes: Any = None
    return [Sender("x", inboxes, inboxes, chance=Random(seed)).wait_after(failures) for seed in range(100)]


@pytest.mark.parametrize(
    ("failures", "longest"), [(1, FIRST_WAIT), (2, 2.0), (5, 16.0), (9, 256.0), (10, LONGEST_WAIT)]
)
def test_it_waits_twice_as_long_each_time_and_not_all_at_once(failures: int, longest: float) -> None:
    spread = waits(failures)
    assert longest / 2 <= min(spread) < max(spread) <= longest
    assert max(spread) - min(spread) > longest / 4, "those who failed together do not come back together"


def test_it_never_waits_longer_than_the_longest() -> None:
    assert max(waits(10_000)) <= LONGEST_WAIT


async def test_success_forgets_the_failures_before_it() -> None:
    here, ledger = await town()
    sender = Sender("one", ledger, here.inboxes, chance=Random(1))
    for refuses in (True, True, False, True):
        here.hands.advance(timedelta(seconds=5))
        await sender.renew()
        here.inboxes.refusing = {"hv-north"} if refuses else set()
        await sender.round()
        if not refuses:
            await here.publish(ed_discharged(TOM), send=False)
    first, second, third = ledger.waits
    assert first <= FIRST_WAIT < second, "the second wait had doubled"
    assert third <= FIRST_WAIT, "the third began anew"


async def test_a_team_that_takes_its_summaries_again_is_forgiven_though_another_fails() -> None:
    here, ledger = await town()
    sender = Sender("one", ledger, here.inboxes, chance=Random(1))
    for refusing in ({"hv-north"}, {"hv-north"}, {"pln"}, {"hv-north"}):
        here.hands.advance(timedelta(seconds=5))
        await sender.renew()
        here.inboxes.refusing = refusing
        await sender.round()
        await here.publish(ed_discharged(TOM), send=False)
    waits = [w for w, asked in zip(ledger.waits, (a for a in ledger.asked if a.startswith("hold")), strict=True)
             if asked == "hold hv-north"]  # fmt: skip
    assert waits[0] <= FIRST_WAIT < waits[1], "the second wait had doubled"
    assert waits[-1] <= FIRST_WAIT, "what arrived beside the other's failure counts"
