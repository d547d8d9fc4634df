"""F01 (1.3, 1.5, R1.1): the midwife hands over in writing, with the risks, and somebody is seen to take it.

Before: "the sharing of key information from midwives to health visitors is largely dependent on verbal handover with
limited focus on risk"."""

from datetime import date
from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, maternity_handover
from tests.story_pages import reads_in_order
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


async def test_the_page_reads_who_and_what_is_asked_before_the_risks_and_tells_no_flags_from_withheld_ones() -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=33, flags=[flag("unborn-plan")])
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="no", **RISKS))
    page = reads_in_order(town.letter("hv-north"))
    assert "Unborn child, expected" in page["WHO"]
    assert "mother STORY, Ada" in page["WHO"]
    assert "file this handover in the record" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Plan: Home after the birth" in page["WHAT HAPPENED"]
    for risk in ("Risks: domestic abuse", "Her sister comes", "Lee Crane", "Domestic abuse enquiries", "Low mood."):
        assert risk in page["RISK AND IMPACT ON THE CHILD"]
    assert "unborn plan, since" in page["FLAGS"]
    assert page["WHO ELSE WAS TOLD"] == "- GP practice - Respect Yourself teenage parenting"
    least = reads_in_order(town.letter("respect-yourself"))
    assert "Withheld from you" in least["RISK AND IMPACT ON THE CHILD"]
    assert "Withheld from you" in least["FLAGS"]
    assert "None is known" not in least["FLAGS"]


@pytest.mark.parametrize(
    ("born", "first", "offered"),
    [
        (date(2006, 3, 17), "yes", "fnp"),
        (date(2006, 3, 17), "no", "respect-yourself"),
        (date(2006, 3, 17), "not-asked", "respect-yourself"),
        (date(2006, 3, 16), "yes", None),
        (date(2006, 3, 16), "no", None),
        (date(2012, 5, 1), "yes", "fnp"),
    ],
)
async def test_who_is_offered_help_changes_on_the_mothers_twentieth_birthday_and_with_her_first_child(
    born: date, first: str, offered: str | None
) -> None:
    mother, bump = adult("Ada", born=born), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother=first))
    assert town.told() - {"hv-north", "gp-castle"} == ({offered} if offered else set())


async def test_her_age_on_the_day_of_the_handover_counts_though_it_is_read_after_her_birthday() -> None:
    mother, bump = adult("Ada", born=date(2006, 3, 16)), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, time="2026-03-15T16:00:00+00:00", first_time_mother="yes"))
    assert "fnp" in town.told()


@pytest.mark.parametrize(
    "field",
    ["risks", "protective_factors", "father_or_partner", "domestic_abuse_enquiries", "perinatal_mental_health", "plan"],
)
async def test_a_handover_without_its_risk_section_is_refused_and_nobody_takes_it_for_one(field: str) -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, **{field: None}))
    (refused,) = town.status("midwives", "refused")
    assert [(p["code"], p["path"]) for p in refused["problems"]] == [("missing", f"data.{field}")]
    assert town.told() == set()
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations()] == ["midwives", "nn-hospital"], "and it climbs until it comes whole"


@pytest.mark.parametrize(("first", "team", "lead"), [("yes", "fnp", "hv-lead"), ("no", "respect-yourself", "")])
async def test_whether_a_young_mother_was_taken_on_is_answered_or_climbs(first: str, team: str, lead: str) -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother=first))
    hv, young = town.letter("hv-north"), town.letter(team)
    await town.receipt(hv, "filed", record_ref="hv/1")
    await town.receipt(young, "acknowledged")

    await town.advance(working_days=5)
    (rung,) = town.escalations(flow="F01")
    assert rung.team == (lead or "nn-community"), "to have seen it is no answer to her"
    await town.receipt(young, "acted", outcome="accepted")

    await town.advance(working_days=20)
    assert len(town.escalations(flow="F01")) == 1
    assert town.tasks() == []


