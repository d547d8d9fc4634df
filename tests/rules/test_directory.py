"""The events that keep the directory true: what they change, for whom, and what no late or strange word may undo."""

from datetime import date
from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import (
    address_changed,
    birth_notified,
    cancel_of,
    caseload_changed,
    dart_notified,
    dart_outcome,
    ed_discharged,
    flag_changed,
    gp_changed,
    maternity_handover,
    number_superseded,
    parent_registered,
    pregnancy_notified,
    school_changed,
    update_of,
)
from tests.story_people import Family, Person, adult, caseload, child, family, flag, person, unborn
from tests.story_teams import CASTLE, DUDLEY, HAGLEY, NORTH, OUTSIDE, PRIMARY, SECONDARY, SOUTH

EARLY, LATE = "2026-02-01T09:00:00+00:00", "2026-03-01T09:00:00+00:00"


def one_child(age: int = 3, **more: Any) -> tuple[Person, Person, Town]:
    mother, tom = adult("Ada"), child("Tom", age=age, **more)
    return mother, tom, Town(family(mother=mother, children=[tom]))


async def told_of(town: Town, someone: Person) -> set[str]:
    """Who is told of an attendance from now on."""
    attended = ed_discharged(someone)
    await town.publish(attended)
    return town.told(attended)


# Practices


async def test_a_new_practice_is_told_from_then_on_and_the_old_one_is_not() -> None:
    _, tom, town = one_child()
    changed = gp_changed(tom, HAGLEY)
    await town.publish(changed)
    assert town.told(changed) == {"gp-castle", "gp-hagley"}, "the child is handed on, and nobody else is told"
    assert await told_of(town, tom) == {"gp-hagley", "hv-north", "pln"}


async def test_a_practice_out_of_the_area_brings_in_its_health_visitors() -> None:
    _, tom, town = one_child()
    await town.publish(gp_changed(tom, OUTSIDE))
    assert await told_of(town, tom) == {"gp-birmingham", "hv-north", "hv-birmingham", "pln"}


async def test_leaving_every_practice_makes_the_gp_a_task() -> None:
    _, tom, town = one_child()
    await town.publish(gp_changed(tom, None))
    assert await told_of(town, tom) == {"hv-north", "pln"}
    assert [t.task.service for t in town.tasks("nobody-found")] == ["GP", "GP"], "for the hand-on, and the attendance"


async def test_an_older_word_that_comes_late_never_overwrites_a_newer_one() -> None:
    _, tom, town = one_child()
    await town.publish(gp_changed(tom, HAGLEY, time=LATE))
    await town.publish(gp_changed(tom, OUTSIDE, time=EARLY))
    assert town.file(tom)["practice"] == HAGLEY


async def test_a_correction_of_the_record_that_wrote_it_is_newer_whatever_its_date() -> None:
    _, tom, town = one_child()
    first = gp_changed(tom, HAGLEY, time=LATE)
    await town.publish(first)
    await town.publish(update_of(first, practice=OUTSIDE))
    assert town.file(tom)["practice"] == OUTSIDE


async def test_a_registration_taken_back_gives_back_what_was_there() -> None:
    _, tom, town = one_child()
    wrong = gp_changed(tom, HAGLEY)
    await town.publish(wrong)
    await town.publish(cancel_of(wrong))
    assert town.file(tom)["practice"] == CASTLE


async def test_a_corrected_record_taken_back_gives_back_what_was_there_before_its_first_version() -> None:
    """And not what the first version said in error: the child would be a practice's that was never its own."""
    _, tom, town = one_child()
    wrong = gp_changed(tom, HAGLEY)
    await town.publish(wrong)
    await town.publish(update_of(wrong, practice=OUTSIDE))
    await town.publish(cancel_of(wrong))
    assert town.file(tom)["practice"] == CASTLE
    assert await told_of(town, tom) == {"gp-castle", "hv-north", "pln"}


async def test_a_practice_that_once_said_not_ours_is_asked_again_when_the_child_registers_there() -> None:
    _, tom, town = one_child(not_ours=["gp-hagley", "hv-north"])
    await town.publish(gp_changed(tom, HAGLEY))
    assert "gp-hagley" in await told_of(town, tom)
    assert town.file(tom)["not_ours"] == ["hv-north"]


async def test_a_heartbeat_changes_nobodys_file() -> None:
    _, tom, town = one_child()
    await town.publish(gp_changed(tom, HAGLEY, testevent=True))
    assert town.file(tom)["practice"] == CASTLE


