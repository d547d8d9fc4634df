"""Made-up worlds for properties: a household, a directory with holes in it, and any event there is about them.

A world follows from one number, so that a counter-example is that number: `World(17)`."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from itertools import count
from random import Random
from typing import Any

import orjson
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.parts.event import EventData
from contracts.parts.people import Role, passes_check_digit
from contracts.register import event_types, example_of
from router.accept import Refused, accept
from router.decide import decide
from router.directory import Cover, FamilyDoc, PersonDoc, is_unborn
from router.events import Event, Received, stable_id
from router.facts import Facts
from router.identity import people_named
from router.material import Material, OnRecord
from router.plan import Delivery
from router.policy.book import rule_book
from router.policy.cases import values_of
from tests.story_people import MORNING
from tests.story_teams import (
    BIRMINGHAM,
    CASTLE,
    DUDLEY,
    HAGLEY,
    NORTH,
    OUTSIDE,
    PRIMARY,
    SECONDARY,
    SOUTH,
    directory,
)

seeds = st.integers(0, 2**32)
often = settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
"""1,000 cases each, the same ones every time the tests are changed by nobody."""

AGES = (0, 0, 1, 3, 4, 5, 9, 12, 15, 16, 17, 18, 19)
FLAGS = ("child-protection-plan", "looked-after", "cse-risk", "early-help", "care-leaver")
SERVICES = (("SWITCH", "switch"), ("CAMHS", "camhs"), ("CSC", "social-care"), ("CASH", "sexual-health"))
HOLES = (
    frozenset[str](),
    frozenset[str](),
    frozenset({"hv-north"}),
    frozenset({"pln", "mash"}),
    frozenset({"gp-castle"}),
)
ADULT_EVENTS = ("adult-ed-attendance-1", "dart-notified-1", "dart-outcome-1", "paediatric-liaison-form-1")


@cache
def cover_without(teams: frozenset[str]) -> Cover:
    """The stories' directory, with some teams missing."""
    return Cover.read(1, directory(without=teams))


@cache
def base_of(kind: str) -> dict[str, Any]:
    """The published example's data, every field of it said, each text that may be anything marked with its field."""
    model = event_types()[kind]
    data = deepcopy(example_of(kind)["data"])
    reader, marks = TypeAdapter(model), count(1)
    for name, field in model.model_fields.items():
        said = data.get(name)
        if name not in ("asks", "linked", "sensitivity", "record_id") and (said is None or _is_absent(said)):
            kinds: Any = field.annotation
            data[name] = deepcopy(next((v for v in values_of(kinds) if v is not None and not _is_absent(v)), said))
            if not _is_valid(reader, data):
                data[name] = said
    for name in data:
        if name not in ("subjects", "household", "publisher_contact", "asks", "linked", "sensitivity"):
            for holder, key in _texts(data, name):
                before, holder[key] = holder[key], f"{mark_of(name)} {next(marks)}"
                if not _is_valid(reader, data):
                    holder[key] = before
    return {k: v for k, v in data.items() if v is not None}


def mark_of(field: str) -> str:
    """The text that stands in a field and nowhere else."""
    return f"canary {field.replace('_', '')} canary"


def _is_absent(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"absent"}


def _is_valid(reader: TypeAdapter[EventData], data: Any) -> bool:
    try:
        reader.validate_json(orjson.dumps({k: v for k, v in data.items() if v is not None}))
    except ValidationError:
        return False
    return True


