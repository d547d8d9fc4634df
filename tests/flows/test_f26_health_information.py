"""F26 (4.2, 4.3, 4.13, R1.3, R2.7): what GP, midwife, nurses and the parents' own services know is asked for before the
child is seen; each answers for itself, and the parents' records are read by whoever makes the assessment alone.

Before: "access to important information ... is often missing", and GPs had no routine part."""

from typing import Any

import pytest

from contracts.parts.services import Service
from tests.stories import Town
from tests.story_events import cancel_of, update_of
from tests.story_looked_after_events import OUT_OF_AREA, info_provided, info_requested, placement_changed
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family

PARENTS: Any = [
    {
        "parent": "mother",
        "physical_health": {"absent": "not-recorded"},
        "mental_health": "CANARY-DEPRESSION",
        "substance_misuse": "CANARY-HEROIN",
        "in_pregnancy": "Took methadone throughout.",
        "inherited_conditions": {"absent": "none"},
    }
]
EVERYBODY = ("GP", "HV", "MID", "CAMHS", "AMH", "ASM")
TEAM = {
    "GP": "gp-castle", "HV": "hv-north", "SN": "sn-north", "MID": "midwives", "CAMHS": "camhs",
    "AMH": "adult-mental-health", "ASM": "substance-misuse",
}  # fmt: skip
WAIT = "the service says what it knows for the health assessment"


def home(age: int = 2) -> tuple[Person, Person, Family]:
    mother, bea = adult("Tam"), child("Bea", age=age)
    return mother, bea, family(mother=mother, children=[bea])


def waiting(town: Town) -> dict[str, str]:
    """Who was asked → how that clock stands."""
    return {c.clock.team or "": c.state for c in town.clocks() if c.clock.words == WAIT}


async def test_each_service_named_is_asked_what_is_wanted_and_by_when_and_no_other() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    asked = info_requested(bea, "GP", "HV", "AMH", parents=[mother], topics=["birth", "parental-mental-health"])
    await town.publish(asked)
    assert town.told(asked) == {"gp-castle", "hv-north", "adult-mental-health"}
    letter = town.letter("gp-castle")
    assert letter["what_happened"]["topics"] == ["birth", "parental-mental-health"]
    page = reads_in_order(letter)
    assert "Say what you know of what is asked" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Answer before: Friday 27 March 2026" in page["WHAT HAPPENED"]
    assert "Assessment on: Monday 30 March 2026" in page["WHAT HAPPENED"]


@pytest.mark.parametrize("service", [*EVERYBODY, "SN"])
async def test_every_service_of_the_review_can_be_asked(service: str) -> None:
    mother, bea, folk = home(age=9 if service == "SN" else 2)
    town = Town(folk)
    asked = info_requested(bea, service, parents=[mother])
    await town.publish(asked)
    assert town.told(asked) == {TEAM[service]}


async def test_who_holds_records_of_adults_reads_which_parent_is_meant_and_the_nurses_are_not_told_again() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, *EVERYBODY, parents=[mother]))
    for service in EVERYBODY:
        named = {"name": {"family": "Story", "given": "Tam"}, "relationship": "mother"}
        shown = town.letter(TEAM[service])["context"].get("adult")
        assert shown == ([named] if service in ("GP", "MID", "AMH", "ASM") else None)


async def test_nobody_reads_that_a_service_for_adults_was_asked() -> None:
    """Of which services the team asked is withheld, and the list of who else was told says it no more (rule E)."""
    _, kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(info_requested(kit, "GP", "SN", "CAMHS", "AMH", "ASM"))
    for letter in town.inboxes.of("summary"):
        own = town.ledger.store.cover.teams[letter.team].service
        assert {t["service"] for t in letter["told"]} == {"GP", "SN", "CAMHS"} - {own.value}
        for quiet in (Service.AMH, Service.ASM):
            assert own is quiet or quiet.words not in letter.page, letter.team


async def test_the_parents_services_are_those_of_home_wherever_the_child_is_placed() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(bea, **OUT_OF_AREA))
    asked = info_requested(bea, "AMH", "MID", "HV", parents=[mother])
    await town.publish(asked)
    assert {"adult-mental-health", "midwives", "hv-birmingham"} <= town.told(asked)


async def test_the_answer_reaches_the_health_team_with_what_it_means_and_stands_beside_the_question() -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, "GP"))
    answered = info_provided(bea, "gp", immunisation="One behind.", meaning_for_child="At risk of measles.")
    await town.publish(answered)
    assert town.told(answered) == {"looked-after"}
    letter = town.letter("looked-after")
    assert letter["what_happened"]["immunisation"] == "One behind."
    assert letter["risk_and_impact"]["meaning_for_child"] == "At risk of measles."
    assert [x["type"] for x in letter["context"]["linked"]] == ["health-info-requested-1"]


