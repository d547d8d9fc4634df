"""Domestic abuse in a child's home: who has the account, and who hears what the discussion decided (F04)."""

from typing import Any

from contracts.domestic_abuse import DartNotified, DartOutcome
from contracts.parts.people import Role
from contracts.parts.sections import PriorAttendances
from contracts.parts.services import Service
from contracts.parts.shape import Restriction
from router.facts import Child, Facts
from router.policy.conditions import (
    YEAR,
    aged_5_to_19,
    looked_after_16_or_over,
    unborn,
    under_5,
)
from router.policy.emergency_department import LOOKED_AFTER_OVER_16
from router.policy.ladders import DART_THEN_NAMED_NURSE, LEAD_THEN_NAMED_NURSE, SEEN
from router.policy.mash import mash_answers, tell_mash
from router.policy.voice import VOICE
from router.policy.words import AskOf, Gap, Policy, condition, everything, expect, if_no_child, taken_as, tell
from router.policy.working_time import working_days

F04 = Gap("F04", "1.11", "", "notifications lack a detailed account, and outcomes of discussions are not shared")
READ = Gap("F04", "1.11", "", "nobody knows whether a notification was read before a visit", local=True)
BY_RULE = Gap("F04", "1.11", "", "high-risk and repeated abuse reaches MASH by chance", local=True)
HIGH_RISK = f"high-risk {DartNotified.event_type}"
"""What a notification of high risk counts as besides: its outcome goes to MASH as well."""
REPEATED = f"repeated {DartNotified.event_type}"
"""The same for one that was a repeat, which the response team may have counted and its outcome does not say."""
UNKNOWN = (
    "Domestic abuse was notified and no child could be told of: "
    "find out which children live in the household, and whether the mother is pregnant."
)

BEFORE_A_VISIT = AskOf("Read the account and the visiting advice before any visit or drop-in contact.", SEEN)
OUTCOME = AskOf("Put the outcome with the notification, and do what was agreed of your service.", SEEN)

ACCOUNT = everything("flags", "earlier", "linked", but=("discussion_due",))
ACCOUNT_WITH_HOUSEHOLD = everything("flags", "earlier", "linked", "household", but=("discussion_due",))
FOR_THE_MIDWIFE = everything("flags", "earlier", "linked", but=("children_seen", "children_heard", "discussion_due"))
FOR_MASH = everything("flags", "earlier", "linked", "services")
DECIDED = everything("flags", "linked")


@condition("the risk is high")
def high_risk(event: Any, child: Child, facts: Facts) -> bool:
    return bool(event.data.risk_level == "high")


@condition("there was another notification within 12 months")
def repeated(event: Any, child: Child, facts: Facts) -> bool:
    """By what Sharewell has seen, or by what the sender counts; an update of one notification is no repeat (H7)."""
    known = facts.earlier_of(child.id, (DartNotified.event_type,), YEAR, event.time)
    if any(h.thing != event.data.dart_ref for h in known):
        return True
    counted = getattr(event.data, "earlier_notifications", None)
    return isinstance(counted, PriorAttendances) and counted.count > 0 and counted.window_days <= YEAR + 1


@condition("the notification was of high risk")
def notified_as_high_risk(event: Any, child: Child, facts: Facts) -> bool:
    return facts.stands(child.id, (HIGH_RISK,), event.data.dart_ref)


@condition("the notification was a repeat")
def notified_as_repeat(event: Any, child: Child, facts: Facts) -> bool:
    return facts.stands(child.id, (REPEATED,), event.data.dart_ref)


@condition("no child was named")
def no_child_named(event: Any, child: Child | None, facts: Facts) -> bool:
    return not any(s.role in (Role.CHILD, Role.UNBORN) for s in event.data.subjects)


NOTIFIED = Policy(
    event=DartNotified,
    concerning="every child of the adult",
    counts_as=("domestic-abuse notification",),
    thing="dart_ref",
    taken_as=(taken_as(DartNotified), taken_as(HIGH_RISK, high_risk), taken_as(REPEATED, repeated)),
    shares=(
        tell(Service.SN, aged_5_to_19, because=F04, gets=ACCOUNT_WITH_HOUSEHOLD, ask=BEFORE_A_VISIT),
        tell(Service.HV, under_5, because=F04, gets=ACCOUNT_WITH_HOUSEHOLD, ask=BEFORE_A_VISIT),
        tell(Service.GP, because=F04, gets=ACCOUNT),
        tell(Service.MID, unborn, because=F04, gets=FOR_THE_MIDWIFE, ask=BEFORE_A_VISIT),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=ACCOUNT),
        tell_mash(BY_RULE, FOR_MASH, high_risk, may_see=frozenset({Restriction.THIRD_PARTY})),
        tell_mash(BY_RULE, FOR_MASH, repeated, may_see=frozenset({Restriction.THIRD_PARTY})),
    ),
    expectations=(
        expect(
            None, to="happen", within=working_days(5), else_tell=DART_THEN_NAMED_NURSE, because=F04,
            met_by=(DartOutcome,), starts_at="discussion_due", name="the outcome of the discussion is told",
        ),
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        mash_answers(BY_RULE),
    ),
    wants=(VOICE,),
    if_no_child=(if_no_child(no_child_named, owner=Service.DART, because=F04, words=UNKNOWN),),
)  # fmt: skip

DISCUSSED = Policy(
    event=DartOutcome,
    concerning="every child of the adult",
    follows=DartNotified,
    thing="dart_ref",
    shares=(
        tell(Service.SN, aged_5_to_19, because=F04, gets=DECIDED, ask=OUTCOME),
        tell(Service.HV, under_5, because=F04, gets=DECIDED, ask=OUTCOME),
        tell(Service.GP, because=F04, gets=DECIDED),
        tell(Service.MID, unborn, because=F04, gets=DECIDED, ask=OUTCOME),
        tell(Service.LACT, looked_after_16_or_over, because=LOOKED_AFTER_OVER_16, gets=DECIDED),
        tell_mash(BY_RULE, DECIDED, high_risk),
        tell_mash(BY_RULE, DECIDED, notified_as_high_risk),
        tell_mash(BY_RULE, DECIDED, notified_as_repeat),
        tell_mash(BY_RULE, DECIDED, repeated),
    ),
    expectations=(
        expect(Service.SN, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
        expect(Service.HV, to="acknowledge", within=SEEN, else_tell=LEAD_THEN_NAMED_NURSE, because=READ),
    ),
    wants=(VOICE,),
)
