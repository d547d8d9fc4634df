"""F25 (4.1, 5.1.3, R1.2): the looked-after health team hears of a placement in time, whoever else works with the child
too, and the initial health assessment has its twenty working days from the day the child became looked after.

Before: "timely notification from social care" had failed, and in March 2016 only 57% of assessments were on time."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from router.policy.working_time import LONDON
from tests.stories import Town
from tests.story_events import (
    address_changed,
    cancel_of,
    ed_attendance,
    ed_discharged,
    flag_changed,
    pregnancy_notified,
    update_of,
)
from tests.story_looked_after_events import HIDDEN, OUT_OF_AREA, assessed, assessment_paused, hidden, placement_changed
from tests.story_pages import reads_in_order
from tests.story_people import MORNING, Family, Person, adult, caseload, child, family, unborn
from tests.story_teams import BIRMINGHAM, CASTLE, DUDLEY, SOUTH, directory

INITIAL = "the initial health assessment is completed"
FORGOTTEN = "a health assessment that was held up is taken up again"
REVIEW = "the next review health assessment is completed"
IDENTITY = ("ethnicity", "languages", "faith", "disability")


def home(age: int = 9, **more: Any) -> tuple[Person, Family]:
    kit = child("Kit", age=age, **more)
    return kit, family(mother=adult("Tam"), children=[kit])


def running(town: Town, words: str) -> list[Any]:
    return [c for c in town.clocks() if c.clock.words == words and c.state == "running"]


async def test_the_health_team_and_all_who_see_the_child_hear_of_it_with_what_an_assessment_needs() -> None:
    kit, folk = home()
    town = Town(folk)
    said = placement_changed(kit, faith="Sikh", disability="Uses hearing aids.", choice_of_venue="Not at school.")

    await town.publish(said)

    assert town.told(said) == {"looked-after", "gp-castle", "sn-north", "camhs"}
    for team in ("looked-after", "sn-north"):
        letter = town.letter(team)
        assert letter["what_happened"]["placement"] == "foster-carers"
        assert letter["what_happened"]["in_area"] == "in-area"
        assert letter["context"]["faith"] == "Sikh"
        assert letter["context"]["disability"] == "Uses hearing aids."
        assert letter["context"]["ethnicity"]
        assert letter["context"]["languages"] == ["English"]
        assert letter["voice_of_child"]["choice_of_venue"] == "Not at school."
        assert letter["context"]["assessment_consent"]["agreement"]["answer"] == "given"
    page = reads_in_order(town.letter("looked-after"))
    assert "Arrange the health assessment at the place the child wants" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Where the child wants to be seen: Not at school." in page["VOICE OF THE CHILD"]
    assert "In or out of area: in area" in page["WHAT HAPPENED"]


async def test_a_placed_child_is_looked_after_for_every_row_though_nobody_raised_the_flag() -> None:
    """An injury goes to MASH, and at 16 every attendance to the looked-after nurse; after care neither."""
    kit, folk = home(age=16)
    town = Town(folk)
    await town.publish(placement_changed(kit))
    hurt = ed_discharged(kit)
    await town.publish(hurt)
    assert {"mash", "looked-after"} <= town.told(hurt)

    await town.publish(placement_changed(kit, "left-care", left_to="returned-home", changed_on="2026-03-16"))
    later = ed_discharged(kit)
    await town.publish(later)
    assert not {"mash", "looked-after"} & town.told(later)


def live(town: Town) -> list[Any]:
    """The flags in the last answer to the department."""
    return list(town.status("ed", "live-flags")[-1]["flags"])


async def test_the_department_is_answered_that_a_placed_child_is_looked_after_though_nobody_raised_the_flag() -> None:
    """'flags: []' is read as: not looked after. Since when is the placement's; whom to ring is the directory's."""
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, looked_after_since="2026-03-02"))
    hurt = ed_attendance(kit)
    await town.publish(hurt)
    told = {
        "kind": "looked-after", "since": "2026-03-02", "authority": DUDLEY, "contact": "01632 960100 (SOCIAL CARE)",
    }  # fmt: skip
    assert live(town) == [told]
    assert next(x for x in town.inbox("pln") if x["event"]["id"] == hurt.id)["flags"] == [told]

    await town.publish(flag_changed(kit, "looked-after", since="2026-03-05"))
    await town.publish(ed_attendance(kit))
    (flagged,) = live(town)
    assert (flagged["since"], set(flagged["contact"])) == ("2026-03-05", {"team", "day", "night"})

    await town.publish(flag_changed(kit, "looked-after", "ended", since="2026-03-05"))
    await town.publish(ed_attendance(kit))
    assert live(town) == [told], "the mark was taken off, and the placement stands: the rows have it so as well"

    await town.publish(placement_changed(kit, "left-care", left_to="returned-home", changed_on="2026-03-16"))
    await town.publish(ed_attendance(kit))
    assert live(town) == []


async def test_no_number_is_made_up_for_an_authority_that_the_directory_does_not_have() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, responsible_authority="E08000031"))
    await town.publish(ed_attendance(kit))
    (told,) = live(town)
    assert told["contact"].startswith("not told with the placement")
    assert told["authority"] == "E08000031"


async def test_a_mother_who_is_a_placed_child_is_looked_after_in_what_her_babys_people_read() -> None:
    tia = child("Tia", age=16)
    town = Town(family(mother=tia, children=[unborn()]))
    await town.publish(placement_changed(tia))
    booked = pregnancy_notified(tia)
    await town.publish(booked)
    letters = [x for x in town.inboxes.of("summary") if x["event"]["id"] == booked.id and x["flags"]]
    assert letters
    assert all([(f["kind"], f["of"]) for f in x["flags"]] == [("looked-after", "the mother")] for x in letters)


async def test_a_small_child_is_the_health_visitors_and_not_the_school_nurses() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    await town.publish(placement_changed(bea))
    assert town.told() == {"looked-after", "gp-castle", "hv-south", "hv-north", "camhs"}, "she lives in the south now"


async def test_camhs_is_told_what_it_needs_to_support_the_placement_and_no_more() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, choice_of_venue="CANARY-VENUE"))
    letter = town.letter("camhs")
    assert "assessment_consent" not in letter["context"]
    assert b"CANARY-VENUE" not in letter.raw
    assert letter.withheld["Where the child wants to be seen"].startswith("not needed")


@pytest.mark.parametrize("field", IDENTITY)
async def test_what_was_not_asked_goes_back_to_social_care_and_none_is_an_answer(field: str) -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, **{f: {"absent": "none"} for f in IDENTITY}))
    assert town.status("csc", "quality") == []
    await town.publish(placement_changed(kit, **{field: {"absent": "not-asked"}}))
    (feedback,) = town.status("csc", "quality")
    assert [p["path"] for p in feedback["problems"]] == [f"data.{field}"]
    assert field in {m["field"] for m in town.inbox("looked-after")[1]["context"]["quality"]}


async def test_a_young_person_who_was_given_no_choice_of_place_is_marked_and_a_toddler_is_not() -> None:
    for age, marked in ((11, True), (10, False)):
        one, folk = home(age=age)
        town = Town(folk)
        await town.publish(placement_changed(one, choice_of_venue={"absent": "not-asked"}))
        assert bool(town.status("csc", "quality")) is marked


# The clock


async def test_the_assessment_is_due_twenty_working_days_after_the_day_itself_over_easter() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    (clock,) = running(town, INITIAL)
    assert clock.due.isoformat() == "2026-04-15T16:00:00+00:00", "Good Friday and Easter Monday are no working days"


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, True), (1, True)])
async def test_the_twentieth_working_day_is_in_time_until_it_closes(seconds: int, late: bool) -> None:
    """Of the day on which a child became looked after nobody knows the hour: the last day is not over at nine."""
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    closes = datetime(2026, 4, 15, 17, tzinfo=LONDON)
    await town.advance(minutes=(closes - town.hands.now).total_seconds() / 60 + seconds / 60)
    assert (INITIAL in {e["words"] for e in town.escalations()}) is late
    await town.publish(assessed(kit))
    assert {c.state for c in town.clocks() if c.clock.words == INITIAL} == {"met"}


async def test_from_a_day_on_which_nobody_works_the_twenty_days_begin_with_the_next_working_day() -> None:
    for since, due in (("2026-03-14", "2026-04-15T08:00:00+00:00"), ("2026-03-13", "2026-04-14T16:00:00+00:00")):
        kit, folk = home()
        town = Town(folk)
        await town.publish(placement_changed(kit, looked_after_since=since, changed_on=since))
        (clock,) = running(town, INITIAL)
        assert clock.due.isoformat() == due, "Saturday and Sunday count for nothing: Monday is the first of the twenty"


async def test_the_clock_runs_from_the_day_however_late_the_notice_and_the_lateness_is_itself_on_record() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, looked_after_since="2026-02-23", changed_on="2026-02-23"))
    (clock,) = running(town, INITIAL)
    assert clock.due.isoformat() == "2026-03-23T17:00:00+00:00", (
        "six working days are left of twenty, today's among them"
    )
    (feedback,) = town.status("csc", "quality")
    assert [p["path"] for p in feedback["problems"]] == ["data.looked_after_since"]
    assert "notice within five working days" in feedback["problems"][0]["message"]
    assert "notice within five working days" in town.letter("looked-after").page
    kinds = {h.type for _, h in town.ledger.store.happened[kit.id]}
    assert "late placement-changed-1" in kinds


@pytest.mark.parametrize(
    ("since", "hour", "late"),
    [("2026-03-09", 9, False), ("2026-03-09", 23, False), ("2026-03-06", 0, True), ("2026-03-06", 9, True)],
)
async def test_five_working_days_are_in_time_to_their_last_hour_and_six_are_not(
    since: str, hour: int, late: bool
) -> None:
    kit, folk = home()
    town = Town(folk, at=MORNING.replace(hour=hour))
    await town.publish(placement_changed(kit, looked_after_since=since, changed_on=since))
    assert bool(town.status("csc", "quality")) is late
    assert bool([h for _, h in town.ledger.store.happened[kit.id] if h.type.startswith("late ")]) is late


@pytest.mark.parametrize(("since", "late"), [("2026-03-16", False), ("2026-03-02", True)])
async def test_a_correction_weeks_later_makes_no_notice_late_and_none_timely(since: str, late: bool) -> None:
    kit, folk = home()
    town = Town(folk)
    first = placement_changed(kit, looked_after_since=since, changed_on=since)
    await town.publish(first)
    assert len(town.status("csc", "quality")) == int(late)
    await town.advance(working_days=12)
    await town.publish(update_of(first, legal_status="care-order"))
    assert len(town.status("csc", "quality")) == 2 * late
    assert bool([h for _, h in town.ledger.store.happened[kit.id] if h.type.startswith("late ")]) is late


async def test_a_notice_that_comes_after_the_twenty_days_is_chased_at_once() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, looked_after_since="2026-02-13", changed_on="2026-02-13"))
    await town.advance(minutes=1)
    assert [e.team for e in town.escalations(flow="F25")] == ["looked-after"]


async def test_with_no_assessment_the_team_hears_then_the_named_nurse_then_a_task_stays() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, disability="CANARY-DISABILITY"))
    for team in ("looked-after", "sn-north"):
        await town.receipt(town.letter(team), "acknowledged")
        await town.receipt(town.letter(team), "filed", record_ref="r/1")

    await town.advance(working_days=20)
    assert town.escalations() == [], "no receipt stands for an assessment, and none is late yet"
    await town.advance(working_hours=8)
    (first,) = town.escalations()
    assert (first.team, first["words"], first["flow"]) == ("looked-after", INITIAL, "F25")
    assert b"CANARY" not in first.raw
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations()] == ["looked-after", "nn-community"]
    await town.advance(working_days=5)
    (task,) = town.tasks("unanswered")
    assert (task.task.owner, task.task.child) == ("nn-community", kit.id)


async def test_an_assessment_ends_the_wait_and_one_of_another_kind_or_another_care_does_not() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.publish(assessed(kit, "review"), assessed(kit, care_id="care-of-long-ago"))
    assert len(running(town, INITIAL)) == 1
    await town.publish(assessed(kit))
    assert running(town, INITIAL) == []


async def test_an_assessment_taken_back_is_waited_for_again() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    mistaken = assessed(kit)
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert len(running(town, INITIAL)) == 1
    assert running(town, REVIEW) == []


async def test_a_child_who_leaves_care_before_it_is_waited_for_no_more() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.publish(placement_changed(kit, "left-care", left_to="returned-home", changed_on="2026-03-20"))
    assert running(town, INITIAL) == []
    await town.advance(working_days=40)
    assert INITIAL not in {e["words"] for e in town.escalations()}


async def test_a_move_starts_no_second_clock_unless_nothing_was_told_before() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.publish(placement_changed(kit, "moved", placement_id="second", changed_on="2026-03-18"))
    assert len(running(town, INITIAL)) == 1
    bea, other = home(age=2)
    town = Town(other)
    moved = placement_changed(bea, "moved", looked_after_since="2026-03-02")
    await town.publish(moved)
    (clock,) = running(town, INITIAL)
    assert clock.due.isoformat() == "2026-03-30T16:00:00+00:00"
    await town.publish(update_of(moved, looked_after_since="2026-03-03"))
    (clock,) = running(town, INITIAL)
    assert clock.due.isoformat() == "2026-03-31T16:00:00+00:00", "a corrected day moves the clock"


@pytest.mark.parametrize(("age", "due"), [(3, "2026-09-30"), (9, "2027-03-30")])
async def test_the_next_review_is_due_six_months_on_under_five_and_a_year_on_from_then(age: int, due: str) -> None:
    kit, folk = home(age=age)
    town = Town(folk)
    await town.publish(placement_changed(kit), assessed(kit, completed_on="2026-03-30"))
    (clock,) = running(town, REVIEW)
    assert clock.due.date().isoformat() == due


async def test_each_review_ends_the_wait_for_it_and_starts_the_next() -> None:
    bea, folk = home(age=1)
    town = Town(folk)
    await town.publish(placement_changed(bea), assessed(bea, completed_on="2026-03-16"))
    await town.advance(days=150)
    when = (MORNING + timedelta(days=149)).date().isoformat()
    await town.publish(assessed(bea, "review", completed_on=when))
    (clock,) = running(town, REVIEW)
    assert clock.due.date().isoformat() == "2027-02-12"
    await town.advance(days=60)
    assert REVIEW not in {e["words"] for e in town.escalations()}
    await town.advance(days=150)
    assert [e.team for e in town.escalations() if e["words"] == REVIEW] == ["looked-after", "nn-community"]


async def test_an_earlier_review_that_comes_late_starts_nothing_and_ends_nothing() -> None:
    bea, folk = home(age=1)
    town = Town(folk)
    await town.publish(placement_changed(bea))
    await town.publish(assessed(bea, "review", completed_on="2026-03-16"))
    late = assessed(bea, completed_on="2026-02-01", time="2026-02-01T10:00:00+00:00")
    await town.publish(late)
    (clock,) = running(town, REVIEW)
    assert clock.due.date().isoformat() == "2026-09-16"


async def test_the_last_review_of_one_who_left_care_is_not_waited_for() -> None:
    bea, folk = home(age=3)
    town = Town(folk)
    await town.publish(placement_changed(bea), assessed(bea, completed_on="2026-03-16"))
    await town.advance(days=1)
    await town.publish(placement_changed(bea, "left-care", left_to="returned-home", changed_on="2026-03-17"))
    assert running(town, REVIEW) == []
    await town.advance(days=1)
    await town.publish(assessed(bea, "review", completed_on="2026-03-18"))
    assert running(town, REVIEW) == []


async def test_a_consent_that_is_missing_is_chased_with_social_care_before_the_assessment_and_ends_with_it() -> None:
    kit, folk = home()
    town = Town(folk)
    unsaid = placement_changed(kit, assessment_consent={"absent": "not-asked"})
    await town.publish(unsaid)
    for team in ("looked-after", "sn-north"):
        await town.receipt(town.letter(team), "acknowledged")
    await town.advance(working_days=10)
    assert [e.team for e in town.escalations(flow="F25")] == ["social-care"]
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F25")] == ["social-care", "looked-after"]

    kit, folk = home()
    town = Town(folk)
    unsaid = placement_changed(kit, assessment_consent={"absent": "not-asked"})
    await town.publish(unsaid)
    given = {"agreement": {"answer": "given"}, "given_by": "parent"}
    await town.publish(update_of(unsaid, assessment_consent=given))
    assert running(town, "consent to the health assessment is recorded") == []


async def test_a_notice_that_nobody_reads_climbs() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.receipt(town.letter("sn-north"), "acknowledged")
    await town.receipt(town.letter("looked-after"), "collected", kind="system")
    await town.advance(working_days=3)
    assert [(e.team, e["unanswered_by"]) for e in town.escalations()] == [
        ("nn-community", "LOOKED AFTER"),
    ], "its lead is its named nurse, who is told once"  # fmt: skip


# Held up, and taken up again


async def test_a_refusal_stops_the_time_with_its_reason_and_what_was_left_is_left_when_it_goes_on() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.advance(working_days=4)
    await town.publish(assessment_paused(kit, since="2026-03-20"))
    (clock,) = [c for c in town.clocks() if c.clock.words == INITIAL]
    assert clock.state == "paused"
    assert clock.clock.turns is not None
    assert [(t.what, t.why) for t in clock.clock.turns.past] == [("paused", "young-person-declined")]
    assert "Why: young person declined" in town.letter("social-care").page
    await town.advance(working_days=3)
    await town.publish(assessment_paused(kit, "resumed", "reason-gone", since="2026-03-25"))
    (clock,) = running(town, INITIAL)
    assert clock.due.isoformat() == "2026-04-20T16:00:00+00:00", "three working days later than the 15th"
    await town.advance(working_days=17, hours=8)
    assert [e.team for e in town.escalations() if e["words"] == INITIAL] == ["looked-after"]


async def test_while_it_is_held_up_nobody_is_chased_for_it_and_an_assessment_still_ends_it() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.publish(assessment_paused(kit))
    await town.advance(working_days=60)
    assert INITIAL not in {e["words"] for e in town.escalations()}
    await town.publish(assessed(kit))
    assert {c.state for c in town.clocks() if c.clock.words == INITIAL} == {"met"}


async def test_an_assessment_that_was_put_off_is_not_forgotten_and_each_pause_is_waited_for_anew() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    await town.publish(assessment_paused(kit))
    await town.advance(working_days=1)
    await town.publish(assessment_paused(kit, "resumed", since="2026-03-17"))
    assert running(town, FORGOTTEN) == []
    await town.advance(working_days=1)
    await town.publish(assessment_paused(kit, since="2026-03-18"))
    assert len(running(town, FORGOTTEN)) == 1
    await town.advance(working_days=13)
    assert [e.team for e in town.escalations() if e["words"] == FORGOTTEN] == ["looked-after", "nn-community"]


async def test_only_social_care_hears_why_and_not_what_was_offered() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit))
    paused = assessment_paused(kit, explanation="CANARY-WHY", offered="CANARY-OFFER")
    await town.publish(paused)
    assert town.told(paused) == {"social-care"}
    has_it = {x.team for x in town.inboxes.of("summary") if b"CANARY" in x.raw}
    assert has_it == {"social-care"}
    assert b"CANARY-OFFER" not in town.letter("social-care").raw


# Where the child lives (rules A, D, G; H3)


def unwrapped(town: Town, team: str) -> str:
    """The page that a team reads, without its line ends."""
    return " ".join(town.letter(team).page.split())


async def test_out_of_area_both_sides_are_told_and_who_holds_the_child_keeps_it() -> None:
    bea, folk = home(age=2, caseload=caseload("HV", "hv-north"))
    town = Town(folk)
    said = placement_changed(bea, **OUT_OF_AREA)
    await town.publish(said)
    assert town.told(said) == {"looked-after", "gp-castle", "hv-north", "hv-birmingham", "camhs"}
    assert "The child stays yours, with all that is owed, until another team has accepted." in unwrapped(
        town, "hv-north"
    )
    assert "Accept the child. What the team before still owes is yours from then on" in unwrapped(town, "hv-birmingham")
    (task,) = town.tasks("nobody-found")
    assert task.task.service == "LACT", "no looked-after team of the new place is in the directory: a person looks"


async def test_out_of_area_a_schoolchild_is_told_to_the_nurses_of_the_old_school_and_of_the_new_place() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    assert {"sn-north", "sn-birmingham"} < town.told()


async def test_a_correction_still_goes_to_both_sides_and_nobody_is_told_that_it_is_no_longer_theirs() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    first = placement_changed(bea, **OUT_OF_AREA)
    await town.publish(first)
    again = update_of(first, legal_status="care-order")
    await town.publish(again)
    assert town.told(again) == town.told(first)
    assert "hv-north" in town.told(again)
    assert town.withdrawals() == []


async def test_coming_back_into_the_area_is_a_move_between_areas_too() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    await town.publish(placement_changed(bea, **OUT_OF_AREA))
    back = placement_changed(bea, "moved", placement_id="second", changed_on="2026-03-16")
    await town.publish(back)
    assert {"hv-birmingham", "hv-south"} < town.told(back)
    again = placement_changed(bea, "moved", placement_id="third", changed_on="2026-03-16")
    await town.publish(again)
    assert "hv-birmingham" not in town.told(again)


async def test_from_then_on_the_child_is_found_where_it_lives_and_its_own_health_team_is_that_of_its_carer() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    await town.publish(placement_changed(bea, **OUT_OF_AREA))
    seen = ed_discharged(bea)
    await town.publish(seen)
    assert "hv-birmingham" in town.told(seen)
    assert "hv-north" not in town.told(seen)
    await town.publish(assessed(bea))
    assert "reviewing-officers" in town.told(), "the reviewing officer of the authority that looks after her"
    assert town.file(bea)["authority"] == BIRMINGHAM
    assert town.file(bea)["care"]["authority"] == DUDLEY


async def test_the_child_is_of_another_household_and_still_its_mothers_child() -> None:
    kit, sister = child("Kit", age=9), child("Bea", age=7)
    folk = family(mother=adult("Tam"), children=[kit, sister])
    town = Town(folk)
    before = town.file(kit)["household"]
    await town.publish(placement_changed(kit))
    placed = town.file(kit)
    assert placed["household"] != before == town.file(sister)["household"]
    assert placed["area"] == SOUTH
    assert placed["mother"] == folk.people[0].id


async def test_a_child_placed_with_its_parents_stays_in_their_household() -> None:
    kit, folk = home()
    town = Town(folk)
    before = town.file(kit)["household"]
    await town.publish(placement_changed(kit, placement="with-parents"))
    assert town.file(kit)["household"] == before


async def test_a_child_who_goes_home_lives_where_its_mother_lives_and_is_looked_after_no_more() -> None:
    kit, folk = home()
    town = Town(folk)
    before = town.file(kit)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    await town.publish(placement_changed(kit, "left-care", left_to="returned-home", changed_on="2026-03-18"))
    after = town.file(kit)
    assert {k: after[k] for k in ("area", "authority", "household")} == {
        k: before[k] for k in ("area", "authority", "household")
    }
    assert after["care"]["ended"] == "2026-03-18"


async def test_where_a_restricted_placement_is_stands_in_no_byte_and_who_had_the_child_before_hears_of_it() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    said = hidden(bea, reason="Moved at night to 4 Mill Lane DY1 1AA.")
    await town.publish(said)
    assert town.told(said) == {"looked-after", "gp-castle", "hv-north", "camhs"}
    for letter in town.inboxes.of("summary"):
        assert b"DY1" not in letter.raw
        assert SOUTH.encode() not in letter.raw
        assert letter["relation"] == "a team with a current part in the child's care"
    assert "area" not in town.file(bea)
    assert "practice" not in town.file(bea)
    assert {t.task.service for t in town.tasks("nobody-found")} == {"GP", "HV", "LACT"}
    assert all("withheld" in t.task.words or "practice" in t.task.words for t in town.tasks("nobody-found"))


async def test_no_recipient_at_all_reads_the_area_of_a_placement() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    for letter in town.inboxes.of("summary"):
        assert OUT_OF_AREA["placement_area"].encode() not in letter.raw
        assert letter.withheld["Area of the placement"] == "whereabouts are withheld"
        assert letter.withheld["Authority of the placement"] == "whereabouts are withheld"


@pytest.mark.parametrize("field", ["in_area", "placement_area", "placement_authority"])
async def test_a_restricted_placement_that_gives_an_area_is_refused(field: str) -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(hidden(kit, **{field: placement_changed(kit).data[field]}))
    (refused,) = town.status("csc", "refused")
    assert [p["code"] for p in refused["problems"]] == ["restricted-placement"]
    assert town.told() == set()
    assert HIDDEN["restricted"]


async def test_an_older_word_never_moves_the_child_back() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    await town.publish(
        placement_changed(kit, "moved", looked_after_since="2026-03-01", changed_on="2026-03-02",
                          placement_id="old", time="2026-03-02T10:00:00+00:00")
    )  # fmt: skip
    assert town.file(kit)["authority"] == BIRMINGHAM
    assert town.file(kit)["care"]["placement_id"] != "old"


async def test_a_placement_that_never_was_gives_back_the_place_before_and_tells_all_who_had_it() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    before = town.file(bea)
    mistaken = placement_changed(bea, **OUT_OF_AREA)
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    after = town.file(bea)
    assert {k: after.get(k) for k in ("area", "authority", "household", "care")} == {
        k: before.get(k) for k in ("area", "authority", "household", "care")
    }
    assert {w.team for w in town.withdrawals()} == town.told(mistaken)
    assert running(town, INITIAL) == []


async def test_a_restricted_placement_taken_back_stays_hidden_until_a_person_says_where_the_child_lives() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    mistaken = hidden(bea)
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert town.file(bea)["restricted"] is True
    assert "restricted placement was taken back" in town.tasks("match")[0].task.words


async def test_a_placement_said_to_be_open_does_not_open_what_another_restricted() -> None:
    bea = child("Bea", age=2)
    town = Town(family(mother=adult("Tam"), children=[bea], restricted=True))
    await town.publish(placement_changed(bea))
    assert town.file(bea)["restricted"] is True
    assert "area" not in town.file(bea)
    assert town.file(bea)["care"]["placement"] == "foster-carers"
    assert "was said to be open" in town.tasks("match")[0].task.words
    for letter in town.inboxes.of("summary"):
        assert letter["relation"] == "a team with a current part in the child's care"


async def test_a_child_placed_in_secret_may_be_placed_openly_by_who_kept_the_secret() -> None:
    bea, folk = home(age=2)
    town = Town(folk)
    await town.publish(hidden(bea))
    await town.publish(placement_changed(bea, "moved", placement_id="second"))
    assert town.file(bea)["area"] == SOUTH
    assert "restricted" not in town.file(bea)


async def test_an_address_told_later_by_the_feed_is_where_the_child_lives() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    await town.advance(days=1)
    await town.publish(address_changed(kit, SOUTH, home_authority=DUDLEY))
    assert town.file(kit)["authority"] == DUDLEY


async def test_nobody_who_does_not_see_the_child_reads_a_word_of_it() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, reason="CANARY-REASON"))
    await town.advance(working_days=40)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", t) for t in ("looked-after", "gp-castle", "sn-north", "camhs")}


async def test_a_team_that_is_told_of_nobody_of_its_service_leaves_a_task() -> None:
    kit, folk = home()
    town = Town(folk, teams=directory(without={"looked-after"}))
    await town.publish(placement_changed(kit))
    assert "LACT" in {t.task.service for t in town.tasks("nobody-found")}
    assert kit.doc["practice"] == CASTLE
