"""F23 (3.2, 3.3, R3.10): the mother is asked in each trimester, each time is on record, and a MARAC's outcome is read.

Before: "domestic abuse checks were inconsistently recorded and all evidenced the question only being asked on one
occasion"."""

from datetime import timedelta
from typing import Any

import pytest

from tests.stories import Town
from tests.story_abuse_in_pregnancy_events import enquiry, marac
from tests.story_events import birth_notified, cancel_of, pregnancy_notified
from tests.story_pages import reads_in_order
from tests.story_people import MORNING, Family, Person, adult, child, family, unborn
from tests.story_teams import SOUTH

PERPETRATOR: dict[str, Any] = {
    "name": {"family": "Voss", "given": "Dean"},
    "birth_date": "1990-03-03",
    "relationship_to_child": "father",
}
TODAY = MORNING.date().isoformat()


def expecting(weeks: int = 10) -> tuple[Person, Person, Family]:
    mother, bump = adult("Grace", age=29), unborn(weeks=weeks)
    return mother, bump, family(mother=mother, children=[bump])


async def booked(weeks: int) -> tuple[Town, Person, Person]:
    """A pregnancy that is booked today, at so many weeks."""
    mother, bump, folk = expecting(weeks)
    town = Town(folk)
    await town.publish(pregnancy_notified(mother, booked_on=TODAY, booking_gestation_weeks=weeks))
    return town, mother, bump


def missing(town: Town) -> list[tuple[str, str]]:
    """Who was told that no enquiry was made, and in which trimester."""
    return [(e.team, e["words"].split(" in the ")[1]) for e in town.escalations(flow="F23")]


def waited_for(town: Town) -> list[str]:
    return [c.clock.words.split(" in the ")[1] for c in town.clocks() if c.clock.flow == "F23" and c.state == "running"]


async def ask(town: Town, mother: Person, bump: Person, outcome: str = "no-disclosure") -> None:
    await town.publish(enquiry(mother, bump, outcome, asked_on=town.hands.now.date().isoformat()))


async def test_each_enquiry_reaches_health_visitor_and_practice_with_dates_and_outcomes_of_all() -> None:
    mother, bump, folk = expecting(20)
    town = Town(folk)
    earlier = [
        {"asked_on": "2026-01-12", "outcome": "not-safe-to-ask"},
        {"asked_on": "2026-02-02", "outcome": "declined"},
    ]
    asked = enquiry(mother, bump, "disclosure", asked_on=TODAY, earlier_enquiries=earlier, disclosed="He pushes her.")
    await town.publish(asked)
    assert town.told(asked) == {"hv-north", "gp-castle"}
    for team in ("hv-north", "gp-castle"):
        letter = town.letter(team)
        what = letter["what_happened"]
        assert (what["asked_on"], what["outcome"]) == (TODAY, "disclosure")
        assert what["earlier_enquiries"] == earlier
        assert letter["risk_and_impact"]["disclosed"] == "He pushes her."
        assert any("where nobody at home can read it" in ask for ask in letter.asks)


async def test_a_health_visitors_enquiry_reaches_the_midwife_as_well() -> None:
    mother, bump, folk = expecting(30)
    town = Town(folk)
    asked = enquiry(mother, bump, by="hv", asked_by="health-visitor")
    await town.publish(asked)
    assert town.told(asked) == {"hv-north", "gp-castle", "midwives"}


@pytest.mark.parametrize(("days", "midwives"), [(0, True), (28, True), (29, False)])
async def test_four_weeks_after_the_birth_neither_enquiry_nor_marac_is_the_midwifes_any_longer(
    days: int, midwives: bool
) -> None:
    """Until then she visits: what makes a visit unsafe, and what the mother said, she must know."""
    mother, bo = adult("Grace"), child("Bo", days=days, age=None)
    town = Town(family(mother=mother, children=[bo]))
    asked, decided = enquiry(mother, bo, by="hv", asked_by="health-visitor"), marac(mother)
    await town.publish(asked, decided)
    told = {"hv-north", "gp-castle"} | ({"midwives"} if midwives else set())
    assert (town.told(asked), town.told(decided)) == (told, told)


@pytest.mark.parametrize("outcome", ["not-safe-to-ask", "not-asked"])
async def test_a_question_that_could_not_be_put_is_asked_of_the_health_visitor_and_still_owed(outcome: str) -> None:
    town, mother, bump = await booked(10)
    await ask(town, mother, bump, outcome)
    assert any("Ask again, when she is alone" in what for what in town.inbox("hv-north")[-1].asks)
    assert waited_for(town) == ["first trimester", "second trimester", "third trimester"]
    quality = town.status("midwives", "quality")
    paths = {p["path"] for entry in quality for p in entry["problems"]}
    assert ("data.outcome" in paths) is (outcome == "not-asked"), "that it was not safe is an answer, and not a gap"


