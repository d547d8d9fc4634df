"""Topics, publishing and the accounts of both sides, on a real Kafka."""

import asyncio
import json
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from deploy.local import Stack
from deploy.settings import Settings
from deploy.topics import EVENTS_PARTITIONS, PROBE, RECEIPTS_GROUP, ROUTER_GROUP, make_topics, topics_of
from router.directory import Cover
from router.events import Received
from router.policy.book import rule_book
from router.receipts import take_receipts
from router.take import take_in
from tests.cli.town import Town


@pytest.fixture
def place(town: Town, stack: Stack) -> Town:
    """The town with Kafka, and a directory of its own few publishers, so that topics of tests do not meet."""
    town.environment["SHAREWELL_KAFKA_BOOTSTRAP"] = stack.kafka_bootstrap
    suffix = town.dsn.rpartition("_")[2].split()[0]
    doc = orjson.loads(town.sql("SELECT doc FROM cover_version")[0][0])
    kept = [p for p in doc["publishers"] if p["id"] in ("ed-children", "dart")]
    for publisher in kept:
        publisher["id"] = f"{publisher['id']}-{suffix}"
    few = [t for t in doc["teams"] if t["id"].startswith(("hv-", "gp-a", "pln", "nn-", "desk"))]
    town.sql("UPDATE cover_version SET doc = %s", orjson.dumps({**doc, "publishers": kept, "teams": few}))
    town.publisher = f"ed-children-{suffix}"  # type: ignore[attr-defined]
    return town


def settings(town: Town) -> Settings:
    values = {k.removeprefix("SHAREWELL_").lower(): v for k, v in town.environment.items() if k != "SHAREWELL_WHO"}
    return Settings(_env_file=None, **values)


