"""Events that stand in their topics, through all processes, until every delivery is marked sent."""

import os
import time
from collections.abc import Mapping

import psycopg

from deploy.kept import tail
from deploy.supervise import Roles
from tests.bench.figures import Throughput
from tests.bench.meter import Meter, Sample, memory_of, others_busy, used
from tests.bench.world import World

LOOK_SECONDS = 0.1
MEMORY_EVERY = 10
STUCK_SECONDS = 120

KEPT = "SELECT topic, partition, next FROM position"
OWED = "SELECT EXISTS (SELECT FROM due) OR EXISTS (SELECT FROM attempt WHERE outcome = 'sending')"
"""Cheap: a dozen rows, and two indexes. The harness's back end is left out of PostgreSQL's time."""

Starts = Mapping[tuple[str, int], int]
"""(topic, partition) → the offset of the first event of the run."""


Db = psycopg.Connection[tuple[object, ...]]


class Stuck(RuntimeError):
    """The processes stood still; the text ends with their logs."""


def run(world: World, roles: Roles, starts: Starts, count: int) -> Throughput:
    """Start the processes on `count` events that wait for them, until all is sent; the processes are left running."""
    with world.connect() as connection:
        counted = connection.execute("SELECT count(*) FROM refusal").fetchone()
        meter = Meter(world, roles, (connection.info.backend_pid,))
        start = meter.look()
        roles.start()
        samples: list[tuple[int, bool, Sample]] = []
        kept, moved_at = 0, time.perf_counter()
        while True:
            now_kept, working = _kept(connection, starts), is_owed(connection)
            if now_kept != kept:
                kept, moved_at = now_kept, time.perf_counter()
            samples.append((kept, working, meter.look(memory=len(samples) % MEMORY_EVERY == 0)))
            if kept >= count and not working:
                break
            if time.perf_counter() - moved_at > STUCK_SECONDS or not all(one.runs for one in roles.all):
                raise Stuck("\n".join(f"{one.log}:\n{tail(one.log, 5)}" for one in roles.all))
            time.sleep(LOOK_SECONDS)
        refused = connection.execute("SELECT count(*) FROM refusal").fetchone()
    result = measured(count, start, samples)
    result.refused = _one(refused) - _one(counted)
    return result


def measured(count: int, start: Sample, samples: list[tuple[int, bool, Sample]]) -> Throughput:
    """Figures from the looks: steady is from the first that found something kept to the one that found all sent."""
    first_kept, first = next((kept, s) for kept, _, s in samples if kept)
    all_kept = next(s for kept, _, s in samples if kept >= count)
    last = samples[-1][2]
    return Throughput(
        events=count,
        seconds_from_start=last.at - start.at,
        seconds_steady=last.at - first.at,
        events_steady=count - first_kept,
        seconds_kept=all_kept.at - first.at,
        cpu_steady=used(first, last),
        cpu_from_start=used(start, last),
        others_busy=others_busy(first, last),
        cores=os.cpu_count() or 1,
        memory=memory_of([(kept / count, s) for kept, _, s in samples if kept and s.memory]),
    )


def is_owed(connection: Db) -> bool:
    """Whether any delivery is due, or marked sending."""
    row = connection.execute(OWED).fetchone()
    return bool(row and row[0])


def _kept(connection: Db, starts: Starts) -> int:
    """How many of the run's records have been kept."""
    rows = connection.execute(KEPT).fetchall()
    return sum(int(str(n)) - starts[place] for t, p, n in rows if (place := (str(t), int(str(p)))) in starts)


def _one(row: tuple[object, ...] | None) -> int:
    return int(str(row[0])) if row else 0
