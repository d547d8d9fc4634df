"""The publishers' and the recipients' ends of Kafka, as a journey plays them; all they see goes into the history."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from random import Random
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from deploy.borough import Borough
from deploy.borough.events import receipt
from deploy.borough.published import Published
from tests.journeys.history import History

Headers = Sequence[tuple[str, bytes]]


class Publisher:
    """Sends until Kafka acknowledges, as a publisher with an outbox does, and records what was acknowledged.

    Its own retries may put a record on its topic twice: that too is what publishers do."""

    def __init__(self, bootstrap: str, history: History, timeout: float = 10) -> None:
        self._bootstrap, self._history, self._timeout = bootstrap, history, timeout
        self._producer: AIOKafkaProducer | None = None
        self._making = asyncio.Lock()
        self.acknowledged: dict[str, tuple[str, int, int]] = {}
        """Event id → the last place under which Kafka acknowledged it."""

    async def _ready(self) -> AIOKafkaProducer:
        async with self._making:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    acks="all",
                    linger_ms=0,
                    max_request_size=4_000_000,
                    request_timeout_ms=int(self._timeout * 1000),
                    metadata_max_age_ms=5_000,
                )
                try:
                    await producer.start()
                except BaseException:
                    await _end(producer)
                    raise
                self._producer = producer
            return self._producer

    async def stop(self, failed: AIOKafkaProducer | None = None) -> None:
        """End the producer; only if it is still the one that failed, where one is named."""
        if self._producer is not None and failed in (None, self._producer):
            producer, self._producer = self._producer, None
            await _end(producer)

    async def send(
        self,
        topic: str,
        value: bytes | None,
        key: bytes | None = None,
        *,
        partition: int | None = None,
        headers: Headers = (),
        **told: Any,
    ) -> tuple[str, int, int]:
        """Send until it is acknowledged; its place. `told` goes into the history with it."""
        producer: AIOKafkaProducer | None = None
        while True:
            try:
                producer = await self._ready()
                waiting = await producer.send(topic, value, key=key, partition=partition, headers=list(headers))
                sent = await asyncio.wait_for(waiting, self._timeout)
            except asyncio.CancelledError:
                raise
            except Exception:
                await self.stop(producer)
                await asyncio.sleep(0.2)
            else:
                place = (sent.topic, sent.partition, sent.offset)
                what = {"topic": sent.topic, "partition": sent.partition, "offset": sent.offset}
                self._history.add("acknowledged", **what, **told)
                return place

    async def publish(self, one: Published, *, partition: int | None = None, headers: Headers = ()) -> None:
        """One publisher's event to its topic."""
        place = await self.send(
            f"events.{one.publisher}",
            one.value,
            one.key,
            partition=partition,
            headers=headers,
            id=one.id,
            publisher=one.publisher,
        )
        self.acknowledged[one.id] = place

    async def flow(self, events: Iterable[Published], per_second: float, at_once: int = 0) -> None:
        """Publish at a steady rate; what came to stand while Kafka was away follows in a rush."""
        size = at_once or max(1, int(per_second / 20))
        loop = asyncio.get_running_loop()
        at = loop.time()
        chunk: list[Published] = []
        for event in events:
            chunk.append(event)
            if len(chunk) >= size:
                await asyncio.gather(*map(self.publish, chunk))
                at += len(chunk) / per_second
                chunk = []
                await asyncio.sleep(max(0.0, at - loop.time()))
        await asyncio.gather(*map(self.publish, chunk))


async def _end(producer: AIOKafkaProducer) -> None:
    producer._closed = True
    with suppress(Exception, asyncio.CancelledError):
        await asyncio.wait_for(producer._sender.close(), 2)
    with suppress(Exception):
        await asyncio.wait_for(producer.client.close(), 2)