async def records(town: Town, topic: str) -> list[Any]:
    consumer = AIOKafkaConsumer(**settings(town).kafka(), auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(topic, p) for p in range(EVENTS_PARTITIONS)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found = []
        while len(found) < sum(ends.values()):
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                found += batch
        return found
    finally:
        await consumer.stop()


def test_topics_are_made_once_with_what_they_need(place: Town) -> None:
    first = place.json("topics")
    mine = [t for t in first["created"] if place.publisher in t]
    assert sorted(mine) == [f"events.{place.publisher}", f"status.{place.publisher}"]
    assert all(t in first["created"] or t in first["there"] for t in first["wanted"])
    second = place.json("topics")
    assert (second["created"], second["differs"]) == ([], {})
    assert "Nothing to create: all are there." in place.sharewell("topics").output
    days = place.sharewell("topics", SHAREWELL_KAFKA_RETENTION_DAYS="3")
    assert days.exit_code == 1
    assert "retention.ms is 1209600000, should be 259200000" in days.output


def test_topics_just_made_are_told_of_when_they_can_be_used(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    describe, looks = AIOKafkaAdminClient.describe_topics, list[int]()

    async def slow_to_hear(self: AIOKafkaAdminClient, topics: list[str] | None = None) -> Any:
        """A broker that hears of the topics one look after another: not of them, then of no leader, then of all."""
        told = await describe(self, topics)
        looks.append(len(told))
        if len(looks) == 1:
            return [topic | {"error_code": 3, "partitions": []} for topic in told]
        if len(looks) == 2:
            told[0]["partitions"][0]["leader"] = -1
        return told

    monkeypatch.setattr(AIOKafkaAdminClient, "describe_topics", slow_to_hear)
    made = len(place.json("topics")["created"])
    assert looks[:2] == [made, made]
    assert looks[2] == 1
    monkeypatch.setattr("deploy.topics._LEARNT_WITHIN", 0.0)
    place.sql("UPDATE cover_version SET doc = replace(convert_from(doc, 'UTF8'), 'ed-children-', 'ed-young-')::bytea")
    unheard = place.sharewell("topics")
    assert unheard.exit_code == 1
    assert "LeaderNotAvailableError" in unheard.output


def test_what_a_topic_is_asked_to_be() -> None:
    cover = Cover.read(1, {
        "teams": [{"id": "hv-a", "service": "HV", "organisation": "ZA1", "name": "A"}],
        "publishers": [{"id": "ed", "source": "https://x", "service": "ED", "organisation": "ZA1", "team": "hv-a"}],
    })  # fmt: skip
    wanted = {t.name: t for t in topics_of(cover, retention_days=14, replication=3)}
    assert set(wanted) == {"events.ed", "status.ed", "summaries.hv-a", "receipts.hv-a", PROBE}
    assert [wanted[n].partitions for n in ("events.ed", "status.ed", "summaries.hv-a", "receipts.hv-a")] == [2, 1, 1, 1]
    stamped = {n for n, t in wanted.items() if t.settings.get("message.timestamp.type") == "LogAppendTime"}
    assert stamped == {"status.ed", "summaries.hv-a", PROBE}
    assert {t.settings["min.insync.replicas"] for t in wanted.values()} == {"2"}
    assert wanted["events.ed"].settings["retention.ms"] == str(14 * 86_400_000)


def test_more_copies_than_brokers_is_said_in_words(place: Town) -> None:
    place.sql("UPDATE cover_version SET doc = replace(convert_from(doc, 'UTF8'), 'ed-children-', 'ed-kids-')::bytea")
    done = place.sharewell("topics", SHAREWELL_KAFKA_REPLICATION="3")
    assert done.exit_code == 3
    assert "Set SHAREWELL_KAFKA_REPLICATION" in done.output


def test_an_event_is_published_to_its_publishers_topic_under_its_partition_key(place: Town, tmp_path: Path) -> None:
    place.sharewell("topics")
    events = [place.discharge(place.child(0, 5)).event, place.discharge(place.child(5, 12)).event]
    file = tmp_path / "events.ndjson"
    file.write_text("\n".join(map(json.dumps, events)))
    told = place.json("publish", str(file))
    assert [t["event"] for t in told] == [e["id"] for e in events]
    assert {t["topic"] for t in told} == {f"events.{place.publisher}"}
    found = asyncio.run(records(place, f"events.{place.publisher}"))
    assert {r.key.decode() for r in found} == {e["partitionkey"] for e in events}
    assert [r.headers for r in found] == [(("content-type", b"application/cloudevents+json"),)] * 2
    assert sorted(orjson.loads(r.value)["id"] for r in found) == sorted(e["id"] for e in events)
    shown = place.sharewell("publish", str(file)).output
    assert "2 records sent to events." in shown
    assert place.named_in(shown) == set()


def test_what_is_no_event_is_sent_only_as_somebody(place: Town) -> None:
    place.sharewell("topics")
    nobody = place.sharewell("publish", "-", typed="not json")
    assert (nobody.exit_code, "Nothing was sent." in nobody.output) == (1, True)
    assert "line 1: The record is not JSON in UTF-8." in nobody.output
    listed = place.sharewell("publish", "-", typed="[1]")
    assert "line 1: The record is JSON, but not an object." in listed.output
    assert "line 1: the event has no source." in place.sharewell("publish", "-", typed="{}").output
    stranger = place.sharewell("publish", "-", typed='{"source": "https://x.example"}')
    assert "no publisher of the directory has this source" in stranger.output
    assert place.sharewell("publish", "-", "--as", place.publisher, typed="not json").exit_code == 0
    assert place.sharewell("publish", "-", "--as", "not-there", typed="not json").exit_code == 3


def test_a_key_that_is_an_nhs_number_is_never_sent(place: Town, tmp_path: Path) -> None:
    place.sharewell("topics")
    child = place.child(0, 5)
    number = place.borough.people[child]["nhs"]
    event = place.discharge(child).event | {"partitionkey": number}
    done = place.sharewell("publish", "-", typed=json.dumps(event))
    assert (done.exit_code, number in done.output) == (1, False)
    assert asyncio.run(records(place, f"events.{place.publisher}")) == []


def test_the_doctor_is_content_with_topics_and_clocks(place: Town) -> None:
    found = {f["name"]: f for f in place.json("doctor", exits=1)}
    assert found["Topics"]["mend"] == "sharewell topics"
    place.sharewell("topics")
    found = {f["name"]: f for f in place.json("doctor")}
    for name in ("Kafka", "Topics", "Kafka's clock", "PostgreSQL"):
        assert found[name]["state"] == "ok", found[name]


def take_all(place: Town, leave_out: int | None = None) -> None:
    """The router takes in what stands on the topic, but for one offset."""
    topic = f"events.{place.publisher}"
    batch = [
        Received(place.publisher, r.value, r.key, topic, r.partition, r.offset)
        for r in asyncio.run(records(place, topic))
    ]
    kept = [r for n, r in enumerate(batch) if n != leave_out]
    place.ledger(lambda ledger: take_in(kept, ledger, rule_book()))


def publish(place: Town, *events: dict[str, Any]) -> None:
    typed = "\n".join(json.dumps(e | {"partitionkey": "k-1"}) for e in events)
    assert place.sharewell("publish", "-", "--as", place.publisher, typed=typed).exit_code == 0


def test_reconcile_reads_offsets_without_a_row_and_finds_the_same_bytes_kept(place: Town) -> None:
    place.sharewell("topics")
    event = place.discharge(place.child(0, 5)).event
    publish(place, event, event, place.discharge(place.child(0, 5)).event)
    take_all(place)
    told = place.json("reconcile")
    assert (told["faults"], told["topics_read"]) == ([], 1)


def test_reconcile_finds_a_record_that_is_on_the_topic_and_not_in_the_ledger(place: Town) -> None:
    place.sharewell("topics")
    publish(place, *(place.discharge(place.child(0, 5)).event for _ in range(3)))
    take_all(place, leave_out=1)
    told = place.json("reconcile", exits=1)
    assert [f["check"] for f in told["faults"]] == ["lost"]
    assert told["faults"][0]["ids"][0].startswith(f"events.{place.publisher} ")


def test_reconcile_finds_what_was_acknowledged_of_a_partition_that_the_ledger_never_heard_of(place: Town) -> None:
    """A ledger restored from before a publisher's first record: no row says how far it was read."""
    place.sharewell("topics")
    publish(place, *(place.discharge(place.child(0, 5)).event for _ in range(2)))
    assert place.json("reconcile")["faults"] == [], "nobody has acknowledged them: they are to be taken in"
    ends = asyncio.run(acknowledge_all(place))
    (fault,) = place.json("reconcile", exits=1)["faults"]
    assert (fault["check"], len(fault["ids"])) == ("lost", sum(ends.values())) == ("lost", 2)
    take_all(place)
    assert place.json("reconcile")["faults"] == []


async def acknowledge_all(town: Town) -> dict[Any, int]:
    """As a router does whose ledger was put back afterwards."""
    consumer = AIOKafkaConsumer(**settings(town).kafka(), group_id=ROUTER_GROUP, enable_auto_commit=False)
    await consumer.start()
    try:
        places = [TopicPartition(f"events.{town.publisher}", p) for p in range(EVENTS_PARTITIONS)]  # type: ignore[attr-defined]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.commit(ends)
        return dict(ends)
    finally:
        await consumer.stop()


async def in_transactions(town: Town, *said: tuple[bytes, bool]) -> list[Received]:
    """Each record as a transaction of its own, which its publisher ends or takes back; those that anybody may read."""
    topic, publisher = f"events.{town.publisher}", town.publisher  # type: ignore[attr-defined]
    producer = AIOKafkaProducer(**settings(town).kafka(), transactional_id=str(uuid4()))
    await producer.start()
    read = []
    try:
        for value, stands in said:
            await producer.begin_transaction()
            at = await producer.send_and_wait(topic, value, partition=0)
            if stands:
                await producer.commit_transaction()
                read.append(Received(publisher, value, None, topic, 0, at.offset))
            else:
                await producer.abort_transaction()
    finally:
        await producer.stop()
    return read


@pytest.mark.parametrize("leave_out", [None, 2])
def test_what_a_publisher_took_back_was_never_the_routers_and_is_not_lost(place: Town, leave_out: int | None) -> None:
    place.sharewell("topics")
    values = [orjson.dumps(place.discharge(place.child(0, 5)).event) for _ in range(8)]
    ended = [True, False, False, True, False, True, True, False]
    sent = asyncio.run(in_transactions(place, *zip(values, ended, strict=True)))
    kept = [r for n, r in enumerate(sent) if n != leave_out]
    place.ledger(lambda ledger: take_in(kept, ledger, rule_book()))
    asyncio.run(acknowledge_all(place))
    started = monotonic()
    faults = place.json("reconcile", exits=int(leave_out is not None))["faults"]
    lost = [f"{r.topic} 0 {r.offset}" for r in sent if r not in kept]
    assert [(f["check"], f["ids"]) for f in faults] == ([("lost", lost)] if lost else [])
    assert monotonic() - started < 15, "what nobody may read is passed over, not waited for offset by offset"


def test_a_topic_that_was_made_anew_is_noticed(place: Town) -> None:
    place.sharewell("topics")
    publish(place, place.discharge(place.child(0, 5)).event)
    take_all(place)
    place.sql("UPDATE position SET next = next + 1000")
    assert [f["check"] for f in place.json("reconcile", exits=1)["faults"]] == ["truncated"]


async def test_make_topics_can_only_look(stack: Stack) -> None:
    kafka = {"bootstrap_servers": stack.kafka_bootstrap}
    cover = Cover.read(1, {"teams": [{"id": "x-only-looked-at", "service": "HV", "organisation": "Z", "name": "A"}]})
    wanted = topics_of(cover, retention_days=1)
    made = await make_topics(kafka, wanted, look_only=True)
    assert {"summaries.x-only-looked-at", "receipts.x-only-looked-at"} <= set(made.missing)
    assert made.created == []


def receipt_of(delivery: str, **said: Any) -> dict[str, Any]:
    """A receipt as a team sends it."""
    example = orjson.loads((Path(__file__).parents[2] / "contracts/published/examples/receipt-1.json").read_bytes())
    return {**example, "id": str(uuid4()), "data": {**example["data"], "delivery_id": delivery, **said}}


@pytest.fixture
def team(place: Town) -> str:
    """A team that no other test answers for, and that was told of somebody."""
    name = f"hv-{uuid4().hex[:8]}"
    doc = orjson.loads(place.sql("SELECT doc FROM cover_version")[0][0])
    doc["teams"].append({"id": name, "service": "HV", "organisation": "ZA1", "name": "HV of its own"})
    place.sql("UPDATE cover_version SET doc = %s", orjson.dumps(doc))
    place.sharewell("topics")
    return name


async def answered(town: Town, topic: str, *values: bytes, acknowledged: bool) -> list[Received]:
    """What stands on the topic once these were sent, acknowledged as a router does that has kept it."""
    where = settings(town).kafka()
    producer = AIOKafkaProducer(**where)
    consumer = AIOKafkaConsumer(**where, group_id=RECEIPTS_GROUP, enable_auto_commit=False)
    await producer.start()
    await consumer.start()
    try:
        team = topic.removeprefix("receipts.")
        sent = [await producer.send_and_wait(topic, value, partition=0) for value in values]
        if acknowledged:
            consumer.assign([TopicPartition(topic, 0)])
            await consumer.commit({TopicPartition(topic, 0): sent[-1].offset + 1})
        return [Received(team, v, None, topic, 0, at.offset) for v, at in zip(values, sent, strict=True)]
    finally:
        await producer.stop()
        await consumer.stop()


def test_reconcile_finds_a_receipt_that_was_acknowledged_and_is_not_in_the_ledger(place: Town, team: str) -> None:
    publish(place, place.discharge(place.child(0, 5)).event)
    take_all(place)
    delivery = place.delivery("hv-")["id"]
    place.sql("UPDATE delivery SET team = %s WHERE id = %s", team, delivery)
    good, again, other = (receipt_of(id) for id in (delivery, delivery, str(uuid4())))
    values = [orjson.dumps(good), orjson.dumps(again), b"not json", orjson.dumps(other), orjson.dumps(good)]
    sent = asyncio.run(answered(place, f"receipts.{team}", *values, acknowledged=True))
    lost = [sent[1], sent[2], sent[3]]
    place.ledger(lambda ledger: take_receipts([r for r in sent if r not in lost], ledger, rule_book()))
    found = [f for f in place.json("reconcile", exits=1)["faults"] if f["check"].startswith("receipts")]
    assert [(f["check"], f["ids"]) for f in found] == [
        ("receipts_lost", [f"receipts.{team} 0 {r.offset}" for r in lost])
    ]
    place.ledger(lambda ledger: take_receipts(lost, ledger, rule_book()))
    told = place.json("reconcile", exits=1)  # that the delivery changed hands is seen elsewhere
    assert [f["check"] for f in told["faults"] if f["check"].startswith("receipts")] == []
    assert told["receipts_read"] >= len(sent)


def test_reconcile_says_how_many_receipts_stand_on_a_topic_and_are_not_taken_in(place: Town, team: str) -> None:
    value = orjson.dumps(receipt_of(str(uuid4())))
    asyncio.run(answered(place, f"receipts.{team}", value, value, acknowledged=False))
    told = place.json("reconcile")
    assert told["receipts_waiting"][f"receipts.{team}"] == 2
    assert f"receipts.{team}: 2 offsets are not taken in yet." in place.sharewell("reconcile").output


def test_a_receipts_topic_that_was_made_anew_is_noticed(place: Town, team: str) -> None:
    async def acknowledge_beyond() -> None:
        consumer = AIOKafkaConsumer(**settings(place).kafka(), group_id=RECEIPTS_GROUP, enable_auto_commit=False)
        await consumer.start()
        consumer.assign([TopicPartition(f"receipts.{team}", 0)])
        await consumer.commit({TopicPartition(f"receipts.{team}", 0): 7})
        await consumer.stop()

    asyncio.run(acknowledge_beyond())
    assert [f["check"] for f in place.json("reconcile", exits=1)["faults"]] == ["receipts_truncated"]
