"""The router's side of the memory ledger: claim, gather, keep."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta

import orjson

from adapters.storage.memory.handing import hand_back
from adapters.storage.memory.lives import deaths_and_lives, is_newest, one_matter
from adapters.storage.memory.tables import DeliveryRow, EventRow, Store, running
from adapters.storage.records import ClockRecord, ConflictRecord, RefusalRecord, TaskRecord
from router.accept import Refused
from router.carried import running_as, sought_as
from router.clocks import is_for
from router.directory import Cover
from router.earlier import MOOT, SEEKS, Alert, Sought, Standing, said_in
from router.events import Event, record_of, refusal_id, stable_id
from router.facts import HISTORY_YEARS, Involved
from router.identity import named_in
from router.ledger import Claim, Kept
from router.material import Material, OnRecord, record_key, unjoined_places
from router.matters import Part
from router.moments import day_of
from router.past import Happening
from router.plan import BY_ITSELF, Clock, Delivery, Meets, Plan, Task, Turn
from router.put_aside import conflict_task, refusal_clock
from router.turns import Course, turned


class MemoryBatch:
    """One transaction of the router."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, store.clock()

    async def claim(self, events: Sequence[Event], refused: Sequence[Refused] = ()) -> Claim:
        """Put the events into the inbox; those already there are seen, or in conflict."""
        claim = Claim(refused=[r for r in refused if refusal_id(r.received) not in self.store.refusals])
        for event in events:
            known = self.store.inbox.get((event.id, event.publisher))
            if known is None:
                self.store.inbox[event.id, event.publisher] = (event.digest, next(self.store.numbers))
                claim.fresh.append(event)
            else:
                at = event.received
                seen = event.is_what_was_kept(known[0]) or (at.topic, at.partition, at.offset) in self.store.conflicts
                (claim.seen if seen else claim.conflicts).append(event)
        return claim

    async def refuse(self, refused: Sequence[Refused]) -> list[Refused]:
        """Take these events of this batch for refused after all, their ids free again; those that are new."""
        for r in refused:
            if (r.event_id, r.received.publisher) in self.store.inbox:
                del self.store.inbox[r.event_id or "", r.received.publisher]
        return [r for r in refused if refusal_id(r.received) not in self.store.refusals]

    async def gather(self, events: Sequence[Event], people: Sequence[str] = (), besides: int | None = None) -> Material:
        """What is known of everybody named, and of these people; `besides` is an event that is decided again."""
        s = self.store
        numbers = {n.nhs for e in events for n in named_in(e) if n.nhs} & s.by_nhs.keys()
        again = [p for e in events for p in unjoined_places(e)] if besides is not None else []
        before = {record_key(e): self._parts(e, besides) for e in events if e.data.record_id}
        then = [p for e in events if e.action != "new" for b in before.get(record_key(e), ()) for _, _, p in b.named]
        found = {*(s.by_nhs[n] for n in numbers), *(p for p in (*people, *again, *then) if p in s.people)}
        families = {n: s.families[n] for n in sorted({s.people[p][2] for p in found})}
        files = {n: orjson.loads(s.versions[n, version]) for n, version in families.items()}
        since = (self.now.astimezone(UTC) - timedelta(days=366 * HISTORY_YEARS)).isoformat()
        return Material(
            now=self.now,
            cover=s.cover,
            families=files,
            versions=families,
            new_families=s.new_families,
            on_record={n: OnRecord(p, s.people[p][1] or "", s.people[p][2]) for n in numbers for p in (s.by_nhs[n],)},
            history={
                p: past
                for file in files.values()
                for p in file["people"]
                if (past := [h for no, h in s.happened.get(p, ()) if no != besides and h.at > since])
            },
            earlier={record: parts for record, parts in before.items() if parts},
            involved=self._involved(besides) if any(type(e.data).reads_involvement for e in events) else None,
        )

    def _involved(self, besides: int | None) -> dict[str, list[Involved]]:
        """Who has sent or received anything, about anybody; what was cancelled or was not theirs left out."""
        s, last = self.store, dict[tuple[str, str, str], str]()
        gone: dict[tuple[str, str, str], list[int]] = {}
        for no, r in s.events.items():
            if r.event.action == "cancel" and r.event.data.record_id:
                gone.setdefault(record_key(r.event), []).append(no)
        real = {
            no: row.event
            for no, row in s.events.items()
            if not type(row.event.data).asks_around and row.event.action != "cancel" and no != besides
        }
        for person, past in s.happened.items():
            for no, _ in past:
                if (e := real.get(no)) is None or e.publisher not in s.cover.publishers:
                    continue
                if not any(one_matter(s, no, g) for g in gone.get(record_key(e), ())):
                    key = (person, s.cover.publishers[e.publisher].team, "sent")
                    last[key] = max(last.get(key, ""), day_of(e.time).isoformat())
        refused = {r.delivery for r in s.receipts.values() if r.state == "not-ours"}
        for row in s.deliveries.values():
            d = row.delivery
            standing = d.kind == "summary" and row.withdrawn_by is None and d.id not in refused
            if standing and d.child and row.event_no in real:
                key = (d.child, d.team, "received")
                last[key] = max(last.get(key, ""), day_of(row.kept_at).isoformat())
        found: dict[str, list[Involved]] = {}
        for (person, team, how), day in last.items():
            found.setdefault(person, []).append(Involved(team, how, day))
        return found

    def _parts(self, event: Event, besides: int | None) -> list[Part]:
        """What was kept under the event's record."""
        numbers = sorted(no for no in self.store.records.get(record_key(event), ()) if no != besides)
        return [self._part(no) for no in numbers]

    def _part(self, no: int) -> Part:
        s = self.store
        event, facts, ids = s.events[no].event, orjson.loads(s.events[no].facts), s.of_event.get(no, ())
        mine = sorted((t for t in s.tasks.values() if t.event_no == no), key=lambda t: t.task.id)
        own = [s.deliveries[id] for id in ids if s.deliveries[id].withdrawn_by is None]
        return Part.read(
            event.id,
            event.action,
            event.sequence or "0",
            facts,
            self._chosen(no),
            event.body,
            standing=tuple(
                Standing(r.delivery.id, r.delivery.child, r.delivery.team)
                for r in own
                if r.delivery.kind == "summary" and r.delivery.child
            ),
            running=tuple(running_as(r.clock, r.rung, r.due) for r in running(s, no) if r.clock.task is None),
            alerts=tuple(self._alert(r.delivery.id) for r in own if r.delivery.kind == "escalation"),
            tasks=tuple(t.task.id for t in mine if t.state != "closed" and t.task.kind in MOOT),
            stood=tuple((p, h.type, h.thing) for p in sorted(s.happened) for n, h in s.happened[p] if n == no),
            sought=tuple(self._sought(t) for t in mine if _is_sought(t)),
        )

    def _sought(self, row: TaskRecord) -> Sought:
        s, id = self.store, row.task.id
        said = said_in(s.events[row.event_no or 0].event.body)
        waiting = (r.clock._replace(rung=r.rung, next_due=r.due) for r in running(s, id))
        return sought_as(row.task, said, waiting)._replace(closed=row.state == "closed")

    def _alert(self, id: str) -> Alert:
        s, told = self.store, self.store.deliveries[id].delivery
        clock = s.clocks[orjson.loads(told.body)["data"]["about"]["clock"]].clock
        of = s.deliveries[clock.delivery].delivery if clock.delivery else None
        child, team = (of.child, of.team) if of else (None, None)
        task = s.tasks[clock.task].task if clock.task else None
        asks = (task.words, task.child, task.service, task.owner, task.slot) if task and task.kind in SEEKS else None
        return Alert(id, told.child, told.team, child, team, clock.id, asks)

    def _chosen(self, no: int) -> dict[str, str]:
        """Slot → person, as a person has said of this event."""
        return {slot: person for (n, slot), person in self.store.matches.items() if n == no}

    async def keep(
        self,
        kept: Sequence[Kept],
        material: Material,
        refused: Sequence[Refused],
        answers: Sequence[Delivery],
        conflicts: Sequence[Event],
    ) -> None:
        """Write everything that follows from the batch."""
        s = self.store
        for k in kept:
            self._event(k)
        keep_deliveries(s, [(d, self._number(k.event)) for k in kept for d in k.plan.deliveries])
        keep_deliveries(s, [(a, None) for a in answers])
        for k in kept:
            for task in k.plan.tasks:
                keep_task(s, task, self._number(k.event), k.event.publisher)
            for clock in k.plan.clocks:
                keep_clock(s, clock, self._number(k.event), k.event.publisher)
        for r in refused:
            keep_refusal(s, r)
        for e in conflicts:
            self._conflict(e)
        for k in kept:
            self._ends(k)
        keep_families(s, material)
        for at in (*(k.event.received for k in kept), *(r.received for r in refused), *(e.received for e in conflicts)):
            s.heard[at.publisher] = self.now
            s.positions[at.topic, at.partition] = max(s.positions.get((at.topic, at.partition), 0), at.offset + 1)

    def _number(self, event: Event) -> int:
        return self.store.inbox[event.id, event.publisher][1]

    def _event(self, k: Kept) -> None:
        s, no, plan = self.store, self._number(k.event), k.plan
        s.events.add(
            no,
            EventRow(
                no,
                k.event,
                orjson.dumps(k.facts.snapshot()),
                orjson.dumps(plan.decision()),
                plan.policy_version,
                len(plan.verdicts),
                plan.tally(),
                self.now,
                plan.appraisal.wanted,
                plan.appraisal.present,
            ),
        )
        if k.event.data.record_id:
            s.records[record_key(k.event)] = (*s.records.get(record_key(k.event), ()), no)
        remember(s, no, k.event, plan)

    def _conflict(self, e: Event) -> None:
        s, at = self.store, e.received
        place = (at.topic, at.partition, at.offset)
        if place in s.conflicts:
            return
        s.conflicts[place] = ConflictRecord(e.publisher, e.id, *place, self.now, at.raw or b"")
        task, clock = conflict_task(e, s.cover, self.now)
        keep_task(s, task, None, e.publisher)
        keep_clock(s, clock, None, e.publisher)

    def _ends(self, k: Kept) -> None:
        """What this event withdraws, replaces, meets, hastens and mends."""
        s, no = self.store, self._number(k.event)
        deaths_and_lives(s, no, k.plan)
        for handed in k.plan.hand_ons:
            s.hand_ons[handed.delivery] = (*s.hand_ons.get(handed.delivery, ()), handed)
        for id in k.plan.withdrawn:
            if s.deliveries[id].withdrawn_by is None:
                s.deliveries[id] = replace(s.deliveries[id], withdrawn_by=no)
                s.read_not_filed.pop(id, None)
                hand_back(s, id)
        for id, why in k.plan.closes.items():
            if s.tasks[id].state != "closed":
                s.tasks[id] = replace(s.tasks[id], state="closed", closed_by=BY_ITSELF, reason=why)
                end_clocks(s, id, "stopped", "replaced")
        unsent = {id for id in k.plan.withdrawn if never_sent(s, id)}
        for id in (*unsent, *(d.id for d in k.plan.deliveries if d.withdraws in unsent)):
            s.deliveries[id] = replace(s.deliveries[id], withdrawn_by=no)
            del s.due[s.deliveries[id].no]
        if k.plan.replaces:
            for id in k.facts.earlier.of if k.facts.earlier else ():
                end_clocks(s, s.inbox[id, k.event.publisher][1], "stopped", "replaced", tasks=False)
        for m in k.plan.unmeets:
            for id in s.clocks_of.get(m.child, ()):
                met = s.clocks[id]
                mine = met.state == "met" and met.ended_how == m.type and _about(met.clock, m)
                if mine and not self._meets_still(met.clock):
                    s.clocks[id] = replace(met, state="running", ended_how=None)
        meet_clocks(s, k.plan.meets)
        turn_clocks(s, k.plan.turns)
        for id, refusal in list(s.refusals.items()):
            if refusal.state in ("open", "claimed") and _mends(k.event, refusal) and not k.plan.passed_over:
                s.refusals[id] = replace(refusal, state="mended", reason="a corrected event came")
                end_clocks(s, id, "met", "a corrected event came")

    def _meets_still(self, clock: Clock) -> bool:
        """Whether another event, in the newest version of its record, meets a clock about a thing still."""
        past = self.store.happened.get(clock.child or "", ()) if clock.thing is not None else ()
        return any(is_for(clock.thing, h) and h.type in clock.met_by and is_newest(self.store, no) for no, h in past)


