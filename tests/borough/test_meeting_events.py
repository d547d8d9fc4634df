"""What the borough publishes of meetings about children is accepted, for children of every kind."""

from collections.abc import Callable
from random import Random

import pytest

from deploy.borough import Borough
from deploy.borough import meeting_events as events
from deploy.borough.published import Published
from router.directory import Cover
from tests.borough.taking import START, codes

BUILDERS = (
    events.early_help,
    events.supervision,
    events.liaison,
    events.conference_called,
    lambda *a: events.conference_report(*a, conference="conf-1"),
    lambda *a: events.conference_minutes(*a, conference="conf-1"),
)


@pytest.mark.parametrize("build", BUILDERS)
def test_an_event_about_any_child_is_accepted(borough: Borough, cover: Cover, build: Callable[..., Published]) -> None:
    rng = Random(4)
    of_each_kind = [c for c in borough.children if not {"area", "practice"} <= borough.people[c].keys()]
    for child in (*borough.children[::19], *of_each_kind, *borough.unborn):
        assert codes(build(borough, child, START, rng), cover) == []


def test_the_options_of_builders_are_accepted(borough: Borough, cover: Cover) -> None:
    rng, child = Random(4), borough.children[0]
    said = [
        events.early_help(borough, child, START, rng, by="camhs", change="reviewed", version=2, assessment_id="eh-1"),
        events.early_help(borough, child, START, rng, change="closed", version=3, services=("SWITCH", "CASH")),
        events.supervision(borough, child, START, rng, by="asm", owners=()),
        events.liaison(borough, child, START, rng, by="midwives", owners=("GP", "CAMHS")),
        events.conference_called(borough, child, START, rng, in_days=0.5, also=("CASH",)),
        *(
            events.conference_report(borough, child, START, rng, conference="conf-1", by=by)
            for by in ("sn", "asm", "camhs", "midwives")
        ),
    ]
    assert [codes(one, cover) for one in said] == [[]] * len(said)


def test_a_review_is_a_record_of_its_own_and_each_services_report_too(borough: Borough) -> None:
    rng, child = Random(4), borough.children[0]
    first = events.early_help(borough, child, START, rng, assessment_id="eh-1")
    again = events.early_help(borough, child, START, rng, change="reviewed", assessment_id="eh-1")
    reports = [events.conference_report(borough, child, START, rng, conference="c-1", by=by) for by in ("hv", "sn")]
    records = {one.event["data"]["record_id"] for one in (first, again, *reports)}
    assert len(records) == 4
