"""England's bank holidays and working time against a rule of their own, year by year and step by step.

The code asks a library for the holidays and jumps from working day to working day. Here the holidays follow from the
rules and the proclamations, and time is counted five minutes at a time."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

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

YEARS = range(2000, 2100)
DAY = timedelta(days=1)
STEP = timedelta(minutes=5)
SATURDAY, SUNDAY, MONDAY = 5, 6, 0
PROCLAIMED = {
    2002: "06-03",  # the Golden Jubilee
    2011: "04-29",  # a royal wedding
    2012: "06-05",  # the Diamond Jubilee
    2022: "06-03 09-19",  # the Platinum Jubilee, the late Queen's funeral
    2023: "05-08",  # the coronation
}
MOVED = {
    2002: ("05-27", "06-04"),
    2012: ("05-28", "06-04"),
    2020: ("05-04", "05-08"),  # Victory in Europe, 75 years on
    2022: ("05-30", "06-02"),
}


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    r = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * r) // 451
    month, day = divmod(h + r - 7 * m + 114, 31)
    return date(year, month, day + 1)


def monday(year: int, month: int, *, last: bool = False) -> date:
    """The first or last Monday of a month."""
    found = [d for n in range(31) if (d := date(year, month, 1) + n * DAY).month == month and d.weekday() == MONDAY]
    return found[-1] if last else found[0]


@cache
def off(year: int) -> frozenset[date]:
    """The days of a year, not Saturdays or Sundays, on which England's offices are closed."""
    new_year, christmas, boxing = date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)
    found = {easter(year) - 2 * DAY, easter(year) + DAY}
    found |= {monday(year, 5), monday(year, 5, last=True), monday(year, 8, last=True)}
    found.add(new_year + {SATURDAY: 2, SUNDAY: 1}.get(new_year.weekday(), 0) * DAY)
    # Christmas on a Saturday: Monday and Tuesday; on a Sunday: Boxing Day's own Monday, and Tuesday for Christmas
    found.add(christmas + {SATURDAY: 2, SUNDAY: 2}.get(christmas.weekday(), 0) * DAY)
    found.add(boxing + {SATURDAY: 2, SUNDAY: 2}.get(boxing.weekday(), 0) * DAY)
    if year in MOVED:
        was, now = (date.fromisoformat(f"{year}-{day}") for day in MOVED[year])
        found = found - {was} | {now}
    return frozenset(found | {date.fromisoformat(f"{year}-{day}") for day in PROCLAIMED.get(year, "").split()})


@cache
def works(day: date) -> bool:
    return day.weekday() not in (SATURDAY, SUNDAY) and day not in off(day.year)


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


def wall(moment: datetime) -> datetime:
    """What a clock on the wall in London shows."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


def changes(year: int) -> tuple[date, date]:
    """The last Sundays of March and October, on which the clocks change."""
    spring, autumn = (
        next(d for n in range(7) if (d := date(year, month, 31) - n * DAY).weekday() == SUNDAY) for month in (3, 10)
    )
    return spring, autumn


def opens_next(start: datetime) -> datetime:
    """When the working day (09:00 to midnight, for terms in days) next goes on from here."""
    moment = start
    while not (works(wall(moment).date()) and wall(moment).time() >= time(9)):
        moment += STEP
    return moment


def counted_days(start: datetime, n: int) -> datetime:
    """The same time on the wall, so many working days on, one midnight after another."""
    at = wall(opens_next(start))
    day = at.date()
    while n:
        day += DAY
        n -= works(day)
    return datetime.combine(day, at.time(), LONDON).astimezone(UTC)


@cache
def in_office(moment: datetime) -> bool:
    at = wall(moment)
    return 9 <= at.hour < 17 and works(at.date())


def counted_hours(start: datetime, n: float) -> datetime:
    """The end of the last of so many five minutes in the office."""
    moment, left = start, n * 60 / 5
    while left:
        left -= in_office(moment)
        moment += STEP
    return moment


def office_time(since: datetime, until: datetime) -> timedelta:
    """The time in the office between two moments."""
    return sum((STEP for n in range((until - since) // STEP) if in_office(since + n * STEP)), timedelta(0))


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