# Schools


async def test_a_new_school_and_no_school_at_all() -> None:
    _, ann, town = one_child(age=9)
    await town.publish(school_changed(ann, SECONDARY))
    assert "sn-south" in await told_of(town, ann)
    await town.publish(school_changed(ann, None, "not-in-education"))
    assert "sn-north" in await told_of(town, ann), "in no school: the nurses of the home"
    assert town.file(ann)["education"] == "not-in-education"
    assert "school" not in town.file(ann)


# Addresses and households


async def test_a_move_changes_the_team_and_those_who_live_there_move_along() -> None:
    mother, tom, town = one_child()
    await town.publish(address_changed(tom, SOUTH, mother))
    assert await told_of(town, tom) == {"gp-castle", "hv-south", "pln"}
    assert town.file(mother)["area"] == SOUTH
    assert town.file(mother)["household"] == town.file(tom)["household"]


async def test_families_that_move_together_become_one_and_an_adults_events_reach_all_the_children() -> None:
    mother, tom = adult("Ada"), child("Tom", age=3)
    partner, bea = adult("Lee"), child("Bea", age=8)
    town = Town(family(mother=mother, children=[tom]), family(father=partner, children=[bea], area=SOUTH))
    await town.publish(address_changed(mother, NORTH, tom, partner, bea, role="adult"))
    registered = parent_registered(partner)
    await town.publish(registered)
    assert town.told(registered, about=tom) == {"hv-north", "gp-castle"}
    assert town.told(registered, about=bea) == {"sn-north", "gp-castle"}


async def test_history_goes_with_a_child_to_another_familys_file() -> None:
    mother, tom, town = one_child()
    gran = adult("Gran", age=60)
    town = Town(family(mother=mother, children=[tom]), family(mother=gran))
    await town.publish(ed_discharged(tom, time=EARLY))
    await town.publish(address_changed(tom, SOUTH, gran))
    await town.publish(ed_discharged(tom))
    handed, attended = town.inbox("hv-south")
    for letter in (handed, attended):
        assert letter["context"]["earlier"][0]["dates"] == ["2026-02-01"]


async def test_a_restricted_address_clears_area_authority_and_practice_and_hides_every_relation() -> None:
    mother, tom, town = one_child(services=[{"service": "CSC", "team": "social-care", "since": "2025-01-01"}])
    await town.publish(address_changed(mother, None, tom, role="mother", by="csc"))
    for one in (mother, tom):
        file = town.file(one)
        assert file["restricted"] is True
        assert {"area", "authority", "practice"}.isdisjoint(file)
        assert NORTH not in str(file), "not even as what was there before"
    attended = ed_discharged(tom)
    await town.publish(attended)
    assert town.told(attended) == {"pln"}
    assert town.letter("pln")["relation"] == "a team with a current part in the child's care"
    assert all("withheld" in t.task.words for t in town.tasks("nobody-found"))


async def test_two_families_of_one_refuge_have_nothing_to_do_with_each_other() -> None:
    mother, tom = adult("Ada"), child("Tom", age=3)
    other, bea = adult("Bo"), child("Bea", age=3)
    town = Town(family(mother=mother, children=[tom]), family(mother=other, children=[bea]))
    await town.publish(address_changed(mother, None, tom, other, bea, role="mother", by="csc"))
    assert "restricted" not in town.file(other)
    await town.publish(parent_registered(mother))
    assert town.told(about=bea) == set()


async def test_being_listed_by_somebody_lifts_no_restriction_and_tells_no_place() -> None:
    mother, tom, father = adult("Ada"), child("Tom", age=3), adult("Al")
    town = Town(family(mother=mother, father=father, children=[tom]))
    await town.publish(address_changed(mother, None, tom, role="mother", by="csc"))
    await town.publish(address_changed(father, SOUTH, mother, tom, role="father", by="pds"))
    for one in (mother, tom):
        assert town.file(one)["restricted"] is True
        assert "area" not in town.file(one)
    assert town.file(father)["area"] == SOUTH


@pytest.mark.parametrize(("by", "lifted"), [("hv", False), ("gp", False), ("csc", True), ("pds", True)])
async def test_only_those_who_may_lift_a_restriction_lift_it_and_others_make_it_a_persons_task(
    by: str, lifted: bool
) -> None:
    _, tom, town = one_child()
    await town.publish(address_changed(tom, None, by="pds"))
    await town.publish(address_changed(tom, SOUTH, by=by))
    assert ("restricted" not in town.file(tom)) is lifted
    assert bool(town.tasks("match")) is not lifted


