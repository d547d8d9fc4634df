"""Parts of the processes at work while the computer's own clock jumps; says as JSON what they did (journeys/skewed)."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from time import monotonic
from typing import Any, cast

import orjson
import psycopg
from prometheus_client import generate_latest

from adapters.storage.intake import CoverShelf, PostgresIntake
from adapters.storage.postgres import PostgresLedger
from deploy import metrics
from deploy.deliver_role import _send_until_stopped
from deploy.parts import Process, watch
from deploy.settings import Settings
from router.deliver import Sender
from router.directory import Cover
from router.ledger import Lease

JUMPS_AT, ENDS_AT = 0.5, 2.5
LEASE, PATIENCE, COVER = 0.6, 0.6, 0.2
FAILS = 4


class Idle:
    """A ledger with nothing to do, which is away for the first few leases; when each was asked for."""

    def __init__(self, away: int = 0) -> None:
        self.away, self.asked, self.leased = away, list[float](), list[float]()

    def __getattr__(self, name: str) -> Any:
        async def called(*_: Any, **__: Any) -> Any:
            if name == "lease":
                self.asked.append(monotonic())
                if len(self.asked) <= self.away:
                    raise psycopg.OperationalError
                self.leased.append(monotonic())
                return [Lease(0, 1)]
            return ((), ()) if name == "begin" else ()

        return called


class Pool:
    """A database that is away, or there and asked for nothing."""

    def __init__(self, there: bool) -> None:
        self.there = there

    @asynccontextmanager
    async def connection(self, *_: Any, **__: Any) -> AsyncIterator[None]:
        if not self.there:
            raise psycopg.OperationalError
        yield None


class Shelf(CoverShelf):
    """A directory that nobody changes; when it was read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = list[float]()

    async def newest(self, connection: Any) -> Cover:
        self.read.append(monotonic())
        return Cover.read(1, {})


def process(patience: float) -> Process:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        environment="test",
        watchdog_seconds=patience,
        poll_seconds=0.02,
        lease_seconds=LEASE,
    )
    return Process("deliver", "one", settings, cast(Any, Pool(False)), cast(PostgresLedger, None), lambda _: None)


async def sends(ledger: Idle) -> None:
    """A delivery worker, as it is run."""
    await _send_until_stopped(process(60), Sender("one", cast(Any, ledger), cast(Any, None)), asyncio.Event(), [False])


async def waits_patiently(done: Callable[[], None]) -> None:
    """A step that the database is away for at first."""
    left = [FAILS]

    async def step() -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise psycopg.OperationalError

    await process(60).patiently(step)
    done()


async def moves(made: Process) -> None:
    while True:
        made.moved()
        await asyncio.sleep(0.05)


async def accepts(intake: PostgresIntake) -> None:
    """A router that looks who may publish before every batch."""
    while True:
        await intake.cover()
        await asyncio.sleep(0.02)


async def beats() -> None:
    """A role that does its rounds until shortly before the clock jumps."""
    metrics.show([metrics.BEAT])
    metrics.beat("clocks")


async def main(by: float) -> dict[str, Any]:
    began, at = monotonic(), datetime.now(UTC)
    idle, away, shelf = Idle(), Idle(FAILS), Shelf()
    busy, hangs = process(PATIENCE), process(PATIENCE)
    patient, ended = list[float](), list[float]()
    intake = PostgresIntake(cast(Any, Pool(True)), shelf)
    intake.cover_seconds = COVER

    async def ends() -> None:
        await hangs.stop.wait()
        ended.append(monotonic() - began)

    async def jumps() -> None:
        await asyncio.sleep(JUMPS_AT)
        import_module("sitecustomize").OFF += by

    work = (
        sends(idle),
        sends(away),
        waits_patiently(lambda: patient.append(monotonic() - began)),
        watch(busy, lambda: True),
        moves(busy),
        watch(hangs, lambda: True),
        ends(),
        accepts(intake),
        beats(),
        jumps(),
    )
    tasks = [asyncio.ensure_future(one) for one in work]
    await asyncio.sleep(ENDS_AT)
    page = generate_latest(metrics.REGISTRY).decode()
    for task in tasks:
        task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    return {
        "jumped": (datetime.now(UTC) - at).total_seconds() - (monotonic() - began),
        "longest_between_leases": longest(began, idle.leased),
        "leases": len(idle.leased),
        "tries_while_away": len(away.asked) - len(away.leased),
        "leases_after_away": len(away.leased),
        "done_patiently_after": patient,
        "busy_was_ended": busy.stop.is_set(),
        "hanging_was_ended_after": ended,
        "longest_without_directory": longest(began, shelf.read),
        "directory_reads": len(shelf.read),
        "heartbeat": float(page.partition('role="clocks"} ')[2].split()[0]),
    }


def longest(began: float, moments: list[float]) -> float:
    """The longest time from one to the next, until now."""
    every = [began, *moments, monotonic()]
    return max(b - a for a, b in pairwise(every))


if __name__ == "__main__":
    sys.stdout.write(orjson.dumps(asyncio.run(main(float(sys.argv[1])))).decode())
