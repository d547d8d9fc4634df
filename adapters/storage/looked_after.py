"""The register of looked-after children, read from the families' files and the clocks (F29)."""

from datetime import datetime
from typing import Any, LiteralString

import orjson

from adapters.storage.connect import Connection
from adapters.storage.intake import Clock, now
from adapters.storage.sql import queries
from router.looked_after import FLOWS, Entry, Waiting, ids_of, register
from router.plan import task_left_by
from router.turns import turns_from

Q = queries("looked_after")


class LookedAfter:
    """Who is looked after now, and what is due for each."""

    def __init__(self, connection: Connection, clock: Clock = None) -> None:
        self._connection, self._clock = connection, clock

    async def register(self) -> tuple[list[Entry], datetime]:
        """Every child on it, those with most overdue first; and the moment at which that is so."""
        moment = await now(self._connection, self._clock)
        families = [orjson.loads(row[0]) for row in await self._all("files")]
        people = list(ids_of(families, moment))
        waiting = [_waiting(row) for row in await self._all("waiting", people=people, flows=list(FLOWS))]
        left = [task_left_by(w.id) for w in waiting if w.state == "exhausted"]
        open_tasks = frozenset(row[0] for row in await self._all("open_tasks", tasks=left))
        return register(families, waiting, open_tasks, moment), moment

    async def _all(self, name: LiteralString, **asked: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(Q[name], asked)).fetchall()


def _waiting(row: tuple[Any, ...]) -> Waiting:
    id, child, flow, words, state, steps, turns = row
    past = turns_from(orjson.loads(turns)).past if turns else ()
    due = datetime.fromisoformat(orjson.loads(steps)[0][0])
    return Waiting(id, child, flow, words, state, due, past[-1].why if past and state == "paused" else None)
