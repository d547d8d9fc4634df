"""What no rule book may hold: a row without a reason, one that is never reached, a condition that says nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.policy.book import Book
from router.policy.cases import Case, cases_of
from router.policy.contradictions import contradictions
from router.policy.tables import Table
from router.policy.words import Condition, Expect, Gap, Policy, Tell, Want
from router.policy.working_time import Term

_FLOW = re.compile(r"^(F[0-9]{2}|[A-G])$")
_PARAGRAPH = re.compile(r"^[1-5](\.[0-9]{1,2}){1,2}$")
_RECOMMENDATION = re.compile(r"^(R[0-9]{1,2}\.[0-9]{1,2}(, R[0-9]{1,2}\.[0-9]{1,2})*)?$")


def check_book(book: Book, *, tried: bool = True) -> list[str]:
    """All that is wrong with a rule book, in words; none where it may be used.

    `tried` tries every condition on made-up cases as well, which takes a second or two."""
    kinds = sorted({t.kind for p in book.policies.values() for t in p.taken_as} | set(book.policies))
    found: list[str] = []
    for policy in book.policies.values():
        found += [f"{policy.event.event_type}: {words}" for words in (*_reasons(policy), *_fields(policy))]
        found += [f"{policy.event.event_type}: {words}" for words in (*_unreachable(policy), *_clocks(policy, book))]
        found += [f"{policy.event.event_type}: {words}" for words in contradictions(policy)]
        if tried:
            found += [f"{policy.event.event_type}: {words}" for words in _tried(policy, kinds)]
    return found + list(_one_meaning(book))


def _reasons(policy: Policy) -> Iterator[str]:
    rules: list[tuple[str, Gap]] = [(f"the row for the {r.who}", r.because) for r in policy.shares]
    rules += [(f"the clock '{c.words}'", c.because) for c in policy.expectations]
    rules += [(f"the mark '{w.words}'", w.because) for w in policy.wants]
    rules += [("the rule for no child", r.because) for r in policy.if_no_child]
    for what, gap in rules:
        if not _FLOW.match(gap.flow):
            yield f"{what} names no flow or routing rule"
        if not _PARAGRAPH.match(gap.paragraph):
            yield f"{what} cites no paragraph (a local decision cites the nearest)"
        if not _RECOMMENDATION.match(gap.recommendation):
            yield f"{what} cites a recommendation that is none"
        if not gap.words.strip():
            yield f"{what} does not say which gap it closes"


def _fields(policy: Policy) -> Iterator[str]:
    marks = field_marks(policy.event)
    restricted = {Restriction(m["restricted"]) for m in marks.values() if "restricted" in m}
    for row in policy.shares:
        named = (row.gets.only or frozenset()) | row.gets.but
        for name in sorted(named - marks.keys() - _of_a_kin(policy)):
            yield f"the row for the {row.who} names a field that the event does not have: {name}"
        for one in sorted(row.may_see - restricted):
            yield f"the row for the {row.who} may see {one}, of which the event has nothing"
        barred = {n for n in row.gets.only or () if "restricted" in marks.get(n, {})}
        for name in sorted(n for n in barred if Restriction(marks[n]["restricted"]) not in row.may_see):
            yield f"the row for the {row.who} names {name}, which it may not see"
    for want in policy.wants:
        if want.field not in policy.event.model_fields:
            yield f"the mark '{want.words}' is of a field that the event does not have: {want.field}"
    if policy.thing is not None and policy.thing not in policy.event.model_fields:
        yield f"the thing is a field that the event does not have: {policy.thing}"
    for name in sorted(set(policy.also_named_by) - policy.event.model_fields.keys()):
        yield f"the thing has a name in a field that the event does not have: {name}"
    yield from _back(policy)


def _back(policy: Policy) -> Iterator[str]:
    """A row that tells back needs a name that both events give the thing."""
    names = {policy.thing, *policy.also_named_by} - {None}
    for row in policy.shares:
        for event in row.sent:
            if names.isdisjoint(event.model_fields):
                yield f"the row for the {row.who} goes back to an event that names no such thing"
        if row.at is not None and row.at not in policy.event.model_fields:
            yield f"the row for the {row.who} looks in a field that the event does not have: {row.at}"


def _of_a_kin(policy: Policy) -> set[str]:
    """Fields of events of the same module: rows that several events share may name what one of them lacks."""
    kin: set[str] = set()
    for base in policy.event.__mro__:
        if isinstance(base, type) and issubclass(base, EventData):
            for other in base.__subclasses__():
                if other.__module__ == policy.event.__module__:
                    kin |= set(other.model_fields)
    return kin


def _unreachable(policy: Policy) -> Iterator[str]:
    """A row that adds nothing: whenever it holds, an earlier one for the same recipient gave at least as much."""
    for at, row in enumerate(policy.shares):
        if any(_gives_as_much(policy, before, row) for before in policy.shares[:at]):
            yield f"row {at + 1}, for the {row.who}, is never reached: an earlier row gives as much whenever it holds"


def _gives_as_much(policy: Policy, before: Tell, row: Tell) -> bool:
    if _found_otherwise(before, row):
        return False
    if before.besides != row.besides or row.ask not in (None, before.ask):
        return False
    if (before.of_parents, before.asked, before.named_in) != (row.of_parents, row.asked, row.named_in):
        return False
    if not {c.name for c in before.conditions} <= {c.name for c in row.conditions}:
        return False
    less = row.gets.of(policy.event, row.may_see) <= before.gets.of(policy.event, before.may_see)
    return less and row.gets.adds <= before.gets.adds and row.because.flow == before.because.flow


def _found_otherwise(before: Tell, row: Tell) -> bool:
    """Whether two rows look for their recipients in different ways, or only one of them withholds."""
    return _how_found(before) != _how_found(row)


def _how_found(row: Tell) -> tuple[object, ...]:
    return row.service, row.side, row.sent, row.every, row.at, row.withheld, row.found


def _clocks(policy: Policy, book: Book) -> Iterator[str]:
    told = {row.service for row in policy.shares if not row.withheld}
    back = any(row.sent and row.service is None for row in policy.shares)
    for clock in policy.expectations:
        if not clock.else_tell:
            yield f"the clock '{clock.words}' has no ladder"
        waits = clock.on_whoever or clock.back or (clock.to == "happen" and clock.met_by and clock.name)
        if clock.back and not back:
            yield f"the clock '{clock.words}' waits for the sender of the first, whom no row tells"
        if clock.service is None and not waits:
            yield f"the clock '{clock.words}' waits for nobody: it needs a name and an event that meets it"
        if clock.to == "answer" and not clock.met_by:
            yield f"the clock '{clock.words}' waits for an answer, and no event is one"
        waits_for_each = clock.to == "act" or (clock.to == "happen" and bool(clock.met_by))
        if clock.each is not None and not (waits_for_each and clock.each in policy.event.model_fields):
            yield f"the clock '{clock.words}' is on each of what the event does not have, or nobody acts on"
        if bool(clock.paused_by) != bool(clock.resumed_by):
            yield f"the clock '{clock.words}' can be paused and not resumed, or resumed and not paused"
        terms = [r.within for r in clock.else_tell] + (
            [clock.within] if isinstance(clock.within, Term) else [t for _, t in clock.within.terms]
        )
        if clock.paused_by and any(t.unit == "weeks' gestation" for t in terms):
            yield f"the clock '{clock.words}' runs to a day, and no pause moves that"
        if isinstance(clock.within, Table) and clock.within.field not in policy.event.model_fields:
            yield f"the clock '{clock.words}' goes by a field that the event does not have: {clock.within.field}"
        if clock.re_rated_by and not isinstance(clock.within, Table):
            yield f"the clock '{clock.words}' can be rated anew and has no table"
        if clock.whole_days and clock.starts_at in ("kept", "event"):
            yield f"the clock '{clock.words}' counts whole days from a moment, whose hour is known"
        if clock.to == "take" and clock.service is None:
            yield f"the clock '{clock.words}' waits for somebody to take it on, and nobody is asked first"
        if clock.service is not None and clock.service not in told:
            yield f"the clock '{clock.words}' waits for a service that no row tells"
        yield from _named_events(policy, clock, book)


def _named_events(policy: Policy, clock: Expect, book: Book) -> Iterator[str]:
    turning = (*clock.met_by, *clock.paused_by, *clock.resumed_by, *clock.re_rated_by)
    named = {t.kind: p.event for p in book.policies.values() for t in p.taken_as}
    for name in (k for k in turning if isinstance(k, str) and k not in named):
        yield f"the clock '{clock.words}' waits for '{name}', which no event is taken as"
    known = (named[k] if isinstance(k, str) else k for k in turning if not isinstance(k, str) or k in named)
    for event in (*clock.at_once_on, *known):
        other = book.of(event.event_type)
        if other is None:
            yield f"the clock '{clock.words}' waits for {event.event_type}, of which no rule speaks"
        elif clock.each is not None:
            continue  # about an item of the list, by its id
        elif {other.thing, *other.also_named_by}.isdisjoint({policy.thing, *policy.also_named_by}):
            yield f"the clock '{clock.words}' and {event.event_type} are not about the same thing"
    if clock.starts_at not in ("kept", "event", *policy.event.model_fields):
        yield f"the clock '{clock.words}' starts at a field that the event does not have: {clock.starts_at}"
    if clock.before is not None and (problem := _not_before(policy, *clock.before)):
        yield f"the clock '{clock.words}' must be met before '{clock.before[0]}', {problem}"


def _not_before(policy: Policy, name: str, ahead: Term) -> str:
    """Why nothing can be due so long before this field of the event, or nothing."""
    field = policy.event.model_fields.get(name)
    if field is None or field.annotation is not datetime:
        return "which is no field of the event with a moment that is always known"
    return "" if ahead.unit in ("hours", "working hours") else f"and {ahead.words} is not a number of hours"


def _conditions(policy: Policy) -> dict[str, Condition]:
    rules: Sequence[Tell | Expect | Want] = (*policy.shares, *policy.expectations, *policy.wants)
    named = [c for rule in rules for c in rule.conditions]
    named += [c for t in policy.taken_as for c in t.conditions] + list(policy.answers_when)
    return {c.name: c for c in (*named, *(c for r in policy.if_no_child for c in r.conditions))}


def _tried(policy: Policy, kinds: Sequence[str]) -> Iterator[str]:
    """Conditions that hold in every case say nothing; those that hold in none, and rows that do, are never reached."""
    conditions = _conditions(policy)
    held: dict[str, set[bool]] = {name: set() for name in conditions}
    never = dict(enumerate(policy.shares))
    idle = dict(enumerate(policy.expectations))
    for case in cases_of(policy.event, kinds):
        true = {name: _holds(c, case) for name, c in conditions.items()}
        for name, holds in true.items():
            held[name].add(holds)
        for at in [at for at, row in never.items() if all(true[c.name] for c in row.conditions)]:
            del never[at]
        told = {row.service for row in policy.shares if all(true[c.name] for c in row.conditions)} if idle else set()
        for at in [at for at, clock in idle.items() if _starts(clock, true, told)]:
            del idle[at]
    for name, seen in held.items():
        if False not in seen:
            yield f"the condition '{conditions[name].words}' holds in every case, and so says nothing"
        if True not in seen:
            yield f"the condition '{conditions[name].words}' holds in no case"
    for at, row in never.items():
        yield f"row {at + 1}, for the {row.who}, is told in no case: its conditions never hold together"
    for clock in idle.values():
        yield f"the clock '{clock.words}' starts in no case: nobody is told when its conditions hold"


def _starts(clock: Expect, true: Mapping[str, bool], told: set[Service | None]) -> bool:
    somebody = clock.service is None or clock.service in told or None in told
    return somebody and all(true[c.name] for c in clock.conditions)


def _holds(condition: Condition, case: Case) -> bool:
    return bool(condition.test(case.event, case.child, case.facts))


def _one_meaning(book: Book) -> Iterator[str]:
    """Two conditions in the same words, or of the same name, would be told apart by nobody."""
    words: dict[str, Condition] = {}
    names: dict[str, Condition] = {}
    for policy in book.policies.values():
        for condition in _conditions(policy).values():
            if words.setdefault(condition.words, condition).test is not condition.test:
                yield f"two conditions read '{condition.words}'"
            if names.setdefault(condition.name, condition).test is not condition.test:
                yield f"two conditions are called {condition.name}"
