"""F14 (1.27, 3.1, 5.1.23): MASH asks whoever holds information, in time for the rating, and gets an analysis of risk.

Before: "a decision has been made to not contact GPs for information that they may hold"; what came was late, and
"does not contain any analysis of risk"."""

from datetime import date, timedelta
from typing import Any

import pytest

from router.asked import Board, board
from router.decide import decide
from router.policy.book import rule_book
from tests.stories import Town
from tests.stories import _run as run
from tests.story_events import (
    Said,
    address_changed,
    cancel_of,
    ed_discharged,
    flag_changed,
    parent_registered,
    update_of,
)
from tests.story_mash_events import BARE, FACTS, mash_rag_changed, mash_request, mash_response
from tests.story_people import Family, Person, adult, child, family, involved, unborn
from tests.story_teams import HAGLEY, SOUTH, directory

SECOND = timedelta(seconds=1)
HELD = {"gp-castle", "gp-hagley", "sn-north", "substance-misuse", "camhs"}
"""Who holds something about the household of `home`: two practices, the school nurses, and two services."""


def home(**more: Any) -> tuple[Person, Person, Family]:
    """A boy at school, his sister whom CAMHS saw until last year, a mother at another practice who is in treatment."""
    mother = adult("Tam", practice=HAGLEY, services=[involved("ASM", "substance-misuse")])
    tom = child("Tom", age=7)
    ann = child("Ann", age=9, services=[involved("CAMHS", "camhs", until="2025-11-30")])
    return tom, mother, family(mother=mother, children=[tom, ann], **more)


async def asked(rag: str = "amber", **more: Any) -> tuple[Town, Person, Said]:
    tom, _, folk = home()
    town = Town(folk, teams=more.pop("teams", None))
    request = mash_request(tom, rag=rag, **more)
    await town.publish(request)
    return town, tom, request


def view(town: Town, request: Said) -> Board:
    """What the MASH nurse sees now."""
    ref = request.data["mash_ref"]
    rows = run(town.ledger.asked(ref, town.book))
    return board(ref, rows, town.ledger.store.cover, town.hands.now)


def states(town: Town, request: Said) -> dict[str, str]:
    return {a.team: a.state for a in view(town, request).asked}


# Who is asked


async def test_every_service_that_holds_something_about_the_household_is_asked_and_nobody_else() -> None:
    town, tom, request = await asked()
    assert town.told(request, about=tom) == HELD
    why = {team: town.letter(team)["relation"] for team in HELD}
    assert why["camhs"] == "worked with the child or the household until 2025-11-30"
    assert why["substance-misuse"] == "works with the child or the household"
    assert why["gp-hagley"] == "the practice of the child or of somebody of the household"
    assert town.told(request) == HELD, "about his sister nothing is asked"


async def test_who_has_sent_or_was_sent_anything_is_asked_as_well() -> None:
    tom, _mother, folk = home()
    town = Town(folk)
    await town.publish(ed_discharged(tom))
    await town.publish(flag_changed(tom, "cse-risk", by="ypse"))
    request = mash_request(tom)
    await town.publish(request)
    assert {"emergency", "pln", "exploitation-panel"} <= town.told(request)
    assert town.letter("emergency")["relation"] == (
        "has sent information about the child or the household, last on 2026-03-16"
    )
    (_before, now) = town.inbox("pln")
    assert now["relation"] == "was sent information about the child or the household, last on 2026-03-16"
    assert not {"hv-north", "adult-mental-health", "sexual-health", "mash", "desk"} & town.told(request)


async def test_what_came_in_the_same_batch_counts() -> None:
    tom, _, folk = home()
    town = Town(folk)
    request = mash_request(tom)
    await town.publish(ed_discharged(tom), request)
    assert {"emergency", "pln"} <= town.told(request)


async def test_who_said_the_child_is_not_theirs_is_not_asked_nor_who_sent_what_was_taken_back() -> None:
    tom, _, folk = home()
    town = Town(folk)
    wrong = ed_discharged(tom)
    await town.publish(wrong)
    await town.receipt(town.letter("pln"), "not-ours")
    await town.publish(cancel_of(wrong))
    request = mash_request(tom)
    await town.publish(request)
    assert town.told(request) == HELD


