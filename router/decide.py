"""event × facts × rule book → Plan: pure, and the one function that running, explaining and simulating share."""

from collections.abc import Sequence
from typing import Any

from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.address import PROTECTED, at_organisation, every_other_team, senders_team, teams_for
from router.address_sides import TAKES_OVER, former_teams, teams_of_side
from router.appraise import appraise
from router.clocks import delivery_clocks, desk_of, event_clocks, task_clock, the_next_of
from router.compose import envelope
from router.directory import Found, NobodyFound, Place
from router.events import LANES, Event, lane_of, stable_id
from router.facts import (
    ALSO,
    ANSWERED,
    ASKED,
    ASKING,
    CANCELLED,
    FROM,
    RATED,
    RESTORED,
    Child,
    Facts,
    children_concerned,
)
from router.family_file import Changed
from router.identity import DOUBTS
from router.invited import found_for
from router.plan import Delivery, Died, HandOn, Meets, Plan, Remembered, Task, Turn, Verdict
from router.policy.book import Book
from router.policy.named import rows_of
from router.policy.words import UNNAMED, Policy, TakenAs, Tell
from router.summary import Sheet


def decide(event: Event, facts: Facts, book: Book) -> Plan:
    """All that follows from `event`; the same arguments always give the same plan, byte for byte.

    `facts.now` is the moment of deciding. Never raises for content: whatever cannot be routed becomes a task."""
    plan = Plan(policy_version=book.version)
    policy = book.of(event.type)
    if policy is None:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "no rule speaks of this event"))
        return plan
    if event.test:  # before all else: it is no child's history, mends no file, ends no clock, withdraws nothing
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "a heartbeat: never in a person's queue"))
        return plan
    plan.thing = _thing(event, policy)
    plan.names = _names(event, policy, plan.thing)
    plan.place = _place(event)
    if not _is_newest(event, facts):
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "a newer version of this record is already kept"))
        plan.answers.append({"kind": "superseded-by-newer", "event_id": event.id, "record_id": event.data.record_id})
        return plan
    if facts.earlier and event.action != "new":
        plan.replaces = True
        plan.withdrawn += [s.id for s in facts.earlier.standing]
    _tasks_for_doubts(event, facts, plan)
    if policy.changes is not None:
        facts = _changed(event, facts, policy, plan)
    children = children_concerned(event, facts, policy)
    plan.concerned = tuple(c.id for c in children)
    if event.action == "cancel":
        _forget(event, facts, policy, children, plan, book)
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "the event was cancelled"))
        _withdraw(event, facts, plan, kept=frozenset())
        return plan
    if event.type in book.askers:
        plan.remembered += [Remembered(c.id, ASKING + facts.publisher.team) for c in children]
    for child in children:
        _remember(event, facts, policy, child, plan, book)
        if event.action == "update":
            _take_back(event, facts, policy, child, plan, book)
    plan.appraisal = appraise(event, children, policy, facts)
    _answer(event, facts, policy, children, plan)
    if not children:
        _without_child(event, facts, policy, plan)
    elif not policy.shares:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "it keeps the directory true, and nobody is told"))
    for child in children:
        plan.died += _died(child, facts)
        _for_child(event, facts, policy, child, plan, book)
    event_clocks(event, facts, policy, children, plan)
    if plan.withdrawn:
        _withdraw(event, facts, plan, kept=frozenset((d.child, d.team) for d in plan.deliveries))
    return plan


