"""Every flow and every recommendation of the review stands against the rules that answer it, or says why none can."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.domestic_abuse import DartNotified
from contracts.parts.services import Service
from router.policy.book import make_book, rule_book
from router.policy.coverage import cited, coverage
from router.policy.review import FLOWS, READ_OFF, RECOMMENDATIONS
from router.policy.words import Gap, Policy, everything, expect, tell
from router.policy.working_time import working_days

IN_THE_REVIEW = {1: 11, 2: 8, 3: 14, 4: 2, 5: 1, 6: 3, 7: 3, 8: 3, 9: 1, 10: 1}
"""How many recommendations each part of its list has."""
GAP = Gap("F14", "1.27", "R2.3", "a gap")


def of(name: str, *gaps: Gap, commands: Any = (), **more: Any) -> Any:
    rows = tuple(tell(Service.GP, because=gap, gets=everything()) for gap in gaps)
    book = make_book(iter([Policy(event=DartNotified, concerning="children named", shares=rows, **more)]))
    flows, recommendations = coverage(book, commands)
    return next(one for one in (*flows, *recommendations) if one.name == name)


def test_every_flow_and_every_recommendation_is_in_the_table_and_no_other() -> None:
    assert list(FLOWS) == [f"F{n:02d}" for n in range(1, 35)]
    assert list(RECOMMENDATIONS) == [f"R{part}.{n}" for part, most in IN_THE_REVIEW.items() for n in range(1, most + 1)]
    assert {flow for one in RECOMMENDATIONS.values() for flow in one.flows} <= FLOWS.keys()
    assert all(one.flows or one.beyond for one in RECOMMENDATIONS.values())


def test_every_flow_and_recommendation_that_a_rule_cites_is_one_of_them() -> None:
    for policy in rule_book().policies.values():
        for rule in (*policy.shares, *policy.if_no_child):
            assert set(cited(rule.because)) <= RECOMMENDATIONS.keys()
            gap = rule.because
            assert gap.flow in FLOWS.keys() | set("ABCDEFG") or (gap.local and gap.flow > "F34")
        for because in [c.because for c in policy.expectations] + [w.because for w in policy.wants]:
            assert set(cited(because)) <= RECOMMENDATIONS.keys()


def test_a_rule_that_cites_a_flow_and_a_recommendation_closes_both_by_itself() -> None:
    assert of("F14").open
    assert of("R2.3").open
    closed = of("F14", GAP)
    assert not closed.open
    assert [c.words for c in closed.closing] == ["dart-notified-1: tells GP"]
    recommendation = of("R2.3", GAP)
    assert (recommendation.open, recommendation.by_flows, len(recommendation.closing)) == (False, ("F14",), 1)
    by_its_flow = of("R7.1", GAP)
    assert (by_its_flow.open, by_its_flow.by_flows, by_its_flow.closing) == (False, ("F14",), ())


def test_of_two_recommendations_of_one_gap_both_are_cited() -> None:
    both = replace(GAP, recommendation="R2.3, R7.1")
    assert of("R2.3", both).closing
    assert of("R7.1", both).closing


def test_a_flow_of_ones_own_stands_after_the_reviews_and_closes_none_of_them() -> None:
    own = of("F35", Gap("F35", "1.4", "", "children are excluded unseen", local=True))
    assert (own.open, own.asked) == (False, "children are excluded unseen (a flow of one's own)")
    assert [one.name for one in coverage(rule_book())[0]][:34] == list(FLOWS)


def test_what_routing_cannot_meet_says_why_and_is_not_open() -> None:
    for name in ("R1.7", "R1.9", "R2.8", "R3.14", "R6.3", "R7.2", "R7.3"):
        one = of(name)
        assert (one.open, one.closing, one.by_flows) == (False, (), ())
        assert one.beyond
    assert of("R4.1").open, "part of it is beyond routing, and the other part has no rule here"


@pytest.mark.parametrize("flow", READ_OFF)
def test_a_flow_that_is_read_off_the_ledger_is_open_until_its_command_is_there(flow: str) -> None:
    assert of(flow).open
    there = of(flow, commands=[READ_OFF[flow][0]])
    assert not there.open
    assert f"sharewell {READ_OFF[flow][0]}" in there.beyond
    assert of(flow, replace(GAP, flow=flow)).beyond == "", "a rule that cites it speaks for itself"


def test_filing_is_closed_by_clocks_that_wait_for_it() -> None:
    clock = expect(Service.GP, to="file", within=working_days(5), else_tell=(), because=GAP)
    assert not of("F31", GAP, expectations=(clock,)).open
    assert of("F31", GAP, expectations=(replace(clock, to="acknowledge"),)).open


def test_the_flows_of_the_first_issue_are_closed_in_the_book_as_it_is() -> None:
    flows, recommendations = coverage(rule_book())
    assert not [one.name for one in flows[:13] if one.open]
    assert not [one.name for one in recommendations if one.name in ("R1.1", "R3.2", "R3.7", "R4.2") and one.open]


def test_the_reviews_own_list_says_as_many_where_it_is_at_hand() -> None:
    review = Path("/work/shared/domain/review.md")
    if not review.exists():
        pytest.skip("the review is not part of the repository")
    listed = [line.strip().removeprefix("- ").split(" ")[0] for line in review.read_text("utf-8").splitlines()]
    found = {
        f"R{one}" for one in listed if one.count(".") == 1 and one.replace(".", "").isdigit() and not one.endswith(".")
    }
    assert RECOMMENDATIONS.keys() <= found


def test_whom_a_row_finds_is_said_as_it_says_itself_and_who_is_kept_from_it_is_not_told() -> None:
    """A lead reads that the answer to MASH goes to MASH, and not to 'every service involved'."""
    flows = {one.name: {c.words for c in one.closing} for one in coverage(rule_book())[0]}
    assert "mash-response-1: tells the MASH that asked; 2 marks" in flows["F14"]
    assert any(
        words.startswith("referral-outcome-1: tells the team that sent the safeguarding") for words in flows["F17"]
    )
    kept = replace(tell(Service.GP, because=GAP, gets=everything()), withheld="rule E")
    book = make_book(iter([Policy(event=DartNotified, concerning="children named", shares=(kept,))]))
    assert coverage(book)[0][13].open
