"""Early help: the whole front line shares one plan, and somebody looks at it again on its day (F33)."""

from datetime import date
from typing import Any

from contracts.early_help import EarlyHelpChanged
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_19, unborn_or_newborn, unborn_or_under_5
from router.policy.finding import tell_named
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, PUBLISHER_THEN_NAMED_NURSE, SEEN, THAT_DAY
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, tell, want
from router.policy.working_time import working_days

F33 = Gap("F33", "1.4", "", "early help is not shared and jointly owned by the whole front line")
READ = Gap("F33", "1.4", "", "nobody knows whether those whom a plan names have read it", local=True)
REVIEW = Gap("F33", "1.4", "", "a plan is made, and nobody looks at it again", local=True)

KNOW = AskOf("Put the plan with the child's record, and tell the lead practitioner what you know of the family.", SEEN)
DO_YOUR_PART = AskOf("Do what the plan asks of your service, and tell the lead practitioner how it goes.", SEEN)
WHOLE = everything("flags", "linked")
"""The same plan for everybody: that is what makes it theirs together (1.4)."""
LOOKED_AT_AGAIN = "early help is reviewed or closed"
WITHOUT_A_DAY = working_days(30)
"""About six weeks, where no day was set."""


@condition("the help goes on, and a day is set to review it")
def review_is_set(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.change != "closed" and isinstance(event.data.review_due, date)


@condition("the help goes on, and no day is set to review it")
def no_review_is_set(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.change != "closed" and not isinstance(event.data.review_due, date)


@condition("the help goes on")
def goes_on(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change != "closed")


@condition("the help ended")
def ended(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change == "closed")


def _no_day(value: Any) -> bool:
    return not isinstance(value, date)


def _not_said(value: Any) -> bool:
    return not isinstance(value, str)


def _agreement_not_sought(consent: Any) -> bool:
    """Early help rests on agreement; a refusal is an answer (rule F)."""
    return consent.to_service.answer not in ("given", "refused")


CHANGED = Policy(
    event=EarlyHelpChanged,
    concerning="children named",
    counts_as=("early-help assessment",),
    thing="assessment_id",
    shares=(
        tell(Service.HV, unborn_or_under_5, because=F33, gets=WHOLE, ask=KNOW),
        tell(Service.SN, aged_5_to_19, because=F33, gets=WHOLE, ask=KNOW),
        tell(Service.GP, because=F33, gets=WHOLE, ask=KNOW),
        tell(Service.MID, unborn_or_newborn, because=F33, gets=WHOLE, ask=KNOW),
        tell_named("plan", besides=(Service.GP,), because=F33, gets=WHOLE, ask=DO_YOUR_PART),
    ),
    expectations=(
        expect(
            None,
            review_is_set,
            to="happen",
            within=THAT_DAY,
            else_tell=PUBLISHER_THEN_NAMED_NURSE,
            because=REVIEW,
            met_by=(EarlyHelpChanged,),
            the_next=True,
            starts_at="review_due",
            name=LOOKED_AT_AGAIN,
        ),
        expect(
            None,
            no_review_is_set,
            to="happen",
            within=WITHOUT_A_DAY,
            else_tell=PUBLISHER_THEN_NAMED_NURSE,
            because=REVIEW,
            met_by=(EarlyHelpChanged,),
            the_next=True,
            starts_at="event",
            name=LOOKED_AT_AGAIN,
        ),
        expect(None, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
    ),
    wants=(
        want("need", because=F33, words="word of what the family needs"),
        want("lead_practitioner", goes_on, because=F33, words="lead practitioner"),
        want("plan", goes_on, because=F33, words="plan that says who helps with what"),
        want("review_due", goes_on, because=REVIEW, words="day on which the plan is reviewed", missing=_no_day),
        want("closed_because", ended, because=F33, words="reason why the help ended", missing=_not_said),
        want("consent", because=F33, words="answer of the family about the help itself", missing=_agreement_not_sought),
        VOICE,
    ),
)
