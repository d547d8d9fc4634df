"""What the emergency department publishes about a child: arrival, discharge, leaving early, an injury reviewed."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import emergency_department as ed
from deploy.borough import names, parts, texts
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

CHILDREN = "ed-children"
PLACE = {"site": "ZDG01", "name": "Castle Hill Hospital"}
LEAN_CONTACT = {"author": "E Nurse", "role": "Nurse", "organisation": "ZDG", "team": "ED", "phone": "01632 960090"}
LEAN_PLACE = {"site": "ZDG01", "name": "Castle Hill"}
ROLES = ("Staff nurse", "Emergency nurse practitioner", "Registrar", "Senior house officer")


def attendance_id(rng: Random) -> str:
    """A new attendance of the department's own numbering."""
    return f"att-{rng.getrandbits(44):011x}"


def _attendance(
    borough: Borough, child: str, at: datetime, rng: Random, hours: float, by: str, overrides: Json
) -> Json:
    doc = borough.people[child]
    years = borough.age(doc)
    usual = texts.COMPLAINTS[texts.band(years)]
    named = overrides.get("presenting_complaint")
    complaint = next((c for c in usual if c.complaint == named), None) or rng.choice(usual)
    return {
        **parts.of_a_child(borough, by, child, rng, rng.choice(ROLES), share=0.3),
        "accompanied_by": parts.accompanied(borough, doc, rng),
        "attendance_id": attendance_id(rng),
        "place": PLACE,
        "arrived_at": (at - timedelta(minutes=int(hours * 60))).isoformat(),
        "presenting_complaint": complaint.complaint,
        "mechanism_of_injury": complaint.mechanism or absent("not-applicable"),
        "alcohol_or_substances": "alcohol" if "lcohol" in complaint.diagnosis else "neither",
        "self_harm": "no" if years >= 8 else "not-asked",
        "vulnerability": vulnerability(rng, years),
        "_diagnosis": complaint.diagnosis,
    }


def vulnerability(rng: Random, years: int) -> Json:
    """The assessment owed to every under-18; not recorded in one of ten (F06)."""
    if rng.random() < 0.1:
        return absent("not-recorded")
    found = rng.choice(("none-found", "none-found", "none-found", "risk-taking" if years >= 12 else "disability"))
    summary = "No concern found at triage." if found == "none-found" else "Needs more support than most; see notes."
    return {"assessed_by": names.practitioner(rng), "factors": [found], "summary": summary}


def _lean(data: Json) -> Json:
    """The least that the contract takes: what is small in place of what is usual."""
    return {
        "record_id": data["attendance_id"],
        "publisher_contact": LEAN_CONTACT,
        "place": LEAN_PLACE,
        "accompanied_by": absent("none"),
        "concern": absent("none"),
        "vulnerability": absent("not-recorded"),
        "prior_attendances": absent("not-recorded"),
        "voice_of_child": {"said": "It hurts."},
    }


def _prior(rng: Random) -> Json:
    count = rng.choice((0, 0, 0, 1, 2, 4))
    return {"count": count, "window_days": 365, "sites": [PLACE["name"]] if count else []}


def _injury(rng: Random, reviewed_at: datetime | None, mobility: str = "non-mobile") -> Json:
    """An injury of a child under one, reviewed by a senior paediatrician or by nobody senior yet (F07)."""
    injury, mechanism = rng.choice(texts.INFANT_INJURIES)
    review: Json = absent("not-recorded")
    if reviewed_at is not None:
        review = senior_review(rng, reviewed_at)
    return {
        "injury": injury,
        "mechanism": mechanism or absent("asked-not-known"),
        "mobility": mobility,
        "senior_review": review,
    }


def senior_review(rng: Random, at: datetime) -> Json:
    """A paediatric consultant or registrar looked at the child."""
    grade = rng.choice(("paediatric-consultant", "paediatric-registrar"))
    return {"reviewed_by": names.practitioner(rng), "grade": grade, "reviewed_at": at.isoformat()}


