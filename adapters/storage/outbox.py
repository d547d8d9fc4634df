"""The delivery worker's side of the PostgreSQL ledger: lanes by lease, numbers by the fenced sender."""

from collections import Counter, OrderedDict
from collections.abc import Sequence
from hashlib import blake2b

from psycopg_pool import AsyncConnectionPool

from adapters.storage.connect import UUID_BYTES, Connection, as_uuid, copy_rows
from adapters.storage.sql import queries
from router.events import LANES
from router.ledger import Due, Lease, Numbered, Unresolved

Q = queries("outbox")
REMEMBERED = 200_000
"""Last numbers a worker keeps in memory: of (child, team) pairs it sent for lately."""


def pair_of(team: str, child: str | None, kind: str = "summary") -> int:
    """One child and team as a signed 64-bit number: two that collide would merely share their counter.

    Answers go to a publisher, which may have a team's name: its numbers are counted apart, or both would have gaps."""
    to = f"{team}\x1f{child or ''}" + ("\x1fanswer" if kind == "answer" else "")
    return int.from_bytes(blake2b(to.encode(), digest_size=8).digest(), "big", signed=True)


class PostgresOutbox:
    """What a delivery worker asks of the ledger; every write after a lease checks its fence."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
        self._last: OrderedDict[int, int] = OrderedDict()
        self._worker = ""

    async def lease(self, worker: str, seconds: float, want: int) -> list[Lease]:
        """Renew, take free lanes, and shed what is over this worker's fair share of those alive; `want` 0: renew."""
        self._worker = worker
        async with self._pool.connection() as connection:
            await connection.execute(Q["announce"], {"worker": worker})
            cursor = await connection.execute(Q["senders"], {"seconds": seconds})
            alive = max(1, (await cursor.fetchone() or (1,))[0])
            fair = min(want, -(-LANES // alive))
            cursor = await connection.execute(Q["lease"], {"worker": worker, "seconds": seconds, "want": fair})
            leases = [Lease(lane, fence) for lane, fence in await cursor.fetchall()]
            if want and len(leases) > fair:
                over = [lease.lane for lease in leases[fair:]]
                await connection.execute(Q["shed"], {"worker": worker, "lanes": over})
                leases = leases[:fair]
        return leases

    async def release(self, worker: str) -> None:
        """Give all lanes back at once."""
        async with self._pool.connection() as connection:
            await connection.execute(Q["release"], {"worker": worker})

    async def due(self, leases: Sequence[Lease], limit: int) -> list[Due]:
        """The oldest due deliveries of the lanes held; first those that have their number from an earlier try.

        A row of a lower `no` may be committed later than theirs, and would overtake them."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                Q["due"], {"lanes": [lease.lane for lease in leases], "limit": limit}, binary=True
            )
            rows = [Due(*row) for row in await cursor.fetchall()]
        rows.sort(key=lambda row: not row.attempts)
        return rows

    async def mark_sending(self, leases: Sequence[Lease], rows: Sequence[Due]) -> tuple[list[int], list[Numbered]]:
        """Number the rows and mark them sending, committed before anything is sent."""
        try:
            return await self._mark_sending(leases, rows)
        except BaseException:
            self.forget()  # numbers given in a transaction that may not have been kept are not to be built upon
            raise

    async def _mark_sending(self, leases: Sequence[Lease], rows: Sequence[Due]) -> tuple[list[int], list[Numbered]]:
        counts = Counter(row.lane for row in rows)
        fences = {lease.lane: lease.fence for lease in leases}
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                Q["fenced"], {"lanes": list(counts), "fences": [fences[lane] for lane in counts]}
            )
            ours = {row[0] for row in await cursor.fetchall()}
            mine = [row for row in rows if row.lane in ours]
            if not mine:
                return [], []
            cursor = await connection.execute(Q["begin_attempts"], {
                "worker": self._worker, "lanes": sorted(ours), "fences": [fences[lane] for lane in sorted(ours)],
                "rows": [counts[lane] for lane in sorted(ours)],
            })
            attempts: dict[int, int] = dict(await cursor.fetchall())
            numbered = await self._number(connection, mine, attempts)
            await connection.execute(Q["take_from_due"], {"numbers": [row.no for row in mine]})
        return list(attempts.values()), numbered

    async def _number(
        self, connection: Connection, rows: Sequence[Due], attempts: dict[int, int]
    ) -> list[Numbered]:
        tried = [row for row in rows if row.attempts]
        kept: dict[str, int] = {}
        if tried:
            ids = [row.id for row in tried]
            kept = dict(await (await connection.execute(Q["kept_sequences"], {"ids": ids})).fetchall())
            again = [row for row in tried if row.id in kept]
            await connection.execute(
                Q["again"], {"ids": [r.id for r in again], "attempts": [attempts[r.lane] for r in again]}
            )
        pairs = {row.id: pair_of(row.team, row.child, row.kind) for row in rows if row.id not in kept}
        await self._recall(connection, pairs.values())
        numbered, new = [], []
        for row in rows:
            if (sequence := kept.get(row.id)) is None:
                pair = pairs[row.id]
                sequence = self._last[pair] + 1
                self._last[pair] = sequence
                self._last.move_to_end(pair)
                new.append((as_uuid(row.id), pair, sequence, attempts[row.lane]))
            numbered.append(Numbered(row, sequence))
        while len(self._last) > REMEMBERED:
            self._last.popitem(last=False)
        if new:
            columns = ("delivery", "pair", "sequence", "attempt")
            await copy_rows(connection, "sent", columns, (UUID_BYTES, "int8", "int4", "int8"), new)
        return numbered

    async def _recall(self, connection: Connection, pairs: object) -> None:
        unknown = [p for p in set(pairs) if p not in self._last]  # type: ignore[call-overload]
        if unknown:
            cursor = await connection.execute(Q["last_sequences"], {"pairs": unknown})
            self._last.update({pair: last or 0 for pair, last in await cursor.fetchall()})

    def forget(self) -> None:
        """Numbers remembered are true only while the lanes are held without a break."""
        self._last.clear()

    async def mark_sent(self, attempts: Sequence[int]) -> None:
        """These attempts arrived; of a lane that was taken over meanwhile nothing is written."""
        async with self._pool.connection() as connection:
            await connection.execute(Q["mark_sent"], {"attempts": list(attempts)})

    async def mark_failed(self, attempts: Sequence[int], failed: Sequence[Numbered], error: str) -> None:
        """The attempts ended with failures, each named; the failed go back to the queue with their numbers."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(Q["mark_failed"], {"attempts": list(attempts), "error": error})
            ended = [row[0] for row in await cursor.fetchall()]
            ids = [n.due.id for n in failed]
            await connection.execute(Q["failures"], {"ids": ids, "attempts": ended, "error": error})
            await self._back(connection, ended, failed)

    async def _back(self, connection: Connection, attempts: Sequence[int], failed: Sequence[Numbered]) -> None:
        cursor = await connection.execute(
            "SELECT delivery::text FROM sent WHERE attempt = ANY(%s)", (list(attempts),)
        )
        ours = {row[0] for row in await cursor.fetchall()}
        back = [n for n in failed if n.due.id in ours]
        await connection.execute(Q["back_to_due"], {
            "ids": [n.due.id for n in back], "tries": [min(n.due.attempts + 1, 30_000) for n in back],
        })

    async def unresolved(self, leases: Sequence[Lease]) -> list[Unresolved]:
        """What earlier owners of these lanes left in sending."""
        self.forget()
        async with self._pool.connection() as connection:
            cursor = await connection.execute(Q["unresolved"], {"lanes": [lease.lane for lease in leases]})
            return [
                Unresolved(attempt, marked, Numbered(Due(no, id, lane, team, child, kind, b"", 1), sequence))
                for attempt, marked, no, id, lane, team, child, kind, sequence in await cursor.fetchall()
            ]

    async def resolve(
        self, leases: Sequence[Lease], arrived: Sequence[Unresolved], missing: Sequence[Unresolved]
    ) -> None:
        """Settle what was left: what arrived is sent, what is missing goes back to the queue with its number."""
        async with self._pool.connection() as connection:
            lanes = [lease.lane for lease in leases]
            cursor = await connection.execute(
                Q["fenced"], {"lanes": lanes, "fences": [lease.fence for lease in leases]}
            )
            ours = {row[0] for row in await cursor.fetchall()}
            mine = [u for u in missing if u.numbered.due.lane in ours]
            settled = {u.attempt for u in (*arrived, *mine) if u.numbered.due.lane in ours}
            await connection.execute(Q["back_to_due"], {
                "ids": [u.numbered.due.id for u in mine], "tries": [1] * len(mine),
            })
            await connection.execute(Q["take_over"], {"attempts": list(settled)})

    async def hold_back(self, team: str, seconds: float, error: str) -> None:
        """Back off from one destination; the others go on."""
        async with self._pool.connection() as connection:
            await connection.execute(Q["hold_back"], {"team": team, "seconds": seconds, "error": error})
