"""One referral document for three siblings, sent as three events under its one record id.

A cancellation that names one of them must not take the letters about the others from those who act on them."""

from tests.stories import Town
from tests.story_events import Said, cancel_of, update_of
from tests.story_people import Person, adult, child, family
from tests.story_referral_events import referral

DOCUMENT = "document-1"


async def referred() -> tuple[Town, Person, list[Person], list[Said]]:
    """A town in which three siblings have been referred, each with their mother."""
    mother, three = adult("Tam"), [child("Bea", age=2), child("Kit", age=7), child("Lou", age=9)]
    town = Town(family(mother=mother, children=three))
    said = [referral(one, mother, record_id=DOCUMENT) for one in three]
    for one in said:
        await town.publish(one)
    return town, mother, three, said


async def test_the_sender_hears_at_once_that_the_record_id_stands_for_others() -> None:
    town, _, _, said = await referred()
    told = {
        e["event_id"]: p for e in town.status("ed", "quality") for p in e["problems"] if p["code"] != "not-recorded"
    }
    assert set(told) == {said[1].id, said[2].id}
    assert {p["code"] for p in told.values()} == {"record-id-of-others"}
    assert not any(name in str(told) for name in ("Bea", "Kit", "Lou"))
    assert [e["event_id"] for e in town.status("ed", "accepted")] == [one.id for one in said], "and each is routed"
    assert town.refusals() == []


async def test_a_cancellation_takes_back_the_one_child_whom_it_names() -> None:
    town, _, (bea, kit, lou), said = await referred()
    had = town.told(said[1], about=kit)
    await town.publish(cancel_of(said[1]))
    assert {(x.team, x.child) for x in town.withdrawals()} == {(team, kit.id) for team in had}
    for one in (bea, lou):
        assert {c.state for c in town.clocks(child=one)} == {"running"}
    assert "running" not in {c.state for c in town.clocks(child=kit)}


async def test_what_names_none_of_them_takes_nothing_back_and_climbs_until_somebody_has_said_what_it_is_of() -> None:
    town, mother, three, said = await referred()
    ann = child("Ann", age=5)
    await town.publish(update_of(said[0], "5", subjects=[mother.subject("mother"), ann.subject()]))
    assert town.withdrawals() == []
    for one in three:
        assert {c.state for c in town.clocks(child=one)} == {"running"}
    (letter,) = {
        x["child"]["name"]["given"] for x in town.inboxes.of("summary") if x.child not in {c.id for c in three}
    }
    assert letter == "Ann", "the rest of it is routed"
    (task,) = town.tasks("conflict")
    assert task.task.owner == "emergency"
    (clock,) = [c for c in town.clocks() if c.clock.task == task.task.id]
    await town.advance(working_days=3)
    (clock,) = [c for c in town.clocks() if c.clock.task == task.task.id]
    assert [r.owner for r in clock.fired] == ["emergency", "nn-hospital"]
