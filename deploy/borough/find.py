"""Finding people of the borough: whose children, which pregnancy, somebody of a certain kind."""

from collections.abc import Callable, Iterable
from random import Random

from deploy.borough.made import Borough
from router.directory import PersonDoc, is_unborn

Kind = Callable[[Borough, PersonDoc], bool]


def children_of(borough: Borough, adult: str) -> tuple[str, ...]:
    """The adult's children who are born and under 18."""
    family = borough.families[borough.family_of[adult]]["people"]
    return tuple(
        pid
        for pid, doc in family.items()
        if 0 <= borough.age(doc) < 18 and any(parent == adult for parent, _ in doc.get("parents", ()))
    )


def unborn_of(borough: Borough, mother: str) -> str | None:
    """The child she expects, if any."""
    family = borough.families[borough.family_of[mother]]["people"]
    return next((pid for pid, doc in family.items() if is_unborn(doc) and doc.get("mother") == mother), None)


def parent_of(borough: Borough, child: str, relationship: str = "mother") -> str:
    """The child's mother, or another adult by what they are to the child; the first there is, failing that."""
    parents = borough.people[child].get("parents", [])
    return next((a for a, r in parents if r == relationship), parents[0][0])


def aged(least: int, most: int) -> Kind:
    """Between these ages, both included."""
    return lambda borough, doc: least <= borough.age(doc) <= most


def flagged(kind: str) -> Kind:
    """With a live flag of this kind."""
    return lambda _, doc: any(f["kind"] == kind and "ended" not in f for f in doc.get("flags", ()))


def with_service(service: str) -> Kind:
    """With whom this service works now."""
    return lambda _, doc: any(s["service"] == service and "until" not in s for s in doc.get("services", ()))


def educated(how: str) -> Kind:
    """At school, home-educated, between schools or not in education."""
    return lambda _, doc: doc.get("education") == how


def without_practice(borough: Borough, doc: PersonDoc) -> bool:
    """Registered nowhere, and not because it is withheld."""
    return "practice" not in doc and not doc.get("restricted")


def restricted(borough: Borough, doc: PersonDoc) -> bool:
    """Whose whereabouts nobody may learn."""
    return doc.get("restricted", False)


def out_of_area(authority: str) -> Kind:
    """Who lives in the borough and is registered with a practice in this neighbour (rule A)."""
    return lambda borough, doc: (
        doc.get("authority") != authority
        and any(
            t.authority == authority
            for t in borough.teams
            if doc.get("practice") and doc["practice"] in t.covers.get("practices", ())
        )
    )


def plain(borough: Borough, doc: PersonDoc) -> bool:
    """With a known address, a practice and no flag: nothing to trip over."""
    return "area" in doc and "practice" in doc and "flags" not in doc and "services" not in doc


class Nobody(LookupError):
    """The borough has nobody of that kind left who was not already chosen."""


def choose(borough: Borough, rng: Random, among: Iterable[str], *kinds: Kind, but: set[int] | None = None) -> str:
    """Somebody who is of all these kinds, whose family was not chosen before; their family joins `but`.

    Raises Nobody where there is no such person."""
    but = set() if but is None else but
    found = [
        pid
        for pid in among
        if borough.family_of[pid] not in but and all(kind(borough, borough.people[pid]) for kind in kinds)
    ]
    if not found:
        raise Nobody("nobody of that kind is left in this borough")
    one = rng.choice(found)
    but.add(borough.family_of[one])
    return one
