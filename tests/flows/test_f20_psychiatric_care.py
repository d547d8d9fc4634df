"""F20 (2.15, 2.16): a parent goes into psychiatric care or leaves it, and a child is on a ward for adults.

The good practice to keep: "the trust alerts children's social care when parents are admitted, as well as when they are
discharged"; here it depends on nobody's memory, and the children's own people hear as well."""

from datetime import date
from typing import Any

import pytest

from tests.stories import Town
from tests.story_adult_mental_health_events import on_adult_ward, parent_admitted, parent_left_hospital
from tests.story_events import cancel_of, household
from tests.story_inboxes import Letter
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag, unborn
from tests.story_teams import directory

CARE: dict[str, Any] = {
    "children_looked_after_by": "Their aunt, for this week only.",
    "concern": {
        "facts": "Believed that the children were being watched.",
        "analysis": "The children are part of what she fears.",
        "impact_on_child": "Kept home from school for a week.",
        "protective_factors": "The aunt rang for help.",
    },
}
SECRET: dict[str, Any] = {"clinical_detail": "CANARY-CLINICAL", "legal_status": "section-3"}


def home(**more: Any) -> tuple[Person, Person, Person, Family]:
    mother, pip, sky = adult("Imogen"), child("Pip", age=2, **more), child("Zephyrine", age=9)
    return mother, pip, sky, family(mother=mother, children=[pip, sky])


def heard(town: Town) -> list[str]:
    return [e.team for e in town.escalations(flow="F20")]


async def answered(town: Town, *teams: str) -> None:
    for team in teams:
        for letter in town.inbox(team):
            await town.receipt(letter, "acknowledged")


async def test_social_care_and_each_childs_own_people_hear_of_the_admission_and_who_looks_after_the_child() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    admitted = parent_admitted(mother, pip, sky, **CARE)

    await town.publish(admitted)

    assert town.told(admitted, about=pip) == {"social-care", "hv-north"}
    assert town.told(admitted, about=sky) == {"social-care", "sn-north"}
    for letter in town.inboxes.of("summary"):
        what = letter["what_happened"]
        assert what["children_looked_after_by"] == "Their aunt, for this week only."
        assert [c["care_arrangement"] for c in what["household"]["children"]] == ["Lives with the adult."]
        assert letter["risk_and_impact"]["concern"] == CARE["concern"]
        assert letter["context"]["adult"] == [{"name": mother.doc["name"], "relationship": "mother"}]


async def test_the_discharge_says_to_the_same_people_what_it_brings_back_and_is_linked_to_the_admission() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    admitted = parent_admitted(mother, pip, sky)
    await town.publish(admitted)
    out = parent_left_hospital(
        admitted, discharge="against-advice", goes_to="home-with-the-children", risk_on_discharge="May stop eating."
    )
    await town.publish(out)
    for one in (pip, sky):
        assert town.told(out, about=one) == town.told(admitted, about=one)
    letter = town.inbox("social-care", pip)[1]
    assert letter["risk_and_impact"]["risk_on_discharge"] == "May stop eating."
    assert letter["what_happened"]["discharge"] == "against-advice"
    assert letter["context"]["linked"] == [{"type": "parent-admitted-1", "date": "2026-03-16"}]


async def test_social_care_hears_of_a_child_whose_age_nobody_knows_and_of_no_grown_up() -> None:
    """No birth date is no reason to tell nobody: health visitor and school nurse are a person's question, it is not."""
    mother, pip = adult("Imogen"), child("Pip", age=2)
    pip.doc.pop("born")
    town = Town(family(mother=mother, children=[pip, child("Al", age=18)]))
    for said in (admitted := parent_admitted(mother), parent_left_hospital(admitted)):
        await town.publish(said)
        assert town.told(said) == town.told(said, about=pip) == {"social-care"}
    assert {t.task.service for t in town.tasks("nobody-found")} == {"HV", "SN"}


async def test_each_recipient_sees_its_own_children_and_no_number_of_the_others() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    await town.publish(parent_admitted(mother, pip, sky))
    for team, own, other in (("hv-north", pip, sky), ("sn-north", sky, pip)):
        letter = town.letter(team)
        assert [c["nhs_number"] for c in letter["what_happened"]["household"]["children"]] == [own.nhs]
        assert other.nhs.encode() not in letter.raw
        assert other.doc["name"]["given"].encode() not in letter.raw
        assert mother.nhs.encode() not in letter.raw


