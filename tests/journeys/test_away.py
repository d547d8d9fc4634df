"""PostgreSQL away, then Kafka, half a minute each under load: nothing acknowledged that is not kept, no restart."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from tests.journeys.crash import published
from tests.journeys.dump import judged
from tests.journeys.installation import START, Installation
from tests.journeys.wire import Publisher, Recipients

AWAY = 30.0
SERVING = 10.0
"""Seconds after PostgreSQL is back within which events are taken again."""
DRAINED = 60.0
"""Seconds after Kafka is back within which all that waited has left."""


async def test_half_a_minute_without_postgres_then_without_kafka(tmp_path: Path) -> None:
    async with Installation(tmp_path) as place:
        for role, count in (("router", 2), ("deliver", 2), ("clocks", 1)):
            for worker in place.workers.add(role, count):
                worker.start()
        before = {worker.name: worker.pid for worker in place.workers.all.values()}
        publisher, answering = (Publisher(place.bootstrap, place.history) for _ in range(2))
        recipients = Recipients(place.bootstrap, place.borough, answering, place.history, 3, answer=0.2)
        recipients.start()
        flow = asyncio.create_task(publisher.flow(published(place.borough, 3, 6000), per_second=40))
        await place.until(lambda: place.value("SELECT count(*) FROM sent") > 100, 60, "deliveries leave")

        kept = place.value("SELECT count(*) FROM inbox")
        await asyncio.to_thread(place.stack.postgres.kill)
        await asyncio.sleep(AWAY)
        acknowledged = await place.committed()
        await asyncio.to_thread(place.stack.postgres.start)
        back = time.monotonic()
        not_kept = [one for one in _up_to(place, acknowledged) if not _is_kept(place, *one)]
        assert not not_kept, "acknowledged to Kafka, and not in the ledger"
        assert sum(acknowledged.values()) >= kept, "all that was kept before the outage is acknowledged by now"
        await place.until(lambda: place.value("SELECT count(*) FROM inbox") > kept + 20, 60, "events are taken again")
        serving = time.monotonic() - back

        await asyncio.sleep(5)
        await asyncio.to_thread(place.stack.kafka.kill)
        place.step_to(START + timedelta(days=7))  # what the clocks fire now has nowhere to go
        await asyncio.sleep(AWAY)
        waiting = place.value(
            "SELECT (SELECT count(*) FROM due) + (SELECT count(*) FROM attempt WHERE outcome = 'sending')"
        )
        assert waiting > 0
        await asyncio.to_thread(place.stack.kafka.start)
        back = time.monotonic()
        oldest = place.value("SELECT max(no) FROM delivery")
        await place.until(
            lambda: place.value("SELECT count(*) FROM due WHERE no <= %s", oldest) == 0 and place.nothing_due(),
            DRAINED, "what waited has left",
        )  # fmt: skip
        drained = time.monotonic() - back

        flow.cancel()
        await asyncio.wait({flow})
        ids = [i for i in publisher.acknowledged if i]
        missing = "SELECT count(*) FROM unnest(%s::uuid[]) AS i WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = i)"
        await place.until(lambda: place.value(missing, ids) == 0, 60, "all that was acknowledged is kept")
        await recipients.stop()
        await _quiet(lambda: asyncio.to_thread(_still, place))
        assert {worker.name: worker.pid for worker in place.workers.all.values() if worker.runs} == before
        assert set((await place.workers.stop()).values()) == {0}
        await publisher.stop()
        await answering.stop()
        place.history.add("measured", serving=serving, drained=drained)
        judgement = await judged(place)
        said = f"serving after {serving:.1f} s, drained after {drained:.1f} s: {judgement}"
        assert not judgement.faults, said
        assert judgement.raw_repeats <= 2 * 2, said
        assert serving <= SERVING, said


def _up_to(place: Installation, acknowledged: dict) -> list[tuple[str, str, int, int]]:
    """(id, topic, partition, offset) of every record that the router has acknowledged."""
    at = {(spot.topic, spot.partition): offset for spot, offset in acknowledged.items()}
    return [
        (line["id"], line["topic"], line["partition"], line["offset"])
        for line in place.history.lines("acknowledged")
        if line["offset"] < at.get((line["topic"], line["partition"]), 0)
    ]


def _is_kept(place: Installation, id: str, topic: str, partition: int, offset: int) -> bool:
    found = place.ask("SELECT FROM event WHERE id = %s::uuid", id) if id else []
    aside = 'SELECT FROM {} WHERE topic = %s AND partition = %s AND "offset" = %s'
    return bool(
        found
        or place.ask(aside.format("refusal"), topic, partition, offset)
        or place.ask(aside.format("conflict"), topic, partition, offset)
    )


def _still(place: Installation) -> int:
    """A number that changes while anything goes on; 0 while something is owed."""
    if not place.nothing_due():
        return 0
    return place.value("SELECT (SELECT count(*) FROM receipt) + (SELECT count(*) FROM delivery)")


async def _quiet(look: Callable[[], Awaitable[int]], seconds: float = 60) -> None:
    deadline, before, since = time.monotonic() + seconds, -1, 0
    while since < 4:
        assert time.monotonic() < deadline, "it never came to rest"
        await asyncio.sleep(0.5)
        now = await look()
        since = since + 1 if now and now == before else 0
        before = now
