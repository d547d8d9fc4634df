"""Judges what MASH asked in a journey (F14) by its history alone: what was asked, answered and rated anew."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.journeys.history import Line

if TYPE_CHECKING:
    from tests.journeys.checker import Judgement

AMBER, RED = timedelta(hours=24), timedelta(hours=4)
"""What the runs ask with, and what they rate anew as: the borough's MASH has no table of its own."""
About = tuple[str, str]
"""Reference and child."""


def judge_enquiries(by: dict[str, list[Line]], found: "Judgement") -> None:
    """Who was asked has a clock; an answer ends it, a new rating shortens it, and without an answer it climbs."""
    said: dict[str, dict[About, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for e in by["ledger event"]:
        if e["type"].startswith("mash-"):
            for child in {row[1] for row in e["decision"]}:
                said[e["type"]][e["ref"], child].append(e)
    clocks = [c for c in by["ledger clock"] if c["flow"] == "F14" and c["needs"] == "answer"]
    fired = {f["clock"]: _at(f["at"]) for f in by["ledger fired"] if f["rung"] == 0}
    _everybody_asked(by, said, clocks, found)
    for c in clocks:
        about = c["thing"], c["child"]
        answers = [e for e in said["mash-response-1"][about] if e["team"] == c["team"]]
        _answered(c, answers, found)
        _rated(c, said["mash-rag-changed-1"][about], fired.get(c["id"]), found)
    found.seen["enquiries"] = sum(len(all_of) for all_of in said["mash-request-1"].values())
    found.seen["answers asked for"] = len(clocks)
    found.seen["answers in time"] = sum(c["state"] == "met" and c["id"] not in fired for c in clocks)
    found.seen["answers overdue"] = sum(c["id"] in fired for c in clocks)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _everybody_asked(
    by: dict[str, list[Line]], said: dict[str, dict[About, list[Line]]], clocks: list[Line], found: "Judgement"
) -> None:
    """Each summary of a request has the clock of its answer, unless that team's answer was there before."""
    requests = {e["id"]: e["ref"] for all_of in said["mash-request-1"].values() for e in all_of}
    timed = {c["delivery"] for c in clocks}
    for d in by["ledger delivery"]:
        if d["kind"] == "summary" and d["event"] in requests and d["id"] not in timed:
            answers = said["mash-response-1"][requests[d["event"]], d["child"]]
            if not any(e["team"] == d["team"] for e in answers):
                found.lost.append(f"{d['team']} was asked by MASH, and no clock waits for its answer: {d['id']}")


def _answered(c: Line, answers: list[Line], found: "Judgement") -> None:
    """An answer that was kept ended the clock, if nothing had before; without one only a person or its ladder does.

    That a clock runs on past its time is judged for all clocks alike: a journey need not wait for the end of any."""
    if c["state"] == "running" and answers:
        found.lost.append(f"the answer of {c['team']} was kept, and clock {c['id']} waits for it still")
    elif c["state"] == "met" and not answers:
        found.duplicates.append(f"clock {c['id']} was met, and {c['team']} has answered nothing")
    elif c["state"] == "exhausted" and any(_at(e["accepted_at"]) < _at(c["ended_at"]) for e in answers):
        found.lost.append(f"the answer of {c['team']} was kept, and clock {c['id']} climbed on to its end")


def _rated(c: Line, ratings: list[Line], fired: datetime | None, found: "Judgement") -> None:
    """Due a day after the request, or four hours after it was rated red, if that came before anybody was told."""
    due, asked = _at(c["first_due"]), _at(c["starts"]) + AMBER
    reds = [_at(e["happened_at"]) + RED for e in ratings]
    if due not in (asked, *reds):
        found.not_reconciled.append(f"clock {c['id']} is due at {due}, by no rating")
    surely = [_at(e["happened_at"]) + RED for e in ratings if fired and _at(e["accepted_at"]) < fired]
    if due > min([asked, *surely]):
        found.lost.append(f"clock {c['id']} was rated red and is due at {due} still")
    found.seen["answers due sooner"] += due < asked
