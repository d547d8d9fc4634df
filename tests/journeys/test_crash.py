"""Everything is killed at random moments under load: nothing is lost, nothing takes effect twice, order is kept."""

import os
from pathlib import Path

from tests.journeys.crash import Plan, run


async def test_random_kills_of_everything_lose_nothing_and_repeat_nothing_that_matters(tmp_path: Path) -> None:
    seed = int(os.environ.get("SHAREWELL_CRASH_SEED", "16"))  # a plan that is known to try everything below
    plan = Plan(seed, events=3000, workers=20, kafka=3, postgres=3, seconds=75)
    judgement = await run(plan, tmp_path)
    said = f"SHAREWELL_CRASH_SEED={seed}: {judgement}"
    assert not judgement.faults, said
    assert judgement.raw_repeats <= 2 * judgement.kills, said
    assert judgement.events == plan.events, said
    assert judgement.kills == plan.kills, said
    sometimes = (
        "attempts taken-over", "redelivered batches", "waits for the ledger", "failed sends", "receipts", "not ours",
        "rungs fired", "refused", "conflicts", "enquiries", "answers in time", "answers overdue", "answers due sooner",
    )  # fmt: skip
    assert [what for what in sometimes if not judgement.seen[what]] == [], f"never tried. {said}"
