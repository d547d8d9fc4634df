"""The review's cases of referrals, escalations, flags, liaison, supervision and early help."""

from tests.cases.steps import NOTHING, fed_back, heard, home, seen
from tests.stories import Town
from tests.story_early_help_events import early_help, help_by
from tests.story_events import flag_changed
from tests.story_meeting_events import (
    action,
    liaison_outcome,
    supervision_recorded,
)
from tests.story_referral_events import escalation, escalation_answered, referral, referral_outcome, telephone_referral

THIN = {"facts": "A bruise.", "analysis": NOTHING, "impact_on_child": NOTHING, "protective_factors": NOTHING}


async def test_c18_a_practice_that_did_not_ask_the_child_hears_so_and_its_referral_goes_on() -> None:
    """Then: GP records lacked the accompanying adult's name and the child's voice (1.26)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    sent = referral(kit, mother, by="gp", voice_of_child={"missing": "not-asked"})
    await town.publish(sent)
    assert "data.voice_of_child" in fed_back(town, "gp")
    assert "mash" in town.told(sent)
    await town.advance(working_days=1)
    assert heard(town, "F15"), "MASH has not read it"


async def test_c22_the_outcome_of_the_practices_meeting_is_filed_in_the_childs_record() -> None:
    """Then: a practice listed the cases discussed and filed no outcome (2.4)."""
    _, kit, folk = home(age=3)
    town = Town(folk)
    await town.publish(liaison_outcome(kit, by="hv", outcome="Weigh her weekly."))
    await seen(town, "gp-castle", "hv-north")
    await town.advance(working_days=5)
    late = [e["unanswered_by"] for e in town.escalations(flow="F19")]
    assert late == ["GP CASTLE"], "read, and not filed"


async def test_c23_all_who_meet_or_cannot_meet_have_what_was_agreed() -> None:
    """Then: without regular meetings midwives and school nurses relied on chance talks (2.5, 2.7, 5.1.22)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    met = liaison_outcome(kit, action("a-1", "SN", by="2026-03-20"), by="gp")
    await town.publish(met)
    assert {"gp-castle", "sn-north"} <= town.told(met)
    await seen(town, "sn-north")
    await town.advance(working_days=6)
    assert "sn-lead" in heard(town, "F19"), "its action's day has gone by"


async def test_c24_what_camhs_is_to_do_reaches_camhs_and_is_chased() -> None:
    """Then: a school nurse and a paediatrician together got a young person into CAMHS: good practice (2.7)."""
    _, kit, folk = home(age=14)
    town = Town(folk)
    met = liaison_outcome(kit, action("a-1", "CAMHS", by="2026-03-20"), by="sn")
    await town.publish(met)
    assert "camhs" in town.told(met)
    await town.advance(working_days=6)
    assert "CAMHS" in {e["unanswered_by"] for e in town.escalations(flow="F19")}


async def test_c25_a_family_that_camhs_finds_without_social_care_is_referred_and_decided_upon() -> None:
    """Then: one CAMHS family lacked social care input (2.8)."""
    mother, kit, folk = home(age=14)
    town = Town(folk)
    await town.publish(referral(kit, mother, by="camhs"))
    assert "mash" in town.told()
    await town.advance(working_days=2)
    assert heard(town, "F17"), "no decision was told"


async def test_c39_a_referral_by_telephone_that_nobody_writes_is_climbed_to_the_named_nurse() -> None:
    """Then: a health visitor referred by telephone and never wrote (3.8)."""
    mother, kit, folk = home(age=3)
    town = Town(folk)
    await town.publish(telephone_referral(kit, mother, by="hv"))
    await town.advance(hours=48)
    words = {(e.team, e["words"]) for e in town.escalations(flow="F16")}
    assert ("hv-lead", "the referral made by telephone is written") in words
    await town.advance(working_days=2)
    words = {(e.team, e["words"]) for e in town.escalations(flow="F16")}
    assert ("nn-community", "the referral made by telephone is written") in words


async def test_c41_a_school_nurses_challenge_is_answered_or_climbs() -> None:
    """Then: a school nurse escalated a case and challenged a conference's decision: good practice (3.11)."""
    _, kit, folk = home(age=14)
    town = Town(folk)
    raised = escalation(kit, by="sn")
    await town.publish(raised)
    assert "social-care" in town.told(raised)
    await town.advance(working_days=10)
    assert heard(town, "F17"), "social care has not answered"
    answered = escalation_answered(raised)
    await town.publish(answered)
    assert "sn-lead" in town.told(answered)


