"""NHS numbers gone round: one that is somebody's again, one given to two children, and twins with each other's."""

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
    """The feed took one twin's number for the other's: as one record, each family member's news would be the other's."""
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
