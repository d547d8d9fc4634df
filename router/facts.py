"""What is known about the people in an event, as one snapshot that is kept with it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from contracts.parts.people import Role
from router.directory import Cover, FamilyDoc, FlagDoc, PersonDoc, Publisher, is_unborn, of_its_mothers
from router.earlier import Earlier
from router.events import Event, withholds_whereabouts
from router.moments import day_of
from router.past import NOTHING, Happening, Past

if TYPE_CHECKING:
    from router.policy.words import Policy

HISTORY_YEARS = 2


class Involved(NamedTuple):
    """What a team has had to do with a person by the ledger: it sent or was sent something, and when last."""

    team: str
    how: str
    """sent, received."""
    last: str
    """The day."""


class Who(NamedTuple):
    """Whom a named person was joined to; `person` is None where a person must decide."""

    slot: str
    role: str
    person: str | None
    family: int | None
    doubt: str | None


@dataclass(slots=True)
class Facts:
    """All that `decide` may know. Read under the family's lock; kept whole with the event."""

    now: datetime
    cover: Cover
    publisher: Publisher
    who: tuple[Who, ...]
    families: Mapping[int, FamilyDoc]
    versions: Mapping[int, int]
    history: Mapping[str, list[Happening]] = field(default_factory=dict)
    earlier: Earlier | None = None
    others: tuple[str, ...] = ()
    """Ids of events that were kept under its record and are about other people: this one touches none of them."""
    before: Mapping[int, FamilyDoc] | None = None
    """The families' files as they were before the event that is being decided changed them; kept with no event."""
    involved: Mapping[str, list[Involved]] = field(default_factory=dict)
    """Person → who has sent or received anything; read only for events that ask whoever holds something."""
    _pasts: dict[str, Past] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def at(self) -> str:
        """The moment of deciding as a CloudEvent writes it."""
        return _written(self.now)

    def person(self, pid: str) -> PersonDoc | None:
        """The person's place in whichever family's file holds it."""
        for family in self.families.values():
            if (doc := family["people"].get(pid)) is not None:
                return doc
        return None

    def children_of(self, adult: str) -> list[str]:
        """Every child with this adult as parent or in the adult's household, unborn children included (rule D)."""
        me = self.person(adult)
        home = me.get("household") if me else None
        found: list[str] = []
        for family in self.families.values():
            for pid, doc in family["people"].items():
                if pid == adult or "died" in doc or "same_as" in doc:
                    continue
                cared_for = any(p[0] == adult for p in doc.get("parents", ())) or doc.get("mother") == adult
                if cared_for or (home and doc.get("household") == home):
                    found.append(pid)
        return [pid for pid in found if self._is_child(pid)]

    def _is_child(self, pid: str) -> bool:
        doc = self.person(pid)
        return doc is not None and (is_unborn(doc) or years_old(doc, day_of(self.now)) < 18)

    def past(self, child: str) -> Past:
        """What happened to a child before, which may be nothing."""
        found = self._pasts.get(child)
        if found is None:
            happened = self.history.get(child)
            found = self._pasts[child] = Past(happened) if happened else NOTHING
        return found

    def earlier_of(self, child: str, types: Iterable[str], window_days: int, before: datetime) -> list[Happening]:
        """Earlier happenings of these types about a child in the last `window_days`, oldest first, each thing once."""
        return self.past(child).earlier_of(types, window_days, before)

    def stands(self, child: str, types: Collection[str], thing: str | None, record: str | None = None) -> bool:
        """Whether an event of one of these types about this thing has come for the child, and was not cancelled.

        `record` asks for what this one record says."""
        found = self.past(child).standing(types, thing)
        return bool(found) if record is None else any(h.record in ("", record) for h in found)

    def senders(self, child: str, types: Iterable[str], names: Iterable[str | None]) -> list[Publisher]:
        """Who published events of these types about the thing that is known by any of `names`, the first first."""
        return [self.cover.publishers[p] for p in self.past(child).senders(types, names) if p in self.cover.publishers]

    def but_about_others(self, record: str, thing: str | None) -> "Facts":
        """The same for a later version of a record: what earlier ones said of another thing it says no more."""
        if not self.earlier or all(t == thing for _, _, t in self.earlier.stood):
            return self
        history = {
            pid: [h for h in past if h.record != record or h.thing == thing] for pid, past in self.history.items()
        }
        return replace(self, history={pid: past for pid, past in history.items() if past})

    def after(self, changes: Mapping[int, Mapping[str, PersonDoc]]) -> "Facts":
        """The same facts once the families' files have changed: people move, and nobody's place is written over."""
        if not changes:
            return self
        moved = {pid for people in changes.values() for pid in people}
        families: dict[int, FamilyDoc] = {
            number: {
                "people": {p: d for p, d in family["people"].items() if p not in moved or p in changes.get(number, ())}
            }
            for number, family in self.families.items()
        }
        for number, people in changes.items():
            families[number] = {"people": {**families.get(number, {"people": {}})["people"], **people}}
        return replace(self, families=families, before=self.families)

    def moved(self) -> list[str]:
        """The children whose place the event changes, their own or what they have of their mother's (rule C)."""
        was = {pid: doc for family in (self.before or {}).values() for pid, doc in family["people"].items()}
        now: dict[str, Any] = {pid: doc for family in self.families.values() for pid, doc in family["people"].items()}

        def moves(p: str, d: PersonDoc) -> bool:
            m = d.get("mother", "")
            hers: Any = was.get(m, {})
            return was[p] != d or (m in now and any(hers.get(k) != now[m].get(k) for k in of_its_mothers(d)))

        return [
            p
            for p, d in now.items()
            if p in was and "died" not in d and "same_as" not in d and moves(p, d) and self._is_child(p)
        ]

    def person_before(self, pid: str) -> PersonDoc | None:
        """The person's place as it was before the event changed it."""
        for family in (self.before or {}).values():
            if (doc := family["people"].get(pid)) is not None:
                return doc
        return None

    def snapshot(self) -> dict[str, Any]:
        """The facts as JSON; families and cover by their versions, which are never changed once written."""
        kept: dict[str, Any] = {
            "now": self.at,
            "cover": self.cover.version,
            "publisher": self.publisher.id,
            "who": [tuple(w) for w in self.who],
            "families": {str(f): v for f, v in self.versions.items()},
        }
        # A slice is a plain tuple, and quicker made than by `tuple`; what had no record when it was kept is left so.
        if history := {p: [h[:] if h.record else h[:4] for h in past] for p, past in self.history.items() if past}:
            kept["history"] = history
        if involved := {p: [tuple(i) for i in some] for p, some in self.involved.items() if some}:
            kept["involved"] = involved
        if self.earlier:
            kept["earlier"] = self.earlier.snapshot()
        if self.others:
            kept["others"] = list(self.others)
        return kept

    @classmethod
    def restore(cls, kept: Mapping[str, Any], cover: Cover, families: Mapping[int, FamilyDoc]) -> "Facts":
        """The facts as they were, from a snapshot and the versions it names."""
        earlier = kept.get("earlier")
        return cls(
            now=datetime.fromisoformat(kept["now"]),
            cover=cover,
            publisher=cover.publishers[kept["publisher"]],
            who=tuple(Who(*w) for w in kept["who"]),
            families=families,
            versions={int(f): v for f, v in kept["families"].items()},
            history={p: [Happening(*h) for h in hs] for p, hs in kept.get("history", {}).items()},
            earlier=Earlier.restore(earlier) if earlier else None,
            others=tuple(kept.get("others", ())),
            involved={p: [Involved(*i) for i in some] for p, some in kept.get("involved", {}).items()},
        )


