"""The kinds of household there are: with two parents, one, two homes, grandparents, foster carers, in a refuge."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.borough import places
from deploy.borough.register import Home, Register
from router.directory import PersonDoc

SIZES, SIZE_WEIGHTS = (1, 2, 3, 4), (43, 39, 14, 4)


@dataclass(slots=True)
class Family:
    """One family's file being drafted, with who is who in it."""

    home: Home
    people: dict[str, PersonDoc] = field(default_factory=dict)
    adults: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    unborn: list[str] = field(default_factory=list)
    mother: str | None = None
    father: str | None = None

    def add(self, one: tuple[str, PersonDoc], group: list[str]) -> str:
        """Put a person into the file."""
        self.people[one[0]] = one[1]
        group.append(one[0])
        return one[0]

    def docs(self) -> list[PersonDoc]:
        """The children who are born."""
        return [self.people[c] for c in self.children]


def _mother(r: Register, family: Family, years: int | None = None) -> str:
    years = years or r.rng.randint(22, 44)
    family.mother = family.add(r.adult(family.home, woman=True, years=years), family.adults)
    return family.mother


def _father(r: Register, family: Family, home: Home | None = None, years: int | None = None) -> str:
    shared = r.rng.random() < 0.8
    home = home or family.home
    surname = family.home.surname if shared else None
    man = r.adult(home, woman=False, years=years or r.rng.randint(23, 48), family=surname)
    family.father = family.add(man, family.adults)
    return family.father


def _children(r: Register, family: Family, ages: list[date], parents: list[list[str]]) -> None:
    for born in ages:
        family.add(r.child(family.home, born, parents, family.mother), family.children)


def _birthdays(r: Register, mothers_years: int, twins: bool = False) -> list[date]:
    """Of one to four children, none born before the mother was 17, siblings at least a year apart."""
    rng = r.rng
    oldest = min(17, mothers_years - 17)
    born = r.today - timedelta(days=rng.randrange(20, int((oldest + 1) * 365.25) - 5))
    dates = [born]
    for _ in range(rng.choices(SIZES, SIZE_WEIGHTS)[0] - 1):
        born += timedelta(days=rng.randint(400, 1500))
        if born >= r.today - timedelta(days=10):
            break
        dates.append(born)
    if twins or rng.random() < 0.015:
        dates.append(dates[-1])
    return dates


def _years(r: Register, family: Family) -> int:
    return r.years(date.fromisoformat(family.people[family.mother or ""]["born"]))


def two_parent(r: Register, home: Home, twins: bool = False) -> Family:
    """Mother and father, or mother and her partner, in one home."""
    family = Family(home)
    mother, father = _mother(r, family), _father(r, family)
    kind = "father" if r.rng.random() < 0.88 else "stepfather"
    _children(r, family, _birthdays(r, _years(r, family), twins), [[mother, "mother"], [father, kind]])
    return family


def lone(r: Register, home: Home, twins: bool = False) -> Family:
    """A mother alone; seldom a father alone."""
    family = Family(home)
    if r.rng.random() < 0.9:
        parents = [[_mother(r, family), "mother"]]
        years = _years(r, family)
    else:
        parents, years = [[_father(r, family), "father"]], 40
    _children(r, family, _birthdays(r, years, twins), parents)
    return family


def separated(r: Register, home: Home, twins: bool = False) -> Family:
    """Two households of one family: the children live with their mother, the father elsewhere."""
    family = Family(home)
    elsewhere = places.SANDWELL if r.rng.random() < 0.25 else places.DUDLEY
    mother, father = _mother(r, family), _father(r, family, r.home(authority=elsewhere))
    _children(r, family, _birthdays(r, _years(r, family), twins), [[mother, "mother"], [father, "father"]])
    return family


def grandparents(r: Register, home: Home, twins: bool = False) -> Family:
    """Children brought up by their grandparents; their mother lives elsewhere."""
    family = Family(home)
    carers = [
        [family.add(r.adult(home, woman=True, years=r.rng.randint(52, 68)), family.adults), "grandmother"],
        [family.add(r.adult(home, woman=False, years=r.rng.randint(54, 70)), family.adults), "grandfather"],
    ]
    away = r.home()
    mother = family.mother = family.add(r.adult(away, woman=True, years=34, family=home.surname), family.adults)
    _children(r, family, _birthdays(r, 34, twins)[:2], [*carers, [mother, "mother"]])
    return family


def fostered(r: Register, home: Home, twins: bool = False) -> Family:
    """A looked-after child or two with foster carers, whose mother lives elsewhere and bears another name."""
    family = Family(home)
    carer = family.add(r.adult(home, woman=True, years=r.rng.randint(35, 60)), family.adults)
    away = r.home()
    mother = family.mother = family.add(
        r.adult(away, woman=True, years=r.rng.randint(26, 44), of=away.background), family.adults
    )
    _children(r, family, _birthdays(r, _years(r, family), twins)[:2], [[carer, "foster carer"], [mother, "mother"]])
    for doc in family.docs():
        doc["name"] = {**doc["name"], "family": away.surname}
    return family


def refuge(r: Register, home: Home, twins: bool = False) -> Family:
    """A mother and her children at an address that nobody may learn; the father is in the borough."""
    family = Family(home)
    mother, father = _mother(r, family), _father(r, family, r.home())
    _children(r, family, _birthdays(r, _years(r, family), twins), [[mother, "mother"], [father, "father"]])
    return family


def _teenager(r: Register, home: Home) -> tuple[Family, str]:
    """A girl of 16 to 19 in her own mother's home."""
    family = Family(home)
    grandmother = family.add(r.adult(home, woman=True, years=r.rng.randint(38, 50)), family.adults)
    years = r.rng.randint(16, 19)
    pid, doc = r.adult(home, woman=True, years=years)
    doc["parents"] = [[grandmother, "mother"]]
    doc["mother"] = grandmother
    if years < 18:
        doc["education"] = "not-in-education"
    family.mother = family.add((pid, doc), family.children if years < 18 else family.adults)
    return family, grandmother


def young_mother(r: Register, home: Home, twins: bool = False) -> Family:
    """A mother under 20 with her first baby, in her own mother's home."""
    family, grandmother = _teenager(r, home)
    born = [r.today - timedelta(days=r.rng.randrange(15, 330))] * (2 if twins else 1)
    _children(r, family, born, [[family.mother or "", "mother"], [grandmother, "grandmother"]])
    return family


def expecting_teenager(r: Register, home: Home, twins: bool = False) -> Family:
    """A girl under 20 who is to have her first baby, in her own mother's home."""
    return _teenager(r, home)[0]


Kind = Callable[[Register, Home, bool], Family]
ORDINARY: tuple[tuple[Kind, int], ...] = ((two_parent, 62), (lone, 22), (separated, 13), (grandparents, 3))
