"""Reads who was asked about a thing and what came back, on PostgreSQL; content is for `router/asked.py` to collate."""

from typing import Any

import orjson

from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from router.asked import AnswerRow, AskedRows, AskRow
from router.past import ASKING, RATED
from router.policy.book import Book

Q = queries("asked")


async def read_asked(connection: Connection, reference: str, book: Book) -> AskedRows:
    """All that the ledger has about the request with this reference; empty where there is none."""
    rows = await (await connection.execute(Q["asks"], {"thing": reference})).fetchall()
    asks = [AskRow._make((*row[:8], tuple(row[8]), tuple(row[9]))) for row in rows]
    children = sorted({a.child for a in asks})
    about = {"thing": reference, "children": children}
    types = sorted(book.answers)
    rows = await (await connection.execute(Q["answers"], {**about, "types": types})).fetchall()
    answers = [AnswerRow._make((*row[:6], int(row[6]), row[7], _data(row[8]))) for row in rows]
    ratings = [
        (at, kind.removeprefix(RATED))
        for at, kind in await (await connection.execute(Q["ratings"], {**about, "rated": f"{RATED}%"})).fetchall()
    ]
    rows = await (await connection.execute(Q["askers"], {**about, "asking": f"{ASKING}%"})).fetchall()
    askers = tuple(kind.removeprefix(ASKING) for (kind,) in rows)
    return AskedRows(tuple(asks), tuple(answers), tuple(ratings), askers)


def _data(raw: Any) -> dict[str, Any]:
    """What the answer says; nothing where its content was deleted under the retention rule."""
    data: dict[str, Any] = orjson.loads(bytes(raw))["data"] if raw else {}
    return data
