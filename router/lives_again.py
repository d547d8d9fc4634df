"""A child who was recorded as dead in error: what came meanwhile has come, and its clocks wait for the rest."""

from collections.abc import Iterable, Iterator, Sequence

from router.clocks import next_after
from router.events import Event, record_of
from router.facts import Facts
from router.family_file import Lives
from router.past import ALSO, Happening, besides
from router.plan import Meets, Plan
from router.policy.book import Book
from router.remember import as_turn


def had_been_done(event: Event, facts: Facts, lives: Iterable[Lives], plan: Plan, book: Book) -> None:
    """The events that came since end the clocks that run again, pause them and rate them anew, as they would have then.

    Those that came before have done so already, and what the record itself says now it does by itself."""
    for one in lives:
        past = sorted(facts.history.get(one.now, ()), key=Happening.order)
        for h in past:
            if h.record == record_of(event) or h not in facts.past(one.now).standing((h.type,), h.thing):
                continue
            if h.type in book.starters:
                plan.meets += (Meets(h.type, one.child, thing) for thing in _about(h, past, one.now, facts, book))
            if h.type in book.answers:
                plan.turns.append(as_turn(h, past, one.child))
            elif h.type in book.turners:
                plan.turns.append(as_turn(h, past, one.child, late=True))


def _about(h: Happening, past: Sequence[Happening], child: str, facts: Facts, book: Book) -> Iterator[str | None]:
    """The things by which clocks know what this event was about: its own, the others' names for it, the next of it."""
    starters = book.starters[h.type]
    names = [h.thing, *besides(h, f"{h.type}{ALSO}", past)]
    things = [h.thing, *sorted(t for t in facts.past(child).known_as(starters, names) - {h.thing} if t)]
    yield from things
    for first in past:
        if first.type in starters and first.thing in things and first.at < h.at:
            yield next_after(first.thing, first.at)
