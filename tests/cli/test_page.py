"""The one-page text: labels of the contract, and what is missing told from what is withheld."""

import copy
import re
from collections import Counter
from typing import Any

import pytest

from contracts.parts.event import EventData, field_marks
from contracts.register import event_types, example_of, outgoing_types, summary_type
from router.moments import due_words, length_words, moment_words, short_words, time_words
from router.page import page
from router.page_values import value_words

NAMES = [summary_type(name) for name in event_types()]


@pytest.mark.parametrize("name", outgoing_types())
def test_everything_we_send_has_a_page_of_printable_width(name: str) -> None:
    text = page(example_of(name))
    assert all(len(line) <= 78 for line in text.splitlines())
    assert not re.search(r"[{}]|\babsent\b", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_label_of_the_contract_is_on_the_page_shown_missing_or_withheld(name: str) -> None:
    message = example_of(name)
    text = " ".join(page(message).split())
    model = event_types()[message["data"]["event"]["type"]]
    sections = Counter(mark["section"] for mark in field_marks(model).values())
    said = {name for part in message["data"].values() if isinstance(part, dict) for name in part}
    for field, mark in field_marks(model).items():
        optional = not model.model_fields[field].is_required() and field not in EventData.model_fields
        if mark["section"] != "not_shown" and optional and field not in said:
            assert f"{mark['label']}: " not in text, "what does not apply is not called missing"
        elif mark["section"] != "not_shown" and sections[mark["section"]] > 1:
            assert mark["label"] in text, mark["label"]


def discharge(**changes: Any) -> dict[str, Any]:
    message = copy.deepcopy(example_of("ed-attendance-discharged-summary-1"))
    message["data"] |= changes
    return message


def test_an_empty_section_says_that_the_sender_recorded_nothing() -> None:
    text = page(discharge(voice_of_child={}))
    assert "VOICE OF THE CHILD\n  Not recorded by the sender." in text


def test_an_empty_section_that_is_withheld_does_not_say_nothing_was_recorded() -> None:
    why = "not needed for what you are told this for (least content)"
    text = page(discharge(voice_of_child={}, withheld=[{"what": "Voice of the child", "why": why}]))
    assert "VOICE OF THE CHILD\n  Withheld from you; see what was not shared, below." in text
    assert f"- Voice of the child: {why}" in " ".join(text.split())


def test_a_section_that_the_event_has_no_field_for_says_so() -> None:
    text = page(example_of("adult-ed-attendance-summary-1"))
    assert "VOICE OF THE CHILD\n  An event of this kind has no such part." in text


def test_absences_are_words_and_differ() -> None:
    said = {
        value_words({"absent": code}) for code in ("not-recorded", "not-asked", "asked-refused", "withheld", "none")
    }
    assert len(said) == 5
    assert "Not recorded by the sender" in said


def test_a_cancelled_event_says_so_first() -> None:
    assert "CANCELLED by the sender." in "\n".join(page(discharge(standing="cancelled")).splitlines()[:4])


def test_an_unborn_child_is_known_by_its_mother() -> None:
    text = " ".join(page(example_of("pregnancy-notified-summary-1")).split())
    assert "Unborn child, expected Monday 2 November 2026; mother VALE, Sorrel" in text


def test_an_nhs_number_stays_on_one_line_as_it_is_written_in_the_nhs() -> None:
    assert "999 000 1022" in page(discharge())


def test_times_are_londons_with_the_days_name() -> None:
    from datetime import UTC, datetime, time, timedelta

    summer = datetime(2016, 9, 21, 16, 30, tzinfo=UTC)
    assert moment_words(summer) == "Wednesday 21 September 2016, 5:30pm"
    assert short_words(datetime(2016, 12, 1, 9, tzinfo=UTC)) == "Thu 1 Dec 2016 9am"
    assert [time_words(time(h, m)) for h, m in ((0, 5), (12, 0), (12, 1), (23, 59))] == [
        "12:05am", "midday", "12:01pm", "11:59pm",
    ]  # fmt: skip
    assert length_words(timedelta(minutes=80)) == "1 hour 20 minutes"
    assert length_words(timedelta(days=2, hours=1, minutes=5)) == "2 days 1 hour"
    assert length_words(timedelta(seconds=20)) == "less than a minute"
    assert due_words(summer, summer + timedelta(minutes=80)) == "1 hour 20 minutes overdue"
    assert due_words(summer + timedelta(days=1), summer) == "in 1 day"


def test_what_may_be_left_out_is_not_called_missing_and_what_may_not_is() -> None:
    message = discharge()
    happened = message["data"]["what_happened"]
    for name in ("infant_injury", "mechanism_of_injury"):
        happened.pop(name, None)
    said = " ".join(page(message).split())
    assert "Injury to an infant" not in said
    assert "Not recorded by the sender: Mechanism of injury" in said
