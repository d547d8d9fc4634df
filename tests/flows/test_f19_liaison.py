"""F19 (2.4, 2.5, 2.7, 5.1.22, R5.1, R2.4): what a liaison meeting agreed reaches all four services, and is done.

Before: "outcomes following discussion are not being documented within the patient electronic records"; "midwives and
school nurses rely on informal arrangements"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, update_of
from tests.story_meeting_events import action, liaison_outcome
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, unborn


def home() -> tuple[Person, Person, Person, Family]:
    mother, bea, kit = adult("Tam"), child("Bea", age=2), child("Kit", age=7)
    return mother, bea, kit, family(mother=mother, children=[bea, kit])


@pytest.mark.parametrize("by", ["gp", "hv", "sn", "midwives"])
async def test_whoever_writes_it_the_childs_own_services_have_the_whole_outcome(by: str) -> None:
    _, bea, kit, folk = home()
    town = Town(folk)
    agreed = [action("a-1", "GP"), action("a-2", "HV")]
    said = liaison_outcome([bea, kit], *agreed, by=by, discussed="Bea's weight.", outcome="Weigh her weekly.")
    await town.publish(said)
    assert town.told(said, about=bea) == {"hv-north", "gp-castle"}
    assert town.told(said, about=kit) == {"sn-north", "gp-castle", "hv-north"}, "the health visitors have an action"
    for letter in (town.letter("hv-north", bea), *town.inbox("gp-castle"), town.letter("sn-north", kit)):
        what = letter["what_happened"]
        assert (what["discussed"], what["outcome"], what["actions"]) == ("Bea's weight.", "Weigh her weekly.", agreed)
    of_the_older = town.letter("hv-north", kit)
    assert "discussed" not in of_the_older["what_happened"], "he is not theirs: they read what they are to do"
    assert [a["id"] for a in of_the_older["what_happened"]["actions"]] == ["a-2"]


async def test_the_midwife_and_the_health_visitor_hear_before_the_birth() -> None:
    mother, bump = adult("Tam"), unborn(weeks=20)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(liaison_outcome([bump, mother]))
    assert town.told(about=bump) == {"midwives", "hv-north", "gp-castle"}


@pytest.mark.parametrize(("days", "midwives"), [(28, True), (29, False)])
async def test_of_a_newborn_all_four_hear(days: int, midwives: bool) -> None:
    bo = child("Bo", days=days, age=None)
    town = Town(family(mother=adult("Tam"), children=[bo]))
    await town.publish(liaison_outcome(bo, by="gp"))
    assert town.told() == {"hv-north", "gp-castle"} | ({"midwives"} if midwives else set())


async def test_the_page_says_whose_each_action_is_and_by_when() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea, action("a-1", "HV", by="2026-03-23"), outcome="Stays on the list."))
    page = reads_in_order(town.letter("gp-castle"))
    assert "Outcome: Stays on the list." in page["WHAT HAPPENED"]
    assert "owner: health visiting team; what: What HV agreed.; by: Monday 23 March 2026" in page["WHAT HAPPENED"]
    assert "Put the outcome into the child's record" in page["WHAT YOU ARE ASKED TO DO"]


async def test_a_service_outside_the_four_reads_its_own_action_and_nothing_of_the_discussion() -> None:
    _, bea, kit, folk = home()
    cousin = child("Max", age=2)
    town = Town(folk, family(mother=adult("Jo"), children=[cousin]))
    secret: dict[str, Any] = {
        "discussed": "CANARY-TALK",
        "outcome": "CANARY-OUTCOME",
        "parents_own_health": "CANARY-HEALTH",
    }
    agreed = [action("a-1", "CAMHS"), action("a-2", "HV", what="CANARY-OF-HV")]
    await town.publish(liaison_outcome(bea, *agreed, **secret))
    assert town.told() == {"hv-north", "gp-castle", "camhs"}
    camhs = town.letter("camhs")
    assert [a["id"] for a in camhs["what_happened"]["actions"]] == ["a-1"]
    assert b"CANARY" not in camhs.raw
    for letter in town.inboxes.of("summary"):
        assert b"CANARY-HEALTH" not in letter.raw
        assert "Parents' own health, from their records" in letter.withheld, "they are nobody's (rule E)"
    assert not town.told(about=kit)
    assert not town.told(about=cousin)


async def test_who_reads_its_own_action_alone_does_not_read_that_sexual_health_has_one() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea, action("a-1", "CAMHS"), action("a-2", "CASH")))
    assert {t["service"] for t in town.letter("camhs")["told"]} == {"GP", "HV"}
    assert "sexual health" not in town.letter("camhs").page
    assert {t["service"] for t in town.letter("sexual-health")["told"]} == {"GP", "HV", "CAMHS"}


async def test_a_practice_that_only_reads_it_has_not_filed_it() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.receipt(town.letter("gp-castle"), "acknowledged")
    await town.advance(working_days=5)
    assert [(e.team, e["unanswered_by"]) for e in town.escalations(flow="F19")] == [("nn-community", "GP CASTLE")]
    await town.receipt(town.letter("gp-castle"), "filed", record_ref="emis/77")
    await town.advance(working_days=10)
    assert len(town.escalations(flow="F19")) == 1
    assert town.tasks("unanswered") == []


async def test_each_action_is_chased_on_its_own_day() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    agreed = [action("a-1", "GP", by="2026-03-19"), action("a-2", "HV", by="2026-03-25")]
    await town.publish(liaison_outcome(bea, *agreed))
    for team in ("gp-castle", "hv-north"):
        await town.receipt(town.letter(team), "filed")
    assert town.escalations() == [], "filed is not done"
    await town.advance(working_days=3, hours=8)
    assert [(e.team, e["unanswered_by"]) for e in town.escalations()] == [("nn-community", "GP CASTLE")]
    await town.receipt(town.letter("hv-north"), "acted", outcome="contact-made")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations()] == ["nn-community"], "who leads the practice is the named nurse as well"
    await town.advance(working_days=10)
    assert {e["unanswered_by"] for e in town.escalations()} == {"GP CASTLE"}
    (task,) = town.tasks("unanswered")
    assert task.task.owner == "nn-community"


async def test_one_action_done_is_not_all_of_them_done() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea, action("a-1", "HV", by="2026-03-19"), action("a-2", "HV", by="2026-03-20")))
    letter = town.letter("hv-north")
    first = letter["what_happened"]["actions"][0]["id"]
    await town.receipt(letter, "acted", outcome="contact-made", action=first)
    await town.advance(working_days=5)
    chased = [c.clock.words for c in town.clocks(letter) if c.clock.needs == "act" and c.rung > 0]
    assert len(chased) == 1
    assert chased[0].endswith("(by 20 March 2026)"), "the second is still owed, and its day went by"


async def test_a_health_visitor_who_was_not_there_and_does_not_read_it_is_asked_by_her_lead() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea))
    await town.receipt(town.letter("gp-castle"), "filed")
    await town.advance(working_days=2)
    (to_lead,) = town.escalations()
    assert (to_lead.team, to_lead["flow"], to_lead["paragraph"]) == ("hv-lead", "F19", "local decision")


async def test_an_update_that_says_done_ends_the_chase_and_replaces_the_outcome() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    first = liaison_outcome(bea, action("a-1", "HV"))
    await town.publish(first)
    await town.publish(update_of(first, actions=[action("a-1", "HV", state="done")]))
    assert [c for c in town.clocks() if c.clock.needs == "act" and c.state == "running"] == []
    assert town.inbox("hv-north")[1]["replaces"] == town.inbox("hv-north")[0].id


async def test_a_meeting_that_wrote_only_a_list_of_names_is_told_so() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea, outcome={"absent": "not-recorded"}))
    (back,) = town.status("gp", "quality")
    assert [p["path"] for p in back["problems"]] == ["data.outcome"]


async def test_a_meeting_taken_back_chases_nobody() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    mistaken = liaison_outcome(bea, action("a-1", "HV"))
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert {w.team for w in town.withdrawals()} == {"hv-north", "gp-castle"}
    await town.advance(working_days=20)
    assert town.escalations() == []


async def test_two_actions_under_one_id_are_two_actions() -> None:
    """The contract takes them, so each is told and chased; the whole outcome must not be lost over it."""
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(liaison_outcome(bea, action("a-1", "HV"), action("a-1", "HV", by="2026-03-23")))
    chased = [c for c in town.clocks(town.letter("hv-north")) if "(by " in c.clock.words]
    assert [f"{c.due:%-d %B}" for c in chased] == ["20 March", "23 March"], "each on its own day"
