"""Disagreement between professionals about a child: raised with the other party, and answered (F17).

Not to be confused with `escalation-raised-1`, which Sharewell sends when a clock runs out."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.event import AboutChildData
from contracts.parts.people import Role
from contracts.parts.sections import AgreedAction
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Phrase, Section, Token, Words, shown

Parties = frozenset({Service.CSC, Service.MASH, Service.GP, Service.CAMHS})
"""With whom a disagreement is raised under the escalation policy."""
Party = Literal[Service.CSC, Service.MASH, Service.GP, Service.CAMHS]
CHILDREN = frozenset({Role.CHILD, Role.UNBORN})


class ProfessionalEscalationRaised(AboutChildData):
    """A practitioner does not agree with what another service decided or left undone (F17, 5.1.14)."""

    event_type: ClassVar[str] = "professional-escalation-raised-1"
    published_by: ClassVar[frozenset[Service]] = frozenset(Service) - {Service.PDS, Service.DESK}
    happened: ClassVar[str] = "is the subject of a disagreement that was formally escalated"
    about: ClassVar[frozenset[Role]] = CHILDREN

    escalation_id: Token = shown(Section.WHAT_HAPPENED, "Escalation")
    referral_id: Token | None = shown(Section.WHAT_HAPPENED, "About the referral", optional=True)
    raised_on: Day = shown(Section.WHAT_HAPPENED, "Raised on")
    raised_with: Party = shown(Section.WHAT_HAPPENED, "Raised with")
    stage: Literal["practitioners", "managers", "safeguarding-leads", "safeguarding-board"] = shown(
        Section.WHAT_HAPPENED, "Stage"
    )
    disagreement: Words = shown(Section.WHAT_HAPPENED, "What is disagreed about")
    wanted: Words = shown(Section.WHAT_HAPPENED, "What is asked for")
    risk_meanwhile: Known[Words] = shown(Section.RISK, "Risk to the child while this is open")


class ProfessionalEscalationAnswered(AboutChildData):
    """The other party answers an escalation: what it decided, why, and who says so (F17, 5.1.14)."""

    event_type: ClassVar[str] = "professional-escalation-answered-1"
    published_by: ClassVar[frozenset[Service]] = Parties
    happened: ClassVar[str] = "had a formal escalation about them answered"
    about: ClassVar[frozenset[Role]] = CHILDREN

    escalation_id: Token = shown(Section.WHAT_HAPPENED, "Escalation")
    """That of the escalation."""
    answered_on: Day = shown(Section.WHAT_HAPPENED, "Answered on")
    answered_by: Phrase = shown(Section.WHAT_HAPPENED, "Who answered")
    answer: Literal["agreed", "agreed-in-part", "not-agreed", "more-information-needed"] = shown(
        Section.WHAT_HAPPENED, "Answer"
    )
    reasons: Words = shown(Section.WHAT_HAPPENED, "Reasons")
    actions: Annotated[tuple[AgreedAction, ...], Field(max_length=20)] = shown(
        Section.WHAT_HAPPENED, "What will be done"
    )
    """Empty where nothing was agreed."""
