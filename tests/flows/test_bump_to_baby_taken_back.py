"""A birth told in error (rule C; H12, H13): cancelled or corrected, it undoes what it did to file and clocks."""

from typing import Any

import pytest

from adapters.storage.records import ClockRecord
from router.directory import is_unborn
from tests.flows.test_bump_to_baby import BORN, LOST
from tests.flows.test_bump_to_baby import expecting as pregnant
from tests.flows.test_chronology import read, said
from tests.stories import Town
from tests.story_events import (
    address_changed,
    birth_notified,
    cancel_of,
    dart_notified,
    dart_outcome,
    ed_discharged,
    flag_changed,
    maternity_handover,
    pregnancy_notified,
    update_of,
)
from tests.story_mash_events import mash_request, mash_response
from tests.story_people import Person, adult, family, flag, person, unborn
from tests.story_teams import SOUTH


def live(baby: Person, order: int = 1) -> dict[str, Any]:
    return {**LOST, "order": order, "outcome": "live", "nhs_number": baby.doc.get("nhs")}


def expecting(**more: Any) -> tuple[Town, Person, Person]:
    return pregnant(pregnancy="preg-1", **more)


async def owed(town: Town, mother: Person, bump: Person) -> list[ClockRecord]:
    """What is owed about the unborn child, on a day before its birth."""
    await town.publish(maternity_handover(mother, bump, first_time_mother="yes"))
    await town.publish(dart_notified([], mother, pregnant="yes"))
    return [c for c in town.clocks(child=bump) if c.state == "running"]


def how(town: Town, clocks: list[ClockRecord]) -> set[tuple[str, str | None]]:
    ids = {c.clock.id for c in clocks}
    return {(c.state, c.ended_how) for c in town.clocks() if c.clock.id in ids}


def at(town: Town, pid: str) -> Any:
    return town.file(Person(pid, {}))


async def test_a_cancelled_birth_leaves_the_file_as_it_was_and_the_number_to_whoever_bears_it() -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    before = town.file(bump)
    baby = person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    assert town.file(bump)["nhs"] == baby.nhs
    await town.publish(cancel_of(told))
    assert town.file(bump) == before
    assert town.tasks("match") == []
    await town.publish(maternity_handover(mother, bump))
    assert town.inbox("hv-north")[-1].child == bump.id, "the pregnancy goes on"
    await town.publish(ed_discharged(baby))
    assert town.ledger.store.by_nhs[baby.nhs] != bump.id


async def test_a_cancelled_stillbirth_gives_back_the_pregnancy_and_every_clock_with_the_time_it_had() -> None:
    town, mother, bump = expecting()
    before = town.file(bump)
    clocks = await owed(town, mother, bump)
    due = {c.clock.id: c.due for c in clocks}
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    assert how(town, clocks) == {("stopped", "the child died")}
    await town.advance(hours=3)
    await town.publish(cancel_of(told))
    assert town.file(bump) == before
    assert how(town, clocks) == {("running", None)}
    assert {c.clock.id: c.due for c in town.clocks() if c.clock.id in due} == due
    assert said(await read(town, bump, "hv-north"))[-1] == "birth-notified-1"


async def test_what_was_due_while_the_child_was_thought_dead_climbs_at_once() -> None:
    town, mother, bump = expecting()
    clocks = await owed(town, mother, bump)
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    await town.advance(days=30)
    quiet = len([e for e in town.escalations() if e["flow"] == "F01"])
    await town.publish(cancel_of(told))
    await town.advance(minutes=1)
    assert quiet == 0
    assert [e for e in town.escalations() if e["flow"] == "F01"]
    assert all(
        c.rung > 0 or c.due > town.hands.now for c in town.clocks() if c.clock.id in {x.clock.id for x in clocks}
    )


