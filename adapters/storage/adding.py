"""Rows that are only added: many by COPY, a few of several tables by one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import orjson
from psycopg import sql

from adapters.storage.connect import Connection

UUID_BYTES = "uuid"
"""The type to name for a column of uuid that is given as its sixteen bytes."""


class Table(NamedTuple):
    """What is added to: its columns, and PostgreSQL's names of their types."""

    name: str
    columns: Mapping[str, str]


class Adding(Protocol):
    """One way of adding rows."""

    async def rows(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Add these, now or with the last of them."""
        ...

    async def done(self) -> None:
        """These were all: what is not added yet is added. Raises what a table has against a row."""
        ...


class ByCopy:
    """Each table at once, by binary COPY: the least for a row, and two round trips a table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def rows(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Add these now."""
        async with self._connection.cursor() as cursor, cursor.copy(_copy(table.name, tuple(table.columns))) as copy:
            copy.set_types(["bytea" if t == UUID_BYTES else t for t in table.columns.values()])
            packed = copy.formatter.write_row  # `copy.write_row` is two coroutines a row round this
            for row in rows:
                if full := packed(row):
                    await copy.write(full)

    async def done(self) -> None:
        """All are added already."""


class Together:
    """All tables by one statement, when `done`: for a few rows, where asking costs more than what is asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._tables: list[tuple[str, tuple[tuple[str, str], ...]]] = []

    async def rows(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        """Keep these until all are there."""
        as_json = [_AS_JSON.get(t, _as_it_is) for t in table.columns.values()]
        self._rows[table.name] = [
            {name: None if v is None else f(v) for name, f, v in zip(table.columns, as_json, row, strict=True)}
            for row in rows
        ]
        self._tables.append((table.name, tuple(table.columns.items())))

    async def done(self) -> None:
        """Add all."""
        if self._tables:
            await self._connection.execute(_add(tuple(self._tables)), (orjson.dumps(self._rows).decode(),))


def _as_it_is(value: Any) -> Any:
    return value


_AS_JSON: dict[str, Callable[[Any], Any]] = {"bytea": lambda v: "\\x" + v.hex(), UUID_BYTES: bytes.hex}
"""How a value stands in the document, by its column's type; orjson knows all others."""


@lru_cache(maxsize=256)
def _copy(table: str, columns: tuple[str, ...]) -> bytes:
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)")
    return into.format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))).as_bytes()


@lru_cache(maxsize=256)
def _add(tables: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]) -> bytes:
    parts = [sql.Composed([sql.SQL("doc AS MATERIALIZED (SELECT %s::jsonb AS d)")])]
    given = sql.SQL("{} AS (INSERT INTO {} ({}) SELECT {} FROM doc, jsonb_to_recordset(d -> {}) AS given ({}))")
    for name, columns in tables:
        names = sql.SQL(", ").join(sql.Identifier(column) for column, _ in columns)
        types = sql.SQL(", ").join(sql.Identifier(column) + sql.SQL(" " + of) for column, of in columns)
        table = sql.Identifier(name)
        parts.append(given.format(sql.Identifier("to_" + name), table, names, names, sql.Literal(name), types))
    return (sql.SQL("WITH ") + sql.SQL(", ").join(parts) + sql.SQL(" SELECT")).as_bytes()


@lru_cache(maxsize=32768)
def as_uuid(text: str | None) -> bytes | None:
    """A UUID as sixteen bytes, under the type `UUID_BYTES`: five times faster than by way of `uuid.UUID`."""
    return bytes.fromhex(text.replace("-", "")) if text else None
