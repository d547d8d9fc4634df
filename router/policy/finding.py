"""More words of the rule book: recipients that are found, in the involvement index or by what was asked before."""

from collections.abc import Iterable

from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.policy.finders import Finder
from router.policy.words import AskOf, Condition, Fields, Gap, Tell


def tell_around(
    *conditions: Condition, besides: Iterable[Service], because: Gap, gets: Fields, ask: AskOf | None = None
) -> Tell:
    """A row that tells every service now working with the child or with a parent or carer, but for `besides`.

    Those whose mere part in a life is restricted are not named to the others (rule E)."""
    besides = frozenset(besides)
    return Tell(None, conditions, because, gets, frozenset(), ask, besides, of_parents=True, unnamed=True)


def tell_asked(*conditions: Condition, because: Gap, gets: Fields, ask: AskOf | None = None) -> Tell:
    """A row that tells every team of which an answer about the same thing was asked, working with the child or not."""
    return Tell(None, conditions, because, gets, frozenset(), ask, asked=True, unnamed=True)


def tell_named(
    field: str,
    *conditions: Condition,
    besides: Iterable[Service] = (),
    because: Gap,
    gets: Fields,
    ask: AskOf | None = None,
    unnamed: bool = False,
) -> Tell:
    """A row that tells every service that `field` names: in a list of services, as `service` or `owner` of an entry."""
    besides = frozenset(besides)
    return Tell(None, conditions, because, gets, frozenset(), ask, besides, named_in=field, unnamed=unnamed)


def tell_found(
    found: Finder,
    *conditions: Condition,
    because: Gap,
    gets: Fields,
    may_see: Iterable[Restriction] = (),
    ask: AskOf | None = None,
    alone: bool = False,
    unnamed: bool = False,
    why_not: str = "",
) -> Tell:
    """A row whose recipients a finder finds (`finders.py`); `alone` tells nobody else of them.

    `unnamed` tells nobody else of those whose mere part in a life is restricted (rule E); `why_not` is what they read
    of sensitive fields that no row shows them."""
    return Tell(
        None, conditions, because, gets, frozenset(may_see), ask, found=found, alone=alone, unnamed=unnamed,
        why_not=why_not,
    )  # fmt: skip
