"""The clocks that an event starts: on those who are told, on what must follow, and on the tasks of people."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from contracts.parts.services import Service
from router.carried import carried, forerunner
from router.events import Event, moment, stable_id
from router.facts import Child, Facts
from router.moments import day_of
from router.past import ANSWERED, Happening
from router.plan import Clock, Delivery, Plan, Step, Turns
from router.policy.book import Book
from router.policy.owners import Owner, Rung
from router.policy.tables import Table
from router.policy.words import Expect, Policy, kinds
from router.policy.working_time import CLOSES, LONDON, OPENS, Calendar, Term, working_days
from router.sooner import in_time
from router.summary import expected_date
from router.terms import OwnTerm
from router.turns import as_it_stands, ladder_from, rated_term, table_of


def desk_of(facts: Facts) -> str:
    """The team that works the tasks of this event's publisher."""
    return facts.cover.desk(facts.publisher.id)


def task_clock(task: str, facts: Facts, flow: str, paragraph: str, words: str, child: str | None) -> Clock:
    """A task's own ladder: its owner, then the named nurse of the publisher's trust."""
    desk = facts.cover.teams.get(desk_of(facts))
    days = facts.cover.own.calendar(desk.organisation if desk else facts.publisher.organisation)
    first = working_days(1).due(facts.now, by=days)
    second = working_days(1).due(first, by=days)
    return Clock(
        id=stable_id("clock", task),
        flow=flow,
        paragraph=paragraph,
        words=words,
        child=child,
        team=None,
        delivery=None,
        needs="close",
        starts=facts.now,
        steps=(Step(first, "desk"), Step(second, f"service:{Service.NN.value}")),
        task=task,
    )


def delivery_clocks(
    event: Event,
    facts: Facts,
    policy: Policy,
    child: Child,
    delivery: Delivery,
    service: Service,
    plan: Plan,
    back: bool = False,
) -> None:
    """The clocks that one delivery starts: on the team that it goes to; `back`: it goes to who sent the first."""
    for at, clock in _theirs(policy.expectations, service, back):
        if _holds(clock, event, child, facts):
            if clock.to == "answer":
                if facts.stands(child.id, {ANSWERED + delivery.team}, plan.thing):
                    continue
            elif (event.action == "new" or clock.to == "happen") and _already_met(event, clock, child, facts, plan):
                continue
            on = _On(event, facts, policy, child, plan, delivery.team, delivery.id)
            if clock.each is None:
                plan.clocks.append(_going_on(on, clock, at))
            else:
                owned = [(n, i) for n, i in _open(on, clock) if i.owner is service]
                plan.clocks += [_going_on(on, clock, at, item) for item in owned]


@lru_cache(maxsize=4096)
def _theirs(clocks: tuple[Expect, ...], service: Service, back: bool) -> tuple[tuple[int, Expect], ...]:
    """Those that a delivery to a team of this service may start, each with its place."""
    return tuple(
        (at, clock)
        for at, clock in enumerate(clocks)
        if (back if clock.back else clock.service is service or clock.on_whoever)
    )


@lru_cache(maxsize=1024)
def _its_own(clocks: tuple[Expect, ...]) -> tuple[tuple[int, Expect], ...]:
    """Those that the event itself may start, each with its place."""
    return tuple(
        (at, clock)
        for at, clock in enumerate(clocks)
        if clock.service is None and not clock.back and (not clock.on_whoever or clock.each is not None)
    )


def event_clocks(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan) -> None:
    """The clocks that the event itself starts, for each child, unless what meets them came first.

    An item whose owner was not told is chased with the publisher: nothing that was agreed is nobody's."""
    for at, clock in _its_own(policy.expectations):
        for child in children:
            if not _holds(clock, event, child, facts):
                continue
            if _already_met(event, clock, child, facts, plan):
                continue
            on = _On(event, facts, policy, child, plan, None, None)
            if clock.each is None:
                plan.clocks.append(_going_on(on, clock, at))
            else:
                told = {facts.cover.teams[d.team].service for d in plan.deliveries if d.child == child.id}
                orphans = [(n, i) for n, i in _open(on, clock) if i.owner not in told]
                plan.clocks += [_going_on(on, clock, at, item) for item in orphans]


