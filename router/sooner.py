"""A clock that must be met before something begins: what is asked before a meeting is not due after it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from router.events import Event
from router.plan import Step
from router.policy.working_time import Calendar, Term, run_on, time_left

Steps = tuple[Step, ...]
Ladder = Callable[[datetime], Steps]


def in_time(before: tuple[str, Term], event: Event, steps: Steps, now: datetime, by: Calendar, ladder: Ladder) -> Steps:
    """The rungs, none after the moment in that field of the event, and the first so long before it at the latest.

    Where less is left the first is due now; where that moment has passed, each later one has its own time after it.
    `ladder`: the same rungs with the first at another time."""
    begins, ahead = getattr(event.data, before[0]), before[1]
    left = time_left(ahead.unit, now, begins, by) - timedelta(hours=ahead.count)
    latest = run_on(ahead.unit, now, left, by) if left > timedelta(0) else now
    if latest < steps[0].due:
        steps = ladder(latest)
    if begins <= steps[0].due:
        return steps
    return tuple(Step(min(s.due, begins), s.owner) for s in steps)
