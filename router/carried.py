"""A correction gives nobody who has not answered more time: its clocks go on where those of the replaced event were."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from router.earlier import MOOT, SEEKS, Earlier, Running, Sought, Standing, known_of, said_in
from router.events import Event
from router.matters import Part, people_in
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


def one_more(
    parts: Sequence[Part],
    event: Event,
    plan: Plan,
    who: Sequence[tuple[str, str, str | None]],
    earlier: Earlier | None,
    others: tuple[str, ...],
) -> list[Part]:
    """A record's events to a later one of the same batch, once this one was decided.

    `who`: (slot, role, person) of everybody whom it names; `earlier` and `others`: what it followed, and what not."""
    gone = frozenset(earlier.of if earlier and plan.replaces else ())
    kept = [_left_of(p, plan, p.id in gone) for p in parts] if gone or plan.withdrawn or plan.closes else [*parts]
    part = Part(
        id=event.id,
        action=event.action,
        sequence=event.sequence or "0",
        people=people_in(who, event.body),
        others=others,
        standing=tuple(Standing(d.id, d.child, d.team) for d in plan.deliveries if d.kind == "summary" and d.child),
        running=tuple(running_as(c, c.rung, c.due) for c in plan.clocks if c.task is None),
        tasks=tuple(t.id for t in plan.tasks if t.kind in MOOT),
        named=known_of(who),
        stood=tuple((r.child, r.kind, r.about or plan.thing) for r in plan.remembered),
        sought=tuple(sought_as(t, said_in(event.body), plan.clocks) for t in plan.tasks if t.kind in SEEKS),
    )
    return [*kept, part]


def _left_of(part: Part, plan: Plan, replaced: bool) -> Part:
    return replace(
        part,
        standing=() if replaced else part.standing,
        running=() if replaced else part.running,
        alerts=tuple(a for a in part.alerts if a.id not in plan.withdrawn),
        tasks=tuple(t for t in part.tasks if t not in plan.closes),
        sought=tuple(s for s in part.sought if s.task not in plan.closes),
    )


def sought_as(task: Task, said: str, clocks: Iterable[Clock]) -> Sought:
    """A task that seeks somebody as the facts of a later event have it, while it is open."""
    own = next((tuple(running_as(c, c.rung, c.due)) for c in clocks if c.task == task.id), None)
    return Sought(task.id, task.words, task.child, task.service, task.owner, said, False, own, task.slot)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _as_json(turns: Turns | None) -> Any:
    return None if turns is None else orjson.loads(orjson.dumps(turns_kept(turns)))
