"""event × facts × rule book → Plan: pure, and the one function that running, explaining and simulating share."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from contracts.parts.services import Service
from router.address import involved_teams, teams_for
from router.appraise import appraise
from router.compose import envelope, sections_of, told_block, who_block, why_block
from router.directory import NobodyFound, Place
from router.enrich import About, enrichments
from router.events import Event, lane_of, stable_id
from router.facts import Child, Facts, children_concerned
from router.identity import DOUBTS
from router.plan import Clock, Delivery, Meets, Plan, Step, Task, Verdict
from router.policy.book import Book
from router.policy.words import Expect, Owner, Policy, Tell
from router.policy.working_time import working_days

LANES = 16
"""Lanes of delivery: a fixed number, so that a child and team keep theirs for ever."""


def decide(event: Event, facts: Facts, book: Book) -> Plan:
    """All that follows from `event`; the same arguments always give the same plan, byte for byte.

    `facts.now` is the moment of deciding. Never raises for content: whatever cannot be routed becomes a task."""
    plan = Plan(policy_version=book.version)
    policy = book.of(event.type)
    if policy is None:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "no rule speaks of this event"))
        return plan
    if event.test:  # before all else: a heartbeat is no child's history, mends no file, ends no clock, withdraws nothing
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "a heartbeat: never in a person's queue"))
        return plan
    plan.thing = _thing(event, policy)
    plan.place = _place(event)
    if not _is_newest(event, facts):
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "a newer version of this record is already kept"))
        plan.answers.append({"kind": "superseded-by-newer", "event_id": event.id, "record_id": event.data.record_id})
        return plan
    if facts.earlier and event.action != "new":
        plan.withdrawn += [s.id for s in facts.earlier.standing]
    if policy.changes is not None:
        plan.changes = policy.changes(event, facts)
    _tasks_for_doubts(event, facts, plan)
    children = children_concerned(event, facts, policy.concerning)
    plan.concerned = tuple(c.id for c in children)
    if event.action == "cancel":
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "the event was cancelled"))
        _withdraw(event, facts, plan, kept=frozenset())
        return plan
    if starters := book.starters.get(event.type):
        plan.meets += [
            Meets(event.type, c.id, plan.thing)
            for c in children
            if any(h.type in starters for h in facts.history.get(c.id, ()))
        ]
    plan.appraisal = appraise(event, children, policy, facts)
    _answer(event, facts, policy, children, plan)
    if not children:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "no child is known to be concerned"))
    for child in children:
        _for_child(event, facts, policy, child, plan, book)
    _event_clocks(event, facts, policy, children, plan)
    if plan.withdrawn:
        _withdraw(event, facts, plan, kept=frozenset((d.child, d.team) for d in plan.deliveries))
    return plan


def _is_newest(event: Event, facts: Facts) -> bool:
    return not (facts.earlier and int(event.sequence or 0) < int(facts.earlier.sequence))


def _thing(event: Event, policy: Policy) -> str | None:
    value = getattr(event.data, policy.thing) if policy.thing else event.data.record_id
    return str(value) if value else None


def _place(event: Event) -> str | None:
    place = event.body.get("place")
    return place.get("name") if isinstance(place, dict) else None


def _for_child(event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    told: dict[str, list[Tell]] = {}
    relations: dict[str, str] = {}
    for at, row in enumerate(policy.shares):
        failed = ""
        for condition in row.conditions:
            if not condition.test(event, child, facts):
                failed = condition.words
                break
        if failed:
            plan.verdicts.append(Verdict(at, child.id, "not-applicable", failed))
            continue
        places = _places(row, child, facts)
        if isinstance(places, NobodyFound):
            _nobody(event, facts, child, at, row, places, plan)
            continue
        for place in places:
            told.setdefault(place.team, []).append(row)
            relations.setdefault(place.team, place.relation)
        detail = places[0].relation if places else "no service works with the child now"
        outcome: Any = "told" if places else "not-applicable"
        plan.verdicts.append(Verdict(at, child.id, outcome, detail, tuple(p.team for p in places)))
    services = {team: facts.cover.teams[team].service for team in told}
    present = frozenset(name for name, value in event.body.items() if value is not None)
    for team, rows in told.items():
        others = [service for t, service in services.items() if t != team]
        about = About(event, child, facts, team, plan.appraisal, book, plan.thing)
        delivery = _summary(about, relations[team], tuple(rows), others, present)
        plan.deliveries.append(delivery)
        _delivery_clocks(event, facts, policy, child, delivery, services[team], plan)


def _places(row: Tell, child: Child, facts: Facts) -> Sequence[Place] | NobodyFound:
    if row.service is None:
        return involved_teams(child.doc, facts.cover, row.besides)
    found = teams_for(row.service, child.doc, child.mother, facts.cover, facts.publisher.organisation)
    return found if isinstance(found, NobodyFound) else found.places


def _nobody(
    event: Event, facts: Facts, child: Child, at: int, row: Tell, found: NobodyFound, plan: Plan
) -> None:
    """Rule G: an alert to a person, never a drop."""
    plan.verdicts.append(Verdict(at, child.id, "nobody-found", found.why))
    service = row.service or Service.DESK
    task = stable_id("nobody", event.source, event.id, child.id, service.value)
    if any(t.id == task for t in plan.tasks):
        return
    words = f"Nobody could be found to tell in {service.words}: {found.why}."
    plan.tasks.append(Task(task, "nobody-found", words, child.id, desk_of(facts), service.value))
    plan.clocks.append(task_clock(task, facts, row.because.flow, row.because.paragraph, words, child.id))


def desk_of(facts: Facts) -> str:
    """The team that works the tasks of this publisher's area; the publisher's own team where there is no desk."""
    desks = facts.cover.of_trust(Service.DESK, facts.publisher.organisation)
    if not desks:
        desks = tuple(t.id for t in facts.cover.teams.values() if t.service is Service.DESK)
    return desks[0] if desks else facts.publisher.team


def task_clock(task: str, facts: Facts, flow: str, paragraph: str, words: str, child: str | None) -> Clock:
    """A task's own ladder: its owner, then the named nurse of the publisher's trust."""
    first = working_days(1).due(facts.now)
    second = working_days(1).due(first)
    return Clock(
        id=stable_id("clock", task), flow=flow, paragraph=paragraph, words=words, child=child, team=None,
        delivery=None, needs="close", starts=facts.now,
        steps=(Step(first, "desk"), Step(second, f"service:{Service.NN.value}")), task=task,
    )


def _tasks_for_doubts(event: Event, facts: Facts, plan: Plan) -> None:
    for who in facts.who:
        if who.doubt is None or who.role not in ("child", "unborn", "mother", "adult", "father", "partner"):
            continue
        task = stable_id("match", event.source, event.id, who.slot)
        words = f"A person must say whose record this is ({who.slot}): {DOUBTS.get(who.doubt, who.doubt)}."
        plan.tasks.append(Task(task, "match", words, None, desk_of(facts), None, who.slot))
        plan.clocks.append(task_clock(task, facts, "G", "standards 9", words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", f"{who.slot}: {DOUBTS.get(who.doubt, who.doubt)}"))


def _summary(
    about: About, relation: str, rows: tuple[Tell, ...], others: Sequence[Service], present: frozenset[str]
) -> Delivery:
    event, child, facts, team = about.event, about.child, about.facts, about.team
    id = stable_id(event.source, event.id, child.id, team)
    sections, withheld, cut = sections_of(event, child, rows, present)
    service = facts.cover.teams[team].service
    known = enrichments(cut.adds, about)
    flags = known.pop("flags", [])
    sections["context"].update(known)
    replaces = next(
        (s.id for s in facts.earlier.standing if s.child == child.id and s.team == team), None
    ) if facts.earlier and event.action != "new" else None
    what: dict[str, Any] = {
        "id": event.id, "source": event.source, "type": event.type, "time": event.time.isoformat(),
        "action": event.action,
    }
    if event.data.record_id:
        what["record_id"] = event.data.record_id
    data = {
        "delivery_id": id,
        "event": what,
        "child": who_block(child),
        "to": {"team": team, "name": facts.cover.teams[team].name, "service": service},
        "why_you": why_block(rows),
        "relation": relation,
        "asked": _asked(event, facts, child, rows, service),
        "what_happened": sections["what_happened"],
        "risk_and_impact": sections["risk_and_impact"],
        "voice_of_child": sections["voice_of_child"],
        "flags": flags,
        "context": sections["context"],
        "told": told_block(others),
        "withheld": withheld,
        "author": sections["author"],
        "lawful_basis_and_consent": sections["lawful_basis_and_consent"],
        "standing": "cancelled" if event.action == "cancel" else event.action,
        "replaces": replaces,
    }
    kind = event.type.rsplit("-", 1)
    body = envelope(
        f"{kind[0]}-summary-{kind[1]}", id, facts.at, event.id, event.correlation, data
    )
    flows = ",".join(dict.fromkeys(r.because.flow for r in rows))
    return Delivery(id, "summary", child.id, team, lane_of(team, child.id, LANES), body, flows, len(withheld))


def _asked(event: Event, facts: Facts, child: Child, rows: Sequence[Tell], service: Service) -> list[dict[str, str]]:
    asked: dict[str, str | None] = {}
    expected = _expected_date(child)
    for row in rows:
        if row.ask is not None:
            due = row.ask.within.due(facts.now, expected) if row.ask.within else None
            asked.setdefault(row.ask.what, due.isoformat() if due else None)
    for ask in event.data.asks:
        if ask.of is service:
            asked.setdefault(ask.what, ask.by.isoformat() if ask.by else None)
    return [{"what": what, "by": by} if by else {"what": what} for what, by in asked.items()]


def _expected_date(child: Child) -> date | None:
    return date.fromisoformat(child.doc["expected"]) if "expected" in child.doc else None


def _delivery_clocks(
    event: Event, facts: Facts, policy: Policy, child: Child, delivery: Delivery, service: Service, plan: Plan
) -> None:
    for at, clock in enumerate(policy.expectations):
        if clock.service is service and all(c(event, child, facts) for c in clock.conditions):
            plan.clocks.append(_clock(event, facts, policy, clock, at, child, plan, delivery.team, delivery.id))


def _event_clocks(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan) -> None:
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
    types = {m.event_type for m in clock.met_by}
    return any(h.type in types and h.thing == thing for h in facts.history.get(child.id, ()))


def _clock(
    event: Event, facts: Facts, policy: Policy, clock: Expect, at: int, child: Child, plan: Plan,
    team: str | None, delivery: str | None,
) -> Clock:
    starts = event.time if clock.starts_at == "event" else facts.now
    due = clock.within.due(starts, _expected_date(child))
    if clock.at_once_on and any(
        h.type in {e.event_type for e in clock.at_once_on} and h.thing == plan.thing
        for h in facts.history.get(child.id, ())
    ):
        due = facts.now
    steps = []
    for rung in clock.else_tell:
        steps.append(Step(due, owner_code(rung.owner)))
        due = rung.within.due(due)
    return Clock(
        id=stable_id("clock", event.source, event.id, child.id, team or "", str(at)),
        flow=clock.because.flow, paragraph=clock.because.paragraph, words=clock.words, child=child.id,
        team=team or (facts.publisher.team if clock.service is None else None), delivery=delivery, needs=clock.to,
        starts=starts, steps=tuple(steps), met_by=tuple(e.event_type for e in clock.met_by),
        at_once_on=tuple(e.event_type for e in clock.at_once_on), thing=plan.thing,
    )


def owner_code(who: Owner) -> str:
    """A rung's owner as the ledger keeps it."""
    return f"service:{who.service.value}" if who.kind == "service" and who.service else who.kind


