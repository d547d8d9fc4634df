"""What the router says to a record of the borough."""

from datetime import UTC, datetime

from deploy.borough.published import Published
from router.accept import Refused, accept
from router.directory import Cover
from router.events import Event, Received

START = datetime(2016, 9, 21, 8, tzinfo=UTC)


def taken(said: Published, cover: Cover) -> Event | Refused:
    topic = f"events.{said.publisher}"
    return accept(Received(said.publisher, said.value, said.key, topic, 0, 0), cover)


def codes(said: Published, cover: Cover) -> list[str]:
    outcome = taken(said, cover)
    return [p.code for p in outcome.problems] if isinstance(outcome, Refused) else []
