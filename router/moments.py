"""Days and times as a person reads them: London time, with the day's name (screens.md, part 2)."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from router.policy.working_time import LONDON


@lru_cache(maxsize=4096)
def day_of(at: datetime) -> date:
    """The calendar day of an aware moment, in London: whatever offset its sender wrote it with, it is one day."""
    return at.astimezone(LONDON).date()


def day_written(at: str) -> str:
    """The same of a moment as it is kept, as ISO; a family's history asks for hundreds."""
    if at.endswith("+00:00") and at[11:13] != "23":  # London is never further than an hour from UTC
        return at[:10]
    return day_of(datetime.fromisoformat(at)).isoformat()


def day_words(day: date) -> str:
    """'Wednesday 21 September 2016'."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def time_words(at: time) -> str:
    """'5:30pm', '9am', 'midday'; never an invented midnight."""
    if (at.hour, at.minute) == (12, 0):
        return "midday"
    hour = at.hour % 12 or 12
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{hour}{minutes}{'am' if at.hour < 12 else 'pm'}"


def moment_words(at: datetime) -> str:
    """'Wednesday 21 September 2016, 5:30pm', in London; `at` is aware."""
    local = at.astimezone(LONDON)
    return f"{day_words(local.date())}, {time_words(local.time())}"


def short_words(at: datetime) -> str:
    """'Wed 21 Sep 2016 5:30pm', for tables."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b} {local.year} {time_words(local.time())}"


def length_words(length: timedelta) -> str:
    """'3 days 4 hours', '1 hour 20 minutes', '5 minutes': the two largest units, never negative."""
    seconds = max(0, int(length.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    units = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    first = next((i for i, (count, _) in enumerate(units) if count), None)
    if first is None:
        return "less than a minute"
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in units[first : first + 2] if count]
    return " ".join(said)


def due_words(due: datetime, now: datetime) -> str:
    """'1 hour 20 minutes overdue', or 'in 2 days'."""
    return f"{length_words(now - due)} overdue" if due < now else f"in {length_words(due - now)}"
