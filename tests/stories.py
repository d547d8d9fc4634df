"""Town: the real router with every inbox around it, and time in the test's hands.

    mother, tom = adult("Ada"), child("Tom", age=3)
    town = Town(family(mother=mother, children=[tom]))
    attended = ed_discharged(tom, diagnosis="Greenstick fracture")

    await town.publish(attended)                       # bytes → accept → decide → keep → sender → inboxes
    town.told(attended)                                # {"gp-castle", "hv-north", "pln"}: who was sent a summary
    letter = town.letter("hv-north")                   # the only summary there; town.inbox(team) for all of them
    letter["what_happened"]["diagnosis"]
    await town.receipt(letter, "acknowledged")         # bytes → take_receipts; more: record_ref=, outcome=, redirect=
    await town.advance(working_days=2)                 # stops at every clock on the way, fires it, sends what follows
    town.escalations("hv-lead"), town.tasks(), town.clocks(), town.queue("hv-north"), town.status("ed")

People (story_people): `adult`, `child`, `unborn`, `family`, `flag`, `involved`, `caseload`, `MORNING`.
Events (story_events): a builder for each type (`ed_discharged`, `dart_notified`, …), `update_of`, `cancel_of`, `event`.
Teams (story_teams): `directory(without={"hv-north"}, hv_south={"lead": None}, publishers={"ed": {…}})`, then `teams=`.
Whatever reaches an inbox is checked there against its contract, and that it can be read as a page (`letter.page`).
`town.ledger` is a MemoryLedger: claim, close, match, pause and all else that people do are its methods."""

from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import orjson

from adapters.storage.memory import Hands, MemoryLedger
from adapters.storage.records import ClockRecord, DeliveryRecord, IncidentRecord, RefusalRecord, TaskRecord
from contracts.register import event_types
from router.deliver import Sender
from router.directory import Publisher
from router.escalate import escalate
from router.events import Received
from router.plan import Plan, Verdict
from router.policy.book import Book, rule_book
from router.policy.working_time import add_working_days, add_working_hours
from router.receipts import Answers, decide_again, take_receipts
from router.take import Taken, take_in
from tests.story_events import Said
from tests.story_inboxes import Inboxes, Letter
from tests.story_people import MORNING, Family, Json, Person
from tests.story_teams import directory

T = TypeVar("T")


