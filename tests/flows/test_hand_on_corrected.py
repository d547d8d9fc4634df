"""Hand-on of a child who is placed, and of a move that is corrected: the child is somebody's all the time."""

from typing import Any

import pytest

from tests.flows.test_hand_on import home, owed
from tests.stories import Town
from tests.story_events import (
    address_changed,
    cancel_of,
    caseload_changed,
    gp_changed,
    school_changed,
    update_of,
    was_not_brought,
)
from tests.story_looked_after_events import OUT_OF_AREA, hidden, placement_changed
from tests.story_people import Person, adult, child, family, unborn
from tests.story_teams import BIRMINGHAM, HAGLEY, NORTH, SECONDARY, SOUTH


@pytest.mark.parametrize(("where", "new"), [({}, "hv-south"), (OUT_OF_AREA, "hv-birmingham")])
async def test_a_child_who_is_placed_stays_with_the_team_of_home_until_the_team_of_the_placement_accepts(
    where: dict[str, Any], new: str
) -> None:
    town, bea = home(age=2)
    await town.publish(was_not_brought(bea))
    placed = placement_changed(bea, **where)
    await town.publish(placed)
    assert {new, "hv-north"} <= town.told(placed)
    assert any("Accept the child" in ask for ask in town.letter(new).asks)
    (_, stays) = town.inbox("hv-north")
    assert any("stays yours" in ask for ask in stays.asks)
    assert owed(town, "F13") >= {("hv-north", "running")}
    await town.receipt(town.letter(new), "collected", kind="system")
    assert ("hv-north", "running") in owed(town, "F13"), "a system accepts nothing"

    await town.receipt(town.letter(new), "acknowledged")

    assert {team for team, state in owed(town, "F13") if state == "running"} == {new}


async def test_a_child_without_a_school_is_handed_on_by_a_placement_and_one_who_keeps_its_school_is_not() -> None:
    for school, told in ((None, {"sn-south", "sn-north"}), ("999101", {"sn-north"})):
        tom = child("Tom", age=9, school=school)
        town = Town(family(mother=adult("Ada"), children=[tom]))
        placed = placement_changed(tom)
        await town.publish(placed)
        assert {t for t in town.told(placed) if t.startswith("sn-")} == told


async def test_a_child_who_goes_home_from_care_is_handed_back() -> None:
    town, bea = home(age=2)
    await town.publish(placement_changed(bea))
    await town.receipt(town.letter("hv-south"), "acknowledged")
    await town.publish(was_not_brought(bea, time="2026-03-17T10:00:00+00:00"))
    left = placement_changed(bea, "left-care", left_to="returned-home", changed_on="2026-03-18")
    await town.publish(left)
    assert {"hv-north", "hv-south"} <= town.told(left)
    await town.receipt(town.inbox("hv-north")[-1], "acknowledged")
    assert ("hv-north", "running") in owed(town, "F13")


MOVES = [
    (lambda tom: address_changed(tom, SOUTH), 3, "hv-south", "hv-north"),
    (lambda tom: gp_changed(tom, HAGLEY), 3, "gp-hagley", "gp-castle"),
    (lambda tom: school_changed(tom, SECONDARY), 9, "sn-south", "sn-north"),
    (lambda tom: caseload_changed(tom, "HV", "hv-south", by="hv"), 3, "hv-south", "hv-north"),
    (placement_changed, 3, "hv-south", "hv-north"),
]


@pytest.mark.parametrize(("move", "age", "new", "old"), MOVES)
async def test_a_move_that_is_corrected_is_still_to_be_accepted_and_nobody_is_told_that_it_was_none(
    move: Any, age: int, new: str, old: str
) -> None:
    town, tom = home(age)
    first = move(tom)
    await town.publish(first)
    told = town.told(first)
    again = update_of(first, voice_of_child={"missing": "not-asked"}) if move is placement_changed else update_of(first)
    await town.publish(again)
    assert {new, old} <= town.told(again) == told
    assert town.withdrawals() == []
    assert town.inbox(new)[1]["replaces"] == town.inbox(new)[0].id
    waits = {c.clock.team for c in town.clocks() if c.clock.needs == "acknowledge" and c.state == "running"}
    assert new in waits, "or its lead hears"


