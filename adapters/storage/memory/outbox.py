"""The delivery worker's side of the memory ledger: lanes by lease, numbers by the fenced sender."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from adapters.storage.memory.tables import Attempt, Lane, Store, later
from adapters.storage.records import Destination
from router.events import LANES
from router.ledger import Due, Lease, Numbered, Unresolved


class MemoryOutbox:
    """What a delivery worker asks of the ledger; every write after a lease checks its fence."""

    store: Store

    async def lease(self, worker: str, seconds: float, want: int) -> list[Lease]:
        """Renew, take free lanes, and shed what is over this worker's fair share of those alive; `want` 0: renew."""
        s, now = self.store, self.store.clock()
        async with s.transaction():
            s.senders[worker] = now
            alive = sum(later(seen, seconds) > now for seen in s.senders.values())
            fair = min(want, -(-LANES // alive))
            held = {n: lane.fence for n, lane in s.lanes.items() if lane.owner == worker and lane.until > now}
            free = [n for n in range(LANES) if n not in s.lanes or s.lanes[n].until <= now]
            for n in free[: max(0, fair - len(held))]:
                held[n] = s.lanes[n].fence + 1 if n in s.lanes else 1
            over = sorted(held)[fair:] if want else []
            for n, fence in held.items():
                s.lanes[n] = Lane(worker, fence, now if n in over else later(now, seconds))
            return [Lease(n, held[n]) for n in sorted(held) if n not in over]

    async def release(self, worker: str) -> None:
        """Give all lanes back at once."""
        s = self.store
        async with s.transaction():
            if worker in s.senders:
                del s.senders[worker]
            for n, lane in list(s.lanes.items()):
                if lane.owner == worker:
                    s.lanes[n] = replace(lane, until=min(lane.until, s.clock()))

    async def due(self, leases: Sequence[Lease], limit: int) -> list[Due]:
        """The oldest due deliveries of the lanes held, those tried before first; not for places that are closed now."""
        s, lanes, now = self.store, {lease.lane for lease in leases}, self.store.clock()
        closed = {d.team for d in s.destinations.values() if d.paused_at or (d.hold_until and d.hold_until > now)}
        order = sorted(
            s.due.items(), key=lambda due: (due[1][1] == 0, s.sent[due[1][0]][1] if due[1][1] else due[0], due[0])
        )
        rows = ((no, s.deliveries[id].delivery, tries) for no, (id, tries) in order)
        return [
            Due(no, d.id, d.lane, d.team, d.child, d.kind, d.body, tries)
            for no, d, tries in rows
            if d.lane in lanes and d.team not in closed
        ][:limit]

    async def begin(
        self, leases: Sequence[Lease], limit: int, only: Sequence[Due] | None = None
    ) -> tuple[list[int], list[Numbered]]:
        """Take what is due, number it and mark it sending; of a lane whose fence has moved none."""
        s, numbers = self.store, None if only is None else {row.no for row in only}
        rows = [row for row in await self.due(leases, limit) if numbers is None or row.no in numbers]
        async with s.transaction():
            ours = self._fenced(leases)
            attempts: dict[int, int] = {}
            numbered = []
            for row in rows:
                if row.lane not in ours:
                    continue
                if row.lane not in attempts:
                    attempts[row.lane] = next(s.numbers)
                    s.attempts[attempts[row.lane]] = Attempt(row.lane, ours[row.lane], s.clock())
                number = self._number(row, attempts[row.lane])
                numbered.append(Numbered(row, number, s.attempts[attempts[row.lane]].marked_at))
                del s.due[row.no]
            return list(attempts.values()), numbered

    def _number(self, row: Due, attempt: int) -> int:
        s, pair = self.store, (f"answer {row.team}" if row.kind == "answer" else row.team, row.child)
        if row.id in s.sent:
            sequence = s.sent[row.id][1]
        else:
            sequence = s.last_sequence[pair] = s.last_sequence.get(pair, 0) + 1
        s.sent[row.id] = (pair, sequence, attempt)
        return sequence

    def _fenced(self, leases: Iterable[Lease]) -> dict[int, int]:
        """Of these lanes those that are still the worker's, with their fence."""
        lanes, now = self.store.lanes, self.store.clock()
        held = ((lease, lanes.get(lease.lane)) for lease in leases)
        return {e.lane: e.fence for e, lane in held if lane and lane.fence == e.fence and lane.until > now}

    async def mark_sent(self, attempts: Sequence[int]) -> None:
        """These attempts arrived; of a lane that was taken over meanwhile nothing is written."""
        async with self.store.transaction():
            self._end(attempts, "sent")

    async def mark_failed(self, attempts: Sequence[int], failed: Sequence[Numbered], error: str) -> None:
        """The attempts ended with failures; the failed go back to the queue with their numbers."""
        async with self.store.transaction():
            ended = self._end(attempts, "failed")
            self._back(n for n in failed if self.store.sent[n.due.id][2] in ended)

    def _end(self, attempts: Iterable[int], outcome: str) -> set[int]:
        """End those that are in sending and whose lane has not been taken over."""
        s, ended = self.store, set()
        for no in attempts:
            attempt = s.attempts[no]
            if attempt.outcome == "sending" and s.lanes[attempt.lane].fence == attempt.fence:
                s.attempts[no] = replace(attempt, outcome=outcome)
                ended.add(no)
        return ended

    def _back(self, failed: Iterable[Numbered]) -> None:
        for n in failed:
            self.store.due[n.due.no] = (n.due.id, n.due.attempts + 1)

    async def unresolved(self, leases: Sequence[Lease]) -> list[Unresolved]:
        """What earlier owners of these lanes left in sending, in its order."""
        s, lanes = self.store, {lease.lane for lease in leases}
        left = []
        for id, (_, sequence, attempt) in s.sent.items():
            row, of = s.deliveries[id], s.attempts[attempt]
            if of.outcome == "sending" and of.lane in lanes:
                d = row.delivery
                due = Due(row.no, id, d.lane, d.team, d.child, d.kind, b"", 0)
                left.append(Unresolved(attempt, of.marked_at, Numbered(due, sequence, of.marked_at)))
        return sorted(left, key=lambda u: u.numbered.due.no)

    async def resolve(
        self, leases: Sequence[Lease], arrived: Sequence[Unresolved], missing: Sequence[Unresolved]
    ) -> None:
        """Settle what was left: what arrived is sent, what is missing goes back to the queue with its number."""
        s = self.store
        async with s.transaction():
            ours = self._fenced(leases)
            for u in (*arrived, *missing):
                if u.numbered.due.lane in ours:
                    s.attempts[u.attempt] = replace(s.attempts[u.attempt], outcome="taken-over")
            self._back(u.numbered for u in missing if u.numbered.due.lane in ours)

    async def hold_back(self, team: str, seconds: float, error: str) -> None:
        """Back off from one destination; the others go on."""
        s, until = self.store, later(self.store.clock(), seconds)
        async with s.transaction():
            known = s.destinations.get(team) or Destination(team)
            s.destinations[team] = replace(known, hold_until=until, failures=known.failures + 1, last_error=error)
