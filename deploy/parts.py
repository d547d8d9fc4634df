"""What every process is made of: its pool, its ledger, its signals, and patience with a database that is away."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar

import psycopg
import structlog
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from adapters.storage.connect import Connection, end_frozen, make_pool
from adapters.storage.intake import STEPPED
from adapters.storage.postgres import PostgresLedger
from deploy.failpoints import failpoint
from deploy.settings import Settings
from deploy.supervise import ROLES
from router.ledger import TryAgain

AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.IdleInTransactionSessionTimeout,
    PoolTimeout,
    TryAgain,
    ConnectionError,
    TimeoutError,
)
"""What a database that is away, restarting or busy answers, or gave us up: waited for, loudly, and tried again."""

T = TypeVar("T")


def _application(role: str) -> str:
    return f"sharewell-{role}"


APPLICATIONS = tuple(map(_application, ROLES))
"""Our processes as PostgreSQL names them."""
log = structlog.get_logger()


@dataclass(slots=True)
class Process:
    """One running role: what it shares between its tasks."""

    role: str
    name: str
    settings: Settings
    pool: AsyncConnectionPool[Connection]
    ledger: PostgresLedger
    passed: Callable[[str], None]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    exit_code: int = 0
    waiting_for_ledger: bool = False
    _crier: Connection | None = None
    _unheard: bool = False
    _crying: asyncio.Task[None] | None = None
    moved_at: float = field(default_factory=monotonic)
    """When the role last got something done, or had nothing to do."""

    async def patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work`, again and again while the database is away; everything else is raised."""
        wait = 0.05
        while True:
            try:
                done = await work()
            except AWAY as error:
                if not self.waiting_for_ledger or wait >= 5:
                    log.warning("waiting for the ledger", role=self.role, error_type=type(error).__name__)
                self.waiting_for_ledger = True
                if self.stop.is_set():
                    raise asyncio.CancelledError from error
                await asyncio.sleep(wait)
                wait = min(5.0, wait * 2)
            else:
                self.waiting_for_ledger = False
                return done

    def wake(self) -> None:
        """Wake the delivery workers, behind what is done next: outside the hot transaction, for a NOTIFY locks the
        database, and once for all that became due while an earlier one was on its way."""
        self._unheard = True
        if self._crying is None or self._crying.done():
            self._crying = asyncio.create_task(self._cry())

    async def _cry(self) -> None:
        while self._unheard:
            self._unheard = False
            await self.patiently(self._notify)

    async def _notify(self) -> None:
        if self._crier is None or self._crier.closed:
            self._crier = await psycopg.AsyncConnection.connect(
                self.settings.postgres("sharewell-wake"), autocommit=True, connect_timeout=5
            )
        await self._crier.execute("NOTIFY sharewell_due")

    def moved(self) -> None:
        """Something was done, or nothing was to do."""
        self.moved_at = monotonic()

    async def pause(self, seconds: float, wake: asyncio.Event | None = None) -> None:
        """Wait until woken, stopped or the time is over."""
        waits = [asyncio.ensure_future(e.wait()) for e in (self.stop, wake) if e is not None]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if wake is not None:
            wake.clear()

    def end(self, code: int, why: str) -> None:
        """Ask the process to end; a code other than 0 lets its keeper start it again."""
        log.error(why, role=self.role) if code else log.info(why, role=self.role)
        self.exit_code = self.exit_code or code
        self.stop.set()


async def make_process(role: str, settings: Settings, name: str | None) -> Process:
    """A role's process with its pool open and SIGTERM listened to."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(1_000_000, 5, 10)  # a batch's objects live and die with it, and hardly one is a cycle
    pool = make_pool(settings.postgres(_application(role)), settings.postgres_pool_size)
    await pool.open()
    clock = STEPPED if settings.stepped_time else None
    name = name or f"{role}-{socket.gethostname()}-{os.getpid()}"
    ledger = PostgresLedger(pool, clock)
    ledger.cover_seconds = 1.0
    process = Process(role, name, settings, pool, ledger, failpoint(settings.environment))
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, process.stop.set)
    return process


async def watch(process: Process, is_stuck: Callable[[], bool]) -> None:
    """End the process when there is work and nothing moves for too long (A11); waiting for the ledger is no fault.

    Others may have frozen with locks that this one waits for: it ends their transactions."""
    while not process.stop.is_set():
        await process.pause(min(5.0, process.settings.watchdog_seconds / 4))
        with suppress(*AWAY):
            if ended := await end_frozen(process.pool, APPLICATIONS):
                log.warning("ended transactions of a process that froze", role=process.role, count=ended)
        if process.waiting_for_ledger or not is_stuck():
            process.moved()
        elif monotonic() - process.moved_at > process.settings.watchdog_seconds:
            process.end(1, "work is waiting and nothing moves, ending to be started again")
