"""What an organisation has set for itself holds for its own clocks, on its own days, and for nobody else's."""

from datetime import date, datetime, timedelta
from typing import Any

import orjson
import pytest

from adapters.storage.directory_file import MEANINGS, check_file
from contracts.parts.services import Service
from router.explain import explain
from router.policy.book import rule_book
from router.policy.working_time import (
    ENGLAND,
    LONDON,
    add_working_days,
    add_working_hours,
    calendar,
    is_working_day,
)
from router.terms import OwnTerms
from tests.stories import Town
from tests.story_events import dart_notified, ed_discharged
from tests.story_people import adult, child, family
from tests.story_teams import BIRMINGHAM, COMMUNITY, COUNCIL, DUDLEY, NEXT_DOOR, OUTSIDE, directory

ONE_DAY: dict[str, Any] = {
    "organisation": COMMUNITY,
    "flow": "F09",
    "service": "HV",
    "to": "acknowledge",
    "from": "2026-03-17",
    "until": "2026-03-18",
    "within": {"count": 1, "unit": "working days"},
}
LADDER = [{"owner": "desk", "within": {"count": 4, "unit": "working hours"}}, {"owner": "NN"}]


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def set_to(*terms: dict[str, Any], days: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {**directory(), "terms": list(terms), "days": list(days)}


@pytest.mark.parametrize(
    ("kept", "due"),
    [
        ("2026-03-16 10:00", "2026-03-18 10:00"),  # the day before: the rule book's two working days
        ("2026-03-16 23:59", "2026-03-18 23:59"),
        ("2026-03-17 00:00", "2026-03-18 09:00"),  # its first day, from its first minute
        ("2026-03-18 23:59", "2026-03-19 23:59"),  # its last day, to its last minute
        ("2026-03-19 00:00", "2026-03-23 09:00"),  # the day after
    ],
)
async def test_it_holds_for_clocks_that_start_from_its_first_day_to_its_last(kept: str, due: str) -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]), teams=set_to(ONE_DAY), at=london(kept))
    await town.publish(ed_discharged(tom))
    (clock,) = town.clocks(delivery=town.letter("hv-north"))
    assert clock.due == london(due)
    (asked,) = town.letter("hv-north")["asked"]
    assert datetime.fromisoformat(asked["by"]) == clock.due, "what the summary asks is what the clock waits for"


async def test_two_organisations_each_by_its_own_terms() -> None:
    near = child("Tom", age=3)
    far = child("Ann", age=3, area="E05009999", authority=BIRMINGHAM, practice=OUTSIDE, caseload={})
    quick = {**ONE_DAY, "from": "2026-01-01", "until": "2026-12-31", "ladder": LADDER}
    town = Town(
        family(mother=adult(), children=[near]), family(mother=adult(), children=[far]),
        teams={**set_to(quick), "teams": [
            *(t for t in directory()["teams"] if t["id"] != "hv-birmingham"),
            {**next(t for t in directory()["teams"] if t["id"] == "hv-birmingham"), "covers": {"areas": ["E05009999"]}},
        ]},
    )  # fmt: skip
    await town.publish(ed_discharged(near), ed_discharged(far))
    (ours,), (theirs,) = (town.clocks(delivery=town.inbox(t)[0]) for t in ("hv-north", "hv-birmingham"))
    assert [s.owner for s in ours.clock.steps] == ["desk", "service:NN"]
    assert [s.owner for s in theirs.clock.steps] == ["lead", "service:NN"]
    start = town.hands.now
    assert ours.due == add_working_days(start, 1)
    assert ours.clock.steps[1].due == add_working_hours(ours.due, 4), "its own rungs"
    assert theirs.due == add_working_days(start, 2), "another organisation's clocks are the rule book's"

    await town.advance(working_days=1)
    assert [x["to"]["team"] for x in town.escalations(flow="F09")] == ["desk"]
    await town.advance(working_days=1)
    assert [x["to"]["team"] for x in town.escalations(flow="F09")] == ["desk", "nn-community", "nn-birmingham"]


