"""Whom a record may be joined to: a verified number and a birth date, and nothing less."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from contracts.parts.event import EventData
from contracts.parts.people import Role
from contracts.register import event_types
from router.identity import DOUBTS, Named, people_named
from tests.story_events import (
    Said,
    address_changed,
    adult_ed_attendance,
    birth_notified,
    ed_discharged,
    maternity_handover,
    number_superseded,
    pregnancy_notified,
)
from tests.story_people import Person, adult, child, family, unborn

TOM = child("Tom", age=3)


def named(said: Said) -> tuple[Named, ...]:
    model: type[EventData] = event_types()[said.event["type"]]
    return people_named(TypeAdapter(model).validate_python(said.data))


def only(**said: Any) -> Named:
    (one,) = named(ed_discharged(TOM, subjects=[TOM.subject(**said)]))
    return one


def test_a_verified_number_with_a_birth_date_may_be_joined() -> None:
    one = only()
    assert (one.slot, one.role, one.nhs, one.born, one.doubt) == (
        "subjects.0",
        Role.CHILD,
        TOM.nhs,
        TOM.doc["born"],
        None,
    )


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ({"nhs_number": None, "nhs_number_status": "07"}, "no-number"),
        ({"nhs_number": "9999999999"}, "placeholder-number"),
        ({"nhs_number": "0000000000"}, "placeholder-number"),
        ({"nhs_number_status": "02"}, "number-not-verified"),
        ({"nhs_number_status": "04"}, "number-not-verified"),
        ({"birth_date": {"absent": "asked-not-known"}}, "no-birth-date"),
    ],
)
def test_anything_less_is_a_doubt_with_words_and_no_number_to_join_on(said: dict[str, Any], doubt: str) -> None:
    one = only(**said)
    assert (one.doubt, one.nhs) == (doubt, None)
    assert DOUBTS[doubt]


def test_an_adults_listed_children_are_named_each_by_its_place() -> None:
    mum, ann, new = adult("Ada"), child("Ann", age=7), child("New", age=1)
    event = adult_ed_attendance(mum, ann, new)
    event.event["data"]["household"]["children"][1] |= {"nhs_number_status": "02"}
    found = {n.slot: (n.role, n.nhs, n.doubt) for n in named(event)}
    assert found["subjects.0"] == (Role.ADULT, mum.nhs, None)
    assert found["household.0"] == (Role.CHILD, ann.nhs, None)
    assert found["household.1"] == (Role.CHILD, None, "number-not-verified")


def mother_and_unborn() -> tuple[Person, Person]:
    mum, baby = adult("Ada"), unborn(24, "preg-7")
    family(mother=mum, children=[baby])
    return mum, baby


def test_an_unborn_child_is_known_by_the_pregnancy_and_is_no_doubt() -> None:
    mum, baby = mother_and_unborn()
    found = {n.role: n for n in named(maternity_handover(mum, baby))}
    assert (found[Role.UNBORN].pregnancy, found[Role.UNBORN].nhs, found[Role.UNBORN].doubt) == ("preg-7", None, None)
    assert found[Role.UNBORN].expected == baby.doc["expected"]


def test_a_pregnancy_names_its_child_though_nobody_listed_it() -> None:
    mum, _ = mother_and_unborn()
    found = [n for n in named(pregnancy_notified(mum)) if n.role is Role.UNBORN]
    assert [(n.pregnancy, n.doubt) for n in found] == [("preg-7", None)]


def test_the_babies_of_a_birth_are_numbered_the_same_whoever_writes() -> None:
    mum, _ = mother_and_unborn()
    one, two = child("One", days=1), child("Two", days=1)
    said = birth_notified(mum, one, two)
    babies = {n.nhs: n.baby for n in named(said) if n.baby is not None}
    assert babies == {one.nhs: 0, two.nhs: 1}
    said.event["data"]["subjects"].reverse()
    assert {n.nhs: n.baby for n in named(said) if n.baby is not None} == babies


def test_those_who_live_with_somebody_are_named_by_number_and_birth_date() -> None:
    mum, ann = adult("Ada"), child("Ann", age=7)
    found = {n.slot: (n.nhs, n.born) for n in named(address_changed(ann, "E05001260", mum))}
    assert found["living.0"] == (mum.nhs, mum.doc["born"])


@pytest.mark.parametrize(
    ("reason", "joined"),
    [
        ("duplicate-merged", True),
        ("corrected", True),
        ("adopted", False),
        ("gender-reassigned", False),
        ({"absent": "withheld"}, False),
    ],
)
def test_an_adoption_or_a_new_identity_is_joined_by_no_machine(reason: Any, joined: bool) -> None:
    found = {n.slot: n for n in named(number_superseded(TOM, "9990001022", reason=reason))}
    assert (found["old"].nhs == TOM.nhs, found["old"].doubt is None) == (joined, joined)
    assert found["subjects.0"].nhs == "9990001022"