def items_of(event: Event, each: str) -> list[tuple[str, Any]]:
    """The items of a list that are still to be done, each under its own id or its place; none of an absent list.

    Two under one id are two things to do: the second is known by its place as well, which no id can be (a space)."""
    found = getattr(event.data, each, ())
    items: dict[str, Any] = {}
    for n, item in enumerate(found if isinstance(found, tuple) else ()):
        if item.state == "open":
            id = item.id or f"{each}.{n}"
            items[f"{id} {n}" if id in items else id] = item
    return list(items.items())


def _open(on: "_On", clock: Expect) -> list[tuple[str, Any]]:
    """The items of the clock's list that wait: not those of which the event that meets them came first."""
    met_by = _written(clock).met_by
    items = items_of(on.event, clock.each or "")
    return [(n, i) for n, i in items if not (met_by and on.facts.stands(on.child.id, met_by, n))]


def _holds(clock: Expect, event: Event, child: Child, facts: Facts) -> bool:
    return not clock.conditions or all(c.test(event, child, facts) for c in clock.conditions)


def _already_met(event: Event, clock: Expect, child: Child, facts: Facts, plan: Plan) -> bool:
    """The event that meets it may have come first: disorder is normal."""
    past = facts.past(child.id)
    if not clock.met_by or not past.kinds:
        return False
    types = _written(clock).met_by
    if clock.the_next:
        return any(h.at > moment(event) for h in past.standing(types, plan.thing))
    return bool(past.standing(types, plan.thing) or past.known_as(types, plan.names))


def next_after(thing: str | None, at: str) -> str:
    """What a clock that only the next one meets is about: the thing, and the moment of the one that started it."""
    return f"{thing} after {at}"


def is_for(thing: str | None, h: Happening) -> bool:
    """Whether what happened is what a clock about this thing waits for: about it, or the next one after its moment."""
    of, _, since = (thing or "").rpartition(" after ")
    return h.thing == thing or (of == h.thing and h.at > since)


def the_next_of(event: Event, kind: str, child: Child, facts: Facts, thing: str | None, book: Book) -> list[str]:
    """The clocks that wait for the next of a kind and that this event is later than, by what they are about.

    Those of cancelled events have stopped, and need not be left out."""
    waiting = {
        starter
        for starter in book.starters.get(kind, ())
        for clock in book.policies[starter].expectations
        if clock.the_next and kind in kinds(clock.met_by)
    }
    past = (h for h in facts.history.get(child.id, ()) if h.type in waiting and h.thing == thing)
    return list(dict.fromkeys(next_after(thing, h.at) for h in past if h.at < moment(event)))


class _On(NamedTuple):
    """What a clock is started on: a delivery to a team, or the event itself."""

    event: Event
    facts: Facts
    policy: Policy
    child: Child
    plan: Plan
    team: str | None
    delivery: str | None


def _going_on(on: _On, clock: Expect, at: int, item: tuple[str, Any] | None = None) -> Clock:
    """The clock, and if it is an update's: going on where that of the replaced event is, which nobody has answered."""

    fresh = _begun(on, clock, at, item)
    earlier = on.facts.earlier if on.event.action == "update" else None
    old = forerunner(fresh, earlier, on.child.also_known_as) if earlier and earlier.running else None
    if old is None:
        return fresh
    if isinstance(clock.within, Term) and clock.within.unit == "weeks' gestation":
        return carried(_begun(on, clock, at, item, datetime.fromisoformat(old.starts)), old, follows=True)
    # the event's own time is that of each version, and puts nothing off; but the next review may come as an update
    says_when = clock.the_next or clock.starts_at not in ("kept", "event")
    return carried(fresh, old, follows=says_when or (item is not None and item[1].by is not None))


def _begun(on: _On, clock: Expect, at: int, item: tuple[str, Any] | None, starts: datetime | None = None) -> Clock:
    return _item_clock(on, clock, at, *item, starts) if item else _clock(on, clock, at, starts=starts)


def _item_clock(on: _On, clock: Expect, at: int, id: str, item: Any, starts: datetime | None) -> Clock:
    """One agreed item's clock: due when its own day is over, in working hours' sense; else as long as the row says."""
    made = _clock(on, clock, at, id, starts)
    if item.by is not None:
        due = datetime.combine(item.by, CLOSES, LONDON).astimezone(UTC)
        made = ladder_from(made, 0, due)._replace(words=f"{clock.words} (by {item.by:%-d %B %Y})")
    if clock.met_by:
        made = made._replace(thing=id)
    if on.delivery is None:
        made = made._replace(words=f"{made.words}; nobody was told of {item.owner.words}", needs="happen")
    return made


