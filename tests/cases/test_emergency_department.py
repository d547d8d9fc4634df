"""The review's cases of the emergency department: what was seen there reaches who must know."""

from tests.cases.steps import NOTHING, fed_back, heard, home, seen
from tests.stories import Town
from tests.story_events import (
    adult_ed_attendance,
    ed_attendance,
    ed_discharged,
    left_before_treatment,
)
from tests.story_people import adult, child, family, flag
from tests.story_referral_events import referral, telephone_referral


async def test_c10_who_has_no_gp_on_record_is_a_persons_task_and_no_lost_summary() -> None:
    """Then: reception took GP, school and next of kin: good practice (1.17)."""
    kit = child("Kit", age=9)
    town = Town(family(mother=adult(), children=[kit], practice=None))
    await town.publish(ed_discharged(kit))
    assert town.told() == {"sn-north", "pln"}
    (task,) = town.tasks("nobody-found")
    assert (task.task.service, task.task.owner) == ("GP", "desk")
    await town.advance(working_days=2)
    assert "nn-hospital" in {e.team for e in town.escalations()}, "a task has a clock of its own"


async def test_c11_the_department_has_looked_after_and_exploitation_flags_at_the_door() -> None:
    """Then: ED flagged child protection plans, and neither looked-after children nor those at risk of CSE (1.18)."""
    _, kit, folk = home(age=14, flags=[flag("looked-after"), flag("cse-risk")])
    town = Town(folk)
    hurt = ed_attendance(kit)
    await town.publish(hurt)
    (answer,) = town.status("ed", "live-flags")
    assert {f["kind"] for f in answer["flags"]} == {"looked-after", "cse-risk"}
    await town.publish(ed_discharged(kit, attendance_id=hurt.data["attendance_id"]))
    await town.advance(working_days=1)
    late = {e["unanswered_by"] for e in town.escalations()}
    assert "MASH" in late, "an injury of a child who is looked after, and MASH has said nothing"


async def test_c12_at_seventeen_a_missing_vulnerability_assessment_is_fed_back_and_liaison_sees_it() -> None:
    """Then: triage was mandatory to 16 only (1.19)."""
    _, kit, folk = home(age=17)
    town = Town(folk)
    await town.publish(ed_discharged(kit, vulnerability=NOTHING))
    assert "data.vulnerability" in fed_back(town, "ed")
    assert "vulnerability" in {f["field"] for f in town.letter("pln")["context"]["quality"]}
    await town.advance(working_days=1)
    assert "nn-hospital" in heard(town, "F11")


async def test_c13_a_baby_who_cannot_walk_is_seen_by_a_senior_paediatrician_or_two_people_are_rung() -> None:
    """Then: no protocol had a senior doctor see head-injured babies unless they were admitted (1.20)."""
    bo = child("Bo", days=100, age=None)
    town = Town(family(mother=adult(), children=[bo]))
    injury = {
        "injury": "Bruise to the head",
        "mechanism": "Fell from a sofa.",
        "mobility": "non-mobile",
        "senior_review": NOTHING,
    }
    await town.publish(ed_attendance(bo, infant_injury=injury))
    await town.advance(hours=5)
    rung = [e for e in town.escalations(flow="F07") if "senior paediatric doctor" in e["words"]]
    assert [e.team for e in rung] == ["pln", "nn-hospital"]


async def test_c14_what_the_child_said_is_in_every_summary_and_not_asking_is_fed_back() -> None:
    """Then: no record seen in the department held the child's voice (1.21)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(ed_discharged(kit, voice_of_child={"said": "He pushed me.", "seen_alone": "yes"}))
    assert town.letter("gp-castle")["voice_of_child"]["voice_of_child"]["said"] == "He pushed me."
    await town.publish(ed_discharged(kit, voice_of_child={"missing": "not-asked"}))
    assert "data.voice_of_child" in fed_back(town, "ed")
    await town.advance(working_days=2)
    assert heard(town, "F09") == ["sn-lead"] * 2, "asked or not, what happened is read"


async def test_c15_liaison_sees_every_child_and_every_adult_with_children_and_reviews_within_a_day() -> None:
    """Then: in sampled cases concerns never reached the liaison nurse, and adult ED had no safety net (1.22)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(ed_discharged(kit), adult_ed_attendance(mother, kit, reason_group="self-harm"))
    assert len(town.inbox("pln")) == 2
    await town.advance(working_days=1)
    assert heard(town, "F11") == ["nn-hospital", "nn-hospital"]


async def test_c16_school_nurse_and_practice_have_the_mechanism_of_the_injury() -> None:
    """Then: school nurses were not told of school-age children, and GPs got time and complaint (1.23)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(ed_discharged(kit, mechanism_of_injury="Pushed from a wall."))
    for team in ("gp-castle", "sn-north"):
        assert town.letter(team)["what_happened"]["mechanism_of_injury"] == "Pushed from a wall."
    await town.advance(working_days=2)
    assert heard(town, "F09") == ["sn-lead"]


async def test_c17_an_alcohol_overdose_is_a_referral_to_switch_without_anybodys_consent() -> None:
    """Then: no referral was found after a substantial overdose (1.24)."""
    _, kit, folk = home(age=15)
    town = Town(folk)
    refused = {"answer": "refused", "reason": "Did not want it."}
    consent = {"to_service": refused, "to_sharing": refused, "to_treatment": {"answer": "given"}}
    await town.publish(ed_discharged(kit, alcohol_or_substances="alcohol", consent=consent))
    letter = town.letter("switch")
    assert letter["lawful_basis_and_consent"]["consent"]["to_service"]["answer"] == "refused"
    await town.advance(working_days=1)
    assert heard(town, "F10") == ["pln"]


async def test_c34_not_asking_about_children_at_home_is_told_from_there_being_none() -> None:
    """Then: in all sampled adult cases the children at home were not asked about (2.19)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(adult_ed_attendance(mother, answer="not-asked", reason_group="self-harm"))
    assert "data.household" in fed_back(town, "ed")
    assert "sn-north" in town.told(about=kit), "the directory knows of him all the same"
    await town.advance(working_days=2)
    assert heard(town, "F12")


async def test_c47_the_departments_referral_is_written_in_time_and_hears_what_it_lacks() -> None:
    """Then: ED telephoned and wrote in time, too thinly, and the named nurse gave no feedback (3.22, 3.23)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    call = telephone_referral(kit, mother, by="ed")
    await town.publish(call)
    await town.publish(referral(kit, mother, by="ed", call_id=call.data["call_id"], siblings=NOTHING))
    assert "data.siblings" in fed_back(town, "ed")
    assert "nn-hospital" in town.told()
    await town.advance(hours=48)
    words = {e["words"] for e in town.escalations(flow="F16")}
    assert "the referral made by telephone is written" not in words, "it was"


async def test_c71_who_leaves_untreated_again_is_counted_and_followed_up() -> None:
    """Then: ED reviewed all who left untreated, and liaison counted them monthly: good practice (5.2.15)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(left_before_treatment(kit, time="2026-02-02T10:00:00+00:00"), left_before_treatment(kit))
    (earlier,) = [e for e in town.inbox("pln")[-1]["context"]["earlier"] if e["what"] == "left before treatment"]
    assert earlier["dates"] == ["2026-02-02"]
    await seen(town, "sn-north")
    await town.advance(working_days=5)
    assert "sn-lead" in heard(town, "F13"), "seen is not followed up"
