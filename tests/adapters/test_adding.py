"""On PostgreSQL: rows arrive the same by COPY and by the INSERTs of a pipeline."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from adapters.storage.adding import UUID_BYTES, add_rows, as_uuid
from adapters.storage.connect import Connection, make_pool
from tests.stack import Database

COLUMNS = ("no", "id", "at", "words", "body", "small", "yes")
TYPES = ("int8", UUID_BYTES, "timestamptz", "text", "bytea", "int2", "bool")
MADE = """CREATE TEMP TABLE thing (no int8 PRIMARY KEY, id uuid, at timestamptz, words text, body bytea, small int2,
 yes bool) ON COMMIT DROP"""


def row(no: int) -> tuple[Any, ...]:
    """A row whose every value could be taken for something else on its way; of each three one is all nulls."""
    if no % 3 == 2:
        return (no, *[None] * 6)
    id = as_uuid(f"00000000-0000-4000-8000-{no:012x}")
    at = datetime(2026, 3, 29, 0, 59, 59, 999_999 - no, tzinfo=UTC)
    return (no, id, at, '\'%s \\x41 {a,"b"} \u00e9', b"\x00\\x\xff%s" + bytes([no]), -no, no % 2 == 0)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[Connection]:
    pool = make_pool(database.dsn, 1)
    await pool.open()
    async with pool.connection() as connection:
        await connection.execute(MADE)
        yield connection
        await connection.rollback()
    await pool.close()


async def kept(connection: Connection) -> list[tuple[Any, ...]]:
    return await (await connection.execute("SELECT * FROM thing ORDER BY no")).fetchall()


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 31])
async def test_rows_arrive_the_same_both_ways(connection: Connection, count: int) -> None:
    rows = [row(no) for no in range(count)]
    await add_rows(connection, "thing", COLUMNS, TYPES, rows)
    copied = await kept(connection)
    await connection.execute("TRUNCATE thing")
    async with connection.pipeline():
        await add_rows(connection, "thing", COLUMNS, TYPES, rows)
    assert await kept(connection) == copied
    assert [(r[0], r[3], r[4]) for r in copied] == [(r[0], r[3], r[4]) for r in rows]
    assert [r[1] and r[1].bytes for r in copied] == [r[1] for r in rows]
    assert [r[2] for r in copied] == [r[2] for r in rows]


async def test_few_statements_are_prepared_whatever_is_null(connection: Connection) -> None:
    for _ in range(4):
        for nulls in range(2 ** (len(COLUMNS) - 1)):
            values = [None if nulls >> i & 1 else v for i, v in enumerate(row(1)[1:])]
            async with connection.pipeline():
                await add_rows(connection, "thing", COLUMNS, TYPES, [(1, *values)])
            await connection.execute("TRUNCATE thing")
    prepared = await (await connection.execute("SELECT statement FROM pg_prepared_statements")).fetchall()
    assert len([s for (s,) in prepared if "INSERT INTO" in s]) == 1


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([row(0), row(0)], psycopg.errors.UniqueViolation),
        ([(0, None, None, "\0", None, None, None)], psycopg.DataError),
        ([(0, None, None, None, None, 40_000, None)], psycopg.errors.NumericValueOutOfRange),
    ],
)
async def test_what_cannot_be_kept_is_said_alike(
    connection: Connection, rows: list[tuple[Any, ...]], error: type[Exception]
) -> None:
    """The router takes the records of a batch one by one for these errors, and tries again for others."""

    async def added_and_asked() -> None:
        async with connection.pipeline():
            await add_rows(connection, "thing", COLUMNS, TYPES, rows)
            await (await connection.execute("SELECT 1")).fetchone()

    with pytest.raises(error):
        await added_and_asked()
