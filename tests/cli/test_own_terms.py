"""What an organisation has set for itself: loaded with the directory, versioned, shown beside the rule book."""

from pathlib import Path
from typing import Any

import orjson

from deploy.borough.file import lines
from tests.cli.town import Town, borough


def a_file(path: Path, **head: Any) -> str:
    said = [orjson.loads(line) for line in lines(borough())]
    said[0] |= head
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in said) + b"\n")
    return str(path)


def own(town: Town) -> dict[str, Any]:
    organisation = next(t.organisation for t in borough().teams if t.service == "HV")
    return {
        "organisation": organisation,
        "flow": "F09",
        "service": "HV",
        "from": "2016-09-01",
        "within": {"count": 1, "unit": "working days"},
        "ladder": [{"owner": "NN"}],
    }


def test_it_is_loaded_as_a_new_version_and_shown_beside_the_rule_book(town: Town, tmp_path: Path) -> None:
    term = own(town)
    where = term["organisation"]
    assert "Nothing: the rule book's durations" in town.sharewell("policy", "--for", where).stdout
    day = {"day": "2016-09-23", "working": False, "name": "Announced late"}
    told = town.json("directory", "load", a_file(tmp_path / "b.ndjson", terms=[term], days=[day]))
    assert (told["new_version"], told["version"]) == (True, 2)

    shown = " ".join(town.sharewell("policy", "--for", where).stdout.split())
    assert f"What {where} has set for itself (directory, version 2)" in shown
    assert "F09, clocks that start from Thursday 1 September 2016" in shown
    assert "Expect that the health visiting team acknowledges within 1 working day. If not, the named nurse" in shown
    assert "instead of: Expect that the health visiting team acknowledges within 2 working days." in shown
    assert "Friday 23 September 2016: a day off (Announced late)" in shown

    found = town.json("policy", "--for", where)
    assert found["terms"][0]["flow"] == "F09"
    assert all("1 working day" in words for words in found["terms"][0]["clocks"])
    assert town.json("policy", "--for", where, "--flow", "F04")["terms"] == []
    nobody = town.sharewell("policy", "--for", "NOBODY")
    assert nobody.exit_code == 2
    assert "no such organisation" in nobody.output


def test_an_event_is_explained_by_the_version_of_its_day(town: Town, tmp_path: Path) -> None:
    town.json("directory", "load", a_file(tmp_path / "b.ndjson", terms=[own(town)]))
    town.discharged()
    event = town.delivery("hv")["event"]
    town.json("directory", "load", a_file(tmp_path / "c.ndjson"))
    (line,) = [c for c in town.json("explain", event)["clocks"] if "(hv" in c]
    assert "has set it for itself since Thursday 1 September 2016" in line
    town.discharged(low=1)
    (line,) = [c for c in town.json("explain", town.delivery("hv")["event"])["clocks"] if "(hv" in c]
    assert "has set it for itself" not in line


def test_what_is_wrong_is_told_and_nothing_is_written(town: Town, tmp_path: Path) -> None:
    term = own(town)
    term["within"]["unit"] = "moons"
    done = town.sharewell("directory", "load", a_file(tmp_path / "b.ndjson", terms=[term]))
    assert done.exit_code == 1
    assert "line 1: duration-form (terms[0].within): A duration is a count of working days" in done.output
    assert town.sql("SELECT max(version) FROM cover_version") == [(1,)]
