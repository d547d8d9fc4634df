"""Everything is killed at random moments while events flow; what was lost, repeated or turned round is counted.

    python -m tests.journeys.crash --events 10000 --kills 70 --seed 7

One of seven kills is of Kafka, one of PostgreSQL, the others of routers, delivery workers and clock workers, by
`kill -9`; kills overlap, and what is dead is started again by a supervisor. The seed decides what is published and
answered, and who is killed when; it does not decide what the processes do meanwhile."""

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from deploy.borough import Borough, bad_records, events, find, mash_events
from deploy.borough.published import Published, same_id_other_body
from tests.journeys.checker import Judgement
from tests.journeys.dump import judged
from tests.journeys.installation import START, Installation
from tests.journeys.wire import Publisher, Recipients

FAMILIES = 80
"""How many children it all happens to: few, so that each child and team has a long sequence."""
BAD = (bad_records.not_json, bad_records.wrong_check_digit, bad_records.naive_time, bad_records.unknown_type)


@dataclass(frozen=True)
class Plan:
    """One run, as its arguments and its seed say."""

    seed: int
    events: int = 3000
    workers: int = 20
    """How many kills of routers, delivery workers and clock workers."""
    kafka: int = 3
    postgres: int = 3
    seconds: float = 75
    """How long events are published and processes killed; the draining comes after."""

    @classmethod
    def of(cls, seed: int, events: int, kills: int) -> "Plan":
        apart = kills // 7
        return cls(seed, events, kills - 2 * apart, apart, apart, seconds=max(30.0, kills * 2.9))

    @property
    def kills(self) -> int:
        return self.workers + self.kafka + self.postgres

    def schedule(self) -> list[tuple[float, str]]:
        """Who is killed when, in seconds from the start.

        Each kill of Kafka takes a delivery worker with it, a moment later (Chaos)."""
        rng = Random(f"kills {self.seed}")
        alone = self.workers - self.kafka
        whom = [rng.choices(("router", "deliver", "clocks"), (3, 3, 1))[0] for _ in range(alone)]
        found = [(rng.uniform(3, self.seconds - 3), one) for one in whom]
        for server, times in (
            ("kafka", self.kafka),
            ("postgres", self.postgres),
        ):  # spread, so that work goes on between
            found += [(self.seconds * (n + rng.uniform(0.1, 0.6)) / times, server) for n in range(times)]
        return sorted(found)


def published(borough: Borough, seed: int, count: int) -> Iterator[Published]:
    """Events about few children, some of them sent twice, with another body, or wrong."""
    rng = Random(f"events {seed}")
    usable = [c for c in borough.children if "area" in (doc := borough.people[c]) and "practice" in doc]
    children = rng.sample([c for c in usable if "mother" in borough.people[c]], FAMILIES)
    mothers = [m for c in children if len(find.children_of(borough, m := borough.people[c]["mother"])) == 1]
    sent: list[Published] = []
    enquiries: list[tuple[str, str]] = []
    while count:
        at = START + timedelta(milliseconds=20 * len(sent))
        drawn = rng.random()
        if drawn < 0.02 and sent:
            yield rng.choice(sent[-50:])
            continue
        if drawn < 0.03 and sent:
            yield same_id_other_body(rng.choice(sent[-50:]), record_id=f"other-{len(sent)}")
            continue
        if drawn < 0.13:
            one = events.dart_notified(borough, rng.choice(mothers), at, rng)
        elif drawn < 0.20:
            one = _enquired(borough, rng.choice(children), enquiries, at, rng)
        elif drawn < 0.30:
            one = events.ed_arrival(borough, rng.choice(children), at, rng, lean=True)
        else:
            one = events.ed_discharge(borough, rng.choice(children), at, rng, lean=True)
        if rng.random() < 0.01:
            yield rng.choice(BAD)(one)
        else:
            sent.append(one)
            yield one
            count -= 1


UNASKED = (("camhs", "camhs-dudley"), ("amh", "amh-dudley"))
"""Now and then a service answers of its own accord."""


