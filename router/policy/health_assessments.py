"""Health assessments of looked-after children: who has the plan, and when the next assessment is due (F28, F25)."""

from typing import Any

from contracts.health_assessments import HealthAssessmentCompleted, HealthPlanActionDone
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_19, under_5
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.looked_after import CARE_ENDED, HISTORY_WRITTEN, INITIAL, LACT_THEN_NAMED_NURSE
from router.policy.owners import TEAM_LEAD, Rung, owner
from router.policy.voice import VOICE
from router.policy.words import (
    HOW_TO_APPROACH,
    AskOf,
    Condition,
    Expect,
    Gap,
    Policy,
    condition,
    everything,
    expect,
    only,
    taken_as,
    tell,
    want,
)
from router.policy.working_time import months, working_days

PLAN = Gap("F28", "4.5", "R8.3", "health plans are not SMART, and the child's voice in them is weak")
REVIEWING = Gap("F28", "4.9", "", "the reviewing officer must know of the child's health at the statutory review")
HISTORY = Gap("F28", "4.8", "R1.5", "care leavers have a letter of their birth and immunisation, and no health history")
COPY = Gap("F28", "4.8", "R1.5", "young people have no account of their own health to keep")
CHASED = Gap("F28", "4.5", "R8.3", "a health plan is written, and nobody sees whether its things are done")
"""No event says that an action is due (standards.md, part 5, names `health-plan-action-due-1`): that a day has come is
nobody's to publish, and nobody might. It is a clock on each action, which fires whether any system says so or not; what
a service can say is that the thing is done, or will not be (`health-plan-action-done-1`): that alone ends the chase."""
SUPPORT = Gap("F28", "4.11", "", "those who are to do something for the child are not told of it")
REVIEW = Gap("F25", "4.4", "", "review health assessments fall due six-monthly under five, and yearly from then on")
VENUE = Gap("F25", "4.6", "R1.4", "older young people are seen in schools, and are not given a choice of place")

HAND_OVER_COPY = AskOf("Hand the young person their own copy, and go through it with them.", working_days(10))
FILE_PLAN = AskOf("Put the health plan into the record, and do what it asks of your service by its day.", SEEN)
OWN_COPY = ("young_persons_copy",)
WHOLE = everything("flags", "linked", but=OWN_COPY)
WITHOUT_HISTORY = everything("flags", "linked", but=(*OWN_COPY, "health_history"))
PLAN_ALONE = only(
    "assessment_id", "kind", "completed_on", "venue_chosen", "actions", "voice_of_child", "concern", *HOW_TO_APPROACH
)
TO_HAND_OVER = only("assessment_id", "kind", "completed_on", "actions", "health_history", *OWN_COPY, *HOW_TO_APPROACH)


TO_DO = only("assessment_id", "completed_on", "actions", "emotional_health", *HOW_TO_APPROACH, adds=("flags",))
LEAD_THEN_LACT = (Rung(TEAM_LEAD, working_days(2)), Rung(owner(Service.LACT), working_days(2)))


@condition("it is the initial health assessment")
def is_initial(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.kind == "initial")


@condition("it is a care leaver's health history")
def is_history(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.kind == "leaving-care")


def _stays(event: Any, child: Child, facts: Facts) -> bool:
    left = facts.stands(child.id, (CARE_ENDED,), event.data.care_id)
    return event.data.kind != "leaving-care" and not left


@condition("the child is under 5 and stays looked after")
def under_5_and_stays(event: Any, child: Child, facts: Facts) -> bool:
    return 0 <= child.age < 5 and _stays(event, child, facts)


@condition("the child is 5 to 17, or nobody knows how old, and stays looked after")
def aged_5_to_17_and_stays(event: Any, child: Child, facts: Facts) -> bool:
    """Of no known age are above all young people who came to the country alone."""
    return (5 <= child.age < 18 or child.of_no_known_age) and _stays(event, child, facts)


@condition("CAMHS is to do something of the plan")
def camhs_has_an_action(event: Any, child: Child, facts: Facts) -> bool:
    return any(action.owner is Service.CAMHS for action in event.data.actions)


