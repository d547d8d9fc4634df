"""More words of the rule book: telling back whoever sent the first, telling every team, and keeping from somebody."""

from collections.abc import Iterable

from contracts.parts.event import EventData
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.policy.owners import Rung
from router.policy.words import AskOf, Condition, Doing, Expect, Fields, Gap, Tell, only
from router.policy.working_time import Term


def tell_back(
    *sent: type[EventData],
    service: Service | None = None,
    because: Gap,
    gets: Fields,
    ask: AskOf | None = None,
) -> Tell:
    """A row that tells whoever sent one of these events about the same thing, or `service` in the sender's trust."""
    return Tell(service, (), because, gets, frozenset(), ask, sent=sent)


def tell_every(
    service: Service,
    *conditions: Condition,
    because: Gap,
    gets: Fields,
    may_see: Iterable[Restriction] = (),
    ask: AskOf | None = None,
) -> Tell:
    """A row that tells every team of `service` there is for the child, but the sender's own."""
    return Tell(service, conditions, because, gets, frozenset(may_see), ask, every=True)


def keep_from(service: Service, *conditions: Condition, because: Gap, why: str) -> Tell:
    """A row that records whom it finds as not told, and why: the default is not to share (rule E)."""
    return Tell(service, conditions, because, only(), frozenset(), None, withheld=why)


def keep_from_involved(*conditions: Condition, besides: Iterable[Service], because: Gap, why: str) -> Tell:
    """The same for every service now working with the child, but for `besides`."""
    return Tell(None, conditions, because, only(), frozenset(), None, frozenset(besides), withheld=why)


def expect_back(*, to: Doing, within: Term, else_tell: tuple[Rung, ...], because: Gap, name: str) -> Expect:
    """A clock on whoever a `tell_back` row without a service tells."""
    return Expect(None, to, within, else_tell, because, name=name, back=True)
