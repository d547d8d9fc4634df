"""The router's side of the PostgreSQL ledger: one transaction a batch, facts read under the families' locks."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Literal
from zlib import crc32

import orjson
from psycopg_pool import AsyncConnectionPool

from adapters.storage.connect import Connection, array, texts
from adapters.storage.involved import read_involved
from adapters.storage.keeping import keep_plans
from adapters.storage.sought import sought_from
from adapters.storage.sql import queries
from adapters.storage.turning import clock_from
from router.accept import Refused
from router.carried import running_as
from router.directory import Cover, FamilyDoc
from router.earlier import MOOT, Alert, Running, Sought, Standing
from router.events import Event, Received, refusal_id
from router.facts import HISTORY_YEARS
from router.identity import named_in
from router.ledger import Claim, Kept, TryAgain
from router.material import Material, OnRecord, record_key, unjoined_places
from router.matters import Part
from router.past import Happening
from router.plan import BY_ITSELF, Delivery
from router.turns import turns_from

Q = queries("intake")

Records = dict[tuple[str, str, str], list[Part]]
"""What was kept under each record."""

STEPPED: Literal["stepped"] = "stepped"
"""The clock of the demo: its processes share one stepped moment, kept in the database."""

Clock = Callable[[], datetime] | Literal["stepped"] | None


class CoverShelf:
    """The directory's teams, read again only when their version has moved."""

    def __init__(self) -> None:
        self._versions: dict[int, Cover] = {}

    async def newest(self, connection: Connection) -> Cover:
        """The newest cover; an empty one where no directory has been loaded."""
        row = await (await connection.execute(Q["cover_version"])).fetchone()
        return await self.version(connection, row[0] if row and row[0] is not None else 0)

    async def version(self, connection: Connection, version: int) -> Cover:
        """One version, as it was."""
        if version not in self._versions:
            row = await (await connection.execute(Q["cover"], {"version": version})).fetchone()
            self._versions[version] = Cover.read(version, orjson.loads(row[0]) if row else {})
        return self._versions[version]


