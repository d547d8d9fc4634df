"""Health assessments of looked-after children: what was found, the plan, and each thing of it that was done (F28)."""

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import AboutChildData
from contracts.parts.people import PersonName, Role, Subject
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Phrase, Section, Shape, Token, Words, shown

ASSESSORS = frozenset({Service.LACT, Service.HV, Service.SN})


class HealthAction(Shape):
    """One thing of a health plan: what, by whom, by when, and how anybody will know that it was done (4.5)."""

    id: Token
    """The publisher's own, lasting: an update says under it what became of the action."""
    what: Words
    owner: Service
    by: Day
    measure: Words
    """What will be different, so that it can be seen."""
    state: Literal["open", "done", "dropped"] = "open"
    """An update says done or dropped; one that leaves it out takes that back."""
    came_of_it: Known[Words] | None = None
    """Against the measure; for what was dropped, why."""


class PlainAction(Shape):
    """The same in words for the young person."""

    what: Words
    when: Known[Day]


class YoungPersonsCopy(Shape):
    """What the young person is given to keep: their own words and plan, and nobody else's affairs."""

    what_we_talked_about: Words
    what_you_said: Known[Words]
    what_will_happen: Annotated[tuple[PlainAction, ...], Field(max_length=20)]
    whom_to_ask: Phrase
    """A role and a staffed number."""


class HealthHistory(Shape):
    """What a care leaver should know of their own health: more than birth and immunisation (4.8)."""

    birth: Known[Words]
    immunisation: Known[Words]
    illnesses_and_operations: Known[Words]
    growth_and_development: Known[Words]
    emotional_health: Known[Words]
    allergies_and_medicines: Known[Words]
    family_history_to_tell: Known[Words]
    """Of the family's health, what the young person may be told; written for them, and naming nobody."""


class HealthAssessmentCompleted(AboutChildData):
    """A health assessment was completed: initial, review, or the history that a care leaver takes along."""

    model_config = ConfigDict(validate_default=True)

    event_type: ClassVar[str] = "health-assessment-completed-1"
    published_by: ClassVar[frozenset[Service]] = ASSESSORS
    happened: ClassVar[str] = "had a health assessment as a looked-after child or care leaver"

    care_id: Token = shown(Section.WHAT_HAPPENED, "Period of care")
    """As social care gave it with the placement."""
    assessment_id: Token = shown(Section.WHAT_HAPPENED, "Assessment")
    kind: Literal["initial", "review", "leaving-care"] = shown(Section.WHAT_HAPPENED, "Kind of assessment")
    completed_on: Day = shown(Section.WHAT_HAPPENED, "Completed on")
    seen_by: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Seen by")
    seen_at: Known[Literal["clinic", "home", "school", "elsewhere"]] = shown(Section.WHAT_HAPPENED, "Seen at")
    venue_chosen: Literal["yes", "no", "not-asked", "not-known"] = shown(
        Section.VOICE, "At the place the young person chose"
    )
    summary_of_health: Known[Words] = shown(Section.WHAT_HAPPENED, "Summary of health")
    emotional_health: Known[Words] = shown(Section.RISK, "Emotional health")
    information_from: Known[tuple[Service, ...]] = shown(Section.CONTEXT, "Information came from")
    actions: Annotated[tuple[HealthAction, ...], Field(max_length=30)] = shown(Section.WHAT_HAPPENED, "Health plan")
    """Empty where nothing needs doing."""
    health_history: Known[HealthHistory] = shown(Section.CONTEXT, "Health history")
    lead_practitioner: Literal[Service.LACT, Service.HV, Service.SN] = shown(Section.CONTEXT, "Lead practitioner")
    """Whose team hands the young person their copy and answers their questions."""
    young_persons_copy: Known[YoungPersonsCopy] = shown(Section.VOICE, "The young person's own copy, to hand over")

    @field_validator("actions")
    @classmethod
    def _each_action_once(cls, actions: tuple[HealthAction, ...]) -> tuple[HealthAction, ...]:
        if len({a.id for a in actions}) < len(actions):
            raise PydanticCustomError("action_twice", "Each action of a plan has an id of its own")
        return actions

    @field_validator("young_persons_copy")
    @classmethod
    def _names_nobody_else(cls, copy: object, rest: ValidationInfo) -> object:
        """Third parties are left out of what the young person keeps and may show to anybody."""
        if isinstance(copy, YoungPersonsCopy) and "subjects" in rest.data:
            text = copy.model_dump_json().casefold()
            own = {n for s in rest.data["subjects"] if s.role is Role.CHILD for n in _names(s)}
            if any(n not in own and n in text for s in rest.data["subjects"] for n in _names(s)):
                raise PydanticCustomError("copy_names_somebody", "The young person's copy names somebody else")
        return copy


def _names(subject: Subject) -> set[str]:
    if not isinstance(subject.name, PersonName):
        return set()
    return {subject.name.given.casefold(), subject.name.family.casefold()}


class HealthAssessmentPaused(AboutChildData):
    """An initial health assessment is held up, and why; or it is taken up again (4.1: refusals, consent, illness)."""

    event_type: ClassVar[str] = "health-assessment-paused-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.LACT})
    happened: ClassVar[str] = "has the initial health assessment held up, or taken up again"

    care_id: Token = shown(Section.WHAT_HAPPENED, "Period of care")
    change: Literal["paused", "resumed"] = shown(Section.WHAT_HAPPENED, "The assessment is")
    why: Literal[
        "young-person-declined",
        "consent-awaited",
        "young-person-ill",
        "young-person-missing",
        "carer-cannot-bring",
        "reason-gone",
    ] = shown(Section.WHAT_HAPPENED, "Why")
    since: Day = shown(Section.WHAT_HAPPENED, "Since")
    explanation: Known[Words] = shown(Section.WHAT_HAPPENED, "Explanation")
    offered: Known[Words] = shown(Section.WHAT_HAPPENED, "What was offered instead")


class HealthPlanActionDone(AboutChildData):
    """One thing of a child's health plan was done, or will not be and why: it ends the chase for that thing alone."""

    event_type: ClassVar[str] = "health-plan-action-done-1"
    published_by: ClassVar[frozenset[Service]] = ASSESSORS | {
        Service.GP,
        Service.CAMHS,
        Service.CSC,
        Service.IRO,
        Service.SWITCH,
        Service.CLINIC,
    }
    happened: ClassVar[str] = "had a thing of the health plan done"

    action_id: Token = shown(Section.WHAT_HAPPENED, "Action")
    """That of the plan."""
    done: Literal["done", "not-needed-any-more", "declined-by-young-person", "cannot-be-done"] = shown(
        Section.WHAT_HAPPENED, "What came of it"
    )
    done_on: Day = shown(Section.WHAT_HAPPENED, "On")
    result: Words = shown(Section.WHAT_HAPPENED, "Result")
    """Against the measure; for what was not done, why."""
