"""Who died, and who was recorded as dead in error, on PostgreSQL: clocks that stop for that, and run again."""

from collections.abc import Sequence
from datetime import datetime

from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from router.ledger import ReceiptIn
from router.plan import Plan
from router.receipts import needs_met, speaks_of, takes_on

Q, INTAKE = queries("lives"), queries("intake")


async def deaths_and_lives(connection: Connection, now: datetime, plans: Sequence[tuple[int, Plan]]) -> None:
    """What these events, in their order, stop for a child who died and let run on for one who did not."""
    died: list[tuple[str, str, int]] = []
    for no, plan in plans:
        if plan.lives:
            await _stop(connection, now, died)
            await _run_again(connection, now, plan.lives)
            died = []
        died += ((d.child, d.day, no) for d in plan.died)
    await _stop(connection, now, died)


async def _stop(connection: Connection, now: datetime, died: Sequence[tuple[str, str, int]]) -> None:
    if died:
        dead, days, events = (list(column) for column in zip(*died, strict=True))
        await connection.execute(Q["died"], {"children": dead, "days": days, "events": events, "now": now})


async def _run_again(connection: Connection, now: datetime, children: Sequence[str]) -> None:
    again = await (await connection.execute(Q["run_again"], {"children": list(children)})).fetchall()
    if not again:
        return
    deliveries = [row[1] for row in again if row[1]]
    gone = await (await connection.execute(Q["withdrawn"], {"deliveries": deliveries})).fetchall()
    if gone:
        await connection.execute(INTAKE["hand_back"], {"ids": [row[0] for row in gone]})
    rows = await (await connection.execute(Q["answers"], {"clocks": [row[0] for row in again]})).fetchall()
    for clock, own, team, id, delivery, state, at, kind, outcome, action, handed_on, needs, item in rows:
        receipt = ReceiptIn(id, team, delivery, state, at, "", "", "", kind, outcome=outcome, action=action)
        met = own and needs in needs_met(receipt, handed_on) and speaks_of(receipt, needs, item)
        ended = "met" if met or (needs == "take" and takes_on(receipt)) else None
        ended = "stopped" if own and state == "not-ours" else ended
        if ended:
            await connection.execute(Q["answered"], {"clock": clock, "state": ended, "how": state, "now": now})
