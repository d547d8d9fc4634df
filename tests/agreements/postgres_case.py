"""The ledger on PostgreSQL under test, each test in a database of its own."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import psycopg

from adapters.storage.acts import Acts
from adapters.storage.asked import read_asked
from adapters.storage.chronicle import chronicle
from adapters.storage.conflicts import conflict_bodies
from adapters.storage.connect import make_pool
from adapters.storage.oversight import Oversight
from adapters.storage.postgres import PostgresLedger
from adapters.storage.reading import Reading, Which
from adapters.storage.reconcile import reconcile
from adapters.storage.records import NotFiled, PublisherSeen, RecipientSeen
from router.asked import AskedRows
from router.chronicle import Chronicle
from router.directory import Cover
from router.ledger import Reroute
from router.policy.book import Book
from router.receipts import decide_again
from tests.agreements.books import BOOK
from tests.agreements.cases import Case, SeenClock, SeenDelivery, SeenRefusal, SeenTask
from tests.story_people import Family, Json, Person
from tests.story_teams import directory


class PostgresCase(Case):
    """The ledger on PostgreSQL: leases and back-offs by the database's own time, all else by the test's hands."""

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self._dsn = dsn
        self._pools: list[Any] = []

    async def open(self) -> None:
        """Make the ledger."""
        self.ledger = await self.another()

    async def end(self) -> None:
        """End every connection."""
        for pool in self._pools:
            await pool.close()

    async def another(self) -> PostgresLedger:
        pool = make_pool(self._dsn)
        await pool.open()
        self._pools.append(pool)
        return PostgresLedger(pool, self.hands)

    async def load(self, *families: Family, teams: Json | None = None) -> None:
        head = orjson.dumps(teams or directory())
        with psycopg.connect(self._dsn) as connection:
            connection.execute(
                "INSERT INTO cover_version (version, doc) SELECT coalesce(max(version), 0) + 1, %s FROM cover_version",
                (head,),
            )
            for family in families:
                number = connection.execute("SELECT nextval('family_number')").fetchone()
                no = number[0] if number else 0
                connection.execute("INSERT INTO family VALUES (%s, 1)", (no,))
                file = orjson.dumps(family.doc)
                connection.execute("INSERT INTO family_version (family, version, doc) VALUES (%s, 1, %s)", (no, file))
                for p in family.people:
                    row = (p.id, p.doc.get("nhs"), p.doc.get("born"), no)
                    connection.execute("INSERT INTO person (id, nhs, born, family) VALUES (%s, %s, %s, %s)", row)

    async def lapse(self, seconds: float) -> None:
        self.hands.advance(timedelta(seconds=seconds))
        await asyncio.sleep(seconds + 0.02)

    async def deliveries(self) -> list[SeenDelivery]:
        async with self._pools[0].connection() as connection:
            which = Which(since=datetime(2000, 1, 1, tzinfo=UTC), limit=100_000)
            rows = await Reading(connection, self.hands).deliveries(which)
        return [
            SeenDelivery(d.id, d.kind, d.child, d.team, d.event, d.state, d.sequence, d.because, d.claimed_by)
            for d in reversed(rows)
        ]

    async def clocks(self) -> list[SeenClock]:
        rows = await self._all(
            "SELECT id::text, delivery::text, task::text, state, rung::int, due, ended_how, ARRAY(SELECT owner FROM"
            " clock_fired f WHERE f.clock = c.id ORDER BY rung) FROM clock c ORDER BY starts, id"
        )
        return [SeenClock(*(*row[:7], tuple(row[7]))) for row in rows]

    async def asked(self, reference: str, book: Book) -> AskedRows:
        async with self._pools[0].connection() as connection:
            return await read_asked(connection, reference, book)

    async def cover(self) -> Cover:
        async with self._pools[0].connection() as connection:
            return await Reading(connection, self.hands).cover()

    async def turned(self) -> list[list[tuple[str, datetime, str | None]]]:
        rows = await self._all("SELECT turns FROM clock WHERE turns IS NOT NULL ORDER BY starts, id")
        past = [orjson.loads(row[0]).get("past", ()) for row in rows]
        return [[(t[0], datetime.fromisoformat(t[1]), t[4]) for t in one] for one in past]

    async def tasks(self) -> list[SeenTask]:
        rows = await self._all(
            "SELECT id::text, kind, owner, state, claimed_by, closed_by, reason FROM task ORDER BY raised_at, id"
        )
        return [SeenTask(*row) for row in rows]

    async def refusals(self) -> list[SeenRefusal]:
        rows = await self._all(
            "SELECT id::text, publisher, record_id, problems, state, claimed_by FROM refusal"
            ' ORDER BY received_at, topic, partition, "offset"'
        )
        return [SeenRefusal(r[0], r[1], r[2], tuple(p["code"] for p in orjson.loads(r[3])), *r[4:]) for r in rows]

    async def incidents(self) -> list[tuple[str, str | None, str | None]]:
        return [
            (r[0], r[1], r[2]) for r in await self._all("SELECT kind, delivery::text, team FROM incident ORDER BY no")
        ]

    async def conflicts(self) -> list[tuple[str, str]]:
        return [(r[0], r[1]) for r in await self._all("SELECT publisher, id::text FROM conflict")]

    async def in_conflict(self, task: str) -> tuple[bytes | None, bytes] | None:
        async with self._pools[0].connection() as connection:
            return await conflict_bodies(connection, task)

    async def claim(self, work: Any, id: str, who: str) -> tuple[bool, str | None]:
        async with self._pools[0].connection() as connection:
            act = await Acts(connection, self.hands).claim(work, id, who)
        return act.done, act.holder

    async def give_back(self, work: Any, id: str, who: str) -> bool:
        async with self._pools[0].connection() as connection:
            return (await Acts(connection, self.hands).release(work, id, who)).done

    async def close(self, work: Any, id: str, who: str, reason: str) -> bool:
        async with self._pools[0].connection() as connection:
            return (await Acts(connection, self.hands).close(work, id, who, reason)).done

    async def pause(self, team: str, who: str) -> None:
        async with self._pools[0].connection() as connection:
            await Acts(connection, self.hands).pause(team, who, "Their system is away.")

    async def resume(self, team: str) -> None:
        async with self._pools[0].connection() as connection:
            await Acts(connection, self.hands).resume(team)

    async def decide_again(
        self, task: str, *, person: str | None = None, team: str | None = None, book: Book = BOOK
    ) -> None:
        rows = await self._all("SELECT event_no, child::text, service, slot FROM task WHERE id = %s", task)
        event_no, about, service, slot = rows[0]
        async with self._pools[0].connection() as connection:
            acts = Acts(connection, self.hands)
            assert (await acts.close("task", task, "Ann", "Rang the family.")).done
            if person is not None:
                await acts.choose_person(event_no, slot, person, "Ann", "Rang the family.")
        by_hand = (
            Reroute(event_no, None, None, "match")
            if person
            else Reroute(event_no, about, service, "nobody-found", hint=team)
        )
        await decide_again(by_hand, self.ledger, book)

    async def reconcile(self) -> tuple[int, int, int, list[str]]:
        async with self._pools[0].connection() as connection:
            found = await reconcile(connection, self.hands)
        of = found.sums
        outcomes = of.told + of.not_applicable + of.withheld + of.nobody_found
        return of.events, of.considered, outcomes, [f"{fault.check}: {fault.ids}" for fault in found.faults]

    async def file(self, person: Person) -> Json:
        rows = await self._all(
            "SELECT v.doc FROM person p JOIN family f ON f.id = p.family JOIN family_version v"
            " ON v.family = f.id AND v.version = f.version WHERE p.id = %s",
            person.id,
        )
        file: Json = orjson.loads(rows[0][0])["people"][person.id]
        return file

    async def recipients(self, since: datetime | None = None, until: datetime | None = None) -> list[RecipientSeen]:
        async with self._pools[0].connection() as connection:
            return await Oversight(connection, self.hands).recipients(since, until)

    async def publishers(self, since: datetime | None = None, until: datetime | None = None) -> list[PublisherSeen]:
        async with self._pools[0].connection() as connection:
            return await Oversight(connection, self.hands).publishers(since, until)

    async def read_not_filed(self, before: datetime) -> list[NotFiled]:
        async with self._pools[0].connection() as connection:
            return await Oversight(connection, self.hands).not_filed(before)

    async def chronicle(self, child: str) -> Chronicle | None:
        async with self._pools[0].connection() as connection:
            return await chronicle(Reading(connection, self.hands), child)

    async def _all(self, sql: Any, *values: Any) -> list[tuple[Any, ...]]:
        async with self._pools[0].connection() as connection:
            rows: list[tuple[Any, ...]] = await (await connection.execute(sql, values)).fetchall()
            return rows
