"""F11 (1.22, 5.2.15, R3.5): the liaison nurse sees every child, and every adult at risk who has children; and reviews.

Before: "there is no review to act as a 'safety net' of those adults who attend with risk taking behaviour"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import (
    adult_ed_attendance,
    ed_attendance,
    ed_discharged,
    left_before_treatment,
    paediatric_liaison_form,
    update_of,
)
from tests.story_pages import reads_in_order
from tests.story_people import adult, child, family, flag
from tests.story_teams import directory

NO_RISK: dict[str, Any] = {
    "reason_group": "other", "risk_taking": {"absent": "none"}, "concern": {"absent": "none"}, "pregnant": "no",
}  # fmt: skip


@pytest.mark.parametrize("age", [0, 4, 5, 11, 16, 17])
@pytest.mark.parametrize("tell", [ed_attendance, ed_discharged, left_before_treatment])
async def test_every_child_under_18_is_liaisons(age: int, tell: Any) -> None:
    one = child(age=age)
    town = Town(family(mother=adult(), children=[one]))
    await town.publish(tell(one))
    assert "pln" in town.told()


@pytest.mark.parametrize("tell", [ed_attendance, ed_discharged, left_before_treatment])
async def test_from_the_eighteenth_birthday_on_nobody_is_liaisons(tell: Any) -> None:
    lee = child("Lee", age=18)
    town = Town(family(mother=adult(), children=[lee]))
    await town.publish(tell(lee))
    assert "pln" not in town.told()
    await town.advance(working_days=2)
    assert town.escalations(flow="F11") == []


async def test_liaison_gets_the_whole_record_with_flags_earlier_attendances_and_what_was_left_out() -> None:
    tom = child("Tom", age=4, flags=[flag("looked-after")])
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, time="2026-02-02T10:00:00+00:00"))
    await town.publish(ed_discharged(tom, accompanied_by={"absent": "not-asked"}))
    letter = town.inbox("pln")[1]
    assert letter["context"]["earlier"][0]["dates"] == ["2026-02-02"]
    assert letter["context"]["quality"][0]["field"] == "accompanied_by"
    assert letter["withheld"] == []
    assert [f["kind"] for f in letter["flags"]] == ["looked-after"]
    page = reads_in_order(letter)
    assert page["WHAT YOU ARE ASKED TO DO"].startswith("- Review this attendance on a paediatric liaison form")
    assert "Accompanied by: Not asked" in page["CONTEXT"]
    assert "full name and relationship" in page["CONTEXT"], "what the sender was told is missing"
    assert "looked after" in page["FLAGS"]


async def test_the_page_says_what_the_sender_did_not_record() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, vulnerability={"absent": "not-recorded"}))
    page = reads_in_order(town.letter("pln"))
    assert "Vulnerability assessment: Not recorded by the sender" in page["RISK AND IMPACT ON THE CHILD"]


@pytest.mark.parametrize(
    "why",
    [
        {"reason_group": "self-harm"},
        {"reason_group": "domestic-abuse"},
        {"reason_group": "mental-ill-health"},
        {"reason_group": "substance-misuse"},
        {"risk_taking": "Drove home drunk."},
    ],
)
async def test_an_adult_at_risk_is_liaisons_for_each_child(why: dict[str, Any]) -> None:
    mother, bea, kit = adult(), child("Bea", age=2), child("Kit", age=8)
    town = Town(family(mother=mother, children=[bea, kit]))
    await town.publish(adult_ed_attendance(mother, bea, kit, **(NO_RISK | why)))
    assert {x.child for x in town.inbox("pln")} == {bea.id, kit.id}
    for one, other in ((bea, kit), (kit, bea)):
        letter = town.letter("pln", about=one)
        assert letter["what_happened"]["reason_group"] == (NO_RISK | why)["reason_group"]
        assert other.nhs.encode() not in letter.raw, "each letter is of one child"
        assert list(letter.asks.values()) == ["2026-03-17T09:00:00+00:00"]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F11")] == ["nn-hospital"] * 2
    assert {t.task.child for t in town.tasks("unanswered") if t.task.owner == "nn-hospital"} == {bea.id, kit.id}


async def test_an_adult_at_risk_without_children_is_not_liaisons() -> None:
    lone = adult()
    town = Town(family(mother=lone, children=[child("Lee", age=18)]))
    await town.publish(adult_ed_attendance(lone, answer="asked-none", reason_group="self-harm"))
    assert town.told() == set()
    assert town.tasks() == []


async def test_an_adult_with_a_sprain_is_nobodys_but_the_departments() -> None:
    mother, bea = adult(), child("Bea", age=2)
    town = Town(family(mother=mother, children=[bea]))
    await town.publish(adult_ed_attendance(mother, bea, **NO_RISK))
    assert town.told() == set()
    assert town.tasks() == []


async def test_a_form_about_the_attendance_ends_the_wait_for_every_child_of_the_adult() -> None:
    mother, bea, kit = adult(), child("Bea", age=2), child("Kit", age=8)
    town = Town(family(mother=mother, children=[bea, kit]))
    attended = adult_ed_attendance(mother, bea, kit)
    await town.publish(attended)
    form = paediatric_liaison_form(
        mother, attended, role="adult", criterion="adult-risk-taking-with-children", outcome="no-further-action"
    )
    await town.publish(form)
    await town.advance(working_days=9)
    assert town.escalations(flow="F11") == []
    assert town.told(form) == set(), "nothing to share: nobody is told"


async def test_a_receipt_that_says_it_was_reviewed_ends_it_as_well() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))
    await town.receipt(town.letter("pln"), "acted", outcome="review-recorded")
    await town.advance(working_days=9)
    assert town.escalations(flow="F11") == []


async def test_to_have_seen_filed_or_taken_it_in_is_no_review() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))
    letter = town.letter("pln")
    await town.receipt(letter, "matched", kind="system")
    await town.receipt(letter, "acknowledged")
    await town.receipt(letter, "filed", record_ref="pln/7")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F11")] == ["nn-hospital"]


@pytest.mark.parametrize("in_one_batch", [True, False])
async def test_a_form_that_overtakes_the_discharge_ends_the_wait_before_it_begins(in_one_batch: bool) -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    gone = ed_discharged(tom)
    form = paediatric_liaison_form(tom, gone)
    if in_one_batch:
        await town.publish(form, gone)
    else:
        await town.publish(form)
        await town.publish(gone)
    assert "pln" in town.told(gone)
    await town.advance(working_days=9)
    assert town.escalations(flow="F11") == []


async def test_a_record_that_changed_after_the_review_is_to_be_reviewed_again() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    gone = ed_discharged(tom, diagnosis="Sprain")
    await town.publish(gone)
    await town.publish(paediatric_liaison_form(tom, gone))
    await town.publish(update_of(gone, diagnosis="Three fractures of different age"))
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F11")] == ["nn-hospital"]


async def test_the_form_about_one_child_of_an_adult_leaves_the_other_to_be_reviewed() -> None:
    mother, bea, kit = adult(), child("Bea", age=2), child("Kit", age=8)
    town = Town(family(mother=mother, children=[bea, kit]))
    attended = adult_ed_attendance(mother, bea, kit)
    await town.publish(attended)
    await town.publish(paediatric_liaison_form(bea, attended, outcome="no-further-action"))
    await town.advance(working_days=1)
    assert [e["child"]["person"] for e in town.escalations(flow="F11")] == [kit.id]


async def test_a_form_about_another_attendance_ends_nothing() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    one, other = ed_discharged(tom), ed_discharged(tom)
    await town.publish(one, other)
    await town.publish(paediatric_liaison_form(tom, one))
    await town.advance(working_days=1)
    (rung,) = town.escalations(flow="F11")
    assert rung.team == "nn-hospital"


async def test_unreviewed_the_next_working_day_the_named_nurse_hears_and_a_task_stays() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))
    await town.advance(working_days=1, minutes=-1)
    assert town.escalations(flow="F11") == []
    await town.advance(minutes=1)
    (rung,) = town.escalations(flow="F11")
    assert (rung.team, rung["unanswered_by"]) == ("nn-hospital", "PLN")
    assert b"garden wall" not in rung.raw, "an escalation holds nothing of what happened"
    (task,) = town.tasks("unanswered")
    assert await town.ledger.close("task", task.task.id, "N. Nurse", "Reviewed by the deputy.")


async def test_over_a_weekend_the_next_working_day_is_monday() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    await town.advance(days=4, hours=5)  # Friday, 14:00
    await town.publish(ed_discharged(tom))
    await town.advance(days=2, hours=23)
    assert town.escalations(flow="F11") == []
    await town.advance(hours=1)
    assert len(town.escalations(flow="F11")) == 1


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("information-shared", {"hv-north", "gp-castle"}),
        ("referred-to-early-help", {"hv-north", "gp-castle"}),
        ("referred-to-social-care", {"hv-north", "gp-castle", "mash"}),
        ("returned-to-ed-for-detail", {"emergency"}),
        ("no-further-action", set()),
    ],
)
async def test_what_liaison_decides_goes_to_those_it_concerns(outcome: str, told: set[str]) -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]))
    attended = ed_discharged(tom)
    await town.publish(attended)
    form = paediatric_liaison_form(tom, attended, outcome=outcome, outcome_words="Seen three times this winter.")
    await town.publish(form)
    assert town.told(form) == told
    assert "pln" not in town.told(form), "who wrote it needs no copy"
    for letter in town.inboxes.of("summary"):
        if letter["event"]["id"] == form.id and letter.team != "emergency":
            assert letter["what_happened"]["outcome_words"] == "Seen three times this winter."
            assert "attendance_id" not in letter["what_happened"]


async def test_an_adult_at_risk_who_would_not_say_whether_there_are_children_is_a_task_of_liaison() -> None:
    lone = adult()
    town = Town(family(mother=lone))
    for answer in ("asked-refused", "not-asked", "unable"):
        await town.publish(adult_ed_attendance(lone, answer=answer))
    assert [t.task.owner for t in town.tasks("nobody-found")] == ["pln"] * 3
    await town.publish(adult_ed_attendance(lone, answer="asked-none"))
    assert len(town.tasks("nobody-found")) == 3, "who was asked and has none troubles nobody"


async def test_where_the_hospital_has_no_liaison_nurse_it_is_a_task_and_not_nothing() -> None:
    tom = child("Tom", age=4)
    town = Town(family(mother=adult(), children=[tom]), teams=directory(without={"pln"}))
    await town.publish(ed_discharged(tom))
    assert [t.task.service for t in town.tasks("nobody-found")] == ["PLN"]
