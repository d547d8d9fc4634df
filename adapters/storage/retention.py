"""What has been kept long enough: counted first, and deleted only when a person says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters.storage.connect import Connection
from adapters.storage.holds import events_held, people_held
from adapters.storage.intake import Clock, now
from adapters.storage.sql import queries
from router.events import conflict_id

Q = queries("retention")
STEP = 1_000
MOST = 1_000_000
_IN_ORDER = (
    "delete_receipts",
    "delete_unfiled",
    "delete_hand_ons",
    "delete_claims",
    "delete_failures",
    "delete_replayed",
    "delete_fired",
    "delete_clocks",
    "hollow_tasks",
    "delete_matches",
    "delete_happenings",
    "hollow_deliveries",
    "hollow_events",
)


@dataclass(slots=True)
class PastKeeping:
    """What may be deleted: counts, and the numbers that say what."""

    years: int
    at: datetime
    events: list[int]
    refusals: list[str]
    conflicts: list[tuple[str, int, int]]
    """The places of second bodies of one event id; nobody is asked any more which is true."""
    oldest: datetime | None
    deliveries: int = 0
    receipts: int = 0
    clocks: int = 0
    still_open: int = 0
    """Events past keeping about which somebody still owes something: they stay."""
    held: int = 0
    """Events past keeping about somebody on whom there is a legal hold: they stay."""
    versions: int = 0
    """Old versions of families' files that no event names, once these events are gone."""


async def past_keeping(connection: Connection, years: int, clock: Clock = None) -> PastKeeping:
    """Events whose youngest child has had the birthday of that number; refused records and second bodies of that age.

    A child whose birth date is not known, and an event about nobody known, count from a year after it was accepted;
    nothing is past keeping before eight years, whoever it is about."""
    moment = await now(connection, clock)
    asked = {"years": years, "now": moment, "limit": MOST}
    rows = await _all(connection, "due", asked)
    people = await people_held(connection, moment)
    refusals = [] if people else [row[0] for row in await _all(connection, "refusals_due", asked)]
    conflicts = [] if people else await _conflicts_due(connection, asked)
    events = [row[0] for row in rows]
    owed = {row[0] for row in await _all(connection, "open_work", {"events": events})}
    oldest = min((row[1] for row in rows), default=None)
    held = await events_held(connection, people, events)
    found = PastKeeping(years, moment, [e for e in events if e not in owed | held], refusals, conflicts, oldest)
    found.still_open, found.held = len(owed - held), len(held)
    found.versions = len(await _old_versions(connection, people, found.events))
    found.deliveries, found.receipts, found.clocks = (await _all(connection, "follows", {"events": found.events}))[0]
    return found


async def delete(
    connection: Connection, found: PastKeeping, moved: Callable[[int, int], None] = lambda done, of: None
) -> None:
    """Delete what was found, in steps that are committed one by one; what is already gone is no error.

    What names nobody stays, so that the account balances for ever and nothing is taken in twice: an event's id, type
    and counts, a delivery's id, team and number, a task's words."""
    people = await people_held(connection, found.at)
    for start in range(0, len(found.events), STEP):
        step = found.events[start : start + STEP]
        held = await events_held(connection, people, step)  # a hold that came while the first were deleted
        asked = {"events": [e for e in step if e not in held]}
        for name in _IN_ORDER:
            await connection.execute(Q[name], asked)
        await connection.commit()
        people = await people_held(connection, found.at)
        moved(start + len(step), len(found.events))
    for start in range(0, len(found.refusals), STEP):
        await connection.execute(Q["delete_refusals"], {"ids": found.refusals[start : start + STEP]})
        await connection.commit()
    for start in range(0, len(found.conflicts), STEP):
        places = found.conflicts[start : start + STEP]
        topics, partitions, offsets = zip(*places, strict=True)
        gone = {"topics": list(topics), "partitions": list(partitions), "offsets": list(offsets)}
        await connection.execute(Q["hollow_conflicts"], gone | {"tasks": [conflict_id(*p) for p in places]})
        await connection.commit()
    if not people:
        for name in ("hollow_answers", "hollow_other_tasks"):
            await connection.execute(Q[name], {"years": found.years, "now": found.at})
    old = await _old_versions(connection, people, ())
    for start in range(0, len(old), STEP):
        families, versions = zip(*old[start : start + STEP], strict=True)
        await connection.execute(Q["delete_versions"], {"families": list(families), "versions": list(versions)})
        await connection.commit()
    await connection.commit()


async def _conflicts_due(connection: Connection, asked: dict[str, Any]) -> list[tuple[str, int, int]]:
    """Those of that age of which nobody must still say which body is true."""
    places = {conflict_id(*row): row for row in await _all(connection, "conflicts_due", asked)}
    still = {row[0] for row in await _all(connection, "tasks_open", {"ids": list(places)})}
    return [(topic, partition, at) for task, (topic, partition, at) in places.items() if task not in still]


async def _old_versions(connection: Connection, people: Sequence[str], besides: Sequence[int]) -> list[tuple[int, int]]:
    """Versions of files that nothing names, `besides` these events, in which nobody is held."""
    asked = {"people": list(people), "events": list(besides), "limit": MOST}
    return [(family, version) for family, version in await _all(connection, "old_versions", asked)]


async def _all(connection: Connection, name: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    return await (await connection.execute(Q[name], asked)).fetchall()
