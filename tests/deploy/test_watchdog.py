"""The watchdog: a process whose work stands still ends itself, to be started again; one that waits or rests goes on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import psycopg
import pytest

from adapters.storage.postgres import PostgresLedger
from deploy import clocks_role, deliver_role
from deploy.parts import Process, watch
from deploy.settings import Settings
from router.deliver import Sender
from router.ledger import Lease

PATIENCE = 0.6
"""Seconds that a step may stand still."""


class NoPool:
    """A database that is away for whoever looks for frozen transactions."""

    @asynccontextmanager
    async def connection(self, *_: Any, **__: Any) -> AsyncIterator[None]:
        raise psycopg.OperationalError
        yield


class Hangs:
    """A ledger of which one method never comes back, from the `after`th call on; the others have nothing to do."""

    def __init__(self, method: str, after: int = 0) -> None:
        self.method, self.left = method, after

    def __getattr__(self, name: str) -> Any:
        async def called(*_: Any, **__: Any) -> Any:
            if name == self.method:
                self.left -= 1
                if self.left < 0:
                    await asyncio.Event().wait()
            return [Lease(0, 1)] if name == "lease" else ((), ()) if name == "begin" else ()

        return called


def process(ledger: object = None, role: str = "deliver") -> Process:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        environment="test",
        watchdog_seconds=PATIENCE,
        poll_seconds=0.02,
        lease_seconds=0.06,
    )
    pool = cast(Any, NoPool())
    return Process(role, f"{role}-1", settings, pool, cast(PostgresLedger, ledger), lambda _: None)


async def ended(made: Process, *work: Any) -> bool:
    """Whether the process asks to end by itself, with a code that has it started again; busy as the computer may be."""
    return await _ends_within(30, made, *work)


async def goes_on(made: Process, *work: Any) -> bool:
    """Whether it does not, for more than twice as long as a step may stand still."""
    return not await _ends_within(2.2 * PATIENCE, made, *work)


async def _ends_within(seconds: float, made: Process, *work: Any) -> bool:
    tasks = [asyncio.ensure_future(one) for one in work]
    with suppress(TimeoutError):
        await asyncio.wait_for(made.stop.wait(), seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert made.exit_code == (1 if made.stop.is_set() else 0)
    return made.stop.is_set()


async def test_work_that_waits_while_nothing_moves_ends_the_process() -> None:
    made = process()
    assert await ended(made, watch(made, lambda: True))


async def test_a_process_with_nothing_to_do_goes_on() -> None:
    made = process()
    assert await goes_on(made, watch(made, lambda: False))


async def test_waiting_for_the_ledger_is_no_fault() -> None:
    made = process()
    made.waiting_for_ledger = True
    assert await goes_on(made, watch(made, lambda: True))


async def test_a_process_that_gets_something_done_goes_on() -> None:
    made = process()

    async def moves() -> None:
        while True:
            made.moved()
            await asyncio.sleep(PATIENCE / 5)

    assert await goes_on(made, watch(made, lambda: True), moves())


@pytest.mark.parametrize("method", ["begin", "lease"])
@pytest.mark.parametrize("after", [0, 3], ids=["at once", "after rounds with nothing to do"])
async def test_a_delivery_worker_whose_step_never_comes_back_is_ended(method: str, after: int) -> None:
    made = process(Hangs(method, after))
    busy = [False]
    sender = Sender("deliver-1", cast(Any, made.ledger), cast(Any, None), lease_seconds=made.settings.lease_seconds)
    sending = deliver_role._send_until_stopped(made, sender, asyncio.Event(), busy)
    assert await ended(made, watch(made, lambda: busy[0]), sending)


async def test_a_delivery_worker_that_finds_nothing_to_send_goes_on() -> None:
    made = process(Hangs("nothing"))
    busy = [False]
    sender = Sender("deliver-1", cast(Any, made.ledger), cast(Any, None), lease_seconds=made.settings.lease_seconds)
    sending = deliver_role._send_until_stopped(made, sender, asyncio.Event(), busy)
    assert await goes_on(made, watch(made, lambda: busy[0]), sending)


async def _nothing(*_: object) -> None:
    """In place of what is measured for Prometheus."""


class NoClocks(Hangs):
    """A ledger without clocks that are due; it stops coming back where it is told to."""

    @asynccontextmanager
    async def firing(self, limit: int) -> AsyncIterator[Any]:
        await self.__getattr__("firing")()

        class Work:
            due: Sequence[Any] = ()
            cover, now = None, None

            async def keep(self, climbs: Sequence[Any]) -> None:
                """Nothing to keep."""

        yield Work()


@pytest.mark.parametrize(("method", "ends"), [("firing", True), ("nothing", False)])
async def test_a_clock_worker_whose_step_never_comes_back_is_ended(
    method: str, ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clocks_role, "_measure", _nothing)
    monkeypatch.setattr(clocks_role, "_measure_lag", _nothing)
    monkeypatch.setattr("router.escalate.tell_of_unfiled", _zero)
    made = process(NoClocks(method, 3), "clocks")
    assert await (ended if ends else goes_on)(made, clocks_role.run(made))


async def _zero(*_: object) -> int:
    return 0
