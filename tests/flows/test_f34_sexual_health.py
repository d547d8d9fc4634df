"""F34 (3.20, 1.14, rule E): sexual-health services hear that there is history; MASH of significant harm; nobody else.

Before: "there is a risk that CASH practitioners will be seeing potentially vulnerable young people in the community
without having complete access to all important sexual health related information"."""

from typing import Any

import pytest

from router.chronology import chronology
from router.explain import explain
from router.policy.book import rule_book
from tests.rules.worlds import World
from tests.stories import Town
from tests.story_events import cancel_of, ed_discharged
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, caseload, child, family, flag, involved
from tests.story_referral_events import pharmacy_fast_track, sexual_health_concern, with_more_sexual_health
from tests.story_teams import HOSPITAL

WITHHELD_FROM = {"gp-castle", "sn-north", "camhs", "switch", "social-care", "looked-after", "mash"}
"""Everybody who works with this girl and is no sexual-health service."""


def known_to_many() -> tuple[Person, Family]:
    """A girl of 15 who has a school nurse, a doctor, CAMHS, Switch and a social worker, and is looked after."""
    girl = child("Kay", age=15, flags=[flag("looked-after")])
    girl.doc["services"] = [
        involved("CAMHS", "camhs"),
        involved("SWITCH", "switch"),
        involved("CSC", "social-care"),
        involved("LACT", "looked-after"),
    ]
    return girl, family(mother=adult("Tam"), children=[girl])


def a_town() -> tuple[Person, Town]:
    girl, folk = known_to_many()
    return girl, Town(folk, teams=with_more_sexual_health())


async def test_the_other_sexual_health_services_hear_that_there_is_history_and_whom_to_ask_and_no_more() -> None:
    girl, town = a_town()
    contact = {"team": "Sexual health, Guest", "day": "01632 960155", "night": {"absent": "none"}}
    said = sexual_health_concern(
        girl, whom_to_ask=contact, has_history="yes", cse_indicators=["Partner much older"], clinical_detail="CANARY-C"
    )

    await town.publish(said)

    assert town.told(said) == {"brook", "respect-yourself"}
    for team in ("brook", "respect-yourself"):
        letter = town.letter(team)
        happened = letter["what_happened"]
        assert (happened["has_history"], happened["whom_to_ask"]) == ("yes", contact)
        assert letter["risk_and_impact"] == {"cse_indicators": ["Partner much older"]}
        assert b"CANARY-C" not in letter.raw
        assert (
            letter.withheld["Clinical record"].startswith("not needed")
            or "rule E" in letter.withheld["Clinical record"]
        )
        assert letter["voice_of_child"] == {}
    page = reads_in_order(town.letter("brook"))
    assert "There is history with this service: yes" in page["WHAT HAPPENED"]
    assert "ask the service named" in page["WHAT YOU ARE ASKED TO DO"]


async def test_it_goes_both_ways_between_hospital_and_community_and_never_back_to_the_sender() -> None:
    girl, town = a_town()
    for by, told in (("brook", {"sexual-health", "respect-yourself"}), ("ry", {"sexual-health", "brook"})):
        said = sexual_health_concern(girl, by=by)
        await town.publish(said)
        assert town.told(said) == told


async def test_the_sender_gets_the_childs_live_flags_in_answer_to_its_own_contact() -> None:
    girl, town = a_town()
    await town.publish(sexual_health_concern(girl))
    (live,) = town.status("cash", "live-flags")
    assert [f["kind"] for f in live["flags"]] == ["looked-after"]
    assert town.status("brook") == []


HARM: dict[str, Any] = {
    "why_significant_harm": "A man of about 25.",
    "cse_indicators": ["Partner much older", "Gifts"],
    "voice_of_child": {"said": "He waits outside.", "seen_alone": "yes"},
    "clinical_detail": "CANARY-CLINICAL",
}


