"""One team's summary as bytes; what is the same for all who are told about one child is made once."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson

from contracts.parts.services import Service
from router.appraise import Appraisal
from router.compose import MAY_LOCATE, Cut, cut_for, envelope, may_locate, sections_of, who_block, why_block
from router.directory import Team
from router.earlier import Running
from router.enrich import OF_THE_TEAM, About, enrichment
from router.events import LANES, Event, lane_of, stable_id
from router.facts import Child, Facts
from router.plan import Delivery
from router.policy.book import Book
from router.policy.tables import Table
from router.policy.words import Tell
from router.policy.working_time import Calendar, Term
from router.turns import asked_by

UNJOINED = "Make sure who this is before you put it in a record: no record could be joined for certain."


class Sheet:
    """All that summaries of one event about one child have in common."""

    def __init__(
        self, event: Event, child: Child, facts: Facts, appraisal: Appraisal, book: Book, thing: str | None
    ) -> None:
        self.event, self.child, self.facts = event, child, facts
        self._about = About(event, child, facts, "", appraisal, book, thing)
        self._present = frozenset([name for name, value in event.body.items() if value is not None])
        sensitivity = event.body.get("sensitivity")
        self._further = tuple(sorted(sensitivity.items())) if sensitivity else ()
        self._event = orjson.Fragment(orjson.dumps(_event_block(event)))
        self._child = orjson.Fragment(orjson.dumps(who_block(child)))
        self._shown: dict[object, tuple[dict[str, Any], list[Any]]] = {}
        self._known: dict[str, Any] = {}
        self._expected = expected_date(child)
        self._policy = book.of(event.type)
        self._unjoined = "unjoined" in child.doc or (child.mother is not None and "unjoined" in child.mother)
        stem, version = event.type.rsplit("-", 1)
        self._kind = f"{stem}-summary-{version}"

    def summary(self, team: str, relation: str, rows: tuple[Tell, ...], others: Sequence[Service]) -> Delivery:
        """What `team` is told because of `rows`; `others` are the services that are told besides it."""
        event, child, facts = self.event, self.child, self.facts
        id = stable_id(event.source, event.id, child.id, team)
        cut = cut_for(type(event.data), rows, self._present, self._further)
        sections, withheld = self._sections(cut, facts.cover.teams[team].service)
        known = self._enriched(cut, team)
        to = facts.cover.teams[team]
        asked = self._asked(rows, to)
        if child.restricted and any(may_locate(ask["what"]) for ask in asked):  # in the author's own words
            asked = [ask for ask in asked if not may_locate(ask["what"])]
            withheld = [*withheld, {"what": "What the sender asks of you", "why": MAY_LOCATE}]
        data = {
            "delivery_id": id,
            "event": self._event,
            "child": self._child,
            "to": {"team": team, "name": to.name, "service": to.service},
            "why_you": why_block(rows),
            "relation": relation,
            "asked": asked,
            "what_happened": sections["what_happened"],
            "risk_and_impact": sections["risk_and_impact"],
            "voice_of_child": sections["voice_of_child"],
            "flags": [*known.pop("flags", ()), *known.pop("mothers_flags", ())],
            "context": {**sections["context"], **known} if known else sections["context"],
            "told": [{"service": s} for s in dict.fromkeys(others)],
            "withheld": withheld,
            "author": sections["author"],
            "lawful_basis_and_consent": sections["lawful_basis_and_consent"],
            "standing": "cancelled" if event.action == "cancel" else event.action,
            "replaces": self._replaces(team),
        }
        body = envelope(self._kind, id, facts.at, event.id, event.correlation, data)
        flows = rows[0].because.flow if len(rows) == 1 else ",".join(dict.fromkeys([r.because.flow for r in rows]))
        return Delivery(id, "summary", child.id, team, lane_of(team, child.id, LANES), body, flows, len(withheld))

    def _sections(self, cut: Cut, service: Service) -> tuple[dict[str, Any], list[Any]]:
        """The sections one cut shows, written once for all teams that get the same; context is added to, so it stays
        open."""
        key = (cut.sections, service if cut.own else None)
        if (made := self._shown.get(key)) is None:
            plain, withheld = sections_of(self.event, self.child, cut, service)
            closed: dict[str, Any] = {
                name: fields if name == "context" else orjson.Fragment(orjson.dumps(fields))
                for name, fields in plain.items()
            }
            made = self._shown[key] = (closed, withheld)
        closed, besides = made
        return closed, [*cut.withheld, *besides]

    def _enriched(self, cut: Cut, team: str) -> dict[str, Any]:
        """What Sharewell adds; only what depends on the team is looked up for each."""
        found = {}
        for name in cut.adds:
            if name in OF_THE_TEAM:
                value = enrichment(name, self._about._replace(team=team))
            elif name in self._known:
                value = self._known[name]
            else:
                value = self._known[name] = enrichment(name, self._about)
            if value:
                found[name] = value
        return found

    def _asked(self, rows: Sequence[Tell], to: Team) -> list[dict[str, str]]:
        """What the rows and the author ask of this team; empty says that nothing is asked."""
        asked: dict[str, str | None] = {}
        if self._unjoined:
            asked[UNJOINED] = None
        for row in rows:
            if row.ask is not None:
                due = self._by(row, row.ask.within, to) if row.ask.within else None
                asked.setdefault(row.ask.what, due.isoformat() if due else None)
        for ask in self.event.data.asks:
            if ask.of is to.service:
                asked.setdefault(ask.what, ask.by.isoformat() if ask.by else None)
        return [{"what": what, "by": by} if by else {"what": what} for what, by in asked.items()]

    def _by(self, row: Tell, within: Term | Table, to: Team) -> datetime:
        """By when: as the clock that goes with the ask runs for the team's organisation."""
        own, waited_for = self.facts.cover.own, self._waited_for(row, within, to)
        if isinstance(within, Table):
            about = (self._about.thing, row.because.flow)
            due = asked_by(within, self.event, self.facts, self.child.id, about, own.calendar(to.organisation))
            return min([due, *(datetime.fromisoformat(r.steps[0][0]) for r in waited_for)])
        now = min(datetime.fromisoformat(r.starts) for r in waited_for) if waited_for else self.facts.now
        if own.has(to.organisation) and self._policy is not None:
            clocks = (c for c in self._policy.expectations if c.service is to.service and c.within == within)
            clock = next((c for c in clocks if c.because.flow == row.because.flow), None)
            found = clock and own.of(to.organisation, row.because.flow, to.service, clock.to, now)
            within = found.within or within if found else within
        return _due(within, now, self._expected, own.calendar(to.organisation))

    def _waited_for(self, row: Tell, within: Term | Table, to: Team) -> list[Running]:
        """What that clock goes on for: an update gives who has not answered no more time (router/carried.py)."""
        earlier, flow = self.facts.earlier, row.because.flow
        if earlier is None or not earlier.running or self._policy is None or self.event.action != "update":
            return []
        what = {c.words for c in self._policy.expectations if c.within == within and c.because.flow == flow}
        ids = (self.child.id, *self.child.also_known_as)
        theirs = (r for r in earlier.running if (r.flow, r.team) == (flow, to.id) and r.child in ids)
        return [r for r in theirs if r.what in what]

    def _replaces(self, team: str) -> str | None:
        earlier = self.facts.earlier
        if earlier is None or self.event.action == "new":
            return None
        return next((s.id for s in earlier.standing if s.child == self.child.id and s.team == team), None)


@lru_cache(maxsize=4096)
def _due(within: Term, now: datetime, expected: date | None, days: Calendar) -> datetime:
    """The same for all of a batch who are asked alike: they share its moment."""
    return within.due(now, expected, days)


def expected_date(child: Child) -> date | None:
    """The expected date of delivery of an unborn child."""
    expected = child.doc.get("expected")
    return date.fromisoformat(expected) if expected else None


def _event_block(event: Event) -> dict[str, Any]:
    block = {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "time": event.time.isoformat(),
        "action": event.action,
    }
    if event.data.record_id:
        block["record_id"] = event.data.record_id
    return block
