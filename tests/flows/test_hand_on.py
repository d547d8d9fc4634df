"""Hand-on (issue 4, part 1): a child who moves is somebody's all the time; what is owed follows it."""

from datetime import timedelta
from typing import Any

import pytest

from router.sight import NOT_THEIRS
from tests.flows.test_chronology import read, said
from tests.stories import Town
from tests.story_events import (
    address_changed,
    caseload_changed,
    dart_notified,
    ed_discharged,
    gp_changed,
    left_before_treatment,
    number_superseded,
    pregnancy_notified,
    school_changed,
    was_not_brought,
)
from tests.story_people import Person, adult, caseload, child, family, unborn
from tests.story_teams import BIRMINGHAM, HAGLEY, NORTH, OUTSIDE, SECONDARY, SOUTH


def home(age: int = 3, **more: Any) -> tuple[Town, Person]:
    tom = child("Tom", age=age, **more)
    return Town(family(mother=adult("Ada"), children=[tom])), tom


def owed(town: Town, of: str) -> set[tuple[str | None, str]]:
    """(team, state) of the clocks on that flow's summaries."""
    return {(c.clock.team, c.state) for c in town.clocks() if c.clock.flow == of and c.clock.delivery}


async def test_the_new_team_is_asked_to_accept_and_the_old_one_is_told_that_the_child_stays_its_own_till_then() -> None:
    town, tom = home()
    moved = address_changed(tom, SOUTH)
    await town.publish(moved)
    assert town.told(moved) == {"hv-south", "hv-north"}
    new, old = town.letter("hv-south"), town.letter("hv-north")
    assert any("Accept the child" in ask for ask in new.asks)
    assert "You are the team that takes the child over." in new.page
    assert any("stays yours" in ask for ask in old.asks)
    for letter in (new, old):
        withheld = letter.withheld
        assert "Area of residence" in withheld
        assert "Home authority" in withheld
        assert SOUTH.encode() not in letter.raw, "no summary says where"
        assert NORTH.encode() not in letter.raw


async def test_before_the_new_team_accepts_the_old_teams_ladder_fires_and_after_it_the_new_teams() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH))
    await town.advance(working_days=5, minutes=-1)
    assert owed(town, "F13") >= {("hv-north", "running")}
    assert town.escalations(flow="F13") == []

    await town.receipt(town.letter("hv-south"), "acknowledged")
    assert ("hv-south", "running") in owed(town, "F13")
    assert ("hv-north", "running") not in owed(town, "F13")
    await town.advance(minutes=1)
    (fired,) = town.escalations(flow="F13")
    assert fired["unanswered_by"] == "HV SOUTH", "a minute before the rung was due the child was accepted"


@pytest.mark.parametrize(("seconds", "silent"), [(-1, "HV SOUTH"), (0, "HV SOUTH"), (1, "HV NORTH")])
async def test_whose_silence_a_rung_tells_of_turns_on_the_second_in_which_the_child_is_accepted(
    seconds: int, silent: str
) -> None:
    town, tom = home()
    missed = was_not_brought(tom)
    await town.publish(missed, address_changed(tom, SOUTH))
    (old,) = (x for x in town.inbox("hv-north") if x["event"]["id"] == missed.id)
    clock = next(c for c in town.clocks(old) if c.clock.needs == "act")
    for delivery in (old, town.inbox("hv-north")[-1]):
        await town.receipt(delivery, "acknowledged")
    if seconds > 0:
        await town.advance(minutes=(clock.due - town.hands.now).total_seconds() / 60)
    town.hands.now = clock.due + timedelta(seconds=seconds)
    await town.receipt(town.letter("hv-south"), "acknowledged")
    await town.advance(minutes=1)

    now = next(c for c in town.clocks() if c.clock.id == clock.clock.id)
    assert (now.clock.team, now.rung, now.clock.steps) == ("hv-south", 1, clock.clock.steps)
    about = [e for e in town.escalations() if e["about"]["clock"] == clock.clock.id]
    assert [(e["rung"], e["unanswered_by"], e["due"]) for e in about] == [(1, silent, clock.due.isoformat())]


async def test_accepted_after_a_rung_the_rest_of_the_ladder_is_the_new_teams_with_the_dates_it_had() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH))
    await town.advance(working_days=5)
    (first,) = town.escalations(flow="F13")
    assert first["unanswered_by"] == "HV NORTH"
    clock = next(c for c in town.clocks() if c.clock.flow == "F13" and c.clock.team == "hv-north")

    await town.receipt(town.letter("hv-south"), "acknowledged")

    passed = next(c for c in town.clocks() if c.clock.id == clock.clock.id)
    assert (passed.clock.team, passed.rung, passed.due, passed.clock.steps) == (
        "hv-south", clock.rung, clock.due, clock.clock.steps,
    )  # fmt: skip
    await town.advance(working_days=1)
    assert [e["unanswered_by"] for e in town.escalations(flow="F13")] == ["HV NORTH", "HV SOUTH"]


