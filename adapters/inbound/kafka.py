"""Records in from Kafka: batches by FastStream, kept by the caller, and only then acknowledged by explicit offsets."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from time import monotonic
from typing import Any, Generic, TypeVar

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from adapters.inbound.ahead import Ahead
from router.events import Received

EVENTS, RECEIPTS = "events.", "receipts."
T = TypeVar("T")
Read = Callable[[Sequence[Received]], Awaitable[Sequence[T]]]
"""What the records hold; called while an earlier batch may be being kept."""
Keep = Callable[[Sequence[T]], Awaitable[None]]
"""Keeps a batch for good, or raises; it waits by itself while the ledger is away."""

PACE_SECONDS = 0.02
"""At a steady trickle of small batches a commit for each cost Kafka and the router more than the batch did."""
AGAIN_SECONDS = 1.0
FEW = 100
"""At 200 events a second, batches of a few, reading ahead made the mean transaction half as long again."""
KEEPING_SECONDS = 5.0
"""What is not kept when a process ends is read again: a ledger that is away is not waited for."""

log = structlog.get_logger()


@dataclass(slots=True)
class Progress:
    """What a watchdog looks at: when something was last kept, and whether the ledger is being waited for."""

    kept_at: float = field(default_factory=monotonic)
    records: int = 0
    broken: bool = False
    """A batch could neither be kept nor given up: the process must end (B13)."""
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when that happens, so that nobody need look."""


@dataclass(slots=True)
class Acknowledging:
    """Tells Kafka how far a group has kept, behind the batches: the next one need not wait for the answer.

    What is kept but not acknowledged when the process dies is read again, and seen to be known."""

    passed: Callable[[str], None] = lambda _: None
    _nexts: dict[TopicPartition, int] = field(default_factory=dict)
    _task: asyncio.Task[None] | None = None

    def kept(self, consumer: Any, nexts: Mapping[TopicPartition, int]) -> None:
        """All up to these is kept for good; the first of a quiet time is acknowledged at once, what follows later."""
        self._nexts |= nexts
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit(consumer))

    async def _commit(self, consumer: Any) -> None:
        while nexts := self._nexts:
            self._nexts = {}
            self.passed("before_offset_commit")
            try:
                await consumer.commit(nexts)
            except (CommitFailedError, IllegalStateError):
                log.info("the partitions have moved, their new owner will find the batch kept")
            except KafkaError as error:
                log.warning("could not acknowledge, trying again", error_type=type(error).__name__)
                self._nexts = nexts | self._nexts
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                self.passed("after_offset_commit")
                await asyncio.sleep(PACE_SECONDS)

    async def done(self) -> None:
        """Acknowledge what is kept, before the consumer leaves its group; a Kafka that is away is not waited for."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=AGAIN_SECONDS)
            self._task.cancel()


def make_broker(kafka: dict[str, Any]) -> KafkaBroker:
    """A broker whose own logging is silent: its texts repeat what records hold (B8).

    It hands the message over as it is: finding out by types what a handler takes cost a change of thread a batch."""
    given = {k: v for k, v in kafka.items() if k not in _SECURITY}
    quiet = logging.getLogger("faststream.access.kafka")
    return KafkaBroker(**given, security=_security(kafka), logger=quiet, log_level=logging.DEBUG, apply_types=False)


_SECURITY = frozenset(
    {"security_protocol", "ssl_context", "sasl_mechanism", "sasl_plain_username", "sasl_plain_password"}
)
_SASL = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}


def _security(kafka: dict[str, Any]) -> BaseSecurity | None:
    """aiokafka's security arguments as FastStream takes them."""
    context: ssl.SSLContext | None = kafka.get("ssl_context")
    if mechanism := kafka.get("sasl_mechanism"):
        return _SASL[mechanism](
            username=kafka["sasl_plain_username"],
            password=kafka["sasl_plain_password"],
            ssl_context=context,
            use_ssl=context is not None,
        )
    return BaseSecurity(ssl_context=context, use_ssl=True) if context else None


