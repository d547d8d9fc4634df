"""The receipts' side of the PostgreSQL ledger: each kept once, ending the clocks it meets; events decided again."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
from psycopg_pool import AsyncConnectionPool

from adapters.storage.adding import ByCopy
from adapters.storage.batch_rows import keep_clocks, keep_deliveries
from adapters.storage.connect import Connection
from adapters.storage.endings import hand_on, meet_clocks
from adapters.storage.intake import Batch, Clock, CoverShelf, now
from adapters.storage.keeping import keep_families, keep_plans, keep_task
from adapters.storage.lives import deaths_and_lives
from adapters.storage.sql import queries
from adapters.storage.turning import turn_clocks
from router.accept import Refused, accept
from router.directory import FamilyDoc, PersonDoc
from router.events import Event, Received, record_of
from router.ledger import ReceiptIn, ReceiptKept, Reroute
from router.material import Material
from router.plan import Plan
from router.receipts import (
    NO_SUCH_ACTION,
    Acted,
    accepts,
    as_another,
    declines,
    given_up,
    hastened_by_declining,
    needs_met,
    says,
    takes_on,
    without_team,
)

Q, INTAKE = queries("receipts"), queries("intake")


class AgainBatch:
    """One transaction in which an event is decided again, under its families' locks."""

    def __init__(
        self,
        connection: Connection,
        now: datetime,
        no: int,
        event: Event,
        material: Material,
        sent: frozenset[tuple[str | None, str]],
        before: Mapping[int, FamilyDoc],
    ) -> None:
        self.connection, self.now, self.no = connection, now, no
        self.event, self.material, self.sent, self.before = event, material, sent, before

    async def keep(self, plan: Plan, because: str) -> None:
        """Keep what is new of the plan, with why it was decided again."""
        await keep_deliveries(self.connection, self.now, [(d, self.no) for d in plan.deliveries], because)
        ids = [c.id for c in plan.clocks]
        known = {row[0] for row in await (await self.connection.execute(Q["known_clocks"], {"ids": ids})).fetchall()}
        new = [(c, self.no, self.event.publisher) for c in plan.clocks if c.id not in known]
        await keep_clocks(ByCopy(self.connection), new)
        for task in plan.tasks:
            await keep_task(self.connection, self.now, task, self.no, self.event.publisher)
        await hand_on(self.connection, plan.hand_ons)
        if plan.remembered:
            people, kinds, about = zip(*plan.remembered, strict=True)
            said = {"no": self.no, "at": self.event.time, "place": plan.place, "record": record_of(self.event)}
            said["things"] = [thing or plan.thing for thing in about]
            where = [self.material.family_of[p] for p in people]
            said |= {"people": list(people), "kinds": list(kinds), "families": where}
            await self.connection.execute(Q["remember"], said)
        await deaths_and_lives(self.connection, self.now, [(self.no, plan)])
        await meet_clocks(self.connection, self.now, plan.meets)
        await turn_clocks(self.connection, self.now, plan.turns)
        await keep_families(self.connection, self.material)


async def _files_then(connection: Connection, facts: bytes) -> dict[int, FamilyDoc]:
    """The files as they were when an event was first decided."""
    then = orjson.loads(bytes(facts))["families"]
    asked = {"families": [int(f) for f in then], "versions": list(then.values())}
    cursor = await connection.execute(INTAKE["family_versions"], asked)
    return {number: orjson.loads(bytes(doc)) for number, doc in await cursor.fetchall()}


async def _asks(connection: Connection, receipt: ReceiptIn) -> bool:
    asked = {"delivery": receipt.delivery, "action": receipt.action}
    return await (await connection.execute(Q["asks"], asked)).fetchone() is not None