async def test_what_passed_is_met_by_what_the_new_team_does_and_no_more_by_the_old_team() -> None:
    town, tom = home()
    missed = was_not_brought(tom)
    await town.publish(missed)
    old = next(x for x in town.inbox("hv-north") if x["event"]["id"] == missed.id)
    await town.publish(address_changed(tom, SOUTH))
    new = town.letter("hv-south")
    await town.receipt(new, "acknowledged")
    assert ("hv-south", "running") in owed(town, "F13"), "to accept is not to have followed up"
    await town.receipt(new, "acted", outcome="follow-up-recorded")
    assert ("hv-south", "met") in owed(town, "F13")
    await town.receipt(old, "acted", outcome="follow-up-recorded")
    await town.advance(working_days=9)
    assert town.escalations(flow="F13") == []


async def test_nobody_accepts_so_the_new_teams_lead_hears_and_the_old_team_keeps_the_child() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH))
    await town.advance(working_days=2)
    assert "HV SOUTH" in {e["unanswered_by"] for e in town.escalations("hv-lead", flow="A")}
    await town.receipt(town.letter("hv-south"), "collected", kind="system")
    await town.receipt(town.letter("hv-south"), "acted", outcome="declined", note="Not ours to hold.")
    assert ("hv-north", "running") in owed(town, "F13"), "a system accepts nothing, and who declines takes nothing on"


async def test_not_ours_leaves_the_child_where_it_was_and_is_a_persons_task() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH))
    await town.receipt(town.letter("hv-south"), "not-ours")
    assert ("hv-north", "running") in owed(town, "F13")
    assert town.tasks("not-ours")


async def test_moved_on_before_anybody_accepted_all_passes_to_whoever_accepts_at_last() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH, time="2026-03-16T10:00:00+00:00"))
    there = {"home_authority": BIRMINGHAM, "time": "2026-03-16T11:00:00+00:00"}
    await town.publish(address_changed(tom, "E05009999", **there))
    assert ("hv-north", "running") in owed(town, "F13")
    await town.receipt(town.letter("hv-birmingham"), "acknowledged")
    assert ("hv-birmingham", "running") in owed(town, "F13")
    assert ("hv-north", "running") not in owed(town, "F13")
    waits = {(c.clock.team, c.state, c.ended_how) for c in town.clocks() if c.clock.flow == "A"}
    assert ("hv-south", "stopped", "handed on") in waits


async def test_it_may_be_handed_on_again_after_it_was_accepted() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH, time="2026-03-16T10:00:00+00:00"))
    await town.receipt(town.letter("hv-south"), "acknowledged")
    there = {"home_authority": BIRMINGHAM, "time": "2026-03-16T11:00:00+00:00"}
    await town.publish(address_changed(tom, "E05009999", **there))
    await town.receipt(town.letter("hv-birmingham"), "acknowledged")
    assert ("hv-birmingham", "running") in owed(town, "F13")


@pytest.mark.parametrize(
    ("what", "age", "new", "old", "start"),
    [
        (lambda tom: gp_changed(tom, HAGLEY), 3, "gp-hagley", "gp-castle", {}),
        (lambda tom: school_changed(tom, SECONDARY), 9, "sn-south", "sn-north", {}),
        (lambda tom: address_changed(tom, SOUTH), 3, "hv-south", "hv-north", {}),
        (
            lambda tom: address_changed(tom, SOUTH), 3, "hv-south", "hv-north",
            {"caseload": caseload("HV", "hv-north")},
        ),
        (lambda tom: caseload_changed(tom, "HV", "hv-south", by="hv"), 3, "hv-south", "hv-north", {}),
        (
            lambda tom: caseload_changed(tom, "HV", "hv-south", by="hv"), 3, "hv-south", "hv-north",
            {"caseload": caseload("HV", "hv-north")},
        ),
    ],
)  # fmt: skip
async def test_each_part_of_a_childs_place_hands_on_to_the_team_that_it_makes_the_childs(
    what: Any, age: int, new: str, old: str, start: dict[str, Any]
) -> None:
    town, tom = home(age, **start)
    change = what(tom)
    await town.publish(change)
    assert town.told(change) == {new, old}


async def test_a_change_that_takes_the_child_from_nobody_is_told_to_nobody() -> None:
    town, tom = home()
    for change in (address_changed(tom, NORTH), caseload_changed(tom, "HV", "hv-north"), gp_changed(tom, OUTSIDE)):
        await town.publish(change)
    assert {x.team for x in town.inboxes.of("summary")} == {"gp-castle", "gp-birmingham"}, "only the practice changed"


