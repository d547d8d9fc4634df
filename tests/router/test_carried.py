"""What a correction's clock takes over from the one it replaces."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from router.carried import carried, forerunner, running_as
from router.earlier import Earlier
from router.plan import Clock, Step

START = datetime(2026, 3, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def clock(at: datetime, *terms: int, team: str = "hv-north", child: str | None = "tom") -> Clock:
    """A clock that started then, with a ladder of these hours."""
    steps = tuple(Step(at + n * HOUR, owner) for n, owner in zip(terms, ("lead", "service:NN"), strict=False))
    return Clock("c", "F09", "1.23", "it is seen", child, team, "d", "acknowledge", at, steps)


OLD = clock(START, 24, 48)


def test_of_each_rung_the_earlier_time_holds() -> None:
    shorter = carried(clock(START + 10 * HOUR, 4, 28), running_as(OLD, 0, OLD.due), follows=False)
    assert [s.due for s in shorter.steps] == [START + 14 * HOUR, START + 38 * HOUR]
    longer = carried(clock(START + 10 * HOUR, 72, 90), running_as(OLD, 0, OLD.due), follows=False)
    assert (longer.steps, longer.starts, longer.due) == (OLD.steps, START, START + 24 * HOUR)


def test_what_is_told_to_have_begun_earlier_has_been_waited_for_since_then() -> None:
    earlier = carried(clock(START - 5 * HOUR, 24, 48), running_as(OLD, 0, OLD.due), follows=False)
    assert (earlier.starts, earlier.due) == (START - 5 * HOUR, START + 19 * HOUR)


def test_a_rung_that_was_made_to_fire_early_still_is() -> None:
    hastened = carried(clock(START + 2 * HOUR, 24, 48), running_as(OLD, 1, START + HOUR), follows=False)
    assert (hastened.rung, hastened.due) == (1, START + HOUR)


def test_what_the_event_itself_says_holds_and_an_unchanged_ladder_goes_on() -> None:
    ran = running_as(OLD, 1, OLD.steps[1].due)
    later = clock(START + 10 * HOUR, 24, 48)
    assert carried(later, ran, follows=True) is later
    same = carried(OLD, ran, follows=True)
    assert (same.rung, same.due) == (1, START + 48 * HOUR)


def test_another_team_or_child_or_expectation_has_no_forerunner() -> None:
    earlier = Earlier("1", (), (running_as(OLD, 0, OLD.due),))
    assert forerunner(OLD, earlier, ()) is not None
    assert forerunner(clock(START, 24, team="hv-south"), earlier, ()) is None
    assert forerunner(clock(START, 24, child="ann"), earlier, ()) is None
    assert forerunner(clock(START, 24, child="ann"), earlier, ("tom",)) is not None, "who was known as Tom before"
    assert forerunner(OLD._replace(needs="act"), earlier, ()) is None
    assert forerunner(OLD._replace(words="it is filed"), earlier, ()) is None
    two = replace(earlier, running=(*earlier.running, running_as(OLD, 0, START)))
    found = forerunner(OLD, two, ())
    assert found is not None
    assert found.due == START.isoformat(), "of two that run the one that is due first"
