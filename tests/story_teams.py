"""The small directory that stories play in: teams of every service, two authorities, who leads whom, who publishes."""

from typing import Any

from contracts.parts import services

S = services.Service

DUDLEY, BIRMINGHAM = "E08000027", "E08000025"
NORTH, SOUTH = "E05001251", "E05001260"
"""Wards of Dudley; a health visiting and a school nursing team covers each."""
CASTLE, HAGLEY, OUTSIDE = "M87901", "M87902", "Y99901"
"""Practices: two in Dudley, one in Birmingham."""
PRIMARY, SECONDARY = "999101", "999102"
"""Schools: the first in the north, the second in the south."""
HOSPITAL, COMMUNITY, COUNCIL, NEXT_DOOR = "RNA", "RYW", "ZDC", "RQ3"
"""Organisations: the hospital trust, the community trust, the council; the trust of the next authority."""


def _team(id: str, service: S, organisation: str, lead: str | None, **covers: tuple[str, ...]) -> dict[str, Any]:
    """One team as the directory file has it; it works in Dudley, but for those named after their place."""
    elsewhere = id.endswith("-birmingham")
    return {
        "id": id,
        "service": service.value,
        "organisation": organisation,
        "name": id.replace("-", " ").upper(),
        "covers": {k: list(v) for k, v in covers.items()},
        "lead": lead,
        "authority": BIRMINGHAM if elsewhere else DUDLEY,
        "contact": "01632 960100",
    }


def _dudley(id: str, service: S, organisation: str, lead: str | None) -> dict[str, Any]:
    return _team(id, service, organisation, lead, authorities=(DUDLEY,))


def _birmingham(id: str, service: S, lead: str | None = "nn-birmingham") -> dict[str, Any]:
    return _team(id, service, NEXT_DOOR, lead, authorities=(BIRMINGHAM,))


TEAMS: list[dict[str, Any]] = [
    _team("gp-castle", S.GP, CASTLE, "nn-community", practices=(CASTLE,)),
    _team("gp-hagley", S.GP, HAGLEY, "nn-community", practices=(HAGLEY,)),
    _team("gp-birmingham", S.GP, OUTSIDE, "nn-birmingham", practices=(OUTSIDE,)),
    _team("hv-north", S.HV, COMMUNITY, "hv-lead", areas=(NORTH,)),
    _team("hv-south", S.HV, COMMUNITY, "hv-lead", areas=(SOUTH,)),
    _team("hv-lead", S.HV, COMMUNITY, "nn-community"),
    _birmingham("hv-birmingham", S.HV),
    _team("sn-north", S.SN, COMMUNITY, "sn-lead", areas=(NORTH,), schools=(PRIMARY,)),
    _team("sn-south", S.SN, COMMUNITY, "sn-lead", areas=(SOUTH,), schools=(SECONDARY,)),
    _team("sn-lead", S.SN, COMMUNITY, "nn-community"),
    _birmingham("sn-birmingham", S.SN),
    _dudley("mash", S.MASH, COMMUNITY, "nn-community"),
    _birmingham("mash-birmingham", S.MASH),
    _team("pln", S.PLN, HOSPITAL, "nn-hospital", organisations=(HOSPITAL,), authorities=(DUDLEY,)),
    _team("nn-hospital", S.NN, HOSPITAL, None, organisations=(HOSPITAL,)),
    _team(
        "nn-community", S.NN, COMMUNITY, None, organisations=(COMMUNITY, COUNCIL, "RRE", "RXT"), authorities=(DUDLEY,)
    ),
    _birmingham("nn-birmingham", S.NN, None),
    _dudley("midwives", S.MID, HOSPITAL, "nn-hospital"),
    _birmingham("midwives-birmingham", S.MID),
    _dudley("fnp", S.FNP, COMMUNITY, "hv-lead"),
    _dudley("respect-yourself", S.RY, COUNCIL, "nn-community"),
    _dudley("switch", S.SWITCH, COUNCIL, "nn-community"),
    _dudley("substance-misuse", S.ASM, "RRE", "nn-community"),
    _dudley("camhs", S.CAMHS, "RXT", "nn-community"),
    _dudley("adult-mental-health", S.AMH, "RXT", "nn-community"),
    _dudley("sexual-health", S.CASH, HOSPITAL, "nn-hospital"),
    _team("pharmacy", S.PHARMACY, "FXX01", "nn-community"),
    _team("ward", S.WARD, HOSPITAL, "nn-hospital", organisations=(HOSPITAL,)),
    _team("emergency", S.ED, HOSPITAL, "nn-hospital", organisations=(HOSPITAL,)),
    _team("clinics", S.CLINIC, HOSPITAL, "nn-hospital", organisations=(HOSPITAL,)),
    _dudley("looked-after", S.LACT, COMMUNITY, "nn-community"),
    _dudley("social-care", S.CSC, COUNCIL, "nn-community"),
    _dudley("dart", S.DART, COUNCIL, "nn-community"),
    _dudley("exploitation-panel", S.YPSE, COUNCIL, "social-care"),
    _dudley("reviewing-officers", S.IRO, COUNCIL, "social-care"),
    _team("demographics", S.PDS, "X26", "desk"),
    _dudley("desk", S.DESK, COUNCIL, "nn-community"),
]


