"""Asked to stop, a process stops in time and leaves nothing; stopped and forgotten, it can do no harm when it wakes."""

import asyncio
import itertools
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg
import pytest

from deploy.borough import events
from tests.journeys.crash import published
from tests.journeys.dump import judged
from tests.journeys.installation import START, Installation
from tests.journeys.wire import Publisher
from tests.journeys.workers import Worker

STOP_SECONDS = 10.0
GIVES_UP = 4.0
"""A process waits at least so long for what it has begun, and ends without it then."""
FORCED = 2
"""Processes that were not held up and yet did not end by themselves: a busy computer may do so much."""
RESTARTS = 20
HELD = {8: "router2", 13: "deliver1"}
"""At these restarts the process has begun what it cannot end in the time it is given to stop."""
LOCKS = {
    "router": "LOCK TABLE event IN EXCLUSIVE MODE",
    "deliver": "SELECT FROM attempt WHERE outcome = 'sending' AND worker = %(name)s LIMIT 1 FOR UPDATE",
}
"""What keeps a worker from its last write: of the router, of all it read; of the delivery worker, that it has sent."""
ZOMBIES = 10
"""So often it is stopped, and up to three times so often until it was once in the middle of a batch."""
LEASE = 2.0


async def settled(place: Installation, publisher: Publisher) -> None:
    ids = [i for i in publisher.acknowledged if i]
    missing = "SELECT count(*) FROM unnest(%s::uuid[]) AS i WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = i)"
    await place.until(lambda: place.value(missing, ids) == 0, 90, "all that was acknowledged is kept")
    await place.until(place.nothing_due, 60, "all deliveries have left")


async def test_rolling_restarts_under_load_lose_and_repeat_nothing(tmp_path: Path) -> None:
    async with Installation(tmp_path) as place:
        for role in ("router", "deliver", "clocks"):
            for worker in place.workers.add(role, 2):
                worker.start()
        publisher = Publisher(place.bootstrap, place.history)
        flow = asyncio.create_task(publisher.flow(published(place.borough, 5, 10_000), per_second=60))
        await place.until(lambda: place.value("SELECT count(*) FROM sent") > 100, 60, "deliveries leave")
        rng, took = Random(5), {}
        names = ["router1", "deliver1", "router2", "deliver2", "clocks1", "clocks2"]
        for n in range(RESTARTS):
            worker = place.workers[names[n % len(names)]]
            await asyncio.sleep(rng.uniform(0.5, 2))
            await place.until(partial(_is_up, worker), 30, f"{worker.name} runs")
            async with held_up(place, worker) if n in HELD else nullcontext():
                began = time.monotonic()
                worker.terminate()
                code = await worker.gone(30)
                took[f"{worker.name} {n}"] = round(time.monotonic() - began, 2)
            assert code == 0, f"{worker.name} ended with {code}"
            worker.start()
        await asyncio.sleep(2)
        flow.cancel()
        await asyncio.wait({flow})
        await settled(place, publisher)
        assert set((await place.workers.stop()).values()) == {0}
        await publisher.stop()
        judgement = await judged(place)
        place.history.add("measured", stopped_after=took)
        assert not judgement.faults, str(judgement)
        assert judgement.raw_repeats == 0, str(judgement)
        assert max(took.values()) <= STOP_SECONDS, took
        for n, name in HELD.items():
            assert took[f"{name} {n}"] > GIVES_UP, f"it was not in the middle of anything: {took}"
        forced = place.workers.logs().count('"does not end, ended"')
        assert forced <= len(HELD) + FORCED, f"{forced} were ended by force: {took}"


def _is_up(worker: Worker) -> bool:
    return worker.is_up


@asynccontextmanager
async def held_up(place: Installation, worker: Worker) -> AsyncIterator[None]:
    """What this worker is about to keep waits for a lock until all is over: longer than it may take to stop."""
    with psycopg.connect(place.dsn) as lock:
        assert await asyncio.to_thread(_waits_for, lock, place, worker), f"{worker.name} was never held up"
        place.history.add("held up", who=worker.name)
        yield


