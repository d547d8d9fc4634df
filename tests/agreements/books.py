"""Two small rule books, so that no change of policy changes an agreement."""

from typing import Any

from contracts.domestic_abuse import DartNotified, DartOutcome
from contracts.emergency_department import (
    EdAttendance,
    EdAttendanceDischarged,
    InfantInjuryReviewed,
    LeftBeforeTreatment,
    PaediatricLiaisonForm,
)
from contracts.parts.services import Service
from contracts.referrals import SafeguardingReferral
from router.events import Event
from router.facts import Child, Facts
from router.policy.book import make_book
from router.policy.conditions import aged_5_to_19, under_5
from router.policy.owners import TEAM_LEAD, Rung, owner
from router.policy.tables import by_field
from router.policy.words import Gap, Policy, condition, everything, expect, taken_as, tell
from router.policy.working_time import days, hours, working_days

GAP = Gap("F09", "1.23", "R3.6", "of these tests")
LADDER = (Rung(TEAM_LEAD, working_days(1)), Rung(owner(Service.NN), working_days(1)))

CAME_BACK = "came back"
TERMS = {"high": hours(4), "medium": hours(24), "low": hours(72)}

_EVERYTHING = everything()
_DISCHARGED = Policy(
    event=EdAttendanceDischarged, concerning="children named", thing="attendance_id",
    shares=(
        tell(Service.GP, because=GAP, gets=_EVERYTHING),
        tell(Service.HV, under_5, because=GAP, gets=_EVERYTHING),
        tell(Service.SN, aged_5_to_19, because=GAP, gets=_EVERYTHING),
        tell(Service.PLN, because=GAP, gets=_EVERYTHING),
    ),
    expectations=tuple(
        expect(service, to="acknowledge", within=working_days(2), else_tell=LADDER, because=GAP)
        for service in (Service.HV, Service.SN)
    ),
)  # fmt: skip
_ARRIVED = Policy(event=EdAttendance, concerning="children named", thing="attendance_id", shares=())
_REVIEWED = Policy(
    event=InfantInjuryReviewed, concerning="children named", thing="attendance_id",
    shares=(tell(Service.PLN, because=GAP, gets=_EVERYTHING),),
)  # fmt: skip

_REFERRED = Policy(
    event=SafeguardingReferral, concerning="children named", thing="referral_id",
    shares=(tell(Service.MASH, because=GAP, gets=_EVERYTHING),),
)  # fmt: skip

BOOK = make_book(iter((_DISCHARGED, _ARRIVED, _REVIEWED, _REFERRED)))
"""A discharge goes to GP, health visitor or school nurse, and liaison; the two nurses must acknowledge it."""

_NOTIFIED = Policy(
    event=DartNotified, concerning="children named", thing="dart_ref",
    shares=(tell(Service.HV, because=GAP, gets=_EVERYTHING),),
    expectations=(
        expect(
            None, to="happen", within=days(5), else_tell=LADDER, because=GAP, met_by=(DartOutcome,), name="outcome"
        ),
    ),
)  # fmt: skip
_OUTCOME = Policy(event=DartOutcome, concerning="children named", thing="dart_ref", shares=())
_SILENT_DISCHARGE = Policy(event=EdAttendanceDischarged, concerning="children named", thing="attendance_id", shares=())
_REVIEW_RUNS = Policy(
    event=InfantInjuryReviewed, concerning="children named", thing="attendance_id", shares=(),
    expectations=(
        expect(
            None, to="happen", within=hours(4), else_tell=LADDER, because=GAP, met_by=(DartOutcome,),
            at_once_on=(EdAttendanceDischarged,), name="review",
        ),
    ),
)  # fmt: skip

EVENTS_BOOK = make_book(iter((_NOTIFIED, _OUTCOME, _SILENT_DISCHARGE, _REVIEW_RUNS)))
"""Clocks that only events end: a DART outcome, and a discharge after which one may not run on."""


@condition("the rule has a fault that a name brings to light")
def faulty(event: Event, child: Child, facts: Facts) -> bool:
    if child.doc.get("name", {}).get("given") == "Breaks":
        raise ValueError("a fault")
    return True


_FAULTY = Policy(
    event=EdAttendanceDischarged, concerning="children named", thing="attendance_id",
    shares=(tell(Service.PLN, faulty, because=GAP, gets=_EVERYTHING),),
)  # fmt: skip
FAULTY_BOOK = make_book(iter((_FAULTY,)))
"""Deciding about a child of a certain name raises."""


@condition("it is not the first")
def repeated(event: Any, child: Any, facts: Any) -> bool:
    return bool(facts.history.get(child.id))


_REPEATS = Policy(
    event=EdAttendanceDischarged, concerning="children named", thing="attendance_id",
    shares=(
        tell(Service.HV, because=GAP, gets=_EVERYTHING), tell(Service.MASH, repeated, because=GAP, gets=_EVERYTHING)
    ),
)  # fmt: skip

