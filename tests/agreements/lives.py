"""A child who was recorded as dead in error: both ledgers let run again what had stopped, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest

from router.events import stable_id
from router.policy.book import rule_book
from tests.agreements.cases import Case, SeenClock
from tests.story_events import (
    Said,
    address_changed,
    birth_notified,
    cancel_of,
    dart_notified,
    dart_outcome,
    maternity_handover,
    pregnancy_notified,
    update_of,
)
from tests.story_looked_after_events import assessment_paused, placement_changed
from tests.story_mash_events import mash_rag_changed, mash_request
from tests.story_people import Person, adult, family, person, unborn
from tests.story_teams import SOUTH, directory

BOOK = rule_book()
BORN = date(2026, 3, 16)
LOST: dict[str, Any] = {"order": 1, "outcome": "stillbirth", "born_at": "2026-03-16T09:00:00+00:00"}


class Lives:
    """What a ledger does for a child who did not die."""

    async def _handed_over(self, case: Case) -> tuple[Said, Person, Person, Said]:
        ada, bump = adult("Ada", age=18), unborn(weeks=30, pregnancy="preg-1")
        await case.load(family(mother=ada, children=[bump]))
        handed = maternity_handover(ada, bump, by="midwives", first_time_mother="yes")
        await case.publish(handed, by="midwives", book=BOOK)
        return handed, ada, bump, birth_notified(ada, babies=[LOST], by="midwives")

    async def _named(self, case: Case, ids: set[str]) -> dict[str, SeenClock]:
        return {c.id: c for c in await case.clocks() if c.id in ids}

    async def _all_running(self, case: Case) -> dict[str, SeenClock]:
        return {c.id: c for c in await case.clocks() if c.state in ("running", "paused")}

    async def test_cancelled_the_clocks_are_as_they_were_and_what_is_overdue_climbs_at_once(self, case: Case) -> None:
        _, _, _, told = await self._handed_over(case)
        before = await self._all_running(case)
        await case.publish(told, by="midwives", book=BOOK)
        stopped = await self._named(case, set(before))
        assert {(c.state, c.how) for c in stopped.values()} == {("stopped", "the child died")}
        case.hands.advance(timedelta(days=30))
        await case.fire()
        await case.publish(cancel_of(told), by="midwives", book=BOOK)
        assert await self._named(case, set(before)) == before
        rungs = (await case.fire()).rungs
        assert rungs >= len([c for c in before.values() if c.due <= case.hands.now]) > 0

    async def test_they_run_again_though_the_record_id_stands_for_another_mother_and_is_newer_for_her(
        self, case: Case
    ) -> None:
        ada, bump = adult("Ada"), unborn(weeks=30, pregnancy="preg-1")
        eve, hers = adult("Eve"), unborn(weeks=30, pregnancy="preg-2")
        await case.load(family(mother=ada, children=[bump]), family(mother=eve, children=[hers]))
        first = maternity_handover(ada, bump, by="midwives", record_id="one-for-all")
        other = maternity_handover(eve, hers, by="midwives", record_id="one-for-all")
        await case.publish(first, by="midwives", book=BOOK)
        before = await self._all_running(case)
        await case.publish(other, update_of(other, "9"), by="midwives", book=BOOK)
        told = birth_notified(ada, babies=[LOST], by="midwives")
        await case.publish(told, by="midwives", book=BOOK)
        assert {c.how for c in (await self._named(case, set(before))).values()} == {"the child died"}
        await case.publish(cancel_of(told), by="midwives", book=BOOK)
        assert await self._named(case, set(before)) == before

    async def test_corrected_to_a_live_birth_they_run_and_what_waited_for_the_birth_is_met(self, case: Case) -> None:
        _, ada, _, told = await self._handed_over(case)
        await case.publish(pregnancy_notified(ada, by="midwives"), by="midwives", book=BOOK)
        before = await self._all_running(case)
        await case.publish(told, by="midwives", book=BOOK)
        baby = person("Bo", born=BORN)
        born = {**LOST, "outcome": "live", "nhs_number": baby.nhs}
        lives = update_of(told, subjects=[ada.subject("mother"), baby.subject()], babies=[born])
        await case.publish(lives, by="midwives", book=BOOK)
        now = await self._named(case, set(before))
        assert {(c.state, c.how) for c in now.values()} == {("running", None), ("met", "birth-notified-1")}
        assert {c.due for c in now.values()} == {c.due for c in before.values()}

    async def test_what_was_replaced_cancelled_or_answered_meanwhile_stays_ended(self, case: Case) -> None:
        handed, ada, _, told = await self._handed_over(case)
        owed = await self._all_running(case)
        await case.publish(told, by="midwives", book=BOOK)
        letter = next(d for d in await case.summaries("hv-north") if d.event == handed.id)
        await case.answer("hv-north", letter.id, "acknowledged", id="1", book=BOOK)
        await case.publish(cancel_of(told), by="midwives", book=BOOK)
        found = await self._named(case, set(owed))
        ended = {c.id for c in found.values() if (c.state, c.how) == ("met", "acknowledged")}
        assert ended
        assert {c.state for c in found.values() if c.id not in ended} == {"running"}

        again = birth_notified(ada, babies=[LOST], by="midwives", record_id="another")
        await case.publish(again, by="midwives", book=BOOK)
        await case.publish(cancel_of(handed), by="midwives", book=BOOK)
        await case.publish(cancel_of(again), by="midwives", book=BOOK)
        found = await self._named(case, set(owed) - ended)
        assert {(c.state, c.how) for c in found.values()} == {("stopped", "the child died")}

    async def test_what_an_event_met_meanwhile_is_met(self, case: Case) -> None:
        _, ada, bump, told = await self._handed_over(case)
        notified = dart_notified([], ada, pregnant="yes", by="dart")
        before = set(await self._all_running(case))
        await case.publish(notified, by="dart", book=BOOK)
        since = set(await self._all_running(case)) - before
        await case.publish(told, by="midwives", book=BOOK)
        outcome = dart_outcome(notified, subjects=[ada.subject("mother"), bump.subject("unborn")], by="dart")
        await case.publish(outcome, by="dart", book=BOOK)
        await case.publish(cancel_of(told), by="midwives", book=BOOK)
        found = await self._named(case, since)
        assert ("met", "dart-outcome-1") in {(c.state, c.how) for c in found.values()}
        assert ("stopped", "the child died") not in {(c.state, c.how) for c in found.values()}

    async def _two_looked_after(self, case: Case) -> tuple[list[Person], Said, set[str]]:
        """Two babies who become looked after; that the first has died, in error; the clocks of the other."""
        babies, seen = [person(name, born=BORN) for name in ("Bo", "Jo")], set[str]()
        mothers = [adult("Ada", age=30), adult("Eve", age=31)]
        for baby, mother in zip(babies, mothers, strict=True):
            await case.load(family(mother=mother))
            await self._said(case, birth_notified(mother, baby, by="midwives"), placement_changed(baby, by="csc"))
            others = set(await self._all_running(case)) - seen
            seen |= others
        dead = {**LOST, "outcome": "died-after-birth", "nhs_number": babies[0].nhs}
        return babies, birth_notified(mothers[0], babies[0], babies=[dead], by="pds"), others

    async def _held(self, case: Case, babies: list[Person], *changes: str) -> None:
        for change in changes:
            case.hands.advance(timedelta(days=1))
            await self._said(case, *(assessment_paused(b, change, since="2026-03-17", by="lact") for b in babies))

    async def _stopped(self, case: Case) -> set[str]:
        return {c.id for c in await case.clocks() if c.how == "the child died"}

    @pytest.mark.parametrize("changes", [("paused",), ("paused", "resumed")])
    async def test_what_was_paused_meanwhile_stands_still_as_if_the_death_had_never_been_told(
        self, case: Case, changes: tuple[str, ...]
    ) -> None:
        babies, told, others = await self._two_looked_after(case)
        await self._said(case, told)
        stopped = await self._stopped(case)
        await self._held(case, babies, *changes)
        await self._said(case, cancel_of(told))
        turned = [past for past in await case.turned() if past]
        assert [t[:2] for t in turned[0]] == [t[:2] for t in turned[1]], "why it was said is not remembered"
        of_one, of_other = await self._alike(case, stopped, others)
        assert of_one == of_other
        assert ("paused" if len(changes) == 1 else "running") in {state for state, _, _ in of_one}

    async def test_what_had_turned_them_before_or_had_not_is_not_said_again(self, case: Case) -> None:
        babies, told, others = await self._two_looked_after(case)
        await self._held(case, babies, "paused", "paused", "resumed")
        await self._said(case, told)
        stopped = await self._stopped(case)
        await self._said(case, cancel_of(told))
        of_one, of_other = await self._alike(case, stopped, others)
        assert of_one == of_other
        assert {state for state, _, _ in of_one} == {"running"}

    async def test_what_was_overdue_before_it_was_paused_is_heard_of_first(self, case: Case) -> None:
        babies, told, _ = await self._two_looked_after(case)
        await self._said(case, told)
        stopped = await self._stopped(case)
        case.hands.advance(timedelta(days=60))
        await self._held(case, babies[:1], "paused")
        await self._said(case, cancel_of(told))
        assert {c.state for c in (await self._named(case, stopped)).values()} == {"running"}
        await case.fire()
        assert all(c.rung > 0 for c in (await self._named(case, stopped)).values())

    async def test_in_one_batch_with_the_word_that_it_lives_too(self, case: Case) -> None:
        babies, told, _ = await self._two_looked_after(case)
        await self._said(case, told)
        stopped = await self._stopped(case)
        case.hands.advance(timedelta(days=60))
        held = assessment_paused(babies[0], since="2026-03-17", by="lact")
        await case.publish(held, cancel_of(told), book=BOOK)
        assert {c.state for c in (await self._named(case, stopped)).values()} == {"running"}

    async def test_what_was_rated_anew_meanwhile_is_due_by_the_new_rating(self, case: Case) -> None:
        families = [
            (adult("Ada", age=30), unborn(weeks=30, pregnancy="preg-1")),
            (adult("Eve", age=31), unborn(weeks=30)),
        ]
        for mother, bump in families:
            await case.load(family(mother=mother, children=[bump]))
        asked = [mash_request(bump, "green", by="mash") for _, bump in families]
        for (mother, _), one in zip(families, asked, strict=True):
            one.event["data"]["subjects"].append(mother.subject("mother"))
            await self._said(case, one)
        before = set(await self._all_running(case))
        told = birth_notified(families[0][0], babies=[LOST], by="midwives")
        await self._said(case, told)
        stopped = await self._stopped(case)
        others = before - stopped
        case.hands.advance(timedelta(hours=2))
        for one in asked:
            await self._said(case, mash_rag_changed(one, "red", by="mash"))
        await self._said(case, cancel_of(told))
        of_one, of_other = await self._alike(case, stopped, others)
        assert of_one == of_other
        assert ("running", case.hands.now + timedelta(hours=4), 0) in of_one

    async def _alike(self, case: Case, ids: set[str], others: set[str]) -> tuple[list[Any], list[Any]]:
        """How the clocks stand of the child thought dead, and those of the other."""
        of_one, of_other = await self._named(case, ids), await self._named(case, others)
        return tuple(sorted((c.state, c.due, c.rung) for c in some.values()) for some in (of_one, of_other))  # type: ignore[return-value]

    async def _said(self, case: Case, *events: Said) -> None:
        for one in events:
            assert (await case.publish(one, book=BOOK)).accepted

    async def test_in_one_batch_they_follow_one_another_as_they_came(self, case: Case) -> None:
        _, ada, _, told = await self._handed_over(case)
        before = await self._all_running(case)
        again = birth_notified(ada, babies=[LOST], by="midwives", record_id="another")
        third = birth_notified(ada, babies=[LOST], by="midwives", record_id="third")
        await case.publish(told, cancel_of(told), by="midwives", book=BOOK)
        assert await self._named(case, set(before)) == before
        await case.publish(again, by="midwives", book=BOOK)
        await case.publish(cancel_of(again), third, by="midwives", book=BOOK)
        found = await self._named(case, set(before))
        assert {(c.state, c.how) for c in found.values()} == {("stopped", "the child died")}

    async def test_of_two_children_in_one_batch_the_one_lives_and_the_other_is_dead(self, case: Case) -> None:
        eve, hers = adult("Eve", age=30), unborn(weeks=30, pregnancy="preg-2")
        await case.load(family(mother=eve, children=[hers]))
        await case.publish(maternity_handover(eve, hers, by="midwives"), by="midwives", book=BOOK)
        eves = await self._all_running(case)
        _, _, _, told = await self._handed_over(case)
        adas = {id for id in await self._all_running(case) if id not in eves}
        await case.publish(told, by="midwives", book=BOOK)
        another = birth_notified(eve, babies=[LOST], pregnancy_id="preg-2", by="midwives")
        await case.publish(another, cancel_of(told), by="midwives", book=BOOK)
        assert {c.how for c in (await self._named(case, set(eves))).values()} == {"the child died"}
        assert {c.state for c in (await self._named(case, adas)).values()} == {"running"}

    async def test_what_a_team_had_taken_over_by_a_move_that_was_cancelled_meanwhile_goes_back(
        self, case: Case
    ) -> None:
        _, ada, _, told = await self._handed_over(case)
        owed = {i: c for i, c in (await self._all_running(case)).items() if c.delivery}
        moved = address_changed(ada, SOUTH, role="mother", by="pds")
        await case.publish(moved, by="pds", book=BOOK)
        letter = next(d for d in await case.summaries("hv-south") if d.event == moved.id)
        await case.answer("hv-south", letter.id, "acknowledged", id="1", book=BOOK)
        taken = {i for i, c in (await self._named(case, set(owed))).items() if c.delivery == letter.id}
        assert taken
        await case.publish(told, by="midwives", book=BOOK)
        await case.publish(cancel_of(moved), by="pds", book=BOOK)
        await case.publish(cancel_of(told), by="midwives", book=BOOK)
        found = await self._named(case, taken)
        assert {(c.state, c.delivery) for c in found.values()} == {("running", owed[i].delivery) for i in taken}

    async def test_a_person_who_finds_the_mother_stops_them_and_the_cancellation_finds_her_again(
        self, case: Case
    ) -> None:
        _, ada, bump, _ = await self._handed_over(case)
        before = await self._all_running(case)
        file = await case.file(bump)
        unknown = ada.subject("mother", nhs_number=None, nhs_number_status="07")
        nobodys = birth_notified(ada, subjects=[unknown], babies=[LOST], by="midwives")
        await case.publish(nobodys, by="midwives", book=BOOK)
        source = next(p["source"] for p in directory()["publishers"] if p["id"] == "midwives")
        task = stable_id("match", source, nobodys.id, "subjects.0")
        await case.decide_again(task, person=ada.id, book=BOOK)
        found = await self._named(case, set(before))
        assert {(c.state, c.how) for c in found.values()} == {("stopped", "the child died")}
        await case.publish(cancel_of(nobodys), by="midwives", book=BOOK)
        assert await self._named(case, set(before)) == before
        assert await case.file(bump) == file

    async def test_the_number_of_a_baby_that_never_was_is_free(self, case: Case) -> None:
        ada, bump = adult("Ada", age=18), unborn(weeks=38, pregnancy="preg-1")
        await case.load(family(mother=ada, children=[bump]))
        file = await case.file(bump)
        baby = person("Bo", born=BORN)
        told = birth_notified(ada, baby, by="midwives")
        await case.publish(told, by="midwives", book=BOOK)
        early = maternity_handover(ada, baby, by="midwives", first_time_mother="no")
        await case.publish(cancel_of(told), early, by="midwives", book=BOOK)
        assert await case.file(bump) == file
        letter = (await case.summaries("hv-north"))[-1]
        assert letter.child not in (None, bump.id)

    async def test_what_is_taken_back_before_it_was_told_makes_nobody(self, case: Case) -> None:
        ada, bump = adult("Ada", age=18), unborn(weeks=38, pregnancy="preg-1")
        await case.load(family(mother=ada, children=[bump]))
        file = await case.file(bump)
        told = birth_notified(ada, babies=[LOST, {**LOST, "order": 2}], by="midwives")
        await case.publish(cancel_of(told), told, by="midwives", book=BOOK)
        assert await case.file(bump) == file
        assert await case.summaries() == []
