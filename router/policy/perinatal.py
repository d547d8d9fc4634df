"""Perinatal mental health: a concern stays open until somebody takes it on (F24)."""

from typing import Any

from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from contracts.perinatal import PerinatalMentalHealthConcern
from router.facts import Child, Facts
from router.policy.conditions import unborn_or_newborn, unborn_or_under_5
from router.policy.ladders import FOLLOWED_UP, LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.mash import mash_answers, tell_mash
from router.policy.owners import PUBLISHER, TEAM_LEAD, Rung, owner
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, tell, want
from router.policy.working_time import working_days

F24 = Gap("F24", "2.3", "R4.1", "thresholds are high, and a mother's need finds no service")
TOGETHER = Gap("F24", "5.1.8", "R4.1", "there are gaps for pregnant women whose mental health is a concern")
SCORED = Gap("F24", "2.3", "R4.1", "what the assessment found does not reach those who could help")
HER_OWN_CARE = Gap(
    "F24",
    "2.2",
    "R4.1",
    "a mother's record is for those who treat her: her own direct care, article 9(2)(h) (standards, part 11)",
    local=True,
)
READ = Gap("F24", "2.3", "R4.1", "nobody knows whether those who visit her have read it", local=True)
HARM = Gap("F24", "2.3", "", "a mother has thoughts of harming her baby", local=True)

URGENT = working_days(1)
TAKE_IT = AskOf("Say on your receipt whether you take her on (accepted), or that you do not (declined) and why.")
OR_TAKE_IT = AskOf("Say on your receipt if your service takes her on in the meantime; see that she is not left alone.")
NEXT_OF_THE_LADDER = (
    Rung(PUBLISHER, working_days(1)),
    Rung(TEAM_LEAD, working_days(1)),
    Rung(owner(Service.NN), working_days(1)),
)
"""Whoever raised it looks for another way; then the lead of the service that did not take it, and the named nurse."""

FOR_HER_CARE = everything("adult", "linked")
FOR_HER_BABY = everything("flags", "linked", "adult", but=("pregnancy_id",))
FOR_MASH = everything("flags", "adult", "services", "earlier", but=("pregnancy_id",))
HER_RECORD = everything()
"""Also what the author marked as hers besides."""
CLINICAL = [Restriction.ADULT_CLINICAL]


@condition("it is urgent")
def urgent(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.urgency in ("urgent", "emergency")


@condition("it is not urgent")
def routine(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.urgency == "routine")


@condition("the mother has thoughts of harming the baby")
def may_harm_the_baby(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.thoughts_of_harm in ("to-the-baby", "to-both")


def _not_asked(answer: Any) -> bool:
    return bool(answer == "not-asked")


CONCERN = Policy(
    event=PerinatalMentalHealthConcern,
    concerning="children named",
    thing="pregnancy_id",
    shares=(
        tell(Service.AMH, unborn_or_under_5, because=F24, gets=FOR_HER_CARE, ask=TAKE_IT),
        tell(Service.AMH, unborn_or_under_5, because=HER_OWN_CARE, gets=HER_RECORD, may_see=CLINICAL),
        tell(Service.GP, unborn_or_under_5, because=F24, gets=FOR_HER_CARE, ask=OR_TAKE_IT),
        tell(Service.GP, unborn_or_under_5, because=HER_OWN_CARE, gets=HER_RECORD, may_see=CLINICAL),
        tell(Service.HV, unborn_or_under_5, because=F24, gets=FOR_HER_BABY, ask=OR_TAKE_IT),
        tell(Service.MID, unborn_or_newborn, because=TOGETHER, gets=FOR_HER_BABY, ask=OR_TAKE_IT),
        tell_mash(HARM, FOR_MASH, may_harm_the_baby),
    ),
    expectations=(
        expect(Service.AMH, urgent, to="take", within=URGENT, else_tell=NEXT_OF_THE_LADDER, because=F24),
        expect(Service.AMH, routine, to="take", within=FOLLOWED_UP, else_tell=NEXT_OF_THE_LADDER, because=F24),
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.MID, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        mash_answers(HARM),
    ),
    wants=(
        want("scores", because=SCORED, words="score of an assessment"),
        want("thoughts_of_harm", because=SCORED, words="question about thoughts of harm", missing=_not_asked),
        want("offered", because=SCORED, words="word on what was offered"),
    ),
)
