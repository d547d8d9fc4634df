"""The delivery worker's side of the PostgreSQL ledger: lanes by lease, numbers by the fenced sender."""

from collections.abc import Sequence

from psycopg_pool import AsyncConnectionPool

from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from router.events import LANES
from router.ledger import Due, Lease, Numbered, Unresolved

Q = queries("outbox")
NOT_THERE = "the worker that sent it ended, and it was not there"
"""What is said of a try that another worker had to make again."""


class PostgresOutbox:
    """What a delivery worker asks of the ledger; every write after a lease checks its fence."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool
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

    async def begin(
        self, leases: Sequence[Lease], limit: int, only: Sequence[Due] | None = None
    ) -> tuple[list[int], list[Numbered]]:
        """Take what is due (or `only` these), number it and mark it sending, committed before anything is sent."""
        async with self._pool.connection() as connection, connection.pipeline():  # and its COMMIT: one round trip
            cursor = await connection.execute(
                Q["begin"],
                {
                    "lanes": [lease.lane for lease in leases],
                    "fences": [lease.fence for lease in leases],
                    "worker": self._worker,
                    "limit": limit,
                    "only": None if only is None else [row.no for row in only],
                },
                binary=True,
            )
            await connection.commit()
            rows = await cursor.fetchall()
        rows.sort(key=lambda row: (row[7] == 0, row[8] if row[7] else row[0], row[0]))
        return sorted({row[9] for row in rows}), [Numbered(Due(*row[:8]), row[8], row[10]) for row in rows]

    async def mark_sent(self, attempts: Sequence[int]) -> None:
        """These attempts arrived; of a lane that was taken over meanwhile nothing is written."""
        async with self._pool.connection() as connection, connection.pipeline():
            await connection.execute(Q["mark_sent"], {"attempts": list(attempts)})
            await connection.commit()

    async def mark_failed(self, attempts: Sequence[int], failed: Sequence[Numbered], error: str) -> None:
        """The attempts ended with failures, each named; the failed go back to the queue with their numbers."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(Q["mark_failed"], {"attempts": list(attempts), "error": error})
            ended = [row[0] for row in await cursor.fetchall()]
            nos = [n.due.no for n in failed]
            await connection.execute(Q["failures"], {"nos": nos, "attempts": ended, "error": error})
            await self._back(connection, ended, failed)

    async def _back(self, connection: Connection, attempts: Sequence[int], failed: Sequence[Numbered]) -> None:
        cursor = await connection.execute("SELECT no FROM sent WHERE attempt = ANY(%s)", (list(attempts),))
        ours = {row[0] for row in await cursor.fetchall()}
        back = [n for n in failed if n.due.no in ours]
        await connection.execute(
            Q["back_to_due"],
            {
                "nos": [n.due.no for n in back],
                "tries": [min(n.due.attempts + 1, 30_000) for n in back],
            },
        )

    async def unresolved(self, leases: Sequence[Lease]) -> list[Unresolved]:
        """What earlier owners of these lanes left in sending."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(Q["unresolved"], {"lanes": [lease.lane for lease in leases]})
            return [
                Unresolved(attempt, marked, Numbered(Due(no, id, lane, team, child, kind, b"", 1), sequence, marked))
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
            nos = [u.numbered.due.no for u in mine]
            await connection.execute(Q["missing"], {"nos": nos, "error": NOT_THERE})
            await connection.execute(
                Q["back_to_due"],
                {
                    "nos": nos,
                    "tries": [1] * len(mine),
                },
            )
            await connection.execute(Q["take_over"], {"attempts": list(settled)})

    async def hold_back(self, team: str, seconds: float, error: str) -> None:
        """Back off from one destination; the others go on."""
        async with self._pool.connection() as connection:
            await connection.execute(Q["hold_back"], {"team": team, "seconds": seconds, "error": error})
