"""F07 (1.20, R3.3): a baby who cannot walk and came with an injury is seen by a senior paediatrician before going home.

Before: "infants are not being assessed by an appropriately trained medical professional"."""

from datetime import date
from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import (
    cancel_of,
    ed_attendance,
    ed_discharged,
    infant_injury_reviewed,
    left_before_treatment,
    update_of,
)
from tests.story_inboxes import Letter
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag
from tests.story_teams import directory

NOBODY_YET: dict[str, Any] = {"absent": "not-recorded"}


def injury(mobility: Any = "non-mobile", review: Any = NOBODY_YET, **more: Any) -> dict[str, Any]:
    said = {"injury": "Bruise to the left cheek", "mechanism": "Rolled on to a toy.", "mobility": mobility}
    return {"infant_injury": {**said, "senior_review": review, **more}}


def review(grade: str) -> dict[str, Any]:
    return {"reviewed_by": "Dr A. Roe", "grade": grade, "reviewed_at": "2026-03-16T10:00:00+00:00"}


def by(grade: str) -> dict[str, Any]:
    """A review by this grade, as an event of its own tells it."""
    return {"review": review(grade), "injury": injury(review=review(grade))["infant_injury"]}


def baby(days: int = 100) -> tuple[Person, Family]:
    one = child("Bo", days=days, age=None)
    return one, family(mother=adult(), children=[one])


def rung(town: Town) -> list[Letter]:
    """Who was rung because no senior doctor had looked (MASH has a clock of its own)."""
    return [e for e in town.escalations(flow="F07") if e["words"] == "a senior paediatric doctor reviews the infant"]


async def test_liaison_and_the_named_nurse_are_told_at_once_with_the_injury_and_what_the_baby_can_do() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, mechanism_of_injury="Rolled on to a toy.", **injury())

    await town.publish(arrived)

    assert town.told(arrived) == {"pln", "nn-hospital", "hv-north", "gp-castle", "mash"}
    for team in ("pln", "nn-hospital", "hv-north", "gp-castle"):
        told = town.letter(team)["what_happened"]["infant_injury"]
        assert (told["injury"], told["mechanism"], told["mobility"]) == (
            "Bruise to the left cheek", "Rolled on to a toy.", "non-mobile",
        )  # fmt: skip
        assert told["senior_review"] == NOBODY_YET
    assert any("senior paediatric doctor" in what for what in town.letter("pln").asks)
    assert "alcohol_or_substances" not in town.letter("nn-hospital")["what_happened"]


async def test_those_who_see_to_the_injury_get_nothing_else_and_the_sisters_nurse_nothing_at_all() -> None:
    bo, ann = child("Bo", days=100, age=None, flags=[flag("child-in-need")]), child("Ann", age=9)
    town = Town(family(mother=adult(), children=[bo, ann]))
    assessed = {"assessed_by": "P. Okoro", "factors": ["none-found"], "summary": "CANARY of the assessment"}
    await town.publish(ed_attendance(bo, vulnerability=assessed, self_harm="not-asked", **injury()))
    for team in ("nn-hospital", "hv-north", "gp-castle"):
        letter = town.letter(team)
        for secret in (b"CANARY", b"self_harm", b"alcohol", b"Ann"):
            assert secret not in letter.raw
        assert letter.withheld["Vulnerability assessment"].startswith("not needed")
        assert [f["kind"] for f in letter["flags"]] == ["child-in-need"]
    assert b"CANARY" in town.letter("pln").raw, "liaison reviews the whole of it"
    assert town.told(about=ann) == set()


@pytest.mark.parametrize(
    ("mobility", "review_is_due", "mash"),
    [
        ("non-mobile", True, True),
        ("rolling", True, True),
        ({"absent": "not-recorded"}, True, True),
        ("crawling", True, False),
        ("pulling-to-stand", True, False),
        ("cruising", False, False),
        ("walking", False, False),
    ],
)
async def test_a_review_is_due_for_all_who_do_not_walk_and_mash_hears_of_all_not_known_to_move_by_themselves(
    mobility: Any, review_is_due: bool, mash: bool
) -> None:
    bo, folk = baby(days=300)
    town = Town(folk)
    await town.publish(ed_attendance(bo, **injury(mobility)))
    assert ("mash" in town.told()) is mash
    assert {"pln", "nn-hospital"} <= town.told()
    await town.advance(hours=4)
    assert [e.team for e in rung(town)] == (["pln"] if review_is_due else [])


