"""A correction gives nobody who has not answered more time; who heard of the silence hears what was taken back."""

from tests.stories import Town
from tests.story_events import ed_discharged, update_of
from tests.story_people import MORNING, adult, child, family


def sequence(n: int) -> str:
    return f"{n:020d}"


def heard(town: Town) -> list[tuple[str, int, str]]:
    """Who heard of which rung, and since when nobody had answered."""
    return [(e.team, e["rung"], e["since"]) for e in town.escalations(flow="F09")]


async def test_an_update_every_day_does_not_put_off_who_hears_that_nobody_answered() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    first = ed_discharged(tom)
    await town.publish(first)
    for day in (1, 2, 3):
        await town.advance(working_days=1)
        assert (
            heard(town)
            == [
                ("hv-lead", 1, MORNING.isoformat()),
                ("nn-community", 2, MORNING.isoformat()),
            ][: day - 1]
        ), "each rung on its day, once"
        await town.publish(update_of(first, sequence(day), diagnosis=f"Version {day}"))
    assert {by for one in town.inbox("hv-north")[:3] for by in one.asks.values()} == {"2026-03-18T09:00:00+00:00"}
    await town.advance(working_days=10)
    again = heard(town)[2:]
    assert [rung for _, rung, _ in again] == [1, 2], "when the ladder had ended the newer version began one of its own"


async def test_who_has_answered_has_the_whole_time_again_for_what_is_new() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    first = ed_discharged(tom)
    await town.publish(first)
    await town.advance(working_days=1)
    await town.receipt(town.letter("hv-north"), "acted")
    await town.publish(update_of(first, diagnosis="Fracture"))
    began = town.hands.now
    await town.advance(working_days=1)
    assert heard(town) == []
    await town.advance(working_days=1)
    assert heard(town) == [("hv-lead", 1, began.isoformat())]


async def test_who_is_told_for_the_first_time_by_a_correction_has_all_of_the_time() -> None:
    tom, bo = child("Tom", age=3), child("Bo", age=4)
    town = Town(family(mother=adult(), children=[tom]), family(mother=adult(), children=[bo]))
    first = ed_discharged(tom)
    await town.publish(first)
    await town.advance(working_days=1)
    await town.publish(update_of(first, subjects=[bo.subject()]))
    assert [w.child for w in town.withdrawals("hv-north")] == [tom.id]
    began = town.hands.now
    await town.advance(working_days=2)
    assert heard(town) == [("hv-lead", 1, began.isoformat())]
