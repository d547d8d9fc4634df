"""F21 (2.11–2.14, R6.1, R6.2, R3.8): a child in crisis is assessed in good time, and the ward has plan and risks.

Before: "the child would not be assessed until the following morning"; "did not benefit from a formal risk assessment";
"a copy of their care plan is not shared with paediatric ward practitioners"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_crisis_events import assessment_requested, care_plan, child_seen, crisis, risk_assessment, stay_ended
from tests.story_events import cancel_of, flag_changed
from tests.story_inboxes import Letter
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag
from tests.story_teams import SECONDARY, directory

RISKS: dict[str, Any] = {
    "risk_to_self": "High tonight.",
    "risk_to_others": "None seen.",
    "observation": "within-eyesight",
}
ASKED, SEEN = "CAMHS is asked to assess the child", "CAMHS sees the child"
RISK, PLAN = "the risk to self and others is assessed on the ward", "the ward has the child's CAMHS care plan"


def with_a_lead() -> dict[str, Any]:
    """The directory with somebody who leads CAMHS."""
    teams = directory(camhs={"lead": "camhs-lead"})
    (camhs,) = [t for t in teams["teams"] if t["id"] == "camhs"]
    lead = {**camhs, "id": "camhs-lead", "name": "CAMHS LEAD", "covers": {}, "lead": "nn-community"}
    return {**teams, "teams": [*teams["teams"], lead]}


def young(age: int = 14, **more: Any) -> tuple[Person, Family]:
    one = child("Noor", age=age, school=SECONDARY, **more)
    return one, family(mother=adult(), children=[one])


def place(folk: Family) -> Town:
    return Town(folk, teams=with_a_lead())


def rung(town: Town, words: str) -> list[str]:
    return [e.team for e in town.escalations(flow="F21") if e["words"] == words]


async def test_camhs_practice_and_school_nurse_hear_of_the_crisis_at_once_and_the_ward_of_the_flags() -> None:
    noor, folk = young(flags=[flag("looked-after")])
    town = place(folk)
    came = crisis(noor, account="Took 20 tablets at school.", **RISKS)

    await town.publish(came)

    assert town.told(came) == {"camhs", "gp-castle", "sn-south"}
    for team in ("camhs", "gp-castle", "sn-south"):
        assert town.letter(team)["risk_and_impact"]["risk_to_self"] == "High tonight."
        assert town.letter(team)["risk_and_impact"]["risk_to_others"] == "None seen."
    assert any("care plan" in what for what in town.letter("camhs").asks)
    (answer,) = town.status("ward", "live-flags")
    assert [f["kind"] for f in answer["flags"]] == ["looked-after"]


async def test_the_school_nurse_does_not_read_what_was_taken_nor_how_it_was_treated() -> None:
    noor, folk = young()
    town = place(folk)
    await town.publish(crisis(noor, account="CANARY-ACCOUNT", physical_treatment="CANARY-TREATMENT"))
    letter = town.letter("sn-south")
    assert b"CANARY" not in letter.raw
    assert {"Account", "Physical treatment", "Observation level"} <= letter.withheld.keys()
    assert b"CANARY-ACCOUNT" in town.letter("camhs").raw


async def test_plan_and_risk_assessment_reach_ward_practice_school_nurse_and_emergency_department() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor, "emergency-department")
    await town.publish(came, crisis(noor, spell_id=came.data["spell_id"]))
    plan, risk = care_plan(came, plan="A nurse whom she knows.", **RISKS), risk_assessment(came, **RISKS)
    await town.publish(plan, risk)
    for said in (plan, risk):
        assert town.told(said) == {"ward", "gp-castle", "sn-south", "emergency"}
        for team in town.told(said):
            (letter,) = [x for x in town.inbox(team) if x["event"]["id"] == said.id]
            shown = letter["risk_and_impact"]
            assert {name: shown[name] for name in RISKS} == RISKS
            assert said is risk or letter["what_happened"]["plan"] == "A nurse whom she knows."
    assert all("work by it" in what for x in town.inbox("ward") for what in x.asks)


async def test_a_plan_for_a_child_who_is_at_home_goes_to_no_ward() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.publish(stay_ended(came))
    plan = care_plan(came)
    await town.publish(plan)
    assert town.told(plan) == {"gp-castle", "sn-south"}


async def test_whoever_made_the_risk_assessment_is_not_sent_it_and_camhs_is_sent_the_wards() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    own = risk_assessment(came, "paediatric-ward")
    await town.publish(own)
    assert town.told(own) == {"camhs", "gp-castle", "sn-south"}


async def test_the_department_that_does_not_ask_camhs_hears_then_the_camhs_lead_then_the_named_nurse() -> None:
    noor, folk = young()
    town = place(folk)
    await town.publish(crisis(noor, "emergency-department"))
    await town.advance(minutes=59)
    assert rung(town, ASKED) == []
    await town.advance(minutes=1)
    assert rung(town, ASKED) == ["emergency"]
    await town.advance(hours=1)
    assert rung(town, ASKED) == ["emergency", "camhs-lead"]
    await town.advance(working_days=1)
    assert rung(town, ASKED) == ["emergency", "camhs-lead", "nn-community"]


async def test_a_request_ends_the_first_wait_and_begins_the_second_whose_ladder_is_camhs_own() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor, "emergency-department")
    await town.publish(came)
    asked = assessment_requested(came, camhs_answered="Tomorrow morning.")
    await town.publish(asked)
    assert town.told(asked) == {"camhs"}
    await town.receipt(town.inbox("camhs")[1], "acknowledged")
    await town.receipt(town.inbox("camhs")[1], "acted", outcome="accepted")

    await town.advance(working_hours=4)

    assert rung(town, ASKED) == []
    assert rung(town, SEEN) == ["camhs-lead"], "no receipt sees a child: only being seen ends this"
    await town.advance(working_days=1)
    assert rung(town, SEEN) == ["camhs-lead", "nn-community"]
    await town.advance(working_days=5)
    assert [t.task.words for t in town.tasks("unanswered")] == [f"Still open after the last rung: {SEEN}."]


async def test_a_child_who_is_seen_the_same_day_troubles_nobody() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor, "emergency-department")
    await town.publish(came)
    await town.publish(assessment_requested(came))
    await town.advance(hours=3)
    seen = child_seen(came, outcome="goes-home", follow_up="At home on Thursday.")
    await town.publish(seen)
    assert town.told(seen) == {"emergency", "gp-castle", "sn-south"}
    assert "findings" not in town.inbox("sn-south")[-1]["what_happened"]
    await town.advance(working_days=9)
    assert town.escalations(flow="F21") == []
    assert town.tasks() == []


async def test_a_child_seen_before_anybody_wrote_the_request_leaves_nothing_to_wait_for() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor, "emergency-department")
    await town.publish(child_seen(came))
    await town.publish(came, assessment_requested(came))
    assert not [c for c in town.clocks() if c.clock.words in (ASKED, SEEN) and c.state == "running"]


async def test_on_the_ward_without_a_plan_the_camhs_lead_hears_after_a_day() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.publish(child_seen(came, outcome="stays-on-ward"), risk_assessment(came))
    await town.receipt(town.inbox("camhs")[0], "acted", outcome="accepted")
    await town.advance(hours=23)
    assert rung(town, PLAN) == []
    await town.advance(hours=1)
    assert rung(town, PLAN) == ["camhs-lead"]
    await town.publish(care_plan(came))
    await town.advance(working_days=9)
    assert rung(town, PLAN) == ["camhs-lead"], "the plan ends the climb"
    assert not [t for t in town.tasks("unanswered") if PLAN in t.task.words]


async def test_a_child_in_the_emergency_department_needs_no_plan_for_a_ward() -> None:
    noor, folk = young()
    town = place(folk)
    await town.publish(crisis(noor, "emergency-department"))
    assert not [c for c in town.clocks() if c.clock.words in (PLAN, RISK)]


async def test_who_leaves_the_ward_without_a_plan_is_the_camhs_leads_at_once() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.advance(minutes=30)
    await town.publish(stay_ended(came, plan_in_hand="no", risk_on_leaving="As high as on arrival."))
    await town.advance(minutes=1)
    assert rung(town, PLAN) == ["camhs-lead"]
    assert rung(town, RISK) == ["nn-hospital"]
    for team in ("gp-castle", "sn-south", "camhs"):
        assert town.inbox(team)[-1]["risk_and_impact"]["risk_on_leaving"] == "As high as on arrival."


async def test_the_wards_risk_assessment_is_due_within_four_hours_whoever_makes_it() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.advance(hours=4)
    assert rung(town, RISK) == ["nn-hospital"]
    second = crisis(noor)
    await town.publish(second)
    await town.publish(risk_assessment(second, "paediatric-ward"))
    assert [c.state for c in town.clocks() if c.clock.words == RISK] == ["running", "met"]


async def test_the_ward_reads_the_plan_or_its_lead_hears() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.publish(care_plan(came), risk_assessment(came))
    plan, risk = town.inbox("ward")
    await town.receipt(plan, "collected", kind="system")
    await town.receipt(risk, "acknowledged")
    await town.advance(hours=4)
    (late,) = [e for e in town.escalations(flow="F21") if e["unanswered_by"] == "WARD"]
    assert (late.team, late["paragraph"]) == ("nn-hospital", "2.14")
    await town.receipt(plan, "filed")
    await town.advance(working_days=5)
    assert len([e for e in town.escalations(flow="F21") if e["unanswered_by"] == "WARD"]) == 1


async def test_a_flag_raised_while_the_child_is_on_the_ward_reaches_the_ward_and_not_afterwards() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    raised = flag_changed(noor, "cse-risk")
    await town.publish(raised)
    assert "ward" in town.told(raised)
    await town.publish(stay_ended(came))
    later = flag_changed(noor, "early-help")
    await town.publish(later)
    assert "ward" not in town.told(later)


async def test_an_arrival_that_comes_after_its_end_begins_no_stay() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor, time="2026-03-16T07:00:00+00:00")
    await town.publish(stay_ended(came, time="2026-03-16T08:00:00+00:00"))
    await town.publish(came)
    assert not [s for s in town.file(noor).get("services", ()) if "until" not in s]


async def test_a_presentation_taken_back_takes_the_ward_and_every_clock_with_it() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.publish(cancel_of(came))
    assert {w.team for w in town.withdrawals()} == {"camhs", "gp-castle", "sn-south"}
    plan = care_plan(came)
    await town.publish(plan)
    assert "ward" not in town.told(plan)
    await town.advance(hours=30)
    assert rung(town, PLAN) == rung(town, ASKED) == []


async def test_the_sisters_nurse_and_the_parents_services_hear_nothing() -> None:
    noor, ann = child("Noor", age=14, school=SECONDARY), child("Zephyrine", age=8)
    town = place(family(mother=adult(), children=[noor, ann]))
    came = crisis(noor)
    await town.publish(came)
    await town.publish(care_plan(came), stay_ended(came))
    assert town.told(about=ann) == set()
    assert "sn-north" not in town.told()
    assert not {"mash", "social-care", "adult-mental-health", "dart"} & town.told()
    assert not any(ann.nhs.encode() in x.raw for letters in town.inboxes.letters.values() for x in letters)


@pytest.mark.parametrize(("age", "told"), [(16, True), (15, False)])
async def test_the_looked_after_nurse_hears_as_well_of_those_over_sixteen(age: int, told: bool) -> None:
    noor, folk = young(age=age, flags=[flag("looked-after")])
    town = place(folk)
    await town.publish(crisis(noor))
    assert ("looked-after" in town.told()) is told


async def test_what_was_not_written_down_is_fed_back_and_routed_all_the_same() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.publish(care_plan(came, observation={"absent": "not-recorded"}, voice_of_child={"missing": "not-asked"}))
    (quality,) = town.status("camhs", "quality")
    assert {p["path"] for p in quality["problems"]} == {"data.observation", "data.voice_of_child"}
    assert town.inbox("ward")


async def test_the_page_of_the_plan_reads_what_to_do_first_then_plan_then_risk() -> None:
    noor, folk = young()
    town = place(folk)
    came = crisis(noor)
    await town.publish(came)
    await town.publish(care_plan(came, plan="A nurse whom she knows.", if_it_gets_worse="Ring the doctor.", **RISKS))
    letter: Letter = town.letter("ward")
    page = reads_in_order(letter)
    assert "work by it while the child is with you" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Plan: A nurse whom she knows." in page["WHAT HAPPENED"]
    assert "Risk to self: High tonight." in page["RISK AND IMPACT ON THE CHILD"]
    assert "Observation level: within eyesight" in page["RISK AND IMPACT ON THE CHILD"]
