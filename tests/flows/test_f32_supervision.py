"""F32 (5.3.4 to 5.3.14, R10.1): supervision is on the child's record, and what was agreed in it is done.

Before: "there is no record of discussions held on service users' health records. Therefore, there is no process to
track this or audit actions from it"."""

from typing import Any

import pytest

from router.chronology import chronology
from tests.stories import Town
from tests.story_events import cancel_of, update_of
from tests.story_meeting_events import action, supervision_recorded
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family

SAID: dict[str, Any] = {
    "discussed": "CANARY-DISCUSSED",
    "supervisor": "CANARY-SUPERVISOR",
    "practitioner": "CANARY-PRACTITIONER",
    "concern": {
        "facts": "CANARY-FACTS",
        "analysis": "CANARY-ANALYSIS",
        "impact_on_child": "CANARY-IMPACT",
        "protective_factors": "CANARY-PROTECTIVE",
    },
    "voice_of_child": {"said": "CANARY-VOICE"},
}


def home() -> tuple[Person, Family]:
    kit = child("Kit", age=7)
    return kit, family(mother=adult("Tam"), children=[kit])


async def test_where_nothing_was_agreed_it_is_kept_and_nobody_is_told() -> None:
    kit, folk = home()
    town = Town(folk)
    said = supervision_recorded(kit, **SAID)
    await town.publish(said)
    assert town.told() == set()
    assert town.clocks() == []
    assert {v.outcome for v in town.verdicts(said)} == {"not-applicable"}
    assert town.ledger.store.happened[kit.id], "it is in the child's history"


async def test_each_owner_reads_its_own_action_and_no_word_of_the_supervision() -> None:
    kit, folk = home()
    town = Town(folk)
    agreed = [action("a-1", "SN"), action("a-2", "GP", by="2026-03-25"), action("a-3", "SN", by="2026-03-23")]
    await town.publish(supervision_recorded(kit, *agreed, **SAID))

    assert town.told() == {"sn-north", "gp-castle"}
    assert [a["id"] for a in town.letter("sn-north")["what_happened"]["actions"]] == ["a-1", "a-3"]
    assert [a["id"] for a in town.letter("gp-castle")["what_happened"]["actions"]] == ["a-2"]
    for letter in town.inboxes.of("summary"):
        assert b"CANARY" not in letter.raw
        assert letter.withheld["Agreed actions of others"].startswith("what others are to do")
    page = reads_in_order(town.letter("gp-castle"))
    assert "What GP agreed." in page["WHAT HAPPENED"]
    assert "by: Wednesday 25 March 2026" in page["WHAT HAPPENED"]
    assert "What SN agreed." not in town.letter("gp-castle").page
    assert "Do what was agreed of your service by its day" in page["WHAT YOU ARE ASKED TO DO"]


async def test_no_owner_reads_that_sexual_health_or_a_parents_service_agreed_to_anything() -> None:
    """Their mere part in a life is restricted (rule E)."""
    kit, folk = home()
    town = Town(folk)
    await town.publish(supervision_recorded(kit, *(action(f"a-{s}", s) for s in ("SN", "CAMHS", "CASH", "AMH"))))
    assert {"sn-north", "camhs", "sexual-health", "adult-mental-health"} == town.told()
    for team, others in (("sn-north", {"CAMHS"}), ("camhs", {"SN"}), ("sexual-health", {"SN", "CAMHS"})):
        letter = town.letter(team)
        assert {t["service"] for t in letter["told"]} == others
        assert "adult mental health" not in letter.page


async def test_an_owner_reads_how_to_approach_the_family_safely_before_it_acts() -> None:
    kit, folk = home()
    town = Town(folk)
    safely = {"visit": "do-not-visit", "must_not_know": "the father", "last_checked": "2026-03-10"}
    spoken = {"language": "Polish"}
    await town.publish(
        supervision_recorded(kit, action("a-1", "SN"), safe_contact=safely, accessible_information=spoken)
    )
    letter = town.letter("sn-north")
    assert letter["context"]["safe_contact"]["must_not_know"] == "the father"
    assert letter["context"]["accessible_information"]["language"] == "Polish"
    assert "Safe contact" not in letter.withheld


