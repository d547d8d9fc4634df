"""A replaced or cancelled event tells everyone who had the first, or heard that nobody had answered it."""

from router.compose import envelope
from router.earlier import Alert, Question
from router.events import LANES, Event, lane_of, stable_id
from router.facts import Facts
from router.nobody import asked_still, is_asked
from router.plan import Delivery, Plan, task_left_by

_WORDS = {
    "update": "This replaces what you were sent, and is no longer for you.",
    "cancel": "The sender has cancelled this. Do not act on it; note it in the record.",
}
_NOTHING_TO_WAIT_FOR = {
    "update": "You were told that nobody had answered. The sender has corrected this, and it is no longer waited for.",
    "cancel": "You were told that nobody had answered. The sender has cancelled this. Do not act on it.",
}
_NOBODY_TO_FIND = {
    "update": "You were told that somebody had to be found. This was corrected, and nobody is sought any more.",
    "cancel": "You were told that somebody had to be found. The sender has cancelled this. Do not act on it.",
}
UNNAMED = "unnamed"
"""In place of the child, to those who were not told which child it is about."""


def withdraw(event: Event, facts: Facts, plan: Plan, kept: frozenset[tuple[str | None, str]]) -> None:
    """A replaced or cancelled event tells everyone who had the first; those who get the new one are told in it.

    So it does those who were told of somebody's silence, and the tasks that came of it end; a correction spares those
    where the same team is told of the same child again."""
    earlier = facts.earlier
    if earlier is None:
        return
    for standing in earlier.standing:
        if (standing.child, standing.team) not in kept:
            # a record sent as new twice stands twice with a team: each of the two is withdrawn, by an id of its own
            words = _WORDS[event.action]
            plan.deliveries.append(_withdrawal(event, facts, standing.id, standing.child, standing.team, words))
    sought = asked_still(facts, plan)
    gone = [a for a in earlier.alerts if event.action == "cancel" or not _waits_still(a, facts, plan, kept, sought)]
    for alert in gone:
        words = (_NOBODY_TO_FIND if alert.asks else _NOTHING_TO_WAIT_FOR)[event.action]
        plan.deliveries.append(_withdrawal(event, facts, alert.id, alert.child, alert.team, words))
    plan.withdrawn += [a.id for a in gone]
    if event.action == "cancel":
        plan.closes |= dict.fromkeys(earlier.tasks, "the event was cancelled")
    else:
        over = {task_left_by(a.clock) for a in gone}
        plan.closes |= {t: "the event was corrected: it is not for this recipient" for t in earlier.tasks if t in over}


def _waits_still(
    alert: Alert, facts: Facts, plan: Plan, kept: frozenset[tuple[str | None, str]], sought: set[Question]
) -> bool:
    if alert.asks is not None:
        return is_asked(alert.asks, sought, facts)
    if alert.on_team is not None:
        return (alert.on_child, alert.on_team) in kept
    return alert.child is None or alert.child in plan.concerned


def _withdrawal(event: Event, facts: Facts, what: str, child: str | None, team: str, words: str) -> Delivery:
    id = stable_id(event.source, event.id, child or "", team, what)
    data = {
        "delivery_id": id,
        "withdraws": what,
        "standing": event.action,
        "event": {"id": event.id, "type": event.type, "time": event.time.isoformat()},
        "child": {"person": child or UNNAMED},
        "to": {"team": team},
        "words": words,
    }
    body = envelope("share-withdrawn-1", id, facts.at, event.id, event.correlation, data)
    return Delivery(id, "withdrawal", child, team, lane_of(team, child or "", LANES), body, "", withdraws=what)