def _texts(holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    value = holder[key]
    if isinstance(value, str):
        yield holder, key
    elif isinstance(value, dict) and "absent" not in value:
        for inner in value:
            yield from _texts(value, inner)
    elif isinstance(value, list):
        for at in range(len(value)):
            yield from _texts(value, at)


class World:
    """One household (and strangers), one event, what is known, and what is decided."""

    def __init__(self, seed: int, kind: str | None = None, said: dict[str, Any] | None = None) -> None:
        self.seed = seed
        self.rng = rng = Random(seed)
        self.without = rng.choice(HOLES)
        self.cover = cover_without(self.without)
        self.families: dict[int, FamilyDoc] = {1: {"people": {}}, 2: {"people": {}}}
        self.adults: list[str] = []
        self.children: list[str] = []
        self._people()
        self.kind = kind or rng.choice(tuple(event_types()))
        self.said = said or {}
        self.event = self._event()
        self.facts = self.material().facts_for(self.event)
        self.plan = decide(self.event, self.facts, rule_book())

    # People

    def _people(self) -> None:
        rng = self.rng
        home = stable_id("home", str(self.seed))
        where: Any = {
            "household": home,
            "area": rng.choice((NORTH, NORTH, SOUTH, "E05009999", None)),
            "practice": rng.choice((CASTLE, CASTLE, HAGLEY, OUTSIDE, "Z99999", None)),
            "authority": rng.choice((DUDLEY, DUDLEY, DUDLEY, BIRMINGHAM, None)),
        }
        if rng.random() < 0.15:
            where = {"household": home, "restricted": True, "practice": rng.choice((CASTLE, None))}
        mother = self._add(1, "Mother", rng.choice((16, 18, 19, 25, 40)), where)
        self.adults.append(mother)
        if rng.random() < 0.5:
            self.adults.append(self._add(1, "Father", 33, where))
        for n in range(rng.randrange(0, 4)):
            self.children.append(self._child(f"Child{n}", where))
        if rng.random() < 0.4:
            due = (MORNING.date() + timedelta(weeks=rng.randrange(0, 36))).isoformat()
            pid = stable_id("unborn", str(self.seed))
            doc: PersonDoc = {"expected": due, "pregnancy": f"preg-{self.seed}", "mother": mother, "household": home}
            self.families[1]["people"][pid] = doc
            self.children.append(pid)
        stranger: Any = {
            "household": stable_id("other", str(self.seed)),
            "area": NORTH,
            "practice": CASTLE,
            "authority": DUDLEY,
        }
        self._add(2, "Stranger", 9, stranger)

    def _add(self, number: int, name: str, age: int, where: Any) -> str:
        n = len(self.families[number]["people"])
        born = MORNING.date() - timedelta(days=round(365.25 * age) + 30)
        nhs = NUMBERS[number * 20 + n]
        shown = {"family": f"Canary{name}", "given": f"{name}{number}{n}"}
        doc: Any = {"nhs": nhs, "name": shown, "born": born.isoformat(), **where}
        pid = stable_id("person", str(self.seed), str(number), str(n))
        self.families[number]["people"][pid] = {k: v for k, v in doc.items() if v is not None}  # type: ignore[assignment]
        return pid

    def _child(self, name: str, where: Any) -> str:
        rng = self.rng
        age = rng.choice(AGES)
        pid = self._add(1, name, age, where)
        doc = self.families[1]["people"][pid]
        doc["parents"] = [[a, "mother" if a == self.adults[0] else "father"] for a in self.adults]
        doc["mother"] = self.adults[0]
        if 5 <= age < 18 and rng.random() < 0.7:
            doc["school"] = rng.choice((PRIMARY, SECONDARY))
        flags: Any = [
            {"flag_id": k, "kind": k, "since": "2025-05-05", "authority": "Dudley", "contact": "Duty team", "by": "csc"}
            for k in FLAGS
            if rng.random() < 0.15
        ]
        services: Any = [{"service": s, "team": t, "since": "2025-05-05"} for s, t in SERVICES if rng.random() < 0.15]
        more: Any = {"flags": flags, "services": services}
        if rng.random() < 0.15:
            more["caseload"] = {"HV": {"team": "hv-south", "named": "N"}, "SN": {"team": "sn-south", "named": "N"}}
        if rng.random() < 0.1:
            more["not_ours"] = [rng.choice(("hv-north", "sn-north", "gp-castle"))]
        doc.update({k: v for k, v in more.items() if v})
        return pid

    # What is said

    def _event(self) -> Event:
        kind = self.kind
        model = event_types()[kind]
        for attempt in range(8):
            data = deepcopy(base_of(kind))
            if attempt < 7:
                self._vary(model, data)
            data |= {"subjects": self._subjects(model), "record_id": f"record-{self.seed}"}
            if kind == "birth-notified-1":
                data["babies"] = [{"order": 1, "outcome": "live", "born_at": "2026-03-15T03:00:00+00:00"}]
                data["subjects"].append(subject("child", {"born": "2026-03-15"}))
            if "household" in data and isinstance(data["household"], dict):
                data["household"] = self._household()
            if self.said:
                data = {k: v for k, v in data.items() if k != "sensitivity"} | self.said
            event = accept(self.record(data), self.cover)
            if isinstance(event, Event):
                return event
            data_problem = event
        assert isinstance(data_problem, Refused)
        raise AssertionError(f"{kind}: {[(p.code, p.path) for p in data_problem.problems]}")

    def _vary(self, model: type[EventData], data: dict[str, Any]) -> None:
        """Say some fields otherwise: another choice, or a coded absence; what is not allowed together is left."""
        rng = self.rng
        fields = [n for n in model.model_fields if n not in ("subjects", "household", "babies", "asks", "linked")]
        for name in rng.sample(fields, min(len(fields), rng.randrange(0, 7))):
            choices = values_of(model.model_fields[name].annotation)
            if choices and name != "sensitivity":
                value = rng.choice(choices)
                data[name] = value
        if rng.random() < 0.15:
            name = rng.choice([n for n, f in model.model_fields.items() if isinstance(f.json_schema_extra, dict)])
            data["sensitivity"] = {name: "restricted-sexual-health"}
        for name in [n for n, v in data.items() if v is None]:
            del data[name]

    def _subjects(self, model: type[EventData]) -> list[dict[str, Any]]:
        rng, people = self.rng, self.families[1]["people"]
        mother = people[self.adults[0]]
        born = [c for c in self.children if not is_unborn(people[c])]
        chosen: list[dict[str, Any]] = []
        if (
            Role.CHILD in model.about | model.also_about
            and born
            and (rng.random() < 0.8 or Role.MOTHER not in model.about)
        ):
            for pid in rng.sample(born, 1 if rng.random() < 0.7 else len(born)):
                doubtful = {"nhs_number_status": "02"} if rng.random() < 0.1 else {}
                chosen.append(subject("child", people[pid], **doubtful))
        if Role.MOTHER in model.about:
            chosen.append(subject("mother", mother))
        elif Role.ADULT in model.about and (not chosen or rng.random() < 0.5):
            chosen.append(subject("adult", people[rng.choice(self.adults)]))
        if Role.UNBORN in model.also_about or (Role.UNBORN in model.about and not chosen):
            if not any(s["role"] == "mother" for s in chosen):
                chosen.append(subject("mother", mother))
            chosen.append(subject("unborn", {"expected": "2026-08-01", "pregnancy": f"preg-{self.seed}"}))
        if not chosen:
            chosen.append(subject("child", self.families[2]["people"][next(iter(self.families[2]["people"]))]))
        return chosen

    def _household(self) -> dict[str, Any]:
        people = self.families[1]["people"]
        born = [people[c] for c in self.children if not is_unborn(people[c])]
        if not born or self.rng.random() < 0.4:
            return {"answer": self.rng.choice(("asked-none", "asked-refused", "not-asked")), "children": []}
        return {"answer": "listed", "children": [listed(d) for d in born]}

    def record(self, data: dict[str, Any]) -> Received:
        """The event as a publisher's record."""
        may = event_types()[self.kind].published_by
        by = next(p for p in self.cover.publishers.values() if p.service in may)
        event = {
            "specversion": "1.0",
            "id": stable_id("event", str(self.seed), self.kind),
            "source": by.source,
            "type": self.kind,
            "time": (MORNING - timedelta(hours=1)).isoformat(),
            "data": data,
        }
        return Received(by.id, orjson.dumps(event), b"opaque", f"events.{by.id}", 0, self.seed)

    def material(self) -> Material:
        """The facts as a ledger would have read them."""
        families = deepcopy(self.families)
        on_record = {
            doc["nhs"]: OnRecord(pid, doc["born"], number)
            for number, family in families.items()
            for pid, doc in family["people"].items()
            if "nhs" in doc
        }
        known = {n.nhs for n in people_named(self.event.data) if n.nhs} & on_record.keys()
        needed = {on_record[n].family for n in known}
        return Material(
            now=MORNING,
            cover=self.cover,
            on_record={k: v for k, v in on_record.items() if v.family in needed},
            families={n: f for n, f in families.items() if n in needed},
            versions=dict.fromkeys(needed, 1),
            history={},
            earlier={},
            new_families=count(100),
        )

    # What follows

    @property
    def summaries(self) -> list[tuple[Delivery, dict[str, Any]]]:
        """Each summary with its data."""
        return [(d, orjson.loads(d.body)["data"]) for d in self.plan.deliveries if d.kind == "summary"]

    @property
    def told(self) -> set[tuple[str, str]]:
        """(child, team) of each summary."""
        return {(d.child or "", d.team) for d in self.plan.deliveries if d.kind == "summary"}

    def known(self) -> Facts:
        """The facts after the event's own changes: what rows and summaries were decided on."""
        return self.facts.after(self.plan.changes)

    def years(self, doc: PersonDoc) -> int:
        """Whole years at the event, by an arithmetic of its own."""
        born, on = date.fromisoformat(doc["born"]), self.event.time.date()
        return next(n for n in count() if _birthday(born, n + 1) > on)


def _birthday(born: date, years: int) -> date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def subject(role: str, doc: Any, **said: Any) -> dict[str, Any]:
    """Somebody as a publisher names them."""
    out = {
        "role": role,
        "nhs_number": doc.get("nhs"),
        "nhs_number_status": "01" if "nhs" in doc else "07",
        "name": doc.get("name", {"absent": "not-applicable"}),
        "birth_date": doc.get("born", {"absent": "not-applicable"}),
        "expected_date": doc.get("expected"),
        "pregnancy_id": doc.get("pregnancy"),
        "gp_practice": {"absent": "not-recorded"},
        "school": {"absent": "not-recorded"},
        "home_authority": {"absent": "withheld"},
    }
    return {k: v for k, v in (out | said).items() if v is not None}


def listed(doc: Any) -> dict[str, Any]:
    """A child as an adult lists it."""
    return {
        "name": doc["name"],
        "birth_date": doc["born"],
        "nhs_number": doc["nhs"],
        "nhs_number_status": "01",
        "relationship": "child",
        "care_arrangement": "With the adult.",
        "parental_responsibility": "yes",
    }


NUMBERS: Sequence[str] = [n for i in range(800) if passes_check_digit(n := f"{9_991_000_000 + i}")]
