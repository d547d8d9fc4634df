"""PostgreSQL away, then Kafka, under load: nothing acknowledged that is not kept, no restart (R11, R10)."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

from tests.journeys.away import SERVING, Load
from tests.journeys.installation import START, Installation

AWAY = 30.0
POSTGRES_AWAY = (AWAY, 2.0, 4.0)
"""`python -m tests.journeys.away` lets it go five times for a minute."""
DRAINED = 60.0
"""Seconds after Kafka is back within which all that waited has left."""


async def test_postgres_away_again_and_again_and_then_kafka(tmp_path: Path) -> None:
    async with Installation(tmp_path) as place, Load(place, 3) as load:
        for seconds in POSTGRES_AWAY:
            await load.without_postgres(seconds)
            await asyncio.sleep(2)

        await asyncio.to_thread(place.stack.kafka.kill)
        place.step_to(START + timedelta(days=7))  # what the clocks fire now has nowhere to go
        await asyncio.sleep(AWAY)
        waiting = place.value(
            "SELECT (SELECT count(*) FROM due) + (SELECT count(*) FROM attempt WHERE outcome = 'sending')"
        )
        assert waiting > 0
        await asyncio.to_thread(place.stack.kafka.start)
        back = time.monotonic()
        oldest = place.value("SELECT max(no) FROM delivery")
        await place.until(
            lambda: place.value("SELECT count(*) FROM due WHERE no <= %s", oldest) == 0 and place.nothing_due(),
            DRAINED, "what waited has left",
        )  # fmt: skip
        drained = time.monotonic() - back

        judgement = await load.ended()
        place.history.add("measured", serving=load.serving, drained=drained)
        said = f"serving after {load.serving} s, drained after {drained:.1f} s: {judgement}"
        assert not judgement.faults, said
        assert judgement.raw_repeats <= 2 * (len(POSTGRES_AWAY) + 1), said
        assert max(load.serving) <= SERVING, said
