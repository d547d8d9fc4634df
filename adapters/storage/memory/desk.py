"""What people read of the memory ledger, and what they do with it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from adapters.storage.memory.intake import end_clocks, keep_person
from adapters.storage.memory.tables import DeliveryRow, Store, running
from adapters.storage.records import (
    UNSENT,
    ClockRecord,
    ConflictRecord,
    DeliveryRecord,
    Destination,
    IncidentRecord,
    Reconciled,
    RefusalRecord,
    TaskRecord,
    Work,
    gaps_in,
    state_of,
)
from router.directory import Cover, FamilyDoc
from router.events import conflict_id
from router.facts import Facts
from router.ledger import Bodies, ReceiptIn, Reroute
from router.looked_after import FLOWS, Entry, Waiting, register

OPEN = ("running", "paused", "exhausted")


def _why(row: ClockRecord) -> str | None:
    """Why a clock is paused."""
    past = row.clock.turns.past if row.clock.turns else ()
    return past[-1].why if past and row.state == "paused" else None


class MemoryDesk:
    """Reading, claiming and closing, pausing, and loading the directory."""

    store: Store

    async def load_cover(self, doc: Mapping[str, Any]) -> int:
        """A new version of the teams and publishers; its number."""
        async with self.store.transaction():
            version = max(self.store.covers, default=0) + 1
            self.store.covers[version] = Cover.read(version, doc)
            return version

    async def load_families(self, families: Iterable[FamilyDoc]) -> None:
        """Families that are new to the directory."""
        s = self.store
        async with s.transaction():
            for family in families:
                number = next(s.new_families)
                s.families[number] = 1
                s.versions[number, 1] = orjson.dumps(family)
                for pid, doc in family["people"].items():
                    keep_person(s, pid, doc.get("nhs"), doc.get("born"), number)

    async def deliveries(
        self, *, event: str | None = None, team: str | None = None, child: str | None = None
    ) -> list[DeliveryRecord]:
        """Deliveries in the order they were kept: of one event, team or child, or all."""
        rows = sorted(self.store.deliveries.values(), key=lambda row: row.no)
        found = (self._record(row) for row in rows if team in (None, row.delivery.team))
        return [d for d in found if child in (None, d.delivery.child) and event in (None, d.event)]

    def _record(self, row: DeliveryRow) -> DeliveryRecord:
        s, id = self.store, row.delivery.id
        sent = s.sent.get(id)
        return DeliveryRecord(
            row.delivery,
            row.no,
            s.events[row.event_no].event.id if row.event_no is not None else None,
            state_of(self._transport(row), row.withdrawn_by is not None, self._receipts(id)),
            sent[1] if sent else None,
            row.kept_at,
            row.because,
            min((c.due for c in running(s, id) if c.state == "running"), default=None),
            s.claims.get(id),
        )

    def _transport(self, row: DeliveryRow) -> str:
        s = self.store
        if row.no in s.due:
            destination = s.destinations.get(row.delivery.team)
            return "held" if destination and destination.paused_at else "kept"
        if row.delivery.id not in s.sent:
            return UNSENT
        return "sending" if s.attempts[s.sent[row.delivery.id][2]].outcome == "sending" else "sent"

    def _receipts(self, delivery: str) -> list[ReceiptIn]:
        return [r for r in self.store.receipts.values() if r.delivery == delivery]

    async def queue(self, team: str) -> list[DeliveryRecord]:
        """What waits for a person of this team: nobody has seen it, or a clock on it still runs; due first."""
        waiting = []
        for d in await self.deliveries(team=team):
            seen, over = d.state in ("acknowledged", "filed", "acted"), d.state in ("not-ours", "replaced")
            if d.delivery.kind != "answer" and not over and (d.due or not seen):
                waiting.append(d)
        return sorted(waiting, key=lambda d: (d.due is None, d.due or d.kept_at, d.no))

    async def receipts(self, delivery: str) -> list[ReceiptIn]:
        """What was answered about one delivery, in the order it came."""
        return self._receipts(delivery)

    async def clocks(
        self, *, event: str | None = None, delivery: str | None = None, child: str | None = None
    ) -> list[ClockRecord]:
        """Clocks with the rungs that fired: of one event, delivery or child, or all; the earliest started first."""
        rows = (c for c in self.store.clocks.values() if event in (None, c.event) and child in (None, c.clock.child))
        return sorted((c for c in rows if delivery in (None, c.clock.delivery)), key=lambda c: c.clock.starts)

    async def tasks(self, *, owner: str | None = None, closed: bool = False) -> list[TaskRecord]:
        """Tasks of a team or of all, the oldest first; the closed ones only when asked for."""
        rows = (t for t in self.store.tasks.values() if closed or t.state != "closed")
        return [t for t in rows if owner in (None, t.task.owner)]

    async def refusals(self, *, publisher: str | None = None, closed: bool = False) -> list[RefusalRecord]:
        """Refused records, the oldest first; the mended and closed ones only when asked for."""
        rows = (r for r in self.store.refusals.values() if closed or r.state in ("open", "claimed"))
        return [r for r in rows if publisher in (None, r.publisher)]

    async def looked_after(self) -> list[Entry]:
        """The register of looked-after children (F29)."""
        s = self.store
        families = [orjson.loads(s.versions[number, version]) for number, version in s.families.items()]
        waiting = [
            Waiting(c.clock.id, c.clock.child, c.clock.flow, c.clock.words, c.state, c.clock.steps[0].due, _why(c))
            for c in s.clocks.values()
            if c.clock.child and c.clock.flow in FLOWS and c.clock.needs != "acknowledge" and c.state in OPEN
        ]
        open_tasks = frozenset(t.task.id for t in await self.tasks())
        return register(families, waiting, open_tasks, s.clock())

    async def conflicts(self) -> list[ConflictRecord]:
        """Ids that came with two bodies."""
        return list(self.store.conflicts.values())

    async def in_conflict(self, task: str) -> tuple[bytes | None, bytes] | None:
        """What was routed under the id and what came after it, of the task that asks which is true."""
        s = self.store
        for c in s.conflicts.values():
            if conflict_id(c.topic, c.partition, c.offset) == task:
                known = s.inbox.get((c.event, c.publisher))
                return s.events[known[1]].event.received.raw if known else None, c.raw
        return None

    async def incidents(self) -> list[IncidentRecord]:
        """What must be looked into."""
        return list(self.store.incidents.values())

    async def destinations(self) -> list[Destination]:
        """Places that are paused or were backed off from."""
        return list(self.store.destinations.values())

    async def bodies(self, event: str, publisher: str) -> Bodies | None:
        """An event as it came and the facts as they were; None where there is none."""
        s, known = self.store, self.store.inbox.get((event, publisher))
        if known is None:
            return None
        row = s.events[known[1]]
        snapshot = orjson.loads(row.facts)
        read = {int(f): orjson.loads(s.versions[int(f), v]) for f, v in snapshot["families"].items()}
        facts = Facts.restore(snapshot, s.covers.get(snapshot["cover"]) or Cover(0, (), ()), read)
        return Bodies(row.no, row.event, facts, {"verdicts": orjson.loads(row.decision), "policy": row.policy}, read)

    async def claim(self, work: Work, id: str, who: str) -> str | None:
        """Take something on, if nobody has it; who has it now. None: there is no such open thing."""
        s = self.store
        async with s.transaction():
            if work == "delivery":
                if id in s.deliveries and id not in s.claims:
                    s.claims[id] = who
                return s.claims.get(id)
            table: Any = s.tasks if work == "task" else s.refusals
            row = table.get(id)
            if row is not None and row.state == "open":
                row = table[id] = replace(row, state="claimed", claimed_by=who)
            return row.claimed_by if row is not None and row.state == "claimed" else None

    async def release_claim(self, work: Work, id: str, who: str) -> bool:
        """Give back what this person holds; False where it is not theirs."""
        s = self.store
        async with s.transaction():
            if work == "delivery":
                if s.claims.get(id) != who:
                    return False
                del s.claims[id]
                return True
            table: Any = s.tasks if work == "task" else s.refusals
            row = table.get(id)
            if row is None or row.state != "claimed" or row.claimed_by != who:
                return False
            table[id] = replace(row, state="open", claimed_by=None)
            return True

    async def close(self, work: Work, id: str, who: str, reason: str) -> bool:
        """End a task or a refusal with a reason, and its clock; False where it is ended, or another holds it."""
        s = self.store
        async with s.transaction():
            table: Any = s.tasks if work == "task" else s.refusals
            row = table.get(id)
            if row is None or row.state not in ("open", "claimed") or row.claimed_by not in (None, who):
                return False
            table[id] = replace(row, state="closed", closed_by=who, reason=reason)
            end_clocks(s, id, "met", f"closed by {who}")
            return True

    async def match(
        self, task: str, who: str, reason: str, *, person: str | None = None, team: str | None = None
    ) -> Reroute | None:
        """Close a task with what a person knows: whose record it is, or which team it is. None as for `close`."""
        row = self.store.tasks.get(task)
        if row is None or row.event_no is None or not await self.close("task", task, who, reason):
            return None
        if person is not None and row.task.slot is not None:
            async with self.store.transaction():
                self.store.matches[row.event_no, row.task.slot] = person
            return Reroute(row.event_no, None, None, "match")
        return Reroute(row.event_no, row.task.child, row.task.service, "nobody-found", hint=team)

    async def pause(self, team: str, who: str, reason: str) -> None:
        """Hold what goes to this destination; its clocks run on."""
        s = self.store
        async with s.transaction():
            known = s.destinations.get(team) or Destination(team)
            s.destinations[team] = replace(known, paused_by=who, paused_reason=reason, paused_at=s.clock())

    async def resume(self, team: str) -> None:
        """Send on, in the old order."""
        s = self.store
        async with s.transaction():
            if team in s.destinations:
                s.destinations[team] = replace(s.destinations[team], paused_by=None, paused_reason=None, paused_at=None)

    async def reconcile(self) -> Reconciled:
        """Whether everything accepted is accounted for: outcomes, numbers, and where each delivery is."""
        s = self.store
        outcomes: Counter[str] = Counter()
        faults = []
        for e in s.events.values():
            outcomes.update(e.outcomes)
            if (ended := sum(e.outcomes.values())) != e.considered:
                faults.append(f"event {e.event.id}: {e.considered} rows considered, {ended} outcomes")
        faults += [f"event {no} was claimed and not kept" for _, no in s.inbox.values() if no not in s.events]
        given: dict[tuple[str, str | None], list[int]] = {}
        for pair, sequence, _ in s.sent.values():
            given.setdefault(pair, []).append(sequence)
        faults += [f"{pair[0]}: numbers missing {gaps}" for pair, n in given.items() if (gaps := gaps_in(n))]
        lost = [row for row in s.deliveries.values() if row.no not in s.due and row.delivery.id not in s.sent]
        lost = [row for row in lost if row.withdrawn_by is None]
        faults += [f"delivery {row.delivery.id} is neither due nor sent" for row in lost]
        known = (row for row in s.deliveries.values() if row not in lost)
        states = Counter(self._record(row).state for row in known)
        return Reconciled(len(s.events), sum(e.considered for e in s.events.values()), outcomes, states, tuple(faults))
