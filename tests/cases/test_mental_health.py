"""The review's cases of mental health: a child in crisis, a parent in hospital, a young person among adults."""

from tests.cases.steps import heard, home, seen
from tests.stories import Town
from tests.story_adult_mental_health_events import on_adult_ward, parent_admitted, parent_left_hospital
from tests.story_crisis_events import assessment_requested, care_plan, crisis, risk_assessment
from tests.story_events import household, was_not_brought
from tests.story_people import flag


async def test_c07_a_missed_appointment_is_on_the_practices_record_with_its_reference() -> None:
    """Then: a practice scanned its CAMHS referrals, and CAMHS recorded non-attendance: good practice (1.9)."""
    _, kit, folk = home(age=14)
    town = Town(folk)
    await town.publish(was_not_brought(kit, by="camhs", referred_by="GP"))
    letter = town.letter("gp-castle")
    await town.receipt(letter, "filed", record_ref="gp/118")
    assert town.state(letter) == "filed"
    await town.advance(working_days=5)
    assert heard(town, "F13") == ["sn-lead"], "the school nurse has not followed it up"


async def test_c26_a_boy_in_crisis_at_eleven_is_seen_that_day_or_the_lead_of_camhs_is_rung() -> None:
    """Then: CAMHS, called in hours, put the assessment off to the next morning, so he was admitted (2.11, 2.12)."""
    _, kit, folk = home(age=13)
    town = Town(folk)
    came = crisis(kit, "emergency-department")
    await town.publish(came, assessment_requested(came, camhs_answered="Tomorrow morning."))
    await town.advance(working_hours=4)
    late = [e for e in town.escalations(flow="F21") if e["words"] == "CAMHS sees the child"]
    assert [e["unanswered_by"] for e in late] == ["CAMHS"]


async def test_c27_on_the_ward_the_risk_to_self_and_others_is_assessed_or_somebody_is_rung() -> None:
    """Then: ward patients who waited for CAMHS had no formal risk assessment (2.13)."""
    _, kit, folk = home(age=13)
    town = Town(folk)
    came = crisis(kit)
    await town.publish(came)
    await town.advance(hours=4)
    words = {e["words"] for e in town.escalations("nn-hospital", flow="F21")}
    assert "the risk to self and others is assessed on the ward" in words
    made = risk_assessment(came, risk_to_self="High.", surroundings="Moved to another bay.")
    await town.publish(made)
    assert town.letter("ward")["risk_and_impact"]["surroundings"] == "Moved to another bay."


async def test_c28_the_ward_has_the_care_plan_and_says_that_it_read_it() -> None:
    """Then: CAMHS wrote in the ward's notes and gave the ward no care plan (2.14)."""
    _, kit, folk = home(age=13)
    town = Town(folk)
    came = crisis(kit)
    await town.publish(came, care_plan(came, plan="The same nurse each shift."))
    assert town.letter("ward")["what_happened"]["plan"] == "The same nurse each shift."
    await town.advance(hours=4)
    assert "WARD" in {e["unanswered_by"] for e in town.escalations(flow="F21")}


async def test_c29_the_adult_ward_has_the_young_persons_flags_and_camhs_and_social_care_know_of_the_stay() -> None:
    """Then: a young person on an adult ward was well watched; adult records did not flag looked-after (2.15)."""
    _, kit, folk = home(age=17, flags=[flag("looked-after")])
    town = Town(folk)
    await town.publish(on_adult_ward(kit))
    (answer,) = town.status("amh", "live-flags")
    assert [f["kind"] for f in answer["flags"]] == ["looked-after"]
    assert {"camhs", "social-care", "looked-after"} <= town.told()
    await town.advance(working_days=1)
    assert {e["unanswered_by"] for e in town.escalations(flow="F20")} == {"CAMHS", "SOCIAL CARE"}


async def test_c30_social_care_hears_of_a_parents_admission_and_of_the_discharge_before_it_is_forgotten() -> None:
    """Then: adult mental health told social care of both: good practice (2.16)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    admitted = parent_admitted(mother, kit)
    await town.publish(admitted)
    await town.publish(parent_left_hospital(admitted, risk_on_discharge="May stop her medicine."))
    assert town.inbox("social-care")[1]["risk_and_impact"]["risk_on_discharge"] == "May stop her medicine."
    await town.advance(minutes=1)
    assert "nn-community" in heard(town, "F20"), "the admission was not acknowledged before the discharge"


async def test_c33_a_child_whose_name_was_not_asked_is_a_persons_to_find_and_not_nobody() -> None:
    """Then: adult services asked about children without full names and birth dates (2.18, 3.21)."""
    mother, kit, folk = home(age=9)
    nameless = kit.listed(name={"absent": "not-asked"}, birth_date={"absent": "not-asked"})
    nameless |= {"nhs_number_status": "07"}
    nameless.pop("nhs_number")
    folk.people.remove(kit)
    town = Town(folk)
    await town.publish(parent_admitted(mother, household=household() | {"answer": "listed", "children": [nameless]}))
    (task,) = town.tasks("match")
    assert (task.task.owner, task.task.slot) == ("desk", "household.0")
    await seen(town, "social-care")
    await town.advance(working_days=2)
    assert "nn-community" in {e.team for e in town.escalations()}
