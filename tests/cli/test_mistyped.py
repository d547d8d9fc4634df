"""A name that nothing has is said to be unknown: an empty list would read as that all is well."""

from typing import get_args

import pytest

from deploy.borough import places
from deploy.commands import tasks
from router.plan import TaskKind
from tests.cli.town import Town

WHY = ("--why", "trying it out")


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        (("refused", "list", "--publisher", "ed-childen"), "Perhaps ed-children"),
        (("refused", "list", "--publisher", "zzz"), "sharewell directory publishers"),
        (("refused", "list", "--code", "nhs-number-check-digits"), "Perhaps nhs-number-check-digit"),
        (("replay", "--refused", "--publisher", "ed-childen", *WHY), "Perhaps ed-children"),
        (("replay", "--refused", "--code", "zzz", *WHY), "contracts/published/errors.md"),
        (("tasks", "list", "--kind", "nobody_found"), "nobody-found"),
        (("tasks", "list", "--owner", "zzz"), "sharewell directory teams"),
        (("queue", "zzz"), "sharewell directory teams"),
        (("directory", "teams", "--service", "zz"), "There are: HV"),
        (("new-flow", "school-exclusion", "--by", "zz"), "There are: HV"),
        (("looked-after", "--counts", "--authority", "E0"), places.DUDLEY),
        (("log", "--kind", "answer", "--team", "ed-childen"), "Perhaps ed-children"),
        (("log", "--kind", "answer", "--kind", "summary", "--team", "zzz"), "sharewell directory publishers"),
        (("policy", "--for", places.COMMUNITY, "--flow", "F99"), "There are: A,"),
        (("replay", "--failed", "--publisher", "ed-children", *WHY), "--failed"),
        (("replay", "--team", "hv-brierley-hill", "--code", "not-json", *WHY), "--team"),
        (("oversight", "--since", "1d", "--until", "2d"), "before --until"),
        (("oversight", "--since", "2999-01-01"), "before now"),
        (("simulate", "--policy", ".", "--since", "1d", "--until", "2d"), "before --until"),
        (("log", "--within", "4h", "--older", "2d"), "--within the longer one"),
    ],
    ids=lambda one: " ".join(one[:3]) if isinstance(one, tuple) else "",
)
def test_a_mistyped_name_is_said_to_be_unknown(shared_town: Town, typed: tuple[str, ...], mend: str) -> None:
    done = shared_town.sharewell(*typed)
    assert done.exit_code == 2, done.output
    assert mend in done.output


def test_what_is_spelt_right_and_is_not_there_is_no_mistake(shared_town: Town) -> None:
    assert shared_town.json("refused", "list", "--publisher", "ed-children", "--code", "not-json") == []
    assert shared_town.json("refused", "list", "--publisher", "hv-brierley-hill") == [], "receipts may be refused too"
    assert shared_town.json("tasks", "list", "--kind", "silent-publisher") == []
    assert shared_town.json("log", "--kind", "answer", "--team", "ed-children") == [], "answers go to publishers"
    assert shared_town.json("log", "--kind", "answer", "--kind", "summary", "--team", "hv-brierley-hill") == []
    neighbour = shared_town.json("looked-after", "--authority", places.SANDWELL, *WHY)
    assert neighbour["children"] == [], "it is in the directory, and looks after nobody here"
    assert shared_town.json("policy", "--for", places.COMMUNITY, "--flow", "F09")["terms"] == []


def test_tasks_are_asked_for_by_the_kinds_that_there_are() -> None:
    assert get_args(tasks.Kind) == get_args(TaskKind)


def test_the_directory_says_who_is_in_it(shared_town: Town) -> None:
    told = shared_town.json("directory", "teams", "--service", "hv")
    assert {team["service"] for team in told["teams"]} == {"HV"}
    (one,) = (team for team in told["teams"] if team["id"] == "hv-brierley-hill")
    assert one["lead"]
    assert one["covers"]["areas"]
    page = shared_town.sharewell("directory", "teams").output
    assert "hv-brierley-hill" in page
    assert "authority" in page
    assert all(len(line) <= 100 for line in page.splitlines())
    sources = {p["id"]: p["team"] for p in shared_town.json("directory", "publishers")["publishers"]}
    assert "ed-children" in sources
    assert "ed-children" in shared_town.sharewell("directory", "publishers").output


def test_a_directory_that_is_not_loaded_is_something_wrong(town: Town) -> None:
    town.sql("DELETE FROM cover_version")
    done = town.sharewell("directory", "publishers")
    assert (done.exit_code, "sharewell directory load" in done.output) == (1, True)
