"""What hospital and CAMHS publish of a child in a mental-health crisis, in the order of one stay (F21)."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import crisis
from contracts.parts.event import EventData
from deploy.borough import names, parts
from deploy.borough.ed_events import PLACE
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

CAME_WITH = (
    ("overdose", "Took tablets at school and told a friend, who told a teacher."),
    ("self-harm", "Cuts to both arms, hidden for some weeks."),
    ("suicidal-thoughts", "Was found on a bridge by the police, and came of their own accord."),
    ("eating-disorder", "Has eaten nothing for four days; heart beats slowly."),
)
RISKS = ("High while the messages go on; will tell a nurse.", "Lower than on arrival; no plan at present.")
PLANS = (
    "The same nurse each shift; telephone stays with the mother; talk each evening.",
    "Quiet room; meals with a nurse; leave with the sister by agreement.",
)


def stay_id(rng: Random) -> str:
    """A stay in hospital."""
    return f"stay-{rng.getrandbits(36):09x}"


def _child(borough: Borough, child: str, by: str, rng: Random, role: str, stay: str) -> Json:
    return {**parts.of_a_child(borough, by, child, rng, role, share=0.6), "spell_id": stay}


def _said(
    borough: Borough,
    by: str,
    contract: type[EventData],
    child: str,
    at: datetime,
    rng: Random,
    data: Json,
    overrides: Json,
) -> Published:
    # one stay has many requests, and is seen many times: each is a record of its own
    record = {"record_id": f"{contract.event_type}/{data['spell_id']}/{rng.getrandbits(24):06x}"}
    return published(borough, by, contract, child, at, rng, "spell_id", data, record | overrides)


def crisis_presentation(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = "ed-children",
    stay: str | None = None,
    **overrides: Any,
) -> Published:
    """A child is in the emergency department, or (by "ward") on the ward, with a crisis."""
    presenting, account = rng.choice(CAME_WITH)
    data = _child(borough, child, by, rng, "Senior nurse", stay or stay_id(rng)) | {
        "accompanied_by": parts.accompanied(borough, borough.people[child], rng),
        "place": PLACE,
        "now_in": "paediatric-ward" if by == "ward" else "emergency-department",
        "presented_at": (at - timedelta(minutes=rng.randrange(5, 40))).isoformat(),
        "presenting": presenting,
        "account": account,
        "physical_treatment": absent("none"),
        "risk_to_self": rng.choice(RISKS),
        "risk_to_others": absent("none"),
        "observation": rng.choice(("within-eyesight", "intermittent")),
    }
    return _said(borough, by, crisis.CrisisPresentation, child, at, rng, data, overrides)


def assessment_requested(
    borough: Borough, child: str, at: datetime, rng: Random, *, stay: str, by: str = "ed-children", **overrides: Any
) -> Published:
    """CAMHS was asked to see the child."""
    data = _child(borough, child, by, rng, "Senior nurse", stay) | {
        "requested_at": (at - timedelta(minutes=rng.randrange(2, 20))).isoformat(),
        "why_now": "Says that it may happen again.",
        "fit_to_be_seen": rng.choice(("yes", "no")),
        "camhs_answered": rng.choice(("Will be seen this afternoon.", "Will be seen tomorrow morning.")),
        "risk_meanwhile": rng.choice(RISKS),
    }
    return _said(borough, by, crisis.CamhsAssessmentRequested, child, at, rng, data, overrides)


def child_seen(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    stay: str,
    outcome: str = "stays-on-ward",
    **overrides: Any,
) -> Published:
    """CAMHS saw the child."""
    data = _child(borough, child, "camhs", rng, "CAMHS crisis practitioner", stay) | {
        "seen_at": (at - timedelta(minutes=rng.randrange(10, 60))).isoformat(),
        "seen_by": names.practitioner(rng),
        "outcome": outcome,
        "findings": "Low mood for months, and worse since a quarrel with friends.",
        "follow_up": "Seen again within a week.",
    }
    return _said(borough, "camhs", crisis.CamhsChildSeen, child, at, rng, data, overrides)


def care_plan(
    borough: Borough, child: str, at: datetime, rng: Random, *, stay: str, version: int = 1, **overrides: Any
) -> Published:
    """The child's care plan."""
    data = _child(borough, child, "camhs", rng, "CAMHS crisis practitioner", stay) | {
        "plan_version": version,
        "plan": rng.choice(PLANS),
        "what_helps": "Being told what comes next; questions in front of others make it worse.",
        "if_it_gets_worse": "Stay with the child; ring the on-call CAMHS doctor.",
        "review_on": (at + timedelta(days=1)).date().isoformat(),
        "risk_to_self": rng.choice(RISKS),
        "risk_to_others": absent("none"),
        "observation": rng.choice(("within-eyesight", "intermittent")),
    }
    return _said(borough, "camhs", crisis.CamhsCarePlan, child, at, rng, data, overrides)


def risk_assessment(
    borough: Borough, child: str, at: datetime, rng: Random, *, stay: str, by: str = "camhs", **overrides: Any
) -> Published:
    """A risk assessment by CAMHS, or by the ward."""
    data = _child(borough, child, by, rng, "Practitioner", stay) | {
        "made_by": {"camhs": "camhs", "ward": "paediatric-ward"}.get(by, "emergency-department"),
        "assessed_at": (at - timedelta(minutes=rng.randrange(5, 50))).isoformat(),
        "tool": "Local ward risk checklist, version 2",
        "risk_to_self": rng.choice(RISKS),
        "risk_to_others": absent("none"),
        "risk_from_others": absent("asked-not-known"),
        "surroundings": "Bed near the nurses; cords and cleaning fluids taken away.",
        "observation": rng.choice(("within-eyesight", "intermittent")),
    }
    return _said(borough, by, crisis.CamhsRiskAssessment, child, at, rng, data, overrides)


def stay_ended(
    borough: Borough, child: str, at: datetime, rng: Random, *, stay: str, by: str = "ward", **overrides: Any
) -> Published:
    """The child left the hospital."""
    data = _child(borough, child, by, rng, "Staff nurse", stay) | {
        "left_at": (at - timedelta(minutes=rng.randrange(5, 50))).isoformat(),
        "goes_to": rng.choice(("home", "home", "tier-4-unit", "placement")),
        "plan_in_hand": rng.choice(("yes", "yes", "no")),
        "follow_up": "CAMHS within a week.",
        "risk_on_leaving": rng.choice(RISKS),
    }
    return _said(borough, by, crisis.CrisisStayEnded, child, at, rng, data, overrides)
