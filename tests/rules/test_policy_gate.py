"""The rule book's gate shuts on each thing it must refuse: contradictions, what never happens, what nobody tested."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.conferences import ConferenceInvited
from contracts.domestic_abuse import DartNotified
from contracts.emergency_department import EdAttendanceDischarged
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.policy.book import Book, make_book, rule_book
from router.policy.checks import check_book
from router.policy.conditions import aged_5_to_19, under_5, under_18
from router.policy.gate import STORIES, main
from router.policy.owners import TEAM_LEAD, Rung
from router.policy.proofs import proofs_of, restricted_of, stories_in, unproved
from router.policy.words import AskOf, Gap, Policy, everything, expect, only, tell, want
from router.policy.working_time import working_days, working_hours

ROOT = Path(__file__).parents[2]
F04 = Gap("F04", "1.11", "", "a gap")
OTHER = Gap("F08", "1.21", "R3.4", "another gap")
LADDER = (Rung(TEAM_LEAD, working_days(1)),)
LESS = everything(but=("children_seen",))


def book(*shares: Any, event: Any = DartNotified, **more: Any) -> Book:
    return make_book(iter([Policy(event=event, concerning="children named", shares=shares, **more)]))


def wrong(*shares: Any, tried: bool = False, **more: Any) -> str:
    return "\n".join(check_book(book(*shares, **more), tried=tried))


@pytest.mark.parametrize(
    ("other", "contradicts"),
    [
        (tell(Service.HV, because=OTHER, gets=only("children_seen")), True),
        (tell(Service.HV, under_5, because=OTHER, gets=everything()), True),
        (tell(Service.HV, under_18, because=OTHER, gets=everything()), False),
        (tell(Service.HV, because=OTHER, gets=only("account")), False),
        (tell(Service.SN, because=OTHER, gets=everything()), False),
    ],
)
def test_what_a_row_leaves_out_no_other_row_may_give_whenever_it_holds(other: Any, contradicts: bool) -> None:
    found = wrong(tell(Service.HV, under_5, because=F04, gets=LESS), other)
    words = "leaves out 'Children seen by the officer or practitioner', which another row for it (F08) gives"
    assert (words in found) is contradicts


def test_a_row_that_keeps_something_from_a_service_gives_it_no_field() -> None:
    kept = replace(tell(Service.HV, under_5, because=OTHER, gets=everything()), withheld="rule E")
    assert "leaves out" not in wrong(tell(Service.HV, under_5, because=F04, gets=LESS), kept)


@pytest.mark.parametrize(
    ("conditions", "within", "contradicts"),
    [
        ((), working_days(2), True),
        ((under_18,), working_days(2), False),
        ((under_5,), working_days(1), False),
        ((under_5,), working_days(2), True),
        ((under_5, under_18), None, True),
    ],
)
def test_a_recipient_is_not_asked_one_thing_by_two_days(conditions: Any, within: Any, contradicts: bool) -> None:
    rows = (
        tell(Service.HV, under_5, because=F04, gets=LESS, ask=AskOf("Visit.", working_days(1))),
        tell(Service.HV, *conditions, because=OTHER, gets=LESS, ask=AskOf("Visit.", within)),
    )
    assert ("is asked 'Visit.' by two different days" in wrong(*rows)) is contradicts


def test_a_clock_has_one_term_under_the_same_conditions_and_stands_once() -> None:
    row = tell(Service.HV, because=F04, gets=LESS)
    clock = expect(Service.HV, to="acknowledge", within=working_days(1), else_tell=LADDER, because=F04)
    slower = replace(clock, within=working_days(2))
    assert "has two terms or ladders under the same conditions" in wrong(row, expectations=(clock, slower))
    assert "stands twice" in wrong(row, expectations=(clock, replace(clock, because=OTHER)))
    assert wrong(row, expectations=(clock, replace(slower, conditions=(under_5,)))) == ""
    assert wrong(row, expectations=(clock, replace(slower, to="file"))) == ""


def test_a_mark_stands_once() -> None:
    row, mark = tell(Service.HV, because=F04, gets=LESS), want("account", because=F04, words="account")
    assert "the mark 'account' stands twice" in wrong(row, wants=(mark, mark))
    assert wrong(row, wants=(mark, replace(mark, conditions=(under_5,)))) == ""


def test_a_clock_that_can_never_start_is_refused() -> None:
    row = tell(Service.HV, under_5, because=F04, gets=LESS)
    clock = expect(Service.HV, aged_5_to_19, to="acknowledge", within=working_days(1), else_tell=LADDER, because=F04)
    found = wrong(row, tried=True, expectations=(clock,))
    assert "starts in no case: nobody is told when its conditions hold" in found
    met = wrong(row, tried=True, expectations=(replace(clock, conditions=()),))
    assert met == ""


SEEN_BY_MASH = tell(Service.MASH, because=F04, gets=everything(), may_see=[Restriction.THIRD_PARTY])


@pytest.mark.parametrize(
    ("file", "body", "proved"),
    [
        ("test_f04_x.py", 'assert "Alleged perpetrator" in letter.withheld', True),
        ("test_f04_x.py", 'assert letter.withheld["Alleged perpetrator"]', True),
        ("test_f04_x.py", 'assert "perpetrator" not in letter["what_happened"]', True),
        ("test_f04_x.py", 'seen = letter["what_happened"].get("perpetrator")\n    assert seen is None', True),
        ("test_f04_x.py", 'assert letter["what_happened"]["perpetrator"] == 1', False),
        ("test_f04_x.py", 'await town.publish(event(perpetrator="x", withheld="perpetrator"))', False),
        ("test_f08_x.py", 'assert "Alleged perpetrator" in letter.withheld', False),
        ("test_f04_x.py", 'assert "Account of the incident" in letter.withheld', False),
    ],
)
def test_a_restricted_field_needs_a_story_of_its_flow_that_says_who_must_not_see_it(
    tmp_path: Path, file: str, body: str, proved: bool
) -> None:
    (tmp_path / file).write_text(f"async def test_who_sees_it(town, letter):\n    {body}\n")
    found = unproved(book(SEEN_BY_MASH), stories_in(tmp_path))
    assert bool(found) is not proved
    assert all("'Alleged perpetrator' (perpetrator) is restricted, and no story of F04" in one for one in found)


def test_of_what_nobody_is_told_no_story_is_asked(tmp_path: Path) -> None:
    assert unproved(book(), stories_in(tmp_path)) == []
    assert unproved(book(tell(Service.GP, because=F04, gets=LESS)), stories_in(tmp_path)) != []


def test_a_field_without_restriction_needs_none(tmp_path: Path) -> None:
    assert unproved(book(tell(Service.GP, because=F04, gets=everything()), event=EdAttendanceDischarged), ()) == []


def test_without_any_story_the_gate_is_shut(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert "no story there" in capsys.readouterr().out
    assert main(["--help"]) == 2


def test_every_story_that_is_named_as_a_proof_is_a_test_that_pytest_runs() -> None:
    stories = stories_in(ROOT / STORIES)
    named = {
        (one.file, one.name)
        for policy in rule_book().policies.values()
        for field in restricted_of(policy)
        for one in proofs_of(policy, field, stories)
    }
    assert ("test_f04_domestic_abuse.py", "test_nobody_but_mash_reads_who_is_said_to_have_done_it") in named
    for file in {file for file, _ in named}:
        module = __import__(f"tests.flows.{file.removesuffix('.py')}", fromlist=["_"])
        assert all(callable(getattr(module, name)) for one, name in named if one == file)


def test_make_check_runs_the_gate_and_it_shuts_on_two_entries_for_one_event(tmp_path: Path) -> None:
    assert "python -m router.policy.gate" in (ROOT / "Makefile").read_text()
    for part in ("contracts", "router"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    rules = tmp_path / "router" / "policy"
    shutil.copy(rules / "flags.py", rules / "flags_again.py")
    done = subprocess.run(
        [sys.executable, "-m", "router.policy.gate", str(ROOT / STORIES)],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 1
    assert "two policies for safeguarding-flag-changed-1: put them into one entry" in done.stdout


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        (("report_due", working_hours(4)), "which is no field of the event with a moment that is always known"),
        (("no_such_field", working_hours(4)), "which is no field of the event with a moment that is always known"),
        (("meets_at", working_days(1)), "and within 1 working day is not a number of hours"),
        (("meets_at", working_hours(4)), ""),
    ],
)
def test_what_must_be_met_before_something_names_a_moment_that_every_event_has(before: Any, problem: str) -> None:
    clock = expect(Service.HV, to="acknowledge", within=working_days(2), else_tell=LADDER, because=F04, before=before)
    found = wrong(tell(Service.HV, because=F04, gets=everything()), event=ConferenceInvited, expectations=(clock,))
    assert (f"must be met before '{before[0]}', {problem}" in found) is bool(problem)
    assert ("must be met before" in found) is bool(problem)
