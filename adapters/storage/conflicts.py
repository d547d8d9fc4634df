"""One event id that came with two bodies: what both said, for the person who must say which is true."""

from collections.abc import Sequence
from datetime import datetime

from adapters.storage.connect import Connection
from adapters.storage.rows import RefusalRow
from adapters.storage.sql import queries
from contracts.problems import problem
from router.events import conflict_id

Q = queries("conflicts")


async def conflicts(
    connection: Connection,
    *,
    id: str | None = None,
    publisher: str | None = None,
    since: datetime | None = None,
    closed: bool = False,
) -> list[RefusalRow]:
    """Second bodies of known ids as the refused records they are, under the ids of their tasks, the oldest first.

    Which task asks about which record follows from the record's place, so that no bytes are read."""
    asked = {"id": id, "publisher": publisher, "since": since, "closed": closed}
    tasks = {row[0]: row[1:] for row in await (await connection.execute(Q["tasks_of_conflicts"], asked)).fetchall()}
    moments = list({row[0] for row in tasks.values()})
    cursor = await connection.execute(Q["places_of_conflicts"], {"moments": moments})
    told = [problem("id-conflict", "id").model_dump()]
    found = []
    for sender, topic, partition, offset, event, at in await cursor.fetchall():
        task = conflict_id(topic, partition, offset)
        if task in tasks:
            row = (task, sender, topic, partition, offset, told, event, None, None, at)
            found.append(RefusalRow(*row, *tasks[task][1:]))
    return found


async def conflict_bodies(connection: Connection, task: str) -> tuple[bytes | None, bytes | None] | None:
    """What was routed under the id and what came after it (None where it is not kept); None: no such task."""
    rows: Sequence[RefusalRow] = await conflicts(connection, id=task, closed=True)
    if not rows:
        return None
    at = {"topic": rows[0].topic, "partition": rows[0].partition, "offset": rows[0].offset}
    first, second = (await (await connection.execute(Q["both_bodies"], at)).fetchall())[0]
    return bytes(first) if first else None, bytes(second) if second else None