def _is_sought(row: TaskRecord) -> bool:
    """Whether somebody is sought, and the task is open or a person has closed it."""
    return row.task.kind in SEEKS and row.closed_by != BY_ITSELF


def never_sent(s: Store, delivery: str) -> bool:
    """Whether nobody has tried to send it, answered it or claimed it."""
    waits = s.due.get(s.deliveries[delivery].no)
    answered = any(r.delivery == delivery for r in s.receipts.values())
    return waits is not None and waits[1] == 0 and not answered and delivery not in s.claims


def remember(s: Store, no: int, event: Event, plan: Plan) -> None:
    """What the event counts as from now on, for each child; said again it counts once."""
    for pid, kind, about in plan.remembered:
        at, thing = event.time.astimezone(UTC).isoformat(), about or plan.thing
        one = (no, Happening(at, kind, thing, plan.place, record_of(event)))
        if one not in s.happened.get(pid, ()):
            s.happened[pid] = (*s.happened.get(pid, ()), one)


def meet_clocks(s: Store, meets: Sequence[Meets]) -> None:
    """End the clocks that an event meets, and hasten those that may not run on after it."""
    for m in meets:
        for row in running(s, m.child):
            if row.state == "paused":
                continue
            if _about(row.clock, m) and m.type in row.clock.met_by:
                s.clocks[row.clock.id] = replace(row, state="met", ended_how=m.type)
            elif _about(row.clock, m) and m.type in row.clock.at_once_on and row.rung == 0:
                s.clocks[row.clock.id] = replace(row, due=min(row.due, s.clock()))