def _publisher(id: str, service: S, organisation: str, team: str) -> dict[str, Any]:
    """A publisher that may be quiet for years: a story about silence sets its own `usual_gap_hours`."""
    source = f"https://fhir.nhs.uk/Id/ods-organization-code/{organisation}/{id}"
    return {
        "id": id,
        "source": source,
        "service": service.value,
        "organisation": organisation,
        "team": team,
        "usual_gap_hours": 100_000.0,
    }


PUBLISHERS: list[dict[str, Any]] = [
    _publisher("ed", S.ED, HOSPITAL, "emergency"),
    _publisher("midwives", S.MID, HOSPITAL, "midwives"),
    _publisher("midwives-birmingham", S.MID, NEXT_DOOR, "midwives-birmingham"),
    _publisher("pln", S.PLN, HOSPITAL, "pln"),
    _publisher("ward", S.WARD, HOSPITAL, "ward"),
    _publisher("clinics", S.CLINIC, HOSPITAL, "clinics"),
    _publisher("dart", S.DART, COUNCIL, "dart"),
    _publisher("csc", S.CSC, COUNCIL, "social-care"),
    _publisher("ypse", S.YPSE, COUNCIL, "exploitation-panel"),
    _publisher("lact", S.LACT, COMMUNITY, "looked-after"),
    _publisher("asm", S.ASM, "RRE", "substance-misuse"),
    _publisher("camhs", S.CAMHS, "RXT", "camhs"),
    _publisher("amh", S.AMH, "RXT", "adult-mental-health"),
    _publisher("cash", S.CASH, HOSPITAL, "sexual-health"),
    _publisher("hv", S.HV, COMMUNITY, "hv-lead"),
    _publisher("sn", S.SN, COMMUNITY, "sn-lead"),
    _publisher("fnp", S.FNP, COMMUNITY, "fnp"),
    _publisher("ry", S.RY, COUNCIL, "respect-yourself"),
    _publisher("switch", S.SWITCH, COUNCIL, "switch"),
    _publisher("nn", S.NN, HOSPITAL, "nn-hospital"),
    _publisher("gp", S.GP, CASTLE, "gp-castle"),
    _publisher("pharmacy", S.PHARMACY, "FXX01", "pharmacy"),
    _publisher("mash", S.MASH, COMMUNITY, "mash"),
    _publisher("pds", S.PDS, "X26", "demographics"),
]


def directory(**changed: Any) -> dict[str, Any]:
    """Teams and publishers; `without={"hv-north"}` leaves teams out, `publishers={"ed": {...}}` changes some."""
    without, publishers = changed.pop("without", frozenset()), changed.pop("publishers", {})
    teams = [{**t, **changed.get(t["id"].replace("-", "_"), {})} for t in TEAMS if t["id"] not in without]
    return {"teams": teams, "publishers": [{**p, **publishers.get(p["id"], {})} for p in PUBLISHERS]}
