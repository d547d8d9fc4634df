"""Working days and hours: England's holidays, the clock change, and never early."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.policy.working_time import (
    LONDON,
    Term,
    add_working_days,
    add_working_hours,
    bank_holidays,
    before_gestation,
    days,
    hours,
    is_working_day,
    run_on,
    same_working_day,
    time_left,
    working_days,
    working_hours,
)


def at(text: str) -> datetime:
    """A moment of London's time, written '2026-03-16 09:00'."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def london(moment: datetime) -> str:
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("year", "dates"),
    [
        (2016, "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27"),
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28"),
    ],
)
def test_no_bank_holiday_of_england_is_a_working_day(year: int, dates: str) -> None:
    off = {date.fromisoformat(f"{year}-{day}") for day in dates.split()}
    assert not any(is_working_day(day) for day in off)
    weekdays = {day for day in bank_holidays(year) if day.weekday() < 5}
    assert {day for day in weekdays if day.year == year} == off


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-16 09:00", 2, "2026-03-18 09:00"),
        ("2026-03-13 16:40", 1, "2026-03-16 16:40"),
        ("2026-03-13 23:59", 1, "2026-03-16 23:59"),
        ("2026-03-13 03:40", 1, "2026-03-16 09:00"),
        ("2026-03-14 03:40", 1, "2026-03-17 09:00"),
        ("2026-03-15 23:00", 2, "2026-03-18 09:00"),
        ("2026-04-02 15:00", 1, "2026-04-07 15:00"),
        ("2026-04-03 10:00", 1, "2026-04-08 09:00"),
        ("2026-12-24 12:00", 2, "2026-12-30 12:00"),
        ("2026-03-27 10:00", 1, "2026-03-30 10:00"),
        ("2026-10-23 10:00", 1, "2026-10-26 10:00"),
    ],
)
def test_a_working_day_later_is_the_same_time_of_day(start: str, count: int, due: str) -> None:
    assert london(add_working_days(at(start), count)) == due


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-16 09:00", 4, "2026-03-16 13:00"),
        ("2026-03-16 15:30", 4, "2026-03-17 11:30"),
        ("2026-03-16 07:00", 1, "2026-03-16 10:00"),
        ("2026-03-16 20:00", 1, "2026-03-17 10:00"),
        ("2026-03-13 16:59", 0.5, "2026-03-16 09:29"),
        ("2026-03-14 12:00", 8, "2026-03-16 17:00"),
        ("2026-03-16 09:00", 48, "2026-03-23 17:00"),
        ("2026-04-02 16:00", 2, "2026-04-07 10:00"),
    ],
)
def test_working_hours_are_those_of_the_office(start: str, count: float, due: str) -> None:
    assert london(add_working_hours(at(start), count)) == due


def test_hours_and_days_by_the_clock_run_through_nights_and_the_clock_change() -> None:
    assert hours(4).due(at("2026-03-28 23:00")) == at("2026-03-28 23:00").astimezone(UTC) + timedelta(hours=4)
    assert london(days(1).due(at("2026-03-28 23:00"))) == "2026-03-29 23:00"
    assert days(1).due(at("2026-03-28 23:00")) - at("2026-03-28 23:00") == timedelta(hours=23)
    assert london(days(28).due(at("2026-10-01 08:00"))) == "2026-10-29 08:00"


def test_a_week_of_gestation_is_counted_back_from_the_expected_date_and_leaves_two_working_days() -> None:
    due = before_gestation(34).due(at("2026-03-16 09:00"), date(2026, 8, 3))
    assert london(due) == "2026-06-22 09:00", "six weeks before"
    assert london(before_gestation(34).due(at("2026-07-20 12:00"), date(2026, 8, 3))) == "2026-07-22 12:00"
    assert london(before_gestation(34).due(at("2026-07-20 12:00"))) == "2026-07-22 12:00", "no date is known"


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (working_days(1), "within 1 working day"),
        (working_days(2), "within 2 working days"),
        (working_hours(0.5), "within 0.5 working hours"),
        (hours(48), "within 48 hours"),
        (days(1), "within 1 day"),
        (before_gestation(34), "before 34 weeks' gestation"),
    ],
)
def test_a_term_says_itself(term: Term, words: str) -> None:
    assert term.words == words


