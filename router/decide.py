"""event × facts × rule book → Plan: pure, and the one function that running, explaining and simulating share."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from contracts.parts.services import Service
from router.address import PROTECTED, at_organisation, every_other_team, redirected_to, senders_team, teams_for
from router.address_sides import TAKES_OVER, former_teams, teams_of_side
from router.answer import answer
from router.appraise import appraise
from router.clocks import delivery_clocks, desk_of, event_clocks, task_clock
from router.corrected import as_first_found, named_in_error, taken_back, together
from router.directory import Found, NobodyFound, Place
from router.earlier import MATCH
from router.events import Event, record_of, stable_id
from router.facts import Child, Facts, Who, children_concerned
from router.family_file import Changed
from router.invited import closed_for, found_for
from router.lives_again import had_been_done
from router.nobody import ask_once, ask_who_is_concerned, ask_whom_to_tell, ask_whose
from router.past import ASKED, ASKING
from router.plan import Delivery, Died, HandOn, Plan, Remembered, Task, Verdict
from router.policy.book import Book
from router.policy.conditions import OF_AGE
from router.policy.named import rows_of
from router.policy.words import UNNAMED, Policy, Tell
from router.put_aside import stands_for_others
from router.remember import forget, names_of, place_of, remember, says_no_more, take_back, thing_of
from router.summary import Sheet
from router.withdraw import withdraw

NO_AGE = "the birth date is not known, and with it not whether the child is theirs"


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
    plan.thing = thing_of(event, policy)
    plan.names = names_of(event, policy, plan.thing)
    plan.place = place_of(event)
    if not _is_newest(event, facts):
        plan.passed_over = True
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "a newer version of this record is already kept"))
        plan.answers.append({"kind": "superseded-by-newer", "event_id": event.id, "record_id": event.data.record_id})
        return plan
    if facts.others and facts.earlier is None:
        stands_for_others(event, facts, plan)
    kept = facts
    if facts.earlier and event.action != "new":
        plan.replaces = True
        plan.withdrawn += [s.id for s in facts.earlier.standing]
        facts = facts.but_about_others(record_of(event), plan.thing)
    ask_whose(event, facts, plan)
    gone = named_in_error(event, facts)
    if policy.changes is not None and facts.before is None:
        facts = _changed(event, facts, policy, gone, plan, book)
    children = children_concerned(event, facts, policy)
    plan.concerned = tuple(c.id for c in children)
    _count(event, facts, policy, children, plan, book)
    says_no_more(event, kept, children, bool(gone), plan, book)
    if event.action == "cancel":
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "the event was cancelled"))
    else:
        _tell(event, facts, policy, children, plan, book)
    if plan.replaces:
        ask_once(event, facts, plan)
        withdraw(event, facts, plan, kept=frozenset((d.child, d.team) for d in plan.deliveries))
    return plan


def _count(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan, book: Book) -> None:
    """What the event stands as in each child's history from now on; cancelled, as nothing."""
    if event.action == "cancel":
        forget(event, facts, policy, children, plan, book)
        return
    if event.type in book.askers:
        plan.remembered += [Remembered(c.id, ASKING + facts.publisher.team) for c in children]
    for child in children:
        remember(event, facts, policy, child, plan, book)
        if event.action == "update":
            take_back(event, facts, policy, child, plan, book)


def _tell(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan, book: Book) -> None:
    """What the sender hears, who is told of each child, and which clocks run; where there is none, a person looks."""
    plan.appraisal = appraise(event, children, policy, facts)
    answer(event, facts, policy, children, plan)
    if not children:
        ask_who_is_concerned(event, facts, policy, plan)
    elif not policy.shares:
        plan.verdicts.append(Verdict(-1, None, "not-applicable", "it keeps the directory true, and nobody is told"))
    for child in children:
        plan.died += _died(child, facts)
        _for_child(event, facts, policy, child, plan, book)
    event_clocks(event, facts, policy, children, plan)


def _changed(event: Event, facts: Facts, policy: Policy, gone: tuple[Who, ...], plan: Plan, book: Book) -> Facts:
    """What the event changes in the family's file, and the facts as they are from then on."""
    undone = taken_back(event, facts, policy, gone)
    facts = facts.after(undone.people)
    changed: Changed = policy.changes(event, facts) if policy.changes else Changed({})
    plan.changes = together(undone.people, changed.people)
    for slot, words in (*undone.doubts, *changed.doubts):
        task = stable_id(MATCH, event.source, event.id, slot)
        if any(t.id == task for t in plan.tasks):
            continue
        plan.tasks.append(Task(task, MATCH, words, None, desk_of(facts), None, slot))
        plan.clocks.append(task_clock(task, facts, "G", "standards 9", words, None))
        plan.verdicts.append(Verdict(-1, None, "nobody-found", f"{slot}: {words}"))
    found, facts = facts, facts.after(changed.people)
    if lives := (*undone.lives, *changed.lives):
        plan.lives += (one.child for one in lives)
        had_been_done(event, facts, lives, plan, book)
    if event.action == "update" and any(row.side == TAKES_OVER for row in policy.shares):
        return replace(facts, before=as_first_found(event, found, policy))
    return facts


