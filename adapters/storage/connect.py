"""The connection pool, and how values are handed to PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.types.string import BytesBinaryDumper
from psycopg_pool import AsyncConnectionPool

Connection = AsyncConnection[tuple[Any, ...]]

psycopg.adapters.register_dumper(bytes, BytesBinaryDumper)
"""COPY picks a dumper by its type, and the last one registered for bytea is a slow one in Python; this one is in C."""


_OPTIONS = "-c timezone=UTC -c enable_seqscan=off -c idle_in_transaction_session_timeout=20s"
"""A plan is kept for as long as a connection lives: one made while a table was empty would scan it when it is full.
A process that freezes in a transaction holds families, events and lanes that others wait for: for so long at most."""

FROZEN_SECONDS = 20
"""And for so long in the middle of a COPY, which PostgreSQL does not call idle, or of a pipeline, where its time-out
was seen not to fire: no time-out of its own interrupts it there, only being told to end does."""

_END_FROZEN = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND usename = current_user AND application_name = ANY(%s)
  AND xact_start IS NOT NULL AND wait_event = 'ClientRead' AND query_start < now() - make_interval(secs => %s)
"""

_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
"""A server that vanished without a word is noticed in half a minute, not in the two hours of the kernel."""


def make_pool(conninfo: str, size: int = 4) -> AsyncConnectionPool[Connection]:
    """A pool that is opened by `await pool.open()`; it waits for a database that is away, and says so by time-out.

    Connections are not asked first whether they live: it would be a round trip each time, and whoever meets a dead
    one tries again (deploy/parts.py)."""
    return AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=size,
        open=False,
        timeout=5.0,
        kwargs={"autocommit": False, "prepare_threshold": 2, "options": _OPTIONS, **_ALIVE},
    )


async def end_frozen(pool: AsyncConnectionPool[Connection], applications: Sequence[str]) -> int:
    """End what waits in the middle of a transaction for one of these that has stopped: its locks are needed.

    `applications` are names as PostgreSQL shows them. A person's command is not among them: it may wait for its
    reader, or for another process of its own."""
    async with pool.connection() as connection:
        row = await (await connection.execute(_END_FROZEN, (list(applications), FROZEN_SECONDS))).fetchone()
    return int(row[0]) if row else 0


def array(values: Iterable[int | str]) -> str:
    """Numbers, digits or UUIDs as PostgreSQL writes an array of them; psycopg's own dumper goes element by element."""
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Iterable[str]) -> str:
    """Any texts as PostgreSQL writes an array of them; none of them None."""
    given = list(values)
    if not given:
        return "{}"
    joined = "".join(given)
    if '"' in joined or "\\" in joined:  # in hardly any batch: identifiers hold neither
        given = [v.replace("\\", "\\\\").replace('"', '\\"') for v in given]
    return '{"' + '","'.join(given) + '"}'
