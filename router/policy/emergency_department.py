"""Who is told of a child's attendance at the emergency department, and who must answer (F05–F11, F13)."""

from typing import Any

from contracts.emergency_department import (
    EdAttendance,
    EdAttendanceDischarged,
    InfantInjuryReviewed,
    LeftBeforeTreatment,
    PaediatricLiaisonForm,
)
from contracts.parts.attendance import InfantInjury, Vulnerability
from contracts.parts.services import Service
from contracts.parts.shape import Absent
from router.facts import Child, Facts
from router.policy.conditions import (
    aged_5_to_19,
    aged_11_or_over,
    alcohol_or_substances,
    looked_after_16_or_over,
    under_5,
    under_18,
)
from router.policy.infant_injuries import (
    F07,
    OF_AN_INJURY,
    REVIEW_MISSED,
    REVIEW_ON_ARRIVAL,
    SEE_TO_A_REVIEW,
    injured_and_not_mobile,
    injured_infant,
    reviewed_by_a_senior,
    without_senior_review,
)
from router.policy.ladders import (
    FOLLOWED_UP,
    LEAD_THEN_NAMED_NURSE,
    LIAISON_THEN_NAMED_NURSE,
    NAMED_NURSE,
    REVIEWED,
    SEEN,
)
from router.policy.mash import mash_answers, of_an_attendance, tell_mash
from router.policy.owners import PUBLISHER, Rung, owner
from router.policy.voice import VOICE, WITH_WHOM, nobody_asked
from router.policy.words import (
    HOW_TO_APPROACH,
    AskOf,
    Gap,
    Policy,
    condition,
    everything,
    expect,
    only,
    taken_as,
    tell,
    want,
)
from router.policy.working_time import hours, working_days

F06 = Gap("F06", "1.19", "R3.2", "at 16 to 18 vulnerability is not weighed beside what the young person came with")
F09 = Gap("F09", "1.23", "R3.6", "discharge summaries do not go automatically to health visitors and school nurses")
F10 = Gap("F10", "1.24", "R3.7", "alcohol and substance attendances under 18 are not reliably referred to Switch")
F11 = Gap("F11", "1.22", "R3.5", "liaison forms are not written for every concern")
F13 = Gap("F13", "5.2.15", "", "a child leaves without treatment, and nobody outside the hospital follows up")
LOOKED_AFTER_OVER_16 = Gap(
    "B", "4.4", "", "the looked-after children nurse reviews the health of those over 16, and is not told"
)
LOOKED_FOR = Gap("F10", "1.24", "R3.7", "whether alcohol or substances played a part is not asked", local=True)

ARRIVED_WITH_SUBSTANCES = f"{EdAttendance.event_type} with alcohol or substances"
"""What such an arrival counts as besides: it is a referral though nobody asks again when the young person leaves."""

REVIEW = AskOf("Review this attendance with what you know of the child, and follow up where needed.", SEEN)
LIAISE = AskOf(
    "Review this attendance on a paediatric liaison form: who else has to know, and was enough done?", REVIEWED
)
TELL_THE_DEPARTMENT = AskOf("The child is there now: ring the department if you know something that bears on this.")
REFERRAL = AskOf(
    "Take this referral on. It is made automatically, and you accept it without consent as well.", REVIEWED
)
FOLLOW_UP = AskOf("Find out whether the child is well and was seen elsewhere, and record it.", FOLLOWED_UP)

SUBSTANCE_REFERRAL = only(
    "arrived_at", "presenting_complaint", "alcohol_or_substances", "self_harm", "vulnerability", "voice_of_child",
    "concern", "accompanied_by", "follow_up", *HOW_TO_APPROACH,
)  # fmt: skip
"""What Switch needs to meet the young person; the injury and earlier attendances are no part of it."""
VULNERABLE = only(
    "arrived_at", "presenting_complaint", "alcohol_or_substances", "self_harm", "vulnerability", "voice_of_child",
    "concern", "accompanied_by", *HOW_TO_APPROACH,
    adds=("flags",),
)  # fmt: skip
FULL = everything("flags", "earlier")
FULL_WITH_HOUSEHOLD = everything("flags", "earlier", "household")
FOR_LIAISON = everything("flags", "earlier", "quality")
FOR_MASH = everything("flags", "earlier", "services", but=("attendance_id", "prior_attendances"))


@condition("the vulnerability assessment found something")
def vulnerability_found(event: Any, child: Child, facts: Facts) -> bool:
    found = event.data.vulnerability
    return isinstance(found, Vulnerability) and any(f != "none-found" for f in found.factors)


@condition("alcohol or substances were involved, by this or by what was said on arrival")
def with_alcohol_or_substances(event: Any, child: Child, facts: Facts) -> bool:
    if alcohol_or_substances(event, child, facts):
        return True
    asked = event.data.alcohol_or_substances != "not-asked"
    return not asked and facts.stands(child.id, (ARRIVED_WITH_SUBSTANCES,), event.data.attendance_id)


def _little_known(value: Any) -> bool:
    if not isinstance(value, InfantInjury):
        return True
    return isinstance(value.mobility, Absent) or isinstance(value.mechanism, Absent)


ASSESSED = want("vulnerability", under_18, because=F06, words="vulnerability assessment")
ASKED_ABOUT = want(
    "alcohol_or_substances", aged_11_or_over, because=LOOKED_FOR, words="answer about alcohol and substances",
    missing=nobody_asked,
)  # fmt: skip
HOW_HURT = want("mechanism_of_injury", because=F09, words="mechanism of the injury")
INFANT_DETAIL = want(
    "infant_injury", injured_infant, because=F07, words="mechanism of the injury, or what the infant can do",
    missing=_little_known,
)  # fmt: skip

