"""Sexual health among its own services: that there is history and whom to ask, and a pharmacy's fast track (F34).

All that such a contact says is restricted: it reaches a service only where a row of the rule book names it (rule E)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from contracts.parts.event import AboutChildData
from contracts.parts.people import Role
from contracts.parts.sections import Concern, PhoneDayAndNight, VoiceOfChild
from contracts.parts.services import Service
from contracts.parts.shape import Known, OdsCode, Phrase, Restriction, Section, Token, Words, YesNoUnknown, shown

_OURS = Restriction.SEXUAL_HEALTH


class SexualHealthContact(AboutChildData):
    """What every contact of a young person with a sexual-health service holds; each field of it is restricted."""

    about: ClassVar[frozenset[Role]] = frozenset({Role.CHILD})

    contact_id: Token = shown(Section.WHAT_HAPPENED, "Contact", _OURS)
    voice_of_child: VoiceOfChild = shown(Section.VOICE, "Voice of the child", _OURS)
    concern: Known[Concern] = shown(Section.RISK, "Concern", _OURS)
    cse_indicators: Known[Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=60)]] = shown(
        Section.RISK, "Indicators of exploitation", _OURS
    )
    significant_harm: Literal["reasonable-cause", "no-reasonable-cause", "not-assessed"] = shown(
        Section.RISK, "Reasonable cause to suspect significant harm", _OURS
    )
    """The practitioner's own judgement: on it rests whether the MASH health nurse is told."""
    why_significant_harm: Known[Words] = shown(Section.RISK, "What that rests on", _OURS)


class SexualHealthConcern(SexualHealthContact):
    """A contact with a safeguarding concern: that there is history, and whom to ask (F34, 3.20)."""

    event_type: ClassVar[str] = "sexual-health-concern-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CASH, Service.RY})
    happened: ClassVar[str] = "gave cause for concern at a sexual-health service"

    has_history: YesNoUnknown = shown(Section.WHAT_HAPPENED, "There is history with this service", _OURS)
    whom_to_ask: PhoneDayAndNight = shown(Section.WHAT_HAPPENED, "Whom to ask about it", _OURS)
    clinical_detail: Known[Words] = shown(Section.WHAT_HAPPENED, "Clinical record", _OURS)


class PharmacyFastTrack(SexualHealthContact):
    """A pharmacy sends a young person on to a clinic, by the fast track (F34, 1.14)."""

    event_type: ClassVar[str] = "pharmacy-fast-track-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.PHARMACY})
    happened: ClassVar[str] = "was fast-tracked by a pharmacy to a sexual-health service"

    clinic: Known[OdsCode] = shown(Section.WHAT_HAPPENED, "Organisation whose clinic was chosen", _OURS)
    why: Words = shown(Section.WHAT_HAPPENED, "Why", _OURS)
    safe_to_contact: Known[Words] = shown(Section.CONTEXT, "How to reach the young person safely", _OURS)
