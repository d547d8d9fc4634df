"""Runs the pass-through beside ours: what Kafka and Python do at best, when nothing is decided and nothing kept."""

import json
import subprocess
import sys

from tests.bench.figures import PassThrough
from tests.bench.meter import Meter, used
from tests.bench.throughput import Starts
from tests.bench.world import COPIES, World, create_topics


class Raw:
    """The pass-through of one world; its topics are made with the first run."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._topics: list[str] = []
        self._runs = 0

    def run(self, starts: Starts, count: int, copies: float, size: int, topics: int) -> PassThrough:
        """`count` events from `starts`, `copies` of `size` bytes for each, over so many topics."""
        if len(self._topics) < topics:
            more = [f"{COPIES}{n}" for n in range(len(self._topics), topics)]
            create_topics(self._world, more)
            self._topics += more
        self._runs += 1
        asked = {
            "bootstrap": self._world.stack.kafka_bootstrap,
            "group": f"raw-{self._runs}",
            "starts": [(topic, partition, offset) for (topic, partition), offset in starts.items()],
            "count": count,
            "copies": copies,
            "bytes": size,
            "topics": self._topics[:topics],
        }
        meter = Meter(self._world)
        with subprocess.Popen(
            [sys.executable, "-m", "tests.bench.passthrough"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(asked))
            process.stdin.close()
            first = json.loads(process.stdout.readline())
            before = meter.look()
            last = json.loads(process.stdout.readline())
            kafka = used(before, meter.look())["kafka"]
        return PassThrough(
            events=last["events"],
            copies=last["copies"],
            bytes_each=size,
            topics=topics,
            per_second=last["events"] / (last["at"] - first["at"]),
            cpu_per_1000=(last["cpu"] - first["cpu"]) * 1000 / last["events"],
            kafka_per_1000=kafka * 1000 / last["events"],
        )
