"""Strengths and difficulties scores: those who see to the child's health have them, and CAMHS hears of a rise (F27)."""

from typing import Any

from contracts.parts.services import Service
from contracts.strengths_and_difficulties import EarlierScore, SdqScored
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_15, under_5
from router.policy.ladders import LEAD_THEN_NAMED_NURSE
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, tell, want
from router.policy.working_time import working_days

F27 = Gap("F27", "4.12", "R1.6", "those who make health assessments are not told the scores that carers' answers give")
SHARED = Gap("F27", "5.1.17", "R1.6", "psychology and CAMHS both score, and do not share what they find")
RISEN = Gap("F27", "4.12", "R1.6", "a change in the score is not acted on", local=True)

RISE = 4
"""Points by which a score rises that are more than chance: a default of ours, as the review gives none."""
CONSIDERED = working_days(10)
USE = AskOf("Use the score, and its change, in the child's health assessment and plan.")
CONSIDER = AskOf("The score has risen: decide with the scorer what the child is offered, and say what.", CONSIDERED)
SCORE = everything("flags", "earlier")


@condition("the score is four points or more above the one before, as the scorer states them")
def risen(event: Any, child: Child, facts: Facts) -> bool:
    said = event.data
    stated = said.change if isinstance(said.change, int) else 0
    between = said.total - said.previous.total if isinstance(said.previous, EarlierScore) else 0
    return bool(max(stated, between) >= RISE)


SCORED = Policy(
    event=SdqScored,
    concerning="children named",
    thing="assessment_id",
    counts_as=("strengths and difficulties questionnaire",),
    shares=(
        tell(Service.LACT, because=F27, gets=SCORE, ask=USE),
        tell(Service.HV, under_5, because=F27, gets=SCORE, ask=USE),
        tell(Service.SN, aged_5_to_15, because=F27, gets=SCORE, ask=USE),
        tell(Service.CAMHS, because=SHARED, gets=SCORE, side="the authority that cares"),
        tell(Service.CAMHS, risen, because=RISEN, gets=SCORE, ask=CONSIDER, side="the authority that cares"),
    ),
    expectations=(
        expect(
            Service.CAMHS, risen, to="act", within=CONSIDERED, else_tell=LEAD_THEN_NAMED_NURSE, because=RISEN,
            name="CAMHS says what is done about a rise in the score",
        ),
    ),
    wants=(
        VOICE,
        want("band", because=F27, words="band of the score"),
        want("previous", because=F27, words="score before this one"),
    ),
)  # fmt: skip
