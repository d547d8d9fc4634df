"""The gate: shut for every kind of change that breaks somebody, open for the rest."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import jsoncompat
import pytest

from contracts import gate
from contracts.register import PUBLISHED, all_types, schema_of

ED, SUMMARY = "ed-attendance-discharged-1", "ed-attendance-discharged-summary-1"
Change = Callable[[dict[str, Any]], None]


def _now(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(json.dumps(schema_of(name)))
    del schema["$id"]  # jsoncompat follows no reference from a schema that has an address
    return schema


def _jsoncompat(old: dict[str, Any], new: dict[str, Any], role: Literal["serializer", "deserializer", "both"]) -> bool:
    return bool(jsoncompat.check_compat(json.dumps(old), json.dumps(new), role))


def _field_gone(s: dict[str, Any]) -> None:
    del s["properties"]["follow_up"]
    s["required"].remove("follow_up")


def _renamed(s: dict[str, Any]) -> None:
    s["properties"]["outcome"] = s["properties"].pop("diagnosis")
    s["required"].remove("diagnosis")


def _newly_mandatory(s: dict[str, Any]) -> None:
    s["required"].append("infant_injury")


def _new_and_mandatory(s: dict[str, Any]) -> None:
    s["properties"]["triage"] = {"type": "string"}
    s["required"].append("triage")


def _fewer_choices(s: dict[str, Any]) -> None:
    s["properties"]["self_harm"]["enum"].remove("not-asked")


def _shorter(s: dict[str, Any]) -> None:
    s["properties"]["presenting_complaint"]["maxLength"] = 100


def _other_kind(s: dict[str, Any]) -> None:
    s["properties"]["presenting_complaint"] = {"type": "integer"}


def _no_absence(s: dict[str, Any]) -> None:
    s["properties"]["diagnosis"] = {"type": "string", "minLength": 1, "maxLength": 200}


def _choice_of_a_part_gone(s: dict[str, Any]) -> None:
    s["$defs"]["Vulnerability"]["properties"]["factors"]["items"]["enum"].remove("young-carer")


def _fewer_in_a_list(s: dict[str, Any]) -> None:
    s["properties"]["subjects"]["maxItems"] = 5


def _tighter_form(s: dict[str, Any]) -> None:
    s["$defs"]["Place"]["properties"]["site"]["pattern"] = "^R[A-Z0-9]{2,7}$"


@pytest.mark.parametrize(
    "change",
    [
        _field_gone,
        _renamed,
        _newly_mandatory,
        _new_and_mandatory,
        _fewer_choices,
        _shorter,
        _other_kind,
        _no_absence,
        _choice_of_a_part_gone,
        _fewer_in_a_list,
        _tighter_form,
    ],
)
def test_a_change_that_would_refuse_what_was_valid_is_stopped(change: Change) -> None:
    old, new = _now(ED), _now(ED)
    change(new)
    found = gate.judge(ED, old, new, outgoing=False)
    assert found
    assert all("publishers" in one.breaks and "next number" in one.mend for one in found)
    overlooked = change is _tighter_form  # jsoncompat 0.3.1 takes no pattern for a limit
    assert _jsoncompat(old, new, "deserializer") is overlooked, "a second opinion"


def _wider_choice(s: dict[str, Any]) -> None:
    s["properties"]["self_harm"]["enum"].append("historic")


def _new_optional(s: dict[str, Any]) -> None:
    s["properties"]["triage"] = {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}


def _no_longer_mandatory(s: dict[str, Any]) -> None:
    s["required"].remove("follow_up")


def _longer(s: dict[str, Any]) -> None:
    s["properties"]["presenting_complaint"]["maxLength"] = 400


def _reworded(s: dict[str, Any]) -> None:
    s["properties"]["presenting_complaint"]["label"] = "What they came with"
    s["description"] = "Other words."


def _more_publishers(s: dict[str, Any]) -> None:
    s["x-sharewell"]["published_by"].append("WARD")


@pytest.mark.parametrize(
    "change", [_wider_choice, _new_optional, _no_longer_mandatory, _longer, _reworded, _more_publishers]
)
def test_a_change_that_takes_more_passes(change: Change) -> None:
    old, new = _now(ED), _now(ED)
    change(new)
    assert old != new
    assert gate.judge(ED, old, new, outgoing=False) == []
    assert _jsoncompat(old, new, "deserializer"), "a second opinion"


def test_a_restriction_that_is_lifted_is_stopped() -> None:
    old, new = _now("adult-ed-attendance-1"), _now("adult-ed-attendance-1")
    del new["properties"]["clinical_detail"]["restricted"]
    (found,) = gate.judge("adult-ed-attendance-1", old, new, outgoing=False)
    assert "confidence" in found.breaks


@pytest.mark.parametrize(
    ("mark", "value"), [("published_by", ["WARD"]), ("about", ["adult"]), ("also_about", ["mother"])]
)
def test_taking_an_event_from_fewer_or_about_fewer_is_stopped(mark: str, value: list[str]) -> None:
    old, new = _now(ED), _now(ED)
    new["x-sharewell"][mark] = value
    assert gate.judge(ED, old, new, outgoing=False)


def _part(s: dict[str, Any], section: str) -> dict[str, Any]:
    part: dict[str, Any] = s["$defs"][f"EdAttendanceDischarged_{section}"]
    return part


def _not_sent_any_more(s: dict[str, Any]) -> None:
    del _part(s, "what_happened")["properties"]["diagnosis"]


def _moved_to_another_section(s: dict[str, Any]) -> None:
    _part(s, "context")["properties"]["diagnosis"] = _part(s, "what_happened")["properties"].pop("diagnosis")


def _may_be_missing(s: dict[str, Any]) -> None:
    s["required"].remove("asked")


def _another_choice_sent(s: dict[str, Any]) -> None:
    s["properties"]["standing"]["enum"].append("paused")


def _another_kind_sent(s: dict[str, Any]) -> None:
    s["properties"]["relation"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def _longer_sent(s: dict[str, Any]) -> None:
    s["$defs"]["Asked"]["properties"]["what"]["maxLength"] = 9000


@pytest.mark.parametrize(
    "change",
    [
        _not_sent_any_more,
        _moved_to_another_section,
        _may_be_missing,
        _another_choice_sent,
        _another_kind_sent,
        _longer_sent,
    ],
)
def test_a_change_that_readers_of_a_summary_do_not_expect_is_stopped(change: Change) -> None:
    old, new = _now(SUMMARY), _now(SUMMARY)
    change(new)
    found = gate.judge(SUMMARY, old, new, outgoing=True)
    assert found
    assert all("recipients" in one.breaks for one in found)


def test_a_summary_may_grow_a_field() -> None:
    old, new = _now(SUMMARY), _now(SUMMARY)
    new["properties"]["printed_at"] = {"type": "string"}
    new["required"].append("printed_at")
    assert gate.judge(SUMMARY, old, new, outgoing=True) == []


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PUBLISHED, tmp_path / "published"))


def test_the_gate_is_open_now() -> None:
    assert [one.words for one in gate.findings()] == []


def test_a_type_that_is_not_published_is_stopped_and_told_how(published: Path) -> None:
    (published / f"{ED}.schema.json").unlink()
    (found,) = gate.findings(published)
    assert "not published" in found.what
    assert "--write" in found.mend
    assert gate.write(published) == []
    assert gate.findings(published) == []


def test_a_type_that_was_taken_away_is_stopped(published: Path) -> None:
    shutil.copy(published / f"{ED}.schema.json", published / "ed-triaged-1.schema.json")
    assert [one.what for one in gate.findings(published)] == ["the type is gone"]


def test_an_example_that_is_no_longer_valid_is_stopped_without_repeating_it(published: Path) -> None:
    file = published / "examples" / f"{ED}.json"
    file.write_text(file.read_text("utf-8").replace('"self_harm": "no"', '"self_harm": "Zebedee"'), "utf-8")
    (found,) = gate.findings(published)
    assert "data.self_harm: wrong-choice" in found.what
    assert "Zebedee" not in found.words


def test_a_missing_example_and_a_missing_code_are_stopped(published: Path) -> None:
    (published / "examples" / f"{ED}.json").unlink()
    codes = json.loads((published / "errors.json").read_text("utf-8"))
    (published / "errors.json").write_text(json.dumps({**codes, "too-sad": {"kind": "refused"}}), "utf-8")
    assert [one.what for one in gate.findings(published)] == ["the type has no example", "the code too-sad is gone"]


def test_write_leaves_a_broken_contract_as_it_was_published(published: Path) -> None:
    file = published / f"{ED}.schema.json"
    wider = json.loads(file.read_text("utf-8"))
    wider["properties"]["self_harm"]["enum"].append("historic")
    file.write_text(json.dumps(wider), "utf-8")
    (found,) = gate.write(published)
    assert "fewer choices" in found.what
    assert "historic" in file.read_text("utf-8")


def test_the_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main([]) == 0
    assert f"{len(all_types())} contracts, 0 findings" in capsys.readouterr().out
    assert gate.main(["--force"]) == 2
