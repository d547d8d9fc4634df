"""A changed rule book is tried on 2,000 real events: unchanged, no difference; one row changed, its effect alone."""

import asyncio
import os
import shutil
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from typer.testing import CliRunner, Result

import router.policy
from deploy.cli import app
from deploy.local import Stack
from tests.journeys.test_same_plan import EVENTS, take_in_a_past
from tests.stack import elsewhere, recreate

RULES = Path(router.policy.__path__[0])
ROOT = RULES.parents[1]
TABLES = "event delivery due clock task receipt access happening family_version refusal".split()
SWITCH = (
    "tell(Service.SWITCH, under_18, with_alcohol_or_substances, because=F10, gets=SUBSTANCE_REFERRAL, ask=REFERRAL)"
)
SINCE = ("--since", "2016-09-01")


@dataclass(frozen=True)
class Past:
    """A ledger with a past in it."""

    dsn: str

    def simulate(self, policy: Path | str, *more: str) -> Result:
        environment = {"SHAREWELL_POSTGRES_DSN": self.dsn, "SHAREWELL_ENVIRONMENT": "test"}
        return CliRunner().invoke(app, ["simulate", "--policy", str(policy), *SINCE, *more], env=environment)

    def json(self, policy: Path | str, *more: str, exits: int = 0) -> Any:
        done = self.simulate(policy, "--json", *more)
        assert done.exit_code == exits, done.output
        return orjson.loads(done.stdout)

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(text).fetchall()  # type: ignore[call-overload, no-any-return]


@pytest.fixture(scope="module")
def past(stack: Stack, template_database: str) -> Iterator[Past]:
    name = f"sharewell_past_{uuid.uuid4().hex[:8]}"
    dsn = recreate(stack.postgres_dsn, name, template_database)
    asyncio.run(take_in_a_past(dsn))
    yield Past(dsn)
    with psycopg.connect(elsewhere(stack.postgres_dsn, "postgres"), autocommit=True) as connection:
        connection.execute(f"drop database if exists {name} with (force)")  # type: ignore[call-overload]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a rule book of its own, as it is here."""
    shutil.copytree(RULES, tmp_path / "router" / "policy", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "router" / "policy" / file
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), "utf-8")


def test_an_unchanged_rule_book_makes_no_difference_to_two_thousand_events(past: Past, folder: Path) -> None:
    told = past.json(folder)
    assert told["events"] >= EVENTS
    assert (told["differing"], told["counts"], told["examples"]) == (0, [], [])
    assert told["here"] == told["other"]
    assert "Nobody would gain or lose anything." in past.simulate(folder).output


def test_one_changed_row_makes_exactly_its_own_difference(past: Past, folder: Path) -> None:
    """The oracle is what was really sent: every summary to Switch goes, with its clock, and nothing else does."""
    change(folder, "emergency_department.py", f"{SWITCH},", "")
    told = past.json(folder, "--examples", "100000", exits=1)
    sent = past.rows(
        "SELECT e.id::text, d.child::text, d.team FROM delivery d JOIN event e ON e.no = d.event_no "
        "WHERE d.team LIKE 'switch%' AND d.kind = 'summary'"
    )
    lost = {
        (e["event"], e["child"], e["team"]) for e in told["examples"] if (e["what"], e["sign"]) == ("summary", "loses")
    }
    assert len(sent) > 5
    assert lost == set(sent)
    assert told["differing"] == len({event for event, _, _ in sent})
    assert {e["event"] for e in told["examples"]} == {event for event, _, _ in sent}


def test_a_row_that_leaves_a_field_out_takes_that_field_from_that_service_alone(past: Past, folder: Path) -> None:
    old = 'ACCOUNT_WITH_HOUSEHOLD = everything("flags", "earlier", "linked", "household", but=("discussion_due",))'
    change(folder, "domestic_abuse.py", old, old.replace('("discussion_due",)', '("discussion_due", "children_seen")'))
    told = past.json(folder, exits=1)
    sent = Counter(
        dict(
            past.rows(
                "SELECT split_part(d.team, '-', 1), count(*) FROM delivery d JOIN event e ON e.no = d.event_no "
                "WHERE e.type = 'dart-notified-1' AND d.kind = 'summary' GROUP BY 1"
            )
        )
    )
    counts = {(c["what"], c["who"], c["thing"]): (c["gains"], c["loses"], c["changes"]) for c in told["counts"]}
    assert counts == {
        ("field", "HV", "children seen"): (0, sent["hv"], 0),
        ("field", "SN", "children seen"): (0, sent["sn"], 0),
    }
    assert sent["hv"] > 5


def test_a_clock_that_is_made_shorter_is_told_as_a_change_and_nobodys_summary_is(past: Past, folder: Path) -> None:
    change(folder, "domestic_abuse.py", 'to="happen", within=working_days(5)', 'to="happen", within=working_days(2)')
    told = past.json(folder, exits=1)
    notified = past.rows("SELECT count(*) FROM clock WHERE words = 'the outcome of the discussion is told'")[0][0]
    (line,) = told["counts"]
    assert (line["what"], line["thing"]) == ("clock", "the outcome of the discussion is told")
    assert (line["gains"], line["loses"], line["changes"]) == (0, 0, notified)


def test_what_an_event_no_longer_counts_as_later_is_told_too(past: Past, folder: Path) -> None:
    change(folder, "domestic_abuse.py", ", taken_as(REPEATED, repeated))", ")")
    told = past.json(folder, exits=1)
    repeated = past.rows("SELECT count(*) FROM happening WHERE type = 'repeated dart-notified-1'")[0][0]
    (line,) = told["counts"]
    assert (line["what"], line["thing"], line["loses"]) == ("standing", "counts: repeated dart-notified-1", repeated)
    assert repeated > 3
    assert "no longer: counts: repeated dart-notified-1" in past.simulate(folder).output


