"""Before a looked-after child is seen: each service is asked what it knows, and each answers for itself (F26)."""

from dataclasses import replace
from typing import Any

from contracts.health_information import ASKED, HealthInfoProvided, HealthInfoRequested
from contracts.parts.services import Service
from contracts.parts.shape import Absent, Restriction
from router.facts import Child, Facts
from router.policy.owners import PUBLISHER, TEAM_LEAD, Rung
from router.policy.passing import NOT_STATED, passes
from router.policy.voice import VOICE
from router.policy.words import (
    AskOf,
    Condition,
    Gap,
    Policy,
    Side,
    Tell,
    condition,
    everything,
    expect,
    only,
    tell,
    want,
)
from router.policy.working_time import days, working_days

F26 = Gap("F26", "4.3", "R1.3", "what services know of a child and its family is not gathered for health assessments")
OF_GPS = Gap("F26", "4.13", "R2.7", "children do not benefit from their GP's part in health assessments")
OF_PARENTS = Gap("F26", "4.2", "R1.3", "parents' mental health and substance misuse are not referenced in assessments")
SENSITIVE = Gap(
    "F26",
    "4.2",
    "",
    "a parent's record is read for the child's sake on consent, or on reasonable cause to suspect significant harm",
    local=True,
)
"""The assessment is the child's: to the parent it is no care of their own, so rule E holds (standards.md, part 11)."""

ANSWER = AskOf(
    "Say what you know of what is asked, and what it means for the child, before the day named; or that you hold"
    " nothing. Publish health-info-provided under the assessment's id."
)
USE = AskOf("Use this in the health assessment; ask the author where it is not clear.")
QUESTION = only("assessment_id", "assessment", "assessment_on", "answer_before", "topics")
QUESTION_AND_PARENTS = only("assessment_id", "assessment", "assessment_on", "answer_before", "topics", adds=("adult",))
"""With the names of the parents concerned, for services that hold records of adults."""


def _is_asked(service: Service) -> Condition:
    def test(event: Any, child: Child, facts: Facts) -> bool:
        return service in event.data.asked_of

    return Condition(f"the {service.words} is asked", test, f"{service.value.lower()}_is_asked")


def _ask(service: Service, because: Gap, gets: Any, side: Side = "") -> Tell:
    """Whom the team asked is withheld, in the list of who else was told as well: it says what a parent is known for."""
    row = tell(service, IS_ASKED[service], because=because, gets=gets, ask=ANSWER, side=side)
    return replace(row, unnamed=True)


IS_ASKED = {service: _is_asked(service) for service in sorted(ASKED)}
HOME: Side = "the authority that cares"
"""Where the parents are known, wherever the child is placed."""

REQUESTED = Policy(
    event=HealthInfoRequested,
    concerning="children named",
    thing="assessment_id",
    shares=(
        _ask(Service.GP, OF_GPS, QUESTION_AND_PARENTS),
        _ask(Service.HV, F26, QUESTION),
        _ask(Service.SN, F26, QUESTION),
        _ask(Service.MID, F26, QUESTION_AND_PARENTS, HOME),
        _ask(Service.CAMHS, F26, QUESTION, HOME),
        _ask(Service.AMH, OF_PARENTS, QUESTION_AND_PARENTS, HOME),
        _ask(Service.ASM, OF_PARENTS, QUESTION_AND_PARENTS, HOME),
    ),
    expectations=(
        expect(
            None, to="answer", within=days(0), starts_at="answer_before", met_by=(HealthInfoProvided,), because=F26,
            else_tell=(Rung(TEAM_LEAD, working_days(1)), Rung(PUBLISHER, working_days(1))),
            name="the service says what it knows for the health assessment",
        ),
    ),
)  # fmt: skip


def _none_held(event: Any) -> bool:
    """That there is none is always said; not where something else is marked so, which would be shown with it."""
    marked = Restriction.ADULT_CLINICAL in event.data.sensitivity.values()
    return isinstance(event.data.parental_history, Absent) and not marked


def _stated(event: Any) -> bool:
    return passes(event.data.lawful_basis.power, event.data.consent.to_sharing.answer)


@condition("no parent's record is told, or consent to share it or section 47 is stated")
def parents_record_passes(event: Any, child: Child, facts: Facts) -> bool:
    return _none_held(event) or _stated(event)


@condition("a parent's record is told, and neither consent nor reasonable cause to suspect significant harm is stated")
def parents_record_withheld(event: Any, child: Child, facts: Facts) -> bool:
    return not parents_record_passes.test(event, child, facts)


PROVIDED = Policy(
    event=HealthInfoProvided,
    concerning="children named",
    thing="assessment_id",
    shares=(
        tell(
            Service.LACT, parents_record_withheld, because=SENSITIVE, gets=only("assessment_id"), side=HOME,
            why_not=NOT_STATED,
        ),
        tell(Service.LACT, because=F26, gets=everything("linked"), ask=USE, side=HOME),
        tell(
            Service.LACT, parents_record_passes, because=OF_PARENTS, gets=everything(),
            may_see=(Restriction.ADULT_CLINICAL,), side=HOME,
        ),
    ),
    wants=(
        want(
            "lawful_basis", parents_record_withheld, because=SENSITIVE, missing=lambda _: True,
            words="consent to share, nor section 47 (reasonable cause to suspect significant harm): the parents' health"
            " histories were withheld from the health team",
            mend="Send an update that states which of the two holds, or leave that part out",
        ),
        VOICE,
        want("meaning_for_child", because=F26, words="word of what this means for the child"),
    ),
)  # fmt: skip
