"""Recipients of the demo answer the same way every time, in an order that makes sense, and in every way there is."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from contracts.register import whole
from deploy.borough import Borough, generate
from deploy.demo.course import hour_after, quarter_after
from deploy.demo.manners import Manners
from deploy.demo.wire import Letter
from router.policy.working_time import LONDON, is_working_day

NOW = datetime(2016, 9, 21, 9, 30, tzinfo=LONDON)


@pytest.fixture(scope="module")
def borough() -> Borough:
    return generate(1, 300)


def letter(borough: Borough, n: int, team: str = "", relation: str = "the team of the child's school") -> Letter:
    team = team or borough.teams[n % len(borough.teams)].id
    service = borough.team[team].service.value
    id = str(UUID(int=n * 7919, version=4))
    data = {"delivery_id": id, "relation": relation, "asked": [{"what": "Look."}], "to": {"service": service}}
    message = {"id": id, "type": "ed-attendance-discharged-summary-1", "data": data}
    return Letter(f"summaries.{team}", "key", message)


def test_the_same_letter_is_answered_in_the_same_way(borough: Borough) -> None:
    once, again = Manners(borough), Manners(borough)
    letters = [letter(borough, n) for n in range(60)]
    assert [list(once.answers(one, NOW)) for one in letters] == [list(again.answers(one, NOW)) for one in letters]


def test_answers_are_receipts_in_working_hours_after_the_letter_came(borough: Borough) -> None:
    manners = Manners(borough)
    for n in range(300):
        said = list(manners.answers(letter(borough, n), NOW))
        for at, answer in said:
            receipt = whole("receipt-1").validate_json(answer.value)
            local = at.astimezone(LONDON)
            assert at >= NOW.replace(second=0)
            if receipt.data.by.kind == "person":
                assert is_working_day(local.date())
                assert 9 <= local.hour <= 17
        assert [at for at, _ in said] == sorted(at for at, _ in said)
        people = {a.event["data"]["by"]["name"] for _, a in said if a.event["data"]["by"]["kind"] == "person"}
        assert len(people) <= 1


def test_most_answer_some_late_some_never(borough: Borough) -> None:
    manners, found = Manners(borough), Counter[str]()
    for n in range(400):
        said = [(at, a) for at, a in manners.answers(letter(borough, n, "sn-halesowen", "home"), NOW)]
        read = [at for at, a in said if a.event["data"]["state"] == "acknowledged"]
        found["never" if not read else "late" if read[0] - NOW > timedelta(days=2) else "in time"] += 1
    assert found["in time"] > 200
    assert found["late"] > 30
    assert found["never"] > 20


def test_one_letter_and_only_one_reached_the_wrong_school_nurses(borough: Borough) -> None:
    manners = Manners(borough)
    states = [a.event["data"] for n in range(40) for _, a in manners.answers(letter(borough, n, "sn-halesowen"), NOW)]
    wrong = [data for data in states if data["state"] == "not-ours"]
    assert len(wrong) == 1
    assert borough.team[wrong[0]["redirect"]["team"]].service.value == "SN"
    assert wrong[0]["redirect"]["team"] != "sn-halesowen"


@pytest.mark.parametrize(
    ("minute", "second", "expected"), [(0, 0, (9, 0)), (0, 1, (9, 15)), (15, 0, (9, 15)), (46, 0, (10, 0))]
)
def test_after_the_morning_nobody_looks_at_the_clock_more_often_than_every_quarter(
    minute: int, second: int, expected: tuple[int, int]
) -> None:
    found = quarter_after(NOW.replace(minute=minute, second=second))
    assert (found.hour, found.minute) == expected


@pytest.mark.parametrize(
    ("minute", "second", "expected"), [(0, 0, (9, 0)), (0, 1, (10, 0)), (15, 0, (10, 0)), (59, 59, (10, 0))]
)
def test_in_a_month_people_look_at_the_clock_every_hour(minute: int, second: int, expected: tuple[int, int]) -> None:
    found = hour_after(NOW.replace(minute=minute, second=second))
    assert (found.hour, found.minute) == expected
