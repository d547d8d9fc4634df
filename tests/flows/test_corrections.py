"""A correction gives nobody who has not answered more time; who heard of the silence hears what was taken back."""

from tests.stories import Town
from tests.story_events import cancel_of, ed_discharged, update_of
from tests.story_people import MORNING, adult, child, family
from tests.story_referral_events import sexual_health_concern, with_more_sexual_health


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


async def test_who_heard_that_nobody_had_answered_hears_of_the_cancellation() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]))
    first = ed_discharged(tom, diagnosis="Somebody else's fracture")
    await town.publish(first)
    await town.advance(working_days=3)
    tasks = {t.task.id for t in town.tasks("unanswered")}
    told = town.escalations()
    assert {"hv-lead", "nn-community"} <= {e.team for e in told}
    assert tasks

    await town.publish(cancel_of(first))

    gone = {w["withdraws"]: w for w in town.withdrawals()}
    for one in told:
        assert (gone[one.id].team, gone[one.id].child) == (one.team, tom.id)
        assert set(gone[one.id]["event"]) == {"id", "type", "time"}, "least content: what it was is not said"
        assert town.state(one) == "replaced"
    assert {w.team for w in gone.values()} == {"gp-castle", "hv-north", "pln"} | {e.team for e in told}
    assert town.tasks() == []
    for id in tasks:
        closed = town.ledger.store.tasks[id]
        assert (closed.state, closed.closed_by, closed.reason) == ("closed", "Sharewell", "the event was cancelled")
    await town.publish(cancel_of(first, sequence(9)))
    assert len(town.withdrawals()) == len(gone), "once"


async def test_who_heard_of_a_silence_hears_when_a_correction_takes_the_recipient_away_and_not_otherwise() -> None:
    tom, bo = child("Tom", age=3), child("Bo", age=4)
    town = Town(family(mother=adult(), children=[tom]), family(mother=adult(), children=[bo]))
    first = ed_discharged(tom)
    await town.publish(first)
    await town.advance(working_days=3)
    await town.publish(update_of(first, sequence(1), diagnosis="Fracture"))
    assert town.withdrawals() == [], "they are waited for still"
    assert town.tasks("unanswered")
    await town.publish(update_of(first, sequence(2), subjects=[bo.subject()]))
    assert {"hv-lead", "nn-community"} <= {w.team for w in town.withdrawals()}
    assert town.tasks("unanswered") == []


async def test_who_was_not_told_which_child_is_not_told_by_the_cancellation_either() -> None:
    ann = child("Ann", age=15)
    town = Town(family(mother=adult(), children=[ann]), teams=with_more_sexual_health())
    first = sexual_health_concern(ann)
    await town.publish(first)
    await town.advance(working_days=10)
    told = [e for e in town.escalations() if e["child"] is None]
    assert told
    await town.publish(cancel_of(first))
    gone = {w["withdraws"]: w for w in town.withdrawals()}
    assert all(gone[one.id]["child"] == {"person": "unnamed"} for one in told)
    assert not any(ann.id.encode() in gone[one.id].raw for one in told)
