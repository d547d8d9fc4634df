"""F17 (3.19, 5.1.14, 5.2.10): the referrer hears what was decided; a disagreement climbs until it is answered.

Before: "outcomes of referrals are not being shared with the service", and "concerns raised were not responded to and no
further action was taken, either by the school nurse or the social worker"."""

from typing import Any

import pytest

from contracts.register import event_types, outgoing_types
from tests.stories import Town
from tests.story_events import cancel_of, update_of
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, involved, unborn
from tests.story_referral_events import (
    escalation,
    escalation_answered,
    referral,
    referral_outcome,
    telephone_referral,
)

DECIDED: dict[str, Any] = {
    "decision": "child-in-need-assessment",
    "reasons": "The mother asked for help and the father is away.",
    "decided_by": "M. Osei, team manager",
    "decided_on": "2026-03-17",
    "concern": {
        "facts": "CANARY-OF-SOCIAL-CARE",
        "analysis": {"absent": "not-recorded"},
        "impact_on_child": {"absent": "not-recorded"},
        "protective_factors": {"absent": "not-recorded"},
    },
}


def home() -> tuple[Person, Person, Family]:
    mother, girl = adult("Tam"), child("Kay", age=14)
    return mother, girl, family(mother=mother, children=[girl])


async def test_the_outcome_reaches_the_team_that_referred_and_the_named_nurse_of_its_trust() -> None:
    mother, girl, folk = home()
    town = Town(folk)
    sent = referral(girl, mother, by="cash")
    await town.publish(sent)
    outcome = referral_outcome(sent, **DECIDED)

    await town.publish(outcome)

    assert town.told(outcome) == {"sexual-health", "nn-hospital"}
    letter = town.letter("sexual-health")
    said = letter["what_happened"]
    assert (said["referral_id"], said["decision"]) == (sent.data["referral_id"], "child-in-need-assessment")
    assert (said["reasons"], said["decided_by"]) == (DECIDED["reasons"], "M. Osei, team manager")
    assert letter["context"]["linked"] == [{"type": "safeguarding-referral-1", "date": "2026-03-16"}]
    assert letter["relation"] == "the team that sent what this answers"
    assert b"CANARY-OF-SOCIAL-CARE" not in letter.raw, "the decision, the reason, and who: no more of the family"
    page = reads_in_order(letter)
    assert "Decision: child in need assessment" in page["WHAT HAPPENED"]
    assert "it answers what was sent by you" in page["WHY YOU"]
    assert "escalate it" in page["WHAT YOU ARE ASKED TO DO"]


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("midwives", {"midwives", "nn-hospital"}),
        ("gp", {"gp-castle", "nn-community"}),
        ("asm", {"substance-misuse", "nn-community"}),
        ("sn", {"sn-lead", "nn-community"}),
        ("midwives-birmingham", {"midwives-birmingham", "nn-birmingham"}),
    ],
)
async def test_whoever_referred_is_told_and_not_whoever_decided(by: str, told: set[str]) -> None:
    mother, girl, folk = home()
    town = Town(folk)
    sent = referral(girl, mother, by=by)
    await town.publish(sent)
    outcome = referral_outcome(sent)
    await town.publish(outcome)
    assert town.told(outcome) == told


async def test_two_who_made_the_same_referral_both_hear_and_nobody_else() -> None:
    mother, girl, folk = home()
    girl.doc["services"] = [involved("CAMHS", "camhs")]
    town = Town(folk)
    called = telephone_referral(girl, mother, by="hv", call_id="c-1", referral_id="r-1")
    written = referral(girl, mother, by="ed", referral_id="r-1")
    other = referral(girl, mother, by="camhs", referral_id="r-2")
    await town.publish(called, written, other)
    outcome = referral_outcome(written)
    await town.publish(outcome)
    assert town.told(outcome) == {"hv-lead", "nn-community", "emergency", "nn-hospital"}


async def test_a_call_that_was_never_written_has_its_outcome_told_too() -> None:
    mother, bump = adult("Ada"), unborn(weeks=12)
    town = Town(family(mother=mother, children=[bump]))
    called = telephone_referral(bump, mother, by="midwives")
    await town.publish(called)
    outcome = referral_outcome(called)
    await town.publish(outcome)
    assert town.told(outcome) == {"midwives", "nn-hospital"}


async def test_an_outcome_of_a_referral_that_nobody_knows_is_a_task_and_no_guess() -> None:
    mother, girl, folk = home()
    town = Town(folk)
    await town.publish(referral(girl, mother, by="ed"))
    outcome = referral_outcome(referral(girl, mother), referral_id="r-of-paper")
    await town.publish(outcome)
    assert town.told(outcome) == set()
    tasks = [t.task.words for t in town.tasks("nobody-found")]
    assert len(tasks) == 2
    assert "no safeguarding referral or telephone referral logged of this reference is on record" in tasks[0]


