"""Working days and hours, England's bank holidays, and the terms that clocks are set to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
OPENS = time(9)
CLOSES = time(17)
_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """England's working days, but for some; made by `calendar`, so that what is reckoned on it is remembered."""

    off: frozenset[date]
    """Days on which nobody works although others do: a holiday announced late, one of an organisation's own."""
    on: frozenset[date]
    """Days on which people work although others do not: a bank holiday that was moved."""


@lru_cache(maxsize=256)
def calendar(off: frozenset[date] = frozenset(), on: frozenset[date] = frozenset()) -> Calendar:
    """The calendar with these days; for the same days the same one."""
    return Calendar(off, on)


ENGLAND = calendar()


@lru_cache(maxsize=8192)
def is_working_day(day: date, by: Calendar = ENGLAND) -> bool:
    """Monday to Friday, and no bank holiday in England; the calendar's own days come before both."""
    if day in by.on:
        return True
    return day.weekday() < 5 and day not in by.off and day not in bank_holidays(day.year)


@lru_cache(maxsize=8192)
def _working_day_after(day: date, count: int, by: Calendar) -> date:
    while count:
        day += _DAY
        if is_working_day(day, by):
            count -= 1
    return day


@lru_cache(maxsize=8192)
def _first_working_day(day: date, by: Calendar) -> date:
    return day if is_working_day(day, by) else _working_day_after(day, 1, by)


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON)


def add_working_days(start: datetime, count: int, by: Calendar = ENGLAND) -> datetime:
    """The same time of day, `count` working days on; what starts before 09:00 or on a day off counts from the next
    09:00 of a working day, so that what starts later never runs out earlier.

    `start` is aware; the answer is in UTC. Kept across the clock change: local time is what a team sees."""
    local = start.astimezone(LONDON)
    day, at = local.date(), max(local.time().replace(fold=0), OPENS)
    if not is_working_day(day, by):
        day, at = _first_working_day(day, by), OPENS
    return _local(_working_day_after(day, count, by), at).astimezone(UTC)


def add_working_hours(start: datetime, hours: float, by: Calendar = ENGLAND) -> datetime:
    """`hours` of 09:00–17:00 on working days after `start` (aware); the answer is in UTC."""
    left = timedelta(hours=hours)
    local = start.astimezone(LONDON)
    day = _first_working_day(local.date(), by)
    at = max(local.time().replace(fold=0), OPENS) if day == local.date() else OPENS
    while True:
        room = datetime.combine(day, CLOSES) - datetime.combine(day, min(at, CLOSES))
        if left <= room:
            end = datetime.combine(day, min(at, CLOSES)) + left
            return end.replace(tzinfo=LONDON).astimezone(UTC)
        left -= room
        day, at = _working_day_after(day, 1, by), OPENS


Unit = Literal["working days", "working hours", "hours", "days", "months", "ends of working days", "weeks' gestation"]
_SPAN = {"working days": timedelta(hours=15), "working hours": timedelta(hours=8)}
"""How much of a working day counts, from 09:00 on: a due time of so many days may stand at any hour till midnight."""


def time_left(unit: Unit, since: datetime, due: datetime, by: Calendar = ENGLAND) -> timedelta:
    """How much of a term's own time lies between two aware moments; nothing where it has run out."""
    if unit in _SPAN:
        (day, at), (last, end) = _in_working_time(unit, since, by), _in_working_time(unit, due, by)
        left = end - at
        while day < last:
            day, left = _working_day_after(day, 1, by), left + _SPAN[unit]
        return max(left, timedelta(0)) if day == last else timedelta(0)
    if unit in ("days", "months"):
        return max(_wall(due) - _wall(since), timedelta(0))
    return max(due.astimezone(UTC) - since.astimezone(UTC), timedelta(0))


def run_on(unit: Unit, start: datetime, left: timedelta, by: Calendar = ENGLAND) -> datetime:
    """When what was left of a term runs out (UTC), if it goes on at `start`; the inverse of `time_left`."""
    if unit in _SPAN:
        day, at = _in_working_time(unit, start, by)
        at += left
        while at > _SPAN[unit] or (at == _SPAN[unit] and unit == "working days"):
            day, at = _working_day_after(day, 1, by), at - _SPAN[unit]
        return (datetime.combine(day, OPENS) + at).replace(tzinfo=LONDON).astimezone(UTC)
    if unit in ("days", "months"):
        return (_wall(start) + left).replace(tzinfo=LONDON).astimezone(UTC)
    return start.astimezone(UTC) + left


