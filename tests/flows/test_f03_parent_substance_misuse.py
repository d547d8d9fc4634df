"""F03 (1.7, 5.2.14): who works with the children hears of a parent's treatment, and never reads the parent's record.

Before: "adult substance misuse practitioners do not routinely contact health visitors to notify them when a parent is
registered with the service"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import household, parent_discharged, parent_disengaged, parent_registered
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
