"""What one batch knows: the facts read under the families' locks, growing as each event of the batch is decided."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contracts.parts.people import Role
from router.directory import Cover, FamilyDoc, PersonDoc, is_unborn
from router.events import Event, stable_id
from router.facts import ADULT_ROLES, Earlier, Facts, Happening, Standing, Who
from router.identity import Named, people_named
from router.plan import Plan


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A person found by NHS number."""

    person: str
    born: str
    family: int


@dataclass(slots=True)
class Material:
    """The state of a batch; `facts_for` and `absorb` are called in turn, event by event.

    An earlier event of the batch is a fact for a later one. New people and new versions of a family's file
    gather in `touched` until the ledger keeps them."""

    now: datetime
    cover: Cover
    on_record: dict[str, OnRecord]
    families: dict[int, FamilyDoc]
    versions: dict[int, int]
    history: dict[str, list[Happening]]
    earlier: dict[tuple[str, str, str], Earlier]
    new_families: Iterator[int]
    forced: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(source, id, slot) → the person a named person chose for it."""
    touched: set[int] = field(default_factory=set)
    family_of: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, family in self.families.items():
            for pid in family["people"]:
                self.family_of[pid] = number

    def facts_for(self, event: Event) -> Facts:
        """What is known for this event now, with its people joined, made or doubted."""
        named = people_named(event.data)
        who = self._join(event, named)
        numbers = {w.family for w in who if w.family is not None}
        families = {n: self.families[n] for n in numbers}
        history = {
            pid: list(past)
            for n in numbers
            for pid in self.families[n]["people"]
            if (past := self._past(pid))
        }
        return Facts(
            now=self.now, cover=self.cover, publisher=self.cover.publishers[event.publisher], who=who,
            families=families, versions={n: self.versions[n] for n in numbers}, history=history,
            earlier=self.earlier.get(_record(event)) if event.data.record_id else None,
        )

    def _past(self, pid: str) -> list[Happening]:
        own = self.history.get(pid, [])
        family = self.family_of.get(pid)
        before = self.families[family]["people"][pid].get("before_birth") if family is not None else None
        return own + self.history.get(before, []) if before else own

    def absorb(self, event: Event, plan: Plan) -> None:
        """Make what this event brought about a fact for the next."""
        for pid in plan.concerned:
            entry = Happening(event.time.astimezone(UTC).isoformat(), event.type, plan.thing, plan.place)
            self.history.setdefault(pid, []).append(entry)
        for number, people in plan.changes.items():
            self.change(number, people)
        if event.data.record_id:
            known = self.earlier.get(_record(event))
            if known is None or int(event.sequence or 0) >= int(known.sequence):
                standing = tuple(
                    Standing(d.id, d.child, d.team) for d in plan.deliveries if d.kind == "summary" and d.child
                )
                if known is not None and event.action == "new":
                    standing = (*known.standing, *standing)  # only an update or a cancellation withdraws
                self.earlier[_record(event)] = Earlier(event.sequence or "0", standing)

    def change(self, number: int, people: dict[str, PersonDoc]) -> None:
        """Write people into a family's file: a new version, never the old one changed."""
        for pid, doc in people.items():
            home = self.family_of.get(pid)
            if home is not None and home != number:
                rest = {p: d for p, d in self.families[home]["people"].items() if p != pid}
                self._write(home, {"people": rest})
            self.family_of[pid] = number
            if "nhs" in doc:
                self.on_record[doc["nhs"]] = OnRecord(pid, doc.get("born", ""), number)
        old = self.families.get(number, {"people": {}})
        self._write(number, {"people": {**old["people"], **people}})

    def _write(self, number: int, family: FamilyDoc) -> None:
        self.families[number] = family
        if number not in self.touched:
            self.versions[number] = self.versions.get(number, 0) + 1
            self.touched.add(number)

    def _join(self, event: Event, named: Iterable[Named]) -> tuple[Who, ...]:
        joined: list[Who] = []
        for one in named:
            joined.append(self._join_one(event, one, joined))
        return tuple(joined)

    def _join_one(self, event: Event, one: Named, joined: list[Who]) -> Who:
        chosen = self.forced.get((event.source, event.id, one.slot))
        if chosen is not None and chosen in self.family_of:
            return Who(one.slot, one.role.value, chosen, self.family_of[chosen], None)
        if one.role is Role.UNBORN:
            return self._unborn(event, one, joined)
        if one.doubt is not None or one.nhs is None:
            return Who(one.slot, one.role.value, None, None, one.doubt)
        known = self.on_record.get(one.nhs)
        if known is None:
            return self._new_person(event, one, joined)
        if known.born != one.born:
            return Who(one.slot, one.role.value, None, None, "birth-date-differs")
        return Who(one.slot, one.role.value, known.person, known.family, None)

    def _unborn(self, event: Event, one: Named, joined: list[Who]) -> Who:
        """Rule C: keyed on the mother's pregnancy; the same child whoever writes about it."""
        mother = next((w for w in joined if w.role == Role.MOTHER.value and w.person), None)
        if mother is None or mother.family is None or mother.person is None:
            return Who(one.slot, one.role.value, None, None, "no-number")
        people = self.families[mother.family]["people"]
        same = [p for p, d in people.items() if is_unborn(d) and d.get("mother") == mother.person]
        exact = [p for p in same if people[p].get("pregnancy") == one.pregnancy]
        found = exact or (same if len(same) == 1 else [])
        if found:
            return Who(one.slot, one.role.value, found[0], mother.family, None)
        pid = stable_id("unborn", mother.person, one.pregnancy or event.id)
        doc: PersonDoc = {"mother": mother.person, "expected": one.expected or ""}
        if one.pregnancy:
            doc["pregnancy"] = one.pregnancy
        if home := people[mother.person].get("household"):
            doc["household"] = home
        self.change(mother.family, {pid: doc})
        return Who(one.slot, one.role.value, pid, mother.family, None)

    def _new_person(self, event: Event, one: Named, joined: list[Who]) -> Who:
        """A verified person whom the directory does not know yet: a place in the family of those named with them."""
        number = next((w.family for w in joined if w.family is not None), None) or next(self.new_families)
        pid = stable_id("person", event.source, event.id, one.slot)
        doc: PersonDoc = {"nhs": one.nhs or "", "born": one.born or ""}
        if one.slot.startswith("subjects."):
            subject = event.body["subjects"][int(one.slot.split(".")[1])]
            _take(doc, subject)
        else:
            listed = event.body["household"]["children"][int(one.slot.split(".")[1])]
            _take(doc, listed)
        if one.role is Role.CHILD:
            adults = [w for w in joined if w.role in ADULT_ROLES and w.person]
            doc["parents"] = [[w.person or "", w.role] for w in adults]
        self.change(number, {pid: doc})
        return Who(one.slot, one.role.value, pid, number, None)


def _take(doc: PersonDoc, said: dict[str, object]) -> None:
    """What the sender knows of somebody new: a coded absence stays absent."""
    if isinstance(name := said.get("name"), dict) and "family" in name:
        doc["name"] = name
    if isinstance(practice := said.get("gp_practice"), str):
        doc["practice"] = practice
    if isinstance(school := said.get("school"), str):
        doc["school"] = school
    if isinstance(authority := said.get("home_authority"), str):
        doc["authority"] = authority
    if said.get("location_withheld"):
        doc["restricted"] = True


def _record(event: Event) -> tuple[str, str, str]:
    return (event.publisher, event.type, event.data.record_id or "")


record_key = _record
