"""Who is told of attendances at the emergency department, and who must answer (F06–F13)."""

from contracts.emergency_department import EdAttendanceDischarged
from contracts.parts.services import Service
from router.policy.conditions import aged_5_to_19, under_5, under_18
from router.policy.words import TEAM_LEAD, AskOf, Gap, Policy, Rung, everything, expect, owner, tell
from router.policy.working_time import working_days

F09 = Gap("F09", "1.23", "R3.6", "discharge summaries do not go automatically to health visitors and school nurses")

LADDER = (Rung(TEAM_LEAD, working_days(1)), Rung(owner(Service.NN), working_days(1)))
REVIEW = AskOf("Review this attendance with what you know of the child, and follow up where needed.", working_days(2))

DISCHARGED = Policy(
    event=EdAttendanceDischarged,
    concerning="children named",
    counts_as=("ED attendance",),
    thing="attendance_id",
    shares=(
        tell(Service.GP, under_18, because=F09, gets=everything("flags", "earlier")),
        tell(Service.HV, under_5, because=F09, gets=everything("flags", "earlier", "household"), ask=REVIEW),
        tell(Service.SN, aged_5_to_19, because=F09, gets=everything("flags", "earlier", "household"), ask=REVIEW),
        tell(Service.PLN, under_18, because=F09, gets=everything("flags", "earlier", "quality")),
    ),
    expectations=(
        expect(Service.HV, to="acknowledge", within=working_days(2), else_tell=LADDER, because=F09),
        expect(Service.SN, to="acknowledge", within=working_days(2), else_tell=LADDER, because=F09),
    ),
)