async def test_an_arrival_that_is_corrected_every_hour_puts_off_no_review() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived)
    for n in (1, 2, 3):
        await town.advance(hours=1)
        await town.publish(update_of(arrived, str(n), presenting_complaint=f"Version {n}"))
        assert rung(town) == []
    await town.advance(hours=1)
    assert [e.team for e in rung(town)] == ["pln"], "four hours after the baby came"
    await town.publish(update_of(arrived, "4", presenting_complaint="Version 4"))
    await town.advance(hours=9)
    assert [e.team for e in rung(town)] == ["pln", "nn-hospital"], "and each once"


@pytest.mark.parametrize(("born", "an_infant"), [(date(2025, 3, 17), True), (date(2025, 3, 16), False)])
async def test_it_is_for_children_under_one_and_not_from_the_first_birthday_on(born: date, an_infant: bool) -> None:
    bo = child("Bo", None, born=born)
    town = Town(family(mother=adult(), children=[bo]))
    await town.publish(ed_attendance(bo, **injury()))
    assert ("nn-hospital" in town.told()) is an_infant
    await town.advance(hours=6)
    assert bool(rung(town)) is an_infant


@pytest.mark.parametrize(
    ("of", "what"),
    [
        (child("Tom", age=2), injury()),
        (child("Bo", days=100, age=None), {"infant_injury": {"absent": "not-applicable"}}),
    ],
)
async def test_a_toddler_or_an_infant_without_injury_is_no_case_of_this(of: Person, what: dict[str, Any]) -> None:
    town = Town(family(mother=adult(), children=[of]))
    await town.publish(ed_attendance(of, **what))
    assert town.told() == {"pln"}
    assert not [c for c in town.clocks() if c.clock.flow == "F07"]


async def test_with_no_senior_review_liaison_hears_within_the_shift_then_the_named_nurse_then_a_task_stays() -> None:
    bo, folk = baby()
    town = Town(folk)
    await town.publish(ed_attendance(bo, **injury()))

    await town.advance(hours=4, minutes=-1)
    assert town.escalations(flow="F07") == []
    await town.advance(minutes=1)
    (to_liaison,) = town.escalations(flow="F07")
    assert (to_liaison.team, to_liaison["words"]) == ("pln", "a senior paediatric doctor reviews the infant")
    assert to_liaison["unanswered_by"] == "EMERGENCY"
    await town.advance(hours=1)
    assert [e.team for e in town.escalations(flow="F07")] == ["pln", "nn-hospital"]
    await town.advance(hours=20)
    (task,) = [t for t in town.tasks("unanswered") if t.task.owner == "nn-hospital"]
    assert await town.ledger.close("task", task.task.id, "N. Nurse", "Seen by the consultant at 15:00.")


async def test_nobodys_receipt_is_a_review_the_clock_runs_on() -> None:
    bo, folk = baby()
    town = Town(folk)
    await town.publish(ed_attendance(bo, **injury()))
    await town.receipt(town.letter("pln"), "matched", kind="system")
    await town.receipt(town.letter("pln"), "acknowledged")
    await town.receipt(town.letter("nn-hospital"), "filed", record_ref="nn/4")
    assert town.state(town.letter("pln")) == "acknowledged"
    await town.advance(hours=4)
    assert [e.team for e in rung(town)] == ["pln"], "to have read of it is not to have looked at the child"


