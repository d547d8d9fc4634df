"""What one batch knows: the facts read under the families' locks, growing as each event of the batch is decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from contracts.parts.people import Role
from router.carried import one_more
from router.directory import Cover, FamilyDoc, PersonDoc, is_unborn
from router.earlier import Earlier, told_of
from router.events import Event, record_of, stable_id
from router.facts import ADULT_ROLES, CHILD_ROLES, Facts, Involved, Who
from router.family_birth_notes import Came, meant_again, told_by
from router.family_births import place_of_pregnancy
from router.family_numbers import are_two_names, may_be_twins
from router.identity import Named, named_in
from router.matters import Before, Part, People, before, people_in
from router.moments import day_of
from router.newcomers import adult_among, lives_with_its_mother, mother_among, one_pregnancy, said_of, take_what_is_said
from router.past import Happening
from router.plan import Plan


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A person found by NHS number."""

    person: str
    born: str
    family: int


class _Decided(NamedTuple):
    """One event of the batch with what followed from it, (slot, role, person) of everybody whom it names, and what it
    followed itself."""

    event: Event
    plan: Plan
    who: tuple[tuple[str, str, str | None], ...]
    earlier: Earlier | None
    others: tuple[str, ...]


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
    earlier: dict[tuple[str, str, str], list[Part]]
    """What was kept under each record, in the order of its events."""
    new_families: Iterator[int]
    forced: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """(source, id, slot) → the person a named person chose for it."""
    involved: dict[str, list[Involved]] | None = None
    """Person → who has sent or received anything; None where no event of the batch asks that."""
    touched: set[int] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    """People who went from one family's file to another: what happened to them goes with them."""
    family_of: dict[str, int] = field(default_factory=dict)
    written: dict[tuple[int, int], FamilyDoc] = field(default_factory=dict)
    """(family, version) → the file: each version that an event of the batch has seen, and the last."""
    _decided: dict[tuple[str, str, str], list[_Decided]] = field(default_factory=dict)
    """Of each record the events of this batch, until a later one asks what came before it: hardly any does."""
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _who: tuple[tuple[str, str, str | None], ...] = ()
    """Whom the event that is being decided names."""
    _before: Before = field(default_factory=Before)
    """What it follows."""

    def __post_init__(self) -> None:
        for number, family in self.families.items():
            for pid in family["people"]:
                self.family_of[pid] = number

    def facts_for(self, event: Event) -> Facts:
        """What is known for this event now, with its people joined, made or doubted."""
        self._before = self.kept_before(event)
        earlier = self._before.earlier
        who = self._join(event, named_in(event))
        self._who = tuple((w.slot, w.role, w.person) for w in who)
        numbers = {w.family for w in who if w.family is not None}
        if earlier is not None and event.action != "new":  # whom an earlier version named, this one may not
            then = (*(n[2] for n in earlier.named), *(s[0] for s in earlier.stood))
            numbers |= {self.family_of[p] for p in then if p in self.family_of}
        families = {n: self.families[n] for n in numbers}
        self._seen.update((n, self.versions[n]) for n in numbers)
        history = {}
        for family in families.values():
            for pid, doc in family["people"].items():
                if past := self._past(pid, doc):
                    history[pid] = past
        return Facts(
            now=self.now,
            cover=self.cover,
            publisher=self.cover.publishers[event.publisher],
            who=who,
            families=families,
            versions={n: self.versions[n] for n in numbers},
            history=history,
            earlier=earlier,
            others=self._before.others,
            involved=self._involved(families) if type(event.data).reads_involvement else {},
        )

    def kept_before(self, event: Event) -> Before:
        """What was kept before under the event's record, by this batch or an earlier one, about the same people."""
        parts = self._under_its_record(event)
        return before(parts, event.action == "new", lambda: self._about(event), self._as_now) if parts else Before()

    def _under_its_record(self, event: Event) -> Sequence[Part]:
        if not event.data.record_id:
            return ()
        record = _record(event)
        for one in self._decided.pop(record, ()):
            self.earlier[record] = one_more(self.earlier.get(record, ()), *one)
        return self.earlier.get(record, ())

    def _about(self, event: Event) -> People:
        """Whom an event names, as far as that can be looked up: nobody is made anew for it."""
        return people_in([(n.slot, n.role.value, self._known_as(event, n)) for n in named_in(event)], event.body)

    def _known_as(self, event: Event, one: Named) -> str | None:
        if chosen := self._chosen(event, one):
            return chosen
        known = self.on_record.get(one.nhs or "") if one.doubt is None else None
        return self._now(known) if known is not None and known.born == one.born else None

    def _as_now(self, person: str) -> str:
        """Who somebody is today: they may have been joined to another since."""
        home = self.families.get(self.family_of.get(person, -1), {"people": {}})
        return home["people"].get(person, {}).get("same_as", person)

    def _involved(self, families: Mapping[int, FamilyDoc]) -> dict[str, list[Involved]]:
        """Who has had to do with each person of these families, under whatever id."""
        found = self.involved or {}
        people = {pid: doc for family in families.values() for pid, doc in family["people"].items()}
        known = {
            pid: [i for id in (pid, *doc.get("merged", ()), doc.get("before_birth", "")) for i in found.get(id, ())]
            for pid, doc in people.items()
        }
        return {pid: sorted(some) for pid, some in known.items() if some}

    def _past(self, pid: str, doc: PersonDoc) -> list[Happening]:
        """What happened to a person, under whatever id; to a twin also what happened before the birth (rule C)."""
        past = [*self.history.get(pid, ())]
        if "before_birth" not in doc and "merged" not in doc:
            return past
        for other in doc.get("merged", ()):
            past += self.history.get(other, [])
        if "before_birth" in doc:
            past += [h for h in self.history.get(doc["before_birth"], []) if h.day <= doc.get("born", "9999")]
        return past

    def absorb(self, event: Event, plan: Plan) -> None:
        """Make what this event brought about a fact for the next."""
        at, record = event.time.astimezone(UTC).isoformat(), record_of(event)
        for pid, kind, about in plan.remembered:
            entry = Happening(at, kind, about or plan.thing, plan.place, record)
            self.history.setdefault(pid, []).append(entry)
        if self.involved is not None and not type(event.data).asks_around:
            self._took_part(event, plan)
        for number, people in plan.changes.items():
            self.change(number, people)
        if event.data.record_id:
            decided = _Decided(event, plan, self._who, self._before.earlier, self._before.others)
            self._decided.setdefault(_record(event), []).append(decided)

    def _took_part(self, event: Event, plan: Plan) -> None:
        """Whoever an earlier event of this batch came from or went to has had to do with its children since."""
        assert self.involved is not None
        sender, at = self.cover.publishers[event.publisher].team, day_of(event.time).isoformat()
        for pid in dict.fromkeys(r.child for r in plan.remembered):
            self.involved.setdefault(pid, []).append(Involved(sender, "sent", at))
        for d in plan.deliveries:
            if d.kind == "summary" and d.child:
                today = day_of(self.now).isoformat()
                self.involved.setdefault(d.child, []).append(Involved(d.team, "received", today))

    def change(self, number: int, people: dict[str, PersonDoc]) -> None:
        """Write people into a family's file: a new version, never the old one changed."""
        for pid, doc in people.items():
            home = self.family_of.get(pid)
            was = self.families[home]["people"].get(pid) if home is not None else None
            if was is not None and "nhs" in was and was["nhs"] != doc.get("nhs"):
                self._bears_no_more(pid, was["nhs"])
            if home is not None and home != number:
                self.moved.add(pid)
                rest = {p: d for p, d in self.families[home]["people"].items() if p != pid}
                self._write(home, {"people": rest})
            self.family_of[pid] = number
            if "nhs" in doc:
                self.on_record[doc["nhs"]] = OnRecord(pid, doc.get("born", ""), number)
        old = self.families.get(number, {"people": {}})
        self._write(number, {"people": {**old["people"], **people}})

    def _bears_no_more(self, person: str, number: str) -> None:
        if number in self.on_record and self.on_record[number].person == person:
            del self.on_record[number]

    def _write(self, number: int, family: FamilyDoc) -> None:
        """A version that an event was decided on is never changed: `explain` reads it again."""
        self.families[number] = family
        if number not in self.touched or (number, self.versions[number]) in self._seen:
            self.versions[number] = self.versions.get(number, 0) + 1
            self.touched.add(number)
        self.written[(number, self.versions[number])] = family

    def _join(self, event: Event, named: Sequence[Named]) -> tuple[Who, ...]:
        """Adults first: an unborn child is found by its mother, wherever she stands in the event. And of two children
        with one number first the one who has the name on record."""
        joined: list[Who] = []
        if len(named) == 1:
            return (self._join_one(event, named[0], joined),)
        for one in sorted(named, key=lambda n: (not n.only_known, self._as_a_child(event, n))):
            joined.append(self._join_one(event, one, joined))
        order = {n.slot: at for at, n in enumerate(named)}
        return tuple(sorted(joined, key=lambda w: order[w.slot]))

    def _join_one(self, event: Event, one: Named, joined: list[Who]) -> Who:
        chosen = self._chosen(event, one)
        if chosen is not None and chosen in self.family_of:
            return Who(one.slot, one.role.value, chosen, self.family_of[chosen], None)
        if one.baby is not None and (mother := mother_among(joined)):
            return self._baby(event, one, mother, joined)
        if one.role is Role.UNBORN:
            return self._unborn(event, one, joined)
        if one.doubt is not None or one.nhs is None:
            return self._doubted(event, one, joined, one.doubt or "no-number")
        known = self.on_record.get(one.nhs)
        if known is None and one.only_known:
            return Who(one.slot, one.role.value, None, None, None)
        if known is None and (old := next((w for w in joined if w.slot == "old" and w.person), None)):
            return Who(one.slot, one.role.value, old.person, old.family, None)
        if known is None:
            return self._new(event, one, joined)
        if known.born != one.born:
            return self._doubted(event, one, joined, "birth-date-differs")
        person = self._now(known)
        if one.only_known and self._may_be_twin(event, person, known.family):
            return Who(one.slot, one.role.value, None, None, "a-persons-decision")
        if one.role.value in CHILD_ROLES and any(self._is_another(event, one, w) for w in joined if w.person == person):
            return self._doubted(event, one, joined, "number-of-two")
        doc = self.families[known.family]["people"].get(person)
        if doc is not None and "name" not in doc:
            self._named(event, one, known.family, person, doc)
        return Who(one.slot, one.role.value, person, known.family, None)

    def _chosen(self, event: Event, one: Named) -> str | None:
        """Whom a person has said that this is."""
        chosen = self.forced.get((event.source, event.id, one.slot))
        return self._said_before(event, one) if chosen is None and event.action != "new" else chosen

    def _said_before(self, event: Event, one: Named) -> str | None:
        """Whom a person has said that an earlier version means by those it tells the same of: the newest such answer.

        Of two in one event of whom it tells the same, each place has its own."""
        matched = [said for part in self._under_its_record(event) for said in part.matched]
        if not matched:
            return None
        told = told_of(event.body, one.slot)
        alike = sum(told_of(event.body, n.slot) == told for n in named_in(event)) > 1
        for said in reversed(matched):
            if said.told == told and (said.slot == one.slot or not alike):
                return self._as_now(said.person)
        return None

    def _now(self, known: OnRecord) -> str:
        """Who is meant by a number: one that was superseded still finds the person."""
        doc = self.families[known.family]["people"].get(known.person, {})
        return doc.get("same_as", known.person)

    def _as_a_child(self, event: Event, one: Named) -> int:
        """0 for no child, 2 for a child of whom the event says another name than its number has on record."""
        if one.role.value not in CHILD_ROLES:
            return 0
        known = self.on_record.get(one.nhs or "")
        doc = self.families[known.family]["people"].get(self._now(known), {}) if known else {}
        return 1 + are_two_names(doc.get("name"), said_of(event, one.slot).get("name"))

    def _is_another(self, event: Event, one: Named, joined: Who) -> bool:
        """Whether somebody of another name was joined to the record already, as a child: this one may be nobody's."""
        said = [said_of(event, slot).get("name") for slot in (one.slot, joined.slot)]
        return joined.role in CHILD_ROLES and are_two_names(*said)

    def _may_be_twin(self, event: Event, old: str, family: int) -> bool:
        """Whether the old number of one who was given another may be the other twin's."""
        new = self.on_record.get(event.data.subjects[0].nhs_number or "")
        if new is None or self._now(new) == old:
            return False
        return may_be_twins(
            self.families[family]["people"].get(old, {}),
            self.families[new.family]["people"].get(self._now(new), {}),
        )

    def _named(self, event: Event, one: Named, number: int, person: str, doc: PersonDoc) -> None:
        """Somebody whom the directory knew by number alone has a name now."""
        name = said_of(event, one.slot).get("name")
        if isinstance(name, dict) and "family" in name:
            self.change(number, {person: {**doc, "name": name}})

    def _unborn(self, event: Event, one: Named, joined: list[Who]) -> Who:
        """Rule C: keyed on the mother's pregnancy; the same child whoever writes about it."""
        mother = mother_among(joined) or (adult_among(joined) if one.slot == "pregnancy" else None)
        if mother is None or mother.family is None or mother.person is None:
            return self._doubted(event, one, joined, "no-mother")
        people = self.families[mother.family]["people"]
        same = [
            p for p, d in people.items() if is_unborn(d) and d.get("mother") == mother.person and "same_as" not in d
        ]
        exact = [p for p in same if one.pregnancy and people[p].get("pregnancy") == one.pregnancy]
        found = exact or [p for p in same if one_pregnancy(people[p].get("expected"), one.expected)]
        if len(found) > 1:
            return self._doubted(event, one, joined, "which-pregnancy")
        if found:
            old, known = people[found[0]], PersonDoc()
            if one.expected and (exact or not old.get("expected")) and old.get("expected") != one.expected:
                known["expected"] = one.expected
            if one.pregnancy and "pregnancy" not in old:
                known["pregnancy"] = one.pregnancy
            if known:
                self.change(mother.family, {found[0]: {**old, **known}})
            return Who(one.slot, one.role.value, found[0], mother.family, None)
        pid = stable_id("unborn", mother.person, one.pregnancy or event.id)
        if one.pregnancy and (born := place_of_pregnancy(people, mother.person, one.pregnancy, named=True)):
            return Who(one.slot, one.role.value, born, mother.family, None)  # told late: it is the baby's now
        doc: PersonDoc = {"mother": mother.person, "expected": one.expected or ""}
        if one.pregnancy:
            doc["pregnancy"] = one.pregnancy
        if home := people[mother.person].get("household"):
            doc["household"] = home
        self.change(mother.family, {pid: doc})
        return Who(one.slot, one.role.value, pid, mother.family, None)

    def _baby(self, event: Event, one: Named, mother: Who, joined: list[Who]) -> Who:
        """Rule C: a first living baby is the unborn child, a twin another; family_births.born changes the file.

        A correction means the baby of which it told before, by its number or else as `meant_again` says."""
        family, person = mother.family or 0, mother.person or ""
        people = self.families[family]["people"]
        if one.nhs and one.nhs in [n.nhs for n in named_in(event) if n.slot in {w.slot for w in joined}]:
            one = one._replace(nhs=None)  # given to two babies: who came second has none that is known to be its own
        known = self.on_record.get(one.nhs or "")
        if known is not None:
            differs = None if known.born == one.born else "birth-date-differs"
            return Who(one.slot, one.role.value, None if differs else self._now(known), known.family, differs)
        known_by = [self.on_record.get(n.nhs or "") for n in named_in(event) if n.baby is not None]
        taken = {w.person for w in joined} | {self._now(k) for k in known_by if k}
        told = {p: t for p, d in people.items() if "as_of" in d and p not in taken and (t := told_by(event, d))}
        before = {p: Came(t.order, people[p].get("name")) for p, t in told.items()}
        meant = meant_again(self._without_number(event, one, joined), before) if before else {}
        taken |= {p for slot, p in meant.items() if slot != one.slot}
        place = meant.get(one.slot)
        if place is None:
            place = place_of_pregnancy(people, person, one.pregnancy)
            if place is None and any(d.get("mother") == person and d.get("born") == one.born for d in people.values()):
                return Who(one.slot, one.role.value, None, None, "which-baby")
            if one.baby or place is None or place in taken:
                ids = (stable_id("baby", person, one.pregnancy or "", str(n)) for n in (one.baby, *range(1, 9)))
                place = next(id for id in ids if id not in taken and id not in told)
        other = people.get(place, {}).get("nhs")
        if one.nhs and other not in (None, one.nhs) and place not in told:
            return Who(one.slot, one.role.value, None, None, "which-baby")
        if event.action == "cancel" and place not in self.family_of:  # what is taken back makes nobody
            return Who(one.slot, one.role.value, None, None, None)
        return Who(one.slot, one.role.value, place, family, None)

    def _without_number(self, event: Event, one: Named, joined: list[Who]) -> dict[str, Came]:
        """This baby and those that are still to be found, and of which no number says who they are."""
        found = {w.slot for w in joined}
        babies = [n for n in named_in(event) if n.baby is not None and n.slot not in found]
        some = [n for n in babies if n.slot == one.slot or n.nhs not in self.on_record]
        return {n.slot: Came(n.order, said_of(event, n.slot).get("name")) for n in some}

    def _doubted(self, event: Event, one: Named, joined: list[Who], doubt: str) -> Who:
        """Nobody, until a person says who it is; in what cannot wait (a referral) a place of its own meanwhile.

        It is joined to nobody and found again by nobody: not among its mother's children, and by no number."""
        if not event.data.goes_unjoined or one.role not in (Role.CHILD, Role.UNBORN, Role.MOTHER):
            return Who(one.slot, one.role.value, None, None, doubt)
        pid = _unjoined(event, one.slot)
        if pid in self.family_of:  # decided again: what a person said meanwhile stands in that place
            return Who(one.slot, one.role.value, pid, self.family_of[pid], doubt)
        number = next((w.family for w in joined if w.family is not None), None) or next(self.new_families)
        doc: PersonDoc = {"unjoined": doubt}
        take_what_is_said(doc, said_of(event, one.slot))
        if one.born:
            doc["born"] = one.born
        if one.role is Role.UNBORN:
            doc["expected"] = one.expected or ""
        self.change(number, {pid: doc})
        return Who(one.slot, one.role.value, pid, number, doubt)

    def _new(self, event: Event, one: Named, joined: list[Who]) -> Who:
        """A verified person whom the directory does not know yet: a place in the family of those named with them."""
        number = next((w.family for w in joined if w.family is not None), None) or next(self.new_families)
        pid = stable_id("person", event.source, event.id, one.slot)
        doc: PersonDoc = {"nhs": one.nhs or "", "born": one.born or ""}
        take_what_is_said(doc, said_of(event, one.slot))
        if one.role is Role.CHILD:
            adults = [w for w in joined if w.role in ADULT_ROLES and w.person]
            doc["parents"] = [[w.person or "", w.role] for w in adults]
            if mother := mother_among(joined):
                doc["mother"] = mother.person or ""
                lives_with_its_mother(doc, self.families[number]["people"].get(doc["mother"], {}), event)
        self.change(number, {pid: doc})
        return Who(one.slot, one.role.value, pid, number, None)


def unjoined_places(event: Event) -> list[str]:
    """The places of their own that an event which cannot wait may make, or has made: one for each who is named."""
    return [_unjoined(event, one.slot) for one in named_in(event)] if event.data.goes_unjoined else []


def _unjoined(event: Event, slot: str) -> str:
    return stable_id("unjoined", event.source, event.id, slot)


def _record(event: Event) -> tuple[str, str, str]:
    return (event.publisher, event.type, event.data.record_id or "")


record_key = _record
