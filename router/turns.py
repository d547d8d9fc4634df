"""How a running clock is turned without being ended: paused, resumed, re-rated, answered; and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from router.events import Event, record_of
from router.facts import Facts
from router.past import ASKING, CANCELLED, RATED
from router.plan import Clock, Step, Turn, Turned, Turns
from router.policy.tables import Table
from router.policy.working_time import ENGLAND, Calendar, Term, calendar, run_on, time_left


@dataclass(frozen=True, slots=True)
class Course:
    """A clock as it stands: `clock` with its ladder, the next rung, when that is due, and whether it runs."""

    clock: Clock
    rung: int
    due: datetime
    state: str
    """running, paused, met, exhausted or stopped."""
    how: str | None = None


def as_it_stands(clock: Clock, facts: Facts, since: datetime) -> Clock:
    """A clock that starts after the events that would have turned it: disorder is normal."""
    turns = clock.turns
    assert turns is not None
    assert clock.child is not None
    stands = (*turns.paused_by, *turns.resumed_by, *(RATED + rating for rating in turns.table))
    course = Course(clock, 0, clock.steps[0].due, turns.state)
    for h in facts.past(clock.child).told_of(stands, clock.thing, since) if stands else ():
        kind, rating = (turns.rated_by[0], h.type.removeprefix(RATED)) if h.type.startswith(RATED) else (h.type, None)
        turn = Turn(kind, clock.child, clock.thing, datetime.fromisoformat(h.at), (), None, rating)
        course = turned(course, turn) or course
    return course.clock


def table_of(table: Table, facts: Facts, flow: str) -> dict[str, Term]:
    """Value → term: the rule book's, and instead of each the publisher's own where it has set one."""
    asks = facts.publisher
    return {**dict(table.terms), **facts.cover.own.rated(asks.organisation, flow, asks.service, facts.now)}


def rated_term(table: Table, rows: Mapping[str, Term], event: Event) -> Term:
    """The term for what the event says; where it says nothing that the table knows, the table's first."""
    said = getattr(event.data, table.field, None)
    return rows[said] if isinstance(said, str) and said in rows else table.terms[0][1]


def asked_by(
    table: Table, event: Event, facts: Facts, child: str, about: tuple[str | None, str], by: Calendar
) -> datetime:
    """By when an answer is due after all that was rated of a thing, this event included: as the clocks have it.

    `about` is the thing and the flow. A correction of whoever asks is no new rating: it may make the answer due sooner,
    and gives nobody more time (router/carried.py)."""
    thing, flow = about
    rows = table_of(table, facts, flow)
    before = facts.past(child).told_of((RATED + rating for rating in rows), thing, datetime(1970, 1, 1, tzinfo=UTC))
    points = [(datetime.fromisoformat(h.at), rows[h.type.removeprefix(RATED)], h.record) for h in before]
    points.append((event.time, rated_term(table, rows, event), record_of(event)))
    (starts, first, record), *later = sorted(points, key=lambda p: p[0])
    asking = {h.record for h in facts.history.get(child, ()) if h.type.startswith(ASKING) and h.thing == thing} - {""}
    due, seen = first.due(starts, by=by), {record}
    for at, term, record in later:
        corrects = record in asking and record in seen
        due = min(due, term.due(at, by=by)) if corrects else rated_due(starts, due, term, at, by)
        seen.add(record)
    return due


def turned(course: Course, turn: Turn) -> Course | None:
    """The clock after an event, or None where the event is nothing to it. Pure, and the same for every ledger."""
    turns = course.clock.turns
    if turns is None or course.clock.child != turn.child or course.clock.thing not in (None, turn.thing):
        return None
    if turn.type.startswith(CANCELLED):
        back = _taken_back(course, turns, turn)
        for other in turn.instead:
            back = back and (turned(back, other) or back)
        return back
    if course.state not in ("running", "paused") or any((p.type, p.said) == (turn.type, turn.at) for p in turns.past):
        return None  # ended, or turned by this very event before: read again, or there when the clock began
    if turn.late and not _would_have(course, turns, turn):
        return None
    if turn.type in turns.answered_by and course.clock.team in turn.teams:
        return _noted(replace(course, state="met", how=turn.type), course, turn, "answered")
    if course.state == "paused" and turn.type in course.clock.met_by:
        return _noted(replace(course, state="met", how=turn.type), course, turn, "met")
    if course.state == "running" and turn.type in turns.paused_by:
        return _noted(replace(course, state="paused"), course, turn, "paused")
    if course.state == "paused" and turn.type in turns.resumed_by:
        return _noted(_resumed(course, turns, turn), course, turn, "resumed")
    if turn.type in turns.rated_by and turn.rating in turns.table:
        return _noted(_rated(course, turns, turn), course, turn, f"rated {turn.rating}")
    return None


def _would_have(course: Course, turns: Turns, turn: Turn) -> bool:
    """Whether what came while the clock had stopped in error would have turned it: not what is older than the clock or
    than its last turn, and no pause of what was overdue by then, of which somebody hears first."""
    since = max([course.clock.starts, *(t.said for t in turns.past)])
    return turn.at >= since and not (turn.type in turns.paused_by and turn.at > course.due)