@pytest.mark.parametrize("tell", [ed_discharged, left_before_treatment])
async def test_going_home_unreviewed_rings_at_once_and_not_at_the_end_of_the_shift(tell: Any) -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived)
    await town.advance(minutes=30)
    await town.publish(tell(bo, attendance_id=arrived.data["attendance_id"]))
    await town.advance(minutes=0)
    (to_liaison,) = rung(town)
    assert (to_liaison.team, to_liaison["due"]) == ("pln", "2026-03-16T09:30:00+00:00")
    assert b"cheek" not in to_liaison.raw
    await town.advance(minutes=59)
    assert len(rung(town)) == 1
    await town.advance(minutes=1)
    assert [e.team for e in rung(town)] == ["pln", "nn-hospital"], "an hour later, as at the end of the shift"
    assert "nn-hospital" in {t.task.owner for t in town.tasks("unanswered")}


async def test_a_review_between_two_rungs_stops_the_climb() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived)
    await town.advance(hours=4)
    await town.publish(infant_injury_reviewed(bo, arrived, by="ward", review=review("paediatric-consultant")))
    await town.advance(hours=24)
    assert [e.team for e in rung(town)] == ["pln"]


async def test_a_discharge_that_leaves_out_a_review_which_came_by_itself_is_not_told_as_unreviewed() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived, infant_injury_reviewed(bo, arrived, review=review("paediatric-consultant")))
    gone = ed_discharged(bo, attendance_id=arrived.data["attendance_id"], **injury())
    await town.publish(gone)
    assert "nn-hospital" not in town.told(gone)
    await town.advance(hours=24)
    assert rung(town) == []


@pytest.mark.parametrize("said", [None, {"absent": "not-recorded"}])
async def test_a_discharge_that_leaves_the_infants_injury_out_counts_as_not_reviewed(said: Any) -> None:
    bo, folk = baby()
    town = Town(folk)
    gone = ed_discharged(bo, infant_injury=said, mechanism_of_injury="Rolled on to a toy.")
    await town.publish(gone)
    assert town.told(gone) == {"pln", "nn-hospital", "hv-north", "gp-castle", "mash"}
    assert [p["path"] for q in town.status("ed", "quality") for p in q["problems"]] == ["data.infant_injury"]
    await town.advance()
    assert [e.team for e in rung(town)] == ["pln"]


async def test_where_the_hospital_has_no_liaison_nurse_the_named_nurse_is_rung_at_once_and_the_desk_looks() -> None:
    bo, folk = baby()
    town = Town(folk, teams=directory(without={"pln"}))
    await town.publish(ed_attendance(bo, **injury()))
    await town.advance(hours=4)
    assert [e.team for e in rung(town)] == ["nn-hospital"]
    assert "desk" in {t.task.owner for t in town.tasks("nobody-found")}


@pytest.mark.parametrize("grade", ["paediatric-consultant", "paediatric-registrar"])
async def test_a_senior_paediatricians_review_ends_the_wait_and_is_told(grade: str) -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived)
    seen = infant_injury_reviewed(
        bo, arrived, review=review(grade), injury=injury(review=review(grade))["infant_injury"], explanation_fits="yes"
    )
    await town.publish(seen)
    await town.publish(ed_discharged(bo, attendance_id=arrived.data["attendance_id"]))

    await town.advance(hours=9)

    assert town.escalations(flow="F07") == []
    letter = town.inbox("nn-hospital")[1]
    assert letter["what_happened"]["review"]["grade"] == grade
    assert letter["context"]["linked"][0]["type"] == "ed-attendance-1"


@pytest.mark.parametrize("grade", ["paediatric-other", "ed-consultant", "ed-registrar", "ed-other"])
async def test_a_review_by_another_grade_is_told_and_ends_nothing(grade: str) -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived)
    seen = infant_injury_reviewed(
        bo, arrived, review=review(grade), injury=injury(review=review(grade))["infant_injury"]
    )
    await town.publish(seen)
    assert "nn-hospital" in town.told(seen)
    await town.advance(hours=4)
    assert [e.team for e in town.escalations(flow="F07")] == ["pln"]


async def test_a_review_written_into_the_discharge_or_into_a_correction_of_the_arrival_counts_as_one() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(arrived)
    reviewed = injury(review=review("paediatric-registrar"))
    await town.publish(ed_discharged(bo, attendance_id=arrived.data["attendance_id"], **reviewed))
    await town.advance(hours=9)
    assert town.escalations(flow="F07") == []

    again = ed_attendance(bo, **injury())
    await town.publish(again)
    await town.publish(update_of(again, **reviewed))
    await town.advance(hours=9)
    assert town.escalations(flow="F07") == []


