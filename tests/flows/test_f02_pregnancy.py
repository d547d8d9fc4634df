"""F02 (1.6, 1.2): a pregnancy is told to the health visitors of the home and of the practice, in time for the visit.

Before: "only 70% of mothers have been offered an antenatal visit … due to midwives, attached to GP practices outside of
Dudley not sharing information with the health visitors"."""

from datetime import UTC, datetime

import pytest

from tests.stories import Town
from tests.story_events import birth_notified, cancel_of, pregnancy_notified, update_of
from tests.story_pages import reads_in_order
from tests.story_people import MORNING, adult, caseload, child, family, flag, unborn
from tests.story_teams import DUDLEY, OUTSIDE, directory


async def test_a_midwife_of_another_area_tells_the_health_visitors_of_the_home_and_of_the_practice() -> None:
    mother = adult("Ada", age=29)
    town = Town(family(mother=mother, practice=OUTSIDE))
    booked = pregnancy_notified(
        mother, by="midwives-birmingham", expected_date="2026-09-01", booking="on-time", booking_gestation_weeks=12,
        vulnerability="Moved house twice this year.", risks=["homeless-or-moving"],
    )  # fmt: skip

    await town.publish(booked)

    assert town.told(booked) == {"hv-north", "hv-birmingham", "gp-birmingham"}
    letter = town.letter("hv-north")
    assert letter["what_happened"]["expected_date"] == "2026-09-01"
    assert letter["what_happened"]["booking_gestation_weeks"] == 12
    assert letter["risk_and_impact"]["booking"] == "on-time"
    assert letter["risk_and_impact"]["vulnerability"] == "Moved house twice this year."
    assert letter["child"]["unborn"] == {
        "expected_date": "2026-09-01", "mother": mother.doc["name"], "mother_nhs_number": mother.nhs,
    }  # fmt: skip
    assert letter["relation"] == "the team of the child's home address"
    assert town.letter("hv-birmingham")["relation"] == "the team of the area of the child's GP practice"


async def test_whoever_writes_of_the_pregnancy_means_the_same_unborn_child() -> None:
    mother = adult("Ada", age=29)
    town = Town(family(mother=mother))
    await town.publish(pregnancy_notified(mother, pregnancy_id="p-9", expected_date="2026-09-01"))
    await town.publish(pregnancy_notified(mother, pregnancy_id="other-system-4", expected_date="2026-09-08"))
    one, other = town.inbox("hv-north")
    assert one.child == other.child
    next_year = pregnancy_notified(mother, pregnancy_id="p-31", expected_date="2027-08-01")
    await town.publish(next_year)
    assert town.inbox("hv-north")[2].child != one.child, "another year, another child"


async def test_an_on_time_booking_is_no_concern_of_the_named_nurse() -> None:
    mother = adult("Ada", age=17)
    town = Town(family(mother=mother))
    await town.publish(pregnancy_notified(mother, booking="on-time", expected_date="2026-09-01"))
    assert town.told() == {"hv-north", "gp-castle"}


async def test_a_concealed_pregnancy_of_a_girl_reaches_the_named_nurse_respect_yourself_and_mash() -> None:
    mother, aunt = child("Ada", age=16), adult("Jo")
    town = Town(family(mother=mother, others=[aunt]))
    late = pregnancy_notified(
        mother, booking="concealed", booking_gestation_weeks=31, expected_date="2026-05-20",
        vulnerability="Told nobody.", first_time_mother="yes",
    )  # fmt: skip

    await town.publish(late)

    assert town.told(late) == {"hv-north", "gp-castle", "nn-hospital", "respect-yourself", "mash"}
    assert town.letter("nn-hospital")["risk_and_impact"]["vulnerability"] == "Told nobody."
    assert "Told nobody." not in town.letter("respect-yourself").page
    assert town.letter("mash")["why_you"][0]["paragraph"] == "local decision"
    assert town.letter("nn-hospital")["why_you"][0]["paragraph"] == "1.2"