async def test_a_practice_told_late_from_before_the_flight_is_not_taken() -> None:
    _, tom, town = one_child()
    await town.publish(address_changed(tom, None, by="pds", time=LATE))
    await town.publish(gp_changed(tom, HAGLEY, time=EARLY))
    assert "practice" not in town.file(tom)
    await town.publish(gp_changed(tom, HAGLEY))
    assert town.file(tom)["practice"] == HAGLEY, "a newer one is used for routing, and never shown"


async def test_a_restriction_taken_back_stays_until_a_person_says_otherwise() -> None:
    _, tom, town = one_child()
    hidden = address_changed(tom, None, by="pds")
    await town.publish(hidden)
    await town.publish(cancel_of(hidden))
    assert town.file(tom)["restricted"] is True
    assert len(town.tasks("match")) == 1


async def test_a_restriction_that_was_corrected_to_an_open_address_is_back_when_the_correction_is_taken_back() -> None:
    _, tom, town = one_child()
    hidden = address_changed(tom, None, by="csc")
    await town.publish(hidden)
    await town.publish(
        update_of(hidden, restricted=False, residence=SOUTH, home_authority=DUDLEY, subjects=[tom.subject()])
    )
    assert (town.file(tom)["area"], "restricted" in town.file(tom)) == (SOUTH, False)
    await town.publish(cancel_of(hidden))
    assert town.file(tom)["restricted"] is True
    assert "area" not in town.file(tom)


async def test_an_unborn_child_lives_where_its_mother_does_and_what_an_old_team_said_of_it_is_over() -> None:
    """Else abuse in the home that she left would concern it, and who said 'not ours' there would never hear of it."""
    ada, baby = adult("Ada"), unborn(not_ours=["hv-south"], redirected={"HV": "hv-birmingham"})
    town = Town(family(mother=ada, children=[baby]))
    was = town.file(baby)["household"]
    moved = address_changed(ada, SOUTH, role="mother")
    await town.publish(moved)
    assert town.file(baby)["household"] == town.file(ada)["household"] != was
    assert not {"not_ours", "redirected"} & town.file(baby).keys()
    assert town.told(moved, about=baby) == {"hv-south", "hv-birmingham"}
    await town.publish(cancel_of(moved))
    assert town.file(baby)["household"] == town.file(ada)["household"] == was


# Caseloads


async def test_a_team_that_takes_a_child_on_is_told_and_one_that_lets_go_is_not() -> None:
    _, tom, town = one_child()
    await town.publish(caseload_changed(tom, "HV", "hv-south", by="hv", time=EARLY, since="2026-02-01"))
    assert "hv-south" in await told_of(town, tom)
    await town.publish(caseload_changed(tom, "HV", "hv-south", by="hv", ended=True, time=LATE, since="2026-03-01"))
    assert "hv-north" in await told_of(town, tom)
    assert town.file(tom)["services"] == [
        {"service": "HV", "team": "hv-south", "since": "2026-02-01", "until": "2026-03-01"}
    ]


async def test_taking_a_child_on_takes_back_that_it_was_not_theirs_and_what_was_redirected() -> None:
    _, tom, town = one_child(not_ours=["hv-north"], redirected={"HV": "hv-birmingham"})
    await town.publish(caseload_changed(tom, "HV", "hv-north", by="hv"))
    assert await told_of(town, tom) == {"gp-castle", "hv-north", "pln"}
    assert "redirected" not in town.file(tom)


async def test_a_handover_between_teams_may_come_in_any_order() -> None:
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)):
        _, tom, town = one_child()
        took = caseload_changed(tom, "HV", "hv-north", by="hv", time="2026-01-01T09:00:00+00:00")
        let_go = caseload_changed(tom, "HV", "hv-north", by="hv", ended=True, time=EARLY)
        next_one = caseload_changed(tom, "HV", "hv-south", by="hv", time="2026-02-02T09:00:00+00:00")
        events = (took, let_go, next_one)
        for at in order:
            await town.publish(events[at])
        assert town.file(tom)["caseload"]["HV"]["team"] == "hv-south", order


