"""Delay at a steady rate: from the broker's timestamp of an input record until a recipient holds the summary."""

import asyncio
import time
from collections.abc import Sequence
from typing import NamedTuple

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.borough.published import Published
from deploy.supervise import Roles
from tests.bench.arrivals import delivered, mark, places
from tests.bench.figures import Latency
from tests.bench.meter import Meter, Sample, others_busy, used
from tests.bench.publish import Paced, pace
from tests.bench.throughput import is_owed
from tests.bench.world import World

RATE = 200.0
WARM_UP_SECONDS = 6.0
PATIENCE_SECONDS = 10.0
WATCHED = 12
"""Recipients read while the rate lasts. All are counted afterwards, but one aiokafka consumer of a hundred topics asks
for each of them in every fetch, and would take half a core from what is measured."""


STAGES = (
    "until the router's transaction begins",
    "in the router's transaction, until the delivery worker's begins",
    "until the record is in the recipient's topic",
    "until the recipient holds it",
)
TIMES = """
SELECT v.id::text, extract(epoch FROM v.kept_at), extract(epoch FROM a.marked_at)
FROM delivery v JOIN sent s ON s.no = v.no JOIN attempt a ON a.no = s.attempt WHERE v.no > %s
"""


class Held(NamedTuple):
    """One summary in the hands of its recipient; moments in seconds."""

    event: str
    delivery: str
    appended: float
    """When the broker put it into the recipient's topic."""
    at: float


def run(world: World, roles: Roles, events: Sequence[Published], busiest: Sequence[str]) -> Latency:
    """Publish `events` at the rate while the roles run; the first seconds warm up and do not count."""
    since = mark(world)
    result, paced, held = asyncio.run(_run(world, roles, events, watched(busiest)))
    deadline = time.perf_counter() + PATIENCE_SECONDS
    with world.connect() as connection:
        while time.perf_counter() < deadline:
            time.sleep(0.5)
            if not is_owed(connection):
                break
        times = {id: (float(kept), float(marked)) for id, kept, marked in connection.execute(TIMES, (since.delivery,))}
    result.stages = _stages(paced, held, times)
    result.delivered, _ = delivered(world, since)
    return result


def watched(busiest: Sequence[str]) -> list[str]:
    """A dozen recipients, from the busiest to the quietest."""
    step = max(1, len(busiest) // WATCHED)
    return list(busiest[::step][:WATCHED])


async def _run(
    world: World, roles: Roles, events: Sequence[Published], topics: list[str]
) -> tuple[Latency, Paced, list[Held]]:
    consumer = AIOKafkaConsumer(bootstrap_servers=world.stack.kafka_bootstrap, enable_auto_commit=False)
    producer = AIOKafkaProducer(bootstrap_servers=world.stack.kafka_bootstrap, acks="all")
    await consumer.start()
    await producer.start()
    held: list[Held] = []
    try:
        consumer.assign(await places(consumer, topics))
        await consumer.seek_to_end()
        reading = asyncio.create_task(_read(consumer, held))
        warm = int(RATE * WARM_UP_SECONDS)
        await pace(producer, events[:warm], RATE)
        meter = Meter(world, roles)
        first = meter.look()
        paced = await pace(producer, events[warm:], RATE)
        last = meter.look()
        await asyncio.sleep(2)
        reading.cancel()
    finally:
        await producer.stop()
        await consumer.stop()
    return _figures(paced, held, len(topics), first, last), paced, held


async def _read(consumer: AIOKafkaConsumer, held: list[Held]) -> None:
    """Every summary that comes."""
    while True:
        batches = await consumer.getmany(timeout_ms=1000)
        now = time.time()
        for records in batches.values():
            for record in records:
                data = orjson.loads(record.value)["data"]
                held.append(Held(data["event"]["id"], data["delivery_id"], record.timestamp / 1000, now))


def _figures(paced: Paced, held: list[Held], topics: int, first: Sample, last: Sample) -> Latency:
    waits = sorted((one.at - paced.taken_at[one.event]) * 1000 for one in held if one.event in paced.taken_at)
    events = len(paced.taken_at)

    def within(share: float) -> float:
        return waits[min(len(waits) - 1, int(len(waits) * share))] if waits else float("inf")

    return Latency(
        rate=RATE,
        events=events,
        watched=topics,
        samples=len(waits),
        p50=within(0.50),
        p90=within(0.90),
        p99=within(0.99),
        worst=waits[-1] if waits else float("inf"),
        late_by=paced.late_by * 1000,
        cpu={part: seconds * 1000 / events for part, seconds in used(first, last).items()},
        others_busy=others_busy(first, last),
    )


def _stages(paced: Paced, held: list[Held], times: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Where the delay comes from: all clocks are this computer's."""
    ways = [
        (paced.taken_at[one.event], *times[one.delivery], one.appended, one.at)
        for one in held
        if one.event in paced.taken_at and one.delivery in times
    ]
    means = [sum(way[i + 1] - way[i] for way in ways) / len(ways) * 1000 for i in range(len(STAGES))] if ways else []
    return dict(zip(STAGES, means, strict=False))
