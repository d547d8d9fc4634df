"""Domestic abuse in pregnancy: asked in each trimester, and what the MARAC decided reaches those who visit (F23)."""

from datetime import date
from typing import Any

from contracts.abuse_in_pregnancy import DaEnquiryRecorded, MaracOutcome
from contracts.directory import BirthNotified
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.policy.conditions import aged_5_to_19, unborn, unborn_or_newborn, unborn_or_under_5, under_5
from router.policy.ladders import FOLLOWED_UP, LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.owners import PUBLISHER, TEAM_LEAD, Rung
from router.policy.voice import VOICE
from router.policy.words import (
    AskOf,
    Condition,
    Expect,
    Gap,
    Policy,
    condition,
    everything,
    expect,
    taken_as,
    tell,
    want,
)
from router.policy.working_time import before_gestation, working_days

F23 = Gap("F23", "3.3", "R3.10", "the mother is asked about abuse once only, and it is inconsistently recorded")
MARAC = Gap("F23", "3.2", "", "what the MARAC decided stays with those who were in the room")
AT_SCHOOL = Gap("F23", "3.2", "", "the school nurse of an older child does not hear of the MARAC", local=True)
READ = Gap("F23", "3.2", "", "nobody knows whether it was read before a visit", local=True)

KEEP_SAFE = "Keep it where nobody at home can read it: not in a hand-held or online record."
ASK_AGAIN = AskOf(f"Ask again, when she is alone. {KEEP_SAFE}")
NOTE_IT = AskOf(f"Note when she was asked and what came of it. {KEEP_SAFE}")
BEFORE_A_VISIT = AskOf(
    f"Read the safety plan before any visit, and do what was agreed of your service. {KEEP_SAFE}", SEEN
)

FIRST, SECOND, THIRD = (f"{DaEnquiryRecorded.event_type} in the {n} trimester" for n in ("first", "second", "third"))
"""What an enquiry counts as: by the week in which she was in truth asked."""
WEEKS = (14, 28, 36)
"""Before which she is asked for the first, second and third time; the last leaves time before the birth.

Each trimester is a default of ours: the review asks for different points in the pregnancy (3.3)."""
MIDWIVES = (Rung(PUBLISHER, working_days(5)), Rung(TEAM_LEAD, working_days(5)))


def _week(child: Child, data: Any, day: date) -> float:
    """The week of pregnancy on a day; by the file, else by the event; 40 where no expected date is known."""
    expected = child.doc.get("expected")
    due = date.fromisoformat(expected) if expected else getattr(data, "expected_date", None)
    return 40 - (due - day).days / 7 if due else 40.0


def _asked(event: Any, child: Child, least: int, most: int) -> bool:
    put = event.data.outcome not in ("not-safe-to-ask", "not-asked")
    return put and child.unborn and least <= _week(child, event.data, event.data.asked_on) < most


@condition("she was asked in the first trimester")
def asked_in_the_first(event: Any, child: Child, facts: Facts) -> bool:
    return _asked(event, child, 0, 14)


@condition("she was asked in the second trimester")
def asked_in_the_second(event: Any, child: Child, facts: Facts) -> bool:
    return _asked(event, child, 14, 28)


@condition("she was asked in the third trimester")
def asked_in_the_third(event: Any, child: Child, facts: Facts) -> bool:
    return _asked(event, child, 28, 45)


@condition("the pregnancy was booked before 14 weeks")
def booked_in_the_first(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn and _week(child, event.data, event.data.booked_on) < 14


@condition("the pregnancy was booked before 28 weeks")
def booked_by_the_second(event: Any, child: Child, facts: Facts) -> bool:
    return child.unborn and _week(child, event.data, event.data.booked_on) < 28


@condition("the question could not be put")
def not_put(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.outcome in ("not-safe-to-ask", "not-asked")


@condition("the mother told of abuse")
def disclosed(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.outcome == "disclosure")


@condition("somebody else than the midwife asked")
def not_by_the_midwife(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.asked_by != "midwife")


def _trimester(name: str, kind: str, weeks: int, *conditions: Condition) -> Expect:
    return expect(
        None, unborn, *conditions, to="happen", within=before_gestation(weeks), else_tell=MIDWIVES, because=F23,
        met_by=(kind, BirthNotified), name=f"the mother is asked about domestic abuse in the {name} trimester",
    )  # fmt: skip


ASKED_EACH_TRIMESTER = (
    _trimester("first", FIRST, WEEKS[0], booked_in_the_first),
    _trimester("second", SECOND, WEEKS[1], booked_by_the_second),
    _trimester("third", THIRD, WEEKS[2]),
)
"""The clocks that a booked pregnancy starts; the midwives who booked it hear, and the head of midwifery."""

OF_THE_ENQUIRY = everything("linked", but=("pregnancy_id",))
OF_THE_MARAC = everything("flags", "linked", but=("marac_ref",))

ENQUIRY = Policy(
    event=DaEnquiryRecorded,
    concerning="children named",
    thing="pregnancy_id",
    taken_as=(
        taken_as(DaEnquiryRecorded),
        taken_as(FIRST, asked_in_the_first),
        taken_as(SECOND, asked_in_the_second),
        taken_as(THIRD, asked_in_the_third),
    ),
    shares=(
        tell(Service.HV, unborn_or_under_5, because=F23, gets=OF_THE_ENQUIRY, ask=NOTE_IT),
        tell(Service.HV, unborn_or_under_5, not_put, because=F23, gets=OF_THE_ENQUIRY, ask=ASK_AGAIN),
        tell(Service.GP, unborn_or_under_5, because=F23, gets=OF_THE_ENQUIRY, ask=NOTE_IT),
        tell(Service.MID, unborn_or_newborn, not_by_the_midwife, because=F23, gets=everything("linked"), ask=NOTE_IT),
    ),
    expectations=(
        expect(Service.HV, disclosed, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
    ),
    wants=(
        want("outcome", because=F23, words="enquiry made", missing=lambda outcome: outcome == "not-asked"),
        want("seen_alone", because=F23, words="time alone with her", missing=lambda alone: alone != "yes"),
    ),
)

OUTCOME = Policy(
    event=MaracOutcome,
    concerning="every child of the mother",
    thing="marac_ref",
    shares=(
        tell(Service.HV, under_5, because=MARAC, gets=OF_THE_MARAC, ask=BEFORE_A_VISIT),
        tell(Service.SN, aged_5_to_19, because=AT_SCHOOL, gets=OF_THE_MARAC, ask=BEFORE_A_VISIT),
        tell(Service.GP, because=MARAC, gets=OF_THE_MARAC, ask=AskOf(KEEP_SAFE)),
        tell(Service.HV, unborn, because=MARAC, gets=OF_THE_MARAC, ask=BEFORE_A_VISIT),
        tell(Service.MID, unborn_or_newborn, because=MARAC, gets=OF_THE_MARAC, ask=BEFORE_A_VISIT),
    ),
    expectations=(
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.MID, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(
            None, to="act", within=FOLLOWED_UP, else_tell=LEAD_THEN_NAMED_NURSE, because=MARAC, each="actions",
            name="what the MARAC agreed is done",
        ),
    ),
    wants=(VOICE, want("safety_plan", because=MARAC, words="safety plan")),
)  # fmt: skip
