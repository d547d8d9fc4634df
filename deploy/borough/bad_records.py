"""Records that must be refused, kept and answered: each wrong in one way, one of them put right later."""

from dataclasses import replace
from typing import Any

import orjson

from deploy.borough import events
from deploy.borough.find import aged, plain
from deploy.borough.published import Published
from deploy.borough.stage import Stage
from router.events import stable_id


def put_among(stage: Stage) -> None:
    """Five bad records among the good ones; the one with the wrong digit is sent again as it should have been."""
    good = _discharge(stage, 41)
    stage.put(41, wrong_check_digit(good))
    stage.put(168, good)
    stage.put(53, not_json(_discharge(stage, 53)))
    stage.put(68, naive_time(_discharge(stage, 68)))
    mother = stage.mother(plain)
    notified = events.dart_notified(stage.borough, mother, stage.at(83), stage.rng)
    stage.put(83, from_publisher(notified, "asm", stage.borough.publisher["asm"].source))
    stage.put(108, unknown_type(_discharge(stage, 108)))


def _discharge(stage: Stage, minute: float) -> Published:
    child = stage.child(aged(1, 15), plain)
    return events.ed_discharge(stage.borough, child, stage.at(minute), stage.rng)


def _bad(one: Published, event: dict[str, Any]) -> Published:
    return replace(one, event={}, raw=orjson.dumps(event))


def not_json(one: Published) -> Published:
    """Cut off in the middle."""
    return replace(one, event={}, raw=one.value[: len(one.value) // 2])


def wrong_check_digit(one: Published) -> Published:
    """The first subject's NHS number with another last digit; under an id of its own."""
    event = orjson.loads(one.value)
    number = event["data"]["subjects"][0]["nhs_number"]
    event["data"]["subjects"][0]["nhs_number"] = number[:-1] + str((int(number[-1]) + 1) % 10)
    event["id"] = stable_id("wrong digit", event["id"])
    return _bad(one, event)


def naive_time(one: Published) -> Published:
    """A time without its offset."""
    return _bad(one, {**one.event, "time": one.event["time"][:19]})


def from_publisher(one: Published, publisher: str, source: str) -> Published:
    """Sent by a publisher that may not send this type."""
    return replace(_bad(one, {**one.event, "source": source}), publisher=publisher)


def unknown_type(one: Published) -> Published:
    """A version that was never published."""
    return _bad(one, {**one.event, "type": f"{one.event['type'].rpartition('-')[0]}-99"})
