"""A server on this computer: its port stays the same through `stop`, `kill` and `start`, and so do its data."""

import signal
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Self

from deploy.kept import DidNotStart, Kept


def quiet(message: str) -> None:
    """Say nothing."""


class LocalServer:
    """What a Kafka and a PostgreSQL of our own have in common; all that one writes lies under `folder`."""

    name: ClassVar[str]
    stop_with: ClassVar[signal.Signals]
    """The signal on which it stops in order."""

    def __init__(self, folder: Path, progress: Callable[[str], None]) -> None:
        self.folder = folder
        self.progress = progress
        self.port = 0
        self.log = folder / f"{self.name.lower()}.log"
        self._kept: Kept | None = None

    @property
    def pid(self) -> int:
        """Its main process; an error when it was not started."""
        return self._started().pid

    def pids(self) -> list[int]:
        """Its processes that run now."""
        return [process.pid for process in self._kept.processes()] if self._kept else []

    def cpu_seconds(self) -> float:
        """Processor time that it has used so far, processes of it that have ended included."""
        return self._started().cpu_seconds()

    def start(self, seconds: float = 60) -> None:
        """Boot, and return when it answers; `DidNotStart` otherwise. Does nothing where it is running."""
        raise NotImplementedError

    def stop(self, seconds: float = 20) -> None:
        """Stop in order, ending open connections; killed when that takes longer than so many seconds."""
        if self._kept:
            self._kept.end(self.stop_with, seconds)

    def restart(self) -> None:
        """Stop in order, and start on the same port with the same data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _started(self) -> Kept:
        if self._kept is None:
            raise RuntimeError(f"this {self.name} was not started")
        return self._kept

    def _give_up(self) -> DidNotStart:
        """End what does not answer, and say how its log ends."""
        kept = self._started()
        kept.end_now()
        return DidNotStart(f"{self.name} did not start; {self.log} ends with:\n{kept.log_tail()}")
