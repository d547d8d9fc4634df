"""Ages and periods as people type them: what can hold nothing is said to be no period."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.commands.ends import USAGE, Ended
from deploy.commands.periods import age, ago, in_order, overlapping

NOW = datetime(2016, 9, 19, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_no_time_ago_is_now_and_not_any_time() -> None:
    assert ago(age("0d"), NOW) == NOW
    assert ago(age("2d"), NOW) == NOW - timedelta(days=2)
    assert ago(None, NOW) is None


@pytest.mark.parametrize("since", [NOW, NOW + HOUR])
def test_a_period_that_ends_as_it_begins_or_before_is_none(since: datetime) -> None:
    with pytest.raises(Ended) as ended:
        in_order(since, NOW)
    assert ended.value.code == USAGE
    assert "--until" in ended.value.mend
    in_order(NOW - HOUR, NOW)
    in_order(None, NOW)


@pytest.mark.parametrize("older", [HOUR, 2 * HOUR])
def test_nothing_is_younger_than_an_age_and_older_than_one_as_long(older: timedelta) -> None:
    with pytest.raises(Ended) as ended:
        overlapping(HOUR, older)
    assert ended.value.code == USAGE
    overlapping(2 * HOUR, HOUR)
    overlapping(HOUR, None)
    overlapping(None, HOUR)
