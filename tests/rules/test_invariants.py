"""The four invariants as properties (architecture.md): kept and answered, no nowhere, pure, least content."""

import asyncio
import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from contracts.parts.event import EventData
from contracts.register import event_types
from router.address import involved_teams
from router.decide import decide
from router.facts import Facts
from router.plan import Plan
from router.policy.book import rule_book
from router.policy.words import Tell
from tests.rules.worlds import World, base_of, mark_of, often, seeds
from tests.stories import Town
from tests.story_people import Family, Person

ROOT = Path(__file__).parent.parent.parent
SECTIONS = ("what_happened", "risk_and_impact", "voice_of_child", "context", "author", "lawful_basis_and_consent")
ALWAYS = frozenset({"publisher_contact", "lawful_basis", "consent"})


def as_bytes(plan: Plan) -> bytes:
    """A plan, whole."""
    return b"\n".join(
        [
            repr((plan.policy_version, plan.verdicts, plan.clocks, plan.tasks, plan.meets, plan.withdrawn)).encode(),
            repr((plan.thing, plan.place, plan.concerned, plan.remembered)).encode(),
            orjson.dumps([plan.answers, sorted(plan.changes.items())], option=orjson.OPT_NON_STR_KEYS),
            *(repr(d[:5]).encode() + d.body for d in plan.deliveries),
        ]
    )


# 1 and 2. Whatever is accepted ends in recorded outcomes, and their sum is the number considered.


@given(seeds)
@often
def test_every_row_considered_for_every_child_ends_in_exactly_one_outcome(seed: int) -> None:
    world = World(seed)
    plan, policy = world.plan, rule_book().policies[world.kind]
    assert sum(plan.tally().values()) == len(plan.verdicts) > 0
    rows = [(v.child, v.row) for v in plan.verdicts if v.row >= 0]
    assert len(rows) == len(set(rows)) == len(plan.concerned) * len(policy.shares)
    assert {child for child, _ in rows} <= set(plan.concerned)
    assert all(v.detail for v in plan.verdicts), "and says why"


@given(seeds)
@often
def test_who_is_told_is_told_once_and_by_a_row_that_says_so(seed: int) -> None:
    world = World(seed)
    sent = [(d.child, d.team) for d in world.plan.deliveries if d.kind == "summary"]
    assert len(sent) == len(set(sent)), "one event, one child, one team"
    said = {(v.child, team) for v in world.plan.verdicts if v.outcome == "told" for team in v.teams}
    assert set(sent) == said
    assert len({d.id for d in world.plan.deliveries}) == len(world.plan.deliveries)


@given(seeds)
@often
def test_every_service_working_with_a_flagged_child_is_told_but_those_who_are_answered(seed: int) -> None:
    world = World(seed, "safeguarding-flag-changed-1")
    facts, besides = world.known(), frozenset({"ED", "CASH", "AMH", "CAMHS", "HV", "SN"})
    for child in world.plan.concerned:
        doc: Any = facts.person(child)
        working = {s["team"] for s in doc.get("services", ()) if s["service"] not in besides}
        working -= {facts.publisher.team, *doc.get("not_ours", ())}
        told = {t for c, t in world.told if c == child}
        assert working <= told
        assert not told & {"sexual-health", "adult-mental-health", "camhs", "emergency"}
        assert involved_teams(doc, world.cover, frozenset()) is not None


# 3. The decision is a pure function.


@given(seeds)
@often
def test_the_same_event_and_facts_give_the_same_plan_byte_for_byte_also_from_the_snapshot(seed: int) -> None:
    world = World(seed)
    event, facts = world.event, world.facts
    before = orjson.dumps([facts.snapshot(), dict(facts.families)], option=orjson.OPT_NON_STR_KEYS)
    again = decide(event, facts, rule_book())
    assert as_bytes(again) == as_bytes(world.plan)
    assert orjson.dumps([facts.snapshot(), dict(facts.families)], option=orjson.OPT_NON_STR_KEYS) == before, "untouched"
    kept = orjson.loads(orjson.dumps(facts.snapshot()))
    files = orjson.loads(orjson.dumps(dict(facts.families), option=orjson.OPT_NON_STR_KEYS))
    restored = Facts.restore(kept, world.cover, {int(n): f for n, f in files.items()})
    assert as_bytes(decide(event, restored, rule_book())) == as_bytes(world.plan)


def digest_of_many() -> str:
    """A digest of a hundred plans."""
    found = blake2b(digest_size=16)
    for seed in range(100):
        found.update(as_bytes(World(seed).plan))
    return found.hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_decides_the_same_whatever_order_its_sets_have(hash_seed: str) -> None:
    code = "from tests.rules.test_invariants import digest_of_many; print(digest_of_many())"
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert other.stdout.strip() == digest_of_many()


# 4. Least content: read here from the contracts and the rule book alone, without asking compose.py.


