"""Calendar months, in which review health assessments fall due (F25)."""

from datetime import datetime

import pytest

from router.policy.working_time import LONDON, months


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-16T09:00", 6, "2026-09-16T09:00"),
        ("2026-08-31T09:00", 6, "2027-02-28T09:00"),
        ("2023-08-31T09:00", 6, "2024-02-29T09:00"),
        ("2024-02-29T09:00", 12, "2025-02-28T09:00"),
        ("2026-12-31T09:00", 12, "2027-12-31T09:00"),
        ("2026-06-30T09:00", 6, "2026-12-30T09:00"),
        ("2026-01-15T23:30", 6, "2026-07-15T23:30"),
    ],
)
def test_so_many_months_on_is_the_same_day_and_local_time_or_the_months_last_day(
    start: str, count: int, due: str
) -> None:
    begins, ends = (datetime.fromisoformat(text).replace(tzinfo=LONDON) for text in (start, due))
    assert months(count).due(begins) == ends


def test_the_rule_book_says_it_in_words() -> None:
    assert (months(6).words, months(1).words) == ("within 6 months", "within 1 month")