async def test_an_enquiry_in_a_trimester_ends_that_trimesters_wait_and_no_other() -> None:
    town, mother, bump = await booked(10)
    await ask(town, mother, bump)
    assert waited_for(town) == ["second trimester", "third trimester"]
    await town.advance(days=7 * 10)
    await ask(town, mother, bump, "declined")
    assert waited_for(town) == ["third trimester"]
    await town.advance(days=7 * 10)
    await ask(town, mother, bump)
    assert waited_for(town) == []
    await town.advance(days=200)
    assert missing(town) == []


async def test_where_she_was_asked_once_only_the_midwives_hear_at_the_end_of_each_later_trimester() -> None:
    town, mother, bump = await booked(10)
    await ask(town, mother, bump)
    assert len(town.inbox("hv-north")) == 2
    await town.advance(days=7 * 18 - 1)
    assert missing(town) == []
    await town.advance(days=1, hours=1)
    assert missing(town) == [("midwives", "second trimester")]
    await town.advance(working_days=5)
    assert missing(town) == [("midwives", "second trimester"), ("nn-hospital", "second trimester")]
    await town.advance(days=7 * 8)
    assert missing(town)[2:] == [("midwives", "third trimester"), ("nn-hospital", "third trimester")]
    assert [t.task.child for t in town.tasks("unanswered") if "asked about" in t.task.words] == [bump.id] * 2
    for letter in town.escalations(flow="F23"):
        assert letter["paragraph"] == "3.3"


async def test_nobody_asked_at_all_is_heard_of_before_fourteen_weeks() -> None:
    town, *_ = await booked(10)
    await town.advance(days=7 * 4, hours=1)
    assert missing(town) == [("midwives", "first trimester")]


@pytest.mark.parametrize(
    ("weeks", "waits"),
    [
        (13, ["first trimester", "second trimester", "third trimester"]),
        (14, ["second trimester", "third trimester"]),
        (27, ["second trimester", "third trimester"]),
        (28, ["third trimester"]),
        (37, ["third trimester"]),
    ],
)
async def test_a_late_booking_owes_only_what_is_still_to_come(weeks: int, waits: list[str]) -> None:
    town, *_ = await booked(weeks)
    assert waited_for(town) == waits


@pytest.mark.parametrize(
    ("days", "ended"), [(7 * 14 - 1, "first"), (7 * 14, "second"), (7 * 28 - 1, "second"), (7 * 28, "third")]
)
async def test_the_day_of_the_question_decides_the_trimester(days: int, ended: str) -> None:
    town, mother, bump = await booked(10)
    on = MORNING.date() + timedelta(days=days - 70)
    await town.publish(enquiry(mother, bump, asked_on=on.isoformat()))
    assert f"{ended} trimester" not in waited_for(town)
    assert len(waited_for(town)) == 2


async def test_an_enquiry_that_came_before_the_booking_was_told_counts_and_one_taken_back_does_not() -> None:
    mother, bump, folk = expecting(10)
    town = Town(folk)
    asked = enquiry(mother, bump, asked_on=TODAY)
    await town.publish(asked)
    await town.publish(pregnancy_notified(mother, booked_on=TODAY))
    assert waited_for(town) == ["second trimester", "third trimester"]

    other, mum, bud = await booked(10)
    mistaken = enquiry(mum, bud, asked_on=TODAY)
    await other.publish(mistaken)
    await other.publish(cancel_of(mistaken))
    assert waited_for(other) == ["first trimester", "second trimester", "third trimester"]


async def test_a_birth_ends_the_waiting() -> None:
    town, mother, _bump = await booked(30)
    baby = child("Bo", days=0, age=None)
    await town.publish(birth_notified(mother, baby))
    assert waited_for(town) == []


# MARAC


def home() -> tuple[Person, Person, Person, Person, Family]:
    mother, bem, kit, bump = adult("Grace"), child("Bem", age=2), child("Zephyr", age=8), unborn(weeks=24)
    return mother, bem, kit, bump, family(mother=mother, children=[bem, kit, bump])


PLAN: dict[str, Any] = {
    "safety_plan": "CANARY-PLAN: a bag is with her sister.",
    "risk": "Serious harm to her and to the unborn child.",
    "decision": "A plan with advocate, police and midwifery.",
    "visiting_advice": {"visit": "in-pairs", "why": "He may be there."},
    "perpetrator": PERPETRATOR,
}


async def test_what_a_marac_decided_reaches_those_who_visit_and_each_childs_own() -> None:
    mother, bem, kit, bump, folk = home()
    town = Town(folk)
    decided = marac(mother, **PLAN)
    await town.publish(decided)
    assert town.told(decided, about=bem) == {"hv-north", "gp-castle"}
    assert town.told(decided, about=kit) == {"sn-north", "gp-castle"}
    assert town.told(decided, about=bump) == {"hv-north", "gp-castle", "midwives"}
    for letter in town.inboxes.of("summary"):
        assert letter["what_happened"]["decision"] == PLAN["decision"]
        assert letter["risk_and_impact"]["safety_plan"] == PLAN["safety_plan"]
        assert letter["risk_and_impact"]["visiting_advice"] == PLAN["visiting_advice"]
    assert any("before any visit" in what for what in town.letter("midwives").asks)


