"""What happens besides the morning's scenes, one for each matter of F14 to F34; some of it is never followed up."""

from deploy.borough import abuse_events as abuse
from deploy.borough import adult_mental_health_events as ward
from deploy.borough import crisis_events as crisis
from deploy.borough import ed_events as ed
from deploy.borough import exploitation_events as exploit
from deploy.borough import looked_after_events as care
from deploy.borough import mash_events as mash
from deploy.borough import meeting_events as meet
from deploy.borough import perinatal_events as perinatal
from deploy.borough import places
from deploy.borough import referral_events as refer
from deploy.borough.find import aged, flagged, plain, with_service
from deploy.borough.stage import Stage

HOUR, DAY = 60, 24 * 60
"""In minutes, as a stage counts."""


def psychiatric_care(stage: Stage) -> None:
    """F20: a parent is admitted and leaves days later; a young person is on a ward for adults."""
    parent = stage.adult(plain)
    spell = stage.say(35, ward.parent_admitted, parent).event["data"]["spell_id"]
    stage.say(35 + 5 * DAY, ward.parent_left_hospital, parent, spell=spell)
    stage.say(120, ward.parent_admitted, stage.adult(plain))
    child = stage.child(aged(16, 17))
    spell = stage.say(95, ward.on_adult_ward, child).event["data"]["spell_id"]
    stage.say(95 + 3 * DAY, ward.on_adult_ward, child, change="moved-to-tier-4", spell=spell)


def crises(stage: Stage) -> None:
    """F21: one child is seen, planned for and goes home; one waits on the ward for a plan that never comes."""
    child = stage.child(aged(12, 17), plain)
    stay = stage.say(41, crisis.crisis_presentation, child).event["data"]["spell_id"]
    stage.say(55, crisis.assessment_requested, child, stay=stay)
    stage.say(3 * HOUR, crisis.child_seen, child, stay=stay)
    stage.say(4 * HOUR, crisis.care_plan, child, stay=stay)
    stage.say(5 * HOUR, crisis.risk_assessment, child, stay=stay)
    stage.say(3 * DAY, crisis.stay_ended, child, stay=stay)
    waits = stage.child(aged(12, 17), plain)
    stay = stage.say(160, crisis.crisis_presentation, waits, by="ward").event["data"]["spell_id"]
    if stage.rng.random() < 0.7:
        stage.say(200, crisis.assessment_requested, waits, stay=stay)
    if stage.rng.random() < 0.4:
        stage.say(26 * HOUR, crisis.child_seen, waits, stay=stay)


def looked_after(stage: Stage) -> None:
    """F25, F27, F28: a child becomes looked after, one is assessed in time and one is not; scores rise and fall."""
    stage.say(50, care.placement, stage.child(aged(1, 15), plain), days_late=stage.rng.choice((0, 1, 6)))
    assessed = stage.child(aged(2, 12), plain)
    stage.say(75, care.placement, assessed)
    stage.say(75 + 9 * DAY, care.health_assessment, assessed)
    stage.say(140, care.placement, stage.child(flagged("looked-after"), aged(1, 17)), change="moved")
    stage.say(170, care.sdq, stage.child(flagged("looked-after"), aged(4, 16)), total=22, before=12)


def asked_before_assessment(stage: Stage) -> None:
    """F26: services are asked what they know; one holds something, one holds nothing, and the others say nothing."""
    child = stage.child(aged(5, 15), plain)
    ref = f"asm-{stage.rng.getrandbits(36):09x}"
    stage.say(65, care.info_requested, child, assessment=ref)
    stage.say(65 + 2 * DAY, care.info_provided, child, assessment=ref, by="amh")
    stage.say(65 + 3 * DAY, care.info_provided, child, assessment=ref, by="camhs", held=False)
    held_up = stage.child(aged(12, 17), plain)
    stage.say(80, care.placement, held_up)
    stage.say(80 + 4 * DAY, care.assessment_paused, held_up)
    if stage.rng.random() < 0.5:
        stage.say(80 + 8 * DAY, care.assessment_paused, held_up, change="resumed")


def referrals(stage: Stage) -> None:
    """F15, F16, F17: written down after a call or not, decided or not, disputed and answered or not."""
    told = stage.child(aged(1, 15), plain)
    call = stage.say(45, refer.telephone_referral, told).event["data"]["call_id"]
    written = stage.say(5 * HOUR, refer.referral, told, by="hv", call_id=call).event["data"]["referral_id"]
    stage.say(20 * HOUR, refer.referral_outcome, told, referral_id=written)
    stage.say(105, refer.telephone_referral, stage.child(aged(1, 15), plain))
    stage.say(130, refer.referral, stage.child(aged(1, 15), plain), by="sn")
    stage.say(150, refer.referral, stage.unborn(), by="midwives")
    at_odds = stage.child(aged(6, 15), plain)
    raised = stage.say(180, refer.escalated, at_odds).event["data"]["escalation_id"]
    if stage.rng.random() < 0.5:
        stage.say(180 + DAY, refer.escalation_answered, at_odds, escalation_id=raised)


