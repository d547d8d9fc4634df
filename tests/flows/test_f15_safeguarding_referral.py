"""F15 (3.6, 3.22, 3.23, 5.2.6, 5.2.10): any service refers, at any gestation, and hears what its referral lacks.

Before: "only basic information was provided about the father in most cases", "feedback is not provided to individual
practitioners", and a "blanket approach of more than 20 weeks"."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.referrals import Referrers
from deploy.cli import app
from tests.stories import Town
from tests.story_events import cancel_of, dart_notified, update_of
from tests.story_pages import reads_in_order
from tests.story_people import MORNING, Family, Person, adult, child, family, flag, involved, unborn
from tests.story_referral_events import referral, referral_outcome
from tests.story_teams import BIRMINGHAM, DUDLEY

BARE: dict[str, Any] = {
    "concern": {
        "facts": "A burn to the back of the hand.",
        "analysis": {"absent": "not-recorded"},
        "impact_on_child": {"absent": "not-recorded"},
        "protective_factors": {"absent": "not-recorded"},
    },
    "parenting_capacity": {"absent": "not-asked"},
    "father_or_partner": {"absent": "not-asked"},
    "siblings": {"absent": "not-recorded"},
    "other_children": {"absent": "not-asked"},
}
"""What the review saw: the facts, and nothing more."""


def home() -> tuple[Person, Person, Person, Family]:
    mother, bea, kit = adult("Tam"), child("Bea", age=2), child("Kit", age=7)
    return mother, bea, kit, family(mother=mother, children=[bea, kit])


async def test_mash_has_the_whole_referral_and_the_named_nurse_of_the_referrers_trust_a_copy() -> None:
    mother, bea, _, folk = home()
    bea.doc |= {"flags": [flag("early-help")], "services": [involved("SWITCH", "switch")]}
    town = Town(folk)
    sent = referral(bea, mother)

    await town.publish(sent)

    assert town.told(sent) == {"mash", "nn-hospital"}
    letter = town.letter("mash")
    risk = letter["risk_and_impact"]
    assert risk["concern"] == sent.data["concern"]
    for field in ("parenting_capacity", "father_or_partner", "siblings", "other_children"):
        assert risk[field] == sent.data[field]
    assert letter["what_happened"]["reasons"] == ["domestic-abuse", "unborn-child-at-risk"]
    assert [f["kind"] for f in letter["flags"]] == ["early-help"]
    assert letter["context"]["services"] == [{"service": "SWITCH", "since": "2025-09-01"}]
    assert letter.flows == {"F15"}
    copy = town.letter("nn-hospital")
    assert copy["risk_and_impact"] == risk
    assert "services" not in copy["context"]
    page = reads_in_order(letter)
    assert "Take this referral" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Father, and the mother's partner" in page["RISK AND IMPACT ON THE CHILD"]


@pytest.mark.parametrize(
    ("by", "nurse"),
    [
        ("midwives", "nn-hospital"),
        ("cash", "nn-hospital"),
        ("hv", "nn-community"),
        ("sn", "nn-community"),
        ("asm", "nn-community"),
        ("gp", "nn-community"),
        ("camhs", "nn-community"),
        ("ry", "nn-community"),
    ],
)
async def test_any_service_may_refer_and_its_own_trusts_named_nurse_has_the_copy(by: str, nurse: str) -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(referral(bea, mother, by=by))
    assert town.refusals() == []
    assert town.told() == {"mash", nurse}


async def test_who_takes_referrals_makes_none() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(referral(bea, mother, by="csc"))
    (refused,) = town.status("csc", "refused")
    assert [p["code"] for p in refused["problems"]] == ["wrong-publisher-for-type"]
    assert {"MASH", "CSC"}.isdisjoint(Referrers)


@pytest.mark.parametrize("weeks", [5, 19, 20, 39])
async def test_an_unborn_child_is_referred_at_any_gestation(weeks: int) -> None:
    mother, bump = adult("Ada"), unborn(weeks=weeks)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(referral(bump, mother, by="midwives", gestation_weeks=weeks))
    letter = town.letter("mash", bump)
    assert letter["child"]["unborn"]["mother"] == mother.doc["name"]
    assert letter["what_happened"]["gestation_weeks"] == weeks
    (decision,) = [c for c in town.clocks(letter) if c.clock.needs == "happen"]
    assert decision.due.isoformat() == "2026-03-17T09:00:00+00:00", "one working day, as for any child (5.2.6)"


async def test_a_mother_without_a_number_and_her_unborn_child_do_not_wait_for_the_desk() -> None:
    mother, bump = adult("Ada"), unborn(weeks=12)
    nameless = mother.subject("mother", nhs_number=None, nhs_number_status="07", home_authority=DUDLEY)
    town = Town()
    sent = referral([], subjects=[nameless, bump.subject("unborn")])

    await town.publish(sent)

    assert town.told(sent) == {"mash", "nn-hospital"}
    letter = town.letter("mash")
    assert letter["child"]["unborn"]["mother"] == mother.doc["name"]
    assert "mother_nhs_number" not in letter["child"]["unborn"]
    assert any("no record could be joined for certain" in what for what in letter.asks)
    assert [t.task.slot for t in town.tasks("match")] == ["subjects.0"], "and the desk finds out who she is"


async def test_a_child_whose_number_was_not_verified_is_told_under_no_number_and_joined_to_nobody() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    doubtful = bea.subject(nhs_number_status="02")
    sent = referral([], subjects=[doubtful])
    await town.publish(sent)
    letter = town.letter("mash")
    assert letter.child != bea.id
    assert letter["child"]["name"] == bea.doc["name"]
    assert bea.nhs.encode() not in letter.raw

    (task,) = town.tasks("match")
    await town.decide_again(task.task.id, person=bea.id)

    assert town.letter("mash", bea)["child"]["nhs_number"] == bea.nhs
    assert town.told(sent, about=mother) == set()


async def test_a_place_of_its_own_is_nobodys_child_in_what_comes_after() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(referral([], subjects=[mother.subject("mother"), bea.subject(nhs_number_status="02")]))
    notified = dart_notified([], mother)
    await town.publish(notified)
    assert len([x for x in town.inbox("hv-north") if x["event"]["id"] == notified.id]) == 1


async def test_what_is_missing_is_fed_back_and_told_to_the_named_nurse_and_the_referral_goes_on() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    thin = referral(bea, mother, **BARE)

    await town.publish(thin)

    assert town.told(thin) == {"mash", "nn-hospital"}, "never refused"
    (fed_back,) = town.status("ed", "quality")
    assert fed_back["quality"] == {"wanted": 7, "present": 1}
    assert [p["message"] for p in fed_back["problems"]] == [
        "There is no analysis of the risk.",
        "There is no word on the impact on the child.",
        "There is no word on parenting capacity.",
        "There is no word on the father or partner.",
        "There is no word on brothers and sisters.",
        "There is no word on other children whom the adult has access to.",
    ]
    assert len(town.letter("nn-hospital")["context"]["quality"]) == 6
    assert "quality" not in town.letter("mash")["context"]


async def test_none_is_an_answer_and_not_a_gap() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    only_child: dict[str, Any] = {"siblings": {"absent": "none"}, "other_children": {"absent": "none"}}
    await town.publish(referral(bea, mother, **only_child))
    assert town.status("ed", "quality") == []


def test_the_same_is_said_before_it_is_sent(tmp_path: Path) -> None:
    mother, bea, _, _ = home()
    thin = referral(bea, mother, **BARE).event | {"source": "https://ed.example", "time": MORNING.isoformat()}
    file = tmp_path / "referral.json"
    file.write_text(json.dumps(thin))
    said = CliRunner().invoke(app, ["check", str(file)])
    assert said.exit_code == 0
    assert said.output.count("quality: there is no ") == 6
    for words in ("analysis of the risk (F15, 3.6)", "word on brothers and sisters (F15, 3.22)", "(F15, 5.2.10)"):
        assert words in said.output


async def test_the_decision_is_due_in_a_working_day_and_its_ladder_climbs_to_the_referrer_and_its_nurse() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(referral(bea, mother))
    await town.receipt(town.letter("mash"), "acknowledged")
    await town.receipt(town.letter("mash"), "acted", outcome="accepted")

    await town.advance(hours=23, minutes=59)
    assert town.escalations() == []
    await town.advance(minutes=1)
    (first,) = town.escalations()
    assert (first.team, first["unanswered_by"]) == ("social-care", "MASH")
    assert first["words"] == "children's social care decides on the referral, and says so"
    assert sent_words(first.raw) == set()
    await town.advance(working_days=1)
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["social-care", "emergency", "nn-hospital"]
    assert [t.task.owner for t in town.tasks("unanswered")] == ["nn-hospital"]


def sent_words(raw: bytes) -> set[bytes]:
    """Words of the referral that an escalation must not hold."""
    return {w for w in (b"bruises", b"Craig", b"Dunn", b"removed") if w in raw}


async def test_mash_that_does_not_acknowledge_is_climbed_past() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(referral(bea, mother))
    await town.receipt(town.letter("mash"), "collected", kind="system")
    await town.advance(working_days=1)
    assert {(e.team, e["words"]) for e in town.escalations(flow="F15")} == {
        ("nn-community", "MASH health nurse acknowledges")
    }


async def test_the_outcome_ends_the_wait_for_it_and_an_update_afterwards_starts_none() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    sent = referral(bea, mother)
    await town.publish(sent)
    await town.publish(referral_outcome(sent))
    await town.publish(update_of(sent, family_told="yes"))
    assert {c.state for c in town.clocks() if c.clock.needs == "happen"} <= {"met", "stopped"}


async def test_nobody_else_is_told_and_no_brother_reads_of_it() -> None:
    mother, bea, kit, folk = home()
    bea.doc["services"] = [involved("SWITCH", "switch"), involved("CAMHS", "camhs")]
    town = Town(folk)
    await town.publish(referral(bea, mother, account="CANARY-ACCOUNT"))
    await town.advance(working_days=12)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", "mash"), ("summary", "nn-hospital")}
    assert town.told(about=kit) == set(), "the brother was not referred"


async def test_a_referral_taken_back_is_told_to_both_and_nobody_waits_for_a_decision() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    sent = referral(bea, mother)
    await town.publish(sent)
    await town.publish(cancel_of(sent))
    assert {w.team for w in town.withdrawals()} == {"mash", "nn-hospital"}
    await town.advance(working_days=20)
    assert town.escalations() == []


async def test_the_mash_of_the_childs_own_authority_has_it() -> None:
    mother, bea = adult("Tam"), child("Bea", age=2)
    town = Town(family(mother=mother, children=[bea], authority=BIRMINGHAM))
    await town.publish(referral(bea, mother))
    assert town.told() == {"mash-birmingham", "nn-hospital"}
