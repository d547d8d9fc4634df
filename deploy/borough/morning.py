"""A weekday morning in the borough, 08:00 to 12:00: every flow F01 to F13, the awkward cases and some bad records."""

from datetime import datetime, timedelta

from deploy.borough import bad_records, scenes
from deploy.borough.made import Borough
from deploy.borough.published import Published
from deploy.borough.stage import Stage


def morning(borough: Borough, seed: int, start: datetime) -> list[tuple[timedelta, Published]]:
    """What is published when, counted from `start` (an aware 08:00), in order; the same arguments, the same bytes.

    Some 80 records; those with an empty `event` are bad on purpose. Raises find.Nobody for a borough too small."""
    stage = Stage(borough, seed, start)
    for scene in scenes.ALL:
        scene(stage)
    bad_records.put_among(stage)
    return sorted(stage.said, key=lambda one: one[0])
