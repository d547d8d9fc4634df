"""Errors: every one at once, each with its code and place, and never a value of the message."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import ValidationError

import contracts
from contracts.checks import IN_LISTS, cross_checks
from contracts.error_catalogue import CATALOGUE
from contracts.errors import _CODES, problems_of, unknown_type
from contracts.parts.shape import Shape, Token
from contracts.problems import Problem, problem
from contracts.register import event_types, example_of, receipt_types, whole
from tests.contracts.canaries import BAD_VALUES, CANARIES, NAME, NUMBER, changed, places, without

ED, ADULT = "ed-attendance-discharged-1", "adult-ed-attendance-1"
FLAG, BIRTH = "safeguarding-flag-changed-1", "birth-notified-1"
MOVED, RENUMBERED = "address-changed-1", "nhs-number-superseded-1"
INFO_ASKED, INFO_GIVEN = "health-info-requested-1", "health-info-provided-1"
PLACED, ASSESSED = "placement-changed-1", "health-assessment-completed-1"


def wrong_with(event: dict[str, Any], name: str) -> list[Problem]:
    found: list[Problem] = []
    try:
        whole(name).validate_json(json.dumps(event))
    except ValidationError as error:
        found += problems_of(error, prefix="")
    if name in event_types():
        found += cross_checks(event, event_types()[name])
    return found


def put(name: str, *path_and_value: Any) -> Callable[[], tuple[str, Any]]:
    *path, value = path_and_value
    return lambda: (name, changed(example_of(name), tuple(path), value))


def left_out(name: str, *path: Any) -> Callable[[], tuple[str, Any]]:
    return lambda: (name, without(example_of(name), *path))


NUMBER_AT = (ED, "data", "subjects", 0, "nhs_number")
PREGNANCY_AT = (ED, "data", "subjects", 0, "pregnancy_id")
CONSENT_AT = ("data", "consent", "to_sharing")
HOUSEHOLD_AT = ("data", "household")
HIDE = "restricted-location"
ACTED = {**example_of("receipt-1")["data"], "state": "acted", "outcome": "seen"}
BY_NUMBER = {"id": "att-9990001022", "why": "follows the attendance"}
CANCELLED = {**without(example_of(ED), "data", "record_id"), "eventaction": "cancel", "sequence": "2"}
BAD: list[tuple[str, str, Callable[[], tuple[str, Any]]]] = [
    ("missing", "data.diagnosis", left_out(ED, "data", "diagnosis")),
    ("missing", "source", left_out(ED, "source")),
    ("unknown-field", "data.<unknown field>", put(ED, "data", "zebedee", 1)),
    ("unknown-field", "data.discharge_place", put(ED, "data", "discharge_place", "home")),
    ("wrong-type", "data.diagnosis", put(ED, "data", "diagnosis", 7)),
    ("wrong-type", "data.prior_attendances.count", put(ED, "data", "prior_attendances", "count", "3")),
    ("wrong-choice", "data.self_harm", put(ED, "data", "self_harm", "perhaps")),
    ("wrong-choice", "data.diagnosis.absent", put(ED, "data", "diagnosis", {"absent": "dunno"})),
    ("wrong-form", "data.place.site", put(ED, "data", "place", "site", "rna 01")),
    ("too-long", "data.presenting_complaint", put(ED, "data", "presenting_complaint", "x" * 201)),
    ("too-short", "data.presenting_complaint", put(ED, "data", "presenting_complaint", "  ")),
    ("too-short", "data.subjects", put(ED, "data", "subjects", [])),
    ("out-of-range", "data.prior_attendances.count", put(ED, "data", "prior_attendances", "count", -1)),
    ("date-form", "data.subjects[0].birth_date", put(ED, "data", "subjects", 0, "birth_date", "14/03/2009")),
    ("date-form", "data.subjects[0].birth_date", put(ED, "data", "subjects", 0, "birth_date", 86400)),
    ("time-form", "data.arrived_at", put(ED, "data", "arrived_at", "14 March at ten")),
    ("time-form", "data.arrived_at", put(ED, "data", "arrived_at", NUMBER)),
    ("time-form", "data.arrived_at", put(ED, "data", "arrived_at", "2026-02-30T10:00:00Z")),
    ("time-without-offset", "data.arrived_at", put(ED, "data", "arrived_at", "2026-03-14T10:00:00")),
    ("time-without-offset", "time", put(ED, "time", "2026-03-14T10:00:00")),
    ("uuid-form", "id", put(ED, "id", "att-1")),
    ("nhs-number-form", "data.subjects[0].nhs_number", put(*NUMBER_AT, "999 000 1235")),
    ("nhs-number-digits", "data.subjects[0].nhs_number", put(*NUMBER_AT, "９９９０００１２３５")),
    ("nhs-number-check-digit", "data.subjects[0].nhs_number", put(*NUMBER_AT, "9990001234")),
    ("nhs-number-missing", "data.subjects[0].nhs_number_status", put(*NUMBER_AT, None)),
    ("nhs-number-in-attribute", "subject", put(ED, "subject", "9990001022")),
    ("nhs-number-in-attribute", "dataref", put(ED, "dataref", "https://pds.example/Patient/9990001022")),
    ("nhs-number-as-identifier", "data.record_id", put(ED, "data", "record_id", "9990001022")),
    ("nhs-number-as-identifier", "data.attendance_id", put(ED, "data", "attendance_id", "att-9990001022")),
    ("nhs-number-as-identifier", "data.record_id", put(ADULT, "data", "record_id", "child/9990001022")),
    ("nhs-number-as-identifier", "data.record_id", put(BIRTH, "data", "record_id", "9990001421")),
    ("nhs-number-as-identifier", "data.mash_ref", put("mash-request-1", "data", "mash_ref", "mum-9990001308")),
    ("nhs-number-as-identifier", "data.record_id", put(ED, "data", "record_id", "999-000-1022")),
    ("nhs-number-as-identifier", "data.linked[0].id", put(ED, "data", "linked", [BY_NUMBER])),
    (
        "nhs-number-as-identifier",
        "data.subjects[0].pregnancy_id",
        put(*PREGNANCY_AT, "p.9990001022"),
    ),
    ("nhs-number-as-identifier", "data.record_ref", put("receipt-1", "data", "record_ref", "emis/999-000-1022")),
    ("nhs-number-as-identifier", "data.action", put("receipt-1", "data", {**ACTED, "action": "9990001022"})),
    ("nhs-number-as-identifier", "data.redirect.team", put("receipt-1", "data", "redirect", {"team": "9990001022"})),
    ("nhs-number-in-attribute", "partitionkey", put(ED, "partitionkey", "999-000-1022")),
    ("nhs-number-in-attribute", "correlationid", put(ED, "correlationid", "NHS999.000.1022")),
    ("contact-missing", "data.publisher_contact.email", left_out(ED, "data", "publisher_contact", "phone")),
    ("voice-of-child", "data.voice_of_child.missing", put(ED, "data", "voice_of_child", {})),
    ("voice-of-child", "data.voice_of_child.missing", put(ED, "data", "voice_of_child", "missing", "declined")),
    ("consent-reason", "data.consent.to_sharing.reason", put(ED, *CONSENT_AT, {"answer": "not-sought"})),
    ("sensitivity-unknown-field", "data.sensitivity", put(ED, "data", "sensitivity", {"diagnoses": HIDE})),
    ("wrong-role", "data.subjects", put(ED, "data", "subjects", 0, "role", "adult")),
    ("wrong-role", "data.subjects", put("maternity-handover-1", "data", "subjects", 1, "role", "sibling")),
    ("sequence-missing", "sequence", put(ED, "eventaction", "update")),
    ("record-id-missing", "data.record_id", lambda: (ED, CANCELLED)),
    ("household-answer", "data.household.children", put(ADULT, *HOUSEHOLD_AT, "answer", "asked-none")),
    ("household-answer", "data.household.children", put(ADULT, *HOUSEHOLD_AT, {"answer": "listed"})),
    ("baby-without-subject", "data.babies", lambda: (BIRTH, without(example_of(BIRTH), "data", "subjects", 2))),
    ("superseded-by-itself", "data.new", put(RENUMBERED, "data", "old", example_of(RENUMBERED)["data"]["new"])),
    ("restricted-address", "data.restricted", put(MOVED, "data", "restricted", True)),
    ("school-for-no-pupil", "data.education", put("school-changed-1", "data", "school", "999101")),
    ("flag-end-date", "data.ended_on", put(FLAG, "data", "change", "ended")),
    ("flag-end-date", "data.ended_on", put(FLAG, "data", "ended_on", "2026-04-01")),
    ("flag-end-reason", "data.reason", put(FLAG, "data", "change", "ended")),
    ("restricted-placement", "data.restricted", put(PLACED, "data", "restricted", True)),
    ("placement-before-care", "data.changed_on", put(PLACED, "data", "changed_on", "2026-03-01")),
    ("left-care-for", "data.left_to", put(PLACED, "data", "left_to", "adopted")),
    ("action-twice", "data.actions", put(ASSESSED, "data", "actions", 1, "id", "action-4471-1")),
    (
        "copy-names-somebody",
        "data.young_persons_copy",
        put(ASSESSED, "data", "young_persons_copy", "what_we_talked_about", "How tamsin is."),
    ),
    ("answer-too-late", "data.answer_before", put(INFO_ASKED, "data", "answer_before", "2026-03-31")),
    ("answer-and-content", "data.parental_history", put(INFO_GIVEN, "data", "answer", "nothing-held")),
    ("mash-answer", "data.answer", put("mash-response-1", "data", "answer", "nothing-held")),
    ("receipt-by-person", "data.by", put("receipt-1", "data", "by", "kind", "system")),
    ("receipt-record-ref", "data.record_ref", left_out("receipt-1", "data", "record_ref")),
    ("receipt-outcome", "data.outcome", put("receipt-1", "data", "state", "acted")),
    ("receipt-action", "data.action", put("receipt-1", "data", "action", "a-1")),
]
AT_THE_DOOR = {
    "oversize",
    "not-json",
    "not-an-object",
    "duplicate-keys",
    "unknown-type",
    "unknown-version",
    "unknown-publisher",
    "wrong-publisher-for-topic",
    "wrong-publisher-for-type",
}
"""Told of a record before its contract is asked: tests of the router."""
FROM_THE_LEDGER = {
    "id-conflict",
    "superseded-by-newer",
    "record-id-reused",
    "record-id-of-others",
    "sequence-reused",
    "unknown-delivery",
    "key-looks-like-nhs-number",
    "not-recorded",
    "not-processed",
}
"""Told after an event was read."""
NEVER_SEEN = {"invalid"}
"""What is left for an error of pydantic's that no contract of ours can raise."""


