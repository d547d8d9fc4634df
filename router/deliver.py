"""Sends what is due, lane by lane under a fence, and keeps every attempt."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol, TypeVar

from router.ledger import Lease, Numbered, Outbox, Unresolved

FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0
LONGEST_AWAY = 5.0
"""A channel that is away as a whole is tried this often: no recipient is to wait minutes once it is back."""
T = TypeVar("T")


@dataclass(slots=True)
class Sent:
    """What became of one batch on its channel, per destination."""

    arrived: list[Numbered] = field(default_factory=list)
    failed: list[Numbered] = field(default_factory=list)
    """The outcome is unknown or bad: sent again later under the same id and number."""
    errors: dict[str, str] = field(default_factory=dict)
    """team → the kind of error, never its text."""
    away: bool = False
    """Whether the channel could not be reached at all: no destination is to blame."""


class Channel(Protocol):
    """One way of reaching recipients."""

    def send(self, batch: Sequence[Numbered]) -> Coroutine[Any, Any, Sent]:
        """Send in the order given; every outcome that is not sure counts as failed."""
        ...

    def arrived(self, left: Sequence[Unresolved]) -> Coroutine[Any, Any, set[str]]:
        """Of deliveries left in *sending*, the ids that are already at their destination."""
        ...


class Sender:
    """A delivery worker: leases lanes, drains them all together, takes over what others left."""

    def __init__(
        self,
        name: str,
        outbox: Outbox,
        channel: Channel,
        *,
        lease_seconds: float = 15.0,
        lanes: int = 16,
        batch: int = 4000,
        chance: Random | None = None,
        passed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.name, self.outbox, self.channel = name, outbox, channel
        self.lease_seconds, self.lanes, self.batch = lease_seconds, lanes, batch
        self.leases: list[Lease] = []
        self._chance = chance or Random(name)
        self._passed = passed
        self._failures: dict[str, int] = {}
        self._begun = False

    async def renew(self) -> None:
        """Keep the lanes held and take free ones; what their last owner left in *sending* is settled first."""
        if not self._begun:
            await self.outbox.release(self.name)  # of an earlier process of this name, which may not be quite dead
            self._begun = True
        held = {(lease.lane, lease.fence) for lease in self.leases}
        self.leases = await self.outbox.lease(self.name, self.lease_seconds, self.lanes)
        new = [lease for lease in self.leases if (lease.lane, lease.fence) not in held]
        if new:
            await self._take_over(new)

    async def _take_over(self, new: Sequence[Lease]) -> None:
        left = await self.outbox.unresolved(new)
        self._passed("after_takeover")
        if left:
            there = await self._holding(self.channel.arrived(left))
            self._passed("after_tail_read")
            arrived = [u for u in left if u.numbered.due.id in there]
            missing = [u for u in left if u.numbered.due.id not in there]
            await self.outbox.resolve(new, arrived, missing)

    async def round(self) -> int:
        """Send one batch of what is due in the lanes held; how many rows were tried."""
        if not self.leases:
            return 0
        attempts, numbered = await self.outbox.begin(self.leases, self.batch)
        if not numbered:
            return 0
        self._passed("after_mark_sending")
        sent = await self._holding(self.channel.send(numbered))
        self._passed("after_send_before_mark")
        if not sent.failed:
            await self.outbox.mark_sent(attempts)
            self._passed("after_mark_sent")
            for team in {n.due.team for n in numbered} & self._failures.keys():
                del self._failures[team]
        else:
            await self._failed(attempts, sent)
        return len(numbered)

    async def _holding(self, work: Coroutine[Any, Any, T]) -> T:
        """Await the channel, and renew the lanes meanwhile: taken over now, the whole batch would be sent twice."""
        waiting = asyncio.ensure_future(work)
        try:
            while not (await asyncio.wait({waiting}, timeout=self.lease_seconds / 3))[0]:
                with suppress(Exception):  # the ledger may be away too; fences are checked by what is written later
                    await self.outbox.lease(self.name, self.lease_seconds, 0)
            return waiting.result()
        finally:
            waiting.cancel()

    async def _failed(self, attempts: Sequence[int], sent: Sent) -> None:
        """Back off from each destination that failed *before* its rows return: what follows must wait behind them."""
        for team, error in sent.errors.items():
            self._failures[team] = self._failures.get(team, 0) + 1
            wait = self.wait_after(self._failures[team])
            await self.outbox.hold_back(team, min(wait, LONGEST_AWAY) if sent.away else wait, error)
        for team in {n.due.team for n in sent.arrived} & self._failures.keys() - sent.errors.keys():
            del self._failures[team]
        worst = next(iter(sent.errors.values()), "unknown")
        await self.outbox.mark_failed(attempts, sent.failed, worst)
        self._passed("after_mark_failed")

    def wait_after(self, failures: int) -> float:
        """Seconds before the next try: doubling, capped, with full jitter in its upper half."""
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 20))
        return float(longest * (0.5 + self._chance.random() / 2))

    def lost(self) -> None:
        """The ledger was away: what is held must be leased anew before anything is sent."""
        self.leases = []

    async def stop(self) -> None:
        """Give the lanes back at once, so that another worker need not wait for the lease to end."""
        self.leases = []
        await self.outbox.release(self.name)
