"""Clocks that events turn without ending them, on PostgreSQL: read under lock, turned by the router's rule, written."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from router.plan import Clock, Step, Turn, Turns
from router.turns import Course, turned, turns_from, turns_kept

Q = queries("turning")


def clock_from(row: Sequence[Any]) -> Clock:
    """A clock as its row has it: the first fourteen columns of `due`."""
    id, flow, paragraph, words, child, team, delivery, task, needs, starts, steps, met_by, at_once_on, thing = row
    return Clock(
        id=id,
        flow=flow,
        paragraph=paragraph,
        words=words,
        child=child,
        team=team,
        delivery=delivery,
        needs=needs,
        starts=starts,
        steps=tuple(Step(datetime.fromisoformat(due), owner) for due, owner in orjson.loads(steps)),
        met_by=tuple(filter(None, met_by.split(","))),
        at_once_on=tuple(filter(None, at_once_on.split(","))),
        thing=thing,
        task=task,
    )


def written(turns: Turns | None) -> str | None:
    """What may turn a clock, as its column has it."""
    return None if turns is None else orjson.dumps(turns_kept(turns)).decode()


@lru_cache(maxsize=4096)
def ladder(steps: tuple[Step, ...]) -> str:
    """A clock's rungs, as their column has them; clocks of one batch share theirs."""
    return orjson.dumps([tuple(s) for s in steps]).decode()


async def turn_clocks(connection: Connection, now: datetime, turns: Sequence[Turn]) -> None:
    """Pause, resume, re-rate or answer what these events turn, in their order; most events turn nothing."""
    if not turns:
        return
    cursor = await connection.execute(Q["turnable"], {"children": list({t.child for t in turns})})
    for row in await cursor.fetchall():
        clock = clock_from(row[:14])._replace(turns=turns_from(orjson.loads(row[14])))
        before = course = Course(clock, row[15], row[16], row[17], row[18])
        for turn in turns:
            course = turned(course, turn) or course
        if course is not before:
            after = {
                "id": clock.id,
                "steps": ladder(course.clock.steps),
                "due": course.due,
                "state": course.state,
                "turns": written(course.clock.turns),
                "how": course.how,
                "ended_at": now if course.state == "met" else None,
            }
            await connection.execute(Q["turn"], after)
