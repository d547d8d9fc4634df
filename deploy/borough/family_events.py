"""What is published about families: domestic abuse, appointments missed, flags, a liaison nurse's review."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import domestic_abuse as dart
from contracts.emergency_department import PaediatricLiaisonForm, WasNotBrought
from contracts.flags import SafeguardingFlagChanged
from deploy.borough import needs, parts, texts
from deploy.borough.find import children_of, unborn_of
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published
from router.directory import is_unborn


def _at_home(borough: Borough, mother: str) -> list[Json]:
    """The mother and every child she lives with, the unborn one too."""
    unborn = unborn_of(borough, mother)
    home = borough.people[mother].get("household")
    subjects = [parts.expecting(borough, mother, unborn)]
    subjects += [
        parts.subject(borough, child, "child")
        for child in children_of(borough, mother)
        if borough.people[child].get("household") == home
    ]
    return subjects + ([parts.subject(borough, unborn, "unborn")] if unborn else [])


def _dart(borough: Borough, mother: str, rng: Random, risk: str) -> Json:
    return {
        "publisher_contact": parts.contact(borough, "dart", rng, "DART coordinator"),
        "subjects": _at_home(borough, mother),
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.NOT_SOUGHT,
        "voice_of_child": parts.voice(rng, 8) if rng.random() < 0.5 else {"missing": "not-asked"},
        "concern": parts.concern(rng),
        "dart_ref": f"dart-{rng.getrandbits(36):09x}",
        "risk_level": risk,
        "perpetrator_access": rng.choice(texts.ACCESS),
        "visiting_advice": {"visit": "do-not-visit" if risk == "high" else "in-pairs", "why": "He may be there."},
    }


def dart_notified(
    borough: Borough, mother: str, at: datetime, rng: Random, *, risk: str = "medium", **overrides: Any
) -> Published:
    """An incident of domestic abuse in the mother's home was notified, with its account (F04)."""
    happened = at - timedelta(hours=rng.randrange(8, 40))
    data = _dart(borough, mother, rng, risk) | {
        "incident_at": happened.isoformat(),
        "account": rng.choice(texts.INCIDENTS),
        "who_was_present": ["mother", "mother's partner"],
        "children_were": rng.choice(("saw-it", "heard-it", "in-the-home")),
        "children_seen": rng.choice(("yes", "no")),
        "children_heard": rng.choice(("yes", "no", "not-known")),
        "pregnant": "yes" if unborn_of(borough, mother) else "no",
        "earlier_notifications": {"count": rng.randrange(3), "window_days": 365},
        "perpetrator": {
            "name": absent("asked-not-known"),
            "birth_date": absent("asked-not-known"),
            "relationship_to_child": "mother's partner",
        },
        "discussion_due": (at + timedelta(days=2)).date().isoformat(),
    }
    return published(borough, "dart", dart.DartNotified, mother, at, rng, "dart_ref", data, overrides)


def dart_outcome(
    borough: Borough, mother: str, at: datetime, rng: Random, *, dart_ref: str, risk: str = "medium", **overrides: Any
) -> Published:
    """What the discussion of the notification `dart_ref` decided (F04)."""
    data = _dart(borough, mother, rng, risk) | {
        "dart_ref": dart_ref,
        "discussed_on": at.date().isoformat(),
        "decision": "referred-to-social-care" if risk == "high" else "contact-by-universal-services",
        "reasons": "The children heard it, and it is not the first time.",
        "actions": [{"what": "See the children at school and at home.", "owner": "SN"}],
    }
    return published(borough, "dart", dart.DartOutcome, mother, at, rng, "dart_ref", data, overrides)


def was_not_brought(
    borough: Borough, child: str, at: datetime, rng: Random, *, by: str = "clinics", **overrides: Any
) -> Published:
    """A child was not brought to an appointment at a clinic or CAMHS (F13)."""
    camhs = [m for m in texts.MISSED if ("CAMHS" in m[0]) == (by == "camhs")]
    clinic, due = rng.choice(camhs)
    data: Json = {
        "publisher_contact": parts.contact(borough, by, rng, "Clinic coordinator"),
        "subjects": [parts.subject(borough, child, "child")],
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "voice_of_child": {"missing": "not-present"},
        "concern": parts.concern(rng, 0.4),
        "appointment_id": f"appt-{rng.getrandbits(44):011x}",
        "appointment_at": (at - timedelta(minutes=rng.randrange(20, 90))).isoformat(),
        "clinic": clinic,
        "what_was_due": due,
        "how_many_times": rng.choice((1, 1, 2, 3)),
        "reason_given": absent("asked-not-known"),
        "next_step": "Another appointment in three weeks.",
        "referred_by": rng.choice(("GP", "HV", "SN")),
    }
    return published(borough, by, WasNotBrought, child, at, rng, "appointment_id", data, overrides)


def pln_form(
    borough: Borough,
    person: str,
    at: datetime,
    rng: Random,
    *,
    attendance: str,
    criterion: str = "under-18",
    outcome: str = "information-shared",
    **overrides: Any,
) -> Published:
    """The paediatric liaison nurse reviewed `attendance`, of a child or of an adult with children (F11)."""
    years = borough.age(borough.people[person])
    data: Json = {
        "publisher_contact": parts.contact(borough, "pln", rng, "Paediatric liaison nurse"),
        "subjects": [parts.subject(borough, person, "child" if years < 18 else "adult")],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.AGREED,
        "voice_of_child": {"missing": "not-present"},
        "concern": parts.concern(rng, 0.3),
        "form_id": f"pln-{rng.getrandbits(36):09x}",
        "attendance_id": attendance,
        "criterion": criterion,
        "reviewed_on": at.date().isoformat(),
        "outcome": outcome,
        "outcome_words": "Notes read; the account fits. Shared with those who know the family.",
    }
    return published(borough, "pln", PaediatricLiaisonForm, person, at, rng, "form_id", data, overrides)


_RAISED_BY = {"cse-risk": "ypse", "care-leaver": "lact"}


def flag(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    kind: str = "child-protection-plan",
    change: str = "raised",
    **overrides: Any,
) -> Published:
    """A flag on a child, born or not, was raised, changed or ended (F05); an end or change is of the flag there is."""
    doc = borough.people[child]
    by = _RAISED_BY.get(kind, "csc")
    known = next((f for f in doc.get("flags", ()) if f["kind"] == kind), None) if change != "raised" else None
    ended = change == "ended"
    data: Json = {
        "publisher_contact": parts.contact(borough, by, rng, "Social worker"),
        "subjects": [parts.subject(borough, child, "unborn" if is_unborn(doc) else "child")],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.NOT_SOUGHT,
        "flag_id": known["flag_id"] if known else f"flag-{rng.getrandbits(44):011x}",
        "kind": kind,
        "change": change,
        "since": known["since"] if known else at.date().isoformat(),
        "ended_on": at.date().isoformat() if ended else None,
        "reason": "The plan ended at the review conference: risk is reduced." if ended else None,
        "authority": needs.SOCIAL_CARE[0],
        "contact": {"team": needs.SOCIAL_CARE[0], "day": "01632 960500", "night": "01632 960501"},
    }
    return published(borough, by, SafeguardingFlagChanged, child, at, rng, "flag_id", data, overrides)
