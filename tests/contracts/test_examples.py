"""The published examples: true to the contracts, and about nobody."""

import json
import re
from typing import Any

import jsonschema
import pytest
from nhs_number.validate import is_valid

from contracts.checks import cross_checks
from contracts.parts.envelope import MAX_BYTES
from contracts.register import (
    PUBLISHED,
    all_types,
    envelope_schema,
    event_types,
    example_of,
    model_of,
    published_schema_of,
    schema_of,
    whole,
)


def bytes_of(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("name", all_types())
def test_an_example_is_what_its_contract_says(name: str) -> None:
    event = whole(name).validate_json(bytes_of(example_of(name)))
    assert event.type == name
    assert isinstance(event.data, model_of(name))


@pytest.mark.parametrize("name", all_types())
def test_an_example_is_what_its_published_schema_says(name: str) -> None:
    example = example_of(name)
    check = jsonschema.Draft202012Validator
    check(published_schema_of(name), format_checker=check.FORMAT_CHECKER).validate(example["data"])
    check(envelope_schema(), format_checker=check.FORMAT_CHECKER).validate(example)


@pytest.mark.parametrize("name", all_types())
def test_a_message_written_and_read_again_is_the_same(name: str) -> None:
    first = whole(name).validate_json(bytes_of(example_of(name)))
    again = whole(name).validate_json(first.model_dump_json(exclude_unset=True))
    assert again == first


@pytest.mark.parametrize("name", event_types())
def test_an_event_example_passes_every_check(name: str) -> None:
    assert cross_checks(example_of(name), event_types()[name]) == []
    assert len(bytes_of(example_of(name))) < MAX_BYTES


@pytest.mark.parametrize("name", all_types())
def test_an_example_is_about_nobody(name: str) -> None:
    text = (PUBLISHED / "examples" / f"{name}.json").read_text("utf-8")
    for number in re.findall(r"(?<![0-9a-f])[0-9]{10}(?![0-9a-f])", text):
        assert number.startswith("999")
        assert is_valid(number)
    for phone in re.findall(r'"(0[0-9]{4} ?[0-9]{6})"', text):
        assert phone.startswith("01632 960"), "numbers kept for fiction"


@pytest.mark.parametrize("name", all_types())
def test_no_nhs_number_stands_outside_data(name: str) -> None:
    attributes = {key: value for key, value in example_of(name).items() if key != "data"}
    assert not re.search(r"(?<![0-9])999[0-9]{7}(?![0-9])", json.dumps(attributes))


@pytest.mark.parametrize("name", all_types())
def test_the_published_schema_is_the_one_the_code_has(name: str) -> None:
    assert published_schema_of(name) == json.loads(json.dumps(schema_of(name)))


def test_an_ed_discharge_fits_in_about_a_kilobyte() -> None:
    example = example_of("ed-attendance-discharged-1")
    short = {"absent": "none"}
    data = {**example["data"], "vulnerability": short, "concern": short, "follow_up": short, "prior_attendances": short}
    data |= {"voice_of_child": {"missing": "pre-verbal"}, "accompanied_by": short}
    del data["asks"]
    small = bytes_of({**example, "data": data})
    whole("ed-attendance-discharged-1").validate_json(small)
    assert len(small) < 1700