class Batch:
    """One transaction of the router."""

    def __init__(self, connection: Connection, shelf: CoverShelf, now: datetime) -> None:
        self.connection, self.shelf, self.now = connection, shelf, now
        self._numbers: dict[tuple[str, str], int] = {}

    async def claim(self, events: Sequence[Event], refused: Sequence[Refused] = ()) -> Claim:
        """Put the events into the inbox; those already there are seen, or in conflict."""
        claim = await self._claim(events)
        places = [r.received for r in refused] + [e.received for e in claim.conflicts]
        if places:
            known = await self._put_aside(places)
            claim.refused = [r for r in refused if refusal_id(r.received) not in known]
            claim.seen += [e for e in claim.conflicts if refusal_id(e.received) in known]
            claim.conflicts = [e for e in claim.conflicts if refusal_id(e.received) not in known]
        return claim

    async def _put_aside(self, records: Sequence[Received]) -> set[str]:
        """Those of these places (as refusal ids) that are put aside already; nobody else can do so until commit."""
        places = {refusal_id(r): r for r in records}
        await self.connection.execute(Q["lock_places"], {"keys": [crc32(id.encode()) - 2**31 for id in places]})
        cursor = await self.connection.execute(
            Q["put_aside"],
            {
                "ids": list(places),
                "topics": [r.topic for r in places.values()],
                "partitions": [r.partition for r in places.values()],
                "offsets": [r.offset for r in places.values()],
            },
        )
        return {row[0] for row in await cursor.fetchall()}

    async def _claim(self, events: Sequence[Event]) -> Claim:
        claim, first = Claim(), dict[tuple[str, str], Event]()
        twice: list[Event] = []
        for event in events:
            key = (event.id, event.publisher)
            if first.setdefault(key, event) is not event:
                twice.append(event)
        if not first:
            return claim
        values = list(first.values())
        cursor = await self.connection.execute(
            Q["claim"],
            {
                "ids": array(e.id for e in values),
                "publishers": texts(e.publisher for e in values),
                "digests": array(e.digest.hex() for e in values),
            },
            binary=True,
        )
        self._numbers = {(row[0], row[1]): row[2] for row in await cursor.fetchall()}
        claim.fresh = [e for key, e in first.items() if key in self._numbers]
        known = {key: e.digest for key, e in first.items()}
        old = [e for key, e in first.items() if key not in self._numbers]
        if old:
            cursor = await self.connection.execute(
                Q["claimed_before"], {"ids": [e.id for e in old], "publishers": [e.publisher for e in old]}
            )
            known |= {(row[0], row[1]): bytes(row[2]) for row in await cursor.fetchall()}
        for event in (*old, *twice):
            same = event.is_what_was_kept(known[(event.id, event.publisher)])
            (claim.seen if same else claim.conflicts).append(event)
        return claim

    async def refuse(self, refused: Sequence[Refused]) -> list[Refused]:
        """Take these events of this batch for refused after all, their ids free again; those that are new."""
        asked = {"ids": [r.event_id for r in refused], "publishers": [r.received.publisher for r in refused]}
        await self.connection.execute(Q["give_back"], asked)
        known = await self._put_aside([r.received for r in refused])
        return [r for r in refused if refusal_id(r.received) not in known]

    def number(self, event: Event) -> int:
        """The event's number in the ledger."""
        return self._numbers[(event.id, event.publisher)]

    async def gather(self, events: Sequence[Event], people: Sequence[str] = (), besides: int | None = None) -> Material:
        """Lock the families of everybody named, in order; then read what is known; `besides` is decided again."""
        numbers = sorted({n.nhs for e in events for n in named_in(e) if n.nhs})
        places = [p for e in events for p in unjoined_places(e)]
        if besides is not None:
            people = (*people, *places)
        asked: dict[str, Any] = {"numbers": array(numbers), "people": array(people)}
        again = [record_key(e) for e in events if e.action != "new" and e.data.record_id]
        if again:  # whom an earlier version named, this one may not: they are locked and read as well
            publishers, types, records = (list(part) for part in zip(*again, strict=True))
            asked |= {"publishers": publishers, "types": types, "records": records}
        run = self.connection.execute
        async with (
            self.connection.pipeline()
        ):  # one round trip; what is read after the lock sees what was kept before it
            locks = await run(Q["lock_families_again" if again else "lock_families"], asked, binary=True)
            named = await run(Q["people_again" if again else "people"], asked, binary=True)
            cover = await self.shelf.newest(self.connection)
            locked = {row[0] for row in await locks.fetchall()}
            found = await named.fetchall()
        on_record = {nhs: OnRecord(person, born, family) for nhs, person, born, family in found if nhs}
        wanted = {row[3] for row in found}
        if not wanted <= locked:
            raise TryAgain
        unknown = sum(n not in on_record for n in numbers) + len(places)
        families, versions, history, earlier, fresh = await self._read(events, sorted(wanted), unknown, besides)
        involved = None
        if any(type(e.data).reads_involvement for e in events):
            involved = await read_involved(self.connection, cover, families, besides)
        return Material(
            now=self.now,
            cover=cover,
            on_record=on_record,
            families=families,
            versions=versions,
            history=history,
            earlier=earlier,
            new_families=iter(fresh),
            involved=involved,
        )

    async def _read(
        self, events: Sequence[Event], wanted: list[int], unknown: int, besides: int | None
    ) -> tuple[
        dict[int, FamilyDoc],
        dict[int, int],
        dict[str, list[Happening]],
        dict[tuple[str, str, str], list[Part]],
        list[int],
    ]:
        """The families' files, their history, earlier versions of the records and new numbers: one round trip."""
        records = sorted({record_key(e) for e in events if e.data.record_id})
        corrected = {record_key(e) for e in events if e.data.record_id and e.action != "new"}
        since = self.now - timedelta(days=366 * HISTORY_YEARS)
        run = self.connection.cursor
        async with self.connection.pipeline(), run(binary=True) as a, run(binary=True) as b, run() as c, run() as d:
            await a.execute(Q["families"], {"families": array(wanted)})
            await b.execute(Q["history"], {"families": array(wanted), "since": since, "besides": besides})
            if records:
                publishers, types, ids = zip(*records, strict=True)
                await c.execute(
                    Q["earlier"],
                    {
                        "publishers": texts(publishers),
                        "types": texts(types),
                        "records": texts(ids),
                        "besides": besides,
                    },
                )
            if unknown:
                await d.execute(Q["new_families"], {"count": unknown})
            rows = await a.fetchall()
            families: dict[int, FamilyDoc] = {n: orjson.loads(doc) for n, _, doc in rows}
            versions = {n: version for n, version, _ in rows}
            history: dict[str, list[Happening]] = {}
            for person, at, kind, thing, place, record in await b.fetchall():  # with years behind it, most of a batch
                happened = Happening._make((at.isoformat(), kind, thing, place, record))
                if (past := history.get(person)) is None:
                    past = history[person] = []
                past.append(happened)
            kept = await c.fetchall() if records else []
            fresh = [row[0] for row in await d.fetchall()] if unknown else []
        return families, versions, history, await self._earlier(kept, corrected, wanted), fresh

    async def _earlier(
        self, kept: list[tuple[Any, ...]], corrected: set[tuple[str, str, str]], wanted: list[int]
    ) -> Records:
        if not kept:
            return {}
        events = [row[3] for row in kept]
        again = [row[3] for row in kept if row[:3] in corrected]
        run = self.connection.execute
        async with self.connection.pipeline():
            clocks = await run(Q["unanswered"], {"events": events})
            deliveries = await run(Q["standing"], {"events": events})
            silences = await run(Q["told_of_silence"], {"events": events})
            to_do = await run(Q["open_tasks"], {"events": events, "kinds": list(MOOT)})
            named = await run(Q["named_before"], {"events": events})
            stood = await run(Q["stood"], {"events": again, "families": wanted}) if again else None
            asked = {"events": again, "itself": BY_ITSELF}
            nobody = await run(Q["sought"], asked) if again else None
            running: dict[int, list[Running]] = {}
            for row in await clocks.fetchall():
                clock = clock_from(row[:14])
                clock = clock._replace(turns=turns_from(orjson.loads(row[14]))) if row[14] else clock
                running.setdefault(row[17], []).append(running_as(clock, row[15], row[16]))
            standing: dict[int, list[Standing]] = {}
            for no, id, child, team in await deliveries.fetchall():
                standing.setdefault(no, []).append(Standing(id, child, team))
            alerts: dict[int, list[Alert]] = {}
            for row in await silences.fetchall():
                alerts.setdefault(row[0], []).append(Alert._make((*row[1:7], row[7:] if row[7] else None)))
            tasks: dict[int, list[str]] = {}
            for no, task in await to_do.fetchall():
                tasks.setdefault(no, []).append(task)
            said = {row[0]: row[1:] for row in await named.fetchall()}
            stands: dict[int, list[tuple[str, str, str | None]]] = {}
            for no, person, kind, thing in await stood.fetchall() if stood else ():
                stands.setdefault(no, []).append((person, kind, thing))
            sought: dict[int, list[Sought]] = {}
            for row in await nobody.fetchall() if nobody else ():
                sought.setdefault(row[0], []).append(sought_from(row[1:]))
        parts: Records = {}
        for publisher, kind, record, no, id, action, sequence in kept:
            facts, chosen, raw = said[no]
            part = Part.read(
                id,
                action,
                sequence,
                orjson.loads(facts),
                chosen or {},
                orjson.loads(raw)["data"] if raw else None,
                standing=tuple(standing.get(no, ())),
                running=tuple(running.get(no, ())),
                alerts=tuple(alerts.get(no, ())),
                tasks=tuple(tasks.get(no, ())),
                stood=tuple(stands.get(no, ())),
                sought=tuple(sought.get(no, ())),
            )
            parts.setdefault((publisher, kind, record), []).append(part)
        return parts

    async def keep(
        self,
        kept: Sequence[Kept],
        material: Material,
        refused: Sequence[Refused],
        answers: Sequence[Delivery],
        conflicts: Sequence[Event],
    ) -> None:
        """Write everything that follows from the batch."""
        await keep_plans(self.connection, self.now, self.number, kept, material, refused, answers, conflicts)


