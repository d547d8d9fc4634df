"""Two families made from one number, and a directory of teams with a hole in it."""

from dataclasses import dataclass
from random import Random
from typing import Any

from router.events import stable_id
from tests.rules.worlds import NUMBERS
from tests.story_people import Family, Json, Person, adult, caseload, child, family, flag, involved, unborn
from tests.story_teams import CASTLE, HAGLEY, OUTSIDE, directory

AGES = (0, 0, 1, 3, 4, 5, 9, 12, 15, 16, 17, 17, 18, 19)
FLAGS = ("child-protection-plan", "looked-after", "cse-risk", "early-help")
WORKS_WITH = (
    ("SWITCH", "switch"),
    ("CAMHS", "camhs"),
    ("CSC", "social-care"),
    ("CASH", "sexual-health"),
    ("AMH", "adult-mental-health"),
    ("CAMHS", "closed-long-ago"),
)
HOLES: tuple[frozenset[str], ...] = (
    frozenset(),
    frozenset(),
    frozenset({"hv-north"}),
    frozenset({"mash", "pln"}),
    frozenset({"gp-castle", "nn-community"}),
    frozenset({"desk"}),
)
"""Teams that the directory does not know: more often none."""


@dataclass
class Household:
    """One family of the sequence, by what its people are to each other."""

    mother: Person
    father: Person | None
    born: list[Person]
    unborn: list[Person]
    restricted: bool
    doc: Family
    newborn: list[Person]
    """Two whom the directory does not have: known by what events say of them."""

    @property
    def adults(self) -> list[Person]:
        """Mother, and father where he lives there."""
        return [self.mother, *([self.father] if self.father else [])]


def some_teams(rng: Random) -> Json:
    """The directory of the stories, less some teams."""
    return directory(without=rng.choice(HOLES))


def some_families(rng: Random, seed: int) -> list[Household]:
    """Two households; the same from the same number, down to ids and NHS numbers."""
    numbers = iter(NUMBERS)

    def named(one: Person) -> Person:
        one.id = stable_id("sequence", str(seed), one.doc.get("name", {}).get("given", ""), next(numbers))
        if "nhs" in one.doc:
            one.doc["nhs"] = next(numbers)
        return one

    return [_household(rng, n, named) for n in range(2)]


def _household(rng: Random, n: int, named: Any) -> Household:
    mother = named(adult(f"Mumname{n}", rng.choice((16, 19, 30))))
    father = named(adult(f"Dadname{n}", 33)) if rng.random() < 0.6 else None
    born = [named(child(f"Kidname{n}{k}", rng.choice(AGES), **_place(rng))) for k in range(rng.randrange(1, 4))]
    expected = [named(unborn(rng.randrange(4, 40), pregnancy=f"preg-{n}"))] if rng.random() < 0.5 else []
    where: Json = {"practice": rng.choice((CASTLE, CASTLE, HAGLEY, OUTSIDE, None))}
    chance = rng.random()
    restricted = chance < 0.2
    if restricted:
        where = {"practice": HAGLEY, "restricted": True}
        for one in born:  # a code that no made-up text holds, so that its showing is seen
            for given in ("practice", "school"):
                one.doc.pop(given, None)
    elif chance < 0.3:
        where["area"] = None
    both = family(mother=mother, father=father, children=[*born, *expected], **where)
    if rng.random() < 0.3:
        mother.doc["services"] = [involved("AMH", "adult-mental-health"), involved("ASM", "substance-misuse")]
    return Household(mother, father, born, expected, restricted, both, [_newborn(n, k) for k in range(2)])


def _newborn(n: int, k: int) -> Person:
    name = {"family": "Story", "given": f"Newborn{n}{k}"}
    return Person("", {"nhs": NUMBERS[-10 + 2 * n + k], "name": name, "born": "2026-03-11"})


def _place(rng: Random) -> Json:
    """What the directory's file says of one child beside where it lives."""
    doc: Json = {}
    if rng.random() < 0.3:
        doc["flags"] = [flag(rng.choice(FLAGS))]
    if rng.random() < 0.4:
        doc["services"] = [involved(*rng.choice(WORKS_WITH))]
    if rng.random() < 0.2:
        doc["caseload"] = caseload("HV", rng.choice(("hv-south", "closed-long-ago")))
    if rng.random() < 0.15:
        doc["practice"] = rng.choice((HAGLEY, OUTSIDE, "Z99999"))
    if rng.random() < 0.1:
        doc["died"] = "2026-02-01"
    return doc