@pytest.mark.parametrize("leaves", [False, True])
async def test_the_parents_record_is_nobodys_and_the_legal_status_social_cares_alone(leaves: bool) -> None:
    mother, pip, sky, folk = home(flags=[flag()])
    town = Town(folk)
    admitted = parent_admitted(mother, pip, sky, **SECRET)
    await town.publish(admitted)
    if leaves:
        await town.publish(parent_left_hospital(admitted, **SECRET))
    await town.advance(working_days=12)
    letters = [x for letters in town.inboxes.letters.values() for x in letters]
    assert not any(b"CANARY" in x.raw for x in letters)
    assert {x.team for x in letters if b"section-3" in x.raw} == {"social-care"}
    summaries = town.inboxes.of("summary")
    assert {x.team for x in summaries} == {"social-care", "hv-north", "sn-north", "mash"}
    for letter in summaries:
        assert "Clinical record of the adult" in letter.withheld
        assert ("legal_status" in letter["what_happened"]) is (letter.team == "social-care")
        if letter.team != "social-care":
            assert letter.withheld["Legal status of the adult"].endswith("(rule E)")


async def test_practice_hospital_and_drug_service_hear_nothing_nor_does_a_cousins_nurse() -> None:
    mother, pip, sky, folk = home()
    cousin = child("Max", age=9)
    town = Town(folk, family(mother=adult("Jo"), children=[cousin]))
    await town.publish(parent_admitted(mother, pip, sky))
    assert town.told() == {"social-care", "hv-north", "sn-north"}
    assert town.told(about=cousin) == set()


async def test_the_midwife_hears_where_the_parent_is_pregnant_and_nobody_else_of_the_pregnancy() -> None:
    mother, pip = adult("Ada"), child("Pip", age=2)
    bump = unborn(weeks=26)
    town = Town(family(mother=mother, children=[pip, bump]))
    await town.publish(parent_admitted(mother, pip, pregnant="yes", expected_date=bump.doc["expected"]))
    assert town.told(about=bump) == {"midwives", "social-care"}
    assert town.letter("midwives")["what_happened"]["expected_date"] == bump.doc["expected"]
    assert "pregnant" not in town.letter("hv-north")["what_happened"]


@pytest.mark.parametrize(
    ("age", "flags", "told"), [(0, [], True), (3, ["child-protection-plan"], True), (3, ["looked-after"], False)]
)
async def test_mash_hears_of_a_baby_or_a_child_on_a_plan(age: int, flags: list[str], told: bool) -> None:
    mother, pip = adult(), child("Pip", age=age, flags=[flag(f) for f in flags])
    town = Town(family(mother=mother, children=[pip]))
    await town.publish(parent_admitted(mother, pip))
    assert ("mash" in town.told()) is told


async def test_an_admission_that_nobody_acknowledges_climbs_to_lead_and_named_nurse_and_stays_a_task() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    await town.publish(parent_admitted(mother, pip, sky))
    await answered(town, "social-care", "sn-north")
    await town.receipt(town.letter("hv-north"), "matched", kind="system")
    await town.advance(working_days=2)
    assert heard(town) == ["hv-lead"]
    await town.advance(working_days=1)
    assert heard(town) == ["hv-lead", "nn-community"]
    await town.advance(working_days=9)
    assert [(t.task.child, t.state) for t in town.tasks("unanswered")] == [(pip.id, "open")]


async def test_a_discharge_hastens_what_was_not_acknowledged_and_leaves_alone_what_was() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    admitted = parent_admitted(mother, pip, sky)
    await town.publish(admitted)
    await town.receipt(town.letter("social-care", pip), "acknowledged")
    await answered(town, "hv-north")
    await town.advance(hours=2)
    assert heard(town) == []

    await town.publish(parent_left_hospital(admitted))
    await town.advance(minutes=1)

    late = {(e.team, e["unanswered_by"], e["child"]["person"]) for e in town.escalations(flow="F20")}
    assert late == {
        ("nn-community", "SOCIAL CARE", sky.id),
        ("sn-lead", "SN NORTH", sky.id),
    }, "on Monday morning, with a day and more left, had the mother stayed"