def subscribe(
    broker: KafkaBroker,
    prefix: str,
    topics: Sequence[str],
    read: Read[T],
    keep: Keep[T],
    *,
    group: str,
    member: str | None,
    batch: int = 500,
    progress: Progress,
    passed: Callable[[str], None] = lambda _: None,
) -> "Group[T]":
    """Read all `topics` in batches of at most `batch`; what was read is acknowledged after `keep` has returned.

    MANUAL and explicit offsets: FastStream's other policies lose or repeat (reliability.md, B1–B14)."""
    taking = Group(prefix, read, keep, batch, progress, passed)
    subscriber = broker.subscriber(
        *topics,
        batch=True,
        max_records=batch,
        group_id=group,
        group_instance_id=member,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
        parser=_headers_left_raw,
        decoder=_undecoded,
        batch_timeout_ms=1000,
        fetch_max_wait_ms=500,
        max_partition_fetch_bytes=2_000_000,
    )
    subscriber(taking.take)
    return taking


class Group(Generic[T]):
    """One subscription: what it has read is kept, and what is kept is acknowledged, each behind the next batch."""

    def __init__(
        self,
        prefix: str,
        read: Read[T],
        keep: Keep[T],
        batch: int,
        progress: Progress,
        passed: Callable[[str], None],
    ) -> None:
        self._prefix, self._read, self._progress = prefix, read, progress
        self._acknowledging = Acknowledging(passed)
        self._ahead = Ahead(keep, batch, self._broke, few=FEW)

    async def take(self, message: KafkaMessage) -> None:
        """Read one batch, and have it kept and then acknowledged; comes back while there is room for the next."""
        records: Sequence[ConsumerRecord[Any, Any]] = message.raw_message
        message.raw_message = ()  # FastStream's message holds itself: with the records it would keep them for ever
        kept = partial(self._kept, next_offsets(records), len(records), message.consumer)
        try:
            found = await self._read([received(record, self._prefix) for record in records])
        except Exception as error:
            self._broke(error)
            await asyncio.Event().wait()
        else:
            await self._ahead.add(found, kept)

    def _kept(self, nexts: Mapping[TopicPartition, int], count: int, consumer: Any) -> None:
        self._progress.kept_at = monotonic()
        self._progress.records += count
        self._acknowledging.kept(consumer, nexts)

    def _broke(self, error: Exception) -> None:
        log.error("a batch could not be kept, ending", error_type=type(error).__name__, exc_info=error)
        self._progress.broken = True
        self._progress.failed.set()

    async def done(self) -> None:
        """Keep and acknowledge what was read, before the consumer leaves its group; nobody is waited for long."""
        await self._ahead.done(KEEPING_SECONDS)
        await self._acknowledging.done()

    def let_go(self) -> None:
        """To be called as the broker is stopped, which waits for every handler to end."""
        self._ahead.let_go()


def next_offsets(records: Sequence[ConsumerRecord[Any, Any]]) -> dict[TopicPartition, int]:
    """The offset after the last record of each partition: what PostgreSQL has, and nothing else (A6)."""
    nexts: dict[TopicPartition, int] = {}
    for record in records:
        place = TopicPartition(record.topic, record.partition)
        nexts[place] = max(nexts.get(place, 0), record.offset + 1)
    return nexts


def received(record: ConsumerRecord[Any, Any], prefix: str) -> Received:
    """A record as the router takes it; the topic says whose it is."""
    publisher = record.topic.removeprefix(prefix)
    return Received(publisher, record.value, record.key, record.topic, record.partition, record.offset)


async def _headers_left_raw(records: Any, original: Any) -> Any:
    """A header that is no UTF-8 makes FastStream's own parser raise, and the batch is lost (B5): it sees none.

    It is shown the first record only: of the others it would copy what nobody reads."""
    message = await original((replace(records[0], headers=()),))
    message.raw_message = records
    return message


async def _undecoded(message: KafkaMessage) -> KafkaMessage:
    """Nothing is decoded here, the handler takes the message: values are read from the raw records, tombstones too."""
    return message
