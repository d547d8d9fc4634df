"""Recipients that an event names itself: the services of a plan, the owners of actions, whoever is asked for."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from contracts.parts.event import EventData, told
from contracts.parts.services import Service
from router.policy.words import Tell


def rows_of(row: Tell, data: EventData) -> tuple[Tell, ...]:
    """The row itself; of one whose recipients the event names, a row for each service it names, which may be none."""
    if row.named_in is None:
        return (row,)
    return tuple(for_service(row, s) for s in services_in(told(data, row.named_in)) if s not in row.besides)


@cache
def for_service(row: Tell, service: Service) -> Tell:
    """The same row for one service, which it does not name itself."""
    return replace(row, service=service, named_in=None, besides=frozenset())


def services_in(entries: Any) -> tuple[Service, ...]:
    """The services that a list names, each once: the list of services, of plans by `service`, of actions by `owner`.

    An action that is done or dropped names nobody any more; a coded absence names nobody."""
    found: Iterable[Any] = entries if isinstance(entries, tuple) else ()
    return tuple(dict.fromkeys(_service(one) for one in found if getattr(one, "state", "open") == "open"))


def _service(entry: Any) -> Service:
    if isinstance(entry, Service):
        return entry
    named: Service = getattr(entry, "service", None) or entry.owner
    return named
