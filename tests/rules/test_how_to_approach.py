"""Whoever may call on a family because of a summary reads how to: whether it is safe, and who must not know."""

import pytest

from contracts.parts.services import Service
from router.policy.book import rule_book
from router.policy.words import Tell

RECORDS = "it is asked what its records hold, or told so: nobody calls on anybody"
DEPARTMENT = "it is to ring the department, and has the whole when the child goes home"
WATCHES = "it watches over what others do, and calls on nobody"
KEEPS = "the child was its own before, and nothing has come but that the child moves"
SENDER = "it sent what this answers, and is to talk to whoever answered"
COLLEAGUES = "it is to ask a colleague, and not the young person"

SAYS_NOTHING = {
    "caseload-changed-1": {"of the place that hands the child on": KEEPS},
    "address-changed-1": {"of the place that hands the child on": KEEPS},
    "gp-registration-changed-1": {"of the place that hands the child on": KEEPS},
    "school-changed-1": {"of the place that hands the child on": KEEPS},
    "ed-attendance-1": {"GP practice": DEPARTMENT, "health visiting team": DEPARTMENT, "named nurse": WATCHES},
    "ed-attendance-discharged-1": {"named nurse": WATCHES},
    "health-info-provided-1": {"": RECORDS},
    "health-info-requested-1": {"": RECORDS},
    "health-plan-action-done-1": {"independent reviewing officer": WATCHES},
    "mash-rag-changed-1": {"": RECORDS},
    "mash-request-1": {"": RECORDS},
    "mash-response-1": {"": RECORDS},
    "paediatric-liaison-form-1": {"emergency department": RECORDS},
    "pregnancy-notified-1": {"named nurse": WATCHES},
    "professional-escalation-answered-1": {"": SENDER},
    "referral-outcome-1": {"": SENDER},
    "sexual-health-concern-1": {"every other team": COLLEAGUES},
}
"""Event → part of the recipient's name → why its row need not say how to approach the family."""


def rows() -> list[tuple[str, Tell]]:
    return [(kind, row) for kind, policy in rule_book().policies.items() for row in policy.shares if not row.withheld]


def says(kind: str, row: Tell) -> bool:
    return "safe_contact" in row.gets.of(rule_book().policies[kind].event, row.may_see)


@pytest.mark.parametrize(("kind", "row"), rows(), ids=lambda one: one if isinstance(one, str) else one.who)
def test_a_row_says_how_to_approach_the_family_or_why_it_need_not(kind: str, row: Tell) -> None:
    assert says(kind, row) or any(part in row.who for part in SAYS_NOTHING.get(kind, {}))


def test_every_reason_not_to_say_it_is_still_needed() -> None:
    left_out = {(kind, row.who) for kind, row in rows() if not says(kind, row)}
    for kind, parts in SAYS_NOTHING.items():
        for part in parts:
            assert any(kind == k and part in who for k, who in left_out), f"{kind}: {part}"


def test_who_is_chased_for_an_action_with_the_family_reads_it_beside_the_action() -> None:
    (named,) = (row for row in rule_book().policies["supervision-recorded-1"].shares)
    assert named.gets.own == {"actions"}
    assert says("supervision-recorded-1", named)
    assert not any(row.service is Service.MASH and not says(k, row) for k, row in rows())
