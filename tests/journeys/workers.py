"""Sharewell's processes as a test holds them: started, killed, stopped, paused; a supervisor starts the dead again."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.journeys.history import History

ROOT = Path(__file__).parents[2]
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def _ends_with_us() -> None:
    """In the child: the kernel kills it when the test's process ends, however that ends."""
    if LIBC is not None:
        LIBC.prctl(1, signal.SIGKILL)


class Worker:
    """One role under one name; its log gathers over restarts. `ended` holds (exit code, was it our doing)."""

    def __init__(self, role: str, name: str, log: Path, environment: Mapping[str, str], history: History) -> None:
        self.role, self.name, self.log, self.history = role, name, log, history
        self.environment = dict(environment)
        self.process: subprocess.Popen[bytes] | None = None
        self.wanted = False
        self.ended: list[tuple[int, bool]] = []
        self._ours = False
        self._said_before = 0

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def runs(self) -> bool:
        process = self.process  # another task may collect it
        return process is not None and process.poll() is None

    @property
    def is_up(self) -> bool:
        """Whether it has said, since it was started last, that it runs: from then on it stops in order when asked."""
        return self.log.exists() and b'"started"' in self.log.read_bytes()[self._said_before :]

    def start(self, **more: str) -> "Worker":
        """Start it; `more` are environment variables of this run alone, a failpoint say."""
        assert not self.runs, f"{self.name} runs already"
        self.wanted, self._ours = True, False
        with self.log.open("ab") as log:
            self._said_before = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy", self.role, "--name", self.name],
                cwd=ROOT,
                env={**os.environ, **self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_ends_with_us,
            )
        self.history.add("started", who=self.name, pid=self.process.pid)
        return self

    def send(self, number: signal.Signals) -> None:
        if self.runs:
            os.kill(self.pid, number)

    def kill(self) -> bool:
        """`kill -9`; whether it was running."""
        if not self.runs:
            return False
        self._ours = True
        self.send(signal.SIGKILL)
        self.history.add("killed", who=self.name)
        self.collect(10)
        return True

    def terminate(self) -> None:
        """SIGTERM: it is to stop in order, and stays stopped."""
        self.wanted, self._ours = False, True
        self.send(signal.SIGTERM)

    def collect(self, seconds: float) -> int:
        """Its exit code, once it has ended; `subprocess.TimeoutExpired` after so many seconds."""
        assert self.process is not None
        code = self.process.wait(seconds)
        self.ended.append((code, self._ours))
        self.history.add("ended", who=self.name, code=code, ours=self._ours)
        self.process = None
        return code

    async def gone(self, seconds: float) -> int:
        """As `collect`, for a process that ends by itself, while everything else goes on."""
        return await asyncio.to_thread(self.collect, seconds)


class Workers:
    """All processes of one installation, and their supervisor while it is asked to run."""

    def __init__(self, folder: Path, environment: Mapping[str, str], history: History) -> None:
        self.folder, self.environment, self.history = folder, environment, history
        self.all: dict[str, Worker] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, role: str, count: int = 1, **more: str) -> list[Worker]:
        """New workers, not started; named so that partitions and lanes come back to them."""
        first = sum(w.role == role for w in self.all.values()) + 1
        made = []
        for n in range(first, first + count):
            name = f"{role}{n}"
            environment = {**self.environment, **more}
            self.all[name] = Worker(role, name, self.folder / f"{name}.log", environment, self.history)
            made.append(self.all[name])
        return made

    def __getitem__(self, name: str) -> Worker:
        return self.all[name]

    def of(self, role: str) -> list[Worker]:
        return [w for w in self.all.values() if w.role == role]

    def supervise(self, after: float = 0.3) -> None:
        """From now on start again whatever ended, `after` so many seconds, as a service manager would."""

        async def watch() -> None:
            while True:
                for worker in self.all.values():
                    if worker.wanted and not worker.runs:
                        if worker.process is not None:
                            worker.collect(1)
                        await asyncio.sleep(after)
                        if worker.wanted and not worker.runs:
                            worker.start()
                await asyncio.sleep(0.05)

        self._task = asyncio.create_task(watch())

    async def unsupervise(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None

    async def stop(self, seconds: float = 15) -> dict[str, int]:
        """SIGTERM to all that run; their exit codes by name. One that does not stop in time is killed: -9."""
        await self.unsupervise()
        running = [w for w in self.all.values() if w.runs]
        for worker in running:
            worker.terminate()
        codes: dict[str, int] = {}
        for worker in running:
            try:
                codes[worker.name] = await worker.gone(seconds)
            except subprocess.TimeoutExpired:
                worker.kill()
                codes[worker.name] = -9
        return codes

    def kill_all(self) -> None:
        """End everything at once, paused ones too."""
        for worker in self.all.values():
            worker.wanted = False
            worker.kill()

    def logs(self) -> str:
        """All that they printed."""
        return "".join(p.read_text(errors="replace") for p in sorted(self.folder.glob("*.log")))

    def unasked(self) -> list[tuple[str, int]]:
        """Who ended without a signal of ours, and with which code: a process that gave up."""
        return [(w.name, code) for w in self.all.values() for code, ours in w.ended if not ours]