async def test_mash_hears_where_there_is_reasonable_cause_to_suspect_significant_harm_and_not_the_record() -> None:
    girl, town = a_town()
    said = sexual_health_concern(girl, harm="reasonable-cause", **HARM)
    await town.publish(said)
    assert town.told(said) == {"brook", "respect-yourself", "mash"}
    letter = town.letter("mash")
    assert letter["risk_and_impact"]["significant_harm"] == "reasonable-cause"
    assert letter["risk_and_impact"]["why_significant_harm"] == "A man of about 25."
    assert letter["risk_and_impact"]["cse_indicators"] == ["Partner much older", "Gifts"]
    assert letter["voice_of_child"]["voice_of_child"]["said"] == "He waits outside."
    assert b"CANARY-CLINICAL" not in letter.raw
    assert "Clinical record" in letter.withheld
    assert [(w["flow"], w["paragraph"]) for w in letter["why_you"]] == [("F34", "local decision")]


@pytest.mark.parametrize("harm", ["no-reasonable-cause", "not-assessed"])
async def test_without_it_mash_is_not_told_and_the_reason_is_recorded(harm: str) -> None:
    girl, town = a_town()
    said = sexual_health_concern(girl, harm=harm)
    await town.publish(said)
    assert town.inbox("mash") == []
    kept = [v for v in town.verdicts(said) if v.outcome == "withheld" and [*v.teams] == ["mash"]]
    assert [v.detail for v in kept] == [
        "no reasonable cause to suspect significant harm was found, or nobody asked (rule E)"
    ]
    assert (town.status("cash", "quality") != []) is (harm == "not-assessed")


async def test_everybody_else_is_withheld_from_by_name_with_the_reason_and_counted() -> None:
    girl, town = a_town()
    said = sexual_health_concern(girl)
    await town.publish(said)
    withheld = [v for v in town.verdicts(said) if v.outcome == "withheld"]
    assert {team for v in withheld for team in v.teams} == WITHHELD_FROM
    assert all("rule E" in v.detail for v in withheld)
    account = await town.ledger.reconcile()
    assert account.faults == ()
    assert account.outcomes["withheld"] == len(withheld) == 4
    assert sum(account.outcomes.values()) == account.considered


async def test_explain_says_of_each_who_was_not_told_and_why() -> None:
    world = World(11, "sexual-health-concern-1", {"significant_harm": "no-reasonable-cause"})
    told = explain(world.event, world.facts, rule_book())
    rows = [c for c in told.considered if c.outcome == "withheld"]
    assert any(c.words.startswith("Do not tell the GP practice") for c in rows)
    assert all("rule E" in c.detail for c in rows)


@pytest.mark.parametrize("harm", ["reasonable-cause", "no-reasonable-cause"])
async def test_not_a_byte_of_it_reaches_doctor_school_nurse_health_visitor_or_anybody_else_at_any_rung(
    harm: str,
) -> None:
    fields: dict[str, Any] = {
        "contact_id": "CANARY-contact",
        "has_history": "yes",
        "whom_to_ask": {"team": "CANARY team", "day": "01632 960155", "night": {"absent": "none"}},
        "cse_indicators": ["CANARY indicator"],
        "why_significant_harm": "CANARY why",
        "clinical_detail": "CANARY detail",
        "voice_of_child": {"said": "CANARY said", "seen_alone": "yes"},
        "concern": {
            "facts": "CANARY facts",
            "analysis": "CANARY analysis",
            "impact_on_child": "CANARY impact",
            "protective_factors": {"absent": "none"},
        },
    }
    girl, town = a_town()
    girl.doc["caseload"] = caseload("HV", "hv-north")
    said = sexual_health_concern(girl, harm=harm, **fields)
    await town.publish(said)
    await town.advance(working_days=30)  # nobody answers: every rung of every ladder fires

    never = (
        "contact_id", "has_history", "whom_to_ask", "cse_indicators", "significant_harm", "why_significant_harm",
        "clinical_detail", "voice_of_child", "concern", "clinic", "why", "safe_to_contact",
    )  # fmt: skip
    own = {"brook", "respect-yourself"} | ({"mash"} if harm == "reasonable-cause" else set())
    letters = {key: [x.raw for x in held] for key, held in town.inboxes.letters.items()}
    has_it = {key for key, raws in letters.items() if any(b"CANARY" in raw for raw in raws)}
    assert has_it == {("summary", team) for team in own}
    told_of_her = {key for key, raws in letters.items() if any(girl.nhs.encode() in raw for raw in raws)}
    assert told_of_her == {("summary", team) for team in own}, "no escalation, no task, no withdrawal names her"
    others = [x for (_, team), held in town.inboxes.letters.items() for x in held if team not in own]
    assert not any(f'"{field}"'.encode() in x.raw for field in never for x in others)
    assert town.escalations(), "though the ladders did fire"
    assert not any(b"Kay" in e.raw or girl.id.encode() in e.raw for e in town.escalations())
    assert [t for t in town.tasks("unanswered") if t.task.child is not None] == []


