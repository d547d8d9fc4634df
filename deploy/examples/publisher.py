"""Publish one event and hear what became of it. Copy this: it needs nothing of Sharewell's but Kafka.

python publisher.py event.json --publisher ed-children --kafka 127.0.0.1:9092
"""

import argparse
import asyncio
import json
import os
import ssl
from getpass import getpass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


async def publish(
    event: dict[str, Any], publisher: str, kafka: dict[str, Any], seconds: float = 30
) -> list[dict[str, Any]]:
    """Send one CloudEvent; every entry that Sharewell answers about it, the first saying accepted or refused.

    Send only what your own database has committed. When in doubt send the same bytes again, under the same `id`:
    a second time has no second effect, and no second answer, so that after `seconds` of silence the first one is looked
    up. Another content under one `id` is a conflict, and somebody is asked which is true. The key keeps one person's
    events in order; it is opaque, and never an NHS number.
    """
    status = AIOKafkaConsumer(f"status.{publisher}", **kafka, auto_offset_reset="latest")
    producer = AIOKafkaProducer(**kafka, acks="all", enable_idempotence=True)
    await status.start()
    await producer.start()
    try:
        await status.seek_to_end()  # listen first, so that the answer is not missed
        await producer.send_and_wait(
            f"events.{publisher}",
            json.dumps(event).encode(),
            key=event.get("partitionkey", event["id"]).encode(),
            headers=[("content-type", b"application/cloudevents+json")],
        )
        return await asyncio.wait_for(answer_about(event["id"], status), seconds)
    except TimeoutError:
        if before := await accepted_before(event["id"], status):
            return before
        raise
    finally:
        await producer.stop()
        await status.stop()


async def answer_about(event_id: str, status: AIOKafkaConsumer) -> list[dict[str, Any]]:
    """What the next status message that speaks of this event says."""
    async for record in status:
        entries = json.loads(record.value)["data"]["entries"]
        if mine := [entry for entry in entries if entry["event_id"] == event_id]:
            return mine
    return []


async def accepted_before(event_id: str, status: AIOKafkaConsumer) -> list[dict[str, Any]]:
    """What was said when this event was accepted: the newest such answer. What was refused is no end."""
    ends = await status.end_offsets(status.assignment())
    await status.seek_to_beginning()
    found: list[dict[str, Any]] = []
    while any([await status.position(place) < end for place, end in ends.items()]):
        for records in (await status.getmany(timeout_ms=1000)).values():
            for record in records:
                mine = [e for e in json.loads(record.value)["data"]["entries"] if e["event_id"] == event_id]
                found = mine if any(e["kind"] == "accepted" for e in mine) else found
    return found


def words(entry: dict[str, Any]) -> str:
    """One entry as a line, with each problem and how to mend it."""
    problems = entry.get("problems", ())
    return "\n  ".join([entry["kind"], *(f"{p['path']}: {p['message']} {p['mend']}" for p in problems)])


def connection(asked: argparse.Namespace) -> dict[str, Any]:
    """What every client is made with. With a user it is TLS and a password, as anywhere but on your own computer."""
    if asked.user is None:
        return {"bootstrap_servers": asked.kafka}
    return {
        "bootstrap_servers": asked.kafka,
        "security_protocol": "SASL_SSL",
        "ssl_context": ssl.create_default_context(cafile=asked.ca),
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": asked.user,
        "sasl_plain_password": os.environ.get("KAFKA_PASSWORD") or getpass("Kafka password: "),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("event", type=Path, help="a file with one CloudEvent as JSON")
    parser.add_argument("--publisher", required=True, help="you: your topic is events.<publisher>")
    parser.add_argument("--kafka", default="127.0.0.1:9092", help="where Kafka is, as host:port")
    parser.add_argument("--user", help="who you are to Kafka; the password is asked for, or stands in KAFKA_PASSWORD")
    parser.add_argument("--ca", help="the authority behind Kafka's certificate, if this system does not know it")
    parser.add_argument("--seconds", type=float, default=30, help="how long to wait for a new answer")
    asked = parser.parse_args()
    wanted = publish(json.loads(asked.event.read_text()), asked.publisher, connection(asked), asked.seconds)
    for answered in asyncio.run(wanted):
        print(words(answered))
