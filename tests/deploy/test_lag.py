"""How far behind the routers are: by group and topic, from Kafka itself, whether a router runs or not."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import GroupCoordinatorNotAvailableError
from prometheus_client import generate_latest

from deploy import metrics
from deploy.clocks_role import tell
from deploy.lag import Behind, read_by
from deploy.local import Stack
from deploy.router_role import unread
from router.directory import Cover
from tests.story_teams import directory


@pytest.fixture
async def behind(stack: Stack) -> AsyncIterator[Behind]:
    made = Behind({"bootstrap_servers": stack.kafka_bootstrap})
    yield made
    await made.stop()


async def look(behind: Behind, asked: dict[str, list[str]]) -> dict[str, dict[str, int]]:
    """As the clock worker does: tried again where Kafka, which has never had a group, makes its place for them."""
    for _ in range(20):
        try:
            return await behind.look(asked)
        except GroupCoordinatorNotAvailableError:
            await asyncio.sleep(0.5)
    raise AssertionError("no coordinator of groups within ten seconds")


async def test_it_is_what_is_on_the_topic_and_not_acknowledged(stack: Stack, behind: Behind) -> None:
    group, topic, quiet = (f"{name}-{uuid.uuid4().hex[:8]}" for name in ("group", "events.ed", "events.dart"))
    where = {"bootstrap_servers": stack.kafka_bootstrap}
    admin = AIOKafkaAdminClient(**where)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1), NewTopic(quiet, 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(**where)
    await producer.start()
    for at in (0, 0, 0, 1, 1):
        await producer.send_and_wait(topic, b"{}", partition=at)
    asked = {group: [topic, quiet, "events.nobody-made-it"], "another": [topic]}
    assert await look(behind, asked) == {group: {topic: 5, quiet: 0}, "another": {topic: 5}}

    router = AIOKafkaConsumer(**where, group_id=group, enable_auto_commit=False)
    await router.start()
    router.assign([TopicPartition(topic, 0)])
    await router.commit({TopicPartition(topic, 0): 2})
    assert await look(behind, asked) == {group: {topic: 3, quiet: 0}, "another": {topic: 5}}
    await producer.send_and_wait(topic, b"{}", partition=1)
    await router.commit({TopicPartition(topic, 0): 3})
    assert (await look(behind, asked))[group] == {topic: 3, quiet: 0}
    await router.stop()
    await producer.stop()


async def test_what_a_publisher_has_not_ended_waits_for_the_publisher_and_not_for_a_router(
    stack: Stack, behind: Behind
) -> None:
    group, topic = (f"{name}-{uuid.uuid4().hex[:8]}" for name in ("group", "events.ed"))
    where = {"bootstrap_servers": stack.kafka_bootstrap}
    admin = AIOKafkaAdminClient(**where)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(**where, transactional_id=topic)
    await producer.start()
    await producer.begin_transaction()
    for _ in range(3):
        await producer.send_and_wait(topic, b"{}", partition=0)
    assert (await look(behind, {group: [topic]}))[group] == {topic: 0}
    router = AIOKafkaConsumer(**where, isolation_level="read_committed", auto_offset_reset="earliest")
    holder: Any = [SimpleNamespace(subscribers=[SimpleNamespace(consumer=router)])]
    await router.start()
    router.assign([place := TopicPartition(topic, 0)])
    assert await router.getmany(timeout_ms=1000) == {}
    assert (router.highwater(place), unread(holder)) == (3, 0), "its watchdog would end it while the publisher is slow"
    await producer.commit_transaction()
    assert len((await router.getmany(timeout_ms=5000))[place]) == 3
    await router.stop()
    assert (await look(behind, {group: [topic]}))[group] == {topic: 4}, "and the mark that ends it"
    await producer.stop()


def test_both_groups_of_the_routers_are_looked_at() -> None:
    read = read_by(Cover.read(1, directory()))
    assert set(read) == {"sharewell-router", "sharewell-receipts"}
    assert "events.ed" in read["sharewell-router"]
    assert "receipts.hv-north" in read["sharewell-receipts"]


def test_it_is_told_by_group_and_topic_with_the_total_and_nothing_old_stays() -> None:
    metrics.show(metrics.OF_ROLE["clocks"])
    tell({"sharewell-router": {"events.ed": 3, "events.dart": 4}, "sharewell-receipts": {}})
    page = generate_latest(metrics.REGISTRY).decode()
    assert 'sharewell_kafka_lag{group="sharewell-router",topic="events.dart"} 4.0' in page
    assert 'sharewell_kafka_group_lag{group="sharewell-router"} 7.0' in page
    assert 'sharewell_kafka_group_lag{group="sharewell-receipts"} 0.0' in page
    tell({})
    assert "sharewell_kafka_lag{" not in generate_latest(metrics.REGISTRY).decode()
