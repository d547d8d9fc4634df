"""The calendar from rules of its own, and time counted five minutes at a time: what terms are held against.

The code asks a library for England's holidays and jumps from working day to working day. Here the holidays follow from
the rules and the proclamations, and nothing jumps."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from router.policy.working_time import Term

LONDON = ZoneInfo("Europe/London")
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


# Time, counted


def wall(moment: datetime) -> datetime:
    """What a clock on the wall in London shows."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


@cache
def opens_next(start: datetime) -> datetime:
    """When the working day (09:00 to midnight, for terms in days) next goes on from here."""
    moment = start
    while not (works(wall(moment).date()) and wall(moment).time() >= time(9)):
        moment += STEP
    return moment


@cache
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


@cache
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


def counted_months(start: datetime, n: int) -> datetime:
    """The same day of the month and time on the wall, or the last day of a month that has no such day."""
    at = wall(start)
    month = at.replace(day=1)
    while n:
        month += 31 * DAY
        month, n = month.replace(day=1), n - 1
    days = [d for k in range(31) if (d := month.date() + k * DAY).month == month.month and d.day <= at.day]
    return datetime.combine(days[-1], at.time(), LONDON).astimezone(UTC)


def counted(term: Term, start: datetime, expected: date | None = None) -> datetime:
    """When a term runs out, from a whole five minutes on."""
    start = start.astimezone(UTC)
    assert start.minute % 5 == start.second == 0, start
    if term.unit == "working days":
        return counted_days(start, int(term.count))
    if term.unit == "working hours":
        return counted_hours(start, term.count)
    if term.unit == "hours":
        return start + timedelta(hours=term.count)
    if term.unit == "days":
        return datetime.combine(wall(start).date() + term.count * DAY, wall(start).time(), LONDON).astimezone(UTC)
    if term.unit == "months":
        return counted_months(start, int(term.count))
    if term.unit == "ends of working days":
        last = counted_days(counted_hours(start, 1 / 12) - STEP, int(term.count) - 1)
        return datetime.combine(wall(last).date(), time(17), LONDON).astimezone(UTC)
    if term.unit == "weeks' gestation":
        two_days = counted_days(start, 2)
        if expected is None:
            return two_days
        week = datetime.combine(expected - (40 - term.count) * 7 * DAY, time(9), LONDON).astimezone(UTC)
        return max(week, two_days)
    raise AssertionError(f"nobody has counted {term.unit} yet")
