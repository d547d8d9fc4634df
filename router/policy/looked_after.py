"""Looked-after children: who hears of a placement, and by when the initial health assessment is made (F25)."""

from datetime import date, datetime
from typing import Any

from contracts.health_assessments import HealthAssessmentCompleted, HealthAssessmentPaused
from contracts.looked_after import AssessmentConsent, PlacementChanged
from contracts.parts.services import Service
from router.facts import Child, Facts
from router.family_placements import placed
from router.moments import day_of
from router.policy.conditions import aged_5_to_19, aged_11_or_over, under_5
from router.policy.handing_on import hands_on
from router.policy.ladders import LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.owners import PUBLISHER, Rung, owner
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, taken_as, tell, want
from router.policy.working_time import LONDON, OPENS, days, working_days

F25 = Gap("F25", "4.1", "R1.2", "initial health assessments are late, and social care tells late who is looked after")
PLACED_AWAY = Gap("F25", "4.4", "", "young people placed out of area are known to few of those who could see to them")
CONSULTED = Gap("F25", "4.11", "", "those who support a looked-after child do not know of one another")
IDENTITY = Gap("F25", "4.2", "R1.3", "a child's ethnicity, language and faith are not routinely recorded")
NEEDS = Gap("F25", "5.1.4", "R1.8", "nobody has a clear picture of the disabilities of looked-after children")
VENUE = Gap("F25", "4.6", "R1.4", "older young people are seen in schools, and are not given a choice of place")
CONSENT = Gap("F25", "4.7", "", "an assessment cannot be made while its consent is not recorded")
NOTICE = Gap("F25", "4.1", "R1.2", "a late notice leaves too little of the twenty working days", local=True)
READ = Gap("F25", "4.1", "", "nobody knows whether a notice was read while somebody was on leave", local=True)
HISTORY = Gap("F28", "4.8", "R1.5", "care leavers have a letter of their birth and immunisation, and no health history")

INITIAL = f"initial {HealthAssessmentCompleted.event_type}"
HISTORY_WRITTEN = f"leaving-care {HealthAssessmentCompleted.event_type}"
CARE_ENDED = f"left-care {PlacementChanged.event_type}"
CONSENT_KNOWN = f"{PlacementChanged.event_type} with consent known"
PAUSED = f"paused {HealthAssessmentPaused.event_type}"
RESUMED = f"resumed {HealthAssessmentPaused.event_type}"
TOLD_LATE = f"late {PlacementChanged.event_type}"
"""What a notice counts as besides that came later than the term below."""

ASSESSED = working_days(20)
NOTIFIED = working_days(5)
CONSENTED = working_days(10)
HISTORY_GIVEN = days(28)
LACT_THEN_NAMED_NURSE = (Rung(owner(Service.LACT), working_days(2)), Rung(owner(Service.NN), working_days(1)))
CARER_THEN_LACT = (Rung(PUBLISHER, working_days(2)), Rung(owner(Service.LACT), working_days(1)))

ARRANGE = AskOf("Arrange the health assessment at the place the child wants, and ask for what services know.", SEEN)
TAKE_NOTE = AskOf("Put the placement into the child's record, and see whether your part of the care goes on.", SEEN)
HAND_OVER = AskOf("Hand what you know of the child to the team of the new place, and keep the child until it accepts.")
TAKE_ON = AskOf(
    "Take the child on, or say whose the child is; ask the team of the place before for what it knows.", SEEN
)
WHOLE = everything("flags", "services", "quality")
PLACED = everything("flags", but=("previous_placements",))
TAKEN_OVER = everything("flags", "services", "earlier", but=("previous_placements",))
FOR_CAMHS = everything("flags", but=("assessment_consent", "choice_of_venue"))


def at_opening(day: date) -> datetime:
    """When a day begins for clocks."""
    return datetime.combine(day, OPENS, LONDON)


@condition("the child became looked after")
def became_looked_after(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change == "became-looked-after")


@condition("the child moved, and nothing had been told of this period of care")
def moved_before_anything_was_told(event: Any, child: Child, facts: Facts) -> bool:
    first = facts.earlier is not None or not facts.stands(child.id, (PlacementChanged.event_type,), event.data.care_id)
    return first and bool(event.data.change == "moved")


@condition("the child left care")
def left_care(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.change == "left-care")


@condition("the child left care at 16 or over, or nobody knows how old")
def left_care_at_16_or_over(event: Any, child: Child, facts: Facts) -> bool:
    return (child.age >= 16 or child.of_no_known_age) and bool(event.data.change == "left-care")


@condition("the child lives in another area than before, or nobody may learn where")
def moved_between_areas(event: Any, child: Child, facts: Facts) -> bool:
    if event.data.restricted or event.data.in_area == "out-of-area":
        return True
    before: Any = child.doc.get("as_of", {}).get("address", {})
    was = before.get("before", {}).get("authority")
    return was is not None and was != child.doc.get("authority")


