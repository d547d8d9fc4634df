"""The CloudEvents 1.0 attributes of a record, in and out (standards.md, part 2)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import StringConstraints

from contracts.parts.shape import Moment, Shape, Token, YesNo

MAX_BYTES = 64 * 1024
"""The largest record taken: what intermediaries must forward (CloudEvents)."""

Source = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]{1,300}$")]
Sequence = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*-[1-9][0-9]*$", max_length=100)]
TraceParent = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]


class Envelope(Shape):
    """A publisher need send only `specversion`, `id`, `source`, `type`, `time` and `data`; the rest is filled in."""

    specversion: Literal["1.0"]
    id: UUID
    """UUID, never reused: `source` and `id` are the duplicate key."""
    source: Source
    """Absolute URI; must be the authenticated publisher's."""
    type: TypeName
    time: Moment
    """When it happened, with its offset."""
    recordedtime: Moment | None = None
    subject: Token | None = None
    """Opaque; never an NHS number."""
    dataref: Source | None = None
    versionid: Token | None = None
    datacontenttype: Literal["application/json"] | None = None
    dataschema: Source | None = None
    eventaction: Literal["new", "update", "cancel"] = "new"
    sequence: Sequence | None = None
    """Zero-padded, rising per source; mandatory for update and cancel."""
    partitionkey: Token | None = None
    """Opaque and stable for one person; never an NHS number."""
    correlationid: Token | None = None
    causationid: Token | None = None
    traceparent: TraceParent | None = None
    dataclassification: Literal["restricted"] | None = None
    dataregulation: Literal["UK-GDPR"] | None = None
    datacategory: Literal["special-category"] | None = None
    testevent: YesNo = False
    """A heartbeat: kept and receipted, never in a nurse's queue."""
    data: Any
    """Checked against the contract that `type` names."""