async def test_a_clock_that_an_event_starts_runs_by_the_publishers_terms() -> None:
    tom = child("Tom", age=3)
    outcome = {"organisation": COUNCIL, "flow": "F04", "to": "happen", "from": "2026-01-01",
               "within": {"count": 48, "unit": "hours"}, "ladder": LADDER}  # fmt: skip
    elsewhere = {**outcome, "organisation": NEXT_DOOR, "within": {"count": 9, "unit": "days"}}
    town = Town(family(mother=adult(), children=[tom]), teams=set_to(outcome, elsewhere))
    await town.publish(dart_notified(tom, discussion_due="2026-03-20"))
    (clock,) = [c for c in town.clocks() if c.clock.needs == "happen"]
    assert (clock.due, clock.clock.steps[0].owner) == (london("2026-03-22 09:00"), "desk")


async def test_the_most_particular_entry_holds_and_a_ladder_may_stand_alone() -> None:
    every = {**ONE_DAY, "until": "2026-12-31", "within": {"count": 3, "unit": "working days"}}
    del every["service"], every["to"]
    ladder = {"organisation": COMMUNITY, "flow": "F09", "service": "SN", "from": "2026-01-01", "ladder": LADDER}
    tom, ann = child("Tom", age=3), child("Ann", age=9)
    town = Town(family(mother=adult(), children=[tom, ann]), teams=set_to(every, ONE_DAY, ladder))
    town.hands.advance(timedelta(days=1))
    await town.publish(ed_discharged(tom), ed_discharged(ann))
    (hv,), (sn,) = (town.clocks(delivery=town.letter(t)) for t in ("hv-north", "sn-north"))
    assert hv.due == add_working_days(town.hands.now, 1), "of a flow, and of a service and a doing: the latter"
    assert sn.due == add_working_days(town.hands.now, 2), "a ladder alone leaves the duration as it is"
    assert sn.clock.steps[0].owner == "desk"


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ((), "2026-03-18 09:00"),
        (({"day": "2026-03-17", "working": False, "name": "A holiday announced late"},), "2026-03-19 09:00"),
        (({"day": "2026-03-17", "working": False, "name": "Theirs", "organisation": COUNCIL},), "2026-03-18 09:00"),
        (
            (
                {"day": "2026-03-17", "working": False, "name": "A holiday"},
                {"day": "2026-03-17", "working": True, "name": "Open all the same", "organisation": COMMUNITY},
            ),
            "2026-03-18 09:00",
        ),
    ],
)
async def test_days_of_its_own_and_of_everybody(days: tuple[dict[str, Any], ...], due: str) -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]), teams=set_to(days=days))
    await town.publish(ed_discharged(tom))
    (clock,) = town.clocks(delivery=town.letter("hv-north"))
    assert clock.due == london(due)


def test_a_bank_holiday_that_was_moved_is_worked_and_the_new_day_is_not() -> None:
    moved = calendar(off=frozenset({date(2020, 5, 8)}), on=frozenset({date(2020, 5, 4)}))
    assert [is_working_day(date(2020, 5, d), moved) for d in (1, 2, 4, 8)] == [True, False, True, False]
    assert is_working_day(date(2020, 5, 5))
    assert calendar() is ENGLAND
    friday = london("2026-04-30 12:00")
    assert add_working_days(friday, 2) == london("2026-05-05 12:00")
    early_may = calendar(on=frozenset({date(2026, 5, 4)}))
    assert add_working_days(friday, 2, early_may) == london("2026-05-04 12:00")
    assert add_working_hours(london("2026-05-01 16:00"), 2, early_may) == london("2026-05-04 10:00")


async def test_explain_reads_the_terms_of_then_and_says_whose_they_are() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]), teams=set_to(ONE_DAY), at=london("2026-03-17 10:00"))
    said = ed_discharged(tom)
    await town.publish(said)
    await town.ledger.load_cover(set_to({**ONE_DAY, "within": {"count": 9, "unit": "days"}}))
    kept = await town.ledger.bodies(said.id, "ed")
    assert kept is not None
    found = explain(kept.event, kept.facts, rule_book(), kept.decision["verdicts"])
    (line,) = [c for c in found.clocks if "(hv-north)" in c]
    assert line.endswith("Wednesday 18 March 2026, 10am, as RYW has set it for itself since Tuesday 17 March 2026"), (
        "the version that the event was decided on, not today's"
    )
    assert not any("for itself" in c for c in found.clocks if "(hv-north)" not in c)