async def test_corrected_from_stillborn_to_live_the_child_lives_and_all_is_owed_again() -> None:
    town, mother, bump = expecting()
    await town.publish(pregnancy_notified(mother))
    clocks = await owed(town, mother, bump)
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    baby = person("Bo", born=BORN)
    lives = update_of(told, subjects=[mother.subject("mother"), baby.subject()], babies=[live(baby)])
    await town.publish(lives)
    file = town.file(bump)
    assert "died" not in file
    assert (file["nhs"], file["born"]) == (baby.nhs, "2026-03-16")
    met = {("met", "birth-notified-1")}
    assert how(town, [c for c in clocks if "birth-notified-1" in c.clock.met_by]) == met, "the visit before the birth"
    assert how(town, [c for c in clocks if not c.clock.met_by]) == {("running", None)}
    letter = town.inbox("hv-north")[-1]
    assert any("new-birth visit" in ask for ask in letter.asks)
    await town.publish(cancel_of(lives, "3"))
    assert is_unborn(town.file(bump)), "the first version's word of it is not what is gone back to"
    assert "nhs" not in town.file(bump)
    assert how(town, clocks) == {("running", None)}


async def test_corrected_from_live_to_stillborn_nobody_is_chased_any_more() -> None:
    town, mother, bump = expecting()
    clocks = await owed(town, mother, bump)
    baby = person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    await town.publish(update_of(told, subjects=[mother.subject("mother")], babies=[LOST]))
    file = town.file(bump)
    assert file["died"] == "2026-03-16"
    assert "nhs" not in file
    assert ("running", None) not in how(town, clocks)
    assert any("mind the family's loss" in ask for ask in town.inbox("hv-north")[-1].asks)


@pytest.mark.parametrize("how_many", ["one fewer", "none"])
async def test_a_twin_that_never_was_is_nobody_and_its_number_is_free(how_many: str) -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    before = town.file(bump)
    bo, jo = person("Bo", born=BORN), person("Jo", born=BORN)
    told = birth_notified(mother, bo, jo)
    await town.publish(told)
    twin = town.ledger.store.by_nhs[jo.nhs]
    assert twin != bump.id
    assert at(town, twin)["before_birth"] == bump.id
    if how_many == "none":
        await town.publish(cancel_of(told))
        assert town.file(bump) == before
    else:
        await town.publish(update_of(told, subjects=[mother.subject("mother"), bo.subject()], babies=[live(bo)]))
        assert town.file(bump)["nhs"] == bo.nhs
        assert [f["kind"] for f in town.file(bump)["flags"]] == ["unborn-plan"]
    assert at(town, twin) == {}
    assert jo.nhs not in town.ledger.store.by_nhs
    registered = dart_notified([], mother)
    await town.publish(registered)
    assert twin not in {x.child for x in town.inboxes.of("summary") if x["event"]["id"] == registered.id}


async def test_where_it_was_the_first_twin_that_never_was_the_file_of_the_pregnancy_follows_the_other() -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    await owed(town, mother, bump)
    bo, jo = person("Bo", born=BORN), person("Jo", born=BORN)
    told = birth_notified(mother, bo, jo)
    await town.publish(told)
    twin = town.ledger.store.by_nhs[jo.nhs]
    await town.publish(update_of(told, subjects=[mother.subject("mother"), jo.subject()], babies=[live(jo)]))
    assert town.file(bump)["same_as"] == twin
    assert bo.nhs not in town.ledger.store.by_nhs
    assert (at(town, twin)["nhs"], at(town, twin)["merged"]) == (jo.nhs, [bump.id])
    assert "before_birth" not in at(town, twin)
    assert [f["kind"] for f in at(town, twin)["flags"]] == ["unborn-plan"]


async def test_twins_of_whom_one_was_said_to_be_stillborn_in_error_both_live_and_are_told_apart() -> None:
    town, mother, bump = expecting()
    bo, jo = person("Bo", born=BORN), person("Jo", born=BORN)
    told = birth_notified(mother, bo, babies=[LOST, live(bo, 2)])
    await town.publish(told)
    (lost,) = {x.child for x in town.inbox("hv-north")} - {bump.id}
    assert "died" in at(town, str(lost))
    both = [mother.subject("mother"), jo.subject(), bo.subject()]
    await town.publish(update_of(told, subjects=both, babies=[live(jo, 1), live(bo, 2)]))
    assert (at(town, str(lost))["nhs"], "died" in at(town, str(lost))) == (jo.nhs, False)
    assert (town.file(bump)["nhs"], "died" in town.file(bump)) == (bo.nhs, False)