async def test_a_review_of_another_attendance_or_of_her_twin_ends_nothing() -> None:
    bo, jo = child("Bo", days=100, age=None), child("Jo", days=100, age=None)
    town = Town(family(mother=adult(), children=[bo, jo]))
    before, now = ed_attendance(bo, **injury()), ed_attendance(bo, **injury())
    await town.publish(before, now)
    await town.publish(infant_injury_reviewed(bo, before, review=review("paediatric-consultant")))
    await town.publish(infant_injury_reviewed(jo, now, review=review("paediatric-consultant")))
    await town.advance(hours=4)
    assert [e.team for e in rung(town)] == ["pln"]


async def test_a_discharge_whose_arrival_was_never_told_rings_at_once_where_nobody_senior_looked() -> None:
    bo, folk = baby()
    town = Town(folk)
    await town.publish(ed_discharged(bo, **injury()))
    assert {"nn-hospital", "mash"} <= town.told()
    await town.advance(minutes=0)
    assert [e.team for e in town.escalations(flow="F07")] == ["pln"]
    await town.advance(hours=1)
    assert [e.team for e in town.escalations(flow="F07")] == ["pln", "nn-hospital"]


async def test_a_review_that_came_before_its_arrival_leaves_nothing_to_wait_for() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    await town.publish(infant_injury_reviewed(bo, arrived, review=review("paediatric-consultant")))
    await town.publish(arrived)
    await town.advance(hours=9)
    assert town.escalations(flow="F07") == []


async def test_a_review_taken_back_leaves_the_baby_unreviewed_again() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    wrong = infant_injury_reviewed(bo, arrived, review=review("paediatric-consultant"))
    await town.publish(arrived, wrong)
    await town.publish(cancel_of(wrong))
    gone = ed_discharged(bo, attendance_id=arrived.data["attendance_id"], **injury())
    await town.publish(gone)
    assert "nn-hospital" in town.told(gone), "the discharge is told as unreviewed"
    await town.advance(hours=5)
    assert [e.team for e in rung(town)] == ["pln", "nn-hospital"]


@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_records_of_a_review_one_is_taken_back_and_the_baby_was_reviewed(wrong: int) -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    two = [infant_injury_reviewed(bo, arrived, **by("paediatric-consultant")) for _ in range(2)]
    for said in (arrived, *two, cancel_of(two[wrong])):
        await town.publish(said)
    gone = ed_discharged(bo, attendance_id=arrived.data["attendance_id"], **injury())
    await town.publish(gone)
    assert "nn-hospital" not in town.told(gone)
    await town.advance(hours=24)
    assert rung(town) == []

    await town.publish(cancel_of(two[1 - wrong]))
    await town.advance()
    assert rung(town), "now nobody has looked"


async def test_one_of_two_reviews_corrected_to_a_lower_grade_takes_nothing_from_the_other() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    two = [infant_injury_reviewed(bo, arrived, **by("paediatric-consultant")) for _ in range(2)]
    for said in (arrived, *two, update_of(two[0], **by("ed-other"))):
        await town.publish(said)
    await town.advance(hours=24)
    assert rung(town) == []


async def test_a_review_by_too_low_a_grade_that_is_corrected_takes_back_nothing_it_never_said() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    one, low = infant_injury_reviewed(bo, arrived, **by("paediatric-consultant")), by("ed-other")
    other = infant_injury_reviewed(bo, arrived, **low)
    for said in (arrived, one, other, update_of(other, **low)):
        await town.publish(said)
    kept = [h.type for _, h in town.ledger.store.happened[bo.id]]
    assert kept == ["ed-attendance-1", "infant-injury-reviewed-1"]


