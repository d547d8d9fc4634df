"""What a row that finds its teams by what was sent, asked or held may show: whoever was told reads it again (sight)."""

import pytest

from router.policy.book import rule_book
from router.policy.words import Policy, Tell

BY_EVENT = {kind: p for kind, p in rule_book().policies.items() if any(r.sent or r.found or r.asked for r in p.shares)}


def alike(row: Tell, other: Tell) -> bool:
    """Whether two rows look for the same teams."""
    return (row.sent, row.found, row.asked) == (other.sent, other.found, other.asked)


@pytest.mark.parametrize("policy", BY_EVENT.values(), ids=BY_EVENT.keys())
def test_such_a_row_shows_nothing_that_any_other_recipient_of_the_event_may_not_read(policy: Policy) -> None:
    """In a chronology such rows speak to each team that was told: by which of them it was is not kept."""
    told = [row for row in policy.shares if not row.withheld]
    for row in [r for r in told if r.sent or r.found or r.asked]:
        shows = row.gets.of(policy.event, row.may_see)
        for other in [r for r in told if not alike(row, r)]:
            assert shows <= other.gets.of(policy.event, other.may_see), (row.who, other.who)


def test_there_are_such_rows() -> None:
    assert {"mash-request-1", "mash-response-1", "referral-outcome-1", "conference-invited-1"} <= BY_EVENT.keys()