async def test_a_baby_known_by_its_number_before_is_parted_from_the_pregnancy_again() -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    baby = person("Bo", born=BORN)
    await town.publish(ed_discharged(baby))
    early = town.ledger.store.by_nhs[baby.nhs]
    before = at(town, early)
    told = birth_notified(mother, baby)
    await town.publish(told)
    assert town.file(bump)["same_as"] == early
    await town.publish(flag_changed(baby, "unborn-plan", "ended"))
    await town.publish(ed_discharged(baby))
    await town.publish(cancel_of(told))
    assert at(town, early)["nhs"] == baby.nhs, "the number was its own before"
    known = at(town, early)
    assert [f.get("ended") for f in known.pop("flags")] == ["2026-03-16"], "a word of its own"
    assert known == {k: v for k, v in before.items() if v}
    assert [f.get("ended") for f in town.file(bump)["flags"]] == ["2026-03-16"], (
        "what has ended since is not live again"
    )
    assert is_unborn(town.file(bump))
    assert town.tasks("match") == []


async def test_where_something_came_since_for_the_number_a_person_decides_and_is_asked_once() -> None:
    town, mother, bump = expecting()
    baby = person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    await town.publish(ed_discharged(baby))
    await town.publish(cancel_of(told))
    assert town.file(bump)["nhs"] == baby.nhs, "what is known of the child with this number stays its own"
    (task,) = town.tasks()
    assert (task.task.kind, "something has come since" in task.task.words) == ("match", True)
    assert baby.nhs not in task.task.words
    assert task.task.owner == town.ledger.store.cover.desk(task.publisher)
    await town.publish(cancel_of(told, "3"))
    assert len(town.tasks()) == 1


async def test_a_child_that_was_not_dead_lives_though_a_person_must_say_whose_the_number_is() -> None:
    town, mother, bump = expecting()
    clocks = await owed(town, mother, bump)
    baby = person("Bo", born=BORN)
    dead = {**live(baby), "outcome": "died-after-birth"}
    told = birth_notified(mother, baby, babies=[dead])
    await town.publish(told)
    await town.publish(ed_discharged(baby))
    assert ("stopped", "the child died") in how(town, clocks)
    await town.publish(cancel_of(told))
    assert "died" not in town.file(bump)
    assert ("stopped", "the child died") not in how(town, clocks)
    assert len(town.tasks("match")) == 1


async def test_told_by_two_it_is_undone_when_neither_says_it_any_more() -> None:
    town, mother, bump = expecting()
    before = town.file(bump)
    clocks = await owed(town, mother, bump)
    baby = person("Bo", born=BORN)
    number = baby.doc.pop("nhs")
    midwife = birth_notified(mother, babies=[LOST], by="midwives")
    await town.publish(midwife)
    baby.doc["nhs"] = number
    registry = birth_notified(mother, baby, by="pds")
    await town.publish(registry)
    assert "died" in town.file(bump), "one of two says so, and a person has not said otherwise"
    await town.publish(cancel_of(midwife))
    assert (town.file(bump)["nhs"], "died" in town.file(bump)) == (number, False)
    assert ("stopped", "the child died") not in how(town, clocks)
    await town.publish(cancel_of(registry))
    assert town.file(bump) == before


async def test_what_came_meanwhile_ends_the_clock_that_waited_for_it() -> None:
    town, mother, bump = expecting()
    notified = dart_notified([], mother, pregnant="yes")
    await town.publish(notified)
    (waits,) = [c for c in town.clocks(child=bump) if c.clock.needs == "happen"]
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    outcome = dart_outcome(notified, subjects=[mother.subject("mother"), bump.subject("unborn")])
    await town.publish(outcome)
    assert how(town, [waits]) == {("stopped", "the child died")}
    await town.publish(cancel_of(told))
    assert how(town, [waits]) == {("met", "dart-outcome-1")}


async def test_a_birth_whose_mother_a_person_found_is_taken_back_without_asking_again_who_she_is() -> None:
    town, mother, bump = expecting()
    before = town.file(bump)
    clocks = await owed(town, mother, bump)
    unknown = mother.subject("mother", nhs_number=None, nhs_number_status="07")
    told = birth_notified(mother, subjects=[unknown], babies=[LOST])
    await town.publish(told)
    for task in town.tasks("match"):
        await town.decide_again(task.task.id, person=mother.id if "subjects.0" in task.task.words else bump.id)
    assert "died" in town.file(bump)
    assert how(town, clocks) == {("stopped", "the child died")}
    await town.publish(cancel_of(told))
    assert town.file(bump) == before
    assert how(town, clocks) == {("running", None)}