async def test_an_ending_told_in_error_and_taken_back_leaves_the_child_with_its_team() -> None:
    _, tom, town = one_child()
    await town.publish(caseload_changed(tom, "HV", "hv-south", by="hv", time=EARLY, since="2026-02-01"))
    was = town.file(tom)["caseload"], town.file(tom)["services"]
    ended = caseload_changed(tom, "HV", "hv-south", by="hv", ended=True, time=LATE, since="2026-03-01")
    await town.publish(ended)
    await town.publish(cancel_of(ended))
    assert (town.file(tom)["caseload"], town.file(tom)["services"]) == was
    assert "hv-south" in await told_of(town, tom)


async def test_a_child_taken_on_in_error_goes_back_to_whoever_held_it() -> None:
    _, tom, town = one_child(caseload=caseload("HV", "hv-south"), not_ours=["hv-north"])
    took = caseload_changed(tom, "HV", "hv-north", by="hv")
    await town.publish(took)
    await town.publish(cancel_of(took))
    assert town.file(tom)["caseload"] == caseload("HV", "hv-south")
    assert town.file(tom)["not_ours"] == ["hv-north"]
    assert "services" not in town.file(tom), "the team that never had the child is not involved"


async def test_a_corrected_team_is_the_only_one_that_holds_the_child() -> None:
    """And the one named in error is no service that works with the child: flags would be told to it for ever."""
    _, tom, town = one_child(age=9)
    took = caseload_changed(tom, "CSC", "social-care", by="csc")
    await town.publish(took)
    await town.publish(update_of(took, service="LACT", team="looked-after"))
    assert list(town.file(tom)["caseload"]) == ["LACT"]
    assert [s["team"] for s in town.file(tom)["services"]] == ["looked-after"]
    flagged = flag_changed(tom, "child-protection-plan")
    await town.publish(flagged)
    assert town.told(flagged) == {"looked-after", "sn-north", "gp-castle"}


async def test_taking_back_an_old_record_leaves_the_child_with_the_team_that_took_it_on_since() -> None:
    _, tom, town = one_child()
    first = caseload_changed(tom, "HV", "hv-south", by="hv", time=EARLY)
    await town.publish(first, caseload_changed(tom, "HV", "hv-birmingham", by="hv", time=LATE))
    await town.publish(cancel_of(first))
    assert town.file(tom)["caseload"]["HV"]["team"] == "hv-birmingham"
    assert [s["team"] for s in town.file(tom)["services"]] == ["hv-birmingham"]


async def test_a_holder_that_was_itself_a_mistake_or_has_let_go_is_not_given_the_child_back() -> None:
    for then in ("cancelled", "ended"):
        _, tom, town = one_child()
        first = caseload_changed(tom, "HV", "hv-south", by="hv", time=EARLY)
        second = caseload_changed(tom, "HV", "hv-birmingham", by="hv", time=LATE)
        await town.publish(first, second)
        end = caseload_changed(tom, "HV", "hv-south", by="hv", ended=True, time=LATE)
        await town.publish(cancel_of(first) if then == "cancelled" else end)
        await town.publish(cancel_of(second))
        assert "caseload" not in town.file(tom), then
        assert "hv-north" in await told_of(town, tom), "who is found by the home address"


async def test_a_team_that_the_directory_does_not_have_is_a_persons_task_and_no_black_hole() -> None:
    _, tom, town = one_child()
    await town.publish(caseload_changed(tom, "HV", "hv-nowhere", by="hv"))
    assert "hv-north" in await told_of(town, tom)
    assert len(town.tasks("match")) == 1


# Births


async def test_the_file_and_the_clocks_of_the_unborn_child_follow_the_baby() -> None:
    mother, bump = adult("Ada"), unborn(weeks=38, flags=[flag("unborn-plan")])
    town = Town(family(mother=mother, children=[bump]))
    notified = dart_notified([], mother, pregnant="yes", earlier_notifications={"absent": "none"})
    await town.publish(notified)
    baby = person("Bo", born=bump_day())
    await town.publish(birth_notified(mother, baby))

    file = town.file(bump)
    assert (file["nhs"], file["born"], file["name"]) == (baby.nhs, baby.doc["born"], baby.doc["name"])
    assert "expected" not in file
    letter = town.letter("hv-north")
    assert letter.child == bump.id
    assert letter["child"]["nhs_number"] == baby.nhs
    assert [f["kind"] for f in letter["flags"]] == ["unborn-plan"]

    await town.publish(dart_outcome(notified, subjects=[baby.subject(), mother.subject("mother")]))
    assert [c.state for c in town.clocks(child=bump) if c.clock.needs == "happen"] == ["met"]
    await town.publish(dart_notified([baby], earlier_notifications={"absent": "none"}))
    assert "mash" in town.told(about=bump), "what happened before the birth is the baby's past"


