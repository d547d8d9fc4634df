"""What keeps the directory true: practice, address, school, caseload and NHS number changed."""

from datetime import datetime
from random import Random
from typing import Any

from contracts import directory
from contracts.parts.event import EventData
from deploy.borough import names, parts, places
from deploy.borough.made import Borough
from deploy.borough.numbers import unused_number
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published


def _about(borough: Borough, person: str, by: str, rng: Random) -> Json:
    return {
        "publisher_contact": parts.contact(borough, by, rng, "Records officer"),
        "subjects": [parts.subject(borough, person, _role(borough, person))],
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
    }


def _role(borough: Borough, person: str) -> str:
    return "child" if borough.age(borough.people[person]) < 18 else "adult"


def _send(
    borough: Borough, by: str, what: type[EventData], who: str, at: datetime, rng: Random, data: Json, over: Json
) -> Published:
    """Each change is a record of its own, so that a later one is no update of it."""
    data["record_id"] = f"change-{rng.getrandbits(48):012x}"
    return published(borough, by, what, who, at, rng, "record_id", data, over)


def gp_changed(
    borough: Borough, person: str, at: datetime, rng: Random, *, practice: str | None = None, **overrides: Any
) -> Published:
    """A person registered with another practice of the borough, or with the one given (rule A)."""
    before = borough.people[person].get("practice")
    choice = practice or rng.choice([p.code for p in places.PRACTICES_IN[places.DUDLEY] if p.code != before])
    data = _about(borough, person, "pds", rng) | {
        "practice": choice,
        "previous_practice": before or absent("none"),
        "since": at.date().isoformat(),
    }
    return _send(borough, "pds", directory.GpRegistrationChanged, person, at, rng, data, overrides)


def address_changed(
    borough: Borough,
    person: str,
    at: datetime,
    rng: Random,
    *,
    ward: str | None = None,
    restricted: bool = False,
    **overrides: Any,
) -> Published:
    """A person moved within the borough with everybody of the household; `restricted`: where to is withheld."""
    by = "csc" if restricted else "pds"
    data = _about(borough, person, by, rng)
    doc = borough.people[person]
    family = borough.families[borough.family_of[person]]["people"]
    relations: dict[str, str] = dict(doc.get("parents", []))
    if restricted:
        data["subjects"][0] |= {"home_authority": absent("withheld"), "location_withheld": True}
    else:
        data["subjects"][0]["home_authority"] = places.DUDLEY
    data |= {
        "residence": absent("withheld") if restricted else ward or rng.choice(places.WARDS),
        "home_authority": absent("withheld") if restricted else places.DUDLEY,
        "restricted": restricted,
        "since": at.date().isoformat(),
        "household": [
            {
                "nhs_number": other["nhs"],
                "birth_date": other["born"],
                "relationship": relations.get(pid) or absent("not-recorded"),
            }
            for pid, other in family.items()
            if pid != person and "nhs" in other and other.get("household") == doc["household"]
        ],
    }
    return _send(borough, by, directory.AddressChanged, person, at, rng, data, overrides)


def school_changed(
    borough: Borough, child: str, at: datetime, rng: Random, *, education: str = "school", **overrides: Any
) -> Published:
    """A child changed school, or left it for home education or for none (rule B)."""
    years = borough.age(borough.people[child])
    before = borough.people[child].get("school")
    others = [s.urn for s in places.SCHOOLS if s.from_age <= years <= s.to_age and s.urn != before]
    at_school = education == "school" and others
    data = _about(borough, child, "sn", rng) | {
        "school": rng.choice(others) if at_school else absent("not-applicable"),
        "education": education,
        "since": at.date().isoformat(),
    }
    return _send(borough, "sn", directory.SchoolChanged, child, at, rng, data, overrides)


def caseload_changed(
    borough: Borough, person: str, at: datetime, rng: Random, *, team: str, ended: bool = False, **overrides: Any
) -> Published:
    """The team took a person on its caseload, or let the person go; published by a system of its service."""
    service = borough.team[team].service
    by = next(p.id for p in borough.publishers if p.service is service)
    data = _about(borough, person, by, rng) | {
        "service": service.value,
        "team": team,
        "practitioner": names.practitioner(rng),
        "since": at.date().isoformat(),
        "ended": ended,
    }
    return _send(borough, by, directory.CaseloadChanged, person, at, rng, data, overrides)


def nhs_superseded(borough: Borough, person: str, at: datetime, rng: Random, **overrides: Any) -> Published:
    """The person's NHS number was replaced by an unused one, after two records of one person were merged."""
    data = _about(borough, person, "pds", rng)
    old, new = borough.people[person]["nhs"], unused_number(borough.numbers, rng)
    data["subjects"][0]["nhs_number"] = new
    data |= {"old": old, "new": new, "reason": "duplicate-merged"}
    return _send(borough, "pds", directory.NhsNumberSuperseded, person, at, rng, data, overrides)
