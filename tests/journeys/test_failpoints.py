"""No border is special: ended by `kill -9` at each named one, whoever comes next loses nothing and repeats nothing."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from random import Random

import orjson
import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from contracts.parts.services import Service
from deploy.borough import bad_records, events
from deploy.borough.published import Published, same_id_other_body, update_of
from deploy.failpoints import NAMES
from tests.journeys.dump import judged
from tests.journeys.installation import PARTITIONS, START, Installation
from tests.journeys.wire import Publisher, read_all

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROUTER = (
    "before_transaction", "after_claim", "before_commit", "after_commit", "before_offset_commit", "after_offset_commit",
)  # fmt: skip
RECEIPTS = ("before_receipts_commit", "after_receipts_commit")
NOT_OURS = ("before_again_commit", "after_again_commit")
DELIVER = ("after_mark_sending", "after_send_before_mark", "after_mark_sent")
TAKE_OVER = ("after_takeover", "after_tail_read")
CLOCKS = ("before_clock_commit", "after_clock_commit")
FAILED = ("after_mark_failed",)
hit: set[str] = set()


class Journey:
    """One installation through which every failpoint goes in turn; one child gathers a long sequence."""

    def __init__(self, place: Installation) -> None:
        self.place = place
        self.publisher = Publisher(place.bootstrap, place.history)
        self.rng = Random(3)
        self.days = itertools.count(5, 5)
        self.minutes = itertools.count(1)
        b, cover = place.borough, place.borough.cover()
        ordinary = [c for c in b.children if {"area", "practice", "school"} <= b.people[c].keys()]
        self.practice: Callable[[str], tuple[str, ...]] = lambda c: cover.covering(
            Service.GP, "practices", b.people[c]["practice"]
        )
        self.child, self.apart = (
            ordinary[0],
            next(c for c in ordinary if self.practice(c) != self.practice(ordinary[0])),
        )
        self.others = [c for c in ordinary[:200] if self.practice(c) != self.practice(self.apart)]
        self.unreachable = self.practice(self.apart)[0]
        """A practice whose topic is made only when it has failed."""

    def discharge(self, child: str | None = None) -> Published:
        at = START + timedelta(minutes=next(self.minutes))
        return events.ed_discharge(self.place.borough, child or self.child, at, self.rng)

    async def publish_some(self) -> Published:
        """A good event, the same again elsewhere, its update, another body under its id, and a bad record."""
        one = self.discharge()
        await self.publisher.publish(one)
        await self.publisher.publish(one, partition=self.rng.randrange(PARTITIONS))
        await self.publisher.publish(update_of(one, START + timedelta(minutes=next(self.minutes)), self.rng))
        await self.publisher.publish(same_id_other_body(one, diagnosis="another"))
        await self.publisher.publish(bad_records.not_json(self.discharge()))
        return one

    async def answer(self, state: str) -> None:
        """The newest summary of the child is answered by the team that got it."""
        found = self.place.ask(
            "SELECT id::text, team FROM delivery d WHERE kind = 'summary' AND withdrawn_by IS NULL AND child = %s"
            " AND NOT EXISTS (SELECT FROM receipt r WHERE r.delivery = d.id) ORDER BY no DESC LIMIT 1",
            self.child,
        )
        delivery, team = found[0]
        said = events.receipt(self.place.borough, team, delivery, state, START, self.rng)
        await self.publisher.send(
            f"receipts.{team}", said.value, said.key, receipt=said.id, delivery=delivery, team=team, state=state
        )

    def step(self) -> None:
        """So many days later the clocks of what nobody has answered run out."""
        self.place.step_to(START + timedelta(days=next(self.days)))

    async def settle(self) -> None:
        """Until all that was acknowledged is kept, and all that is kept has left."""
        receipts = "SELECT count(*) FROM receipt"
        answered = {
            r["receipt"] for r in self.place.history.lines("acknowledged") if r["topic"].startswith("receipts.")
        }
        places = [
            (r["topic"], r["partition"], r["offset"] + 1)
            for r in self.place.history.lines("acknowledged")
            if r["topic"].startswith("events.")
        ]
        overdue = "SELECT count(*) FROM clock, stepped_time WHERE state = 'running' AND due <= at"

        def settled() -> bool:
            at = {(t, p): n for t, p, n in self.place.ask("SELECT topic, partition, next FROM position")}
            read = all(at.get((t, p), 0) >= n for t, p, n in places) or self._all_kept()
            return (
                read and self.place.value(receipts) >= len(answered) and not self.place.value(overdue)
                and self.place.nothing_due()
            )  # fmt: skip

        await self.place.until(settled, 40, "everything is settled")

    def _all_kept(self) -> bool:
        ids = [i for i in self.publisher.acknowledged if i]
        missing = "SELECT count(*) FROM unnest(%s::uuid[]) AS i WHERE NOT EXISTS (SELECT FROM event e WHERE e.id = i)"
        bad = sum(not i["id"] for i in self.place.history.lines("acknowledged") if i["topic"].startswith("events."))
        return self.place.value(missing, ids) == 0 and self.place.value("SELECT count(*) FROM refusal") >= bad


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def journey(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Journey]:
    folder = tmp_path_factory.mktemp("failpoints")
    place = Installation(folder, SHAREWELL_LEASE_SECONDS="2", SHAREWELL_POLL_SECONDS="0.5")
    made = Journey(place)
    place.left_out = {f"summaries.{made.unreachable}"}
    async with place:
        made.publisher = Publisher(place.bootstrap, place.history)
        for role, count in (("router", 1), ("deliver", 2), ("clocks", 1)):
            for worker in place.workers.add(role, count):
                worker.start()
        yield made
        assert await place.workers.stop() == dict.fromkeys(place.workers.all, 0)
        await made.publisher.stop()


async def killed_at(journey: Journey, name: str, border: str) -> None:
    """The process ends at the border, or the test fails; meanwhile other children's events give it work."""
    worker = journey.place.workers[name]
    for n in range(200):
        if not worker.runs:
            break
        await asyncio.sleep(0.2)
        if n % 10 == 9 and worker.role != "clocks":
            await journey.publisher.publish(journey.discharge(journey.rng.choice(journey.others)))
    assert not worker.runs, f"{name} never came to {border}"
    code = worker.collect(1)
    assert code == -9, f"{name} ended with {code} and not at {border}"
    hit.add(border)


