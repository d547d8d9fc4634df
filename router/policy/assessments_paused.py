"""An initial health assessment that is held up: its time stands still, with the reason, and not for ever (F25)."""

from typing import Any

from contracts.health_assessments import HealthAssessmentPaused
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.looked_after import CARE_ENDED, INITIAL, LACT_THEN_NAMED_NURSE, PAUSED, RESUMED
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, taken_as, tell
from router.policy.working_time import working_days

HELD_UP = Gap("F25", "4.1", "R1.2", "refusals and missing consent hold assessments up, and nobody else knows why")
FORGOTTEN = Gap("F25", "4.1", "R1.2", "an assessment that was put off is forgotten", local=True)
TAKEN_UP = working_days(10)
HELP = AskOf("See with the carers and the health team what stands in the way of the assessment.", working_days(5))
WHOLE = everything(but=("offered",))


@condition("the assessment is held up")
def is_paused(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change == "paused")


@condition("the assessment is taken up again")
def is_resumed(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change == "resumed")


HELD = Policy(
    event=HealthAssessmentPaused,
    concerning="children named",
    thing="care_id",
    says_why="why",
    taken_as=(taken_as(HealthAssessmentPaused), taken_as(PAUSED, is_paused), taken_as(RESUMED, is_resumed)),
    shares=(
        tell(Service.CSC, is_paused, because=HELD_UP, gets=WHOLE, ask=HELP),
        tell(Service.CSC, is_resumed, because=HELD_UP, gets=WHOLE),
    ),
    expectations=(
        expect(
            None, is_paused, to="happen", within=TAKEN_UP, else_tell=LACT_THEN_NAMED_NURSE, because=FORGOTTEN,
            met_by=(RESUMED, INITIAL, CARE_ENDED), starts_at="since", the_next=True,
            name="a health assessment that was held up is taken up again",
        ),
    ),
    wants=(VOICE,),
)  # fmt: skip
