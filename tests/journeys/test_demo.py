"""`make demo` as a newcomer and as CI meet it: it ends by itself, adds up, fits a page, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.journeys.left_running import command_of, family_of, still_there

DEMO = (sys.executable, "-m", "deploy.demo")
LONGEST = 300
"""Seconds: about a minute on two free cores; a computer that does other things beside it takes longer."""
Played = tuple[subprocess.CompletedProcess[str], set[int]]
SECTIONS = (
    "A morning in the borough",
    "Every event, and who was told",
    "Who was told, by service",
    "What was withheld, and why",
    "What went back to publishers",
    "Records that were refused",
    "What no machine may decide: tasks",
    "Clocks that ran out, and who was told",
    "One child's story: ",
    "Is everything accounted for?",
    "Everything that was accepted is accounted for.",
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The whole demo, played once, in a folder of its own and with somebody else's settings around it."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / ".env").write_text("SHAREWELL_KAFKA_BOOTSTRAP=nowhere.invalid:1\n")
    environment = {**os.environ, "SHAREWELL_POSTGRES_DSN": "postgresql://nobody@nowhere.invalid/none"}
    process = subprocess.Popen(
        DEMO, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    seen: set[int] = set()
    watching = threading.Thread(target=_watch, args=(process, seen), daemon=True)
    watching.start()
    try:
        said, _ = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return subprocess.CompletedProcess(DEMO, process.returncode, said), seen


def _watch(process: "subprocess.Popen[str]", seen: set[int]) -> None:
    while process.poll() is None:
        seen |= family_of(process.pid)
        time.sleep(0.2)


def test_it_ends_by_itself_and_everything_accepted_is_accounted_for(
    played: Played,
) -> None:
    done, _ = played
    assert done.returncode == 0, done.stdout[-3000:]
    at = [done.stdout.find(section) for section in SECTIONS]
    assert -1 not in at, [s for s, found in zip(SECTIONS, at, strict=True) if found == -1]
    assert at == sorted(at)


def test_it_leaves_nothing_running(played: Played) -> None:
    _, seen = played
    assert len(seen) > 5
    assert still_there(seen, 5) == []


def test_it_is_read_at_a_hundred_columns_without_a_terminal(
    played: Played,
) -> None:
    done, _ = played
    assert [line for line in done.stdout.splitlines() if len(line) > 100] == []
    assert "\x1b" not in done.stdout


def test_it_shows_all_that_it_promises(played: Played) -> None:
    said = " ".join(played[0].stdout.split())
    for thing in (
        "SWITCH acted",
        "SN not ours",
        "(after not ours)",
        "(after a person said who)",
        "unanswered, lead and NN told",
        "late",
        "replaced",
        "withdrawal",
        "nhs-number-check-digit",
        "not-json",
        "unknown-version",
        "mended",
        "Nothing has come from clinics",
        "sharewell tasks match",
        "no GP practice is on record",
        "Alleged perpetrator",
        "the whereabouts are withheld",
        "a task stays open",
        "heartbeats",
        "make up",
    ):
        assert thing in said, thing


def test_a_demo_that_is_killed_leaves_nothing_running_either(tmp_path: Path) -> None:
    process = subprocess.Popen(DEMO, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "A morning in the borough" in line:
            break
    deadline = time.monotonic() + 30
    while not any("deliver1" in command_of(pid) for pid in family_of(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2)  # the roles are at work
    seen = family_of(process.pid)
    assert len(seen) > 5
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    assert still_there(seen, 30) == []
