"""How an event changes a family's file: pure, and an older word never overwrites a newer (rules A, B; H3, H6)."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from contracts.directory import GpRegistrationChanged, SchoolChanged
from contracts.flags import SafeguardingFlagChanged
from contracts.parts.services import Service
from router.directory import AsOf, FlagDoc, PersonDoc, Team
from router.events import Event, moment
from router.facts import CHILD_ROLES, Facts

Doc = dict[str, Any]
"""A person's place while it is being changed."""


class Lives(NamedTuple):
    """A child who was recorded as dead in error: clocks that had stopped for that run again (`Plan.lives`)."""

    child: str
    """The id that its clocks have: its own, or one from before it was joined to another."""
    now: str
    """Its own id."""


class Changed(NamedTuple):
    """What an event changes, and what only a person may decide."""

    people: dict[int, dict[str, PersonDoc]]
    """family → person → the person's new place in the file."""
    doubts: tuple[tuple[str, str], ...] = ()
    """(where in the event, what must be decided, in words that name nobody)."""
    lives: tuple[Lives, ...] = ()
    """Who had been recorded as dead in error."""


def gp_registered(event: Event, facts: Facts) -> Changed:
    """Each person named is registered with the new practice, or with none; the practice's 'not ours' of old is over."""
    said: Any = event.data
    assert isinstance(said, GpRegistrationChanged)
    new = {"practice": said.practice} if isinstance(said.practice, str) else {}

    def register(doc: Doc) -> None:
        belongs_again(doc, facts, Service.GP, lambda team: said.practice in team.covers.get("practices", ()))

    return _each(event, facts, "practice", ("practice",), new, register)


def school_changed(event: Event, facts: Facts) -> Changed:
    """The child goes to another school, or to none: home-educated is told from not in education (rule B)."""
    said: Any = event.data
    assert isinstance(said, SchoolChanged)
    new: Doc = {"education": said.education}
    if isinstance(said.school, str):
        new["school"] = said.school

    def enrol(doc: Doc) -> None:
        belongs_again(doc, facts, Service.SN)

    return _each(event, facts, "school", ("school", "education"), new, enrol)


def _each(
    event: Event, facts: Facts, part: str, keys: tuple[str, ...], new: Doc, also: Callable[[Doc], None]
) -> Changed:
    """Write `new` into every named person's `part`; a cancelled event gives back what was there before."""
    people: dict[int, dict[str, PersonDoc]] = {}
    for number, pid, doc in named_in(facts):
        if event.action == "cancel":
            if not wrote(event, doc, part):
                continue
            take_back(doc, part, keys)
        elif not is_newer(event, doc, part):
            continue
        else:
            write(event, doc, part, keys, new)
            also(doc)
        people.setdefault(number, {})[pid] = as_place(doc)
    return Changed(people)


def flag_changed(event: Event, facts: Facts) -> Changed:
    """The flag stands as this event says, unless a newer word of it is on file; an ended one is kept (F05, H6)."""
    said: Any = event.data
    assert isinstance(said, SafeguardingFlagChanged)
    flag: FlagDoc = {
        "flag_id": said.flag_id,
        "kind": said.kind,
        "since": said.since.isoformat(),
        "authority": said.authority,
        "contact": said.contact.model_dump(mode="json"),
        "by": event.publisher,
        "said_at": moment(event),
    }
    if event.sequence is not None:
        flag["sequence"] = event.sequence
    if event.action == "cancel":
        flag["ended"] = flag["since"]
    elif said.ended_on is not None:
        flag["ended"] = said.ended_on.isoformat()
    people: dict[int, dict[str, PersonDoc]] = {}
    children = {w.person for w in facts.who if w.role in CHILD_ROLES}  # an unborn child's mother is named with it
    for number, pid, doc in named_in(facts):
        if pid not in children:
            continue
        flags = list(doc.get("flags", ()))
        at = next((i for i, f in enumerate(flags) if same_flag(f) == same_flag(flag)), None)
        if at is not None and _is_older_flag(flag, flags[at]):
            continue
        flags[slice(at, None if at is None else at + 1)] = [flag] if at is not None else [*flags, flag]
        doc["flags"] = flags
        people.setdefault(number, {})[pid] = as_place(doc)
    return Changed(people)


def same_flag(flag: FlagDoc) -> tuple[str, str]:
    """What makes two words of one flag: its publisher's own id for it."""
    return flag["by"], flag["flag_id"]


