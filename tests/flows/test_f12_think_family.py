"""F12 (2.19, 2.18, 3.21, R3.9): an adult in crisis is asked about children, and three kinds of 'none' are told apart.

Before: "in all cases sampled, we saw missed opportunities by ED practitioners to collect information such as details of
other children and young people within the household"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import adult_ed_attendance, household
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag, unborn
from tests.story_teams import HAGLEY, SOUTH

OVERDOSE: dict[str, Any] = {
    "reason_group": "self-harm",
    "caring_responsibilities": "Sole carer of both.",
    "children_looked_after_by": "Their gran, until tomorrow.",
    "risk_taking": "Took an overdose with the little one at home.",
    "clinical_detail": "Paracetamol, treated at 00:40.",
    "pregnant": "no",
}
QUIET: dict[str, Any] = {"risk_taking": {"absent": "none"}, "concern": {"absent": "none"}, "pregnant": "no"}


def home(**more: Any) -> tuple[Person, Person, Person, Family]:
    mother, pip, jude = adult("Dana"), child("Pip", age=3, **more), child("Zebedee", age=12)
    return mother, pip, jude, family(mother=mother, children=[pip, jude])


async def test_each_named_childs_own_people_are_told_of_the_adult_and_of_that_child_alone() -> None:
    mother, pip, jude, folk = home()
    town = Town(folk)
    attended = adult_ed_attendance(mother, pip, jude, **OVERDOSE)

    await town.publish(attended)

    assert town.told(attended, about=pip) == {"hv-north", "gp-castle", "pln", "mash"}
    assert town.told(attended, about=jude) == {"sn-north", "gp-castle", "pln", "mash"}
    letter = town.letter("hv-north")
    what = letter["what_happened"]
    assert [c["name"] for c in what["household"]["children"]] == [pip.doc["name"]]
    assert what["household"]["answer"] == "listed"
    assert what["caring_responsibilities"] == "Sole carer of both."
    assert what["children_looked_after_by"] == "Their gran, until tomorrow."
    assert what["reason_group"] == "self-harm"
    assert letter["context"]["adult"] == [{"name": mother.doc["name"], "relationship": "mother"}]
    assert b"Zebedee" not in letter.raw
    assert letter.withheld["Other children listed"] == "other children are told to those who work with them (rule D)"


async def test_no_byte_of_one_child_is_in_what_is_written_of_the_other_whoever_reads_it() -> None:
    mother, pip, jude, folk = home()
    town = Town(folk)
    told_of = household(pip, jude)
    told_of["children"][0]["care_arrangement"] = "CANARY-PIP sleeps at his gran's"
    told_of["children"][1]["care_arrangement"] = "CANARY-JUDE has a room of his own"
    await town.publish(adult_ed_attendance(mother, household=told_of, concern={"absent": "none"}, **OVERDOSE))
    pips, judes = (pip, b"CANARY-PIP"), (jude, b"CANARY-JUDE")
    for (about, own), (other, secret) in ((pips, judes), (judes, pips)):
        letters = [x for x in town.inboxes.of("summary") if x.child == about.id]
        assert {x.team for x in letters} >= {"gp-castle", "pln", "mash"}
        for letter in letters:
            assert own in letter.raw
            assert secret not in letter.raw
            assert other.nhs.encode() not in letter.raw
            assert other.doc["name"]["given"].encode() not in letter.raw
            assert other.doc["born"].encode() not in letter.raw


async def test_a_named_child_who_lives_elsewhere_is_told_of_where_that_child_lives() -> None:
    mother, pip, _jude, folk = home()
    away = child("Away", age=2)
    town = Town(folk, family(mother=adult("Nan"), children=[away], practice=HAGLEY, area=SOUTH))
    attended = adult_ed_attendance(mother, pip, away, **OVERDOSE)
    await town.publish(attended)
    assert town.told(attended, about=away) == {"hv-south", "gp-hagley", "pln", "mash"}
    assert b"Away" not in town.letter("hv-north").raw


async def test_a_child_whom_the_adult_did_not_name_is_told_of_and_no_word_says_so_to_the_others() -> None:
    mother, pip, jude, folk = home()
    town = Town(folk)
    attended = adult_ed_attendance(mother, pip, **OVERDOSE)
    await town.publish(attended)
    assert town.told(attended, about=jude) == {"sn-north", "gp-castle", "pln", "mash"}, "the directory knows of him"
    assert town.letter("sn-north")["what_happened"]["household"]["children"] == []
    assert pip.nhs.encode() not in town.letter("sn-north").raw


async def test_nobody_reads_the_adults_clinical_detail() -> None:
    mother, pip, jude, folk = home()
    town = Town(folk)
    await town.publish(adult_ed_attendance(mother, pip, jude, **OVERDOSE))
    for letter in town.inboxes.of("summary"):
        assert b"Paracetamol" not in letter.raw
        assert "Clinical detail of the adult" in letter.withheld
    assert "risk_taking" not in town.inbox("gp-castle")[0]["risk_and_impact"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [("asked-none", "asked none"), ("asked-refused", "asked refused"), ("not-asked", "not asked")],
)
async def test_the_three_kinds_of_none_reach_the_reader_as_three_different_answers(answer: str, words: str) -> None:
    mother, _pip, jude, folk = home()
    town = Town(folk)
    unknown = {"caring_responsibilities": {"absent": "not-recorded"}}
    await town.publish(adult_ed_attendance(mother, answer=answer, **(OVERDOSE | unknown)))
    letter = town.letter("hv-north")
    assert letter["what_happened"]["household"] == {"answer": answer, "children": []}
    page = reads_in_order(letter)
    assert f"Children at home: answer: {words}" in page["WHAT HAPPENED"]
    assert "Caring responsibilities: Not recorded by the sender" in page["WHAT HAPPENED"]
    assert town.told(about=jude) == {"sn-north", "gp-castle", "pln", "mash"}, "the directory knows them all the same"


@pytest.mark.parametrize(("answer", "fed_back"), [("not-asked", True), ("asked-refused", False), ("asked-none", False)])
async def test_only_not_asking_is_fed_back(answer: str, fed_back: bool) -> None:
    mother, _pip, _jude, folk = home()
    town = Town(folk)
    await town.publish(adult_ed_attendance(mother, answer=answer, **OVERDOSE))
    problems = [p["path"] for q in town.status("ed", "quality") for p in q["problems"]]
    assert problems == (["data.household"] if fed_back else [])
    if fed_back:
        (entry,) = town.status("ed", "quality")
        assert "F12 (2.19)" in entry["problems"][0]["mend"]
        assert [q["field"] for q in town.inbox("pln")[0]["context"]["quality"]] == ["household"]


@pytest.mark.parametrize(
    ("why", "flags", "age", "told"),
    [
        ("self-harm", [], 9, True),
        ("domestic-abuse", [], 9, True),
        ("mental-ill-health", [], 9, False),
        ("mental-ill-health", ["child-protection-plan"], 9, True),
        ("substance-misuse", [], 9, False),
        ("substance-misuse", [], 0, True),
        ("substance-misuse", ["child-protection-plan"], 9, True),
        ("other", ["child-protection-plan"], 9, False),
    ],
)
async def test_mash_is_told_by_rule(why: str, flags: list[str], age: int, told: bool) -> None:
    mother, one = adult("Dana"), child("Pip", age=age, flags=[flag(f) for f in flags])
    town = Town(family(mother=mother, children=[one]))
    await town.publish(adult_ed_attendance(mother, one, reason_group=why, **QUIET))
    assert ("mash" in town.told()) is told
    if told:
        assert {w["paragraph"] for w in town.letter("mash")["why_you"]} == {"local decision"}


async def test_a_pregnant_adult_is_the_midwifes_as_well() -> None:
    mother, bump = adult("Dana"), unborn(weeks=20)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(adult_ed_attendance(mother, answer="asked-none", **(OVERDOSE | {"pregnant": "yes"})))
    assert town.told(about=bump) == {"midwives", "gp-castle", "pln", "mash"}


async def test_a_listed_child_whose_number_is_not_sure_is_a_persons_to_find_and_the_other_is_told() -> None:
    mother, pip, jude, folk = home()
    town = Town(folk)
    told_of = household(pip, jude)
    del told_of["children"][0]["nhs_number"]
    told_of["children"][0]["nhs_number_status"] = "07"
    await town.publish(adult_ed_attendance(mother, household=told_of, **OVERDOSE))
    (task,) = town.tasks("match")
    assert (task.task.slot, task.task.owner) == ("household.0", "desk")
    assert town.told(about=jude) >= {"sn-north"}


@pytest.mark.parametrize(
    "unsure",
    [
        {"nhs_number_status": "02"},
        {"nhs_number": "9999999999"},
        {"birth_date": "2019-01-01"},
        {"birth_date": {"absent": "asked-refused"}},
    ],
)
async def test_a_child_known_to_no_file_by_a_number_that_is_not_sure_is_told_to_nobody_until_a_person_decides(
    unsure: dict[str, Any],
) -> None:
    lone, pip = adult("Lone"), child("Pip", age=3)
    town = Town(family(mother=lone), family(mother=adult("Nan"), children=[pip]))
    told_of = {"answer": "listed", "children": [pip.listed(**unsure)]}
    await town.publish(adult_ed_attendance(lone, household=told_of, **OVERDOSE))
    assert town.told() == set(), "a record is joined on a verified number and the birth date, never on less"
    (task,) = town.tasks("match")

    await town.decide_again(task.task.id, person=pip.id)

    assert town.told(about=pip) == {"hv-north", "gp-castle", "pln", "mash"}
    assert town.tasks("match") == []
    await town.advance(working_days=2)
    assert "hv-lead" in {e.team for e in town.escalations(flow="F12")}, "and their clocks run"


async def test_a_match_that_nobody_makes_climbs_from_the_desk_to_the_named_nurse() -> None:
    lone = adult("Lone")
    town = Town(family(mother=lone))
    unsure = child("Pip", age=3).listed(nhs_number=None, nhs_number_status="07")
    await town.publish(adult_ed_attendance(lone, household={"answer": "listed", "children": [unsure]}, **OVERDOSE))
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations()] == ["desk", "nn-hospital"]
    assert [t.task.kind for t in town.tasks()] == ["match"]


async def test_the_school_nurse_acknowledges_and_an_unanswering_health_visitor_is_climbed_past() -> None:
    mother, pip, jude, folk = home()
    town = Town(folk)
    await town.publish(adult_ed_attendance(mother, pip, jude, **OVERDOSE))
    await town.receipt(town.letter("sn-north"), "acknowledged")
    for letter in town.inbox("mash"):
        await town.receipt(letter, "acknowledged")
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F12")] == ["hv-lead"]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F12")] == ["hv-lead", "nn-community"]
    assert {t.task.child for t in town.tasks("unanswered") if t.task.owner == "nn-community"} == {pip.id}


async def test_mash_that_does_not_look_within_a_working_day_is_climbed_past() -> None:
    mother, one = adult("Dana"), child("Pip", age=3)
    town = Town(family(mother=mother, children=[one]))
    await town.publish(adult_ed_attendance(mother, one, **OVERDOSE))
    await town.advance(working_days=1)
    assert {(e.team, e["unanswered_by"]) for e in town.escalations(flow="F12")} == {("nn-community", "MASH")}
