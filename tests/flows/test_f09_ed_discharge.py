"""F09 (1.23, R3.6): a discharge from the emergency department reaches GP, health visitor or school nurse, and liaison.

Before: "discharge summaries do not go automatically to HV and SN; GPs get time and complaint only"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, caseload_changed, ed_attendance, ed_discharged, update_of
from tests.story_people import adult, caseload, child, family, flag, unborn
from tests.story_teams import OUTSIDE, SECONDARY, SOUTH, directory

BURN: dict[str, Any] = {
    "presenting_complaint": "Burn to the hand",
    "mechanism_of_injury": "Touched the hob while the tea was made.",
    "diagnosis": "Partial thickness burn, left palm",
    "accompanied_by": {"full_name": "Ada Story", "relationship": "mother", "parental_responsibility": "yes"},
    "vulnerability": {"assessed_by": "P. Okoro", "factors": ["domestic-abuse-at-home"], "summary": "Quiet; watchful."},
    "follow_up": "Dressing clinic on Thursday.",
    "voice_of_child": {"said": "Hot. I want to go home.", "seen_alone": "not-applicable"},
}


async def test_a_toddlers_discharge_reaches_gp_health_visitor_and_liaison_nurse_and_nobody_else() -> None:
    mother, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9)
    town = Town(family(mother=mother, children=[tom, ann]))
    burn = ed_discharged(tom, **BURN)

    await town.publish(burn)

    assert town.told(burn) == {"gp-castle", "hv-north", "pln"}
    assert not town.told(about=ann), "his sister's school nurse has nothing to do with it"
    not_told = {v.detail for v in town.verdicts(burn) if v.outcome == "not-applicable"}
    assert "the child is 5 to 19" in not_told, "that the school nurse was considered is on record, with the reason"


async def test_every_recipient_reads_what_flows_md_says_it_must() -> None:
    tom = child("Tom", age=3, flags=[flag("child-protection-plan")])
    town = Town(family(mother=adult("Ada"), children=[tom]))
    await town.publish(ed_discharged(tom, discharged_at="2026-01-20T10:00:00+00:00", time="2026-01-20T10:00:00+00:00"))
    burn = ed_discharged(tom, **BURN)

    await town.publish(burn)

    for team in ("gp-castle", "hv-north", "pln"):
        letter = town.inbox(team)[-1]
        assert letter["what_happened"]["mechanism_of_injury"] == BURN["mechanism_of_injury"]
        assert letter["what_happened"]["diagnosis"] == BURN["diagnosis"]
        assert letter["what_happened"]["follow_up"] == BURN["follow_up"]
        assert letter["context"]["accompanied_by"]["full_name"] == "Ada Story"
        assert letter["risk_and_impact"]["vulnerability"]["factors"] == ["domestic-abuse-at-home"]
        assert letter["voice_of_child"]["voice_of_child"]["said"] == "Hot. I want to go home."
        assert [f["kind"] for f in letter["flags"]] == ["child-protection-plan"]
        (earlier,) = letter["context"]["earlier"]
        assert (earlier["what"], earlier["count"], earlier["dates"]) == ("ED attendance", 1, ["2026-01-20"])
        assert letter["child"]["nhs_number"] == tom.nhs
        assert letter["lawful_basis_and_consent"]["lawful_basis"]["power"] == "children-act-2004-s11"
        assert "Touched the hob" in letter.page
        assert "Partial thickness burn" in letter.page


async def test_the_health_visitor_is_asked_to_review_it_and_by_when_and_the_gp_is_asked_nothing() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, asks=[{"of": "GP", "what": "Look at the dressing."}]))

    assert list(town.letter("hv-north").asks.values()) == ["2026-03-18T09:00:00+00:00"]
    assert town.letter("gp-castle").asks == {"Look at the dressing.": None}, "what its author asks of it alone"
    assert {t["service"] for t in town.letter("hv-north")["told"]} == {"GP", "PLN"}, "who else was told, by role only"
    assert town.letter("hv-north").flows == {"F09"}, "and why, in the review's own words"


async def test_a_schoolchilds_discharge_reaches_the_schools_nurse_and_no_health_visitor() -> None:
    ann = child("Ann", age=9, school=SECONDARY)
    town = Town(family(mother=adult(), children=[ann]))
    attended = ed_discharged(ann)
    await town.publish(attended)
    assert town.told(attended) == {"gp-castle", "sn-south", "pln"}, "the school is in the south, the home in the north"


@pytest.mark.parametrize(
    ("age", "school", "told"), [(5, None, "sn-south"), (17, None, "sn-south"), (4, None, "hv-south")]
)
async def test_a_child_in_no_school_belongs_to_the_team_of_the_home_address(
    age: int, school: str | None, told: str
) -> None:
    one = child(age=age, school=school)
    town = Town(family(mother=adult(), children=[one], area=SOUTH))
    await town.publish(ed_discharged(one))
    assert town.told() == {"gp-castle", told, "pln"}


async def test_an_out_of_area_practice_brings_in_its_health_visitors_beside_those_of_the_home() -> None:
    tom = child("Tom", age=2)
    town = Town(family(mother=adult(), children=[tom], practice=OUTSIDE))
    await town.publish(ed_discharged(tom))
    assert town.told() == {"gp-birmingham", "hv-north", "hv-birmingham", "pln"}


async def test_a_grown_up_is_nobodys_child() -> None:
    lee = adult("Lee", age=18)
    town = Town(family(mother=lee))
    attended = ed_discharged(lee)
    await town.publish(attended)
    assert town.told(attended) == {"gp-castle", "sn-north"}, "the GP always, the school nurse to nineteen; no liaison"


async def test_an_acknowledgement_by_a_person_ends_the_clock_and_nobody_is_told_later() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))
    letter = town.letter("hv-north")
    assert [d.delivery.id for d in town.queue("hv-north")] == [letter.id]

    await town.advance(working_days=1)
    await town.receipt(letter, "acknowledged", by="J. Field")

    assert town.state(letter) == "acknowledged"
    assert town.queue("hv-north") == []
    await town.advance(working_days=10)
    assert town.escalations(flow="F09") == []


async def test_what_a_system_says_ends_no_clock() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom))
    letter = town.letter("hv-north")
    for state in ("collected", "validated", "matched"):
        await town.receipt(letter, state, kind="system")
    assert town.state(letter) == "matched"
    refused = await town.receipt(letter, "acknowledged", kind="system")
    assert [p.code for r in refused.refused for p in r.problems] == ["receipt-by-person"]

    await town.advance(working_days=2)

    assert [e.team for e in town.escalations(flow="F09")] == ["hv-lead"]


async def test_with_no_answer_it_climbs_to_the_lead_then_the_named_nurse_then_stays_a_task() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(ed_discharged(tom, **BURN))
    letter = town.letter("hv-north")

    await town.advance(working_days=2, minutes=-1)
    assert town.escalations(flow="F09") == [], "nobody is told early"
    await town.advance(minutes=1)
    (to_lead,) = town.escalations(flow="F09")
    assert (to_lead.team, to_lead["rung"], to_lead["about"]["delivery_id"]) == ("hv-lead", 1, letter.id)
    assert to_lead["unanswered_by"] == "HV NORTH"
    assert to_lead["flow"] == "F09"
    assert BURN["diagnosis"].encode() not in to_lead.raw, "an escalation holds nothing of what happened"

    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F09")] == ["hv-lead", "nn-community"]
    (task,) = [t for t in town.tasks("unanswered") if t.task.owner == "nn-community"]

    await town.advance(working_days=20)
    assert len(town.escalations(flow="F09")) == 2, "each rung rings once"
    assert task.task.id in {t.task.id for t in town.tasks()}, "and the task waits for a person"
    assert await town.ledger.claim("task", task.task.id, "N. Nurse") == "N. Nurse"
    assert await town.ledger.close("task", task.task.id, "N. Nurse", "Visited by the duty health visitor.")
    assert task.task.id not in {t.task.id for t in town.tasks()}
    (clock,) = town.clocks(letter)
    assert [(r.rung, r.owner) for r in clock.fired] == [(0, "hv-lead"), (1, "nn-community")]
    assert clock.state == "exhausted"


async def test_an_answer_between_two_rungs_stops_the_climb() -> None:
    ann = child("Ann", age=9)
    town = Town(family(mother=adult(), children=[ann]))
    await town.publish(ed_discharged(ann))
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F09")] == ["sn-lead"]

    await town.receipt(town.letter("sn-north"), "filed", record_ref="sn/2041")

    await town.advance(working_days=5)
    assert [e.team for e in town.escalations(flow="F09")] == ["sn-lead"]
    assert town.state(town.letter("sn-north")) == "filed"


async def test_where_nobody_leads_the_team_it_climbs_at_once_and_the_desk_is_told_so() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]), teams=directory(hv_north={"lead": None}))
    await town.publish(ed_discharged(tom))
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F09")] == ["nn-community"]
    assert [t.task.owner for t in town.tasks("nobody-found")] == ["desk"]


async def test_a_child_with_no_practice_is_a_task_of_the_desk_and_the_others_are_told_all_the_same() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom], practice=None))
    await town.publish(ed_discharged(tom))
    assert town.told() == {"hv-north", "pln"}
    (task,) = town.tasks("nobody-found")
    assert (task.task.kind, task.task.owner, task.task.service) == ("nobody-found", "desk", "GP")

    await town.decide_again(task.task.id, team="gp-hagley")

    assert town.told() == {"hv-north", "pln", "gp-hagley"}
    assert town.tasks("nobody-found") == []


async def test_a_correction_replaces_what_was_sent_and_a_cancellation_is_told_to_all_who_had_it() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    first = ed_discharged(tom, diagnosis="Sprain")
    await town.publish(first)
    await town.publish(update_of(first, diagnosis="Fracture"))

    old, new = town.inbox("hv-north")
    assert new["replaces"] == old.id
    assert (new["standing"], new["what_happened"]["diagnosis"]) == ("update", "Fracture")
    assert town.state(old) == "replaced"
    assert [c.state for c in (*town.clocks(old), *town.clocks(new))] == ["stopped", "running"]
    assert [d.delivery.id for d in town.queue("hv-north")] == [new.id]

    await town.publish(cancel_of(first))

    assert {w.team for w in town.withdrawals()} == {"gp-castle", "hv-north", "pln"}
    await town.advance(working_days=10)
    assert town.escalations(flow="F09") == [], "nobody answers for what was taken back"


async def test_what_a_paused_team_has_not_been_sent_when_it_is_taken_back_it_never_hears_of() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    await town.ledger.pause("hv-north", "Ann", "their system is away")
    wrong = ed_discharged(tom, diagnosis="Somebody else's fracture")
    await town.publish(wrong)
    await town.publish(update_of(wrong, diagnosis="Sprain"))
    await town.publish(cancel_of(wrong))
    right = ed_discharged(tom, diagnosis="Bruise")
    await town.publish(right)
    await town.ledger.resume("hv-north")
    await town.deliver()

    letter = town.letter("hv-north")
    assert (letter["what_happened"]["diagnosis"], letter.sequence) == ("Bruise", 1), "and no number is missing to them"
    assert town.withdrawals("hv-north") == []
    assert {w.team for w in town.withdrawals()} == {"gp-castle", "pln"}, "those who had it are told"
    assert [v.outcome for v in town.verdicts(wrong, about=tom) if "hv-north" in v.teams] == ["told"], (
        "it stays on record"
    )
    account = await town.ledger.reconcile()
    assert (account.faults, account.deliveries["withdrawn-before-sending"]) == ((), 3)


async def test_it_is_answered_to_the_department_that_sent_it_and_an_arrival_is_another_event() -> None:
    tom, baby = child("Tom", age=3), unborn(24)
    town = Town(family(mother=adult("Ada"), children=[tom, baby]))
    burn = ed_discharged(tom)
    await town.publish(ed_attendance(tom), burn)
    assert {"kind": "accepted", "event_id": burn.id, "record_id": burn.data["record_id"]} in town.status("ed")
    assert town.told(burn, about=baby) == set()
    assert (await town.ledger.reconcile()).faults == ()


async def test_a_caseload_of_a_closed_team_leaves_no_child_untold_and_somebody_mends_it() -> None:
    """Rules A and B find the team by residence and school; rule G asks a person whose the child is now."""
    tom, ann = child("Tom", age=3, caseload=caseload("HV", "hv-south")), child("Ann", age=9)
    ann.doc["caseload"] = caseload("SN", "sn-south")
    town = Town(family(mother=adult(), children=[tom, ann]), teams=directory(without={"hv-south", "sn-south"}))
    for one, team, service in ((tom, "hv-north", "health visiting team"), (ann, "sn-north", "school nursing team")):
        said = ed_discharged(one)
        await town.publish(said)
        assert team in town.told(said)
        letter = town.letter(team, one)
        assert letter["relation"] == (
            "the team of the child's home address" if one is tom else "the team of the child's school"
        )
        (task,) = [t for t in town.tasks("nobody-found") if t.task.child == one.id]
        assert task.task.words.startswith(f"A person must say who the child's {service} is: the team on record")
        await town.publish(caseload_changed(one, "HV" if one is tom else "SN", team))
        again = ed_discharged(one)
        await town.publish(again)
        assert team in town.told(again)
        assert len([t for t in town.tasks("nobody-found") if t.task.child == one.id]) == 1, "mended: nobody is asked"
