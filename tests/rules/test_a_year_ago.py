"""A contract of a year ago still replays: each type's first event, with the facts of then, is decided today."""

import json
from functools import cache
from typing import Any

import orjson
import pytest

from contracts.checks import cross_checks
from contracts.register import event_types, whole
from router.accept import Refused, accept
from router.decide import decide
from router.directory import Cover
from router.events import Event, Received
from router.explain import restored
from router.facts import Facts
from router.plan import Plan
from router.policy.book import rule_book
from tests.frozen.__main__ import FOLDER, SUMS, digest

FROZEN = sorted(file.stem for file in FOLDER.glob("*-[0-9].json"))


@cache
def kept(kind: str) -> Any:
    return json.loads((FOLDER / f"{kind}.json").read_text("utf-8"))


def record(kind: str) -> Received:
    file = kept(kind)
    return Received(file["publisher"], file["raw"].encode(), None, file["topic"], 0, 0)


def cover(kind: str) -> Cover:
    return Cover.read(kept(kind)["facts"]["cover"], kept(kind)["cover"])


def again(kind: str) -> tuple[Event, Facts, Plan]:
    """The event, the facts and what is decided on them today."""
    families = {int(number): doc for number, doc in kept(kind)["families"].items()}
    event, facts = restored(record(kind), kept(kind)["facts"], cover(kind), families)
    return event, facts, decide(event, facts, rule_book())


@pytest.mark.parametrize("kind", FROZEN)
def test_it_is_still_accepted_whole(kind: str) -> None:
    read = accept(record(kind), cover(kind))
    assert not isinstance(read, Refused), f"{kind} would be refused: {[p.code for p in read.problems]}"
    assert read.type == kind
    document = json.loads(kept(kind)["raw"])
    assert cross_checks(document, event_types()[kind]) == []


@pytest.mark.parametrize("kind", FROZEN)
def test_it_is_still_decided_on_what_was_known_then(kind: str) -> None:
    event, facts, plan = again(kind)
    assert plan.verdicts
    assert sum(plan.tally().values()) == len(plan.verdicts)
    read = json.loads(json.dumps(facts.snapshot()))
    assert {name: read.get(name) for name in kept(kind)["facts"]} == kept(kind)["facts"], "read as it was written"
    assert {w.person for w in facts.who if w.person} <= {p for f in facts.families.values() for p in f["people"]}
    told = {d.team for d in plan.deliveries if d.kind == "summary"}
    assert bool(told) is bool(kept(kind)["told"]), "whoever it told, it still tells somebody"
    assert event.id


@pytest.mark.parametrize("kind", FROZEN)
def test_what_is_sent_because_of_it_is_what_todays_readers_read(kind: str) -> None:
    for delivery in again(kind)[2].deliveries:
        message = orjson.loads(delivery.body) | {"sequence": "000000000001"}
        whole(message["type"]).validate_json(orjson.dumps(message))


@pytest.mark.parametrize("kind", FROZEN)
def test_a_frozen_file_is_never_changed(kind: str) -> None:
    sums = json.loads(SUMS.read_text("utf-8"))
    assert digest(FOLDER / f"{kind}.json") == sums.get(kind), "put it back: a new version is a new type"


def test_every_type_there_is_has_been_frozen_and_none_that_was_frozen_is_gone() -> None:
    assert set(FROZEN) == set(json.loads(SUMS.read_text("utf-8"))), "a frozen event was removed"
    assert set(FROZEN) <= set(event_types()), "a type that was published is gone"
    missing = set(event_types()) - set(FROZEN)
    assert not missing, f"freeze the new ones (python -m tests.frozen): {sorted(missing)}"


def test_the_history_of_then_is_part_of_what_is_known() -> None:
    with_a_past = [kind for kind in FROZEN if kept(kind)["facts"].get("history")]
    assert len(with_a_past) > 10
    _, facts, plan = again("dart-notified-1")
    reference = json.loads(kept("dart-notified-1")["raw"])["data"]["dart_ref"]
    assert facts.stands(plan.concerned[0], ["dart-notified-1"], reference)
