"""The ledger in memory under test."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import orjson

from adapters.storage.memory import MemoryLedger
from adapters.storage.records import NotFiled, PublisherSeen, RecipientSeen
from router.asked import AskedRows
from router.chronicle import Chronicle
from router.directory import Cover
from router.policy.book import Book
from router.receipts import decide_again
from tests.agreements.books import BOOK
from tests.agreements.cases import Case, SeenClock, SeenDelivery, SeenRefusal, SeenTask
from tests.story_people import Family, Json, Person
from tests.story_teams import directory


class MemoryCase(Case):
    """The ledger in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger: MemoryLedger = MemoryLedger(self.hands)

    async def another(self) -> MemoryLedger:
        return self.ledger

    async def load(self, *families: Family, teams: Json | None = None) -> None:
        await self.ledger.load_cover(teams or directory())
        await self.ledger.load_families(f.doc for f in families)

    async def lapse(self, seconds: float) -> None:
        self.hands.advance(timedelta(seconds=seconds + 0.001))
        await asyncio.sleep(0)

    async def deliveries(self) -> list[SeenDelivery]:
        return [
            SeenDelivery(
                d.delivery.id,
                d.delivery.kind,
                d.delivery.child,
                d.delivery.team,
                d.event,
                d.state,
                d.sequence,
                d.because,
                d.claimed_by,
            )
            for d in await self.ledger.deliveries()
        ]

    async def clocks(self) -> list[SeenClock]:
        return [
            SeenClock(
                c.clock.id,
                c.clock.delivery,
                c.clock.task,
                c.state,
                c.rung,
                c.due,
                c.ended_how,
                tuple(r.owner for r in c.fired),
            )
            for c in await self.ledger.clocks()
        ]

    async def asked(self, reference: str, book: Book) -> AskedRows:
        return await self.ledger.asked(reference, book)

    async def cover(self) -> Cover:
        return self.ledger.store.cover

    async def turned(self) -> list[list[tuple[str, datetime, str | None]]]:
        turns = [c.clock.turns for c in await self.ledger.clocks() if c.clock.turns]
        return [[(t.what, t.at, t.why) for t in one.past] for one in turns]

    async def tasks(self) -> list[SeenTask]:
        rows = await self.ledger.tasks(closed=True)
        return [
            SeenTask(t.task.id, t.task.kind, t.task.owner, t.state, t.claimed_by, t.closed_by, t.reason) for t in rows
        ]

    async def refusals(self) -> list[SeenRefusal]:
        return [
            SeenRefusal(r.id, r.publisher, r.record_id, tuple(p.code for p in r.problems), r.state, r.claimed_by)
            for r in await self.ledger.refusals(closed=True)
        ]

    async def incidents(self) -> list[tuple[str, str | None, str | None]]:
        return [(i.kind, i.delivery, i.team) for i in await self.ledger.incidents()]

    async def conflicts(self) -> list[tuple[str, str]]:
        return [(c.publisher, c.event) for c in await self.ledger.conflicts()]

    async def in_conflict(self, task: str) -> tuple[bytes | None, bytes] | None:
        return await self.ledger.in_conflict(task)

    async def claim(self, work: Any, id: str, who: str) -> tuple[bool, str | None]:
        holder = await self.ledger.claim(work, id, who)
        return holder == who, holder

    async def give_back(self, work: Any, id: str, who: str) -> bool:
        return await self.ledger.release_claim(work, id, who)

    async def close(self, work: Any, id: str, who: str, reason: str) -> bool:
        return await self.ledger.close(work, id, who, reason)

    async def pause(self, team: str, who: str) -> None:
        await self.ledger.pause(team, who, "Their system is away.")

    async def resume(self, team: str) -> None:
        await self.ledger.resume(team)

    async def decide_again(
        self, task: str, *, person: str | None = None, team: str | None = None, book: Book = BOOK
    ) -> None:
        reroute = await self.ledger.match(task, "Ann", "Rang the family.", person=person, team=team)
        assert reroute is not None
        await decide_again(reroute, self.ledger, book)

    async def reconcile(self) -> tuple[int, int, int, list[str]]:
        found = await self.ledger.reconcile()
        return found.events, found.considered, sum(found.outcomes.values()), list(found.faults)

    async def file(self, person: Person) -> Json:
        s = self.ledger.store
        family = s.people[person.id][2]
        file: Json = orjson.loads(s.versions[family, s.families[family]])["people"][person.id]
        return file

    async def recipients(self, since: datetime | None = None, until: datetime | None = None) -> list[RecipientSeen]:
        return await self.ledger.recipients(since, until)

    async def publishers(self, since: datetime | None = None, until: datetime | None = None) -> list[PublisherSeen]:
        return await self.ledger.publishers(since, until)

    async def read_not_filed(self, before: datetime) -> list[NotFiled]:
        return await self.ledger.read_not_filed(before)

    async def chronicle(self, child: str) -> Chronicle | None:
        return await self.ledger.chronicle(child)
