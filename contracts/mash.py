"""What the MASH health nurse asks of whoever holds information, what they answer, and how the case is rated (F14)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import AboutChildData
from contracts.parts.people import NhsNumber, PersonName, Role
from contracts.parts.sections import Concern
from contracts.parts.services import Service
from contracts.parts.shape import Absent, Day, Known, Phrase, Restriction, Section, Shape, Token, Words, shown

Rag = Literal["red", "amber", "green"]
"""How urgent the case is; each MASH has its own hours for it."""
ABOUT = frozenset({Role.CHILD, Role.UNBORN})


class AskedAbout(Shape):
    """Somebody of the household whose records are asked about as well."""

    name: PersonName
    birth_date: Known[Day]
    relationship_to_child: Phrase
    nhs_number: NhsNumber | None = None


class AlsoAsked(Shape):
    """A team that the nurse adds to those found, and why."""

    team: Token
    """As the directory names it."""
    reason: Literal["named-by-the-family", "named-by-a-service", "in-our-records", "lived-elsewhere-before"]


class MashRequest(AboutChildData):
    """The MASH health nurse asks every service that holds information about a child or its household (F14, 1.27)."""

    event_type: ClassVar[str] = "mash-request-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.MASH})
    happened: ClassVar[str] = "is the subject of an enquiry at the multi-agency safeguarding hub"
    about: ClassVar[frozenset[Role]] = ABOUT
    reads_involvement: ClassVar[bool] = True
    asks_around: ClassVar[bool] = True

    mash_ref: Token = shown(Section.WHAT_HAPPENED, "MASH reference")
    rag: Rag = shown(Section.RISK, "Rated")
    what_is_asked: Words = shown(Section.WHAT_HAPPENED, "What is asked")
    household_asked_about: Annotated[tuple[AskedAbout, ...], Field(max_length=20)] = shown(
        Section.WHAT_HAPPENED, "Who else it is about"
    )
    """Empty where nobody but the child is asked about."""
    also_asked: Annotated[tuple[AlsoAsked, ...], Field(max_length=20)] = ()
    """Teams beside those that are found; shown to nobody, for it tells who may hold what."""


class MashResponse(AboutChildData):
    """One service answers: what it holds, facts apart from analysis, or that it holds nothing (F14, 5.1.23)."""

    event_type: ClassVar[str] = "mash-response-1"
    published_by: ClassVar[frozenset[Service]] = frozenset(Service) - {Service.MASH, Service.PDS, Service.DESK}
    happened: ClassVar[str] = "was asked about by the multi-agency safeguarding hub, and a service answered"
    about: ClassVar[frozenset[Role]] = ABOUT
    asks_around: ClassVar[bool] = True

    mash_ref: Token = shown(Section.WHAT_HAPPENED, "MASH reference")
    """That of the request."""
    answering_team: Token = shown(Section.WHAT_HAPPENED, "Answered by")
    """The team that was asked, as the directory names it; one of the publisher's own."""
    answer: Literal["held", "nothing-held"] = shown(Section.WHAT_HAPPENED, "Answer")
    """The facts, the analysis of the risk and the impact on the child stand in `concern`."""
    searched: Known[Words] = shown(Section.WHAT_HAPPENED, "Records that were searched")
    sexual_health: Known[Words] = shown(Section.WHAT_HAPPENED, "Sexual-health information", Restriction.SEXUAL_HEALTH)
    adult_clinical: Known[Words] = shown(
        Section.WHAT_HAPPENED, "Clinical record of an adult", Restriction.ADULT_CLINICAL
    )

    @field_validator("answer")
    @classmethod
    def _held_is_told(cls, answer: str, rest: ValidationInfo) -> str:
        concern = rest.data.get("concern")
        told = isinstance(concern, Concern) and not isinstance(concern.facts, Absent)
        if "concern" in rest.data and (answer == "held") != told:
            raise PydanticCustomError("mash_answer", "Facts are given if, and only if, the answer is 'held'")
        return answer


class MashRagChanged(AboutChildData):
    """The case was rated anew: who has not answered has less time, or more (F14, 3.1)."""

    event_type: ClassVar[str] = "mash-rag-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.MASH})
    happened: ClassVar[str] = "is the subject of an enquiry that was rated anew"
    about: ClassVar[frozenset[Role]] = ABOUT
    asks_around: ClassVar[bool] = True

    mash_ref: Token = shown(Section.WHAT_HAPPENED, "MASH reference")
    was: Rag = shown(Section.WHAT_HAPPENED, "Was rated")
    rag: Rag = shown(Section.RISK, "Rated")
    why: Words = shown(Section.WHAT_HAPPENED, "Why it was rated anew")
