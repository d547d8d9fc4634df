"""What is explained, and what would be simulated, is what was really sent: byte for byte, for 2,000 events."""

from random import Random

import orjson

from adapters.storage.connect import make_pool
from adapters.storage.postgres import PostgresLedger
from deploy.borough import events
from deploy.borough.morning import morning
from router.decide import decide
from router.directory import Cover
from router.events import Received
from router.explain import restored
from router.policy.book import rule_book
from router.take import take_in
from tests.bench.events import bench_events
from tests.journeys.installation import START, borough, load
from tests.stack import Database

EVENTS = 2_000
BATCH = 100


async def take_in_a_past(dsn: str) -> None:
    """A morning, some flags and 2,000 events more, as the router keeps them."""
    load(dsn, borough())
    town, book = borough(), rule_book()
    said = [published for _, published in morning(town, 3, START)]
    said += list(bench_events(town, 3, EVENTS, START))
    said += [events.flag(town, child, START, Random(1)) for child in town.children[:20]]
    records = [
        Received(one.publisher, one.value, one.key, f"events.{one.publisher}", 0, at) for at, one in enumerate(said)
    ]
    pool = make_pool(dsn, 2)
    await pool.open()
    ledger = PostgresLedger(pool, lambda: START)
    for at in range(0, len(records), BATCH):
        await take_in(records[at : at + BATCH], ledger, book)
    await pool.close()


async def test_deciding_again_from_what_was_kept_gives_the_same_bytes(database: Database) -> None:
    import psycopg

    await take_in_a_past(database.dsn)
    book = rule_book()
    with psycopg.connect(database.dsn) as connection:
        cover = Cover.read(1, orjson.loads(connection.execute("SELECT doc FROM cover_version").fetchone()[0]))  # type: ignore[index]
        files = {
            (family, version): orjson.loads(doc)
            for family, version, doc in connection.execute("SELECT family, version, doc FROM family_version")
        }
        sent: dict[int, dict[str, bytes]] = {}
        for no, delivery, body in connection.execute(
            "SELECT event_no, id::text, body FROM delivery WHERE event_no IS NOT NULL"
        ):
            sent.setdefault(no, {})[delivery] = bytes(body)
        kept = connection.execute('SELECT no, publisher, topic, partition, "offset", raw, facts, decision FROM event')
        compared = 0
        for no, publisher, topic, partition, offset, raw, facts, decision in kept:
            snapshot = orjson.loads(facts)
            families = {int(n): files[int(n), v] for n, v in snapshot["families"].items()}
            record = Received(publisher, bytes(raw), None, topic, partition, offset)
            plan = decide(*restored(record, snapshot, cover, families), book)
            assert {d.id: d.body for d in plan.deliveries} == sent.get(no, {}), f"event {no}"
            assert orjson.dumps(plan.decision()) == bytes(decision), f"event {no}"
            compared += 1
    assert compared >= EVENTS
