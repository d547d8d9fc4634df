"""One bad record in a hundred, over all partitions: each is kept with its reasons, no good one is late (R7)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from random import Random
from statistics import median

import orjson

from deploy.borough.published import Published
from tests.bench.events import bench_events
from tests.journeys.installation import PARTITIONS, START, Installation, running
from tests.journeys.wire import Publisher, read_all

EVENTS = 10_000
BAD = EVENTS // 100


def bad_bytes(good: Published, kind: int, rng: Random) -> tuple[bytes | None, str]:
    """A malformed record made of a good one, and the code it is to be refused with."""
    event = orjson.loads(good.value)
    match kind % 8:
        case 0:
            return b"\xff\xfe not json", "not-json"
        case 1:
            return None, "not-json"
        case 2:
            return orjson.dumps({**event, "padding": "x" * 70_000}), "oversize"
        case 3:
            return b'{"a":' * 600 + b"1" + b"}" * 600, "not-json"
        case 4:
            return good.value[:-1] + b',"id":"twice"}', "duplicate-keys"
        case 5:
            event["data"]["subjects"][0]["nhs_number"] = "9990000000"
            return orjson.dumps(event), "nhs-number-check-digit"
        case 6:
            return orjson.dumps({**event, "type": "unheard-of-1"}), "unknown-type"
        case _:
            return orjson.dumps({**event, "time": "2016-09-21T08:00:00"}), "time-without-offset"


async def test_bad_records_are_kept_with_their_reasons_and_stop_nobody(tmp_path: Path) -> None:
    rng = Random(11)
    async with Installation(tmp_path) as place:
        publisher = Publisher(place.bootstrap, place.history)
        good = list(bench_events(place.borough, 11, EVENTS - BAD, START))
        expected: dict[tuple[str, int, int], str] = {}
        step = len(good) // BAD
        for at in range(0, len(good), step):
            await publisher.flow(good[at : at + step], per_second=1_000_000, at_once=step)
            if len(expected) < BAD:
                one, kind = good[at], len(expected)
                raw, code = bad_bytes(one, kind, rng)
                headers = [("odd", b"\xff\xfe"), ("reply_to", b"status.somebody-else")]
                spot = await publisher.send(
                    f"events.{one.publisher}", raw, one.key, partition=kind % PARTITIONS, headers=headers
                )
                expected[spot] = code
        await publisher.stop()
        async with running(place, "router", "deliver"):
            await place.until(
                lambda: place.value("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM refusal)") >= EVENTS,
                240,
                "all records are kept",
            )
            await place.until(place.nothing_due, 120, "all deliveries are sent")
        refused = {
            (topic, partition, offset): [p["code"] for p in orjson.loads(problems)]
            for topic, partition, offset, problems in place.ask(
                'SELECT topic, partition, "offset", problems FROM refusal'
            )
        }
        assert {spot: code in refused.get(spot, ()) for spot, code in expected.items()} == dict.fromkeys(expected, True)
        assert len(refused) == len(expected) == BAD
        assert {partition for _, partition, _ in refused} == set(range(PARTITIONS))
        kept = {row[0] for row in place.ask("SELECT id::text FROM event")}
        assert kept == {one.id for one in good}
        there = {
            value.decode()
            for record in await read_all(place.bootstrap, place.topics("summaries"))
            for name, value in record.headers
            if name == "sharewell-delivery"
        }
        planned = {row[0] for row in place.ask("SELECT id::text FROM delivery WHERE kind <> 'answer'")}
        assert planned == there
        answered = [
            entry
            for record in await read_all(place.bootstrap, place.topics("status"))
            for entry in orjson.loads(record.value)["data"]["entries"]
            if entry["kind"] == "refused"
        ]
        assert len(answered) == BAD
        assert all(problem["mend"] for entry in answered for problem in entry["problems"])
        assert place.value("SELECT count(*) FROM clock WHERE task IN (SELECT id FROM refusal)") == BAD


RATE, BLOCK, PAIRS = 200.0, 400, 7
"""Events a second; good events of one block; and how often a block without bad records is followed by one with them."""
AT_MOST = 2.0


async def test_bad_records_do_not_make_the_good_ones_late(tmp_path: Path) -> None:
    """The 99th of a hundred delays of a block, in the middle one of seven, by that of the blocks without bad records
    between them: a computer that has something else to do for a moment does not decide it (R7)."""
    rng = Random(12)
    async with Installation(tmp_path) as place:
        publisher = Publisher(place.bootstrap, place.history)
        good = iter(list(bench_events(place.borough, 12, BLOCK * (2 * PAIRS + 1), START)))
        blocks: dict[str, list[list[str]]] = {"warming up": [], "without": [], "with": []}
        bad = 0
        async with running(place, "router", "deliver"):
            await place.until(lambda: place.value("SELECT count(*) FROM sender") == 1, 20, "the delivery worker leases")
            for kind in ("warming up", *("without", "with") * PAIRS):
                records = list(islice(good, BLOCK))
                blocks[kind].append([one.id for one in records])
                if kind == "with":
                    for spot in sorted((rng.randrange(BLOCK) for _ in range(BLOCK // 100)), reverse=True):
                        records.insert(spot, wrong(records[spot], bad, rng))
                        bad += 1
                await publisher.flow(records, per_second=RATE)
                kept = sum(map(len, chain.from_iterable(blocks.values()))), bad
                await place.until(partial(_is_kept, place, kept), 60, "every record is kept")
                await place.until(place.nothing_due, 30, "all deliveries are sent")
        await publisher.stop()
        ours = {
            (line["topic"], line["partition"], line["offset"]): line["id"]
            for line in place.history.lines("acknowledged")
        }
        sent: dict[str, int] = {}
        for record in await read_all(place.bootstrap, place.topics("events")):
            sent[ours[record.topic, record.partition, record.offset]] = record.timestamp
        delays: dict[str, list[int]] = {id: [] for id in sent}
        for record in await read_all(place.bootstrap, place.topics("summaries")):
            event = orjson.loads(record.value)["causationid"]
            delays[event].append(record.timestamp - sent[event])
        late = {
            kind: [percentile_99([d for id in block for d in delays[id]]) for block in of]
            for kind, of in blocks.items()
        }
        place.history.add("measured", late=late)
        said = f"milliseconds, 99 of 100 within, block by block: {late}"
        times = [beside / alone for alone, beside in zip(late["without"], late["with"], strict=True)]
        assert min(median(times), median(late["with"]) / median(late["without"])) <= AT_MOST, said
        lines = [json.loads(line) for line in place.workers["router1"].log.read_text().splitlines()]
        read = sum(line["records"] for line in lines if line.get("event") == "batch kept")
        assert read == len(ours), "no record is taken twice"


def _is_kept(place: Installation, counted: tuple[int, int]) -> bool:
    return place.ask("SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM refusal)") == [counted]


def wrong(good: Published, kind: int, rng: Random) -> Published:
    """A bad record that stands where this one would; tombstones are among those of the test above."""
    raw, _ = bad_bytes(good, kind, rng)
    return replace(good, event={}, raw=raw if raw is not None else b"")


def percentile_99(values: Sequence[int]) -> int:
    return sorted(values)[int(len(values) * 0.99)]
