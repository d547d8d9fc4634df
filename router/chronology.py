"""Everything known about one child across services, in order, as one team may read it: pure (rules C, D, E)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.directory import NhsNumberSuperseded
from contracts.parts.shape import Section
from router.chronicle import Chronicle, Noted, Owed, ids_of
from router.compose import sections_of
from router.corrected import concerns_no_more
from router.directory import Cover, FamilyDoc, Team
from router.facts import Child, Facts, child_of, children_concerned
from router.moments import moment_words
from router.patterns import Fact, Pattern, patterns_in
from router.policy.book import Book
from router.policy.named import rows_of
from router.policy.words import Policy, Tell
from router.sight import NOT_NAMED, SHOWN, UNNAMED, cut_seen


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; of one that is withheld there is the day and the reason, and nothing else."""

    number: int
    at: datetime
    withheld: str | None
    type: str = ""
    what: str = ""
    by: str = ""
    event: str = ""
    standing: str = "stands"
    """stands, corrected or cancelled."""
    sections: Mapping[str, Mapping[str, Any]] | None = None
    left_out: tuple[tuple[str, str], ...] = ()
    """(field, why) of what this reader may not see of it."""
    may_see: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()
    """(service, how far its answer came)."""


@dataclass(frozen=True, slots=True)
class Chronology:
    """The child's chronology as one reader may have it; it names the child."""

    child: str
    name: Any
    born: str | None
    expected: str | None
    nhs: str | None
    reader: str | None
    """The team it was made for; None: for nobody in particular, with nothing that is restricted."""
    reader_words: str
    made_at: datetime
    patterns: tuple[Pattern, ...]
    """Counted over the entries that this reader sees."""
    entries: tuple[Entry, ...]
    still_open: tuple[str, ...]


def chronology(known: Chronicle, book: Book, reader: str | None = None) -> Chronology:
    """The chronology as team `reader` may read it; without one, as nobody in particular may."""
    entries: list[Entry] = []
    facts: list[Fact] = []
    seen: set[int] = set()
    apart: set[int] = set()
    team = known.cover.teams[reader] if reader is not None else None
    for noted, corrected in sorted(_standing(known.noted), key=lambda n: (n[0].event.time, n[0].no)):
        if isinstance(noted.event.data, NhsNumberSuperseded) or noted.event.test:
            continue  # a new identity is never shown to anybody, and a heartbeat is nobody's
        entry = _entry(known, book, team, noted, len(entries) + 1, corrected)
        entries.append(entry)
        if entry.withheld is None:
            seen.add(noted.no)
            if _each_apart(book, noted, team):
                apart.add(noted.no)
        if entry.withheld is None and entry.standing != "cancelled":
            facts.append(_fact(noted, entry, book))
    doc = known.doc
    return Chronology(
        child=known.child,
        name=doc.get("name"),
        born=doc.get("born"),
        expected=doc.get("expected"),
        nhs=doc.get("nhs"),
        reader=reader,
        reader_words=f"{team.name} ({team.service.words})" if team else "nobody in particular",
        made_at=known.now,
        patterns=patterns_in(facts),
        entries=tuple(entries),
        still_open=tuple(_open(known, team, seen, apart)),
    )


def _standing(noted: Iterable[Noted]) -> list[tuple[Noted, bool]]:
    """The events that stand, and whether each corrects an earlier version: a late older version never does, nor one of
    another matter under the same record id (of the child's other parent, say)."""
    standing: dict[tuple[str, ...], list[tuple[Noted, bool]]] = {}
    for one in sorted(noted, key=lambda n: n.no):
        event = one.event
        record = event.data.record_id
        key = (event.publisher, event.type, record) if record else ("", "", str(one.no))
        before = standing.setdefault(key, [])
        mine = [n for n in before if not _apart(n[0], one)]
        if mine and int(event.sequence or 0) < max(int(n.event.sequence or 0) for n, _ in mine):
            continue
        if mine and event.action != "new":
            before[:] = [*(n for n in before if n not in mine), (one, True)]
        else:
            before.append((one, False))
    return [one for group in standing.values() for one in group]


def _apart(one: Noted, other: Noted) -> bool:
    """Whether one of these left the other alone; their numbers do not say which came first."""
    return one.event.id in other.facts.others or other.event.id in one.facts.others


