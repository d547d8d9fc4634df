"""The clocks that an event starts: on those who are told, on what must follow, and on the tasks of people."""

from collections.abc import Sequence
from datetime import date, datetime

from contracts.parts.services import Service
from router.events import Event, stable_id
from router.facts import Child, Facts
from router.plan import Clock, Delivery, Plan, Step
from router.policy.owners import Owner
from router.policy.words import Expect, Policy
from router.policy.working_time import LONDON, OPENS, working_days
from router.summary import expected_date


def desk_of(facts: Facts) -> str:
    """The team that works the tasks of this publisher's area; the publisher's own team where there is no desk."""
    desks = facts.cover.of_trust(Service.DESK, facts.publisher.organisation)
    if not desks:
        desks = tuple(t.id for t in facts.cover.teams.values() if t.service is Service.DESK)
    return desks[0] if desks else facts.publisher.team


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
    event: Event, facts: Facts, policy: Policy, child: Child, delivery: Delivery, service: Service, plan: Plan
) -> None:
    """The clocks that one delivery starts: on the team that it goes to."""
    for at, clock in enumerate(policy.expectations):
        if clock.service is service and all(c(event, child, facts) for c in clock.conditions):
            if event.action == "new" and _already_met(clock, child, facts, plan.thing):
                continue
            plan.clocks.append(_clock(event, facts, policy, clock, at, child, plan, delivery.team, delivery.id))


def event_clocks(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan) -> None:
    """The clocks that the event itself starts, for each child, unless what meets them came first."""
    for at, clock in enumerate(policy.expectations):
        if clock.service is not None:
            continue
        for child in children:
            if not all(c(event, child, facts) for c in clock.conditions):
                continue
            if _already_met(clock, child, facts, plan.thing):
                continue
            plan.clocks.append(_clock(event, facts, policy, clock, at, child, plan, None, None))


def _already_met(clock: Expect, child: Child, facts: Facts, thing: str | None) -> bool:
    """The event that meets it may have come first: disorder is normal."""
    return bool(clock.met_by) and facts.stands(child.id, {m.event_type for m in clock.met_by}, thing)


def _clock(
    event: Event,
    facts: Facts,
    policy: Policy,
    clock: Expect,
    at: int,
    child: Child,
    plan: Plan,
    team: str | None,
    delivery: str | None,
) -> Clock:
    starts = _starts(event, facts, clock)
    who = facts.cover.teams[team] if team else facts.publisher
    own = facts.cover.own.of(who.organisation, clock.because.flow, who.service, clock.to, starts)
    days = facts.cover.own.calendar(who.organisation)
    within, ladder = (
        (own.within or clock.within, own.ladder or clock.else_tell) if own else (clock.within, clock.else_tell)
    )
    due = within.due(starts, expected_date(child), days)
    if clock.at_once_on and facts.stands(child.id, {e.event_type for e in clock.at_once_on}, plan.thing):
        due = facts.now
    steps = []
    for rung in ladder:
        steps.append(Step(due, owner_code(rung.owner)))
        due = rung.within.due(due, by=days)
    return Clock(
        id=stable_id("clock", event.source, event.id, child.id, team or "", str(at)),
        flow=clock.because.flow,
        paragraph=clock.because.cited,
        words=clock.words,
        child=child.id,
        team=team or (facts.publisher.team if clock.service is None else None),
        delivery=delivery,
        needs=clock.to,
        starts=starts,
        steps=tuple(steps),
        met_by=tuple(e.event_type for e in clock.met_by),
        at_once_on=tuple(e.event_type for e in clock.at_once_on),
        thing=plan.thing,
    )


def _starts(event: Event, facts: Facts, clock: Expect) -> datetime:
    """The moment a clock runs from; a field that holds no day falls back to the event's own time."""
    if clock.starts_at == "kept":
        return facts.now
    day = event.time if clock.starts_at == "event" else getattr(event.data, clock.starts_at, None)
    if isinstance(day, datetime):
        return day
    return datetime.combine(day, OPENS, LONDON) if isinstance(day, date) else event.time


def owner_code(who: Owner) -> str:
    """A rung's owner as the ledger keeps it."""
    return f"service:{who.service.value}" if who.kind == "service" and who.service else who.kind
