"""Who must never be told what: for each service all that no row of the rule book can give it (rule E)."""

from dataclasses import dataclass

from contracts.parts.event import field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction, Section
from router.policy.book import Book
from router.policy.proofs import Story, proofs_of
from router.policy.words import Policy, Tell

ALWAYS_SHOWN = (
    "tests/rules/test_never.py::test_no_summary_holds_what_the_table_says_its_service_never_gets",
    "tests/rules/test_never.py::test_nobody_has_a_summary_of_an_event_that_the_table_says_it_is_never_told_of",
)
"""The properties that try every line of the table, for every event there is, on made-up worlds."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a service told of an event never gets of it."""

    event: str
    fields: tuple[str, ...]
    """As summaries call them; names in `names`, in the same order."""
    names: tuple[str, ...]
    restricted: tuple[str, ...]
    """Those that carry a restriction: they need a row that says it may see them."""
    proofs: tuple[str, ...]
    """Stories that show that somebody does not get one of the restricted ones."""


@dataclass(frozen=True, slots=True)
class Never:
    """One service and what it cannot receive."""

    service: Service
    groups: tuple[Restriction, ...]
    """Restrictions that no row lets it see, of any event."""
    events: tuple[str, ...]
    """Events that tell others and of which no row tells it."""
    withheld: tuple[Withheld, ...]
    kept_from: tuple[str, ...] = ()
    """Rows that keep an event from it though another would tell it, with the reason."""


def told(book: Book) -> tuple[Service, ...]:
    """The services that some row names, in the order in which services are listed."""
    named = {row.service for policy in book.policies.values() for row in policy.shares}
    return tuple(service for service in Service if service in named)


def rows_for(policy: Policy, service: Service) -> tuple[Tell, ...]:
    """The rows by which a service may be told: its own, and those that find whoever it is for the child."""
    return tuple(row for row in policy.shares if not row.withheld and may_reach(row, service))


def may_reach(row: Tell, service: Service) -> bool:
    """Whether a row can find a team of this service; where it looks at who it is, any that may be found counts."""
    if row.service is not None:
        return row.service is service
    if row.sent:
        return any(service in event.published_by for event in row.sent)
    return service not in row.besides


def never_of(policy: Policy, service: Service) -> dict[str, str]:
    """The fields of an event that no row gives a service, by name, as summaries call them."""
    rows = rows_for(policy, service)
    given = frozenset[str]().union(*(row.gets.of(policy.event, row.may_see) for row in rows))
    marks = field_marks(policy.event)
    shown = {name: mark for name, mark in marks.items() if mark["section"] != Section.UNSEEN.value}
    return {name: mark["label"] for name, mark in shown.items() if name not in given}


def never(book: Book, service: Service, stories: tuple[Story, ...] = ()) -> Never:
    """All that no row gives a service; `stories` are looked through for tests that show it."""
    policies = [policy for _, policy in sorted(book.policies.items()) if policy.shares]
    seen = {one for p in policies for row in rows_for(p, service) for one in row.may_see}
    events, withheld = [], []
    for policy in policies:
        kind, fields = policy.event.event_type, never_of(policy, service)
        if not rows_for(policy, service):
            events.append(kind)
        elif fields:
            marks = field_marks(policy.event)
            restricted = {name: label for name, label in fields.items() if "restricted" in marks[name]}
            proofs = {f"{s.file}::{s.name}" for name in restricted for s in proofs_of(policy, name, stories)}
            withheld.append(
                Withheld(kind, tuple(fields.values()), tuple(fields), tuple(restricted.values()), tuple(sorted(proofs)))
            )
    groups = tuple(one for one in Restriction if one not in seen)
    kept_from = [
        f"{p.event.event_type}{' when ' if row.conditions else ''}{' and '.join(c.words for c in row.conditions)}: "
        f"{row.withheld}"
        for p in policies
        for row in p.shares
        if row.withheld and may_reach(row, service)
    ]
    return Never(service, groups, tuple(events), tuple(withheld), tuple(kept_from))
