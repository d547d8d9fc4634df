"""What follows from an event as a whole: a heartbeat has no effect, and the same facts make the same plan."""

from router.decide import decide
from router.policy.book import rule_book
from tests.stories import Town
from tests.story_events import Said, cancel_of, dart_notified, dart_outcome, ed_discharged, update_of
from tests.story_people import adult, child, family


def heartbeat(of: Said) -> Said:
    """The same as a test event."""
    return Said({**of.event, "testevent": True}, of.by)


async def test_a_heartbeat_is_kept_and_answered_and_has_no_other_effect() -> None:
    mum, tom = adult("Ada"), child("Tom", age=3)
    town = Town(family(mother=mum, children=[tom]))
    notified, attended = dart_notified(tom, mum), ed_discharged(tom)
    await town.publish(notified, attended)
    clocks, told, tasks = town.clocks(), town.told(), town.tasks()
    beats = [
        heartbeat(said)
        for said in (
            ed_discharged(tom, subjects=[tom.subject(nhs_number_status="02")]), update_of(attended),
            cancel_of(attended), dart_outcome(notified),
        )
    ]  # fmt: skip

    taken = await town.publish(*beats)

    assert len(taken.accepted) == 4
    assert {v.detail for beat in beats for v in town.verdicts(beat)} == {"a heartbeat: never in a person's queue"}
    assert [e["kind"] for e in town.status("ed")].count("accepted") == 4
    assert (town.clocks(), town.told(), town.tasks()) == (clocks, told, tasks)
    assert town.withdrawals() == []
    await town.publish(ed_discharged(tom))
    counts = {e["what"]: e["count"] for e in town.inbox("hv-north", tom)[-1]["context"]["earlier"]}
    assert counts["ED attendance"] == 1, "and counts as no attendance"


async def test_the_same_event_and_facts_make_the_same_plan_byte_for_byte() -> None:
    mum, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9)
    town = Town(family(mother=mum, children=[tom, ann]))
    await town.publish(ed_discharged(tom))
    for said in (ed_discharged(tom), dart_notified([tom, ann], mum)):
        (kept,) = (await town.publish(said)).accepted
        again = decide(kept.event, kept.facts, rule_book())
        assert again == kept.plan
        bodies = await town.ledger.bodies(kept.event.id, kept.event.publisher)
        assert bodies is not None
        restored = decide(bodies.event, bodies.facts, rule_book())
        assert [d.body for d in restored.deliveries] == [d.body for d in kept.plan.deliveries]
        assert restored.clocks == kept.plan.clocks


async def test_every_row_of_the_policy_ends_in_an_outcome_for_every_child() -> None:
    mum, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9, practice=None)
    town = Town(family(mother=mum, children=[tom, ann]))
    said = dart_notified([tom, ann], mum)
    await town.publish(said)
    policy = rule_book().of("dart-notified-1")
    assert policy is not None
    for one in (tom, ann):
        assert [v.row for v in town.verdicts(said, one)] == list(range(len(policy.shares)))
    assert {v.outcome for v in town.verdicts(said)} == {"told", "not-applicable", "nobody-found"}
