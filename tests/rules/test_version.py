"""The rule book's version: another for every other behaviour, and the same for the same, wherever it runs."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.book import make_book, rule_book
from router.policy.emergency_department import DISCHARGED
from router.policy.source import functions_in
from router.policy.words import condition, everything, tell

TREE = Path(__file__).parents[2]
_TELL = "import sys; sys.path[:0] = [sys.argv[1]]; from router.policy.book import rule_book; print(rule_book().version)"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    for part in ("contracts", "router"):
        shutil.copytree(TREE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def version_of(tree: Path) -> str:
    """As another process tells it, of the code in this folder."""
    ended = subprocess.run(
        [sys.executable, "-I", "-B", "-c", _TELL, str(tree)], capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


def change(tree: Path, file: str, old: str, new: str) -> None:
    path = tree / file
    text = path.read_text()
    assert old in text, "the code to change has moved"
    path.write_text(text.replace(old, new, 1))


def test_it_is_the_same_in_every_process_in_every_folder_and_with_either_line_end(other: Path) -> None:
    path = other / "router" / "policy" / "conditions.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert {version_of(other), version_of(other), version_of(TREE)} == {rule_book().version}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("router/policy/conditions.py", "< 5", "< 6"),
        ("router/facts.py", "(on.month, on.day)", "(on.day, on.month)"),
        ("router/family_file.py", "< int(kept[", "<= int(kept["),
    ],
    ids=["a condition", "a helper of the facts", "what an event changes in the family's file"],
)
def test_it_changes_with_the_code_behind_the_same_words(other: Path, file: str, old: str, new: str) -> None:
    change(other, file, old, new)
    assert version_of(other) != rule_book().version


def test_it_does_not_change_with_code_that_no_rule_calls(other: Path) -> None:
    (other / "router" / "take.py").write_text("")
    assert version_of(other) == rule_book().version


def _never(event: Any, child: Child, facts: Facts) -> bool:
    return False


def _always(event: Any, child: Child, facts: Facts) -> bool:
    return True


def test_it_changes_with_the_function_of_a_condition() -> None:
    def version(test: Any) -> str:
        row = tell(Service.GP, condition("it rains")(test), because=DISCHARGED.shares[0].because, gets=everything())
        return make_book(iter([replace(DISCHARGED, shares=(row,))])).version

    assert version(_never) == version(_never) != version(_always)


def test_every_condition_and_finder_is_among_the_functions() -> None:
    found = set(functions_in(rule_book().policies.values()))
    for policy in rule_book().policies.values():
        assert {c.test for row in policy.shares for c in row.conditions} <= found
        assert policy.changes is None or policy.changes in found
