"""What one service is told, in words addressed to it: what arrives, what is asked, what rings, what never comes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from contracts.parts.services import Service
from router.policy.book import Book
from router.policy.english import english
from router.policy.never import rows_for
from router.policy.words import Policy, Tell

_TOLD = re.compile(r"^Tell .*?(?= when |, always\.)")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event that a service may be told of."""

    event: str
    happens: str
    """What happened, as the rule book says it."""
    rows: tuple[str, ...]
    clocks: tuple[str, ...]
    """What is expected of it, and who hears if it does not answer."""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the rule book says to one service."""

    service: Service
    arrives: tuple[Arrival, ...]
    rings: tuple[str, ...]
    """Clocks of others of which it hears when nobody answers."""
    sends: tuple[Arrival, ...]
    """What it publishes, with what it is told in return."""


def told_to(book: Book, service: Service) -> Told:
    """What this service is told, why, by when, and what it hears of when others do not answer."""
    arrives, rings, sends = [], [], []
    for kind, policy in sorted(book.policies.items()):
        rows = rows_for(policy, service)
        if rows:
            own = tuple(clock for clock in policy.expectations if _is_its(clock.service, clock.to, service))
            whole = _alone(policy, shares=rows, expectations=policy.expectations)
            told = [line for line in _lines(whole) if line.startswith("Tell ")]
            said = tuple(_you(row, line) for row, line in zip(rows, told, strict=True))
            clocks = tuple(_lines(_alone(policy, expectations=own)))
            arrives.append(Arrival(kind, _heading(policy), said, clocks))
        others = [c for c in policy.expectations if any(rung.owner.service is service for rung in c.else_tell)]
        for clock in others:
            rings += [f"{_heading(policy)} {line}" for line in _lines(_alone(policy, expectations=(clock,)))]
        if service in policy.event.published_by:
            answers = _alone(policy, wants=policy.wants, answers_live_flags=policy.answers_live_flags)
            sends.append(Arrival(kind, _heading(policy), tuple(_lines(answers)), ()))
    return Told(service, tuple(arrives), tuple(dict.fromkeys(rings)), tuple(sends))


def _is_its(of: Service | None, to: str, service: Service) -> bool:
    """A clock on the service itself, or on whoever is asked."""
    return of is service or (of is None and to != "happen")


def _alone(policy: Policy, **kept: object) -> Policy:
    """The same entry with nothing but some of its rules."""
    bare = replace(
        policy,
        shares=(),
        expectations=(),
        wants=(),
        answers_live_flags=False,
        if_no_child=(),
        changes=None,
        counts_as=(),
    )
    return replace(bare, **kept)  # type: ignore[arg-type]


def _heading(policy: Policy) -> str:
    return english(_alone(policy))[0]


def _lines(policy: Policy) -> Iterator[str]:
    return (line.strip() for line in english(policy)[1:])


def _you(row: Tell, line: str) -> str:
    """The row in words to its reader: whom it means beyond the service is a condition, and is never left out."""
    found = _TOLD.match(line)
    assert found is not None
    who, rest = found.group().removeprefix("Tell "), line[found.end() :]
    if row.side or row.sent or row.at:
        said = f"You are told as {who}{rest.removeprefix(', always')}"
    elif row.service is None or row.every:
        when = "," if rest.startswith(" when ") else ""
        said = f"You are told where you are one of these: {who}{when}{rest.removeprefix(', always')}"
    else:
        said = f"You are told{rest}"
    return said.replace(". It gets ", ". You get ", 1).replace(" It is asked: ", " You are asked: ", 1)