def test_examples_come_after_the_counts_name_nobody_and_nothing_is_sent_kept_or_looked_at(
    past: Past, folder: Path
) -> None:
    change(folder, "emergency_department.py", f"{SWITCH},", "")
    before = [past.rows(f"SELECT count(*) FROM {table}") for table in TABLES]
    done = past.simulate(folder)
    assert [past.rows(f"SELECT count(*) FROM {table}") for table in TABLES] == before
    assert done.exit_code == 1
    assert done.output.index("What would be different") < done.output.index("Examples")
    assert "would lose a summary" in done.output
    names = {
        doc["name"]["family"]
        for (raw,) in past.rows("SELECT doc FROM family_version")
        for doc in orjson.loads(raw)["people"].values()
        if "name" in doc
    }
    assert len(names) > 20
    shown = done.output.casefold()
    assert not [name for name in names if f"{name.casefold()}," in shown or f" {name.casefold()} " in shown]
    assert "999" not in done.output


def test_a_rule_book_that_its_own_checks_refuse_is_tried_and_told_as_such(past: Past, folder: Path) -> None:
    assert past.json(folder)["wrong"] == []
    change(folder, "emergency_department.py", f"{SWITCH},", f"{SWITCH},\n        {SWITCH},")
    told = past.json(folder, exits=1)
    assert told["differing"] == 0
    assert any("is never reached" in one for one in told["wrong"])
    assert "The changed rule book would be refused" in past.simulate(folder).output


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An installation's own git repository: the code as it is here, and a branch on which Switch is told of nobody."""
    for part in ("adapters", "contracts", "deploy", "router"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=As it is here")
    git(tmp_path, "switch", "--quiet", "--create", "candidate")
    change(tmp_path, "emergency_department.py", f"{SWITCH},", "")
    git(tmp_path, "commit", "--quiet", "--all", "--message=Switch is not told")
    git(tmp_path, "switch", "--quiet", "main")
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    known = ("-c", "user.name=Lead", "-c", "user.email=lead@sharewell.example", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *known, *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()


def simulated_in(repository: Path, past: Past, revision: str) -> Any:
    """What the command says when it runs from that repository; with how it exited."""
    settings = {"SHAREWELL_POSTGRES_DSN": past.dsn, "SHAREWELL_ENVIRONMENT": "test"}
    asked = ["simulate", "--policy", revision, *SINCE, "--json", "--examples", "100000"]
    done = subprocess.run(
        [sys.executable, "-c", "from deploy.cli import app; app()", *asked],
        cwd=repository, env={**os.environ, **settings, "PYTHONPATH": str(repository)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr.decode()[-2000:]
    return orjson.loads(done.stdout) | {"exit": done.returncode}


def test_a_git_revision_whose_row_differs_makes_exactly_its_own_difference(past: Past, repository: Path) -> None:
    """By branch and by commit: what counts is what was committed there, not what lies in the folder."""
    told = simulated_in(repository, past, "candidate")
    sent = past.rows(
        "SELECT e.id::text, d.child::text, d.team FROM delivery d JOIN event e ON e.no = d.event_no "
        "WHERE d.team LIKE 'switch%' AND d.kind = 'summary'"
    )
    assert (told["exit"], told["events"] >= EVENTS, len(sent) > 5) == (1, True, True)
    assert told["here"] != told["other"]
    lost = {(e["event"], e["child"], e["team"]) for e in told["examples"] if e["what"] == "summary"}
    assert lost == set(sent)
    assert {e["sign"] for e in told["examples"]} == {"loses"}
    assert {(c["what"], c["gains"], c["changes"]) for c in told["counts"]} == {("summary", 0, 0), ("clock", 0, 0)}
    assert told["differing"] == len({event for event, _, _ in sent})
    by_commit = simulated_in(repository, past, git(repository, "rev-parse", "candidate"))
    assert (by_commit["other"], by_commit["examples"]) == (told["other"], told["examples"])


def test_a_git_revision_with_the_same_rule_book_makes_no_difference(past: Past, repository: Path) -> None:
    told = simulated_in(repository, past, "candidate~1")
    assert (told["exit"], told["differing"], told["counts"], told["examples"]) == (0, 0, [], [])
    assert told["here"] == told["other"]


@pytest.mark.parametrize(
    ("break_it", "words"),
    [
        (lambda rules: (rules / "voice.py").write_text("raise ValueError('not like this')"), "not like this"),
        (lambda rules: shutil.copy(rules / "flags.py", rules / "flags_again.py"), "two policies for"),
        (lambda rules: [file.unlink() for file in rules.glob("*.py")], "nothing in router/policy"),
    ],
)
def test_a_rule_book_that_does_not_load_is_not_understood(past: Past, folder: Path, break_it: Any, words: str) -> None:
    break_it(folder / "router" / "policy")
    done = past.simulate(folder)
    assert done.exit_code == 2
    assert words in done.output


def test_what_is_neither_a_folder_nor_a_revision_or_no_time_is_not_understood(past: Past, folder: Path) -> None:
    assert past.simulate("no-such-branch").exit_code == 2
    assert past.simulate("--upload-pack=x").exit_code == 2
    assert past.simulate(folder, "--until", "yesterday").exit_code == 2
    assert past.json(folder, "--until", "2016-09-02")["events"] == 0