async def test_his_sister_goes_along_when_the_mother_moves_with_both_and_each_only_to_her_own_nurse() -> None:
    ada, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9, school=None)
    town = Town(family(mother=ada, children=[tom, ann]))
    await town.publish(address_changed(ada, SOUTH, tom, ann, role="mother"))
    assert town.told(about=tom) == {"hv-south", "hv-north"}
    assert town.told(about=ann) == {"sn-south", "sn-north"}


async def test_an_unborn_child_moves_with_its_mother_and_what_is_owed_follows_it() -> None:
    ada = adult("Ada")
    town = Town(family(mother=ada))
    booked = pregnancy_notified(ada)
    await town.publish(booked)
    assert "hv-north" in town.told(booked)
    (baby,) = {x.child for x in town.inbox("hv-north")}
    owed_before = [c.clock.id for c in town.clocks() if c.clock.team == "hv-north" and c.state == "running"]
    assert owed_before

    moved = address_changed(ada, SOUTH, role="mother")
    await town.publish(moved)
    assert town.told(moved) == {"hv-south", "hv-north"}
    assert {x.child for x in town.inbox("hv-south")} == {baby}
    await town.receipt(town.letter("hv-south"), "acknowledged")
    assert {c.clock.team for c in town.clocks() if c.clock.id in owed_before} == {"hv-south"}


@pytest.mark.parametrize("born", [False, True], ids=["unborn", "a baby who has no practice yet"])
async def test_a_child_that_has_its_mothers_practice_is_handed_on_when_she_changes_it(born: bool) -> None:
    ada = adult("Ada")
    baby = child("Bea", age=0, practice=None, pregnancy="preg-1") if born else unborn()
    town = Town(family(mother=ada, children=[baby]))
    change = gp_changed(ada, HAGLEY, role="mother")
    await town.publish(change)
    assert town.told(change) == {"gp-hagley", "gp-castle"}
    assert town.told(change, about=baby) == {"gp-hagley", "gp-castle"}


async def test_a_child_with_a_place_of_its_own_stays_where_it_is_when_its_mother_alone_moves() -> None:
    ada, tom = adult("Ada"), child("Tom", age=3)
    town = Town(family(mother=ada, children=[tom]))
    moves = [address_changed(ada, SOUTH, role="mother"), gp_changed(ada, HAGLEY, role="mother")]
    await town.publish(*moves)
    assert town.inboxes.of("summary") == []
    assert all(v.child is None for m in moves for v in town.verdicts(m)), "it is nothing in his history either"


async def test_what_changes_for_the_mother_besides_her_place_is_nothing_in_her_unborn_childs_history() -> None:
    ada = adult("Ada")
    town = Town(family(mother=ada, children=[unborn()]))
    taken_on = caseload_changed(ada, "AMH", "amh", role="mother", by="amh")
    await town.publish(taken_on)
    assert all(v.child is None for v in town.verdicts(taken_on))


async def test_where_an_unborn_childs_mother_may_not_be_found_no_letter_says_where_she_was_or_is() -> None:
    ada = adult("Ada")
    town = Town(family(mother=ada, children=[unborn()]))
    hidden = address_changed(ada, None, role="mother", by="csc")
    await town.publish(hidden)
    for letter in town.inboxes.of("summary"):
        assert "takes the child over" not in letter.page
        assert NORTH.encode() not in letter.raw
    assert any("whereabouts are withheld" in t.task.words for t in town.tasks("nobody-found"))


async def test_where_nobody_takes_the_child_over_a_person_is_asked_and_the_old_team_keeps_it() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(gp_changed(tom, None))
    (task,) = town.tasks("nobody-found")
    assert "GP practice" in task.task.words
    assert town.told(about=tom) >= {"gp-castle"}


async def test_of_a_restricted_move_no_letter_says_which_side_or_where() -> None:
    town, tom = home()
    hidden = address_changed(tom, None, by="csc")
    await town.publish(hidden)
    for letter in town.inboxes.of("summary"):
        assert "takes the child over" not in letter.page
        assert NORTH.encode() not in letter.raw
    assert any("whereabouts are withheld" in t.task.words for t in town.tasks("nobody-found"))


async def test_another_name_or_number_changes_neither_the_child_nor_what_is_owed() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    before = owed(town, "F13")
    later = child("Later", age=3)
    await town.publish(number_superseded(tom, later.nhs, reason="corrected"))
    tom.doc["nhs"] = later.nhs
    renamed = {"family": "Newname", "given": "Tom"}
    await town.publish(ed_discharged(Person(tom.id, tom.doc | {"name": renamed})))  # type: ignore[arg-type, operator]
    assert owed(town, "F13") == before
    await town.receipt(next(x for x in town.inbox("hv-north") if "F13" in x.flows), "acted")
    assert ("hv-north", "met") in owed(town, "F13")
    assert {x.child for x in town.inbox("hv-north")} == {tom.id}


