"""F02 (1.6, 1.2): a pregnancy is told to the health visitors of the home and of the practice, in time for the visit.

Before: "only 70% of mothers have been offered an antenatal visit … due to midwives, attached to GP practices outside of
Dudley not sharing information with the health visitors"."""

from datetime import UTC, datetime

from tests.stories import Town
from tests.story_events import birth_notified, pregnancy_notified
from tests.story_people import MORNING, adult, child, family, unborn
from tests.story_teams import OUTSIDE


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