def bump_day() -> date:
    return date(2026, 3, 15)


async def test_twins_are_two_and_share_what_was_before_the_birth_alone() -> None:
    mother, bump = adult("Ada"), unborn(weeks=38)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(dart_notified([], mother, pregnant="yes", time=EARLY, earlier_notifications={"absent": "none"}))
    first, second = person("Bo", born=bump_day()), person("Jo", born=bump_day())
    await town.publish(birth_notified(mother, first, second))
    ids = {letter["child"]["nhs_number"]: letter.child for letter in town.inbox("hv-north")}
    assert ids[first.nhs] == bump.id != ids[second.nhs]

    await town.publish(ed_discharged(first))
    await town.publish(ed_discharged(second))
    told = town.inbox("hv-north")[-1]
    assert told.child == ids[second.nhs]
    assert [e["what"] for e in told["context"]["earlier"]] == ["domestic-abuse notification"], "not the twin's"


async def test_a_baby_without_a_number_is_known_by_its_mother_and_gets_its_number_later() -> None:
    mother, bump = adult("Ada"), unborn(weeks=38)
    town = Town(family(mother=mother, children=[bump]))
    baby = person("Bo", born=bump_day())
    number = baby.doc.pop("nhs")
    await town.publish(birth_notified(mother, baby, by="midwives"))
    assert town.tasks("match") == []
    assert town.file(bump)["born"] == "2026-03-15"
    baby.doc["nhs"] = number
    await town.publish(birth_notified(mother, baby, by="pds"))
    assert town.file(bump)["nhs"] == number
    assert {x.child for x in town.inbox("hv-north")} == {bump.id}, "told twice, one baby"


async def test_a_baby_seen_before_its_birth_was_told_takes_over_the_unborn_childs_past_and_clocks() -> None:
    mother, bump = adult("Ada"), unborn(weeks=38)
    town = Town(family(mother=mother, children=[bump]))
    notified = dart_notified([], mother, pregnant="yes", earlier_notifications={"absent": "none"})
    await town.publish(notified)
    baby = person("Bo", born=bump_day())
    await town.publish(maternity_handover(mother, baby, first_time_mother="no"))
    early = town.letter("hv-north").child
    assert early != bump.id
    await town.publish(birth_notified(mother, baby))
    assert town.file(bump)["same_as"] == early
    await town.publish(dart_outcome(notified, subjects=[baby.subject(), mother.subject("mother")]))
    assert [c.state for c in town.clocks(child=bump) if c.clock.needs == "happen"] == ["met"]
    await town.publish(parent_registered(mother))
    registered = [x for x in town.inbox("gp-castle") if x["event"]["type"].startswith("parent")]
    assert {x.child for x in registered} <= {early}


async def test_of_a_baby_with_no_practice_the_mothers_is_told_and_says_so() -> None:
    mother, bump = adult("Ada"), unborn(weeks=38)
    town = Town(family(mother=mother, children=[bump], practice=OUTSIDE))
    baby = person("Bo", born=bump_day())
    await town.publish(birth_notified(mother, baby))
    assert town.told() == {"hv-north", "hv-birmingham", "gp-birmingham"}
    assert town.letter("gp-birmingham")["relation"] == "the practice where the mother is registered"


async def test_a_lost_baby_is_marked_and_counted_among_nobodys_children() -> None:
    mother, bump = adult("Ada"), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    lost = [{"order": 1, "outcome": "stillbirth", "born_at": "2026-03-15T02:00:00+00:00"}]
    await town.publish(birth_notified(mother, babies=lost))
    assert town.file(bump)["died"] == "2026-03-15"
    registered = parent_registered(mother)
    await town.publish(registered)
    assert town.told(registered) == set()


async def test_a_new_pregnancy_after_a_birth_is_another_child() -> None:
    mother, bump = adult("Ada"), unborn(weeks=38, pregnancy="p-1")
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(birth_notified(mother, person("Bo", born=bump_day())))
    again = pregnancy_notified(mother, pregnancy_id="p-2", expected_date="2027-01-10")
    await town.publish(again)
    assert town.told(again, about=bump) == set()
    assert town.told(again)


# NHS numbers