async def test_a_clock_of_a_record_that_was_joined_to_another_passes_too() -> None:
    tom, twice = child("Tom", age=3), child("Tom", age=3)
    twice.doc["born"] = tom.doc["born"]
    town = Town(family(mother=adult(), children=[tom]), family(mother=adult(), children=[twice]))
    await town.publish(was_not_brought(tom))
    await town.publish(number_superseded(tom, twice.nhs, reason="duplicate-merged"))
    await town.publish(address_changed(twice, SOUTH))
    await town.receipt(town.letter("hv-south"), "acknowledged")
    assert ("hv-south", "running") in owed(town, "F13")


async def test_the_chronology_goes_to_the_new_team_and_stays_with_the_old_one_as_far_as_it_was_told() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    assert said(await read(town, tom, "hv-south")) == [NOT_THEIRS]
    await town.publish(address_changed(tom, SOUTH))
    await town.publish(dart_notified(tom))
    assert said(await read(town, tom, "hv-south")) == [
        "ed-attendance-discharged-1", "address-changed-1", "dart-notified-1",
    ]  # fmt: skip
    assert said(await read(town, tom, "hv-north")) == ["ed-attendance-discharged-1", "address-changed-1", NOT_THEIRS]


async def test_only_the_moving_childs_clocks_of_the_team_before_pass() -> None:
    tom, ann = child("Tom", age=3), child("Ann", age=2)
    town = Town(family(mother=adult(), children=[tom, ann]))
    await town.publish(was_not_brought(tom), was_not_brought(ann), left_before_treatment(tom))
    await town.publish(address_changed(tom, SOUTH))
    before = {c.clock.id: c for c in town.clocks()}
    assert any(c.clock.team == "pln" and c.state == "running" for c in before.values())
    await town.receipt(town.letter("hv-south"), "acknowledged")
    changed = [c for c in town.clocks() if c.clock.team != before[c.clock.id].clock.team]
    assert {(c.clock.child, before[c.clock.id].clock.team, c.clock.team) for c in changed} == {
        (tom.id, "hv-north", "hv-south")
    }
    assert all(c.due - before[c.clock.id].due == timedelta(0) for c in changed)


async def test_declined_by_all_the_child_stays_with_the_first_and_each_lead_hears_at_once() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH, time="2026-03-16T10:00:00+00:00"))
    await town.receipt(town.letter("hv-south"), "acted", outcome="declined")
    await town.advance(minutes=1)
    assert [e["unanswered_by"] for e in town.escalations("hv-lead", flow="A")] == ["HV SOUTH"]
    there = {"home_authority": BIRMINGHAM, "time": "2026-03-16T11:00:00+00:00"}
    await town.publish(address_changed(tom, "E05009999", **there))
    await town.receipt(town.letter("hv-birmingham"), "acted", outcome="declined")
    await town.advance(minutes=1)
    assert "HV BIRMINGHAM" in {e["unanswered_by"] for e in town.escalations("nn-birmingham", flow="A")}
    assert ("hv-north", "running") in owed(town, "F13"), "nobody has taken it, so it is whose it was"
    assert not owed(town, "F13") & {("hv-south", "running"), ("hv-birmingham", "running")}

    await town.advance(working_days=30)

    assert "HV NORTH" in {e["unanswered_by"] for e in town.escalations(flow="F13")}
    assert [t for t in town.tasks("unanswered") if t.task.child == tom.id], "it stays open for a person"
    assert (await town.ledger.reconcile()).faults == ()


async def test_who_declined_a_child_may_still_accept_it() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH))
    await town.receipt(town.letter("hv-south"), "acted", outcome="declined")
    await town.receipt(town.letter("hv-south"), "acknowledged")
    assert ("hv-south", "running") in owed(town, "F13")
    await town.advance(working_days=2)
    assert "HV SOUTH" not in {e["unanswered_by"] for e in town.escalations(flow="A")}


async def test_what_is_still_owed_stands_in_the_queue_of_the_team_that_accepted_by_acting() -> None:
    town, tom = home()
    await town.publish(was_not_brought(tom))
    await town.publish(address_changed(tom, SOUTH))
    letter = town.letter("hv-south")
    await town.receipt(letter, "acted", outcome="accepted")
    assert ("hv-south", "running") in owed(town, "F13")
    (waiting,) = town.queue("hv-south")
    assert (waiting.delivery.id, waiting.state) == (letter.id, "acted")
    await town.receipt(letter, "acted", outcome="follow-up-recorded")
    assert town.queue("hv-south") == [], "nothing is owed any more"