def _clock(on: _On, clock: Expect, at: int, item: str | None = None, starts: datetime | None = None) -> Clock:
    event, facts, child, plan = on.event, on.facts, on.child, on.plan
    starts = starts or _starts(event, facts, clock)
    who = facts.cover.teams[on.team] if on.team else facts.publisher
    own = facts.cover.own.of(who.organisation, clock.because.flow, who.service, clock.to, starts)
    days = facts.cover.own.calendar(who.organisation)
    table: dict[str, Term] = {}
    if isinstance(clock.within, Table):  # the table of whoever asks: who is asked does not set how long that takes
        table = table_of(clock.within, facts, clock.because.flow)
        term = rated_term(clock.within, table, event)
    else:
        term = (own.within if own else None) or clock.within
    written = _written(clock)
    at_once = written.at_once_on and facts.stands(child.id, written.at_once_on, plan.thing)
    ladder = partial(_rungs, clock, own, term, days, _counts_from(clock, term, starts), expected_date(child))
    steps = ladder(facts.now if at_once else None)
    if clock.before is not None:
        steps = in_time(clock.before, event, steps, facts.now, days, ladder)
    answers = clock.to == "answer"
    made = Clock(
        id=stable_id("clock", event.source, event.id, child.id, on.team or "", str(at), *([item] if item else ())),
        flow=clock.because.flow,
        paragraph=written.paragraph,
        words=written.words,
        child=None if clock.names_nobody else child.id,
        team=on.team or (facts.publisher.team if on.delivery is None else None),
        delivery=on.delivery,
        needs=clock.to,
        starts=starts,
        steps=steps,
        met_by=() if answers else written.met_by,
        at_once_on=written.at_once_on,
        thing=next_after(plan.thing, moment(event)) if clock.the_next else plan.thing,
    )
    if not (answers or item or clock.paused_by or clock.re_rated_by):
        return made
    turns = Turns(
        terms=(term, *(rung.within for rung in _ladder(clock, own)[:-1])),
        by=days,
        paused_by=kinds(clock.paused_by),
        resumed_by=kinds(clock.resumed_by),
        answered_by=kinds(clock.met_by) if answers else (),
        rated_by=kinds(clock.re_rated_by),
        table=table if clock.re_rated_by else {},
        item=item,
    )
    return as_it_stands(made._replace(turns=turns), facts, event.time)


class _Written(NamedTuple):
    """An expectation as its clocks carry it."""

    paragraph: str
    words: str
    met_by: tuple[str, ...]
    at_once_on: tuple[str, ...]


@lru_cache(maxsize=4096)
def _written(clock: Expect) -> _Written:
    return _Written(
        clock.because.cited,
        clock.words,
        kinds(clock.met_by),
        kinds(clock.at_once_on),
    )


def _ladder(clock: Expect, own: OwnTerm | None) -> tuple[Rung, ...]:
    return (own.ladder if own else ()) or clock.else_tell


@lru_cache(maxsize=16384)
def _rungs(
    clock: Expect,
    own: OwnTerm | None,
    term: Term,
    days: Calendar,
    starts: datetime,
    expected: date | None,
    set_to: datetime | None,
) -> tuple[Step, ...]:
    """A ladder with its times, by the organisation's own where it has one; clocks that start together share it."""
    due = set_to or term.due(starts, expected, days)
    steps = []
    for rung in _ladder(clock, own):
        steps.append(Step(due, owner_code(rung.owner)))
        due = rung.within.due(due, by=days)
    return tuple(steps)


def _starts(event: Event, facts: Facts, clock: Expect) -> datetime:
    """The moment a clock runs from; a field that holds no day falls back to the event's own time."""
    if clock.starts_at == "kept":
        return facts.now
    day = event.time if clock.starts_at == "event" else getattr(event.data, clock.starts_at, None)
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, OPENS, LONDON) if isinstance(day, date) else event.time


def _counts_from(clock: Expect, term: Term, starts: datetime) -> datetime:
    """From when a term counts: of whole working days from a day without an hour, the last is in time till it closes."""
    if not clock.whole_days or term.unit != "working days":
        return starts
    return datetime.combine(day_of(starts), CLOSES, LONDON)


def owner_code(who: Owner) -> str:
    """A rung's owner as the ledger keeps it."""
    return f"{who.kind}:{who.service.value}" if who.kind in ("service", "sender") and who.service else who.kind
