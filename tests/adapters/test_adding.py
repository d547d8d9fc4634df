"""On PostgreSQL: rows arrive the same by COPY and by one statement for several tables."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from adapters.storage.adding import UUID_BYTES, ByCopy, Table, Together, as_uuid
from adapters.storage.connect import Connection, array, make_pool, texts
from tests.stack import Database

COLUMNS = {
    "no": "int8",
    "id": UUID_BYTES,
    "at": "timestamptz",
    "words": "text",
    "body": "bytea",
    "small": "int2",
    "yes": "bool",
}
THING, OTHER = Table("thing", COLUMNS), Table("other", {"thing": "int8"})
MADE = """CREATE TEMP TABLE thing (no int8 PRIMARY KEY, id uuid, at timestamptz, words text, body bytea, small int2,
 yes bool) ON COMMIT DROP"""
SECOND = "CREATE TEMP TABLE other (thing int8 REFERENCES thing) ON COMMIT DROP"


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
        await connection.execute(SECOND)
        yield connection
        await connection.rollback()
    await pool.close()


async def kept(connection: Connection) -> list[tuple[Any, ...]]:
    return await (await connection.execute("SELECT * FROM thing ORDER BY no")).fetchall()


async def added_together(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    together = Together(connection)
    await together.rows(OTHER, [(row[0],) for row in rows])
    await together.rows(THING, rows)
    await together.done()


@pytest.mark.parametrize("count", [0, 1, 31])
async def test_rows_arrive_the_same_both_ways(connection: Connection, count: int) -> None:
    rows = [row(no) for no in range(count)]
    await ByCopy(connection).rows(THING, rows)
    copied = await kept(connection)
    await connection.execute("TRUNCATE thing, other")
    await added_together(connection, rows)
    assert await kept(connection) == copied
    assert await (await connection.execute("SELECT * FROM other ORDER BY thing")).fetchall() == [
        (no,) for no in range(count)
    ]
    assert [(r[0], r[3], r[4]) for r in copied] == [(r[0], r[3], r[4]) for r in rows]
    assert [r[1] and r[1].bytes for r in copied] == [r[1] for r in rows]
    assert [r[2] for r in copied] == [r[2] for r in rows]


async def test_nothing_is_asked_where_there_is_nothing_to_add(connection: Connection) -> None:
    await Together(connection).done()
    assert await kept(connection) == []


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([row(0), row(0)], psycopg.errors.UniqueViolation),
        ([(0, None, None, "\0", None, None, None)], psycopg.DataError),
        ([(0, None, None, "\ud800", None, None, None)], (psycopg.DataError, ValueError, TypeError)),
        ([(0, None, None, None, None, 40_000, None)], psycopg.errors.NumericValueOutOfRange),
    ],
)
async def test_what_cannot_be_kept_is_laid_to_the_row(
    connection: Connection, rows: list[tuple[Any, ...]], error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    """For these errors the router takes the records of a batch one by one; for others it tries the batch again."""
    with pytest.raises(error):
        await added_together(connection, rows)


async def test_any_texts_arrive_as_an_array_of_them(connection: Connection) -> None:
    odd = ["", "NULL", "null", "a,b", "{a}", '"', "\\", '\\"', "a b", "\n", "%s", "é", "x" * 300]
    for some in (odd, [], [""]):
        row = await (await connection.execute("SELECT %s::text[]", (texts(some),))).fetchone()
        assert row == (some,)
    row = await (await connection.execute("SELECT %s::bigint[]", (array([1, -2]),))).fetchone()
    assert row == ([1, -2],)
