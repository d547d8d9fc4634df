"""What is known of a child, asked in an order that does not depend on what was left out."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from router.directory import Cover
from router.facts import Facts
from router.past import ASKED, CANCELLED, FROM, RESTORED, Happening
from router.policy.working_time import LONDON

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = "2026-11-20T09:00:00+00:00"
KIND = "ed-attendance-discharged-1"
SAME_MOMENT = [
    Happening(AT, KIND, None, "hospital-a"),
    Happening(AT, KIND, "visit-1", None),
    Happening(AT, KIND, None, None),
    Happening(AT, KIND, "visit-1", "hospital-b"),
]
"""Two services tell of one moment, and not all say which attendance it was or where."""


def facts(history: list[Happening]) -> Facts:
    nobody: Any = None
    return Facts(NOW, Cover.read(1, {}), nobody, (), {}, {}, {"child": history})


@pytest.mark.parametrize("order", list(permutations(SAME_MOMENT)))
def test_what_happened_at_one_moment_is_counted_alike_in_whatever_order_it_came(order: tuple[Happening, ...]) -> None:
    known = facts(list(order))
    found = known.earlier_of("child", [KIND], 30, NOW)
    assert [h.thing for h in found] == [None, "visit-1"]
    assert known.past("child").told_of([KIND], "visit-1", datetime(2026, 11, 1, tzinfo=UTC)) == [
        SAME_MOMENT[1],
        SAME_MOMENT[3],
    ]


def test_who_sent_is_asked_in_order_too() -> None:
    past = [
        Happening(AT, KIND + FROM + "ed-a", "visit-1", None),
        Happening(AT, KIND + FROM + "ed-a", "visit-1", "hospital-b"),
        Happening(AT, ASKED + "hv", None, None),
        Happening(AT, ASKED + "hv", "visit-2", "here"),
    ]
    assert facts(past).senders("child", [KIND], ["visit-1"]) == []


A, B = "ed ed-attendance-discharged-1 one", "ed ed-attendance-discharged-1 two"
SAID, TAKEN_BACK, SAID_AGAIN = (Happening(AT, kind + KIND, "visit-1", None) for kind in ("", CANCELLED, RESTORED))


@pytest.mark.parametrize(
    ("past", "stand"),
    [
        ([SAID, TAKEN_BACK], []),
        ([SAID, TAKEN_BACK, SAID_AGAIN], [""]),
        ([SAID._replace(record=A), TAKEN_BACK], []),
        ([SAID._replace(record=A), SAID._replace(record=B), TAKEN_BACK._replace(record=A)], [B]),
        ([SAID, SAID._replace(record=B), TAKEN_BACK._replace(record=B)], [""]),
    ],
    ids=["of before", "and said again", "whose is not known", "one of two", "another than of before"],
)
def test_a_record_takes_back_its_own_and_one_that_is_not_known_whoever_said_it(
    past: list[Happening], stand: list[str]
) -> None:
    known = facts(past)
    assert [h.record for h in known.past("child").standing([KIND], "visit-1")] == stand
    assert [h.record for h in known.earlier_of("child", [KIND], 30, NOW)] == stand
    assert known.stands("child", [KIND], "visit-1", B) is (stand != [])
    assert known.past("child").is_cancelled(KIND, "visit-1", A) is (stand in ([], [B]))


def test_facts_of_before_records_were_remembered_are_written_as_they_were_read() -> None:
    nobody: Any = type("Nobody", (), {"id": "ed"})
    old: list[Any] = [AT, KIND, "visit-1", None]
    for kept in (old, [*old, A]):
        known = Facts(NOW, Cover.read(1, {}), nobody, (), {}, {}, {"child": [Happening(*kept)]})
        assert [list(h) for h in known.snapshot()["history"]["child"]] == [kept]


def test_the_day_of_what_happened_is_londons() -> None:
    hours = (datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24))
    for at in hours:
        assert Happening(at.isoformat(), KIND, None, None).day == at.astimezone(LONDON).date().isoformat(), at
    assert Happening("2026-07-01T23:30:00-01:00", KIND, None, None).day == "2026-07-02"
