"""`sharewell chronology` on a real ledger: the look is recorded first, the number is never an argument."""

from pathlib import Path

from contracts.parts.people import passes_check_digit
from tests.cli.town import Town


def number(town: Town, child: str) -> str:
    return str(town.borough.people[child]["nhs"])


def test_a_child_is_found_by_a_number_typed_and_who_looked_at_what_as_whom_is_kept(town: Town) -> None:
    child = town.discharged(0, 5)
    team = town.delivery("hv-")["team"]
    done = town.sharewell("chronology", "--for", team, "--why", "case discussion", typed=f"{number(town, child)}\n")
    assert done.exit_code == 0, done.output
    assert "was discharged from the emergency department" in " ".join(done.output.split())
    assert town.accesses() == [("A Tester", "case discussion", f"chronology of child {child}, as {team}")]
    by_key = town.sharewell("chronology", "--person", child[:8], "--for", team, "--why", "again")
    assert by_key.output == done.output


def test_each_entry_of_it_as_json_with_who_may_see_it_and_what_is_withheld(town: Town) -> None:
    child = town.discharged(0, 5)
    made = town.json("chronology", "--person", child, "--why", "audit")
    (entry,) = made["entries"]
    assert entry["type"] == "ed-attendance-discharged-1"
    assert "GP practice" in entry["may_see"]
    assert {service for service, _ in entry["told"]} >= {"GP practice", "health visiting team"}
    assert made["reader"] is None
    hidden = town.json("chronology", "--person", child, "--for", "camhs-dudley", "--why", "audit")
    assert hidden["entries"][0]["withheld"].startswith("your team does not work with this child")
    assert hidden["entries"][0]["sections"] is None


def test_a_number_as_an_argument_is_refused_and_nothing_is_repeated(town: Town) -> None:
    child = town.child(0, 5)
    done = town.sharewell("chronology", number(town, child), "--why", "x y z")
    assert done.exit_code == 2
    assert not town.named_in(done.output + done.stderr)
    assert town.accesses() == []


def test_a_reason_is_needed_and_an_unknown_child_is_a_recorded_look_too(town: Town) -> None:
    assert town.sharewell("chronology", "--person", town.child(0, 5), "--why", " ").exit_code == 2
    assert town.accesses() == []
    done = town.sharewell("chronology", "--why", "parent rang", typed="999 123 4560\n")
    assert done.exit_code == 2, "the check digit is wrong"
    stranger = next(n for n in (f"{9_998_000_000 + i}" for i in range(99)) if passes_check_digit(n))
    done = town.sharewell("chronology", "--why", "parent rang", typed=f"{stranger}\n")
    assert done.exit_code == 1
    assert town.accesses() == [("A Tester", "parent rang", "chronology of a child not known here, as nobody")]


def test_the_page_is_written_once_for_its_owner_alone(town: Town, tmp_path: Path) -> None:
    child = town.discharged(0, 5)
    page = tmp_path / "chronology.html"
    done = town.sharewell("chronology", "--person", child, "--why", "court", "--html", str(page))
    assert done.exit_code == 0, done.output
    assert page.stat().st_mode & 0o777 == 0o600
    assert "was discharged from the emergency department" in page.read_text()
    assert not town.named_in(done.output)
    again = town.sharewell("chronology", "--person", child, "--why", "court", "--html", str(page))
    assert again.exit_code == 1


def test_of_a_child_about_whom_nothing_came_the_page_says_so(town: Town) -> None:
    child = town.child(5, 12)
    done = town.sharewell("chronology", "--person", child, "--why", "transfer in")
    assert "Nothing has been published about this child." in done.output
    assert town.json("chronology", "--person", child, "--why", "transfer in")["entries"] == []
