"""F18 (3.9, 3.19, 3.25, 3.32, 3.33, R2.6, R8.1): everyone involved is invited in time, reports, and files the minutes.

Before: "not all GPs receive invitations"; "CASH practitioners are not routinely invited"; "often less than 24 hours";
"reports lacked analysis"; "contributions being made verbally, which is not sufficient"."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from router.policy.working_time import LONDON
from tests.stories import Town
from tests.story_events import cancel_of, caseload_changed, school_changed, update_of
from tests.story_meeting_events import action, conference_invited, conference_minutes, conference_report
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, involved, unborn
from tests.story_referral_events import referral, telephone_referral
from tests.story_teams import COMMUNITY, SECONDARY, directory

QUIET = ("contraception and sexual health", "adult substance misuse", "adult mental health")


def home(**more: Any) -> tuple[Person, Person, Family]:
    mother, kay = adult("Tam"), child("Kay", age=15, **more)
    return mother, kay, family(mother=mother, children=[kay])


async def all_acknowledge(town: Town) -> None:
    for letter in town.inboxes.of("summary"):
        await town.receipt(letter, "acknowledged")


# Who is invited


async def test_every_service_that_works_with_the_child_is_invited_gp_and_sexual_health_among_them() -> None:
    _, kay, folk = home(
        services=[
            involved("CASH", "sexual-health"),
            involved("CAMHS", "camhs"),
            involved("SWITCH", "switch", until="2026-02-01"),
        ]
    )
    town = Town(folk)
    called = conference_invited(
        kay, kind="review-conference", where="Council House.", report_template="Health report, version 3"
    )

    await town.publish(called)

    assert town.told(called) == {"sn-north", "gp-castle", "sexual-health", "camhs"}, "Switch no longer works with her"
    for team in town.told():
        letter = town.letter(team)
        what = letter["what_happened"]
        assert (what["kind"], what["meets_at"]) == ("review-conference", called.data["meets_at"])
        assert (what["where"], what["report_template"]) == ("Council House.", "Health report, version 3")
        assert what["report_due"] == "2026-03-26"
        assert any("written report on the template" in ask for ask in letter.asks)


@pytest.mark.parametrize(("days", "invited"), [(364, True), (366, False)])
async def test_who_referred_the_child_is_invited_though_it_is_on_no_caseload_and_named_to_nobody(
    days: int, invited: bool
) -> None:
    """3.19: what was known to the clinic did not reach the conference, "despite the young person being known"."""
    mother, kay, folk = home()
    town = Town(folk)
    when = (town.hands.now - timedelta(days=days)).isoformat()
    await town.publish(referral(kay, mother, by="cash", time=when))
    called = conference_invited(kay)
    await town.publish(called)
    assert town.told(called) == {"sn-north", "gp-castle"} | ({"sexual-health"} if invited else set())
    if invited:
        assert town.letter("sexual-health")["relation"] == "the team that referred the child"
        assert "sexual-health" in {c.clock.team for c in town.clocks() if c.clock.needs == "answer"}
    for letter in town.inboxes.of("summary"):
        assert letter.team == "sexual-health" or QUIET[0] not in letter.page
    minutes = conference_minutes(kay)
    await town.publish(minutes)
    assert ("sexual-health" in town.told(minutes)) is invited


async def test_who_referred_by_telephone_is_invited_and_who_took_its_referral_back_or_has_a_team_there_is_not() -> None:
    mother, kay, folk = home(services=[involved("CAMHS", "camhs")])
    town = Town(folk)
    mistaken = referral(kay, mother, by="switch")
    await town.publish(telephone_referral(kay, mother, by="cash"), mistaken, referral(kay, mother, by="hv"))
    await town.publish(cancel_of(mistaken), referral(kay, mother, by="camhs"))
    called = conference_invited(kay)
    await town.publish(called)
    assert town.told(called) == {"sn-north", "gp-castle", "camhs", "sexual-health"}


async def test_a_referrers_team_that_was_closed_is_a_persons_task() -> None:
    mother, kay, folk = home()
    town = Town(folk, teams=directory(without={"sexual-health"}))
    await town.publish(referral(kay, mother, by="cash"))
    await town.publish(conference_invited(kay))
    assert any("referred the child" in t.task.words for t in town.tasks("nobody-found"))


async def test_a_service_that_works_with_a_parent_is_invited_too() -> None:
    mother = adult("Tam", services=[involved("ASM", "substance-misuse"), involved("AMH", "adult-mental-health")])
    kay = child("Kay", age=9)
    town = Town(family(mother=mother, children=[kay]))
    await town.publish(conference_invited(kay))
    assert town.told() == {"sn-north", "gp-castle", "substance-misuse", "adult-mental-health"}


async def test_before_the_birth_the_midwife_the_health_visitor_and_the_mothers_services_are_invited() -> None:
    mother, bump = adult("Tam", services=[involved("ASM", "substance-misuse")]), unborn(weeks=30)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(conference_invited([bump, mother], kind="pre-birth-conference"))
    assert town.told(about=bump) == {"midwives", "hv-north", "gp-castle", "substance-misuse"}


async def test_social_care_may_ask_for_a_service_by_name() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, also_invited=["CASH", "YPSE"]))
    assert town.told() == {"sn-north", "gp-castle", "sexual-health", "exploitation-panel"}


async def test_a_child_without_a_gp_is_a_persons_task_not_a_missing_invitation() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult("Tam"), children=[kay], practice=None))
    await town.publish(conference_invited(kay))
    assert [t.task.service for t in town.tasks("nobody-found")] == ["GP"]


# Who must not learn what


async def test_nobody_learns_from_an_invitation_that_sexual_health_or_a_parents_service_is_involved() -> None:
    mother = adult("Tam", services=[involved("ASM", "substance-misuse")])
    kay = child("Kay", age=15, services=[involved("CASH", "sexual-health"), involved("CAMHS", "camhs")])
    town = Town(family(mother=mother, children=[kay]))
    await town.publish(conference_invited(kay, also_invited=["AMH"]))
    assert {"sexual-health", "substance-misuse", "adult-mental-health", "camhs"} < town.told()
    for letter in town.inboxes.of("summary"):
        own = letter["to"]["service"]
        assert {t["service"] for t in letter["told"]} == {"SN", "GP", "CAMHS"} - {own}
        own_words = town.ledger.store.cover.teams[letter.team].service.words
        assert not [q for q in QUIET if q in letter.page and q not in own_words], letter.team


async def test_ended_services_other_children_and_the_emergency_department_read_nothing() -> None:
    mother, kay, ben = adult("Tam"), child("Kay", age=15), child("Ben", age=3)
    kay.doc["services"] = [involved("SWITCH", "switch", until="2026-02-01")]
    cousin = child("Max", age=7)
    town = Town(family(mother=mother, children=[kay, ben]), family(mother=adult("Jo"), children=[cousin]))
    called = conference_invited(kay, why_called="CANARY-WHY")
    await town.publish(called)
    await town.publish(conference_minutes(kay, minutes="CANARY-MINUTES"))
    await town.advance(working_days=30)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", "sn-north"), ("summary", "gp-castle")}
    assert not town.told(about=ben)
    assert not town.told(about=cousin)


async def test_adult_and_sexual_health_records_never_travel_with_a_report_nor_the_confidential_part_with_minutes() -> (
    None
):
    _, kay, folk = home(services=[involved("CASH", "sexual-health")])
    town = Town(folk)
    await town.publish(conference_invited(kay))
    secret = {"clinical_detail": "CANARY-CLINIC", "sexual_health_detail": "CANARY-SEXUAL"}
    await town.publish(conference_report(kay, "cash", **secret))
    await town.publish(conference_minutes(kay, kept_from_family="CANARY-KEPT"))
    assert not [x.team for x in town.inboxes.of("summary") if b"CANARY" in x.raw]
    assert (
        town.inbox("gp-castle")[1].withheld["Part kept confidential"] == "identifies somebody else; no rule names you"
    )
    report = town.letter("social-care")
    assert report.withheld["Sexual-health record"] == "sexual-health detail; no rule names you (rule E)"
    assert report.withheld["Clinical record of an adult"].startswith("the adult's clinical record")


# Notice


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1 - 1 / 86_400, "notice of 24 hours or more before the meeting"),
        (1.0, "notice as long as was agreed locally"),
        (7 - 1 / 86_400, "notice as long as was agreed locally"),
        (7.0, None),
    ],
)
async def test_short_notice_goes_back_to_social_care_to_the_second(days: float, words: str | None) -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, days, report_due=None))
    told = [p["message"] for s in town.status("csc", "quality") for p in s["problems"]]
    assert told == ([f"There is no {words}."] if words else [])
    assert {"sn-north", "gp-castle"} <= town.told(), "it is routed all the same"
    if words:
        shown = town.letter("gp-castle")["context"]["quality"]
        assert [q["words"] for q in shown] == [words]
        assert "Invite as soon as the day is set" in town.status("csc", "quality")[0]["problems"][0]["mend"]


async def test_another_room_told_the_evening_before_is_no_short_notice_and_another_hour_is() -> None:
    _, kay, folk = home()
    town = Town(folk)
    called = conference_invited(kay, 14)
    await town.publish(called)
    await town.advance(days=13, hours=12)

    async def told(sequence: str, **said: Any) -> list[str]:
        before = len(town.status("csc", "quality"))
        await town.publish(update_of(called, sequence, **said))
        return [p["message"] for s in town.status("csc", "quality")[before:] for p in s["problems"]]

    short = ["There is no notice of 24 hours or more before the meeting."]
    assert await told("1", where="Room 3.") == []
    sooner = (town.hands.now + timedelta(hours=6)).isoformat()
    assert await told("2", meets_at=sooner) == short
    await town.advance(hours=1)
    assert await told("3", meets_at=sooner, where="Room 4.") == short, "it was short, and is"
    assert await told("4", where="Room 5.") == [], "back to the hour that all have known for a fortnight"
    same = datetime.fromisoformat(called.data["meets_at"]).astimezone(LONDON).isoformat()
    assert same != called.data["meets_at"]
    assert await told("5", where="Room 6.", meets_at=same) == [], "nor is it another for being written otherwise"


async def test_how_often_a_childs_meetings_were_called_too_late_is_counted() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, 0.5, conference_id="conf-a"))
    await town.publish(conference_invited(kay, 10, conference_id="conf-b"))
    await town.publish(conference_invited(kay, 10, conference_id="conf-c"))
    earlier = {e["what"]: e["count"] for e in town.inbox("gp-castle")[2]["context"]["earlier"]}
    assert earlier == {"child protection meeting called": 2, "meeting called less than 24 hours before": 1}


# Reports


async def test_every_invited_service_owes_a_report_and_only_its_own_ends_its_wait() -> None:
    _, kay, folk = home(services=[involved("CAMHS", "camhs")])
    town = Town(folk)
    await town.publish(conference_invited(kay, report_due="2026-03-26"))
    await town.publish(conference_report(kay, "camhs"))
    owed = {c.clock.team: c.state for c in town.clocks() if c.clock.needs == "answer"}
    assert owed == {"camhs": "met", "sn-north": "running", "gp-castle": "running"}
    await town.publish(conference_report(kay, "gp"))
    await town.publish(conference_report(kay, "sn", conference_id="conf-other"))
    owed = {c.clock.team: c.state for c in town.clocks() if c.clock.needs == "answer"}
    assert owed == {"camhs": "met", "sn-north": "running", "gp-castle": "met"}


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("accepted", [False, True])
async def test_handed_on_meanwhile_the_trusts_report_ends_the_wait_of_whoever_has_the_child_now(
    accepted: bool, corrected: bool
) -> None:
    kay = child("Kay", age=9)
    town = Town(family(mother=adult("Tam"), children=[kay]))
    called = conference_invited(kay)
    await town.publish(called)
    await town.publish(school_changed(kay, SECONDARY))
    if accepted:
        await town.receipt(town.letter("sn-south"), "acknowledged")
    if corrected:
        await town.publish(update_of(called, where="Elsewhere."))
    await town.publish(conference_report(kay, "sn"))
    owed = {c.clock.team for c in town.clocks() if c.clock.needs == "answer" and c.state == "running"}
    assert owed == {"gp-castle"}


async def test_of_brothers_at_two_schools_a_report_ends_the_wait_for_those_that_it_is_about() -> None:
    """One system sends for both nurses: whose report it is goes by the child."""
    kay, ben = child("Kay", age=9), child("Ben", age=13, school=SECONDARY)
    town = Town(family(mother=adult("Tam"), children=[kay, ben]))

    def owed() -> set[str | None]:
        nurses = (c for c in town.clocks() if c.clock.needs == "answer" and c.state == "running")
        return {c.clock.team for c in nurses} - {"gp-castle"}

    await town.publish(conference_invited([kay, ben]))
    assert owed() == {"sn-north", "sn-south"}
    of_ben = conference_report(ben, "sn")
    await town.publish(of_ben)
    assert owed() == {"sn-north"}
    await town.publish(cancel_of(of_ben))
    assert owed() == {"sn-north", "sn-south"}
    await town.publish(conference_report([kay, ben], "sn"))
    assert owed() == set()


async def test_no_report_by_its_day_reaches_the_services_lead_then_the_named_nurse_then_a_task_stays() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, report_due="2026-03-26"))
    await all_acknowledge(town)
    await town.publish(conference_report(kay, "gp"))
    await town.receipt(town.letter("social-care"), "acknowledged")
    await town.advance(days=10, hours=7, minutes=59)
    assert town.escalations() == []
    await town.advance(minutes=1)
    (first,) = town.escalations(flow="F18")
    assert (first.team, first["unanswered_by"], first["words"]) == (
        "sn-lead", "SN NORTH", "a written report is sent to the conference",
    )  # fmt: skip
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F18")] == ["sn-lead", "nn-community"]
    await town.advance(working_days=5)
    (task,) = town.tasks("unanswered")
    assert (task.task.owner, task.task.child) == ("nn-community", kay.id)


async def test_neither_a_receipt_nor_word_of_mouth_is_a_report() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, report_due="2026-03-20"))
    for state in ("acknowledged", "filed", "acted"):
        await town.receipt(town.letter("sn-north"), state)
    await town.publish(conference_report(kay, "sn", given="only-by-word-of-mouth"))
    (back,) = town.status("sn", "quality")
    assert [p["message"] for p in back["problems"]] == ["There is no report in writing."]
    await town.publish(conference_report(kay, "gp"))
    await town.receipt(town.letter("gp-castle"), "acknowledged")
    await town.advance(working_days=5)
    owed = {e["unanswered_by"] for e in town.escalations(flow="F18") if e["words"].startswith("a written report")}
    assert owed == {"SN NORTH"}


async def test_a_report_that_came_first_leaves_nothing_to_wait_for() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_report(kay, "sn"))
    await town.publish(conference_invited(kay))
    owed = {c.clock.team for c in town.clocks() if c.clock.needs == "answer" and c.state == "running"}
    assert owed == {"gp-castle"}


async def test_without_a_day_a_report_is_due_by_the_meeting_itself_and_none_is_where_none_is_asked_for() -> None:
    _, kay, folk = home()
    called = conference_invited(kay, 14)
    called.event["data"]["report_due"] = {"absent": "not-recorded"}
    town = Town(folk)
    await town.publish(called)
    due = {c.due.isoformat() for c in town.clocks() if c.clock.needs == "answer"}
    assert due == {"2026-03-30T09:00:00+00:00"}
    assert [p["path"] for s in town.status("csc", "quality") for p in s["problems"]] == ["data.report_due"]
    none_wanted = Town(folk)
    await none_wanted.publish(conference_invited(kay, 14, report_due=None, kind="strategy-meeting"))
    assert not [c for c in none_wanted.clocks() if c.clock.needs == "answer"]


async def test_the_report_reaches_social_care_with_its_analysis_and_nobody_else() -> None:
    _, kay, folk = home(services=[involved("CAMHS", "camhs")])
    town = Town(folk)
    concern = {
        "facts": "Three missed reviews.",
        "analysis": "Help is refused when it is needed most.",
        "impact_on_child": "She misses school.",
        "protective_factors": "Her grandmother.",
    }
    report = conference_report(kay, "sn", concern=concern, health_needs="Asthma.", work_with_the_child="Weekly talks.")
    await town.publish(report)
    assert town.told(report) == {"social-care"}
    page = reads_in_order(town.letter("social-care"))
    assert "Help is refused when it is needed most." in page["RISK AND IMPACT ON THE CHILD"]
    assert "Health needs of the child: Asthma." in page["WHAT HAPPENED"]
    await town.advance(working_days=2)
    assert [e["unanswered_by"] for e in town.escalations(flow="F18")] == ["SOCIAL CARE"]


@pytest.mark.parametrize("part", ["analysis", "impact_on_child"])
async def test_a_report_that_only_describes_is_routed_and_its_author_told_so(part: str) -> None:
    _, kay, folk = home()
    town = Town(folk)
    concern = {"facts": "F.", "analysis": "A.", "impact_on_child": "I.", "protective_factors": "P."}
    await town.publish(conference_report(kay, "gp", concern=concern | {part: {"absent": "not-recorded"}}))
    (back,) = town.status("gp", "quality")
    (said,) = back["problems"]
    assert said["path"] == "data.concern"
    assert "analysis of the risk and of what it means for the child" in said["message"]
    assert town.told() == {"social-care"}


# Minutes


async def test_minutes_reach_whoever_was_invited_and_whoever_works_with_the_child_now() -> None:
    _, kay, folk = home(services=[involved("CASH", "sexual-health")])
    town = Town(folk)
    await town.publish(conference_invited(kay, also_invited=["YPSE"]))
    await town.publish(caseload_changed(kay, "CASH", "sexual-health", ended=True, since="2026-03-16"))
    await town.publish(caseload_changed(kay, "CAMHS", "camhs", since="2026-03-16"))
    minutes = conference_minutes(kay, decision="protection-plan-made", minutes="All agreed.")

    await town.publish(minutes)

    assert town.told(minutes) == {"sn-north", "gp-castle", "sexual-health", "camhs", "exploitation-panel"}
    page = reads_in_order(next(x for x in town.inbox("gp-castle") if x["event"]["id"] == minutes.id))
    assert "Decision: protection plan made" in page["WHAT HAPPENED"]
    assert "Minutes: All agreed." in page["WHAT HAPPENED"]
    assert "conference-invited-1 of 16 March 2026" in page["CONTEXT"]
    assert "File the minutes in the record" in page["WHAT YOU ARE ASKED TO DO"]


async def test_minutes_of_one_conference_are_not_sent_to_whoever_was_invited_to_another() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, conference_id="conf-old", also_invited=["YPSE"]))
    minutes = conference_minutes(kay)
    await town.publish(minutes)
    assert town.told(minutes) == {"sn-north", "gp-castle"}


async def test_minutes_read_and_not_filed_are_asked_for_again() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_minutes(kay))
    await town.receipt(town.letter("gp-castle"), "filed", record_ref="emis/1")
    await town.receipt(town.letter("sn-north"), "acknowledged")
    await town.advance(working_days=5)
    (first,) = town.escalations(flow="F18")
    assert (first.team, first["unanswered_by"]) == ("sn-lead", "SN NORTH")
    await town.receipt(town.letter("sn-north"), "filed", record_ref="rio/2")
    await town.advance(working_days=5)
    assert len(town.escalations(flow="F18")) == 1
    assert town.tasks() == []


async def test_what_was_agreed_of_a_service_is_chased_on_its_day() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_minutes(kay, action("a-1", "SN", by="2026-03-18")))
    for team in ("gp-castle", "sn-north"):
        await town.receipt(town.letter(team), "filed")
    await town.advance(working_days=2, hours=8)
    assert [e["unanswered_by"] for e in town.escalations(flow="F18")] == ["SN NORTH"]


# What changes


async def test_a_conference_that_moves_tells_everybody_again_and_its_report_is_due_anew() -> None:
    _, kay, folk = home()
    town = Town(folk)
    first = conference_invited(kay, report_due="2026-03-26")
    await town.publish(first)
    await town.publish(update_of(first, meets_at="2026-04-20T10:00:00+01:00", report_due="2026-04-16"))
    due = {c.due.isoformat() for c in town.clocks() if c.clock.needs == "answer" and c.state == "running"}
    assert due == {"2026-04-16T16:00:00+00:00"}
    assert town.inbox("gp-castle")[1]["replaces"] == town.inbox("gp-castle")[0].id


async def test_a_conference_called_off_asks_nothing_of_anybody() -> None:
    _, kay, folk = home()
    town = Town(folk)
    called = conference_invited(kay)
    await town.publish(called)
    await town.publish(cancel_of(called))
    assert {w.team for w in town.withdrawals()} == {"sn-north", "gp-castle"}
    await town.advance(working_days=30)
    assert town.escalations() == []


# An invitation is acknowledged before the meeting, not after it


def acknowledgements(town: Town) -> dict[str, list[str]]:
    waiting = [c.clock for c in town.clocks() if c.clock.needs == "acknowledge"]
    return {c.team or "": [s.due.astimezone(LONDON).strftime("%a %H:%M") for s in c.steps] for c in waiting}


@pytest.mark.parametrize(
    ("meets_at", "rungs"),
    [
        ("2026-03-30T10:00:00+01:00", ["Wed 09:00", "Thu 09:00"]),  # in good time: two working days, as for anything
        ("2026-03-18T12:00:00+00:00", ["Tue 16:00", "Wed 12:00"]),  # half a working day before it; and at the meeting
        ("2026-03-17T10:00:00+00:00", ["Mon 14:00", "Tue 10:00"]),  # of Tuesday one hour, of Monday three
        ("2026-03-16T11:00:00+00:00", ["Mon 09:00", "Mon 11:00"]),  # in two hours: at once
        ("2026-03-13T11:00:00+00:00", ["Mon 09:00", "Tue 09:00"]),  # it is over: at once, and then as ever
    ],
)
async def test_who_has_not_acknowledged_is_heard_of_before_the_meeting(meets_at: str, rungs: list[str]) -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, report_due=None, meets_at=meets_at))
    assert acknowledgements(town) == {"sn-north": rungs, "gp-castle": rungs}


async def test_of_a_meeting_this_morning_the_leads_hear_at_once_and_the_named_nurse_by_its_start() -> None:
    _, kay, folk = home()
    town = Town(folk)
    await town.publish(conference_invited(kay, report_due=None, meets_at="2026-03-16T11:00:00+00:00"))
    await town.receipt(town.letter("gp-castle"), "acknowledged")
    await town.advance(minutes=1)
    assert [(e.team, e["unanswered_by"]) for e in town.escalations(flow="F18")] == [("sn-lead", "SN NORTH")]
    await town.advance(minutes=118)
    assert len(town.escalations(flow="F18")) == 1
    await town.advance(minutes=1)
    assert [e.team for e in town.escalations(flow="F18")] == ["sn-lead", "nn-community"]
    assert [t.task.owner for t in town.tasks("unanswered")] == ["nn-community"]


async def test_a_trusts_own_longer_time_does_not_outlast_the_meeting_and_its_own_shorter_one_holds() -> None:
    _, kay, folk = home()
    own = {"organisation": COMMUNITY, "flow": "F18", "service": "SN", "to": "acknowledge"}
    own |= {"from": "2026-01-01", "until": "2026-12-31"}
    for count, unit, due in ((5, "working days", "Tue 16:00"), (2, "working hours", "Mon 11:00")):
        term = own | {"within": {"count": count, "unit": unit}}
        town = Town(folk, teams=directory() | {"terms": [term]})
        await town.publish(conference_invited(kay, report_due=None, meets_at="2026-03-18T12:00:00+00:00"))
        assert acknowledgements(town)["sn-north"][0] == due


async def test_a_meeting_that_is_brought_forward_is_acknowledged_before_its_new_time() -> None:
    _, kay, folk = home()
    town = Town(folk)
    first = conference_invited(kay, report_due=None)
    await town.publish(first)
    await town.publish(update_of(first, meets_at="2026-03-17T10:00:00+00:00"))
    running = [c for c in town.clocks() if c.state == "running"]
    assert {c.due.astimezone(LONDON).strftime("%a %H:%M") for c in running} == {"Mon 14:00"}
