"""Processor time and memory of every process that does the work; the harness's own are left out."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deploy.supervise import Roles
from tests.bench.figures import ROLES, Memory
from tests.bench.world import World

TICKS = os.sysconf("SC_CLK_TCK")
MB = 1024 * 1024


@dataclass
class Sample:
    """One look: when, processor seconds of each part, of everything on the machine, and MB of each part."""

    at: float
    cpu: dict[str, float]
    machine: float
    memory: dict[str, float] = field(default_factory=dict)


class Meter:
    """Looks at the roles and at both servers; `mine` are back ends of the harness, which do not count."""

    def __init__(self, world: World, roles: Roles | None = None, mine: tuple[int, ...] = ()) -> None:
        self._world, self._roles, self._mine = world, roles, mine

    def look(self, *, memory: bool = False) -> Sample:
        """Processor time so far, and memory where it is asked for."""
        stack = self._world.stack
        now = dict.fromkeys(ROLES, 0.0)
        now |= {"kafka": stack.kafka.cpu_seconds(), "postgres": stack.postgres.cpu_seconds()}
        now["postgres"] -= sum(cpu_of(pid) for pid in self._mine)
        for role, pid in self._pids():
            now[role] += cpu_of(pid)
        return Sample(time.perf_counter(), now, machine_busy(), self._memory() if memory else {})

    def _pids(self) -> list[tuple[str, int]]:
        return [(one.role, one.process.pid) for one in self._roles.all if one.process] if self._roles else []

    def _memory(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for role, pid in self._pids():
            found[role] = found.get(role, 0.0) + resident(pid)
        found["kafka"] = sum(resident(pid) for pid in self._world.stack.kafka.pids())
        found["postgres"] = sum(proportional(pid) for pid in self._world.stack.postgres.pids())
        return found


def cpu_of(pid: int) -> float:
    """User and system time of a process and its ended children, in seconds; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(f) for f in fields[11:15]) / TICKS


def machine_busy() -> float:
    """Processor seconds that anything on the machine has used so far."""
    times = psutil.cpu_times()
    return float(times.user + times.system + times.nice + times.softirq + times.irq)


def resident(pid: int) -> float:
    """A process's resident memory, in MB."""
    with suppress(psutil.NoSuchProcess):
        return float(psutil.Process(pid).memory_info().rss / MB)
    return 0.0


def proportional(pid: int) -> float:
    """A process's share of the memory it holds with others, in MB; resident memory where that may not be read."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    except PermissionError:
        pass
    return resident(pid)


def used(first: Sample, last: Sample) -> dict[str, float]:
    """Processor seconds of each part between two looks."""
    return {part: last.cpu[part] - first.cpu.get(part, 0.0) for part in last.cpu}


def others_busy(first: Sample, last: Sample) -> float:
    """Processors that whatever is not measured kept busy between two looks."""
    seconds = last.at - first.at
    return max(0.0, last.machine - first.machine - sum(used(first, last).values())) / seconds if seconds else 0.0


def memory_of(samples: list[tuple[float, Sample]]) -> dict[str, Memory]:
    """Peak, early and late memory of each part, from samples with the share of the work done at each."""
    found: dict[str, Memory] = {}
    for done, sample in samples:
        for part, mb in sample.memory.items():
            one = found.setdefault(part, Memory())
            one.peak = max(one.peak, mb)
            one.late = mb
            if done <= 1 / 3 or not one.early:
                one.early = mb
    return found