@pytest.mark.parametrize(("move", "age", "new", "old"), MOVES)
async def test_who_accepts_by_the_corrected_letter_has_what_the_team_before_owed(
    move: Any, age: int, new: str, old: str
) -> None:
    town, tom = home(age)
    await town.publish(was_not_brought(tom))
    first = move(tom)
    await town.publish(first, update_of(first))
    before = {c.clock.id for c in town.clocks() if c.clock.team == old and c.clock.flow == "F13"}
    await town.receipt(town.inbox(new)[-1], "acknowledged")
    assert {c.clock.team for c in town.clocks() if c.clock.id in before} == ({new} if before else set())


async def test_a_correction_that_names_another_place_hands_on_to_that_one_alone() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    first = address_changed(tom, SOUTH)
    await town.publish(first)
    await town.publish(update_of(first, residence=NORTH))
    assert {w.team for w in town.withdrawals()} == {"hv-south", "hv-north"}, "the child never moved"
    await town.receipt(town.letter("hv-south"), "acknowledged")
    assert {team for team, state in owed(town, "F13") if state == "running"} == {"hv-north"}


async def test_what_was_accepted_goes_back_to_whose_it_was_when_the_move_is_corrected_or_taken_back() -> None:
    for then in (update_of, cancel_of):
        town, tom = home()
        await town.publish(was_not_brought(tom))
        move = address_changed(tom, SOUTH)
        await town.publish(move)
        await town.receipt(town.letter("hv-south"), "acknowledged")
        await town.publish(then(move))
        assert {team for team, state in owed(town, "F13") if state == "running"} == {"hv-north"}
        await town.advance(working_days=5)
        assert [e["unanswered_by"] for e in town.escalations(flow="F13")] == ["HV NORTH"]


async def test_a_move_that_is_corrected_after_it_was_accepted_is_accepted_by_the_team_of_the_right_place() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    move = address_changed(tom, SOUTH)
    await town.publish(move)
    await town.receipt(town.letter("hv-south"), "acknowledged")
    await town.publish(update_of(move, residence="E05009999", home_authority=BIRMINGHAM))
    assert {w.team for w in town.withdrawals()} == {"hv-south"}
    assert {team for team, state in owed(town, "F13") if state == "running"} == {"hv-north"}
    await town.receipt(town.letter("hv-birmingham"), "acknowledged")
    assert {team for team, state in owed(town, "F13") if state == "running"} == {"hv-birmingham"}


async def test_a_correction_of_a_move_that_another_move_has_followed_asks_nobody_of_the_first_again() -> None:
    town, tom = home()
    first = address_changed(tom, SOUTH, time="2026-03-16T10:00:00+00:00")
    back = address_changed(tom, NORTH, time="2026-03-16T11:00:00+00:00")
    await town.publish(first, back)
    again = update_of(first)
    await town.publish(again)
    assert town.told(again) == set()
    assert town.file(tom)["area"] == NORTH


async def test_his_sister_comes_back_with_him_when_the_move_of_the_family_is_taken_back() -> None:
    ada, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9, school=None)
    town = Town(family(mother=ada, children=[tom, ann]))
    before = {p.id: town.file(p)["area"] for p in (ada, tom, ann)}
    move = address_changed(ada, SOUTH, tom, ann, role="mother")
    await town.publish(move)
    await town.publish(cancel_of(move))
    assert {p.id: town.file(p)["area"] for p in (ada, tom, ann)} == before


# An address that nobody may learn: the file does not say where the child lived before it

HIDES = [
    (lambda tom: address_changed(tom, None), {"age": 3}, "hv-north"),
    (lambda tom: address_changed(tom, None), {"age": 9, "school": None}, "sn-north"),
    (lambda tom: hidden(tom), {"age": 3}, "hv-north"),
]