def enquiries(stage: Stage) -> None:
    """F23: a mother is asked about abuse, or it was not safe to ask; a MARAC decides."""
    stage.say(25, abuse.da_enquiry, stage.unborn())
    stage.say(37, abuse.da_enquiry, stage.unborn(), outcome="not-safe-to-ask")
    stage.say(88, abuse.marac_outcome, stage.mother(plain))


def mothers(stage: Stage) -> None:
    """F24: two mothers in need, before and during a pregnancy's end; who takes them on is up to those who read it."""
    stage.say(43, perinatal.mothers_need, stage.unborn())
    stage.say(99, perinatal.mothers_need, stage.unborn(), by="midwives", urgency="urgent")


def meetings(stage: Stage) -> None:
    """F18, F19, F32: conferences with notice and without, reports or none, minutes; liaison; supervision."""
    practice = places.PRACTICES_IN[places.DUDLEY][0].code
    child = stage.child(aged(1, 15), lambda _, doc: doc.get("practice") == practice)
    called = stage.say(52, meet.conference_called, child, in_days=8).event["data"]["conference_id"]
    stage.say(52 + 3 * DAY, meet.conference_report, child, conference=called)
    gp = next(p.id for p in stage.borough.publishers if p.organisation == practice)
    stage.say(52 + 4 * DAY, meet.conference_report, child, conference=called, by=gp)
    stage.say(52 + 10 * DAY, meet.conference_minutes, child, conference=called, owners=("HV", "GP"))
    stage.say(111, meet.conference_called, stage.child(aged(1, 15), plain), in_days=0.7)
    stage.say(62, meet.liaison, stage.child(aged(5, 15), plain), owners=("SN", "GP"))
    stage.say(163, meet.supervision, stage.child(aged(6, 16), plain))


def early_help(stage: Stage) -> None:
    """F33: a plan is opened, reviewed and closed; another is opened and nobody looks at it again."""
    child = stage.child(aged(1, 4), plain)
    first = stage.say(77, meet.early_help, child).event["data"]
    same = {"assessment_id": first["assessment_id"]}
    stage.say(77 + 12 * DAY, meet.early_help, child, change="reviewed", version=2, **same)
    stage.say(77 + 20 * DAY, meet.early_help, child, change="closed", version=3, **same)
    stage.say(137, meet.early_help, stage.child(aged(1, 4), plain))


def exploitation(stage: Stage) -> None:
    """F22, F34: what a tool found; a contact at a clinic that is a matter for MASH and one that is not; a pharmacy."""
    stage.say(59, exploit.cse_assessed, stage.child(aged(12, 17), plain))
    stage.say(121, exploit.sexual_health_concern, stage.child(aged(13, 17)), harm="reasonable-cause")
    stage.say(147, exploit.sexual_health_concern, stage.child(aged(13, 17)), harm="no-reasonable-cause")
    stage.say(177, exploit.fast_tracked, stage.child(aged(15, 17)))


def asked_by_mash(stage: Stage) -> None:
    """F14: services are asked; one answers with its analysis, one without, one holds nothing, others say nothing."""
    child = stage.child(aged(5, 15), with_service("CAMHS"))
    ref = mash.mash_ref(stage.rng)
    stage.say(32, mash.mash_request, child, ref=ref, rag="amber")
    answers: tuple[tuple[str, str, dict[str, bool]], ...] = (
        ("camhs", "camhs-dudley", {}),
        ("hv", "hv-lead", {"held": False}),
        ("amh", "amh-dudley", {"analysed": False}),
    )
    for n, (by, team, how) in enumerate(answers):
        stage.say(95 + 40 * n, mash.mash_response, child, ref=ref, by=by, team=team, **how)
    other = stage.child(aged(1, 15), plain)
    ref = mash.mash_ref(stage.rng)
    stage.say(48, mash.mash_request, other, ref=ref, rag="amber")
    stage.say(115, mash.mash_rag_changed, other, ref=ref, was="amber", rag="red")


def left_with_an_injury(stage: Stage) -> None:
    """F13: a child on a plan leaves before its injury is treated, and MASH hears of it (1.18)."""
    child = stage.child(aged(1, 11), flagged("child-protection-plan"))
    how = "Fell down the stairs, said the adult who came with the child."
    stage.say(77, ed.left_before_treatment, child, mechanism_of_injury=how)


ALL = (
    psychiatric_care,
    crises,
    looked_after,
    asked_before_assessment,
    referrals,
    enquiries,
    mothers,
    meetings,
    early_help,
    exploitation,
    asked_by_mash,
    left_with_an_injury,
)