async def test_whoever_was_asked_before_is_not_involved_by_that_alone() -> None:
    tom, _, folk = home()
    town = Town(folk)
    first = mash_request(tom, also_asked=[{"team": "midwives", "reason": "in-our-records"}])
    await town.publish(first)
    await town.publish(mash_response(first, "midwives", "midwives", "nothing-held"))
    again = mash_request(tom)
    await town.publish(again)
    assert town.told(again) == HELD


async def test_a_system_that_sent_stands_for_its_service_and_one_of_its_teams_is_asked() -> None:
    tom, mother, folk = home()
    town = Town(folk)
    await town.publish(parent_registered(mother, tom))
    request = mash_request(tom)
    await town.publish(request)
    assert town.told(request) == HELD


async def test_the_nurse_adds_a_team_with_a_reason_and_hears_of_one_that_there_is_not() -> None:
    adds = [{"team": "midwives", "reason": "lived-elsewhere-before"}, {"team": "nobody", "reason": "in-our-records"}]
    town, _, request = await asked(also_asked=adds)
    assert town.told(request) == HELD | {"midwives"}
    assert town.letter("midwives")["relation"] == "added by the MASH nurse: lived elsewhere before"
    (said,) = town.status("mash", "quality")
    assert said["problems"][0]["message"] == "There is no team of that name in the directory."


async def test_nobody_of_whom_anything_is_known_is_a_persons_task() -> None:
    tom = child("Tom", age=None, born=date(2001, 1, 1), practice=None, school=None)
    town = Town(family(children=[tom], practice=None, area=None, authority=None))
    await town.publish(mash_request(tom))
    (task,) = town.tasks("nobody-found")
    assert "every service known to hold information" in task.task.words


async def test_the_request_says_what_is_asked_by_when_and_on_what_basis_and_no_more() -> None:
    town, _tom, request = await asked(
        household_asked_about=[{"name": {"family": "Hale", "given": "Tam"}, "birth_date": "1996-02-02",
                                "relationship_to_child": "mother"}],
        concern=FACTS,
    )  # fmt: skip
    for team in HELD:
        letter = town.letter(team)
        assert letter["what_happened"]["what_is_asked"] == request.data["what_is_asked"]
        assert letter["what_happened"]["household_asked_about"][0]["relationship_to_child"] == "mother"
        assert letter["risk_and_impact"] == {"rag": "amber"}
        assert letter["lawful_basis_and_consent"]["lawful_basis"]["power"] == "children-act-1989-s47"
        assert letter["asked"][0]["by"] == (town.hands.now + timedelta(hours=24)).isoformat()
        assert FACTS["facts"].encode() not in letter.raw, "nobody is told what MASH knows already"


async def test_nobody_learns_who_else_was_asked() -> None:
    """That the sexual-health service was asked says something about somebody (rule E)."""
    town, _, _ = await asked(also_asked=[{"team": "sexual-health", "reason": "in-our-records"}])
    for letter in town.inboxes.of("summary"):
        assert letter["told"] == []
        assert b"also_asked" not in letter.raw
        assert letter.team == "sexual-health" or b"sexual-health" not in letter.raw


async def test_a_restricted_address_is_told_by_no_relation() -> None:
    tom = child("Tom", age=7)
    town = Town(family(mother=adult(), children=[tom], restricted=True))
    request = mash_request(tom)
    await town.publish(request)
    assert {town.letter(t)["relation"] for t in town.told(request)} == {
        "a team with a current part in the child's care"
    }


async def test_the_same_are_found_when_it_is_explained_long_after() -> None:
    """Facts are kept with the request: what has come since is not consulted."""
    tom, _, folk = home()
    town = Town(folk)
    await town.publish(ed_discharged(tom))
    request = mash_request(tom)
    await town.publish(request)
    await town.publish(flag_changed(tom, "cse-risk", by="ypse"))
    kept = await town.ledger.bodies(request.id, "mash")
    assert kept is not None
    row = next(r for r in town.ledger.store.events.values() if r.event.id == request.id)
    plan = decide(row.event, kept.facts, rule_book())
    assert {d.team for d in plan.deliveries} == town.told(request)
    assert sorted(d.body for d in plan.deliveries) == sorted(
        d.delivery.body for d in await town.ledger.deliveries(event=request.id)
    )


