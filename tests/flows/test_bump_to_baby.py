"""Bump to baby (rule C; hazards H12, H13): the file made before the birth is the baby's, whatever birth it was."""

from datetime import date, timedelta
from typing import Any

import pytest

from router.sight import NOT_THEIRS
from tests.flows.test_chronology import read, said
from tests.stories import Town
from tests.story_events import (
    birth_notified,
    dart_notified,
    ed_discharged,
    flag_changed,
    maternity_handover,
    number_superseded,
    pregnancy_notified,
)
from tests.story_people import Person, adult, family, flag, person, unborn

BORN = date(2026, 3, 16)
LOST: dict[str, Any] = {"order": 1, "outcome": "stillbirth", "born_at": "2026-03-16T09:00:00+00:00"}


def expecting(weeks: int = 38, **more: Any) -> tuple[Town, Person, Person]:
    mother, bump = adult("Ada", age=18), unborn(weeks=weeks, **more)
    return Town(family(mother=mother, children=[bump])), mother, bump


def running(town: Town, about: Person) -> set[tuple[str, str | None]]:
    return {(c.clock.flow, c.clock.team) for c in town.clocks(child=about) if c.state == "running"}


async def test_flags_clocks_and_chronology_of_the_pregnancy_are_the_babys_and_nothing_is_asked_twice() -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    before = running(town, bump)
    baby = person("Bo", born=BORN)
    await town.publish(birth_notified(mother, baby))
    assert before <= running(town, bump), "the same child, the same clocks"
    assert [f["kind"] for f in town.file(bump)["flags"]] == ["unborn-plan"]
    assert said(await read(town, bump, "hv-north")) == ["maternity-handover-1", "birth-notified-1"]
    await town.publish(ed_discharged(baby))
    assert town.inbox("hv-north")[-1].child == bump.id
    assert [f["kind"] for f in town.inbox("hv-north")[-1]["flags"]] == ["unborn-plan"]


async def test_nobody_is_chased_about_a_baby_that_was_stillborn() -> None:
    town, mother, bump = expecting()
    await town.publish(pregnancy_notified(mother), maternity_handover(mother, bump, first_time_mother="yes"))
    await town.publish(dart_notified([], mother, pregnant="yes"))
    assert running(town, bump)

    await town.publish(birth_notified(mother, babies=[LOST]))

    assert {flow for flow, _ in running(town, bump)} == {"C"}, "that the family's loss is minded is owed still"
    stopped = [c for c in town.clocks(child=bump) if c.state == "stopped"]
    assert stopped
    assert {c.ended_how for c in stopped} == {"the child died"}
    loss = next(x for x in town.inbox("hv-north") if x["event"]["type"] == "birth-notified-1")
    assert any("mind the family's loss" in ask for ask in loss.asks)
    await town.receipt(loss, "acknowledged")
    sent = len(town.escalations())
    await town.advance(days=9)
    assert len(town.escalations()) == sent


async def test_until_the_loss_is_told_the_clocks_run_and_one_second_later_they_do_not() -> None:
    town, mother, bump = expecting()
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    due = min(c.due for c in town.clocks(child=bump))
    await town.advance(minutes=(due - town.hands.now).total_seconds() / 60 - 1 / 60)
    assert town.escalations() == []
    await town.publish(birth_notified(mother, babies=[{**LOST, "born_at": town.hands.now.isoformat()}]))
    await town.advance(days=3)
    assert {e["flow"] for e in town.escalations()} == {"C"}


