"""Starts the roles as processes of their own, as production would, and starts again what ends by itself."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

ROLES = ("router", "deliver", "clocks")


@dataclass
class Supervised:
    """One role that is kept running; its log goes to a file."""

    role: str
    name: str
    log: Path
    environment: Mapping[str, str]
    cwd: Path | None = None
    """Where it runs: settings are also read from files there."""
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0
    _file: IO[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, or start it again."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._file or self.log.open("ab")
        command = [sys.executable, "-m", "deploy", self.role, "--name", self.name, "--child-of", str(os.getpid())]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=self._file,
            stderr=subprocess.STDOUT,
            cwd=self.cwd,
        )
        self.starts += 1

    @property
    def runs(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None


class Roles:
    """All roles of one installation on this machine; ends them with SIGTERM when left."""

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: Path,
        roles: Sequence[str] = ROLES,
        copies: int = 1,
        cwd: Path | None = None,
    ) -> None:
        self.all = [
            Supervised(role, f"{role}{n}", folder / f"{role}{n}.log", environment, cwd)
            for role in roles
            for n in range(1, copies + 1)
        ]

    def start(self) -> None:
        """Start every role."""
        for one in self.all:
            one.start()

    def keep(self) -> list[str]:
        """Start again what has ended; the names of those."""
        ended = [one for one in self.all if not one.runs]
        for one in ended:
            one.start()
        return [one.name for one in ended]

    def stop(self, seconds: float = 15) -> bool:
        """Ask all to stop, and end those that do not; whether all stopped by themselves with exit code 0."""
        for one in self.all:
            if one.process is not None and one.runs:
                one.process.terminate()
        well = True
        for one in self.all:
            if one.process is None:
                continue
            try:
                well &= one.process.wait(seconds) == 0
            except subprocess.TimeoutExpired:
                well = False
                one.process.kill()
                with suppress(subprocess.TimeoutExpired):
                    one.process.wait(5)
        return well

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
