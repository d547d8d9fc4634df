"""What is particular to Kafka as a way in: whatever a publisher may put on its topic is handed on, bytes and all."""

import asyncio
import gc
import uuid
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapters.inbound.kafka import EVENTS, Progress, make_broker, subscribe
from deploy.local import Stack
from router.events import Received

CODECS = ("uncompressed", "gzip", "snappy", "lz4", "zstd")


async def made_topics(stack: Stack, *topics: NewTopic) -> AIOKafkaAdminClient:
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    await admin.create_topics(list(topics))
    return admin


async def taken(stack: Stack, publishers: Sequence[str], count: int, group: str) -> list[Received]:
    """What the subscriber hands on until that many records came."""
    found: list[Received] = []
    enough = asyncio.Event()

    async def read(records: Sequence[Received]) -> Sequence[Received]:
        return records

    async def keep(records: Sequence[Received]) -> None:
        found.extend(records)
        if len(found) >= count:
            enough.set()

    broker = make_broker({"bootstrap_servers": stack.kafka_bootstrap})
    acknowledged = asyncio.Event()

    def passed(border: str) -> None:
        if border == "after_offset_commit" and enough.is_set():
            acknowledged.set()

    reading = subscribe(
        broker, EVENTS, [EVENTS + p for p in publishers], read, keep, group=group, member=None, progress=Progress(),
        passed=passed,
    )  # fmt: skip
    await broker.start()
    try:
        await asyncio.wait_for(acknowledged.wait(), 20)
        await reading.done()  # an earlier batch may be acknowledged still, and the last one after it
        reading.let_go()
    finally:
        await broker.stop()
    return found


async def test_records_are_read_however_their_publisher_compressed_them(stack: Stack) -> None:
    mark = uuid.uuid4().hex[:8]
    publishers = {codec: f"{codec}-{mark}" for codec in CODECS}
    admin = await made_topics(
        stack, *(NewTopic(EVENTS + p, 1, 1, topic_configs={"compression.type": c}) for c, p in publishers.items())
    )
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap) as producer:
        for publisher in publishers.values():
            await producer.send_and_wait(EVENTS + publisher, b"said by " + publisher.encode() * 50)
    found = await taken(stack, list(publishers.values()), len(publishers), f"codecs-{mark}")
    await admin.close()
    assert {r.publisher: r.raw for r in found} == {p: b"said by " + p.encode() * 50 for p in publishers.values()}


async def test_odd_keys_headers_and_values_are_handed_on_as_they_are_and_acknowledged(stack: Stack) -> None:
    publisher = f"odd-{uuid.uuid4().hex[:8]}"
    topic = EVENTS + publisher
    admin = await made_topics(stack, NewTopic(topic, 2, 1))
    odd = [
        (b"\xff\xfe", b"\xff", [("content-type", b"\xff\xfe")]),
        (None, b"{}", [("reply_to", b"events.other"), ("reply_to", b"\xff")]),
        (b"", None, []),
        (b"k" * 5000, b"", [("", b""), ("correlation_id", b"\x00")]),
        (b"k", b"[" * 60_000, []),
        (b"k", b"x" * 900_000, []),
    ]
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap, max_request_size=2_000_000) as producer:
        for n, (key, value, headers) in enumerate(odd):
            await producer.send_and_wait(topic, value, key=key, headers=headers, partition=n % 2)
    found = await taken(stack, [publisher], len(odd), f"odd-{publisher}")
    offsets = await admin.list_consumer_group_offsets(f"odd-{publisher}")
    await admin.close()
    assert sorted((r.partition, r.offset) for r in found) == [(p, n) for p in (0, 1) for n in range(3)]
    assert {(r.key, r.raw) for r in found} == {(key, value) for key, value, _ in odd}
    assert {place: at.offset for place, at in offsets.items()} == {TopicPartition(topic, p): 3 for p in (0, 1)}


async def test_what_was_kept_is_not_held_in_memory(stack: Stack) -> None:
    publisher, count = f"many-{uuid.uuid4().hex[:8]}", 60
    admin = await made_topics(stack, NewTopic(EVENTS + publisher, 1, 1))
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=stack.kafka_bootstrap) as producer:
        for _ in range(count):
            await producer.send_and_wait(EVENTS + publisher, b"x" * 100)
    gc.collect()
    gc.disable()  # as good as it is in the processes: it may come once an hour
    try:
        assert len(await taken(stack, [publisher], count, f"many-{publisher}")) == count
        held = sum(isinstance(o, ConsumerRecord) and o.topic == EVENTS + publisher for o in gc.get_objects())
    finally:
        gc.enable()
    assert held == 0
