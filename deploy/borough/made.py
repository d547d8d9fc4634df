"""One synthetic borough, whole: its teams, publishers and families, and how it is generated."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from deploy.borough import households, needs, places, special
from deploy.borough.households import Family
from deploy.borough.numbers import nhs_numbers
from deploy.borough.publishers import publishers
from deploy.borough.register import Register
from deploy.borough.teams import teams
from router.directory import Cover, FamilyDoc, PersonDoc, Publisher, Team, is_unborn

SEED, CHILDREN = 1, 2000
TODAY = date(2016, 9, 21)
"""A Wednesday in term time, in the year of the review."""


@dataclass(frozen=True)
class Borough:
    """A directory's whole content as of one day."""

    today: date
    teams: tuple[Team, ...]
    publishers: tuple[Publisher, ...]
    families: tuple[FamilyDoc, ...]

    def cover(self, version: int = 1) -> Cover:
        """Its teams and publishers as the router reads them."""
        return Cover(version, self.teams, self.publishers)

    @cached_property
    def publisher(self) -> dict[str, Publisher]:
        """Publishers by id."""
        return {p.id: p for p in self.publishers}

    @cached_property
    def team(self) -> dict[str, Team]:
        """Teams by id."""
        return {t.id: t for t in self.teams}

    @cached_property
    def people(self) -> dict[str, PersonDoc]:
        """Everybody, by id."""
        return {pid: doc for family in self.families for pid, doc in family["people"].items()}

    @cached_property
    def family_of(self) -> dict[str, int]:
        """Person → the place of the family's file in `families`."""
        return {pid: n for n, family in enumerate(self.families) for pid in family["people"]}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every NHS number somebody has or had."""
        docs = self.people.values()
        return frozenset(n for doc in docs for n in (doc.get("nhs"), *doc.get("formerly", ())) if n)

    def age(self, doc: PersonDoc) -> int:
        """Whole years today; -1 for an unborn child."""
        born = doc.get("born")
        if born is None:
            return -1
        y, m, d = int(born[:4]), int(born[5:7]), int(born[8:])
        return self.today.year - y - ((self.today.month, self.today.day) < (m, d))

    @cached_property
    def children(self) -> tuple[str, ...]:
        """Everybody born and under 18."""
        return tuple(pid for pid, doc in self.people.items() if "died" not in doc and 0 <= self.age(doc) < 18)

    @cached_property
    def unborn(self) -> tuple[str, ...]:
        """Every unborn child."""
        return tuple(pid for pid, doc in self.people.items() if is_unborn(doc))


def generate(seed: int = SEED, children: int = CHILDREN, today: date = TODAY, *, people_at_least: int = 0) -> Borough:
    """A borough of at least that many children, and of that many people; the same arguments make the same one.

    Raises ValueError where there are not enough NHS numbers in the 999 range (some 900,000)."""
    rng = Random(seed)
    register = Register(rng, today, nhs_numbers(rng))
    families: list[FamilyDoc] = []
    count = 0
    try:
        for family in special.families(register, max(special.AT_LEAST, children // 400)):
            families.append({"people": family.people})
            count += len(family.children)
        while count < children or register.people < people_at_least:
            family = _ordinary(register)
            families.append({"people": family.people})
            count += len(family.children)
    except StopIteration as used_up:
        raise ValueError("more people than there are NHS numbers in the 999 range") from used_up
    return Borough(today, teams(), publishers(), tuple(families))


def _ordinary(r: Register) -> Family:
    kinds, weights = [k for k, _ in households.ORDINARY], [w for _, w in households.ORDINARY]
    outside = tuple(places.NEIGHBOURS)
    elsewhere = r.rng.choice(outside) if r.rng.random() < 0.08 else None
    family = r.rng.choices(kinds, weights)[0](r, r.home(practice_in=elsewhere), False)
    needs.ordinary(r, family)
    if r.rng.random() < 0.006:
        for doc in family.docs():
            doc.pop("practice", None)
    return family
