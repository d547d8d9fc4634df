"""Publishers with nothing to say are not taken for silent ones."""

from datetime import datetime, timedelta

import orjson

from deploy.borough import Borough, generate
from deploy.borough.morning import morning
from deploy.demo.heartbeats import heartbeats
from router.accept import accept
from router.events import Event, Received
from router.policy.working_time import LONDON, add_working_hours

START = datetime(2016, 9, 21, 8, tzinfo=LONDON)
NOON, END = START + timedelta(hours=4), START + timedelta(days=14)


def said_by(borough: Borough) -> list[tuple[datetime, str, bytes]]:
    said = [one for _, one in morning(borough, 1, START)]
    return [(at, one.publisher, one.value) for at, one in heartbeats(said, NOON - timedelta(hours=1), END)]


def test_every_heartbeat_is_accepted_as_one_and_is_new() -> None:
    borough = generate(1, 2000, START.date())
    cover, ids = borough.cover(), set()
    for _, publisher, value in said_by(borough)[:400]:
        event = accept(Received(publisher, value, None, f"events.{publisher}", 0, 0), cover)
        assert isinstance(event, Event)
        assert event.test
        ids.add((publisher, event.id))
    assert len(ids) == 400


def test_no_publisher_that_beats_is_quiet_beyond_its_usual_gap() -> None:
    borough = generate(1, 2000, START.date())
    last = {
        publisher: START + max(after for after, one in morning(borough, 1, START) if one.publisher == publisher)
        for publisher in {one.publisher for _, one in morning(borough, 1, START)}
    }
    for at, publisher, value in said_by(borough):
        assert orjson.loads(value)["testevent"] is True
        assert add_working_hours(last[publisher], borough.publisher[publisher].usual_gap_hours) > at
        last[publisher] = at
