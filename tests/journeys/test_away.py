"""PostgreSQL, then Kafka, away for 30 s under load: nothing is acknowledged that is not kept, and all recovers."""

import asyncio
from pathlib import Path

import pytest

from deploy.borough.bench import bench_events
from tests.journeys.installation import START, Installation, running
from tests.journeys.wire import Publisher

EVENTS = 1_500
PER_SECOND = 40
AWAY = 30.0


@pytest.mark.parametrize("what", ["postgres", "kafka"])
async def test_nothing_is_acknowledged_that_is_not_kept_and_it_recovers_by_itself(tmp_path: Path, what: str) -> None:
    async with Installation(tmp_path) as place:
        publisher = Publisher(place.bootstrap, place.history)
        events = list(bench_events(place.borough, 21, EVENTS, START))
        async with running(place):
            pids = {name: worker.pid for name, worker in place.workers.all.items()}
            flow = asyncio.create_task(publisher.flow(events, per_second=PER_SECOND))
            await place.until(lambda: place.value("SELECT count(*) FROM event") > 50, 60, "the load flows")
            gone = place.stack.postgres if what == "postgres" else place.stack.kafka
            await asyncio.to_thread(gone.kill)
            if what == "postgres":
                before = await place.committed()
                await asyncio.sleep(AWAY)
                after = await place.committed()
                slack = sum(after.values()) - sum(before.values())
                assert slack <= 500, "offsets moved while nothing could be kept"
            else:
                await asyncio.sleep(AWAY)
            await asyncio.to_thread(gone.start)
            await flow
            await place.until(lambda: place.value("SELECT count(*) FROM event") == EVENTS, 120, "every event is kept")
            await place.until(place.nothing_due, 120, "every delivery is sent")
            committed = await place.committed()
            kept = {
                (topic, partition): last + 1
                for topic, partition, last in place.ask(
                    'SELECT topic, partition, max("offset") FROM event GROUP BY 1, 2'
                )
            }
            ahead = {p: at for p, at in committed.items() if at > kept.get((p.topic, p.partition), 0)}
            assert not ahead, "acknowledged beyond what is kept"
            assert {name: worker.pid for name, worker in place.workers.all.items() if worker.runs} == pids
        await publisher.stop()
