"""F29 (5.1.4, R1.8): one overview of everybody who is looked after: who they are, what they are
vulnerable to, what is due.

Before: the team "does not hold a spreadsheet that provides an overview of the unique identities and needs"."""

from typing import Any

import pytest

from router.looked_after import FEW, MORE, NOT_TOLD, Entry, counted
from tests.stories import Town
from tests.story_events import caseload_changed, flag_changed
from tests.story_looked_after_events import (
    ELSEWHERE,
    OUT_OF_AREA,
    action,
    assessed,
    assessment_paused,
    hidden,
    placement_changed,
)
from tests.story_people import Person, adult, child, family, flag, involved
from tests.story_teams import BIRMINGHAM, CASTLE, DUDLEY, NORTH, SOUTH

INITIAL = "the initial health assessment is completed"
REVIEW = "the next review health assessment is completed"


def around(*children: Person) -> Town:
    return Town(*(family(mother=adult("Tam"), children=[one]) for one in children))


async def register(town: Town) -> dict[str, Entry]:
    """Child → its entry."""
    return {e.child: e for e in await town.ledger.looked_after()}


def owed(entry: Entry) -> list[tuple[str, str]]:
    return [(o.what, o.state) for o in entry.owed]


async def test_whoever_is_placed_or_flagged_is_on_it_and_nobody_else() -> None:
    placed, flagged, neither = child("Ann", age=9), child("Ben", age=12, flags=[flag("looked-after")]), child("Cy", 3)
    town = around(placed, flagged, neither)
    await town.publish(placement_changed(placed))
    seen = await register(town)
    assert set(seen) == {placed.id, flagged.id}
    assert seen[flagged.id].placement == NOT_TOLD, "that social care told of no placement is itself seen"
    assert seen[flagged.id].since == "2026-01-05"


async def test_it_says_who_the_child_is_and_what_was_not_asked_is_not_taken_for_none() -> None:
    kit = child("Kit", age=9)
    town = around(kit)
    await town.publish(
        placement_changed(
            kit, ethnicity="Pakistani", languages=["Urdu", "English"], faith={"absent": "none"},
            disability={"absent": "not-asked"}, choice_of_venue="At home.", previous_placements=3,
        )
    )  # fmt: skip
    one = (await register(town))[kit.id]
    assert (one.ethnicity, one.languages, one.faith) == ("Pakistani", "Urdu, English", "none")
    assert (one.disability, one.choice_of_venue, one.placements_before) == ("not asked", "At home.", "3")
    assert (one.placement, one.in_area, one.authority, one.consent) == ("foster-carers", "in-area", DUDLEY, "given")
    assert (one.age, one.since, one.legal_status) == (9, "2026-03-16", "interim-care-order")


async def test_it_shows_what_makes_a_young_person_vulnerable() -> None:
    kay = child("Kay", age=16, services=[involved("SWITCH", "switch")])
    town = around(kay)
    await town.publish(placement_changed(kay, **OUT_OF_AREA))
    await town.publish(flag_changed(kay, "cse-risk", by="ypse"))
    one = (await register(town))[kay.id]
    assert one.vulnerabilities == ("cse risk", "substance misuse")
    assert one.in_area == "out-of-area"
    await town.publish(flag_changed(kay, "cse-risk", "ended", by="ypse"))
    await town.publish(caseload_changed(kay, "SWITCH", "switch", ended=True))
    assert (await register(town))[kay.id].vulnerabilities == ()


async def test_it_never_says_where_a_child_is_nor_by_which_number_or_which_restricted_service_it_is_known() -> None:
    kit = child("Kit", age=9, services=[involved("CASH", "sexual-health"), involved("AMH", "adult-mental-health")])
    bea = child("Bea", age=2)
    town = around(kit, bea)
    await town.publish(placement_changed(kit, **OUT_OF_AREA), hidden(bea))
    seen = await register(town)
    text = str(list(seen.values()))
    for secret in (kit.nhs, bea.nhs, ELSEWHERE, BIRMINGHAM, NORTH, SOUTH, CASTLE, "CASH", "AMH", "household"):
        assert secret not in text
    assert seen[bea.id].in_area == "withheld"
    assert seen[bea.id].vulnerabilities == ("whereabouts withheld",)


