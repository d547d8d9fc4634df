"""A child whose age is not known, or who is not born yet by the event's own time, is not skipped for it."""

import pytest

from tests.stories import Town
from tests.story_events import ed_discharged, parent_registered
from tests.story_people import MORNING, Person, adult, child, family


def without_birth_date() -> tuple[Person, Person, Town]:
    ada, tom = adult("Ada"), child("Tom")
    for part in ("born", "nhs"):
        tom.doc.pop(part, None)  # type: ignore[misc]
    return ada, tom, Town(family(mother=ada, children=[tom]))


async def test_of_a_child_of_no_known_birth_date_a_person_says_who_else_is_told_and_then_they_are() -> None:
    ada, tom, town = without_birth_date()
    said = parent_registered(ada)
    await town.publish(said)
    assert town.told(said, about=tom) == {"gp-castle"}
    tasks = {t.task.service: t.task for t in town.tasks("nobody-found")}
    assert set(tasks) == {"HV", "SN"}
    assert "the birth date is not known" in tasks["HV"].words
    await town.decide_again(tasks["HV"].id, team="hv-north")
    assert town.told(said, about=tom) == {"gp-castle", "hv-north"}
    assert (await town.ledger.reconcile()).faults == ()


async def test_where_the_age_is_known_nobody_is_asked() -> None:
    ada, tom = adult("Ada"), child("Tom")
    town = Town(family(mother=ada, children=[tom]))
    await town.publish(parent_registered(ada))
    assert town.tasks() == []


@pytest.mark.parametrize("at", ["2026-03-15T23:30:00+00:00", "2026-02-16T09:00:00+00:00"])
async def test_what_is_dated_before_the_birth_is_told_of_a_newborn(at: str) -> None:
    tom = child("Tom", born=MORNING.date())
    town = Town(family(mother=adult("Ada"), children=[tom]))
    said = ed_discharged(tom, time=at)
    await town.publish(said)
    assert town.told(said) == {"gp-castle", "hv-north", "pln"}
