"""A correction gives nobody who has not answered more time: its clocks go on where those of the replaced event were."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from router.earlier import MOOT, SEEKS, Alert, Earlier, Running, Sought, Standing, said_in
from router.events import Event
from router.plan import Clock, Plan, Step, Task, Turns
from router.turns import turns_from, turns_kept


def running_as(clock: Clock, rung: int, due: datetime) -> Running:
    """A clock that runs (or is paused) as the facts of a later event have it."""
    item = clock.turns.item if clock.turns else None
    return Running(
        clock.flow,
        clock.needs,
        item or clock.words,
        clock.child,
        clock.team,
        _written(clock.starts),
        rung,
        _written(due),
        [[_written(s.due), s.owner] for s in clock.steps],
        _as_json(clock.turns),
    )


def forerunner(made: Clock, earlier: Earlier | None, once: Iterable[str]) -> Running | None:
    """The clock of the replaced event on the same expectation, child and team; of several the one that is due first.

    `once`: other ids that the child had."""
    children = {made.child, *(once if made.child else ())}
    what = (made.turns.item if made.turns else None) or made.words
    same = (made.flow, made.needs, what, made.team)
    found = [
        r
        for r in (earlier.running if earlier else ())
        if (r.flow, r.needs, r.what, r.team) == same and r.child in children
    ]
    return min(found, key=lambda r: r.due, default=None)


def carried(made: Clock, old: Running, follows: bool) -> Clock:
    """The clock that an update starts, with the time and the rungs that its forerunner has used up.

    `follows`: when it is due stands in the event itself, so the newer content holds, and only a ladder that did not
    change goes on. What the newer content makes due earlier is."""
    steps = tuple(Step(datetime.fromisoformat(due), owner) for due, owner in old.steps)
    due, turns = datetime.fromisoformat(old.due), made.turns
    if follows and steps != made.steps:
        return made
    if turns is not None and old.turns is not None:
        turns = turns_from(old.turns)
    if turns is None or turns.state == "running":  # paused, it has the time that was left
        fresh = made.steps
        steps = tuple(Step(min(s.due, *(f.due for f in fresh[n : n + 1])), s.owner) for n, s in enumerate(steps))
        due = min(due, steps[old.rung].due)
    starts = min(made.starts, datetime.fromisoformat(old.starts))
    return made._replace(starts=starts, steps=steps, turns=turns, rung=old.rung, next_due=due)


def earlier_with(known: Earlier | None, event: Event, plan: Plan, who: Iterable[tuple[str, str, str]] = ()) -> Earlier:
    """What a record's earlier events are to a later one of the same batch, once this one was decided.

    `who`: (slot, role, person) of everybody known whom this one names."""
    standing = tuple(Standing(d.id, d.child, d.team) for d in plan.deliveries if d.kind == "summary" and d.child)
    clocks = tuple(running_as(c, c.rung, c.due) for c in plan.clocks if c.task is None)
    tasks = tuple(t.id for t in plan.tasks if t.kind in MOOT)
    alerts: tuple[Alert, ...] = ()
    version = event.sequence if event.action != "new" else known.version if known else None
    if known is not None:
        alerts = tuple(a for a in known.alerts if a.id not in plan.withdrawn)
        tasks = (*(t for t in known.tasks if t not in plan.closes), *tasks)
        if event.action == "new":  # only an update or a cancellation withdraws
            standing, clocks = (*known.standing, *standing), (*known.running, *clocks)
    named = dict.fromkeys((*(known.named if known else ()), *who))
    stood = dict.fromkeys(
        (*(known.stood if known else ()), *((r.child, r.kind, r.about or plan.thing) for r in plan.remembered))
    )
    sought = tuple(s for s in known.sought if s.task not in plan.closes) if known else ()
    sought += tuple(sought_as(t, said_in(event.body), plan.clocks) for t in plan.tasks if t.kind in SEEKS)
    matched = known.matched if known else ()
    return Earlier(
        event.sequence or "0", standing, clocks, alerts, tasks, version, tuple(named), tuple(stood), sought, matched
    )


def sought_as(task: Task, said: str, clocks: Iterable[Clock]) -> Sought:
    """A task that seeks somebody as the facts of a later event have it, while it is open."""
    own = next((tuple(running_as(c, c.rung, c.due)) for c in clocks if c.task == task.id), None)
    return Sought(task.id, task.words, task.child, task.service, task.owner, said, False, own, task.slot)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _as_json(turns: Turns | None) -> Any:
    return None if turns is None else orjson.loads(orjson.dumps(turns_kept(turns)))