async def test_a_referral_that_was_taken_back_has_no_sender_any_more() -> None:
    mother, girl, folk = home()
    town = Town(folk)
    sent = referral(girl, mother, by="ed")
    await town.publish(sent)
    await town.publish(cancel_of(sent))
    outcome = referral_outcome(sent)
    await town.publish(outcome)
    assert town.told(outcome) == set()


@pytest.mark.parametrize(
    ("wrong", "told"), [(0, {"emergency", "nn-hospital"}), (1, {"hv-lead", "nn-community"})], ids=["call", "letter"]
)
async def test_of_two_who_made_the_same_referral_whoever_took_it_back_is_not_told(wrong: int, told: set[str]) -> None:
    mother, girl, folk = home()
    town = Town(folk)
    made = [referral(girl, mother, by=by, referral_id="r-1") for by in ("hv", "ed")]
    for said in (*made, cancel_of(made[wrong])):
        await town.publish(said)
    outcome = referral_outcome(made[0])
    await town.publish(outcome)
    assert town.told(outcome) == told


async def test_a_referral_corrected_to_another_reference_has_no_outcome_of_the_first() -> None:
    mother, girl, folk = home()
    town = Town(folk)
    mistyped, other = (referral(girl, mother, by=by, referral_id="r-1") for by in ("hv", "ed"))
    for said in (mistyped, other, update_of(mistyped, referral_id="r-2")):
        await town.publish(said)
    outcomes = [referral_outcome(other, referral_id=ref) for ref in ("r-1", "r-2")]
    for outcome in outcomes:
        await town.publish(outcome)
    assert [town.told(o) for o in outcomes] == [{"emergency", "nn-hospital"}, {"hv-lead", "nn-community"}]


async def test_an_outcome_that_names_one_child_is_told_of_each_that_was_referred() -> None:
    mother, girl, kit = adult("Tam"), child("Kay", age=14), child("Kit", age=7)
    town = Town(family(mother=mother, children=[girl, kit]))
    sent = referral([girl, kit], mother, by="hv")
    await town.publish(sent)
    outcome = referral_outcome(sent, subjects=[kit.subject()])
    await town.publish(outcome)
    assert town.told(outcome, about=girl) == {"hv-lead", "nn-community"}


async def test_the_referrer_acknowledges_or_its_lead_hears_and_then_its_named_nurse() -> None:
    mother, girl, folk = home()
    town = Town(folk)
    sent = referral(girl, mother, by="camhs")
    await town.publish(sent)
    await town.receipt(town.letter("mash"), "acknowledged")
    await town.publish(referral_outcome(sent))
    await town.advance(working_days=2)
    (to_lead,) = town.escalations()
    assert (to_lead.team, to_lead["unanswered_by"]) == ("nn-community", "CAMHS")
    assert to_lead["words"] == "the referrer acknowledges the outcome"
    await town.advance(working_days=20)
    assert len(town.escalations()) == 1, "its lead is its named nurse, who is told once"
    assert len(town.tasks("unanswered")) == 1


async def test_an_outcome_that_was_seen_is_at_rest() -> None:
    mother, girl, folk = home()
    town = Town(folk)
    sent = referral(girl, mother, by="camhs")
    await town.publish(sent)
    await town.receipt(town.letter("mash"), "acknowledged")
    await town.publish(referral_outcome(sent))
    await town.receipt(town.letter("camhs"), "acknowledged")
    await town.advance(working_days=20)
    assert town.escalations() == []


RAISED: dict[str, Any] = {
    "raised_with": "CSC",
    "disagreement": "It was closed without seeing her.",
    "wanted": "That she is seen alone.",
    "risk_meanwhile": "He waits at the gate.",
}


async def test_an_escalation_reaches_the_other_party_and_the_named_nurse_of_who_raised_it() -> None:
    _, girl, folk = home()
    girl.doc["services"] = [involved("CAMHS", "camhs")]
    town = Town(folk)
    raised = escalation(girl, **RAISED)

    await town.publish(raised)

    assert town.told(raised) == {"social-care", "nn-community"}
    for team in ("social-care", "nn-community"):
        letter = town.letter(team)
        assert letter["what_happened"]["disagreement"] == RAISED["disagreement"]
        assert letter["what_happened"]["wanted"] == RAISED["wanted"]
        assert letter["risk_and_impact"]["risk_meanwhile"] == RAISED["risk_meanwhile"]
        assert letter["author"]["publisher_contact"]["author"]
    assert "Answer this escalation: what you decide, why, and who says so." in town.letter("social-care").asks


@pytest.mark.parametrize(
    ("party", "team"), [("CSC", "social-care"), ("MASH", "mash"), ("GP", "gp-castle"), ("CAMHS", "camhs")]
)
async def test_it_is_the_party_it_was_raised_with_that_must_answer(party: str, team: str) -> None:
    _, girl, folk = home()
    town = Town(folk)
    await town.publish(escalation(girl, by="cash", raised_with=party))
    assert town.told() == {team, "nn-hospital"}
    (waits,) = [c for c in town.clocks() if c.state == "running"]
    assert waits.clock.team == team


