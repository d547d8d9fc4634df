"""Batch after batch kept in order, while the next is fetched and read: neither waits for what the other waits for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """Keeps what is added, one batch at a time; what comes meanwhile goes together, at most `most` of it waits.

    Fewer than `few` are kept before the next are asked for: at a trickle there is nothing to gain, and reading beside
    a transaction delays it.

    `keep` keeps a batch for good, or raises: then nothing more is kept, and `broke` hears why."""

    def __init__(
        self,
        keep: Callable[[Sequence[T]], Awaitable[None]],
        most: int,
        broke: Callable[[Exception], None],
        few: int = 0,
    ) -> None:
        self._keep, self._most, self._broke, self._few = keep, most, broke, few
        self._waiting: list[T] = []
        self._told: list[Callable[[], None]] = []
        self._room = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._broken = self._closed = self._over = False

    async def add(self, batch: Sequence[T], kept: Callable[[], None]) -> None:
        """Keep these after all that was added before, and then call `kept`; comes back while there is room for more.

        Once something could not be kept, or nothing more is to be, it comes back at `let_go` only: nothing is kept."""
        while self._broken or self._closed or (self._waiting and len(self._waiting) + len(batch) > self._most):
            if self._over:
                return
            self._room.clear()
            await self._room.wait()
        self._waiting += batch
        self._told.append(kept)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        if len(batch) < self._few:
            await asyncio.wait({self._task})

    async def _work(self) -> None:
        while self._told:
            batch, told = self._waiting, self._told
            self._waiting, self._told = [], []
            self._room.set()
            try:
                await self._keep(batch)
            except asyncio.CancelledError:
                self._broken = True  # given up as the process ends: what came after it may not be acknowledged
                raise
            except Exception as error:
                self._broken = True
                self._broke(error)
                return
            for kept in told:
                kept()

    async def done(self, within: float) -> None:
        """Take nothing more, and keep what waits, if that takes no longer than `within` seconds; else it is let go."""
        self._closed = True
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=within)
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def let_go(self) -> None:
        """Whoever still waits to add may end, and what it had is read again another time: nobody is told of it.

        Before that it would go on reading, and after `done` alone whoever waits for it would wait in vain."""
        self._closed = self._over = True
        self._room.set()
