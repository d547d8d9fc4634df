"""Deliveries out to Kafka: idempotent batches by partition; after any failure the producer is ended and rebuilt."""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from zlib import crc32

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.producer.message_accumulator import BatchBuilder

from router.compose import numbered
from router.deliver import Sent
from router.ledger import Numbered, Unresolved

SUMMARIES, STATUS = "summaries.", "status."
DELIVERY = "sharewell-delivery"
CONTENT = ("content-type", b"application/cloudevents+json")
NO_TOPIC = "no-such-topic"
SKEW = timedelta(minutes=2)
"""How far the database's clock and the broker's may differ when the tail is read."""

log = structlog.get_logger()


def topic_of(n: Numbered) -> str:
    """Where a delivery goes."""
    return (STATUS if n.due.kind == "answer" else SUMMARIES) + n.due.team


def key_of(n: Numbered) -> bytes:
    """An opaque key that keeps one child's records for one team in order."""
    return blake2b(f"{n.due.team}\x1f{n.due.child or ''}".encode(), digest_size=8).hexdigest().encode()


class KafkaChannel:
    """The one way out to Kafka: at least once, in order for each child and team (reliability.md, 1.1)."""

    def __init__(self, kafka: dict[str, Any], *, timeout: float = 30.0, linger_ms: int = 0) -> None:
        self._kafka, self._timeout, self._linger_ms = kafka, timeout, linger_ms
        self._producer: AIOKafkaProducer | None = None
        self._unsure: dict[str, datetime] = {}
        """Deliveries that may have arrived, for all that was heard, and when they were first marked *sending*."""

    async def start(self) -> None:
        """Make the producer now rather than with the first delivery."""
        await self._ready()

    async def _ready(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                **self._kafka,
                acks="all",
                enable_idempotence=True,
                linger_ms=self._linger_ms,
                max_batch_size=256 * 1024,
                max_request_size=1_000_000,
                request_timeout_ms=int(self._timeout * 1000),
            )
            try:
                await asyncio.wait_for(producer.start(), self._timeout)
            except BaseException:
                await _end(producer)
                raise
            self._producer = producer
        return self._producer

    async def send(self, batch: Sequence[Numbered]) -> Sent:
        """Send all; of whatever did not provably arrive the outcome is unknown and it is sent again later, if it is
        not found at its destination then."""
        sent = Sent()
        try:
            sent.arrived += await self._arrived_after_all(batch)
            producer = await self._ready()
        except Exception as error:
            sent = Sent(away=True)
            _fail(sent, batch, type(error).__name__)
        else:
            there = {n.due.id for n in sent.arrived}
            by_topic: dict[str, list[Numbered]] = {}
            for n in batch:
                if n.due.id not in there:
                    by_topic.setdefault(topic_of(n), []).append(n)
            deadline = asyncio.get_running_loop().time() + self._timeout
            await self._learn(producer, by_topic, deadline)
            waiting = [(rows, await self._begun(producer, topic, rows, deadline)) for topic, rows in by_topic.items()]
            for rows, results in waiting:
                if failure := await _error_of(results, deadline):
                    _fail(sent, rows, failure)
                    self._unsure |= {n.due.id: n.marked_at for n in rows if failure != NO_TOPIC} | self._unsure
                else:
                    sent.arrived += rows
            for n in sent.arrived:
                self._unsure.pop(n.due.id, None)
        if any(error != NO_TOPIC for error in sent.errors.values()):
            await self._rebuild()
            kinds = sorted(set(sent.errors.values()))
            log.warning("sending failed, the outcome is unknown", error_type=kinds[0], failed=len(sent.failed))
        return sent

    async def _arrived_after_all(self, batch: Sequence[Numbered]) -> list[Numbered]:
        """Of what an earlier try left unsure, all that did arrive: Kafka may have ended before it could say so."""
        left = [Unresolved(0, self._unsure[n.due.id], n) for n in batch if n.due.id in self._unsure]
        there = await self.arrived(left)
        return [u.numbered for u in left if u.numbered.due.id in there]

    async def _begun(
        self, producer: AIOKafkaProducer, topic: str, rows: Sequence[Numbered], deadline: float
    ) -> list["asyncio.Future[Any]"] | str:
        """What to await for one topic, or why it was not begun: one that fails takes no other with it."""
        try:
            async with asyncio.timeout_at(deadline):
                return await self._begin(producer, topic, rows) if await self._has(producer, topic) else NO_TOPIC
        except Exception as error:
            return type(error).__name__

    async def _learn(self, producer: AIOKafkaProducer, topics: Iterable[str], deadline: float) -> None:
        """Ask for the partitions of all topics not met before in one request: one a topic would take seconds."""
        unknown = [t for t in topics if not producer.client.cluster.partitions_for_topic(t)]
        for topic in unknown:
            producer.client.add_topic(topic)
        if unknown:
            with suppress(Exception):  # `_has` asks again for each, and says what it met
                async with asyncio.timeout_at(deadline):
                    await producer.client.force_metadata_update()

    async def _has(self, producer: AIOKafkaProducer, topic: str) -> bool:
        cluster = producer.client.cluster
        if cluster.partitions_for_topic(topic):
            return True
        await asyncio.wait_for(producer.client.force_metadata_update(), self._timeout)
        return bool(cluster.partitions_for_topic(topic))

    async def _begin(
        self, producer: AIOKafkaProducer, topic: str, rows: Iterable[Numbered]
    ) -> list["asyncio.Future[Any]"]:
        """Batches by partition, in order; the size is checked here, for `send_batch` does not (A17)."""
        partitions = sorted(producer.client.cluster.partitions_for_topic(topic) or ())
        builders: dict[int, BatchBuilder] = {}
        futures = []
        for n in rows:
            key = key_of(n)
            partition = partitions[crc32(key) % len(partitions)]
            value = numbered(n.due.body, n.sequence)
            headers = [CONTENT, (DELIVERY, n.due.id.encode())]
            builder = builders.get(partition) or builders.setdefault(partition, producer.create_batch())
            if builder.append(timestamp=None, key=key, value=value, headers=headers) is None:
                builder.close()
                futures.append(await producer.send_batch(builder, topic, partition=partition))
                builder = builders[partition] = producer.create_batch()
                builder.append(timestamp=None, key=key, value=value, headers=headers)
        for partition, builder in builders.items():
            builder.close()
            futures.append(await producer.send_batch(builder, topic, partition=partition))
        return futures

    async def _rebuild(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _end(producer)

    async def stop(self) -> None:
        """End the producer; nothing is flushed, for what was not awaited is not marked sent."""
        await self._rebuild()

    async def arrived(self, left: Sequence[Unresolved]) -> set[str]:
        """Of deliveries left in *sending*, the ids that stand at the tail of their topics."""
        if not left:
            return set()
        since = min(u.unsure_since for u in left) - SKEW
        consumer = AIOKafkaConsumer(
            **self._kafka,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="earliest",
        )
        try:
            await asyncio.wait_for(consumer.start(), self._timeout)
            return await asyncio.wait_for(
                _read_tail(consumer, {topic_of(u.numbered) for u in left}, since, {u.numbered.due.id for u in left}),
                self._timeout * 4,
            )
        finally:
            with suppress(Exception):
                await asyncio.wait_for(consumer.stop(), self._timeout)


async def _read_tail(consumer: AIOKafkaConsumer, topics: set[str], since: datetime, ids: set[str]) -> set[str]:
    places = []
    for topic in topics:
        consumer._client.add_topic(topic)
    await consumer._client.force_metadata_update()
    for topic in topics:
        places += [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic) or ()]
    if not places:
        return set()
    consumer.assign(places)
    starts = await consumer.offsets_for_times({p: int(since.timestamp() * 1000) for p in places})
    ends = await consumer.end_offsets(places)
    open_places = set()
    for place in places:
        start = starts.get(place)
        if start is not None and start.offset < ends[place]:
            consumer.seek(place, start.offset)
            open_places.add(place)
    found: set[str] = set()
    consumer.pause(*(p for p in places if p not in open_places))
    while open_places:
        for place, records in (await consumer.getmany(timeout_ms=1000)).items():
            for record in records:
                found |= {v.decode() for k, v in record.headers if k == DELIVERY and v.decode() in ids}
            if records and records[-1].offset + 1 >= ends[place]:
                open_places.discard(place)
        for place in list(open_places):
            if await consumer.position(place) >= ends[place]:
                open_places.discard(place)
    return found


