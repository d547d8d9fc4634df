"""F01 (1.3, 1.5, R1.1): the midwife hands over in writing, with the risks, and somebody is seen to take it.

Before: "the sharing of key information from midwives to health visitors is largely dependent on verbal handover with
limited focus on risk"."""

from typing import Any

from tests.stories import Town
from tests.story_events import maternity_handover
from tests.story_people import adult, child, family, flag, unborn
from tests.story_teams import OUTSIDE

RISKS: dict[str, Any] = {
    "risks": ["domestic-abuse", "mental-ill-health"],
    "protective_factors": "Her sister comes every day.",
    "father_or_partner": {
        "full_name": "Lee Crane",
        "relationship": "partner",
        "lives_with_mother": "yes",
        "involvement_and_risks": "Answers for her at every visit.",
    },
    "domestic_abuse_enquiries": [
        {"asked_on": "2025-12-01", "outcome": "not-safe-to-ask"},
        {"asked_on": "2026-02-02", "outcome": "disclosure"},
    ],
    "perinatal_mental_health": {"status": "current-concern", "summary": "Low mood.", "offered": "Talking therapy."},
    "plan": "Home after the birth; midwife to day 28.",
}


async def test_the_health_visitor_and_the_gp_get_the_whole_of_the_risk_in_writing() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33, flags=[flag("unborn-plan")])
    town = Town(family(mother=mother, children=[bump]))
    handed_over = maternity_handover(mother, bump, first_time_mother="no", **RISKS)

    await town.publish(handed_over)

    assert town.told(handed_over) == {"hv-north", "gp-castle"}
    letter = town.letter("hv-north")
    risk = letter["risk_and_impact"]
    assert risk["risks"] == ["domestic-abuse", "mental-ill-health"]
    assert risk["protective_factors"] == "Her sister comes every day."
    assert risk["father_or_partner"]["full_name"] == "Lee Crane"
    assert [e["asked_on"] for e in risk["domestic_abuse_enquiries"]] == ["2025-12-01", "2026-02-02"]
    assert risk["perinatal_mental_health"]["status"] == "current-concern"
    assert letter["what_happened"]["plan"] == RISKS["plan"]
    assert [f["kind"] for f in letter["flags"]] == ["unborn-plan"]
    assert letter["child"]["unborn"]["mother"] == mother.doc["name"], "an unborn child is known by its mother"
    assert town.letter("gp-castle")["risk_and_impact"] == risk
    assert "Answers for her at every visit." in letter.page


async def test_a_baby_already_born_is_handed_over_by_its_own_name_and_number() -> None:
    mother, baby = adult("Ada", age=31), child("Bo", days=12, age=None)
    town = Town(family(mother=mother, children=[baby]))
    await town.publish(maternity_handover(mother, baby, first_time_mother="no"))
    letter = town.letter("hv-north")
    assert letter["child"]["nhs_number"] == baby.nhs
    assert letter["what_happened"]["stage"] == "postnatal"


async def test_a_first_time_mother_under_20_is_offered_to_the_family_nurse_partnership_which_gets_all_of_it() -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes", **RISKS))
    assert town.told() == {"hv-north", "gp-castle", "fnp"}
    assert "the mother is under 20 and this is her first child" in town.letter("fnp")["why_you"][0]["words"]
    assert town.letter("fnp")["risk_and_impact"]["domestic_abuse_enquiries"]


async def test_a_teenage_mother_outside_the_partnership_is_offered_to_respect_yourself_and_told_of_little() -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="no", **RISKS))
    assert town.told() == {"hv-north", "gp-castle", "respect-yourself"}
    letter = town.letter("respect-yourself")
    assert letter["risk_and_impact"] == {}
    assert letter["flags"] == []
    for secret in ("Lee Crane", "not-safe-to-ask", "Low mood.", "domestic-abuse"):
        assert secret.encode() not in letter.raw
    assert "Domestic abuse enquiries" in letter.withheld


async def test_a_mother_of_twenty_belongs_to_neither() -> None:
    mother, bump = adult("Ada", age=20), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    assert town.told() == {"hv-north", "gp-castle"}


async def test_the_older_childs_school_nurse_is_not_told_of_the_pregnancy() -> None:
    mother, bump, ann = adult("Ada", age=31), unborn(weeks=33), child("Ann", age=9)
    town = Town(family(mother=mother, children=[bump, ann]))
    await town.publish(maternity_handover(mother, bump))
    assert town.told(about=ann) == set()


async def test_both_health_visiting_services_are_told_where_the_practice_is_out_of_the_area() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump], practice=OUTSIDE))
    await town.publish(maternity_handover(mother, bump))
    assert town.told() == {"hv-north", "hv-birmingham", "gp-birmingham"}


async def test_the_health_visitor_acknowledges_then_files_and_nobody_is_rung() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump))
    letter = town.letter("hv-north")
    await town.receipt(letter, "acknowledged")
    assert [c.clock.needs for c in town.clocks(letter) if c.state == "running"] == ["file"]

    await town.receipt(letter, "filed", record_ref="hv/record/17")

    await town.advance(working_days=20)
    assert town.escalations(flow="F01") == []
    assert town.state(letter) == "filed"


async def test_a_handover_that_was_seen_and_never_filed_still_climbs() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=5)
    (to_lead,) = town.escalations(flow="F01")
    assert to_lead.team == "hv-lead"
    assert to_lead["words"] == "health visiting team files in the record"


async def test_unacknowledged_it_climbs_to_the_lead_then_the_named_nurse_and_stays_a_task() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, **RISKS))

    await town.advance(working_days=2)
    (to_lead,) = town.escalations(flow="F01")
    assert (to_lead.team, to_lead["unanswered_by"]) == ("hv-lead", "HV NORTH")
    assert b"Lee Crane" not in to_lead.raw
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F01")] == ["hv-lead", "nn-community"]
    await town.advance(working_days=30)

    acknowledged = [c for c in town.clocks(town.letter("hv-north")) if c.clock.needs == "acknowledge"]
    assert [c.state for c in acknowledged] == ["exhausted"]
    assert {t.task.owner for t in town.tasks("unanswered")} >= {"nn-community"}


async def test_what_the_midwife_left_out_is_fed_back_and_the_handover_is_routed_all_the_same() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    silent: dict[str, Any] = {
        "father_or_partner": {"absent": "not-asked"},
        "domestic_abuse_enquiries": {"absent": "not-recorded"},
    }
    await town.publish(maternity_handover(mother, bump, **silent))
    assert town.told() == {"hv-north", "gp-castle"}
    (quality,) = town.status("midwives", "quality")
    assert {p["path"] for p in quality["problems"]} == {"data.father_or_partner", "data.domestic_abuse_enquiries"}
    assert "Not recorded by the sender" in town.letter("hv-north").page