class PostgresIntake:
    """Transactions of the router on PostgreSQL; `clock` replaces the database's time in stepped time."""

    cover_seconds = 0.0
    """How old the teams may be that records are accepted by; what they are routed by is always read anew."""
    _cover: tuple[float, Cover] | None = None

    def __init__(self, pool: AsyncConnectionPool[Connection], shelf: CoverShelf, clock: Clock = None) -> None:
        self._pool, self._shelf, self._clock = pool, shelf, clock

    async def cover(self) -> Cover:
        """The newest teams and publishers, or those of up to `cover_seconds` ago."""
        if self._cover is None or monotonic() - self._cover[0] >= self.cover_seconds:
            async with self._pool.connection() as connection:
                self._cover = monotonic(), await self._shelf.newest(connection)
        return self._cover[1]

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[Batch]:
        """One transaction: committed on a clean exit, rolled back on any error."""
        async with self._pool.connection() as connection:
            yield Batch(connection, self._shelf, await now(connection, self._clock))


async def now(connection: Connection, clock: Clock = None) -> datetime:
    """The one `now`: the database's; in stories the test's own; in the demo the moment it was stepped to."""
    if callable(clock):
        return clock()
    async with connection.pipeline():  # the BEGIN before it goes the same way: one round trip less a transaction
        row = await (await connection.execute(Q["stepped_now" if clock == STEPPED else "now"])).fetchone()
    if row is None:
        raise LookupError("the database told no time")
    moment: datetime = row[0]
    return moment