# By when


@pytest.mark.parametrize(("rag", "hours"), [("red", 4), ("amber", 24), ("green", 72)])
async def test_an_answer_is_due_by_the_rating_nights_and_week_ends_included(rag: str, hours: int) -> None:
    town, _, _ = await asked(rag)
    await town.advance(hours=hours, minutes=-1)
    assert town.escalations(flow="F14") == []
    await town.advance(minutes=1)
    leads = {"nn-community", "sn-lead"}
    assert {x.team for x in town.escalations(flow="F14")} == leads
    await town.advance(hours=4)
    second = [x for x in town.escalations("nn-community", "F14") if x["rung"] == 2]
    assert len(second) == 1, "the lead of the others is the named nurse, who has heard of it"
    assert len(town.tasks("unanswered")) == 5


async def test_a_mash_has_a_table_of_its_own() -> None:
    own = {"organisation": "RYW", "flow": "F14", "rating": "red", "from": "2026-01-01"}
    own |= {"within": {"count": 2, "unit": "hours"}}
    town, _, _ = await asked("red", teams={**directory(), "terms": [own]})
    assert {c.due - town.hands.now for c in town.clocks()} == {timedelta(hours=2)}
    assert town.letter("camhs")["asked"][0]["by"] == (town.hands.now + timedelta(hours=2)).isoformat()


async def test_a_request_that_is_corrected_again_and_again_leaves_nobody_more_time_and_letter_and_clock_agree() -> None:
    town, _, request = await asked()
    due = town.hands.now + timedelta(hours=24)
    for n in (1, 2, 3):
        await town.advance(hours=6)
        await town.publish(update_of(request, str(n), what_is_asked=f"Question {n}"))
        running = [c for c in town.clocks() if c.state == "running"]
        assert {c.due for c in running} == {due}
        assert {town.inbox(t)[-1]["asked"][0]["by"] for t in HELD} == {due.isoformat()}
    await town.publish(update_of(request, "4", rag="green"))
    assert {c.due for c in town.clocks() if c.state == "running"} == {due}, "what gives more time is a rating anew"
    assert {town.inbox(t)[-1]["asked"][0]["by"] for t in HELD} == {due.isoformat()}
    await town.advance(hours=1)
    await town.publish(update_of(request, "5", rag="red"))
    sooner = town.hands.now + timedelta(hours=4)
    assert {c.due for c in town.clocks() if c.state == "running"} == {sooner}
    assert {town.inbox(t)[-1]["asked"][0]["by"] for t in HELD} == {sooner.isoformat()}
    await town.advance(hours=4)
    assert len(town.escalations(flow="F14")) == 5


# Rated anew


async def test_amber_to_red_shortens_every_open_answer_at_once_and_tells_those_who_have_not_answered() -> None:
    town, _tom, request = await asked()
    await town.advance(hours=1)
    await town.publish(mash_response(request, "gp-castle", "gp"))
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    silent = HELD - {"gp-castle"}
    assert town.told(anew) == silent
    due = town.hands.now + timedelta(hours=4)
    for team in silent:
        (_, letter) = town.inbox(team)
        assert letter["what_happened"]["was"] == "amber"
        assert letter["risk_and_impact"] == {"rag": "red"}
        assert letter["asked"][0]["by"] == due.isoformat()
        assert "why" not in letter["what_happened"], "what happened in the family is MASH's to tell"
    assert {c.due for c in town.clocks() if c.state == "running"} == {due}
    await town.advance(hours=4, minutes=-1)
    assert town.escalations(flow="F14") == []
    await town.advance(minutes=1)
    assert len(town.escalations(flow="F14")) == 4


