"""The events of a period as they came, with the facts that were kept beside them: what a rule book is tried on."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from adapters.storage.connect import Connection
from adapters.storage.sql import queries

Q = queries("period")
BATCH = 200


@dataclass(frozen=True, slots=True)
class PastEvent:
    """One event as it came and what was known then; documents stay the text they are kept as."""

    no: int
    id: str
    type: str
    publisher: str
    topic: str
    partition: int
    offset: int
    raw: bytes
    facts: bytes
    policy: str
    """The version of the rule book that decided it."""
    cover: int
    """The version of teams and publishers that it was decided on."""
    families: Mapping[str, bytes]
    """Family → its file as it was."""


async def count_of(connection: Connection, since: datetime, until: datetime) -> int:
    """How many events were accepted from `since` to before `until` and are still kept."""
    row = await (await connection.execute(Q["count"], {"since": since, "until": until})).fetchone()
    return int(row[0]) if row else 0


async def events_of(connection: Connection, since: datetime, until: datetime) -> AsyncIterator[list[PastEvent]]:
    """Those events in batches, in the order they were taken in; nothing is changed or locked."""
    after = -1
    while True:
        asked = {"since": since, "until": until, "after": after, "limit": BATCH}
        rows = await (await connection.execute(Q["events"], asked)).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        yield await _with_files(connection, rows)


async def cover_of(connection: Connection, version: int) -> bytes:
    """Teams and publishers of one version, as JSON."""
    row = await (await connection.execute(Q["cover"], {"version": version})).fetchone()
    return _text(row[0]) if row else b"{}"


async def _with_files(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> list[PastEvent]:
    snapshots = [orjson.loads(row[8]) for row in rows]
    wanted = {(int(family), version) for s in snapshots for family, version in s["families"].items()}
    asked = {"families": [family for family, _ in wanted], "versions": [version for _, version in wanted]}
    cursor = await connection.execute(Q["files"], asked)
    files = {(family, version): _text(doc) for family, version, doc in await cursor.fetchall()}
    return [_past(row, kept, files) for row, kept in zip(rows, snapshots, strict=True)]


def _past(row: tuple[Any, ...], kept: Mapping[str, Any], files: Mapping[tuple[int, int], bytes]) -> PastEvent:
    no, id, kind, publisher, topic, partition, offset, raw, facts, policy = row
    families = {f: files[int(f), v] for f, v in kept["families"].items() if (int(f), v) in files}
    return PastEvent(
        no, id, kind, publisher, topic, partition, offset, bytes(raw), bytes(facts), policy, kept["cover"], families
    )


def _text(doc: Any) -> bytes:
    return doc.encode() if isinstance(doc, str) else bytes(doc)
