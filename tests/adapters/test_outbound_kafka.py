"""What is particular to Kafka as a way out: a destination that refuses, and a broker that is not there."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapters.outbound import kafka
from adapters.outbound.kafka import KafkaChannel
from deploy.local import Stack
from router.compose import envelope
from router.deliver import LONGEST_AWAY, Sender
from router.events import stable_id
from router.ledger import Due, Numbered
from tests.journeys.wire import read_all


def row(n: int, team: str, size: int = 0) -> Numbered:
    id = stable_id("delivery", team, str(n))
    body = envelope("test-summary-1", id, "2026-03-16T09:00:00+00:00", id, None, {"filling": "x" * size})
    return Numbered(Due(n, id, 0, team, None, "summary", body, 0), n, datetime.now(UTC))


@pytest.fixture
async def channel(stack: Stack) -> AsyncIterator[KafkaChannel]:
    made = KafkaChannel({"bootstrap_servers": stack.kafka_bootstrap}, timeout=10)
    yield made
    await made.stop()


async def test_a_topic_that_refuses_hurts_only_itself(stack: Stack, channel: KafkaChannel) -> None:
    good, bad, other = (f"{name}-{uuid.uuid4().hex[:8]}" for name in ("a-good", "b-bad", "c-other"))
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    small = {"max.message.bytes": "1000"}
    topics = [NewTopic(f"summaries.{t}", 1, 1, topic_configs=small if t == bad else {}) for t in (good, bad, other)]
    await admin.create_topics(topics)
    await admin.close()
    for first in (1, 3):
        rows = [row(n, team, 2000) for n in (first, first + 1) for team in (good, bad, other)]
        sent = await channel.send(rows)
        assert {n.due.team for n in sent.failed} == {bad}
        assert {n.due.team for n in sent.arrived} == {good, other}
        assert sent.errors == {bad: "MessageSizeTooLargeError"}
        assert not sent.away
    records = await read_all(stack.kafka_bootstrap, [f"summaries.{t}" for t in (good, bad, other)])
    assert len(records) == 8, "each once, and nothing of the one that refuses"


async def test_what_arrived_though_nobody_heard_so_is_not_sent_again(
    stack: Stack, channel: KafkaChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when Kafka ends between writing a batch and saying so."""
    team = f"hv-{uuid.uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"summaries.{team}", 1, 1)])
    await admin.close()
    told = kafka._error_of

    async def unheard(results: Any, deadline: float) -> str | None:
        assert await told(results, deadline) is None
        return "RequestTimedOutError"

    with monkeypatch.context() as deaf:
        deaf.setattr(kafka, "_error_of", unheard)
        sent = await channel.send([row(1, team), row(2, team)])
    assert [n.sequence for n in sent.failed] == [1, 2]
    sent = await channel.send([row(1, team), row(2, team), row(3, team)])
    assert sorted(n.sequence for n in sent.arrived) == [1, 2, 3]
    assert not sent.failed
    assert len(await read_all(stack.kafka_bootstrap, [f"summaries.{team}"])) == 3
    assert channel._unsure == {}


async def test_a_broker_that_is_not_there_is_no_destinations_fault() -> None:
    channel = KafkaChannel({"bootstrap_servers": "127.0.0.1:1"}, timeout=2)
    sent = await asyncio.wait_for(channel.send([row(1, "hv"), row(1, "sn")]), 5)
    assert sent.away
    assert {n.due.team for n in sent.failed} == {"hv", "sn"}


def test_waits_double_and_never_overflow() -> None:
    sender = Sender("w", None, None)  # type: ignore[arg-type]
    assert 0.5 <= sender.wait_after(1) <= 1
    assert 150 <= sender.wait_after(100_000) <= 300
    assert LONGEST_AWAY <= 5
