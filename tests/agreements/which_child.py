"""An update that names another child: the first child is as if the record had never come, and reads nothing of it."""

import pytest

from router.policy.book import rule_book
from tests.agreements.cases import Case
from tests.story_events import cancel_of, dart_notified, dart_outcome, ed_attendance, flag_changed, update_of
from tests.story_people import Json, Person, adult, child, family

LIVE = rule_book()
MILD: Json = {"earlier_notifications": {"absent": "none"}, "risk_level": "medium"}
"""A notification that goes to MASH as a repeat alone."""


class WhichChild:
    """What a ledger gathers for an update: also whom the record named before."""

    async def _two(self, case: Case) -> tuple[Person, Person]:
        tom, ann = child("Tom", age=3), child("Ann", age=3)
        await case.load(family(mother=adult(), children=[tom]), family(mother=adult(), children=[ann]))
        return tom, ann

    async def _live(self, case: Case, one: Person) -> list[str]:
        taken = await case.publish(ed_attendance(one), book=LIVE)
        (answer,) = [a for a in taken.accepted[0].plan.answers if a["kind"] == "live-flags"]
        return [f["kind"] for f in answer["flags"]]

    @pytest.mark.parametrize("batches", [1, 2], ids=["in one batch", "in two"])
    async def test_a_flag_raised_on_the_wrong_child_is_taken_off_that_child(self, case: Case, batches: int) -> None:
        tom, ann = await self._two(case)
        wrong = flag_changed(tom, "child-protection-plan", since="2026-03-01")
        right = update_of(wrong, subjects=[ann.subject()])
        for batch in ([wrong, right],) if batches == 1 else ([wrong], [right]):
            await case.publish(*batch, by="csc", book=LIVE)
        assert await self._live(case, tom) == []
        assert await self._live(case, ann) == ["child-protection-plan"]
        back = update_of(wrong, "2", subjects=[tom.subject()])
        await case.publish(back, by="csc", book=LIVE)
        assert await self._live(case, tom) == ["child-protection-plan"]
        assert await self._live(case, ann) == []

    @pytest.mark.parametrize("how", ["corrected", "cancelled under another name"])
    async def test_what_was_about_another_child_is_no_earlier_event_of_the_first(self, case: Case, how: str) -> None:
        """His next notification would be a repeat, and go to MASH."""
        tom, ann = await self._two(case)
        wrong = dart_notified(tom, **MILD)
        await case.publish(wrong, by="dart", book=LIVE)
        about_ann = update_of(wrong, subjects=[ann.subject()])
        if how != "corrected":
            about_ann = cancel_of(about_ann)
        await case.publish(about_ann, by="dart", book=LIVE)
        (kept,) = (await case.publish(dart_notified(tom, **MILD), by="dart", book=LIVE)).accepted
        assert "mash" not in {d.team for d in kept.plan.deliveries}
        (kept,) = (await case.publish(dart_notified(ann, **MILD), by="dart", book=LIVE)).accepted
        assert ("mash" in {d.team for d in kept.plan.deliveries}) is (how == "corrected")

    async def test_what_the_first_childs_clock_waits_for_is_owed_again_though_the_thing_was_corrected_too(
        self, case: Case
    ) -> None:
        tom, ann = await self._two(case)
        his, hers = dart_notified(tom), dart_notified(ann)
        await case.publish(his, hers, by="dart", book=LIVE)
        wrong = dart_outcome(his)
        right = update_of(wrong, subjects=[ann.subject()], dart_ref=hers.data["dart_ref"])

        async def met() -> set[str]:
            return {c.id for c in await case.clocks() if c.state == "met" and c.how == "dart-outcome-1"}

        await case.publish(wrong, by="dart", book=LIVE)
        first = await met()
        await case.publish(right, by="dart", book=LIVE)
        assert first
        assert await met()
        assert not first & await met()
        assert {c.state for c in await case.clocks() if c.id in first} == {"running"}
        (kept,) = (await case.publish(update_of(wrong, "5"), by="dart", book=LIVE)).accepted
        assert tom.id in kept.plan.concerned
        assert first <= await met()