def turn_clocks(s: Store, turns: Sequence[Turn]) -> None:
    """Pause, resume, re-rate or answer what an event turns; a cancelled one opens again what it had answered."""
    for t in turns:
        for row in [s.clocks[id] for id in s.clocks_of.get(t.child, ())]:
            if after := turned(Course(row.clock, row.rung, row.due, row.state, row.ended_how), t):
                s.clocks[row.clock.id] = replace(
                    row, clock=after.clock, due=after.due, state=after.state, ended_how=after.how
                )


def _about(clock: Clock, meets: Meets) -> bool:
    return clock.child == meets.child and (clock.thing is None or clock.thing == meets.thing)


def _mends(event: Event, refusal: RefusalRecord) -> bool:
    """The same record, and not from before the refused one: a good version is not mended by its bad successor's."""
    at = event.received
    same = event.publisher == refusal.publisher and event.data.record_id == refusal.record_id is not None
    return same and ((at.topic, at.partition) != (refusal.topic, refusal.partition) or at.offset > refusal.offset)


def keep_deliveries(s: Store, rows: Sequence[tuple[Delivery, int | None]], because: str | None = None) -> None:
    """Deliveries and their due work; numbers rise in the order given."""
    for delivery, event_no in rows:
        no = next(s.numbers)
        s.deliveries.add(delivery.id, DeliveryRow(delivery, no, event_no, s.clock(), because))
        s.due[no] = (delivery.id, 0)
        if event_no is not None:
            s.of_event[event_no] = (*s.of_event.get(event_no, ()), delivery.id)