def years_old(person: PersonDoc, on: date) -> int:
    """Whole years on a day; -1 for somebody whose birth date is not known or who is not born."""
    born = person.get("born")
    if born is None:
        return -1
    y, m, d = int(born[:4]), int(born[5:7]), int(born[8:10])
    return on.year - y - ((on.month, on.day) < (m, d))


@lru_cache(maxsize=64)
def _written(moment: datetime) -> str:
    return moment.isoformat()


@dataclass(slots=True, eq=False)
class Child:
    """One child, born or unborn, as conditions and summaries see it; never written to."""

    id: str
    doc: PersonDoc
    mother: PersonDoc | None
    age: int
    """Whole years at the time of the event, 0 if that was before the birth; -1 unborn or not known."""
    unborn: bool
    slot: str | None
    """Where the event names this child; None: found in the directory."""
    withheld_here: bool = False
    """Whether this event itself says that the whereabouts are withheld."""

    @property
    def restricted(self) -> bool:
        """Whether the child's whereabouts are withheld, by the directory, the mother's place in it, or this event."""
        return self.withheld_here or bool(self.doc.get("restricted") or (self.mother or {}).get("restricted"))

    @property
    def of_no_known_age(self) -> bool:
        """Whether nobody can tell how old the child is, though it is born and somebody on record."""
        return self.age < 0 and not self.unborn and "unjoined" not in self.doc

    @property
    def also_known_as(self) -> tuple[str, ...]:
        """Other ids under which events, clocks and deliveries about this child were kept."""
        return tuple(self.doc.get("merged", ()))

    def live_flags(self, on: date) -> list[FlagDoc]:
        """Flags raised by that day and not ended; an unborn child's include those on its mother's pregnancy."""
        return live(self.doc.get("flags", ()), on)


