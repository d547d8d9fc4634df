"""Child protection conferences: who is invited and how early, who reports and with what analysis, who files (F18)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from contracts.conferences import ConferenceInvited, ConferenceMinutes, ConferenceReport
from contracts.parts.services import Service
from contracts.parts.shape import Absent, AbsentReason
from contracts.referrals import SafeguardingReferral, TelephoneReferralLogged
from router.directory import Found, Place, parts_in
from router.facts import Child, Facts
from router.past import set_for
from router.policy.conditions import YEAR, aged_5_to_19, unborn, unborn_or_under_5
from router.policy.finders import Usual, finder
from router.policy.finding import tell_around, tell_asked, tell_found, tell_named
from router.policy.ladders import FILED, LEAD_THEN_NAMED_NURSE, SEEN, THAT_DAY
from router.policy.supervision import without_analysis
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, taken_as, tell, want
from router.policy.working_time import hours, working_days, working_hours

ONE_ADDRESS = Gap("F18", "3.9", "", "health visitors and school nurses are invited; others are not")
GPS = Gap("F18", "3.32", "R2.6", "not all GPs are invited to conferences")
FORGOTTEN = Gap("F18", "3.19", "", "services that work with a child are not invited, sexual health among them")
MIDWIVES = Gap("F18", "3.7", "", "midwives come to conferences: to be kept", local=True)
SHORT_NOTICE = Gap("F18", "3.25", "", "invitations come less than 24 hours before the conference")
LATE = Gap("F18", "3.25", "", "invitations come later than agreed locally", local=True)
REPORT_OWED = Gap("F18", "3.25", "", "contributions are made by word of mouth, or not at all")
ANALYSIS = Gap("F18", "3.32", "R2.6, R8.1", "reports describe, and do not analyse the risk")
CHILD_FOCUSED = Gap("F18", "3.9", "R8.1", "reports do not reflect the work with the child")
TO_THE_CHAIR = Gap("F18", "3.32", "R2.6", "what a service knows does not reach the conference in writing")
READ = Gap("F18", "3.9", "", "nobody knows whether an invitation or a report was read", local=True)
MINUTES = Gap("F18", "3.33", "", "minutes give a practice the whole picture: all who work with the child need it")
KEPT = Gap("F18", "3.9", "R8.1", "what a conference decided is missing from health records")

BY_ROW = frozenset({Service.HV, Service.SN, Service.GP, Service.CSC})
"""Invited by rows of their own, at the ages that are theirs; social care calls the conference itself."""
ALWAYS = frozenset({Service.GP, Service.CSC})
"""Need not be asked for by name."""
AGREED_NOTICE = working_days(5)
"""The notice agreed locally; the review names only the 24 hours that are too short."""
IN_TIME_TO_SEND_SOMEBODY = ("meets_at", working_hours(4))
"""Two working days to acknowledge would end after a meeting that was called for tomorrow: half a working day before it
the lead hears who has not; at once where less is left. The review asks for notice in time and sets no figure."""

COME_AND_REPORT = AskOf(
    "Come or send somebody, and send a written report on the template by its day: what you know, what the risk is, "
    "and what it means for the child."
)
THE_INVITATION = everything("flags", "earlier", "quality")
PUT_ON_RECORD = AskOf("File the minutes in the record, and do what was agreed of your service.", FILED)
THE_MINUTES = everything("flags", "linked")


_REFERRALS = (SafeguardingReferral.event_type, TelephoneReferralLogged.event_type)


@finder("each team that referred the child to social care in the last year")
def referrers(event: Any, child: Child, facts: Facts, usual: Usual) -> Found:
    """By the child's history: a clinic that saw the child once and referred it is on no caseload (3.19).

    A system that sent stands for its service: where a team of that is invited already, nobody is asked twice."""
    cover = facts.cover
    about = {h.thing for h in facts.past(child.id).earlier_of(_REFERRALS, YEAR, event.time)}
    senders = [p for p in facts.senders(child.id, _REFERRALS, about) if p.service not in BY_ROW]
    working = [cover.teams[team] for _, team in parts_in(child.doc) if team in cover.teams]
    met = {(team.service, team.organisation) for team in working}
    missing = [p.team for p in senders if (p.service, p.organisation) not in met]
    places = tuple(Place(t, "the team that referred the child") for t in dict.fromkeys(missing) if t in cover.teams)
    closed = any(t not in cover.teams for t in missing)
    return Found(places, "a team that referred the child is no longer in the directory" if closed else "")


def _first_told(event: Any, child: Child, facts: Facts) -> datetime:
    """Since when that the meeting is then has been known: a correction of the room is no new invitation."""
    told = facts.past(child.id).told_of(
        (set_for(event.data.meets_at),), event.data.conference_id, datetime.fromtimestamp(0, UTC)
    )
    first: datetime = min([event.time, *(datetime.fromisoformat(h.at) for h in told)])
    return first


@condition("the invitation came less than 24 hours before the meeting")
def less_than_a_day(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.meets_at - _first_told(event, child, facts) < timedelta(hours=24))


@condition("the invitation came later than agreed locally, though a day or more before the meeting")
def later_than_agreed(event: Any, child: Child, facts: Facts) -> bool:
    since = _first_told(event, child, facts)
    notice = event.data.meets_at - since
    return bool(timedelta(hours=24) <= notice and event.data.meets_at < AGREED_NOTICE.due(since))


@condition("a written report is asked for by a day")
def report_day_is_set(event: Any, child: Child, facts: Facts) -> bool:
    return isinstance(event.data.report_due, date)


@condition("a written report is asked for, and no day is set")
def no_report_day(event: Any, child: Child, facts: Facts) -> bool:
    return _neither_day_nor_none(event.data.report_due)


@condition("the report was given in writing")
def in_writing(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.given != "only-by-word-of-mouth")


@condition("the report was given only by word of mouth")
def by_word_of_mouth(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.given == "only-by-word-of-mouth")


def _always(value: Any) -> bool:
    return True


def _neither_day_nor_none(value: Any) -> bool:
    """A coded absence that is no answer: 'not applicable' and 'none' are, for a meeting without reports."""
    return isinstance(value, Absent) and value.absent not in (AbsentReason.NOT_APPLICABLE, AbsentReason.NONE)


def _only_spoken(value: Any) -> bool:
    return bool(value == "only-by-word-of-mouth")


AT_SHORT_NOTICE = f"short-notice {ConferenceInvited.event_type}"
"""What an invitation that came too late counts as besides, so that it is seen how often that happens to a child."""
SPOKEN = f"spoken {ConferenceReport.event_type}"
"""A contribution by word of mouth is remembered, and meets nothing (3.25)."""
A_REPORT = "a written report is sent to the conference"

INVITED = Policy(
    event=ConferenceInvited,
    concerning="children named",
    counts_as=("child protection meeting called",),
    thing="conference_id",
    set_for="meets_at",
    taken_as=(
        taken_as(ConferenceInvited),
        taken_as(AT_SHORT_NOTICE, less_than_a_day, counted_as="meeting called less than 24 hours before"),
    ),
    shares=(
        tell(Service.HV, unborn_or_under_5, because=ONE_ADDRESS, gets=THE_INVITATION, ask=COME_AND_REPORT),
        tell(Service.SN, aged_5_to_19, because=ONE_ADDRESS, gets=THE_INVITATION, ask=COME_AND_REPORT),
        tell(Service.GP, because=GPS, gets=THE_INVITATION, ask=COME_AND_REPORT),
        tell(Service.MID, unborn, because=MIDWIVES, gets=THE_INVITATION, ask=COME_AND_REPORT),
        tell_around(besides=BY_ROW, because=FORGOTTEN, gets=THE_INVITATION, ask=COME_AND_REPORT),
        tell_found(referrers, because=FORGOTTEN, gets=THE_INVITATION, ask=COME_AND_REPORT, unnamed=True),
        tell_named(
            "also_invited", besides=ALWAYS, because=FORGOTTEN, gets=THE_INVITATION, ask=COME_AND_REPORT, unnamed=True
        ),
    ),
    expectations=(
        expect(
            None,
            report_day_is_set,
            to="answer",
            within=THAT_DAY,
            else_tell=LEAD_THEN_NAMED_NURSE,
            because=REPORT_OWED,
            met_by=(ConferenceReport,),
            starts_at="report_due",
            name=A_REPORT,
        ),
        expect(
            None,
            no_report_day,
            to="answer",
            within=hours(0),
            else_tell=LEAD_THEN_NAMED_NURSE,
            because=REPORT_OWED,
            met_by=(ConferenceReport,),
            starts_at="meets_at",
            name=A_REPORT,
        ),
        expect(
            None,
            to="acknowledge",
            within=SEEN,
            else_tell=LEAD_THEN_NAMED_NURSE,
            because=READ,
            before=IN_TIME_TO_SEND_SOMEBODY,
        ),
    ),
    wants=(
        want(
            "meets_at",
            less_than_a_day,
            because=SHORT_NOTICE,
            words="notice of 24 hours or more before the meeting",
            missing=_always,
            mend="Invite as soon as the day is set, and move the meeting where services cannot come",
        ),
        want(
            "meets_at",
            later_than_agreed,
            because=LATE,
            words="notice as long as was agreed locally",
            missing=_always,
            mend="Invite as soon as the day is set",
        ),
        want("report_due", because=REPORT_OWED, words="day by which reports are due", missing=_neither_day_nor_none),
        want("report_template", because=GPS, words="template for the report"),
        want("where", because=ONE_ADDRESS, words="place of the meeting, or way to join it"),
        VOICE,
    ),
)

REPORTED = Policy(
    event=ConferenceReport,
    concerning="children named",
    thing="conference_id",
    taken_as=(taken_as(ConferenceReport, in_writing), taken_as(SPOKEN, by_word_of_mouth)),
    shares=(tell(Service.CSC, because=TO_THE_CHAIR, gets=everything("linked", "quality")),),
    expectations=(expect(Service.CSC, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),),
    wants=(
        want(
            "concern",
            because=ANALYSIS,
            words="analysis of the risk and of what it means for the child",
            missing=without_analysis,
        ),
        want("given", because=REPORT_OWED, words="report in writing", missing=_only_spoken),
        want("work_with_the_child", because=CHILD_FOCUSED, words="account of the work with the child"),
        VOICE,
    ),
)

DECIDED = Policy(
    event=ConferenceMinutes,
    concerning="children named",
    thing="conference_id",
    follows=ConferenceInvited,
    shares=(
        tell(Service.HV, unborn_or_under_5, because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD),
        tell(Service.SN, aged_5_to_19, because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD),
        tell(Service.GP, because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD),
        tell(Service.MID, unborn, because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD),
        tell_asked(because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD),
        tell_around(besides=BY_ROW, because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD),
        tell_named("also_invited", besides=ALWAYS, because=MINUTES, gets=THE_MINUTES, ask=PUT_ON_RECORD, unnamed=True),
    ),
    expectations=(
        expect(
            None,
            to="act",
            each="actions",
            within=THAT_DAY,
            else_tell=LEAD_THEN_NAMED_NURSE,
            because=KEPT,
            name="what a conference agreed of a service is done",
        ),
        expect(None, to="file", within=FILED, else_tell=LEAD_THEN_NAMED_NURSE, because=KEPT),
    ),
    wants=(VOICE,),
)