async def test_what_others_are_told_later_says_nothing_of_it() -> None:
    girl, town = a_town()
    await town.publish(sexual_health_concern(girl))
    later = ed_discharged(girl)
    await town.publish(later)
    for team in town.told(later):
        assert b"sexual" not in town.letter(team).raw, team


async def test_the_consent_of_the_young_person_opens_no_door_to_others() -> None:
    girl, town = a_town()
    agreed = {part: {"answer": "given"} for part in ("to_service", "to_sharing", "to_treatment")}
    said = sexual_health_concern(girl, consent=agreed)
    await town.publish(said)
    assert town.told(said) == {"brook", "respect-yourself"}


async def test_another_service_that_does_not_take_it_in_is_climbed_past_without_her_name() -> None:
    girl, town = a_town()
    await town.publish(sexual_health_concern(girl))
    await town.advance(working_days=2)
    told = {(e.team, e["unanswered_by"], e["child"]) for e in town.escalations()}
    assert told == {("sexual-health", "BROOK", None), ("nn-community", "RESPECT YOURSELF", None)}
    for team in ("brook", "respect-yourself"):
        await town.receipt(town.letter(team), "acknowledged")
    await town.advance(working_days=20)
    assert len(town.escalations()) == 2


async def test_where_nobody_can_be_found_the_desk_looks_and_no_rung_names_her() -> None:
    girl = child("Kay", age=15)
    town = Town(family(mother=adult("Tam"), children=[girl], authority=None), teams=with_more_sexual_health())
    await town.publish(sexual_health_concern(girl, by="ry"))
    assert town.tasks("nobody-found")
    await town.advance(working_days=10)
    assert not any(girl.id.encode() in e.raw or b"Kay" in e.raw for e in town.escalations())


FAST: dict[str, Any] = {"why": "Emergency contraception was given.", "safe_to_contact": "Text after school."}


async def test_a_pharmacys_fast_track_reaches_the_clinic_that_was_chosen_with_what_it_needs() -> None:
    girl, town = a_town()
    said = pharmacy_fast_track(girl, clinic="RBK", **FAST)
    await town.publish(said)
    assert town.told(said) == {"brook"}
    letter = town.letter("brook")
    assert letter["what_happened"]["why"] == FAST["why"]
    assert letter["context"]["safe_to_contact"] == FAST["safe_to_contact"]
    assert letter["voice_of_child"]
    assert "Offer this young person an appointment, and say on your receipt that they were seen." in letter.asks
    assert letter["relation"] == "the team that was chosen"


@pytest.mark.parametrize("clinic", [{"absent": "none"}, "ZZZ99"])
async def test_where_no_clinic_of_ours_was_chosen_those_of_the_home_authority_have_it(clinic: Any) -> None:
    girl, town = a_town()
    said = pharmacy_fast_track(girl, clinic=clinic)
    await town.publish(said)
    assert town.told(said) == {"sexual-health", "brook"}