@condition("the looked-after nurse is the lead practitioner")
def led_by_looked_after_nurse(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.lead_practitioner is Service.LACT)


@condition("the health visitor is the lead practitioner")
def led_by_health_visitor(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.lead_practitioner is Service.HV)


@condition("the school nurse is the lead practitioner")
def led_by_school_nurse(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.lead_practitioner is Service.SN)


def _next_review(age: Condition, months_on: int) -> Expect:
    return expect(
        None, age, to="happen", within=months(months_on), else_tell=LACT_THEN_NAMED_NURSE, because=REVIEW,
        met_by=(HealthAssessmentCompleted, CARE_ENDED), starts_at="completed_on", the_next=True,
        name="the next review health assessment is completed",
    )  # fmt: skip


def _copy_handed_over(service: Service, leads: Condition) -> Expect:
    return expect(
        service, leads, to="act", within=working_days(10), else_tell=LEAD_THEN_NAMED_NURSE, because=COPY,
        name="the young person has their own copy",
    )  # fmt: skip


COMPLETED = Policy(
    event=HealthAssessmentCompleted,
    concerning="children named",
    thing="care_id",
    counts_as=("health assessment",),
    taken_as=(
        taken_as(HealthAssessmentCompleted),
        taken_as(INITIAL, is_initial),
        taken_as(HISTORY_WRITTEN, is_history),
    ),
    shares=(
        tell(Service.GP, because=PLAN, gets=WHOLE, ask=FILE_PLAN),
        tell(Service.HV, under_5, because=PLAN, gets=WITHOUT_HISTORY, ask=FILE_PLAN),
        tell(Service.SN, aged_5_to_19, because=PLAN, gets=WITHOUT_HISTORY, ask=FILE_PLAN),
        tell(Service.IRO, because=REVIEWING, gets=PLAN_ALONE),
        tell(Service.CSC, because=PLAN, gets=PLAN_ALONE, ask=FILE_PLAN),
        tell(Service.CAMHS, camhs_has_an_action, because=SUPPORT, gets=TO_DO, ask=FILE_PLAN),
        tell(Service.LACT, led_by_looked_after_nurse, because=COPY, gets=TO_HAND_OVER, ask=HAND_OVER_COPY),
        tell(Service.HV, led_by_health_visitor, because=COPY, gets=TO_HAND_OVER, ask=HAND_OVER_COPY),
        tell(Service.SN, led_by_school_nurse, because=COPY, gets=TO_HAND_OVER, ask=HAND_OVER_COPY),
    ),
    expectations=(
        _next_review(under_5_and_stays, 6),
        _next_review(aged_5_to_17_and_stays, 12),
        expect(
            None, to="happen", each="actions", within=working_days(20), else_tell=LEAD_THEN_LACT, because=CHASED,
            met_by=(HealthPlanActionDone,), name="what the health plan says is done",
        ),
        _copy_handed_over(Service.LACT, led_by_looked_after_nurse),
        _copy_handed_over(Service.HV, led_by_health_visitor),
        _copy_handed_over(Service.SN, led_by_school_nurse),
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=PLAN),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=PLAN),
    ),
    wants=(
        VOICE,
        want("health_history", is_history, because=HISTORY, words="health history for the care leaver",
             missing=lambda said: not hasattr(said, "birth")),
        want("venue_chosen", because=VENUE, words="answer whether the place was the young person's choice",
             missing=lambda said: said in ("not-asked", "not-known")),
        want("young_persons_copy", because=COPY, words="copy for the young person to keep"),
    ),
)  # fmt: skip

DONE = Policy(
    event=HealthPlanActionDone,
    concerning="children named",
    thing="action_id",
    shares=(
        tell(Service.LACT, because=CHASED, gets=everything()),
        tell(Service.IRO, because=REVIEWING, gets=only("action_id", "done", "done_on", "result", "voice_of_child")),
    ),
    wants=(VOICE,),
)
