"""Bytes become an event or a refusal; never an exception, and never a value said back."""

from copy import deepcopy
from hashlib import blake2b
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.parts.envelope import MAX_BYTES
from router.accept import Refused, accept, looks_like_number
from router.directory import Cover
from router.events import Event, Received
from tests.story_events import ed_discharged
from tests.story_people import Json, child
from tests.story_teams import directory

COVER = Cover.read(1, directory())
TOM = child("Kanarienvogel", age=3)
CANARY = "Kanarienvogel"


def event(**attributes: Any) -> Json:
    whole = {"source": COVER.publishers["ed"].source, "time": "2026-03-16T09:00:00+00:00", **ed_discharged(TOM).event}
    return deepcopy({k: v for k, v in (whole | attributes).items() if v is not None})  # the child's own stays whole


def received(raw: bytes | None, publisher: str = "ed") -> Received:
    return Received(publisher, raw, None, f"events.{publisher}", 0, 0)


def taken(whole: Any, publisher: str = "ed") -> Event | Refused:
    return accept(received(orjson.dumps(whole), publisher), COVER)


def codes(whole: Any, publisher: str = "ed") -> list[tuple[str, str]]:
    outcome = taken(whole, publisher)
    assert isinstance(outcome, Refused), "this was accepted"
    return [(p.code, p.path) for p in outcome.problems]


def test_a_good_event_is_taken_whole() -> None:
    said = event(eventaction="update", sequence="007", correlationid="case-1")
    outcome = taken(said)
    assert isinstance(outcome, Event)
    assert (outcome.id, outcome.source, outcome.type) == (said["id"], said["source"], "ed-attendance-discharged-1")
    assert (outcome.action, outcome.sequence, outcome.correlation) == ("update", "007", "case-1")
    assert outcome.body == said["data"]
    assert outcome.publisher == "ed"
    assert not outcome.test


def test_the_digest_is_of_what_the_record_says_and_not_of_how_it_is_written_out() -> None:
    said = event()
    anew = orjson.dumps({name: said[name] for name in reversed(said)}, option=orjson.OPT_INDENT_2)
    told = orjson.dumps(said | {"data": said["data"] | {"diagnosis": "A graze."}})
    one, same, other = (accept(received(r), COVER) for r in (orjson.dumps(said), anew, told))
    assert isinstance(one, Event)
    assert isinstance(same, Event)
    assert isinstance(other, Event)
    assert one.digest == same.digest != other.digest


def test_what_was_kept_before_version_0_2_is_known_again_by_its_bytes() -> None:
    raw = orjson.dumps(event())
    one, other = accept(received(raw), COVER), accept(received(raw + b" "), COVER)
    assert isinstance(one, Event)
    assert isinstance(other, Event)
    kept = blake2b(raw, digest_size=16).digest()
    assert one.is_what_was_kept(kept)
    assert not other.is_what_was_kept(kept)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (None, "not-json"),
        (b"", "not-json"),
        (b"\xff\xfe", "not-json"),
        (b'{"a":', "not-json"),
        (b"NaN", "not-json"),
        (b"[]", "not-an-object"),
        (b'"text"', "not-an-object"),
        (b'{"id":"a","id":"b"}', "duplicate-keys"),
        (b"[" * 60_000, "not-json"),
        (b" " * (MAX_BYTES + 1), "oversize"),
    ],
)
def test_what_is_no_event_at_all_is_refused_by_its_own_code(raw: bytes | None, code: str) -> None:
    outcome = accept(received(raw), COVER)
    assert isinstance(outcome, Refused)
    assert [p.code for p in outcome.problems] == [code]


def test_the_largest_record_is_taken_and_one_byte_more_is_not() -> None:
    raw = orjson.dumps(event())
    assert isinstance(accept(received(raw + b" " * (MAX_BYTES - len(raw))), COVER), Event)
    assert isinstance(accept(received(raw + b" " * (MAX_BYTES - len(raw) + 1)), COVER), Refused)


def test_all_that_is_wrong_is_said_at_once_from_envelope_data_and_directory() -> None:
    said = event(source="https://somebody.else", time="2026-03-16T09:00:00", eventaction="update", sequence="one")
    said["data"] |= {"diagnosis": 7, "discharge_destination": "", "unknown": 1}
    del said["data"]["attendance_id"]
    found = codes(said, "midwives")
    assert ("wrong-publisher-for-topic", "source") in found
    assert ("wrong-publisher-for-type", "type") in found
    assert ("time-without-offset", "time") in found
    assert ("wrong-form", "sequence") in found
    assert ("wrong-type", "data.diagnosis") in found
    assert ("too-short", "data.discharge_destination") in found
    assert ("missing", "data.attendance_id") in found
    assert any(code == "unknown-field" for code, _ in found)


def test_an_unknown_type_is_told_with_what_is_wrong_in_its_envelope() -> None:
    found = codes(event(type="ed-attendance-discharged-9", id="not a uuid"))
    assert ("unknown-version", "type") in found
    assert ("uuid-form", "id") in found
    assert codes(event(type="something-else-1")) == [("unknown-type", "type")]
    assert ("unknown-type", "type") in codes(event(type=7))


def test_a_type_that_is_missing_is_told_as_missing() -> None:
    said = event(id="not a uuid")
    del said["type"]
    found = codes(said)
    assert ("missing", "type") in found
    assert ("uuid-form", "id") in found
    assert "unknown-type" not in [code for code, _ in found]


def test_a_publisher_that_the_directory_does_not_know_is_told_so_alone() -> None:
    assert codes(event(), "nobody") == [("unknown-publisher", "topic")]


