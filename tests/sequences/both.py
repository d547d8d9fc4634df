"""The same sequence on both ledgers: whatever is kept of it is the same, and nothing is at fault."""

from collections.abc import Awaitable, Callable

from tests.agreements.cases import Case
from tests.agreements.memory_case import MemoryCase
from tests.agreements.postgres_case import PostgresCase
from tests.sequences.play import Played, seen
from tests.stack import Database


async def both_keep_the_same(database: Database, play: Callable[[Case, Case], Awaitable[Played]]) -> None:
    """`play` plays it to its end on the ledgers that it is given."""
    memory, postgres = MemoryCase(), PostgresCase(database.dsn)
    await postgres.open()
    try:
        played = await play(memory, postgres)
        one, other = [await seen(case, played.households) for case in played.cases]
        for what in one:
            assert one[what] == other[what], (what, played.log)
        assert one["faults"] == [], played.log
    finally:
        await postgres.end()
