"""An event as the router holds it, and the ids that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple
from zlib import crc32

import orjson

from contracts.parts.event import EventData


class Received(NamedTuple):
    """One record as it came: raw bytes and where they stood."""

    publisher: str
    """The topic's owner: the authenticated publisher."""
    raw: bytes | None
    """The record's value; None is a tombstone."""
    key: bytes | None
    topic: str
    partition: int
    offset: int


@dataclass(slots=True, eq=False)
class Event:
    """An accepted event: its envelope, its checked data, and the same data as plain JSON; never written to."""

    id: str
    source: str
    type: str
    time: datetime
    action: str
    """new, update or cancel."""
    sequence: str | None
    correlation: str | None
    publisher: str
    data: EventData
    body: dict[str, Any]
    """`data` as it was received: JSON values, checked against the contract."""
    received: Received
    digest: bytes
    """Of what the record says (`digest_of`): the same id with another digest is a conflict."""
    test: bool = False
    named: Any = None
    """Whom it names (router/identity.py), once somebody asked."""

    def is_what_was_kept(self, digest: bytes) -> bool:
        """Whether the record that was kept with this digest, under the same id, says the same."""
        return digest in (self.digest, digest_before_0_2(self.received.raw or b""))

    @property
    def key(self) -> tuple[str, str]:
        """The duplicate key."""
        return (self.source, self.id)


def record_of(event: Event) -> str:
    """Whose record an event is a version of: only a later version of that one takes back what it said."""
    return f"{event.publisher} {event.type} {event.data.record_id}" if event.data.record_id else ""


def withholds_whereabouts(data: Mapping[str, Any]) -> bool:
    """Whether an event's `data` itself says that somebody's whereabouts are withheld, whatever the directory says."""
    return any(subject.get("location_withheld") is True for subject in data.get("subjects", ()))


LANES = 16
"""Lanes of delivery: a fixed number, so that a child and team keep theirs for ever."""


def stable_id(*parts: str) -> str:
    """A UUID that follows from its parts alone, so that a second try makes the same one."""
    h = blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"


def moment(event: Event) -> str:
    """When the event was so, as text that sorts."""
    return event.time.astimezone(UTC).isoformat()


def digest_of(parsed: Mapping[str, Any]) -> bytes:
    """A short digest of what a record says: the order of its fields and the space between them say nothing, and differ
    where a publisher's program writes the same event out a second time."""
    return blake2b(orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def digest_before_0_2(raw: bytes) -> bytes:
    """As the ledger has it of what was kept before version 0.2: of the record's bytes."""
    return blake2b(raw, digest_size=16).digest()


def refusal_id(at: Received) -> str:
    """The id of a record's refusal: of its place on its topic."""
    return stable_id("refusal", at.topic, str(at.partition), str(at.offset))


def conflict_id(topic: str, partition: int, offset: int) -> str:
    """The id of the task about a second body under one event id: of the record's place on its topic."""
    return stable_id("conflict", topic, str(partition), str(offset))


def pair_of(team: str, child: str | None, kind: str) -> int:
    """One child and team as a signed 64-bit number; answers to a publisher are counted apart from a team's summaries.

    Two pairs that collide would merely share their counter."""
    text = f"{kind == 'answer'}\x1f{team}\x1f{child or ''}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def lane_of(team: str, child: str, lanes: int) -> int:
    """The lane of one child and team: our own hash, which no upgrade changes (reliability.md, 3.2)."""
    return crc32(f"{team}\x1f{child}".encode()) % lanes