@pytest.mark.parametrize(("code", "path", "bad"), BAD, ids=[f"{code}-{at}" for at, (code, _, _) in enumerate(BAD)])
def test_a_bad_message_is_told_its_code_and_place(code: str, path: str, bad: Callable[[], tuple[str, Any]]) -> None:
    name, event = bad()
    found = wrong_with(event, name)
    assert (code, path) in [(one.code, one.path) for one in found]
    if code not in ("flag-end-date", "flag-end-reason"):
        assert len(found) == 1, found


def test_every_code_of_the_catalogue_can_be_reached() -> None:
    assert {code for code, _, _ in BAD} | AT_THE_DOOR | FROM_THE_LEDGER | NEVER_SEEN == CATALOGUE.keys()


def test_every_error_that_a_contract_raises_by_itself_is_in_the_catalogue() -> None:
    """One that is not would be told as 'invalid', without what to mend."""
    raised = set[str]()
    for path in Path(contracts.__file__).parent.rglob("*.py"):
        raised |= set(re.findall(r"PydanticCustomError\(\s*\"([a-z_]+)\"", path.read_text()))
    assert len(raised) > 10
    assert {kind.replace("_", "-") for kind in raised} <= CATALOGUE.keys() | _CODES.keys()


def test_every_identifier_within_a_list_is_looked_at() -> None:
    """Teams are named as the directory names them, and by nobody's number."""
    found = set[tuple[str, str]]()
    for model in event_types().values():
        for name, field in model.model_fields.items():
            for inside in get_args(field.annotation):
                if isinstance(inside, type) and issubclass(inside, Shape):
                    kinds = get_type_hints(inside, include_extras=True)
                    found |= {(name, n) for n, kind in kinds.items() if kind in (Token, Token | None)}
    assert found - {("also_asked", "team")} == set(IN_LISTS.items())


