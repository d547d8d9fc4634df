"""Adult mental health: who hears that a parent goes into hospital or leaves it, or a child is on a ward (F20)."""

from typing import Any

from contracts.adult_mental_health import (
    ChildOnAdultWard,
    ParentAdmitted,
    ParentDischargedFromCare,
    ParentInPsychiatricCare,
)
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.facts import Child, Facts
from router.policy.adult_attendances import children_not_known
from router.policy.conditions import (
    aged_5_to_19,
    looked_after_16_or_over,
    unborn,
    under_1_or_on_a_plan,
    under_5,
    under_18,
)
from router.policy.emergency_department import LOOKED_AFTER_OVER_16
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.mash import mash_answers, tell_mash
from router.policy.voice import VOICE
from router.policy.words import AskOf, Expect, Gap, Policy, Want, condition, everything, expect, if_no_child, tell, want
from router.policy.working_time import Term, working_days

F20 = Gap("F20", "2.16", "", "social care hears of a parent's admission and discharge only where staff think of it")
UNIVERSAL = Gap(
    "F20", "2.16", "", "health visitor, school nurse and midwife do not hear of a parent in hospital", local=True
)
BY_RULE = Gap("F20", "2.16", "", "a baby or a child on a plan has a parent in psychiatric care", local=True)
ON_A_WARD = Gap("F20", "2.16", "", "a child is on a ward for adults, and nobody outside looks at it")
MOVES_ON = Gap("F20", "2.15", "", "a young person waits for tier 4 or moves to adult care, and CAMHS hears late")
AT_SCHOOL = Gap("F20", "2.15", "", "the school nurse does not hear that a young person is in hospital", local=True)
UNKNOWN = (
    "Somebody was admitted to or discharged from psychiatric care, and no child could be told of: "
    "ask the ward whether there are children, and who looks after them."
)

WITHIN_A_DAY = working_days(1)
BEFORE_DISCHARGE = AskOf("See that the children are safe where they are, and answer before the parent leaves.", SEEN)
NOW_THAT_THE_PARENT_IS_OUT = AskOf("Consider the risk to the children now that the parent is out.", WITHIN_A_DAY)
KEEP_IN_MIND = AskOf("Take this into account with what you know of the child, and be in touch with the family.", SEEN)
LOOK_AT_THE_WARD = AskOf("A child is on a ward for adults: satisfy yourselves that the child is safe.", WITHIN_A_DAY)
TAKE_PART = AskOf("Say what CAMHS does for this young person, and who takes over when.", WITHIN_A_DAY)

PARTS = ("spell_id", "pregnant", "expected_date")
"""What is the adult's own, and a pregnancy that only the midwife needs to know of."""
OF_THE_CHILD = everything("adult", "flags", "household", but=PARTS)
FOR_THE_MIDWIFE = everything("adult", "flags", but=("spell_id", "household"))
FOR_SOCIAL_CARE = everything("adult", "flags", "household", "linked", but=(*PARTS, "clinical_detail"))
"""Whether the parent may leave when they like is the one clinical matter that social care plans by (2.16)."""
FOR_MASH = everything("adult", "flags", "services", "earlier", but=("spell_id",))


@condition("the child is not yet born, or under 18")
def unborn_or_under_18(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn or child.age < 18  # the age may not be known: a child all the same


@condition("the young person is on the adult ward now")
def on_the_ward_now(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change == "admitted")


def _not_asked(household: Any) -> bool:
    return bool(household.answer == "not-asked")


def _of(
    event: type[ParentInPsychiatricCare],
    ask: AskOf,
    within: Term,
    hastened_by: tuple[type[ParentInPsychiatricCare], ...] = (),
    more: tuple[Want, ...] = (),
) -> Policy:
    """Admission and discharge differ in what is asked and how soon, not in who must know."""

    def acknowledged(service: Service, within: Term, because: Gap) -> Expect:
        return expect(
            service, to="acknowledge", within=within, else_tell=LEAD_THEN_NAMED_NURSE, because=because,
            at_once_on=hastened_by,
        )  # fmt: skip

    return Policy(
        event=event,
        concerning="every child of the adult",
        thing="spell_id",
        shares=(
            tell(
                Service.CSC, unborn_or_under_18, because=F20, gets=FOR_SOCIAL_CARE, ask=ask,
                may_see=[Restriction.ADULT_CLINICAL],
            ),
            tell(Service.HV, under_5, because=UNIVERSAL, gets=OF_THE_CHILD, ask=KEEP_IN_MIND),
            tell(Service.SN, aged_5_to_19, because=UNIVERSAL, gets=OF_THE_CHILD, ask=KEEP_IN_MIND),
            tell(Service.MID, unborn, because=UNIVERSAL, gets=FOR_THE_MIDWIFE, ask=KEEP_IN_MIND),
            tell_mash(BY_RULE, FOR_MASH, under_1_or_on_a_plan),
        ),
        expectations=(
            acknowledged(Service.CSC, within, F20),
            acknowledged(Service.HV, SEEN, UNIVERSAL),
            acknowledged(Service.SN, SEEN, UNIVERSAL),
            acknowledged(Service.MID, SEEN, UNIVERSAL),
            mash_answers(BY_RULE),
        ),
        wants=(
            want("household", because=F20, words="question about children and their care", missing=_not_asked),
            want("children_looked_after_by", because=F20, words="word on who looks after the children"),
            *more,
        ),
        if_no_child=(if_no_child(children_not_known, owner=Service.DESK, because=F20, words=UNKNOWN),),
    )  # fmt: skip


ADMITTED = _of(ParentAdmitted, BEFORE_DISCHARGE, SEEN, hastened_by=(ParentDischargedFromCare,))
DISCHARGED = _of(
    ParentDischargedFromCare,
    NOW_THAT_THE_PARENT_IS_OUT,
    WITHIN_A_DAY,
    more=(want("risk_on_discharge", because=F20, words="word on the risk to the children on discharge"),),
)

ADULT_WARD = Policy(
    event=ChildOnAdultWard,
    concerning="children named",
    thing="spell_id",
    answers_live_flags=True,
    shares=(
        tell(
            Service.CSC, under_18, on_the_ward_now, because=ON_A_WARD, gets=everything("flags", "linked"),
            ask=LOOK_AT_THE_WARD,
        ),
        tell(Service.CSC, because=ON_A_WARD, gets=everything("flags", "linked")),
        tell(Service.CAMHS, because=MOVES_ON, gets=everything("flags", "linked"), ask=TAKE_PART),
        tell(Service.SN, aged_5_to_19, because=AT_SCHOOL, gets=everything("flags", but=("spell_id", "observation"))),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=everything("flags")),
    ),
    expectations=(
        expect(
            Service.CSC, on_the_ward_now, to="acknowledge", within=WITHIN_A_DAY, else_tell=LEAD_THEN_NAMED_NURSE,
            because=ON_A_WARD,
        ),
        expect(Service.CAMHS, to="act", within=WITHIN_A_DAY, else_tell=LEAD_THEN_NAMED_NURSE, because=MOVES_ON),
    ),
    wants=(
        VOICE,
        want("kept_safe_by", because=ON_A_WARD, words="word on how the young person is kept safe among adults"),
        want("risks_and_needs", because=MOVES_ON, words="word on risks and needs"),
    ),
)  # fmt: skip