async def test_a_late_booking_of_a_grown_woman_reaches_the_named_nurse_and_not_mash() -> None:
    mother = adult("Ada", age=34)
    town = Town(family(mother=mother))
    await town.publish(pregnancy_notified(mother, booking="late", expected_date="2026-06-20"))
    assert town.told() == {"hv-north", "gp-castle", "nn-hospital"}


async def test_the_brothers_school_nurse_hears_nothing_of_a_pregnancy() -> None:
    mother, tom = adult("Ada", age=34), child("Tom", age=8)
    town = Town(family(mother=mother, children=[tom]))
    await town.publish(pregnancy_notified(mother, booking="on-time", expected_date="2026-09-01"))
    assert town.told(about=tom) == set()
    assert "sn-north" not in town.told()


async def test_the_antenatal_visit_is_asked_for_before_34_weeks_and_a_visit_offered_ends_the_clock() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=20)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    letter = town.letter("hv-north")
    (ask,) = [(what, by) for what, by in letter.asks.items() if "antenatal" in what]
    assert ask[1] is not None
    weeks_left = (datetime.fromisoformat(ask[1]) - MORNING).days / 7
    assert 13.5 < weeks_left < 14.5, "at 20 weeks there are 14 left"

    await town.receipt(letter, "acted", outcome="contact-offered")

    await town.advance(days=200)
    assert town.escalations(flow="F02") == []


async def test_a_visit_not_offered_by_34_weeks_climbs_to_the_lead_then_the_named_nurse_and_stays_a_task() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    letter = town.letter("hv-north")
    await town.receipt(letter, "acknowledged")

    await town.advance(days=27)
    assert town.escalations(flow="F02") == [], "there is time yet"
    await town.advance(days=1)
    assert [e.team for e in town.escalations(flow="F02")] == ["hv-lead"]
    assert town.escalations(flow="F02")[0]["words"] == "the health visiting team offers the antenatal visit"
    await town.advance(days=2)
    assert [e.team for e in town.escalations(flow="F02")] == ["hv-lead", "nn-community"]
    (task,) = town.tasks("unanswered")
    assert task.task.owner == "nn-community"


async def test_a_pregnancy_told_after_34_weeks_still_gives_two_working_days() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=36)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="transferred-in"))
    (by,) = town.letter("hv-north").asks.values()
    assert by == "2026-03-18T09:00:00+00:00"


async def test_a_birth_ends_the_wait_for_an_antenatal_visit_also_where_the_baby_did_not_live() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    lost = [{"order": 1, "outcome": "stillbirth", "born_at": "2026-03-20T02:00:00+00:00"}]
    await town.publish(birth_notified(mother, babies=lost))

    await town.advance(days=60)

    assert not [e for e in town.escalations(flow="F02") if "antenatal" in e["words"]], "nobody asks for that visit"
    kind = town.inbox("hv-north")[1]
    assert kind["why_you"][0]["words"] == "the baby was stillborn, or died after the birth"
    assert any("Call off all visits" in what for what in kind.asks)


async def test_an_unread_pregnancy_climbs_long_before_the_visit_is_due() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=10)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    await town.advance(working_days=5)
    (to_lead,) = town.escalations(flow="F02")
    assert (to_lead.team, to_lead["paragraph"]) == ("hv-lead", "local decision")
    assert town.hands.now < datetime(2026, 4, 1, tzinfo=UTC)


async def test_the_page_says_who_is_expected_by_when_to_visit_and_then_the_booking() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=20, flags=[flag("unborn-plan")])
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="late", booking_gestation_weeks=19))
    page = reads_in_order(town.letter("hv-north"))
    assert "Unborn child, expected Monday 3 August 2026; mother STORY, Ada" in page["WHO"]
    assert "Offer the antenatal visit" in page["WHAT YOU ARE ASKED TO DO"]
    assert "By Monday 22 June 2026" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Expected date of delivery: Monday 3 August 2026" in page["WHAT HAPPENED"]
    assert "Weeks of gestation at booking: 19" in page["WHAT HAPPENED"]
    assert "Booking: late" in page["RISK AND IMPACT ON THE CHILD"]
    assert "Vulnerability:" in page["RISK AND IMPACT ON THE CHILD"]
    assert "unborn plan, since" in page["FLAGS"]


