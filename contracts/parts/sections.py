"""The blocks of content that events share (standards.md, part 3)."""

from typing import Annotated, Literal

from pydantic import ConfigDict, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.services import Service
from contracts.parts.shape import Day, Known, Moment, OdsCode, Phrase, Shape, Token, Words, whole_number

Contact = Annotated[str, StringConstraints(min_length=5, max_length=100, strip_whitespace=True)]
"""A telephone number or an e-mail address of a staffed team."""


class PublisherContact(Shape):
    """Who wrote this and how to reach a staffed team about it."""

    model_config = ConfigDict(validate_default=True)

    author: Phrase
    """Name of the practitioner."""
    role: Phrase
    organisation: OdsCode
    team: Phrase
    phone: Contact | None = None
    email: Contact | None = None

    @field_validator("email")
    @classmethod
    def _reachable(cls, email: str | None, rest: ValidationInfo) -> str | None:
        if email is None and rest.data.get("phone", "") is None:
            raise PydanticCustomError("contact_missing", "A telephone number or an e-mail address is needed")
        return email


class VoiceOfChild(Shape):
    """What the child said or showed, or why that is missing (F08)."""

    model_config = ConfigDict(validate_default=True)

    said: Words | None = None
    """The child's own words, or what was observed of a child who cannot speak."""
    missing: Literal["pre-verbal", "not-present", "declined", "unconscious", "not-asked", "unborn"] | None = None
    """Why there is none."""
    seen_alone: Literal["yes", "no", "offered-declined", "not-offered", "not-applicable"] = "not-applicable"

    @field_validator("missing")
    @classmethod
    def _one_of_two(cls, missing: str | None, rest: ValidationInfo) -> str | None:
        if "said" in rest.data and (rest.data["said"] is None) == (missing is None):
            raise PydanticCustomError("voice_of_child", "Give what the child said, or why it is missing; not both")
        return missing


class AccompaniedBy(Shape):
    """The adult who came with the child (F08, CH011)."""

    full_name: Phrase
    relationship: Phrase
    parental_responsibility: Literal["yes", "no", "not-asked", "not-known"]


class Concern(Shape):
    """A concern in four parts, so that facts are never taken for analysis."""

    facts: Known[Words]
    analysis: Known[Words]
    impact_on_child: Known[Words]
    protective_factors: Known[Words]


class Agreement(Shape):
    """Whether somebody agreed, and why it was not sought where it was not."""

    model_config = ConfigDict(validate_default=True)

    answer: Literal["given", "refused", "not-sought", "not-applicable"]
    reason: Words | None = None

    @field_validator("reason")
    @classmethod
    def _reason_where_not_sought(cls, reason: str | None, rest: ValidationInfo) -> str | None:
        if reason is None and rest.data.get("answer") == "not-sought":
            raise PydanticCustomError("consent_reason", "Say why consent was not sought")
        return reason


class Consent(Shape):
    """Three different consents, recorded and never a gate (rule F, 1.24)."""

    to_service: Agreement
    to_sharing: Agreement
    to_treatment: Agreement


class LawfulBasis(Shape):
    """Why this may be shared (standards.md, part 11); copied to each share."""

    article_6: Literal["6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(ea)"]
    article_9: Literal["9(2)(c)", "9(2)(g)", "9(2)(h)", "none"]
    power: Literal[
        "children-act-1989-s17",
        "children-act-1989-s47",
        "children-act-2004-s10",
        "children-act-2004-s11",
        "direct-care",
    ]
    confidence: Literal["consent", "law", "public-interest"]


class SafeContact(Shape):
    """How to approach the family without putting anybody at risk."""

    visit: Literal["safe", "in-pairs", "do-not-visit", "not-assessed"]
    safe_number: Contact | None = None
    must_not_know: Phrase | None = None
    """Who must not learn of a contact, by relationship."""
    last_checked: Known[Day]


class AccessibleInformation(Shape):
    """Language, format and support needs (DAPB1605)."""

    language: Phrase | None = None
    interpreter: Phrase | None = None
    format: Phrase | None = None
    carers_needs: Words | None = None


class Ask(Shape):
    """What the author asks of one kind of recipient."""

    of: Service
    what: Words
    by: Moment | None = None


class Linked(Shape):
    """An earlier event that this one follows."""

    id: Token
    """The earlier event's `id` or `record_id`."""
    why: Phrase


class PriorAttendances(Shape):
    """What the author's own system knows of earlier attendances."""

    count: Annotated[int, whole_number(0, 1000)]
    window_days: Annotated[int, whole_number(1, 3650)]
    sites: tuple[Phrase, ...] = ()


class Place(Shape):
    """Where it happened: an organisation's site."""

    site: OdsCode
    name: Phrase


class VisitingAdvice(Shape):
    """Whether a practitioner may call at the home, and why (F04)."""

    visit: Literal["safe", "in-pairs", "do-not-visit", "not-assessed"]
    why: Words | None = None


class AgreedAction(Shape):
    """One thing that was agreed, with its owner and date."""

    what: Words
    owner: Service
    by: Day | None = None
    id: Token | None = None
    """Lasting id of the action, so that an update can say what became of it."""
    state: Literal["open", "done", "dropped"] = "open"
    """An update says done or dropped; one that leaves it out takes it back."""


class Prescribing(Shape):
    """What an adult is prescribed for dependence, and how it is taken (3.26)."""

    medicine: Phrase
    taken: Literal["supervised-daily", "daily-pick-up", "weekly-pick-up", "longer", "not-known"]


class PhoneDayAndNight(Shape):
    """Whom to ring about a flag, at any hour (CP-IS)."""

    team: Phrase
    day: Contact
    night: Known[Contact]
