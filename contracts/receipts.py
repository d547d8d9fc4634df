"""Receipts: what a recipient answers about one delivery (F31; standards.md, part 4)."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, model_validator
from pydantic_core import PydanticCustomError

from contracts.parts.services import Service
from contracts.parts.shape import OdsCode, Phrase, Shape, Token, Words

BY_A_PERSON = frozenset({"acknowledged", "filed", "acted", "not-ours"})
"""Only a named person can say these: a machine's rung never ends a clock."""


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


class Receipt(Shape):
    """One answer to one delivery; the same receipt twice has one effect."""

    event_type: ClassVar[str] = "receipt-1"

    delivery_id: UUID
    """The summary's `delivery_id`."""
    state: Literal["collected", "validated", "matched", "acknowledged", "filed", "acted", "not-ours", "failed"]
    at: AwareDatetime
    """When it was so, with its offset."""
    by: ReceiptBy
    record_ref: Token | None = None
    """Where it is filed in the recipient's record; mandatory for filed."""
    outcome: Literal[
        "accepted", "declined", "seen", "follow-up-recorded", "review-recorded", "contact-offered", "contact-made",
        "referred-on", "no-further-action", "other",
    ] | None = None
    """What came of it; mandatory for acted."""
    redirect: Redirect | None = None
    """A hint, for not-ours."""
    note: Words | None = None
    """For declined, other and failed: why."""

    @model_validator(mode="after")
    def _says_enough(self) -> "Receipt":
        if self.state in BY_A_PERSON and self.by.kind != "person":
            raise PydanticCustomError("receipt_by_person", "This state can only be given by a named person")
        if self.state == "filed" and self.record_ref is None:
            raise PydanticCustomError("receipt_record_ref", "A filed receipt names the record it is filed in")
        if self.state == "acted" and self.outcome is None:
            raise PydanticCustomError("receipt_outcome", "An acted receipt says what came of it")
        return self