def keep_clock(s: Store, clock: Clock, event_no: int | None, publisher: str) -> None:
    """A running clock with its ladder."""
    event = s.events[event_no].event.id if event_no is not None else None
    state = clock.turns.state if clock.turns else "running"
    s.clocks.add(clock.id, ClockRecord(clock, event_no, event, publisher, clock.rung, clock.due, state))
    for about in {clock.child, clock.delivery, clock.task, event_no} - {None}:
        s.clocks_of[about] = (*s.clocks_of.get(about, ()), clock.id)


def keep_task(s: Store, task: Task, event_no: int | None, publisher: str) -> bool:
    """A task for a person; False where the same is kept already."""
    if task.id in s.tasks:
        return False
    s.tasks[task.id] = TaskRecord(task, publisher, s.clock(), event_no)
    return True


def keep_refusal(s: Store, r: Refused) -> None:
    """A refusal and its clock, once for each place on its topic."""
    at, id = r.received, stable_id("refusal", r.received.topic, str(r.received.partition), str(r.received.offset))
    if id not in s.refusals:
        s.refusals[id] = RefusalRecord(
            id,
            at.publisher,
            at.topic,
            at.partition,
            at.offset,
            r.problems,
            r.event_id,
            r.event_type,
            r.record_id,
            s.clock(),
        )
        keep_clock(s, refusal_clock(id, at.publisher, s.cover, s.clock()), None, at.publisher)


def keep_families(s: Store, material: Material) -> None:
    """Every new version of the files that were touched, and who is found where."""
    for key, file in material.written.items():
        s.versions.add(key, orjson.dumps(file))
    for number in sorted(material.touched):
        s.families[number] = material.versions[number]
    people = [(p, d, n) for n in sorted(material.touched) for p, d in material.families[n]["people"].items()]
    # who bears a number no more comes first, and who is known by one that was another's last
    for pid, doc, number in sorted(people, key=lambda one: ("nhs" in one[1], "same_as" in one[1])):
        keep_person(s, pid, doc.get("nhs"), doc.get("born"), number)


def keep_person(s: Store, pid: str, nhs: str | None, born: str | None, family: int) -> None:
    """Where somebody is found; a number is one person's. Raises KeyError where it is another's."""
    before = s.people.get(pid)
    if before is not None and before[0] is not None and before[0] != nhs:
        del s.by_nhs[before[0]]
    if nhs is not None and s.by_nhs.get(nhs) != pid:
        s.by_nhs.add(nhs, pid)
    s.people[pid] = (nhs, born, family)


def end_clocks(s: Store, about: str | int, state: str, how: str, *, tasks: bool = True) -> None:
    """End the running clocks of a delivery, task, refusal or event; `tasks=False` spares those that drive a task."""
    for row in running(s, about):
        if tasks or row.clock.task is None:
            s.clocks[row.clock.id] = replace(row, state=state, ended_how=how)


class MemoryIntake:
    """Transactions of the router."""

    store: Store

    async def cover(self) -> Cover:
        """The newest teams and publishers."""
        return self.store.cover

    @asynccontextmanager
    async def taking(self) -> AsyncIterator[MemoryBatch]:
        """One transaction: kept on a clean exit, undone on any error."""
        async with self.store.transaction():
            yield MemoryBatch(self.store)