def test_whoever_leaves_an_id_out_is_not_told_to_send_an_absence_in_its_place() -> None:
    (found,) = wrong_with(left_out(ED, "id")()[1], ED)
    assert found.code == "missing"
    assert found.mend == 'Send it. Where the contract takes an absence there: {"absent": "<reason>"}.'


def test_everything_wrong_is_told_at_once() -> None:
    event = example_of(FLAG)
    event["time"] = "2026-03-14T10:00:00"
    event["eventaction"] = "update"
    event["data"]["subjects"][0]["nhs_number"] = "9990001234"
    event["data"]["change"] = "ended"
    event["data"]["kind"] = "worry"
    event["data"]["consent"]["to_sharing"] = {"answer": "not-sought"}
    assert {(one.code, one.path) for one in wrong_with(event, FLAG)} == {
        ("time-without-offset", "time"),
        ("sequence-missing", "sequence"),
        ("wrong-choice", "data.kind"),
        ("nhs-number-check-digit", "data.subjects[0].nhs_number"),
        ("flag-end-date", "data.ended_on"),
        ("flag-end-reason", "data.reason"),
        ("consent-reason", "data.consent.to_sharing.reason"),
    }


def test_a_field_that_may_be_absent_is_told_how_to_say_so() -> None:
    (one,) = wrong_with(changed(example_of(ED), ("data", "diagnosis"), 7), ED)
    assert one.path == "data.diagnosis"
    assert '{"absent": …}' in one.message
    assert "not-asked" in one.message


