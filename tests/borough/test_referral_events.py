"""What the borough publishes around referrals is accepted, for children of every kind."""

from random import Random

import pytest

from deploy.borough import Borough
from deploy.borough import referral_events as events
from router.directory import Cover
from tests.borough.taking import START, codes


def some_children(borough: Borough) -> list[str]:
    return [*borough.children[::29], *borough.unborn[::5]]


def test_a_referral_and_what_comes_of_it_are_accepted_of_any_child_born_or_not(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for child in some_children(borough):
        called = events.telephone_referral(borough, child, START, rng)
        call = called.event["data"]["call_id"]
        written = events.referral(borough, child, START, rng, call_id=call)
        decided = events.referral_outcome(borough, child, START, rng, referral_id=written.event["data"]["referral_id"])
        assert codes(called, cover) == codes(written, cover) == codes(decided, cover) == []


def test_an_escalation_and_its_answer_are_accepted_of_any_child(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for child in some_children(borough):
        raised = events.escalated(borough, child, START, rng)
        answered = events.escalation_answered(
            borough, child, START, rng, escalation_id=raised.event["data"]["escalation_id"]
        )
        assert codes(raised, cover) == codes(answered, cover) == []


@pytest.mark.parametrize("by", ["ed-adult", "midwives", "hv", "sn", "asm", "camhs", "midwives-sandwell"])
def test_any_service_of_the_borough_may_refer(borough: Borough, cover: Cover, by: str) -> None:
    rng = Random(4)
    assert codes(events.referral(borough, borough.children[0], START, rng, by=by), cover) == []
