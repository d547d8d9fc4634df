"""The review's cases of child protection conferences: who is invited, who reports, who files the minutes."""

from tests.cases.steps import NOTHING, fed_back, heard, home
from tests.stories import Town
from tests.story_meeting_events import (
    conference_invited,
    conference_minutes,
    conference_report,
)
from tests.story_people import adult, child, family, involved

THIN = {"facts": "A bruise.", "analysis": NOTHING, "impact_on_child": NOTHING, "protective_factors": NOTHING}


async def test_c38_a_midwifes_or_camhs_report_is_with_social_care_before_the_day() -> None:
    """Then: midwives attended conferences, and CAMHS reports were timely: good practice (3.7, 3.14)."""
    _, kit, folk = home(age=14, services=[involved("CAMHS", "camhs")])
    town = Town(folk)
    await town.publish(conference_invited(kit))
    assert "camhs" in town.told()
    report = conference_report(kit, "camhs")
    await town.publish(report)
    assert "social-care" in town.told(report)
    await town.advance(days=12)
    owed = "a written report is sent to the conference"
    late = {e["unanswered_by"] for e in town.escalations(flow="F18") if e["words"] == owed}
    assert "CAMHS" not in late
    assert "GP CASTLE" in late


async def test_c40_a_report_without_analysis_is_fed_back_and_minutes_are_filed() -> None:
    """Then: reports lacked analysis, and some reports and referrals were unfiled (3.9)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(conference_invited(kit), conference_report(kit, "sn", concern=THIN))
    assert fed_back(town, "sn")
    minutes = conference_minutes(kit)
    await town.publish(minutes)
    (letter,) = [x for x in town.inbox("sn-north") if x["event"]["id"] == minutes.id]
    await town.receipt(letter, "acknowledged")
    await town.advance(working_days=5)
    assert "sn-lead" in heard(town, "F18"), "read, and not filed"


async def test_c45_a_clinic_that_works_with_the_child_is_invited_and_not_only_sent_the_minutes() -> None:
    """Then: a clinic held the minutes of a conference to which it was never invited (3.19)."""
    _, kit, folk = home(age=15, services=[involved("CASH", "sexual-health")])
    town = Town(folk)
    called = conference_invited(kit)
    await town.publish(called)
    assert "sexual-health" in town.told(called)
    await town.advance(days=12)
    assert "SEXUAL HEALTH" in {e["unanswered_by"] for e in town.escalations(flow="F18")}


async def test_c48_minutes_are_filed_by_practice_and_adult_mental_health() -> None:
    """Then: adult mental health and GPs filed conference minutes: good practice (3.24, 3.33)."""
    mother = adult("Tam", services=[involved("AMH", "adult-mental-health")])
    kit = child("Kit", age=9)
    town = Town(family(mother=mother, children=[kit]))
    await town.publish(conference_minutes(kit))
    assert {"gp-castle", "adult-mental-health"} <= town.told()
    await town.receipt(town.letter("gp-castle"), "filed", record_ref="gp/1")
    await town.advance(working_days=5)
    late = {e["unanswered_by"] for e in town.escalations(flow="F18")}
    assert "GP CASTLE" not in late
    assert "ADULT MENTAL HEALTH" in late


async def test_c49_an_invitation_of_less_than_a_days_notice_says_so_and_the_drug_service_has_it() -> None:
    """Then: the drug service often had less than 24 hours' notice, and some contributions were verbal (3.25)."""
    mother = adult("Tam", services=[involved("ASM", "substance-misuse")])
    kit = child("Kit", age=9)
    town = Town(family(mother=mother, children=[kit]))
    called = conference_invited(kit, days=0.8, report_due=None)
    await town.publish(called)
    assert "substance-misuse" in town.told(called)
    notice = [p for entry in town.status("csc", "quality") for p in entry["problems"] if "notice" in p["message"]]
    assert [p["message"] for p in notice] == ["There is no notice of 24 hours or more before the meeting."]
    await town.publish(conference_report(kit, "asm", given="only-by-word-of-mouth"))
    assert "data.given" in fed_back(town, "asm"), "what was only said is asked for in writing"
    later = conference_invited(kit, conference_id="conf-2")
    await town.publish(later, conference_report(kit, "asm", conference_id="conf-2", given="only-by-word-of-mouth"))
    await town.advance(days=12)
    owed = "a written report is sent to the conference"
    assert "SUBSTANCE MISUSE" in {e["unanswered_by"] for e in town.escalations(flow="F18") if e["words"] == owed}


async def test_c54_every_practice_is_invited_with_the_template_and_its_silence_is_noticed() -> None:
    """Then: not all GPs were invited, reports mainly described, and one did not know the template (3.32)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(conference_invited(kit, report_template="GP report, version 2"))
    assert town.letter("gp-castle")["what_happened"]["report_template"] == "GP report, version 2"
    await town.advance(days=12)
    assert "GP CASTLE" in {e["unanswered_by"] for e in town.escalations(flow="F18")}


async def test_c75_a_school_nurse_reports_on_the_template_that_the_invitation_names() -> None:
    """Then: school nurses had no standard health form for conferences (3.10)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(conference_invited(kit, report_template="Health report, version 3"))
    assert town.letter("sn-north")["what_happened"]["report_template"] == "Health report, version 3"
    report = conference_report(kit, "sn", conference_id="conf-2")
    await town.publish(report)
    assert "social-care" in town.told(report)
    await town.advance(days=12)
    owed = [e for e in town.escalations(flow="F18") if e["words"] == "a written report is sent to the conference"]
    assert "SN NORTH" in {e["unanswered_by"] for e in owed}, "a report for another conference is none for this"
