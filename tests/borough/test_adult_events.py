"""What the borough publishes of people in mental-health care is accepted, for people of every kind."""

from random import Random

from deploy.borough import Borough, abuse_events, crisis_events, perinatal_events
from deploy.borough import adult_mental_health_events as events
from router.directory import Cover
from tests.borough.taking import START, codes


def some_mothers(borough: Borough) -> list[str]:
    return sorted({borough.people[c]["mother"] for c in borough.children if "mother" in borough.people[c]})[::9]


def test_a_parents_spell_in_hospital_is_accepted_of_any_mother(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for mother in some_mothers(borough):
        came = events.parent_admitted(borough, mother, START, rng)
        left = events.parent_left_hospital(borough, mother, START, rng, spell=came.event["data"]["spell_id"])
        assert codes(came, cover) == codes(left, cover) == []


def test_a_young_person_on_an_adult_ward_is_accepted_of_any_child(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for child in borough.children[::9]:
        for change in ("admitted", "moved-to-tier-4", "moved-to-adult-care", "went-home"):
            assert codes(events.on_adult_ward(borough, child, START, rng, change=change), cover) == []


def test_a_stay_in_crisis_is_accepted_of_any_child_from_the_door_to_the_way_home(
    borough: Borough, cover: Cover
) -> None:
    rng = Random(4)
    for child in borough.children[::9]:
        came = crisis_events.crisis_presentation(borough, child, START, rng)
        stay = came.event["data"]["spell_id"]
        said = [
            came,
            crisis_events.crisis_presentation(borough, child, START, rng, by="ward", stay=stay),
            crisis_events.assessment_requested(borough, child, START, rng, stay=stay),
            crisis_events.child_seen(borough, child, START, rng, stay=stay),
            crisis_events.care_plan(borough, child, START, rng, stay=stay),
            *(crisis_events.risk_assessment(borough, child, START, rng, stay=stay, by=by) for by in ("camhs", "ward")),
            crisis_events.stay_ended(borough, child, START, rng, stay=stay),
        ]
        assert [codes(one, cover) for one in said] == [[]] * len(said)
        assert len({one.event["data"]["record_id"] for one in said}) == len(said)


def test_enquiries_and_maracs_are_accepted_of_any_pregnancy(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for unborn in borough.unborn:
        for outcome in ("no-disclosure", "disclosure", "declined", "not-safe-to-ask", "not-asked"):
            assert codes(abuse_events.da_enquiry(borough, unborn, START, rng, outcome=outcome), cover) == []
        assert codes(abuse_events.da_enquiry(borough, unborn, START, rng, by="hv"), cover) == []
        assert codes(abuse_events.marac_outcome(borough, borough.people[unborn]["mother"], START, rng), cover) == []


def test_a_concern_about_any_expectant_mother_is_accepted(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for unborn in borough.unborn:
        for by, urgency in (("hv", "routine"), ("midwives", "urgent"), ("hv", "emergency")):
            said = perinatal_events.mothers_need(borough, unborn, START, rng, by=by, urgency=urgency)
            assert codes(said, cover) == []
