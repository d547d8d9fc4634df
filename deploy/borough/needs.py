"""What marks a person out: flags, services that work with them, a named practitioner who holds them."""

from datetime import timedelta

from deploy.borough import names, places, teams
from deploy.borough.households import Family
from deploy.borough.register import Register
from router.directory import InvolvementDoc, PersonDoc

SOCIAL_CARE = ("Dudley children's social care", "csc", "01632 960500 by day, 01632 960501 at night")
PANEL = ("Young people sexual exploitation panel", "ypse", "01632 960502 by day")
HEALTH = ("Looked-after children health team", "lact", "01632 960503 by day")
_SET_BY = {"cse-risk": PANEL, "care-leaver": HEALTH}


def _since(r: Register, most: int = 700) -> str:
    return (r.today - timedelta(days=r.rng.randint(5, most))).isoformat()


def flag(r: Register, doc: PersonDoc, kind: str, *, ended: bool = False) -> None:
    """A flag, live since some day within two years; or one that ended since."""
    authority, by, contact = _SET_BY.get(kind, SOCIAL_CARE)
    most = 700
    if "born" in doc:
        most = max(6, min(most, (r.today - r.today.fromisoformat(doc["born"])).days - 1))
    elif "expected" in doc:
        most = 60
    since = _since(r, most)
    made = {"flag_id": f"flag-{r.rng.getrandbits(44):011x}", "kind": kind, "since": since, "authority": authority}
    one = {**made, "contact": contact, "by": by}
    if ended:
        one["ended"] = (r.today - timedelta(days=r.rng.randint(0, 4))).isoformat()
    doc["flags"] = [*doc.get("flags", ()), one]  # type: ignore[list-item]


def involve(r: Register, doc: PersonDoc, service: str, team: str, *, until: bool = False) -> None:
    """A service that works with this person, or did."""
    entry: InvolvementDoc = {"service": service, "team": team, "since": _since(r)}
    if until:
        entry["since"] = (r.today - timedelta(days=900)).isoformat()
        entry["until"] = (r.today - timedelta(days=200)).isoformat()
    doc["services"] = [*doc.get("services", ()), entry]


def hold(r: Register, doc: PersonDoc, service: str, team: str) -> None:
    """The child is on a named practitioner's caseload."""
    doc["caseload"] = {**doc.get("caseload", {}), service: {"team": team, "named": names.practitioner(r.rng)}}


def health_visitor(doc: PersonDoc) -> str:
    """The health visitors of the ward; of another town's team where the ward is not known."""
    return f"hv-{teams.slug(places.TOWN_OF.get(doc.get('area', ''), places.TOWNS[0][0]))}"


def school_nurse(doc: PersonDoc) -> str:
    """The school nurses of the ward."""
    town = places.TOWN_OF.get(doc.get("area", ""), places.TOWNS[0][0])
    return next(f"sn-{teams.slug(towns[0])}" for towns in places.SCHOOL_NURSES if town in towns)


def pregnant(r: Register, family: Family, weeks: int | None = None) -> None:
    """The mother expects a child, and a midwife of the borough (or of her practice's area) looks after her."""
    if family.mother is None or family.unborn:
        return
    mother = family.people[family.mother]
    weeks = weeks or r.rng.randint(7, 39)
    family.add(r.unborn(family.home, family.mother, family.father, weeks), family.unborn)
    north = places.WARDS.index(mother["area"]) % 2 == 0 if mother.get("area") in places.WARDS else True
    involve(r, mother, "MID", f"mid-community-{'north' if north else 'south'}")


def ordinary(r: Register, family: Family) -> None:
    """What comes to a family by chance, in about the shares of a borough."""
    rng = r.rng
    if rng.random() < 0.07:
        pregnant(r, family)
    for doc in family.docs():
        years = r.years(r.today.fromisoformat(doc["born"]))
        chance = rng.random()
        dudley = doc.get("authority") == places.DUDLEY and doc.get("area") in places.TOWN_OF
        if dudley and years < 5 and chance < 0.6:
            hold(r, doc, "HV", health_visitor(doc))
        if years >= 5 and chance < 0.012:
            doc["education"] = "home-educated" if chance < 0.007 else "between-schools"
            doc.pop("school", None)
        if years >= 8 and 0.3 < chance < 0.335:
            involve(r, doc, "CAMHS", "camhs-dudley", until=chance < 0.31)
        if 0.4 < chance < 0.42:
            flag(r, doc, rng.choice(("child-in-need", "early-help", "early-help")), ended=chance < 0.405)
        if 0.5 < chance < 0.507:
            on_plan(r, doc)
    for pid in family.adults:
        chance = rng.random()
        if chance < 0.018:
            involve(r, family.people[pid], "ASM", "asm-atlantic-house", until=chance < 0.005)
        elif chance < 0.035:
            involve(r, family.people[pid], "AMH", "amh-dudley", until=chance < 0.024)


def on_plan(r: Register, doc: PersonDoc) -> None:
    """On a child protection plan: flagged, with a social worker, held by a named nurse."""
    flag(r, doc, "child-protection-plan")
    involve(r, doc, "CSC", "csc-dudley")
    hold_by_age(r, doc)


def hold_by_age(r: Register, doc: PersonDoc) -> None:
    """A named health visitor under 5, a named school nurse from 5 (rule B)."""
    if r.years(r.today.fromisoformat(doc["born"])) < 5:
        hold(r, doc, "HV", health_visitor(doc))
    else:
        hold(r, doc, "SN", school_nurse(doc))


def looked_after(r: Register, doc: PersonDoc) -> None:
    """Looked after: flagged, with a social worker and the looked-after children's nurse."""
    flag(r, doc, "looked-after")
    involve(r, doc, "CSC", "csc-dudley")
    hold(r, doc, "LACT", "lact-dudley")