def _enquired(borough: Borough, child: str, enquiries: list[tuple[str, str]], at: datetime, rng: Random) -> Published:
    """MASH asks about this child; or an enquiry made before is answered by somebody, or rated anew (F14)."""
    drawn = rng.random()
    if drawn < 0.4 or not enquiries:
        enquiries.append((child, mash_events.mash_ref(rng)))
        return mash_events.mash_request(borough, child, at, rng, ref=enquiries[-1][1])
    child, ref = rng.choice(enquiries[-20:])
    if drawn < 0.8:
        by, team = rng.choice((*UNASKED, *[_universal(borough, child)] * 2))
        held = rng.random() < 0.6
        return mash_events.mash_response(borough, child, at, rng, ref=ref, by=by, team=team, held=held)
    return mash_events.mash_rag_changed(borough, child, at, rng, ref=ref, was="amber", rag="red")


def _universal(borough: Borough, child: str) -> tuple[str, str]:
    """The health visitors or school nurses of the child's place: they are asked whenever MASH asks."""
    doc = borough.people[child]
    by, kind, place = ("hv", "areas", doc["area"]) if borough.age(doc) < 5 else ("sn", "schools", doc.get("school"))
    service = borough.publisher[by].service
    found = [t.id for t in borough.teams if t.service is service and place in t.covers.get(kind, ())]
    return by, found[0] if found else borough.publisher[by].team