async def test_rated_red_when_the_leads_have_heard_already_the_named_nurse_hears_sooner_and_nobody_twice() -> None:
    """A MASH whose red is two hours: of the four that the leads had, at most two are left."""
    own = {"organisation": "RYW", "flow": "F14", "rating": "red", "from": "2026-01-01"}
    own |= {"within": {"count": 2, "unit": "hours"}}
    town, _, request = await asked(teams={**directory(), "terms": [own]})
    due = town.hands.now + timedelta(hours=24)
    await town.publish(mash_response(request, "gp-castle", "gp"))
    await town.advance(hours=25)
    leads = [(e.team, e["rung"], e["unanswered_by"]) for e in town.escalations(flow="F14")]
    assert {rung for _, rung, _ in leads} == {1}

    await town.publish(mash_rag_changed(request, "red"))

    silent = HELD - {"gp-castle"}
    assert {t for t in HELD if town.inbox(t)[-1]["event"]["type"] == "mash-rag-changed-1"} == silent
    assert {town.inbox(t)[-1]["asked"][0]["by"] for t in silent} == {due.isoformat()}, "it was due then, and is still"
    assert {a.due for a in view(town, request).asked} == {due}
    assert {c.due for c in town.clocks() if c.state == "running"} == {town.hands.now + timedelta(hours=2)}
    await town.advance(hours=2, minutes=-1)
    assert len(town.escalations(flow="F14")) == len(leads)
    await town.advance(minutes=1)
    assert {e["rung"] for e in town.escalations(flow="F14")[len(leads) :]} == {2}
    tasks = town.tasks("unanswered")
    assert len(tasks) == len(silent), "who has not answered is a person's task, each once"

    await town.publish(mash_rag_changed(request, "amber", was="red"))
    await town.advance(days=9)
    assert town.tasks("unanswered") == tasks
    fired = [(e["about"]["clock"], e["rung"]) for e in town.escalations(flow="F14")]
    assert len(fired) == len(set(fired)), "no rung twice"


async def test_red_to_green_gives_the_time_that_green_would_have_had() -> None:
    town, _, request = await asked("red")
    start = town.hands.now
    await town.advance(hours=2)
    anew = mash_rag_changed(request, "green")
    await town.publish(anew)
    assert {c.due for c in town.clocks()} == {start + timedelta(hours=72)}
    assert town.inbox("camhs")[-1]["asked"][0]["by"] == (start + timedelta(hours=72)).isoformat()


async def test_rated_twice_the_letters_and_the_clocks_say_the_same() -> None:
    town, _, request = await asked("green")
    for hours, rag in ((10, "amber"), (1, "red"), (1, "amber"), (8, "red")):
        await town.advance(hours=hours)
        await town.publish(mash_rag_changed(request, rag))
        running = {c.due for c in town.clocks() if c.state == "running" and c.rung == 0}
        assert {town.inbox(t)[-1]["asked"][0]["by"] for t in HELD} == {d.isoformat() for d in running}


@pytest.mark.parametrize("first", ["amber", "red"])
async def test_a_letter_says_what_the_clock_says_after_the_request_itself_was_corrected(first: str) -> None:
    """A correction gives nobody more time, and the letters of later ratings may not promise it either."""
    town, _, request = await asked(first)
    await town.advance(hours=1)
    await town.publish(update_of(request, rag="green"))
    for hours, rag in ((1, "amber"), (1, "green"), (1, "amber"), (9, "red"), (1, "amber")):
        await town.advance(hours=hours)
        await town.publish(mash_rag_changed(request, rag))
        running = {c.due for c in town.clocks() if c.state == "running" and c.rung == 0}
        assert len(running) == 1
        assert {town.inbox(t)[-1]["asked"][0]["by"] for t in HELD} == {d.isoformat() for d in running}, rag


async def test_after_a_request_is_taken_back_nobody_is_chased_or_told_of_its_rating() -> None:
    town, _, request = await asked()
    await town.publish(cancel_of(request))
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert town.told(anew) == set()
    await town.advance(days=9)
    assert town.escalations(flow="F14") == []
    assert set(states(town, request).values()) == {"withdrawn"}