async def test_nobody_but_who_makes_the_assessment_reads_a_parents_record() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, *EVERYBODY, parents=[mother]))
    answered = info_provided(bea, "amh", parental_history=PARENTS, meaning_for_child="Cared for her mother.")
    await town.publish(answered)
    await town.advance(working_days=30)
    assert town.letter("looked-after")["context"]["parental_history"] == PARENTS
    for key, letters in town.inboxes.letters.items():
        for letter in letters:
            if key != ("summary", "looked-after"):
                assert b"CANARY" not in letter.raw
                assert "parental_history" not in letter.data.get("context", {})


WHOSE_CONSENT = {"children-act-2004-s10": False, "direct-care": False, "children-act-1989-s47": True}


def basis(power: str, consent: str) -> dict[str, Any]:
    agreed = {"answer": consent, "reason": "She could not be reached."}
    said = info_provided(child("Bea", age=2), "amh").event["data"]
    return {
        "lawful_basis": {**said["lawful_basis"], "power": power},
        "consent": {**said["consent"], "to_sharing": agreed},
    }


@pytest.mark.parametrize("consent", ["given", "refused", "not-sought"])
@pytest.mark.parametrize("power", WHOSE_CONSENT)
async def test_a_parents_record_passes_on_consent_or_section_47_and_else_it_is_said_that_it_is_withheld(
    power: str, consent: str
) -> None:
    _, bea, folk = home()
    town = Town(folk)
    said = info_provided(
        bea, "amh", parental_history=PARENTS, meaning_for_child="Cared for her mother.", **basis(power, consent)
    )
    await town.publish(said)
    letter = town.letter("looked-after")
    assert letter["risk_and_impact"]["meaning_for_child"] == "Cared for her mother.", "the rest passes on any basis"
    passes = consent == "given" or WHOSE_CONSENT[power]
    assert ("parental_history" in letter["context"]) is passes
    assert (b"CANARY" in letter.raw) is passes
    assert ("Parents' health histories" in letter.withheld) is not passes
    if not passes:
        assert "neither consent to share nor reasonable cause" in letter.withheld["Parents' health histories"]
    asked_back = [p["path"] for status in town.status("amh", "quality") for p in status["problems"]]
    assert ("data.lawful_basis" in asked_back) is not passes


async def test_that_a_parent_has_no_record_there_is_said_on_any_basis() -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_provided(bea, "gp", **basis("children-act-2004-s10", "not-sought")))
    letter = town.letter("looked-after")
    assert letter["context"]["parental_history"] == {"absent": "not-applicable"}
    assert town.status("gp", "quality") == []


async def test_each_answer_ends_its_own_wait_and_nobody_elses() -> None:
    mother, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, "GP", "HV", "AMH", parents=[mother]))
    assert waiting(town) == {"gp-castle": "running", "hv-north": "running", "adult-mental-health": "running"}
    await town.publish(info_provided(bea, "gp"))
    await town.publish(info_provided(bea, "hv", "nothing-held"))
    assert waiting(town) == {"gp-castle": "met", "hv-north": "met", "adult-mental-health": "running"}


async def test_no_receipt_is_an_answer_and_silence_climbs_to_the_services_lead_and_then_to_who_asked() -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, "GP", "HV"))
    await town.publish(info_provided(bea, "gp"))
    for state in ("acknowledged", "filed", "acted"):
        await town.receipt(town.letter("hv-north"), state)
    await town.advance(working_days=8, hours=23, minutes=59)
    assert town.escalations() == [], "a minute before nine on Friday the 27th"
    await town.advance(minutes=1)
    (lead,) = town.escalations()
    assert (lead.team, lead["unanswered_by"], lead["due"]) == ("hv-lead", "HV NORTH", "2026-03-27T09:00:00+00:00")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["hv-lead", "looked-after"]
    await town.advance(working_days=2)
    (task,) = town.tasks("unanswered")
    assert task.task.owner == "looked-after"


