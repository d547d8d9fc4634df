"""What midwives publish: a pregnancy booked, its care handed over, a birth."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from contracts import maternity
from contracts.directory import BirthNotified
from deploy.borough import names, parts, texts
from deploy.borough.find import unborn_of
from deploy.borough.made import Borough
from deploy.borough.numbers import unused_number
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published


def _pregnancy(borough: Borough, mother: str, at: datetime, rng: Random, weeks: int) -> tuple[str, str]:
    """The pregnancy on record and its expected date; a new one at `weeks` where there is none."""
    unborn = unborn_of(borough, mother)
    if unborn is not None:
        doc = borough.people[unborn]
        return doc["pregnancy"], doc["expected"]
    expected = at.date() + timedelta(weeks=40 - weeks)
    return f"preg-{rng.getrandbits(44):011x}", expected.isoformat()


def _mother(borough: Borough, mother: str, pregnancy: str, expected: str) -> Json:
    out = parts.subject(borough, mother, "mother")
    return out | {"pregnancy_id": pregnancy, "expected_date": expected}


def pregnancy_notified(
    borough: Borough,
    mother: str,
    at: datetime,
    rng: Random,
    *,
    booking: str = "on-time",
    weeks: int = 10,
    by: str = "midwives",
    **overrides: Any,
) -> Published:
    """A midwife, in or out of area, booked a pregnancy (F02)."""
    pregnancy, expected = _pregnancy(borough, mother, at, rng, weeks)
    risky = booking in ("late", "concealed")
    risks = {"late": ["late-booking"], "concealed": ["concealed-pregnancy"]}.get(booking, ["none-found"])
    doc = borough.people[mother]
    data: Json = {
        "publisher_contact": parts.contact(borough, by, rng, "Community midwife"),
        "subjects": [_mother(borough, mother, pregnancy, expected)],
        "lawful_basis": parts.SAFEGUARDING if risky else parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "pregnancy_id": pregnancy,
        "expected_date": expected,
        "number_of_babies": 1,
        "booked_on": at.date().isoformat(),
        "booking_gestation_weeks": 40 - (date.fromisoformat(expected) - at.date()).days // 7,
        "booking": booking,
        "first_time_mother": "not-known",
        "vulnerability": rng.choice(texts.MATERNITY) if risky else absent("none"),
        "risks": risks,
        "concern": parts.concern(rng, 1.0 if risky else 0.1),
        "midwife": names.practitioner(rng),
        "midwife_practice": doc.get("practice") or absent("not-recorded"),
        "midwife_area": "in-area" if by == "midwives" else "out-of-area",
    }
    return published(borough, by, maternity.PregnancyNotified, mother, at, rng, "pregnancy_id", data, overrides)


def handover(
    borough: Borough, unborn: str, at: datetime, rng: Random, *, first_time: bool = False, **overrides: Any
) -> Published:
    """The midwife hands mother and unborn child over to the health visitor, in writing and with the risks (F01)."""
    doc = borough.people[unborn]
    mother = doc["mother"]
    father = next((a for a, relationship in doc.get("parents", ()) if relationship == "father"), None)
    partner: Json = absent("asked-not-known")
    if father is not None:
        name = borough.people[father]["name"]
        together = borough.people[father].get("household") == borough.people[mother].get("household")
        partner = {
            "full_name": f"{name['given']} {name['family']}",
            "relationship": "father-and-partner" if together else "father",
            "lives_with_mother": "yes" if together else "no",
            "involvement_and_risks": "Comes to appointments; no risk known.",
        }
    risks = rng.choice((["none-found"], ["mental-ill-health"], ["domestic-abuse", "homeless-or-moving"]))
    data: Json = {
        "publisher_contact": parts.contact(borough, "midwives", rng, "Community midwife"),
        "subjects": [parts.expecting(borough, mother, unborn), parts.subject(borough, unborn, "unborn")],
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "voice_of_child": {"missing": "unborn"},
        "concern": parts.concern(rng, 0.4),
        "pregnancy_id": doc["pregnancy"],
        "stage": "antenatal",
        "expected_or_birth_date": doc["expected"],
        "first_time_mother": "yes" if first_time else "no",
        "midwife": names.practitioner(rng),
        "risks": risks,
        "protective_factors": "Her mother lives close by; keeps every appointment.",
        "father_or_partner": partner,
        "domestic_abuse_enquiries": [
            {"asked_on": (at - timedelta(weeks=12)).date().isoformat(), "outcome": "not-safe-to-ask"},
            {"asked_on": (at - timedelta(weeks=3)).date().isoformat(), "outcome": "no-disclosure"},
        ],
        "perinatal_mental_health": {
            "status": rng.choice(("no-concern", "past-concern", "current-concern")),
            "summary": rng.choice(texts.MATERNITY),
            "offered": absent("none"),
        },
        "plan": "Antenatal visit by the health visitor before 34 weeks.",
    }
    contract = maternity.MaternityHandover
    return published(borough, "midwives", contract, mother, at, rng, "pregnancy_id", data, overrides)


def birth(
    borough: Borough, unborn: str, at: datetime, rng: Random, *, babies: int = 1, by: str = "midwives", **overrides: Any
) -> Published:
    """The birth of the unborn child, or of twins: each live baby has a number of its own (rule C)."""
    doc = borough.people[unborn]
    mother = borough.people[doc["mother"]]
    of = names.background(rng)
    subjects = [parts.expecting(borough, doc["mother"], unborn)]
    born = []
    for order in range(1, babies + 1):
        number, moment = unused_number(borough.numbers, rng), at - timedelta(minutes=60 - 8 * order)
        subjects.append(
            {
                "role": "child",
                "nhs_number": number,
                "nhs_number_status": "01",
                "name": {**mother["name"], "given": names.given(of, rng.random() < 0.5, rng)},
                "birth_date": moment.date().isoformat(),
                "gp_practice": mother.get("practice") or absent("not-recorded"),
                "school": absent("not-applicable"),
                "home_authority": mother.get("authority") or absent("not-recorded"),
            }
        )
        born.append({"order": order, "outcome": "live", "born_at": moment.isoformat(), "nhs_number": number})
    data: Json = {
        "publisher_contact": parts.contact(borough, by, rng, "Midwife"),
        "subjects": subjects,
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "pregnancy_id": doc["pregnancy"],
        "place": {"site": "ZDG01", "name": "Castle Hill Hospital"},
        "babies": born,
    }
    return published(borough, by, BirthNotified, doc["mother"], at, rng, "pregnancy_id", data, overrides)
