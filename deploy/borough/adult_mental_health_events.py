"""What adult mental health publishes: a parent in hospital and out of it, a young person on an adult ward (F20)."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import adult_mental_health as amh
from contracts.parts.event import EventData
from deploy.borough import parts
from deploy.borough.adult_events import household
from deploy.borough.find import unborn_of
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

CARE = (
    "Their grandmother, at her home.",
    "Their father, who has taken leave.",
    "A neighbour for tonight; nobody is found for tomorrow.",
)
RISKS = (
    "May stop the medicine, as last time; then the children are kept indoors.",
    "Low: slept and ate well for a week, and the children want to come home.",
    "Left before the plan was made; the children have been part of what is feared.",
)


def spell_id(rng: Random) -> str:
    """A spell in hospital."""
    return f"spell-{rng.getrandbits(36):09x}"


def _parent(borough: Borough, adult: str, rng: Random, spell: str) -> Json:
    unborn = unborn_of(borough, adult)
    return {
        "publisher_contact": parts.contact(borough, "amh", rng, "Ward manager"),
        "subjects": [parts.subject(borough, adult, "mother" if unborn else "adult")],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.NOT_SOUGHT,
        "spell_id": spell,
        "household": household(borough, adult),
        "responsibility": rng.choice(("sole-carer", "shared-carer", "lives-with-children")),
        "children_looked_after_by": rng.choice(CARE),
        "contact_with_children": "By telephone in the evening; visits in the family room.",
        "pregnant": "yes" if unborn else "no",
        "expected_date": borough.people[unborn]["expected"] if unborn else None,
        "concern": parts.concern(rng, 0.8),
        "legal_status": rng.choice(("informal", "section-2", "section-3")),
        "clinical_detail": "Diagnosis, medicines and observations are in the adult's record.",
    }


def _published(
    borough: Borough, contract: type[EventData], about: str, at: datetime, rng: Random, data: Json, overrides: Json
) -> Published:
    return published(borough, "amh", contract, about, at, rng, "spell_id", data, overrides)


def parent_admitted(borough: Borough, adult: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """A parent was admitted to psychiatric care (F20)."""
    data = _parent(borough, adult, rng, spell_id(rng)) | {
        "admitted_at": (at - timedelta(minutes=rng.randrange(20, 300))).isoformat(),
        "admission": rng.choice(("planned", "in-crisis")),
        "discharge_expected": absent("asked-not-known"),
    }
    return _published(borough, amh.ParentAdmitted, adult, at, rng, data, overrides)


def parent_left_hospital(
    borough: Borough, adult: str, at: datetime, rng: Random, *, spell: str, **overrides: Any
) -> Published:
    """The parent of spell `spell` was discharged (F20)."""
    data = _parent(borough, adult, rng, spell) | {
        "discharged_at": (at - timedelta(minutes=rng.randrange(20, 120))).isoformat(),
        "discharge": rng.choice(("planned", "planned", "against-advice")),
        "goes_to": rng.choice(("home-with-the-children", "home-without-the-children", "elsewhere")),
        "risk_on_discharge": rng.choice(RISKS),
        "support": "Home treatment team daily for two weeks, and a crisis line at night.",
    }
    return _published(borough, amh.ParentDischargedFromCare, adult, at, rng, data, overrides)


def on_adult_ward(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    change: str = "admitted",
    spell: str | None = None,
    **overrides: Any,
) -> Published:
    """A young person is on an adult psychiatric ward, or moves on from it (F20)."""
    data: Json = {
        **parts.of_a_child(borough, "amh", child, rng, "Ward manager", basis=parts.SAFEGUARDING),
        "spell_id": spell or spell_id(rng),
        "change": change,
        "changed_at": (at - timedelta(minutes=rng.randrange(20, 300))).isoformat(),
        "why_an_adult_ward": "No tier 4 bed was free.",
        "receiving_service": "Tier 4 unit" if change == "moved-to-tier-4" else absent("asked-not-known"),
        "plan": "A tier 4 bed is sought every morning.",
        "risks_and_needs": "Risk to themselves; needs a quiet room.",
        "kept_safe_by": "A room beside the nurses' station, and a nurse there at all times.",
        "observation": rng.choice(("within-eyesight", "within-arms-length")),
    }
    return _published(borough, amh.ChildOnAdultWard, child, at, rng, data, overrides)
