"""Is everything accepted accounted for? Reads the ledger against itself; what is found names ids and nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.storage.connect import Connection
from adapters.storage.intake import Clock, now
from adapters.storage.sql import queries

Q = queries("reconcile")
STEP = 20_000
OLD_SECONDS = 300
"""What is unsettled for longer is stuck."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold: its query, what is wrong when rows come, and what to do then."""

    name: str
    words: str
    mend: str
    by_range: bool = False


CHECKS = (
    Check(
        "not_the_sum",
        "rows considered are not the sum of outcomes",
        "The row was changed after it was kept. Compare: sharewell explain EVENT",
    ),
    Check(
        "claimed_not_kept",
        "an id was claimed without an event, or the reverse",
        "One transaction writes both: restore the row from a backup, or ask the publisher to send the event anew.",
    ),
    Check("past_position", "records are kept beyond their partition's position", "Restore the table `position`."),
    Check(
        "nowhere",
        "deliveries are neither due nor sent",
        "Nobody will send them. Put them back: insert their row into `due`, then see sharewell log --state kept",
    ),
    Check(
        "needed_withdrawals",
        "a withdrawal is not sent of what was sent",
        "The team still acts on what no longer stands: tell it now. See: sharewell show DELIVERY",
    ),
    Check("due_for_nothing", "due work has no delivery", "Delete the row of `due`; see what removed the delivery."),
    Check(
        "gaps",
        "the numbers of a child and team have a gap",
        "Its recipient will ask for the missing one. See what removed the row of `sent`: sharewell show DELIVERY",
    ),
    Check(
        "stuck",
        "attempts have been sending for too long",
        "Is a delivery worker running? Another takes its lanes over after the lease: sharewell run deliver",
    ),
    Check("unfired", "clocks have run out and not fired", "Is a clock worker running? sharewell run clocks"),
    Check("refusals_without_clock", "open refusals have no clock", "Claim and close each: sharewell refused"),
    Check("tasks_without_clock", "open tasks have no clock", "Claim and close each: sharewell tasks"),
    Check(
        "told_without_delivery",
        "a verdict says told and there is no delivery",
        "Tell them now: take the event in again from its topic, and see what removed the delivery.",
        True,
    ),
    Check(
        "delivery_without_verdict",
        "a summary was made that no verdict asked for",
        "It may have told somebody who must not know: treat it as an incident. See: sharewell show DELIVERY",
        True,
    ),
    Check(
        "nobody_without_task",
        "nobody was found and no task was made",
        "Decide who must be told: sharewell explain EVENT",
        True,
    ),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold, of which ids, and what to do."""

    check: str
    words: str
    mend: str
    ids: tuple[str, ...]


@dataclass(slots=True)
class Sums:
    """Accepted = the sum of outcomes, and where every delivery is."""

    events: int = 0
    considered: int = 0
    told: int = 0
    not_applicable: int = 0
    withheld: int = 0
    nobody_found: int = 0
    withdrawn_before_sending: int = 0
    """Deliveries that were told of and never sent, withdrawals of such included."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far an input partition is kept; offsets without a row of their own are records that were sent twice."""

    topic: str
    partition: int
    next: int
    first: int
    rows: int


@dataclass(slots=True)
class Reconciled:
    """The whole account; `faults` is empty when it balances."""

    sums: Sums = field(default_factory=Sums)
    faults: list[Fault] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


async def reconcile(
    connection: Connection, clock: Clock = None, moved: Callable[[int, int], None] = lambda done, of: None
) -> Reconciled:
    """Run every check; `moved` hears of the events looked at. Reads only, in one snapshot."""
    await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    found = Reconciled()
    first, last, events = (await _all(connection, "ends"))[0]
    found.sums = Sums(events, *(await _all(connection, "sums"))[0])
    found.sums.withdrawn_before_sending = (await _all(connection, "unsent"))[0][0]
    asked = {"now": await now(connection, clock), "old": OLD_SECONDS}
    for check in CHECKS:
        ids: list[str] = []
        if not check.by_range:
            ids = [row[0] for row in await _all(connection, check.name, asked)]
        else:
            for start in range(first, last + 1, STEP):
                span = {"first": start, "last": min(last, start + STEP - 1)}
                ids += [row[0] for row in await _all(connection, check.name, span)]
                moved(span["last"] - first + 1, last - first + 1)
        if ids:
            found.faults.append(Fault(check.name, check.words, check.mend, tuple(dict.fromkeys(ids))))
    found.places = [
        Place(topic, partition, following, start or 0, rows or 0)
        for topic, partition, following, start, rows in await _all(connection, "positions")
        if topic.startswith("events.")
    ]
    return found


async def offsets_without_row(connection: Connection, place: Place, first: int, following: int) -> list[int]:
    """Offsets of a partition, from one up to another, that no event, refusal or conflict came from."""
    asked = {"topic": place.topic, "partition": place.partition, "first": first, "next": following, "limit": 10_000}
    return [row[0] for row in await _all(connection, "missing_offsets", asked)]


async def sent_before(connection: Connection, publisher: str, records: Sequence[tuple[int, str, bytes]]) -> set[int]:
    """Of (offset, event id, digest), the offsets of what is kept with that digest under that id."""
    asked = {
        "publisher": publisher,
        "at": [r[0] for r in records],
        "ids": [r[1] for r in records],
        "digests": [r[2] for r in records],
    }
    return {row[0] for row in await _all(connection, "in_inbox", asked)}


async def receipts_kept(
    connection: Connection, topic: str, partition: int, team: str, said: Sequence[tuple[int, str | None, str | None]]
) -> set[int]:
    """Of (offset, receipt's id, delivery), the offsets that left something: a receipt, an incident or a refusal."""
    asked = {
        "topic": topic,
        "partition": partition,
        "team": team,
        "at": [s[0] for s in said],
        "ids": [s[1] for s in said],
        "deliveries": [s[2] for s in said],
    }
    return {row[0] for row in await _all(connection, "receipts_kept", asked)}


async def _all(connection: Connection, name: str, asked: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    return await (await connection.execute(Q[name], asked)).fetchall()