class PostgresReceipts:
    """What taking receipts asks of the ledger."""

    def __init__(self, pool: AsyncConnectionPool[Connection], shelf: CoverShelf, clock: Clock = None) -> None:
        self._pool, self._shelf, self._clock = pool, shelf, clock

    async def keep_receipts(self, receipts: Sequence[ReceiptIn], refused: Sequence[Refused]) -> list[ReceiptKept]:
        """Every receipt of the batch in one transaction; a second time has no second effect."""
        async with self._pool.connection() as connection:
            moment = await now(connection, self._clock)
            if refused:
                nothing = Material(moment, await self._shelf.newest(connection), {}, {}, {}, {}, {}, iter(()))
                await keep_plans(connection, moment, _no_number, (), nothing, refused, (), ())
            cursor = await connection.execute(Q["delivery"], {"ids": list({r.delivery for r in receipts})})
            known = {row[0]: row[1:] for row in await cursor.fetchall()}
            return [await self._keep(connection, moment, r, known.get(r.delivery)) for r in receipts]

    async def _keep(
        self, connection: Connection, moment: datetime, receipt: ReceiptIn, known: tuple[Any, ...] | None
    ) -> ReceiptKept:
        if known is None or known[0] != receipt.team:
            answer: Any = "unknown-delivery" if known is None else "not-your-delivery"
            words = "A receipt came for a delivery that was not sent to this team."
            await self._incident(connection, moment, answer, receipt, words)
            return ReceiptKept(receipt, answer)
        cursor = await connection.execute(Q["add"], {**asdict(receipt), "now": moment})
        if cursor.rowcount == 0 and not await self._said_before(connection, receipt):
            receipt = as_another(receipt)
            cursor = await connection.execute(Q["add"], {**asdict(receipt), "now": moment})
        if cursor.rowcount == 0:
            return ReceiptKept(receipt, "seen", self._reroute(receipt, known))
        if needs := needs_met(receipt, handed_on=known[5]):
            met = {"delivery": receipt.delivery, "state": receipt.state, "action": receipt.action}
            await connection.execute(Q["meet"], {**met, "needs": needs, "now": moment})
        if receipt.action and not await _asks(connection, receipt):
            await self._incident(connection, moment, "no-such-action", receipt, NO_SUCH_ACTION)
        if takes_on(receipt):
            taken = {"event_no": known[3], "child": known[2], "state": receipt.state, "now": moment}
            await connection.execute(Q["taken_on"], taken)
        if declines(receipt):
            await self._run_again(connection, moment, receipt, known)
            hastened = {"delivery": receipt.delivery, "needs": list(hastened_by_declining(known[5])), "now": moment}
            await connection.execute(Q["hasten"], hastened)
        if known[5] and not known[6] and accepts(receipt):
            await connection.execute(Q["pass_on"], {"delivery": receipt.delivery})
            await connection.execute(Q["taken_by_another"], {"delivery": receipt.delivery, "now": moment})
        if receipt.state in ("filed", "acted", "not-ours"):
            await connection.execute(Q["filed"], {"delivery": receipt.delivery})
        elif receipt.state == "acknowledged":
            await connection.execute(Q["read_not_filed"], {"delivery": receipt.delivery, "now": moment})
        if receipt.state == "failed":
            words = "A recipient's system could not take a summary."
            await self._incident(connection, moment, "failed", receipt, words)
        if receipt.state == "not-ours":  # what it had taken over is the former team's again, and nobody has done it
            await connection.execute(INTAKE["hand_back"], {"ids": [receipt.delivery]})
            await connection.execute(Q["stop"], {"delivery": receipt.delivery, "now": moment})
            words = "A summary reached a team that does not work with the child."
            await self._incident(connection, moment, "wrong-place", receipt, words)
        waited = (moment - known[4]).total_seconds()
        return ReceiptKept(receipt, "kept", self._reroute(receipt, known), waited)

    async def _said_before(self, connection: Connection, receipt: ReceiptIn) -> bool:
        cursor = await connection.execute(Q["said"], {"team": receipt.team, "id": receipt.id})
        return await cursor.fetchone() == says(receipt)

    async def _run_again(
        self, connection: Connection, moment: datetime, receipt: ReceiptIn, known: tuple[Any, ...]
    ) -> None:
        """Clocks that an acceptance had met, which is taken back."""
        same = {"event_no": known[3], "child": known[2]}
        acted = await (await connection.execute(Q["acted"], same)).fetchall()
        if needs := given_up(receipt, [Acted(*row) for row in acted]):
            own = {"delivery": receipt.delivery, "action": receipt.action}
            await connection.execute(Q["not_taken_on"], {**same, **own, "needs": needs, "now": moment})

    async def _incident(
        self, connection: Connection, moment: datetime, kind: str, receipt: ReceiptIn, words: str
    ) -> None:
        await connection.execute(
            Q["incident"],
            {
                "now": moment,
                "kind": kind,
                "delivery": receipt.delivery,
                "team": receipt.team,
                "words": words,
            },
        )

    def _reroute(self, receipt: ReceiptIn, known: tuple[Any, ...]) -> Reroute | None:
        """Also for a receipt seen before: the first time may have ended between the two transactions.

        What was cancelled or replaced is nobody else's either: there is nothing to address again."""
        _, kind, child, event_no, *_, withdrawn = known
        if receipt.state != "not-ours" or kind != "summary" or event_no is None or withdrawn:
            return None
        return Reroute(event_no, child, None, "not-ours", receipt.delivery, receipt.team, receipt.hint_team)

    @asynccontextmanager
    async def again(self, reroute: Reroute) -> AsyncIterator[AgainBatch]:
        """The event as kept, today's facts under the families' locks, and who had it already."""
        async with self._pool.connection() as connection:
            moment = await now(connection, self._clock)
            cover = await self._shelf.newest(connection)
            row = await (await connection.execute(Q["event"], {"no": reroute.event_no})).fetchone()
            if row is None:
                raise LookupError("no such event in the ledger")
            no, publisher, topic, partition, offset, raw, facts = row
            if publisher not in cover.publishers and facts:  # it has left since: its events are still decided again
                then = await self._shelf.version(connection, orjson.loads(bytes(facts))["cover"])
                cover = cover.still_knowing(then.publishers.get(publisher))
            event = accept(Received(publisher, bytes(raw), None, topic, partition, offset), cover)
            if not isinstance(event, Event):
                raise LookupError("the event is no longer accepted under today's contracts")
            forced: dict[str, str] = dict(await (await connection.execute(Q["forced"], {"no": no})).fetchall())
            people = [p for p in (reroute.child, *forced.values()) if p]
            material = await Batch(connection, self._shelf, moment).gather([event], people, no)
            material.forced = {(event.source, event.id, slot): person for slot, person in forced.items()}
            material.cover = cover
            if reroute.child is not None and reroute.child in material.family_of:
                team = cover.teams.get(reroute.team or "")
                _say(material, reroute, team.service.value if team else None)
            had = await (await connection.execute(Q["already"], {"no": no})).fetchall()
            before = await _files_then(connection, facts)
            yield AgainBatch(connection, moment, no, event, material, frozenset((c, t) for c, t in had), before)


def _say(material: Material, reroute: Reroute, service: str | None) -> None:
    """Write into the child's place what a person said: not this team's, or this team it is."""
    number = material.family_of[reroute.child or ""]
    doc = material.families[number]["people"][reroute.child or ""]
    if reroute.team and reroute.why == "not-ours" and reroute.team not in doc.get("not_ours", ()):
        hint = reroute.hint if reroute.hint in material.cover.teams else None
        material.change(number, {reroute.child or "": without_team(doc, reroute.team, service, hint)})
    elif reroute.why == "nobody-found" and reroute.hint and reroute.service:
        named: PersonDoc = {**doc, "redirected": {**doc.get("redirected", {}), reroute.service: reroute.hint}}
        material.change(number, {reroute.child or "": named})


def _no_number(event: Event) -> int:
    raise AssertionError("a refusal has no number")