class Recipients:
    """All teams: they read their topics and answer some of what comes, now and then twice or wrongly."""

    def __init__(
        self,
        bootstrap: str,
        borough: Borough,
        publisher: Publisher,
        history: History,
        seed: int,
        *,
        answer: float = 0.5,
        not_ours: float = 0.02,
    ) -> None:
        self._bootstrap, self._borough, self._publisher, self._history = bootstrap, borough, publisher, history
        self._rng = Random(seed)
        self._answer, self._not_ours = answer, not_ours
        self._seen: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._failed: BaseException | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._read())

    async def stop(self) -> None:
        if self._task is not None:
            if self._task.done() and not self._task.cancelled() and (error := self._task.exception()):
                raise error
            while not self._task.done():  # wait_for of Python 3.11 may swallow a cancellation
                self._task.cancel()
                await asyncio.wait({self._task}, timeout=1)

    async def _read(self) -> None:
        topics = [f"summaries.{t.id}" for t in self._borough.teams]
        async for record in read_on(self._bootstrap, topics):
            await self._take(record)

    async def _take(self, record: ConsumerRecord[Any, Any]) -> None:
        body = orjson.loads(record.value)
        if body["id"] in self._seen or "-summary-" not in body["type"]:
            return
        self._seen.add(body["id"])
        drawn = self._rng.random()
        if drawn > self._answer:
            return
        team = record.topic.removeprefix("summaries.")
        state = self._rng.choice(("acknowledged", "acknowledged", "filed", "acted", "collected"))
        if drawn < self._not_ours:
            state = "not-ours"
        said = receipt(self._borough, team, body["id"], state, _moment(body["time"]), self._rng)
        for _ in range(2 if self._rng.random() < 0.1 else 1):
            await self._publisher.send(
                f"receipts.{team}",
                said.value,
                said.key,
                receipt=said.id,
                delivery=body["id"],
                team=team,
                state=state,
            )


def _moment(text: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(text)


async def read_on(bootstrap: str, topics: Sequence[str]) -> AsyncIterator[ConsumerRecord[Any, Any]]:
    """Every record of the topics from their beginning, for ever; a broker that is away is waited for."""
    at: dict[TopicPartition, int] = {}
    while True:
        consumer = await _consumer(bootstrap)
        if consumer is None:
            await asyncio.sleep(0.5)
            continue
        try:
            places = await _places(consumer, topics)
            consumer.assign(places)
            for place in places:
                consumer.seek(place, at.get(place, 0))
            while True:
                for place, records in (await consumer.getmany(timeout_ms=500, max_records=500)).items():
                    for record in records:
                        at[place] = record.offset + 1
                        yield record
        except Exception:
            await asyncio.sleep(0.5)
        finally:
            with suppress(Exception):
                await asyncio.wait_for(consumer.stop(), 5)


async def read_all(bootstrap: str, topics: Sequence[str]) -> list[ConsumerRecord[Any, Any]]:
    """Every record that stands on the topics now."""
    consumer = await _consumer(bootstrap)
    assert consumer is not None, "Kafka is away"
    try:
        places = await _places(consumer, topics)
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        open_places = {p for p in places if ends[p] > 0}
        consumer.pause(*(p for p in places if p not in open_places))
        for place in open_places:
            consumer.seek(place, 0)
        found = []
        while open_places:
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += records
            for place in list(open_places):
                if await consumer.position(place) >= ends[place]:
                    open_places.discard(place)
                    consumer.pause(place)
        return found
    finally:
        await consumer.stop()


async def _consumer(bootstrap: str) -> AIOKafkaConsumer | None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_wait_ms=100,
    )
    try:
        await asyncio.wait_for(consumer.start(), 10)
    except Exception:
        with suppress(Exception):
            await asyncio.wait_for(consumer.stop(), 5)
        return None
    return consumer


async def _places(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> list[TopicPartition]:
    for topic in topics:
        consumer._client.add_topic(topic)
    for _ in range(50):  # an answer may come before this broker knows them all
        await consumer._client.force_metadata_update()
        known = {topic: consumer.partitions_for_topic(topic) for topic in topics}
        if all(known.values()):
            return [TopicPartition(topic, p) for topic, partitions in known.items() for p in partitions or ()]
        await asyncio.sleep(0.1)
    raise AssertionError(f"no partitions of {sorted(topic for topic, partitions in known.items() if not partitions)}")
