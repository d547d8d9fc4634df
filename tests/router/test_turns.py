"""What a new rating does to a ladder of which rungs have fired: the rest hears sooner, never later, nobody twice."""

from datetime import UTC, datetime, timedelta
from itertools import product

import orjson
import pytest

from router.plan import Clock, Step, Turn, Turns
from router.policy.working_time import hours
from router.turns import Course, ladder_from, turned, turns_from, turns_kept

START = datetime(2026, 3, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TABLE = {"red": hours(4), "amber": hours(24), "green": hours(72)}
OWNERS = ("lead", "service:NN", "desk")


def course(rung: int) -> Course:
    """An answer that was due in 24 hours; its lead, the named nurse and the desk have 12 hours after one another."""
    turns = Turns(terms=(hours(24), hours(12), hours(12)), rated_by=("rated",), table=TABLE)
    steps = tuple(Step(START, owner) for owner in OWNERS)
    made = Clock(
        "c", "F14", "3.1", "it is answered", "tom", "gp", "d", "answer", START, steps, thing="m-1", turns=turns
    )
    clock = ladder_from(made, 0, START + 24 * HOUR)
    return Course(clock, rung, clock.steps[rung].due, "running")


def rate(of: Course, rating: str, after: float, kind: str = "rated") -> Course | None:
    return turned(of, Turn(kind, "tom", "m-1", START + after * HOUR, (), None, rating, "mash r-1"))


def dues(of: Course) -> list[float]:
    return [(s.due - START) / HOUR for s in of.clock.steps]


@pytest.mark.parametrize(
    ("rung", "rating", "after", "due"),
    [
        (1, "red", 26, [24, 30, 42]),  # the lead was told at 24: the nurse hears at 30 instead of 36, the desk follows
        (1, "red", 33, [24, 36, 48]),  # from 33 on red gives until 37, and the nurse hears at 36 as it is
        (1, "amber", 26, [24, 36, 48]),
        (1, "green", 26, [24, 36, 48]),  # nobody has more time who had none left
        (1, "red", 2, [24, 28, 40]),  # it came late: the lead has its four hours from when the lead was told
        (2, "red", 38, [24, 36, 42]),
        (2, "red", 47, [24, 36, 48]),
    ],
)
def test_whoever_is_told_next_hears_as_soon_as_the_new_rating_says(
    rung: int, rating: str, after: int, due: list[float]
) -> None:
    anew = rate(course(rung), rating, after)
    assert anew is not None
    assert (dues(anew), anew.rung) == (due, rung)
    assert anew.due == anew.clock.steps[rung].due
    assert anew.clock.turns is not None
    assert anew.clock.turns.past[-1].what == f"rated {rating}", "it is on the clock's record though nothing moved"


def test_no_rating_makes_a_rung_later_or_touches_one_that_fired() -> None:
    for rung, (first, second), after in product((1, 2), product(TABLE, TABLE), range(0, 60, 3)):
        before = course(rung)
        once = rate(before, first, after)
        assert once is not None
        twice = rate(once, second, after + 1)
        assert twice is not None
        for was, now in ((before, once), (once, twice)):
            assert dues(now)[:rung] == dues(was)[:rung]
            assert all(n <= w for n, w in zip(dues(now), dues(was), strict=True))
            assert dues(now) == sorted(dues(now)), "the rungs keep their order"


def test_a_later_rung_that_was_due_soon_after_the_next_stays_where_it_was() -> None:
    of = course(1)
    steps = (*of.clock.steps[:2], Step(START + 37 * HOUR, "desk"))
    anew = rate(Course(of.clock._replace(steps=steps), 1, of.due, "running"), "red", 26)
    assert anew is not None
    assert dues(anew) == [24, 30, 37]


def test_a_rung_that_was_made_to_fire_at_once_still_does_and_the_ladder_is_as_it_was() -> None:
    of = course(1)
    hastened = Course(of.clock, 1, START + 25 * HOUR, "running")
    anew = rate(hastened, "red", 24)
    assert anew is not None
    assert (dues(anew), anew.due) == ([24, 36, 48], START + 25 * HOUR)


def test_taken_back_the_next_rung_is_due_when_it_would_have_been() -> None:
    anew = rate(course(0), "red", 1)
    assert anew is not None
    assert dues(anew) == [5, 17, 29]
    climbed = Course(anew.clock, 1, anew.clock.steps[1].due, "running")
    for one in (climbed, _read_again(climbed)):
        back = rate(one, "red", 6, "cancelled rated")
        assert back is not None
        assert (back.rung, back.due, dues(back)) == (1, START + 36 * HOUR, [24, 36, 48])
    back = rate(anew, "red", 2, "cancelled rated")
    assert back is not None
    assert (back.rung, back.due) == (0, START + 24 * HOUR)


def _read_again(of: Course) -> Course:
    """The same as JSON keeps it."""
    turns = of.clock.turns
    assert turns is not None
    kept = turns_kept(turns)
    again = turns_from(orjson.loads(orjson.dumps(kept)))
    assert again.past == turns.past
    return Course(of.clock._replace(turns=again), of.rung, of.due, of.state)


def test_a_turn_that_was_kept_before_its_rung_was_is_read_as_it_was() -> None:
    anew = rate(course(0), "red", 1)
    assert anew is not None
    assert anew.clock.turns is not None
    kept = orjson.loads(orjson.dumps(turns_kept(anew.clock.turns)))
    kept["past"] = [t[:9] for t in kept["past"]]
    of = anew.clock._replace(turns=turns_from(kept))
    back = rate(Course(of, 0, anew.due, "running"), "red", 2, "cancelled rated")
    assert back is not None
    assert (back.rung, back.due) == (0, START + 24 * HOUR)
