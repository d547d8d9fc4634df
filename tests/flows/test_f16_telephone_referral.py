"""F16 (3.8, 3.22): who took a referral by telephone, and when; the written one is owed, and somebody asks for it.

Before: "the health visitor had made a referral by telephone but had failed to follow this up in writing"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, involved, unborn
from tests.story_referral_events import referral, telephone_referral

TAKEN_BY = {"name": "A. Farrell", "role": "duty social worker", "team": "Single point of access"}


def home() -> tuple[Person, Person, Family]:
    mother, bea = adult("Tam"), child("Bea", age=2)
    return mother, bea, family(mother=mother, children=[bea])


def waiting(town: Town) -> list[str]:
    """How each wait for a written referral stands."""
    return [c.state for c in town.clocks() if c.clock.words == "the referral made by telephone is written"]


async def test_mash_and_the_referrers_named_nurse_read_who_took_the_call_and_when() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    called = telephone_referral(bea, mother, taken_by=TAKEN_BY, account="Bruises that nobody can explain.")

    await town.publish(called)

    assert town.told(called) == {"mash", "nn-community"}
    for team in ("mash", "nn-community"):
        letter = town.letter(team)
        assert letter["what_happened"]["taken_by"] == TAKEN_BY
        assert letter["what_happened"]["called_at"] == "2026-03-16T09:00:00+00:00"
        assert letter["what_happened"]["account"] == "Bruises that nobody can explain."
    page = reads_in_order(town.letter("mash"))
    assert "A. Farrell" in page["WHAT HAPPENED"]
    assert "the written referral is due within 48 hours" in page["WHAT YOU ARE ASKED TO DO"]


async def test_forty_eight_hours_run_by_the_clock_from_the_call_then_the_referrer_then_the_named_nurse_hear() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother, called_at="2026-03-14T15:30:00+00:00"))  # a Saturday
    await town.receipt(town.letter("mash"), "acknowledged")

    await town.advance(hours=6, minutes=29)
    assert town.escalations() == []
    await town.advance(minutes=1)
    (first,) = town.escalations()
    assert (first.team, first["unanswered_by"]) == ("hv-lead", "HV LEAD")
    assert first["due"] == "2026-03-16T15:30:00+00:00"
    assert first["words"] == "the referral made by telephone is written"
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["hv-lead", "nn-community"]
    assert [t.task.owner for t in town.tasks("unanswered")] == ["nn-community"]


@pytest.mark.parametrize("state", ["acknowledged", "filed", "acted"])
async def test_no_receipt_stands_for_the_written_referral(state: str) -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother))
    await town.receipt(town.letter("mash"), state)
    await town.advance(hours=48)
    assert [e.team for e in town.escalations(flow="F16")] == ["hv-lead"]


SAME: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"call_id": "c-1"}, {"call_id": "c-1"}, True),
    ({"call_id": "c-1", "referral_id": "r-1"}, {"referral_id": "r-1"}, True),
    ({"call_id": "c-1", "referral_id": "r-1"}, {"referral_id": "r-2", "call_id": "c-1"}, True),
    ({"call_id": "c-1"}, {"referral_id": "c-1"}, True),
    ({"call_id": "c-1"}, {"call_id": "c-2"}, False),
    ({"call_id": "c-1", "referral_id": "r-1"}, {"referral_id": "r-2"}, False),
    ({"call_id": "c-1"}, {"referral_id": "r-1"}, False),
]
"""What the call names, what the written referral names, and whether they are of one referral."""


@pytest.mark.parametrize(("call", "written", "one"), SAME)
async def test_the_written_referral_ends_the_wait_joined_on_the_call_or_the_referral(
    call: dict[str, Any], written: dict[str, Any], one: bool
) -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother, **call))
    await town.publish(referral(bea, mother, by="hv", **written))
    assert waiting(town) == ["met" if one else "running"]
    linked = next(x for x in town.inbox("mash") if x.type == "safeguarding-referral-summary-1")["context"]
    assert ("telephone-referral-logged-1" in str(linked)) is one


@pytest.mark.parametrize(("call", "written", "one"), SAME)
async def test_a_written_referral_that_came_first_leaves_nothing_to_wait_for(
    call: dict[str, Any], written: dict[str, Any], one: bool
) -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(referral(bea, mother, by="hv", **written))
    await town.publish(telephone_referral(bea, mother, **call))
    assert waiting(town) == ([] if one else ["running"])


async def test_a_written_referral_about_another_child_does_not_stand_for_it() -> None:
    mother, bea = adult("Tam"), child("Bea", age=2)
    kit = child("Kit", age=7)
    town = Town(family(mother=mother, children=[bea, kit]))
    await town.publish(telephone_referral(bea, mother, call_id="c-1"))
    await town.publish(referral(kit, mother, by="hv", call_id="c-1"))
    assert waiting(town) == ["running"]


async def test_a_written_referral_taken_back_is_owed_again() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    called = telephone_referral(bea, mother, call_id="c-1", referral_id="r-1")
    written = referral(bea, mother, by="hv", referral_id="r-1")
    await town.publish(called)
    await town.publish(written)
    assert waiting(town) == ["met"]
    await town.publish(cancel_of(written))
    assert waiting(town) == ["running"]
    await town.publish(cancel_of(called))
    assert waiting(town) == ["stopped"]


@pytest.mark.parametrize("named", [{"referral_id": "r-1"}, {"referral_id": "r-2", "call_id": "c-1"}])
@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_records_of_a_written_referral_one_is_taken_back_and_it_was_written(
    wrong: int, named: dict[str, str]
) -> None:
    mother, bea, folk = home()
    town = Town(folk)
    two = [referral(bea, mother, by="hv", **named) for _ in range(2)]
    await town.publish(telephone_referral(bea, mother, call_id="c-1", referral_id="r-1"))
    for said in (*two, cancel_of(two[wrong])):
        await town.publish(said)
    assert waiting(town) == ["met"]
    await town.publish(cancel_of(two[1 - wrong]))
    assert waiting(town) == ["running"]


async def test_a_written_referral_between_two_rungs_stops_the_climb() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother, call_id="c-1"))
    await town.advance(hours=48)
    await town.publish(referral(bea, mother, by="hv", call_id="c-1"))
    await town.advance(working_days=20)
    assert [e.team for e in town.escalations(flow="F16") if "written" in e["words"]] == ["hv-lead"]


async def test_who_took_the_call_is_asked_for_where_it_was_not_said() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother, taken_by={"absent": "asked-not-known"}))
    (quality,) = town.status("hv", "quality")
    assert [p["message"] for p in quality["problems"]] == ["There is no name of who took the call."]
    assert town.told() == {"mash", "nn-community"}


async def test_a_call_about_an_unborn_child_waits_for_its_writing_too() -> None:
    mother, bump = adult("Ada"), unborn(weeks=9)
    town = Town(family(mother=mother, children=[bump]))
    called = telephone_referral(bump, mother, by="midwives")
    await town.publish(called)
    await town.publish(referral(bump, mother, by="midwives", call_id=called.data["call_id"]))
    assert waiting(town) == ["met"]


async def test_mash_says_that_the_call_was_seen_or_its_lead_hears() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother))
    await town.advance(working_days=1)
    assert [e["words"] for e in town.escalations("nn-community", "F16")] == ["MASH health nurse acknowledges"]


async def test_nobody_else_reads_of_the_call() -> None:
    mother, bea, folk = home()
    bea.doc["services"] = [involved("CAMHS", "camhs"), involved("CSC", "social-care")]
    town = Town(folk)
    await town.publish(telephone_referral(bea, mother, account="CANARY-ACCOUNT"))
    await town.advance(working_days=12)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", "mash"), ("summary", "nn-community")}
