"""Referrals to children's social care: who reads them, what makes them good, and who hears what came of them."""

from typing import Any

from contracts.parts.sections import Concern
from contracts.parts.services import Service
from contracts.parts.shape import Absent
from contracts.referrals import ReferralOutcome, SafeguardingReferral, TelephoneReferralLogged
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN, SEEN_BY_MASH
from router.policy.mash import mash_answers
from router.policy.owners import PUBLISHER, Rung, of_the_sender, owner
from router.policy.telling import expect_back, tell_back
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, everything, expect, only, tell, want
from router.policy.working_time import hours, working_days

F15 = Gap("F15", "3.6", "R3.11", "referrals lack analysis of risk, of parenting capacity, and the father or partner")
SIBLINGS = Gap(
    "F15", "3.22", "R3.11", "referrals say too little of brothers and sisters, and of children an adult has access to"
)
QUALITY = Gap(
    "F15", "3.23", "R3.11", "the safeguarding team reads a copy of each referral, and its author hears nothing of it"
)
IMPACT = Gap("F15", "5.2.10", "R3.13", "referrals do not say what the concern does to the child's health")
F16 = Gap("F16", "3.8", "", "a referral was made by telephone and never followed up in writing")
TAKEN = Gap("F16", "3.22", "R3.11", "initial concerns are reported by telephone: who took them, and when")
F17 = Gap("F17", "3.19", "", "outcomes of referrals are not shared with the service that referred")
TRACKED = Gap("F17", "5.2.10", "R3.13", "nobody tracks which referrals were made and what came of them")
READ = Gap("F17", "3.19", "", "nobody knows whether the referrer saw what was decided", local=True)

IN_WRITING = hours(48)
"""By the clock, as flows.md has it: a default of ours."""
DECIDED = working_days(1)
"""The local authority decides within a working day of a referral (standards.md, part 12)."""
TAKE_REFERRAL = AskOf(
    "Take this referral: bring together what health knows of the child and of those around it, "
    "and see that a decision is made and told.",
    DECIDED,
)
EXPECT_WRITING = AskOf("Act on the call as far as it is urgent; the written referral is due within 48 hours.")
CHECK = AskOf("Check the quality of this referral, and follow up what comes of it.")
PUT_WITH_IT = AskOf(
    "Put the outcome with the referral. If you do not agree, talk to whoever decided, or escalate it.", SEEN
)
FOLLOW_UP = AskOf("Follow up this outcome with the referrer where it is needed.")

FOR_MASH = everything("flags", "earlier", "services", "linked")
COPY = everything("flags", "linked", "quality")
OF_THE_CALL = everything("linked")
DECISION = only(
    "referral_id", "decided_on", "decision", "reasons", "decided_by", "actions", adds=("linked",)
)  # fmt: skip
"""The decision, the reason, and who: what else social care knows of the family is not the referrer's."""


def _without(part: str) -> Any:
    """Whether a concern lacks one of its four parts; no concern at all lacks each of them."""

    def missing(value: Any) -> bool:
        return not isinstance(value, Concern) or isinstance(getattr(value, part), Absent)

    return missing


WRITTEN = Policy(
    event=SafeguardingReferral,
    concerning="children named",
    thing="referral_id",
    also_named_by=("call_id",),
    shares=(
        tell(Service.MASH, because=F15, gets=FOR_MASH, ask=TAKE_REFERRAL),
        tell(Service.NN, because=QUALITY, gets=COPY, ask=CHECK),
    ),
    expectations=(
        mash_answers(F15),
        expect(
            Service.MASH, to="happen", within=DECIDED, because=F17, met_by=(ReferralOutcome,),
            else_tell=(
                Rung(owner(Service.CSC), working_days(1)), Rung(PUBLISHER, working_days(1)),
                Rung(of_the_sender(Service.NN), working_days(1)),
            ),
            name="children's social care decides on the referral, and says so",
        ),
    ),
    wants=(
        VOICE,
        want("concern", because=F15, words="analysis of the risk", missing=_without("analysis")),
        want("concern", because=IMPACT, words="word on the impact on the child", missing=_without("impact_on_child")),
        want("parenting_capacity", because=F15, words="word on parenting capacity"),
        want("father_or_partner", because=F15, words="word on the father or partner"),
        want("siblings", because=SIBLINGS, words="word on brothers and sisters"),
        want("other_children", because=SIBLINGS, words="word on other children whom the adult has access to"),
    ),
)  # fmt: skip

BY_TELEPHONE = Policy(
    event=TelephoneReferralLogged,
    concerning="children named",
    thing="call_id",
    also_named_by=("referral_id",),
    shares=(
        tell(Service.MASH, because=F16, gets=everything("flags", "services", "linked"), ask=EXPECT_WRITING),
        tell(Service.NN, because=F16, gets=OF_THE_CALL),
    ),
    expectations=(
        expect(
            None, to="happen", within=IN_WRITING, because=F16, met_by=(SafeguardingReferral,), starts_at="called_at",
            else_tell=(Rung(PUBLISHER, working_days(1)), Rung(owner(Service.NN), working_days(1))),
            name="the referral made by telephone is written",
        ),
        expect(
            Service.MASH, to="acknowledge", within=SEEN_BY_MASH, else_tell=LEAD_THEN_NAMED_NURSE, because=TAKEN
        ),
    ),
    wants=(
        VOICE,
        want("taken_by", because=TAKEN, words="name of who took the call"),
        want("agreed", because=TAKEN, words="word on what was agreed on the telephone"),
    ),
)  # fmt: skip

OUTCOME = Policy(
    event=ReferralOutcome,
    concerning="children named",
    follows=SafeguardingReferral,
    thing="referral_id",
    shares=(
        tell_back(SafeguardingReferral, TelephoneReferralLogged, because=F17, gets=DECISION, ask=PUT_WITH_IT),
        tell_back(
            SafeguardingReferral, TelephoneReferralLogged, service=Service.NN, because=TRACKED, gets=DECISION,
            ask=FOLLOW_UP,
        ),
    ),
    expectations=(
        expect_back(
            to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ,
            name="the referrer acknowledges the outcome",
        ),
    ),
    wants=(VOICE,),
)  # fmt: skip
