"""A computer whose clock jumps by ten minutes while a process runs: what lasts, lasts as long as it should (R14)."""

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from tests.deploy.jumping import COVER, ENDS_AT, FAILS, JUMPS_AT, LEASE, PATIENCE

ROOT = Path(__file__).parents[2]
LATE = 1.0
"""Seconds that a busy machine may take longer."""


@pytest.mark.parametrize("by", [600.0, -600.0], ids=["on", "back"])
def test_no_lease_wait_watch_or_heartbeat_is_shorter_or_longer_for_it(by: float) -> None:
    skewed = os.pathsep.join((str(ROOT / "tests" / "journeys" / "skewed"), str(ROOT)))
    environment = {**os.environ, "PYTHONPATH": skewed, "SKEW_SECONDS": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.deploy.jumping", str(by)],
        env=environment,
        capture_output=True,
        check=True,
        cwd=ROOT,
    )
    seen = orjson.loads(done.stdout.splitlines()[-1])
    assert seen["jumped"] == pytest.approx(by, abs=1), "the clock has jumped"
    assert seen["longest_between_leases"] < LEASE + LATE, "no lease runs out"
    assert 3 <= seen["leases"] <= 3 * ENDS_AT / LEASE + 2, "and none is asked for without rest"
    assert seen["tries_while_away"] == FAILS
    assert seen["leases_after_away"] > 0, "a worker that waited for the ledger works again"
    assert len(seen["done_patiently_after"]) == 1
    assert not seen["busy_was_ended"], "the watchdog lets alone who works"
    (ended,) = seen["hanging_was_ended_after"]
    assert PATIENCE <= ended < PATIENCE + LATE, "and ends who does not"
    assert seen["longest_without_directory"] < COVER + LATE
    assert 3 <= seen["directory_reads"] <= ENDS_AT / COVER + 2
    assert ENDS_AT - LATE < seen["heartbeat"] < ENDS_AT + LATE, "what Prometheus is told is an age, and no moment"
    assert ended > JUMPS_AT
