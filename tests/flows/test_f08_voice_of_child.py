"""F08 (1.21, 1.26, 4.5, 5.2.7, R2.2, R3.4, R8.3): what the child said, or why nobody knows; who came with the child.

Before: "we saw no evidence of the voice of the child or young person reflected within the records reviewed"."""

from typing import Any

import pytest

from contracts.parts.event import AboutChildData, ChildEventData
from contracts.register import event_types
from router.policy.book import rule_book
from tests.stories import Town
from tests.story_events import (
    dart_notified,
    ed_attendance,
    ed_discharged,
    left_before_treatment,
    update_of,
    was_not_brought,
)
from tests.story_pages import reads_in_order
from tests.story_people import adult, child, family

SAID: dict[str, Any] = {"voice_of_child": {"said": "I want to live with my gran.", "seen_alone": "yes"}}
NOT_ASKED: dict[str, Any] = {"voice_of_child": {"missing": "not-asked"}}
TELLS = (ed_attendance, ed_discharged, left_before_treatment, was_not_brought)


def about_children() -> list[str]:
    """Events that a practitioner who met the child, or decided about the child, writes."""
    return [name for name, model in event_types().items() if issubclass(model, AboutChildData)]


@pytest.mark.parametrize("kind", about_children())
def test_every_contract_about_a_child_has_the_childs_voice_and_its_lack_is_marked(kind: str) -> None:
    policy = rule_book().policies[kind]
    if kind == "paediatric-liaison-form-1" or kind.startswith("mash-"):
        return  # a review of records: its writer did not meet the child
    assert "voice_of_child" in {w.field for w in policy.wants}
    if issubclass(event_types()[kind], ChildEventData):
        assert "accompanied_by" in {w.field for w in policy.wants}


@pytest.mark.parametrize("tell", TELLS)
async def test_what_the_child_said_reaches_every_one_who_is_told(tell: Any) -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    said = tell(kay, **SAID)
    await town.publish(said)
    letters = town.inboxes.of("summary")
    assert {"pln"} <= {x.team for x in letters}
    for letter in letters:
        assert letter["voice_of_child"]["voice_of_child"]["said"] == "I want to live with my gran."
        assert "I want to live with my gran." in letter.page
    assert "data.voice_of_child" not in str(town.status("ed", "quality"))


async def test_in_a_household_of_abuse_the_childs_words_reach_school_nurse_gp_and_health_visitor() -> None:
    mother, bea, kit = adult(), child("Bea", age=3), child("Kit", age=8)
    town = Town(family(mother=mother, children=[bea, kit]))
    await town.publish(dart_notified([bea, kit], mother, earlier_notifications={"absent": "none"}, **SAID))
    for team in ("hv-north", "sn-north"):
        assert town.letter(team)["voice_of_child"]["voice_of_child"]["said"] == "I want to live with my gran."


@pytest.mark.parametrize("reason", ["pre-verbal", "not-present", "declined", "unconscious", "unborn"])
async def test_a_reason_why_there_is_none_is_an_answer(reason: str) -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, voice_of_child={"missing": reason}))
    assert town.status("ed", "quality") == []
    assert town.letter("sn-north")["voice_of_child"]["voice_of_child"]["missing"] == reason


@pytest.mark.parametrize("tell", TELLS)
async def test_nobody_asked_is_no_answer_it_is_fed_back_and_the_event_is_routed(tell: Any) -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    said = tell(kay, **NOT_ASKED)
    await town.publish(said)
    assert "pln" in town.told(said)
    (quality,) = town.status("ed", "quality")
    assert "data.voice_of_child" in {p["path"] for p in quality["problems"]}
    assert quality["quality"]["present"] < quality["quality"]["wanted"]


async def test_neither_words_nor_a_reason_is_refused() -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, voice_of_child={}))
    (refused,) = town.status("ed", "refused")
    assert [p["code"] for p in refused["problems"]] == ["voice-of-child"]


async def test_who_came_with_the_child_is_told_by_full_name_and_relationship() -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    who = {"full_name": "Jo Story", "relationship": "aunt", "parental_responsibility": "no"}
    await town.publish(ed_discharged(kay, accompanied_by=who))
    for team in ("gp-castle", "sn-north", "pln"):
        assert town.letter(team)["context"]["accompanied_by"] == who
    assert town.status("ed", "quality") == []


