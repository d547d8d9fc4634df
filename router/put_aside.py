"""What is put aside has an owner too: the clocks and tasks of refused records, and of one id with two bodies."""

from datetime import datetime

from contracts.parts.services import Service
from router.directory import Cover
from router.events import Event, stable_id
from router.plan import Clock, Step, Task
from router.policy.working_time import working_days

REFUSED = "A record was refused and no corrected event has come"
CONFLICT = "One event id came with two bodies: the first was routed, the second is kept. Which is true?"


def refusal_clock(refusal: str, source: str, cover: Cover, now: datetime, words: str = REFUSED) -> Clock:
    """The team of the publisher (or the team itself, of a receipt), then its named nurse, until it is put right."""
    known = cover.publishers.get(source) or cover.teams.get(source)
    days = cover.own.calendar(known.organisation if known else "")
    first = working_days(1).due(now, by=days)
    second = working_days(1).due(first, by=days)
    return Clock(
        id=stable_id("clock", refusal),
        flow="G",
        paragraph="local",
        child=None,
        team=None,
        delivery=None,
        words=words,
        needs="close",
        starts=now,
        steps=(Step(first, "publisher"), Step(second, f"service:{Service.NN.value}")),
        task=refusal,
    )


def conflict_task(event: Event, cover: Cover, now: datetime) -> tuple[Task, Clock]:
    """A person of the publisher's says which of the two bodies is true."""
    at = event.received
    id = stable_id("conflict", at.topic, str(at.partition), str(at.offset))
    publisher = cover.publishers.get(event.publisher)
    task = Task(id, "conflict", CONFLICT, None, publisher.team if publisher else event.publisher)
    return task, refusal_clock(id, event.publisher, cover, now, CONFLICT)