def _entry(known: Chronicle, book: Book, team: Team | None, noted: Noted, number: int, corrected: bool) -> Entry:
    event, policy = noted.event, book.of(noted.event.type)
    if policy is None:
        return Entry(number, event.time, NOT_NAMED)
    child, facts = _child(known, noted, policy)
    restricted = child.restricted or bool(known.doc.get("restricted") or (known.mother or {}).get("restricted"))
    told = [r for r in policy.shares if not r.withheld]
    held = [r for r in told if all(c.test(event, child, facts) for c in r.conditions)]
    rows = [one for row in held for one in rows_of(row, event.data)]
    cut, why = cut_seen(known, team, noted, policy, rows, restricted)
    if cut is None:
        return Entry(number, event.time, why)
    cancelled = event.action == "cancel" or concerns_no_more(event, facts, policy, child)
    as_today = replace(child, withheld_here=restricted)  # what was open then, and is withheld since, is withheld
    sections, besides = sections_of(event, as_today, cut, team.service if team else None)
    publisher = noted.facts.publisher
    author = noted.facts.cover.name(publisher.team)
    return Entry(
        number=number,
        at=event.time,
        withheld=None,
        type=event.type,
        what=type(event.data).happened,
        by=publisher.service.words if restricted else f"{author} ({publisher.service.words})",
        event=event.id,
        standing="cancelled" if cancelled else "corrected" if corrected else "stands",
        sections={name: sections[name] if not cancelled else {} for name in SHOWN},
        left_out=tuple((w["what"], w["why"]) for w in (*cut.withheld, *besides) if w["what"] != "Flags"),
        may_see=_may_see(rows, team),
        told=tuple(_answers(known.cover, noted, team, _each_apart(book, noted, team))),
    )


def _child(known: Chronicle, noted: Noted, policy: Policy) -> tuple[Child, Facts]:
    """The child as the event concerned it then, and the facts once the event had changed the family's file.

    One that only a person could find afterwards is looked at as it is today."""
    event, facts = noted.event, noted.facts
    if policy.changes is not None:
        facts = facts.after(policy.changes(event, facts).people)
    ids = ids_of(known.child, known.doc)
    concerned = {c.id: c for c in children_concerned(event, facts, policy)}
    for id in ids:
        if id in concerned:
            return concerned[id], facts
    today: FamilyDoc = {"people": {known.child: known.doc}}
    if known.mother is not None and "mother" in known.doc:
        today["people"][known.doc["mother"]] = known.mother
    as_today = replace(facts, families={**facts.families, -1: today})
    return child_of(as_today, known.child, event), as_today


def _may_see(rows: Sequence[Tell], team: Team | None) -> tuple[str, ...]:
    own = team.service if team else None
    return tuple(dict.fromkeys(r.who for r in rows if r.service not in UNNAMED or r.service == own))


def _each_apart(book: Book, noted: Noted, team: Team | None) -> bool:
    """Whether nobody but who sent it may read who else was told: that somebody was asked says what it may hold."""
    policy = book.of(noted.event.type)
    rows = [r for r in policy.shares if not r.withheld] if policy is not None else []
    return any(r.alone for r in rows) and (team is None or team.id != noted.facts.publisher.team)


def _answers(cover: Cover, noted: Noted, team: Team | None, apart: bool) -> Iterable[tuple[str, str]]:
    """Who was told and what came back, by service alone: a team's name may say where the child lives."""
    for told in noted.told:
        if apart and (team is None or told.team != team.id):
            continue
        service = cover.teams[told.team].service if told.team in cover.teams else None
        if service is not None and (service not in UNNAMED or (team and team.service is service)):
            yield service.words, told.state


def _fact(noted: Noted, entry: Entry, book: Book) -> Fact:
    """The entry as patterns count it: only by what this reader sees of it."""
    event, of = noted.event, noted.facts.publisher.organisation
    policy = book.of(event.type)
    seen = (entry.sections or {}).get(Section.WHAT_HAPPENED.value, {})
    thing = getattr(event.data, policy.thing) if policy is not None and policy.thing else event.data.record_id
    place = seen.get("place")
    return Fact(
        entry=entry.number,
        event=event.id,
        at=event.time,
        kinds=(*(policy.counts_as if policy else ()), event.type),
        thing=f"{of}/{thing}" if thing else None,  # two hospitals may give two attendances one number
        place=place.get("site") if isinstance(place, dict) else None,
        injured=_is_injury(seen),
    )


def _is_injury(seen: Mapping[str, Any]) -> bool:
    infant = seen.get("infant_injury") or seen.get("injury")
    return isinstance(seen.get("mechanism_of_injury"), str) or (isinstance(infant, dict) and "absent" not in infant)


def _open(known: Chronicle, team: Team | None, seen: set[int], apart: set[int]) -> Iterable[str]:
    """What somebody still owes about what this reader sees; where each was asked apart, of its own alone."""
    for owed in known.owed:
        of = known.cover.teams.get(owed.team or "")
        hidden = of is not None and of.service in UNNAMED and (team is None or team.service is not of.service)
        hidden = hidden or (owed.event_no in apart and (team is None or owed.team != team.id))
        if owed.event_no in seen and not hidden:
            yield f"{owed.words}, {_how_owed(owed, known.now)}"


def _how_owed(owed: Owed, now: datetime) -> str:
    """By when; for what is late that it is, and where the ladder has nobody left to tell, that too."""
    if owed.state == "paused":
        return "whose time stands still"
    due = moment_words(owed.due)
    if owed.state == "exhausted":
        return f"overdue since {due}; its last rung has fired, and nobody has answered"
    return f"by {due}" if owed.due > now else f"overdue since {due}"
