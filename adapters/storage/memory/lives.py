"""A child who was recorded as dead in error: the clocks that had stopped for that run again, due when they were."""

from dataclasses import replace

import orjson

from adapters.storage.memory.handing import hand_back
from adapters.storage.memory.tables import Store, running
from adapters.storage.records import ClockRecord
from router.material import record_key
from router.moments import day_of
from router.plan import Died, Plan
from router.receipts import needs_met, speaks_of, takes_on

DIED = "the child died"


def deaths_and_lives(s: Store, no: int, plan: Plan) -> None:
    """What event `no` lets run on for a child who did not die, and stops for one who did."""
    for child in plan.lives:
        _run_again(s, child)
    for died in plan.died:
        _stop_for(s, died, no)


def _stop_for(s: Store, died: Died, no: int) -> None:
    """Nobody is chased for what had happened by the day of the death; what tells of it (event `no`) is owed."""
    for row in running(s, died.child):
        if row.clock.task is not None or row.event_no is None or row.event_no == no:
            continue
        if day_of(s.events[row.event_no].event.time).isoformat() <= died.day:
            s.clocks[row.clock.id] = replace(row, state="stopped", ended_how=DIED)


def _run_again(s: Store, child: str) -> None:
    """All that had stopped, but for what was replaced or cancelled meanwhile, or ended by an answer."""
    for row in [s.clocks[id] for id in s.clocks_of.get(child, ())]:
        if row.clock.child != child or (row.state, row.ended_how) != ("stopped", DIED):
            continue
        if row.event_no is None or not is_newest(s, row.event_no):
            continue
        state = row.clock.turns.state if row.clock.turns else "running"
        s.clocks[row.clock.id] = replace(row, state=state, ended_how=None)
        told = s.deliveries[row.clock.delivery] if row.clock.delivery else None
        if told is not None and told.withdrawn_by is not None:  # handed on by a letter that stands no longer
            hand_back(s, told.delivery.id)
        _answered(s, s.clocks[row.clock.id])


def _answered(s: Store, row: ClockRecord) -> None:
    """A receipt that came meanwhile ends it now."""
    clock, item = row.clock, row.clock.turns.item if row.clock.turns else None
    for r in s.receipts.values():
        to = s.deliveries[r.delivery]
        if r.delivery == clock.delivery and r.state == "not-ours":
            s.clocks[clock.id] = replace(row, state="stopped", ended_how=r.state)
            return
        met = r.delivery == clock.delivery and clock.needs in needs_met(r, r.delivery in s.hand_ons)
        taken = clock.needs == "take" and takes_on(r) and to.event_no == row.event_no
        if (met and speaks_of(r, clock.needs, item)) or (taken and to.delivery.child == clock.child):
            s.clocks[clock.id] = replace(row, state="met", ended_how=r.state)
            return


def is_newest(s: Store, no: int) -> bool:
    """Whether no other version of the event's matter, that is as new, updates or cancels it."""
    event = s.events[no].event
    others = (s.events[o].event for o in s.records.get(record_key(event), ()) if o != no and one_matter(s, no, o))
    later = (x for x in others if int(x.sequence or 0) >= int(event.sequence or 0))
    return all(x.action == "new" for x in later)


def one_matter(s: Store, one: int, other: int) -> bool:
    """Whether both are of one record, and neither left the other alone as about others."""
    first, second = s.events[one], s.events[other]
    if record_key(first.event) != record_key(second.event):
        return False
    left = (orjson.loads(row.facts).get("others", ()) for row in (first, second))
    return first.event.id not in (ids := [*next(left), *next(left)]) and second.event.id not in ids
