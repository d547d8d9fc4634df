"""On PostgreSQL: a router that withdraws rows and a sender that takes them, each in the middle of its transaction."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from adapters.storage.outbox import Q as OUTBOX
from adapters.storage.records import UNSENT
from router.accept import accept
from router.decide import decide
from router.events import Event
from router.ledger import Kept
from tests.agreements.books import BOOK
from tests.agreements.cases import SeenDelivery
from tests.agreements.postgres_case import PostgresCase
from tests.agreements.withdrawals import Withdrawals
from tests.stack import Database
from tests.story_events import cancel_of

INTAKE = Withdrawals()


@pytest.fixture
async def case(database: Database) -> AsyncIterator[PostgresCase]:
    case = PostgresCase(database.dsn)
    await case.open()
    yield case
    await case.end()


async def summaries(case: PostgresCase) -> list[SeenDelivery]:
    return [d for d in await case.deliveries() if d.kind == "summary"]


async def test_a_sender_that_is_taking_them_is_not_waited_for_and_they_are_withdrawn(
    case: PostgresCase, database: Database
) -> None:
    said = await INTAKE._kept(case)
    leases = await case.ledger.lease("one", 15, 16)
    asked = {"lanes": [x.lane for x in leases], "fences": [x.fence for x in leases], "worker": "one"}
    async with await psycopg.AsyncConnection.connect(database.dsn) as sender:
        await sender.execute(OUTBOX["begin"], {**asked, "limit": 100, "only": None})
        await asyncio.wait_for(case.publish(cancel_of(said)), 5)
        await sender.commit()
    assert {d.state for d in await summaries(case)} == {"replaced"}
    due = await case.ledger.due(leases, 100)
    assert [d.kind for d in due] == ["withdrawal"] * 3 + ["answer"]


async def test_a_sender_that_comes_second_takes_none_of_them(case: PostgresCase) -> None:
    said = await INTAKE._kept(case)
    leases = await case.ledger.lease("one", 15, 16)
    held, go_on = asyncio.Event(), asyncio.Event()
    ledger = await case.another()

    async def cancels() -> None:
        async with ledger.taking() as batch:
            event = accept(case.records(cancel_of(said))[0], await ledger.cover())
            assert isinstance(event, Event)
            await batch.claim([event])
            material = await batch.gather([event])
            facts = material.facts_for(event)
            await batch.keep([Kept(event, facts, decide(event, facts, BOOK))], material, [], [], [])
            held.set()
            await go_on.wait()

    router = asyncio.create_task(cancels())
    await asyncio.wait_for(held.wait(), 5)
    sender = asyncio.create_task(case.ledger.begin(leases, 100))
    await asyncio.sleep(0.2)
    go_on.set()
    await router
    _, numbered = await sender
    assert [n.due.kind for n in numbered] == ["answer"], "to the publisher of the first"
    assert {d.state for d in await summaries(case)} == {UNSENT}
    assert (await case.reconcile())[3] == []
