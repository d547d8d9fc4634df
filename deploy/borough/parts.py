"""The blocks that events share: subjects, the author, consent, the child's voice, the accompanying adult."""

from random import Random
from typing import Any

from deploy.borough import names, texts
from deploy.borough.made import Borough
from router.directory import PersonDoc, is_unborn

Json = dict[str, Any]


def absent(why: str) -> Json:
    """A coded absence."""
    return {"absent": why}


DIRECT_CARE = {"article_6": "6(1)(e)", "article_9": "9(2)(h)", "power": "direct-care", "confidence": "consent"}
SAFEGUARDING = {
    "article_6": "6(1)(e)",
    "article_9": "9(2)(g)",
    "power": "children-act-2004-s11",
    "confidence": "public-interest",
}
_AGREED = {"answer": "given"}
AGREED = {"to_service": _AGREED, "to_sharing": _AGREED, "to_treatment": _AGREED}
_NOT_SOUGHT = {"answer": "not-sought", "reason": "Asking could put the child or a parent at risk."}
NOT_SOUGHT = {"to_service": {"answer": "not-applicable"}, "to_sharing": _NOT_SOUGHT, "to_treatment": _AGREED}
_REFUSED = {"answer": "refused", "reason": "The young person did not want anybody told."}
REFUSED = {"to_service": _REFUSED, "to_sharing": _REFUSED, "to_treatment": _AGREED}


def subject(borough: Borough, person: str, role: str) -> Json:
    """A person of the borough as a publisher names one, traced and verified."""
    doc = borough.people[person]
    hidden = doc.get("restricted", False)
    if is_unborn(doc):
        mother = borough.people[doc["mother"]]
        return {
            "role": "unborn",
            "nhs_number_status": "07",
            "name": absent("not-applicable"),
            "birth_date": absent("not-applicable"),
            "expected_date": doc["expected"],
            "pregnancy_id": doc["pregnancy"],
            "gp_practice": mother.get("practice") or absent("not-applicable"),
            "school": absent("not-applicable"),
            "home_authority": mother.get("authority") or absent("not-recorded"),
        }
    out: Json = {
        "role": role,
        "nhs_number": doc["nhs"],
        "nhs_number_status": "01",
        "name": doc["name"],
        "birth_date": doc["born"],
        "gp_practice": doc.get("practice") or absent("withheld" if hidden else "none"),
        "school": doc.get("school") or absent("withheld" if hidden else "not-applicable"),
        "home_authority": doc.get("authority") or absent("withheld" if hidden else "not-recorded"),
    }
    if hidden:
        out["location_withheld"] = True
    return out


def expecting(borough: Borough, mother: str, unborn: str | None) -> Json:
    """The mother as a subject who carries a child."""
    out = subject(borough, mother, "mother")
    if unborn is not None:
        doc = borough.people[unborn]
        out |= {"expected_date": doc["expected"], "pregnancy_id": doc["pregnancy"]}
    return out


def contact(borough: Borough, publisher: str, rng: Random, role: str) -> Json:
    """Who wrote it, in which staffed team."""
    of = borough.publisher[publisher]
    team = borough.team[of.team]
    return {
        "author": names.practitioner(rng),
        "role": role,
        "organisation": of.organisation,
        "team": team.name,
        "phone": team.contact,
    }


def voice(rng: Random, years: int, missing: str | None = None) -> Json:
    """What the child said or showed; or why it is missing."""
    if missing is not None:
        return {"missing": missing}
    alone = "not-applicable" if years < 5 else rng.choice(("yes", "no", "offered-declined"))
    return {"said": rng.choice(texts.VOICES[texts.band(years)]), "seen_alone": alone}


def of_a_child(
    borough: Borough,
    by: str,
    child: str,
    rng: Random,
    role: str,
    *,
    basis: Json = DIRECT_CARE,
    share: float | None = 1.0,
) -> Json:
    """What an event about a child begins with; a concern in that share of events, and None says that there is none.

    Drawn in this order, by which a seed makes the same borough: who wrote it, the child's voice, the concern."""
    return {
        "publisher_contact": contact(borough, by, rng, role),
        "subjects": [subject(borough, child, "child")],
        "lawful_basis": basis,
        "consent": AGREED,
        "voice_of_child": voice(rng, borough.age(borough.people[child])),
        "concern": absent("none") if share is None else concern(rng, share),
    }


def accompanied(borough: Borough, doc: PersonDoc, rng: Random) -> Json:
    """The adult who came with the child; or that there was none."""
    adults = [(a, relationship) for a, relationship in doc.get("parents", ()) if a in borough.people]
    if not adults or (borough.age(doc) >= 14 and rng.random() < 0.3):
        return absent("none")
    adult, relationship = rng.choice(adults)
    name = borough.people[adult]["name"]
    return {
        "full_name": f"{name['given']} {name['family']}",
        "relationship": relationship,
        "parental_responsibility": "yes" if relationship in ("mother", "father") else "not-known",
    }


def concern(rng: Random, share: float = 1.0) -> Json:
    """A concern in its four parts, in that share of events; else that there is none."""
    if rng.random() >= share:
        return absent("none")
    facts, analysis, impact, protective = rng.choice(texts.CONCERNS)
    return {"facts": facts, "analysis": analysis, "impact_on_child": impact, "protective_factors": protective}
