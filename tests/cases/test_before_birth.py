"""The review's cases of pregnancy and birth: who hears before the baby comes, and who is rung when nobody answers."""

from tests.cases.steps import NOTHING, expecting, fed_back, heard, seen
from tests.stories import Town
from tests.story_abuse_in_pregnancy_events import enquiry
from tests.story_adult_mental_health_events import parent_admitted
from tests.story_events import birth_notified, maternity_handover, parent_registered, pregnancy_notified
from tests.story_meeting_events import action, liaison_outcome
from tests.story_people import MORNING, Person, family, flag, person, unborn
from tests.story_perinatal_events import mothers_need
from tests.story_referral_events import referral, referral_outcome
from tests.story_teams import OUTSIDE


async def test_c01_a_girl_of_sixteen_with_a_concealed_pregnancy_is_seen_by_those_who_safeguard_her_at_once() -> None:
    """Then: a girl of 16 booked very late, was sent home unseen, and the named midwife caught it by chance (1.2)."""
    girl = person("Ada", 16)
    town = Town(family(mother=girl))
    await town.publish(pregnancy_notified(girl, booking="concealed", expected_date="2026-04-20", by="midwives"))
    assert {"nn-hospital", "respect-yourself", "mash", "hv-north", "gp-castle"} <= town.told()
    (what,) = town.letter("nn-hospital").asks
    assert "late or concealed booking" in what
    await town.advance(working_days=1)
    assert "nn-community" in heard(town, "F02"), "MASH had not answered in a working day"


async def test_c02_what_the_unborn_baby_network_agrees_is_on_record_with_practice_and_health_visitor() -> None:
    """Then: midwives wrote in GP records and a network shared risks: good practice, by hand (1.2, 2.1)."""
    mother, bump, folk = expecting()
    town = Town(folk)
    met = liaison_outcome([bump, mother], action("a-1", "HV", by="2026-03-20"), by="midwives", outcome="Plan agreed.")
    await town.publish(met)
    assert town.told(met) >= {"gp-castle", "hv-north"}
    assert town.letter("gp-castle")["what_happened"]["outcome"] == "Plan agreed."
    await town.advance(working_days=5)
    assert "hv-lead" in heard(town, "F19"), "what the health visitor agreed was not done by its day"


async def test_c03_the_midwifes_handover_is_written_with_its_risks_and_is_filed() -> None:
    """Then: the handover was largely verbal, with little on risk (1.3)."""
    mother, bump, folk = expecting(weeks=32)
    town = Town(folk)
    await town.publish(maternity_handover(mother, bump, risks=["domestic-abuse"], protective_factors=NOTHING))
    assert town.letter("hv-north")["risk_and_impact"]["risks"] == ["domestic-abuse"]
    assert "data.protective_factors" in fed_back(town, "midwives")
    await seen(town, "hv-north")
    await town.advance(working_days=5)
    assert heard(town, "F01") == ["hv-lead"], "read, and not filed"


async def test_c04_a_young_mother_is_offered_to_one_service_or_the_other_and_somebody_says_yes() -> None:
    """Then: three in four of those referred joined FNP, and Respect Yourself served the rest (1.5)."""
    for first, told in (("yes", "fnp"), ("no", "respect-yourself")):
        girl, bump = person("Ada", 18), unborn(weeks=20)
        town = Town(family(mother=girl, children=[bump]))
        await town.publish(maternity_handover(girl, bump, first_time_mother=first))
        assert {"fnp", "respect-yourself"} & town.told() == {told}
        await town.receipt(town.letter(told), "acted", outcome="declined", note="Full.")
        await seen(town, "hv-north")
        await town.receipt(town.letter("hv-north"), "filed")
        await town.advance(working_days=5)
        assert heard(town, "F01"), "declined is not taken on"


async def test_c05_the_antenatal_visit_is_offered_though_the_midwife_works_outside_dudley() -> None:
    """Then: only 70 % of mothers were offered one (1.6)."""
    mother, _bump, folk = expecting(weeks=30)
    for one in folk.people:
        if "practice" in one.doc:
            one.doc["practice"] = OUTSIDE
    town = Town(folk)
    await town.publish(pregnancy_notified(mother, by="midwives-birmingham"))
    assert {"hv-north", "hv-birmingham"} <= town.told()
    await seen(town, "hv-north", "hv-birmingham")
    await town.advance(days=28, hours=1)
    assert {"hv-lead", "nn-birmingham"} == set(heard(town, "F02")), "34 weeks, and no visit was offered by either"


async def test_c21_a_mothers_need_is_open_until_somebody_takes_her_on() -> None:
    """Then: thresholds were high, and many mothers went to charities (2.2, 2.3, 5.1.8)."""
    mother, bump, folk = expecting()
    town = Town(folk)
    await town.publish(mothers_need(mother, bump, urgency="routine"))
    await seen(town, "hv-north", "midwives")
    await town.receipt(town.letter("adult-mental-health"), "acted", outcome="declined", note="Below threshold.")
    await town.advance(minutes=1)
    assert heard(town, "F24") == ["hv-lead"]


