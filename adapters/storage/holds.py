"""Legal holds: who said that nothing about a person may be deleted, why and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg.rows import class_row

from adapters.storage.connect import Connection
from adapters.storage.sql import queries

Q = queries("holds")


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold on one person; `holds` says whether it does today."""

    no: int
    person: str
    held_by: str
    held_at: datetime
    why: str
    until: date | None
    """Its last day; None: until it is released."""
    released_by: str | None
    released_at: datetime | None
    released_why: str | None
    holds: bool


async def hold(connection: Connection, now: datetime, person: str, by: str, why: str, until: date | None) -> int:
    """Nothing about this person is deleted until the last day, or until it is released; the hold's number."""
    asked = {"person": person, "by": by, "why": why, "until": until, "now": now}
    row = await (await connection.execute(Q["hold"], asked)).fetchone()
    return int(row[0]) if row else 0


async def release(connection: Connection, now: datetime, no: int, by: str, why: str) -> bool:
    """End a hold; False where there is none of that number, or somebody has ended it."""
    asked = {"no": no, "by": by, "why": why, "now": now}
    return (await connection.execute(Q["release"], asked)).rowcount == 1


async def holds(connection: Connection, now: datetime) -> list[Hold]:
    """Every hold that ever was, the newest first."""
    async with connection.cursor(row_factory=class_row(Hold)) as cursor:
        return await (await cursor.execute(Q["holds"], {"now": now})).fetchall()


async def people_held(connection: Connection, now: datetime) -> list[str]:
    """Everybody on whom there is a hold now, under every id that they were known by."""
    return [row[0] for row in await (await connection.execute(Q["people_held"], {"now": now})).fetchall()]


async def events_held(connection: Connection, people: Sequence[str], events: Sequence[int]) -> set[int]:
    """Of these events, those about one of these people: also where an adult of that name is only named in it."""
    if not people or not events:
        return set()
    asked = {"people": list(people), "events": list(events)}
    return {row[0] for row in await (await connection.execute(Q["events_held"], asked)).fetchall()}