def may_show(event: type[EventData], rows: list[Tell], sensitivity: dict[str, str]) -> set[str]:
    """The fields of the event that these rows name together, less what is restricted beyond what they may see."""
    shown: set[str] = set()
    for row in rows:
        for name, field in event.model_fields.items():
            mark: Any = field.json_schema_extra
            if not isinstance(mark, dict) or "section" not in mark:
                continue
            if row.gets.only is not None and name not in row.gets.only | ALWAYS:
                continue
            if name in row.gets.but or (mark.get("restricted") or None) not in (None, *row.may_see):
                continue
            shown.add(name)
    may_see = {r.value for row in rows for r in row.may_see}
    return {n for n in shown if n in ALWAYS or sensitivity.get(n) is None or sensitivity[n] in may_see}


def rows_of(world: World, child: str | None, team: str) -> list[Tell]:
    """The rows by which this team is told of this child."""
    shares = rule_book().policies[world.kind].shares
    return [shares[v.row] for v in world.plan.verdicts if v.row >= 0 and v.child == child and team in v.teams]


@given(seeds)
@often
def test_no_recipients_bytes_hold_a_field_that_its_rows_do_not_name(seed: int) -> None:
    world = World(seed)
    model, body = type(world.event.data), world.event.body
    for delivery, data in world.summaries:
        rows = rows_of(world, delivery.child, delivery.team)
        named = may_show(model, rows, body.get("sensitivity", {}))
        added = {a for row in rows for a in row.gets.adds}
        for section in SECTIONS:
            assert set(data[section]) <= named | added
        assert "flags" in added or not data["flags"]
        unflagged = orjson.dumps({k: v for k, v in data.items() if k != "flags"})
        for field in set(model.model_fields) - named:
            assert mark_of(field).encode() not in unflagged, f"{field} reached {delivery.team}"


@given(seeds)
@often
def test_what_a_row_names_is_shown_or_said_to_be_withheld_and_nothing_is_merely_gone(seed: int) -> None:
    world = World(seed)
    model, body = type(world.event.data), world.event.body
    for delivery, data in world.summaries:
        named = may_show(model, rows_of(world, delivery.child, delivery.team), body.get("sensitivity", {}))
        withheld = {w["what"] for w in data["withheld"]}
        shown = {name for section in SECTIONS for name in data[section]}
        for name, field in model.model_fields.items():
            mark: Any = field.json_schema_extra
            if not isinstance(mark, dict) or "section" not in mark or body.get(name) is None:
                continue
            assert (name in shown and name in named) or {mark["label"], name.replace("_", " ")} & withheld


@given(seeds)
@often
def test_no_identifier_of_a_person_stands_outside_a_summary(seed: int) -> None:
    world = World(seed)
    plan = world.plan
    people = [doc for family in world.known().families.values() for doc in family["people"].values()]
    secrets = {doc["nhs"] for doc in people if "nhs" in doc} | {d["name"]["given"] for d in people if "name" in d}
    outside = [
        *([d.id, d.kind, d.child, d.team, d.lane, d.flows] for d in plan.deliveries),
        *([c.id, c.words, c.team, c.paragraph, c.thing] for c in plan.clocks),
        *([t.id, t.words, t.owner, t.service, t.slot] for t in plan.tasks),
        *([v.child, v.outcome, v.detail, v.teams] for v in plan.verdicts),
        *plan.answers,
        [list(m) for m in plan.meets],
    ]
    text = orjson.dumps(outside, default=str)
    for secret in secrets:
        assert secret.encode() not in text
    for delivery in plan.deliveries:
        envelope = {k: v for k, v in orjson.loads(delivery.body).items() if k != "data"}
        assert not any(s.encode() in orjson.dumps(envelope) for s in secrets)
    for field in event_types()[world.kind].model_fields:
        assert mark_of(field).encode() not in text, f"{field} stands in a task, a clock, an answer or a verdict"


# 1. Through the front door: what is accepted is accounted for in the ledger.


@given(seeds)
@often
def test_what_the_router_accepts_is_accounted_for_in_the_ledger(seed: int) -> None:
    world = World(seed)
    town = Town(*(Family([Person(p, d) for p, d in f["people"].items()]) for f in world.families.values()))
    published = world.event.received
    asyncio.run(town.publish(published.raw or b"", by=published.publisher))
    (accepted,) = town.status(published.publisher, "accepted")
    assert accepted["event_id"] == world.event.id
    assert asyncio.run(town.ledger.reconcile()).faults == ()
    assert town.refusals() == []


@pytest.mark.parametrize("kind", sorted(event_types()))
def test_every_event_has_marks_to_be_found_by(kind: str) -> None:
    """That the canaries above sing: each contract has texts whose showing would be seen."""
    marked = sum(mark_of(name).encode() in orjson.dumps(value) for name, value in base_of(kind).items())
    bare = kind.endswith(("changed-1", "superseded-1")) or kind == "birth-notified-1"
    asks = kind.endswith("-requested-1")
    assert marked >= (0 if bare else 2 if asks else 3)
