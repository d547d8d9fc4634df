"""One batch of records through accept → facts → decide → keep, in one transaction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from contracts.problems import Problem
from router.accept import Refused, accept, looks_like_number, set_aside
from router.compose import envelope
from router.decide import decide
from router.directory import Cover
from router.events import LANES, Event, Received, lane_of, stable_id
from router.ledger import Claim, Kept, Taking, TryAgain
from router.plan import Delivery
from router.policy.book import Book
from router.put_aside import contradicts, refused_as

TRIES = 8
TURN = 8
"""So many records are read before others have their turn: about half a millisecond."""


class Intake(Protocol):
    """The part of the ledger that taking in needs."""

    async def cover(self) -> Cover:
        """The teams and publishers that records are accepted by."""
        ...

    def taking(self) -> AbstractAsyncContextManager[Taking]:
        """One transaction: kept whole on a clean exit, nothing of it otherwise."""
        ...


@dataclass(slots=True)
class Taken:
    """What became of one batch, as counts and ids: nothing that names a person."""

    accepted: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    seen: list[Event] = field(default_factory=list)
    conflicts: list[Event] = field(default_factory=list)

    @property
    def deliveries(self) -> int:
        """How many deliveries follow from the batch."""
        return sum(len(k.plan.deliveries) for k in self.accepted)


async def take_in(
    records: Sequence[Received], ledger: Intake, book: Book, passed: Callable[[str], None] = lambda _: None
) -> Taken:
    """Keep every record of the batch, as an event with all that follows or as a refusal; then it may be acknowledged.

    `passed` is called at each named border (failpoints). Raises for broken infrastructure, and for a fault of ours
    that a record brings to light: then `take_each` finds which."""
    cover = await ledger.cover()
    return await take_read([accept(record, cover) for record in records], ledger, book, passed)


async def take_each(
    records: Sequence[Received],
    ledger: Intake,
    book: Book,
    broken_by: tuple[type[Exception], ...],
    passed: Callable[[str], None] = lambda _: None,
) -> Taken:
    """The records of a batch that broke, one by one: what breaks alone is refused, and stops nobody.

    `broken_by` are the exceptions that say that a record is to blame, and nothing that will pass."""
    whole = Taken()
    for record in records:
        try:
            taken = await take_in([record], ledger, book, passed)
        except broken_by:
            taken = await take_read([set_aside(record)], ledger, book, passed)
        whole.accepted += taken.accepted
        whole.refused += taken.refused
        whole.seen += taken.seen
        whole.conflicts += taken.conflicts
    return whole


async def read_ahead(
    records: Sequence[Received],
    ledger: Intake,
    broken_by: tuple[type[Exception], ...],
    broke: Callable[[Exception], None],
) -> list[Event | Refused]:
    """What the records hold, each by itself, while an earlier batch is being kept: that goes on in between.

    A record that brings a fault of ours to light (one of `broken_by`) is refused, and `broke` hears of the fault."""
    cover = await ledger.cover()
    read: list[Event | Refused] = []
    for at, record in enumerate(records):
        if at % TURN == TURN - 1:
            await asyncio.sleep(0)
        try:
            read.append(accept(record, cover))
        except broken_by as error:
            broke(error)
            read.append(set_aside(record))
    return read


async def take_read(
    read: Sequence[Event | Refused], ledger: Intake, book: Book, passed: Callable[[str], None] = lambda _: None
) -> Taken:
    """Keep what was read (`take_in`)."""
    if not read:
        return Taken()
    events = [e for e in read if isinstance(e, Event)]
    refused = [r for r in read if isinstance(r, Refused)]
    passed("before_transaction")
    for attempt in range(TRIES):
        try:
            return await _keep(events, refused, read[0].received, ledger, book, passed)
        except TryAgain:
            if attempt == TRIES - 1:
                raise
            await asyncio.sleep(0)
    raise AssertionError("unreachable")


async def _keep(
    events: Sequence[Event],
    refused: Sequence[Refused],
    first: Received,
    ledger: Intake,
    book: Book,
    passed: Callable[[str], None],
) -> Taken:
    async with ledger.taking() as work:
        claim = await work.claim(events, refused)
        passed("after_claim")
        material = await work.gather(claim.fresh)
        kept, aside = list[Kept](), dict[tuple[str, str], Problem]()
        for event in claim.fresh:
            if found := contradicts(event, material.kept_before(event).newest):
                aside[event.id, event.publisher] = found
                continue
            facts = material.facts_for(event)
            plan = decide(event, facts, book)
            material.absorb(event, plan)
            kept.append(Kept(event, facts, plan))
        if aside:
            await _put_aside(aside, claim, work)
        answers = answers_to(first, kept, claim, material.cover, work.now.isoformat())
        await work.keep(kept, material, claim.refused, answers, claim.conflicts)
        passed("before_commit")
    passed("after_commit")
    return Taken(kept, claim.refused, claim.seen, claim.conflicts)


async def _put_aside(aside: Mapping[tuple[str, str], Problem], claim: Claim, work: Taking) -> None:
    """Refuse what contradicts what was kept; the same twice in one batch is two records, and neither was taken."""
    found = [(e, aside.get((e.id, e.publisher))) for e in (*claim.fresh, *claim.seen)]
    claim.refused += await work.refuse([refused_as(e, why) for e, why in found if why])
    claim.seen = [e for e in claim.seen if (e.id, e.publisher) not in aside]


def answers_to(first: Received, kept: Sequence[Kept], claim: Claim, cover: Cover, at: str) -> list[Delivery]:
    """What goes back on `status.<publisher>`: one message a publisher and batch, never another party's content.

    `first` is the batch's first record."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for k in kept:
        mine = entries.setdefault(k.event.publisher, [])
        mine.append({"kind": "accepted", "event_id": k.event.id, "record_id": k.event.data.record_id})
        mine.extend(dict(a) for a in k.plan.answers)
        if looks_like_number(k.event.received.key):
            mine.append({"kind": "key-looks-like-nhs-number", "event_id": k.event.id, "record_id": None})
    for r in claim.refused:
        entries.setdefault(r.received.publisher, []).append(
            {
                "kind": "refused",
                "event_id": r.event_id,
                "record_id": r.record_id,
                "problems": [
                    {"code": p.code, "path": p.path, "message": p.message, "mend": p.mend} for p in r.problems
                ],
            }
        )
    for e in claim.conflicts:
        entries.setdefault(e.publisher, []).append(
            {"kind": "conflict", "event_id": e.id, "record_id": e.data.record_id}
        )
    if not entries:
        return []
    return [
        _answer(publisher, told, (first.topic, str(first.partition), str(first.offset)), at)
        for publisher, told in entries.items()
        if publisher in cover.publishers
    ]


def _answer(publisher: str, entries: list[dict[str, Any]], where: tuple[str, str, str], at: str) -> Delivery:
    id = stable_id("answer", publisher, *where, at)
    body = envelope(
        "publisher-status-1", id, at, id, None, {"status_id": id, "publisher": publisher, "entries": entries}
    )
    return Delivery(id, "answer", None, publisher, lane_of(publisher, "", LANES), body, "", 0)