async def test_who_said_it_is_not_theirs_is_not_told_of_the_rating_and_who_was_asked_instead_is() -> None:
    town, _, request = await asked()
    await town.receipt(town.letter("sn-north"), "not-ours", redirect={"team": "sn-south"})
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert "sn-south" in town.told(request)
    assert town.told(anew) == HELD - {"sn-north"} | {"sn-south"}
    assert states(town, request)["sn-north"] == "not-theirs"


async def test_handed_on_meanwhile_who_owes_the_answer_now_hears_of_the_new_rating() -> None:
    """Its clock is shortened: without the letter it would be overdue before it knew."""
    bea = child("Bea", age=3)
    town = Town(family(mother=adult("Tam"), children=[bea]))
    request = mash_request(bea, rag="green")
    await town.publish(request)
    await town.publish(address_changed(bea, SOUTH))
    await town.receipt(town.letter("hv-south"), "acknowledged")
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert town.told(anew) == {"gp-castle", "hv-north", "hv-south"}
    due = town.hands.now + timedelta(hours=4)
    assert {c.clock.team: c.due for c in town.clocks() if c.clock.flow == "F14"} == {"gp-castle": due, "hv-south": due}
    assert town.inbox("hv-south")[-1]["asked"][0]["by"] == due.isoformat()

    await town.publish(mash_response(request, "hv-south", "hv"))
    assert states(town, request) == {"gp-castle": "silent", "hv-south": "held"}
    again = mash_rag_changed(request, "amber")
    await town.publish(again)
    assert "hv-south" not in town.told(again)


async def test_the_childs_other_practice_is_not_asked_of_a_rating_because_its_mothers_was() -> None:
    town, _, request = await asked()
    await town.publish(mash_response(request, "gp-castle", "gp"))
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert town.told(anew) == HELD - {"gp-castle"}


# What comes back


async def test_held_nothing_held_and_silent_are_three_different_things() -> None:
    town, _, request = await asked()
    await town.publish(mash_response(request, "gp-castle", "gp"))
    await town.publish(mash_response(request, "camhs", "camhs", "nothing-held"))
    await town.receipt(town.letter("sn-north"), "acknowledged")
    assert states(town, request) == {
        "gp-castle": "held", "camhs": "nothing-held", "gp-hagley": "silent", "sn-north": "silent",
        "substance-misuse": "silent",
    }  # fmt: skip
    seen = {a.team: a.seen for a in view(town, request).asked}
    assert (seen["sn-north"], seen["gp-hagley"]) == ("acknowledged", "sent"), "seen is not answered"
    await town.advance(hours=24)
    late = {a.team for a in view(town, request).asked if a.late}
    assert late == {"gp-hagley", "sn-north", "substance-misuse"}
    assert {a.team: a.told for a in view(town, request).asked if a.told}["sn-north"] == ("sn-lead",)


async def test_an_answer_meets_the_clock_of_its_own_team_and_no_other() -> None:
    town, _, request = await asked()
    await town.publish(mash_response(request, "camhs", "camhs", "nothing-held"))
    met = [c.clock.team for c in town.clocks() if c.state == "met"]
    assert met == ["camhs"]


async def test_nobody_answers_for_another_service() -> None:
    """A team that is not the publisher's own is not believed: the publisher's is meant."""
    town, _, request = await asked()
    await town.publish(mash_response(request, "gp-castle", "camhs", "nothing-held"))
    assert [c.clock.team for c in town.clocks() if c.state == "met"] == ["camhs"]
    seen = states(town, request)
    assert (seen["camhs"], seen["gp-castle"]) == ("nothing-held", "silent"), "nor does the nurse read that it did"


async def test_an_answer_that_is_taken_back_and_sent_again_counts_as_answered() -> None:
    town, _, request = await asked()
    said = mash_response(request, "gp-castle", "gp")
    for one in (said, cancel_of(said), update_of(said, "3")):
        await town.publish(one)
    assert states(town, request)["gp-castle"] == "held"
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert "gp-castle" not in town.told(anew), "nobody asks it again"


