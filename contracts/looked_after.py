"""Looked-after children: a child came into care, changed placement or left care (F25)."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.event import AboutChildData
from contracts.parts.sections import Agreement
from contracts.parts.services import Service
from contracts.parts.shape import (
    AreaCode,
    Day,
    Known,
    Phrase,
    Restriction,
    Section,
    Shape,
    Token,
    Words,
    YesNo,
    shown,
)

PlacementKind = Literal[
    "foster-carers",
    "kinship-carers",
    "with-parents",
    "placed-for-adoption",
    "childrens-home",
    "residential-school",
    "secure-or-custody",
    "supported-or-independent",
    "mother-and-baby",
    "hospital",
    "other",
]
Leaving = Literal[
    "returned-home",
    "adopted",
    "special-guardianship-or-child-arrangements",
    "independent-living",
    "turned-eighteen",
    "other",
]


class AssessmentConsent(Shape):
    """Whether a health assessment may be made, and who said so (4.7)."""

    agreement: Agreement
    given_by: Known[Literal["parent", "authority", "young-person", "court"]]


class PlacementChanged(AboutChildData):
    """A child became looked after, moved placement or left care. Sharewell holds an area, and no address line."""

    event_type: ClassVar[str] = "placement-changed-1"
    published_by: ClassVar[frozenset[Service]] = frozenset({Service.CSC})
    happened: ClassVar[str] = "became looked after, changed placement or left care"

    care_id: Token = shown(Section.WHAT_HAPPENED, "Period of care")
    """The same from the day the child became looked after until the child leaves care."""
    placement_id: Token = shown(Section.WHAT_HAPPENED, "Placement")
    change: Literal["became-looked-after", "moved", "left-care"] = shown(Section.WHAT_HAPPENED, "What changed")
    looked_after_since: Day = shown(Section.WHAT_HAPPENED, "Looked after since")
    """The day itself, however late it is told: the clock of the initial health assessment runs from it."""
    changed_on: Day = shown(Section.WHAT_HAPPENED, "On")
    responsible_authority: AreaCode = shown(Section.WHAT_HAPPENED, "Authority that looks after the child")
    legal_status: Known[
        Literal[
            "voluntary",
            "interim-care-order",
            "care-order",
            "placement-order",
            "police-or-emergency-protection",
            "remand",
            "other",
        ]
    ] = shown(Section.WHAT_HAPPENED, "Legal status")
    remand: YesNo = shown(Section.WHAT_HAPPENED, "On remand")
    placement: Known[PlacementKind] = shown(Section.WHAT_HAPPENED, "Placement is with or in")
    in_area: Known[Literal["in-area", "out-of-area"]] = shown(Section.WHAT_HAPPENED, "In or out of area")
    placement_area: Known[AreaCode] = shown(Section.WHAT_HAPPENED, "Area of the placement", Restriction.LOCATION)
    placement_authority: Known[AreaCode] = shown(
        Section.WHAT_HAPPENED, "Authority of the placement", Restriction.LOCATION
    )
    restricted: YesNo
    """Whether nobody may learn where the child is placed."""
    left_to: Known[Leaving] = shown(Section.WHAT_HAPPENED, "Left care for")
    """`not-applicable` for a child who did not leave."""
    reason: Known[Words] = shown(Section.RISK, "Reason for the change")
    assessment_consent: Known[AssessmentConsent] = shown(Section.CONTEXT, "Consent to health assessments")
    ethnicity: Known[Phrase] = shown(Section.CONTEXT, "Ethnicity")
    languages: Known[Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=10)]] = shown(
        Section.CONTEXT, "Languages"
    )
    faith: Known[Phrase] = shown(Section.CONTEXT, "Faith")
    disability: Known[Words] = shown(Section.CONTEXT, "Disability")
    choice_of_venue: Known[Words] = shown(Section.VOICE, "Where the child wants to be seen")
    """The young person's own choice of place for health assessments (4.6)."""
    previous_placements: Known[Annotated[int, Field(strict=True, ge=0, le=200)]] = shown(
        Section.CONTEXT, "Placements before this one"
    )

    @field_validator("changed_on")
    @classmethod
    def _in_order(cls, changed_on: date, rest: ValidationInfo) -> date:
        since = rest.data.get("looked_after_since")
        if since is not None and changed_on < since:
            raise PydanticCustomError("placement_before_care", "A placement is not older than the care it belongs to")
        return changed_on

    @field_validator("restricted")
    @classmethod
    def _restricted_says_no_area(cls, restricted: bool, rest: ValidationInfo) -> bool:
        places = [rest.data.get(name) for name in ("in_area", "placement_area", "placement_authority")]
        places += [subject.home_authority for subject in rest.data.get("subjects", ())]
        if restricted and any(isinstance(place, str) for place in places):
            raise PydanticCustomError("restricted_placement", "A restricted placement gives no area: say 'withheld'")
        return restricted

    @field_validator("left_to")
    @classmethod
    def _only_who_left_went_somewhere(cls, left_to: object, rest: ValidationInfo) -> object:
        if rest.data.get("change", "left-care") != "left-care" and isinstance(left_to, str):
            raise PydanticCustomError("left_care_for", "Only a child who left care left it for something")
        return left_to
