"""A flow of one's own is three files to fill in: its story fails as nobody is told, and passes once rows say so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.scaffold import next_flow

ROOT = Path(__file__).parents[2]
CALL = "from deploy.cli import app; app()"
FILES = (
    "contracts/school_exclusion.py",
    "router/policy/school_exclusion.py",
    "tests/flows/test_f35_school_exclusion.py",
    "contracts/published/examples/school-exclusion-1.json",
)


class Checkout:
    """A copy of the tree, with its own code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("contracts", "router", "adapters", "deploy", "tests"):
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(self.folder), "SHAREWELL_ENVIRONMENT": "test"}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def story(self) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", FILES[2])

    def text(self, file: str) -> str:
        return (self.folder / file).read_text("utf-8")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = Checkout(tmp_path_factory.mktemp("checkout"))
    done = made.run("-c", CALL, "new-flow", "school-exclusion", "--by", "CSC")
    assert done.returncode == 0, done.stderr
    assert all(file in done.stdout for file in FILES)
    return made


def test_it_writes_three_files_and_an_example_and_the_story_fails_because_nobody_is_told(checkout: Checkout) -> None:
    failing = checkout.story()
    assert failing.returncode == 1, failing.stdout
    assert "nobody is told yet: write the rows of router/policy/school_exclusion.py" in failing.stdout
    assert "3 failed" in failing.stdout
    assert "AssertionError" in failing.stdout
    assert "error" not in failing.stdout.rpartition("=\n")[2].lower().replace("assertionerror", "")
    lint = checkout.run("-m", "ruff", "check", *FILES[:3])
    assert lint.returncode == 0, lint.stdout


def test_filled_in_it_passes_and_the_rule_book_takes_it(checkout: Checkout, tmp_path: Path) -> None:
    filled = tmp_path / "filled"
    shutil.copytree(checkout.folder, filled, ignore=shutil.ignore_patterns("__pycache__"))
    there = Checkout.__new__(Checkout)
    there.folder = filled
    rows = filled / FILES[1]
    rows.write_text(rows.read_text("utf-8").replace("#: ", ""), "utf-8")
    passing = there.story()
    assert passing.returncode == 0, passing.stdout
    assert "3 passed" in passing.stdout
    gate = there.run("-m", "router.policy.gate")
    assert gate.returncode == 0, gate.stdout
    told = there.run("-c", CALL, "policy", "--flow", "F35").stdout
    assert "Tell the school nursing team when the child is 5 to 19" in told
    assert "a local decision near 1.4" in told
    covered = there.run("-c", CALL, "policy", "--coverage").stdout
    assert "F35" in covered
    published = there.run("-m", "contracts.gate", "--write")
    assert "school-exclusion-1: the type has no example" not in published.stdout
    assert "school-exclusion-summary-1: the type has no example" in published.stdout, "the last thing to write"
    assert (filled / "contracts/published/school-exclusion-1.schema.json").exists()


def test_each_of_the_stories_can_fail_by_itself(checkout: Checkout, tmp_path: Path) -> None:
    filled = tmp_path / "filled"
    shutil.copytree(checkout.folder, filled, ignore=shutil.ignore_patterns("__pycache__"))
    there = Checkout.__new__(Checkout)
    there.folder = filled
    rows = filled / FILES[1]
    whole = rows.read_text("utf-8").replace("#: ", "")
    rows.write_text(
        whole.replace(", aged_5_to_19, ", ", ").replace("Service.SN, because", "Service.HV, because"), "utf-8"
    )
    assert "3 failed" in there.story().stdout
    rows.write_text(whole.replace(', but=("exclusion_id",)', ""), "utf-8")
    assert "1 failed, 2 passed" in there.story().stdout
    rows.write_text(whole.replace("else_tell=LEAD_THEN_NAMED_NURSE", "else_tell=LEAD_THEN_NAMED_NURSE[:1]"), "utf-8")
    assert "1 failed, 2 passed" in there.story().stdout


def test_nothing_that_is_there_is_written_over(checkout: Checkout) -> None:
    before = checkout.text(FILES[1])
    again = checkout.run("-c", CALL, "new-flow", "school-exclusion")
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert checkout.text(FILES[1]) == before


@pytest.mark.parametrize("name", ["School", "school_exclusion", "school-1", "../school", "school-", "-school", "a b"])
def test_a_name_that_is_none_is_not_understood_and_nothing_is_written(name: str) -> None:
    before = sorted(ROOT.glob("contracts/*.py"))
    done = CliRunner().invoke(app, ["new-flow", "--", name])
    assert done.exit_code == 2
    assert sorted(ROOT.glob("contracts/*.py")) == before
    assert CliRunner().invoke(app, ["new-flow", "school-exclusion", "--by", "nobody"]).exit_code == 2


def test_the_next_flow_is_the_first_free_number_after_the_reviews(tmp_path: Path) -> None:
    stories = tmp_path / "tests" / "flows"
    stories.mkdir(parents=True)
    for name in ("test_f01_x.py", "test_f34_x.py", "test_f35_x.py", "test_f37_x.py"):
        (stories / name).touch()
    assert next_flow(tmp_path) == 36
