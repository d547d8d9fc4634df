"""Every receipt on a team's topic against the ledger: kept, an incident or refused; and what stands there still."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from adapters.inbound.kafka import RECEIPTS
from adapters.storage.connect import Connection
from adapters.storage.reading import Reading
from adapters.storage.reconcile import Fault, receipts_kept
from deploy.offsets import MEND, TRUNCATED, acknowledged_by
from deploy.topics import RECEIPTS_GROUP, partitions_of

MANY = 500


@dataclass(slots=True)
class LookedReceipts:
    """What the receipts' topics say."""

    read: int = 0
    """Receipts that were acknowledged and are still there."""
    waiting: dict[str, int] = field(default_factory=dict)
    """Topic → offsets that nobody has acknowledged: their receipts are not taken in yet."""
    faults: list[Fault] = field(default_factory=list)


async def receipts_against_topics(connection: Connection, kafka: dict[str, Any]) -> LookedReceipts:
    """Read all that was acknowledged: a receipt leaves no offset in the ledger. Raises aiokafka's errors."""
    from aiokafka import AIOKafkaConsumer

    acknowledged = await acknowledged_by(kafka, RECEIPTS_GROUP)
    wanted = [RECEIPTS + team for team in sorted((await Reading(connection).cover()).teams)]
    consumer = AIOKafkaConsumer(**kafka, enable_auto_commit=False, isolation_level="read_committed")
    found, lost, truncated = LookedReceipts(), list[str](), list[str]()
    try:
        await consumer.start()
        there = await _there(kafka, wanted)
        begins = await consumer.beginning_offsets(there) if there else {}
        ends = await consumer.end_offsets(there) if there else {}
        for at in there:
            begin, end = begins[at], ends[at]
            done = acknowledged[at].offset if at in acknowledged else 0
            if done > end:
                truncated.append(f"{at.topic} {at.partition}")
            if waits := end - max(begin, min(done, end)):
                found.waiting[at.topic] = found.waiting.get(at.topic, 0) + waits
            lost += await _lost(connection, consumer, at, begin, min(done, end), found)
    finally:
        await consumer.stop()
    if lost:
        words = "receipts were acknowledged and are not in the ledger"
        found.faults.append(Fault("receipts_lost", words, MEND, tuple(lost)))
    if truncated:
        where = "Find out what happened to the topic; what its team answered since must be asked for again."
        found.faults.append(Fault("receipts_truncated", TRUNCATED, where, tuple(truncated)))
    return found


async def _there(kafka: dict[str, Any], topics: Sequence[str]) -> list[Any]:
    from aiokafka.admin import AIOKafkaAdminClient

    admin = AIOKafkaAdminClient(**kafka)
    try:
        await admin.start()
        return await partitions_of(admin, topics)
    finally:
        await admin.close()


async def _lost(
    connection: Connection, consumer: Any, at: Any, begin: int, done: int, found: LookedReceipts
) -> list[str]:
    """Of the receipts of a partition from one offset up to another, those that left nothing in the ledger."""
    lost: list[str] = []
    if begin < done:
        consumer.assign([at])
        consumer.seek(at, begin)
    while begin < done:
        batch = await consumer.getmany(at, timeout_ms=5000, max_records=MANY)
        records = [r for r in batch.get(at, ()) if r.offset < done]
        if not records:  # markers of transactions, or gone by retention
            return lost
        begin = records[-1].offset + 1
        said = [_said(r.offset, r.value) for r in records]
        kept = await receipts_kept(connection, at.topic, at.partition, at.topic.removeprefix(RECEIPTS), said)
        found.read += len(records)
        lost += [f"{at.topic} {at.partition} {r.offset}" for r in records if r.offset not in kept]
    return lost


def _said(offset: int, value: bytes | None) -> tuple[int, str | None, str | None]:
    """(offset, id, delivery) of a receipt, as far as it can be read."""
    try:
        said = orjson.loads(value or b"")
        return offset, str(UUID(said["id"])), str(UUID(said["data"]["delivery_id"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return offset, None, None
