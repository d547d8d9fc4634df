"""What the borough publishes of adults in psychiatric care is accepted, for people of every kind."""

from random import Random

from deploy.borough import Borough
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