async def test_unanswered_it_climbs_to_the_partys_lead_back_to_who_raised_it_and_to_that_trusts_named_nurse() -> None:
    _, girl, folk = home()
    town = Town(folk)
    await town.publish(escalation(girl, by="cash", **RAISED))
    for state in ("acknowledged", "filed", "acted"):
        await town.receipt(town.letter("social-care"), state)

    await town.advance(working_days=1)
    assert town.escalations() == []
    await town.advance(working_days=1)
    (first,) = town.escalations()
    assert (first.team, first["unanswered_by"]) == ("nn-community", "SOCIAL CARE"), "its lead; a receipt is no answer"
    assert first["words"] == "the escalation raised with children's social care is answered"
    assert b"closed without" not in first.raw
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["nn-community", "sexual-health"]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["nn-community", "sexual-health", "nn-hospital"]
    await town.advance(working_days=30)
    assert [(t.task.owner, t.task.child) for t in town.tasks("unanswered")] == [("nn-hospital", girl.id)]


async def test_the_answer_goes_back_to_who_raised_it_and_their_named_nurse_and_ends_the_climb() -> None:
    _, girl, folk = home()
    town = Town(folk)
    raised = escalation(girl, **RAISED)
    await town.publish(raised)
    await town.advance(working_days=2)
    answered = escalation_answered(raised, answer="agreed", reasons="She was not heard.", answered_by="M. Osei")

    await town.publish(answered)

    assert town.told(answered) == {"sn-lead", "nn-community"}
    letter = town.letter("sn-lead")
    said = letter["what_happened"]
    assert (said["answer"], said["reasons"], said["answered_by"]) == ("agreed", "She was not heard.", "M. Osei")
    assert letter["context"]["linked"] == [{"type": "professional-escalation-raised-1", "date": "2026-03-16"}]
    await town.receipt(letter, "acknowledged")
    await town.advance(working_days=20)
    assert len(town.escalations()) == 1, "the rung before the answer, and none after it"


async def test_an_answer_that_came_first_leaves_nothing_to_climb() -> None:
    _, girl, folk = home()
    town = Town(folk)
    raised = escalation(girl, **RAISED)
    await town.publish(escalation_answered(raised))
    await town.publish(raised)
    assert not [c for c in town.clocks() if c.clock.needs == "happen"]


@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_answers_one_is_taken_back_and_it_is_answered_still(wrong: int) -> None:
    _, girl, folk = home()
    town = Town(folk)
    raised = escalation(girl, **RAISED)
    two = [escalation_answered(raised) for _ in range(2)]
    for said in (raised, *two, cancel_of(two[wrong])):
        await town.publish(said)
    assert [c.state for c in town.clocks() if c.clock.needs == "happen"] == ["met"]
    await town.publish(cancel_of(two[1 - wrong]))
    assert [c.state for c in town.clocks() if c.clock.needs == "happen"] == ["running"]


async def test_an_answer_to_another_escalation_is_none() -> None:
    _, girl, folk = home()
    town = Town(folk)
    one, other = escalation(girl, **RAISED), escalation(girl, **RAISED)
    await town.publish(one, other)
    await town.publish(escalation_answered(other))
    waits = {c.clock.thing: c.state for c in town.clocks() if c.clock.needs == "happen"}
    assert waits == {one.data["escalation_id"]: "running", other.data["escalation_id"]: "met"}


async def test_an_answer_that_nobody_saw_climbs_as_well() -> None:
    _, girl, folk = home()
    town = Town(folk)
    raised = escalation(girl, **RAISED)
    await town.publish(raised)
    await town.publish(escalation_answered(raised))
    await town.advance(working_days=2)
    (heard,) = town.escalations()
    assert (heard.team, heard["words"]) == ("nn-community", "whoever escalated acknowledges the answer")


async def test_who_is_not_a_party_reads_nothing_of_it() -> None:
    _, girl, folk = home()
    girl.doc["services"] = [involved("SWITCH", "switch"), involved("CAMHS", "camhs")]
    town = Town(folk)
    raised = escalation(girl, **(RAISED | {"disagreement": "CANARY-RAISED"}))
    await town.publish(raised)
    await town.publish(escalation_answered(raised, reasons="CANARY-ANSWERED"))
    await town.advance(working_days=12)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", "social-care"), ("summary", "nn-community"), ("summary", "sn-lead")}


def test_a_professionals_escalation_is_not_to_be_taken_for_one_of_sharewells() -> None:
    assert "escalation-raised-1" in outgoing_types()
    assert not {t for t in event_types() if t.startswith("escalation-")}
