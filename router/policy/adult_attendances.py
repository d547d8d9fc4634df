"""Think family: an adult came to the emergency department, and there may be children at home (F12, F11)."""

from typing import Any

from contracts.emergency_department import AdultEdAttendance, PaediatricLiaisonForm
from contracts.parts.sections import Concern
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_19, on_a_plan, unborn, under_1_or_on_a_plan, under_5
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, NAMED_NURSE, REVIEWED, SEEN
from router.policy.mash import mash_answers, tell_mash
from router.policy.words import (
    HOW_TO_APPROACH,
    AskOf,
    Gap,
    Policy,
    condition,
    everything,
    expect,
    if_no_child,
    only,
    tell,
    want,
)

F11 = Gap("F11", "1.22", "R3.5", "adults who come with risk-taking behaviour are reviewed by nobody for their children")
F12 = Gap("F12", "2.19", "R3.9", "adult emergency practitioners do not ask about children at home")
BY_RULE = Gap("F12", "2.19", "R3.9", "children of adults in crisis are not thought of", local=True)
PREGNANT = Gap("F12", "2.18", "", "the midwife does not hear of a crisis in the pregnancy", local=True)

SUBSTANTIAL = ("domestic-abuse", "self-harm", "mental-ill-health", "substance-misuse")
THINK_OF_THE_CHILD = AskOf(
    "Consider what this means for the child, and be in touch with the family where needed.", SEEN
)
LIAISE = AskOf("Review this attendance for the children on a paediatric liaison form.", REVIEWED)
UNKNOWN = (
    "An adult came to the emergency department with something that bears on children, and no child could be told of: "
    "see from the adult's record, or ask, whether there are children at home."
)

FOR_THE_CHILD = only(
    "arrived_at", "reason_group", "household", "caring_responsibilities", "children_looked_after_by", "risk_taking",
    "concern", *HOW_TO_APPROACH,
    adds=("adult", "flags", "household"),
)  # fmt: skip
"""What bears on the child; of the adult's care, no more."""
FOR_THE_PRACTICE = only(
    "arrived_at", "reason_group", "household", "caring_responsibilities", "children_looked_after_by", "concern",
    *HOW_TO_APPROACH,
    adds=("adult", "flags"),
)  # fmt: skip
FOR_THE_MIDWIFE = only(
    "arrived_at", "reason_group", "pregnant", "risk_taking", "concern", *HOW_TO_APPROACH,
    adds=("adult", "flags"),
)  # fmt: skip
FOR_MASH = everything("adult", "flags", "services", "earlier", but=("attendance_id", "place"))


@condition("the adult came for something that bears on children")
def bears_on_children(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.reason_group in SUBSTANTIAL or takes_risks(event) or isinstance(event.data.concern, Concern)


def takes_risks(event: Any) -> bool:
    """Whether the practitioner wrote down risk-taking behaviour."""
    return isinstance(event.data.risk_taking, str)


@condition("the adult came after domestic abuse or self-harm")
def after_abuse_or_self_harm(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.reason_group in ("domestic-abuse", "self-harm")


@condition("the adult came with substance misuse")
def with_substances(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.reason_group == "substance-misuse")


@condition("it is not known whether there are children")
def children_not_known(event: Any, child: Child | None, facts: Facts) -> bool:
    return event.data.household.answer in ("not-asked", "asked-refused", "unable")


def _not_asked(household: Any) -> bool:
    return bool(household.answer == "not-asked")


ADULT = Policy(
    event=AdultEdAttendance,
    concerning="every child of the adult",
    thing="attendance_id",
    answers_live_flags=True,
    shares=(
        tell(Service.HV, under_5, bears_on_children, because=F12, gets=FOR_THE_CHILD, ask=THINK_OF_THE_CHILD),
        tell(Service.SN, aged_5_to_19, bears_on_children, because=F12, gets=FOR_THE_CHILD, ask=THINK_OF_THE_CHILD),
        tell(Service.GP, bears_on_children, because=F12, gets=FOR_THE_PRACTICE),
        tell(Service.PLN, bears_on_children, because=F11, gets=everything("adult", "flags", "quality"), ask=LIAISE),
        tell(Service.MID, unborn, bears_on_children, because=PREGNANT, gets=FOR_THE_MIDWIFE),
        tell_mash(BY_RULE, FOR_MASH, after_abuse_or_self_harm),
        tell_mash(BY_RULE, FOR_MASH, with_substances, under_1_or_on_a_plan),
        tell_mash(BY_RULE, FOR_MASH, bears_on_children, on_a_plan),
    ),
    expectations=(
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=F12),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=F12),
        expect(
            Service.PLN, to="act", within=REVIEWED, else_tell=NAMED_NURSE, because=F11, met_by=(PaediatricLiaisonForm,)
        ),
        mash_answers(BY_RULE),
    ),
    wants=(
        want("household", because=F12, words="question about children at home", missing=_not_asked),
        want("caring_responsibilities", because=F12, words="word on caring responsibilities"),
    ),
    if_no_child=(if_no_child(bears_on_children, children_not_known, owner=Service.PLN, because=F11, words=UNKNOWN),),
)