async def test_both_numbers_find_the_person_after_one_was_superseded() -> None:
    _, tom, town = one_child(age=9)
    await town.publish(ed_discharged(tom, time=EARLY))
    new = person("Spare").nhs
    await town.publish(number_superseded(tom, new, reason="corrected"))
    assert town.file(tom)["nhs"] == new
    assert town.file(tom)["formerly"] == [tom.nhs]
    for number in (tom.nhs, new):
        attended = ed_discharged(tom, subjects=[tom.subject(nhs_number=number)])
        await town.publish(attended)
        assert {x.child for x in town.inbox("sn-north") if x["event"]["id"] == attended.id} == {tom.id}


async def test_two_records_of_one_child_become_one_with_both_pasts_and_the_stricter_address() -> None:
    tom, again = child("Tom", age=9), child("Tom", age=9, flags=[flag()])
    again.doc["born"] = tom.doc["born"]
    town = Town(family(mother=adult(), children=[tom], restricted=True), family(mother=adult(), children=[again]))
    await town.publish(flag_changed(tom, "cse-risk"))
    await town.publish(number_superseded(tom, again.nhs, reason="duplicate-merged"))
    file = town.file(again)
    assert {f["kind"] for f in file["flags"]} == {"child-protection-plan", "cse-risk"}
    assert file["restricted"] is True
    assert "area" not in file
    assert town.file(tom) == {"nhs": tom.nhs, "born": tom.doc["born"], "same_as": again.id}


@pytest.mark.parametrize("reason", ["adopted", "gender-reassigned", {"absent": "not-recorded"}])
async def test_an_adoption_or_a_new_identity_is_joined_by_no_machine_and_named_to_nobody(reason: Any) -> None:
    _, tom, town = one_child()
    new = person("Spare").nhs
    await town.publish(number_superseded(tom, new, reason=reason))
    assert town.file(tom)["nhs"] == tom.nhs
    (task,) = town.tasks("match")
    assert "adopt" not in task.task.words
    assert task.task.child is None
    newborn = ed_discharged(tom, subjects=[tom.subject(nhs_number=new)])
    await town.publish(newborn)
    assert not [x for x in town.inboxes.of("summary") if x["event"]["id"] == newborn.id and x.child == tom.id]


async def test_what_a_person_decides_about_two_numbers_is_done() -> None:
    _, tom, town = one_child()
    new = person("Spare").nhs
    await town.publish(number_superseded(tom, new, reason={"absent": "not-recorded"}))
    (task,) = town.tasks("match")
    await town.decide_again(task.task.id, person=tom.id)
    attended = ed_discharged(tom, subjects=[tom.subject(nhs_number=new)])
    await town.publish(attended)
    bearer = {x.child for x in town.inboxes.of("summary") if x["event"]["id"] == attended.id}
    assert bearer == {town.file(tom)["same_as"]}


async def test_numbers_of_two_birth_dates_are_not_joined() -> None:
    tom, other = child("Tom", age=9), child("Other", age=8)
    town = Town(family(mother=adult(), children=[tom]), family(mother=adult(), children=[other]))
    await town.publish(number_superseded(tom, other.nhs, subjects=[other.subject()], reason="duplicate-merged"))
    assert town.file(tom)["nhs"] == tom.nhs
    assert len(town.tasks("match")) == 1


async def test_nothing_of_all_this_leaves_the_ledger_unbalanced() -> None:
    mother, tom, town = one_child(caseload=caseload("HV", "hv-south"))
    for said in (
        gp_changed(tom, HAGLEY), school_changed(tom, PRIMARY), address_changed(tom, None, mother),
        caseload_changed(tom, "HV", "hv-north", by="hv"),
        number_superseded(tom, person("Spare").nhs, reason="corrected"),
    ):  # fmt: skip
        await town.publish(said)
    assert (await town.ledger.reconcile()).faults == ()
    assert isinstance(Family([tom]).doc, dict)


@pytest.mark.parametrize("known", [True, False])
async def test_a_new_number_that_is_not_the_bearers_own_is_a_persons_decision(known: bool) -> None:
    """Whoever was found by a third number would be given one that may be another child's."""
    tom, kim = child("Tom"), child("Kim")
    town = Town(family(children=[tom]), family(children=[kim]))
    wrong = kim.nhs if known else person("Spare").nhs
    old = person("Once").nhs

    await town.publish(number_superseded(tom, wrong, old=old, subjects=[tom.subject()], reason="corrected"))

    assert (town.file(tom)["nhs"], town.file(kim)["nhs"]) == (tom.nhs, kim.nhs)
    assert "formerly" not in town.file(tom)
    (task,) = town.tasks("match")
    assert "named by another" in task.task.words
    assert tom.nhs not in task.task.words
