"""What is kept is acknowledged behind the batches: soon, in few commits, never less than what was kept before."""

import asyncio
from typing import Any, NamedTuple

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError, RequestTimedOutError

from adapters.inbound import kafka
from adapters.inbound.kafka import Acknowledging, next_offsets

HERE, THERE = TopicPartition("events.a", 0), TopicPartition("events.a", 1)


class Record(NamedTuple):
    """What of a record says where it stood."""

    topic: str
    partition: int
    offset: int


def at(place: TopicPartition, *offsets: int) -> dict[TopicPartition, int]:
    records: list[Any] = [Record(place.topic, place.partition, offset) for offset in offsets]
    return next_offsets(records)


class Consumer:
    """Takes commits as Kafka does, and fails as it was told to."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.commits: list[dict[TopicPartition, int]] = []

    async def commit(self, nexts: dict[TopicPartition, int]) -> None:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.commits.append(dict(nexts))


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "AGAIN_SECONDS", 0.05)


async def until_quiet(acknowledging: Acknowledging) -> None:
    assert acknowledging._task is not None
    assert (await asyncio.wait({acknowledging._task}, timeout=5))[0]


async def test_the_first_is_acknowledged_at_once_and_what_is_kept_meanwhile_together() -> None:
    consumer, acknowledging = Consumer(), Acknowledging()
    acknowledging.kept(consumer, at(HERE, 3, 4))
    await asyncio.sleep(0.005)
    assert consumer.commits == [{HERE: 5}]
    for offset in (5, 6, 7):
        acknowledging.kept(consumer, at(HERE, offset))
    acknowledging.kept(consumer, at(THERE, 0))
    await until_quiet(acknowledging)
    assert consumer.commits == [{HERE: 5}, {HERE: 8, THERE: 1}]


async def test_what_could_not_be_acknowledged_is_tried_again_with_what_was_kept_since() -> None:
    consumer, acknowledging = Consumer(RequestTimedOutError()), Acknowledging()
    acknowledging.kept(consumer, at(HERE, 3) | at(THERE, 8))
    await asyncio.sleep(0.005)
    acknowledging.kept(consumer, at(HERE, 4))
    await until_quiet(acknowledging)
    assert consumer.commits == [{HERE: 5, THERE: 9}]


async def test_partitions_that_have_moved_are_left_to_their_new_owner() -> None:
    consumer, acknowledging = Consumer(CommitFailedError()), Acknowledging()
    acknowledging.kept(consumer, at(HERE, 3))
    await until_quiet(acknowledging)
    acknowledging.kept(consumer, at(THERE, 8))
    await until_quiet(acknowledging)
    assert consumer.commits == [{THERE: 9}]


async def test_before_the_consumer_leaves_all_is_acknowledged_and_a_kafka_that_is_away_is_not_waited_for() -> None:
    consumer, acknowledging = Consumer(), Acknowledging()
    acknowledging.kept(consumer, at(HERE, 3))
    await asyncio.sleep(0.005)
    acknowledging.kept(consumer, at(HERE, 4))
    await acknowledging.done()
    assert consumer.commits == [{HERE: 4}, {HERE: 5}]

    away = Consumer(*[RequestTimedOutError() for _ in range(1000)])
    acknowledging.kept(away, at(HERE, 9))
    async with asyncio.timeout(2):
        await acknowledging.done()
    await until_quiet(acknowledging)


async def test_the_borders_of_a_commit_are_passed_in_their_order() -> None:
    passed: list[str] = []
    consumer, acknowledging = Consumer(), Acknowledging(passed.append)
    acknowledging.kept(consumer, at(HERE, 3))
    await acknowledging.done()
    assert passed == ["before_offset_commit", "after_offset_commit"]
