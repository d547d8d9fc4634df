"""What is published in the month: within the four weeks, and never before they begin."""

from datetime import date

from deploy.borough import generate
from deploy.month.calendar import FIRST_DAY, month, opening
from router.policy.working_time import LONDON


def test_nothing_is_published_before_the_month_begins_and_visits_come_by_night_as_well() -> None:
    said = month(generate(1, 300, FIRST_DAY), 1, 6000)
    assert len(said) > 5000
    assert min(at for at, _ in said) >= opening(FIRST_DAY), "time would be stepped back"
    assert [at for at, _ in said] == sorted(at for at, _ in said)
    nights = [at for at, _ in said if at.astimezone(LONDON).hour < 7]
    assert len(nights) > 200
    assert {at.astimezone(LONDON).date() for at in nights} >= {date(2016, 3, 15), date(2016, 4, 10)}
