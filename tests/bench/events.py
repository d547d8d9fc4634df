"""Events by the hundred thousand for the bench: small, valid, each with an id of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from deploy.borough import events, find
from deploy.borough.made import Borough
from deploy.borough.published import Published

MIX = ((80, "discharge"), (90, "arrival"), (95, "dart"), (100, "adult"))
"""In every hundred: 80 discharges, 10 arrivals, 5 domestic abuse notifications, 5 adults with children."""
STEP = timedelta(milliseconds=5)


def bench_events(borough: Borough, seed: int, count: int, start: datetime | None = None) -> Iterator[Published]:
    """`count` events from `start` (08:00 of the borough's day, failing that), 5 ms apart: about three deliveries each.

    Only people with a known address and practice, so that nobody is not found; the same arguments, the same bytes."""
    rng = Random(seed)
    day = borough.today
    at = start or datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    children = [c for c in borough.children if "area" in (doc := borough.people[c]) and "practice" in doc]
    mothers = list(dict.fromkeys(borough.people[c]["mother"] for c in children if "mother" in borough.people[c]))
    mothers = [m for m in mothers if len(find.children_of(borough, m)) == 1 and find.unborn_of(borough, m) is None]
    for _ in range(count):
        drawn = rng.random() * 100
        kind = next(name for below, name in MIX if drawn < below)
        at += STEP
        if kind == "discharge":
            yield events.ed_discharge(borough, rng.choice(children), at, rng, lean=True)
        elif kind == "arrival":
            yield events.ed_arrival(borough, rng.choice(children), at, rng, lean=True)
        elif kind == "dart":
            yield events.dart_notified(borough, rng.choice(mothers), at, rng)
        else:
            yield events.adult_ed(borough, rng.choice(mothers), at, rng, reason="domestic-abuse")