REPEATS_BOOK = make_book(iter((_REPEATS,)))
"""The second discharge of a child goes to MASH as well."""

_TAKEN_ON = Policy(
    event=EdAttendanceDischarged, concerning="children named", thing="attendance_id",
    shares=(tell(Service.HV, because=GAP, gets=_EVERYTHING), tell(Service.PLN, because=GAP, gets=_EVERYTHING)),
    expectations=(
        expect(Service.PLN, to="take", within=working_days(5), else_tell=LADDER, because=GAP),
        expect(Service.HV, to="acknowledge", within=working_days(2), else_tell=LADDER, because=GAP),
    ),
)  # fmt: skip
TAKEN_BOOK = make_book(iter((_TAKEN_ON,)))
"""A discharge that liaison is to take on, or the health visitors in its place."""

_ACTED_ON = Policy(
    event=EdAttendanceDischarged, concerning="children named", thing="attendance_id",
    shares=(tell(Service.HV, because=GAP, gets=_EVERYTHING), tell(Service.PLN, because=GAP, gets=_EVERYTHING)),
    expectations=(
        expect(Service.HV, to="acknowledge", within=working_days(2), else_tell=LADDER, because=GAP),
        expect(Service.PLN, to="act", within=working_days(2), else_tell=LADDER, because=GAP),
    ),
)  # fmt: skip

ACTED_BOOK = make_book(iter((_ACTED_ON,)))
"""The health visitor must see a discharge, and liaison must act on it."""

_CAME = Policy(
    event=EdAttendance, concerning="children named", thing="attendance_id", shares=(),
    expectations=(
        expect(
            None, to="happen", within=working_days(5), else_tell=LADDER, because=GAP, met_by=(PaediatricLiaisonForm,),
            paused_by=(LeftBeforeTreatment,), resumed_by=(CAME_BACK,), name="review",
        ),
    ),
)  # fmt: skip
_LEFT = Policy(
    event=LeftBeforeTreatment, concerning="children named", thing="attendance_id", shares=(), says_why="stage"
)
_BACK = Policy(
    event=EdAttendanceDischarged, concerning="children named", thing="attendance_id", shares=(),
    taken_as=(taken_as(EdAttendanceDischarged), taken_as(CAME_BACK, under_5)),
)  # fmt: skip
_FORM = Policy(event=PaediatricLiaisonForm, concerning="children named", thing="attendance_id", shares=())

PAUSED_BOOK = make_book(iter((_CAME, _LEFT, _BACK, _FORM)))
"""A review within five working days: time stands still while the child has left, and runs on when it came back."""

_NOTIFIED_BY_RISK = Policy(
    event=DartNotified, concerning="children named", thing="dart_ref",
    shares=(tell(Service.DART, because=GAP, gets=_EVERYTHING), tell(Service.NN, because=GAP, gets=_EVERYTHING)),
    expectations=(
        expect(
            None, to="answer", within=by_field("risk_level", TERMS), else_tell=LADDER, because=GAP,
            met_by=(DartOutcome,), starts_at="event",
        ),
    ),
)  # fmt: skip
ANSWERS_BOOK = make_book(iter((_NOTIFIED_BY_RISK, _OUTCOME)))
"""The response team and the named nurse are each asked, by when the risk says, and each must answer for itself."""

_SEEN_BY_RISK = Policy(
    event=DartNotified, concerning="children named", thing="dart_ref",
    shares=(tell(Service.HV, because=GAP, gets=_EVERYTHING), tell(Service.SN, because=GAP, gets=_EVERYTHING)),
    expectations=tuple(
        expect(
            service, to="acknowledge", within=by_field("risk_level", TERMS), else_tell=LADDER, because=GAP,
            starts_at="event", re_rated_by=(DartOutcome,),
        )
        for service in (Service.HV, Service.SN)
    ),
)  # fmt: skip
_RATED_ANEW = Policy(event=DartOutcome, concerning="children named", thing="dart_ref", shares=(), rates="risk_level")
RATED_BOOK = make_book(iter((_SEEN_BY_RISK, _RATED_ANEW)))
"""How long there is to see a notification is by its risk, and another risk sets every clock anew."""

_AGREED = Policy(
    event=DartOutcome, concerning="children named", thing="dart_ref",
    shares=(tell(Service.HV, because=GAP, gets=_EVERYTHING), tell(Service.GP, because=GAP, gets=_EVERYTHING)),
    expectations=(
        expect(
            None, to="act", within=working_days(10), else_tell=LADDER, because=GAP, each="actions",
            name="what was agreed is done",
        ),
    ),
)  # fmt: skip
EACH_BOOK = make_book(iter((_AGREED,)))
"""Whoever owns an agreed action must have acted by its day."""