@pytest.mark.parametrize("lives", [True, False])
@pytest.mark.parametrize("seconds", [-1, 0, 1])
async def test_born_in_the_second_before_a_rung_with_it_or_after_it_fires_once_or_for_a_loss_no_more(
    seconds: int, lives: bool
) -> None:
    town, mother, bump = expecting()
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    clock = min(town.clocks(child=bump), key=lambda c: c.due)
    if seconds > 0:
        await town.advance(minutes=(clock.due - town.hands.now).total_seconds() / 60)
    town.hands.now = clock.due + timedelta(seconds=seconds)
    baby = person("Bo", born=BORN)
    await town.publish(birth_notified(mother, baby) if lives else birth_notified(mother, babies=[LOST]))
    await town.advance(minutes=1)

    now = next(c for c in town.clocks() if c.clock.id == clock.clock.id)
    fired = 1 if lives or seconds > 0 else 0
    assert (now.state, now.clock.child, now.rung) == ("running" if lives else "stopped", bump.id, fired)
    assert now.clock.steps == clock.clock.steps, "a birth puts nothing off"
    about = [e for e in town.escalations() if e["about"]["clock"] == clock.clock.id]
    assert [(e["rung"], e["due"]) for e in about] == [(1, clock.due.isoformat())] * fired


async def test_of_twins_the_one_that_lives_keeps_all_that_is_owed() -> None:
    town, mother, bump = expecting()
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    before = running(town, bump)
    lives = person("Bo", born=BORN)
    born = {**LOST, "order": 2, "outcome": "live", "nhs_number": lives.nhs}
    await town.publish(birth_notified(mother, lives, babies=[LOST, born]))
    assert before <= running(town, bump)
    assert town.file(bump)["nhs"] == lives.nhs
    assert "died" not in town.file(bump)
    lost = [x.child for x in town.inbox("hv-north") if x["event"]["type"] == "birth-notified-1" and x.child != bump.id]
    assert len(lost) == 1


async def test_a_death_after_birth_ends_what_was_owed_before_and_nothing_that_is_owed_since() -> None:
    town, mother, bump = expecting()
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    await town.advance(days=2)
    later = flag_changed(bump, "unborn-plan")
    await town.publish(later)
    since = {c.clock.id for c in town.clocks(child=bump) if c.event == later.id}
    await town.publish(birth_notified(mother, babies=[{**LOST, "outcome": "died-after-birth"}]))
    still = {c.clock.id for c in town.clocks(child=bump) if c.state == "running"}
    assert since <= still
    assert not [c for c in town.clocks(child=bump) if c.clock.flow == "F01" and c.state == "running"]


async def test_a_mother_without_a_number_is_found_by_a_person_and_the_baby_has_its_file_then() -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    baby = person("Bo", born=BORN)
    unknown = mother.subject("mother", nhs_number=None, nhs_number_status="07")
    told = birth_notified(mother, baby, subjects=[unknown, baby.subject()])
    await town.publish(told)
    (task,) = town.tasks("match")
    assert "flags" not in town.file(Person(town.ledger.store.by_nhs[baby.nhs], {})), "never joined by a guess"

    await town.decide_again(task.task.id, person=mother.id)

    born = Person(town.ledger.store.by_nhs[baby.nhs], {})
    assert [f["kind"] for f in town.file(born)["flags"]] == ["unborn-plan"]
    assert town.file(bump)["same_as"] == born.id


@pytest.mark.parametrize(("reason", "joined"), [("duplicate-merged", True), ("adopted", False)])
async def test_a_renumbered_baby_keeps_its_past_and_an_adopted_ones_is_joined_by_a_person_or_not_at_all(
    reason: str, joined: bool
) -> None:
    town, mother, bump = expecting()
    await town.publish(maternity_handover(mother, bump))
    baby = person("Bo", born=BORN)
    await town.publish(birth_notified(mother, baby))
    again = person("Jo", born=BORN)
    await town.publish(number_superseded(baby, again.nhs, reason=reason))
    holder = town.ledger.store.by_nhs.get(again.nhs)
    assert holder is not None
    theirs = await read(town, Person(holder, {}), "hv-north")
    assert ("maternity-handover-1" in said(theirs)) is joined
    assert bool(town.tasks("match")) is not joined
    assert not [t for t in town.tasks() if "adopt" in t.task.words], "in words that do not say which it was"
    if not joined:
        assert said(await read(town, Person(holder, {}), "hv-south")) in ([], [NOT_THEIRS])