def _is_newest(event: Event, facts: Facts) -> bool:
    return not (facts.earlier and int(event.sequence or 0) < int(facts.earlier.sequence))


def _for_child(event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    told: dict[str, list[Tell]] = {}
    relations: dict[str, str] = {}
    for at, row in enumerate(policy.shares):
        failed, unsure = "", False
        for condition in row.conditions:
            if not condition.test(event, child, facts):
                if condition in OF_AGE and row.service is not None and child.of_no_known_age:
                    unsure = not redirected_to(row.service, child.doc, facts.cover)
                    continue
                failed = condition.words
                break
        if failed:
            plan.verdicts.append(Verdict(at, child.id, "not-applicable", failed))
            continue
        if unsure and not row.withheld:
            ask_whom_to_tell(event, facts, child, row, NO_AGE, plan)
            plan.verdicts.append(Verdict(at, child.id, "nobody-found", NO_AGE))
            continue
        found = [(one, _places(one, event, child, facts, plan)) for one in rows_of(row, event.data)]
        if row.withheld:
            kept_from = tuple(p.team for _, f in found if isinstance(f, Found) for p in f.places)
            plan.verdicts.append(Verdict(at, child.id, "withheld", row.withheld, kept_from))
            continue
        if row.service is None:
            found += closed_for(row, child, facts, plan.thing)
        for one, place in _found(at, row, found, event, facts, child, plan):
            told.setdefault(place.team, []).append(one)
            relations.setdefault(place.team, place.relation)
    services = {team: facts.cover.teams[team].service for team in told}
    sheet = Sheet(event, child, facts, plan.appraisal, book, plan.thing) if told else None
    named = [(t, s) for t, s in services.items() if _is_named(s, told[t])]
    for team, rows in told.items():
        assert sheet is not None
        others = [s for t, s in named if t != team]
        delivery = sheet.summary(team, relations[team], tuple(rows), others)
        plan.deliveries.append(delivery)
        if event.type in book.askers:
            plan.remembered.append(Remembered(child.id, ASKED + team))
        plan.hand_ons += _hand_ons(rows, child, facts, delivery)
        delivery_clocks(event, facts, policy, child, delivery, services[team], plan, _goes_back(tuple(rows)))


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
    if len(found) == 1 and isinstance(only := found[0][1], Found) and only.places and not only.lacking:
        plan.verdicts.append(Verdict(at, child.id, "told", only.places[0].relation, only.teams))
        return [(found[0][0], place) for place in only.places]
    places = [(one, place) for one, f in found if isinstance(f, Found) for place in f.places]
    lacking = [(one, f.why if isinstance(f, NobodyFound) else f.lacking) for one, f in found]
    lacking = [(one, why) for one, why in lacking if why]
    for one, why in lacking:
        ask_whom_to_tell(event, facts, child, one, why, plan)
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


def _is_named(service: Service, rows: Sequence[Tell]) -> bool:
    """Whether others read that this service is told: not where it is told alone, or its mere part is restricted."""
    if rows[0].alone and all(row.alone for row in rows):
        return False
    return not (service in UNNAMED and all(row.unnamed for row in rows))


@lru_cache(maxsize=4096)
def _goes_back(rows: tuple[Tell, ...]) -> bool:
    """Whether one of these rows tells back whoever sent the first, of whatever service."""
    return any(row.sent and row.service is None for row in rows)


def _died(child: Child, facts: Facts) -> list[Died]:
    """Whether this event is the first to say that the child died; under every id that its clocks have (rule C)."""
    known = any("died" in family["people"].get(child.id, {}) for family in (facts.before or {}).values())
    if known or facts.before is None or "died" not in child.doc:
        return []
    return [Died(id, child.doc["died"]) for id in (child.id, *child.also_known_as)]


def _hand_ons(rows: Sequence[Tell], child: Child, facts: Facts, delivery: Delivery) -> list[HandOn]:
    """From whom this delivery hands the child on, once it is accepted; under every id the child's clocks have."""
    if facts.before is None:  # the event moves nobody
        return []
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
        found = seen.places if isinstance(seen, Found) else seen
        places = tuple(p for p in found if p.team not in child.doc.get("not_ours", ()))
        places = tuple(Place(p.team, PROTECTED) for p in places) if child.restricted else places
        return Found(places, seen.lacking if isinstance(seen, Found) else "")
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
