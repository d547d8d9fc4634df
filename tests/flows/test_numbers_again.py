"""NHS numbers gone round: one that is its bearer's again, one of two children, and twins with each other's."""

import pytest

from router.family_birth_notes import Came, meant_again
from tests.stories import Town
from tests.story_events import (
    adult_ed_attendance,
    birth_notified,
    cancel_of,
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


TWO_PEOPLE = "one NHS number was given for two people at a birth: a person must say whose it is"


@pytest.mark.parametrize("expected", [True, False])
@pytest.mark.parametrize("corrected", [None, "as it was", "in the other order"])
async def test_two_babies_told_with_one_number_are_two_and_a_person_is_asked_once_whose_it_is(
    corrected: str | None, expected: bool
) -> None:
    ada, tom, tim = adult("Ada"), child("Tom", days=0), child("Tim", days=0)
    town = Town(family(mother=ada, children=[unborn(39)] if expected else []))
    said = birth_notified(ada, tom, bearing(tim, tom.nhs))
    await town.publish(said)
    before = {x["child"]["name"]["given"]: x.child for x in town.inbox("hv-north")}
    if corrected is not None:
        other = birth_notified(ada, bearing(tim, tom.nhs), tom).data if corrected == "in the other order" else said.data
        said = update_of(said, subjects=other["subjects"], babies=other["babies"])
        await town.publish(said)
    letters = [x for x in town.inbox("hv-north") if x["event"]["id"] == said.id]
    assert {x["child"]["name"]["given"]: x.child for x in letters} == before
    assert sorted(before) == ["Tim", "Tom"]
    assert [x["child"]["name"]["given"] for x in letters if x["child"].get("nhs_number") == tom.nhs] == ["Tom"]
    (task,) = town.tasks()
    assert task.task.words == TWO_PEOPLE
    assert said.data["subjects"][int((task.task.slot or "").partition(".")[2])]["name"]["given"] == "Tim"
    assert town.refusals() == []
    assert (await town.ledger.reconcile()).faults == ()


@pytest.mark.parametrize("first", [True, False])
async def test_a_birth_that_is_corrected_asks_no_more_whose_a_number_is_that_is_told_of_one_baby(first: bool) -> None:
    ada, tom, tim = adult("Ada"), child("Tom", days=0), child("Tim", days=0)
    town = Town(family(mother=ada, children=[unborn(39)]))
    said = birth_notified(ada, tom, bearing(tim, tom.nhs))
    await town.publish(said)
    right = birth_notified(ada, *((tim, tom) if first else (tom, tim))).data
    await town.publish(update_of(said, subjects=right["subjects"], babies=right["babies"]))
    assert town.tasks() == []
    await town.publish(ed_discharged(tim), ed_discharged(tom))
    names = [x["child"]["name"]["given"] for x in town.inbox("hv-north") if x["event"]["type"].startswith("ed-")]
    assert names == ["Tim", "Tom"]


BEFORE = {"a": Came(1, {"given": "Tom"}), "b": Came(2, {"given": "Tim"})}


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ([(1, "Tom"), (2, "Tim")], "ab"),
        ([(1, "tim"), (2, "Tom")], "ba"),
        ([(1, "Thomas"), (2, "Timothy")], "ab"),
        ([(1, "Timothy"), (2, "Tom")], "ba"),
        ([(1, None), (2, None)], "ab"),
        ([(1, "Zoe"), (2, "Tom"), (3, "Tim")], "-ab"),
        ([(1, "Tom"), (3, "Zoe")], "a-"),
        ([(1, "Tom"), (2, "Tom")], "ab"),
    ],
)
def test_a_correction_means_the_babies_of_which_it_told_in_whatever_order_it_lists_them(
    told: list[tuple[int, str | None]], meant: str
) -> None:
    babies = {str(n): Came(order, {"given": name} if name else {"absent": "x"}) for n, (order, name) in enumerate(told)}
    found = meant_again(babies, BEFORE)
    assert "".join(found.get(slot, "-") for slot in babies) == meant


async def test_who_heard_that_nobody_said_whose_a_number_is_hears_no_end_of_it_while_it_is_asked() -> None:
    """The correction lists the babies in the other order: the question goes on, with the rungs it has climbed."""
    ada, tom, tim = adult("Ada"), child("Tom", days=0), child("Tim", days=0)
    town = Town(family(mother=ada, children=[unborn(39)]))
    said = birth_notified(ada, tom, bearing(tim, tom.nhs))
    await town.publish(said)
    await town.advance(working_days=1, minutes=1)
    heard = [x for x in town.inboxes.of("escalation") if TWO_PEOPLE in str(x)]
    assert heard
    (waits,) = [c for c in town.clocks() if c.clock.task and c.state == "running"]
    other = birth_notified(ada, bearing(tim, tom.nhs), tom).data
    await town.publish(update_of(said, subjects=other["subjects"], babies=other["babies"]))
    (goes_on,) = [c for c in town.clocks() if c.clock.task and c.state == "running"]
    assert (goes_on.clock.id != waits.clock.id, goes_on.due, goes_on.rung) == (True, waits.due, waits.rung)
    assert [x for x in town.inboxes.of("withdrawal") if x.team in {h.team for h in heard}] == []
    assert len(town.tasks("match")) == 1
    await town.publish(cancel_of(said))
    assert {x.team for x in town.inboxes.of("withdrawal")} >= {h.team for h in heard}
    assert town.tasks("match") == []


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