async def test_seen_ends_the_wait_and_merely_read_does_not() -> None:
    girl, town = a_town()
    await town.publish(pharmacy_fast_track(girl, clinic=HOSPITAL))
    letter = town.letter("sexual-health")
    await town.receipt(letter, "acknowledged")
    assert [c.state for c in town.clocks(letter)] == ["running"]
    await town.receipt(letter, "acted", outcome="seen")
    assert [c.state for c in town.clocks(letter)] == ["met"]


async def test_not_seen_in_two_working_days_climbs_to_the_lead_then_the_named_nurse_without_her_name() -> None:
    girl, town = a_town()
    await town.publish(pharmacy_fast_track(girl, clinic="RBK", **FAST))
    await town.advance(working_days=2)
    await town.advance(working_days=1)
    assert [(e.team, e["words"]) for e in town.escalations()] == [
        ("sexual-health", "the young person is seen"), ("nn-community", "the young person is seen"),
    ]  # fmt: skip
    assert all(e["child"] is None for e in town.escalations())
    await town.advance(working_days=20)
    assert [(t.task.owner, t.task.child) for t in town.tasks("unanswered")] == [("nn-community", None)]


async def test_a_fast_track_is_kept_from_everybody_else_and_told_to_mash_where_harm_is_suspected() -> None:
    secret: dict[str, Any] = {
        "contact_id": "CANARY-contact", "clinic": "RBK", "why": "CANARY why", "safe_to_contact": "CANARY contact",
        "why_significant_harm": "CANARY harm",
    }  # fmt: skip
    for harm, more in (("no-reasonable-cause", set[str]()), ("reasonable-cause", {"mash"})):
        girl, town = a_town()
        said = pharmacy_fast_track(girl, harm=harm, **secret)
        await town.publish(said)
        await town.advance(working_days=30)
        has_it = {key for key, held in town.inboxes.letters.items() for x in held if b"CANARY" in x.raw}
        assert has_it == {("summary", team) for team in {"brook"} | more}
        assert "significant_harm" not in town.letter("brook")["risk_and_impact"]
        assert {t for v in town.verdicts(said) if v.outcome == "withheld" for t in v.teams} == WITHHELD_FROM - more


async def test_a_contact_taken_back_is_told_to_those_who_had_it_and_to_nobody_else() -> None:
    girl, town = a_town()
    said = sexual_health_concern(girl)
    await town.publish(said)
    await town.publish(cancel_of(said))
    assert {w.team for w in town.withdrawals()} == {"brook", "respect-yourself"}


async def test_in_the_childs_chronology_others_read_a_day_and_a_reason_and_the_clinic_what_it_was_told() -> None:
    girl, town = a_town()
    await town.publish(sexual_health_concern(girl, clinical_detail="CANARY-C", cse_indicators=["CANARY-I"]))
    known = await town.ledger.chronicle(girl.id)
    assert known is not None
    for reader in ("gp-castle", "sn-north", "camhs", "social-care", None):
        (entry,) = chronology(known, town.book, reader).entries
        assert entry.withheld is not None, reader
        assert "rule E" in entry.withheld
        assert (entry.type, entry.what, entry.by, entry.sections) == ("", "", "", None)
    (entry,) = chronology(known, town.book, "brook").entries
    assert entry.withheld is None
    assert "CANARY-I" in str(entry.sections)
    assert "CANARY-C" not in str(entry.sections)


async def test_a_service_that_says_not_ours_cannot_send_the_contact_to_a_practice_or_a_school() -> None:
    """A row's content is for its own service: a name typed in error would show a practice what rule E keeps from it."""
    girl, town = a_town()
    said = sexual_health_concern(girl, clinical_detail="CANARY-C")
    await town.publish(said)
    for wrong in ("gp-castle", "sn-north"):
        await town.receipt(town.letter("brook"), "not-ours", redirect={"team": wrong})

    assert town.told(said) == {"brook", "respect-yourself"}
    (task,) = town.tasks("not-ours")
    assert task.task.owner == "desk", "a person finds out who it is"
    await town.publish(sexual_health_concern(girl))
    assert not town.told() & WITHHELD_FROM
