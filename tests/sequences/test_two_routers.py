"""Two routers at once on one family, on a real PostgreSQL: as if one had come after the other, whichever was first."""

import asyncio
import os
from collections.abc import Sequence

import pytest

from router.events import Received
from router.policy.book import rule_book
from router.receipts import take_receipts
from router.take import take_in
from tests.agreements.cases import Case
from tests.agreements.memory_case import MemoryCase
from tests.agreements.postgres_case import PostgresCase
from tests.sequences.play import Played
from tests.stack import Database

ROUNDS = 6
SEEDS = range(300, 300 + max(int(os.environ.get("SHAREWELL_SEQUENCES", "0")) // 5, 3))


async def take(record: Received, case: Case, ledger: object = None) -> None:
    """One record or receipt, by one router."""
    work = take_receipts if record.topic.startswith("receipts.") else take_in
    await work([record], ledger or case.ledger, rule_book())  # type: ignore[operator]


async def kept(case: Case) -> dict[str, object]:
    """What both must agree on: who was told what, what is owed, and what is left to a person."""
    return {
        "deliveries": sorted((d.id, d.kind, d.child, d.team, d.because) for d in await case.deliveries()),
        "clocks": sorted((c.id, c.delivery, c.state, c.due, c.how) for c in await case.clocks()),
        "tasks": sorted((t.id, t.kind, t.owner, t.state) for t in await case.tasks()),
        "incidents": sorted(await case.incidents(), key=str),
    }


async def replayed(played: Played, records: Sequence[Received]) -> MemoryCase:
    """The same records one after the other, in memory."""
    case = MemoryCase()
    await case.load(*(h.doc for h in played.households), teams=played.teams)
    for record in records:
        await take(record, case)
    return case


@pytest.mark.parametrize("seed", SEEDS)
async def test_two_at_once_are_as_one_after_the_other(seed: int, database: Database) -> None:
    postgres = PostgresCase(database.dsn)
    await postgres.open()
    try:
        played = Played(seed, postgres)
        played.households = played.households[:1]
        await played.begin()
        routers = [await postgres.another(), await postgres.another()]
        before: list[Received] = []
        for _ in range(ROUNDS):
            two = [*(await played.records(1)), *(await played.records(1))]
            if played.rng.random() < 0.4 and (answer := await played.receipt()):
                two = [*two[:1], answer]
            await asyncio.gather(*(take(r, postgres, by) for r, by in zip(two, routers, strict=False)))
            now = await kept(postgres)
            orders = [[*before, *two], [*before, *reversed(two)]]
            fits = [o for o in orders if await kept(await replayed(played, o)) == now]
            assert fits, played.log
            before = fits[0]
        await played.wait(0)
        assert (await postgres.reconcile())[3] == []
    finally:
        await postgres.end()