def _wall(moment: datetime) -> datetime:
    return moment.astimezone(LONDON).replace(tzinfo=None)


def _in_working_time(unit: Unit, moment: datetime, by: Calendar) -> tuple[date, timedelta]:
    """The working day a moment counts to, and how much of that day has gone by then."""
    wall = _wall(moment)
    if not is_working_day(wall.date(), by):
        return _first_working_day(wall.date(), by), timedelta(0)
    gone = wall - datetime.combine(wall.date(), OPENS)
    return wall.date(), min(max(gone, timedelta(0)), _SPAN[unit])


def add_months(start: datetime, months: int) -> datetime:
    """The same day and time of day so many calendar months on, or the month's last day where it has no such day.

    `start` is aware; the answer is in UTC."""
    local = start.astimezone(LONDON)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - _DAY).day
    return _local(date(year, month + 1, min(local.day, last)), local.time()).astimezone(UTC)


def end_of_working_day(start: datetime, count: int, by: Calendar = ENGLAND) -> datetime:
    """17:00 of the `count`th working day, the one that `start` (aware) falls in the first of them; in UTC.

    What starts at 17:00 or later, or on a day off, counts from the next working day."""
    local = start.astimezone(LONDON)
    day = _first_working_day(local.date(), by)
    if day == local.date() and local.time().replace(fold=0) >= CLOSES:
        day = _working_day_after(day, 1, by)
    return _local(_working_day_after(day, count - 1, by), CLOSES).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Term:
    """How long somebody has: a number of a unit, or until a week of gestation."""

    unit: Unit
    count: float

    def due(self, start: datetime, expected_date: date | None = None, by: Calendar = ENGLAND) -> datetime:
        """When it runs out (UTC), from `start` (aware); gestation needs the expected date of delivery."""
        return _due(self, start, expected_date, by)

    def reckoned(self, start: datetime, expected_date: date | None, by: Calendar) -> datetime:
        """What `due` remembers: all events of a batch start their clocks at one moment."""
        if self.unit == "working days":
            return add_working_days(start, int(self.count), by)
        if self.unit == "working hours":
            return add_working_hours(start, self.count, by)
        if self.unit == "hours":
            return start.astimezone(UTC) + timedelta(hours=self.count)
        if self.unit == "days":
            local = start.astimezone(LONDON)
            return _local(local.date() + timedelta(days=int(self.count)), local.time()).astimezone(UTC)
        if self.unit == "ends of working days":
            return end_of_working_day(start, int(self.count), by)
        if self.unit == "months":
            return add_months(start, int(self.count))
        if expected_date is None:
            return add_working_days(start, 2, by)
        week = _local(expected_date - timedelta(weeks=40 - self.count), OPENS).astimezone(UTC)
        return max(week, add_working_days(start, 2, by))

    @property
    def words(self) -> str:
        """The term as a person says it."""
        if self.unit == "weeks' gestation":
            return f"before {self.count:g} weeks' gestation"
        if self.unit == "ends of working days":
            later = f", {self.count - 1:g} working days on" if self.count > 1 else ""
            return f"by the end of the same working day{later}"
        unit = self.unit if self.count != 1 else self.unit.removesuffix("s")
        return f"within {self.count:g} {unit}"


@lru_cache(maxsize=4096)
def _due(term: Term, start: datetime, expected_date: date | None, by: Calendar) -> datetime:
    return term.reckoned(start, expected_date, by)


def working_days(count: int) -> Term:
    """This many working days, to the same time of day."""
    return Term("working days", count)


def working_hours(count: float) -> Term:
    """This many hours of 09:00–17:00 on working days."""
    return Term("working hours", count)


def hours(count: float) -> Term:
    """This many hours by the clock, nights and holidays included."""
    return Term("hours", count)


def days(count: int) -> Term:
    """This many calendar days, to the same local time."""
    return Term("days", count)


def months(count: int) -> Term:
    """This many calendar months, to the same day and local time."""
    return Term("months", count)


def same_working_day() -> Term:
    """By 17:00 of the working day on which it comes; of the next one, where it comes after that or on a day off."""
    return Term("ends of working days", 1)


def before_gestation(weeks: int) -> Term:
    """Until this week of the pregnancy; never less than two working days."""
    return Term("weeks' gestation", weeks)
