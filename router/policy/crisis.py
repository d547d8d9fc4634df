"""A child in a mental-health crisis: who assesses, how soon, and who has the plan and the risks (F21)."""

from typing import Any

from contracts.crisis import (
    CamhsAssessmentRequested,
    CamhsCarePlan,
    CamhsChildSeen,
    CamhsRiskAssessment,
    CrisisPresentation,
    CrisisStayEnded,
)
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.family_stays import stay_began, stay_ended
from router.policy.conditions import aged_5_to_19, looked_after_16_or_over, under_18
from router.policy.emergency_department import LOOKED_AFTER_OVER_16
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.owners import PUBLISHER, TEAM_LEAD, Rung, owner
from router.policy.voice import VOICE, WITH_WHOM
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, condition, everything, expect, only, tell, want
from router.policy.working_time import hours, working_days, working_hours

ASSESSED = Gap("F21", "2.12", "R6.1", "children in crisis wait overnight in hospital for an assessment")
RISKS = Gap("F21", "2.13", "R3.8", "no formal assessment of risk to self or others is made on the ward")
PLAN = Gap("F21", "2.14", "R6.2", "the CAMHS care plan is not shared with those who care for the child on the ward")
AFTERWARDS = Gap("F21", "2.11", "R6.1", "practice and school nurse learn of a crisis by chance", local=True)
PLAN_READ = Gap("F21", "2.14", "R6.2", "nobody knows whether the ward has read the plan", local=True)

ASKED_WITHIN = hours(1)
SEEN_WITHIN = working_hours(4)
"""The crisis service works from 9 to 5 (2.11): a request of the morning is answered the same day."""
RISKS_WITHIN = hours(4)
PLAN_WITHIN = hours(24)
READ_WITHIN = hours(4)
"""Defaults of ours, all five: the review states none (standards.md, F21: local)."""

CAMHS_LEAD_THEN_NAMED_NURSE = (Rung(TEAM_LEAD, working_hours(4)), Rung(owner(Service.NN), working_days(1)))
SENDER_THEN_CAMHS_LEAD = (Rung(PUBLISHER, hours(1)), *CAMHS_LEAD_THEN_NAMED_NURSE)

ASSESS = AskOf("See the child in hospital, today where the day allows it.", SEEN_WITHIN)
MAKE_A_PLAN = AskOf("Give the ward a care plan while the child is there.", PLAN_WITHIN)
WORK_BY_IT = AskOf("File this in the notes, and work by it while the child is with you.", READ_WITHIN)
BE_THERE = AskOf("Be in touch with the young person once at home, and with CAMHS.", SEEN)

IN_SHORT = only(
    "presented_at", "presenting", "risk_to_self", "risk_to_others", "voice_of_child", "concern", *HOW_TO_APPROACH,
    adds=("flags",),
)  # fmt: skip
"""What a school nurse needs to stand by the young person: not the account of it, nor the treatment."""
WHOLE = everything("flags", "linked")


@condition("the child is on the paediatric ward")
def came_to_the_ward(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.now_in == "paediatric-ward")


@condition("a paediatric ward has the child in its care")
def on_the_ward(event: Any, child: Child, facts: Facts) -> bool:
    return _cared_for_by(Service.WARD, child)


@condition("an emergency department has, or had in this stay, the child in its care")
def in_the_department(event: Any, child: Child, facts: Facts) -> bool:
    return _cared_for_by(Service.ED, child)


def _cared_for_by(service: Service, child: Child) -> bool:
    return any(s["service"] == service and "until" not in s for s in child.doc.get("services", ()))


@condition("somebody else than the ward made it")
def not_by_the_ward(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.made_by != "paediatric-ward")


@condition("somebody else than the emergency department made it")
def not_by_the_department(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.made_by != "emergency-department")


@condition("somebody else than CAMHS made it")
def not_by_camhs(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.made_by != "camhs")


SEEN_BY_CAMHS = expect(
    Service.CAMHS, to="happen", within=SEEN_WITHIN, else_tell=CAMHS_LEAD_THEN_NAMED_NURSE, because=ASSESSED,
    met_by=(CamhsChildSeen,), at_once_on=(CrisisStayEnded,), starts_at="event", name="CAMHS sees the child",
)  # fmt: skip