@pytest.mark.parametrize(("absence", "fed_back"), [("not-recorded", True), ("not-asked", True), ("none", False)])
async def test_not_knowing_who_came_is_fed_back_and_coming_alone_is_an_answer(absence: str, fed_back: bool) -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, accompanied_by={"absent": absence}))
    assert bool(town.status("ed", "quality")) is fed_back


async def test_the_page_tells_a_voice_nobody_asked_for_from_one_that_was_not_to_be_had() -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, accompanied_by={"absent": "not-recorded"}, **NOT_ASKED))
    await town.publish(ed_discharged(kay, voice_of_child={"missing": "declined", "seen_alone": "offered-declined"}))
    first, second = (reads_in_order(x) for x in town.inbox("sn-north"))
    assert first["VOICE OF THE CHILD"].startswith("Missing: not asked")
    assert second["VOICE OF THE CHILD"] == "Missing: declined Seen alone: offered declined"
    assert "Accompanied by: Not recorded by the sender" in first["CONTEXT"]


async def test_the_score_counts_what_was_wanted_and_what_was_there() -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    whole, poor = ed_discharged(kay), ed_discharged(kay, accompanied_by={"absent": "not-asked"}, **NOT_ASKED)
    await town.publish(whole, poor)
    (quality,) = town.status("ed", "quality")
    assert quality["event_id"] == poor.id, "of the whole one nothing is fed back"
    assert quality["quality"]["wanted"] - quality["quality"]["present"] == 2
    assert {p["mend"].split("it is wanted for ")[1] for p in quality["problems"]} == {"F08 (1.21).", "F08 (1.26)."}
    assert town.told(whole) == town.told(poor), "quality is feedback, never a gate"


async def test_the_childs_words_are_in_no_escalation_nor_answer_and_reach_nobody_who_need_not_hear_them() -> None:
    kay, ann = child("Kay", age=12), child("Ann", age=3)
    town = Town(family(mother=adult(), children=[kay, ann]))
    canary = {"voice_of_child": {"said": "CANARY I am afraid of him", "seen_alone": "yes"}}
    who = {"full_name": "Canary Quill", "relationship": "mother's partner", "parental_responsibility": "no"}
    await town.publish(ed_discharged(kay, accompanied_by=who, **canary))
    await town.publish(was_not_brought(kay, by="clinics", referred_by="CAMHS", **canary))
    await town.advance(working_days=10)
    assert {e.team for e in town.escalations()} >= {"sn-lead", "nn-community", "nn-hospital"}
    for kind in ("escalation", "answer", "withdrawal"):
        assert not [x for x in town.inboxes.of(kind) if b"anary" in x.raw.lower()]
    assert b"CANARY" not in town.letter("camhs").raw, "who referred the child hears of the appointment"
    assert "Voice of the child" in town.letter("camhs").withheld
    assert town.inbox("hv-north") == [], "nor does the little sister's health visitor"


async def test_a_correction_that_brings_the_childs_voice_is_scored_anew_and_replaces_the_first() -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    first = ed_discharged(kay, **NOT_ASKED)
    await town.publish(first)
    await town.publish(update_of(first, **SAID))
    assert len(town.status("ed", "quality")) == 1
    old, new = town.inbox("sn-north")
    assert new["replaces"] == old.id
    await town.receipt(new, "acknowledged")
    await town.advance(working_days=5)
    assert town.escalations(flow="F09") == []


async def test_the_lack_is_liaisons_to_see_and_unreviewed_it_climbs() -> None:
    kay = child("Kay", age=12)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **NOT_ASKED))
    assert [q["field"] for q in town.letter("pln")["context"]["quality"]] == ["voice_of_child"]
    assert "quality" not in town.letter("gp-castle")["context"]
    await town.receipt(town.letter("pln"), "validated", kind="system")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F11")] == ["nn-hospital"]
    assert {t.task.owner for t in town.tasks("unanswered")} == {"nn-hospital"}
