"""What is owed right now, as numbers for the metrics."""

from dataclasses import dataclass

from psycopg_pool import AsyncConnectionPool

from adapters.storage.connect import Connection

_OWED = """
SELECT (SELECT count(*) FROM refusal WHERE state IN ('open', 'claimed')),
       (SELECT count(*) FROM clock WHERE state = 'running' AND due < now() - interval '1 minute')
       + (SELECT count(*) FROM task WHERE state <> 'closed' AND kind = 'unanswered'),
       coalesce((SELECT extract(epoch FROM now() - v.kept_at) FROM due d JOIN delivery v ON v.no = d.no
                 ORDER BY d.no LIMIT 1), 0)
"""
_SILENCE = "SELECT publisher, extract(epoch FROM now() - last_at) FROM publisher_heard"


@dataclass(frozen=True, slots=True)
class Owed:
    """Counts and ages; nothing that names a person."""

    refused_open: int
    clocks_overdue: int
    oldest_due_seconds: float
    silence: dict[str, float]


async def measure(pool: AsyncConnectionPool[Connection]) -> Owed:
    """Read the gauges in one look."""
    async with pool.connection() as connection:
        row = await (await connection.execute(_OWED)).fetchone()
        silence = await (await connection.execute(_SILENCE)).fetchall()
    refused, overdue, oldest = row or (0, 0, 0)
    return Owed(refused, overdue, float(oldest), {publisher: float(seconds) for publisher, seconds in silence})