PRESENTED = Policy(
    event=CrisisPresentation,
    concerning="children named",
    counts_as=("mental-health crisis in hospital",),
    thing="spell_id",
    answers_live_flags=True,
    changes=stay_began,
    shares=(
        tell(Service.CAMHS, under_18, because=ASSESSED, gets=everything("flags", "earlier", "linked")),
        tell(Service.CAMHS, under_18, came_to_the_ward, because=PLAN, gets=WHOLE, ask=MAKE_A_PLAN),
        tell(Service.GP, because=AFTERWARDS, gets=everything("flags", "earlier", but=("spell_id",))),
        tell(Service.SN, aged_5_to_19, because=AFTERWARDS, gets=IN_SHORT),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=IN_SHORT),
    ),
    expectations=(
        expect(
            Service.CAMHS, to="happen", within=ASKED_WITHIN, else_tell=SENDER_THEN_CAMHS_LEAD, because=ASSESSED,
            met_by=(CamhsAssessmentRequested, CamhsChildSeen), at_once_on=(CrisisStayEnded,), starts_at="event",
            name="CAMHS is asked to assess the child",
        ),
        expect(
            None, came_to_the_ward, to="happen", within=RISKS_WITHIN, else_tell=LEAD_THEN_NAMED_NURSE, because=RISKS,
            met_by=(CamhsRiskAssessment,), at_once_on=(CrisisStayEnded,), starts_at="event",
            name="the risk to self and others is assessed on the ward",
        ),
        expect(
            Service.CAMHS, came_to_the_ward, to="happen", within=PLAN_WITHIN, else_tell=CAMHS_LEAD_THEN_NAMED_NURSE,
            because=PLAN, met_by=(CamhsCarePlan,), at_once_on=(CrisisStayEnded,), starts_at="event",
            name="the ward has the child's CAMHS care plan",
        ),
    ),
    wants=(
        VOICE, WITH_WHOM,
        want("risk_to_self", because=RISKS, words="word on the risk to self"),
        want("risk_to_others", because=RISKS, words="word on the risk to others"),
    ),
)  # fmt: skip

REQUESTED = Policy(
    event=CamhsAssessmentRequested,
    concerning="children named",
    thing="spell_id",
    shares=(
        tell(Service.CAMHS, under_18, because=ASSESSED, gets=everything("flags", "earlier", "linked"), ask=ASSESS),
    ),
    expectations=(SEEN_BY_CAMHS,),
    wants=(VOICE, want("risk_meanwhile", because=RISKS, words="word on the risk while the child waits")),
)

CHILD_SEEN = Policy(
    event=CamhsChildSeen,
    concerning="children named",
    thing="spell_id",
    shares=(
        tell(Service.WARD, on_the_ward, because=ASSESSED, gets=WHOLE),
        tell(Service.ED, in_the_department, because=ASSESSED, gets=WHOLE),
        tell(Service.GP, because=AFTERWARDS, gets=everything(but=("spell_id",))),
        tell(
            Service.SN, aged_5_to_19, because=AFTERWARDS,
            gets=only("seen_at", "outcome", "follow_up", "voice_of_child", "safe_contact"),
        ),
    ),
    wants=(VOICE, want("follow_up", because=ASSESSED, words="next appointment or step")),
)  # fmt: skip

CARE_PLAN = Policy(
    event=CamhsCarePlan,
    concerning="children named",
    thing="spell_id",
    shares=(
        tell(Service.WARD, on_the_ward, because=PLAN, gets=WHOLE, ask=WORK_BY_IT),
        tell(Service.ED, in_the_department, because=PLAN, gets=WHOLE),
        tell(Service.GP, because=PLAN, gets=everything("flags", but=("spell_id",))),
        tell(Service.SN, aged_5_to_19, because=PLAN, gets=everything("flags", but=("spell_id",)), ask=BE_THERE),
    ),
    expectations=(
        expect(Service.WARD, to="acknowledge", within=READ_WITHIN, else_tell=LEAD_THEN_NAMED_NURSE, because=PLAN),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=PLAN_READ),
    ),
    wants=(
        VOICE,
        want("risk_to_self", because=RISKS, words="word on the risk to self"),
        want("risk_to_others", because=RISKS, words="word on the risk to others"),
        want("observation", because=PLAN, words="observation level"),
        want("if_it_gets_worse", because=PLAN, words="word on what to do if it gets worse"),
    ),
)  # fmt: skip

RISK_ASSESSED = Policy(
    event=CamhsRiskAssessment,
    concerning="children named",
    thing="spell_id",
    shares=(
        tell(Service.WARD, on_the_ward, not_by_the_ward, because=RISKS, gets=WHOLE, ask=WORK_BY_IT),
        tell(Service.ED, in_the_department, not_by_the_department, because=RISKS, gets=WHOLE),
        tell(Service.CAMHS, under_18, not_by_camhs, because=RISKS, gets=WHOLE),
        tell(Service.GP, because=RISKS, gets=everything("flags", but=("spell_id",))),
        tell(Service.SN, aged_5_to_19, because=RISKS, gets=everything("flags", but=("spell_id",))),
    ),
    expectations=(
        expect(
            Service.WARD, to="acknowledge", within=READ_WITHIN, else_tell=LEAD_THEN_NAMED_NURSE, because=PLAN_READ
        ),
    ),
    wants=(
        VOICE,
        want("surroundings", because=RISKS, words="word on whether the place is safe for this child"),
        want("observation", because=RISKS, words="observation level"),
    ),
)  # fmt: skip

STAY_ENDED = Policy(
    event=CrisisStayEnded,
    concerning="children named",
    thing="spell_id",
    changes=stay_ended,
    shares=(
        tell(Service.CAMHS, under_18, because=ASSESSED, gets=WHOLE),
        tell(Service.GP, because=AFTERWARDS, gets=everything("flags", but=("spell_id",))),
        tell(Service.SN, aged_5_to_19, because=AFTERWARDS, gets=everything("flags", but=("spell_id",)), ask=BE_THERE),
    ),
    expectations=(
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=AFTERWARDS),
    ),
    wants=(VOICE, want("risk_on_leaving", because=RISKS, words="word on the risk on leaving")),
)
