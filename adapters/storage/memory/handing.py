"""A team accepts a child that was handed on: what the teams before it still owe is its own from then on."""

from dataclasses import replace

from adapters.storage.memory.tables import Store, running
from router.plan import HandOn


def pass_on(s: Store, delivery: str) -> None:
    """Open clocks of the teams before pass to the team of this delivery, with the dates they had."""
    for handed in _former(s, delivery):
        taker = s.deliveries[delivery].delivery.team
        for row in running(s, handed.child):
            if row.clock.team != handed.from_team or row.clock.team == taker or row.clock.task is not None:
                continue
            on = row.clock.delivery
            if on is None or row.event_no == s.deliveries[delivery].event_no or _own(s, on, row.event_no):
                continue
            s.clocks[row.clock.id] = replace(row, clock=row.clock._replace(team=taker, delivery=delivery))
            s.clocks_of[delivery] = (*s.clocks_of.get(delivery, ()), row.clock.id)
            s.clocks_of[on] = tuple(id for id in s.clocks_of[on] if id != row.clock.id)
        if handed.delivery != delivery:
            for row in running(s, handed.delivery):
                if _own(s, handed.delivery, row.event_no) and row.state == "running":
                    s.clocks[row.clock.id] = replace(row, state="stopped", ended_how="handed on")


def hand_back(s: Store, delivery: str) -> None:
    """The letter by which a team took the child over stands no longer: what passed goes back to whose it was.

    Where the letter was only corrected, the team takes it over again by the newer one."""
    if delivery not in s.hand_ons:
        return
    theirs = {(h.child, h.from_team) for h in _former(s, delivery)}
    for row in running(s, delivery):
        if row.event_no is None or _own(s, delivery, row.event_no):
            continue
        told = (s.deliveries[id].delivery for id in s.of_event.get(row.event_no, ()))
        first = next((d for d in told if d.kind == "summary" and (row.clock.child, d.team) in theirs), None)
        if first is None:
            continue
        s.clocks[row.clock.id] = replace(row, clock=row.clock._replace(team=first.team, delivery=first.id))
        s.clocks_of[first.id] = (*s.clocks_of.get(first.id, ()), row.clock.id)
        s.clocks_of[delivery] = tuple(id for id in s.clocks_of[delivery] if id != row.clock.id)


def _own(s: Store, delivery: str, event_no: int | None) -> bool:
    """Whether a clock of this event is the one that waits for the child to be accepted."""
    return delivery in s.hand_ons and s.deliveries[delivery].event_no == event_no


def _former(s: Store, delivery: str) -> list[HandOn]:
    """From whom the child came here, and from whom those had it without having accepted."""
    found = list(s.hand_ons.get(delivery, ()))
    every = [h for all_of in s.hand_ons.values() for h in all_of]
    for one in found:
        found += [h for h in every if h.child == one.child and h.to_team == one.from_team and h not in found]
    return found
