"""When a step of time is over: everything sent is taken, everything due has left, and no clock is overdue."""

import asyncio
from datetime import datetime
from time import monotonic

from deploy.demo.asked import ASKED
from deploy.demo.place import Place
from deploy.demo.wire import Wire
from router.policy.working_time import add_working_hours

PATIENCE_SECONDS = 30.0


class NotDrained(RuntimeError):
    """Something stands still; the text says how much of what."""


async def drained(place: Place, wire: Wire, now: datetime) -> None:
    """Wait until nothing is left to do at this moment. Raises NotDrained where that takes too long."""
    deadline = monotonic() + PATIENCE_SECONDS
    while left := await _left(place, wire, now):
        if monotonic() > deadline:
            raise NotDrained(f"not done after {PATIENCE_SECONDS:g} s: {left}")
        if ended := place.roles.keep():
            raise NotDrained(f"ended by itself: {', '.join(ended)}")
        await asyncio.sleep(0.02)


async def _left(place: Place, wire: Wire, now: datetime) -> str:
    """What is still to be done, in words; empty where nothing is."""
    if behind := await wire.behind():
        return f"{behind} partitions with records not taken"
    row = await (await place.ledger.execute(ASKED["left"])).fetchone()
    due, sending, overdue, sent = row or (0, 0, 0, 0)
    if due or sending:
        return f"{due} deliveries due and {sending} being sent"
    if overdue:
        return f"{overdue} clocks run out and not fired"
    if sent != len(wire.read):
        return f"{sent} deliveries sent and {len(wire.read)} read"
    return await _unheard(place, now)


async def _unheard(place: Place, now: datetime) -> str:
    """A publisher that is quiet beyond its usual rhythm must be a task by now."""
    gaps = {p.id: p.usual_gap_hours for p in place.borough.publishers}
    for publisher, last, is_task in await (await place.ledger.execute(ASKED["heard"])).fetchall():
        if not is_task and add_working_hours(last, gaps[publisher]) <= now:
            return f"the silence of {publisher} not noticed"
    return ""
