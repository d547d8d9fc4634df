"""A child was not brought to an appointment: who follows up (F13)."""

from typing import Any

from contracts.emergency_department import WasNotBrought
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.conditions import (
    aged_5_to_19,
    looked_after_16_or_over,
    on_a_plan_or_looked_after,
    under_5,
    under_18,
)
from router.policy.emergency_department import F13, FULL, FULL_WITH_HOUSEHOLD, LOOKED_AFTER_OVER_16
from router.policy.ladders import FOLLOWED_UP, LEAD_THEN_NAMED_NURSE
from router.policy.mash import mash_answers, tell_mash
from router.policy.voice import VOICE
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, condition, everything, expect, only, tell, want

REFERRER = Gap("F13", "1.9", "", "whoever referred the child does not hear that the child was not brought")
PLAN_AND_MISSED = Gap(
    "F13",
    "5.2.15",
    "",
    "social care is not told when a child on a plan or looked after misses an appointment",
    local=True,
)
FIND_OUT = AskOf("Find out why the child was not brought, see to another appointment, and record it.", FOLLOWED_UP)


@condition("CAMHS referred the child, and it is not that team which tells of it")
def referred_by_camhs(event: Any, child: Child, facts: Facts) -> bool:
    """The team that has the child now; one that works with no CAMHS team had it from the author's own trust."""
    if event.data.referred_by != Service.CAMHS:
        return False
    if facts.publisher.service is not Service.CAMHS:
        return True
    held = child.doc.get("caseload", {}).get(Service.CAMHS.value)
    works = {i["team"] for i in child.doc.get("services", ()) if i["service"] == Service.CAMHS and "until" not in i}
    return bool(({held["team"]} if held else works) - {facts.publisher.team})


NOT_BROUGHT = Policy(
    event=WasNotBrought,
    concerning="children named",
    counts_as=("not brought",),
    thing="appointment_id",
    shares=(
        tell(Service.GP, because=F13, gets=FULL),
        tell(Service.HV, under_5, because=F13, gets=FULL_WITH_HOUSEHOLD, ask=FIND_OUT),
        tell(Service.SN, aged_5_to_19, because=F13, gets=FULL_WITH_HOUSEHOLD, ask=FIND_OUT),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=FULL),
        tell(Service.PLN, under_18, because=F13, gets=everything("flags", "earlier", "quality")),
        tell(
            Service.CAMHS, referred_by_camhs, because=REFERRER,
            gets=only(
                "appointment_id", "appointment_at", "clinic", "what_was_due", "how_many_times", "reason_given",
                "next_step", "referred_by", *HOW_TO_APPROACH,
                adds=("earlier",),
            ),
        ),
        tell_mash(PLAN_AND_MISSED, everything("flags", "earlier", "services"), on_a_plan_or_looked_after),
    ),
    expectations=(
        expect(Service.HV, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=F13),
        expect(Service.SN, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=F13),
        mash_answers(PLAN_AND_MISSED),
    ),
    wants=(
        VOICE,
        want("what_was_due", because=F13, words="word of what was due"),
        want("how_many_times", because=F13, words="count of earlier times"),
    ),
)  # fmt: skip
