"""Referrals to children's social care: written, by telephone, and what was decided on them (F15, F16, F17)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.maternity import FatherOrPartner, Weeks
from contracts.parts.event import AboutChildData
from contracts.parts.people import PersonName, Role
from contracts.parts.sections import AgreedAction
from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Moment, Phrase, Section, Shape, Token, Words, YesNoUnknown, shown

Referrers = frozenset(Service) - {Service.MASH, Service.CSC, Service.PDS, Service.DESK}
"""Any service that meets a child or its parents may refer; those who take referrals do not."""
CHILDREN = frozenset({Role.CHILD, Role.UNBORN})
ReferralReason = Literal[
    "physical-abuse",
    "emotional-abuse",
    "sexual-abuse",
    "neglect",
    "exploitation",
    "domestic-abuse",
    "parental-substance-misuse",
    "parental-mental-ill-health",
    "unborn-child-at-risk",
    "other",
]
Urgency = Literal["immediate-danger", "same-day", "not-urgent"]


class ChildBesides(Shape):
    """Another child whom the risk may touch: a brother or sister, or one whom the adult has access to (3.22)."""

    name: Known[PersonName]
    birth_date: Known[Day]
    relationship: Known[Phrase]
    """What the child is to the child referred, or the adult to this child."""
    lives_with: Known[Phrase]


class CallTakenBy(Shape):
    """Who took a referral by telephone, so that somebody answers for it (3.8)."""

    name: Phrase
    role: Phrase
    team: Phrase


class ChildReferred(AboutChildData):
    """What every referral holds, however it was made; it goes on though a record cannot be found (5.2.6)."""

    goes_unjoined: ClassVar[bool] = True
    published_by: ClassVar[frozenset[Service]] = Referrers
    about: ClassVar[frozenset[Role]] = CHILDREN

    urgency: Urgency = shown(Section.WHAT_HAPPENED, "Urgency")
    account: Words = shown(Section.WHAT_HAPPENED, "Why this referral is made")
    made_safe: Known[Words] = shown(Section.WHAT_HAPPENED, "What was done to keep the child safe for now")


class SafeguardingReferral(ChildReferred):
    """A written referral to children's social care, of a child or an unborn child at any gestation (F15, 3.6)."""

    event_type: ClassVar[str] = "safeguarding-referral-1"
    happened: ClassVar[str] = "was referred to children's social care"

    referral_id: Token = shown(Section.WHAT_HAPPENED, "Referral")
    call_id: Token | None = shown(Section.WHAT_HAPPENED, "Follows the telephone call", optional=True)
    reasons: Annotated[tuple[ReferralReason, ...], Field(min_length=1, max_length=10)] = shown(
        Section.WHAT_HAPPENED, "Reasons"
    )
    gestation_weeks: Known[Weeks] = shown(Section.WHAT_HAPPENED, "Weeks of gestation")
    """Of an unborn child; never a reason to wait (5.2.6)."""
    family_told: YesNoUnknown = shown(Section.CONTEXT, "The family knows of this referral")
    parenting_capacity: Known[Words] = shown(Section.RISK, "Parenting capacity")
    father_or_partner: Known[Annotated[tuple[FatherOrPartner, ...], Field(min_length=1, max_length=5)]] = shown(
        Section.RISK, "Father, and the mother's partner"
    )
    siblings: Known[Annotated[tuple[ChildBesides, ...], Field(min_length=1, max_length=20)]] = shown(
        Section.RISK, "Brothers and sisters"
    )
    other_children: Known[Annotated[tuple[ChildBesides, ...], Field(min_length=1, max_length=20)]] = shown(
        Section.RISK, "Other children whom the adult has access to"
    )


class TelephoneReferralLogged(ChildReferred):
    """A referral was made by telephone: who took it, and when; the written one is still owed (F16, 3.8)."""

    event_type: ClassVar[str] = "telephone-referral-logged-1"
    happened: ClassVar[str] = "was referred to children's social care by telephone"

    call_id: Token = shown(Section.WHAT_HAPPENED, "Telephone call")
    referral_id: Token | None = shown(Section.WHAT_HAPPENED, "Referral it belongs to", optional=True)
    """Where one was given during the call."""
    called_at: Moment = shown(Section.WHAT_HAPPENED, "Telephoned at")
    taken_by: Known[CallTakenBy] = shown(Section.WHAT_HAPPENED, "Who took the call")
    agreed: Known[Words] = shown(Section.WHAT_HAPPENED, "What was agreed on the telephone")


class ReferralOutcome(AboutChildData):
    """What was decided on a referral: it goes back to whoever referred (F17, 3.19)."""

    event_type: ClassVar[str] = "referral-outcome-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CSC, Service.MASH})
    happened: ClassVar[str] = "was decided upon after a referral to children's social care"
    about: ClassVar[frozenset[Role]] = CHILDREN

    referral_id: Token = shown(Section.WHAT_HAPPENED, "Referral")
    """That of the referral, or of the telephone call."""
    decided_on: Day = shown(Section.WHAT_HAPPENED, "Decided on")
    decision: Literal[
        "no-further-action",
        "early-help",
        "child-in-need-assessment",
        "strategy-discussion",
        "section-47-enquiry",
        "already-open-to-social-care",
        "more-information-needed",
    ] = shown(Section.WHAT_HAPPENED, "Decision")
    reasons: Words = shown(Section.WHAT_HAPPENED, "Reasons for the decision")
    decided_by: Phrase = shown(Section.WHAT_HAPPENED, "Who decided")
    actions: Annotated[tuple[AgreedAction, ...], Field(max_length=20)] = shown(
        Section.WHAT_HAPPENED, "What happens next"
    )
    """Empty where nothing was agreed."""
