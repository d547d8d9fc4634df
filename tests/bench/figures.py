"""What the bench measures, and what each figure is held against (issue 3, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

ROLES = ("router", "deliver", "clocks")
SERVERS = ("kafka", "postgres")
PARTS = (*ROLES, *SERVERS)

FLAT_GROWTH = 0.10
"""A process whose memory at the end is at most this much above what it was a third of the way is called flat."""

BY_THE_CLOCK = frozenset({"events_per_second", "p50_ms", "p99_ms", "full_ratio"})
SHARED = 0.25
"""Processors busy with something else, above which a run does not measure what goes by the clock."""


class Target(NamedTuple):
    """One figure to reach: `at_least` or at most."""

    name: str
    words: str
    value: float
    unit: str
    at_least: bool = False

    def met(self, figure: float) -> bool:
        """Whether the figure reaches it."""
        return figure >= self.value if self.at_least else figure <= self.value


TARGETS = (
    Target("events_per_second", "events a second, topic to recipients' topics, all kept", 5000, "/s", at_least=True),
    Target("cpu_per_1000", "processor time of all processes together, 1,000 events", 0.40, "s"),
    Target("p50_ms", "half of the deliveries within, at 200 events a second", 25, "ms"),
    Target("p99_ms", "99 of 100 deliveries within, at 200 events a second", 60, "ms"),
    Target("full_ratio", "the rate with the full ledger, of the empty ledger's", 0.9, "", at_least=True),
    Target("memory_growth", "largest growth of a process's memory after its first third", FLAT_GROWTH, ""),
)


@dataclass
class Memory:
    """A process's memory in MB: resident, for PostgreSQL proportional (its back ends share their buffers)."""

    peak: float = 0.0
    early: float = 0.0
    """When a third of the work was done."""
    late: float = 0.0

    @property
    def growth(self) -> float:
        """How much it grew after the first third, as a share."""
        return self.late / self.early - 1 if self.early else 0.0


@dataclass
class Delivered:
    """What recipients hold, counted from their topics, against what the ledger says."""

    deliveries: int = 0
    answers: int = 0
    missing: int = 0
    twice: int = 0
    strangers: int = 0
    """Records whose id the ledger does not know, or that went to another's topic."""
    mean_bytes: float = 0.0
    topics: int = 0

    @property
    def exact(self) -> bool:
        """Whether every delivery arrived exactly once, and nothing else did."""
        return self.deliveries > 0 and not (self.missing or self.twice or self.strangers)


@dataclass
class Throughput:
    """One run of N events that stood in their topics before any process ran."""

    events: int = 0
    deliveries: int = 0
    refused: int = 0
    seconds_from_start: float = 0.0
    """From starting the processes until every delivery was marked sent."""
    seconds_steady: float = 0.0
    """From the first look that found a batch kept until every delivery was marked sent."""
    events_steady: int = 0
    """Events kept after that first look."""
    seconds_kept: float = 0.0
    """Of the steady time, until the last event was kept: how far the router is ahead of the deliveries."""
    cpu_steady: Mapping[str, float] = field(default_factory=dict)
    cpu_from_start: Mapping[str, float] = field(default_factory=dict)
    others_busy: float = 0.0
    """Processors (of all) that something else on the machine kept busy meanwhile, the harness included."""
    cores: int = 0
    memory: dict[str, Memory] = field(default_factory=dict)
    delivered: Delivered = field(default_factory=Delivered)

    @property
    def per_second(self) -> float:
        """Events a second, steady."""
        return self.events_steady / self.seconds_steady if self.seconds_steady else 0.0

    @property
    def per_second_from_start(self) -> float:
        """Events a second, start-up of the processes included."""
        return self.events / self.seconds_from_start if self.seconds_from_start else 0.0

    def cpu_per_1000(self, part: str | None = None) -> float:
        """Processor seconds for 1,000 events, steady; of all parts together where none is named."""
        used = self.cpu_steady.get(part, 0.0) if part else sum(self.cpu_steady.values())
        return used * 1000 / self.events_steady if self.events_steady else 0.0

    def cpu_per_1000_from_start(self, part: str | None = None) -> float:
        """The same with the processes' start in it."""
        used = self.cpu_from_start.get(part, 0.0) if part else sum(self.cpu_from_start.values())
        return used * 1000 / self.events if self.events else 0.0

    @property
    def per_second_at_full_use(self) -> float:
        """Events a second that the processor time alone would allow, had the processes every core to themselves."""
        return self.cores * 1000 / self.cpu_per_1000() if self.cpu_per_1000() else 0.0


@dataclass
class Latency:
    """Milliseconds from an input record's broker timestamp until a recipient's consumer held its summary."""

    rate: float = 0.0
    events: int = 0
    watched: int = 0
    """Recipients read meanwhile."""
    samples: int = 0
    p50: float = 0.0
    p90: float = 0.0
    p99: float = 0.0
    worst: float = 0.0
    late_by: float = 0.0
    """How late the pacing was at its worst, in ms: the harness's own fault."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """The mean ms that a delivery spends in each stage, in their order; together they are the mean of the whole."""
    cpu: Mapping[str, float] = field(default_factory=dict)
    """Processor seconds of each part for 1,000 events at this rate."""
    others_busy: float = 0.0
    delivered: Delivered = field(default_factory=Delivered)
    """Of the whole paced run, warm-up included, and of all recipients."""


@dataclass
class PassThrough:
    """Raw aiokafka: the same events in, as many copies of our summaries' size out, nothing kept."""

    events: int = 0
    copies: int = 0
    bytes_each: int = 0
    topics: int = 0
    per_second: float = 0.0
    cpu_per_1000: float = 0.0
    kafka_per_1000: float = 0.0


@dataclass
class Results:
    """All of one run of the bench."""

    machine: dict[str, str | int | float] = field(default_factory=dict)
    people: int = 0
    routers: int = 1
    empty: Throughput | None = None
    empty_latency: Latency | None = None
    passthrough: PassThrough | None = None
    full_rows: dict[str, int] = field(default_factory=dict)
    full: Throughput | None = None
    full_latency: Latency | None = None
    repeats: list[float] = field(default_factory=list)
    """Steady rates of all empty-ledger runs, the slowest first."""

    def shared(self) -> bool:
        """Whether something else kept the machine busy during a throughput run."""
        return any(run.others_busy > SHARED for run in (self.empty, self.full) if run)
