"""Judges a journey by its history alone, apart from the router's code: `python -m tests.journeys.checker FILE`."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.journeys.enquiries import judge_enquiries
from tests.journeys.history import Line, read


@dataclass
class Judgement:
    """What was found, each fault as a line; `raw_repeats` are no fault in themselves: recipients know the id."""

    lost: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    """Effective ones: two delivery ids for one event, child and team, or one id with two contents."""
    inversions: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    not_reconciled: list[str] = field(default_factory=list)
    unasked_ends: list[str] = field(default_factory=list)
    raw_repeats: int = 0
    records: int = 0
    events: int = 0
    kills: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    """How often each interesting state occurred: what never occurred was not tested."""

    FAULTS = ("lost", "duplicates", "inversions", "gaps", "not_reconciled", "unasked_ends")

    @property
    def faults(self) -> list[str]:
        return [f"{kind}: {fault}" for kind in self.FAULTS for fault in getattr(self, kind)]

    def __str__(self) -> str:
        counts = "  ".join(f"{kind} {len(getattr(self, kind))}" for kind in self.FAULTS)
        seen = "  ".join(f"{what} {count}" for what, count in sorted(self.seen.items()))
        return (
            f"{self.events} events, {self.records} records sent, {self.kills} kills: {counts}"
            f"  raw repeats {self.raw_repeats}\n  {seen}" + "".join(f"\n  {fault}" for fault in self.faults[:20])
        )


def judge(path: Path) -> Judgement:
    """All that a history shows to be wrong, and what it shows to have been tried."""
    by: dict[str, list[Line]] = defaultdict(list)
    for line in read(path):
        by[line["what"]].append(line)
    found = Judgement()
    found.kills = sum(len(by[what]) for what in ("killed", "killed kafka", "killed postgres"))
    found.events = len(by["ledger event"])
    found.seen["refused"], found.seen["conflicts"] = len(by["ledger refusal"]), len(by["ledger conflict"])
    found.unasked_ends = [f"{e['who']} ended with {e['code']}" for e in by["ended"] if not e["ours"]]
    _acknowledged_is_kept(by, found)
    _kept_is_sent(by, found)
    _sent_once(by, found)
    _in_order(by, found)
    _answered_once(by, found)
    _receipts(by, found)
    _clocks(by, found)
    judge_enquiries(by, found)
    _reconciled(by, found)
    return found


Place = tuple[str, int, int]


def _place(line: Line) -> Place:
    return (line["topic"], line["partition"], line["offset"])


def _acknowledged_is_kept(by: dict[str, list[Line]], found: Judgement) -> None:
    """Every record that Kafka acknowledged to its publisher is an event, a refusal or a conflict in the ledger."""
    known = {(line["publisher"], line["id"]) for line in by["ledger event"]}
    inbox = {(line["publisher"], line["id"]) for line in by["ledger inbox"]}
    put_aside = {_place(line) for what in ("refusal", "conflict") for line in by[f"ledger {what}"]}
    for line in by["acknowledged"]:
        if not line["topic"].startswith("events."):
            continue
        if (line["publisher"], line["id"]) not in known and _place(line) not in put_aside:
            found.lost.append(f"acknowledged and not in the ledger: {line['id'] or ''} at {_place(line)}")
    found.lost += [f"in the inbox without its event: {one}" for one in sorted(inbox - known)]


def _kept_is_sent(by: dict[str, list[Line]], found: Judgement) -> None:
    """Each delivery that a decision names is a row, and each row stands on its own topic."""
    rows = {(d["event"], d["child"], d["team"]) for d in by["ledger delivery"]}
    for event in by["ledger event"]:
        for _, child, outcome, _, teams in event["decision"]:
            if outcome == "told":
                found.lost += [
                    f"told and no delivery: event {event['id']}, {team}"
                    for team in teams
                    if (event["id"], child, team) not in rows
                ]
    there = {(r["topic"], r["id"]) for r in by["record"]}
    for d in by["ledger delivery"]:
        topic = ("status." if d["kind"] == "answer" else "summaries.") + d["team"]
        if d["outcome"] == "unsent":  # cancelled or replaced while it waited, or the withdrawal of such a one
            if (topic, d["id"]) in there:
                found.lost.append(f"delivery {d['id']} ({d['kind']}) is on {topic}, though it was withdrawn unsent")
        elif (topic, d["id"]) not in there:
            found.lost.append(f"delivery {d['id']} ({d['kind']}) is not on {topic}; its attempt: {d['outcome']}")


def _sent_once(by: dict[str, list[Line]], found: Judgement) -> None:
    """A repeat has the id, number and size of the first; no two ids for one event, child and team."""
    first: dict[str, Line] = {}
    shares: dict[tuple[str, str, str], str] = {}
    known = {d["id"]: d for d in by["ledger delivery"]}
    found.records = len(by["record"])
    for r in sorted(by["record"], key=_place):
        if r["id"] != r["delivery"]:
            found.duplicates.append(f"header and body name different deliveries: {r['id']}")
        if r["id"] not in known:
            found.duplicates.append(f"sent, and not in the ledger: {r['id']} on {r['topic']}")
        earlier = first.setdefault(r["id"], r)
        if earlier is not r:
            found.raw_repeats += 1
            if any(earlier[k] != r[k] for k in ("topic", "sequence", "size", "key")):
                found.duplicates.append(f"one delivery in two forms: {r['id']} on {r['topic']}")
        if r["type"].count("-summary-"):
            share = (r["event"], r["child"], r["topic"])
            if shares.setdefault(share, r["id"]) != r["id"]:
                found.duplicates.append(f"two deliveries of event {share[0]} on {share[2]}")
    twice = Counter(
        (d["event"], d["child"], d["team"], d["kind"]) for d in by["ledger delivery"] if d["kind"] == "summary"
    )
    found.duplicates += [f"two rows for {share}" for share, count in twice.items() if count > 1]


def _in_order(by: dict[str, list[Line]], found: Judgement) -> None:
    """First arrivals of each child and team: numbers rise by one from 1, and what was published first is first."""
    kept_at = {e["id"]: (e["topic"], e["partition"], e["offset"]) for e in by["ledger event"]}
    again = {d["id"] for d in by["ledger delivery"] if d["because"]}
    """Of deciding again: later than its event by nature."""
    lanes: dict[tuple[str, str], list[Line]] = defaultdict(list)
    seen: set[str] = set()
    for r in sorted(by["record"], key=_place):
        if r["id"] not in seen:
            seen.add(r["id"])
            lanes[(r["topic"], r["key"])].append(r)
    for (topic, key), records in lanes.items():
        numbers = [r["sequence"] for r in records]
        found.inversions += [f"{topic} {key}: {b} came after {a}" for a, b in pairwise(numbers) if b < a]
        missing = set(range(1, max(numbers) + 1)) - set(numbers)
        if missing:
            found.gaps.append(f"{topic} {key}: {sorted(missing)[:5]} of {max(numbers)}")
        if len(set(numbers)) < len(numbers):
            found.duplicates.append(f"{topic} {key}: a number was given twice")
        last: dict[tuple[str, int], int] = {}
        for r in records:
            if r["type"].count("-summary-") and r["event"] in kept_at:
                source, partition, offset = kept_at[r["event"]]
                if offset < last.get((source, partition), -1) and r["id"] not in again:
                    found.inversions.append(f"{topic} {key}: event {r['event']} overtaken by a later one")
                last[(source, partition)] = max(offset, last.get((source, partition), -1))


def _answered_once(by: dict[str, list[Line]], found: Judgement) -> None:
    """Each event and each refusal is told to its publisher once, by whichever status message."""
    told: Counter[tuple[str, str]] = Counter()
    kinds: Counter[str] = Counter()
    seen: set[str] = set()
    for r in by["record"]:
        if r["type"].startswith("publisher-status") and r["id"] not in seen:
            seen.add(r["id"])
            for kind, id in r["entries"]:
                kinds[kind] += 1
                if kind == "accepted":
                    told[(r["topic"].removeprefix("status."), id)] += 1
    for e in by["ledger event"]:
        count = told[(e["publisher"], e["id"])]
        if count == 0:
            found.lost.append(f"event {e['id']} was never answered")
        elif count > 1:
            found.duplicates.append(f"event {e['id']} was answered {count} times")
    for kind in ("refusal", "conflict"):
        expected, got = len(by[f"ledger {kind}"]), kinds["refused" if kind == "refusal" else kind]
        if got < expected:
            found.lost.append(f"{expected} of {kind}, {got} answered")
        elif got > expected:
            found.duplicates.append(f"{expected} of {kind}, {got} answered")


def _receipts(by: dict[str, list[Line]], found: Judgement) -> None:
    """Each receipt that Kafka acknowledged is kept, once; not ours reached nobody twice."""
    kept = {(r["team"], r["id"]) for r in by["ledger receipt"]}
    for line in by["acknowledged"]:
        if line.get("receipt") and (line["team"], line["receipt"]) not in kept:
            found.lost.append(f"receipt {line['receipt']} of {line['team']} is not in the ledger")
    wrong = {r["delivery"] for r in by["ledger receipt"] if r["state"] == "not-ours"}
    incidents = {i["delivery"] for i in by["ledger incident"] if i["kind"] == "wrong-place"}
    found.lost += [f"not ours without its incident: {d}" for d in sorted(wrong - incidents)]
    found.seen["receipts"] = len(kept)
    found.seen["not ours"] = len(wrong)


def _clocks(by: dict[str, list[Line]], found: Judgement) -> None:
    """No clock that is due stands still; what fired is an alert that stands on a topic."""
    found.lost += [
        f"clock {c['id']} is overdue" for c in by["ledger clock"] if c["state"] == "running" and c["overdue"]
    ]
    answered = {
        r["delivery"] for r in by["ledger receipt"] if r["state"] in ("acknowledged", "filed", "acted", "not-ours")
    }
    for c in by["ledger clock"]:
        if c["state"] == "running" and c["needs"] == "acknowledge" and c["delivery"] in answered:
            found.lost.append(f"clock {c['id']} runs on although its delivery was answered")
    fired = Counter((f["clock"], f["rung"]) for f in by["ledger fired"])
    found.duplicates += [f"clock {c} fired rung {r} twice" for (c, r), count in fired.items() if count > 1]
    rungs = Counter(f["clock"] for f in by["ledger fired"])
    found.not_reconciled += [
        f"clock {c['id']} stands at rung {c['rung']} and fired {rungs[c['id']]}"
        for c in by["ledger clock"]
        if rungs[c["id"]] != c["rung"]
    ]
    found.seen["rungs fired"] = len(fired)


def _reconciled(by: dict[str, list[Line]], found: Judgement) -> None:
    """Considered is the sum of outcomes; nothing is left due or half sent; every number was given to a delivery."""
    for e in by["ledger event"]:
        if e["considered"] != e["outcomes"] or e["considered"] != len(e["decision"]):
            found.not_reconciled.append(f"event {e['id']}: {e['considered']} considered, {e['outcomes']} outcomes")
    found.not_reconciled += [f"still due: {d['delivery']}" for d in by["ledger due"]]
    for d in by["ledger delivery"]:
        if d["outcome"] == "unsent":
            continue
        if d["sequence"] is None or d["outcome"] not in ("sent", "taken-over"):
            found.not_reconciled.append(f"delivery {d['id']}: number {d['sequence']}, attempt {d['outcome']}")
    for a in by["ledger attempt"]:
        found.seen[f"attempts {a['outcome']}"] = a["count"]
        if a["outcome"] == "sending":
            found.not_reconciled.append(f"{a['count']} attempts are still sending")


def main(arguments: Iterable[str]) -> int:
    """Judge each file; 1 where any holds a fault."""
    bad = False
    for name in arguments:
        found = judge(Path(name))
        sys.stdout.write(f"{name}: {found}\n")
        bad |= bool(found.faults)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
