"""What an event counts as in a child's history, and which clocks it therefore ends, turns or lets run on."""

from collections.abc import Sequence
from datetime import datetime

from router.address import teams_for
from router.clocks import the_next_of
from router.directory import Found
from router.events import Event, record_of
from router.facts import Child, Facts, child_of
from router.past import ALSO, ANSWERED, ASKED, CANCELLED, FROM, RATED, RESTORED, Happening, besides, set_for
from router.plan import Meets, Plan, Remembered, Turn
from router.policy.book import Book
from router.policy.words import Policy, TakenAs


def thing_of(event: Event, policy: Policy) -> str | None:
    """The thing that an event is about (attendance, call, referral), as its policy names it; else its own record."""
    value = getattr(event.data, policy.thing) if policy.thing else event.data.record_id
    return str(value) if value else None


def names_of(event: Event, policy: Policy, thing: str | None) -> tuple[str, ...]:
    """Every name of that thing that the event knows, its own first."""
    others = (getattr(event.data, field) for field in policy.also_named_by)
    return tuple(dict.fromkeys(n for n in (thing, *others) if isinstance(n, str)))


def place_of(event: Event) -> str | None:
    """Where it happened, if it says so by name."""
    place = event.body.get("place")
    return place.get("name") if isinstance(place, dict) else None