@pytest.mark.parametrize("says", [True, False])
async def test_a_practices_silence_names_no_practice_where_the_request_says_that_whereabouts_are_withheld(
    says: bool,
) -> None:
    """The directory does not know it yet; the practice would tell the area, by its name or by its key (H3)."""
    _, bea, folk = home()
    bea.said["location_withheld"] = says
    town = Town(folk)
    await town.publish(info_requested(bea, "GP"))
    await town.advance(working_days=13)
    first, second = town.escalations()
    assert (first.team, first["unanswered_by"]) == ("nn-community", "GP CASTLE"), "who leads the practice knows it"
    assert (second.team, second["unanswered_by"]) == ("looked-after", "GP practice" if says else "GP CASTLE")
    assert (b"castle" in second.raw.lower()) is not says
    assert "restricted" not in town.file(bea)


async def test_a_late_answer_still_reaches_the_health_team_and_ends_the_climb() -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, "HV"))
    await town.advance(working_days=9)
    assert [e.team for e in town.escalations()] == ["hv-lead"]
    await town.publish(info_provided(bea, "hv"))
    await town.advance(working_days=10)
    assert [e.team for e in town.escalations()] == ["hv-lead"]
    assert town.letter("looked-after")


async def test_an_answer_for_another_assessment_is_none_and_one_taken_back_was_none() -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, "GP"))
    await town.publish(info_provided(bea, "gp", assessment_id="of-last-year"))
    assert waiting(town) == {"gp-castle": "running"}
    mistaken = info_provided(bea, "gp")
    await town.publish(mistaken)
    assert waiting(town) == {"gp-castle": "met"}
    await town.publish(cancel_of(mistaken))
    assert waiting(town) == {"gp-castle": "running"}


@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_answers_one_is_taken_back_and_the_service_has_answered_still(wrong: int) -> None:
    _, bea, folk = home()
    town = Town(folk)
    two = [info_provided(bea, "gp") for _ in range(2)]
    for said in (info_requested(bea, "GP"), *two, cancel_of(two[wrong])):
        await town.publish(said)
    assert waiting(town) == {"gp-castle": "met"}
    await town.publish(cancel_of(two[1 - wrong]))
    assert waiting(town) == {"gp-castle": "running"}


async def test_an_answer_corrected_to_another_assessment_leaves_the_first_unanswered() -> None:
    _, bea, folk = home()
    town = Town(folk)
    said = info_provided(bea, "gp")
    await town.publish(info_requested(bea, "GP"), said)
    assert waiting(town) == {"gp-castle": "met"}
    await town.publish(update_of(said, assessment_id="of-last-year"))
    assert waiting(town) == {"gp-castle": "running"}


async def test_an_assessment_brought_forward_asks_again_only_who_has_not_answered() -> None:
    _, bea, folk = home()
    town = Town(folk)
    first = info_requested(bea, "GP", "HV")
    await town.publish(first)
    await town.publish(info_provided(bea, "gp"))
    await town.publish(update_of(first, assessment_on="2026-03-24", answer_before="2026-03-23"))
    (due,) = [c.due for c in town.clocks() if c.clock.words == WAIT and c.state == "running"]
    assert due.isoformat() == "2026-03-23T09:00:00+00:00"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"answer": "nothing-held", "illnesses": "Asthma."}, "answer-and-content"),
        ({"answer": "held", "illnesses": {"absent": "none"}}, "answer-and-content"),
    ],
)
async def test_nothing_held_is_told_from_silence_and_says_nothing(said: dict[str, Any], code: str) -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_requested(bea, "GP"))
    await town.publish(info_provided(bea, "gp", **said))
    (refused,) = town.status("gp", "refused")
    assert [p["code"] for p in refused["problems"]] == [code]
    assert waiting(town) == {"gp-castle": "running"}, "a refused answer is none"
    await town.publish(info_provided(bea, "gp", "nothing-held"))
    assert town.letter("looked-after")["what_happened"]["answer"] == "nothing-held"
    assert town.status("gp", "quality") == []


async def test_what_is_held_without_what_it_means_is_routed_and_fed_back() -> None:
    _, bea, folk = home()
    town = Town(folk)
    await town.publish(info_provided(bea, "gp", illnesses="Asthma.", meaning_for_child={"absent": "not-recorded"}))
    (feedback,) = town.status("gp", "quality")
    assert [p["path"] for p in feedback["problems"]] == ["data.meaning_for_child"]
    assert town.told() == {"looked-after"}


async def test_a_child_with_no_practice_leaves_a_task_and_no_silence_is_taken_for_an_answer() -> None:
    orphan = child("Bea", age=2, practice=None)
    town = Town(family(mother=adult("Tam"), children=[orphan], practice=None))
    await town.publish(info_requested(orphan, "GP"))
    (task,) = town.tasks("nobody-found")
    assert task.task.service == "GP"
    assert waiting(town) == {}
