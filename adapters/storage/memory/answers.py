"""The clock worker's and the receipts' sides of the memory ledger."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

import orjson

from adapters.storage.memory.handing import hand_back, pass_on
from adapters.storage.memory.intake import (
    MemoryBatch,
    end_clocks,
    keep_clock,
    keep_deliveries,
    keep_families,
    keep_refusal,
    keep_task,
    meet_clocks,
    remember,
    turn_clocks,
)
from adapters.storage.memory.lives import deaths_and_lives
from adapters.storage.memory.tables import DeliveryRow, Store, running
from adapters.storage.records import ClockRecord, IncidentRecord, Rang
from router.accept import Refused
from router.directory import FamilyDoc, PersonDoc, now_standing
from router.events import withholds_whereabouts
from router.ledger import ONE_AT_A_TIME, Answered, Climb, Firing, ReceiptIn, ReceiptKept, Reroute
from router.plan import Clock, Plan, Task
from router.receipts import (
    NO_SUCH_ACTION,
    Acted,
    accepts,
    as_another,
    declines,
    given_up,
    hastened_by_declining,
    is_about,
    needs_met,
    says,
    speaks_of,
    takes_on,
    without_team,
)


class MemoryFiring:
    """One transaction: the clocks that are due, and what became of them."""

    def __init__(self, store: Store, limit: int) -> None:
        self.store, self.now, self.cover = store, store.clock(), store.cover
        due = [c for c in store.clocks.values() if c.state == "running" and c.due <= self.now]
        self.due: Sequence[Firing] = [self._firing(c) for c in sorted(due, key=lambda c: (c.due, c.clock.id))[:limit]]

    def _firing(self, row: ClockRecord) -> Firing:
        child = row.clock.child
        doc = now_standing(_file_of(self.store, child), child) if child else None
        event = self.store.events[row.event_no].event if row.event_no is not None else None
        hides = event is not None and withholds_whereabouts(event.body)
        return Firing(row.clock, row.rung, row.event or row.clock.id, row.publisher, doc, hides)

    async def keep(self, climbs: Sequence[Climb]) -> None:
        """Advance each clock from the rung that was read; whatever else it brings about goes with it."""
        s = self.store
        for c in climbs:
            row, d = s.clocks[c.firing.clock.id], c.delivery
            if row.rung != c.firing.rung or row.state != "running":
                continue
            fired = (*row.fired, Rang(row.rung, self.now, d.team if d else None, d.id if d else None))
            row = replace(row, rung=row.rung + 1, fired=fired, due=c.next_due or row.due)
            if c.next_due is None:
                row = replace(row, state="exhausted", ended_how="the last rung")
            s.clocks[row.clock.id] = row
            keep_deliveries(s, [(d, row.event_no)] if d else [])
            for task in c.tasks:
                keep_task(s, task, row.event_no, row.publisher)
            for clock in c.clocks:
                keep_clock(s, clock, row.event_no, row.publisher)


class MemoryClocks:
    """What the clock worker asks of the ledger."""

    store: Store

    @asynccontextmanager
    async def firing(self, limit: int) -> AsyncIterator[MemoryFiring]:
        """The clocks that are due now, oldest first."""
        async with self.store.transaction():
            yield MemoryFiring(self.store, limit)

    async def silent_publishers(self) -> list[tuple[str, datetime]]:
        """Every publisher of the directory that was ever heard, and when last."""
        return [(p, at) for p, at in self.store.heard.items() if p in self.store.cover.publishers]

    async def not_filed(self, before: datetime) -> list[tuple[str, int, datetime]]:
        """Teams that read something by then and have not filed it, and of which nobody has been told yet."""
        told = {t.publisher for t in self.store.tasks.values() if t.task.kind == "not-filed" and t.state != "closed"}
        late: dict[str, list[datetime]] = {}
        for id, since in self.store.read_not_filed.items():
            team = self.store.deliveries[id].delivery.team
            if since <= before and team not in told and team in self.store.cover.teams:
                late.setdefault(team, []).append(since)
        return [(team, len(all_of), min(all_of)) for team, all_of in sorted(late.items())]

    async def raise_task(self, task: Task, clock: Clock, publisher: str) -> bool:
        """A task and its clock, unless the same is open or kept already."""
        s = self.store
        async with s.transaction():
            if task.kind in ONE_AT_A_TIME and any(
                t.task.kind == task.kind and t.publisher == publisher and t.state != "closed" for t in s.tasks.values()
            ):
                return False
            if not keep_task(s, task, None, publisher):
                return False
            keep_clock(s, clock, None, publisher)
            return True


class MemoryAgain:
    """One transaction in which an event is decided again."""

    def __init__(self, batch: MemoryBatch, reroute: Reroute) -> None:
        s = self._store = batch.store
        self._no = reroute.event_no
        self.event = s.events[self._no].event
        had = (s.deliveries[id].delivery for id in s.of_event.get(self._no, ()))
        self.sent = frozenset((d.child, d.team) for d in had if d.kind == "summary")
        then = orjson.loads(s.events[self._no].facts)["families"]
        self.before: dict[int, FamilyDoc] = {int(f): orjson.loads(s.versions[int(f), v]) for f, v in then.items()}

    async def gather(self, batch: MemoryBatch, reroute: Reroute) -> None:
        """Today's facts, with what a person said written into the child's place."""
        forced = {slot: p for (no, slot), p in self._store.matches.items() if no == self._no}
        people = [p for p in (reroute.child, *forced.values()) if p]
        self.material = await batch.gather([self.event], people, besides=self._no)
        then = self._store.covers[orjson.loads(self._store.events[self._no].facts)["cover"]]
        self.material.cover = self.material.cover.still_knowing(then.publishers.get(self.event.publisher))
        self.material.forced = {(self.event.source, self.event.id, slot): p for slot, p in forced.items()}
        family = self.material.family_of.get(reroute.child or "")
        if family is None or reroute.child is None:
            return
        doc = self.material.families[family]["people"][reroute.child]
        teams = self.material.cover.teams
        if reroute.why == "not-ours" and reroute.team and reroute.team not in doc.get("not_ours", ()):
            hint = reroute.hint if reroute.hint in teams else None
            service = teams[reroute.team].service.value if reroute.team in teams else None
            self.material.change(family, {reroute.child: without_team(doc, reroute.team, service, hint)})
        elif reroute.why == "nobody-found" and reroute.hint and reroute.service:
            named: PersonDoc = {**doc, "redirected": {**doc.get("redirected", {}), reroute.service: reroute.hint}}
            self.material.change(family, {reroute.child: named})

    async def keep(self, plan: Plan, because: str) -> None:
        """Keep what is new of the plan, with why it was decided again."""
        s, publisher = self._store, self.event.publisher
        keep_deliveries(s, [(d, self._no) for d in plan.deliveries], because)
        for clock in plan.clocks:
            if clock.id not in s.clocks:
                keep_clock(s, clock, self._no, publisher)
        for task in plan.tasks:
            keep_task(s, task, self._no, publisher)
        for handed in plan.hand_ons:
            s.hand_ons[handed.delivery] = (*s.hand_ons.get(handed.delivery, ()), handed)
        remember(s, self._no, self.event, plan)
        deaths_and_lives(s, self._no, plan)
        meet_clocks(s, plan.meets)
        turn_clocks(s, plan.turns)
        keep_families(s, self.material)


class MemoryReceipts:
    """What taking receipts asks of the ledger."""

    store: Store

    async def keep_receipts(self, receipts: Sequence[ReceiptIn], refused: Sequence[Refused]) -> list[ReceiptKept]:
        """Every receipt of the batch in one transaction; a second time has no second effect."""
        async with self.store.transaction():
            for r in refused:
                keep_refusal(self.store, r)
            return [self._keep(r) for r in receipts]

    def _keep(self, r: ReceiptIn) -> ReceiptKept:
        s, row = self.store, self.store.deliveries.get(r.delivery)
        if row is None or row.delivery.team != r.team:
            answer: Answered = "unknown-delivery" if row is None else "not-your-delivery"
            self._incident(answer, r, "A receipt came for a delivery that was not sent to this team.")
            return ReceiptKept(r, answer)
        reroute = None
        stands = row.delivery.kind == "summary" and row.withdrawn_by is None
        if r.state == "not-ours" and stands and row.event_no is not None:
            reroute = Reroute(row.event_no, row.delivery.child, None, r.state, r.delivery, r.team, r.hint_team)
        if (r.team, r.id) in s.receipts and says(s.receipts[r.team, r.id]) != says(r):
            r = as_another(r)
        if (r.team, r.id) in s.receipts:
            return ReceiptKept(r, "seen", reroute)
        s.receipts[r.team, r.id] = r
        if r.by_kind == "person" and r.state in ("acknowledged", "filed", "acted") and r.delivery not in s.read_at:
            s.read_at[r.delivery] = s.clock()
        handed_on = r.delivery in s.hand_ons
        if needs := needs_met(r, handed_on):
            for clock in running(s, r.delivery):
                item = clock.clock.turns.item if clock.clock.turns else None
                if clock.clock.needs in needs and speaks_of(r, clock.clock.needs, item):
                    s.clocks[clock.clock.id] = replace(clock, state="met", ended_how=r.state)
        asked = [s.clocks[id].clock.turns for id in s.clocks_of.get(r.delivery, ())]
        if r.action and not any(turns and is_about(r, turns.item) for turns in asked):
            self._incident("no-such-action", r, NO_SUCH_ACTION)
        if takes_on(r) and row.event_no is not None:
            for clock in running(s, row.event_no):
                if clock.clock.needs == "take" and clock.clock.child == row.delivery.child:
                    s.clocks[clock.clock.id] = replace(clock, state="met", ended_how=r.state)
        if declines(r):
            self._run_again(r, row)
            for clock in running(s, r.delivery):
                if clock.state == "running" and clock.clock.needs in hastened_by_declining(handed_on):
                    s.clocks[clock.clock.id] = replace(clock, due=min(clock.due, s.clock()))
        if accepts(r) and row.withdrawn_by is None:
            pass_on(s, r.delivery)
        if r.state in ("filed", "acted", "not-ours"):
            s.read_not_filed.pop(r.delivery, None)
        elif r.state == "acknowledged":
            known = {k.state for k in s.receipts.values() if k.delivery == r.delivery}
            done = bool(known & {"filed", "acted", "not-ours"}) or row.withdrawn_by is not None
            if row.delivery.kind == "summary" and not done and r.delivery not in s.read_not_filed:
                s.read_not_filed[r.delivery] = s.clock()
        if r.state == "failed":
            self._incident("failed", r, "A recipient's system could not take a summary.")
        if r.state == "not-ours":
            hand_back(s, r.delivery)  # what it had taken over is the former team's again, and nobody has done it
            end_clocks(s, r.delivery, "stopped", "not-ours")
            self._incident("wrong-place", r, "A summary reached a team that does not work with the child.")
        return ReceiptKept(r, "kept", reroute, (s.clock() - row.kept_at).total_seconds())

    def _run_again(self, r: ReceiptIn, row: DeliveryRow) -> None:
        """Clocks that an acceptance had met, which is taken back."""
        s = self.store
        told = [s.deliveries[id].delivery for id in s.of_event.get(row.event_no, ())] if row.event_no else []
        same = {d.id for d in told if d.child == row.delivery.child}
        acted = [x for x in s.receipts.values() if x.delivery in same and x.by_kind == "person" and x.state == "acted"]
        needs = given_up(r, [Acted(x.delivery, x.outcome) for x in acted])
        for id in same if needs else ():
            for clock in [s.clocks[c] for c in s.clocks_of.get(id, ())]:
                of, item = clock.clock, clock.clock.turns.item if clock.clock.turns else None
                its_own = of.needs == "take" or (id == r.delivery and speaks_of(r, of.needs, item))
                if of.needs in needs and its_own and (clock.state, clock.ended_how) == ("met", "acted"):
                    due = min(clock.due, s.clock()) if of.needs == "take" else clock.due
                    s.clocks[of.id] = replace(clock, state="running", ended_how=None, due=due)

    def _incident(self, kind: str, r: ReceiptIn, words: str) -> None:
        if (kind, r.delivery, r.team) not in self.store.incidents:
            row = IncidentRecord(kind, r.delivery, r.team, words, self.store.clock())
            self.store.incidents[kind, r.delivery, r.team] = row

    @asynccontextmanager
    async def again(self, reroute: Reroute) -> AsyncIterator[MemoryAgain]:
        """The event as kept, today's facts, and who had it already."""
        async with self.store.transaction():
            batch = MemoryBatch(self.store)
            work = MemoryAgain(batch, reroute)
            await work.gather(batch, reroute)
            yield work


def person(s: Store, pid: str) -> PersonDoc | None:
    """Somebody's place in the family's file, as it is now."""
    return _file_of(s, pid).get(pid)


def _file_of(s: Store, pid: str) -> dict[str, PersonDoc]:
    if pid not in s.people:
        return {}
    family = s.people[pid][2]
    people: dict[str, PersonDoc] = orjson.loads(s.versions[family, s.families[family]])["people"]
    return people
