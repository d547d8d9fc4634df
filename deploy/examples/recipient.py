"""Read what a team is told, keep it, and answer. Copy this: it needs nothing of Sharewell's but Kafka.

python recipient.py --team sn-stourbridge --organisation ZDC --read-by "Ann Reed" --role "school nurse"
"""

import argparse
import asyncio
import json
import os
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from getpass import getpass
from typing import Any
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

Message = dict[str, Any]
Keep = Callable[[Message], None]
"""Keep a message in your own record for good. It may come twice: its `id` is the key."""


async def receive(
    team: str, kafka: dict[str, Any], keep: Keep, by: list[dict[str, str]], count: int | None = None
) -> None:
    """Take messages in for ever, or so many: each is kept, then answered, and only then acknowledged to Kafka."""
    consumer = AIOKafkaConsumer(
        f"summaries.{team}",
        **kafka,
        group_id=f"{team}-record",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    producer = AIOKafkaProducer(**kafka, acks="all", enable_idempotence=True)
    await consumer.start()
    await producer.start()
    try:
        async for record in consumer:
            message = json.loads(record.value)
            keep(message)
            for who in by:
                answer = json.dumps(receipt(message, who)).encode()
                await producer.send_and_wait(f"receipts.{team}", answer, key=message["id"].encode())
            await consumer.commit()
            count = None if count is None else count - 1
            if count == 0:
                return
    finally:
        await producer.stop()
        await consumer.stop()


def receipt(message: Message, who: dict[str, str]) -> Message:
    """A system may say that it has `collected` a message; only a person that it is read: `acknowledged`.

    Others: `filed` with a `record_ref`, `acted` with an `outcome`, `not-ours`. The same `id` twice has one effect."""
    state = "acknowledged" if who["kind"] == "person" else "collected"
    now = datetime.now(UTC).isoformat()
    source = f"https://fhir.nhs.uk/Id/ods-organization-code/{who['organisation']}"
    id = str(uuid5(UUID(message["id"]), state))
    data = {"delivery_id": message["id"], "state": state, "at": now, "by": who}
    return {"specversion": "1.0", "id": id, "source": source, "type": "receipt-1", "time": now, "data": data}


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
    parser.add_argument("--team", required=True, help="you: your topic is summaries.<team>")
    parser.add_argument("--organisation", required=True, help="your ODS code")
    parser.add_argument("--kafka", default="127.0.0.1:9092", help="where Kafka is, as host:port")
    parser.add_argument("--user", help="who you are to Kafka; the password is asked for, or stands in KAFKA_PASSWORD")
    parser.add_argument("--ca", help="the authority behind Kafka's certificate, if this system does not know it")
    parser.add_argument("--count", type=int, help="stop after so many messages")
    parser.add_argument("--read-by", help="stands for your screen, on which this person says: I have read this")
    parser.add_argument("--role", default="practitioner", help="what that person is")
    asked = parser.parse_args()
    ours = {"organisation": asked.organisation}
    answers = [{"name": "example record", "role": "system", "kind": "system", **ours}]
    if asked.read_by:
        answers.append({"name": asked.read_by, "role": asked.role, "kind": "person", **ours})
    record: dict[str, Message] = {}  # stands for your own record
    wanted = receive(asked.team, connection(asked), lambda one: record.update({one["id"]: one}), answers, asked.count)
    asyncio.run(wanted)
    for id, one in record.items():
        print(one["type"], id, "asks:", [ask["what"] for ask in one["data"]["asked"]] or "nothing")
