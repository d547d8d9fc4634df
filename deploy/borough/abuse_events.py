"""What is published of domestic abuse in pregnancy: each enquiry, and what a MARAC decided (F23)."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts.abuse_in_pregnancy import DaEnquiryRecorded, MaracOutcome
from deploy.borough import parts, texts
from deploy.borough.find import unborn_of
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

_BY = {"midwives": ("midwife", "Community midwife"), "hv": ("health-visitor", "Health visitor")}


def da_enquiry(
    borough: Borough,
    unborn: str,
    at: datetime,
    rng: Random,
    *,
    outcome: str = "no-disclosure",
    by: str = "midwives",
    **overrides: Any,
) -> Published:
    """The mother of this unborn child was asked about domestic abuse, or could not be."""
    doc = borough.people[unborn]
    told = outcome == "disclosure"
    asked_by, role = _BY[by]
    data: Json = {
        "publisher_contact": parts.contact(borough, by, rng, role),
        "subjects": [parts.expecting(borough, doc["mother"], unborn), parts.subject(borough, unborn, "unborn")],
        "lawful_basis": parts.SAFEGUARDING if told else parts.DIRECT_CARE,
        "consent": parts.NOT_SOUGHT if told else parts.AGREED,
        "pregnancy_id": doc["pregnancy"],
        "asked_on": at.date().isoformat(),
        "asked_by": asked_by,
        "outcome": outcome,
        "seen_alone": "no" if outcome == "not-safe-to-ask" else "yes",
        "earlier_enquiries": absent("none"),
        "disclosed": rng.choice(texts.INCIDENTS) if told else absent("not-applicable"),
        "concern": parts.concern(rng, 1.0 if told else 0.0),
        "visiting_advice": {"visit": "in-pairs", "why": "He may be there."} if told else absent("not-applicable"),
        "perpetrator": absent("asked-not-known") if told else absent("not-applicable"),
        # each enquiry is a record of its own
        "record_id": f"{DaEnquiryRecorded.event_type}/{doc['pregnancy']}/{rng.getrandbits(24):06x}",
    }
    return published(borough, by, DaEnquiryRecorded, doc["mother"], at, rng, "pregnancy_id", data, overrides)


def marac_outcome(borough: Borough, mother: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """What a MARAC decided about this mother."""
    data: Json = {
        "publisher_contact": parts.contact(borough, "dart", rng, "MARAC coordinator"),
        "subjects": [parts.expecting(borough, mother, unborn_of(borough, mother))],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.NOT_SOUGHT,
        "voice_of_child": {"missing": "not-present"},
        "concern": parts.concern(rng),
        "marac_ref": f"marac-{rng.getrandbits(36):09x}",
        "heard_on": at.date().isoformat(),
        "decision": "High risk; a plan with the advocate, the police and health.",
        "actions": [
            {"what": "Visit in pairs.", "owner": "HV", "by": (at + timedelta(days=10)).date().isoformat()},
        ],
        "risk": "Serious harm to the mother; the children see it.",
        "safety_plan": "The advocate rings her at work; a bag is with her sister.",
        "perpetrator_access": rng.choice(texts.ACCESS),
        "visiting_advice": {"visit": "in-pairs", "why": "He may be there."},
        "perpetrator": absent("asked-not-known"),
    }
    return published(borough, "dart", MaracOutcome, mother, at, rng, "marac_ref", data, overrides)