def test_where_an_organisation_has_set_nothing_nothing_is_looked_for() -> None:
    own = OwnTerms.read({"terms": [ONE_DAY]})
    assert own.of(NEXT_DOOR, "F09", Service.HV, "acknowledge", london("2026-03-17 10:00")) is None
    assert not own.has(NEXT_DOOR)
    assert own._found == {}
    assert own.calendar(COMMUNITY) is ENGLAND


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"organisation": "NOBODY"}, "unknown-organisation", "terms[0].organisation"),
    ({"organisation": ["RYW"]}, "unknown-organisation", "terms[0].organisation"),
    ({"flow": "F99"}, "no-such-clock", "terms[0]"),
    ({"to": "happen"}, "no-such-clock", "terms[0]"),
    ({"service": "XX"}, "unknown-service", "terms[0].service"),
    ({"service": "CASH"}, "no-such-clock", "terms[0]"),
    ({"from": "2026-02-30"}, "date-form", "terms[0].from"),
    ({"from": "2026-W10-1"}, "date-form", "terms[0].from"),
    ({"until": "2026-03-16"}, "last-before-first", "terms[0].until"),
    ({"within": {"count": 0, "unit": "days"}}, "duration-form", "terms[0].within"),
    ({"within": {"count": 1.5, "unit": "working days"}}, "duration-form", "terms[0].within"),
    ({"within": {"count": True, "unit": "days"}}, "duration-form", "terms[0].within"),
    ({"within": {"count": 2, "unit": "fortnights"}}, "duration-form", "terms[0].within"),
    ({"within": "2 days"}, "duration-form", "terms[0].within"),
    ({"ladder": [{"owner": "lead"}, {"owner": "NN"}]}, "duration-form", "terms[0].ladder[0].within"),
    ({"ladder": [{"owner": "the boss"}]}, "owner-form", "terms[0].ladder[0].owner"),
    ({"ladder": {}}, "wrong-form", "terms[0].ladder"),
    ({"colour": "red"}, "unknown-field", "terms[0]"),
]


def found_in(head: dict[str, Any]) -> list[tuple[str, str]]:
    return [(w.code, w.path) for w in check_file([orjson.dumps({"kind": "cover", **head})]).wrong]


@pytest.mark.parametrize(("changed", "code", "path"), WRONG)
def test_what_is_wrong_is_said_by_code_and_place(changed: dict[str, Any], code: str, path: str) -> None:
    found = found_in(set_to({**ONE_DAY, **changed}))
    assert (code, path) in found
    assert {c for c, _ in found} <= {code, "wrong-form"}
    assert all(c in MEANINGS for c, _ in found)


def test_what_is_missing_or_said_twice_is_said_too() -> None:
    assert found_in(set_to(ONE_DAY)) == []
    bare = {"organisation": COMMUNITY, "flow": "F09", "from": "2026-01-01"}
    assert found_in(set_to(bare)) == [("missing", "terms[0].within or ladder")]
    assert [f for f in found_in(set_to({"within": ONE_DAY["within"]})) if f[0] == "missing"] == [
        ("missing", f"terms[0].{name}") for name in ("organisation", "flow", "from")
    ]
    next_ = {**ONE_DAY, "from": "2026-03-19", "until": "2026-03-30"}
    assert found_in(set_to(ONE_DAY, next_)) == [], "one ends the day before the other begins"
    assert found_in(set_to(ONE_DAY, {**next_, "from": "2026-03-18"})) == [("same-days", "terms[1]")]
    forever = {k: v for k, v in ONE_DAY.items() if k != "until"}
    assert found_in(set_to(forever, next_)) == [("same-days", "terms[1]")]
    assert found_in({**directory(), "terms": {}}) == [("wrong-form", "terms and days")]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ({"day": "2026-13-01", "working": False, "name": "x"}, "date-form"),
        ({"day": "2026-05-04", "working": "no", "name": "x"}, "wrong-form"),
        ({"day": "2026-05-04", "working": False}, "missing"),
        ({"day": "2026-05-04", "working": False, "name": "x", "organisation": "NOBODY"}, "unknown-organisation"),
        ({"day": "2026-05-04", "working": False, "name": "x", "area": DUDLEY}, "unknown-field"),
    ],
)
def test_a_day_is_checked_as_well(day: dict[str, Any], code: str) -> None:
    assert code in {c for c, _ in found_in(set_to(days=(day,)))}
    good = {"day": "2026-05-04", "working": False, "name": "x"}
    assert found_in(set_to(days=(good,))) == []
    assert found_in(set_to(days=(good, good))) == [("twice", "days[1]")]
