"""Flags: all who work with the child hear of them; emergency departments and clinics when the child comes (F05)."""

from contracts.flags import SafeguardingFlagChanged
from contracts.parts.services import Service
from router.family_file import flag_changed
from router.policy.conditions import aged_5_to_19, looked_after_16_or_over, unborn, unborn_or_under_5
from router.policy.emergency_department import LOOKED_AFTER_OVER_16
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, everything, expect, only, tell, tell_involved

F05 = Gap("F05", "1.18", "R3.1", "only child protection plans are flagged: not being looked after, not exploitation")
UNBORN = Gap("F05", "5.2.5", "", "records lack flags for unborn babies")
INVOLVED = Gap(
    "F05", "3.17", "R4.2", "services that work with a child do not hear of the risk, unless somebody tells them"
)
READ = Gap("F05", "5.2.9", "R8.1", "nothing on the outside of a record says that there is a concern", local=True)

ANSWERED = frozenset({Service.ED, Service.CASH, Service.AMH, Service.CAMHS})
"""Told in answer to an attendance or registration of their own, and not before: least content."""
BY_AGE = frozenset({Service.HV, Service.SN})
"""Told by rows of their own, at the ages that are theirs: a caseload that nobody closed tells nothing (H2)."""
MARK = AskOf("Mark the child's record, so that whoever opens it sees this; take the mark off when it ends.", SEEN)
WHOLE = everything("flags")
KIND_AND_CONTACT = only("kind", "change", "since", "ended_on", "authority", "contact", *HOW_TO_APPROACH)
"""A family nurse or a worker of Switch is in the home already: how to come is told with the risk, not its story."""

CHANGED = Policy(
    event=SafeguardingFlagChanged,
    concerning="children named",
    thing="flag_id",
    changes=flag_changed,
    shares=(
        tell(Service.HV, unborn_or_under_5, because=F05, gets=WHOLE, ask=MARK),
        tell(Service.SN, aged_5_to_19, because=F05, gets=WHOLE, ask=MARK),
        tell(Service.GP, because=F05, gets=WHOLE, ask=MARK),
        tell(Service.MID, unborn, because=UNBORN, gets=WHOLE, ask=MARK),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=WHOLE),
        tell_involved(besides=ANSWERED | BY_AGE, because=INVOLVED, gets=KIND_AND_CONTACT),
    ),
    expectations=(
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
    ),
)
