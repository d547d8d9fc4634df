"""What is published in the four weeks: a working day has all scenes, a weekend fewer, and visits never end."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from deploy.borough import bad_records, events, further_scenes, scenes
from deploy.borough.find import Nobody
from deploy.borough.made import Borough
from deploy.borough.published import Published
from deploy.borough.stage import Stage
from deploy.demo.heartbeats import heartbeats
from router.policy.working_time import LONDON, is_working_day

FIRST_DAY = date(2016, 3, 14)
"""A Monday. Good Friday, the clock change and Easter Monday lie in the four weeks from here."""
DAYS = 28
OPENS = time(8)
WEEKEND = (scenes.emergency, scenes.young_people, scenes.adults, scenes.abuse, scenes.missed)
"""What does not keep working days."""
SCENES = (*scenes.ALL, *further_scenes.ALL)
BY_HOUR = (3, 2, 2, 1, 1, 1, 2, 3, 6, 8, 9, 9, 8, 8, 8, 9, 11, 12, 12, 11, 10, 8, 6, 4)
"""How an emergency department's visits spread over the hours of a day, as parts of a whole."""

Said = list[tuple[datetime, Published]]


def opening(day: date) -> datetime:
    """Eight o'clock of a day, by the clock on the wall."""
    return datetime.combine(day, OPENS, LONDON)


def month(borough: Borough, seed: int, total: int) -> Said:
    """Some `total` records of four weeks, each with its moment, in order; the same arguments, the same bytes."""
    said: Said = []
    for n in range(DAYS):
        day = FIRST_DAY + timedelta(days=n)
        said += _day(borough, seed * 1000 + n, day)
    said += _visits(borough, seed, total - len(said))
    said += _signs_of_life(said)
    return sorted(said, key=lambda one: one[0])


def _day(borough: Borough, seed: int, day: date) -> Iterator[tuple[datetime, Published]]:
    working = is_working_day(day)
    stage = Stage(borough, seed, opening(day))
    for scene in SCENES if working else WEEKEND:
        try:
            scene(stage)
        except Nobody:  # the borough has few of a kind, and a day may need more of them than there are
            stage.chosen.clear()
    if working:
        bad_records.put_among(stage)
    for after, one in stage.said:
        yield stage.start + after, one


def _visits(borough: Borough, seed: int, count: int) -> Iterator[tuple[datetime, Published]]:
    """Ordinary visits to the emergency department, by the hour of the day."""
    rng = Random(f"visits/{seed}")
    children = [c for c in borough.children if "practice" in borough.people[c]]
    for _ in range(max(0, count)):
        day = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
        (hour,) = rng.choices(range(24), BY_HOUR)
        at = datetime.combine(day, time(hour, rng.randrange(60)), LONDON)
        if at < opening(FIRST_DAY):  # the month begins at eight: time is never stepped back
            at += timedelta(days=1)
        yield at, events.ed_discharge(borough, rng.choice(children), at, rng, lean=True)


def _signs_of_life(said: Said) -> Iterator[tuple[datetime, Published]]:
    """One a working day from every publisher: silence is an alarm, and is not what a month is about."""
    for at, one in heartbeats([one for _, one in said], opening(FIRST_DAY), opening(FIRST_DAY + timedelta(days=DAYS))):
        if at.astimezone(LONDON).hour == 11:
            yield at, one
