"""One published record, and the CloudEvent around its data."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from random import Random
from typing import Any

import orjson

from contracts.parts.envelope import Envelope
from contracts.parts.event import EventData
from deploy.borough.made import Borough
from deploy.borough.register import opaque_id

ATTRIBUTES = frozenset(Envelope.model_fields) - {"data"}
_REGULATION = {"dataclassification": "restricted", "dataregulation": "UK-GDPR", "datacategory": "special-category"}


@dataclass(frozen=True, slots=True)
class Published:
    """What one publisher sends to its topic: an opaque key and an event, or bytes that are none."""

    publisher: str
    """Its topic is `events.<publisher>`."""
    key: bytes
    """Opaque; the same for every event about one person from one publisher."""
    event: dict[str, Any]
    """The CloudEvent; empty where the record is not one."""
    raw: bytes | None = None
    """The bytes, where they are not simply the event's."""

    @property
    def value(self) -> bytes:
        """The record's bytes: compact JSON."""
        return orjson.dumps(self.event) if self.raw is None else self.raw

    @property
    def id(self) -> str:
        """The event's id; empty where it has none."""
        return str(self.event.get("id", ""))


def partition_key(publisher: str, person: str) -> str:
    """An opaque key that keeps one person's records from one publisher in order."""
    return f"k-{blake2b(f'{publisher}/{person}'.encode(), digest_size=9).hexdigest()}"


def published(
    borough: Borough,
    publisher: str,
    contract: type[EventData],
    about: str,
    at: datetime,
    rng: Random,
    thing: str,
    data: dict[str, Any],
    overrides: dict[str, Any],
    *,
    lean: bool = False,
) -> Published:
    """The event of `contract` about the person `about`; `overrides` replace attributes or fields of its data.

    `thing` names the field whose value, with the type, makes the `record_id`. `lean` leaves out what may be left out.
    """
    data |= {name: value for name, value in overrides.items() if name not in ATTRIBUTES}
    data.setdefault("record_id", f"{contract.event_type}/{data[thing]}")
    key = partition_key(publisher, about)
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": opaque_id(rng),
        "source": borough.publisher[publisher].source,
        "type": contract.event_type,
        "time": at.isoformat(),
    }
    if not lean:
        recorded = at + timedelta(seconds=rng.randrange(5, 300))
        event |= {
            "recordedtime": recorded.isoformat(),
            "datacontenttype": "application/json",
            "eventaction": "new",
            "sequence": sequence_at(at),
            "partitionkey": key,
            **_REGULATION,
        }
    event |= {name: value for name, value in overrides.items() if name in ATTRIBUTES}
    event["data"] = {name: value for name, value in data.items() if value is not None}
    return Published(publisher, key.encode(), event)


def sequence_at(at: datetime) -> str:
    """A sequence that rises with time: milliseconds, padded to twenty digits."""
    return f"{int(at.timestamp() * 1000):020d}"


def update_of(first: Published, at: datetime, rng: Random, **fields: Any) -> Published:
    """The same record said again, whole, with some fields changed."""
    return _follows(first, at, rng, "update", fields)


def cancel_of(first: Published, at: datetime, rng: Random) -> Published:
    """The same record withdrawn by its author, with its whole content."""
    return _follows(first, at, rng, "cancel", {})


def same_id_other_body(first: Published, **fields: Any) -> Published:
    """A conflict: the same source and id with another body."""
    return replace(first, event={**first.event, "data": {**first.event["data"], **fields}})


def _follows(first: Published, at: datetime, rng: Random, action: str, fields: dict[str, Any]) -> Published:
    event = {
        **first.event,
        "id": opaque_id(rng),
        "time": at.isoformat(),
        "eventaction": action,
        "sequence": sequence_at(at),
        "causationid": first.event["id"],
        "data": {**first.event["data"], **fields},
    }
    event.pop("recordedtime", None)
    return replace(first, event=event)