def remember(event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    """What the event counts as for this child, and the clocks that it therefore ends."""
    kinds, past = [event.type], facts.past(child.id)
    if policy.taken_as:
        held = [t for t in policy.taken_as if all(c.test(event, child, facts) for c in t.conditions)]
        kinds = [k for t in held for k in (_by_team(t, event, facts, policy) if t.by_team else (t.kind,))]
    if policy.rates is not None:
        plan.remembered.append(Remembered(child.id, f"{RATED}{getattr(event.data, policy.rates)}"))
    if policy.set_for is not None:
        plan.remembered.append(Remembered(child.id, set_for(getattr(event.data, policy.set_for))))
    for kind in kinds:
        plan.remembered += [Remembered(child.id, k) for k in _stands_as(kind, event, plan, book)]
        if kind in book.turners:
            _turn(kind, event, facts, policy, child, plan, book)
        starters = book.starters.get(kind)
        if starters and not past.kinds.isdisjoint(starters):
            plan.meets += _met(event, kind, child, facts, plan, book)
    if past.took_back:  # its record was cancelled, and now says it again: it counts as if that had never been
        said = [r.kind for r in plan.remembered if r.child == child.id]
        again = [k for k in said if past.is_cancelled(k, plan.thing, record_of(event))]
        plan.remembered += [Remembered(child.id, RESTORED + k) for k in again]


def take_back(event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    """A correction that no longer counts as its own kind (a review by too low a grade): what it had ended runs on.

    Of what it may count as besides nothing is taken back."""
    kind = event.type
    counts = any(r.child == child.id and r.kind == kind for r in plan.remembered)
    if counts or not policy.taken_as or not facts.stands(child.id, (kind,), plan.thing, record_of(event)):
        return
    plan.remembered.append(Remembered(child.id, CANCELLED + kind))
    if kind in book.starters:
        plan.unmeets += [Meets(kind, id, plan.thing) for id in (child.id, *child.also_known_as)]


def forget(event: Event, facts: Facts, policy: Policy, children: Sequence[Child], plan: Plan, book: Book) -> None:
    """A cancelled event never happened: it counts no more, and what it ended runs on; what another record says of the
    same thing stands."""
    if policy.rates is not None:
        plan.remembered += [
            Remembered(c.id, f"{CANCELLED}{RATED}{getattr(event.data, policy.rates)}") for c in children
        ]
    taken = [(t.kind,) if not t.by_team else _by_team(t, event, facts, policy) for t in policy.taken_as]
    for kind in (k for some in taken for k in some) if taken else (event.type,):
        stood_as = _stands_as(kind, event, plan, book)
        plan.remembered += [Remembered(c.id, CANCELLED + k) for c in children for k in stood_as]
        if kind in book.turners:
            plan.turns += [t for c in children for t in _turned_back(kind, event, c, facts, plan.thing, book)]
        if kind in book.answers:
            plan.remembered += [
                Remembered(c.id, CANCELLED + ANSWERED + t)
                for c in children
                for t in _speaks_for(event, facts, policy, c)
            ]
        if kind in book.starters:
            plan.unmeets += [m for c in children for m in _unmet(event, kind, c, facts, plan, book)]
    plan.remembered = [
        r
        for r in plan.remembered
        if not facts.past(r.child).is_cancelled(r.kind.removeprefix(CANCELLED), r.about or plan.thing, record_of(event))
    ]


def says_no_more(event: Event, facts: Facts, children: Sequence[Child], mistaken: bool, plan: Plan, book: Book) -> None:
    """What earlier versions of the record stand as and this one does not say stands no longer; once it is decided.

    A cancellation takes back all of it. An update takes back what was about another thing or, where it was `mistaken`
    in whom it named, about anybody whom it no longer concerns; and an answer for a team whose answer it is not. What
    else it may count as lasts: a later version may tell of what came after."""
    if facts.earlier is None or event.action == "new":
        return
    concerned = {id: c for c in children for id in (c.id, *c.also_known_as)}
    said = {(r.child, r.kind, r.about or plan.thing) for r in plan.remembered}
    for pid, kind, thing in facts.earlier.stood:
        if kind.startswith((CANCELLED, RESTORED)) or (pid not in concerned and facts.person(pid) is None):
            continue
        same, child = thing == plan.thing, concerned.get(pid) or child_of(facts, pid, event)
        lasts = not kind.startswith(ANSWERED) if pid in concerned else not mistaken
        if event.action == "update" and ((child.id, kind, thing) in said or (same and lasts)):
            continue
        taken = Remembered(child.id, CANCELLED + kind, None if same else thing)
        if taken in plan.remembered or facts.past(child.id).is_cancelled(kind, thing, record_of(event)):
            continue
        plan.remembered.append(taken)
        ended = _answers_of(pid, thing, facts, book) if kind.startswith(ANSWERED) else {kind} & book.turners.keys()
        turns = (t for k in sorted(ended) for t in _turned_back(k, event, child, facts, thing, book))
        plan.turns[:0] = [t for t in turns if t not in plan.turns]  # first: this version may turn the same clock
        if kind in book.starters:
            ids = (child.id, *child.also_known_as)
            plan.unmeets += (
                _unmet(event, kind, child, facts, plan, book) if same else [Meets(kind, i, thing) for i in ids]
            )


def _answers_of(pid: str, thing: str | None, facts: Facts, book: Book) -> set[str]:
    stood = facts.earlier.stood if facts.earlier else ()
    return {kind for p, kind, about in stood if (p, about) == (pid, thing) and kind in book.answers}


def _turned_back(kind: str, event: Event, child: Child, facts: Facts, thing: str | None, book: Book) -> list[Turn]:
    """The event turned no clock about this thing; what another record says of the same turns it instead."""
    past = facts.past(child.id)
    standing = past.standing(book.answers if kind in book.answers else (kind,), thing)
    others = [h for h in standing if h.record != record_of(event)]
    return [
        Turn(
            CANCELLED + kind,
            id,
            thing,
            event.time,
            record=_record(event),
            instead=tuple(as_turn(h, past.happened, id) for h in others),
        )
        for id in (child.id, *child.also_known_as)
    ]


def as_turn(h: Happening, past: Sequence[Happening], child: str, *, late: bool = False) -> Turn:
    """What happened earlier as what it turns; why its sender said it is not remembered."""
    teams, rating = tuple(besides(h, ANSWERED, past)), next(iter(besides(h, RATED, past)), None) if late else None
    at = datetime.fromisoformat(h.at)
    return Turn(h.type, child, h.thing, at, teams, rating=rating, record=h.said_by, late=late)


def _unmet(event: Event, kind: str, child: Child, facts: Facts, plan: Plan, book: Book) -> list[Meets]:
    """The clocks that the event had met, but for those that another record of the same meets by another name.

    Where that one is about the clock's own thing, the ledger sees it (run_again)."""
    past, names = facts.past(child.id), set[str]()
    for h in past.standing((kind,), plan.thing):
        if h.record != record_of(event):
            names |= {plan.thing or "", *besides(h, kind + ALSO, past.happened)}
    still = past.known_as(book.starters[kind], names) - {plan.thing} if names else ()
    return [m for m in _met(event, kind, child, facts, plan, book) if m.thing not in still]


def _by_team(taken: TakenAs, event: Event, facts: Facts, policy: Policy) -> tuple[str, ...]:
    return tuple(f"{taken.kind} by {team}" for team in _speaks_for(event, facts, policy))


def _turn(kind: str, event: Event, facts: Facts, policy: Policy, child: Child, plan: Plan, book: Book) -> None:
    """What the event may pause, resume, re-rate or answer; who answers is remembered whatever was asked before."""
    teams = _speaks_for(event, facts, policy, child)
    if kind in book.answers:
        plan.remembered += [Remembered(child.id, ANSWERED + team) for team in teams]
    if facts.past(child.id).kinds.isdisjoint(book.turners[kind]):
        return
    why = str(getattr(event.data, policy.says_why)) if policy.says_why else None
    rating = str(getattr(event.data, policy.rates)) if policy.rates else None
    ids = (child.id, *child.also_known_as)
    plan.turns += [Turn(kind, id, plan.thing, event.time, teams, why, rating, _record(event)) for id in ids]


def _record(event: Event) -> str:
    return f"{event.publisher} {event.data.record_id}"


def _speaks_for(event: Event, facts: Facts, policy: Policy, child: Child | None = None) -> tuple[str, ...]:
    """The teams whose answer this is: the one it names, of the publisher's own; else the one of those that was asked
    about this child, and whichever has taken the child over since, for what was asked is that one's to answer then.

    Of several that were asked it is the one whose child it is; where that is none, or more, and it names none, it is
    nobody's but the publisher's own team's: one answer is one."""
    own = facts.publisher
    teams = facts.cover.teams
    mine = tuple(t.id for t in teams.values() if (t.service, t.organisation) == (own.service, own.organisation))
    named = getattr(event.data, policy.speaks_for) if policy.speaks_for else None
    if named in mine:
        return (named,)
    thing = thing_of(event, policy)
    of = facts.history.values() if child is None else [facts.history.get(child.id, ())]
    kinds = {h.type for past in of for h in past if h.thing == thing}
    asked = tuple(t for t in mine if ASKED + t in kinds)
    if not asked:
        return mine
    found = teams_for(own.service, child.doc, child.mother, facts.cover, own.organisation) if child else None
    now = found.teams if isinstance(found, Found) else ()
    if len(asked) == 1:
        return (*asked, *(t for t in mine if t in now and t not in asked))
    theirs = tuple(t for t in asked if t in now)
    return theirs if len(theirs) == 1 else (own.team,)


def _stands_as(kind: str, event: Event, plan: Plan, book: Book) -> list[str]:
    """What an event stands as in a child's history: its kind, that under its thing's other names, and whose it is."""
    also = [f"{kind}{ALSO}{name}" for name in plan.names if name != plan.thing]
    sender = [f"{kind}{FROM}{event.publisher}"] if kind in book.answered else []
    return [kind, *also, *sender]


def _met(event: Event, kind: str, child: Child, facts: Facts, plan: Plan, book: Book) -> list[Meets]:
    """The clocks that an event of this kind ends: about its thing, by whatever name the first sender knew it."""
    others = facts.past(child.id).known_as(book.starters[kind], plan.names) - {plan.thing}
    about = [plan.thing, *sorted(t for t in others if t), *the_next_of(event, kind, child, facts, plan.thing, book)]
    return [Meets(kind, id, thing) for id in (child.id, *child.also_known_as) for thing in about]