async def armed(journey: Journey, name: str, border: str) -> None:
    """The process, started anew to end at the border."""
    worker = journey.place.workers[name]
    await journey.place.until(lambda: worker.is_up, 30, f"{name} runs")
    worker.terminate()
    await worker.gone(15)
    worker.start(SHAREWELL_FAILPOINT=border)


async def nothing_wrong(journey: Journey) -> None:
    await journey.settle()
    judgement = await judged(journey.place)
    ends = [end for end in judgement.unasked_ends if not end.endswith("-9")]
    faults = [fault for fault in judgement.faults if not fault.startswith("unasked_ends")]
    assert not faults, str(judgement)
    assert not ends, str(judgement)
    assert judgement.raw_repeats == 0, str(judgement)


@pytest.mark.parametrize("border", ROUTER)
async def test_a_router_killed_there_loses_and_repeats_nothing(journey: Journey, border: str) -> None:
    await armed(journey, "router1", border)
    await journey.publish_some()
    await killed_at(journey, "router1", border)
    journey.place.workers["router1"].start()
    await nothing_wrong(journey)


@pytest.mark.parametrize("border", [*RECEIPTS, *NOT_OURS])
async def test_a_receipt_has_one_effect_though_the_router_was_killed_there(journey: Journey, border: str) -> None:
    await journey.publish_some()
    await journey.settle()
    await armed(journey, "router1", border)
    await journey.answer("not-ours" if border in NOT_OURS else "acknowledged")
    await killed_at(journey, "router1", border)
    journey.place.workers["router1"].start()
    await nothing_wrong(journey)


@pytest.mark.parametrize("border", DELIVER)
@pytest.mark.parametrize("next_owner", ["itself", "another"])
async def test_a_delivery_worker_killed_there_leaves_nothing_unsent_and_nothing_twice(
    journey: Journey, border: str, next_owner: str
) -> None:
    await armed(journey, "deliver1", border)
    for _ in range(3):
        await journey.publish_some()
    await killed_at(journey, "deliver1", border)
    if next_owner == "itself":
        journey.place.workers["deliver1"].start()
    await nothing_wrong(journey)
    if next_owner == "another":
        journey.place.workers["deliver1"].start()


@pytest.mark.parametrize("border", TAKE_OVER)
async def test_a_worker_killed_while_it_takes_over_leaves_it_to_the_next(journey: Journey, border: str) -> None:
    other = journey.place.workers["deliver2"]
    other.terminate()
    await other.gone(15)
    await armed(journey, "deliver1", "after_mark_sending")
    await journey.publish_some()
    await killed_at(journey, "deliver1", "after_mark_sending")
    assert journey.place.value("SELECT count(*) FROM attempt WHERE outcome = 'sending'") > 0
    journey.place.workers["deliver1"].start(SHAREWELL_FAILPOINT=border)
    await killed_at(journey, "deliver1", border)
    assert journey.place.value("SELECT count(*) FROM attempt WHERE outcome = 'sending'") > 0
    other.start()
    await nothing_wrong(journey)
    journey.place.workers["deliver1"].start()


@pytest.mark.parametrize("border", FAILED)
async def test_a_worker_killed_after_a_failed_send_leaves_it_to_be_sent_again(journey: Journey, border: str) -> None:
    other = journey.place.workers["deliver2"]
    other.terminate()
    await other.gone(15)
    await armed(journey, "deliver1", border)
    await journey.publisher.publish(journey.discharge(journey.apart))
    await journey.publisher.publish(journey.discharge(journey.apart))
    await killed_at(journey, "deliver1", border)
    admin = AIOKafkaAdminClient(bootstrap_servers=journey.place.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(f"summaries.{journey.unreachable}", 1, 1)])
    await admin.close()
    journey.place.left_out = set()
    for worker in (other, journey.place.workers["deliver1"]):
        worker.start()
    await nothing_wrong(journey)
    records = await read_all(journey.place.bootstrap, [f"summaries.{journey.unreachable}"])
    numbers = [int(orjson.loads(r.value)["sequence"]) for r in records if b"-summary-" in r.value]
    assert numbers == [1, 2]


@pytest.mark.parametrize("border", CLOCKS)
async def test_a_clock_fires_once_though_its_worker_was_killed_there(journey: Journey, border: str) -> None:
    await journey.publish_some()
    await journey.settle()
    fired = journey.place.value("SELECT count(*) FROM clock_fired")
    await armed(journey, "clocks1", border)
    journey.step()
    await killed_at(journey, "clocks1", border)
    journey.place.workers["clocks1"].start()
    await nothing_wrong(journey)
    assert journey.place.value("SELECT count(*) FROM clock_fired") > fired


async def test_every_named_border_was_hit() -> None:
    assert hit == set(NAMES)