async def test_nobody_reads_who_is_said_to_have_done_it_neither_of_an_enquiry_nor_of_a_marac() -> None:
    mother, _bem, _kit, bump, folk = home()
    town = Town(folk)
    await town.publish(marac(mother, **PLAN), enquiry(mother, bump, "disclosure", perpetrator=PERPETRATOR))
    await town.advance(working_days=9)
    for letters in town.inboxes.letters.values():
        assert not any(b"Voss" in x.raw for x in letters)
    for letter in town.inboxes.of("summary"):
        assert "perpetrator" not in letter["what_happened"]
        assert letter.withheld["Alleged perpetrator"] == "identifies somebody else; no rule names you"


@pytest.mark.parametrize("role", ["perpetrator", "father", "partner"])
async def test_the_perpetrators_children_in_another_home_and_their_nurse_hear_nothing_of_her_plan(role: str) -> None:
    mother, bem, *_, folk = home()
    dean, max_ = adult("Dean"), child("Max", age=9, school="999102", area=SOUTH, practice="M87902")
    elsewhere = family(father=dean, children=[max_], area=SOUTH, practice="M87902")
    bem.doc["parents"] = [[mother.id, "mother"], [dean.id, "father"]]
    town = Town(Family([*folk.people, *elsewhere.people]))
    decided = marac(mother, dean.subject(role), **PLAN)

    await town.publish(decided)
    await town.advance(working_days=12)

    assert town.told(decided, about=max_) == set()
    has_it = {x.team for letters in town.inboxes.letters.values() for x in letters if b"CANARY-PLAN" in x.raw}
    assert has_it == {"hv-north", "sn-north", "gp-castle", "midwives"}
    assert not {"sn-south", "hv-south", "gp-hagley"} & town.told()
    for letter in town.inboxes.of("summary"):
        assert dean.nhs.encode() not in letter.raw


async def test_an_agreed_action_is_chased_with_its_owner_and_then_its_lead() -> None:
    mother, *_, folk = home()
    town = Town(folk)
    actions = [{"what": "Visit in pairs.", "owner": "MID", "by": "2026-03-18"}]
    await town.publish(marac(mother, **PLAN, actions=actions))
    await town.receipt(town.letter("midwives"), "acknowledged")
    late = [e for e in town.escalations(flow="F23") if e["words"].startswith("what the MARAC agreed")]
    assert late == []
    await town.advance(days=2, hours=9)
    late = [e for e in town.escalations(flow="F23") if e["words"].startswith("what the MARAC agreed")]
    assert {(e.team, e["unanswered_by"]) for e in late} >= {("nn-hospital", "MIDWIVES")}


async def test_a_health_visitor_who_does_not_acknowledge_is_climbed_past_to_lead_and_named_nurse() -> None:
    mother, bem, _kit, _bump, folk = home()
    town = Town(folk)
    await town.publish(marac(mother, **PLAN))
    await town.receipt(town.letter("midwives"), "acknowledged")
    for letter in town.inbox("hv-north"):
        if letter.child != bem.id:
            await town.receipt(letter, "acknowledged")
        await town.receipt(letter, "matched", kind="system")
    await town.advance(working_days=2)
    assert [(e.team, e["child"]["person"]) for e in town.escalations(flow="F23")] == [("hv-lead", bem.id)]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F23")] == ["hv-lead", "nn-community"]
    assert [t.task.child for t in town.tasks("unanswered")] == [bem.id]


async def test_a_disclosure_is_acknowledged_by_the_health_visitor_and_no_disclosure_need_not_be() -> None:
    mother, bump, folk = expecting(20)
    town = Town(folk)
    await town.publish(enquiry(mother, bump))
    await town.advance(working_days=5)
    assert town.escalations(flow="F23") == []
    await town.publish(enquiry(mother, bump, "disclosure", disclosed="He pushes her."))
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F23")] == ["hv-lead"]


async def test_the_page_says_first_how_to_keep_it_from_whoever_must_not_read_it() -> None:
    mother, bump, folk = expecting(20)
    town = Town(folk)
    await town.publish(enquiry(mother, bump, "not-safe-to-ask", seen_alone="no"))
    page = reads_in_order(town.letter("hv-north"))
    assert "Ask again, when she is alone." in page["WHAT YOU ARE ASKED TO DO"]
    assert "where nobody at home can read it" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Outcome: not safe to ask" in page["WHAT HAPPENED"]
