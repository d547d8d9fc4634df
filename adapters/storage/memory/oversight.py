"""What was shared, told, read, filed and owed in any period, counted from the memory ledger (F30, F31)."""

from collections.abc import Iterable
from datetime import datetime
from statistics import median

from adapters.storage.memory.chronicle import MemoryChronicle
from adapters.storage.memory.tables import DeliveryRow, EventRow, Store
from adapters.storage.records import ClockRecord, NotFiled, PublisherSeen, RecipientSeen, is_filed
from router.ledger import ReceiptIn

SEEN = frozenset({"acknowledged", "filed", "acted"})


class MemoryOversight(MemoryChronicle):
    """The same counts as PostgreSQL's, the plain way."""

    store: Store

    async def recipients(self, since: datetime | None = None, until: datetime | None = None) -> list[RecipientSeen]:
        """Every team that was told something in the period."""
        of: dict[str, list[DeliveryRow]] = {}
        for row in self.store.deliveries.values():
            if row.delivery.kind == "summary" and _within(row.kept_at, since, until):
                of.setdefault(row.delivery.team, []).append(row)
        return [self._recipient(team, of[team]) for team in sorted(of)]

    def _recipient(self, team: str, rows: list[DeliveryRow]) -> RecipientSeen:
        s = self.store
        answers = {r.delivery.id: self._receipts(r.delivery.id) for r in rows}
        clocks = {r.delivery.id: [c for c in s.clocks.values() if c.clock.delivery == r.delivery.id] for r in rows}
        events = [s.events[r.event_no] for r in rows if r.event_no is not None]
        waits = [(self._read_at(r) - r.kept_at).total_seconds() for r in rows if _seen(answers[r.delivery.id])]
        return RecipientSeen(
            team=team,
            told=len(rows),
            sent=sum(self._transport(r) == "sent" for r in rows),
            received=sum(bool(a) for a in answers.values()),
            acknowledged=sum(_seen(a) for a in answers.values()),
            filed=sum(is_filed(a) for a in answers.values()),
            acted=sum(any(r.state == "acted" for r in a) for a in answers.values()),
            not_ours=sum(any(r.state == "not-ours" for r in a) for a in answers.values()),
            failed=sum(any(r.state == "failed" for r in a) for a in answers.values()),
            not_filed=sum(r.delivery.id in s.read_not_filed for r in rows),
            late=sum(any(c.rung > 0 for c in owed) for owed in clocks.values()),
            overdue=sum(any(self._overdue(c) for c in owed) for owed in clocks.values()),
            wanted=sum(_quality(e)[0] for e in events),
            present=sum(_quality(e)[1] for e in events),
            read_after=median(waits) if waits else None,
        )

    async def publishers(self, since: datetime | None = None, until: datetime | None = None) -> list[PublisherSeen]:
        """Every publisher that sent something in the period, refused or not."""
        s = self.store
        said: dict[str, list[EventRow]] = {}
        for event in s.events.values():
            if not event.event.test and _within(event.accepted_at, since, until):
                said.setdefault(event.event.publisher, []).append(event)
        refused = [r for r in s.refusals.values() if _within(r.received_at, since, until)]
        found = []
        for publisher in sorted(set(said) | {r.publisher for r in refused}):
            numbers = {e.no for e in said.get(publisher, ())}
            rows = [r for r in s.deliveries.values() if r.delivery.kind == "summary" and r.event_no in numbers]
            answers = [self._receipts(r.delivery.id) for r in rows]
            own = [r for r in refused if r.publisher == publisher]
            found.append(
                PublisherSeen(
                    publisher=publisher,
                    accepted=len(numbers),
                    refused=len(own),
                    unmended=sum(r.state in ("open", "claimed") for r in own),
                    told=len(rows),
                    sent=sum(self._transport(r) == "sent" for r in rows),
                    received=sum(bool(a) for a in answers),
                    acknowledged=sum(map(_seen, answers)),
                    filed=sum(map(is_filed, answers)),
                    overdue=sum(c.event_no in numbers and self._overdue(c) for c in s.clocks.values()),
                    wanted=sum(_quality(e)[0] for e in said.get(publisher, ())),
                    present=sum(_quality(e)[1] for e in said.get(publisher, ())),
                )
            )
        return found

    async def read_not_filed(self, before: datetime, team: str | None = None) -> list[NotFiled]:
        """Summaries that a person read by then and nobody has filed."""
        s, found = self.store, []
        for id, since in s.read_not_filed.items():
            row = s.deliveries[id]
            event = s.events[row.event_no].event if row.event_no is not None else None
            if since <= before and team in (None, row.delivery.team):
                kind, by = (event.type, event.publisher) if event else (None, None)
                found.append(NotFiled(id, row.delivery.team, since, kind, by))
        return sorted(found, key=lambda n: (n.since, n.delivery))

    def _overdue(self, clock: ClockRecord) -> bool:
        out = clock.rung > 0 or clock.due <= self.store.clock()
        return clock.state == "exhausted" or (clock.state == "running" and out)

    def _read_at(self, row: DeliveryRow) -> datetime:
        return self.store.read_at[row.delivery.id]


def _within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at < until)


def _seen(receipts: Iterable[ReceiptIn]) -> bool:
    return any(r.by_kind == "person" and r.state in SEEN for r in receipts)


def _quality(event: EventRow) -> tuple[int, int]:
    return event.wanted, event.present
