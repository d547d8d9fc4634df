"""Two routers, two notifications of one family at the same moment: the repeat is never missed (issue 3, part 6)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from random import Random

import orjson
import pytest

from adapters.storage.connect import make_pool
from adapters.storage.postgres import PostgresLedger
from deploy.borough import events, find
from router.events import Received
from router.ledger import Kept
from router.policy.book import rule_book
from router.take import take_in
from tests.journeys.installation import START, borough, load
from tests.stack import Database

PAIRS = 500
SAME = timedelta(hours=1)


@pytest.fixture
async def routers(database: Database) -> AsyncIterator[tuple[PostgresLedger, PostgresLedger]]:
    """Two routers' ledgers, each with connections of its own."""
    load(database.dsn, borough())
    pools = [make_pool(database.dsn, 2) for _ in range(2)]
    for pool in pools:
        await pool.open()
    one, two = (PostgresLedger(pool, lambda: START) for pool in pools)
    yield one, two
    for pool in pools:
        await pool.close()


async def test_of_two_notifications_at_the_same_moment_one_is_seen_as_a_repeat(
    routers: tuple[PostgresLedger, PostgresLedger],
) -> None:
    town, rng, book = borough(), Random(7), rule_book()
    mothers = [
        person
        for person in town.people
        if any(town.people[c].get("mother") == person for c in find.children_of(town, person))
    ]
    missed = []
    for pair in range(PAIRS):
        mother = mothers[pair % len(mothers)]
        moment = START + timedelta(minutes=pair // len(mothers) * 600_000)
        records = []
        for router in range(2):
            said = events.dart_notified(town, mother, moment, rng, risk="low")
            topic = f"events.{said.publisher}"
            records.append(Received(said.publisher, said.value, said.key, topic, router, pair))
        taken = await asyncio.gather(
            *(take_in([record], router, book) for record, router in zip(records, routers, strict=True))
        )
        if not any(knows_the_other(kept) for one in taken for kept in one.accepted):
            missed.append(pair)
        assert sum(len(one.accepted) for one in taken) == 2
    assert not missed, f"{len(missed)} of {PAIRS} repeats were missed"


def knows_the_other(kept: Kept) -> bool:
    """Whether it was decided knowing of the other, and every summary it sent says so.

    (One family of the borough is known to no team at all: there a person is asked, and nobody is told.)"""
    known = [
        h
        for past in kept.facts.history.values()
        for h in past
        if h.type == kept.event.type and h.thing != kept.plan.thing and abs(_moment(h.at) - kept.event.time) < SAME
    ]
    summaries = [orjson.loads(d.body)["data"] for d in kept.plan.deliveries if d.kind == "summary"]
    said = [any("domestic" in one["what"] for one in summary["context"].get("earlier", ())) for summary in summaries]
    return bool(known) and all(said)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
