"""`python -m tests.bench [--quick] [--events N] [--only …] [--json FILE]`: measure, and print beside the targets."""

import argparse
import logging
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

import orjson
from rich.console import Console

from tests.bench import arrivals, latency, million, publish, throughput
from tests.bench.figures import Delivered, Latency, Results, Throughput
from tests.bench.raw import Raw
from tests.bench.report import as_json, show
from tests.bench.world import World, made_world, scratch

STAGES = ("throughput", "latency", "passthrough", "full")
SEED = 1
FEWEST = 5_000


def main() -> int:
    """Run what was asked for; the exit code is 0 when it could be measured and every delivery arrived exactly once."""
    asked = _arguments()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    console = Console(width=None if sys.stdout.isatty() else 120)
    folder = asked.logs or Path(tempfile.mkdtemp(prefix="sharewell-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    results = Results(machine=_machine(), people=asked.people, routers=asked.routers)
    bench = Bench(asked, console, results)
    try:
        with made_world(asked.people, SEED, folder) as world:
            bench.run(world)
    finally:
        show(results, console)
        console.print(f"The processes' logs are in {folder}")
        if asked.json:
            asked.json.write_bytes(orjson.dumps(as_json(results), option=orjson.OPT_INDENT_2))
    runs = [run for run in (results.empty, results.full) if run]
    counted = [run.delivered for run in runs]
    counted += [delay.delivered for delay in (results.empty_latency, results.full_latency) if delay]
    return 0 if all(one.exact for one in counted) else 1


class Bench:
    """One run, stage after stage in one world."""

    def __init__(self, asked: argparse.Namespace, console: Console, results: Results) -> None:
        self.asked, self.console, self.results = asked, console, results
        self._seed = 0

    def run(self, world: World) -> None:
        """The empty ledger first, for all else is held against it."""
        with scratch(world) as elsewhere:
            self._warm_up(elsewhere)
        runs = [self._measure(world, "empty ledger") for _ in range(self.asked.repeat)]
        runs.sort(key=lambda run: run[0].per_second)
        self.results.empty, self.results.empty_latency = runs[(len(runs) - 1) // 2]
        self.results.repeats = [run.per_second for run, _ in runs]
        if "passthrough" in self.asked.only:
            self._pass_through(world, self.results.empty.delivered)
        if "full" in self.asked.only:
            self.results.full_rows = million.fill(world, self.asked.deliveries, self._say)
            self.results.full, self.results.full_latency = self._measure(world, "full ledger")

    def _warm_up(self, world: World) -> None:
        """A broker that has just started compiles itself for a minute; one in use has done so long ago."""
        events = publish.make_events(world, self._next_seed(), self.asked.events // 2)
        self._say(f"warming the broker with {len(events):,} events, into a ledger that is thrown away")
        starts = arrivals.input_ends(world)
        publish.preload(world, events)
        roles = world.roles()
        try:
            throughput.run(world, roles, starts, len(events))
        finally:
            roles.stop()

    def _pass_through(self, world: World, found: Delivered) -> None:
        self._say("pass-through of the same events")
        copies = found.deliveries / self.asked.events
        self.results.passthrough = Raw(world).run(
            self.starts, self.asked.events, copies, int(found.mean_bytes), found.topics
        )

    def _measure(self, world: World, name: str) -> tuple[Throughput, Latency | None]:
        """Throughput, then the delay, in one life of the processes."""
        events = publish.make_events(world, self._next_seed(), self.asked.events)
        self._say(f"{name}: publishing {len(events):,} events")
        self.starts = arrivals.input_ends(world)
        size = publish.preload(world, events)
        since = arrivals.mark(world)
        world.settle()
        self._say(f"{name}: {size:,.0f} bytes an event; starting the processes")
        roles = world.roles(self.asked.routers)
        delay = None
        try:
            run = throughput.run(world, roles, self.starts, len(events))
            self._say(f"{name}: {run.per_second:,.0f} events/s, {run.cpu_per_1000():.3f} CPU s for 1,000; counting")
            run.delivered, busiest = arrivals.delivered(world, since)
            if "latency" in self.asked.only:
                paced = publish.make_events(world, self._next_seed(), int(latency.RATE * self.asked.seconds))
                self._say(f"{name}: {latency.RATE:.0f} events/s for {self.asked.seconds} s")
                delay = latency.run(world, roles, paced, busiest)
        finally:
            roles.stop()
        return run, delay

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed

    def _say(self, words: str) -> None:
        self.console.print(f"[dim]{time.strftime('%H:%M:%S')}[/] {words}")


def _machine() -> dict[str, str | int | float]:
    return {
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer of everything: for a look while tuning")
    parser.add_argument("--events", type=int, help="events of a throughput run (50,000; quick 10,000)")
    parser.add_argument("--people", type=int, help="people in the directory (100,000; quick 20,000)")
    parser.add_argument("--deliveries", type=int, help="deliveries of the full ledger (1,000,000; quick 100,000)")
    parser.add_argument("--seconds", type=int, help="length of the run at a steady rate (25; quick 13)")
    parser.add_argument("--repeat", type=int, default=1, help="runs with the empty ledger; the middle one counts")
    parser.add_argument("--routers", type=int, default=1, help="router processes")
    parser.add_argument("--only", nargs="+", choices=STAGES, default=STAGES, help="throughput is always measured")
    parser.add_argument("--json", type=Path, help="where the figures are written too")
    parser.add_argument("--logs", type=Path, help="folder for the processes' logs (a temporary one)")
    asked = parser.parse_args()
    usual = (10_000, 20_000, 100_000, 13) if asked.quick else (50_000, 100_000, 1_000_000, 25)
    for name, value in zip(("events", "people", "deliveries", "seconds"), usual, strict=True):
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    if asked.events < FEWEST:
        parser.error(f"--events: at least {FEWEST:,}, or nothing is steady")
    return asked


if __name__ == "__main__":
    sys.exit(main())