def _changed(event: Event, facts: Facts, policy: Policy, plan: Plan) -> Facts:
    """What the event changes in the family's file, and the facts as they are from then on."""
    changed: Changed = policy.changes(event, facts) if policy.changes else Changed({})
    plan.changes = changed.people
    for slot, words in changed.doubts:
        task = stable_id("match", event.source, event.id, slot)
        if any(t.id == task for t in plan.tasks):
            continue
        plan.tasks.append(Task(task, "match", words, None, desk_of(facts), None, slot))
        plan.clocks.append(task_clock(task, facts, "G", "standards 9", words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", f"{slot}: {words}"))
    return facts.after(plan.changes)


def _remember(event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    """What the event counts as for this child, and the clocks that it therefore ends."""
    kinds = [event.type]
    if policy.taken_as:
        held = [t for t in policy.taken_as if all(c.test(event, child, facts) for c in t.conditions)]
        kinds = [k for t in held for k in (_by_team(t, event, facts, policy) if t.by_team else (t.kind,))]
    if policy.rates is not None:
        plan.remembered.append(Remembered(child.id, f"{RATED}{getattr(event.data, policy.rates)}"))
    for kind in kinds:
        plan.remembered += [Remembered(child.id, k) for k in _stands_as(kind, event, plan, book)]
        if kind in book.turners:
            _turn(kind, event, facts, policy, child, plan, book)
        starters = book.starters.get(kind)
        if starters and any(h.type in starters for h in facts.history.get(child.id, ())):
            plan.meets += _met(event, kind, child, facts, plan, book)
    if facts.history:  # cancelled, and now said again: it counts as if it had never been cancelled
        said = [r.kind for r in plan.remembered if r.child == child.id]
        again = [k for k in said if facts.is_cancelled(child.id, k, plan.thing)]
        plan.remembered += [Remembered(child.id, RESTORED + k) for k in again]


def _take_back(event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    """A correction that no longer counts as its own kind (a review by too low a grade): what it had ended runs on.

    Of what it may count as besides nothing is taken back: another record may have said the same."""
    kind = event.type
    counts = any(r.child == child.id and r.kind == kind for r in plan.remembered)
    if counts or not policy.taken_as or not facts.stands(child.id, (kind,), plan.thing):
        return
    plan.remembered.append(Remembered(child.id, CANCELLED + kind))
    if kind in book.starters:
        plan.unmeets += [Meets(kind, id, plan.thing) for id in (child.id, *child.also_known_as)]


def _by_team(taken: TakenAs, event: Event, facts: Facts, policy: Policy) -> tuple[str, ...]:
    return tuple(f"{taken.kind} by {team}" for team in _speaks_for(event, facts, policy))


def _turn(kind: str, event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    """What the event may pause, resume, re-rate or answer; who answers is remembered whatever was asked before."""
    teams = _speaks_for(event, facts, policy)
    if kind in book.answers:
        plan.remembered += [Remembered(child.id, ANSWERED + team) for team in teams]
    if not any(h.type in book.turners[kind] for h in facts.history.get(child.id, ())):
        return
    why = str(getattr(event.data, policy.says_why)) if policy.says_why else None
    rating = str(getattr(event.data, policy.rates)) if policy.rates else None
    ids = (child.id, *child.also_known_as)
    plan.turns += [Turn(kind, id, plan.thing, event.time, teams, why, rating, _record(event)) for id in ids]


def _record(event: Event) -> str:
    return f"{event.publisher} {event.data.record_id}"


def _speaks_for(event: Event, facts: Facts, policy: Policy) -> tuple[str, ...]:
    """The teams whose answer this is: the one it names, of the publisher's own; else the one of those that was asked.

    Where several were asked and it names none it is nobody's but the publisher's own team's: one answer is one."""
    own = facts.publisher
    teams = facts.cover.teams
    mine = tuple(t.id for t in teams.values() if (t.service, t.organisation) == (own.service, own.organisation))
    named = getattr(event.data, policy.speaks_for) if policy.speaks_for else None
    if named in mine:
        return (named,)
    thing = _thing(event, policy)
    kinds = {h.type for past in facts.history.values() for h in past if h.thing == thing}
    asked = tuple(t for t in mine if ASKED + t in kinds)
    return asked if len(asked) == 1 else (own.team,) if asked else mine


def _forget(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan, book: Book) -> None:
    """A cancelled event never happened: it counts no more, and what it ended runs on."""
    if policy.rates is not None:
        plan.remembered += [
            Remembered(c.id, f"{CANCELLED}{RATED}{getattr(event.data, policy.rates)}") for c in children
        ]
    taken = [(t.kind,) if not t.by_team else _by_team(t, event, facts, policy) for t in policy.taken_as]
    for kind in (k for some in taken for k in some) if taken else (event.type,):
        stood_as = _stands_as(kind, event, plan, book)
        plan.remembered += [Remembered(c.id, CANCELLED + k) for c in children for k in stood_as]
        if kind in book.turners:
            ids = [id for c in children for id in (c.id, *c.also_known_as)]
            plan.turns += [Turn(CANCELLED + kind, id, plan.thing, event.time, record=_record(event)) for id in ids]
        if kind in book.answers:
            teams = _speaks_for(event, facts, policy)
            plan.remembered += [Remembered(c.id, CANCELLED + ANSWERED + t) for c in children for t in teams]
        if kind in book.starters:
            plan.unmeets += [m for c in children for m in _met(event, kind, c, facts, plan, book)]
    plan.remembered = [
        r for r in plan.remembered if not facts.is_cancelled(r.child, r.kind.removeprefix(CANCELLED), plan.thing)
    ]


def _stands_as(kind: str, event: Event, plan: Plan, book: Book) -> list[str]:
    """What an event stands as in a child's history: its kind, that under its thing's other names, and whose it is."""
    sender = [f"{kind}{FROM}{event.publisher}"] if kind in book.answered else []
    return [kind, *(f"{kind}{ALSO}{name}" for name in plan.names if name != plan.thing), *sender]


def _met(event: Event, kind: str, child: Child, facts: Facts, plan: Plan, book: Book) -> list[Meets]:
    """The clocks that an event of this kind ends: about its thing, by whatever name the first sender knew it."""
    others = facts.known_as(child.id, book.starters[kind], plan.names) - {plan.thing}
    about = [plan.thing, *sorted(t for t in others if t), *the_next_of(event, kind, child, facts, plan.thing, book)]
    return [Meets(kind, id, thing) for id in (child.id, *child.also_known_as) for thing in about]


def _without_child(event: Event, facts: Facts, policy: Policy, plan: Plan) -> None:
    """Rule G: where no child is known, a person looks, unless it was said that there is none."""
    rules = [r for r in policy.if_no_child if all(c.test(event, None, facts) for c in r.conditions)]
    if not rules:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "no child is known to be concerned"))
    for rule in rules:
        task = stable_id("no-child", event.source, event.id, rule.owner.value)
        found = teams_for(rule.owner, {}, None, facts.cover, facts.publisher.organisation)
        owner = desk_of(facts) if isinstance(found, NobodyFound) else found.places[0].team
        plan.tasks.append(Task(task, "nobody-found", rule.words, None, owner))
        plan.clocks.append(task_clock(task, facts, rule.because.flow, rule.because.cited, rule.words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", rule.words))


def _is_newest(event: Event, facts: Facts) -> bool:
    return not (facts.earlier and int(event.sequence or 0) < int(facts.earlier.sequence))


def _thing(event: Event, policy: Policy) -> str | None:
    value = getattr(event.data, policy.thing) if policy.thing else event.data.record_id
    return str(value) if value else None


def _names(event: Event, policy: Policy, thing: str | None) -> tuple[str, ...]:
    others = (getattr(event.data, field) for field in policy.also_named_by)
    return tuple(dict.fromkeys(n for n in (thing, *others) if isinstance(n, str)))


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
        ones = rows_of(row, event.data)
        found = [(one, _places(one, event, child, facts, plan)) for one in ones]
        if row.withheld:
            kept_from = tuple(p.team for _, f in found if isinstance(f, Found) for p in f.places)
            plan.verdicts.append(Verdict(at, child.id, "withheld", row.withheld, kept_from))
            continue
        for one, place in _found(at, row, found, event, facts, child, plan):
            told.setdefault(place.team, []).append(one)
            relations.setdefault(place.team, place.relation)
    services = {team: facts.cover.teams[team].service for team in told}
    sheet = Sheet(event, child, facts, plan.appraisal, book, plan.thing) if told else None
    alone = {team for team, rows in told.items() if all(r.alone for r in rows)}
    for team, rows in told.items():
        assert sheet is not None
        named = ((t, s) for t, s in services.items() if t != team and t not in alone)
        others = [s for t, s in named if not (s in UNNAMED and _unnamed(told[t]))]
        delivery = sheet.summary(team, relations[team], tuple(rows), others)
        plan.deliveries.append(delivery)
        if event.type in book.askers:
            plan.remembered.append(Remembered(child.id, ASKED + team))
        plan.hand_ons += _hand_ons(rows, child, facts, delivery)
        back = any(row.sent and row.service is None for row in rows)
        delivery_clocks(event, facts, policy, child, delivery, services[team], plan, back)


def _found(
    at: int,
    row: Tell,
    found: Sequence[tuple[Tell, Found | NobodyFound]],
    event: Event,
    facts: Facts,
    child: Child,
    plan: Plan,
) -> list[tuple[Tell, Place]]:
    """Whom one row finds, and its one verdict; where nobody or not everybody is found, a person looks (rule G)."""
    places = [(one, place) for one, f in found if isinstance(f, Found) for place in f.places]
    lacking = [(one, f.why if isinstance(f, NobodyFound) else f.lacking) for one, f in found]
    lacking = [(one, why) for one, why in lacking if why]
    for one, why in lacking:
        _ask_for(event, facts, child, one, why, plan)
    if places:
        details = [places[0][1].relation]
    elif lacking:
        details = []
    else:
        none = f"there is no {row.who}" if row.every else "no service works with the child now"
        none = "nobody is found" if row.found is not None else none
        details = [none if found else f"there is not {row.who}"]
    outcome: Any = "told" if places else "nobody-found" if lacking else "not-applicable"
    teams = tuple(dict.fromkeys(place.team for _, place in places))
    detail = "; ".join([*details, *(why for _, why in lacking)])
    plan.verdicts.append(Verdict(at, child.id, outcome, detail, teams))
    return places


def _unnamed(rows: Sequence[Tell]) -> bool:
    return all(row.unnamed for row in rows)


def _died(child: Child, facts: Facts) -> list[Died]:
    """Whether this event is the first to say that the child died; under every id that its clocks have (rule C)."""
    known = any("died" in family["people"].get(child.id, {}) for family in (facts.before or {}).values())
    if known or facts.before is None or "died" not in child.doc:
        return []
    return [Died(id, child.doc["died"]) for id in (child.id, *child.also_known_as)]


def _hand_ons(rows: Sequence[Tell], child: Child, facts: Facts, delivery: Delivery) -> list[HandOn]:
    """From whom this delivery hands the child on, once it is accepted; under every id the child's clocks have."""
    services = {row.service for row in rows if row.side == TAKES_OVER and row.service}
    former = dict.fromkeys(t for service in services for t in former_teams(service, child, facts))
    return [HandOn(delivery.id, id, team, delivery.team) for team in former for id in (child.id, *child.also_known_as)]


def _places(row: Tell, event: Event, child: Child, facts: Facts, plan: Plan) -> Found | NobodyFound:
    if row.found is not None:
        organisation = facts.publisher.organisation
        seen = row.found.find(
            event, child, facts, lambda s: teams_for(s, child.doc, child.mother, facts.cover, organisation)
        )
        if isinstance(seen, NobodyFound):
            return seen
        places = tuple(p for p in seen if p.team not in child.doc.get("not_ours", ()))
        return Found(tuple(Place(p.team, PROTECTED) for p in places) if child.restricted else places)
    if row.sent:
        senders = facts.senders(child.id, [e.event_type for e in row.sent], plan.names)
        return senders_team(row.service, row.who, senders, child.doc, child.restricted, facts.cover)
    if row.service is None:
        return Found(found_for(row, child, facts, plan.thing))
    if row.side:
        return teams_of_side(row, child, facts)
    if row.every:
        return every_other_team(row.service, child.doc, child.mother, facts.cover, facts.publisher)
    if row.at and (chosen := at_organisation(row.service, getattr(event.data, row.at), child.doc, facts.cover)):
        return chosen
    return teams_for(row.service, child.doc, child.mother, facts.cover, facts.publisher.organisation)


def _ask_for(event: Event, facts: Facts, child: Child, row: Tell, why: str, plan: Plan) -> None:
    """Rule G: an alert to a person, never a drop."""
    service = None if row.sent or row.found else row.service or Service.DESK
    task = stable_id("nobody", event.source, event.id, child.id, service.value if service else row.who)
    if any(t.id == task for t in plan.tasks):
        return
    words = f"Nobody could be found to tell in {service.words if service else f'the {row.who}'}: {why}."
    if row.found is not None:
        words = f"Nobody could be found who is meant by '{row.found.words}': {why}."
    plan.tasks.append(Task(task, "nobody-found", words, child.id, desk_of(facts), service.value if service else None))
    nameless = Restriction.SEXUAL_HEALTH in row.may_see  # who hears of the task may not know of the contact (rule E)
    about = None if nameless else child.id
    plan.clocks.append(task_clock(task, facts, row.because.flow, row.because.cited, words, about))


def _tasks_for_doubts(event: Event, facts: Facts, plan: Plan) -> None:
    for who in facts.who:
        if who.doubt is None or who.role not in ("child", "unborn", "mother", "adult", "father", "partner"):
            continue
        task = stable_id("match", event.source, event.id, who.slot)
        words = f"A person must say whose record this is ({who.slot}): {DOUBTS.get(who.doubt, who.doubt)}."
        plan.tasks.append(Task(task, "match", words, None, desk_of(facts), None, who.slot))
        plan.clocks.append(task_clock(task, facts, "G", "standards 9", words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", f"{who.slot}: {DOUBTS.get(who.doubt, who.doubt)}"))


def _answer(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan) -> None:
    """What goes back to the publisher: the child's live flags where it asked by publishing, and what was missing."""
    if policy.answers_live_flags:
        for child in children:
            if child.slot is None or not all(c.test(event, child, facts) for c in policy.answers_when):
                continue
            flags = child.live_flags(facts.now.date())
            plan.answers.append(
                {
                    "kind": "live-flags",
                    "event_id": event.id,
                    "record_id": event.data.record_id,
                    "about": _path_of(child.slot),
                    "flags": [
                        {"kind": f["kind"], "since": f["since"], "contact": f["contact"], "authority": f["authority"]}
                        for f in flags
                    ],
                }
            )
    if plan.appraisal.missing:
        plan.answers.append(
            {
                "kind": "quality",
                "event_id": event.id,
                "record_id": event.data.record_id,
                "quality": {"wanted": plan.appraisal.wanted, "present": plan.appraisal.present},
                "problems": [
                    {
                        "code": "not-recorded",
                        "path": f"data.{f['field']}",
                        "message": f"There is no {f['words']}.",
                        "mend": f"{want.mend or 'Record it and send an update'}; it is wanted for {f['flow']} "
                        f"({f['paragraph']}).",
                    }
                    for f, want in zip(plan.appraisal.feedback, plan.appraisal.missing, strict=True)
                ],
            }
        )


def _path_of(slot: str) -> str:
    """Where the publisher wrote of this child: an adult may have listed several, and only one has the flags."""
    where, _, at = slot.partition(".")
    listed = {"subjects": f"data.subjects[{at}]", "household": f"data.household.children[{at}]"}
    return listed.get(where, f"data.{where}")


def _withdraw(event: Event, facts: Facts, plan: Plan, kept: frozenset[tuple[str | None, str]]) -> None:
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