async def test_an_answer_goes_to_the_mash_that_asked_with_facts_apart_from_analysis() -> None:
    town, _, request = await asked()
    said = mash_response(request, "gp-castle", "gp")
    await town.publish(said)
    assert town.told(said) == {"mash"}
    assert town.letter("mash")["risk_and_impact"]["concern"] == FACTS
    (held,) = view(town, request).held
    assert (held.facts, held.analysis) == (FACTS["facts"], FACTS["analysis"])
    assert (held.impact_on_child, held.team) == (FACTS["impact_on_child"], "gp-castle")


async def test_facts_without_analysis_are_sent_back_once_politely_and_reach_mash_at_once() -> None:
    town, _, request = await asked()
    bare = mash_response(request, "gp-castle", "gp", concern=BARE)
    await town.publish(bare)
    assert town.letter("mash")["risk_and_impact"]["concern"]["facts"] == FACTS["facts"]
    (back,) = town.status("gp", "quality")
    assert back["problems"][0]["message"] == "There is no analysis of the risk and of its impact on the child."
    assert back["problems"][0]["mend"].startswith("Thank you for your answer")
    assert states(town, request)["gp-castle"] == "sent-back"
    assert {c.clock.team: c.state for c in town.clocks()}["gp-castle"] == "running"

    await town.publish(update_of(bare, concern=FACTS))
    assert states(town, request)["gp-castle"] == "held"
    assert {c.clock.team: c.state for c in town.clocks()}["gp-castle"] == "met"
    assert len(town.status("gp", "quality")) == 1
    assert [h.analysis for h in view(town, request).held] == [FACTS["analysis"]]


async def test_a_second_answer_without_analysis_is_taken_as_it_is() -> None:
    town, _, request = await asked()
    for _ in range(2):
        await town.publish(mash_response(request, "gp-castle", "gp", concern=BARE))
    assert len(town.status("gp", "quality")) == 1
    assert states(town, request)["gp-castle"] == "held"
    await town.publish(mash_response(request, "camhs", "camhs", concern=BARE))
    assert states(town, request)["camhs"] == "sent-back", "each is sent back its own"


async def test_nothing_held_with_facts_and_held_without_are_refused() -> None:
    town, _, request = await asked()
    await town.publish(mash_response(request, "gp-castle", "gp", "nothing-held", concern=FACTS))
    await town.publish(mash_response(request, "gp-castle", "gp", "held", concern={"absent": "not-applicable"}))
    codes = [p["code"] for s in town.status("gp", "refused") for p in s["problems"]]
    assert codes == ["mash-answer", "mash-answer"]
    assert states(town, request)["gp-castle"] == "silent"


async def test_sexual_health_and_an_adults_record_reach_mash_that_asked_and_nobody_else() -> None:
    town, _, request = await asked(also_asked=[{"team": "sexual-health", "reason": "in-our-records"}])
    said = mash_response(
        request, "sexual-health", "cash", sexual_health="Seen in January.", adult_clinical="Treated since March."
    )
    await town.publish(said)
    letter = town.letter("mash")
    assert letter["what_happened"]["sexual_health"] == "Seen in January."
    assert letter["what_happened"]["adult_clinical"] == "Treated since March."
    for other in (x for x in town.inboxes.of("summary") if x.team != "mash"):
        assert "sexual_health" not in other["what_happened"]
        assert "adult_clinical" not in other["what_happened"]
        assert b"Seen in January" not in other.raw
    (held,) = view(town, request).held
    assert held.besides == {
        "sexual_health": "Seen in January.", "adult_clinical": "Treated since March.",
        "searched": said.data["searched"],
    }  # fmt: skip


HARM = "children-act-1989-s47"
NOT_STATED = "neither consent to share nor reasonable cause to suspect significant harm is stated (rule E)"


