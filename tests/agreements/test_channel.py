"""Every outbound channel keeps these agreements; a new one enters with one class."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from adapters.outbound.kafka import KafkaChannel
from deploy.local import Stack
from router.deliver import Channel, Sent
from router.ledger import Numbered, Unresolved
from tests.agreements.channel import ChannelCase, Channels
from tests.stack import make_topic
from tests.story_inboxes import Inboxes


class MemoryChannelCase(ChannelCase):
    """The inboxes of the stories."""

    def __init__(self) -> None:
        self.channel = self.inboxes = Inboxes(check=False)

    async def reachable(self, *teams: str) -> None:
        self.inboxes.refusing = {"hv-nowhere", "hv-later"} - {*teams}

    async def received(self, team: str, kind: str = "summary") -> list[bytes]:
        return [x.raw for x in self.inboxes.of(kind, team)]

    async def labels(self, team: str) -> list[bytes]:
        return []


class KafkaChannelCase(ChannelCase):
    """Topics of a real Kafka, under names that no other test has."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap, self._suffix = bootstrap, f"-{uuid4().hex[:8]}"
        self._made: set[str] = set()
        self.kafka = KafkaChannel({"bootstrap_servers": bootstrap}, timeout=15)
        self.channel: Channel = Renamed(self.kafka, self._suffix)

    async def reachable(self, *teams: str) -> None:
        topics = {"status.ed" + self._suffix, *(f"summaries.{team}{self._suffix}" for team in teams)}
        for topic in sorted(topics - self._made):
            await make_topic(self._bootstrap, topic)
        self._made |= topics

    async def received(self, team: str, kind: str = "summary") -> list[bytes]:
        return [record.value for record in await self._read(team, kind)]

    async def labels(self, team: str) -> list[bytes]:
        labels = []
        for record in await self._read(team, "summary"):
            labels += [
                record.key,
                record.topic.encode(),
                *(part for k, v in record.headers for part in (k.encode(), v)),
            ]
        assert labels, "there is nothing to look at"
        return labels

    async def _read(self, team: str, kind: str) -> list[Any]:
        topic = ("status." if kind == "answer" else "summaries.") + team + self._suffix
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False)
        await consumer.start()
        try:
            place = TopicPartition(topic, 0)
            consumer.assign([place])
            await consumer.seek_to_beginning(place)
            end, found = (await consumer.end_offsets([place]))[place], []
            while await consumer.position(place) < end:
                for records in (await consumer.getmany(place, timeout_ms=500)).values():
                    found += records
            return found
        finally:
            await consumer.stop()


class Renamed:
    """Sends to the teams' topics of this test alone."""

    def __init__(self, channel: KafkaChannel, suffix: str) -> None:
        self._channel, self._suffix = channel, suffix

    def _there(self, n: Numbered) -> Numbered:
        return n._replace(due=n.due._replace(team=n.due.team + self._suffix))

    def _back(self, n: Numbered) -> Numbered:
        return n._replace(due=n.due._replace(team=n.due.team.removesuffix(self._suffix)))

    async def send(self, batch: Sequence[Numbered]) -> Sent:
        sent = await self._channel.send([self._there(n) for n in batch])
        errors = {team.removesuffix(self._suffix): error for team, error in sent.errors.items()}
        return Sent([self._back(n) for n in sent.arrived], [self._back(n) for n in sent.failed], errors)

    async def arrived(self, left: Sequence[Unresolved]) -> set[str]:
        there = [Unresolved(u.attempt, u.unsure_since, self._there(u.numbered)) for u in left]
        return await self._channel.arrived(there)


class TestInboxes(Channels):
    """The channel of the stories."""

    @pytest.fixture
    def case(self) -> ChannelCase:
        return MemoryChannelCase()


class TestKafkaChannel(Channels):
    """The channel of production."""

    @pytest.fixture
    async def case(self, stack: Stack) -> AsyncIterator[ChannelCase]:
        case = KafkaChannelCase(stack.kafka_bootstrap)
        yield case
        await case.kafka.stop()
