"""The calendar day is London's, whoever wrote the moment and with whatever offset (rules B, H6; F05, F25)."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from router.moments import day_of
from tests.stories import Town
from tests.story_events import birth_notified, dart_notified, ed_attendance, ed_discharged, flag_changed
from tests.story_people import adult, child, family, flag, unborn

MIDNIGHTS = {
    "in winter": (datetime(2026, 1, 14, 0, 0, tzinfo=UTC), "2026-01-13", "2026-01-14"),
    "in summer": (datetime(2026, 7, 14, 23, 0, tzinfo=UTC), "2026-07-14", "2026-07-15"),
    "of the night when the clocks go forward": (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), "2026-03-28", "2026-03-29"),
    "after it": (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), "2026-03-29", "2026-03-30"),
    "of the night when they go back": (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), "2026-10-24", "2026-10-25"),
    "after that": (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), "2026-10-25", "2026-10-26"),
}
OFFSETS = [UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-8)), timezone(timedelta(hours=5, minutes=30))]
SECOND = timedelta(seconds=1)
midnights = pytest.mark.parametrize(("midnight", "before", "after"), MIDNIGHTS.values(), ids=MIDNIGHTS.keys())


@midnights
def test_the_day_turns_at_londons_midnight_whatever_the_offset(midnight: datetime, before: str, after: str) -> None:
    for offset in OFFSETS:
        days = [day_of((midnight + d).astimezone(offset)).isoformat() for d in (-SECOND, SECOND * 0, SECOND)]
        assert days == [before, after, after], offset


@midnights
async def test_a_flag_since_today_is_live_from_the_first_second_of_the_day(
    midnight: datetime, before: str, after: str
) -> None:
    """And rows, answers and summaries agree on it: a plan begun today counts in the department tonight."""
    for at, live in ((midnight - SECOND, []), (midnight, ["child-protection-plan"])):
        tom = child("Tom", age=3, flags=[flag(since=after)])
        town = Town(family(mother=adult(), children=[tom]), at=at)
        hurt = ed_discharged(tom)
        await town.publish(hurt, ed_attendance(tom))
        assert [[f["kind"] for f in x["flags"]] for x in town.status("ed", "live-flags")] == [live], at
        assert [f["kind"] for f in town.letter("hv-north")["flags"]] == live, at
        assert ("mash" in town.told(hurt)) is bool(live), at


@midnights
async def test_an_ended_flag_is_not_live_from_the_first_second_of_its_last_day(
    midnight: datetime, before: str, after: str
) -> None:
    for at, live in ((midnight - SECOND, 1), (midnight, 0)):
        tom = child("Tom", age=3, flags=[flag(since="2025-01-01", ended=after)])
        town = Town(family(mother=adult(), children=[tom]), at=at)
        await town.publish(ed_attendance(tom))
        (answer,) = town.status("ed", "live-flags")
        assert len(answer["flags"]) == live, at


@midnights
async def test_a_child_is_five_from_the_first_second_of_the_birthday_however_the_moment_is_written(
    midnight: datetime, before: str, after: str
) -> None:
    born = day_of(midnight).replace(year=2021)
    for at, team in ((midnight - SECOND, "hv-north"), (midnight, "sn-north"), (midnight + SECOND, "sn-north")):
        for offset in OFFSETS:
            tom = child("Tom", born=born, school=None)
            town = Town(family(mother=adult(), children=[tom]), at=at)
            hurt = ed_discharged(tom, time=at.astimezone(offset).isoformat())
            await town.publish(hurt)
            assert town.told(hurt) & {"hv-north", "sn-north"} == {team}, (at, offset)


async def test_a_baby_born_after_londons_midnight_has_that_day_for_its_birthday_whatever_the_offset() -> None:
    for written in ("2026-06-30T23:30:00+00:00", "2026-07-01T00:30:00+01:00"):
        ada = adult("Ada")
        town = Town(family(mother=ada, children=[unborn()]), at=datetime(2026, 7, 1, 9, tzinfo=UTC))
        baby = {"order": 1, "outcome": "live", "born_at": written}
        bea = child("Bea").subject(nhs_number=None, nhs_number_status="07", birth_date={"absent": "not-recorded"})
        await town.publish(birth_notified(ada, babies=[baby], subjects=[ada.subject("mother"), bea]))
        (told,) = {x["child"]["birth_date"] for x in town.inboxes.of("summary")}
        assert told == "2026-07-01"


async def test_an_earlier_event_is_told_with_the_day_that_a_person_would_name() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]), at=datetime(2026, 7, 15, 9, tzinfo=UTC))
    await town.publish(dart_notified(tom, time="2026-07-14T23:30:00+00:00"))
    await town.publish(dart_notified(tom, time="2026-07-15T08:00:00+00:00"))
    (earlier,) = town.inbox("hv-north")[1]["context"]["earlier"]
    assert earlier["dates"] == ["2026-07-15"]
    raised = flag_changed(tom, "child-protection-plan", since="2026-07-15")
    await town.publish(raised)
    assert town.told(raised)


def test_nobody_takes_the_day_of_a_moment_in_another_way() -> None:
    """One helper, so that no path has a day of its own; these work on the wall's time, which they made themselves."""
    own = {"router/moments.py", "router/policy/working_time.py"}
    root = Path(__file__).parents[2]
    files = [p for folder in ("router", "adapters") for p in (root / folder).rglob("*.py")]
    taken = {str(p.relative_to(root)) for p in files if re.search(r"\.date\(\)|\.at\[:10\]", p.read_text())}
    assert taken == own
