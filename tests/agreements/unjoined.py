"""What cannot wait until a person says who somebody is: a referral is told though no record could be joined."""

import orjson

from router.events import stable_id
from router.policy.book import rule_book
from tests.agreements.cases import Case
from tests.story_events import Said
from tests.story_people import adult, child, family, unborn
from tests.story_referral_events import referral, sexual_health_concern
from tests.story_teams import DUDLEY


class Unjoined:
    """What a ledger does with people who are on no record, and with those who are withheld from."""

    async def _referred(self, case: Case) -> tuple[Said, str]:
        """A mother without a number, the child she expects, and a son whose number was not verified."""
        mother, bump, tom = adult("Ada"), unborn(weeks=9), child("Tom", age=3)
        await case.load(family(mother=adult("Jo"), children=[tom]))
        nameless = mother.subject("mother", nhs_number=None, nhs_number_status="07", home_authority=DUDLEY)
        named = [nameless, bump.subject("unborn"), tom.subject(nhs_number_status="02")]
        return referral([], subjects=named), tom.id

    async def test_a_referral_of_people_on_no_record_is_kept_told_and_accounted_for(self, case: Case) -> None:
        sent, tom = await self._referred(case)

        taken = await case.publish(sent, book=rule_book())

        assert len(taken.accepted) == 1
        told = await case.summaries("mash")
        assert len({d.child for d in told}) == 2, "the unborn child and the son, each in a place of its own"
        assert tom not in {d.child for d in told}
        assert [t.kind for t in await case.open_tasks()] == ["match", "match"]
        events, considered, outcomes, faults = await case.reconcile()
        assert (events, considered, faults) == (1, outcomes, [])

    async def test_when_a_person_says_who_one_of_them_is_the_others_are_not_made_anew(self, case: Case) -> None:
        sent, tom = await self._referred(case)
        await case.publish(sent)
        before = {d.child for d in await case.summaries("mash")}
        (source,) = {r.raw and orjson.loads(r.raw)["source"] for r in case.records(sent)}

        await case.decide_again(stable_id("match", source, sent.id, "subjects.2"), person=tom)

        assert {d.child for d in await case.summaries("mash")} == before | {tom}
        assert len(await case.summaries("mash")) == 3
        assert (await case.reconcile())[3] == []

    async def test_a_team_that_says_not_ours_of_somebody_on_no_record_is_believed(self, case: Case) -> None:
        sent, _ = await self._referred(case)
        await case.publish(sent)
        first = (await case.summaries("mash"))[0]
        await case.send_all()

        await case.answer("mash", first.id, "not-ours", id="1", redirect={"team": "mash-birmingham"})
        await case.answer("mash", first.id, "not-ours", id="2", redirect={"team": "mash-birmingham"})

        assert len(await case.summaries("mash")) == 2, "and not told again"
        assert [d.child for d in await case.summaries("mash-birmingham")] == [first.child], "but the team it named"

    async def test_whom_something_is_kept_from_is_counted_among_the_outcomes(self, case: Case) -> None:
        girl = child("Kay", age=15)
        await case.load(family(mother=adult(), children=[girl]))
        await case.publish(sexual_health_concern(girl), by="cash", book=rule_book())
        _, considered, outcomes, faults = await case.reconcile()
        assert considered == outcomes > 3
        assert faults == []
        assert {d.team for d in await case.summaries()} == {"respect-yourself"}
