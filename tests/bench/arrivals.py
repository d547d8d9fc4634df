"""What recipients hold: every delivery of a run exactly once, by id, and nothing else."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.outbound.kafka import DELIVERY
from tests.bench.figures import Delivered
from tests.bench.world import STATUS, SUMMARIES, World

Ends = dict[TopicPartition, int]


async def _ends(world: World, topics: list[str]) -> Ends:
    consumer = AIOKafkaConsumer(bootstrap_servers=world.stack.kafka_bootstrap)
    await consumer.start()
    try:
        return dict(await consumer.end_offsets(await places(consumer, topics)))
    finally:
        await consumer.stop()


async def places(consumer: AIOKafkaConsumer, topics: list[str]) -> list[TopicPartition]:
    """All partitions of these topics; asked for together, for one by one each costs a look at the metadata."""
    for topic in topics:
        consumer._client.add_topic(topic)
    await consumer._client.force_metadata_update()
    return [TopicPartition(t, p) for t in topics for p in sorted(consumer.partitions_for_topic(t) or ())]


@dataclass(frozen=True)
class Mark:
    """A moment to count from: where the recipients' topics ended, and the ledger's last delivery."""

    ends: Ends
    delivery: int


def mark(world: World) -> Mark:
    """Now."""
    with world.connect() as connection:
        row = connection.execute("SELECT coalesce(max(no), 0) FROM delivery").fetchone()
    return Mark(asyncio.run(_ends(world, world.outputs)), int(str(row[0])) if row else 0)


def input_ends(world: World) -> dict[tuple[str, int], int]:
    """Where the publishers' topics end now, by topic and partition."""
    found = asyncio.run(_ends(world, world.inputs))
    return {(place.topic, place.partition): offset for place, offset in found.items()}


def delivered(world: World, since: Mark) -> tuple[Delivered, list[str]]:
    """Recipients' topics since then compared with the ledger's deliveries since; and the topics, the busiest first."""
    with world.connect() as connection:
        rows = connection.execute(
            "SELECT id::text, team, kind FROM delivery WHERE no > %s", (since.delivery,)
        ).fetchall()
    owed = {str(id): (STATUS if kind == "answer" else SUMMARIES) + str(team) for id, team, kind in rows}
    found, sizes = asyncio.run(_read(world, since.ends))
    seen: Counter[str] = Counter()
    strangers = 0
    for id, topic in found:
        if owed.get(id) == topic:
            seen[id] += 1
        else:
            strangers += 1
    answers = sum(topic.startswith(STATUS) for topic in owed.values())
    busiest = [t for t, _ in Counter(t for _, t in found).most_common() if t.startswith(SUMMARIES)]
    counted = Delivered(
        deliveries=len(owed) - answers,
        answers=answers,
        missing=len(owed) - len(seen),
        twice=sum(n - 1 for n in seen.values()),
        strangers=strangers,
        mean_bytes=sum(sizes) / len(sizes) if sizes else 0.0,
        topics=len(busiest),
    )
    return counted, busiest


async def _read(world: World, since: Ends) -> tuple[list[tuple[str, str]], list[int]]:
    """(delivery id, topic) of each record, and the sizes of summaries."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=world.stack.kafka_bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=4_000_000
    )
    await consumer.start()
    found: list[tuple[str, str]] = []
    sizes: list[int] = []
    try:
        now = await consumer.end_offsets(await places(consumer, sorted({place.topic for place in since})))
        left = {place for place in since if since[place] < now[place]}
        consumer.assign(list(left))
        for place in left:
            consumer.seek(place, since[place])
        while left:
            for place, records in (await consumer.getmany(timeout_ms=2000)).items():
                for record in records:
                    id = next((v.decode() for k, v in record.headers if k == DELIVERY), "")
                    found.append((id, place.topic))
                    if place.topic.startswith(SUMMARIES):
                        sizes.append(len(record.value))
                if records[-1].offset + 1 >= now[place]:
                    left.discard(place)
    finally:
        await consumer.stop()
    return found, sizes
