"""F27 (4.12, 5.1.17, R1.6): the score of a carer's answers reaches those who assess the child's health, and a rise is
somebody's to act on.

Before: "the looked after children health team are not informed about SDQ scores"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import update_of
from tests.story_looked_after_events import OUT_OF_AREA, placement_changed, sdq_scored
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag

ACTED = "CAMHS says what is done about a rise in the score"


def home(age: int = 9) -> tuple[Person, Family]:
    kit = child("Kit", age=age, flags=[flag("looked-after")])
    return kit, family(mother=adult("Tam"), children=[kit])


@pytest.mark.parametrize(("age", "assessor"), [(3, "hv-north"), (5, "sn-north"), (15, "sn-north"), (16, None)])
async def test_the_score_its_band_and_its_change_reach_whoever_assesses_the_childs_health(
    age: int, assessor: str | None
) -> None:
    kit, folk = home(age)
    town = Town(folk)
    said = sdq_scored(kit, 19, 17, band="high", meaning="Worries more than before.")
    await town.publish(said)
    assert town.told(said) == {"looked-after", "camhs"} | ({assessor} if assessor else set())
    for team in town.told(said):
        happened = town.letter(team)["what_happened"]
        assert (happened["total"], happened["band"], happened["change"]) == (19, "high", 2)
        assert happened["previous"]["total"] == 17
        assert happened["previous"]["scored_by"] == "psychologist, Dudley", "a fact with its source"
        assert town.letter(team)["risk_and_impact"]["meaning"] == "Worries more than before."
    page = reads_in_order(town.letter("looked-after"))
    assert "Use the score, and its change" in page["WHAT YOU ARE ASKED TO DO"]
    assert "Total difficulties score, of 40: 19" in page["WHAT HAPPENED"]
    assert "Change since then: 2" in page["WHAT HAPPENED"]


async def test_of_a_child_whose_age_nobody_knows_a_person_says_who_assesses_it() -> None:
    kit, folk = home()
    kit.said = {"birth_date": kit.doc.pop("born")}
    town = Town(folk)
    said = sdq_scored(kit, 21, 15)
    await town.publish(said)
    (whose,) = town.tasks("match")
    await town.decide_again(whose.task.id, person=kit.id)
    assert town.told(said) == {"looked-after", "camhs"}
    assert {t.task.service for t in town.tasks("nobody-found")} == {"HV", "SN"}


async def test_what_was_scored_before_is_counted_with_its_dates_and_no_sum_is_made_of_it() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(sdq_scored(kit, 12, time="2025-09-20T10:00:00+01:00"))
    await town.publish(sdq_scored(kit, 13))
    (earlier,) = town.inbox("looked-after")[1]["context"]["earlier"]
    assert (earlier["what"], earlier["dates"]) == ("strengths and difficulties questionnaire", ["2025-09-20"])
    assert town.inbox("looked-after")[1]["what_happened"]["change"] == {"absent": "none"}, "the scorer stated none"


@pytest.mark.parametrize(
    ("said", "is_rise"),
    [
        ({"before": 16}, True),
        ({"before": 17}, False),
        ({"before": 24}, False),
        ({"before": None}, False),
        ({"before": None, "change": 4}, True),
        ({"before": 16, "change": {"absent": "not-recorded"}}, True),
        ({"before": 16, "change": 1}, True),
    ],
)
async def test_a_rise_of_four_points_as_stated_is_asked_of_camhs_with_a_clock(
    said: dict[str, Any], is_rise: bool
) -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(sdq_scored(kit, 20, **said))
    assert any("The score has risen" in what for what in town.letter("camhs").asks) is is_rise
    assert bool([c for c in town.clocks() if c.clock.words == ACTED]) is is_rise


async def test_a_rise_that_camhs_reads_and_does_nothing_about_climbs_to_its_lead_and_stays_a_task() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(sdq_scored(kit, 21, 15, meaning="CANARY-MEANING"))
    await town.receipt(town.letter("camhs"), "acknowledged")
    await town.receipt(town.letter("camhs"), "filed", record_ref="r/1")
    await town.advance(working_days=9)
    assert town.escalations() == []
    await town.advance(working_days=1)
    (first,) = town.escalations()
    assert (first.team, first["words"], first["unanswered_by"]) == ("nn-community", ACTED, "CAMHS")
    assert b"CANARY" not in first.raw
    await town.advance(working_days=3)
    assert [t.task.owner for t in town.tasks("unanswered")] == ["nn-community"]


async def test_what_camhs_did_ends_it() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(sdq_scored(kit, 21, 15))
    await town.receipt(town.letter("camhs"), "acted", outcome="accepted")
    await town.advance(working_days=20)
    assert town.escalations() == []
    assert town.tasks() == []


async def test_a_rise_that_was_a_slip_of_the_pen_is_waited_for_no_more() -> None:
    kit, folk = home()
    town = Town(folk)
    wrong = sdq_scored(kit, 31, 15)
    await town.publish(wrong)
    await town.publish(update_of(wrong, total=13, change=-2))
    await town.advance(working_days=20)
    assert town.escalations() == []


async def test_what_camhs_itself_scored_reaches_the_health_team_too() -> None:
    kit, folk = home()
    town = Town(folk)
    said = sdq_scored(kit, 18, by="camhs", scored_by="CAMHS")
    await town.publish(said)
    assert {"looked-after", "sn-north"} < town.told(said)


async def test_the_score_of_a_child_placed_far_away_reaches_its_own_health_team_and_camhs() -> None:
    kit, folk = home(age=3)
    town = Town(folk)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    said = sdq_scored(kit, 18)
    await town.publish(said)
    assert town.told(said) == {"looked-after", "camhs", "hv-birmingham"}


async def test_nobody_else_reads_a_score_and_no_score_is_ever_made_of_the_family() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(sdq_scored(kit, 30, 10, meaning="CANARY-MEANING", offered="CANARY-OFFERED"))
    await town.advance(working_days=30)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", t) for t in ("looked-after", "camhs", "sn-north")}


async def test_a_score_without_its_band_or_the_one_before_is_routed_and_fed_back_and_a_first_one_is_not() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(sdq_scored(kit, 18))
    assert town.status("csc", "quality") == []
    gone = {"absent": "not-recorded"}
    await town.publish(sdq_scored(kit, 19, band=gone, previous=gone))
    (feedback,) = town.status("csc", "quality")
    assert {p["path"] for p in feedback["problems"]} == {"data.band", "data.previous"}
