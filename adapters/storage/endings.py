"""What an event ends, withdraws or sets going again: clocks, deliveries, tasks, refusals that were mended."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from adapters.storage.connect import Connection, array, texts
from adapters.storage.lives import deaths_and_lives
from adapters.storage.sql import queries
from adapters.storage.turning import turn_clocks
from router.events import Event
from router.ledger import Kept
from router.plan import BY_ITSELF, HandOn, Meets

Q = queries("intake")


async def meet_clocks(connection: Connection, now: datetime, meets: Sequence[Meets]) -> None:
    """End the clocks that events meet, and hasten those that may not run on after them."""
    if meets:
        await connection.execute(Q["meet"], _named(meets, now))
        await connection.execute(Q["hasten"], _named(meets, now))


def _named(meets: Sequence[Meets], now: datetime) -> dict[str, Any]:
    """The clocks that events meet, as queries name them."""
    return {
        "children": [m.child for m in meets],
        "types": [m.type for m in meets],
        "things": [m.thing for m in meets],
        "now": now,
    }


async def keep_ends(
    connection: Connection, now: datetime, number: Callable[[Event], int], kept: Sequence[Kept]
) -> None:
    """What the events of a batch end, withdraw and set going again, in their order."""
    gone = [(id, number(k.event)) for k in kept for id in k.plan.withdrawn]
    if gone:
        await connection.execute(Q["withdraw"], {"ids": [g[0] for g in gone], "by": [g[1] for g in gone], "now": now})
        await connection.execute(Q["hand_back"], {"ids": [g[0] for g in gone]})
        await _take_from_the_queue(connection, [g[0] for g in gone], kept)
    if closes := [c for k in kept for c in k.plan.closes.items()]:
        tasks, reasons = (list(column) for column in zip(*closes, strict=True))
        await connection.execute(Q["close_tasks"], {"ids": tasks, "reasons": reasons, "by": BY_ITSELF, "now": now})
    turned = 0
    for n, k in enumerate(kept):
        if k.plan.lives:  # what came while its clocks stood still turned none of them: only what is replayed does
            await turn_clocks(connection, now, [t for before in kept[turned:n] for t in before.plan.turns])
            turned = n
        if k.plan.died or k.plan.lives:
            await deaths_and_lives(connection, now, [(number(k.event), k.plan)])
    await hand_on(connection, [h for k in kept for h in k.plan.hand_ons])
    if over := [(id, k.event.publisher) for k in kept if k.plan.replaces for id in _followed(k)]:
        ids, publishers = (list(column) for column in zip(*over, strict=True))
        await connection.execute(Q["stop_event_clocks"], {"ids": ids, "publishers": publishers, "now": now})
    meets: list[Meets] = []
    for k in kept:  # in their order: what meets a clock may be cancelled in the same batch
        if k.plan.unmeets:
            await meet_clocks(connection, now, meets)
            await connection.execute(Q["run_again"], _named(k.plan.unmeets, now))
            meets = []
        meets += k.plan.meets
    await meet_clocks(connection, now, meets)
    await turn_clocks(connection, now, [t for k in kept[turned:] for t in k.plan.turns])
    recorded = [k.event for k in kept if k.event.data.record_id and not k.plan.passed_over]
    if recorded:
        at = [e.received for e in recorded]
        await connection.execute(
            Q["mend"],
            {
                "publishers": texts(e.publisher for e in recorded),
                "records": texts(e.data.record_id or "" for e in recorded),
                "topics": texts(r.topic for r in at),
                "partitions": array(r.partition for r in at),
                "offsets": array(r.offset for r in at),
                "now": now,
            },
        )


def _followed(k: Kept) -> tuple[str, ...]:
    """The ids of the events whose later version this is."""
    return k.facts.earlier.of if k.facts.earlier else ()


async def hand_on(connection: Connection, handed: Sequence[HandOn]) -> None:
    """What will pass to other teams once they accept."""
    if handed:
        deliveries, children, from_teams, to_teams = (list(column) for column in zip(*handed, strict=True))
        asked = {"deliveries": deliveries, "children": children, "from_teams": from_teams, "to_teams": to_teams}
        await connection.execute(Q["hand_on"], asked)


async def _take_from_the_queue(connection: Connection, withdrawn: Sequence[str], kept: Sequence[Kept]) -> None:
    """What was withdrawn before anybody was sent it is not sent any more, and neither is its withdrawal."""
    rows = await (await connection.execute(Q["never_sent"], {"ids": withdrawn})).fetchall()
    unsent = {row[0] for row in rows}
    if needless := [d.id for k in kept for d in k.plan.deliveries if d.withdraws in unsent]:
        await connection.execute(Q["needless"], {"ids": needless})
