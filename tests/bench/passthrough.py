"""Raw aiokafka, a process of its own: the same events in, copies of our summaries' number and size out."""

import asyncio
import itertools
import json
import logging
import os
import sys
import time
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

BATCH = 500


async def run(asked: dict[str, Any]) -> None:
    """Read `count` events from their `starts`, send `copies` an event; tells the time and its CPU as JSON lines."""
    servers = asked["bootstrap"]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers,
        group_id=asked["group"],
        enable_auto_commit=False,
        isolation_level="read_committed",
        max_partition_fetch_bytes=2_000_000,
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=256 * 1024,
        max_request_size=1_000_000,
    )
    await consumer.start()
    await producer.start()
    try:
        for topic in asked["topics"]:
            producer.client.add_topic(topic)
        await producer.client.force_metadata_update()
        starts = {TopicPartition(topic, partition): offset for topic, partition, offset in asked["starts"]}
        consumer.assign(list(starts))
        for place, offset in starts.items():
            consumer.seek(place, offset)
        await _pass_through(consumer, producer, asked)
    finally:
        await producer.stop()
        await consumer.stop()


async def _pass_through(consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, asked: dict[str, Any]) -> None:
    payload, copies = os.urandom(asked["bytes"]), float(asked["copies"])
    topics = itertools.cycle(asked["topics"])
    done, sent = 0, 0
    while done < asked["count"]:
        batches = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        if done == 0 and batches:
            _tell("first", 0, 0)
        for records in batches.values():
            done += len(records)
        owed = int(done * copies) - sent
        sent += owed
        shares = [owed // len(asked["topics"])] * len(asked["topics"])
        for index in range(owed % len(asked["topics"])):
            shares[index] += 1
        futures = []
        for share in filter(None, shares):
            topic = next(topics)
            builder = producer.create_batch()
            for number in range(share):
                key = b"%016x" % number
                if builder.append(timestamp=None, key=key, value=payload) is None:
                    builder.close()
                    futures.append(await producer.send_batch(builder, topic, partition=0))
                    builder = producer.create_batch()
                    builder.append(timestamp=None, key=key, value=payload)
            builder.close()
            futures.append(await producer.send_batch(builder, topic, partition=0))
        await asyncio.gather(*futures)
        if batches:
            await consumer.commit({place: records[-1].offset + 1 for place, records in batches.items()})
    _tell("last", done, sent)


def _tell(what: str, events: int, copies: int) -> None:
    line = {"what": what, "at": time.perf_counter(), "cpu": time.process_time(), "events": events, "copies": copies}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    asyncio.run(run(json.loads(sys.stdin.read())))
