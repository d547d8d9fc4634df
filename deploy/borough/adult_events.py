"""What is published about adults, for the children's sake: an adult's attendance, a parent in treatment."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import adult_substance_misuse as asm
from contracts.emergency_department import AdultEdAttendance
from contracts.parts.event import EventData
from deploy.borough import parts
from deploy.borough.ed_events import PLACE, attendance_id
from deploy.borough.find import children_of, unborn_of
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

SUBSTANCES = (("alcohol",), ("heroin",), ("alcohol", "cannabis"), ("heroin", "crack"), ("benzodiazepines",))
WHY = {
    "domestic-abuse": "Facial injury; says her partner hit her with the children upstairs.",
    "self-harm": "Took tablets after an argument; regrets it.",
    "mental-ill-health": "Brought by a friend: not sleeping, hears voices, afraid to go out.",
    "substance-misuse": "Found unconscious after using heroin alone at home.",
    "other": "Fell on the stairs.",
}


def household(borough: Borough, adult: str, answer: str = "listed") -> Json:
    """What came of asking an adult about children at home; without any of theirs, 'asked, none'."""
    children = children_of(borough, adult) if answer == "listed" else ()
    if not children:
        return {"answer": "asked-none" if answer == "listed" else answer}
    return {"answer": "listed", "children": [_listed(borough, adult, child) for child in children]}


def _listed(borough: Borough, adult: str, child: str) -> Json:
    doc = borough.people[child]
    relationship = next((r for a, r in doc.get("parents", ()) if a == adult), "adult of the household")
    together = doc.get("household") == borough.people[adult].get("household")
    return {
        "name": doc["name"],
        "birth_date": doc["born"],
        "nhs_number": doc["nhs"],
        "nhs_number_status": "01",
        "relationship": relationship,
        "care_arrangement": "Lives with this adult" if together else "Lives with somebody else; stays at weekends",
        "parental_responsibility": "yes" if relationship in ("mother", "father") else "not-known",
    }


def adult_ed(
    borough: Borough,
    adult: str,
    at: datetime,
    rng: Random,
    *,
    reason: str = "self-harm",
    asked: str = "listed",
    **overrides: Any,
) -> Published:
    """An adult attended; `asked` is what came of asking about children: listed, asked-refused, not-asked … (F12)."""
    listed = household(borough, adult, asked)
    known = listed["answer"] == "listed"
    data: Json = {
        "publisher_contact": parts.contact(borough, "ed-adult", rng, "Emergency physician"),
        "subjects": [parts.subject(borough, adult, "adult")],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.NOT_SOUGHT,
        "attendance_id": attendance_id(rng),
        "place": PLACE,
        "arrived_at": (at - timedelta(minutes=rng.randrange(40, 240))).isoformat(),
        "reason_group": reason,
        "household": listed,
        "caring_responsibilities": "Main carer of the children." if known else absent("not-asked"),
        "children_looked_after_by": "A neighbour until tonight." if known else absent("not-asked"),
        "pregnant": "not-asked" if rng.random() < 0.5 else "no",
        "risk_taking": WHY[reason],
        "concern": parts.concern(rng, 0.7 if known else 0.2),
        "clinical_detail": "Bloods taken; seen by psychiatric liaison; medicines reconciled.",
    }
    return published(borough, "ed-adult", AdultEdAttendance, adult, at, rng, "attendance_id", data, overrides)


def _treatment(borough: Borough, adult: str, rng: Random) -> Json:
    unborn = unborn_of(borough, adult)
    opiates = rng.random() < 0.5
    return {
        "publisher_contact": parts.contact(borough, "asm", rng, "Recovery coordinator"),
        "subjects": [parts.subject(borough, adult, "mother" if unborn else "adult")],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.AGREED if rng.random() < 0.6 else parts.NOT_SOUGHT,
        "episode_id": f"episode-{rng.getrandbits(36):09x}",
        "household": household(borough, adult),
        "responsibility": rng.choice(("sole-carer", "shared-carer", "lives-with-children")),
        "substances": list(rng.choice(SUBSTANCES)),
        "prescribing": {"medicine": "Methadone", "taken": "daily-pick-up"} if opiates else absent("none"),
        "safe_storage": "locked-box-reported" if opiates else "nothing-kept-at-home",
        "pregnant": "yes" if unborn else "no",
        "expected_date": borough.people[unborn]["expected"] if unborn else None,
        "concern": parts.concern(rng, 0.6),
        "clinical_detail": "Key work notes and urine results are in the adult's record.",
    }


def _published(
    borough: Borough, contract: type[EventData], adult: str, at: datetime, rng: Random, data: Json, overrides: Json
) -> Published:
    return published(borough, "asm", contract, adult, at, rng, "episode_id", data, overrides)


def parent_registered(borough: Borough, adult: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """A parent registered with the substance misuse service (F03)."""
    data = _treatment(borough, adult, rng) | {"registered_on": at.date().isoformat()}
    return _published(borough, asm.ParentRegistered, adult, at, rng, data, overrides)


def parent_disengaged(borough: Borough, adult: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """A parent stopped coming to the substance misuse service (F03)."""
    data = _treatment(borough, adult, rng) | {
        "last_seen_on": (at - timedelta(days=rng.randrange(14, 60))).date().isoformat(),
        "missed_appointments": rng.randrange(2, 6),
        "attempts_to_reach": "Three calls, a text and a letter; a home visit found nobody in.",
        "prescription_stopped": rng.choice(("yes", "no")),
    }
    return _published(borough, asm.ParentDisengaged, adult, at, rng, data, overrides)


def parent_discharged(borough: Borough, adult: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """A parent left the substance misuse service (F03)."""
    data = _treatment(borough, adult, rng) | {
        "discharged_on": at.date().isoformat(),
        "discharge": rng.choice(("completed", "unplanned", "declined-treatment")),
        "aftercare": "Mutual aid group on Thursdays; may come back at any time.",
    }
    return _published(borough, asm.ParentDischarged, adult, at, rng, data, overrides)
