"""The rule book holds: every row has its reason, is reached, and sees nothing restricted that no test speaks of."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts.domestic_abuse import DartNotified
from contracts.emergency_department import EdAttendance, EdAttendanceDischarged
from contracts.parts.event import field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from contracts.register import event_types
from router.policy.book import Book, english, make_book, rule_book
from router.policy.checks import check_book
from router.policy.conditions import aged_5_to_19, under_5, under_18
from router.policy.english import ON_EACH_CLOCK
from router.policy.gate import findings
from router.policy.owners import TEAM_LEAD, Rung
from router.policy.tables import by_field
from router.policy.words import Gap, Policy, condition, everything, expect, only, tell, want
from router.policy.working_time import before_gestation, hours, working_days

F09 = Gap("F09", "1.23", "R3.6", "a gap")
OF_SEXUAL_HEALTH = ("sexual-health-concern-1", "pharmacy-fast-track-1")
STORIES = Path(__file__).parent.parent / "flows"


@condition("anything at all")
def always(event: Any, child: Any, facts: Any) -> bool:
    return True


@condition("nothing at all")
def never(event: Any, child: Any, facts: Any) -> bool:
    return False


@condition("the child is under 5")
def in_the_same_words(event: Any, child: Any, facts: Any) -> bool:
    return bool(child.age == 4)


def book(*shares: Any, event: Any = EdAttendanceDischarged, **more: Any) -> Book:
    return make_book(iter([Policy(event=event, concerning="children named", shares=shares, **more)]))


def who_sees_what_is_restricted() -> dict[tuple[str, str], set[str]]:
    """(event type, restricted field) → the services that some row lets see it."""
    return {
        (kind, name): {row.who for row in policy.shares if name in row.gets.of(policy.event, row.may_see)}
        for kind, policy in rule_book().policies.items()
        for name, mark in field_marks(policy.event).items()
        if "restricted" in mark
    }


def wrong(found: Iterable[str]) -> str:
    return "\n".join(found)


GP = tell(Service.GP, because=F09, gets=everything())


def test_nothing_is_wrong_with_the_book() -> None:
    assert findings(STORIES) == []


def test_every_event_that_may_be_published_has_its_entry() -> None:
    assert set(rule_book().policies) == set(event_types())


def test_every_flow_from_f01_to_f13_closes_its_gap_and_cites_the_review() -> None:
    rules = [r for p in rule_book().policies.values() for r in (*p.shares, *p.expectations, *p.wants)]
    by_paragraph = {r.because.flow for r in rules if not r.because.local}
    assert {f"F{n:02d}" for n in range(1, 14)} <= by_paragraph


def test_what_nobody_may_see_is_seen_by_nobody() -> None:
    shown = {field for (_, field), services in who_sees_what_is_restricted().items() if services}
    of_sexual_health = {
        field
        for kind in OF_SEXUAL_HEALTH
        for field, mark in field_marks(event_types()[kind]).items()
        if "restricted" in mark and field != "clinical_detail"
    }
    named = {"perpetrator", "legal_status", "parental_history", "clinical_detail", "sexual_health", "adult_clinical"}
    assert shown == named | of_sexual_health
    assert who_sees_what_is_restricted()["health-info-provided-1", "parental_history"] == {
        f"{Service.LACT.words} of the authority that cares"
    }
    records = {e: s for (e, f), s in who_sees_what_is_restricted().items() if f == "clinical_detail" and s}
    assert records == {"perinatal-mental-health-concern-1": {Service.AMH.words, Service.GP.words}}
    assert who_sees_what_is_restricted()["dart-notified-1", "perpetrator"] == {Service.MASH.words}
    for spell in ("parent-admitted-1", "parent-discharged-1"):
        assert who_sees_what_is_restricted()[spell, "legal_status"] == {Service.CSC.words}


def test_sexual_health_is_shown_to_its_own_services_and_to_mash_and_to_nobody_else() -> None:
    shown = who_sees_what_is_restricted()
    own = {
        Service.CASH.words,
        Service.MASH.words,
        *(f"every other team of {s.words}" for s in (Service.CASH, Service.RY)),
    }
    services = set[str]().union(*(s for (kind, _), s in shown.items() if kind in OF_SEXUAL_HEALTH))
    assert services == own
    assert not shown["sexual-health-concern-1", "clinical_detail"]


def test_two_entries_for_one_event_are_refused() -> None:
    one = Policy(event=EdAttendance, concerning="children named", shares=(GP,))
    with pytest.raises(ValueError, match="two policies for ed-attendance-1"):
        make_book(iter([one, replace(one, shares=())]))


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Gap("", "1.23", "", "a gap"), "names no flow"),
        (Gap("F09", "", "", "a gap"), "cites no paragraph"),
        (Gap("F09", "somewhere", "", "a gap"), "cites no paragraph"),
        (Gap("F09", "1.23", "3.6", "a gap"), "a recommendation that is none"),
        (Gap("F09", "1.23", "R3.6", " "), "which gap it closes"),
    ],
)
def test_a_row_without_its_whole_reason_is_refused(gap: Gap, words: str) -> None:
    assert words in wrong(check_book(book(tell(Service.GP, because=gap, gets=everything())), tried=False))


def test_a_condition_that_always_holds_is_refused_and_one_that_never_does() -> None:
    rows = (
        tell(Service.GP, always, because=F09, gets=everything()),
        tell(Service.PLN, never, because=F09, gets=everything()),
    )
    found = wrong(check_book(book(*rows)))
    assert "'anything at all' holds in every case" in found
    assert "'nothing at all' holds in no case" in found


def test_conditions_that_never_hold_together_are_refused() -> None:
    found = check_book(book(tell(Service.HV, under_5, aged_5_to_19, because=F09, gets=everything())))
    assert "its conditions never hold together" in wrong(found)


@pytest.mark.parametrize(
    ("later", "reached"),
    [
        (tell(Service.GP, under_5, because=F09, gets=only("diagnosis")), False),
        (tell(Service.GP, because=F09, gets=everything()), False),
        (tell(Service.GP, under_5, because=F09, gets=everything("flags")), True),
        (tell(Service.HV, under_5, because=F09, gets=only("diagnosis")), True),
        (tell(Service.GP, under_5, because=replace(F09, flow="F07"), gets=only("diagnosis")), True),
    ],
)
def test_a_row_that_an_earlier_one_always_covers_is_refused(later: Any, reached: bool) -> None:
    assert ("is never reached" not in wrong(check_book(book(GP, later), tried=False))) is reached


def test_fields_that_the_event_does_not_have_are_refused_wherever_they_are_named() -> None:
    rows = tell(Service.GP, because=F09, gets=only("dart_ref"))
    wants = (want("dart_ref", because=F09, words="reference"),)
    found = wrong(check_book(book(rows, wants=wants, thing="dart_ref"), tried=False))
    assert "the row for the GP practice names a field that the event does not have: dart_ref" in found
    assert "the mark 'reference' is of a field" in found
    assert "the thing is a field" in found


def test_a_row_that_names_a_restricted_field_must_say_that_it_may_see_it() -> None:
    row = tell(Service.MASH, because=F09, gets=only("perpetrator"))
    assert "names perpetrator, which it may not see" in wrong(check_book(book(row, event=DartNotified), tried=False))
    seen = tell(Service.MASH, because=F09, gets=only("perpetrator"), may_see=[Restriction.THIRD_PARTY])
    assert check_book(book(seen, event=DartNotified), tried=False) == []
    idle = tell(Service.GP, because=F09, gets=everything(), may_see=[Restriction.SEXUAL_HEALTH])
    assert "of which the event has nothing" in wrong(check_book(book(idle), tried=False))


def test_a_clock_nobody_can_meet_is_refused() -> None:
    ladder = (Rung(TEAM_LEAD, working_days(1)),)
    of_nobody = expect(Service.HV, to="acknowledge", within=working_days(1), else_tell=ladder, because=F09)
    of_no_event = expect(None, to="happen", within=working_days(1), else_tell=(), because=F09, name="something")
    found = wrong(check_book(book(GP, expectations=(of_nobody, of_no_event)), tried=False))
    assert "waits for a service that no row tells" in found
    assert "has no ladder" in found
    assert "waits for nobody" in found


def test_two_conditions_in_the_same_words_are_refused() -> None:
    rows = (
        tell(Service.GP, under_5, because=F09, gets=everything()),
        tell(Service.HV, in_the_same_words, because=F09, gets=everything()),
    )
    assert "two conditions read 'the child is under 5'" in wrong(check_book(book(*rows), tried=False))


def test_the_books_version_changes_with_its_words() -> None:
    other = tell(Service.GP, under_18, because=F09, gets=everything())
    assert book(GP).version == book(GP).version != book(other).version


def test_the_book_reads_as_english_one_line_a_rule_in_the_order_of_the_book() -> None:
    for policy in rule_book().policies.values():
        heading, *lines = english(policy)
        assert heading.startswith("When ")
        rules = (*policy.shares, *policy.expectations, *policy.wants)
        for line, rule in zip(lines, rules, strict=False):
            assert rule.because.flow in line.rsplit("[", 1)[1]
            assert ("a local decision near" in line) is rule.because.local
        assert len(lines) >= len(rules)


def test_a_safeguarding_lead_reads_who_is_told_what_when_and_why() -> None:
    lines = "\n".join(english(rule_book().policies["dart-notified-1"], flow="F04"))
    assert "Tell the school nursing team when the child is 5 to 19. It gets all of it but to be discussed on" in lines
    assert "never alleged perpetrator" in lines
    assert "; shown although restricted, because this rule says so: alleged perpetrator." in lines
    assert "Expect that the outcome of the discussion is told within 5 working days" in lines
    assert "Met by: dart outcome." in lines
    assert "then a task stays open until a named person closes it. [F04, 1.11]" in lines


@pytest.mark.parametrize(
    ("event", "recipient", "what"),
    [
        ("crisis-presentation-1", "Tell CAMHS when", "Within 24 hours. A clock runs until it is done, whatever it"),
        ("professional-escalation-raised-1", "Tell CAMHS when", "A clock runs until it is done, whatever it answers."),
        (
            "mash-rag-changed-1",
            "Tell everybody who was asked",
            "The clock that runs on its answer already is set anew.",
        ),
        ("dart-notified-1", "Tell the GP practice", "No clock runs on its answer."),
    ],
)
def test_beside_a_day_that_is_asked_for_nobody_reads_that_no_clock_runs(event: str, recipient: str, what: str) -> None:
    told = [line for line in english(rule_book().policies[event]) if line.strip().startswith(recipient)]
    assert told
    assert any(what in line for line in told)
    if what != "No clock runs on its answer.":
        assert not any("No clock runs" in line for line in told)


def test_every_clock_says_what_starts_it_what_meets_it_each_rungs_owner_and_what_stays_open() -> None:
    for policy in rule_book().policies.values():
        _, *lines = english(policy)
        clocks = [line for line in lines if line.startswith("  Expect that ")]
        assert len(clocks) == len(policy.expectations)
        assert lines.count(f"  {ON_EACH_CLOCK}") == bool(clocks)
        for line, clock in zip(clocks, policy.expectations, strict=True):
            assert (clock.starts_at == "kept") != ("counted from" in line), line
            assert clock.met_by or clock.to != "happen", f"nothing meets it: {line}"
            assert ("et by" in line) == bool(clock.met_by or clock.to == "take"), line
            assert "then a task stays open until a named person closes it" in line
            assert clock.else_tell, line
            assert line.count(" later ") == len(clock.else_tell) - 1, line


def test_a_clock_that_cannot_be_turned_as_it_says_is_refused() -> None:
    ladder = (Rung(TEAM_LEAD, working_days(1)),)
    table = by_field("mood", {"bad": hours(4)})
    unanswerable = expect(None, to="answer", within=working_days(1), else_tell=ladder, because=F09)
    of_nothing = expect(None, to="act", within=working_days(1), else_tell=ladder, because=F09, each="promises")
    for_ever = expect(
        Service.GP, to="file", within=before_gestation(34), else_tell=ladder, because=F09, paused_by=("a dream",)
    )
    moody = expect(Service.GP, to="act", within=table, else_tell=ladder, because=F09)
    rated = expect(
        Service.GP, to="act", within=hours(1), else_tell=ladder, because=F09, re_rated_by=(EdAttendanceDischarged,)
    )
    by_the_day = expect(Service.GP, to="act", within=working_days(1), else_tell=ladder, because=F09, whole_days=True)
    clocks = (unanswerable, of_nothing, for_ever, moody, rated, by_the_day)
    found = wrong(check_book(book(GP, expectations=clocks), tried=False))
    assert "counts whole days from a moment, whose hour is known" in found
    assert "and no event is one" in found
    assert "on each of what the event does not have" in found
    assert "can be paused and not resumed" in found
    assert "runs to a day, and no pause moves that" in found
    assert "waits for 'a dream', which no event is taken as" in found
    assert "goes by a field that the event does not have: mood" in found
    assert "can be rated anew and has no table" in found
