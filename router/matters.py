"""One record id may stand for several matters: an event touches those about its people, and no other child's."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from contracts.parts.people import Role
from router.earlier import (
    Alert,
    Earlier,
    Matched,
    Running,
    Sought,
    Standing,
    known_of,
    matched_by,
    named_by,
    said_in,
    told_of,
)

_CHILDREN = frozenset({Role.CHILD.value, Role.UNBORN.value})


class People(NamedTuple):
    """Whom an event is about, and not whom it lists at home with them: by their ids, and by all that it tells of each,
    for those who are nobody's record yet."""

    children: frozenset[str]
    """Its children; of a birth none, which is one by its mother."""
    everybody: frozenset[str]
    words: frozenset[str]
    """All that it says: of babies without a number nothing else tells which are meant."""


NOBODY_NAMED = People(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Part:
    """One event that was kept under a record, with what still stands of it."""

    id: str
    action: str
    sequence: str
    people: People = NOBODY_NAMED
    others: tuple[str, ...] = ()
    """Ids of events of the record that it left alone, as they are about others (`Facts.others`)."""
    standing: tuple[Standing, ...] = ()
    running: tuple[Running, ...] = ()
    alerts: tuple[Alert, ...] = ()
    tasks: tuple[str, ...] = ()
    named: tuple[tuple[str, str, str], ...] = ()
    stood: tuple[tuple[str, str, str | None], ...] = ()
    sought: tuple[Sought, ...] = ()
    matched: tuple[Matched, ...] = ()

    @classmethod
    def read(
        cls,
        id: str,
        action: str,
        sequence: str,
        facts: Mapping[str, Any],
        chosen: Mapping[str, str],
        body: Mapping[str, Any] | None,
        **left: Any,
    ) -> "Part":
        """As a ledger has it: the facts that were kept, whom a person has `chosen` since, and what is `left` of it."""
        who = named_by(facts, chosen)
        others = tuple(facts.get("others", ()))
        matched = matched_by(body, chosen) if body else ()
        return cls(id, action, sequence, people_in(who, body), others, named=known_of(who), matched=matched, **left)


class Before(NamedTuple):
    """What was kept under an event's record, as far as it is the same matter."""

    earlier: Earlier | None = None
    others: tuple[str, ...] = ()
    """Ids of the events of the record that are about others."""
    newest: Earlier | None = None
    """By what its sequence is counted: a new event's by the whole record, a later version's by its own matter."""


def people_in(who: Iterable[tuple[str, str, str | None]], body: Mapping[str, Any] | None) -> People:
    """Whom an event names by (slot, role, person); `body` is its data, None where that is not read."""
    children, everybody = set[str](), set[str]()
    words = frozenset([said_in(body)] if body is not None else [])
    for slot, role, person in who:
        if slot.startswith(("household.", "living.")):
            continue
        keys = {person} if person else set[str]()
        is_child = role in _CHILDREN and "babies" not in (body or ())
        if is_child:
            children |= keys
        if body is not None and (told := told_of(body, slot)) not in words:
            keys.add(told)
            if is_child:
                children.add(told)
        everybody |= keys
    return People(frozenset(children), frozenset(everybody), words)


def before(parts: Sequence[Part], new: bool, asked: Callable[[], People], now: Callable[[str], str]) -> Before:
    """Which of a record's events an event follows. `now`: who somebody is today, joined to another since.

    Where all of them are one matter a later version is one of that, whomever it names: it may correct just that. Of
    several it takes only those whose people it names; by grown-ups alone only where that leaves one, or the same words
    were sent before."""
    if not parts:
        return Before()
    groups = _matters(parts, now)
    found = groups
    if new or len(groups) > 1:
        mine = _as_now(asked(), now)
        theirs = [(g, _together(_as_now(p.people, now) for p in g)) for g in groups]
        found = [g for g, people in theirs if _same(mine, people)]
        if len(found) > 1 and not mine.children:
            found = [g for g, people in theirs if not mine.words.isdisjoint(people.words)]
    ids = {p.id for g in found for p in g}
    chosen = [p for p in parts if p.id in ids]
    earlier = _as_one(chosen) if chosen else None
    return Before(earlier, tuple(p.id for p in parts if p.id not in ids), _as_one(parts) if new else earlier)


def _matters(parts: Sequence[Part], now: Callable[[str], str]) -> list[list[Part]]:
    """The events in groups: two are apart where the later one left the first alone, or where both are new and about
    different people; all others belong together, if only through a third."""
    left = {p.id: p for p in parts}
    if len(left) == 1:
        return [[*parts]]
    apart = {p.id: set(p.others) for p in parts}
    for p in parts:
        for id in p.others:
            apart.get(id, set()).add(p.id)
    people = {p.id: _as_now(p.people, now) for p in parts}

    def near(one: Part) -> list[Part]:
        rest = (left[id] for id in left.keys() - apart[one.id])
        return [o for o in rest if not one.action == o.action == "new" or _same(people[one.id], people[o.id])]

    groups: list[list[Part]] = []
    while left:
        todo, group = [left.pop(next(iter(left)))], list[Part]()
        while todo:
            group.append(one := todo.pop())
            found = near(one)
            for other in found:
                del left[other.id]
            todo += found
        groups.append(group)
    return groups


def _same(one: People, other: People) -> bool:
    """Whether both are about somebody: where both name children, about one of these; or in the same words."""
    if not one.words.isdisjoint(other.words):
        return True
    if one.children and other.children:
        return not one.children.isdisjoint(other.children)
    return not one.everybody.isdisjoint(other.everybody)


def _together(some: Iterable[People]) -> People:
    return People(*(frozenset().union(*what) for what in zip(*some, strict=True)))


def _as_now(people: People, now: Callable[[str], str]) -> People:
    return people._replace(
        children=frozenset(map(now, people.children)), everybody=frozenset(map(now, people.everybody))
    )


def _as_one(parts: Sequence[Part]) -> Earlier:
    """All of these events as what a later one of their matter has before it."""

    def every(what: str) -> Iterator[Any]:
        return (one for p in parts for one in getattr(p, what))

    versions = [p.sequence for p in parts if p.action != "new"]
    return Earlier(
        max((p.sequence for p in parts), key=int),
        tuple(every("standing")),
        tuple(every("running")),
        tuple(every("alerts")),
        tuple(every("tasks")),
        max(versions, key=int) if versions else None,
        tuple(dict.fromkeys(every("named"))),
        tuple(dict.fromkeys(every("stood"))),
        tuple(every("sought")),
        tuple(every("matched")),
        tuple(p.id for p in parts),
    )
