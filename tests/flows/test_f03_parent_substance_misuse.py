"""F03 (1.7, 5.2.14): who works with the children hears of a parent's treatment, and never reads the parent's record.

Before: "adult substance misuse practitioners do not routinely contact health visitors to notify them when a parent is
registered with the service"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import (
    cancel_of,
    household,
    parent_discharged,
    parent_disengaged,
    parent_registered,
    update_of,
)
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag, unborn

TREATMENT: dict[str, Any] = {
    "substances": ["heroin", "alcohol"],
    "prescribing": {"medicine": "Methadone", "taken": "daily-pick-up"},
    "safe_storage": "locked-box-seen",
    "responsibility": "shared-carer",
    "clinical_detail": "Hepatitis C, treated; started at fifteen.",
}
SECRET = b"Hepatitis C"


def home(**more: Any) -> tuple[Person, Person, Person, Family]:
    father, tom, ann = adult("Al", age=35), child("Tom", age=3, **more), child("Zuleika", age=9)
    return father, tom, ann, family(father=father, children=[tom, ann])


async def test_each_childs_own_people_are_told_of_that_child_alone() -> None:
    father, tom, ann, folk = home()
    town = Town(folk)
    registered = parent_registered(father, tom, ann, **TREATMENT)

    await town.publish(registered)

    assert town.told(registered, about=tom) == {"hv-north", "gp-castle"}
    assert town.told(registered, about=ann) == {"sn-north", "gp-castle"}
    letter = town.letter("hv-north")
    what, risk = letter["what_happened"], letter["risk_and_impact"]
    assert [c["name"] for c in what["household"]["children"]] == [tom.doc["name"]]
    assert what["household"]["children"][0]["care_arrangement"] == "Lives with the adult."
    assert what["substances"] == ["heroin", "alcohol"]
    assert what["responsibility"] == "shared-carer"
    assert risk["prescribing"] == {"medicine": "Methadone", "taken": "daily-pick-up"}
    assert risk["safe_storage"] == "locked-box-seen"
    assert letter["context"]["adult"] == [{"name": father.doc["name"], "relationship": "father"}]
    assert ann.doc["name"]["given"].encode() not in letter.raw, "the sister is her school nurse's (rule D)"


@pytest.mark.parametrize("tell", [parent_registered, parent_disengaged, parent_discharged])
async def test_the_adults_clinical_record_reaches_nobody_whatever_happened(tell: Any) -> None:
    father, tom, ann, folk = home(flags=[flag()])
    town = Town(folk)
    await town.publish(tell(father, tom, ann, clinical_detail=TREATMENT["clinical_detail"]))
    letters = town.inboxes.of("summary")
    assert {x.team for x in letters} == {"hv-north", "sn-north", "gp-castle", "mash"}
    for letter in letters:
        assert SECRET not in letter.raw
        assert (
            letter.withheld["Clinical record of the adult"] == "the adult's clinical record; no rule names you (rule E)"
        )
        assert "Episode" in letter.withheld, "not even the number of the treatment"


async def test_children_whom_the_adult_did_not_list_are_found_in_the_household() -> None:
    father, _tom, _ann, folk = home()
    town = Town(folk)
    await town.publish(parent_registered(father, **TREATMENT))
    assert town.told() == {"hv-north", "sn-north", "gp-castle"}
    assert town.letter("hv-north")["what_happened"]["household"] == {"answer": "asked-none", "children": []}


async def test_a_child_of_another_household_of_the_same_parent_is_a_child_of_the_parent() -> None:
    father, tom = adult("Al", age=35), child("Tom", age=3)
    here, there = family(father=father), family(mother=adult("Ada"), children=[tom])
    tom.doc["parents"] = [[father.id, "father"]]
    both = Family([*here.people, *there.people])
    town = Town(both)
    await town.publish(parent_registered(father))
    assert town.told(about=tom) == {"hv-north", "gp-castle"}


async def test_the_midwife_is_told_of_a_pregnancy_nobody_had_told_of() -> None:
    mother = adult("Ada", age=27)
    town = Town(family(mother=mother))
    expecting = parent_registered(mother, pregnant="yes", expected_date="2026-08-01", **TREATMENT)
    await town.publish(expecting)
    assert town.told(expecting) == {"midwives", "gp-castle"}
    letter = town.letter("midwives")
    assert letter["child"]["unborn"]["mother"] == mother.doc["name"]
    assert letter["what_happened"]["expected_date"] == "2026-08-01"
    assert "pregnant" not in town.letter("gp-castle")["what_happened"]
    assert SECRET not in letter.raw


@pytest.mark.parametrize(
    ("age", "flags", "told"),
    [(0, [], True), (3, ["child-protection-plan"], True), (3, ["looked-after"], False), (3, [], False)],
)
async def test_mash_is_told_of_a_baby_or_a_child_on_a_plan_and_of_no_other(
    age: int, flags: list[str], told: bool
) -> None:
    father, tom = adult("Al"), child("Tom", age=age, flags=[flag(f) for f in flags])
    town = Town(family(father=father, children=[tom]))
    await town.publish(parent_registered(father, tom))
    assert ("mash" in town.told()) is told


async def test_an_unborn_child_on_a_plan_is_mashs_as_well() -> None:
    mother, bump = adult("Ada"), unborn(weeks=22, flags=[flag("unborn-plan")])
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(parent_disengaged(mother, pregnant="yes"))
    assert town.told(about=bump) == {"midwives", "gp-castle", "mash"}


async def test_the_health_visitor_acknowledges_and_an_unanswering_school_nurse_is_climbed_past() -> None:
    father, tom, ann, folk = home()
    town = Town(folk)
    await town.publish(parent_registered(father, tom, ann))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F03")] == ["sn-lead"]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F03")] == ["sn-lead", "nn-community"]
    (task,) = town.tasks("unanswered")
    assert task.task.child == ann.id
    await town.advance(working_days=9)
    assert [t.state for t in town.tasks("unanswered")] == ["open"]


async def test_a_parent_who_would_not_say_whether_there_are_children_is_a_task_and_not_nothing() -> None:
    lone = adult("Al")
    town = Town(family(father=lone))
    refused = parent_registered(lone, household=household(answer="asked-refused"))
    await town.publish(refused)
    assert town.told(refused) == set()
    (task,) = town.tasks("nobody-found")
    assert task.task.owner == "desk"
    assert town.verdicts(refused)[0].outcome == "nobody-found"


async def test_an_adult_with_no_children_who_was_asked_troubles_nobody() -> None:
    lone = adult("Al")
    town = Town(family(father=lone))
    await town.publish(parent_registered(lone, household=household(answer="asked-none")))
    assert town.tasks() == []
    assert town.told() == set()


async def test_not_asking_about_children_is_fed_back() -> None:
    father, _tom, _ann, folk = home()
    town = Town(folk)
    await town.publish(
        parent_registered(father, household=household(answer="not-asked"), safe_storage={"absent": "not-asked"})
    )
    (quality,) = town.status("asm", "quality")
    assert {p["path"] for p in quality["problems"]} == {"data.household", "data.safe_storage"}
    assert town.told() == {"hv-north", "sn-north", "gp-castle"}


async def test_the_page_reads_the_child_and_the_ask_before_the_treatment_and_says_what_was_not_shared() -> None:
    father, tom, ann, folk = home(flags=[flag()])
    town = Town(folk)
    await town.publish(parent_registered(father, tom, ann, **TREATMENT))
    page = reads_in_order(town.letter("hv-north"))
    assert "STORY, Tom, born" in page["WHO"]
    assert "Take this into account with what you know of the child" in page["WHAT YOU ARE ASKED TO DO"]
    assert "name: STORY, Tom" in page["WHAT HAPPENED"]
    assert "care arrangement: Lives with the adult." in page["WHAT HAPPENED"]
    assert "Degree of responsibility for the children: shared carer" in page["WHAT HAPPENED"]
    assert "Substances: heroin, alcohol" in page["WHAT HAPPENED"]
    assert "Prescribing: medicine: Methadone; taken: daily pick up" in page["RISK AND IMPACT ON THE CHILD"]
    assert "Safe storage at home: locked box seen" in page["RISK AND IMPACT ON THE CHILD"]
    assert "child protection plan, since" in page["FLAGS"]
    assert "The adult: STORY, Al (father)" in page["CONTEXT"]
    assert "Clinical record of the adult" in page["WHAT WAS NOT SHARED WITH YOU, AND WHY"]
    assert "Other children listed" in page["WHAT WAS NOT SHARED WITH YOU, AND WHY"]
    assert "Ann" not in " ".join(page.values())


@pytest.mark.parametrize("tell", [parent_registered, parent_disengaged, parent_discharged])
async def test_no_byte_that_leaves_holds_the_record_the_adults_number_or_the_number_of_the_treatment(tell: Any) -> None:
    father, tom, ann, folk = home(flags=[flag()])
    bump = unborn(weeks=20)
    town = Town(folk, family(mother=adult("Jo"), children=[bump]))
    secret = {"clinical_detail": "CANARY-CLINICAL", "episode_id": "canary-episode"}
    await town.publish(tell(father, tom, ann, **(TREATMENT | secret)))
    await town.advance(working_days=30)
    letters = [x for letters in town.inboxes.letters.values() for x in letters]
    assert {x.type.split("-")[0] for x in letters} == {"parent", "escalation", "publisher"}
    for letter in letters:
        assert not any(word in letter.raw.lower() for word in (b"canary", father.nhs.encode()))


async def test_of_two_small_children_each_letter_holds_its_own_and_the_number_of_no_other() -> None:
    father, tom, bo, ann = adult("Al"), child("Tom", age=3), child("Bo", age=1), child("Ann", age=9)
    town = Town(family(father=father, children=[tom, bo, ann]))
    await town.publish(parent_registered(father, tom, bo, ann))
    everybody = {tom.id: tom, bo.id: bo, ann.id: ann}
    for letter in town.inboxes.of("summary"):
        own = everybody[letter.child or ""]
        assert [c["nhs_number"] for c in letter["what_happened"]["household"]["children"]] == [own.nhs]
        assert not any(other.nhs.encode() in letter.raw for other in everybody.values() if other is not own)
    known = town.letter("hv-north", tom)["context"]["household"]["other_children_you_work_with"]
    assert [c["name"]["given"] for c in known] == ["Bo"], "the baby is theirs as well; the sister is not"
    assert "household" not in town.letter("gp-castle", tom)["context"]


async def test_a_cousin_in_another_home_and_its_nurse_hear_nothing() -> None:
    father, tom, ann, folk = home()
    cousin = child("Max", age=9)
    town = Town(folk, family(mother=adult("Jo"), children=[cousin]))
    await town.publish(parent_registered(father, tom, ann))
    assert town.told(about=cousin) == set()
    assert not {"mash", "social-care", "pln", "midwives", "camhs", "adult-mental-health"} & town.told()


@pytest.mark.parametrize(("years", "told"), [(4, "hv-north"), (5, "sn-north"), (17, "sn-north")])
async def test_health_visitor_to_five_and_school_nurse_from_then_on(years: int, told: str) -> None:
    father, one = adult("Al", age=40), child(age=years)
    town = Town(family(father=father, children=[one]))
    await town.publish(parent_registered(father, one))
    assert town.told() == {told, "gp-castle"}


async def test_a_child_listed_without_a_number_is_a_persons_to_find_and_the_others_are_told() -> None:
    father, tom, ann, folk = home()
    stranger = tom.listed()
    stranger |= {"nhs_number_status": "07", "name": {"family": "Else", "given": "Kim"}}
    stranger.pop("nhs_number")
    town = Town(folk)
    listed = {"answer": "listed", "children": [ann.listed(), stranger]}
    await town.publish(parent_registered(father, household=listed))
    assert town.told(about=ann) == {"sn-north", "gp-castle"}
    (task,) = town.tasks("match")
    assert (task.task.owner, task.task.slot) == ("desk", "household.1")
    assert not any(b"Kim" in x.raw for x in town.inboxes.of("summary")), "whose nobody knows is shown to nobody"


async def test_the_midwife_acknowledges_or_the_named_nurse_of_the_hospital_hears() -> None:
    mother, bump = adult("Ada", age=27), unborn(weeks=20)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(parent_disengaged(mother, pregnant="yes", expected_date=bump.doc["expected"]))
    assert town.told(about=bump) == {"midwives", "gp-castle"}, "one pregnancy, whoever tells of it"
    for state in ("collected", "validated", "matched"):
        await town.receipt(town.letter("midwives"), state, kind="system")
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F03")] == ["nn-hospital"]
    await town.receipt(town.letter("midwives"), "acknowledged")
    await town.advance(working_days=20)
    assert len(town.escalations(flow="F03")) == 1
    assert town.tasks("unanswered") == []


async def test_mash_that_does_not_answer_within_a_day_is_climbed_past() -> None:
    father, baby = adult("Al"), child("Bo", age=0)
    town = Town(family(father=father, children=[baby]))
    await town.publish(parent_registered(father, baby))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    assert [(w["paragraph"], w["words"]) for w in town.letter("mash")["why_you"]] == [
        ("local decision", "the child is under one, or on a protection plan")
    ]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F03")] == ["nn-community"]


async def test_a_machines_receipt_leaves_the_health_visitors_clock_running() -> None:
    father, tom = adult("Al"), child("Tom", age=3)
    town = Town(family(father=father, children=[tom]))
    await town.publish(parent_discharged(father, tom, discharge="unplanned"))
    letter = town.letter("hv-north")
    assert letter["what_happened"]["discharge"] == "unplanned"
    await town.receipt(letter, "matched", kind="system")
    await town.advance(working_days=2)
    (to_lead,) = town.escalations(flow="F03")
    assert (to_lead.team, to_lead["paragraph"]) == ("hv-lead", "5.2.14")
    await town.advance(working_days=20)
    assert [e.team for e in town.escalations(flow="F03")] == ["hv-lead", "nn-community"]
    assert [t.state for t in town.tasks("unanswered")] == ["open"]


async def test_a_correction_that_lists_one_child_less_withdraws_nothing_from_a_child_of_the_home() -> None:
    father, tom, ann, folk = home()
    town = Town(folk)
    first = parent_registered(father, tom, ann)
    await town.publish(first)
    await town.publish(update_of(first, household=household(ann)))
    assert town.withdrawals() == []
    assert len(town.inbox("hv-north", tom)) == 2, "the directory still knows him to live there"


async def test_a_registration_taken_back_is_told_to_all_who_had_it() -> None:
    father, tom, ann, folk = home()
    town = Town(folk)
    wrong = parent_registered(father, tom, ann)
    await town.publish(wrong)
    await town.publish(cancel_of(wrong))
    assert {w.team for w in town.withdrawals()} == {"hv-north", "sn-north", "gp-castle"}
    await town.advance(working_days=20)
    assert town.escalations(flow="F03") == []
