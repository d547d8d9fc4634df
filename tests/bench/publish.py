"""The publishers' side: events into their topics, all at once or at a steady rate."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiokafka import AIOKafkaProducer

from deploy.borough.published import Published
from tests.bench.events import bench_events
from tests.bench.world import EVENTS, World


def make_events(world: World, seed: int, count: int) -> list[Published]:
    """Events with ids of their own for each seed."""
    return list(bench_events(world.borough, seed, count, world.events_from()))


def preload(world: World, events: Sequence[Published]) -> float:
    """All events into their topics; the mean size of a record's value."""
    return asyncio.run(_preload(world, events))


async def _preload(world: World, events: Sequence[Published]) -> float:
    producer = AIOKafkaProducer(
        bootstrap_servers=world.stack.kafka_bootstrap, acks="all", linger_ms=5, max_batch_size=256 * 1024
    )
    await producer.start()
    size = 0
    try:
        for event in events:
            value = event.value
            size += len(value)
            await producer.send(EVENTS + event.publisher, value, key=event.key)
        await producer.flush()
    finally:
        await producer.stop()
    return size / len(events)


@dataclass
class Paced:
    """What a paced run sent: when the broker took each event, and how late the pacing was at its worst."""

    taken_at: dict[str, float] = field(default_factory=dict)
    """event id → the broker's timestamp in seconds."""
    late_by: float = 0.0


async def pace(producer: AIOKafkaProducer, events: Sequence[Published], rate: float) -> Paced:
    """Single records at a steady rate, open loop: a slow answer holds nothing up."""
    paced = Paced()
    values = [event.value for event in events]
    waiting: set[asyncio.Task[None]] = set()

    async def one(event: Published, value: bytes) -> None:
        answer = await producer.send_and_wait(EVENTS + event.publisher, value, key=event.key)
        paced.taken_at[event.id] = answer.timestamp / 1000

    began = time.perf_counter()
    for index, (event, value) in enumerate(zip(events, values, strict=True)):
        ahead = began + index / rate - time.perf_counter()
        if ahead > 0:
            await asyncio.sleep(ahead)
        else:
            paced.late_by = max(paced.late_by, -ahead)
        task = asyncio.create_task(one(event, value))
        waiting.add(task)
        task.add_done_callback(waiting.discard)
    while waiting:
        await asyncio.wait(set(waiting))
    return paced