def hid(tom: Person) -> dict[str, Any]:
    """What an update says that hides an address which the version before it told."""
    return {k: v for k, v in address_changed(tom, None).data.items() if k != "record_id"}


@pytest.mark.parametrize(("hide", "doc", "team"), HIDES)
async def test_a_correction_of_a_restricted_move_leaves_the_child_with_the_team_that_keeps_it(
    hide: Any, doc: dict[str, Any], team: str
) -> None:
    tom = child("Tom", **doc)
    town = Town(family(mother=adult("Ada"), children=[tom]))
    await town.publish(was_not_brought(tom))
    first = hide(tom)
    await town.publish(first)
    await town.publish(again := update_of(first))
    await town.publish(third := update_of(first, sequence="00000000000000000003"))
    assert [w.team for w in town.withdrawals()] == [], "nobody is told that the child is not theirs"
    for said in (again, third):
        (letter,) = [x for x in town.inbox(team) if x["event"]["id"] == said.id]
        assert any("The child stays yours" in ask for ask in letter.asks)
        assert letter["relation"] == "a team with a current part in the child's care"
        assert {t for t in town.told(said) if t.startswith(team[:2])} == {team}
    waits = [c for c in town.clocks() if c.clock.team == team and c.clock.needs == "acknowledge"]
    assert [c.state for c in waits] == ["stopped", "stopped", "running"]
    assert owed(town, "F13") >= {(team, "running")}
    assert town.tasks("nobody-found"), "where the child is now nobody may learn: a person is asked"


async def test_a_restriction_made_in_error_hands_the_child_on_to_the_team_of_the_place_after_all() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    first = address_changed(tom, None)
    open_ = {k: v for k, v in address_changed(tom, SOUTH).data.items() if k != "record_id"}
    await town.publish(first, update_of(first, **open_))
    await town.publish(third := update_of(first, sequence="00000000000000000003", **open_))
    assert town.told(third) == {"hv-north", "hv-south"}
    assert town.withdrawals() == []
    assert any("Accept the child" in ask for ask in town.inbox("hv-south")[-1].asks)
    assert any("stays yours" in ask for ask in town.inbox("hv-north")[-1].asks)
    await town.receipt(town.inbox("hv-south")[-1], "acknowledged")
    assert {team for team, state in owed(town, "F13") if state == "running"} == {"hv-south"}


async def test_a_restriction_made_in_error_of_a_child_who_never_moved_is_withdrawn_from_its_team() -> None:
    town, tom = home()
    first = address_changed(tom, None)
    await town.publish(first)
    at_home = {k: v for k, v in address_changed(tom, NORTH).data.items() if k != "record_id"}
    await town.publish(again := update_of(first, **at_home))
    assert town.told(again) == set()
    assert [w.team for w in town.withdrawals()] == ["hv-north"]


async def test_a_move_that_is_hidden_by_its_correction_is_withdrawn_from_the_new_team_alone() -> None:
    town, tom = home()
    first = address_changed(tom, SOUTH)
    await town.publish(first)
    for n in (1, 2):
        await town.publish(again := update_of(first, sequence=f"0000000000000000000{n}", **hid(tom)))
        assert town.told(again) == {"hv-north"}
        assert [w.team for w in town.withdrawals()] == ["hv-south"], "the place is nobody's to learn any more"
    assert "was_with" not in town.file(tom)
    said_not_theirs = town.inbox("hv-north")[-1]
    await town.receipt(said_not_theirs, "not-ours")
    await town.publish(last := update_of(first, sequence="00000000000000000003", **hid(tom)))
    assert town.told(last) == set(), "whoever said that the child is not theirs is not told again"


async def test_an_unborn_child_goes_with_its_mother_into_hiding_and_its_team_keeps_it() -> None:
    mother, bump = adult("Ada"), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    first = address_changed(mother, None, role="mother")
    await town.publish(first)
    assert "hv-north" in town.told(first)
    await town.publish(again := update_of(first))
    assert "hv-north" in town.told(again)
    assert town.withdrawals() == []
