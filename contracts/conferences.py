"""Child protection conferences: who is invited, what each service reports, and what was decided (F18)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.actions import ANYBODY, OwnedAction
from contracts.parts.event import AboutChildData
from contracts.parts.people import Role
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Moment, Phrase, Restriction, Section, Token, Words, shown

ConferenceKind = Literal[
    "strategy-meeting",
    "initial-conference",
    "review-conference",
    "pre-birth-conference",
    "transfer-in-conference",
    "core-group",
]
Named = Annotated[tuple[Service, ...], Field(max_length=25)]
SOCIAL_CARE = frozenset({Service.CSC})


class ConferenceInvited(AboutChildData):
    """A conference, core group or strategy meeting about a child was called (F18, 3.9, 3.19, 3.25, 3.32)."""

    event_type: ClassVar[str] = "conference-invited-1"
    published_by: ClassVar[frozenset[Service]] = SOCIAL_CARE
    happened: ClassVar[str] = "is to be the subject of a child protection meeting"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    conference_id: Token = shown(Section.WHAT_HAPPENED, "Conference")
    kind: ConferenceKind = shown(Section.WHAT_HAPPENED, "What kind of meeting")
    meets_at: Moment = shown(Section.WHAT_HAPPENED, "When")
    where: Known[Words] = shown(Section.WHAT_HAPPENED, "Where, or how to join")
    chair: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Chair")
    why_called: Known[Words] = shown(Section.WHAT_HAPPENED, "Why it was called")
    report_due: Known[Day] = shown(Section.WHAT_HAPPENED, "Written report due by")
    report_template: Known[Phrase] = shown(Section.WHAT_HAPPENED, "Report template")
    """Which form, and where it is kept (3.32: a lead GP did not know of it)."""
    also_invited: Named
    """Services that social care wants there, known to work with the child or not; shown to nobody (rule E)."""


class ConferenceReport(AboutChildData):
    """A service's report to a conference: facts apart from their analysis, in writing (F18, 3.9, 3.25, 3.32)."""

    event_type: ClassVar[str] = "conference-report-1"
    published_by: ClassVar[frozenset[Service]] = ANYBODY - SOCIAL_CARE
    happened: ClassVar[str] = "is the subject of a report to a child protection conference"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    conference_id: Token = shown(Section.WHAT_HAPPENED, "Conference")
    given: Literal["on-the-template", "in-writing", "only-by-word-of-mouth"] = shown(
        Section.WHAT_HAPPENED, "How the report was given"
    )
    """Word of mouth is kept, and is not sufficient (3.25)."""
    attending: Literal["yes", "no", "not-known"] = shown(Section.WHAT_HAPPENED, "Attending")
    work_with_the_child: Known[Words] = shown(Section.WHAT_HAPPENED, "Work with the child")
    """The proactive and child-focused work that reports failed to reflect (3.9)."""
    health_needs: Known[Words] = shown(Section.WHAT_HAPPENED, "Health needs of the child")
    parenting: Known[Words] = shown(Section.RISK, "Parenting capacity, father or partner included")
    view_of_the_plan: Known[Words] = shown(Section.RISK, "The service's view of what should happen")
    clinical_detail: Known[Words] = shown(
        Section.WHAT_HAPPENED, "Clinical record of an adult", Restriction.ADULT_CLINICAL
    )
    sexual_health_detail: Known[Words] = shown(Section.WHAT_HAPPENED, "Sexual-health record", Restriction.SEXUAL_HEALTH)


class ConferenceMinutes(AboutChildData):
    """What a conference decided, for the record of everyone who was invited (F18, 3.33)."""

    event_type: ClassVar[str] = "conference-minutes-1"
    published_by: ClassVar[frozenset[Service]] = SOCIAL_CARE
    happened: ClassVar[str] = "was the subject of a child protection meeting"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    conference_id: Token = shown(Section.WHAT_HAPPENED, "Conference")
    kind: ConferenceKind = shown(Section.WHAT_HAPPENED, "What kind of meeting")
    held_at: Moment = shown(Section.WHAT_HAPPENED, "Held")
    also_invited: Named
    """As on the invitation."""
    decision: Literal[
        "protection-plan-made",
        "protection-plan-continues",
        "protection-plan-ends",
        "child-in-need",
        "enquiry-continues",
        "no-further-action",
        "other",
    ] = shown(Section.WHAT_HAPPENED, "Decision")
    category: Known[Literal["neglect", "physical-abuse", "emotional-abuse", "sexual-abuse"]] = shown(
        Section.WHAT_HAPPENED, "Category"
    )
    minutes: Words = shown(Section.WHAT_HAPPENED, "Minutes")
    actions: Annotated[tuple[OwnedAction, ...], Field(max_length=20)] = shown(
        Section.WHAT_HAPPENED, "What was agreed of each service"
    )
    next_meeting: Known[Moment] = shown(Section.WHAT_HAPPENED, "Next meeting")
    kept_from_family: Known[Words] = shown(Section.WHAT_HAPPENED, "Part kept confidential", Restriction.THIRD_PARTY)
