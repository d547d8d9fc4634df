"""What is published around referrals: by telephone, in writing, decided upon, and disputed (F15, F16, F17)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import referrals
from contracts.professional_escalations import ProfessionalEscalationAnswered, ProfessionalEscalationRaised
from deploy.borough import names, parts
from deploy.borough.find import children_of
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published
from router.directory import is_unborn

ACCOUNTS = (
    "A bruise in the shape of a hand; the account changed while the child was being seen.",
    "Arrived hungry and in wet clothes for the third time this month.",
    "Told a practitioner that she is afraid to go home on Fridays.",
)
CAPACITY = ("Warm with the child; cannot say no to the partner.", "Tired and alone; accepts help when it is offered.")
DECISIONS = (
    ("no-further-action", "Support is in place, and the family uses it."),
    ("early-help", "Needs are plain and the parents want help."),
    ("child-in-need-assessment", "More than one need is unmet, and the risk is not immediate."),
    ("strategy-discussion", "The injury is not explained."),
)


def _subjects(borough: Borough, child: str) -> list[Json]:
    doc = borough.people[child]
    if is_unborn(doc):
        return [parts.expecting(borough, doc["mother"], child), parts.subject(borough, child, "unborn")]
    return [parts.subject(borough, child, "child")]


def _about(borough: Borough, by: str, child: str, rng: Random, role: str) -> Json:
    doc = borough.people[child]
    said = {"missing": "unborn"} if is_unborn(doc) else parts.voice(rng, borough.age(doc))
    return {
        "publisher_contact": parts.contact(borough, by, rng, role),
        "subjects": _subjects(borough, child),
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.NOT_SOUGHT,
        "voice_of_child": said,
        "concern": parts.concern(rng),
    }


def _besides(borough: Borough, children: Iterable[str]) -> Json | list[Json]:
    """Brothers and sisters as a referral names them; or that there is none."""
    docs = [borough.people[c] for c in children]
    named = [
        {"name": d["name"], "birth_date": d["born"], "relationship": "sibling", "lives_with": "the same household"}
        for d in docs
    ]
    return named or absent("none")


def _father(borough: Borough, child: str) -> Json | list[Json]:
    parents = borough.people[child].get("parents", ())
    father = next((borough.people[a] for a, r in parents if r == "father"), None)
    if father is None:
        return absent("asked-not-known")
    whole = f"{father['name']['given']} {father['name']['family']}"
    role = {"relationship": "father", "lives_with_mother": "not-known"}
    return [{"full_name": whole, **role, "involvement_and_risks": "Sees the child most days."}]


def telephone_referral(
    borough: Borough, child: str, at: datetime, rng: Random, *, by: str = "hv", **overrides: Any
) -> Published:
    """A referral by telephone, an hour ago; the written one is to follow (F16)."""
    data = _about(borough, by, child, rng, "Practitioner") | {
        "urgency": rng.choice(("immediate-danger", "same-day")),
        "account": rng.choice(ACCOUNTS),
        "made_safe": "A grandmother stays with the child tonight.",
        "call_id": f"call-{rng.getrandbits(36):09x}",
        "called_at": (at - timedelta(minutes=60)).isoformat(),
        "taken_by": {"name": names.practitioner(rng), "role": "Duty social worker", "team": "Single point of access"},
        "agreed": "Duty visits today; the written referral follows.",
    }
    return published(borough, by, referrals.TelephoneReferralLogged, child, at, rng, "call_id", data, overrides)


def referral(
    borough: Borough, child: str, at: datetime, rng: Random, *, by: str = "ed-children", **overrides: Any
) -> Published:
    """A written referral of a child, born or not (F15); three in ten say nothing of the father and the siblings."""
    mother = borough.people[child].get("mother")
    others = [c for c in children_of(borough, mother) if c != child] if mother else []
    thin = rng.random() < 0.3
    data = _about(borough, by, child, rng, "Practitioner") | {
        "urgency": rng.choice(("same-day", "not-urgent")),
        "account": rng.choice(ACCOUNTS),
        "made_safe": "A grandmother stays with the child tonight.",
        "referral_id": f"ref-{rng.getrandbits(36):09x}",
        "reasons": rng.choice((["physical-abuse"], ["neglect"], ["domestic-abuse", "parental-substance-misuse"])),
        "gestation_weeks": rng.randrange(8, 38) if is_unborn(borough.people[child]) else absent("not-applicable"),
        "family_told": rng.choice(("yes", "no")),
        "parenting_capacity": absent("not-recorded") if thin else rng.choice(CAPACITY),
        "father_or_partner": absent("not-asked") if thin else _father(borough, child),
        "siblings": absent("not-recorded") if thin else _besides(borough, others),
        "other_children": absent("not-asked") if thin else absent("none"),
    }
    return published(borough, by, referrals.SafeguardingReferral, child, at, rng, "referral_id", data, overrides)


def referral_outcome(
    borough: Borough, child: str, at: datetime, rng: Random, *, referral_id: str, **overrides: Any
) -> Published:
    """What social care decided on the referral `referral_id` (F17)."""
    decision, reasons = rng.choice(DECISIONS)
    data = _about(borough, "csc", child, rng, "Social worker") | {
        "referral_id": referral_id,
        "decided_on": at.date().isoformat(),
        "decision": decision,
        "reasons": reasons,
        "decided_by": f"{names.practitioner(rng)}, team manager",
        "actions": [],
    }
    return published(borough, "csc", referrals.ReferralOutcome, child, at, rng, "referral_id", data, overrides)


def escalated(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = "sn",
    raised_with: str = "CSC",
    **overrides: Any,
) -> Published:
    """A practitioner does not agree, and says so formally (F17)."""
    data = _about(borough, by, child, rng, "School nurse") | {
        "escalation_id": f"esc-{rng.getrandbits(36):09x}",
        "raised_on": at.date().isoformat(),
        "raised_with": raised_with,
        "stage": rng.choice(("practitioners", "managers")),
        "disagreement": "It was closed without anybody seeing the child.",
        "wanted": "That the child is seen alone, and the decision made again.",
        "risk_meanwhile": "The child goes home to the same adults every evening.",
    }
    contract = ProfessionalEscalationRaised
    return published(borough, by, contract, child, at, rng, "escalation_id", data, overrides)


def escalation_answered(
    borough: Borough, child: str, at: datetime, rng: Random, *, escalation_id: str, by: str = "csc", **overrides: Any
) -> Published:
    """The other party answers the escalation `escalation_id` (F17)."""
    data = _about(borough, by, child, rng, "Team manager") | {
        "escalation_id": escalation_id,
        "answered_on": at.date().isoformat(),
        "answered_by": f"{names.practitioner(rng)}, team manager",
        "answer": rng.choice(("agreed", "agreed-in-part", "not-agreed")),
        "reasons": "What the child said was read again.",
        "actions": [],
    }
    contract = ProfessionalEscalationAnswered
    return published(borough, by, contract, child, at, rng, "escalation_id", data, overrides)
