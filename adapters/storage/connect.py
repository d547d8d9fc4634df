"""The connection pool, and COPY of many rows at once."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.types.string import BytesBinaryDumper
from psycopg_pool import AsyncConnectionPool

Connection = AsyncConnection[tuple[Any, ...]]

psycopg.adapters.register_dumper(bytes, BytesBinaryDumper)
"""COPY picks a dumper by its type, and the last one registered for bytea is a slow one in Python; this one is in C."""


_OPTIONS = "-c timezone=UTC -c enable_seqscan=off -c idle_in_transaction_session_timeout=20s"
"""A plan is kept for as long as a connection lives: one made while a table was empty would scan it when it is full.
A process that freezes in a transaction holds families, events and lanes that others wait for: for so long at most."""

TRANSACTION_SECONDS = 40
"""And for so long where it froze in the middle of a COPY, which PostgreSQL does not call idle."""

_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
"""A server that vanished without a word is noticed in half a minute, not in the two hours of the kernel."""


def make_pool(
    conninfo: str, size: int = 4, transaction_seconds: int = TRANSACTION_SECONDS
) -> AsyncConnectionPool[Connection]:
    """A pool that is opened by `await pool.open()`; it waits for a database that is away, and says so by time-out.

    No transaction of its connections may last longer than `transaction_seconds`.

    Connections are not asked first whether they live: it would be a round trip each time, and whoever meets a dead
    one tries again (deploy/parts.py)."""
    options = f"{_OPTIONS} -c transaction_timeout={transaction_seconds}s"
    return AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=size,
        open=False,
        timeout=5.0,
        kwargs={"autocommit": False, "prepare_threshold": 2, "options": options, **_ALIVE},
    )


async def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], types: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows by binary COPY: `types` are PostgreSQL's names, one a column."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    async with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            await copy.write_row(row)


def as_uuid(text: str | None) -> bytes | None:
    """A UUID as binary COPY carries it, under the type `UUID_BYTES`: five times faster than by way of `uuid.UUID`."""
    return bytes.fromhex(text.replace("-", "")) if text else None


UUID_BYTES = "bytea"
"""The type to name for a column of uuid that is given as its sixteen bytes."""