MOMENTS = st.datetimes(datetime(2016, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
TERMS = st.one_of(
    st.integers(1, 40).map(working_days),
    st.integers(1, 200).map(working_hours),
    st.integers(1, 200).map(hours),
    st.integers(1, 60).map(days),
    st.integers(20, 40).map(before_gestation),
)


@given(MOMENTS, TERMS)
def test_nothing_runs_out_before_it_starts_and_working_time_ends_in_working_time(start: datetime, term: Term) -> None:
    due = term.due(start)
    assert due > start
    assert due.utcoffset() == timedelta(0)
    if term.unit.startswith("working"):
        assert is_working_day(due.astimezone(LONDON).date())


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=10)), TERMS)
def test_what_starts_later_runs_out_no_earlier(start: datetime, later: timedelta, term: Term) -> None:
    an_hour_that_is_not = timedelta(hours=term.unit == "days")  # 01:30 of the day the clocks go forward
    assert term.due(start) <= term.due(start + later) + an_hour_that_is_not


@given(MOMENTS, st.integers(1, 30))
def test_so_many_working_days_lie_between(start: datetime, count: int) -> None:
    due = add_working_days(start, count)
    first, last = start.astimezone(LONDON).date(), due.astimezone(LONDON).date()
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    begins = 0 if is_working_day(first) else 1
    assert sum(is_working_day(day) for day in between) == count + begins


PAUSABLE = TERMS.filter(lambda term: term.unit != "weeks' gestation")


@given(MOMENTS, PAUSABLE, st.floats(0, 1), st.timedeltas(timedelta(0), timedelta(days=40)))
def test_a_pause_gives_back_what_was_left_and_not_a_second_more(
    start: datetime, term: Term, part: float, pause: timedelta
) -> None:
    due = term.due(start)
    stopped = min(due, start + timedelta(seconds=round((due - start).total_seconds() * part)))
    left = time_left(term.unit, stopped, due)
    assert run_on(term.unit, stopped, left) == due, "a pause of no length changes nothing"
    going_on = run_on(term.unit, stopped + pause, left)
    assert going_on >= due - timedelta(hours=term.unit == "days")  # the hour that is not, in spring
    assert time_left(term.unit, stopped + pause, going_on) == left


@given(MOMENTS, PAUSABLE)
def test_the_time_left_at_the_start_is_the_whole_term(start: datetime, term: Term) -> None:
    assert run_on(term.unit, start, time_left(term.unit, start, term.due(start))) == term.due(start)


@pytest.mark.parametrize(
    ("unit", "stopped", "due", "on", "then"),
    [
        ("working days", "2026-03-27 10:00", "2026-03-31 10:00", "2026-04-02 10:00", "2026-04-08 10:00"),  # Easter
        ("working hours", "2026-03-27 16:00", "2026-03-30 10:00", "2026-03-31 16:30", "2026-04-01 10:30"),
        ("hours", "2026-03-28 23:00", "2026-03-29 03:00", "2026-03-30 12:00", "2026-03-30 15:00"),  # an hour is missing
        ("days", "2026-03-28 10:00", "2026-03-30 10:00", "2026-03-29 10:00", "2026-03-31 10:00"),
    ],
)
def test_what_was_left_goes_by_the_terms_own_calendar(unit: Any, stopped: str, due: str, on: str, then: str) -> None:
    assert london(run_on(unit, at(on), time_left(unit, at(stopped), at(due)))) == then


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-16 09:00", "2026-03-16 17:00"),
        ("2026-03-16 16:59", "2026-03-16 17:00"),
        ("2026-03-16 17:00", "2026-03-17 17:00"),
        ("2026-03-16 02:00", "2026-03-16 17:00"),
        ("2026-03-20 17:01", "2026-03-23 17:00"),  # Friday evening
        ("2026-03-28 12:00", "2026-03-30 17:00"),  # a Saturday; the clocks change in the night
        ("2026-04-02 18:00", "2026-04-07 17:00"),  # Good Friday and Easter Monday
    ],
)
def test_the_same_working_day_ends_at_five_and_what_comes_later_has_the_next(start: str, due: str) -> None:
    assert london(same_working_day().due(at(start))) == due


def test_a_term_of_the_same_day_reads_so() -> None:
    assert same_working_day().words == "by the end of the same working day"
