"""The durations that flows.md and standards.md (part 5) name, copied here by hand: a row that changes is seen."""

import pytest

from router.policy.book import rule_book
from router.policy.tables import Table

NAMED: dict[tuple[str, str], tuple[str, ...]] = {
    ("F01 maternity-handover-1", "health visiting team acknowledges"): ("2 working days",),
    ("F02 pregnancy-notified-1", "the health visiting team offers the antenatal visit"): ("34 weeks' gestation",),
    ("F03 parent-substance-service-registered-1", "health visiting team acknowledges"): ("2 working days",),
    ("F03 parent-substance-service-registered-1", "school nursing team acknowledges"): ("2 working days",),
    ("F09 ed-attendance-1", "what came of the attendance is told"): ("24 hours",),
    ("F09 ed-attendance-discharged-1", "health visiting team acknowledges"): ("2 working days",),
    ("F09 ed-attendance-discharged-1", "school nursing team acknowledges"): ("2 working days",),
    ("F10 ed-attendance-discharged-1", "Switch (children's substance misuse) acts and says with what outcome"): (
        "1 working days",
    ),
    ("F11 adult-ed-attendance-1", "paediatric liaison nurse acts and says with what outcome"): ("1 working days",),
    ("F14 mash-request-1", "a MASH request is answered"): ("red 4 hours", "amber 24 hours", "green 72 hours"),
    ("F16 telephone-referral-logged-1", "the referral made by telephone is written"): ("48 hours",),
    ("F17 safeguarding-referral-1", "children's social care decides on the referral, and says so"): ("1 working days",),
    ("F22 cse-assessment-1", "MASH health nurse acknowledges"): ("1 ends of working days",),
    ("F25 placement-changed-1", "the initial health assessment is completed"): ("20 working days", "20 working days"),
    ("F25 health-assessment-completed-1", "the next review health assessment is completed"): ("6 months", "12 months"),
    ("F26 health-info-requested-1", "the service says what it knows for the health assessment"): ("0 days",),
}


@pytest.mark.parametrize("of", NAMED, ids=lambda of: f"{of[0]}: {of[1]}")
def test_a_clock_has_the_time_that_the_table_of_flows_gives_it(of: tuple[str, str]) -> None:
    flow, _, kind = of[0].partition(" ")
    found: list[str] = []
    for clock in rule_book().policies[kind].expectations:
        if (clock.because.flow, clock.words) == (flow, of[1]):
            if isinstance(clock.within, Table):
                found += [f"{value} {term.count:g} {term.unit}" for value, term in clock.within.terms]
            else:
                found.append(f"{clock.within.count:g} {clock.within.unit}")
    assert tuple(found) == NAMED[of]


def test_the_last_day_of_the_twenty_is_in_time_and_reviews_are_by_age() -> None:
    first = [c for c in rule_book().policies["placement-changed-1"].expectations if c.words.startswith("the initial")]
    assert [c.whole_days for c in first] == [True, True]
    ages = {
        clock.within.count: clock.conditions[0].name
        for clock in rule_book().policies["health-assessment-completed-1"].expectations
        if clock.words.startswith("the next review") and not isinstance(clock.within, Table)
    }
    assert ages == {6: "under_5_and_stays", 12: "aged_5_to_17_and_stays"}