async def test_a_mother_nobody_knew_whose_ward_is_not_known_leaves_the_home_team_to_a_person_and_assumes_neither() -> (
    None
):
    new = adult("Nia", age=22, practice=OUTSIDE, authority=DUDLEY)
    town = Town(family(mother=adult("Jo")))

    await town.publish(pregnancy_notified(new, by="midwives-birmingham", booking="on-time", expected_date="2026-09-01"))

    assert town.told() == {"hv-birmingham", "gp-birmingham"}
    (task,) = town.tasks("nobody-found")
    assert (task.task.owner, task.task.service) == ("desk", "HV")
    await town.decide_again(task.task.id, team="hv-north")
    assert town.told() == {"hv-birmingham", "gp-birmingham", "hv-north"}
    assert len(town.inbox("hv-birmingham")) == 1, "who had it is not told twice"
    await town.receipt(town.letter("hv-birmingham"), "acted", outcome="contact-offered")
    await town.advance(days=200)
    assert "hv-lead" in {e.team for e in town.escalations(flow="F02")}, "an answer of the one is none of the other"


async def test_where_no_health_visitors_cover_the_area_of_the_practice_a_person_looks_for_them() -> None:
    mother = adult("Ada", age=29)
    town = Town(family(mother=mother, practice=OUTSIDE), teams=directory(without={"hv-birmingham"}))
    booked = pregnancy_notified(mother, booking="on-time", expected_date="2026-09-01")
    await town.publish(booked)
    assert town.told() == {"hv-north", "gp-birmingham"}
    (task,) = town.tasks("nobody-found")
    assert "no team covers the area of the GP practice" in task.task.words
    (told,) = [v for v in town.verdicts(booked) if v.outcome == "told" and "hv-north" in v.teams]
    assert "no team covers the area of the GP practice" in told.detail, "and the record says so"


async def test_a_practice_of_the_home_authority_brings_in_nobody_else() -> None:
    mother = adult("Ada", age=29)
    town = Town(family(mother=mother))
    await town.publish(pregnancy_notified(mother, by="midwives-birmingham", booking="on-time"))
    assert town.told() == {"hv-north", "gp-castle"}, "the mother's home and practice count, not the midwife's"
    assert town.tasks() == []


async def test_the_team_that_holds_the_unborn_child_is_the_home_team_wherever_the_mother_lives() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=20, caseload=caseload("HV", "hv-south"))
    town = Town(family(mother=mother, children=[bump], practice=OUTSIDE))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    assert town.told() == {"hv-south", "hv-birmingham", "gp-birmingham"}


async def test_an_address_that_is_withheld_is_shown_by_no_word_of_who_was_told() -> None:
    mother = adult("Ada", age=29)
    mother.doc["caseload"] = caseload("HV", "hv-south")
    town = Town(family(mother=mother, practice=OUTSIDE, restricted=True))
    await town.publish(pregnancy_notified(mother, booking="on-time", concern={"absent": "none"}))
    for letter in town.inboxes.of("summary"):
        assert letter["relation"] == "a team with a current part in the child's care"
        assert b"E05001" not in letter.raw
        assert DUDLEY.encode() not in letter.raw
    (task,) = town.tasks("nobody-found")
    assert "the whereabouts are withheld" in task.task.words, "withheld is told from unknown"


