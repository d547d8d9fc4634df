"""A program that runs under its keeper: started, signalled, waited for, and gone when this process is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from deploy.ports import answers

KEEPER = Path(__file__).with_name("keeper.py")


class DidNotStart(RuntimeError):
    """A program ended, or did not answer in time, while it was being started; the text ends with its log's tail."""


class Kept:
    """One running program. `log` receives what it prints; `account` is the (uid, gid) it runs as, for root only."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        account: tuple[int, int] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = Path(command[0]).name
        self.log = log
        who = f"{account[0]}:{account[1]}" if account else "-"
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(KEEPER), str(log), who, *map(str, command)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a Ctrl-C in the terminal is for us; we then stop the program in order
            env={**os.environ, **(environment or {})},
        )
        assert self._keeper.stdout is not None
        with self._keeper.stdout as out:
            line = out.readline()
        if not line:
            raise DidNotStart(f"{self.name}: its keeper ended at once")
        self.pid = int(line)

    def running(self) -> bool:
        """Whether the program itself is running; processes that it left behind do not count."""
        try:
            return psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE and self._keeper.poll() is None
        except psutil.NoSuchProcess:
            return False

    def gone(self) -> bool:
        """Whether the program and everything that it started have ended."""
        return self._keeper.poll() is not None

    def wait(self, seconds: float) -> int:
        """Its exit status, once nothing of it is left; `subprocess.TimeoutExpired` after that many seconds."""
        return self._keeper.wait(seconds)

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal; nothing happens when it has ended."""
        if self.running():
            with suppress(ProcessLookupError):  # it may end between the two
                os.kill(self.pid, number)

    def end(self, number: signal.Signals, seconds: float) -> None:
        """Ask it to stop, and kill all of it if that takes longer than so many seconds."""
        self.send(number)
        with suppress(subprocess.TimeoutExpired):
            self.wait(seconds)
        self.end_now()

    def end_now(self) -> None:
        """Kill it and everything that it started."""
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        self._keeper.wait(30)

    def processes(self) -> list[psutil.Process]:
        """The program and all its children, without the keeper."""
        try:
            program = psutil.Process(self.pid)
            return [program, *program.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def listens(self, port: int) -> bool:
        """Whether something answers there, and it is this program: another may have been given the same port.

        Where the computer does not show whose a socket is, whoever answers counts."""
        if not answers(port):
            return False
        try:
            found = [c for process in self.processes() for c in process.net_connections("tcp")]
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True
        return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in found)

    def cpu_seconds(self) -> float:
        """Processor time that it and its children, ended ones too, have used so far."""
        total = 0.0
        for process in self.processes():
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system + times.children_user + times.children_system
        return total

    def log_tail(self, lines: int = 15) -> str:
        """The last lines it printed."""
        return tail(self.log, lines)


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, empty where there is none."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def run(
    command: Sequence[str | Path],
    *,
    log: Path,
    account: tuple[int, int] | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: float = 60,
) -> None:
    """Run a program to its end; `DidNotStart` with the log's tail where it fails."""
    kept = Kept(command, log=log, account=account, environment=environment)
    deadline = time.monotonic() + seconds
    try:
        status = kept.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        kept.end_now()
        raise DidNotStart(f"{kept.name} took longer than {seconds} s:\n{kept.log_tail()}") from None
    finally:
        kept.end_now()
    if status:
        raise DidNotStart(f"{kept.name} ended with {status}:\n{kept.log_tail()}")
