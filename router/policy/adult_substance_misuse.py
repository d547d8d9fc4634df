"""A parent in substance misuse treatment: those who work with the children are told, and never the record (F03)."""

from typing import Any

from contracts.adult_substance_misuse import ParentDischarged, ParentDisengaged, ParentInTreatment, ParentRegistered
from contracts.parts.services import Service
from router.policy.adult_attendances import children_not_known
from router.policy.conditions import aged_5_to_19, unborn, under_1_or_on_a_plan, under_5
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.mash import mash_answers, tell_mash
from router.policy.words import AskOf, Gap, Policy, everything, expect, if_no_child, tell, want

F03 = Gap("F03", "1.7", "", "health visitors are not told that a parent has registered for substance misuse")
LEAVING = Gap("F03", "5.2.14", "", "links from the substance misuse service to health visitors are not yet made")
PREGNANT = Gap("F03", "5.2.14", "", "the specialist midwife hears of a parent in treatment in single cases only")
BY_RULE = Gap("F03", "3.26", "", "a baby or a child on a plan lives with drugs and medicines at home", local=True)
STORAGE = Gap("F03", "3.26", "", "a child swallowed a parent's medicine")
UNKNOWN = (
    "A parent or carer is with the substance misuse service, and no child could be told of: "
    "ask the service whether there are children, and where they live."
)

CONSIDER = AskOf("Take this into account with what you know of the child, and offer early help where needed.", SEEN)
PARTS = ("episode_id", "pregnant", "expected_date")
"""What is the adult's own: the treatment episode, and a pregnancy that only the midwife needs to know of."""
OF_THE_CHILD = everything("adult", "flags", "household", but=PARTS)
FOR_THE_PRACTICE = everything("adult", "flags", but=(*PARTS, "missed_appointments", "attempts_to_reach", "aftercare"))
FOR_THE_MIDWIFE = everything("adult", "flags", but=("episode_id", "household"))
FOR_MASH = everything("adult", "flags", "services", "earlier", but=("episode_id",))


def _not_asked(household: Any) -> bool:
    return bool(household.answer == "not-asked")


def _of(event: type[ParentInTreatment], because: Gap) -> Policy:
    """The three events of a treatment differ in what happened, not in who must know."""
    return Policy(
        event=event,
        concerning="every child of the adult",
        thing="episode_id",
        shares=(
            tell(Service.HV, under_5, because=because, gets=OF_THE_CHILD, ask=CONSIDER),
            tell(Service.SN, aged_5_to_19, because=because, gets=OF_THE_CHILD, ask=CONSIDER),
            tell(Service.GP, because=because, gets=FOR_THE_PRACTICE),
            tell(Service.MID, unborn, because=PREGNANT, gets=FOR_THE_MIDWIFE, ask=CONSIDER),
            tell_mash(BY_RULE, FOR_MASH, under_1_or_on_a_plan),
        ),
        expectations=(
            expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=because),
            expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=because),
            expect(Service.MID, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=PREGNANT),
            mash_answers(BY_RULE),
        ),
        wants=(
            want("household", because=because, words="question about children and their care", missing=_not_asked),
            want("responsibility", because=because, words="degree of responsibility for the children"),
            want("safe_storage", because=STORAGE, words="word on safe storage at home"),
        ),
        if_no_child=(if_no_child(children_not_known, owner=Service.DESK, because=because, words=UNKNOWN),),
    )


REGISTERED = _of(ParentRegistered, F03)
DISENGAGED = _of(ParentDisengaged, LEAVING)
DISCHARGED = _of(ParentDischarged, LEAVING)
