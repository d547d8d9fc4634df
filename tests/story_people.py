"""Families of stories: nobody real, NHS numbers of the 999 range."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from contracts.parts.people import passes_check_digit
from router.directory import FamilyDoc, PersonDoc
from router.events import stable_id
from tests.story_teams import CASTLE, DUDLEY, NORTH, PRIMARY

MORNING = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
"""When every story begins: a Monday in term time; Good Friday is 3 April, the clocks change on 29 March."""
Json = dict[str, Any]

_people = count(1)
_numbers = (n for i in count(1_000) if passes_check_digit(n := f"{9_990_000_000 + i}"))


@dataclass
class Person:
    """Somebody of a story: a place in the directory's file, and a name for a publisher to use."""

    id: str
    doc: PersonDoc
    said: Json = field(default_factory=dict)
    """What a publisher says of this person that the directory does not (`subject`'s own defaults come from the doc)."""

    def subject(self, role: str = "child", **said: Any) -> Json:
        """The person as a publisher names them; `said` replaces fields (nhs_number_status="02", …)."""
        doc = self.doc
        hidden = {"absent": "withheld"} if doc.get("restricted") else None
        out: Json = {
            "role": role,
            "nhs_number": doc.get("nhs"),
            "nhs_number_status": "01" if "nhs" in doc else "07",
            "name": doc.get("name") or {"absent": "not-applicable"},
            "birth_date": doc.get("born") or {"absent": "not-applicable"},
            "expected_date": doc.get("expected"),
            "pregnancy_id": doc.get("pregnancy"),
            "gp_practice": doc.get("practice") or hidden or {"absent": "none"},
            "school": doc.get("school") or {"absent": "not-applicable"},
            "home_authority": hidden or doc.get("authority") or {"absent": "not-recorded"},
        }
        if hidden:
            out["location_withheld"] = True
        return {k: v for k, v in (out | self.said | said).items() if v is not None}

    def listed(self, **said: Any) -> Json:
        """The child as an adult lists it (`household`)."""
        doc = self.doc
        out = {
            "name": doc["name"],
            "birth_date": doc["born"],
            "nhs_number": doc.get("nhs"),
            "nhs_number_status": "01" if "nhs" in doc else "07",
            "relationship": "child",
            "care_arrangement": "Lives with the adult.",
            "parental_responsibility": "yes",
        }
        return {k: v for k, v in (out | said).items() if v is not None}

    @property
    def nhs(self) -> str:
        """The NHS number."""
        return self.doc["nhs"]


def person(
    given: str, age: int | None = None, *, days: int | None = None, born: date | None = None, **doc: Any
) -> Person:
    """Somebody born `age` years (or `days` days) before the story begins, or on `born`; `doc` adds to the file."""
    n = next(_people)
    if born is None:
        born = MORNING.date() - timedelta(days=days if days is not None else round(365.25 * (age or 0)) + 40)
    file: Any = {"nhs": next(_numbers), "name": {"family": "Story", "given": given}, "born": born.isoformat()}
    return Person(stable_id("story", str(n)), file | doc)


def child(given: str = "Robin", age: int | None = 3, **more: Any) -> Person:
    """A child; one of 5 to 15 goes to the primary school unless `school=` says otherwise (None: in no school)."""
    one = person(given, age, **more)
    years = (MORNING.date() - date.fromisoformat(one.doc["born"])).days / 365.25
    if 5 <= years < 16:
        one.doc.setdefault("school", PRIMARY)
    if one.doc.get("school", "") is None:
        del one.doc["school"]
    return one


def adult(given: str = "Sam", age: int = 30, **more: Any) -> Person:
    """A grown-up."""
    return person(given, age, **more)


def unborn(weeks: int = 20, pregnancy: str = "preg-1", **doc: Any) -> Person:
    """An unborn child at so many weeks of gestation when the story begins; its family gives it its mother."""
    expected = MORNING.date() + timedelta(weeks=40 - weeks)
    file: Any = {"expected": expected.isoformat(), "pregnancy": pregnancy}
    return Person(stable_id("story", str(next(_people))), file | doc)


@dataclass
class Family:
    """People whose information one event may touch."""

    people: list[Person]

    @property
    def doc(self) -> FamilyDoc:
        """The family's file."""
        return {"people": {p.id: p.doc for p in self.people}}


def family(
    *,
    mother: Person | None = None,
    father: Person | None = None,
    children: Sequence[Person] = (),
    others: Iterable[Person] = (),
    practice: str | None = CASTLE,
    area: str | None = NORTH,
    authority: str | None = DUDLEY,
    restricted: bool = False,
) -> Family:
    """One household: everybody lives in `area` and is registered at `practice`, unless their own file says otherwise.

    None leaves that out of the files (for one person: `child(practice=None)`); `restricted` hides where they live, so
    that area and authority are not known."""
    people = [p for p in (mother, father) if p] + list(children) + list(others)
    home = stable_id("home", people[0].id)
    shared: Any = {"household": home, "practice": practice, "area": area, "authority": authority}
    if restricted:
        shared = {"household": home, "practice": practice, "restricted": True}
    for one in people:
        its_own: Any = one.doc
        general: Any = {"household": home} if "expected" in its_own else shared  # the unborn have their mother's
        one.doc = {k: v for k, v in (general | its_own).items() if v is not None}  # type: ignore[assignment]
    for one in children:
        one.doc.setdefault("parents", [[p.id, role] for p, role in ((mother, "mother"), (father, "father")) if p])
        if mother:
            one.doc.setdefault("mother", mother.id)
        if mother and "expected" in one.doc:
            mother.said = {"expected_date": one.doc["expected"], "pregnancy_id": one.doc.get("pregnancy")}
    return Family(people)


def flag(kind: str = "child-protection-plan", since: str = "2026-01-05", **more: Any) -> Any:
    """A live flag for `child(flags=[flag()])`."""
    contact = {"team": "Social care, Dudley", "day": "01632 960161", "night": "01632 960199"}
    return {
        "flag_id": f"flag-{kind}",
        "kind": kind,
        "since": since,
        "authority": "Dudley",
        "contact": contact,
        "by": "csc",
        **more,
    }


def involved(service: str, team: str, since: str = "2025-09-01", **more: Any) -> Any:
    """A service that works with somebody, for `child(services=[involved("CAMHS", "camhs")])`."""
    return {"service": service, "team": team, "since": since, **more}


def caseload(service: str, team: str, named: str = "R. Case") -> Any:
    """Who holds somebody, for `child(caseload=caseload("HV", "hv-south"))`."""
    return {service: {"team": team, "named": named}}