async def test_the_discharge_of_another_spell_hastens_nothing() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    admitted = parent_admitted(mother, pip, sky)
    await town.publish(admitted)
    await town.publish(parent_left_hospital(admitted, spell_id="another-spell"))
    await town.advance(minutes=1)
    assert heard(town) == []


async def test_social_care_has_a_working_day_for_a_discharge() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    await town.publish(parent_left_hospital(parent_admitted(mother, pip, sky)))
    await answered(town, "hv-north", "sn-north")
    await town.advance(hours=23)
    assert heard(town) == []
    await town.advance(hours=1)
    assert heard(town) == ["nn-community", "nn-community"]
    await answered(town, "social-care")
    await town.advance(working_days=9)
    assert town.tasks("unanswered") == []


async def test_where_no_child_is_known_a_person_asks_the_ward_unless_there_is_none() -> None:
    lone = adult("Al")
    town = Town(family(father=lone))
    await town.publish(parent_admitted(lone, household=household(answer="asked-none")))
    assert town.tasks() == []
    await town.publish(parent_admitted(lone, household=household(answer="not-asked")))
    (task,) = town.tasks("nobody-found")
    assert task.task.owner == "desk"
    (quality,) = town.status("amh", "quality")
    assert "data.household" in {p["path"] for p in quality["problems"]}


async def test_an_admission_taken_back_is_told_to_all_who_had_it() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    wrong = parent_admitted(mother, pip, sky)
    await town.publish(wrong)
    await town.publish(cancel_of(wrong))
    assert {w.team for w in town.withdrawals()} == {"social-care", "hv-north", "sn-north"}
    await town.advance(working_days=9)
    assert heard(town) == []


# A young person on an adult ward

WARD: dict[str, Any] = {
    "risks_and_needs": "Risk to himself.",
    "kept_safe_by": "A nurse with him at all times.",
    "observation": "within-arms-length",
    "plan": "A bed is sought every morning.",
}


def young(**more: Any) -> tuple[Person, Family]:
    one = child("Rowan", age=17, **more)
    return one, family(mother=adult(), children=[one])


async def test_social_care_and_camhs_hear_of_a_young_person_on_an_adult_ward_with_risk_and_how_it_is_met() -> None:
    rowan, folk = young()
    town = Town(folk)
    placed = on_adult_ward(rowan, **WARD)
    await town.publish(placed)
    assert town.told(placed) == {"social-care", "camhs", "sn-north"}
    for team in ("social-care", "camhs"):
        letter = town.letter(team)
        assert letter["risk_and_impact"]["risks_and_needs"] == "Risk to himself."
        assert letter["risk_and_impact"]["kept_safe_by"] == WARD["kept_safe_by"]
        assert letter["risk_and_impact"]["observation"] == "within-arms-length"
        assert letter["what_happened"]["plan"] == WARD["plan"]
    assert "observation" not in town.letter("sn-north")["risk_and_impact"]


async def test_the_ward_is_answered_with_the_young_persons_live_flags() -> None:
    rowan, folk = young(flags=[flag("looked-after")])
    town = Town(folk)
    await town.publish(on_adult_ward(rowan))
    (answer,) = town.status("amh", "live-flags")
    assert [f["kind"] for f in answer["flags"]] == ["looked-after"]
    assert "looked-after" in town.told(), "the looked-after children's nurse reviews those over 16 (rule B)"


async def test_camhs_says_what_it_does_within_a_day_and_a_decline_leaves_the_clock_running() -> None:
    rowan, folk = young()
    town = Town(folk)
    await town.publish(on_adult_ward(rowan))
    await answered(town, "social-care", "camhs")
    await town.receipt(town.letter("camhs"), "acted", outcome="declined", note="Over our age.")
    await town.advance(working_days=1)
    (late,) = town.escalations(flow="F20")
    assert (late.team, late["unanswered_by"], late["paragraph"]) == ("nn-community", "CAMHS", "2.15")
    await town.receipt(town.letter("camhs"), "acted", outcome="accepted")
    await town.advance(working_days=9)
    assert town.tasks("unanswered") == []