@dataclass
class Chaos:
    """Kills by the schedule; each kill is a task of its own, so that they overlap."""

    place: Installation
    plan: Plan
    rng: Random = field(init=False)
    _one_at_a_time: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _days: Iterator[int] = field(default_factory=lambda: itertools.count(3, 3))

    def __post_init__(self) -> None:
        self.rng = Random(f"chaos {self.plan.seed}")

    async def run(self) -> None:
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for at, whom in self.plan.schedule():
                await asyncio.sleep(max(0.0, began + at - time.monotonic()))
                group.create_task(self._kill(whom, self.rng.random(), self.rng.random()))
                if whom == "kafka":
                    group.create_task(self._while_kafka_is_away(self.rng.random()))

    async def _kill(self, whom: str, first: float, second: float) -> None:
        if whom not in ("kafka", "postgres"):
            await self._kill_one(whom, second)
            return
        server = getattr(self.place.stack, whom)
        async with self._one_at_a_time[whom]:
            self.place.history.add(f"killed {whom}")
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(0.1 + 2.5 * first)
            await asyncio.to_thread(server.start)
            self.place.history.add(f"started {whom}")

    async def _kill_one(self, role: str, chance: float) -> None:
        while not (running := [w for w in self.place.workers.of(role) if w.runs]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        running[int(chance * len(running))].kill()

    async def _while_kafka_is_away(self, chance: float) -> None:
        """Days go by, clocks fire, their alerts cannot be sent; then whoever tries to send them dies."""
        async with self._one_at_a_time["days"]:
            await stepped(self.place, next(self._days))
            sending = await asyncio.to_thread(self._who_sends)
            worker = self.place.workers.all.get(sending)
            if worker is None or not worker.kill():
                await self._kill_one("deliver", chance)

    def _who_sends(self) -> str:
        """The delivery worker that has marked something as being sent; nobody where none does so for 4 s."""
        deadline = time.monotonic() + 4
        with suppress(psycopg.Error), self.place.connect() as connection:
            while time.monotonic() < deadline:
                row = connection.execute("SELECT worker FROM attempt WHERE outcome = 'sending' LIMIT 1").fetchone()
                if row:
                    return str(row[0])
                time.sleep(0.01)
        return ""


async def run(plan: Plan, folder: Path) -> Judgement:
    """One run from boot to judgement; the history stays in the folder."""
    async with Installation(folder, SHAREWELL_LEASE_SECONDS="4", SHAREWELL_PUBLISH_TIMEOUT_SECONDS="3") as place:
        workers = place.workers
        for role, count in (("router", 2), ("deliver", 2), ("clocks", 2)):
            workers.add(role, count)
        for worker in workers.all.values():
            worker.start()
        await place.until(lambda: place.value("SELECT count(*) FROM sender") == 2, 20, "both delivery workers lease")
        workers.supervise()
        publisher = Publisher(place.bootstrap, place.history)
        answering = Publisher(place.bootstrap, place.history)
        recipients = Recipients(place.bootstrap, place.borough, answering, place.history, plan.seed)
        recipients.start()
        flow = publisher.flow(published(place.borough, plan.seed, plan.events), plan.events / plan.seconds)
        async with asyncio.TaskGroup() as group:
            group.create_task(flow)
            group.create_task(Chaos(place, plan).run())
        await _drain(place, publisher, recipients)
        codes = await workers.stop()
        place.history.add("stopped", codes=codes)
        await publisher.stop()
        await answering.stop()
        judgement = await judged(place)
        _sometimes(judgement, workers.logs())
        judgement.unasked_ends += [f"{name} stopped with {code}" for name, code in codes.items() if code]
        return judgement


async def stepped(place: Installation, days: int) -> None:
    """So many days after the start, as soon as the ledger takes it."""

    def step() -> bool:
        place.step_to(START + timedelta(days=days))
        return True

    await place.until(step, 60, "the ledger takes the step")


async def _drain(place: Installation, publisher: Publisher, recipients: Recipients) -> None:
    """Let all that was begun come to its end; what does not is for the judgement to find."""
    sent = list(publisher.acknowledged)
    missing = "SELECT count(*) FROM unnest(%s::uuid[]) AS i WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = i)"
    overdue = "SELECT count(*) FROM clock, stepped_time WHERE state = 'running' AND due <= at"
    ids = [i for i in sent if i]
    quiet = 0

    def settled() -> bool:
        return place.value(missing, ids) == 0 and place.nothing_due() and place.value(overdue) == 0

    await _as_far_as(place, settled, 60)
    await asyncio.sleep(2)
    await recipients.stop()
    await stepped(place, 90)
    before = -1
    for _ in range(120):
        now = place.value("SELECT (SELECT count(*) FROM receipt) + (SELECT count(*) FROM clock_fired)")
        quiet = quiet + 1 if now == before and settled() else 0
        if quiet == 6:
            return
        before = now
        await asyncio.sleep(0.5)


async def _as_far_as(place: Installation, holds: object, seconds: float) -> None:
    try:
        await place.until(holds, seconds, "all is settled")  # type: ignore[arg-type]
    except AssertionError as error:
        place.history.add("not settled", why=str(error))


def _sometimes(judgement: Judgement, logs: str) -> None:
    """What the processes say they went through."""
    lines = [json.loads(line) for line in logs.splitlines() if line.startswith("{")]
    says = [line.get("event") for line in lines]
    judgement.seen["redelivered batches"] = sum(bool(line.get("seen_before")) for line in lines)
    judgement.seen["waits for the ledger"] = says.count("waiting for the ledger") + says.count("waiting")
    judgement.seen["failed sends"] = says.count("sending failed, the outcome is unknown")
    judgement.seen["uncaught errors"] = says.count("the role ended by an error") + says.count("crashed")


def main() -> int:
    """Run once, print what was found; 1 where anything was lost, repeated in effect or turned round."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.crash", description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=70)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--seconds", type=float, help="how long to publish; about 3 s a kill otherwise")
    parser.add_argument("--keep", type=Path, help="where to leave the history and the logs")
    asked = parser.parse_args()
    plan = Plan.of(asked.seed, asked.events, asked.kills)
    if asked.seconds:
        plan = replace(plan, seconds=asked.seconds)
    sys.stdout.write(f"seed {plan.seed}: {plan.events} events, {plan.kills} kills in {plan.seconds:.0f} s\n")
    sys.stdout.flush()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sharewell-crash-") as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        judgement = asyncio.run(run(plan, folder))
    sys.stdout.write(f"seed {plan.seed}, {time.monotonic() - began:.0f} s: {judgement}\n")
    return int(bool(judgement.faults) or judgement.raw_repeats > 2 * judgement.kills)


if __name__ == "__main__":
    sys.exit(main())
