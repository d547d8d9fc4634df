"""What is put aside has an owner too: refused records, what contradicts what was kept, and one id with two bodies."""

from datetime import datetime

from contracts.parts.services import Service
from contracts.problems import Problem, problem
from router.accept import Refused
from router.directory import Cover
from router.earlier import Earlier
from router.events import Event, conflict_id, stable_id
from router.facts import Facts
from router.plan import Clock, Plan, Step, Task, Verdict
from router.policy.working_time import working_days

REFUSED = "A record was refused and no corrected event has come"
CONFLICT = "One event id came with two bodies: the first was routed, the second is kept. Which is true?"


OF_OTHERS = {
    "update": "A correction came under a record id that stands for several people, and names none of them. "
    "It was taken as a matter of its own, and nothing was withdrawn: what does it correct?",
    "cancel": "A cancellation came under a record id that stands for several people, and names none of them. "
    "Nothing was withdrawn: what does it cancel?",
}


CONTRADICTIONS = frozenset({"record-id-reused", "sequence-reused"})
"""Codes of records that passed their contract; to take the same in again would only find the same again."""


def contradicts(event: Event, earlier: Earlier | None) -> Problem | None:
    """What no machine may settle about an event and the record that it names, as that was kept so far.

    A new event is no version of what was kept, and an older number does not make it old: another child's concern may be
    in it. So it is not passed over as older versions are. And of two versions with one number neither is the newer."""
    if earlier is None or event.test:
        return None
    number, newest = int(event.sequence or 0), int(earlier.sequence)
    same = earlier.version is not None and number == int(earlier.version) == newest
    if event.action == "new":
        return problem("record-id-reused", "data.record_id") if number < newest or same else None
    return problem("sequence-reused", "sequence") if same else None


def stands_for_others(event: Event, facts: Facts, plan: Plan) -> None:
    """The publisher hears at once that its record id stands for other people already; it is routed all the same.

    What a later version is of, that names nobody of them, somebody of the publisher's says: it takes nothing back."""
    told = {"kind": "quality", "event_id": event.id, "record_id": event.data.record_id}
    plan.answers.append({**told, "problems": [problem("record-id-of-others", "data.record_id").model_dump()]})
    if event.action == "new":
        return
    words = OF_OTHERS[event.action]
    task = stable_id("of-others", event.source, event.id)
    plan.tasks.append(Task(task, "conflict", words, None, facts.publisher.team))
    plan.clocks.append(refusal_clock(task, event.publisher, facts.cover, facts.now, words))
    plan.verdicts.append(Verdict(-1, None, "nobody-found", words))


def refused_as(event: Event, found: Problem) -> Refused:
    """The refusal of an event that passed its contract, whole.

    Under the reused id no record is named: what else comes about the first record would end it as mended."""
    record = None if found.code == "record-id-reused" else event.data.record_id
    return Refused(event.received, (found,), event.id, event.type, record)


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
    id = conflict_id(at.topic, at.partition, at.offset)
    publisher = cover.publishers.get(event.publisher)
    task = Task(id, "conflict", CONFLICT, None, publisher.team if publisher else event.publisher)
    return task, refusal_clock(id, event.publisher, cover, now, CONFLICT)
