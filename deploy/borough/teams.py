"""Who works in the borough: every team, what it covers and who is told when it does not answer."""

import re
from collections.abc import Iterator

from contracts.parts import services
from deploy.borough import places as at
from router.directory import Covers, Team

S = services.Service

DESIGNATED_NURSE = "nn-designated-nurse"
DESK = "desk-sharewell"


def slug(words: str) -> str:
    """A team's id: what a topic's name may hold."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def teams() -> tuple[Team, ...]:
    """All teams of the borough and of its neighbours, always the same."""
    return tuple(_with_contact(n, t) for n, t in enumerate((*_practices(), *_community(), *_trusts(), *_outside())))


def _with_contact(n: int, team: Team) -> Team:
    phone = f"01632 960{n:03d}"  # numbers kept for fiction
    return Team(team.id, team.service, team.organisation, team.name, team.covers, team.lead, team.authority, phone)


def _practices() -> Iterator[Team]:
    yield Team("gp-lead", S.GP, at.COMMISSIONERS, "Named GP for safeguarding", lead=DESIGNATED_NURSE)
    for p in at.PRACTICES:
        lead = "gp-lead" if p.authority == at.DUDLEY else f"nn-{slug(at.NEIGHBOURS[p.authority])}"
        yield Team(f"gp-{slug(p.name)}", S.GP, p.code, p.name, {"practices": (p.code,)}, lead, p.authority)


def _community() -> Iterator[Team]:
    yield Team("hv-lead", S.HV, at.COMMUNITY, "Health visiting lead", lead="nn-community", authority=at.DUDLEY)
    for town, wards in at.WARDS_OF.items():
        areas = {"areas": wards}
        name = f"Health visiting, {town}"
        yield Team(f"hv-{slug(town)}", S.HV, at.COMMUNITY, name, areas, "hv-lead", at.DUDLEY)
    yield Team("sn-lead", S.SN, at.SCHOOL_NURSING, "School nursing lead", lead="nn-school-nursing", authority=at.DUDLEY)
    for towns in at.SCHOOL_NURSES:
        both: Covers = {
            "areas": tuple(w for town in towns for w in at.WARDS_OF[town]),
            "schools": tuple(s.urn for town in towns for s in at.SCHOOLS_OF_TOWN[town]),
        }
        name = f"School nursing, {' and '.join(towns)}"
        yield Team(f"sn-{slug(towns[0])}", S.SN, at.SCHOOL_NURSING, name, both, "sn-lead", at.DUDLEY)
    for tid, service, organisation, name, lead in (
        ("mash-dudley", S.MASH, at.COMMUNITY, "MASH health nurses, Dudley", "nn-community"),
        ("fnp-dudley", S.FNP, at.COMMUNITY, "Family nurse partnership, Dudley", "hv-lead"),
        ("lact-dudley", S.LACT, at.COMMUNITY, "Looked-after children health team, Dudley", "nn-community"),
        ("ry-dudley", S.RY, at.RESPECT, "Respect Yourself, Dudley", DESIGNATED_NURSE),
        ("switch-dudley", S.SWITCH, at.SWITCH, "Switch, Dudley", DESIGNATED_NURSE),
        ("asm-atlantic-house", S.ASM, at.ATLANTIC, "Adult substance misuse, Atlantic House", DESIGNATED_NURSE),
        ("camhs-lead", S.CAMHS, at.MENTAL_HEALTH, "CAMHS lead", "nn-mental-health"),
        ("camhs-dudley", S.CAMHS, at.MENTAL_HEALTH, "CAMHS, Dudley", "camhs-lead"),
        ("amh-dudley", S.AMH, at.MENTAL_HEALTH, "Adult mental health, Dudley", "nn-mental-health"),
        ("cash-dudley", S.CASH, at.HOSPITAL, "Contraception and sexual health, Dudley", "nn-hospital"),
        ("cash-brook", S.CASH, at.BROOK, "Brook, sexual health in the community", DESIGNATED_NURSE),
        ("pharmacy-high-street", S.PHARMACY, at.HIGH_STREET_PHARMACY, "High Street Pharmacy", DESIGNATED_NURSE),
        ("csc-dudley", S.CSC, at.COUNCIL, "Children's social care, Dudley", DESIGNATED_NURSE),
        ("dart-dudley", S.DART, at.COUNCIL, "Domestic abuse response team, Dudley", DESIGNATED_NURSE),
        ("ypse-dudley", S.YPSE, at.COUNCIL, "Young people sexual exploitation panel, Dudley", "csc-dudley"),
        ("iro-dudley", S.IRO, at.COUNCIL, "Independent reviewing officers, Dudley", "csc-dudley"),
    ):
        covers: Covers = {} if tid.endswith("-lead") else {"authorities": (at.DUDLEY,)}
        yield Team(tid, service, organisation, name, covers, lead, at.DUDLEY)
    yield Team(DESK, S.DESK, at.SHAREWELL, "Sharewell desk", lead=DESIGNATED_NURSE)
    yield Team("pds-feed", S.PDS, at.NATIONAL, "National demographics feed", lead=DESK)


def _trusts() -> Iterator[Team]:
    hospital: Covers = {"organisations": (at.HOSPITAL,)}
    dudley: Covers = {**hospital, "authorities": (at.DUDLEY,)}
    for tid, service, name, covers, lead in (
        ("pln-hospital", S.PLN, "Paediatric liaison nurse", dudley, "nn-hospital"),
        ("ed-children", S.ED, "Children's emergency department", hospital, "nn-hospital"),
        ("ed-adult", S.ED, "Adult emergency department", {}, "nn-hospital"),
        ("ward-paediatric", S.WARD, "Paediatric ward", hospital, "nn-hospital"),
        ("clinic-paediatric", S.CLINIC, "Paediatric outpatients", hospital, "nn-hospital"),
        ("mid-lead", S.MID, "Head of midwifery", {}, "nn-hospital"),
        ("mid-named-midwife", S.MID, "Named midwife for safeguarding", dudley, "mid-lead"),
        ("mid-community-north", S.MID, "Community midwives, north", {}, "mid-named-midwife"),
        ("mid-community-south", S.MID, "Community midwives, south", {}, "mid-named-midwife"),
    ):
        yield Team(tid, service, at.HOSPITAL, name, covers, lead, at.DUDLEY)
    for tid, organisation, name in (
        ("nn-hospital", at.HOSPITAL, "Named nurse, hospital trust"),
        ("nn-community", at.COMMUNITY, "Named nurse, community trust"),
        ("nn-school-nursing", at.SCHOOL_NURSING, "Named nurse, school nursing trust"),
        ("nn-mental-health", at.MENTAL_HEALTH, "Named nurse, mental health trust"),
    ):
        yield Team(tid, S.NN, organisation, name, {"organisations": (organisation,)}, DESIGNATED_NURSE, at.DUDLEY)
    alone = (at.BROOK, at.HIGH_STREET_PHARMACY)
    rest = (*alone, at.COMMISSIONERS, at.COUNCIL, at.ATLANTIC, at.SWITCH, at.RESPECT, at.SHAREWELL, at.NATIONAL)
    covers = {"organisations": (*rest, *(p.code for p in at.PRACTICES_IN[at.DUDLEY])), "authorities": (at.DUDLEY,)}
    name = "Designated nurse for safeguarding"
    yield Team(DESIGNATED_NURSE, S.NN, at.COMMISSIONERS, name, covers, None, at.DUDLEY)


def _outside() -> Iterator[Team]:
    for authority, area in at.NEIGHBOURS.items():
        hospital, community, council = at.HOSPITAL_OF[authority], at.COMMUNITY_OF[authority], at.COUNCIL_OF[authority]
        nurse = f"nn-{slug(area)}"
        lives = {"authorities": (authority,)}
        trusts = (hospital, community, council, *(p.code for p in at.PRACTICES_IN[authority]))
        for kind, service, organisation, name, covers in (
            ("hv", S.HV, community, "Health visiting", lives),
            ("sn", S.SN, community, "School nursing", lives),
            ("mash", S.MASH, community, "MASH health nurses", lives),
            ("csc", S.CSC, council, "Children's social care", lives),
            ("lact", S.LACT, community, "Looked-after children health team", lives),
            ("mid", S.MID, hospital, "Named midwife", {**lives, "organisations": (hospital,)}),
        ):
            yield Team(f"{kind}-{slug(area)}", service, organisation, f"{name}, {area}", covers, nurse, authority)
        named = {**lives, "organisations": trusts}
        yield Team(nurse, S.NN, community, f"Named nurse, {area}", named, None, authority)