async def test_c31_what_adult_mental_health_knows_of_the_mother_comes_before_the_birth() -> None:
    """Then: a community nurse shared historical concerns for an unborn baby: good practice (2.17)."""
    mother, bump, folk = expecting(weeks=16)
    town = Town(folk)
    await town.publish(referral(bump, mother, by="amh"))
    assert "mash" in town.told(about=bump)
    await town.advance(working_days=1)
    assert heard(town, "F15"), "the decision is due in a working day"


async def test_c32_for_a_pregnant_woman_in_crisis_midwife_and_social_care_hear_at_any_gestation() -> None:
    """Then: adult mental health met the midwife and the drug service; social care came in at 20 weeks (2.18)."""
    mother, bump, folk = expecting(weeks=14)
    town = Town(folk)
    await town.publish(parent_admitted(mother, pregnant="yes", expected_date=bump.doc["expected"]))
    assert town.told(about=bump) == {"midwives", "social-care"}
    await seen(town, "social-care")
    await town.advance(working_days=2)
    assert heard(town, "F20") == ["nn-hospital"]


async def test_c35_the_question_about_abuse_is_put_in_each_trimester_or_midwifery_hears() -> None:
    """Then: midwives attended MARAC, and records showed the question asked once only (3.2, 3.3)."""
    mother, bump, folk = expecting(weeks=10)
    town = Town(folk)
    today = MORNING.date().isoformat()
    await town.publish(pregnancy_notified(mother, booked_on=today), enquiry(mother, bump, asked_on=today))
    await town.advance(days=7 * 18, hours=1)
    late = [e["words"] for e in town.escalations("midwives", flow="F23")]
    assert late == ["the mother is asked about domestic abuse in the second trimester"]


async def test_c36_a_midwifes_concern_for_a_mother_in_need_is_decided_upon_and_she_hears() -> None:
    """Then: a mother with mental-health needs was kept safe until transfer, and late bookers reported (3.5)."""
    mother, bump, folk = expecting(weeks=24)
    town = Town(folk)
    sent = referral(bump, mother, by="midwives")
    await town.publish(sent)
    assert town.told(sent) == {"mash", "nn-hospital"}
    await town.advance(working_days=2)
    assert heard(town, "F17"), "no decision was told"
    decided = referral_outcome(sent)
    await town.publish(decided)
    assert "midwives" in town.told(decided)


async def test_c37_a_referral_that_says_nothing_of_the_father_is_sent_back_with_what_it_lacks_and_goes_on() -> None:
    """Then: most midwives' referrals said little of the father, and analysis was weak (3.6)."""
    mother, bump, folk = expecting()
    town = Town(folk)
    sent = referral(bump, mother, by="midwives", father_or_partner={"absent": "not-asked"})
    await town.publish(sent)
    assert "data.father_or_partner" in fed_back(town, "midwives")
    assert "mash" in town.told(sent)
    await town.advance(working_days=1)
    assert heard(town, "F15"), "what it lacks holds up no decision"


async def test_c62_a_fostered_girl_who_expects_is_handed_over_to_her_family_nurse_with_both_their_flags() -> None:
    """Then: a fostered girl of 17 joined FNP with twins; midwife and FNP planned the birth: good practice (4.14)."""
    girl, bump = person("Ada", 17, flags=[flag("looked-after")]), unborn(weeks=38, flags=[flag("unborn-plan")])
    town = Town(family(mother=girl, children=[bump]))
    await town.publish(maternity_handover(girl, bump, first_time_mother="yes"))
    told = {(f["kind"], f.get("of")) for f in town.letter("fnp")["flags"]}
    assert {kind for kind, _ in told} == {"looked-after", "unborn-plan"}
    assert ("looked-after", "the mother") in told
    twins = [person(name, born=MORNING.date()) for name in ("Bo", "Jo")]
    await town.publish(birth_notified(girl, *twins))
    born = [town.file(Person(town.ledger.store.by_nhs[twin.nhs], {})) for twin in twins]
    assert [[f["kind"] for f in doc["flags"]] for doc in born] == [["unborn-plan"]] * 2, "each twin has the plan"
    await town.advance(working_days=5)
    late = {e["unanswered_by"] for e in town.escalations(flow="F01")}
    assert "FNP" in late, "the family nurse has not said that she takes her on"


async def test_c65_a_referral_at_twelve_weeks_is_taken_like_any_other() -> None:
    """Then: after a serious case review referrals were still put off until 20 weeks (5.2.5, 5.2.6)."""
    mother, bump, folk = expecting(weeks=12)
    town = Town(folk)
    sent = referral(bump, mother, by="midwives", gestation_weeks=12)
    await town.publish(sent)
    assert town.refusals() == []
    assert "mash" in town.told(sent)
    await town.advance(working_days=1)
    assert heard(town, "F15"), "a decision is due in a working day, at any gestation"


async def test_c70_the_midwife_hears_of_a_parent_in_treatment_every_time_and_not_in_one_case() -> None:
    """Then: the drug service shared with the midwife in one case; links to health visitors lagged (5.1.19, 5.2.14)."""
    mother, bump, folk = expecting()
    town = Town(folk)
    await town.publish(parent_registered(mother, pregnant="yes", expected_date=bump.doc["expected"]))
    assert "midwives" in town.told(about=bump)
    await town.advance(working_days=2)
    assert heard(town, "F03") == ["nn-hospital"]
