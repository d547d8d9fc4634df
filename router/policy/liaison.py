"""Liaison meetings: the outcome reaches all four services of the child, and each action is chased on its day (F19)."""

from contracts.liaison import LiaisonOutcome
from contracts.parts.services import Service
from router.policy.conditions import aged_5_to_19, unborn_or_newborn, unborn_or_under_5
from router.policy.finding import tell_named
from router.policy.ladders import FILED, LEAD_THEN_NAMED_NURSE, SEEN, THAT_DAY
from router.policy.voice import VOICE
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, everything, expect, only, tell, want

F19 = Gap("F19", "2.5", "R5.1", "practices, midwives, health visitors and school nurses rely on chance talks")
FILE_IT = Gap("F19", "2.4", "R2.4, R5.1", "outcomes of liaison meetings are not in the patient's record")
READ = Gap("F19", "2.7", "R5.1", "nobody knows whether those who were not there have read it", local=True)

WITH_THE_RECORD = AskOf("Put the outcome into the child's record, and do what was agreed of your service.", FILED)
DO_IT = AskOf("Do what was agreed of your service by its day, and say what came of it.")
WHOLE = everything("flags", "linked")
OWN_ACTIONS = only("meeting_id", "held_on", *HOW_TO_APPROACH, own=("actions",))
"""A service that is none of the child's own four reads what is its to do and how, and nothing of the discussion."""

DISCUSSED = Policy(
    event=LiaisonOutcome,
    concerning="children named",
    counts_as=("liaison meeting",),
    thing="meeting_id",
    shares=(
        tell(Service.GP, because=FILE_IT, gets=WHOLE, ask=WITH_THE_RECORD),
        tell(Service.HV, unborn_or_under_5, because=F19, gets=WHOLE, ask=WITH_THE_RECORD),
        tell(Service.SN, aged_5_to_19, because=F19, gets=WHOLE, ask=WITH_THE_RECORD),
        tell(Service.MID, unborn_or_newborn, because=F19, gets=WHOLE, ask=WITH_THE_RECORD),
        tell_named("actions", besides=(Service.GP,), because=F19, gets=OWN_ACTIONS, ask=DO_IT, unnamed=True),
    ),
    expectations=(
        expect(
            None,
            to="act",
            each="actions",
            within=THAT_DAY,
            else_tell=LEAD_THEN_NAMED_NURSE,
            because=F19,
            name="an action agreed at a liaison meeting is done",
        ),
        expect(Service.GP, to="file", within=FILED, else_tell=LEAD_THEN_NAMED_NURSE, because=FILE_IT),
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.MID, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
    ),
    wants=(want("outcome", because=FILE_IT, words="outcome of the discussion"), VOICE),
)