@pytest.mark.parametrize(
    ("power", "sharing", "confidence", "passes"),
    [
        (HARM, "refused", "public-interest", True),
        ("direct-care", "given", "consent", True),
        ("children-act-1989-s17", "refused", "law", False),
        ("children-act-2004-s10", "not-sought", "public-interest", False),
        ("children-act-2004-s11", "not-applicable", "law", False),
        ("direct-care", "not-applicable", "consent", False),  # a basis for confidence states no consent
    ],
)
async def test_a_sensitive_record_reaches_mash_on_consent_or_reasonable_cause_and_on_nothing_else(
    power: str, sharing: str, confidence: str, passes: bool
) -> None:
    """Rule E, as the standards read it (part 11): else it is withheld with the reason, and the rest goes."""
    town, _, request = await asked(also_asked=[{"team": "sexual-health", "reason": "in-our-records"}])
    consent = {"to_service": {"answer": "given"}, "to_treatment": {"answer": "given"}}
    consent["to_sharing"] = {"answer": sharing, "reason": "Her safety."}
    basis = {"article_6": "6(1)(e)", "article_9": "9(2)(g)", "power": power, "confidence": confidence}
    secret = {"sexual_health": "CANARY-SEXUAL", "adult_clinical": "CANARY-ADULT"}
    said = mash_response(request, "sexual-health", "cash", **secret, consent=consent, lawful_basis=basis)
    await town.publish(said)
    letter = town.letter("mash")
    assert letter["risk_and_impact"]["concern"] == FACTS, "the analysis goes on whatever basis"
    (held,) = view(town, request).held
    problems = [p["path"] for s in town.status("cash", "quality") for p in s["problems"]]
    if passes:
        assert {k: letter["what_happened"][k] for k in secret} == secret
        assert {k: held.besides[k] for k in secret} == secret
        assert problems == []
    else:
        assert [x.team for x in town.inboxes.of("summary") if b"CANARY" in x.raw] == [], "nobody's bytes hold it"
        assert letter.withheld["Sexual-health information"] == NOT_STATED
        assert letter.withheld["Clinical record of an adult"] == NOT_STATED
        assert {held.besides[k] for k in secret} == {f"withheld: {NOT_STATED}"}, "nor does the nurse's board"
        assert problems == ["data.lawful_basis"]
        assert states(town, request)["sexual-health"] == "held", "the clock is met: it has answered"
        again = update_of(said, lawful_basis={**basis, "power": HARM})
        await town.publish(again)
        assert town.inbox("mash")[-1]["what_happened"]["sexual_health"] == "CANARY-SEXUAL"


async def test_that_there_is_no_sensitive_record_is_said_and_does_not_read_as_withheld() -> None:
    town, _, request = await asked()
    basis = {"article_6": "6(1)(e)", "article_9": "9(2)(g)", "power": "children-act-1989-s17", "confidence": "law"}
    said = mash_response(request, "gp-castle", "gp", adult_clinical="CANARY-ADULT", lawful_basis=basis)
    await town.publish(said)
    letter = town.letter("mash")
    assert letter["what_happened"]["sexual_health"] == {"absent": "not-applicable"}
    assert "Sexual-health information" not in letter.withheld
    assert letter.withheld["Clinical record of an adult"] == NOT_STATED
    assert b"CANARY" not in letter.raw


async def test_what_the_author_marks_as_sensitive_passes_no_sooner() -> None:
    town, _, request = await asked()
    basis = {"article_6": "6(1)(e)", "article_9": "9(2)(g)", "power": "children-act-1989-s17", "confidence": "law"}
    marked = {"searched": "CANARY-SEARCHED", "sensitivity": {"searched": "restricted-sexual-health"}}
    await town.publish(mash_response(request, "gp-castle", "gp", **marked, lawful_basis=basis))
    assert b"CANARY" not in town.letter("mash").raw
    assert view(town, request).held[0].besides == {"searched": f"withheld: {NOT_STATED}"}


async def test_an_answer_that_is_taken_back_leaves_the_team_silent_and_its_clock_running() -> None:
    town, _, request = await asked()
    said = mash_response(request, "gp-castle", "gp")
    await town.publish(said)
    await town.publish(cancel_of(said))
    assert states(town, request)["gp-castle"] == "silent"
    assert {c.clock.team: c.state for c in town.clocks()}["gp-castle"] == "running"


def clock_of(town: Town, team: str, request: Said) -> str:
    """How the team's clock on this request stands."""
    (one,) = [c for c in town.clocks() if (c.clock.team, c.clock.thing) == (team, request.data["mash_ref"])]
    return one.state


