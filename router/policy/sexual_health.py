"""Sexual health: its own services are told, MASH where significant harm is suspected, and nobody else (F34, rule E)."""

from typing import Any

from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from contracts.sexual_health import PharmacyFastTrack, SexualHealthConcern
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_19
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN, SEEN_BY_MASH
from router.policy.mash import HEALTH_VIEW
from router.policy.telling import keep_from, keep_from_involved, tell_every
from router.policy.voice import VOICE
from router.policy.words import HOW_TO_APPROACH, AskOf, Expect, Gap, Policy, Tell, condition, expect, only, tell, want
from router.policy.working_time import working_days

F34 = Gap("F34", "3.20", "", "one sexual-health service cannot see that a young person is known to another")
FAST = Gap("F34", "1.14", "", "a pharmacy sends a young person on, and nobody knows whether they were seen")
HARM = Gap("F34", "3.19", "", "what sexual health knows does not reach those who decide about a child", local=True)
ANSWERED = Gap("F34", "3.20", "", "nobody knows whether the other service took it in", local=True)
RESTRICTED = Gap("E", "3.20", "", "sexual-health detail goes only where a rule names it: the default is not to share")

OURS = frozenset({Restriction.SEXUAL_HEALTH})
OWN_SERVICES = frozenset({Service.CASH, Service.RY, Service.PHARMACY})
SEEN_IN_TIME = working_days(2)
"""To see a young person on the fast track: no figure is published; a default of ours."""
NOTE = AskOf(
    "Note that there is history elsewhere, and ask the service named before you rely on your own record.", SEEN
)
SEE = AskOf("Offer this young person an appointment, and say on your receipt that they were seen.", SEEN_IN_TIME)

THAT_THERE_IS_HISTORY = only("contact_id", "has_history", "whom_to_ask", "cse_indicators")
"""That there is history and whom to ask, with the indicators of exploitation; the record stays where it is."""
TO_BE_SEEN = only(
    "contact_id", "clinic", "why", "safe_to_contact", "cse_indicators", "voice_of_child", "concern", *HOW_TO_APPROACH,
)  # fmt: skip
OF_THE_HARM = only(
    "significant_harm", "why_significant_harm", "cse_indicators", "concern", "voice_of_child", "whom_to_ask",
    "safe_to_contact", "safe_contact", adds=("flags",),
)  # fmt: skip
"""What MASH needs to decide: never the clinical record."""
NOT_OTHERS = "sexual health is told among its own services alone, unless significant harm is suspected (rule E)"
NO_CAUSE = "no reasonable cause to suspect significant harm was found, or nobody asked (rule E)"


@condition("there is reasonable cause to suspect significant harm")
def reasonable_cause(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.significant_harm == "reasonable-cause")


@condition("no reasonable cause to suspect significant harm was found")
def no_reasonable_cause(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.significant_harm != "reasonable-cause")


def _not_assessed(value: Any) -> bool:
    return bool(value == "not-assessed")


NOBODY_ELSE: tuple[Tell, ...] = (
    tell(Service.MASH, reasonable_cause, because=HARM, gets=OF_THE_HARM, may_see=OURS, ask=HEALTH_VIEW),
    keep_from(Service.MASH, no_reasonable_cause, because=RESTRICTED, why=NO_CAUSE),
    keep_from(Service.GP, because=RESTRICTED, why=NOT_OTHERS),
    keep_from(Service.SN, aged_5_to_19, because=RESTRICTED, why=NOT_OTHERS),
    keep_from_involved(
        besides=OWN_SERVICES | {Service.MASH, Service.GP, Service.SN}, because=RESTRICTED, why=NOT_OTHERS
    ),
)
MASH_ANSWERS: Expect = expect(
    Service.MASH, to="acknowledge", within=SEEN_BY_MASH, else_tell=LEAD_THEN_NAMED_NURSE, because=HARM,
    names_nobody=True,
)  # fmt: skip


def _taken_in(service: Service) -> Expect:
    return expect(
        service, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=ANSWERED, names_nobody=True
    )


ASKED = want(
    "significant_harm", because=HARM, words="judgement on whether significant harm is suspected", missing=_not_assessed
)

CONCERN = Policy(
    event=SexualHealthConcern,
    concerning="children named",
    thing="contact_id",
    answers_live_flags=True,
    shares=(
        tell_every(Service.CASH, because=F34, gets=THAT_THERE_IS_HISTORY, may_see=OURS, ask=NOTE),
        tell_every(Service.RY, because=F34, gets=THAT_THERE_IS_HISTORY, may_see=OURS, ask=NOTE),
        *NOBODY_ELSE,
    ),
    expectations=(_taken_in(Service.CASH), MASH_ANSWERS, _taken_in(Service.RY)),
    wants=(VOICE, ASKED),
)

FAST_TRACK = Policy(
    event=PharmacyFastTrack,
    concerning="children named",
    thing="contact_id",
    shares=(
        tell(Service.CASH, because=FAST, gets=TO_BE_SEEN, may_see=OURS, ask=SEE, at="clinic"),
        *NOBODY_ELSE,
    ),
    expectations=(
        expect(
            Service.CASH, to="act", within=SEEN_IN_TIME, else_tell=LEAD_THEN_NAMED_NURSE, because=FAST,
            names_nobody=True, name="the young person is seen",
        ),
        MASH_ANSWERS,
    ),
    wants=(VOICE, ASKED),
)  # fmt: skip
