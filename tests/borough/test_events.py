"""What the borough publishes: every builder's events are accepted, for people of every kind."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest

from deploy.borough import Borough, events, parts, places
from deploy.borough.find import children_of, parent_of, restricted
from deploy.borough.published import Published
from router.accept import Refused
from router.directory import Cover
from router.events import Event, Received
from router.receipts import accept_receipt
from tests.borough.taking import START, codes, taken

ABOUT_CHILD = (
    events.ed_arrival,
    events.ed_discharge,
    events.left_before_treatment,
    events.was_not_brought,
    events.flag,
    events.gp_changed,
    events.address_changed,
    events.school_changed,
    events.nhs_superseded,
    events.placement,
    events.health_assessment,
    events.sdq,
    events.assessment_paused,
)
ABOUT_ADULT = (
    events.adult_ed,
    events.parent_registered,
    events.parent_disengaged,
    events.parent_discharged,
    events.dart_notified,
    events.pregnancy_notified,
    events.address_changed,
    events.gp_changed,
)


@pytest.mark.parametrize("build", ABOUT_CHILD)
def test_an_event_about_any_child_is_accepted(borough: Borough, cover: Cover, build: Callable[..., Published]) -> None:
    rng = Random(4)
    of_each_kind = [c for c in borough.children if not {"area", "practice"} <= borough.people[c].keys()]
    for child in (*borough.children[::9], *of_each_kind):
        assert codes(build(borough, child, START, rng), cover) == []


@pytest.mark.parametrize("build", ABOUT_ADULT)
def test_an_event_about_any_mother_is_accepted(borough: Borough, cover: Cover, build: Callable[..., Published]) -> None:
    rng = Random(4)
    mothers = {borough.people[c]["mother"] for c in borough.children if "mother" in borough.people[c]}
    for mother in sorted(mothers)[::9]:
        assert codes(build(borough, mother, START, rng), cover) == []


def test_an_event_about_any_unborn_child_is_accepted(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    for unborn in borough.unborn:
        assert codes(events.handover(borough, unborn, START, rng), cover) == []
        assert codes(events.birth(borough, unborn, START, rng, babies=2), cover) == []
        assert codes(events.flag(borough, unborn, START, rng, kind="unborn-plan"), cover) == []


def test_the_options_of_builders_are_accepted(borough: Borough, cover: Cover) -> None:
    rng, child = Random(4), borough.children[0]
    infant = next(c for c in borough.children if borough.age(borough.people[c]) == 0)
    mother = parent_of(borough, child)
    said = [
        events.infant_injury(borough, infant, START, rng),
        events.infant_injury(borough, infant, START, rng, reviewed=True),
        events.infant_reviewed(borough, infant, START, rng, attendance="att-1"),
        events.ed_discharge(borough, child, START, rng, by="ed-adult", lean=True),
        events.ed_arrival(borough, child, START, rng, lean=True),
        events.was_not_brought(borough, child, START, rng, by="camhs"),
        events.pln_form(borough, child, START, rng, attendance="att-1"),
        events.pln_form(borough, mother, START, rng, attendance="att-1"),
        events.dart_outcome(borough, mother, START, rng, dart_ref="dart-1", risk="high"),
        events.pregnancy_notified(borough, mother, START, rng, booking="concealed", weeks=36, by="midwives-sandwell"),
        events.address_changed(borough, mother, START, rng, restricted=True),
        events.school_changed(borough, child, START, rng, education="between-schools"),
        events.caseload_changed(borough, child, START, rng, team="hv-lye", ended=True),
        events.flag(borough, child, START, rng, kind="cse-risk", change="ended"),
        events.placement(borough, child, START, rng, change="left-care"),
        events.placement(borough, child, START, rng, change="moved", authority=places.SANDWELL, days_late=30),
        events.placement(borough, child, START, rng, restricted=True),
        events.health_assessment(borough, child, START, rng, kind="leaving-care", by="sn"),
        events.sdq(borough, child, START, rng, total=25, before=20, by="camhs"),
        events.assessment_paused(borough, child, START, rng, change="resumed"),
        events.plan_action_done(borough, child, START, rng, action="a-1"),
        events.info_requested(borough, child, START, rng, assessment="a-1"),
        *(
            events.info_provided(borough, child, START, rng, assessment="a-1", by=by, held=held)
            for by in ("amh", "asm", "sn", "midwives")
            for held in (True, False)
        ),
        *(events.adult_ed(borough, mother, START, rng, asked=a) for a in ("not-asked", "asked-refused", "asked-none")),
    ]
    assert [codes(one, cover) for one in said] == [[]] * len(said)


def test_overrides_replace_fields_and_attributes(borough: Borough, cover: Cover) -> None:
    said = events.ed_discharge(
        borough, borough.children[0], START, Random(4), diagnosis="Sprain", correlationid="thread-7"
    )
    assert said.event["data"]["diagnosis"] == "Sprain"
    assert said.event["correlationid"] == "thread-7"
    assert codes(said, cover) == []


def test_an_update_and_a_cancellation_follow_their_record(borough: Borough, cover: Cover) -> None:
    rng = Random(4)
    first = events.ed_discharge(borough, borough.children[0], START, rng)
    later = events.update_of(first, START + timedelta(hours=1), rng, diagnosis="Fracture")
    gone = events.cancel_of(first, START + timedelta(hours=2), rng)
    for follows, action in ((later, "update"), (gone, "cancel")):
        event = taken(follows, cover)
        assert isinstance(event, Event)
        assert event.action == action
        assert event.id != first.id
        assert event.data.record_id == first.event["data"]["record_id"]
        assert int(event.sequence or 0) > int(first.event["sequence"])


def test_the_lean_discharge_is_small(borough: Borough) -> None:
    rng = Random(4)
    sizes = [len(events.ed_discharge(borough, c, START, rng, lean=True).value) for c in borough.children]
    assert sum(sizes) / len(sizes) < 1500


@pytest.mark.parametrize("state", ["collected", "validated", "matched", "acknowledged", "filed", "acted", "not-ours"])
def test_a_receipt_of_every_state_is_accepted(borough: Borough, state: str) -> None:
    delivery = "6f9619ff-8b86-4011-b42d-00c04fc964ff"
    said = events.receipt(borough, "hv-lye", delivery, state, START, Random(4))
    read = accept_receipt(Received("hv-lye", said.value, said.key, "receipts.hv-lye", 0, 0))
    assert not isinstance(read, Refused)
    assert (read.team, read.delivery, read.state) == ("hv-lye", delivery, state)


def test_a_hidden_family_gives_no_place_away(borough: Borough) -> None:
    hidden = next(c for c in borough.children if restricted(borough, borough.people[c]))
    subject = events.ed_discharge(borough, hidden, START, Random(4)).event["data"]["subjects"][0]
    assert subject["home_authority"] == subject["gp_practice"] == subject["school"] == {"absent": "withheld"}


def test_children_of_an_adult_are_found_in_both_homes(borough: Borough) -> None:
    fathers = [a for c in borough.children for a, r in borough.people[c].get("parents", ()) if r == "father"]
    assert all(children_of(borough, father) for father in fathers)


def test_the_parts_of_an_event_about_a_child_are_drawn_in_the_order_by_which_a_seed_stays_the_same(
    borough: Borough,
) -> None:
    child = borough.children[0]
    years = borough.age(borough.people[child])
    one, other = Random(7), Random(7)
    made = parts.of_a_child(borough, "hv", child, one, "Health visitor", share=0.5)
    assert made["publisher_contact"] == parts.contact(borough, "hv", other, "Health visitor")
    assert made["voice_of_child"] == parts.voice(other, years)
    assert made["concern"] == parts.concern(other, 0.5)
    assert one.random() == other.random()
    assert parts.of_a_child(borough, "hv", child, one, "x", share=None)["concern"] == {"absent": "none"}
    assert list(made) == ["publisher_contact", "subjects", "lawful_basis", "consent", "voice_of_child", "concern"]
