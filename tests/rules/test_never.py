"""The table of who must never be told, line by line, against what is decided in made-up worlds of all events."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.policy.book import make_book, rule_book
from router.policy.never import ALWAYS_SHOWN, never, never_of, rows_for, told
from router.policy.proofs import stories_in
from router.policy.words import Gap, Policy, everything, only, tell, tell_involved
from tests.rules.worlds import World, often, seeds

ROOT = Path(__file__).parents[2]
SECTIONS = ("what_happened", "risk_and_impact", "voice_of_child", "context", "author", "lawful_basis_and_consent")
GAP = Gap("F04", "1.11", "", "a gap")
DART = rule_book().policies["dart-notified-1"]


@cache
def never_told(service: Service) -> tuple[str, ...]:
    return never(rule_book(), service).events


def summaries(world: World) -> Any:
    for delivery in world.plan.deliveries:
        if delivery.kind == "summary":
            yield Service(world.cover.teams[delivery.team].service), orjson.loads(delivery.body)["data"]


@given(seeds)
@often
def test_no_summary_holds_what_the_table_says_its_service_never_gets(seed: int) -> None:
    world = World(seed)
    policy = rule_book().policies[world.kind]
    for service, data in summaries(world):
        shown = {name for section in SECTIONS for name in data[section]}
        assert not shown & never_of(policy, service).keys()


@given(seeds)
@often
def test_nobody_has_a_summary_of_an_event_that_the_table_says_it_is_never_told_of(seed: int) -> None:
    world = World(seed)
    for service, _ in summaries(world):
        assert world.kind not in never_told(service)


@pytest.mark.parametrize("named", ALWAYS_SHOWN)
def test_the_properties_that_the_table_names_are_tests_that_run(named: str) -> None:
    file, _, name = named.partition("::")
    assert (ROOT / file).samefile(__file__)
    assert callable(globals()[name])


def test_every_story_that_the_table_names_is_a_test_that_runs() -> None:
    stories = stories_in(ROOT / "tests" / "flows")
    named = {
        proof
        for one in told(rule_book())
        for held in never(rule_book(), one, stories).withheld
        for proof in held.proofs
    }
    assert "test_f12_think_family.py::test_nobody_reads_the_adults_clinical_detail" in named
    for proof in named:
        file, _, name = proof.partition("::")
        assert callable(getattr(__import__(f"tests.flows.{file.removesuffix('.py')}", fromlist=["_"]), name))


def test_every_restricted_field_that_a_service_never_gets_has_a_story_beside_it() -> None:
    stories = stories_in(ROOT / "tests" / "flows")
    for service in told(rule_book()):
        for held in never(rule_book(), service, stories).withheld:
            assert held.proofs or not held.restricted, f"{service}: {held.event}"


def test_the_perpetrator_is_mashs_alone_and_every_other_service_has_it_in_its_table() -> None:
    for service in told(rule_book()):
        if rows_for(DART, service):
            assert ("perpetrator" in never_of(DART, service)) is (service is not Service.MASH)
    assert Restriction.THIRD_PARTY not in never(rule_book(), Service.MASH).groups
    assert Restriction.THIRD_PARTY in never(rule_book(), Service.GP).groups


def test_the_table_follows_the_rows() -> None:
    rows = (
        tell(Service.GP, because=GAP, gets=only("account")),
        tell(Service.GP, because=GAP, gets=only("risk_level")),
        tell_involved(besides=[Service.CASH], because=GAP, gets=everything(but=["account"])),
    )
    policy = Policy(event=DART.event, concerning="children named", shares=rows)
    book = make_book(iter([policy]))
    assert {"perpetrator"} == never_of(policy, Service.GP).keys(), "as a service involved it may have the rest"
    assert {"perpetrator", "account"} == never_of(policy, Service.SN).keys()
    assert never(book, Service.CASH).events == ("dart-notified-1",)
    alone = make_book(iter([Policy(event=DART.event, concerning="children named", shares=rows[:2])]))
    assert "who_was_present" in never_of(alone.policies["dart-notified-1"], Service.GP)
    assert not {"account", "risk_level"} & never_of(alone.policies["dart-notified-1"], Service.GP).keys()


def test_a_row_that_keeps_it_from_a_service_gives_it_nothing_and_says_why() -> None:
    kept = replace(tell(Service.GP, because=GAP, gets=everything()), withheld="the mother asked for it")
    told_back = replace(tell_involved(besides=[], because=GAP, gets=everything()), sent=(DART.event,))
    policy = Policy(event=DART.event, concerning="children named", shares=(kept, told_back))
    book = make_book(iter([policy]))
    assert rows_for(policy, Service.GP) == ()
    assert never(book, Service.GP).kept_from == ("dart-notified-1: the mother asked for it",)
    assert never(book, Service.GP).events == ("dart-notified-1",)
    assert rows_for(policy, Service.DART) == (told_back,), "who sent it may be told back, and no other"
    assert rows_for(policy, Service.HV) == ()
