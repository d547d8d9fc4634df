"""Every record on a publisher's topic against the ledger: kept, refused, or the same bytes sent twice; nothing else."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.inbound.kafka import EVENTS
from adapters.storage.connect import Connection
from adapters.storage.reconcile import Fault, Place, offsets_without_row, sent_before
from deploy.topics import ROUTER_GROUP

TRIES = 20
"""A Kafka that has never had a group makes its place for them when it is first asked."""
TRUNCATED = "the topic ends before the ledger's position: it was made anew or lost its end"
MEND = "Put the consumer group back to that offset (kafka-consumer-groups.sh --reset-offsets): what is known is seen."


@dataclass(frozen=True, slots=True)
class Looked:
    """What the topics say."""

    records: int
    """Offsets without a row that were read."""
    faults: list[Fault]


async def against_topics(connection: Connection, kafka: dict[str, Any], places: Sequence[Place]) -> Looked:
    """Read each offset that left no row, also those acknowledged beyond the position. Raises aiokafka's errors."""
    from aiokafka import AIOKafkaConsumer, TopicPartition

    acknowledged = await acknowledged_by(kafka, ROUTER_GROUP)
    # as the routers read: what a publisher took back (an aborted transaction) was never theirs, and is not lost
    consumer = AIOKafkaConsumer(
        **kafka, enable_auto_commit=False, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    read, lost, truncated = 0, [], []
    try:
        await consumer.start()
        unknown = await _acknowledged_unknown(connection, acknowledged, places, await consumer.topics())
        for place in (*places, *unknown):
            at = TopicPartition(place.topic, place.partition)
            consumer.assign([at])
            begin = (await consumer.beginning_offsets([at]))[at]
            end = (await consumer.end_offsets([at]))[at]
            if place.next > end:
                truncated.append(f"{place.topic} {place.partition}")
                continue
            known = acknowledged.get(at)
            following = min(end, max(place.next, known.offset if known else 0))
            missing = await offsets_without_row(connection, place, begin, following)
            read += len(missing)
            lost += await _lost(connection, consumer, at, missing)
    finally:
        await consumer.stop()
    faults = []
    if lost:
        faults.append(Fault("lost", "records were acknowledged and are not in the ledger", MEND, tuple(lost)))
    if truncated:
        faults.append(Fault("truncated", TRUNCATED, "Find out what happened to the topic.", tuple(truncated)))
    return Looked(read, faults)


async def _acknowledged_unknown(
    connection: Connection, acknowledged: dict[Any, Any], places: Sequence[Place], there: set[str]
) -> list[Place]:
    """Partitions of the directory's publishers that the routers acknowledged and the ledger never heard of: what a
    ledger restored from before their first record lacks."""
    from adapters.storage.reading import Reading

    ours = there & {EVENTS + publisher for publisher in (await Reading(connection).cover()).publishers}
    known = {(place.topic, place.partition) for place in places}
    return [
        Place(at.topic, at.partition, 0, 0, 0)
        for at in sorted(acknowledged)
        if at.topic in ours and tuple(at) not in known
    ]


async def acknowledged_by(kafka: dict[str, Any], group: str) -> dict[Any, Any]:
    """How far a group has acknowledged; nothing where no group has ever read from this Kafka."""
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import GroupCoordinatorNotAvailableError

    admin = AIOKafkaAdminClient(**kafka)
    try:
        await admin.start()
        for _ in range(TRIES):
            try:
                return dict(await admin.list_consumer_group_offsets(group))
            except GroupCoordinatorNotAvailableError:
                await asyncio.sleep(0.5)
        return {}
    finally:
        await admin.close()


async def _lost(connection: Connection, consumer: Any, at: Any, missing: Sequence[int]) -> list[str]:
    """Of the offsets without a row, those of which the ledger has nothing under their id either."""
    import orjson

    from router.events import digest_before_0_2, digest_of

    told: list[tuple[int, str, bytes]] = []
    unknown: set[int] = set()
    following = 0
    for offset in missing:
        if offset < following:
            continue  # a marker of a transaction, taken back with one, or gone by retention
        consumer.seek(at, offset)
        found = await consumer.getmany(at, timeout_ms=5000, max_records=1)
        record = next((r for records in found.values() for r in records), None)
        following = record.offset if record is not None else await consumer.position(at)
        if record is None or following > offset:
            continue
        try:
            said = orjson.loads(record.value)
            id = str(UUID(said["id"]))
            told += [(offset, id, digest) for digest in (digest_of(said), digest_before_0_2(record.value))]
        except (ValueError, TypeError, KeyError, AttributeError):
            unknown.add(offset)
    known = await sent_before(connection, at.topic.removeprefix("events."), told) if told else set()
    return [f"{at.topic} {at.partition} {o}" for o in sorted(unknown | ({t[0] for t in told} - known))]
