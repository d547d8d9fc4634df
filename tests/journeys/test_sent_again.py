"""Ten thousand events sent up to five times at once, a hundred of them with another body: each has one effect (R6)."""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from aiokafka import TopicPartition

from deploy.borough.published import Published, same_id_other_body
from tests.bench.events import bench_events
from tests.journeys.dump import judged
from tests.journeys.installation import PARTITIONS, START, Installation
from tests.journeys.wire import Publisher

EVENTS, CONFLICTS, TIMES = 10_000, 100, 5
APART = 40
"""How many other records may stand between two copies: near enough for two routers to hold both at one moment."""
PRODUCERS = 4


def copies(said: Sequence[Published], raced: Sequence[Published], rng: Random) -> list[Published]:
    """Each event one to five times, the copies among their neighbours; beside each of `raced` its other body, once.

    Those are sent once themselves: of two bodies whichever is read first is the event, and every other a conflict."""
    at_once = {one.id for one in raced}
    placed = [
        (n + rng.uniform(0, APART), copy)
        for n, one in enumerate(said)
        for copy in ([one, other(one)] if one.id in at_once else [one] * rng.randint(1, TIMES))
    ]
    return [copy for _, copy in sorted(placed, key=lambda pair: pair[0])]


def other(one: Published) -> Published:
    return same_id_other_body(one, record_id=f"other-{one.id}")


async def send(publisher: Publisher, records: Sequence[Published], rng: Random) -> None:
    """All of them, each to any partition of its topic: two routers read what one producer sent twice."""
    for at in range(0, len(records), 100):
        await asyncio.gather(
            *(publisher.publish(one, partition=rng.randrange(PARTITIONS)) for one in records[at : at + 100])
        )


async def test_each_of_ten_thousand_events_has_one_effect_however_often_it_is_sent_at_once(tmp_path: Path) -> None:
    rng = Random(6)
    async with Installation(tmp_path) as place:
        said = list(bench_events(place.borough, 6, EVENTS, START))
        chosen = rng.sample(said, CONFLICTS)
        raced, after = chosen[: CONFLICTS // 2], chosen[CONFLICTS // 2 :]
        sent = copies(said, raced, rng)
        for role, count in (("router", 2), ("deliver", 1)):
            for worker in place.workers.add(role, count):
                worker.start()
        publishers = [Publisher(place.bootstrap, place.history) for _ in range(PRODUCERS)]
        async with asyncio.TaskGroup() as group:
            for n, publisher in enumerate(publishers):
                group.create_task(send(publisher, sent[n::PRODUCERS], Random(n)))
        await place.until(lambda: place.value("SELECT count(*) FROM event") >= EVENTS, 180, "all are kept")
        await send(publishers[0], [other(one) for one in after], rng)
        await _all_acknowledged(place, 60)
        await place.until(place.nothing_due, 120, "all deliveries are sent")
        for publisher in publishers:
            await publisher.stop()
        assert set((await place.workers.stop()).values()) == {0}

        counted = {table: place.value(f"SELECT count(*) FROM {table}") for table in ("inbox", "event", "conflict")}
        assert counted == {"inbox": EVENTS, "event": EVENTS, "conflict": CONFLICTS}
        assert {row[0] for row in place.ask("SELECT id::text FROM conflict")} == {one.id for one in chosen}
        assert place.value("SELECT count(*) FROM task WHERE kind = 'conflict' AND state = 'open'") == CONFLICTS
        judgement = await judged(place)  # each answered once, the conflicts too; each summary sent once
        assert not judgement.faults, str(judgement)
        assert judgement.raw_repeats == 0, str(judgement)
        again = {worker.name: _seen_before(worker.log) for worker in place.workers.of("router")}
        assert sum(again.values()) >= len(sent) - EVENTS - len(raced), again
        assert min(again.values()) > 0, f"only one router met repeats: {again}"


async def _all_acknowledged(place: Installation, seconds: float) -> None:
    """Until the routers have acknowledged every record that Kafka has, the repeats among them."""
    ends: dict[TopicPartition, int] = {}
    for line in place.history.lines("acknowledged"):
        one = TopicPartition(line["topic"], line["partition"])
        ends[one] = max(ends.get(one, 0), line["offset"] + 1)
    deadline = time.monotonic() + seconds
    while True:
        reached = await place.committed()
        if all(reached.get(one, 0) >= end for one, end in ends.items()):
            return
        assert time.monotonic() < deadline, f"not within {seconds} s: every record is acknowledged"
        await asyncio.sleep(0.3)


def _seen_before(log: Path) -> int:
    lines = (json.loads(line) for line in log.read_text().splitlines() if line.startswith("{"))
    return sum(line.get("seen_before", 0) for line in lines)