async def test_a_young_mother_whom_the_partnership_declines_is_somebodys_to_look_to() -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    await town.receipt(town.letter("hv-north"), "filed", record_ref="hv/1")
    await town.receipt(town.letter("fnp"), "acted", outcome="declined", note="No nurse is free before the birth.")
    await town.advance(working_days=20)
    assert [e.team for e in town.escalations(flow="F01")] == ["hv-lead", "nn-community"]
    (task,) = town.tasks("unanswered")
    assert task.task.owner == "nn-community"


async def test_an_answer_in_time_ends_the_clock_of_the_partnership() -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=26)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    await town.receipt(town.letter("hv-north"), "filed", record_ref="hv/1")
    await town.receipt(town.letter("fnp"), "acted", outcome="accepted")
    await town.advance(working_days=20)
    assert town.escalations(flow="F01") == []


async def test_a_system_that_stored_it_has_neither_acknowledged_nor_filed_it() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump))
    letter = town.letter("hv-north")
    for state in ("collected", "validated", "matched"):
        await town.receipt(letter, state, kind="system")
    for state in ("acknowledged", "filed"):
        answered = await town.receipt(letter, state, kind="system")
        assert [p.code for r in answered.refused for p in r.problems] == ["receipt-by-person"]
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F01")] == ["hv-lead"]


async def test_a_filing_says_where_and_counts_as_seen_too() -> None:
    mother, bump = adult("Ada", age=31), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump))
    await town.receipt(town.letter("hv-north"), "filed", record_ref="hv/record/17")
    assert {c.state for c in town.clocks(town.letter("hv-north"))} == {"met"}
    assert town.queue("hv-north") == []


async def test_nobody_but_those_who_take_over_reads_of_the_risks() -> None:
    mother, bump, ann = adult("Ada", age=18), unborn(weeks=33), child("Ann", age=9)
    town = Town(family(mother=mother, children=[bump, ann]))
    secret = RISKS | {
        "plan": "CANARY-PLAN",
        "protective_factors": "CANARY-RISK",
        "concern": dict.fromkeys(("facts", "analysis", "impact_on_child", "protective_factors"), "CANARY-RISK"),
    }
    await town.publish(maternity_handover(mother, bump, first_time_mother="no", **secret))
    await town.advance(working_days=20)

    def who_has(word: bytes) -> set[tuple[str, str]]:
        return {key for key, letters in town.inboxes.letters.items() for x in letters if word in x.raw}

    assert who_has(b"CANARY-RISK") == {("summary", "hv-north"), ("summary", "gp-castle")}
    assert who_has(b"CANARY-PLAN") == who_has(b"CANARY-RISK") | {("summary", "respect-yourself")}
    assert not {"mash", "sn-north", "pln", "social-care", "midwives"} & town.told()


async def test_twins_born_are_each_handed_over_and_each_letter_holds_its_own_baby() -> None:
    mother, bo, cy = adult("Kim", age=17), child("Bo", days=10, age=None), child("Cy", days=10, age=None)
    town = Town(family(mother=mother, children=[bo, cy]))
    subjects = [mother.subject("mother"), bo.subject(), cy.subject()]
    await town.publish(maternity_handover(mother, bo, subjects=subjects, first_time_mother="yes", **RISKS))
    for one, other in ((bo, cy), (cy, bo)):
        assert town.told(about=one) == {"hv-north", "gp-castle", "fnp"}
        assert other.nhs.encode() not in town.letter("fnp", one).raw


async def test_a_handover_taken_back_is_told_to_all_who_had_it_and_asked_of_nobody() -> None:
    mother, bump = adult("Ada", age=18), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    mistaken = maternity_handover(mother, bump, first_time_mother="yes")
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert {w.team for w in town.withdrawals()} == {"hv-north", "gp-castle", "fnp"}
    await town.advance(working_days=20)
    assert town.escalations(flow="F01") == []


async def test_a_fostered_girls_own_flags_stand_in_the_handover_of_her_baby() -> None:
    mother, bump = adult("Kim", age=17, flags=[flag("looked-after")]), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    assert "looked after" in reads_in_order(town.letter("fnp"))["FLAGS"]
