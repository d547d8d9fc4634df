"""The topics of an installation: which there are, from its directory, and how each is kept. Created here, never by the
broker on its own."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from router.directory import Cover

ROUTER_GROUP, RECEIPTS_GROUP = "sharewell-router", "sharewell-receipts"
"""The consumer groups that read the events and the receipts: named once, for whoever reads, measures or reconciles."""
EVENTS_PARTITIONS = 2
"""Of each publisher's topic. Every partition is named in every fetch, both ways, and a borough has dozens of
publishers: two let routers share the busiest one's events."""
PROBE = "sharewell.doctor"
"""Where `sharewell doctor` writes an empty record to learn Kafka's time."""
_CREATED_AT_ONCE = 100
_LEARNT_WITHIN, _ASKED_EVERY = 30.0, 0.1
"""Seconds a broker is given to learn of the topics its controller has created, and between two looks."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it should be."""

    name: str
    partitions: int
    settings: Mapping[str, str]


@dataclass(slots=True)
class Made:
    """What became of each topic; `wrong` has the ones that cannot be used, with Kafka's reason."""

    created: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """Not there and not created: only where nothing was to be created."""
    differs: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """Topic → setting → (as it is, as it should be)."""


def topics_of(
    cover: Cover, *, retention_days: int, replication: int = 1, events_partitions: int = EVENTS_PARTITIONS
) -> list[Topic]:
    """Every topic of a directory: two a publisher and two a team, and the doctor's."""
    kept = {"retention.ms": str(retention_days * 86_400_000), "cleanup.policy": "delete"}
    if replication >= 3:
        kept["min.insync.replicas"] = "2"
    stamped = {**kept, "message.timestamp.type": "LogAppendTime"}
    return [
        *(Topic(f"events.{p}", events_partitions, kept) for p in sorted(cover.publishers)),
        *(Topic(f"status.{p}", 1, stamped) for p in sorted(cover.publishers)),
        *(Topic(f"summaries.{t}", 1, stamped) for t in sorted(cover.teams)),
        *(Topic(f"receipts.{t}", 1, kept) for t in sorted(cover.teams)),
        Topic(PROBE, 1, {**stamped, "retention.ms": "3600000"}),
    ]


async def make_topics(
    kafka: Mapping[str, Any], wanted: Sequence[Topic], replication: int = 1, *, look_only: bool = False
) -> Made:
    """Create those that are missing and see that they can be used; of the others say what differs. Safe to repeat.
    Raises aiokafka's errors."""
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic
    from aiokafka.errors import InvalidReplicationFactorError, for_code

    admin = AIOKafkaAdminClient(**kafka)
    try:
        await admin.start()
        known = set(await admin.list_topics())
        made = Made(there=[t.name for t in wanted if t.name in known])
        missing = [t for t in wanted if t.name not in known]
        if look_only:
            made.missing, missing = [t.name for t in missing], []
        for start in range(0, len(missing), _CREATED_AT_ONCE):
            few = missing[start : start + _CREATED_AT_ONCE]
            asked = [NewTopic(t.name, t.partitions, replication, topic_configs=dict(t.settings)) for t in few]
            answer = await admin.create_topics(asked)
            for name, code, *_ in answer.topic_errors:
                error = for_code(code)
                if error is InvalidReplicationFactorError:
                    raise error()
                if code == 0:
                    made.created.append(name)
                elif error.__name__ == "TopicAlreadyExistsError":
                    made.there.append(name)
                else:
                    made.wrong[name] = error.__name__
        await _usable(admin, made)
        made.differs = await _differences(admin, [t for t in wanted if t.name in known])
        return made
    finally:
        await admin.close()


async def partitions_of(admin: Any, topics: Iterable[str]) -> list[Any]:
    """The partitions (aiokafka's) of those of these topics that there are."""
    from aiokafka import TopicPartition

    described = await admin.describe_topics(asked) if (asked := list(topics)) else []
    there = [topic for topic in described if not topic["error_code"]]
    return [TopicPartition(topic["topic"], p["partition"]) for topic in there for p in topic["partitions"]]


async def _usable(admin: Any, made: Made) -> None:
    """Wait until every partition of the topics just created has a leader: the controller answers a creation before the
    brokers have heard of it, and who publishes next would be told that there is no such topic."""
    unheard, waited = list(made.created), asyncio.timeout(_LEARNT_WITHIN)
    try:
        async with waited:
            while unheard:
                await asyncio.sleep(_ASKED_EVERY)
                unheard = [t["topic"] for t in await admin.describe_topics(unheard) if not _led(t)]
    except TimeoutError:
        if not waited.expired():
            raise
        for name in unheard:
            made.created.remove(name)
            made.wrong[name] = "LeaderNotAvailableError"


def _led(topic: Mapping[str, Any]) -> bool:
    return not topic["error_code"] and all(not p["error_code"] and p["leader"] >= 0 for p in topic["partitions"])


async def _differences(admin: Any, topics: Sequence[Topic]) -> dict[str, dict[str, tuple[str, str]]]:
    from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

    if not topics:
        return {}
    asked = [ConfigResource(ConfigResourceType.TOPIC, t.name, dict.fromkeys(t.settings, "")) for t in topics]
    settings: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(asked):
        for _, _, _, name, entries in answer.resources:
            settings[name] = {entry[0]: entry[1] for entry in entries}
    partitions = {
        t["topic"]: len(t["partitions"]) for t in await admin.describe_topics([topic.name for topic in topics])
    }
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for topic in topics:
        has = settings.get(topic.name, {})
        wrong = {k: (has[k], v) for k, v in topic.settings.items() if k in has and has[k] != v}
        if (there := partitions.get(topic.name, topic.partitions)) < topic.partitions:
            wrong["partitions"] = (str(there), str(topic.partitions))
        if wrong:
            found[topic.name] = wrong
    return found
