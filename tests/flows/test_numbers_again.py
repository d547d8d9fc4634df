"""NHS numbers gone round: one that is its bearer's again, one of two children, and twins with each other's."""

import pytest

from tests.stories import Town
from tests.story_events import (
    adult_ed_attendance,
    birth_notified,
    dart_notified,
    ed_discharged,
    household,
    number_superseded,
    update_of,
)
from tests.story_people import Person, adult, child, family, person, unborn

SPARE = person("Spare").nhs


def bearing(who: Person, nhs: str) -> Person:
    """The same person, as a publisher that knows this number names them."""
    return Person(who.id, {**who.doc, "nhs": nhs})


@pytest.mark.parametrize("together", [True, False])
async def test_a_number_that_was_replaced_and_comes_back_is_the_childs_again_and_both_find_the_child(
    together: bool,
) -> None:
    tom = child("Tom")
    town = Town(family(mother=adult("Ada"), children=[tom]))
    there = number_superseded(tom, SPARE, reason="corrected")
    back = number_superseded(bearing(tom, SPARE), tom.nhs, reason="corrected")
    if together:
        await town.publish(there, back)
    else:
        await town.publish(there)
        await town.publish(back)
    assert (town.file(tom)["nhs"], town.file(tom)["formerly"]) == (tom.nhs, [SPARE])
    await town.publish(ed_discharged(tom), ed_discharged(bearing(tom, SPARE)))
    assert [x.child for x in town.inbox("hv-north")] == [tom.id, tom.id]

    await town.publish(number_superseded(tom, SPARE, reason="corrected"))
    assert (town.file(tom)["nhs"], town.file(tom)["formerly"]) == (SPARE, [tom.nhs])
    await town.publish(ed_discharged(tom), ed_discharged(bearing(tom, SPARE)))
    assert {x.child for x in town.inbox("hv-north")} == {tom.id}
    assert town.refusals() == []
    assert (await town.ledger.reconcile()).faults == ()


async def test_the_numbers_of_twins_are_joined_by_no_machine() -> None:
    """The feed took one twin's number for the other's: as one record, each one's news would be told as the other's."""
    tom, tim = child("Tom"), child("Tim")
    town = Town(family(mother=adult("Ada"), children=[tom, tim]))
    await town.publish(number_superseded(tom, tim.nhs, reason="duplicate-merged"))
    (task,) = town.tasks("match")
    assert "Tom" not in task.task.words
    await town.publish(ed_discharged(tom), ed_discharged(tim))
    assert [x.child for x in town.inbox("hv-north")] == [tom.id, tim.id]


@pytest.mark.parametrize("whose", ["tom", "tim"])
async def test_what_a_person_says_of_twins_numbers_is_done_and_never_gives_two_children_one(whose: str) -> None:
    tom, tim = child("Tom"), child("Tim")
    town = Town(family(mother=adult("Ada"), children=[tom, tim]))
    await town.publish(number_superseded(tom, tim.nhs, reason="duplicate-merged"))
    (task,) = town.tasks("match")
    await town.decide_again(task.task.id, person={"tom": tom.id, "tim": tim.id}[whose])
    await town.publish(ed_discharged(tom))
    assert [x.child for x in town.inbox("hv-north")] == [tim.id if whose == "tom" else tom.id]
    assert town.refusals() == []


async def test_two_children_told_with_one_number_are_not_one_and_nobody_reads_of_the_first_alone() -> None:
    """The one whose name is on record is told of, first or last in the event; who the other is, a person says."""
    tom, tim = child("Tom"), child("Tim")
    town = Town(family(mother=adult("Ada"), children=[tom, tim]))
    wrong = bearing(tim, tom.nhs)
    for both in ([tom, wrong], [wrong, tom]):
        said = dart_notified(both)
        await town.publish(said)
        assert town.told(said, about=tom)
        assert not town.told(said, about=tim)
        (task,) = town.tasks("match")  # the first is closed when the second is raised
        assert "Tim" not in task.task.words
        assert task.task.slot == f"subjects.{both.index(wrong)}", "not he whose name the number has on record"
        assert "one NHS number was given for two children" in task.task.words
        await town.decide_again(task.task.id, person=tim.id)
        assert town.told(said, about=tim) == town.told(said, about=tom)


async def test_children_of_one_number_whom_nobody_knows_yet_are_not_one_either() -> None:
    tom = child("Tom")
    town = Town(family(mother=adult("Ada")))
    await town.publish(dart_notified([tom, bearing(child("Tim"), tom.nhs)]))
    assert len(town.tasks("match")) == 1


async def test_a_child_named_twice_in_one_event_is_one() -> None:
    tom, ada = child("Tom"), adult("Ada")
    town = Town(family(mother=ada, children=[tom]))
    await town.publish(dart_notified([tom, tom], ada), adult_ed_attendance(ada, household=household(tom, tom)))
    assert town.tasks("match") == []


@pytest.mark.parametrize("again", [False, True])
async def test_two_babies_told_with_one_number_are_two_and_a_person_says_whose_it_is(again: bool) -> None:
    ada, tom, tim = adult("Ada"), child("Tom", days=0), child("Tim", days=0)
    town = Town(family(mother=ada, children=[unborn(39)]))
    said = birth_notified(ada, tom, bearing(tim, tom.nhs))
    await town.publish(said)
    if again:
        said = update_of(said)
        await town.publish(said)
    letters = [x for x in town.inbox("hv-north") if x["event"]["id"] == said.id]
    assert sorted(x["child"]["name"]["given"] for x in letters) == ["Tim", "Tom"]
    assert [x["child"].get("nhs_number") for x in letters].count(tom.nhs) == 1
    (words,) = {t.task.words for t in town.tasks("match")}
    assert words.startswith("one NHS number was given for two people")
    assert town.refusals() == []
    assert (await town.ledger.reconcile()).faults == ()


async def test_a_baby_told_with_its_mothers_number_has_a_place_of_its_own() -> None:
    ada = child("Ada", 16)
    town = Town(family(mother=ada))
    await town.publish(birth_notified(ada, ada))
    assert town.refusals() == []
    (task,) = town.tasks("match")
    assert "two people" in task.task.words
    assert "mother" not in town.file(ada), "she is nobody's newborn"


async def test_the_birth_of_somebody_who_is_grown_up_is_of_another() -> None:
    """The number and birth date of an adult, and a baby born today: nobody becomes a newborn by it."""
    ada, old = adult("Ada"), adult("Old", 40)
    town = Town(family(mother=ada), family(mother=old))
    today = {"order": 1, "outcome": "live", "born_at": "2026-03-16T04:00:00+00:00", "nhs_number": old.nhs}
    await town.publish(birth_notified(ada, old, babies=[today]))
    assert "mother" not in town.file(old)
    assert town.told(about=old) == set()
    assert len(town.tasks("match")) == 1


async def test_a_birth_told_of_another_mothers_child_gives_her_no_child() -> None:
    ada, bea, tom = adult("Ada"), adult("Bea"), child("Tom", days=0)
    town = Town(family(mother=ada), family(mother=bea))
    await town.publish(birth_notified(ada, tom))
    baby = town.letter("hv-north").child
    await town.publish(birth_notified(bea, tom))
    assert [t.task.words.partition(":")[0] for t in town.tasks("match")] == [
        "a birth was told of a child who has another mother on record"
    ]
    assert town.file(Person(str(baby), {}))["mother"] == ada.id
