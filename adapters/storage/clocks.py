"""The clock worker's side of the PostgreSQL ledger: each rung fires once, by row lock and compare-and-set."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import orjson
from psycopg_pool import AsyncConnectionPool

from adapters.storage.adding import ByCopy
from adapters.storage.batch_rows import keep_clocks, keep_deliveries
from adapters.storage.connect import Connection
from adapters.storage.intake import Clock as TimeOf
from adapters.storage.intake import CoverShelf, now
from adapters.storage.keeping import keep_task
from adapters.storage.sql import queries
from adapters.storage.turning import clock_from
from router.directory import Cover, PersonDoc, now_standing
from router.events import withholds_whereabouts
from router.ledger import ONE_AT_A_TIME, Climb, Firing
from router.plan import Clock, Task

Q, OVERSIGHT = queries("clocks"), queries("oversight")


class FiringBatch:
    """One transaction: the clocks that are due, and what became of them."""

    def __init__(
        self, connection: Connection, now: datetime, cover: Cover, due: Sequence[Firing], events: dict[str, int | None]
    ) -> None:
        self.connection, self.now, self.cover, self.due, self._events = connection, now, cover, due, events

    async def keep(self, climbs: Sequence[Climb]) -> None:
        """Advance each clock from the rung that was read; whatever else it brings about goes with it."""
        for climb in climbs:
            clock, rung = climb.firing.clock, climb.firing.rung
            name = "exhausted" if climb.next_due is None else "climbed"
            cursor = await self.connection.execute(
                Q[name], {"id": clock.id, "rung": rung, "due": climb.next_due, "now": self.now}
            )
            if cursor.rowcount != 1:
                continue
            event = self._events[clock.id]
            delivery = climb.delivery
            await self.connection.execute(
                Q["fired"],
                {
                    "id": clock.id,
                    "rung": rung,
                    "now": self.now,
                    "owner": delivery.team if delivery else None,
                    "delivery": delivery.id if delivery else None,
                },
            )
            if delivery is not None:
                await keep_deliveries(self.connection, self.now, [(delivery, event)])
            for task in climb.tasks:
                await keep_task(self.connection, self.now, task, event, climb.firing.publisher)
            await keep_clocks(ByCopy(self.connection), [(c, event, climb.firing.publisher) for c in climb.clocks])


def _hides(raw: bytes | None) -> bool:
    """Whether the event, as it came, withholds the whereabouts; what is past keeping says nothing, and has no clock."""
    return bool(raw) and withholds_whereabouts(orjson.loads(raw or b"")["data"])


class PostgresClocks:
    """What the clock worker asks of the ledger; `clock` replaces the database's time in stepped time."""

    def __init__(self, pool: AsyncConnectionPool[Connection], shelf: CoverShelf, clock: TimeOf = None) -> None:
        self._pool, self._shelf, self._clock = pool, shelf, clock

    @asynccontextmanager
    async def firing(self, limit: int) -> AsyncIterator[FiringBatch]:
        """The clocks that are due now, locked for this transaction."""
        async with self._pool.connection() as connection:
            moment = await now(connection, self._clock)
            cover = await self._shelf.newest(connection)
            cursor = await connection.execute(Q["due"], {"now": moment, "limit": limit})
            rows = await cursor.fetchall()
            docs = await self._people(connection, [row[4] for row in rows if row[4]])
            due = [
                Firing(
                    clock_from(row[:14]), row[14], row[17] or row[0], row[16], docs.get(row[4] or ""), _hides(row[19])
                )
                for row in rows
            ]
            yield FiringBatch(connection, moment, cover, due, {row[0]: row[18] for row in rows})

    async def _people(self, connection: Connection, people: list[str]) -> dict[str, PersonDoc | None]:
        if not people:
            return {}
        cursor = await connection.execute(Q["people"], {"people": people})
        return {pid: now_standing(orjson.loads(doc)["people"], pid) for pid, doc in await cursor.fetchall()}

    async def silent_publishers(self) -> list[tuple[str, datetime]]:
        """Every publisher of the directory that was ever heard, and when last."""
        async with self._pool.connection() as connection:
            cover = await self._shelf.newest(connection)
            cursor = await connection.execute(Q["heard"])
            return [(p, at) for p, at in await cursor.fetchall() if p in cover.publishers]

    async def not_filed(self, before: datetime) -> list[tuple[str, int, datetime]]:
        """Teams that read something by then and have not filed it, and of which nobody has been told yet."""
        async with self._pool.connection() as connection:
            teams = list((await self._shelf.newest(connection)).teams)
            cursor = await connection.execute(OVERSIGHT["not_filed_by"], {"teams": teams, "before": before})
            return [(team, count, since) for team, count, since in await cursor.fetchall()]

    async def raise_task(self, task: Task, clock: Clock, publisher: str) -> bool:
        """A task and its clock, unless the same is open or kept already."""
        async with self._pool.connection() as connection:
            if task.kind in ONE_AT_A_TIME:
                asked = {"kind": task.kind, "publisher": publisher}
                row = await (await connection.execute(Q["same_task"], asked)).fetchone()
                if row and row[0]:
                    return False
            if not await keep_task(connection, clock.starts, task, None, publisher):
                return False
            await keep_clocks(ByCopy(connection), [(clock, None, publisher)])
            return True