def ed_arrival(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = CHILDREN,
    lean: bool = False,
    **overrides: Any,
) -> Published:
    """A child arrived at the emergency department, of adults where `by` says so (F05, F06); `lean`: the least."""
    data = _attendance(borough, child, at, rng, 0.2, by, overrides)
    del data["_diagnosis"]
    data |= {"infant_injury": absent("not-applicable"), "prior_attendances": _prior(rng), "arrived_at": at.isoformat()}
    if lean:
        data |= _lean(data)
    return published(borough, by, ed.EdAttendance, child, at, rng, "attendance_id", data, overrides, lean=lean)


def infant_injury(
    borough: Borough, child: str, at: datetime, rng: Random, *, reviewed: bool = False, **overrides: Any
) -> Published:
    """An infant who cannot move by itself arrived with an injury, `reviewed` by a senior doctor or not yet (F07)."""
    injury = _injury(rng, at if reviewed else None)
    what: Json = {
        "presenting_complaint": injury["injury"],
        "mechanism_of_injury": injury["mechanism"],
        "infant_injury": injury,
        "lawful_basis": parts.SAFEGUARDING,
        "concern": parts.concern(rng),
    }
    return ed_arrival(borough, child, at, rng, **(what | overrides))


def ed_discharge(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = CHILDREN,
    lean: bool = False,
    **overrides: Any,
) -> Published:
    """A child was discharged from the emergency department (F09); `lean`: nothing that may be left out."""
    data = _attendance(borough, child, at, rng, rng.choice((0.8, 1.5, 2.4, 3.6)), by, overrides)
    data |= {
        "discharged_at": at.isoformat(),
        "diagnosis": data.pop("_diagnosis"),
        "prior_attendances": _prior(rng),
        "discharge_destination": "Home",
        "follow_up": rng.choice(texts.FOLLOW_UPS),
    }
    if lean:
        data |= _lean(data) | {"follow_up": absent("none")}
    contract = ed.EdAttendanceDischarged
    return published(borough, by, contract, child, at, rng, "attendance_id", data, overrides, lean=lean)


def left_before_treatment(borough: Borough, child: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """A child left before being treated (F13)."""
    data = _attendance(borough, child, at, rng, rng.choice((1.0, 2.2, 3.1)), CHILDREN, overrides)
    del data["_diagnosis"]
    data |= {
        "left_at": at.isoformat(),
        "stage": rng.choice(("before-assessment", "after-assessment")),
        "what_was_due": "To be seen by a doctor, and an X-ray.",
        "how_many_times": rng.choice((1, 1, 1, 2, 3)),
        "efforts_to_reach": "Telephoned twice, no answer; message left.",
    }
    return published(borough, CHILDREN, ed.LeftBeforeTreatment, child, at, rng, "attendance_id", data, overrides)


def infant_reviewed(
    borough: Borough, child: str, at: datetime, rng: Random, *, attendance: str, **overrides: Any
) -> Published:
    """A senior doctor reviewed an injured infant: meets the clock of `attendance` (F07)."""
    doc = borough.people[child]
    review = senior_review(rng, at)
    data: Json = {
        "publisher_contact": parts.contact(borough, CHILDREN, rng, "Paediatric registrar"),
        "subjects": [parts.subject(borough, child, "child")],
        "lawful_basis": parts.SAFEGUARDING,
        "consent": parts.AGREED,
        "voice_of_child": parts.voice(rng, 0, "pre-verbal"),
        "concern": parts.concern(rng),
        "accompanied_by": parts.accompanied(borough, doc, rng),
        "attendance_id": attendance,
        "review": review,
        "injury": _injury(rng, at),
        "findings": "No other injury on full examination; skeletal survey asked for.",
        "explanation_fits": rng.choice(("yes", "uncertain", "no")),
        "plan": "Kept on the ward until social care and the consultant have spoken.",
    }
    data["injury"]["senior_review"] = review
    return published(borough, CHILDREN, ed.InfantInjuryReviewed, child, at, rng, "attendance_id", data, overrides)
