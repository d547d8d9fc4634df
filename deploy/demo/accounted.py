"""Whether everything that went in is accounted for: what was sent, what arrived, and the ledger between them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import psycopg

from adapters.storage.intake import STEPPED
from adapters.storage.reconcile import reconcile
from adapters.storage.records import UNSENT
from deploy.demo.asked import ASKED
from deploy.demo.held import Held
from deploy.demo.place import Place
from deploy.demo.wire import EVENTS, RECEIPTS, Letter, Wire
from deploy.offsets import against_topics


class Account(NamedTuple):
    """One thing that must hold: what was counted, and what is wrong with it; nothing where it holds."""

    what: str
    counted: str
    wrong: Sequence[str] = ()


async def accounts(place: Place, wire: Wire, held: Held) -> list[Account]:
    """Every account, in the order that a reader asks."""
    return [
        await _records(place, wire, held),
        _told(held, wire.read),
        _arrived(held, wire.read),
        _numbers(wire.read),
        await _receipts(place, wire),
        await _reconciled(place),
    ]


async def _records(place: Place, wire: Wire, held: Held) -> Account:
    """Each published record is an event, a refusal, a conflict, or the same bytes again."""
    kept = await _places(place, "event_places")
    refused = await _places(place, "refusal_places")
    conflicts = await _places(place, "conflict_places")
    known = {row[0] for row in await (await place.ledger.execute(ASKED["inbox"])).fetchall()}
    found: Counter[str] = Counter()
    lost = []
    for sent in wire.sent:
        if not sent.topic.startswith(EVENTS):
            continue
        at = (sent.topic, sent.partition, sent.offset)
        if at in kept:
            found["heartbeats" if sent.one.event.get("testevent") else "kept"] += 1
        elif at in refused:
            found["refused"] += 1
        elif at in conflicts:
            found["in conflict with an earlier one"] += 1
        elif sent.one.id in known:
            found["sent twice and kept once"] += 1
        else:
            lost.append(f"{sent.topic} {sent.partition} {sent.offset}")
    return Account("Records published", f"{sum(found.values())} = {_sum(found)}", lost)


async def _places(place: Place, name: str) -> set[tuple[Any, ...]]:
    return set(await (await place.ledger.execute(ASKED[name])).fetchall())


def _sum(found: Mapping[str, int]) -> str:
    return " + ".join(f"{count} {what}" for what, count in found.items())


def _told(held: Held, read: Mapping[str, Letter]) -> Account:
    """Each verdict 'told' is a delivery, and each arrived in its team's own topic."""
    rows = {(d.event, d.child, d.team): d.id for d in held.summaries}
    pairs = [(e.id, v.child, team) for e in held.events for v in e.decision if v.outcome == "told" for team in v.teams]
    wrong = [
        f"event {event[:8]}, {team}"
        for event, child, team in pairs
        if (id := rows.get((event, child, team))) is None or id not in read or read[id].topic != f"summaries.{team}"
    ]
    considered = sum(e.considered for e in held.events)
    sums = {
        "told": sum(e.told for e in held.events),
        "not applicable": sum(e.not_applicable for e in held.events),
        "withheld": sum(e.withheld for e in held.events),
        "nobody found": sum(e.nobody_found for e in held.events),
    }
    if sum(sums.values()) != considered:
        wrong.append("the sum of outcomes is another")
    return Account("Rows of the rule book considered", f"{considered} = {_sum(sums)}", wrong)


def _arrived(held: Held, read: Mapping[str, Letter]) -> Account:
    """Every delivery of the ledger was read by whom it was for, and nothing else was."""
    ours = {d.id: f"summaries.{d.team}" for d in held.deliveries if d.state != UNSENT}
    arrived = {id: letter.topic for id, letter in read.items() if not letter.topic.startswith("status.")}
    wrong = [f"not arrived: {id[:8]}" for id in ours.keys() - arrived.keys()]
    wrong += [f"not in the ledger: {id[:8]}" for id in arrived.keys() - ours.keys()]
    wrong += [f"on another's topic: {id[:8]}" for id in ours.keys() & arrived.keys() if ours[id] != arrived[id]]
    kinds = Counter(d.kind for d in held.deliveries if d.state != UNSENT)
    counted = _sum(
        {"summaries": kinds["summary"], "escalations": kinds["escalation"], "withdrawals": kinds["withdrawal"]}
    )
    return Account("Deliveries, each read once on its own topic", f"{len(ours)} = {counted}", wrong)


def _numbers(read: Mapping[str, Letter]) -> Account:
    """The numbers of each child and team rise by one, in the order in which they arrived."""
    lanes: dict[tuple[str, str], list[int]] = {}
    for letter in read.values():
        lanes.setdefault((letter.topic, letter.key), []).append(int(letter.message["sequence"]))
    wrong = [
        f"{topic}: {numbers}" for (topic, _), numbers in lanes.items() if numbers != list(range(1, len(numbers) + 1))
    ]
    return Account("Order, for each child and team", f"{len(lanes)} series of numbers without a gap", wrong)


async def _receipts(place: Place, wire: Wire) -> Account:
    """Every answer is in the ledger, once."""
    kept = {row[0] for row in await (await place.ledger.execute(ASKED["receipts"])).fetchall()}
    sent = {s.one.id for s in wire.sent if s.topic.startswith(RECEIPTS)}
    return Account("Answers of recipients", f"{len(sent)} sent and kept", sorted(sent - kept) + sorted(kept - sent))


async def _reconciled(place: Place) -> Account:
    """What `sharewell reconcile` finds."""
    async with await psycopg.AsyncConnection.connect(place.dsn, options="-c timezone=UTC") as connection:
        found = await reconcile(connection, STEPPED)
        looked = await against_topics(connection, {"bootstrap_servers": place.bootstrap}, found.places)
    faults = [*found.faults, *looked.faults]
    wrong = [f"{f.words}: {', '.join(i[:8] for i in f.ids[:3])}" for f in faults]
    return Account("sharewell reconcile", f"{found.sums.events} events with their topics: it balances", wrong)
