"""A replaced or cancelled event tells everyone who had the first."""

from router.compose import envelope
from router.events import LANES, Event, lane_of, stable_id
from router.facts import Facts
from router.plan import Delivery, Plan


def withdraw(event: Event, facts: Facts, plan: Plan, kept: frozenset[tuple[str | None, str]]) -> None:
    """A replaced or cancelled event tells everyone who had the first; those who get the new one are told in it."""
    for standing in facts.earlier.standing if facts.earlier else ():
        if (standing.child, standing.team) in kept:
            continue
        # a record sent as new twice stands twice with a team: each of the two is withdrawn, under an id of its own
        id = stable_id(event.source, event.id, standing.child, standing.team, standing.id)
        data = {
            "delivery_id": id,
            "withdraws": standing.id,
            "standing": event.action,
            "event": {"id": event.id, "type": event.type, "time": event.time.isoformat()},
            "child": {"person": standing.child},
            "to": {"team": standing.team},
            "words": "This replaces what you were sent, and is no longer for you."
            if event.action == "update"
            else "The sender has cancelled this. Do not act on it; note it in the record.",
        }
        body = envelope("share-withdrawn-1", id, facts.at, event.id, event.correlation, data)
        lane = lane_of(standing.team, standing.child, LANES)
        told = Delivery(id, "withdrawal", standing.child, standing.team, lane, body, "", withdraws=standing.id)
        plan.deliveries.append(told)
