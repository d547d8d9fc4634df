"""`sharewell up` as the README has it, and the two programs that a publisher and a recipient can copy."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.left_running import family_of, still_there

SHAREWELL = str(Path(sys.executable).with_name("sharewell"))
EXAMPLES = Path(__file__).parents[2] / "deploy" / "examples"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Up:
    """`sharewell up` in a folder, and commands in another terminal of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""
        self.environment = {n: v for n, v in os.environ.items() if not n.startswith("SHAREWELL_")}
        self.process: subprocess.Popen[str]

    def start(self) -> None:
        self.process = subprocess.Popen(
            [SHAREWELL, "up"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C stops everything" in line:
                return
        raise AssertionError(f"it did not come up: {self.said}")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        said, _ = self.process.communicate(timeout=60)
        self.said += said
        return self.process.returncode

    def types(self, *words: str, expect: int = 0) -> str:
        ended = subprocess.run(
            [SHAREWELL, *words],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == expect, f"{words}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def until(self, says: str, *words: str) -> str:
        deadline = time.monotonic() + 30
        while says not in (said := self.types(*words)):
            assert time.monotonic() < deadline, f"{words} never said {says}: {said}"
            time.sleep(0.3)
        return said

    def sent_all(self, event: str) -> str:
        """The log of an event, once nothing of it waits any more."""
        deadline = time.monotonic() + 30
        while {d["state"] for d in json.loads(self.types("log", "--event", event, "--json"))} != {"sent"}:
            assert time.monotonic() < deadline, "something is not sent"
            time.sleep(0.3)
        return self.types("log", "--event", event)

    def has_logged(self, what: str) -> None:
        """Wait until one of its processes has."""
        deadline = time.monotonic() + 30
        while not any(what in log.read_text() for log in (self.folder / ".sharewell/logs").iterdir()):
            assert time.monotonic() < deadline, f"nothing has logged {what}"
            time.sleep(0.1)

    @property
    def kafka(self) -> str:
        addresses = dict(line.split("=", 1) for line in (self.folder / ".sharewell/up.env").read_text().splitlines())
        return addresses["SHAREWELL_KAFKA_BOOTSTRAP"]

    def runs(self, program: str, *words: str) -> str:
        command = [sys.executable, str(EXAMPLES / program), *words, "--kafka", self.kafka]
        ended = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("up"))
    running.start()
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait(10)


def test_what_up_prints_can_be_typed(up: Up) -> None:
    lines = re.findall(r"^  \S*sharewell (\S.*?)   ", up.said, re.MULTILINE)
    assert [line.split()[0] for line in lines] == ["publish", "log", "show", "explain", "--help"]
    sent = up.types(*lines[0].split())
    found = re.search(UUID, sent)
    assert found is not None
    up.until("sent", *lines[1].split())
    log = up.sent_all(found.group())
    for team in ("switch-", "sn-", "gp-", "pln-"):
        assert team in log
    delivery = json.loads(up.types("log", "--json"))[0]["id"]
    assert "WHO ELSE WAS TOLD" in up.types("show", delivery[:8], "--why", "trying it out")
    assert "alcohol" in up.types("explain", found.group()[:8])
    up.types("publish", ".sharewell/example.json")
    up.has_logged('"seen_before":1')
    assert up.sent_all(found.group()).count("sent") == log.count("sent"), "twice has one effect"
    up.types("doctor")
    assert "accounted for" in up.types("reconcile")


def test_a_publisher_hears_that_its_event_was_accepted_and_what_was_missing(up: Up) -> None:
    event = json.loads((up.folder / ".sharewell/example.json").read_text())
    event["id"] = "0b7e5a52-7f0a-4b5e-9c3e-3f1f1c6a0001"
    event["data"] |= {"record_id": "att-second", "attendance_id": "att-second"}
    event["data"]["vulnerability"] = {"absent": "not-recorded"}
    (up.folder / "event.json").write_text(json.dumps(event))
    said = up.runs("publisher.py", "event.json", "--publisher", "ed-children")
    assert said.startswith("accepted")
    assert "quality\n  data.vulnerability" in said
    again = up.runs("publisher.py", "event.json", "--publisher", "ed-children", "--seconds", "3")
    assert again == said, "sent again it is answered once, and a publisher still learns what became of it"


def test_a_publisher_hears_that_its_event_was_refused_and_how_to_mend_it(up: Up) -> None:
    event = json.loads((up.folder / ".sharewell/example.json").read_text())
    event["id"] = "0b7e5a52-7f0a-4b5e-9c3e-3f1f1c6a0002"
    event["data"]["subjects"][0]["nhs_number"] = "9990000001"
    event["time"] = event["time"][:19]
    (up.folder / "wrong.json").write_text(json.dumps(event))
    said = up.runs("publisher.py", "wrong.json", "--publisher", "ed-children")
    assert said.startswith("refused")
    assert "time: " in said
    assert "nhs_number: " in said
    assert "9990000001" not in said


def test_a_recipient_reads_answers_and_is_not_told_twice(up: Up) -> None:
    log = up.until("switch-dudley", "log")
    assert "switch-dudley" in log
    who = ("--team", "switch-dudley", "--organisation", "ZDG", "--read-by", "Ann Reed", "--role", "worker")
    said = up.runs("recipient.py", *who, "--count", "1")
    assert said.startswith("ed-attendance-discharged-summary-1")
    assert "referral" in said
    up.until("acknowledged", "log", "--team", "switch-dudley")
    delivery = re.search(UUID, said)
    assert delivery is not None
    rows = json.loads(up.types("log", "--team", "switch-dudley", "--json"))
    answered = next(row for row in rows if row["id"] == delivery.group())
    assert {(r["state"], r["by_kind"]) for r in answered["receipts"]} == {
        ("collected", "system"),
        ("acknowledged", "person"),
    }


def test_only_one_up_a_folder(up: Up) -> None:
    up.types("up", expect=4)


def test_it_stops_in_order_and_what_was_kept_is_there_again(up: Up) -> None:
    before = json.loads(up.types("log", "--json"))
    seen = family_of(up.process.pid)
    assert up.stop() == 0
    assert still_there(seen, 5) == []
    assert not (up.folder / ".sharewell/up.env").exists()
    up.start()
    assert {row["id"] for row in json.loads(up.types("log", "--json"))} == {row["id"] for row in before}
    assert up.stop() == 0
