"""A publisher that has gone quiet against its usual rhythm is an alarm with an owner (Q4520)."""

from datetime import timedelta
from typing import Any

from router.policy.working_time import add_working_hours
from tests.stories import Town
from tests.story_events import ed_discharged
from tests.story_people import MORNING, adult, child, family
from tests.story_teams import directory

USUAL = 20.0
"""Working hours between two events of the emergency department: two working days and a half."""
WORDS = "Nothing has come from ed for longer than its usual 20 working hours."


async def heard(**ed: Any) -> Town:
    """A town in which the emergency department was heard on Monday at 09:00."""
    tom = child("Tom", age=3)
    teams = directory(publishers={"ed": {"usual_gap_hours": USUAL, **ed}})
    town = Town(family(mother=adult(), children=[tom]), teams=teams)
    await town.publish(ed_discharged(tom))
    return town


def alarms(town: Town) -> list[tuple[str, str]]:
    """Who was told of the silence, in the order it happened."""
    return [(e.team, e["words"]) for e in town.escalations(flow="F30")]


async def test_its_own_team_hears_when_the_usual_gap_has_passed_and_not_a_minute_before() -> None:
    town = await heard()
    gap = add_working_hours(MORNING, USUAL) - MORNING
    await town.advance(minutes=gap.total_seconds() / 60 - 1)
    assert town.tasks("silent-publisher") == []
    await town.advance(minutes=1)
    await town.advance(minutes=1)
    (task,) = town.tasks("silent-publisher")
    assert (task.task.owner, task.task.words, task.task.child) == ("emergency", WORDS, None)
    assert alarms(town) == [("emergency", WORDS)]


async def test_then_the_desk_hears_then_the_named_nurse_and_the_task_stays_open() -> None:
    town = await heard()
    await town.advance(working_hours=USUAL, minutes=1)
    for told in (["emergency"], ["emergency", "desk"], ["emergency", "desk", "nn-hospital"]):
        await town.advance(minutes=1)
        assert [team for team, _ in alarms(town)] == told
        await town.advance(working_days=1)
    await town.advance(working_days=10)
    assert len(alarms(town)) == 3
    assert len(town.tasks("silent-publisher")) == 1


async def test_a_night_and_a_week_end_are_no_silence() -> None:
    town = await heard(usual_gap_hours=40.0)
    await town.advance(days=6, hours=23)  # Sunday night; Friday at 17:00 was the fortieth hour
    assert len(town.tasks("silent-publisher")) == 1
    town = await heard(usual_gap_hours=41.0)
    await town.advance(days=6, hours=23)
    assert town.tasks("silent-publisher") == []
    await town.advance(hours=2, minutes=1)
    assert len(town.tasks("silent-publisher")) == 1


async def test_whoever_is_known_to_be_away_is_asked_nothing_until_that_day_is_over() -> None:
    away = MORNING.date() + timedelta(days=7)
    town = await heard(quiet_until=away.isoformat())
    await town.advance(days=7, hours=14)
    assert town.tasks("silent-publisher") == []
    await town.advance(hours=2)
    assert len(town.tasks("silent-publisher")) == 1


async def test_who_sends_in_time_is_no_alarm_and_a_second_silence_is_a_second_one() -> None:
    town = await heard()
    for _ in range(3):
        await town.advance(working_hours=USUAL - 1)
        await town.publish(ed_discharged(child("Ann", age=4)))
    assert town.tasks("silent-publisher") == []
    await town.advance(working_hours=USUAL, minutes=1)
    (first,) = town.tasks("silent-publisher")
    assert await town.ledger.close("task", first.task.id, "J Hart", "their interface was down; it is up again")
    await town.publish(ed_discharged(child("Ann", age=4)))
    await town.advance(working_hours=USUAL, minutes=1)
    (second,) = town.tasks("silent-publisher")
    assert second.task.id != first.task.id