@pytest.mark.parametrize(
    ("action", "sequence", "record", "wrong"),
    [
        ("update", None, "att-1", ["sequence-missing"]),
        ("cancel", "1", None, ["record-id-missing"]),
        ("cancel", None, None, ["sequence-missing", "record-id-missing"]),
        ("new", None, None, []),
    ],
)
def test_a_version_needs_its_record_and_its_sequence(
    action: str, sequence: str | None, record: str | None, wrong: list[str]
) -> None:
    said = event(eventaction=action, sequence=sequence)
    said["data"]["record_id"] = record
    if record is None:
        del said["data"]["record_id"]
    outcome = taken(said)
    assert sorted(p.code for p in (outcome.problems if isinstance(outcome, Refused) else ())) == sorted(wrong)


def test_somebody_the_event_is_about_must_be_named() -> None:
    said = event()
    said["data"]["subjects"] = [TOM.subject("sibling")]
    assert codes(said) == [("wrong-role", "data.subjects")]


def test_a_refusal_keeps_what_finds_its_correction_and_no_number() -> None:
    said = event()
    del said["data"]["diagnosis"]
    said["data"]["record_id"] = "att/77"
    outcome = taken(said)
    assert isinstance(outcome, Refused)
    assert (outcome.event_id, outcome.event_type, outcome.record_id) == (
        said["id"],
        "ed-attendance-discharged-1",
        "att/77",
    )
    said["data"]["record_id"], said["id"] = f"att-{TOM.nhs}", "an id with spaces"
    outcome = taken(said)
    assert isinstance(outcome, Refused)
    assert (outcome.event_id, outcome.record_id) == (None, None)


def test_no_problem_repeats_a_value() -> None:
    said = event(source=f"https://{CANARY}", subject=CANARY * 30, sequence=CANARY, eventaction=CANARY, time=CANARY)
    data = said["data"]
    for name in list(data):
        data[name] = {CANARY: CANARY} if isinstance(data[name], str) else CANARY
    data[CANARY] = TOM.nhs
    outcome = taken(said)
    assert isinstance(outcome, Refused)
    text = " ".join(f"{p.code} {p.path} {p.message} {p.mend}" for p in outcome.problems)
    assert CANARY not in text
    assert TOM.nhs not in text


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    assert isinstance(accept(received(raw), COVER), Refused)


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1e400, "", " ", "\ud800", CANARY, [], {}, [[]], {"absent": "none"}, {"absent": 1}, True]
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_change_to_a_good_event_makes_it_raise_or_say_a_value_back(data: st.DataObject) -> None:
    said = event()
    for _ in range(data.draw(st.integers(1, 3))):
        part: Any = said
        while isinstance(part, dict | list) and part:
            key = data.draw(st.sampled_from(sorted(part) if isinstance(part, dict) else range(len(part))))
            if not isinstance(part[key], dict | list) or not part[key] or data.draw(st.booleans()):
                part[key] = deepcopy(data.draw(JUNK))
                break
            part = part[key]
    try:
        raw = orjson.dumps(said)
    except orjson.JSONEncodeError:
        return
    outcome = accept(received(raw), COVER)
    if isinstance(outcome, Refused):
        assert outcome.problems
        assert CANARY not in repr(outcome.problems)


@pytest.mark.parametrize(
    ("key", "looks"),
    [
        (b"9990000018", True),
        (b"999 000 0018", True),
        (b"nhs-9990000018", True),
        (b"NHS9990000018", True),
        (b"999-000-0018", True),
        (b"child 9990000018", True),
        (b"999-000-0019", False),
        (b"0f9990000018", False),
        (b"9990000019", False),
        (b"p-438e0b5a", False),
        (None, False),
        (b"", False),
        (b"99900000180", False),
        (b"9" * 60, False),
    ],
)
def test_a_key_that_looks_like_an_nhs_number_is_seen(key: bytes | None, looks: bool) -> None:
    assert looks_like_number(key) is looks


END_OF_CALENDAR = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T23:59:59Z"]
ANOTHER_YEAR_IN_UTC = ["1900-01-01T00:00:00+01:00", "2199-12-31T23:59:59-01:00"]
NO_PLACE_HAS_IT = ["2026-03-16T09:00:00+16:00", "2026-03-16T09:00:00-23:59"]
"""PostgreSQL takes no offset of sixteen hours or more: the record would break its batch as it is kept."""


@pytest.mark.parametrize("at", END_OF_CALENDAR + ANOTHER_YEAR_IN_UTC + NO_PLACE_HAS_IT)
def test_a_time_at_the_end_of_the_calendar_is_refused_for_no_clock_can_count_from_it(at: str) -> None:
    said = event(time=at)
    outcome = taken(said)
    assert isinstance(outcome, Refused)
    assert [(p.code, p.path) for p in outcome.problems] == [("time-form", "time")]


@pytest.mark.parametrize("at", ["2026-03-16T09:00+14:00", "2026-03-16t09:00:00.123456z", "2026-03-16T09:00:00-1200"])
def test_any_offset_that_some_place_has_is_taken(at: str) -> None:
    assert isinstance(taken(event(time=at)), Event)


def test_a_text_with_the_character_nul_is_refused_and_no_made_up_name_is_said_back() -> None:
    said = event()
    said["data"]["diagnosis"] = "before\0after"
    assert codes(said) == [("wrong-form", "data.diagnosis")]
    said["data"][CANARY] = ["\0"]
    del said["data"]["diagnosis"]
    assert codes(said) == [("wrong-form", "data.<unknown field>[0]")]
    good = event()
    good["data"]["diagnosis"] = "a backslash before u0000: \\u0000"
    assert isinstance(taken(good), Event)
