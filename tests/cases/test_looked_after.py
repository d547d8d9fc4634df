"""The review's cases of looked-after children and care leavers."""

from typing import Any

from tests.cases.steps import heard, home, seen
from tests.stories import Town
from tests.story_looked_after_events import (
    action,
    assessed,
    info_provided,
    info_requested,
    placement_changed,
    sdq_scored,
)
from tests.story_people import flag

INITIAL = "the initial health assessment is completed"


async def test_c55_the_health_team_hears_when_a_child_becomes_looked_after_and_the_assessment_is_due() -> None:
    """Then: between 55 % and 91 % of initial assessments were in time; notice came late (4.1, 5.1.3)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(placement_changed(kit))
    assert "looked-after" in town.told()
    await seen(town, "looked-after")
    await town.advance(working_days=21)
    assert INITIAL in {e["words"] for e in town.escalations(flow="F25")}


async def test_c56_what_practice_midwives_and_others_know_is_asked_before_the_assessment() -> None:
    """Then: assessments lacked ethnicity, faith and parental history, and GPs were not asked (4.2, 4.3, 4.13)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(info_requested(kit, "GP", "SN"))
    assert town.told() == {"gp-castle", "sn-north"}
    await town.publish(info_provided(kit, "gp"))
    assert "looked-after" in town.told()
    await town.advance(working_days=12)
    assert {e["unanswered_by"] for e in town.escalations(flow="F26")} == {"SN NORTH"}


async def test_c57_consent_is_looked_for_when_the_child_is_placed_and_is_never_a_gate() -> None:
    """Then: nine in ten reviews were on time, consent sought ahead: good practice (4.4, 4.7)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(placement_changed(kit, assessment_consent={"absent": "not-asked"}))
    assert "looked-after" in town.told()
    await town.advance(working_days=20)
    assert "consent to the health assessment is recorded" in {e["words"] for e in town.escalations(flow="F25")}


async def test_c58_each_thing_of_a_health_plan_has_an_owner_and_a_day_and_is_chased() -> None:
    """Then: health visitors' reviews were SMART, with the child's voice; school nurses' varied (4.5)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(assessed(kit, "review", actions=[action("sleep", "SN", "2026-03-20")]))
    assert town.letter("sn-north")["voice_of_child"]["voice_of_child"]
    await town.advance(working_days=6)
    assert heard(town, "F28")


async def test_c59_where_the_young_person_wants_to_be_seen_is_told_with_the_placement() -> None:
    """Then: young people disliked assessments in school (4.6)."""
    _, kit, folk = home(age=14)
    town = Town(folk)
    await town.publish(placement_changed(kit, choice_of_venue="At home, and not at school."))
    letter = town.letter("looked-after")
    assert letter["voice_of_child"]["choice_of_venue"] == "At home, and not at school."
    await town.advance(working_days=2)
    assert heard(town, "F25"), "the health team has not read it"


async def test_c60_who_leaves_care_has_a_health_history_or_the_named_nurse_hears() -> None:
    """Then: care leavers got a letter on birth and immunisation only (4.8, 4.9)."""
    _, kit, folk = home(age=17, flags=[flag("looked-after")])
    town = Town(folk)
    await town.publish(placement_changed(kit, "left-care"))
    await town.advance(working_days=60)
    words = {e["words"] for e in town.escalations()}
    assert "the care leaver has a health history" in words


async def test_c61_the_score_reaches_who_assesses_and_a_rise_is_camhs_to_answer() -> None:
    """Then: scores stayed with psychology, and CAMHS scored too (4.12, 5.1.17)."""
    _, kit, folk = home(age=9, flags=[flag("looked-after")])
    town = Town(folk)
    await town.publish(sdq_scored(kit, 21, 15))
    assert {"looked-after", "camhs", "sn-north"} <= town.told()
    await town.advance(working_days=10)
    assert "CAMHS" in {e["unanswered_by"] for e in town.escalations(flow="F27")}


async def test_c63_the_register_says_who_is_looked_after_what_is_not_known_of_them_and_what_is_overdue() -> None:
    """Then: the team had no overview of ethnicity, disability, exploitation and substances (5.1.4)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(placement_changed(kit, ethnicity="Pakistani", disability={"absent": "not-asked"}))
    await town.advance(working_days=21)
    (entry,) = await town.ledger.looked_after()
    assert (entry.child, entry.ethnicity, entry.disability) == (kit.id, "Pakistani", "not asked")
    assert (INITIAL, "overdue") in {(o.what, o.state) for o in entry.owed}


COPY: dict[str, Any] = {
    "what_we_talked_about": "Your tablets.",
    "what_you_said": "Without the tablets I cannot sit still.",
    "what_will_happen": [{"what": "You see the adult team about them.", "when": "2026-03-27"}],
    "whom_to_ask": "Your nurse, 01632 960142",
}


async def test_c79_the_plan_for_the_home_goes_with_the_nurse_and_who_refers_to_the_adult_team_is_chased() -> None:
    """Then: a boy near 18 lost his medicine and waits for a referral; others had each plan (foster carers, 4.5)."""
    _, kit, folk = home(age=17, flags=[flag("looked-after")])
    town = Town(folk)
    referral = action("adult-team", "CAMHS", "2026-03-27", what="Refer to the adult team, with what he takes.")
    await town.publish(assessed(kit, "review", actions=[referral], young_persons_copy=COPY))
    nurse = town.letter("looked-after")
    assert list(nurse.asks) == ["Hand the young person their own copy, and go through it with them."]
    assert {x.team for x in town.inboxes.of("summary") if b"I cannot sit still" in x.raw} == {"looked-after"}
    (owed,) = town.letter("camhs")["what_happened"]["actions"]
    assert (owed["what"], owed["by"]) == ("Refer to the adult team, with what he takes.", "2026-03-27")

    await town.advance(working_days=10)
    late = {(e["words"], e["unanswered_by"]) for e in town.escalations(flow="F28")}
    assert ("the young person has their own copy", nurse["to"]["name"]) in late
    assert ("what the health plan says is done (by 27 March 2026)", "CAMHS") in late
