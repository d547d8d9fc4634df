"""Supervision: kept with the child's record; nobody is told but those who agreed to do something (F32)."""

from typing import Any

from contracts.supervision import SupervisionRecorded
from router.policy.finding import tell_named
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, THAT_DAY
from router.policy.voice import VOICE
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, expect, only, want

F32 = Gap("F32", "5.3.14", "R10.1", "supervision is not in the child's record, and nobody follows its actions")
SMART = Gap("F32", "5.3.7", "R10.1", "outcomes of supervision are not analytical, specific or measurable")

DO_IT = AskOf("Do what was agreed of your service by its day, and say what came of it.")
OWN_ACTIONS = only("supervision_id", "supervised_on", *HOW_TO_APPROACH, own=("actions",))
"""Never what was said in supervision: that is between practitioner, supervisor and the child's record."""


def _without_measure(actions: Any) -> bool:
    return any(not isinstance(action.measure, str) for action in actions)


def without_analysis(concern: Any) -> bool:
    """Whether there are facts at most: no analysis of the risk, or not what it means for the child."""
    return not all(isinstance(getattr(concern, part, None), str) for part in ("analysis", "impact_on_child"))


RECORDED = Policy(
    event=SupervisionRecorded,
    concerning="children named",
    thing="supervision_id",
    shares=(tell_named("actions", because=F32, gets=OWN_ACTIONS, ask=DO_IT, unnamed=True),),
    expectations=(
        expect(
            None,
            to="act",
            each="actions",
            within=THAT_DAY,
            else_tell=LEAD_THEN_NAMED_NURSE,
            because=F32,
            name="an action agreed in supervision is done",
        ),
    ),
    wants=(
        want("discussed", because=F32, words="word of what was discussed"),
        want(
            "concern",
            because=SMART,
            words="analysis of the risk and of what it means for the child",
            missing=without_analysis,
        ),
        want(
            "actions",
            because=SMART,
            words="measure by which an agreed action is known to be done",
            missing=_without_measure,
        ),
        VOICE,
    ),
)
