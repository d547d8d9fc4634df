"""Ages and periods as people type them: '4h' ago, and two ends of which one comes first."""

import re
from datetime import datetime, timedelta

from deploy.commands.ends import USAGE, Ended


def age(text: str | None) -> timedelta | None:
    """'30m', '4h' or '2d' as a length of time."""
    if text is None:
        return None
    unit = {"m": "minutes", "h": "hours", "d": "days"}.get(text[-1:])
    if unit is None or not re.fullmatch("[0-9]{1,5}", text[:-1]):
        raise Ended(USAGE, "That is not an age.", "Write 30m, 4h or 2d.")
    return timedelta(**{unit: int(text[:-1])})


def ago(length: timedelta | None, now: datetime) -> datetime | None:
    """The moment so long before now."""
    return None if length is None else now - length


def in_order(since: datetime | None, until: datetime) -> None:
    """A period that ends before it begins holds nothing, and would read as if nothing had happened."""
    if since is not None and since >= until:
        mend = "Give a --since that is before --until and before now; the day of --until is not part of the period."
        raise Ended(USAGE, "The period ends before it begins.", mend)


def overlapping(within: timedelta | None, older: timedelta | None) -> None:
    """Nothing was kept both within an age and longer ago than another that is as long."""
    if within is not None and older is not None and within <= older:
        raise Ended(USAGE, "Nothing is of both ages.", "Give --within the longer one, such as --within 2d --older 4h.")