async def test_in_the_childs_chronology_its_author_reads_it_whole_and_an_owner_only_what_is_its_own() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("a-1", "SN"), action("a-2", "GP"), **SAID))
    known = await town.ledger.chronicle(kit.id)
    assert known is not None
    seen = {team: chronology(known, town.book, team).entries[0] for team in ("nn-hospital", "sn-north", "hv-north")}
    assert seen["nn-hospital"].sections["what_happened"]["discussed"] == "CANARY-DISCUSSED"
    assert [a["id"] for a in seen["nn-hospital"].sections["what_happened"]["actions"]] == ["a-1", "a-2"]
    assert [a["id"] for a in seen["sn-north"].sections["what_happened"]["actions"]] == ["a-1"]
    assert "CANARY" not in str(seen["sn-north"].sections)
    assert seen["hv-north"].withheld is not None


async def test_an_action_is_met_by_the_owner_who_acts_and_by_no_machine() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("a-1", "SN"), action("a-2", "GP")))
    await town.receipt(town.letter("sn-north"), "acted", outcome="contact-made")
    await town.receipt(town.letter("gp-castle"), "matched", kind="system")
    await town.receipt(town.letter("gp-castle"), "acknowledged")
    assert {(c.clock.team, c.state) for c in town.clocks()} == {("sn-north", "met"), ("gp-castle", "running")}


async def test_on_its_day_an_action_not_done_reaches_the_lead_then_the_named_nurse_then_a_task_stays() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("a-1", "SN", by="2026-03-20")))
    await town.advance(days=4, hours=7, minutes=59)
    assert town.escalations(flow="F32") == [], "a minute before five on the day"
    await town.advance(minutes=1)
    (first,) = town.escalations(flow="F32")
    assert (first.team, first["unanswered_by"]) == ("sn-lead", "SN NORTH")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F32")] == ["sn-lead", "nn-community"]
    await town.advance(working_days=10)
    (task,) = town.tasks("unanswered")
    assert (task.task.owner, task.task.child) == ("nn-community", kit.id)


async def test_an_update_that_says_done_ends_that_actions_wait_alone() -> None:
    kit, folk = home()
    town = Town(folk)
    first = supervision_recorded(kit, action("a-1", "SN"), action("a-2", "SN", by="2026-03-25"))
    await town.publish(first)
    await town.publish(
        update_of(first, actions=[action("a-1", "SN", state="done"), action("a-2", "SN", by="2026-03-25")])
    )
    running = [c for c in town.clocks() if c.state == "running"]
    assert [c.due.isoformat() for c in running] == ["2026-03-25T17:00:00+00:00"]


async def test_an_action_of_a_service_nobody_can_find_is_a_persons_task() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(supervision_recorded(kit, action("a-1", "PHARMACY")))
    (task,) = town.tasks("nobody-found")
    assert task.task.service == "PHARMACY"


@pytest.mark.parametrize(
    ("lacks", "path"),
    [
        ({"discussed": {"absent": "not-recorded"}}, "data.discussed"),
        ({"concern": SAID["concern"] | {"analysis": {"absent": "not-recorded"}}}, "data.concern"),
        ({"concern": {"absent": "none"}}, "data.concern"),
        ({"actions": [action("a-1", "SN", measure={"absent": "not-recorded"})]}, "data.actions"),
    ],
)
async def test_what_is_not_analytical_or_not_measurable_goes_back_to_the_supervisor(
    lacks: dict[str, Any], path: str
) -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(supervision_recorded(kit, **lacks))
    (back,) = town.status("nn", "quality")
    assert [p["path"] for p in back["problems"]] == [path]


async def test_a_supervision_taken_back_is_told_to_the_owner_and_chases_nobody() -> None:
    kit, folk = home()
    town = Town(folk)
    mistaken = supervision_recorded(kit, action("a-1", "SN"))
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert {w.team for w in town.withdrawals()} == {"sn-north"}
    await town.advance(working_days=20)
    assert town.escalations() == []