def _resumed(course: Course, turns: Turns, turn: Turn) -> Course:
    """What was left when it was paused is left now, in the term's own time: working days in working days."""
    paused = next(t for t in reversed(turns.past) if t.what == "paused")
    unit = turns.terms[course.rung].unit
    left = time_left(unit, paused.at, course.due, turns.by)
    due = run_on(unit, max(turn.at, paused.at), left, turns.by)
    return replace(_due(course, due), state="running")


def _rated(course: Course, turns: Turns, turn: Turn) -> Course:
    """The answer is due by the new rating; once it was due, whoever is told next hears as soon as the new rating says.

    That counts from the rating, or from when the rung before was due where that is later: who was told then has the
    time too. No rung is due later than it was, and none that has fired is touched."""
    term, rung = turns.table[turn.rating or ""], course.rung
    rated = replace(course, clock=course.clock._replace(turns=turns._replace(terms=(term, *turns.terms[1:]))))
    if rung == 0:
        return _due(rated, rated_due(course.clock.starts, course.due, term, turn.at, turns.by))
    before = course.clock.steps
    due = term.due(max(turn.at, before[rung - 1].due), by=turns.by)
    if due >= course.due:
        return rated
    after = ladder_from(rated.clock, rung, due)
    steps = tuple(Step(min(s.due, b.due), s.owner) for s, b in zip(after.steps, before, strict=True))
    return replace(rated, clock=after._replace(steps=steps), due=due)


def rated_due(starts: datetime, due: datetime, term: Term, at: datetime, by: Calendar = ENGLAND) -> datetime:
    """When an answer is due after a new rating: sooner by the new term from now on, or later by it from the start."""
    sooner = term.due(at, by=by)
    return sooner if sooner < due else max(due, term.due(starts, by=by))


def _due(course: Course, due: datetime) -> Course:
    return replace(course, clock=ladder_from(course.clock, course.rung, due), due=due)


def ladder_from(clock: Clock, rung: int, due: datetime) -> Clock:
    """The clock with this rung at `due`, and each later one its own term after that."""
    turns = clock.turns
    assert turns is not None
    steps, at = list(clock.steps), due
    for n in range(rung, len(steps)):
        at = due if n == rung else turns.terms[n].due(at, by=turns.by)
        steps[n] = Step(at, steps[n].owner)
    return clock._replace(steps=tuple(steps))


def _noted(after: Course, before: Course, turn: Turn, what: str) -> Course:
    """The turn goes onto the clock's record, with why and with what was so before."""
    turns = after.clock.turns
    assert turns is not None
    at = max(turn.at, before.clock.starts)
    was = (before.state, before.due, before.clock.steps)
    note = Turned(what, at, turn.type, turn.at, turn.why, *was, turn.record, before.rung)
    return replace(after, clock=after.clock._replace(turns=turns._replace(past=(*turns.past, note))))


def _taken_back(course: Course, turns: Turns, turn: Turn) -> Course | None:
    """An event that was cancelled never turned the clock; one that others have followed since is left alone."""
    if not turns.past or turns.past[-1].type != turn.type.removeprefix(CANCELLED):
        return None
    if turns.past[-1].record not in (None, turn.record):  # None: it came before the clock began
        return None
    if course.state not in ("running", "paused", "met") or (course.state == "met") != (turns.past[-1].what in _ENDS):
        return None
    last = turns.past[-1]
    clock = course.clock._replace(steps=last.steps, turns=turns._replace(past=turns.past[:-1]))
    due = last.due if last.rung in (None, course.rung) else last.steps[course.rung].due  # a rung has fired since
    return replace(course, clock=clock, due=due, state=last.state, how=None)


_ENDS = ("answered", "met")


def turns_from(kept: Mapping[str, Any]) -> Turns:
    """What may turn a clock, as JSON keeps it."""
    return Turns(
        terms=tuple(Term(*t) for t in kept["terms"]),
        by=calendar(*(frozenset(map(date.fromisoformat, kept.get(days, ()))) for days in ("off", "on"))),
        paused_by=tuple(kept.get("paused_by", ())),
        resumed_by=tuple(kept.get("resumed_by", ())),
        answered_by=tuple(kept.get("answered_by", ())),
        rated_by=tuple(kept.get("rated_by", ())),
        table={rating: Term(*t) for rating, t in kept.get("table", {}).items()},
        item=kept.get("item"),
        past=tuple(_past(p) for p in kept.get("past", ())),
    )


def _past(kept: Sequence[Any]) -> Turned:
    what, at, kind, said, why, state, due, steps, record, *rung = kept
    ladder = tuple(Step(datetime.fromisoformat(d), owner) for d, owner in steps)
    at, said, due = (datetime.fromisoformat(moment) for moment in (at, said, due))
    return Turned(what, at, kind, said, why, state, due, ladder, record, *rung)


def turns_kept(turns: Turns) -> dict[str, Any]:
    """The same as JSON keeps it; what is empty is left out."""
    kept: dict[str, Any] = {"terms": [[t.unit, t.count] for t in turns.terms]}
    for name in ("paused_by", "resumed_by", "answered_by", "rated_by", "item"):
        if value := getattr(turns, name):
            kept[name] = value
    for days in ("off", "on"):
        if some := getattr(turns.by, days):
            kept[days] = sorted(some)
    if turns.table:
        kept["table"] = {rating: [t.unit, t.count] for rating, t in turns.table.items()}
    if turns.past:
        kept["past"] = [[*t[:7], [tuple(s) for s in t.steps], t.record, t.rung] for t in turns.past]
    return kept