REVIEW_BY_LIAISON = expect(
    Service.PLN, to="act", within=REVIEWED, else_tell=NAMED_NURSE, because=F11, met_by=(PaediatricLiaisonForm,)
)
TAKEN_ON_BY_SWITCH = expect(Service.SWITCH, to="act", within=REVIEWED, else_tell=LIAISON_THEN_NAMED_NURSE, because=F10)

ARRIVED = Policy(
    event=EdAttendance,
    concerning="children named",
    counts_as=("ED attendance",),
    thing="attendance_id",
    answers_live_flags=True,
    taken_as=(taken_as(EdAttendance), taken_as(ARRIVED_WITH_SUBSTANCES, alcohol_or_substances)),
    shares=(
        tell(Service.PLN, under_18, because=F11, gets=FOR_LIAISON),
        tell(Service.GP, vulnerability_found, because=F06, gets=VULNERABLE, ask=TELL_THE_DEPARTMENT),
        tell(Service.HV, under_5, vulnerability_found, because=F06, gets=VULNERABLE, ask=TELL_THE_DEPARTMENT),
        tell(Service.SN, aged_5_to_19, vulnerability_found, because=F06, gets=VULNERABLE, ask=TELL_THE_DEPARTMENT),
        tell(Service.PLN, injured_infant, because=F07, gets=FOR_LIAISON, ask=SEE_TO_A_REVIEW),
        tell(Service.NN, injured_infant, because=F07, gets=OF_AN_INJURY),
        tell(Service.HV, injured_infant, because=F07, gets=OF_AN_INJURY, ask=TELL_THE_DEPARTMENT),
        tell(Service.GP, injured_infant, because=F07, gets=OF_AN_INJURY, ask=TELL_THE_DEPARTMENT),
        tell_mash(F07, FOR_MASH, injured_and_not_mobile),
    ),
    expectations=(
        REVIEW_ON_ARRIVAL,
        expect(
            None, to="happen", within=hours(24), because=F09, starts_at="event",
            else_tell=(Rung(PUBLISHER, working_days(1)), Rung(owner(Service.PLN), working_days(1))),
            met_by=(EdAttendanceDischarged, LeftBeforeTreatment), name="what came of the attendance is told",
        ),
        mash_answers(F07),
    ),
    wants=(VOICE, WITH_WHOM, ASSESSED, ASKED_ABOUT, INFANT_DETAIL),
)  # fmt: skip

DISCHARGED = Policy(
    event=EdAttendanceDischarged,
    concerning="children named",
    counts_as=("ED attendance",),
    thing="attendance_id",
    taken_as=(taken_as(EdAttendanceDischarged), taken_as(InfantInjuryReviewed, reviewed_by_a_senior)),
    shares=(
        tell(Service.GP, because=F09, gets=FULL),
        tell(Service.HV, under_5, because=F09, gets=FULL_WITH_HOUSEHOLD, ask=REVIEW),
        tell(Service.SN, aged_5_to_19, because=F09, gets=FULL_WITH_HOUSEHOLD, ask=REVIEW),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=FULL),
        tell(Service.PLN, under_18, because=F11, gets=FOR_LIAISON, ask=LIAISE),
        tell(Service.SWITCH, under_18, with_alcohol_or_substances, because=F10, gets=SUBSTANCE_REFERRAL, ask=REFERRAL),
        tell(Service.NN, without_senior_review, because=F07, gets=OF_AN_INJURY),
        tell_mash(F07, FOR_MASH, injured_and_not_mobile),
        *of_an_attendance(FOR_MASH),
    ),
    expectations=(
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=F09),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=F09),
        REVIEW_BY_LIAISON,
        TAKEN_ON_BY_SWITCH,
        REVIEW_MISSED,
        mash_answers(F07),
    ),
    wants=(
        VOICE, WITH_WHOM, ASSESSED, ASKED_ABOUT, HOW_HURT, INFANT_DETAIL,
        want("diagnosis", because=F09, words="diagnosis"),
        want("follow_up", because=F09, words="word on follow-up"),
    ),
)  # fmt: skip

LEFT = Policy(
    event=LeftBeforeTreatment,
    concerning="children named",
    counts_as=("ED attendance", "left before treatment"),
    thing="attendance_id",
    shares=(
        tell(Service.GP, because=F13, gets=FULL),
        tell(Service.HV, under_5, because=F13, gets=FULL_WITH_HOUSEHOLD, ask=FOLLOW_UP),
        tell(Service.SN, aged_5_to_19, because=F13, gets=FULL_WITH_HOUSEHOLD, ask=FOLLOW_UP),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=FULL),
        tell(Service.PLN, under_18, because=F13, gets=FOR_LIAISON, ask=LIAISE),
        tell(Service.SWITCH, under_18, with_alcohol_or_substances, because=F10, gets=SUBSTANCE_REFERRAL, ask=REFERRAL),
        *of_an_attendance(FOR_MASH),
    ),
    expectations=(
        expect(Service.HV, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=F13),
        expect(Service.SN, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=F13),
        REVIEW_BY_LIAISON,
        TAKEN_ON_BY_SWITCH,
        REVIEW_MISSED,
        mash_answers(F13),
    ),
    wants=(
        VOICE, WITH_WHOM, ASSESSED, ASKED_ABOUT,
        want("what_was_due", because=F13, words="word of what was still due"),
        want("how_many_times", because=F13, words="count of earlier times"),
    ),
)  # fmt: skip
