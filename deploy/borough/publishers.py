"""The systems that publish: each with the topic, source and team that answer for what it sends."""

from contracts.parts.services import Service
from deploy.borough import places as at
from deploy.borough.teams import slug
from router.directory import Publisher

ODS = "https://fhir.nhs.uk/Id/ods-organization-code"


def publishers() -> tuple[Publisher, ...]:
    """All publishers of the borough, two of its practices among them, and the midwives of its neighbours."""
    inside = (
        ("ed-children", Service.ED, at.HOSPITAL, "emergency-department", "ed-children", 4),
        ("ed-adult", Service.ED, at.HOSPITAL, "adult-emergency-department", "ed-adult", 4),
        ("pln", Service.PLN, at.HOSPITAL, "paediatric-liaison", "pln-hospital", 24),
        ("ward", Service.WARD, at.HOSPITAL, "paediatric-ward", "ward-paediatric", 48),
        ("clinics", Service.CLINIC, at.HOSPITAL, "outpatients", "clinic-paediatric", 24),
        ("midwives", Service.MID, at.HOSPITAL, "maternity", "mid-named-midwife", 12),
        ("dart", Service.DART, at.COUNCIL, "domestic-abuse-response", "dart-dudley", 24),
        ("csc", Service.CSC, at.COUNCIL, "social-care", "csc-dudley", 24),
        ("ypse", Service.YPSE, at.COUNCIL, "exploitation-panel", "ypse-dudley", 168),
        ("asm", Service.ASM, at.ATLANTIC, "substance-misuse", "asm-atlantic-house", 48),
        ("lact", Service.LACT, at.COMMUNITY, "looked-after-children", "lact-dudley", 72),
        ("hv", Service.HV, at.COMMUNITY, "health-visiting", "hv-lead", 24),
        ("fnp", Service.FNP, at.COMMUNITY, "family-nurse-partnership", "fnp-dudley", 168),
        ("sn", Service.SN, at.SCHOOL_NURSING, "school-nursing", "sn-lead", 24),
        ("amh", Service.AMH, at.MENTAL_HEALTH, "adult-mental-health", "amh-dudley", 48),
        ("camhs", Service.CAMHS, at.MENTAL_HEALTH, "camhs", "camhs-dudley", 24),
        ("cash", Service.CASH, at.HOSPITAL, "sexual-health", "cash-dudley", 72),
        ("cash-brook", Service.CASH, at.BROOK, "sexual-health", "cash-brook", 168),
        ("pharmacy", Service.PHARMACY, at.HIGH_STREET_PHARMACY, "pharmacy", "pharmacy-high-street", 168),
        ("mash", Service.MASH, at.COMMUNITY, "mash-health", "mash-dudley", 48),
        ("pds", Service.PDS, at.NATIONAL, "demographics", "pds-feed", 4),
    )
    outside = tuple(
        (f"midwives-{slug(area)}", Service.MID, at.HOSPITAL_OF[authority], "maternity", f"mid-{slug(area)}", 72)
        for authority, area in at.NEIGHBOURS.items()
    )
    practices = tuple(
        (f"gp-{slug(p.name)}", Service.GP, p.code, "general-practice", f"gp-{slug(p.name)}", 72)
        for p in at.PRACTICES_IN[at.DUDLEY][:2]
    )
    return tuple(
        Publisher(name, f"{ODS}/{organisation}/{system}", service, organisation, team, float(hours))
        for name, service, organisation, system, team, hours in (*inside, *practices, *outside)
    )
