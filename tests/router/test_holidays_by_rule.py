"""England's bank holidays and working time against rules of their own, year by year and step by step (counted)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from router.policy.working_time import (
    LONDON,
    Term,
    bank_holidays,
    days,
    hours,
    is_working_day,
    run_on,
    same_working_day,
    time_left,
    working_days,
    working_hours,
)
from tests.counted import (
    DAY,
    PROCLAIMED,
    SATURDAY,
    STEP,
    SUNDAY,
    counted_days,
    counted_hours,
    easter,
    off,
    office_time,
    wall,
    works,
)

YEARS = range(2000, 2100)


@pytest.mark.parametrize("year", YEARS)
def test_the_bank_holidays_of_a_year_are_those_of_the_rules_and_the_proclamations(year: int) -> None:
    closed = {d for d in bank_holidays(year) if d.weekday() not in (SATURDAY, SUNDAY) and d.year == year}
    assert closed == off(year)
    assert len(off(year)) == 8 + len(PROCLAIMED.get(year, "").split())


def test_each_day_of_a_hundred_years_is_worked_or_not_as_the_rules_say() -> None:
    day = date(YEARS[0], 1, 1)
    while day.year in YEARS:
        assert is_working_day(day) == works(day), day
        day += DAY


# Time, counted


def changes(year: int) -> tuple[date, date]:
    """The last Sundays of March and October, on which the clocks change."""
    spring, autumn = (
        next(d for n in range(7) if (d := date(year, month, 31) - n * DAY).weekday() == SUNDAY) for month in (3, 10)
    )
    return spring, autumn


TIMES = ("00:30", "01:30", "08:55", "09:00", "09:05", "12:00", "16:55", "17:00", "23:55")


def awkward(year: int) -> list[datetime]:
    """Moments of the last working days before the clock changes and holidays, and of those days themselves."""
    found = {d - before * DAY for d in changes(year) for before in (0, 2)}
    found |= {d - before * DAY for d in off(year) for before in (0, 1)}
    moments = [datetime.combine(d, time.fromisoformat(t), LONDON).astimezone(UTC) for d in sorted(found) for t in TIMES]
    return moments[year % 10 :: 10]  # nine times a day: in the course of the years each day meets each time


@pytest.mark.parametrize("year", YEARS)
def test_working_days_and_hours_are_what_a_walk_through_the_calendar_counts(year: int) -> None:
    for start in awkward(year):
        for n in (1, 2, 5):
            assert working_days(n).due(start) == counted_days(start, n), (start, n)
        for some in (0.5, 9):
            assert working_hours(some).due(start) == counted_hours(start, some), (start, some)
        wait = counted_hours(start, 1 / 12) - STEP  # the same working day ends at five of the first that is left
        assert wall(same_working_day().due(start)) == datetime.combine(wall(wait).date(), time(17))


@pytest.mark.parametrize("year", YEARS)
def test_what_a_pause_leaves_is_the_office_time_that_was_left(year: int) -> None:
    spring, autumn = changes(year)
    at = ("08:55", "12:00", "16:55", "17:00")[year % 4]
    for day in ((spring, date(year, 12, 25)), (autumn, easter(year)))[year // 4 % 2]:
        began = datetime.combine(day - 4 * DAY, time.fromisoformat(at), LONDON).astimezone(UTC)
        due = counted_hours(began, 20)
        for later in (0, 1):
            stopped = began + later * DAY
            left = office_time(stopped, due)
            assert time_left("working hours", stopped, due) == left
            going_on = stopped + 5 * DAY
            assert run_on("working hours", going_on, left) == counted_hours(going_on, left / timedelta(hours=1))


@pytest.mark.parametrize("year", YEARS)
def test_an_hour_is_an_hour_and_a_day_the_same_time_on_the_wall_through_both_clock_changes(year: int) -> None:
    for sunday, length in zip(changes(year), (23, 25), strict=True):
        noon = datetime.combine(sunday - DAY, time(12), LONDON).astimezone(UTC)
        assert days(1).due(noon) - noon == timedelta(hours=length)
        assert wall(days(1).due(noon)) == wall(noon) + DAY
        assert wall(hours(24).due(noon)) - wall(noon) == timedelta(hours=48 - length)
        assert wall(days(28).due(noon)) == wall(noon) + 28 * DAY


SECONDS: list[tuple[Term, str, str]] = [
    (working_days(1), "2026-03-27 08:59:59", "2026-03-30 09:00:00"),  # the Friday before the clocks go forward
    (working_days(1), "2026-03-27 09:00:00", "2026-03-30 09:00:00"),
    (working_days(1), "2026-03-27 09:00:01", "2026-03-30 09:00:01"),
    (working_days(1), "2026-03-27 23:59:59", "2026-03-30 23:59:59"),
    (working_days(1), "2026-03-28 00:00:00", "2026-03-31 09:00:00"),  # Saturday begins: it counts from Monday
    (working_days(1), "2026-04-02 23:59:59", "2026-04-07 23:59:59"),
    (working_days(1), "2026-04-03 00:00:00", "2026-04-08 09:00:00"),  # Good Friday begins
    (working_hours(1), "2026-04-02 15:59:59", "2026-04-02 16:59:59"),
    (working_hours(1), "2026-04-02 16:00:00", "2026-04-02 17:00:00"),
    (working_hours(1), "2026-04-02 16:00:01", "2026-04-07 09:00:01"),
    (working_hours(1), "2026-04-02 16:59:59", "2026-04-07 09:59:59"),
    (working_hours(1), "2026-04-02 17:00:00", "2026-04-07 10:00:00"),
    (working_hours(1), "2026-10-26 08:59:59", "2026-10-26 10:00:00"),  # the Monday after they go back
    (working_hours(1), "2026-10-26 09:00:01", "2026-10-26 10:00:01"),
    (same_working_day(), "2026-10-23 16:59:59", "2026-10-23 17:00:00"),
    (same_working_day(), "2026-10-23 17:00:00", "2026-10-26 17:00:00"),
    (same_working_day(), "2026-10-23 17:00:01", "2026-10-26 17:00:00"),
    (days(1), "2026-03-28 01:30:00", "2026-03-29 02:30:00"),  # half past one does not come: it is half past two
    (days(1), "2026-10-24 01:30:00", "2026-10-25 01:30:00"),
    (hours(1), "2026-03-29 00:59:59", "2026-03-29 02:59:59"),
    (hours(24), "2026-10-24 12:00:00", "2026-10-25 11:00:00"),
]


@pytest.mark.parametrize(("term", "start", "due"), SECONDS, ids=[f"{t.words} from {s}" for t, s, _ in SECONDS])
def test_a_second_before_at_and_after_the_hours_and_days_that_count(term: Term, start: str, due: str) -> None:
    found = term.due(datetime.fromisoformat(start).replace(tzinfo=LONDON))
    assert wall(found) == datetime.fromisoformat(due)
