"""One bad record in a hundred, over all partitions, and the same event twice: good ones go on, each bad one is kept."""

from pathlib import Path
from random import Random

import orjson

from deploy.borough import events
from deploy.borough.bench import bench_events
from deploy.borough.published import Published
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


async def test_the_same_event_on_two_partitions_has_one_effect_and_another_body_is_a_conflict(tmp_path: Path) -> None:
    rng = Random(5)
    async with Installation(tmp_path) as place:
        publisher = Publisher(place.bootstrap, place.history)
        children = rng.sample(place.borough.children, 40)
        said = [events.ed_discharge(place.borough, child, START, rng) for child in children]
        for one in said:
            for partition in (0, 1, 2):
                await publisher.publish(one, partition=partition)
        place.workers.add("router", 2)
        place.workers.add("deliver")
        async with running(place, "router", "deliver"):
            await place.until(lambda: place.value("SELECT count(*) FROM event") == len(said), 120, "all are kept")
            for one in said[:10]:  # only now: of two bodies whichever is read first is the event
                await publisher.publish(events.same_id_other_body(one, presenting_complaint="Another"), partition=3)
            await publisher.stop()
            await place.until(
                lambda: (
                    place.value("SELECT count(*) FROM event") == len(said)
                    and place.value("SELECT count(*) FROM conflict") == 10
                ),
                120,
                "every event is kept once, every conflict whole",
            )
            await place.until(place.nothing_due, 60, "all deliveries are sent")
        assert place.value("SELECT count(*) FROM inbox") == len(said)
        twice = place.ask(
            "SELECT event_no, child, team FROM delivery WHERE kind = 'summary' GROUP BY 1, 2, 3 HAVING count(*) > 1"
        )
        assert twice == []
        assert place.value("SELECT count(*) FROM task WHERE kind = 'conflict' AND state = 'open'") == 10
        entries = [
            entry
            for record in await read_all(place.bootstrap, place.topics("status"))
            for entry in orjson.loads(record.value)["data"]["entries"]
        ]
        assert sum(entry["kind"] == "accepted" for entry in entries) == len(said)
        assert sum(entry["kind"] == "conflict" for entry in entries) == 10