async def test_what_is_due_what_is_held_up_and_what_is_overdue_stand_apart_and_those_most_overdue_come_first() -> None:
    late, soon, held = child("Ann", age=9), child("Ben", age=10), child("Cy", age=11)
    town = around(late, soon, held)
    await town.publish(placement_changed(soon), placement_changed(held))
    await town.publish(placement_changed(late, looked_after_since="2026-02-02", changed_on="2026-02-02"))
    await town.publish(assessment_paused(held, why="consent-awaited"))
    await town.advance(working_days=1)
    entries = await town.ledger.looked_after()
    assert next(e.child for e in entries) == late.id
    seen = {e.child: e for e in entries}
    assert (INITIAL, "overdue") in owed(seen[late.id])
    assert (INITIAL, "due") in owed(seen[soon.id])
    assert [(o.state, o.why) for o in seen[held.id].owed if o.what == INITIAL] == [("held up", "consent-awaited")]
    (due,) = [o.due for o in seen[late.id].owed if o.what == INITIAL]
    assert due.isoformat() == "2026-03-02T17:00:00+00:00", "the day that was promised, not that of the next alarm"


async def test_what_is_done_is_off_it_and_what_comes_next_is_on_it() -> None:
    kit = child("Kit", age=9)
    town = around(kit)
    await town.publish(placement_changed(kit))
    plan = [action("teeth", "CSC", "2026-04-20")]
    await town.publish(assessed(kit, completed_on="2026-03-16", actions=plan))
    told = owed((await register(town))[kit.id])
    assert (REVIEW, "due") in told
    assert ("what the health plan says is done (by 20 April 2026)", "due") in told
    assert INITIAL not in dict(told)


async def test_what_nobody_answered_for_stays_overdue_until_a_person_closes_it() -> None:
    kit = child("Kit", age=9)
    town = around(kit)
    await town.publish(placement_changed(kit))
    await town.advance(working_days=40)
    assert (INITIAL, "overdue") in owed((await register(town))[kit.id])
    (task,) = [t for t in town.tasks("unanswered") if INITIAL in t.task.words]
    await town.ledger.close("task", task.task.id, "N. Nurse", "seen in the other area")
    assert INITIAL not in dict(owed((await register(town))[kit.id]))


@pytest.mark.parametrize(("flags", "on_it"), [([], False), ([flag("looked-after")], True)])
async def test_who_left_care_is_off_it_unless_a_flag_says_otherwise(flags: list[Any], on_it: bool) -> None:
    kit = child("Kit", age=9, flags=flags)
    town = around(kit)
    await town.publish(placement_changed(kit))
    await town.publish(placement_changed(kit, "left-care", left_to="returned-home"))
    seen = await register(town)
    assert (kit.id in seen) is on_it
    if on_it:
        assert seen[kit.id].placement == "left care, and still flagged"


async def test_whoever_commissions_reads_how_many_and_no_number_that_points_at_somebody() -> None:
    many = [child("Kit", age=9) for _ in range(6)]
    few = [child("Bea", age=2) for _ in range(2)]
    town = around(*many, *few)
    for one in many:
        await town.publish(placement_changed(one, ethnicity="Pakistani", disability="Uses hearing aids."))
    for one in few:
        await town.publish(placement_changed(one, ethnicity="Roma", **OUT_OF_AREA))
    found = counted(await town.ledger.looked_after())
    assert found["children"] == 8
    assert found["with_something_overdue"] == 0
    assert found["ethnicity"] == {"Pakistani": MORE, "Roma": FEW}, "8 less 6 would tell that there are two"
    assert found["in_area"] == {"in-area": MORE, "out-of-area": FEW}
    assert found["age"] == {"5 to 10": MORE, "under 5": FEW}
    assert found["placement"] == {"foster-carers": 8}
    assert found["disability"] == {"has a disability": MORE, "none": FEW}
    assert "Kit" not in str(found)
    assert not any(one.id in str(found) for one in many)
