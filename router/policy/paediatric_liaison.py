"""The paediatric liaison nurse reviewed an attendance: who hears what came of it (F11)."""

from typing import Any

from contracts.emergency_department import PaediatricLiaisonForm
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_19, under_5
from router.policy.mash import tell_mash
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, condition, only, tell

F11 = Gap("F11", "1.22", "R3.5", "what the liaison nurse found reaches health visitors only, and by hand")
REFERRED = Gap("F11", "1.22", "R3.5", "MASH does not see that the liaison nurse referred the child", local=True)
DETAIL = Gap("F09", "1.23", "R3.6", "summaries lack detail, and the department does not hear so")
ADD_DETAIL = AskOf("Complete the record of this attendance and send it again as an update.")

FINDINGS = only(
    "criterion", "reviewed_on", "outcome", "outcome_words", "concern", "voice_of_child", *HOW_TO_APPROACH,
    adds=("linked",),
)  # fmt: skip


@condition("the liaison nurse has something to share")
def something_to_share(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.outcome in ("information-shared", "referred-to-social-care", "referred-to-early-help")


@condition("the liaison nurse referred the child to social care")
def referred_to_social_care(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.outcome == "referred-to-social-care")


@condition("the liaison nurse asks the department for detail")
def returned_for_detail(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.outcome == "returned-to-ed-for-detail")


FORM = Policy(
    event=PaediatricLiaisonForm,
    concerning="every child of the adult",
    thing="attendance_id",
    shares=(
        tell(Service.HV, under_5, something_to_share, because=F11, gets=FINDINGS),
        tell(Service.SN, aged_5_to_19, something_to_share, because=F11, gets=FINDINGS),
        tell(Service.GP, something_to_share, because=F11, gets=FINDINGS),
        tell_mash(REFERRED, FINDINGS, referred_to_social_care),
        tell(
            Service.ED, returned_for_detail, because=DETAIL, ask=ADD_DETAIL,
            gets=only("attendance_id", "outcome", "outcome_words", "criterion"),
        ),
    ),
)  # fmt: skip
