"""F24 (2.2, 2.3, 5.1.8, R4.1): a concern about a mother's mental health stays open until somebody takes it on.

Before: "thresholds to access mental health services are high; therefore, many mothers are being seen by third sector
services"."""

from typing import Any

import pytest

from contracts.parts.services import Service
from router.policy.book import rule_book
from tests.stories import Town
from tests.story_events import cancel_of
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, unborn
from tests.story_perinatal_events import mothers_need

SCORES = [{"tool": "epds", "version": {"absent": "not-recorded"}, "score": 17, "of": 30, "made_on": "2026-03-16"}]
NEED: dict[str, Any] = {
    "scores": SCORES,
    "offered": "Six listening visits, begun.",
    "her_wishes": "To talk to somebody.",
    "urgency": "routine",
    "thoughts_of_harm": "none",
}
CONCERN = "perinatal-mental-health-concern-1"
TAKEN = "adult mental health or another who is told takes it on"
ALL = {"adult-mental-health", "gp-castle", "hv-north", "midwives"}


def expecting(weeks: int = 26) -> tuple[Person, Person, Family]:
    mother, bump = adult("Kerry"), unborn(weeks=weeks)
    return mother, bump, family(mother=mother, children=[bump])


async def concerned(**said: Any) -> Town:
    """A concern was raised this morning; health visitor and midwife have seen it."""
    mother, bump, folk = expecting()
    town = Town(folk)
    await town.publish(mothers_need(mother, bump, **(NEED | said)))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.receipt(town.letter("midwives"), "acknowledged")
    return town


def heard(town: Town) -> list[str]:
    return [e.team for e in town.escalations(flow="F24") if e["words"] == TAKEN]


async def test_all_four_have_the_score_and_what_was_offered() -> None:
    mother, bump, folk = expecting()
    town = Town(folk)
    raised = mothers_need(mother, bump, **NEED)
    await town.publish(raised)
    assert town.told(raised) == ALL
    for team in ALL:
        letter = town.letter(team)
        assert letter["risk_and_impact"]["scores"] == SCORES
        assert letter["what_happened"]["offered"] == "Six listening visits, begun."
        assert letter["what_happened"]["her_wishes"] == "To talk to somebody."
        assert letter.asks
    assert town.letter("adult-mental-health")["child"]["unborn"]["mother_nhs_number"] == mother.nhs


async def test_the_mothers_record_is_read_by_adult_mental_health_and_practice_alone() -> None:
    mother, bump, folk = expecting()
    town = Town(folk)
    said = NEED | {"clinical_detail": "CANARY-CLINICAL", "thoughts_of_harm": "to-the-baby"}
    await town.publish(mothers_need(mother, bump, **said))
    await town.advance(working_days=12)
    letters = [x for found in town.inboxes.letters.values() for x in found]
    assert {x.team for x in letters if b"CANARY" in x.raw} == {"adult-mental-health", "gp-castle"}
    for team in ("hv-north", "midwives", "mash"):
        letter = town.letter(team)
        assert "clinical_detail" not in letter["what_happened"]
        assert letter.withheld["Clinical record of the mother"].endswith("(rule E)")
    why = {row.service: row.because.words for row in rule_book().of(CONCERN).shares if row.may_see}  # type: ignore[union-attr]
    assert set(why) == {Service.AMH, Service.GP}
    assert all("her own direct care, article 9(2)(h)" in words for words in why.values())


@pytest.mark.parametrize("team", sorted(ALL))
async def test_whoever_takes_her_on_ends_the_search(team: str) -> None:
    town = await concerned()
    await town.receipt(town.letter(team), "acted", outcome="accepted")
    await town.advance(working_days=15)
    assert heard(town) == []
    assert town.tasks("unanswered") == []


@pytest.mark.parametrize("outcome", ["seen", "no-further-action", "other", "referred-on"])
async def test_nothing_but_taking_her_on_ends_it(outcome: str) -> None:
    town = await concerned()
    for team in sorted(ALL):
        await town.receipt(town.letter(team), "acknowledged")
        await town.receipt(town.letter(team), "acted", outcome=outcome, note="Looked at.")
    await town.advance(working_days=5)
    assert heard(town) == ["hv-lead"]


async def test_a_decline_is_heard_at_once_by_whoever_raised_it_then_by_the_lead_and_the_named_nurse() -> None:
    town = await concerned()
    await town.advance(hours=1)
    await town.receipt(town.letter("adult-mental-health"), "acted", outcome="declined", note="Below threshold.")
    await town.advance(minutes=1)
    assert heard(town) == ["hv-lead"], "the service that published it, four working days before the time was up"
    await town.advance(working_days=2)
    assert heard(town) == ["hv-lead", "nn-community"], "the lead of the service, who is the named nurse: told once"
    (task,) = town.tasks("unanswered")
    assert task.state == "open"
    await town.advance(working_days=20)
    assert len(heard(town)) == 2
    assert [t.state for t in town.tasks("unanswered")] == ["open"], "until a named person closes it"