@pytest.mark.parametrize(
    ("age", "booking", "also"),
    [
        (29, "transferred-in", set()),
        (29, "late", {"nn-hospital"}),
        (29, "concealed", {"nn-hospital"}),
        (19, "late", {"nn-hospital", "respect-yourself"}),
        (18, "concealed", {"nn-hospital", "respect-yourself"}),
        (17, "late", {"nn-hospital", "respect-yourself"}),
        (17, "concealed", {"nn-hospital", "respect-yourself", "mash"}),
        (17, "on-time", set()),
    ],
)
async def test_who_else_hears_of_a_late_or_concealed_booking_depends_on_her_age(
    age: int, booking: str, also: set[str]
) -> None:
    mother = adult("Ada", age=age)
    town = Town(family(mother=mother))
    await town.publish(pregnancy_notified(mother, booking=booking, expected_date="2026-06-20"))
    assert town.told() == {"hv-north", "gp-castle"} | also


async def test_what_a_girl_said_of_herself_goes_to_those_who_safeguard_her_and_to_no_others() -> None:
    mother, tom = child("Ada", age=16), child("Tom", age=9)
    town = Town(family(mother=mother, children=[tom]))
    secret = {"vulnerability": "CANARY-WORD", "concern": {"absent": "none"}, "risks": ["exploitation"]}
    await town.publish(pregnancy_notified(mother, booking="concealed", expected_date="2026-05-20", **secret))
    await town.advance(days=40)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", team) for team in ("hv-north", "gp-castle", "nn-hospital", "mash")}
    assert b"exploitation" not in town.letter("respect-yourself").raw
    assert not {"sn-north", "social-care", "fnp", "midwives", "pln"} & town.told()


async def test_a_machine_that_took_it_in_has_offered_no_visit_and_a_person_who_read_it_has_not_either() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=33)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    letter = town.letter("hv-north")
    for state in ("collected", "validated", "matched"):
        await town.receipt(letter, state, kind="system")
    refused = await town.receipt(letter, "acted", kind="system", outcome="contact-offered")
    assert [p.code for r in refused.refused for p in r.problems] == ["receipt-by-person"]
    await town.receipt(letter, "filed", record_ref="hv/3")
    assert sorted(c.state for c in town.clocks(letter)) == ["met", "running"]
    await town.advance(days=8)
    assert [e.team for e in town.escalations(flow="F02")] == ["hv-lead", "nn-community"]


async def test_a_visit_offered_between_two_rungs_stops_the_climb() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(pregnancy_notified(mother, booking="on-time"))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(days=28)
    await town.receipt(town.letter("hv-north"), "acted", outcome="contact-offered")
    await town.advance(days=60)
    assert [e.team for e in town.escalations(flow="F02")] == ["hv-lead"]
    assert not [t for t in town.tasks() if "antenatal" in t.task.words]


async def test_a_live_birth_before_the_visit_ends_the_wait_and_after_the_first_rung_too() -> None:
    for days, rung in ((5, []), (28, ["hv-lead"])):
        mother, bump = adult("Ada", age=29), unborn(weeks=30)
        town = Town(family(mother=mother, children=[bump]))
        await town.publish(pregnancy_notified(mother, booking="on-time"))
        await town.receipt(town.letter("hv-north"), "acknowledged")
        await town.advance(days=days)
        await town.publish(birth_notified(mother, child("Bo", age=None, born=town.hands.now.date())))
        await town.advance(days=90)
        visits = [e.team for e in town.escalations(flow="F02") if "antenatal" in e["words"]]
        assert visits == rung


async def test_a_new_expected_date_moves_the_visit_and_a_pregnancy_taken_back_asks_for_none() -> None:
    mother, bump = adult("Ada", age=29), unborn(weeks=20)
    town = Town(family(mother=mother, children=[bump]))
    booked = pregnancy_notified(mother, booking="on-time")
    await town.publish(booked)
    await town.publish(update_of(booked, expected_date="2026-09-07", booking="on-time"))
    old, new = town.inbox("hv-north")
    assert new["replaces"] == old.id
    assert [by[:10] for by in new.asks.values() if by] == ["2026-07-27"], "34 weeks by the newer date"
    await town.publish(cancel_of(booked))
    assert {w.team for w in town.withdrawals()} == {"hv-north", "gp-castle"}
    await town.advance(days=200)
    assert town.escalations(flow="F02") == []