async def test_a_review_corrected_to_another_attendance_leaves_the_first_unreviewed() -> None:
    bo, folk = baby()
    town = Town(folk)
    before, now = (ed_attendance(bo, **injury()) for _ in range(2))
    seen = infant_injury_reviewed(bo, before, **by("paediatric-consultant"))
    for said in (before, now, seen, update_of(seen, attendance_id=now.data["attendance_id"])):
        await town.publish(said)
    gone = [ed_discharged(bo, attendance_id=a.data["attendance_id"], **injury()) for a in (before, now)]
    await town.publish(*gone)
    assert ["nn-hospital" in town.told(g) for g in gone] == [True, False]
    await town.advance(hours=4)
    assert [e.team for e in rung(town)] == ["pln", "nn-hospital"]


async def test_a_review_corrected_to_a_lower_grade_leaves_the_baby_unreviewed_again() -> None:
    bo, folk = baby()
    town = Town(folk)
    arrived = ed_attendance(bo, **injury())
    first = infant_injury_reviewed(bo, arrived, **by("paediatric-consultant"))
    await town.publish(arrived, first)
    await town.publish(update_of(first, **by("ed-other")))
    await town.advance(hours=5)
    assert [e.team for e in rung(town)] == ["pln", "nn-hospital"]

    town = Town(folk)
    await town.publish(arrived, first)
    await town.publish(update_of(first, **by("paediatric-registrar")))
    await town.advance(hours=5)
    assert rung(town) == [], "another grade that is senior enough"

    town = Town(folk)
    await town.publish(arrived, first)
    await town.publish(update_of(arrived, time="2026-03-16T09:30:00+00:00", **injury()))
    await town.advance(hours=5)
    assert rung(town) == [], "a correction of the arrival knows nothing of the review, and takes none back"


async def test_an_injured_baby_that_leaves_and_whose_arrival_was_never_told_rings_at_once() -> None:
    bo, folk = baby()
    town = Town(folk)
    await town.publish(left_before_treatment(bo, mechanism_of_injury="Rolled on to a toy."))
    await town.advance(minutes=0)
    assert [e.team for e in rung(town)] == ["pln"]
    unhurt = Town(folk)
    await unhurt.publish(left_before_treatment(bo, mechanism_of_injury={"absent": "not-applicable"}))
    await unhurt.advance(hours=9)
    assert rung(unhurt) == []
    told = Town(folk)
    arrived = ed_attendance(bo, **injury())
    left = left_before_treatment(bo, attendance_id=arrived.data["attendance_id"], mechanism_of_injury="Rolled.")
    await told.publish(arrived, left)
    await told.advance(minutes=0)
    assert [e.team for e in rung(told)] == ["pln"], "one clock, not two"


async def test_an_explanation_that_does_not_fit_goes_to_mash_though_the_baby_crawls() -> None:
    bo, folk = baby(days=300)
    town = Town(folk)
    arrived = ed_attendance(bo, **injury("crawling"))
    await town.publish(arrived)
    assert "mash" not in town.told()
    doubtful = infant_injury_reviewed(
        bo, arrived, review=review("paediatric-consultant"), injury=injury("crawling")["infant_injury"],
        explanation_fits="uncertain",
    )  # fmt: skip
    await town.publish(doubtful)
    assert "mash" in town.told(doubtful)
    letter = town.letter("mash")
    assert letter["risk_and_impact"]["explanation_fits"] == "uncertain"
    await town.advance(working_days=1)
    assert [e["unanswered_by"] for e in town.escalations(flow="F07")] == ["MASH"]
    await town.receipt(letter, "acknowledged")
    await town.advance(working_days=5)
    assert len(town.escalations(flow="F07")) == 1


async def test_a_mechanism_or_mobility_that_nobody_wrote_down_is_fed_back() -> None:
    bo, folk = baby()
    town = Town(folk)
    await town.publish(ed_attendance(bo, **injury({"absent": "not-recorded"})))
    (quality,) = town.status("ed", "quality")
    assert [p["path"] for p in quality["problems"]] == ["data.infant_injury"]
    page = reads_in_order(town.letter("nn-hospital"))
    assert "mobility: Not recorded by the sender" in page["WHAT HAPPENED"]
    assert page["WHAT YOU ARE ASKED TO DO"].startswith("No action is needed")
    assert "1.20" in page["WHY YOU"]