@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_answers_of_a_team_one_is_taken_back_and_it_has_answered_still(wrong: int) -> None:
    town, _, request = await asked()
    two = [mash_response(request, "gp-castle", "gp") for _ in range(2)]
    for said in (*two, cancel_of(two[wrong])):
        await town.publish(said)
    assert (states(town, request)["gp-castle"], clock_of(town, "gp-castle", request)) == ("held", "met")
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert "gp-castle" not in town.told(anew), "nobody asks it again"

    await town.publish(cancel_of(two[1 - wrong]))
    assert (states(town, request)["gp-castle"], clock_of(town, "gp-castle", request)) == ("silent", "running")
    await town.publish(update_of(two[wrong], "3"))
    assert (states(town, request)["gp-castle"], clock_of(town, "gp-castle", request)) == ("held", "met")
    assert clock_of(town, "camhs", request) == "running"


async def test_an_answer_corrected_to_another_request_leaves_the_first_unanswered() -> None:
    town, tom, request = await asked()
    other = mash_request(tom)
    said = mash_response(request, "gp-castle", "gp")
    for one in (other, said, update_of(said, mash_ref=other.data["mash_ref"])):
        await town.publish(one)
    for about, state in ((request, ("silent", "running")), (other, ("held", "met"))):
        assert (states(town, about)["gp-castle"], clock_of(town, "gp-castle", about)) == state
    await town.publish(cancel_of(said))
    assert {clock_of(town, "gp-castle", about) for about in (request, other)} == {"running"}


async def test_an_answer_corrected_to_another_team_is_that_ones() -> None:
    town, _, request = await asked(also_asked=[{"team": "sn-south", "reason": "in-our-records"}])
    said = mash_response(request, "sn-north", "sn")
    await town.publish(said)
    assert (clock_of(town, "sn-north", request), clock_of(town, "sn-south", request)) == ("met", "running")
    await town.publish(update_of(said, answering_team="sn-south"))
    seen = {team: (states(town, request)[team], clock_of(town, team, request)) for team in ("sn-north", "sn-south")}
    assert seen == {"sn-north": ("silent", "running"), "sn-south": ("held", "met")}
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert "sn-north" in town.told(anew)
    assert "sn-south" not in town.told(anew)


async def test_an_answer_corrected_to_facts_alone_is_sent_back_and_the_team_has_not_answered() -> None:
    town, _, request = await asked()
    said = mash_response(request, "gp-castle", "gp")
    await town.publish(said)
    await town.publish(update_of(said, concern=BARE))
    assert (states(town, request)["gp-castle"], clock_of(town, "gp-castle", request)) == ("sent-back", "running")
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert "gp-castle" in town.told(anew)


async def test_a_request_corrected_to_another_reference_is_asked_under_that_alone() -> None:
    town, _tom, request = await asked()
    right = update_of(request, mash_ref="mash-right")
    await town.publish(right)
    anew = mash_rag_changed(request, "red")
    await town.publish(anew)
    assert town.told(anew) == set()
    assert clock_of(town, "gp-castle", request) == "stopped"
    anew = mash_rag_changed(right, "red")
    await town.publish(anew)
    assert town.told(anew) == HELD


async def test_an_answer_that_came_before_the_request_counts() -> None:
    tom, _, folk = home()
    town = Town(folk)
    request = mash_request(tom)
    await town.publish(mash_response(request, "gp-castle", "gp"))
    await town.publish(request)
    assert {c.clock.team for c in town.clocks()} == HELD - {"gp-castle"}
    assert states(town, request)["gp-castle"] == "held"


async def test_a_request_about_an_unborn_child_asks_the_midwives() -> None:
    mother, bump = adult("Tam"), unborn(weeks=18)
    town = Town(family(mother=mother, children=[bump]))
    request = mash_request(bump)
    request.event["data"]["subjects"] = [mother.subject("mother"), bump.subject("unborn")]
    await town.publish(request)
    assert {"midwives", "gp-castle"} <= town.told(request)
