"""A morning holds every flow and every awkward case; the bench's events come in their mix."""

from collections import Counter
from datetime import timedelta
from random import Random

import orjson
import pytest

from deploy.borough import Borough, bad_records, events, generate
from deploy.borough.morning import morning
from router.directory import Cover
from router.policy.book import rule_book
from tests.bench.events import bench_events
from tests.borough.taking import START, codes


def test_the_same_morning_comes_from_the_same_seed(borough: Borough) -> None:
    once, again = morning(borough, 1, START), morning(generate(), 1, START)
    assert [(t, p.publisher, p.key, p.value) for t, p in once] == [(t, p.publisher, p.key, p.value) for t, p in again]
    assert [p.value for _, p in once] != [p.value for _, p in morning(borough, 2, START)]


@pytest.mark.parametrize("seed", range(5))
def test_a_morning_is_accepted_but_for_its_five_bad_records(borough: Borough, cover: Cover, seed: int) -> None:
    said = morning(borough, seed, START)
    assert 60 <= len(said) <= 90
    assert [t for t, _ in said] == sorted(t for t, _ in said)
    assert all(timedelta() <= t <= timedelta(hours=4) for t, _ in said)
    refused = sorted((p.event == {}, codes(p, cover)) for _, p in said if codes(p, cover) or not p.event)
    assert refused == [
        (True, ["nhs-number-check-digit"]),
        (True, ["not-json"]),
        (True, ["time-without-offset"]),
        (True, ["unknown-version"]),
        (True, ["wrong-publisher-for-type"]),
    ]


def first_flows() -> set[str]:
    """The events of F01 to F13, and those that keep the directory true; the month holds the others."""
    flows = {f"F{n:02d}" for n in range(1, 14)}
    policies = rule_book().policies.items()
    return {kind for kind, p in policies if not p.shares or flows & {r.because.flow for r in p.shares}}


def test_a_morning_holds_every_type_and_the_awkward_cases(borough: Borough) -> None:
    said = [p for _, p in morning(borough, 1, START) if p.event]
    assert {p.event["type"] for p in said} >= first_flows()
    values, ids = Counter(p.value for p in said), Counter(p.id for p in said)
    assert max(values.values()) == 2
    assert sum(n > 1 for n in ids.values()) == 2
    assert Counter(p.event["eventaction"] for p in said)["update"] == 1
    assert Counter(p.event["eventaction"] for p in said)["cancel"] == 1
    data = [p.event["data"] for p in said]
    assert any(d.get("household", {}).get("answer") == "not-asked" for d in data)
    assert any(len(d.get("babies", ())) == 2 for d in data)
    assert any(d.get("booking") == "concealed" for d in data)
    assert any(d["consent"]["to_service"]["answer"] == "refused" for d in data)
    assert any(s.get("location_withheld") for d in data for s in d["subjects"])
    high = [d["dart_ref"] for d in data if d.get("risk_level") == "high" and "account" in d]
    decided = {d["dart_ref"] for d in data if "decision" in d}
    assert len(high) == 2
    assert len(decided.intersection(high)) == 1


def test_a_morning_can_be_had_of_a_small_borough_and_another_day() -> None:
    small = generate(seed=5, children=600, today=START.date() + timedelta(days=4000))
    assert morning(small, 1, START + timedelta(days=4000))


def test_keys_are_opaque_and_the_same_for_one_person(borough: Borough) -> None:
    said = list(bench_events(borough, 1, 2000)) + [p for _, p in morning(borough, 1, START)]
    numbers = borough.numbers
    assert not any(number.encode() in p.key for p in said for number in numbers if number[3:6].encode() in p.key)
    child, rng = borough.children[0], Random(4)
    keys = {events.ed_discharge(borough, child, START, rng).key, events.ed_arrival(borough, child, START, rng).key}
    assert len(keys) == 1


def test_bench_events_are_accepted_in_their_mix(borough: Borough, cover: Cover) -> None:
    said = list(bench_events(borough, 1, 2000))
    assert [p.value for p in bench_events(borough, 1, 2000)] == [p.value for p in said]
    assert len({p.id for p in said}) == 2000
    kinds = Counter(p.event["type"] for p in said)
    assert 0.76 < kinds["ed-attendance-discharged-1"] / 2000 < 0.84
    assert len(kinds) == 4
    assert all(codes(p, cover) == [] for p in said)


def test_what_a_bad_record_holds_is_otherwise_as_it_should_be(borough: Borough, cover: Cover) -> None:
    good = events.ed_discharge(borough, borough.children[0], START, Random(4))
    wrong = bad_records.wrong_check_digit(good)
    assert codes(wrong, cover) == ["nhs-number-check-digit"]
    assert orjson.loads(wrong.value)["data"]["record_id"] == good.event["data"]["record_id"]