def _is_older_flag(new: FlagDoc, kept: FlagDoc) -> bool:
    if "sequence" in new and "sequence" in kept:
        return int(new["sequence"]) < int(kept["sequence"])
    return new.get("said_at", "") < kept.get("said_at", "")


def named_in(facts: Facts) -> list[tuple[int, str, Doc]]:
    """(family, person, a copy of the place) of each subject that was joined, once."""
    home_of = families_of(facts)
    found = dict.fromkeys(w.person for w in facts.who if w.person and w.slot.startswith("subjects."))
    return [(home_of[p], p, dict(facts.person(p) or {})) for p in found]


def families_of(facts: Facts) -> dict[str, int]:
    """Person → family."""
    return {pid: number for number, family in facts.families.items() for pid in family["people"]}


def one_file(facts: Facts, together: Iterable[str], people: Mapping[str, PersonDoc]) -> dict[int, dict[str, PersonDoc]]:
    """Changed people in their files; where people of several families belong together, all of them move into one.

    Families are joined and never parted: a child, its mother and the history of both stay under one lock."""
    home_of = families_of(facts)
    numbers = sorted({home_of[p] for p in together if p in home_of})
    into: dict[str, PersonDoc] = {}
    for number in numbers[1:]:
        into |= facts.families[number]["people"]
    out: dict[int, dict[str, PersonDoc]] = {numbers[0]: into} if into else {}
    for pid, doc in people.items():
        home = home_of.get(pid, numbers[0])
        out.setdefault(numbers[0] if home in numbers else home, {})[pid] = doc
    return out


def write(event: Event, doc: Doc, part: str, keys: tuple[str, ...], new: Doc) -> None:
    """Put a part of the place in, and remember since when, by which record, and what was there before that record.

    A correction remembers what was there before the first version, and not what that version said in error."""
    as_of = as_of_event(event)
    corrects = wrote(event, doc, part)
    before = doc["as_of"][part].get("before") if corrects else {k: doc[k] for k in keys if k in doc}
    if before:
        as_of["before"] = before
    for key in keys:
        doc.pop(key, None)
    doc |= new
    doc["as_of"] = {**doc.get("as_of", {}), part: as_of}


def take_back(doc: Doc, part: str, keys: tuple[str, ...]) -> None:
    """What was there before the event that is taken back; nothing where that is not known, and rule G then asks."""
    before = doc["as_of"][part].get("before", {})
    for key in keys:
        doc.pop(key, None)
    doc |= before
    doc["as_of"] = {k: v for k, v in doc["as_of"].items() if k != part}


def as_of_event(event: Event) -> AsOf:
    """Since when a part is as this event says, and by which record."""
    as_of: AsOf = {"at": moment(event), "by": event.publisher}
    if event.data.record_id:
        as_of["record"] = event.data.record_id
    return as_of


def is_newer(event: Event, doc: Doc, part: str) -> bool:
    """Whether nothing newer is on file; a correction of the record that wrote it counts as newer."""
    known = doc.get("as_of", {}).get(part)
    return known is None or known["at"] <= moment(event) or wrote(event, doc, part)


def wrote(event: Event, doc: Doc, part: str) -> bool:
    """Whether this part of the place is as an earlier version of the same record said."""
    known = doc.get("as_of", {}).get(part)
    if known is None or event.data.record_id is None:
        return False
    return (known.get("by"), known.get("record")) == (event.publisher, event.data.record_id)


def belongs_again(doc: Doc, facts: Facts, service: Service, of: Callable[[Team], bool] = lambda team: True) -> None:
    """Where the child's place has changed, what teams of that service said of the old place no longer holds."""
    teams = facts.cover.teams
    if "not_ours" in doc:
        doc["not_ours"] = [
            t for t in doc["not_ours"] if t not in teams or teams[t].service is not service or not of(teams[t])
        ]
    if "redirected" in doc:
        doc["redirected"] = {s: t for s, t in doc["redirected"].items() if s != service.value}


def as_place(doc: Doc) -> PersonDoc:
    """A place in the file as it is kept: what is empty is left out, but for an expected date that is not known."""
    kept: Any = {k: v for k, v in doc.items() if k == "expected" or v not in ([], {}, None)}
    return kept  # type: ignore[no-any-return]
