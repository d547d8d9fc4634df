"""The far ends of Kafka, as the demo plays them: every publisher and recipient writing, every one of them reading."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Self

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError

from deploy.borough import Borough
from deploy.borough.published import Published
from deploy.topics import RECEIPTS_GROUP, ROUTER_GROUP

EVENTS, SUMMARIES, STATUS, RECEIPTS = "events.", "summaries.", "status.", "receipts."
GROUPS = {EVENTS: ROUTER_GROUP, RECEIPTS: RECEIPTS_GROUP}


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of Sharewell's as its reader found it."""

    topic: str
    key: str
    message: dict[str, Any]

    @property
    def to(self) -> str:
        """The team, or for an answer the publisher."""
        return self.topic.partition(".")[2]

    @property
    def is_summary(self) -> bool:
        """Whether it tells about a child, rather than of a clock, a withdrawal or the fate of a record."""
        return "-summary-" in self.message["type"]


class Sent(NamedTuple):
    """One record as Kafka acknowledged it."""

    topic: str
    partition: int
    offset: int
    one: Published


@dataclass
class Wire:
    """One producer for all who write, and one consumer that reads every topic that Sharewell writes to."""

    bootstrap: str
    borough: Borough
    read: dict[str, Letter] = field(default_factory=dict)
    """All that has arrived, by delivery id: what comes twice counts once."""
    fresh: list[Letter] = field(default_factory=list)
    """What has arrived and was not looked at yet."""
    ends: dict[TopicPartition, int] = field(default_factory=dict)
    """Partitions that Sharewell has not read to the end, and where that is: one past their last record."""
    sent: list[Sent] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        topics = [SUMMARIES + t.id for t in self.borough.teams] + [STATUS + p.id for p in self.borough.publishers]
        self._producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, acks="all")
        self._consumer = AIOKafkaConsumer(
            *topics,
            bootstrap_servers=self.bootstrap,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=1000,
            isolation_level="read_committed",
        )
        self._admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await asyncio.gather(self._producer.start(), self._consumer.start(), self._admin.start())
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await asyncio.gather(self._producer.stop(), self._consumer.stop(), self._admin.close())

    async def send(self, prefix: str, records: Iterable[Published]) -> None:
        """Write records to their senders' topics; returns when Kafka has all of them."""
        waiting = [(one, await self._producer.send(prefix + one.publisher, one.value, key=one.key)) for one in records]
        for one, future in waiting:
            at = await future
            place = TopicPartition(at.topic, at.partition)
            self.ends[place] = max(self.ends.get(place, 0), at.offset + 1)
            self.sent.append(Sent(at.topic, at.partition, at.offset, one))

    async def _read(self) -> None:
        async for record in self._consumer:
            message = orjson.loads(record.value)
            if message["id"] not in self.read:
                letter = self.read[message["id"]] = Letter(record.topic, record.key.decode(), message)
                self.fresh.append(letter)

    async def behind(self) -> int:
        """Partitions with records that Sharewell has not taken for good: kept, refused or known, then acknowledged."""
        if self._reading.done():
            self._reading.result()
        for prefix, group in GROUPS.items():
            wanted = [place for place in self.ends if place.topic.startswith(prefix)]
            if not wanted:
                continue
            try:
                found = await self._admin.list_consumer_group_offsets(group, partitions=wanted)
            except GroupCoordinatorNotAvailableError:  # Kafka has only just started
                continue
            for place in wanted:
                if place in found and found[place].offset >= self.ends[place]:
                    del self.ends[place]
        return len(self.ends)