def _answer(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan) -> None:
    """What goes back to the publisher: the child's live flags where it asked by publishing, and what was missing."""
    if policy.answers_live_flags:
        for child in children:
            flags = child.live_flags(facts.now.date())
            plan.answers.append({
                "kind": "live-flags", "event_id": event.id, "record_id": event.data.record_id,
                "flags": [
                    {"kind": f["kind"], "since": f["since"], "contact": f["contact"], "authority": f["authority"]}
                    for f in flags
                ],
            })
    if plan.appraisal.missing:
        plan.answers.append({
            "kind": "quality", "event_id": event.id, "record_id": event.data.record_id,
            "quality": {"wanted": plan.appraisal.wanted, "present": plan.appraisal.present},
            "problems": [
                {
                    "code": "not-recorded", "path": f"data.{f['field']}", "message": f"There is no {f['words']}.",
                    "mend": f"Record it and send an update. It is wanted because of {f['flow']} ({f['paragraph']}).",
                }
                for f in plan.appraisal.feedback
            ],
        })


def _withdraw(event: Event, facts: Facts, plan: Plan, kept: frozenset[tuple[str | None, str]]) -> None:
    """A replaced or cancelled event tells everyone who had the first; those who get the new one are told in it."""
    for standing in facts.earlier.standing if facts.earlier else ():
        if (standing.child, standing.team) in kept:
            continue
        # a record sent as new twice stands twice with a team: each of the two is withdrawn, under an id of its own
        id = stable_id(event.source, event.id, standing.child, standing.team, standing.id)
        data = {
            "delivery_id": id, "withdraws": standing.id, "standing": event.action,
            "event": {"id": event.id, "type": event.type, "time": event.time.isoformat()},
            "child": {"person": standing.child}, "to": {"team": standing.team},
            "words": "This replaces what you were sent, and is no longer for you."
            if event.action == "update" else "The sender has cancelled this. Do not act on it; note it in the record.",
        }
        body = envelope("share-withdrawn-1", id, facts.at, event.id, event.correlation, data)
        lane = lane_of(standing.team, standing.child, LANES)
        plan.deliveries.append(Delivery(id, "withdrawal", standing.child, standing.team, lane, body, "", 0))
