"""PostgreSQL goes away again and again while events flow: what was acknowledged and not kept, and when it served again.

    python -m tests.journeys.away --times 5 --seconds 60 --seed 3

Journeys run a shorter one of these (test_away.py); this is promise R11 at its full length."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self

from tests.journeys.checker import Judgement
from tests.journeys.crash import published
from tests.journeys.dump import judged
from tests.journeys.installation import Installation
from tests.journeys.wire import Publisher, Recipients

SERVING = 10.0
"""Seconds after PostgreSQL is back within which events are taken again."""
PER_SECOND = 40.0


class Load:
    """Two routers, two delivery workers and a clock worker, events that flow, and recipients that answer."""

    def __init__(self, place: Installation, seed: int) -> None:
        self.place = place
        self.publisher, self.answering = (Publisher(place.bootstrap, place.history) for _ in range(2))
        self.recipients = Recipients(place.bootstrap, place.borough, self.answering, place.history, seed, answer=0.2)
        self.events = published(place.borough, seed, 1_000_000)
        self.serving: list[float] = []

    async def __aenter__(self) -> Self:
        place = self.place
        for role, count in (("router", 2), ("deliver", 2), ("clocks", 1)):
            for worker in place.workers.add(role, count):
                worker.start()
        self.started = {worker.name: worker.pid for worker in place.workers.all.values()}
        self.recipients.start()
        self.flow = asyncio.create_task(self.publisher.flow(self.events, PER_SECOND))
        await place.until(lambda: place.value("SELECT count(*) FROM sent") > 100, 60, "deliveries leave")
        deadline = time.monotonic() + 60
        while not any((await place.committed()).values()):
            assert time.monotonic() < deadline, "not within 60 s: something is acknowledged"
            await asyncio.sleep(0.2)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.flow.cancel()
        await asyncio.wait({self.flow})

    async def without_postgres(self, seconds: float) -> None:
        """It is killed, and back after so long: nothing is acknowledged meanwhile that is not kept; then it serves."""
        place = self.place
        kept = place.value("SELECT count(*) FROM inbox")
        await asyncio.to_thread(place.stack.postgres.kill)
        await asyncio.sleep(seconds)
        acknowledged = {(spot.topic, spot.partition): at for spot, at in (await place.committed()).items()}
        await asyncio.to_thread(place.stack.postgres.start)
        back = time.monotonic()
        not_kept = await asyncio.to_thread(self._not_kept, acknowledged)
        assert not not_kept, f"acknowledged to Kafka, and not in the ledger: {not_kept[:5]}"
        # not all that is kept: whoever lost the answer to its commit reads those records again, and finds them kept
        assert any(acknowledged.values()), "nothing was acknowledged, so that this shows nothing"
        await place.until(lambda: place.value("SELECT count(*) FROM inbox") > kept + 20, 60, "events are taken again")
        self.serving.append(round(time.monotonic() - back, 1))

    def _not_kept(self, acknowledged: dict[tuple[str, int], int]) -> list[tuple[str, int, int]]:
        """Records that the routers have acknowledged, and that the ledger holds in no form."""
        place = 'SELECT topic, partition, "offset" FROM'
        aside = set(self.place.ask(f"{place} refusal UNION ALL {place} conflict"))
        ids = {row[0] for row in self.place.ask("SELECT id::text FROM event")}
        return [
            spot
            for line in self.place.history.lines("acknowledged")
            if (spot := (line["topic"], line["partition"], line["offset"]))[2] < acknowledged.get(spot[:2], 0)
            and line["id"] not in ids
            and spot not in aside
        ]

    async def ended(self) -> Judgement:
        """What is found once all has come to rest; no process was ever started again."""
        place = self.place
        await self.__aexit__()
        ids = [i for i in self.publisher.acknowledged if i]
        missing = "SELECT count(*) FROM unnest(%s::uuid[]) AS i WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = i)"
        await place.until(lambda: place.value(missing, ids) == 0, 60, "all that was acknowledged is kept")
        await self.recipients.stop()
        await _quiet(lambda: asyncio.to_thread(_still, place))
        assert {worker.name: worker.pid for worker in place.workers.all.values() if worker.runs} == self.started
        assert set((await place.workers.stop()).values()) == {0}
        await self.publisher.stop()
        await self.answering.stop()
        return await judged(place)


def _still(place: Installation) -> int:
    """A number that changes while anything goes on; 0 while something is owed."""
    if not place.nothing_due():
        return 0
    return place.value("SELECT (SELECT count(*) FROM receipt) + (SELECT count(*) FROM delivery)")


async def _quiet(look: Callable[[], Awaitable[int]], seconds: float = 60) -> None:
    deadline, before, since = time.monotonic() + seconds, -1, 0
    while since < 4:
        assert time.monotonic() < deadline, "it never came to rest"
        await asyncio.sleep(0.5)
        now = await look()
        since = since + 1 if now and now == before else 0
        before = now


async def run(folder: Path, seed: int, lengths: Sequence[float]) -> tuple[list[float], Judgement]:
    """So many outages of PostgreSQL of these lengths; how soon it served again after each, and what was found."""
    async with Installation(folder) as place, Load(place, seed) as load:
        for length in lengths:
            await load.without_postgres(length)
            await asyncio.sleep(5)
        return load.serving, await load.ended()


def main() -> int:
    """Run once, print what was found; 1 where anything was lost or came back late."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.away", description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=3)
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}: PostgreSQL goes away {asked.times} times, for {asked.seconds:.0f} s each\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="sharewell-away-") as folder:
        serving, judgement = asyncio.run(run(Path(folder), asked.seed, [asked.seconds] * asked.times))
    sys.stdout.write(f"serving again after {serving} s; {judgement}\n")
    return int(bool(judgement.faults) or max(serving) > SERVING)


if __name__ == "__main__":
    sys.exit(main())