async def test_the_move_to_tier_4_reaches_those_who_knew_of_the_ward_and_asks_social_care_nothing_more() -> None:
    rowan, folk = young()
    town = Town(folk)
    placed = on_adult_ward(rowan)
    await town.publish(placed)
    moved = on_adult_ward(rowan, "moved-to-tier-4", spell_id=placed.data["spell_id"], receiving_service="Tier 4 unit")
    await town.publish(moved)
    assert town.told(moved) == town.told(placed)
    letter = town.inbox("social-care")[1]
    assert letter["what_happened"]["receiving_service"] == "Tier 4 unit"
    assert not letter.asks
    assert town.clocks(letter) == []
    assert letter["context"]["linked"] == [{"type": "child-on-adult-ward-1", "date": "2026-03-16"}]


@pytest.mark.parametrize("born", [date(2008, 3, 17), date(2008, 9, 17)])
async def test_the_move_to_adult_care_tells_camhs_and_social_care_who_takes_over_and_asks_camhs_its_part(
    born: date,
) -> None:
    """One is eighteen on the day of the move, the other is seventeen."""
    rowan, folk = young(born=born)
    town = Town(folk)
    placed = on_adult_ward(rowan)
    await town.publish(placed)
    await answered(town, "social-care", "camhs", "sn-north")
    await town.receipt(town.letter("camhs"), "acted", outcome="accepted")
    await town.advance(hours=24)
    moved = on_adult_ward(
        rowan,
        "moved-to-adult-care",
        spell_id=placed.data["spell_id"],
        receiving_service="Adult community team, Dudley",
        **WARD,
    )
    await town.publish(moved)

    assert town.told(moved) == {"social-care", "camhs", "sn-north"}
    for team in ("social-care", "camhs"):
        what = town.inbox(team)[1]["what_happened"]
        assert (what["change"], what["receiving_service"]) == ("moved-to-adult-care", "Adult community team, Dudley")
        assert what["plan"] == WARD["plan"]
    assert not town.inbox("social-care")[1].asks, "the child is on no ward for adults any longer"
    assert town.clocks(town.inbox("social-care")[1]) == []
    asked = town.inbox("camhs")[1]
    assert list(asked.asks) == ["Say what CAMHS does for this young person, and who takes over when."]
    letters = [x for letters in town.inboxes.letters.values() for x in letters]
    assert {x.team for x in letters if b"within-arms-length" in x.raw} == {"social-care", "camhs"}
    assert {x.team for x in letters if b"Adult community team" in x.raw} == {"social-care", "camhs", "sn-north"}

    await town.advance(days=1, minutes=-1)
    assert heard(town) == []
    await town.advance(minutes=1)
    assert heard(town) == ["nn-community"], "CAMHS has no lead in the stories' directory"
    await town.receipt(asked, "acted", outcome="accepted")
    assert {c.state for c in town.clocks(asked)} == {"met"}
    await town.advance(working_days=9)
    assert heard(town) == ["nn-community"]
    assert town.tasks("unanswered") == []


async def test_where_the_directory_has_no_camhs_a_person_is_asked_and_nobody_is_dropped() -> None:
    rowan, folk = young()
    town = Town(folk, teams=directory(without={"camhs"}, publishers={"camhs": {"team": "adult-mental-health"}}))
    await town.publish(on_adult_ward(rowan))
    (task,) = town.tasks("nobody-found")
    assert task.task.service == "CAMHS"


async def test_the_page_reads_who_and_what_is_asked_before_what_happened() -> None:
    mother, pip, sky, folk = home()
    town = Town(folk)
    await town.publish(parent_admitted(mother, pip, sky, **CARE, **SECRET))
    letter: Letter = town.letter("social-care", pip)
    page = reads_in_order(letter)
    assert "answer before the parent leaves" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Who is looking after the children: Their aunt" in page["WHAT HAPPENED"]
    assert "Legal status of the adult: section-3" in page["WHAT HAPPENED"]
    assert "Clinical record of the adult" in page["WHAT WAS NOT SHARED WITH YOU, AND WHY"]