@condition("social care told it later than five working days after the child became looked after")
def told_late(event: Any, child: Child, facts: Facts) -> bool:
    """A correction is no new notice: what was told in time, or late, was told so."""
    if event.data.change != "became-looked-after":
        return False
    if facts.earlier is not None:
        return facts.stands(child.id, (TOLD_LATE,), event.data.care_id)
    return day_of(facts.now) > day_of(NOTIFIED.due(at_opening(event.data.looked_after_since)))


@condition("consent to health assessments is not known to be given or refused")
def consent_not_known(event: Any, child: Child, facts: Facts) -> bool:
    return event.data.change != "left-care" and not _consent_known(event)


@condition("consent to health assessments was given or refused")
def consent_known(event: Any, child: Child, facts: Facts) -> bool:
    return _consent_known(event)


def _consent_known(event: Any) -> bool:
    said = event.data.assessment_consent
    return isinstance(said, AssessmentConsent) and said.agreement.answer in ("given", "refused", "not-applicable")


def _initial(first: Any) -> Any:
    return expect(
        None, first, to="happen", within=ASSESSED, else_tell=LACT_THEN_NAMED_NURSE, because=F25,
        met_by=(INITIAL, CARE_ENDED), starts_at="looked_after_since", name="the initial health assessment is completed",
        paused_by=(PAUSED,), resumed_by=(RESUMED,), whole_days=True,
    )  # fmt: skip


PLACEMENT = Policy(
    event=PlacementChanged,
    concerning="children named",
    thing="care_id",
    changes=placed,
    taken_as=(
        taken_as(PlacementChanged),
        taken_as(CARE_ENDED, left_care),
        taken_as(CONSENT_KNOWN, consent_known),
        taken_as(TOLD_LATE, told_late),
    ),
    shares=(
        tell(Service.LACT, because=F25, gets=WHOLE, ask=ARRANGE),
        tell(Service.GP, because=F25, gets=PLACED, ask=TAKE_NOTE),
        tell(Service.HV, under_5, because=F25, gets=PLACED, ask=TAKE_NOTE),
        tell(Service.SN, aged_5_to_19, because=F25, gets=PLACED, ask=TAKE_NOTE),
        tell(Service.CAMHS, because=CONSULTED, gets=FOR_CAMHS, side="the authority that cares"),
        tell(Service.GP, moved_between_areas, because=PLACED_AWAY, gets=PLACED, ask=HAND_OVER, side="the place before"),
        tell(
            Service.SN, aged_5_to_19, moved_between_areas,
            because=PLACED_AWAY, gets=PLACED, ask=HAND_OVER, side="the place before",
        ),
        *hands_on(Service.HV, Service.SN, takes=TAKEN_OVER, keeps=PLACED),
        tell(
            Service.SN, aged_5_to_19, moved_between_areas,
            because=PLACED_AWAY, gets=PLACED, ask=TAKE_ON, side="the new place",
        ),
        tell(Service.LACT, moved_between_areas, because=PLACED_AWAY, gets=WHOLE, ask=TAKE_ON, side="the new place"),
    ),
    expectations=(
        _initial(became_looked_after),
        _initial(moved_before_anything_was_told),
        expect(
            None, consent_not_known, to="happen", within=CONSENTED, else_tell=CARER_THEN_LACT, because=CONSENT,
            met_by=(CONSENT_KNOWN, INITIAL, CARE_ENDED), starts_at="looked_after_since",
            name="consent to the health assessment is recorded",
        ),
        expect(
            None, left_care_at_16_or_over, to="happen", within=HISTORY_GIVEN, else_tell=LACT_THEN_NAMED_NURSE,
            because=HISTORY, met_by=(HISTORY_WRITTEN,), starts_at="changed_on",
            name="the care leaver has a health history",
        ),
        expect(Service.LACT, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
    ),
    wants=(
        VOICE,
        want("ethnicity", because=IDENTITY, words="ethnicity"),
        want("languages", because=IDENTITY, words="language"),
        want("faith", because=IDENTITY, words="faith"),
        want("disability", because=NEEDS, words="answer about disability"),
        want("choice_of_venue", aged_11_or_over, because=VENUE, words="place that the young person chose"),
        want("assessment_consent", consent_not_known, because=CONSENT, words="consent to health assessments",
             missing=lambda said: True),
        want("looked_after_since", told_late, because=NOTICE, missing=lambda day: True,
             words="notice within five working days of the child becoming looked after"),
        want("left_to", left_care, because=F25, words="place that the child went to after care",
             missing=lambda said: not isinstance(said, str)),
    ),
)  # fmt: skip