async def test_a_late_word_of_a_pregnancy_that_was_born_is_the_babys_and_wipes_nothing() -> None:
    mother = adult("Ada", age=18)
    town = Town(family(mother=mother))
    await town.publish(pregnancy_notified(mother, pregnancy_id="preg-1"))
    baby = person("Bo", born=BORN)
    await town.publish(birth_notified(mother, baby, pregnancy_id="preg-1"))
    holder = town.ledger.store.by_nhs[baby.nhs]
    await town.publish(pregnancy_notified(mother, pregnancy_id="preg-1"))
    assert town.ledger.store.by_nhs[baby.nhs] == holder
    assert at(town, holder)["nhs"] == baby.nhs


async def test_a_correction_of_something_else_asks_nobody_and_loses_nothing_of_what_came_since() -> None:
    town, mother, bump = expecting()
    baby = person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    await town.publish(ed_discharged(baby))
    before = town.file(bump)
    assert (await town.publish(update_of(told, place={"absent": "not-recorded"}))).accepted
    assert town.file(bump) == before
    assert town.tasks("match") == []


@pytest.mark.parametrize("since", [False, True])
async def test_a_number_that_is_corrected_is_the_new_one_unless_something_has_come_for_the_first(since: bool) -> None:
    town, mother, bump = expecting()
    baby, right = person("Bo", born=BORN), person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    if since:
        await town.publish(ed_discharged(baby))
    await town.publish(update_of(told, subjects=[mother.subject("mother"), right.subject()], babies=[live(right)]))
    assert town.file(bump)["nhs"] == (baby.nhs if since else right.nhs)
    assert len(town.tasks("match")) == since


async def test_another_number_than_the_baby_on_record_has_is_asked_about_and_never_passed_over() -> None:
    town, mother, bump = expecting()
    bo, jo = person("Bo", born=BORN), person("Jo", born=BORN)
    await town.publish(birth_notified(mother, bo, by="midwives"))
    await town.publish(birth_notified(mother, jo, by="pds"))
    assert (town.file(bump)["nhs"], town.file(bump)["name"]["given"]) == (bo.nhs, "Bo")
    (task,) = town.tasks("match")
    assert "may be the same" in task.task.words


async def test_corrected_to_another_mothers_child_the_first_pregnancy_goes_on() -> None:
    town, mother, bump = expecting()
    before = town.file(bump)
    other, hers = adult("Eve", age=30), unborn(weeks=39, pregnancy="preg-1")
    await town.ledger.load_families([family(mother=other, children=[hers]).doc])
    clocks = await owed(town, mother, bump)
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    await town.publish(update_of(told, subjects=[other.subject("mother")]))
    assert town.file(bump) == before
    assert town.file(hers)["died"] == "2026-03-16"
    assert how(town, clocks) == {("running", None)}


async def test_a_child_with_a_number_is_not_made_another_mothers_by_a_correction_alone() -> None:
    town, mother, bump = expecting()
    other = adult("Eve", age=30)
    await town.ledger.load_families([family(mother=other).doc])
    baby = person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    await town.publish(update_of(told, subjects=[other.subject("mother"), baby.subject()]))
    assert town.file(bump)["mother"] == mother.id
    assert town.ledger.store.people[other.id][2] != town.ledger.store.people[mother.id][2], "their files are not one"
    assert len(town.tasks("match")) == 1


async def test_stillborn_cancelled_and_told_again_in_one_batch_is_as_one_after_another() -> None:
    for batches in ([[0], [1], [2]], [[0, 1, 2]], [[0, 1], [2]], [[0], [1, 2]]):
        town, mother, bump = expecting()
        clocks = await owed(town, mother, bump)
        told = birth_notified(mother, babies=[LOST], by="midwives")
        events = [told, cancel_of(told), birth_notified(mother, babies=[LOST], by="midwives", record_id="again")]
        for batch in batches:
            await town.publish(*(events[n] for n in batch))
        assert how(town, clocks) == {("stopped", "the child died")}, batches
        await town.publish(cancel_of(events[2]))
        assert how(town, clocks) == {("running", None)}, batches
        assert is_unborn(town.file(bump))
        assert (await town.ledger.reconcile()).faults == ()


