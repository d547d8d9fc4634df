"""What keeps the directory true: it changes the family's file; told are births and who takes a child over (A-C, G)."""

from typing import Any

from contracts.directory import (
    AddressChanged,
    BirthNotified,
    CaseloadChanged,
    GpRegistrationChanged,
    NhsNumberSuperseded,
    SchoolChanged,
)
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.family_births import born
from router.family_caseload import caseload_changed
from router.family_file import gp_registered, school_changed
from router.family_moves import moved
from router.family_numbers import superseded
from router.policy.flags import ANSWERED
from router.policy.handing_on import accepted_by, hands_on
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, tell
from router.policy.working_time import days

BIRTH = Gap("C", "1.6", "", "whoever expects the baby must hear that it is born, and under which number", local=True)
LOSS = Gap("C", "1.6", "", "a family that lost its baby is asked when the visit may be", local=True)
NEW_BIRTH_VISIT = AskOf("Offer the new-birth visit: it is due between the 10th and the 14th day.", days(14))
MIND_THE_LOSS = AskOf("Call off all visits that were planned for this baby, and mind the family's loss.", SEEN)


@condition("the baby lives")
def baby_lives(event: Any, child: Child, facts: Facts) -> bool:
    return "died" not in child.doc


@condition("the baby was stillborn, or died after the birth")
def baby_died(event: Any, child: Child, facts: Facts) -> bool:
    return "died" in child.doc


@condition("a team that answers attendances took the child on")
def taken_on_by_a_clinic(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.service in ANSWERED and not event.data.ended


BORN = Policy(
    event=BirthNotified,
    concerning="children named",
    thing="pregnancy_id",
    changes=born,
    shares=(
        tell(Service.HV, baby_lives, because=BIRTH, gets=everything("flags", "services"), ask=NEW_BIRTH_VISIT),
        tell(Service.GP, baby_lives, because=BIRTH, gets=everything("flags")),
        tell(Service.HV, baby_died, because=LOSS, gets=everything(but=("place",)), ask=MIND_THE_LOSS),
        tell(Service.GP, baby_died, because=LOSS, gets=everything(but=("place",)), ask=MIND_THE_LOSS),
    ),
    expectations=(expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=BIRTH),),
)
PRACTICE = Policy(
    event=GpRegistrationChanged,
    concerning="every child it moves",
    changes=gp_registered,
    shares=hands_on(Service.GP, Service.HV),
    expectations=accepted_by(Service.GP, Service.HV),
)
ADDRESS = Policy(
    event=AddressChanged,
    concerning="every child it moves",
    changes=moved,
    shares=hands_on(Service.HV, Service.SN),
    expectations=accepted_by(Service.HV, Service.SN),
)
SCHOOL = Policy(
    event=SchoolChanged,
    concerning="every child it moves",
    changes=school_changed,
    shares=hands_on(Service.SN),
    expectations=accepted_by(Service.SN),
)
CASELOAD = Policy(
    event=CaseloadChanged,
    concerning="every child it moves",
    shares=hands_on(Service.HV, Service.SN),
    expectations=accepted_by(Service.HV, Service.SN),
    changes=caseload_changed,
    answers_live_flags=True,
    answers_when=(taken_on_by_a_clinic,),
)
NUMBER = Policy(event=NhsNumberSuperseded, concerning="children named", shares=(), changes=superseded)
