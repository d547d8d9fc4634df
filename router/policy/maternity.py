"""Before the birth and after: the midwife tells the health visitor, wherever the midwife works (F01, F02)."""

from typing import Any

from contracts.directory import BirthNotified
from contracts.maternity import MaternityHandover, PregnancyNotified
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.abuse_in_pregnancy import ASKED_EACH_TRIMESTER
from router.policy.conditions import (
    first_time_mother_under_20,
    mother_under_18,
    teenage_mother,
    teenage_mother_without_fnp,
    unborn,
    unborn_or_under_5,
)
from router.policy.ladders import FILED, FOLLOWED_UP, LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.mash import mash_answers, tell_mash
from router.policy.voice import VOICE
from router.policy.words import HOW_TO_APPROACH, AskOf, Gap, Policy, condition, everything, expect, only, tell, want
from router.policy.working_time import before_gestation, working_days

F01 = Gap("F01", "1.3", "R1.1", "the midwife's handover to the health visitor is verbal, with little focus on risk")
YOUNG = Gap("F01", "1.5", "R1.1", "young mothers who may not join the family nurse partnership are missed")
ANSWERED = Gap("F01", "1.5", "R1.1", "nobody hears whether a young mother was taken on", local=True)
F02 = Gap("F02", "1.6", "", "midwives of practices outside the area do not tell health visitors of a pregnancy")
READ = Gap("F02", "1.6", "", "a pregnancy told early lies unread until the antenatal visit is missed", local=True)
LATE = Gap("F02", "1.2", "", "a young person presents late, and those who safeguard her and the baby are told by hand")
CONCEALED = Gap(
    "F02", "3.5", "", "a girl's concealed pregnancy reaches social care only if somebody thinks of it", local=True
)

WEEKS = 34
"""Before which the antenatal visit is offered: 34 weeks of gestation is a default of ours."""
VISIT = AskOf("Offer the antenatal visit, and say on your receipt that it was offered.", before_gestation(WEEKS))
TAKE_OVER = AskOf("Read the risks, file this handover in the record, and plan your first contact.", FILED)
TAKE_ON = AskOf("Say whether you take this mother on.", FOLLOWED_UP)
WATCH = AskOf("See that this late or concealed booking is followed up with the midwife.", working_days(1))

OF_BOTH = everything("flags", "mothers_flags")
OF_BOTH_WITH_SERVICES = everything("flags", "mothers_flags", "services")
"""All of it: those who care for mother and baby know the flags of both."""
YOUNG_MOTHER = only("stage", "expected_or_birth_date", "first_time_mother", "midwife", "plan", *HOW_TO_APPROACH)
"""What Respect Yourself needs to offer its help: no word of abuse, illness or the father."""
EXPECTING = only("expected_date", "first_time_mother", "midwife", "booking", *HOW_TO_APPROACH)
_BOOKED_LATE = (
    "expected_date", "booked_on", "booking_gestation_weeks", "booking", "vulnerability", "risks", "concern", "midwife",
    "midwife_area",
)  # fmt: skip
LATE_BOOKING = only(*_BOOKED_LATE, adds=("flags",))
CONCEALED_BOOKING = only(*_BOOKED_LATE, *HOW_TO_APPROACH, adds=("flags",))
"""MASH decides who calls on the girl: from whom she hides the pregnancy, nobody may tell by calling."""


@condition("the pregnancy was booked late or concealed")
def late_or_concealed(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.booking in ("late", "concealed")


@condition("the pregnancy was concealed")
def concealed(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.booking == "concealed")


PREGNANCY = Policy(
    event=PregnancyNotified,
    concerning="the unborn child",
    thing="pregnancy_id",
    shares=(
        tell(Service.HV, unborn, because=F02, gets=OF_BOTH_WITH_SERVICES, ask=VISIT),
        tell(Service.GP, unborn, because=F02, gets=OF_BOTH),
        tell(Service.NN, unborn, late_or_concealed, because=LATE, gets=LATE_BOOKING, ask=WATCH),
        tell(Service.RY, unborn, teenage_mother, late_or_concealed, because=LATE, gets=EXPECTING),
        tell_mash(CONCEALED, CONCEALED_BOOKING, unborn, mother_under_18, concealed),
    ),
    expectations=(
        expect(
            Service.HV, to="act", within=before_gestation(WEEKS), else_tell=LEAD_THEN_NAMED_NURSE, because=F02,
            met_by=(BirthNotified,), name="the health visiting team offers the antenatal visit",
        ),
        expect(Service.HV, to="acknowledge", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        mash_answers(CONCEALED),
        *ASKED_EACH_TRIMESTER,
    ),
    wants=(
        want("booking_gestation_weeks", because=F02, words="weeks of gestation at booking"),
        want("vulnerability", because=F02, words="word on vulnerability"),
    ),
)  # fmt: skip

HANDOVER = Policy(
    event=MaternityHandover,
    concerning="children named",
    thing="pregnancy_id",
    shares=(
        tell(Service.HV, unborn_or_under_5, because=F01, gets=OF_BOTH_WITH_SERVICES, ask=TAKE_OVER),
        tell(Service.GP, unborn_or_under_5, because=F01, gets=OF_BOTH),
        tell(
            Service.FNP, unborn_or_under_5, first_time_mother_under_20, because=YOUNG, gets=OF_BOTH,
            ask=TAKE_ON,
        ),
        tell(Service.RY, unborn_or_under_5, teenage_mother_without_fnp, because=YOUNG, gets=YOUNG_MOTHER, ask=TAKE_ON),
    ),
    expectations=(
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=F01),
        expect(Service.HV, to="file", within=FILED, else_tell=LEAD_THEN_NAMED_NURSE, because=F01),
        expect(Service.FNP, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=ANSWERED),
        expect(Service.RY, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=ANSWERED),
    ),
    wants=(
        VOICE,
        want("risks", because=F01, words="word on risks"),
        want("protective_factors", because=F01, words="word on protective factors"),
        want("father_or_partner", because=F01, words="word on the father or partner"),
        want("domestic_abuse_enquiries", because=F01, words="date of an enquiry about domestic abuse"),
        want("perinatal_mental_health", because=F01, words="word on the mother's mental health"),
        want("plan", because=F01, words="plan"),
    ),
)  # fmt: skip