def _waits_for(lock: psycopg.Connection[Any], place: Installation, worker: Worker) -> bool:
    """Lock what the worker needs, and see it stand still; what it does takes milliseconds, so that it takes tries."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if lock.execute(LOCKS[worker.role], {"name": worker.name}).rowcount:
            for _ in range(10):
                time.sleep(0.05)
                ports = [c.laddr.port for c in psutil.Process(worker.pid).net_connections("tcp")]
                waits = "SELECT FROM pg_stat_activity WHERE client_port = ANY(%s) AND wait_event_type = 'Lock'"
                if place.ask(waits, ports):
                    return True
        lock.rollback()
    return False


async def test_a_process_stops_in_time_while_kafka_is_away_and_while_postgres_is(tmp_path: Path) -> None:
    async with Installation(tmp_path) as place:
        publisher = Publisher(place.bootstrap, place.history)
        for server in ("kafka", "postgres"):
            workers = [place.workers.add(role)[0].start() for role in ("router", "deliver", "clocks")]
            one = events.ed_discharge(place.borough, place.borough.children[0], START, Random(server))
            await publisher.publish(one)
            await settled(place, publisher)
            for worker in workers:
                await place.until(partial(_is_up, worker), 30, f"{worker.name} runs")
            await asyncio.to_thread(getattr(place.stack, server).kill)
            if server == "kafka":
                place.step_to(START + timedelta(days=7))  # the alerts of the clocks cannot be sent
            await asyncio.sleep(3)
            began = time.monotonic()
            for worker in workers:
                worker.terminate()
            codes = await asyncio.gather(*(worker.gone(30) for worker in workers))
            took = time.monotonic() - began
            await asyncio.to_thread(getattr(place.stack, server).start)
            assert codes == [0, 0, 0], f"without {server}: {codes}"
            assert took <= STOP_SECONDS, f"without {server} it took {took:.1f} s"
        place.workers.add("deliver")[0].start()
        await settled(place, publisher)
        await publisher.stop()


async def test_a_delivery_worker_that_sleeps_past_its_lease_writes_nothing_when_it_wakes(tmp_path: Path) -> None:
    async with Installation(tmp_path, SHAREWELL_LEASE_SECONDS=str(LEASE), SHAREWELL_POLL_SECONDS="0.5") as place:
        place.workers.add("router")[0].start()
        zombie, other = (worker.start() for worker in place.workers.add("deliver", 2))
        publisher = Publisher(place.bootstrap, place.history)
        flow = asyncio.create_task(publisher.flow(published(place.borough, 6, 10_000), per_second=80))
        held = "SELECT count(*) FROM lane WHERE owner = %s AND until > now()"
        caught = 0
        for n in itertools.count(1):
            await place.until(lambda: place.value(held, zombie.name) == 8, 20, "the lanes are shared")
            await asyncio.to_thread(_while_it_sends, place, zombie.name)
            zombie.send(signal.SIGSTOP)
            place.history.add("stopped", who=zombie.name)
            caught += place.value("SELECT count(*) FROM attempt WHERE outcome = 'sending' AND worker = %s", zombie.name)
            await place.until(lambda: place.value(held, other.name) == 16, 30, "the other takes its lanes over")
            await asyncio.sleep(0.5)
            fences = dict(place.ask("SELECT lane, fence FROM lane"))
            last = place.value("SELECT max(no) FROM attempt")
            settled_by_other = place.ask(
                "SELECT no FROM attempt WHERE worker = %s AND outcome = 'taken-over'", zombie.name
            )
            zombie.send(signal.SIGCONT)
            place.history.add("woke", who=zombie.name)
            await asyncio.sleep(0.5)
            old = [
                (no, lane)
                for no, lane, fence in place.ask("SELECT no, lane, fence FROM attempt WHERE no > %s", last)
                if fence < fences[lane]
            ]
            assert not old, "marked sending with a fence that had moved on"
            mine = "SELECT no FROM attempt WHERE worker = %s AND outcome = 'taken-over'"
            assert set(settled_by_other) <= set(place.ask(mine, zombie.name)), (
                "the zombie ended what another had settled"
            )
            if n >= (ZOMBIES if caught else 3 * ZOMBIES):
                break
        flow.cancel()
        await asyncio.wait({flow})
        await settled(place, publisher)
        assert zombie.runs
        assert set((await place.workers.stop()).values()) == {0}
        await publisher.stop()
        judgement = await judged(place)
        assert caught, "it was never stopped while a batch of its own was open"
        assert not judgement.faults, str(judgement)
        assert judgement.raw_repeats <= caught * 60, str(judgement)


@pytest.mark.parametrize("frozen_at", ["between two statements", "in a copy"])
async def test_a_router_that_freezes_in_its_transaction_is_replaced_and_does_no_harm_when_it_wakes(
    tmp_path: Path, frozen_at: str
) -> None:
    async with Installation(tmp_path) as place:
        frozen, _ = (worker.start() for worker in place.workers.add("router", 2))
        place.workers.add("deliver")[0].start()
        publisher, rng = Publisher(place.bootstrap, place.history), Random(frozen_at)
        flow = asyncio.create_task(publisher.flow(published(place.borough, 7, 10_000), per_second=80))
        await place.until(lambda: place.value("SELECT count(*) FROM event") > 100, 60, "events are taken")
        for _ in range(1000):
            await asyncio.sleep(rng.uniform(0.02, 0.08))
            frozen.send(signal.SIGSTOP)
            if await asyncio.to_thread(_in_transaction, place, frozen.pid) == frozen_at:
                break
            frozen.send(signal.SIGCONT)
        else:
            raise AssertionError("it was never stopped within a transaction that holds events")
        await asyncio.sleep(1)
        flow.cancel()
        await asyncio.wait({flow})
        await settled(place, publisher)  # by the other
        frozen.send(signal.SIGCONT)
        await asyncio.sleep(3)
        await settled(place, publisher)
        assert frozen.runs, "it goes on, or rather finds that all is done"
        assert set((await place.workers.stop()).values()) == {0}
        await publisher.stop()
        judgement = await judged(place)
        assert not judgement.faults, str(judgement)


WAITS = {"idle in transaction": "between two statements", "active": "in a copy"}


def _in_transaction(place: Installation, pid: int) -> str | None:
    """Where a back end of this process, which has written, waits for it in the middle of a transaction."""
    ports = [c.laddr.port for c in psutil.Process(pid).net_connections("tcp")]
    query = "SELECT state FROM pg_stat_activity WHERE client_port = ANY(%s) AND wait_event = 'ClientRead'"
    found = None
    for _ in range(3):  # what it sent before it froze is still being worked on
        time.sleep(0.01)
        found = place.ask(f"{query} AND backend_xid IS NOT NULL", ports)
    return WAITS[found[0][0]] if found else None


def _while_it_sends(place: Installation, name: str) -> None:
    """Until the worker has a batch whose outcome is open; a moment later that may be over."""
    deadline = time.monotonic() + 3
    with suppress(psycopg.Error), place.connect() as connection:
        while time.monotonic() < deadline:
            query = "SELECT FROM attempt WHERE outcome = 'sending' AND worker = %s LIMIT 1"
            if connection.execute(query, (name,)).fetchone() is not None:
                return
