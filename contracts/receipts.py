"""Receipts: what a recipient answers about one delivery (F31; standards.md, part 4)."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from contracts.parts.answers import Answered, Outcome
from contracts.parts.people import holds_nhs_number
from contracts.parts.services import Service
from contracts.parts.shape import Moment, OdsCode, Phrase, Shape, Token, Words

BY_A_PERSON = frozenset({"acknowledged", "filed", "acted", "not-ours"})
"""Only a named person can say these: a machine's rung never ends a clock."""


def _opaque(identifier: str | None) -> str | None:
    """A receipt says of nobody who it is about, so that whose number it is cannot be asked: none is taken."""
    if identifier is not None and holds_nhs_number(identifier):
        raise PydanticCustomError("nhs_number_as_identifier", "An identifier holds no NHS number")
    return identifier


class ReceiptBy(Shape):
    """Who answers: a named person, or the system that took the message."""

    name: Phrase
    role: Phrase
    organisation: OdsCode
    kind: Literal["person", "system"]


class Redirect(Shape):
    """Where a delivery that is not ours should have gone, as far as the recipient knows."""

    team: Token | None = None
    service: Service | None = None

    _no_number = field_validator("team")(_opaque)


class Receipt(Shape):
    """One answer to one delivery; the same receipt twice has one effect."""

    model_config = ConfigDict(validate_default=True)

    event_type: ClassVar[str] = "receipt-1"

    delivery_id: UUID
    """The summary's `delivery_id`."""
    state: Answered
    at: Moment
    """When it was so, with its offset."""
    by: ReceiptBy
    record_ref: Token | None = None
    """Where it is filed in the recipient's record; mandatory for filed."""
    outcome: Outcome | None = None
    """What came of it; mandatory for acted."""
    action: Token | None = None
    """For acted: the id of the one agreed action that it speaks of, as the summary shows it; without it, of all."""
    redirect: Redirect | None = None
    """A hint, for not-ours."""
    note: Words | None = None
    """For declined, other and failed: why."""

    _no_number = field_validator("record_ref", "action")(_opaque)

    @field_validator("by")
    @classmethod
    def _a_person_where_one_is_needed(cls, by: ReceiptBy, rest: ValidationInfo) -> ReceiptBy:
        if by.kind != "person" and rest.data.get("state") in BY_A_PERSON:
            raise PydanticCustomError("receipt_by_person", "This state can only be given by a named person")
        return by

    @field_validator("record_ref")
    @classmethod
    def _filed_somewhere(cls, record_ref: str | None, rest: ValidationInfo) -> str | None:
        if record_ref is None and rest.data.get("state") == "filed":
            raise PydanticCustomError("receipt_record_ref", "A filed receipt names the record it is filed in")
        return record_ref

    @field_validator("outcome")
    @classmethod
    def _acted_with_what_outcome(cls, outcome: str | None, rest: ValidationInfo) -> str | None:
        if outcome is None and rest.data.get("state") == "acted":
            raise PydanticCustomError("receipt_outcome", "An acted receipt says what came of it")
        return outcome

    @field_validator("action")
    @classmethod
    def _an_action_is_acted_on(cls, action: str | None, rest: ValidationInfo) -> str | None:
        if action is not None and rest.data.get("state") != "acted":
            raise PydanticCustomError("receipt_action", "Only an acted receipt names an action")
        return action
