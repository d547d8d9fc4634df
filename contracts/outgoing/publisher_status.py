"""The status of what a publisher sent: accepted, refused and why, and what its quality was."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.outgoing.parts import FlagTold
from contracts.parts.shape import Shape, Token
from contracts.problems import Problem


class Quality(Shape):
    """How much of what is wanted was there (F06, F08, F12); never a refusal."""

    wanted: int
    present: int


class StatusEntry(Shape):
    """The fate of one event; nothing of any other party's."""

    kind: Literal[
        "accepted", "refused", "conflict", "quality", "live-flags", "superseded-by-newer", "key-looks-like-nhs-number"
    ]
    event_id: Token | None
    """Nothing where no opaque id could be read."""
    record_id: Token | None
    problems: tuple[Problem, ...] = ()
    """For refused: all of them at once. For quality: what was not recorded, or stands for others."""
    quality: Quality | None = None
    flags: tuple[FlagTold, ...] = ()
    """For live-flags: those of the child whose attendance this publisher just sent (F05)."""
    about: str | None = None
    """For live-flags: where the event names the child whose flags they are, as a problem's path."""


class PublisherStatus(Shape):
    """What became of a batch of one publisher's records."""

    event_type: ClassVar[str] = "publisher-status-1"

    status_id: UUID
    publisher: Token
    entries: tuple[StatusEntry, ...]