def test_the_nearest_name_is_offered_for_a_misspelt_one() -> None:
    (one,) = wrong_with(changed(example_of(ED), ("data", "dischargedAt"), "x"), ED)
    assert one.path == "data.dischargedAt"
    assert "discharged_at" in one.message


def test_an_unknown_version_says_which_are_known() -> None:
    assert unknown_type("ed-attendance-discharged-7", event_types()).code == "unknown-version"
    assert ED in unknown_type("ed-attendance-discharged-7", event_types()).message
    assert unknown_type("zebedee-arrived-1", event_types()).code == "unknown-type"
    assert unknown_type(7, event_types()).code == "unknown-type"


def test_every_error_is_told_in_plain_english() -> None:
    for code in CATALOGUE:
        one = problem(code, "data")
        assert one.message.endswith(".")
        assert one.mend.endswith(".")
        assert code == code.lower()


@pytest.mark.parametrize("name", [*event_types(), *receipt_types()])
def test_no_error_repeats_a_value_or_a_name_from_the_message(name: str) -> None:
    example = example_of(name)
    worse = [changed(example, path, value) for path in places(example) if path != ("type",) for value in BAD_VALUES] + [
        changed(example, (*path, key), NAME)
        for path in [(), *places(example)]
        if isinstance(_at(example, path), dict)
        for key in (NAME, "zebedee", NUMBER, "Zebedee_Q")
    ]
    texts = {f"{one.path} {one.message} {one.mend}" for event in worse for one in wrong_with(event, name)}
    assert texts
    for text in texts:
        assert not any(canary in text for canary in CANARIES), text
        assert "=value" not in text
        assert "function-" not in text
        assert "pydantic" not in text


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        document = document[part]
    return document
