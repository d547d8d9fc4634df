"""What was shared, told, read, filed and owed in any period: from the ledger, one query each (F30, F31)."""

from datetime import UTC, datetime
from typing import LiteralString, TypeVar

from psycopg.rows import class_row

from adapters.storage.connect import Connection
from adapters.storage.intake import Clock, now
from adapters.storage.records import NotFiled, PublisherSeen, RecipientSeen
from adapters.storage.sql import queries

Q = queries("oversight")
EVER = datetime(1900, 1, 1, tzinfo=UTC)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
AT_EASE: tuple[LiteralString, ...] = ("SET LOCAL work_mem = '128MB'", "SET LOCAL jit = off")
"""For one transaction: a million rows are joined in memory, and nothing is compiled for it (measured: a third)."""
R = TypeVar("R")


class Oversight:
    """Counts per publisher and per recipient; nothing in them names a person."""

    def __init__(self, connection: Connection, clock: Clock = None) -> None:
        self._connection, self._clock = connection, clock

    async def recipients(self, since: datetime | None = None, until: datetime | None = None) -> list[RecipientSeen]:
        """Every team that was told something in the period."""
        return await self._rows(RecipientSeen, "recipients", since or EVER, until or NEVER)

    async def publishers(self, since: datetime | None = None, until: datetime | None = None) -> list[PublisherSeen]:
        """Every publisher that sent something in the period, refused or not."""
        return await self._rows(PublisherSeen, "publishers", since or EVER, until or NEVER)

    async def not_filed(self, before: datetime, team: str | None = None, limit: int = 1000) -> list[NotFiled]:
        """Summaries that a person read by then and nobody has filed."""
        async with self._connection.cursor(row_factory=class_row(NotFiled)) as cursor:
            await cursor.execute(Q["not_filed"], {"before": before, "team": team, "limit": limit})
            return await cursor.fetchall()

    async def _rows(self, kind: type[R], name: LiteralString, since: datetime, until: datetime) -> list[R]:
        asked = {"since": since, "until": until, "now": await now(self._connection, self._clock)}
        async with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            for setting in AT_EASE:
                await cursor.execute(setting)
            await cursor.execute(Q[name], asked)
            return await cursor.fetchall()
