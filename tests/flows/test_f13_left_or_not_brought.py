"""F13 (5.2.15, 1.9): a child who left untreated or was not brought is followed up, and it is seen how often it happens.

Kept from before: "in ED, there are good arrangements for reviewing all records of those patients who leave the
department without treatment, or do not return for clinic appointments"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, left_before_treatment, paediatric_liaison_form, update_of, was_not_brought
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag, involved
from tests.story_teams import directory

LEFT: dict[str, Any] = {
    "what_was_due": "An X-ray and a doctor.", "how_many_times": 2, "efforts_to_reach": "Rang twice.",
    "alcohol_or_substances": "neither", "self_harm": "no", "mechanism_of_injury": {"absent": "not-applicable"},
    "vulnerability": {"assessed_by": "P. Okoro", "factors": ["none-found"], "summary": "Nothing."},
}  # fmt: skip
MISSED: dict[str, Any] = {"what_was_due": "Review of asthma.", "how_many_times": 3, "next_step": "Offered 2 April."}


def home(age: int = 3, **more: Any) -> tuple[Person, Family]:
    one = child("Tom", age=age, **more)
    return one, family(mother=adult(), children=[one])


@pytest.mark.parametrize(("age", "nurse"), [(3, "hv-north"), (9, "sn-north"), (17, "sn-north")])
async def test_a_child_who_left_is_followed_up_by_health_visitor_or_school_nurse(age: int, nurse: str) -> None:
    tom, folk = home(age)
    town = Town(folk)
    left = left_before_treatment(tom, **LEFT)

    await town.publish(left)

    assert town.told(left) == {"gp-castle", nurse, "pln"}
    letter = town.letter(nurse)
    what = letter["what_happened"]
    assert what["what_was_due"] == "An X-ray and a doctor."
    assert what["how_many_times"] == 2
    assert what["efforts_to_reach"] == "Rang twice."
    assert any("record it" in asked for asked in letter.asks)
    assert "An X-ray and a doctor." in letter.page


@pytest.mark.parametrize("by", ["ed", "clinics", "camhs"])
async def test_a_child_who_was_not_brought_is_told_whichever_clinic_waited(by: str) -> None:
    tom, folk = home()
    town = Town(folk)
    missed = was_not_brought(tom, by=by, referred_by=None, **MISSED)
    await town.publish(missed)
    assert town.told(missed) == {"gp-castle", "hv-north", "pln"}
    what = town.letter("hv-north")["what_happened"]
    assert (what["what_was_due"], what["how_many_times"], what["next_step"]) == (
        "Review of asthma.", 3, "Offered 2 April.",
    )  # fmt: skip


async def test_camhs_hears_of_the_child_it_referred_and_of_that_appointment_only() -> None:
    tom, folk = home(age=12, flags=[flag("child-in-need")])
    town = Town(folk)
    await town.publish(was_not_brought(tom, by="clinics", time="2026-02-02T10:00:00+00:00", **MISSED))
    worry = {"facts": "CANARY-CONCERN", "analysis": "A.", "impact_on_child": "I.", "protective_factors": "P."}
    missed = was_not_brought(
        tom, by="clinics", referred_by="CAMHS", concern=worry, voice_of_child={"said": "CANARY-VOICE"}, **MISSED
    )
    await town.publish(missed)
    assert town.told(missed) == {"gp-castle", "sn-north", "pln", "camhs"}
    letter = town.letter("camhs")
    assert letter["what_happened"]["what_was_due"] == "Review of asthma."
    assert letter["what_happened"]["how_many_times"] == 3
    assert letter["context"]["earlier"][0]["dates"] == ["2026-02-02"]
    assert letter["risk_and_impact"] == {}
    assert letter["flags"] == []
    for secret in (b"CANARY", b"child-in-need"):
        assert secret not in letter.raw
        assert secret in town.inbox("sn-north")[-1].raw
    assert {"Voice of the child", "Concern"} <= set(letter.withheld)
    await town.publish(was_not_brought(tom, by="clinics", referred_by="GP", **MISSED))
    assert len(town.inbox("camhs")) == 1


async def test_camhs_is_not_told_of_its_own_event_as_the_referrer_but_another_camhs_is() -> None:
    tom, folk = home(age=12)
    town = Town(folk)
    await town.publish(was_not_brought(tom, by="camhs", referred_by="CAMHS", **MISSED))
    assert town.told() == {"gp-castle", "sn-north", "pln"}

    elsewhere = {
        **next(t for t in directory()["teams"] if t["id"] == "camhs"),
        "id": "camhs-next",
        "organisation": "RQ3",
    }
    ann = child("Ann", age=12, services=[involved("CAMHS", "camhs-next")])
    town = Town(
        family(mother=adult(), children=[ann]), teams={**directory(), "teams": [*directory()["teams"], elsewhere]}
    )
    await town.publish(was_not_brought(ann, by="camhs", referred_by="CAMHS", **MISSED))
    assert "camhs-next" in town.told()
    assert "camhs" not in town.told()


async def test_how_often_it_happened_is_counted_with_dates_and_each_thing_once() -> None:
    tom, folk = home()
    town = Town(folk)
    for day in ("2025-11-03", "2026-01-12"):
        await town.publish(left_before_treatment(tom, time=f"{day}T20:00:00+00:00", **LEFT))
    await town.publish(was_not_brought(tom, time="2026-02-02T10:00:00+00:00", **MISSED))
    await town.publish(left_before_treatment(tom, **LEFT))
    earlier = {e["what"]: (e["count"], e["dates"]) for e in town.inbox("hv-north")[-1]["context"]["earlier"]}
    assert earlier["left before treatment"] == (2, ["2025-11-03", "2026-01-12"])
    assert earlier["ED attendance"] == (2, ["2025-11-03", "2026-01-12"])
    assert earlier["not brought"] == (1, ["2026-02-02"])
    assert "left before treatment, 2 in 365 days" in town.inbox("hv-north")[-1].page


async def test_the_page_says_what_was_due_how_often_and_what_the_sender_did_not_record() -> None:
    tom, folk = home()
    town = Town(folk)
    await town.publish(was_not_brought(tom, **(MISSED | {"reason_given": {"absent": "not-recorded"}})))
    page = reads_in_order(town.letter("hv-north"))
    assert "What was due: Review of asthma." in page["WHAT HAPPENED"]
    assert "Times not brought in a year: 3" in page["WHAT HAPPENED"]
    assert "Reason given by the family: Not recorded by the sender" in page["WHAT HAPPENED"]
    assert "record it. By Monday 23 March 2026" in page["WHAT YOU ARE ASKED TO DO"]


async def test_what_was_recorded_in_error_is_not_counted() -> None:
    tom, folk = home()
    town = Town(folk)
    wrong = left_before_treatment(tom, **LEFT)
    await town.publish(wrong)
    await town.publish(cancel_of(wrong))
    await town.publish(left_before_treatment(tom, **LEFT))
    assert "earlier" not in town.inbox("hv-north")[-1]["context"]


@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_records_of_one_appointment_one_is_taken_back_and_it_is_counted(wrong: int) -> None:
    tom, folk = home()
    town = Town(folk)
    two = [was_not_brought(tom, appointment_id="a-1", **MISSED) for _ in range(2)]
    for said in (*two, cancel_of(two[wrong]), was_not_brought(tom, **MISSED)):
        await town.publish(said)
    (earlier,) = town.inbox("hv-north")[-1]["context"]["earlier"]
    assert (earlier["what"], earlier["count"]) == ("not brought", 1)


async def test_an_appointment_whose_reference_is_corrected_is_counted_once() -> None:
    tom, folk = home()
    town = Town(folk)
    one = was_not_brought(tom, appointment_id="mistyped", **MISSED)
    await town.publish(one)
    await town.publish(update_of(one, appointment_id="a-1"))
    assert "earlier" not in town.inbox("hv-north")[-1]["context"], "nor is it an earlier one of itself"
    await town.publish(was_not_brought(tom, **MISSED))
    (earlier,) = town.inbox("hv-north")[-1]["context"]["earlier"]
    assert (earlier["what"], earlier["count"]) == ("not brought", 1)


@pytest.mark.parametrize("kind", ["child-protection-plan", "looked-after"])
async def test_mash_hears_of_a_missed_appointment_of_a_child_on_a_plan_or_looked_after(kind: str) -> None:
    tom, folk = home(flags=[flag(kind)])
    town = Town(folk)
    await town.publish(was_not_brought(tom, **MISSED))
    assert "mash" in town.told()
    plain, others = home()
    town = Town(others)
    await town.publish(was_not_brought(plain, **MISSED))
    assert "mash" not in town.told()


@pytest.mark.parametrize(
    ("flags", "said", "told"),
    [
        ([], {}, False),
        (["looked-after"], {}, False),
        (["looked-after"], {"mechanism_of_injury": "Fell."}, True),
        ([], {"mechanism_of_injury": "Fell."}, False),
        ([], {"self_harm": "yes"}, True),
    ],
)
async def test_mash_hears_of_a_child_who_left_by_rule(flags: list[str], said: dict[str, Any], told: bool) -> None:
    tom, folk = home(age=13, flags=[flag(f) for f in flags])
    town = Town(folk)
    await town.publish(left_before_treatment(tom, **(LEFT | said)))
    assert ("mash" in town.told()) is told
    await town.advance(working_days=1)
    assert ("MASH" in {e["unanswered_by"] for e in town.escalations()}) is told


async def test_the_health_visitor_records_the_follow_up_and_nobody_is_rung() -> None:
    tom, folk = home()
    town = Town(folk)
    left = left_before_treatment(tom, **LEFT)
    await town.publish(left)
    await town.publish(paediatric_liaison_form(tom, left, outcome="no-further-action"))
    await town.receipt(town.letter("hv-north"), "acted", outcome="follow-up-recorded")
    await town.advance(working_days=20)
    assert town.escalations() == []
    assert town.tasks() == []


@pytest.mark.parametrize("tell", [left_before_treatment, was_not_brought])
async def test_what_a_system_says_is_no_follow_up_and_neither_is_declining_it(tell: Any) -> None:
    tom, folk = home()
    town = Town(folk)
    await town.publish(tell(tom))
    letter = town.letter("hv-north")
    await town.receipt(letter, "acted", outcome="follow-up-recorded", kind="system")
    await town.receipt(letter, "acted", outcome="declined", note="On leave.")
    await town.advance(working_days=5)
    assert [e.team for e in town.escalations(flow="F13") if e["unanswered_by"] == "HV NORTH"] == ["hv-lead"]

    await town.receipt(letter, "acted", outcome="contact-made")

    await town.advance(working_days=9)
    assert len([e for e in town.escalations(flow="F13") if e["unanswered_by"] == "HV NORTH"]) == 1, "no second rung"


async def test_a_child_whose_leaving_was_told_in_error_is_followed_up_by_nobody() -> None:
    tom, folk = home()
    town = Town(folk)
    left = left_before_treatment(tom, **LEFT)
    await town.publish(left)
    await town.publish(cancel_of(left))
    assert {w.team for w in town.withdrawals()} == {"gp-castle", "hv-north", "pln"}
    await town.advance(working_days=9)
    assert town.escalations() == []


async def test_having_read_it_is_not_having_followed_it_up() -> None:
    tom, folk = home()
    town = Town(folk)
    await town.publish(was_not_brought(tom, **MISSED))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.receipt(town.letter("hv-north"), "filed", record_ref="hv/9")
    await town.advance(working_days=5)
    assert [e.team for e in town.escalations(flow="F13")] == ["hv-lead"]


async def test_not_followed_up_in_five_working_days_it_climbs_to_the_lead_then_the_named_nurse_then_stays_a_task() -> (
    None
):
    tom, folk = home(age=9)
    town = Town(folk)
    await town.publish(was_not_brought(tom, **MISSED))
    await town.advance(working_days=5, minutes=-1)
    assert town.escalations(flow="F13") == []
    await town.advance(minutes=1)
    assert [e.team for e in town.escalations(flow="F13")] == ["sn-lead"]
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F13")] == ["sn-lead", "nn-community"]
    (task,) = town.tasks("unanswered")
    assert task.task.owner == "nn-community"
    assert not [e for e in town.escalations() if b"asthma" in e.raw], "an escalation holds nothing of what happened"
    await town.advance(working_days=9)
    assert len(town.escalations(flow="F13")) == 2
    assert await town.ledger.close("task", task.task.id, "N. Nurse", "Seen at home by the duty nurse.")
    assert town.tasks("unanswered") == []


async def test_liaison_reviews_each_child_who_left_by_the_next_working_day() -> None:
    tom, folk = home()
    town = Town(folk)
    await town.publish(left_before_treatment(tom, **LEFT))
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F11")] == ["nn-hospital"]


async def test_what_was_due_and_how_often_are_wanted_of_the_sender() -> None:
    tom, folk = home()
    town = Town(folk)
    unknown = {"absent": "not-recorded"}
    await town.publish(was_not_brought(tom, by="camhs", what_was_due=unknown, how_many_times=unknown))
    (quality,) = town.status("camhs", "quality")
    assert {p["path"] for p in quality["problems"]} == {"data.what_was_due", "data.how_many_times"}
    assert town.told() >= {"gp-castle", "hv-north", "pln"}


async def test_his_sister_is_not_followed_up() -> None:
    tom, ann = child("Tom", age=3), child("Ann", age=9)
    town = Town(family(mother=adult(), children=[tom, ann]))
    await town.publish(left_before_treatment(tom, **LEFT))
    assert town.told(about=ann) == set()
    assert "sn-north" not in town.told()