async def test_a_twin_that_another_tells_of_later_has_the_past_of_the_pregnancy_and_not_the_firsts_number() -> None:
    town, mother, bump = expecting(flags=[flag("unborn-plan")])
    bo = person("Bo", born=BORN)
    await town.publish(birth_notified(mother, bo, by="midwives"))
    await town.publish(birth_notified(mother, bo, babies=[live(bo), {**LOST, "order": 2}], by="pds"))
    (lost,) = {x.child for x in town.inbox("hv-north")} - {bump.id}
    twin = at(town, str(lost))
    assert ("nhs" in twin, "name" in twin, twin["died"]) == (False, False, "2026-03-16")
    assert [f["kind"] for f in twin["flags"]] == ["unborn-plan"]
    assert (town.file(bump)["nhs"], "died" in town.file(bump)) == (bo.nhs, False)


async def test_clocks_of_a_pregnancy_whose_baby_was_known_by_its_number_run_again_too() -> None:
    town, mother, bump = expecting()
    clocks = await owed(town, mother, bump)
    baby = person("Bo", born=BORN)
    await town.publish(ed_discharged(baby))
    told = birth_notified(mother, baby, babies=[{**live(baby), "outcome": "died-after-birth"}])
    await town.publish(told)
    assert town.file(bump)["same_as"] == town.ledger.store.by_nhs[baby.nhs]
    assert how(town, clocks) == {("stopped", "the child died")}
    await town.publish(cancel_of(told))
    assert how(town, clocks) == {("running", None)}


async def test_what_has_been_said_otherwise_since_stays() -> None:
    town, mother, _ = expecting()
    baby = person("Bo", born=BORN)
    await town.publish(ed_discharged(baby))
    told = birth_notified(mother, baby)
    await town.publish(told)
    early = town.ledger.store.by_nhs[baby.nhs]
    assert at(town, early)["area"] == town.file(mother)["area"]
    await town.publish(address_changed(baby, SOUTH))
    await town.publish(cancel_of(told))
    assert at(town, early)["area"] == SOUTH
    assert "mother" not in at(town, early)


async def test_what_came_between_a_birth_and_its_correction_came_since() -> None:
    town, mother, bump = expecting()
    baby = person("Bo", born=BORN)
    told = birth_notified(mother, baby)
    await town.publish(told)
    await town.publish(ed_discharged(baby))
    assert (await town.publish(update_of(told, place={"absent": "not-recorded"}))).accepted
    await town.publish(cancel_of(told))
    assert town.file(bump)["nhs"] == baby.nhs
    assert len(town.tasks("match")) == 1


async def test_the_visit_before_the_birth_is_owed_again_where_the_stillbirth_was_told_in_error() -> None:
    town, mother, bump = expecting()
    await town.publish(pregnancy_notified(mother))
    (visit,) = [c for c in town.clocks(child=bump) if "birth-notified-1" in c.clock.met_by and c.clock.needs == "act"]
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    await town.publish(cancel_of(told))
    assert how(town, [visit]) == {("running", None)}


async def test_what_was_answered_meanwhile_is_answered() -> None:
    town, mother, bump = expecting()
    request = mash_request(bump, subjects=[bump.subject("unborn"), mother.subject("mother")])
    await town.publish(request)
    asked = [c for c in town.clocks(child=bump) if c.clock.needs == "answer"]
    told = birth_notified(mother, babies=[LOST])
    await town.publish(told)
    await town.publish(mash_response(request, "midwives", "midwives"))
    await town.publish(cancel_of(told))
    assert {c.clock.team for c in asked} > {"midwives"}
    assert how(town, [c for c in asked if c.clock.team == "midwives"]) == {("met", "mash-response-1")}
    assert how(town, [c for c in asked if c.clock.team != "midwives"]) == {("running", None)}


async def test_a_twin_of_whom_only_another_knows_is_not_taken_for_the_one_whose_number_is_known() -> None:
    town, mother, bump = expecting()
    bo, jo = person("Bo", born=BORN), person("Jo", born=BORN)
    await town.publish(birth_notified(mother, bo, babies=[live(bo, 2)], by="midwives"))
    both = [mother.subject("mother"), jo.subject(), bo.subject()]
    await town.publish(birth_notified(mother, subjects=both, babies=[live(jo, 1), live(bo, 2)], by="pds"))
    assert town.file(bump)["nhs"] == bo.nhs
    assert town.ledger.store.by_nhs[jo.nhs] != bump.id
    assert town.tasks("match") == []
