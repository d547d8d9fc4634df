"""Rules of one policy that say two things at once: what one leaves out another gives, or one asks by two days."""

from collections.abc import Iterator
from itertools import combinations, permutations

from contracts.parts.event import field_marks
from router.policy.words import Expect, Policy, Tell, Want


def contradictions(policy: Policy) -> Iterator[str]:
    """Each contradiction in words; what is said once per condition is none, for only one of the two then holds."""
    for row, other in permutations(policy.shares, 2):
        yield from _given_after_all(policy, row, other)
        yield from _told_and_kept_from(row, other)
    for row, other in combinations(policy.shares, 2):
        yield from _asked_by_two_days(row, other)
    for clock, second in combinations(policy.expectations, 2):
        yield from _two_terms(clock, second)
    for want, again in combinations(policy.wants, 2):
        yield from _wanted_twice(want, again)


def _given_after_all(policy: Policy, row: Tell, other: Tell) -> Iterator[str]:
    """A team gets all that its rows name together: what one takes back, another that then holds must not give."""
    if not _same_recipient(row, other) or not _names(other) <= _names(row):
        return
    marks = field_marks(policy.event)
    given = row.gets.but & other.gets.of(policy.event, other.may_see)
    for name in sorted(given):
        yield (
            f"the row for the {row.who} ({row.because.flow}) leaves out '{marks[name]['label']}', "
            f"which another row for it ({other.because.flow}) gives whenever it holds"
        )


def _told_and_kept_from(row: Tell, other: Tell) -> Iterator[str]:
    """What is kept from somebody must not be told to the same by another row that then holds (rule E)."""
    together = _names(other) <= _names(row) or _names(row) <= _names(other)
    if together and row.withheld and not (other.withheld or other.sent) and row.service is other.service:
        yield f"the {row.who} is told by one row what another keeps from it"


def _asked_by_two_days(row: Tell, other: Tell) -> Iterator[str]:
    if row.ask is None or other.ask is None or not _same_recipient(row, other):
        return
    together = _names(other) <= _names(row) or _names(row) <= _names(other)
    if together and row.ask.what == other.ask.what and row.ask.within != other.ask.within:
        yield f"the {row.who} is asked '{row.ask.what}' by two different days"


def _two_terms(clock: Expect, other: Expect) -> Iterator[str]:
    if _what(clock) != _what(other) or _names(clock) != _names(other):
        return
    if (clock.within, clock.else_tell) != (other.within, other.else_tell):
        yield f"'{clock.words}' has two terms or ladders under the same conditions"
    elif (clock.met_by, clock.at_once_on) == (other.met_by, other.at_once_on):
        yield f"'{clock.words}' stands twice"


def _what(clock: Expect) -> tuple[object, ...]:
    return clock.service, clock.to, clock.words, clock.starts_at


def _wanted_twice(want: Want, other: Want) -> Iterator[str]:
    if (want.field, want.words) == (other.field, other.words) and _names(want) == _names(other):
        yield f"the mark '{want.words}' stands twice"


def _same_recipient(row: Tell, other: Tell) -> bool:
    if row.withheld or other.withheld:
        return False
    return (row.who, row.besides, row.at) == (other.who, other.besides, other.at)


def _names(rule: Tell | Expect | Want) -> frozenset[str]:
    return frozenset(c.name for c in rule.conditions)
