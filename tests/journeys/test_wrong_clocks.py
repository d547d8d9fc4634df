"""Processes whose own clocks are five minutes fast and slow: nothing is early, late or sent twice for it (R14).

The one `now` is PostgreSQL's, and the only other clock is Kafka's, which stamps what is appended. Those two may not be
five minutes apart: `sharewell doctor` says so. In the middle of the work every clock jumps by ten minutes, on or back
(what that does to each wait: tests/deploy/test_jumping_clock.py). What is not shown: C code that asks the kernel by
itself (journeys/skewed)."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from signal import SIGUSR2
from uuid import UUID

import orjson

from deploy.borough import generate
from tests.bench.events import bench_events
from tests.journeys.dump import judged
from tests.journeys.installation import Installation
from tests.journeys.wire import Publisher
from tests.journeys.workers import Worker

OFF = timedelta(minutes=5)
SKEWED = Path(__file__).parent / "skewed"
CLOCKS = 400
"""Half run out while a slow clock worker is alone, half while a fast one is."""
SPREAD, LATE = timedelta(seconds=6), timedelta(seconds=30)
"""Over how long they run out, and what a busy computer may be late by: a tenth of what any clock is wrong by."""
EVENTS = 150
"""For each of two deaths of a delivery worker, and as many before them."""
ROLES = ("router", "deliver", "clocks")
MOMENTS = """
SELECT min(accepted_at), max(accepted_at) FROM event UNION ALL SELECT min(kept_at), max(kept_at) FROM delivery
UNION ALL SELECT min(marked_at), max(ended_at) FROM attempt
"""


def off(by: timedelta) -> dict[str, str]:
    """The environment of a process whose clock is off."""
    return {"PYTHONPATH": str(SKEWED), "SKEW_SECONDS": str(by.total_seconds())}


def now(place: Installation) -> datetime:
    """By the ledger."""
    found: datetime = place.value("SELECT clock_timestamp()")
    return found


def said_at(worker: Worker) -> datetime:
    """What its clock showed when it last printed a line; half of one may stand behind it."""
    whole, _, _ = worker.log.read_text().rpartition("\n")
    return datetime.fromisoformat(json.loads(whole.splitlines()[-1])["timestamp"])


async def started(place: Installation, worker: Worker) -> None:
    """It runs, and its clock is seen to be as wrong as it was made."""
    worker.start()
    await place.until(lambda: worker.is_up, 60, f"{worker.name} runs")
    assert _wrong_by(place, worker, timedelta(seconds=float(worker.environment["SKEW_SECONDS"]))), "its clock is right"


def _wrong_by(place: Installation, worker: Worker, by: timedelta) -> bool:
    """Whether its clock is off by this, as the last line says that it printed."""
    return abs(said_at(worker) - now(place) - by) < timedelta(seconds=30)


async def ended(worker: Worker) -> None:
    worker.terminate()
    assert await worker.gone(30) == 0


def run_out(place: Installation, rng: Random, first: datetime) -> dict[str, datetime]:
    """So many clocks of one rung, as a router keeps them; each clock → when it is due."""
    due = {str(UUID(int=rng.getrandbits(128))): first + SPREAD * rng.random() for _ in range(CLOCKS // 2)}
    team = next(t.id for t in place.borough.teams if t.lead)
    with place.connect() as connection, connection.cursor() as cursor:
        for id, at in due.items():
            cursor.execute(
                "INSERT INTO clock (id, publisher, flow, paragraph, words, team, needs, starts, steps, due, met_by,"
                " at_once_on)"
                " VALUES (%s, 'ed', 'F09', '1.23', 'acknowledges', %s, 'acknowledge', now(), %s, %s, '', '')",
                (id, team, orjson.dumps([[at.isoformat(), "lead"]]).decode(), at),
            )
    return due


async def test_nothing_is_early_late_or_twice_where_every_process_is_wrong_about_the_time(tmp_path: Path) -> None:
    rng, day = Random(14), datetime.now(UTC)
    place = Installation(tmp_path, SHAREWELL_STEPPED_TIME="false", SHAREWELL_LEASE_SECONDS="5")
    place.borough = generate(1, 1000, day.date())
    events = iter(list(bench_events(place.borough, 14, 4 * EVENTS, day - timedelta(hours=1))))
    async with place:
        publisher, began = Publisher(place.bootstrap, place.history), now(place)
        slow, fast = ({role: place.workers.add(role, **off(by))[0] for role in ROLES} for by in (-OFF, OFF))
        for worker in (slow["router"], fast["router"], slow["deliver"], fast["deliver"], slow["clocks"]):
            await started(place, worker)
        share = "SELECT count(*) FROM lane WHERE until > now() GROUP BY owner"
        await place.until(lambda: place.ask(share) == [(8,), (8,)], 30, "the lanes are shared")

        due = run_out(place, rng, now(place) + timedelta(seconds=2))
        fences = place.ask("SELECT lane, fence FROM lane ORDER BY lane")
        await publisher.flow(islice(events, EVENTS), per_second=60)
        for worker in (slow["router"], fast["router"], slow["deliver"], fast["deliver"], slow["clocks"]):
            worker.send(SIGUSR2)
        await publisher.flow(islice(events, EVENTS), per_second=60)
        assert _wrong_by(place, slow["router"], OFF) or _wrong_by(place, fast["router"], -OFF), "the clocks have jumped"
        assert place.ask("SELECT lane, fence FROM lane ORDER BY lane") == fences, "nobody took another's lanes"
        await place.until(lambda: _fired(place) == len(due), 60, "the slow one has fired all")
        await started(place, fast["clocks"])
        await ended(slow["clocks"])
        due |= run_out(place, rng, now(place) + timedelta(seconds=2))
        for dies, other in ((slow["deliver"], fast["deliver"]), (fast["deliver"], slow["deliver"])):
            await ended(dies)
            dies.start(SHAREWELL_FAILPOINT="after_send_before_mark")
            await place.until(partial(_has_lanes, place, dies), 60, f"{dies.name} has its share of the lanes")
            await publisher.flow(islice(events, EVENTS), per_second=100)
            await place.until(partial(_has_died, dies), 60, "it dies when Kafka has what it sent")
            assert dies.collect(1) == -9
            await place.until(place.nothing_due, 60, f"{other.name} takes over")
            dies.start()
            await place.until(partial(_has_lanes, place, dies), 60, f"{dies.name} works again")
        await place.until(lambda: _fired(place) == len(due), 60, "the fast one has fired all")
        await place.until(place.nothing_due, 60, "all has left")
        assert set((await place.workers.stop()).values()) == {0}
        await publisher.stop()

        fired = place.ask(
            "SELECT f.clock::text, f.at, a.marked_at FROM clock_fired f JOIN delivery d ON d.id = f.delivery"
            " JOIN sent s ON s.no = d.no JOIN attempt a ON a.no = s.attempt"
        )
        assert sorted(clock for clock, _, _ in fired) == sorted(due), "each once"
        early = [clock for clock, at, sent in fired if min(at, sent) < due[clock]]
        assert early == [], "by the ledger's clock, which its sending is marked with too"
        assert max(at - due[clock] for clock, at, _ in fired) <= LATE
        moments = [at for row in place.ask(MOMENTS) for at in row]
        assert began <= min(moments) <= max(moments) <= now(place), "kept when it was, not when they said"
        judgement = await judged(place)
        faults = [fault for fault in judgement.faults if not fault.endswith("ended with -9")]
        assert not faults, str(judgement)
        assert judgement.raw_repeats == 0, str(judgement)
        assert judgement.seen["attempts taken-over"] >= 2, str(judgement)


def _has_lanes(place: Installation, worker: Worker) -> bool:
    held = "SELECT EXISTS (SELECT FROM lane WHERE owner = %s AND until > now())"
    return _has_died(worker) or bool(place.value(held, worker.name))


def _has_died(worker: Worker) -> bool:
    return not worker.runs


def _fired(place: Installation) -> int:
    return int(place.value("SELECT count(*) FROM clock_fired"))