async def test_c52_a_flag_reaches_the_practice_and_is_acknowledged() -> None:
    """Then: all GP records seen flagged plans, looked-after and abuse at home: good practice (3.30)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(flag_changed(kit, "child-protection-plan"))
    letter = town.letter("gp-castle")
    assert letter["what_happened"]["kind"] == "child-protection-plan"
    await town.receipt(letter, "acknowledged")
    await town.advance(working_days=10, minutes=1)
    await town.advance(minutes=1)
    assert "GP CASTLE" in {e["unanswered_by"] for e in town.escalations(flow="F31")}, "read, and filed nowhere"


async def test_c64_an_escalation_that_is_not_answered_is_not_dropped() -> None:
    """Then: school nurses' escalations went unanswered and were dropped (5.1.14)."""
    _, kit, folk = home(age=14)
    town = Town(folk)
    await town.publish(escalation(kit, by="sn"))
    await town.advance(working_days=20)
    assert heard(town, "F17")
    assert town.tasks("unanswered"), "a task stays until a named person closes it"


async def test_c66_a_referral_that_merely_describes_is_scored_and_its_writer_hears() -> None:
    """Then: an audit found records without analysis and voice (5.2.7, 5.2.8)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(referral(kit, mother, by="sn", concern=THIN))
    assert "data.concern" in fed_back(town, "sn")
    (writer,) = [p for p in await town.ledger.publishers() if p.publisher == "sn"]
    assert writer.present < writer.wanted, "and an audit reads it off, without drawing a sample"
    await town.advance(working_days=1)
    assert heard(town, "F15")


async def test_c67_a_flag_is_told_to_who_holds_the_paper_file_and_filed_with_its_reference() -> None:
    """Then: health visitors' and school nurses' paper files bore no outer alert (5.2.9)."""
    _, kit, folk = home(age=3)
    town = Town(folk)
    await town.publish(flag_changed(kit, "child-protection-plan"))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=10, minutes=1)
    await town.advance(minutes=1)
    assert "HV NORTH" in {e["unanswered_by"] for e in town.escalations(flow="F31")}, "read, and filed nowhere"


async def test_c68_a_clinics_referral_is_copied_to_its_named_nurse_and_its_outcome_comes_back() -> None:
    """Then: the clinic neither audited nor tracked its referrals, and those seen were thin (5.2.10)."""
    mother, kit, folk = home(age=15)
    town = Town(folk)
    sent = referral(kit, mother, by="cash", concern=THIN)
    await town.publish(sent)
    assert "nn-hospital" in town.told(sent)
    assert fed_back(town, "cash")
    await town.advance(working_days=1)
    assert heard(town, "F17") == ["social-care"], "no outcome was told, and somebody tracks that"
    decided = referral_outcome(sent)
    await town.publish(decided)
    assert "sexual-health" in town.told(decided)


async def test_c72_what_supervision_agreed_is_on_the_childs_record_and_is_done() -> None:
    """Then: notes of supervision were kept apart, or not at all (5.3.4, 5.3.7, 5.3.14, 5.3.19)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("s-1", "SN", by="2026-03-20")))
    assert "sn-north" in town.told()
    await town.advance(working_days=6)
    assert heard(town, "F32")


async def test_c73_the_drug_services_supervision_is_kept_with_the_childs_own_history() -> None:
    """Then: the drug service filed supervision in records and told team leaders: good practice (5.3.22)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("s-1", "ASM", by="2026-03-20"), by="asm"))
    assert town.told() == {"substance-misuse"}
    await town.advance(working_days=6)
    assert "SUBSTANCE MISUSE" in {e["unanswered_by"] for e in town.escalations(flow="F32")}


async def test_c74_what_the_named_nurse_finds_of_a_new_plan_is_social_cares_to_act_on() -> None:
    """Then: the named nurse audited each new plan and shared it with social care: good practice (5.3.8)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("s-1", "CSC", by="2026-03-20")))
    assert "social-care" in town.told()
    await town.advance(working_days=6)
    assert "SOCIAL CARE" in {e["unanswered_by"] for e in town.escalations(flow="F32")}


async def test_c76_early_help_is_everybodys_who_has_a_part_in_it_and_is_looked_at_again() -> None:
    """Then: early-help referrals were newly monitored, and the work not yet shared by all (1.4)."""
    _, kit, folk = home(age=3)
    town = Town(folk)
    await town.publish(early_help(kit, plan=help_by("RY", "MID"), review_due="2026-03-20"))
    assert {"hv-north", "gp-castle"} <= town.told()
    await town.advance(working_days=10)
    assert heard(town, "F33")