class Town:
    """The router and everybody around it; see the module for how to use it."""

    def __init__(
        self, *families: Family, teams: Json | None = None, book: Book | None = None, at: datetime = MORNING
    ) -> None:
        self.hands = Hands(at)
        self.ledger = MemoryLedger(self.hands)
        self.inboxes = Inboxes()
        self.book = book or rule_book()
        self._offsets: dict[str, int] = {}
        self._sender = Sender("town", self.ledger, self.inboxes)
        _run(self.ledger.load_cover(teams or directory()))
        _run(self.ledger.load_families(f.doc for f in families))

    # What happens

    async def publish(self, *said: Said | bytes | Json, by: str | None = None, send: bool = True) -> Taken:
        """Publish these as one batch of their publishers' topics, and (unless `send` is false) deliver what follows."""
        taken = await take_in([self._record(s, by) for s in said], self.ledger, self.book)
        if send:
            await self.deliver()
        return taken

    def _record(self, said: Said | bytes | Json, by: str | None) -> Received:
        if isinstance(said, bytes):
            publisher, raw = by or "ed", said
        else:
            event = dict(said.event if isinstance(said, Said) else said)
            publisher = by or (said.by if isinstance(said, Said) else None) or self._publisher_of(event)
            known = self.ledger.store.cover.publishers.get(publisher)
            event.setdefault("source", known.source if known else "https://unknown.example")
            event.setdefault("time", self.hands.now.isoformat())
            raw = orjson.dumps(event)
        topic = f"events.{publisher}"
        self._offsets[topic] = self._offsets.get(topic, -1) + 1
        return Received(publisher, raw, b"opaque", topic, 0, self._offsets[topic])

    def _publisher_of(self, event: Json) -> str:
        may = event_types()[event["type"]].published_by
        publishers: Iterable[Publisher] = self.ledger.store.cover.publishers.values()
        found = [p for p in publishers if p.service in may]
        of_its_own = [p for p in found if p.service.value == event["data"].get("service")]
        return (of_its_own or found)[0].id

    async def deliver(self) -> None:
        """Send all that is due now."""
        await self._sender.renew()
        while await self._sender.round():
            pass

    async def receipt(
        self,
        to: Letter | str,
        state: str,
        *,
        team: str | None = None,
        by: str = "H. Cole",
        kind: str = "person",
        id: str | None = None,
        **said: Any,
    ) -> Answers:
        """A recipient's answer to a letter (or to a delivery's id, from `team`); `id` repeats an earlier one."""
        delivery, of = (to.id, to.team) if isinstance(to, Letter) else (to, "")
        n = self._offsets["receipts"] = self._offsets.get("receipts", -1) + 1
        organisation = self.ledger.store.cover.teams[team or of].organisation
        who = {"name": by, "role": "practitioner", "organisation": organisation, "kind": kind}
        needed: Json = {"filed": {"record_ref": "record-1"}, "acted": {"outcome": "follow-up-recorded"}}.get(state, {})
        at = self.hands.now.isoformat()
        raw = orjson.dumps(
            {
                "specversion": "1.0",
                "id": id or str(uuid5(NAMESPACE_URL, f"receipt/{n}")),
                "type": "receipt-1",
                "source": f"https://sharewell.example/teams/{team or of}",
                "time": at,
                "data": {"delivery_id": delivery, "state": state, "at": at, "by": who, **needed, **said},
            }
        )
        record = Received(team or of, raw, None, f"receipts.{team or of}", 0, n)
        answers = await take_receipts([record], self.ledger, self.book)
        await self.deliver()
        return answers

    async def advance(
        self, *, working_days: int = 0, working_hours: float = 0, days: float = 0, hours: float = 0, minutes: float = 0
    ) -> None:
        """Let time go by: at each clock that runs out on the way it stops, fires and delivers."""
        until = add_working_days(self.hands.now, working_days) if working_days else self.hands.now
        until = add_working_hours(until, working_hours) if working_hours else until
        until += timedelta(days=days, hours=hours, minutes=minutes)
        while True:
            due = [c.due for c in self.clocks() if c.state == "running" and c.due <= until]
            self.hands.now = max(self.hands.now, min(due)) if due else until
            await escalate(self.ledger)
            await self.deliver()
            if not due:
                return

    async def decide_again(self, task: str, who: str = "D. Desk", **chosen: str) -> Plan | None:
        """A person closes a task with what they know (`person=` or `team=`), and the event is decided again."""
        reroute = await self.ledger.match(task, who, "found by telephone", **chosen)
        if reroute is None:
            return None
        plan = await decide_again(reroute, self.ledger, self.book)
        await self.deliver()
        return plan

    # What is seen

    def inbox(self, team: str, about: Person | None = None) -> list[Letter]:
        """The summaries that this team has, oldest first; of one child if named."""
        return [x for x in self.inboxes.of("summary", team) if about is None or x.child == about.id]

    def letter(self, team: str, about: Person | None = None) -> Letter:
        """The only summary that this team has (about this child)."""
        letters = self.inbox(team, about)
        assert len(letters) == 1, f"{team} has {len(letters)} summaries"
        return letters[0]

    def told(self, said: Said | None = None, about: Person | None = None) -> set[str]:
        """The teams that have a summary: of this event, about this child."""
        summaries = self.inboxes.of("summary")
        return {
            x.team
            for x in summaries
            if (said is None or x["event"]["id"] == said.id) and (about is None or x.child == about.id)
        }

    def withdrawals(self, team: str | None = None) -> list[Letter]:
        """What this team (or everybody) was told no longer stands."""
        return self.inboxes.of("withdrawal", team)

    def escalations(self, team: str | None = None, flow: str | None = None) -> list[Letter]:
        """What was escalated to this team or to anybody, in this flow or in any; the oldest first."""
        found = [x for x in self.inboxes.of("escalation", team) if flow in (None, x["flow"])]
        return sorted(found, key=lambda x: (x["due"], x["rung"]))

    def status(self, publisher: str, kind: str | None = None) -> list[Json]:
        """What this publisher was answered, entry by entry; of one kind if named."""
        entries = [entry for x in self.inboxes.of("answer", publisher) for entry in x["entries"]]
        return [e for e in entries if kind in (None, e["kind"])]

    def tasks(self, kind: str | None = None) -> list[TaskRecord]:
        """Tasks that nobody has closed yet; of one kind if named."""
        return [t for t in _run(self.ledger.tasks()) if kind in (None, t.task.kind)]

    def refusals(self) -> list[RefusalRecord]:
        """Refused records for which no corrected one has come."""
        return _run(self.ledger.refusals())

    def incidents(self) -> list[IncidentRecord]:
        """What must be looked into."""
        return _run(self.ledger.incidents())

    def clocks(self, delivery: Letter | None = None, child: Person | None = None) -> list[ClockRecord]:
        """Clocks, running or ended, with the rungs that fired."""
        return _run(self.ledger.clocks(delivery=delivery.id if delivery else None, child=child.id if child else None))

    def queue(self, team: str) -> list[DeliveryRecord]:
        """What waits for a person of this team, due first."""
        return _run(self.ledger.queue(team))

    def state(self, letter: Letter) -> str:
        """How far up the ladder a delivery is."""
        return next(d.state for d in _run(self.ledger.deliveries(team=letter.team)) if d.delivery.id == letter.id)

    def verdicts(self, said: Said, about: Person | None = None, by: str | None = None) -> list[Verdict]:
        """Every row that was considered for this event (and child), and what came of it."""
        publisher = by or said.by or self._publisher_of(said.event)
        kept = _run(self.ledger.bodies(said.id, publisher))
        assert kept is not None, "no such event was kept"
        return [v for v in (Verdict(*v) for v in kept.decision["verdicts"]) if about is None or v.child == about.id]

    def file(self, person: Person) -> Any:
        """Somebody's place in the directory as it is now."""
        s = self.ledger.store
        family = s.people[person.id][2]
        return orjson.loads(s.versions[family, s.families[family]])["people"][person.id]


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """What an asynchronous reading of the memory ledger answers: it never has to wait."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        answer: T = done.value
        return answer
    raise AssertionError("the memory ledger waited")
