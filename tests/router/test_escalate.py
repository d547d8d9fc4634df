"""Who hears when nobody answered: looked up when the clock fires, and never nobody."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from router.directory import Cover, PersonDoc
from router.escalate import climb, owner_of
from router.ledger import Climb, Firing
from router.plan import Clock, Step
from tests.story_people import MORNING
from tests.story_teams import BIRMINGHAM, directory

ID = "00000000-0000-4000-8000-000000000001"
COVER = Cover.read(1, directory())
WHO: PersonDoc = {"name": {"family": "Story", "given": "Tom"}, "born": "2023-01-01", "authority": "E08000027"}


def firing(
    *owners: str,
    team: str | None = "hv-north",
    rung: int = 0,
    publisher: str = "ed",
    doc: PersonDoc | None = WHO,
    task: str | None = None,
) -> Firing:
    """A clock of a working day a rung that has run out at this rung."""
    steps = tuple(Step(MORNING + timedelta(days=n), owner) for n, owner in enumerate(owners))
    clock = Clock(
        ID, "F09", "1.23", "health visiting team acknowledges", "child-1", team, ID, "acknowledge", MORNING, steps,
        task=task,
    )  # fmt: skip
    return Firing(clock, rung, ID, publisher, doc)


def fired(one: Firing, cover: Cover = COVER, now: datetime = MORNING) -> Climb:
    return climb(one, cover, now)


def test_a_team_that_leads_itself_is_not_told_of_its_own_silence_and_the_next_hears_at_once() -> None:
    alone = Cover.read(1, directory(hv_north={"lead": "hv-north"}))
    first = fired(firing("lead", "service:NN"), alone)
    assert (first.delivery, first.tasks, first.next_due) == (None, (), MORNING)
    last = fired(firing("lead"), alone)
    assert last.delivery is not None, "where nobody comes after it, it is told once more"
    assert [t.kind for t in last.tasks] == ["unanswered"]


@pytest.mark.parametrize(
    ("owner", "team", "publisher", "told"),
    [
        ("lead", "hv-north", "ed", "hv-lead"),
        ("lead", "sn-birmingham", "ed", "nn-birmingham"),
        ("lead", None, "ed", None),
        ("publisher", "hv-north", "ed", "emergency"),
        ("publisher", None, "nobody", None),
        ("desk", None, "nobody", "desk"),
        ("service:NN", "hv-north", "ed", "nn-community"),
        ("service:NN", None, "ed", "nn-hospital"),
        ("service:NN", "nobody", "ed", "nn-hospital"),
        ("service:PLN", "hv-north", "ed", "pln"),
        ("service:DART", "hv-north", "ed", "dart"),
        ("service:MASH", "hv-birmingham", "midwives-birmingham", "mash-birmingham"),
        ("service:PHARMACY", "hv-north", "ed", None),
    ],
)
def test_an_owner_is_looked_up_in_todays_directory(
    owner: str, team: str | None, publisher: str, told: str | None
) -> None:
    one = firing(owner, team=team, publisher=publisher)
    if publisher == "midwives-birmingham":
        one = replace(one, child_doc={**WHO, "authority": BIRMINGHAM})
    assert owner_of(owner, one.clock, COVER, one) == told


def test_a_team_whose_receipt_was_refused_is_the_one_that_hears() -> None:
    """Its clock names no publisher of events, but the team on whose topic it came."""
    one = firing("publisher", "service:NN", team=None, publisher="hv-north", doc=None, task=ID)
    assert owner_of("publisher", one.clock, COVER, one) == "hv-north"
    assert owner_of("service:NN", one.clock, COVER, one) == "nn-community"


def test_the_first_rung_tells_its_owner_and_sets_the_second() -> None:
    done = fired(firing("lead", "service:NN"))
    assert done.delivery is not None
    assert (done.delivery.team, done.delivery.kind, done.delivery.child) == ("hv-lead", "escalation", "child-1")
    assert (done.tasks, done.next_due) == ((), MORNING + timedelta(days=1))
    said = orjson.loads(done.delivery.body)["data"]
    assert (said["rung"], said["rungs"], said["unanswered_by"], said["flow"]) == (1, 2, "HV NORTH", "F09")
    assert said["child"] == {"person": "child-1", "name": WHO["name"], "birth_date": "2023-01-01"}
    assert said["words"] == "health visiting team acknowledges"
    assert b"E08000027" not in done.delivery.body, "who it is about, and nothing else of the file"


def test_the_last_rung_leaves_a_task_with_its_owner() -> None:
    done = fired(firing("lead", "service:NN", rung=1))
    assert done.next_due is None
    assert [(t.kind, t.owner, t.child) for t in done.tasks] == [("unanswered", "nn-community", "child-1")]


def test_a_tasks_own_clock_makes_no_task_of_a_task() -> None:
    done = fired(firing("desk", task=ID))
    assert (done.tasks, done.next_due) == ((), None)


def test_where_nobody_is_found_it_climbs_at_once_and_the_desk_has_a_task() -> None:
    done = fired(
        firing("lead", "service:NN", team="mash-birmingham"), Cover.read(2, directory(without={"nn-birmingham"}))
    )
    assert done.delivery is None
    assert [(t.kind, t.owner) for t in done.tasks] == [("nobody-found", "desk")]
    assert done.next_due == MORNING, "without waiting for the rung that nobody heard"
    (waits,) = done.clocks
    assert (waits.task, waits.steps) == (done.tasks[0].id, (Step(MORNING + timedelta(days=1), "desk"),)), "rule G"


def test_where_nobody_is_found_for_the_last_rung_there_are_two_tasks_and_both_are_somebodys() -> None:
    done = fired(firing("lead", team=None))
    assert [(t.kind, t.owner) for t in done.tasks] == [("nobody-found", "desk"), ("unanswered", "desk")]
    assert len({t.id for t in done.tasks}) == 2


def test_without_a_desk_it_is_the_publishers_team() -> None:
    none = Cover.read(2, directory(without={"desk"}))
    assert [t.owner for t in fired(firing("lead", team=None), none).tasks] == ["emergency", "emergency"]


def test_a_worker_that_was_away_tells_the_next_rung_now_and_never_in_the_past() -> None:
    late = MORNING + timedelta(days=5)
    assert fired(firing("lead", "service:NN"), now=late).next_due == late


def test_the_same_rung_always_makes_the_same_delivery_and_task() -> None:
    one = firing("lead", "service:NN", rung=1)
    assert fired(one) == fired(one)
    other: Any = fired(replace(one, rung=0)).delivery
    assert other.id != getattr(fired(one).delivery, "id", None)


def test_who_leads_the_team_and_comes_after_its_lead_is_told_once() -> None:
    """The lead of MASH is its named nurse."""
    first = fired(firing("lead", "service:NN", "desk", team="mash"))
    assert first.delivery is not None
    assert first.delivery.team == "nn-community"
    second = fired(firing("lead", "service:NN", "desk", team="mash", rung=1))
    assert second.delivery is None
    assert second.tasks == ()
    assert second.next_due == MORNING, "the next is told at once"
    third = fired(firing("lead", "service:NN", "desk", team="mash", rung=2))
    assert third.delivery is not None
    assert third.delivery.team == "desk"
    last = fired(firing("lead", "service:NN", team="mash", rung=1))
    assert last.delivery is None
    assert [(t.kind, t.owner) for t in last.tasks] == [("unanswered", "nn-community")], "it stays open with them"
    assert fired(firing("lead", "service:NN", rung=1)).delivery is not None, "hv-lead is somebody else"


def test_the_desk_of_the_organisation_is_the_one_wherever_it_is_asked() -> None:
    teams = directory()
    desk = next(t for t in teams["teams"] if t["id"] == "desk")
    another = {**desk, "id": "desk-hospital", "organisation": "RNA"}
    cover = Cover.read(1, {**teams, "teams": [*teams["teams"], another]})
    one = firing("desk", publisher="ed")
    assert owner_of("desk", one.clock, cover, one) == "desk-hospital" == cover.desk("ed")
    assert cover.desk("dart") == "desk"
    assert cover.desk("hv-north") == "desk", "of an organisation without one: the area's"
    none = Cover.read(1, {**teams, "teams": [t for t in teams["teams"] if t["id"] != "desk"]})
    assert (none.desk("ed"), none.desk("hv-north")) == ("emergency", "hv-north")


@pytest.mark.parametrize(
    ("owner", "team", "read"),
    [
        ("lead", "sn-north", "SN NORTH"),
        ("service:NN", "sn-north", "SN NORTH"),
        ("lead", "gp-castle", "GP CASTLE"),
        ("service:NN", "gp-castle", "GP practice"),
        ("publisher", "sn-north", "school nursing team"),
        ("service:PLN", "sn-north", "school nursing team"),
    ],
)
def test_where_whereabouts_are_withheld_no_teams_name_tells_them(owner: str, team: str, read: str) -> None:
    """A practice has no named nurse of its own: that of the hospital hears, and must not learn which practice it is."""
    hidden: PersonDoc = {"name": WHO["name"], "born": WHO["born"], "restricted": True}
    told = fired(firing(owner, team=team, doc=hidden)).delivery
    assert told is not None
    assert orjson.loads(told.body)["data"]["unanswered_by"] == read
    open_to_all = fired(firing(owner, team=team)).delivery
    assert open_to_all is not None
    assert orjson.loads(open_to_all.body)["data"]["unanswered_by"] == COVER.name(team)


def test_where_only_the_event_says_that_whereabouts_are_withheld_no_teams_name_tells_them_either() -> None:
    told = fired(replace(firing("service:PLN", team="sn-north"), withheld=True)).delivery
    assert told is not None
    assert orjson.loads(told.body)["data"]["unanswered_by"] == "school nursing team"
    assert b"north" not in told.body.lower()


def test_where_nobody_at_all_works_the_desk_the_clock_still_climbs() -> None:
    """The worker must not end over it: every other clock waits for it."""
    bare = Cover.read(2, directory(without={"desk", "emergency"}))
    done = fired(firing("desk", "service:NN", team=None), bare)
    assert (done.delivery, done.next_due, done.clocks) == (None, MORNING, ())
    assert [t.kind for t in done.tasks] == ["nobody-found"]