def live(flags: Iterable[FlagDoc], on: date) -> list[FlagDoc]:
    """Of these flags, those raised by that day and not ended."""
    day = on.isoformat()
    return [f for f in flags if f["since"] <= day and not f.get("ended", "9999") <= day]


def child_of(facts: Facts, pid: str, event: Event, slot: str | None = None) -> Child:
    """A child's view: place and team as of now, age as of the event (architecture.md)."""
    doc = facts.person(pid) or {}
    mother = facts.person(doc["mother"]) if "mother" in doc else None
    on = day_of(event.time)
    years = years_old(doc, on)
    if doc.get("born"):  # dated before the birth, by a wrong clock or a late word of it: of a newborn all the same
        years = max(0, years)
    withheld = withholds_whereabouts(event.body)
    return Child(pid, doc, mother, years, is_unborn(doc), slot, withheld)


ADULT_ROLES = frozenset({Role.ADULT.value, Role.MOTHER.value, Role.FATHER.value, Role.PARTNER.value})
_WHOSE = {
    "every child of the adult": ADULT_ROLES,
    "every child of the mother": frozenset({Role.MOTHER.value}),
}
"""By whom children are found whom an event does not name."""
CHILD_ROLES = frozenset({Role.CHILD.value, Role.UNBORN.value})


def children_concerned(event: Event, facts: Facts, policy: "Policy") -> list[Child]:
    """The children whose recipients the rule book considers, each once, those the event names first (rules C, D)."""
    found: dict[str, str | None] = {}
    for who in facts.who:
        if who.person and who.role in CHILD_ROLES:
            found.setdefault(who.person, who.slot)
    whose = _WHOSE.get(policy.concerning)
    if whose:
        for who in facts.who:
            if who.person and who.role in whose:
                for pid in facts.children_of(who.person):
                    found.setdefault(pid, None)
    if policy.concerning == "every child it moves":
        for pid in facts.moved():
            found.setdefault(pid, None)
    if policy.follows is not None and policy.thing is not None:
        thing, first = str(getattr(event.data, policy.thing)), (policy.follows.event_type,)
        for pid in sorted(facts.history):
            doc = facts.person(pid) or {}
            if "died" not in doc and "same_as" not in doc and facts.stands(pid, first, thing):
                found.setdefault(pid, None)
    return [child_of(facts, pid, event, slot) for pid, slot in found.items()]
