"""Early help: a common assessment is opened, reviewed or closed, and its plan is everybody's (F33)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.actions import ANYBODY, LeadPractitioner, PlannedHelp
from contracts.parts.event import AboutChildData
from contracts.parts.people import Role
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Restriction, Section, Token, Words, shown, whole_number


class EarlyHelpChanged(AboutChildData):
    """An early-help assessment was opened, reviewed or closed, with its whole plan as it now stands (F33, 1.4)."""

    event_type: ClassVar[str] = "early-help-changed-1"
    published_by: ClassVar[frozenset[Service]] = ANYBODY
    happened: ClassVar[str] = "had early help opened, reviewed or closed"
    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD, Role.UNBORN})

    assessment_id: Token = shown(Section.WHAT_HAPPENED, "Early-help assessment")
    plan_version: Annotated[int, whole_number(1, 1000)] = shown(Section.WHAT_HAPPENED, "Version of the plan")
    change: Literal["opened", "reviewed", "closed"] = shown(Section.WHAT_HAPPENED, "What changed")
    changed_on: Day = shown(Section.WHAT_HAPPENED, "On")
    closed_because: Known[Words] = shown(Section.WHAT_HAPPENED, "Why it was closed")
    """`not-applicable` while it goes on."""
    need: Known[Words] = shown(Section.WHAT_HAPPENED, "Need")
    lead_practitioner: Known[LeadPractitioner] = shown(Section.WHAT_HAPPENED, "Lead practitioner")
    plan: Known[Annotated[tuple[PlannedHelp, ...], Field(min_length=1, max_length=20)]] = shown(
        Section.WHAT_HAPPENED, "Plan"
    )
    """Who helps with what; every service named is told."""
    review_due: Known[Day] = shown(Section.WHAT_HAPPENED, "To be reviewed by")
    """`not-applicable` once it is closed."""
    parents_own_health: Known[Words] = shown(
        Section.RISK, "Parents' own health, from their records", Restriction.ADULT_CLINICAL
    )
