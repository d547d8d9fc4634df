"""The families that every borough must have, however small: one entry for each thing that is easily got wrong."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from deploy.borough import households, needs, places
from deploy.borough.households import Family
from deploy.borough.register import Register
from router.directory import PersonDoc

AT_LEAST = 4
"""How many families of each special kind a borough has at least."""


def _schoolchild(r: Register, family: Family) -> PersonDoc:
    """The family's first child, made to be of school age."""
    return _teenager(r, family, r.rng.randint(8, 15))


def _teenager(r: Register, family: Family, years: int = 15) -> PersonDoc:
    """The family's first child, made to be of that age; a mother too young for it is made older."""
    doc = family.docs()[0]
    doc["born"] = r.birthday(years).isoformat()
    mother = family.people.get(family.mother or "")
    if mother and r.years(r.today.fromisoformat(mother["born"])) < years + 18:
        mother["born"] = r.birthday(years + r.rng.randint(18, 28)).isoformat()
    r.to_school(doc, family.home, years)
    return doc


def _infant(r: Register, family: Family) -> None:
    """The family's last child, made to be a few weeks old: too young to move by itself."""
    doc = family.docs()[-1]
    if not any(other is not doc and other["born"] == doc["born"] for other in family.docs()):
        doc["born"] = (r.today - timedelta(days=r.rng.randint(30, 140))).isoformat()
    doc.pop("school", None)
    doc.pop("education", None)


def _not_at_school(education: str) -> Callable[[Register, Family], None]:
    def change(r: Register, family: Family) -> None:
        doc = _schoolchild(r, family)
        doc["education"] = education
        doc.pop("school", None)

    return change


def _without_practice(r: Register, family: Family) -> None:
    for pid in family.children:
        family.people[pid].pop("practice", None)


def _whereabouts_unknown(r: Register, family: Family) -> None:
    for doc in family.docs():
        doc.pop("area", None)
        doc.pop("authority", None)


def _in_refuge(r: Register, family: Family) -> None:
    for doc in family.docs()[1:] or family.docs():
        needs.hold_by_age(r, doc)
        needs.flag(r, doc, "domestic-abuse-in-household")


def _planned(r: Register, family: Family) -> None:
    for doc in family.docs():
        needs.on_plan(r, doc)


def _looked_after(r: Register, family: Family) -> None:
    for doc in family.docs():
        needs.looked_after(r, doc)


def _adult(service: str, team: str) -> Callable[[Register, Family], None]:
    return lambda r, family: needs.involve(r, family.people[family.adults[0]], service, team)


def _young(service: str, team: str, years: int = 15) -> Callable[[Register, Family], None]:
    return lambda r, family: needs.involve(r, _teenager(r, family, years), service, team)


def _exploited(r: Register, family: Family) -> None:
    doc = _teenager(r, family, 14)
    needs.flag(r, doc, "cse-risk")
    needs.involve(r, doc, "YPSE", "ypse-dudley")


def _care_leaver(r: Register, family: Family) -> None:
    doc = _teenager(r, family, 17)
    needs.looked_after(r, doc)
    needs.flag(r, doc, "care-leaver")


def _unborn_on_plan(r: Register, family: Family) -> None:
    needs.pregnant(r, family, weeks=r.rng.randint(20, 34))
    needs.flag(r, family.people[family.unborn[0]], "unborn-plan")
    needs.involve(r, family.people[family.unborn[0]], "CSC", "csc-dudley")


def _flagged(kind: str) -> Callable[[Register, Family], None]:
    return lambda r, family: needs.flag(r, family.docs()[0], kind)


def _first_baby(r: Register, family: Family) -> None:
    mother = family.people[family.mother or ""]
    needs.involve(r, mother, "FNP", "fnp-dudley")
    needs.involve(r, mother, "RY", "ry-dudley")


def _renumbered(r: Register, family: Family) -> None:
    family.docs()[0]["formerly"] = [next(r.numbers)]


def _nothing(r: Register, family: Family) -> None:
    """The household itself is what is special."""


def _expecting(weeks: int) -> Callable[[Register, Family], None]:
    return lambda r, family: needs.pregnant(r, family, weeks=weeks)


def _first_pregnancy(r: Register, family: Family) -> None:
    needs.pregnant(r, family, weeks=26)
    _first_baby(r, family)


def families(r: Register, each: int) -> Iterator[Family]:
    """`each` families of every special kind."""
    kinds = households
    any_two, lone, apart = kinds.two_parent, kinds.lone, kinds.separated
    roster: tuple[tuple[households.Kind, Callable[[Register, Family], None]], ...] = (
        (any_two, _nothing),
        (lone, _nothing),
        (apart, _nothing),
        (kinds.grandparents, _nothing),
        (any_two, _expecting(28)),
        (any_two, _expecting(38)),
        (kinds.expecting_teenager, _first_pregnancy),
        (any_two, _infant),
        (apart, _planned),
        (kinds.fostered, _looked_after),
        (kinds.fostered, _care_leaver),
        (kinds.refuge, _in_refuge),
        (kinds.young_mother, _first_baby),
        (any_two, _not_at_school("home-educated")),
        (lone, _not_at_school("not-in-education")),
        (apart, _not_at_school("between-schools")),
        (any_two, _without_practice),
        (lone, _whereabouts_unknown),
        (lone, _exploited),
        (any_two, _unborn_on_plan),
        (any_two, _flagged("fgm-risk")),
        (any_two, _flagged("early-help")),
        (any_two, _young("CAMHS", "camhs-dudley")),
        (lone, _young("SWITCH", "switch-dudley")),
        (any_two, _young("CASH", "cash-dudley", 16)),
        (any_two, _adult("ASM", "asm-atlantic-house")),
        (lone, _adult("AMH", "amh-dudley")),
        (any_two, _renumbered),
    )
    for kind, change in roster:
        for n in range(each):
            family = kind(r, r.home(restricted=kind is kinds.refuge), False)
            if kind is not kinds.refuge or n > 0:  # the first refuge family is known to no team at all (rule G)
                change(r, family)
            yield family
    for _ in range(each):
        yield any_two(r, r.home(), True)
    for authority in places.NEIGHBOURS:
        for _ in range(each):
            yield any_two(r, r.home(practice_in=authority), False)