async def test_who_takes_her_on_after_a_decline_stops_the_climb() -> None:
    town = await concerned()
    await town.receipt(town.letter("adult-mental-health"), "acted", outcome="declined", note="Below threshold.")
    await town.advance(minutes=1)
    await town.receipt(town.letter("gp-castle"), "acted", outcome="accepted")
    await town.advance(working_days=15)
    assert heard(town) == ["hv-lead"]
    assert town.tasks("unanswered") == []


async def test_a_decline_by_another_is_not_adult_mental_healths() -> None:
    town = await concerned()
    await town.receipt(town.letter("gp-castle"), "acted", outcome="declined", note="Asked for a referral.")
    await town.advance(hours=8)
    assert heard(town) == []


async def test_no_answer_climbs_after_five_working_days_and_after_one_where_it_is_urgent() -> None:
    for urgency, days in (("routine", 5), ("urgent", 1), ("emergency", 1)):
        town = await concerned(urgency=urgency)
        await town.receipt(town.letter("adult-mental-health"), "collected", kind="system")
        await town.advance(working_days=days - 1, hours=23 if days == 1 else 0)
        assert heard(town) == [], urgency
        await town.advance(working_days=1)
        assert heard(town)[0] == "hv-lead", urgency


async def test_a_concern_about_twins_mothers_is_taken_on_for_each_child() -> None:
    mother, one, two = adult("Kerry"), child("Bo", days=40, age=None), child("Jo", days=40, age=None)
    town = Town(family(mother=mother, children=[one, two]))
    raised = mothers_need(mother, one, **NEED)
    raised.event["data"]["subjects"].append(two.subject())
    await town.publish(raised)
    assert town.told(raised) == ALL - {"midwives"}
    await town.receipt(town.letter("adult-mental-health", one), "acted", outcome="accepted")
    states = {c.clock.child: c.state for c in town.clocks() if c.clock.words == TAKEN}
    assert states == {one.id: "met", two.id: "running"}


@pytest.mark.parametrize(("days", "midwives"), [(5, True), (28, True), (29, False)])
async def test_a_concern_in_the_first_four_weeks_is_the_midwifes_as_well(days: int, midwives: bool) -> None:
    mother, bo = adult("Kerry"), child("Bo", days=days, age=None)
    town = Town(family(mother=mother, children=[bo]))
    raised = mothers_need(mother, bo, **NEED)
    await town.publish(raised)
    assert town.told(raised) == (ALL if midwives else ALL - {"midwives"})


async def test_thoughts_of_harming_the_baby_are_mashs_as_well() -> None:
    for thoughts, told in (("none", False), ("to-self", False), ("to-the-baby", True), ("to-both", True)):
        mother, bump, folk = expecting()
        town = Town(folk)
        await town.publish(mothers_need(mother, bump, **(NEED | {"thoughts_of_harm": thoughts})))
        assert ("mash" in town.told()) is told, thoughts


async def test_an_older_brother_his_nurse_and_a_stranger_hear_nothing() -> None:
    mother, bump, kit = adult("Kerry"), unborn(weeks=26), child("Zephyr", age=8)
    town = Town(family(mother=mother, children=[bump, kit]))
    await town.publish(mothers_need(mother, bump, **NEED))
    assert town.told(about=kit) == set()
    assert town.told() == ALL
    assert not any(kit.nhs.encode() in x.raw for x in town.inboxes.of("summary"))


async def test_the_health_visitor_and_the_midwife_who_have_not_read_it_are_climbed_past() -> None:
    mother, bump, folk = expecting()
    town = Town(folk)
    await town.publish(mothers_need(mother, bump, **NEED))
    await town.receipt(town.letter("adult-mental-health"), "acted", outcome="accepted")
    await town.advance(working_days=2)
    assert {e.team for e in town.escalations(flow="F24")} == {"hv-lead", "nn-hospital"}


async def test_a_concern_without_score_or_question_is_fed_back_and_routed_and_one_taken_back_ends_the_search() -> None:
    mother, bump, folk = expecting()
    town = Town(folk)
    bare = mothers_need(
        mother, bump, **(NEED | {"scores": {"absent": "not-recorded"}, "thoughts_of_harm": "not-asked"})
    )
    await town.publish(bare)
    assert town.told(bare) == ALL
    (quality,) = town.status("hv", "quality")
    assert {p["path"] for p in quality["problems"]} == {"data.scores", "data.thoughts_of_harm"}
    await town.publish(cancel_of(bare))
    await town.advance(working_days=15)
    assert heard(town) == []


async def test_the_page_says_first_that_an_answer_is_wanted_and_what_a_score_is_out_of() -> None:
    town = await concerned()
    page = reads_in_order(town.letter("adult-mental-health"))
    assert "whether you take her on (accepted)" in page["WHAT YOU ARE ASKED TO DO"]
    assert "score: 17" in page["RISK AND IMPACT ON THE CHILD"]
    assert "of: 30" in page["RISK AND IMPACT ON THE CHILD"]
