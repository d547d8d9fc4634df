"""An injury to a child under one: who looks at it before the child goes home (F07)."""

from typing import Any

from contracts.emergency_department import (
    EdAttendance,
    EdAttendanceDischarged,
    InfantInjuryReviewed,
    LeftBeforeTreatment,
)
from contracts.parts.attendance import InfantInjury, SeniorReview
from contracts.parts.event import told
from contracts.parts.services import Service
from contracts.parts.shape import Absent, AbsentReason
from router.facts import Child, Facts
from router.policy.ladders import LIAISON_NOW_THEN_NAMED_NURSE
from router.policy.mash import mash_answers, tell_mash
from router.policy.voice import VOICE, WITH_WHOM
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, only, taken_as, tell
from router.policy.working_time import hours

F07 = Gap(
    "F07",
    "1.20",
    "R3.3",
    "babies who cannot walk come with an injury and are not always seen by a senior paediatrician",
)
SENIOR = ("paediatric-consultant", "paediatric-registrar")
"""The grades that 1.20 asks for: a paediatric consultant, or a senior middle-grade doctor of paediatrics."""
MOBILE = ("crawling", "pulling-to-stand", "cruising", "walking")
ON_FOOT = ("cruising", "walking")
REVIEW = "a senior paediatric doctor reviews the infant"
NOT_APPLICABLE, NONE = AbsentReason.NOT_APPLICABLE, AbsentReason.NONE
SAME_SHIFT = hours(4)
AT_ONCE = hours(0)


def injury_of(event: Any, child: Child) -> InfantInjury | None:
    """The injury of a child under one, where the event tells of one."""
    if child.age != 0:
        return None
    said = told(event.data, "infant_injury") or told(event.data, "injury")
    return said if isinstance(said, InfantInjury) else None


def _not_set_out(event: Any, child: Child) -> bool:
    """Whether an infant came with an injury of which the form was left out: nothing in it counts as known."""
    said = told(event.data, "infant_injury")
    left_out = said is None or (isinstance(said, Absent) and said.absent not in (NOT_APPLICABLE, NONE))
    return child.age == 0 and left_out and isinstance(told(event.data, "mechanism_of_injury"), str)


@condition("the child is under one and came with an injury")
def injured_infant(event: Any, child: Child, facts: Facts) -> bool:
    return injury_of(event, child) is not None or _not_set_out(event, child)


@condition("the child is under one, came with an injury and is not known to move by itself")
def injured_and_not_mobile(event: Any, child: Child, facts: Facts) -> bool:
    injury = injury_of(event, child)
    return _not_set_out(event, child) if injury is None else injury.mobility not in MOBILE


@condition("the child is under one, does not walk, came with an injury and no senior paediatric doctor has reviewed it")
def without_senior_review(event: Any, child: Child, facts: Facts) -> bool:
    injury = injury_of(event, child)
    if injury is None and not _not_set_out(event, child):
        return False
    if injury is not None and (injury.mobility in ON_FOOT or _is_senior(injury.senior_review)):
        return False
    return not facts.stands(child.id, (InfantInjuryReviewed.event_type,), event.data.attendance_id)


@condition("a senior paediatric doctor reviewed the infant")
def reviewed_by_a_senior(event: Any, child: Child, facts: Facts) -> bool:
    injury = injury_of(event, child)
    return _is_senior(told(event.data, "review")) or (injury is not None and _is_senior(injury.senior_review))


def _is_senior(review: object) -> bool:
    return isinstance(review, SeniorReview) and review.grade in SENIOR


@condition("the arrival itself was never told")
def arrival_not_told(event: Any, child: Child, facts: Facts) -> bool:
    return not facts.stands(child.id, (EdAttendance.event_type,), event.data.attendance_id)


@condition("the explanation does not fit the injury, or may not")
def explanation_does_not_fit(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.explanation_fits != "yes")


SEE_TO_A_REVIEW = AskOf(
    "See that a senior paediatric doctor reviews this infant before the child goes home.", SAME_SHIFT
)
OF_AN_INJURY = only(
    "arrived_at", "place", "presenting_complaint", "mechanism_of_injury", "infant_injury", "voice_of_child", "concern",
    "accompanied_by", "prior_attendances", "attendance_id", "discharge_destination",
    adds=("flags", "earlier"),
)  # fmt: skip
"""What those need who see to the injury itself."""

REVIEW_ON_ARRIVAL = expect(
    None,
    without_senior_review,
    to="happen",
    within=SAME_SHIFT,
    else_tell=LIAISON_NOW_THEN_NAMED_NURSE,
    because=F07,
    met_by=(InfantInjuryReviewed,),
    at_once_on=(EdAttendanceDischarged, LeftBeforeTreatment),
    starts_at="event",
    name=REVIEW,
)
REVIEW_MISSED = expect(
    None,
    without_senior_review,
    arrival_not_told,
    to="happen",
    within=AT_ONCE,
    else_tell=LIAISON_NOW_THEN_NAMED_NURSE,
    because=F07,
    met_by=(InfantInjuryReviewed,),
    name=REVIEW,
)

REVIEWED = Policy(
    event=InfantInjuryReviewed,
    concerning="children named",
    thing="attendance_id",
    taken_as=(taken_as(InfantInjuryReviewed, reviewed_by_a_senior),),
    shares=(
        tell(Service.PLN, injured_infant, because=F07, gets=everything("flags", "linked")),
        tell(Service.NN, injured_infant, because=F07, gets=everything("flags", "linked")),
        tell(Service.HV, injured_infant, because=F07, gets=everything("flags", but=("attendance_id",))),
        tell(Service.GP, injured_infant, because=F07, gets=everything("flags", but=("attendance_id",))),
        tell_mash(F07, everything("flags", "earlier", "services"), injured_and_not_mobile),
        tell_mash(F07, everything("flags", "earlier", "services"), injured_infant, explanation_does_not_fit),
    ),
    expectations=(mash_answers(F07),),
    wants=(VOICE, WITH_WHOM),
)