async def _error_of(results: "list[asyncio.Future[Any]] | str", deadline: float) -> str | None:
    """None where every batch of a topic provably arrived; else what kind of error there was first."""
    if isinstance(results, str):
        return results
    left = deadline - asyncio.get_running_loop().time()
    _, pending = await asyncio.wait(results, timeout=max(0.0, left))
    for late in pending:
        late.add_done_callback(_why)  # nobody awaits it any more: what it ends with is looked at, not reported
    errors = [_why(f) for f in results if f not in pending]
    return next((e for e in errors if e is not None), "TimeoutError" if pending else None)


def _why(done: "asyncio.Future[Any]") -> str | None:
    """The kind of error a batch ended with, if any."""
    if done.cancelled():
        return "CancelledError"
    error = done.exception()
    return None if error is None else type(error).__name__


def _fail(sent: Sent, rows: Sequence[Numbered], error: str) -> None:
    sent.failed += rows
    for n in rows:
        sent.errors[n.due.team] = error


async def _end(producer: AIOKafkaProducer) -> None:
    """End both halves at once: a producer merely dropped writes its old records when Kafka returns (A16)."""
    producer._closed = True
    with suppress(Exception, asyncio.CancelledError):
        await asyncio.wait_for(producer._sender.close(), 5)
    with suppress(Exception):
        await asyncio.wait_for(producer.client.close(), 5)
