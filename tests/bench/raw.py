"""Runs the pass-through beside ours: what Kafka and Python do at best, when nothing is decided and nothing kept."""

import asyncio
import json
import subprocess
import sys

from aiokafka import AIOKafkaConsumer

from tests.bench.arrivals import places
from tests.bench.figures import PassThrough
from tests.bench.meter import Meter, used
from tests.bench.world import COPIES, World, create_topics


class Raw:
    """The pass-through of one world; its topics are made with the first run."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._topics: list[str] = []
        self._runs = 0

    def starts(self) -> list[tuple[str, int, int]]:
        """Where the events' topics end now: (topic, partition, offset)."""
        return asyncio.run(self._ends())

    def run(self, starts: list[tuple[str, int, int]], count: int, copies: float, size: int, topics: int) -> PassThrough:
        """`count` events from `starts`, `copies` of `size` bytes for each, over so many topics."""
        if len(self._topics) < topics:
            more = [f"{COPIES}{n}" for n in range(len(self._topics), topics)]
            create_topics(self._world, more)
            self._topics += more
        self._runs += 1
        asked = {
            "bootstrap": self._world.stack.kafka_bootstrap,
            "group": f"raw-{self._runs}",
            "starts": starts,
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

    async def _ends(self) -> list[tuple[str, int, int]]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self._world.stack.kafka_bootstrap)
        await consumer.start()
        try:
            ends = await consumer.end_offsets(await places(consumer, self._world.inputs))
            return [(place.topic, place.partition, offset) for place, offset in ends.items()]
        finally:
            await consumer.stop()
