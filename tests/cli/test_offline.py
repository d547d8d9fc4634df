"""Commands that need neither a database nor Kafka."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.register import all_types, event_types, example_of
from deploy.asyncapi import document
from deploy.borough.file import write
from deploy.cli import app
from router.policy.book import rule_book
from tests.cli.town import borough

NOWHERE = {"SHAREWELL_POSTGRES_DSN": "postgresql://127.0.0.1:1/none", "SHAREWELL_KAFKA_BOOTSTRAP": "127.0.0.1:1"}


def run(*arguments: str, typed: str | None = None) -> Any:
    return CliRunner().invoke(app, arguments, input=typed, env=NOWHERE)


def test_every_published_example_passes_check(tmp_path: Path) -> None:
    file = tmp_path / "all.ndjson"
    examples = [example_of(name) for name in event_types()] + [example_of("receipt-1")]
    file.write_text("\n".join(map(json.dumps, examples)))
    done = run("check", str(file))
    assert done.exit_code == 0, done.output
    assert f"{len(examples)} records: {len(examples)} accepted, 0 refused." in done.output


def test_check_tells_every_error_at_once_with_its_mend_and_no_value() -> None:
    event = example_of("ed-attendance-discharged-1")
    event["data"]["subjects"][0]["nhs_number"] = "9990001023"
    event["data"]["arrived_at"] = "2026-03-13T22:55:00"
    event["data"]["Jude Marsh"] = 1
    done = run("check", "-", typed=json.dumps(event))
    assert done.exit_code == 1
    for told in (
        "data.subjects[0].nhs_number",
        "[nhs-number-check-digit]",
        "data.arrived_at",
        "[time-without-offset]",
        "[unknown-field]",
    ):
        assert told in done.output
    assert done.output.count("mend: ") >= 3
    assert "9990001023" not in done.output
    assert "Marsh" not in done.output


def test_check_takes_one_pretty_event_lines_and_what_is_no_json(tmp_path: Path) -> None:
    event = example_of("was-not-brought-1")
    assert run("check", "-", typed=json.dumps(event, indent=2)).exit_code == 0
    mixed = run("check", "-", "--json", typed=f"{json.dumps(event)}\nnot json\n\n{json.dumps(event)}\n")
    assert mixed.exit_code == 1
    told = json.loads(mixed.stdout)
    assert [(r["line"], r["accepted"]) for r in told["records"]] == [(1, True), (2, False), (4, True)]
    broken = json.loads(run("check", "-", "--json", typed='{\n "type": \n').stdout)
    assert [p["code"] for r in broken["records"] for p in r["problems"]] == ["not-json"]
    assert run("check", "-", typed="  \n").exit_code == 2


def test_check_as_a_publisher_of_a_directory_file_knows_what_it_may_send(tmp_path: Path) -> None:
    directory = tmp_path / "borough.ndjson"
    write(borough(), directory)
    file = tmp_path / "event.json"
    event = example_of("dart-notified-1") | {"source": borough().publisher["ed-children"].source}
    file.write_text(json.dumps(event))
    done = run("check", str(file), "--as", "ed-children", "--directory", str(directory))
    assert done.exit_code == 1
    assert "[wrong-publisher-for-type]" in done.output
    event["source"] = borough().publisher["dart"].source
    file.write_text(json.dumps(event))
    assert run("check", str(file), "--as", "dart", "--directory", str(directory)).exit_code == 0
    assert run("check", str(file), "--as", "nobody", "--directory", str(directory)).exit_code == 2
    assert run("check", str(file), "--as", "dart").exit_code == 2


def test_what_is_missing_in_quality_is_told_and_is_no_refusal() -> None:
    event = example_of("ed-attendance-discharged-1")
    event["data"]["voice_of_child"] = {"missing": "not-asked", "seen_alone": "not-offered"}
    done = run("check", "-", typed=json.dumps(event))
    assert done.exit_code == 0
    assert "quality: " in done.output


def test_contracts_lists_every_type_and_shows_each() -> None:
    listed = {c["type"]: c for c in json.loads(run("contracts", "--json").stdout)}
    assert set(listed) == set(all_types())
    assert listed["ed-attendance-discharged-1"]["published_by"] == ["ED"]
    for name in all_types():
        assert json.loads(run("contracts", name, "--schema").stdout)["$id"] == f"urn:sharewell:{name}"
        assert json.loads(run("contracts", name, "--example").stdout) == example_of(name)
    fields = run("contracts", "dart-notified-1").output
    assert "Alleged perpetrator" in fields
    assert "third-party-identity" in fields


def test_a_type_that_is_nearly_right_is_guessed() -> None:
    done = run("contracts", "dart-notifed-1")
    assert done.exit_code == 2
    assert "Perhaps dart-notified-1" in done.output


def test_policy_prints_the_book_as_english_with_its_paragraphs() -> None:
    whole = run("policy").output
    assert rule_book().version in whole
    told = run("policy", "--flow", "F09", "--to", "hv").output
    assert "Tell the health visiting team when the child is under 5" in told.replace("\n    ", " ")
    assert "[F09, 1.23, R3.6]" in told
    assert "GP practice when" not in told
    assert "notified" not in run("policy", "--from", "ED").output
    rows = json.loads(run("policy", "--flow", "F09", "--json").stdout)["rows"]
    assert {r["flow"] for r in rows} == {"F09"}
    assert {"event", "kind", "words", "flow", "paragraph", "recommendation", "gap"} == rows[0].keys()


@pytest.mark.parametrize(("typed", "code"), [(["--flow", "F99"], 1), (["--from", "NOBODY"], 2)])
def test_policy_says_when_nothing_matches(typed: list[str], code: int) -> None:
    done = run("policy", *typed)
    assert done.exit_code == code
    assert "No row matches" in done.output or "There is no such service" in done.output


def test_asyncapi_is_valid_and_has_every_type() -> None:
    told = json.loads(run("asyncapi").stdout)
    assert told == document()
    assert told["asyncapi"] == "3.0.0"
    assert set(told["components"]["messages"]) == set(all_types())
    of_channels = {name for channel in told["channels"].values() for name in channel["messages"]}
    assert of_channels == set(all_types())
    addresses = {c["address"] for c in told["channels"].values()}
    assert addresses == {"events.{publisher}", "status.{publisher}", "summaries.{team}", "receipts.{team}"}


def test_every_reference_of_the_asyncapi_document_leads_somewhere_and_examples_fit() -> None:
    import jsonschema

    told = document()

    def refs(part: Any) -> Any:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for one in part.values():
                yield from refs(one)
        elif isinstance(part, list):
            for one in part:
                yield from refs(one)

    for ref in set(refs(told)):
        at: Any = told
        for step in ref.removeprefix("#/").split("/"):
            at = at[step]
    for name, message in told["components"]["messages"].items():
        schema = {"components": told["components"], **message["payload"]}
        jsonschema.Draft202012Validator(schema).validate(message["examples"][0]["payload"])
        assert message["examples"][0]["payload"]["type"] == name
