"""Who lives where and with whom: a new address, and the families that it joins (rules A, D, G; H3)."""

from collections.abc import Iterable
from typing import Any

from contracts.directory import AddressChanged
from contracts.parts.services import Service
from router.directory import PersonDoc, is_unborn
from router.events import Event, moment, stable_id
from router.facts import Facts
from router.family_file import (
    Changed,
    Doc,
    as_place,
    belongs_again,
    families_of,
    is_newer,
    named_in,
    one_file,
    take_back,
    write,
    wrote,
)

WHERE = ("area", "authority", "restricted", "household")
"""What an address is in the file: no line of it."""
MAY_LIFT = frozenset({Service.PDS, Service.CSC})
"""Who may say, besides whoever restricted it, that an address is no longer restricted."""
_NOT_LIFTED = "a restricted address was said to be open by somebody who did not restrict it"
_TAKEN_BACK = "a restricted address was taken back; a person must say whether it still is restricted"


def moved(event: Event, facts: Facts) -> Changed:
    """The subjects live elsewhere, with the people listed; families of one household become one file.

    A restricted address clears area, authority and practice, also of those who live there (H3). Nobody's restriction
    is lifted by being listed. Those at a restricted address who are of another family are not of the household: two
    families in one refuge have nothing to do with each other."""
    said: Any = event.data
    assert isinstance(said, AddressChanged)
    if event.action == "cancel":
        return _taken_back(event, facts)
    subjects = [pid for _, pid, _ in named_in(facts)]
    doubts = [("subjects.0", _NOT_LIFTED) for pid in subjects if not _may_write(event, facts, pid)]
    subjects = [pid for pid in subjects if _may_write(event, facts, pid)]
    if not subjects:
        return Changed({}, tuple(doubts[:1]))
    together = [*subjects, *_living_with(facts, subjects, said.restricted)]
    place = _place(said) | {"household": stable_id("household", *sorted(together))}
    people: dict[str, PersonDoc] = {}
    for pid in together:
        doc: Doc = dict(facts.person(pid) or {})
        if is_newer(event, doc, "address"):
            _move(event, facts, doc, place)
            people[pid] = as_place(doc)
            people |= _with_their_mother(facts, pid, doc)
    return Changed(one_file(facts, list(people), people), tuple(doubts[:1]))


def _place(said: AddressChanged) -> Doc:
    place: Doc = {"restricted": True} if said.restricted else {}
    if isinstance(said.residence, str):
        place["area"] = said.residence
    if isinstance(said.home_authority, str):
        place["authority"] = said.home_authority
    return place


def _move(event: Event, facts: Facts, doc: Doc, place: Doc) -> None:
    was_hidden = doc.get("restricted")
    write(event, doc, "address", WHERE, place)
    if was_hidden and "restricted" not in place:  # whoever takes this back restores the restriction, if nothing else
        as_of = doc["as_of"]["address"]
        as_of["before"] = {**as_of.get("before", {}), "restricted": True}
    if "restricted" in place:
        doc.pop("practice", None)
        hidden = doc["as_of"]["address"]
        hidden.pop("before", None)
        doc["as_of"] = {**doc["as_of"], "address": hidden, "practice": {"at": moment(event)}}
    for service in (Service.HV, Service.SN):
        belongs_again(doc, facts, service)


def _with_their_mother(facts: Facts, mother: str, home: Doc) -> dict[str, PersonDoc]:
    """Her unborn children live in her household; what teams of the old place said of them no longer holds (rule C)."""
    moved: dict[str, PersonDoc] = {}
    for family in facts.families.values():
        for pid, known in family["people"].items():
            if known.get("mother") == mother and is_unborn(known) and "same_as" not in known:
                doc: Doc = {**known, "household": home.get("household")}
                for service in (Service.HV, Service.SN):
                    belongs_again(doc, facts, service)
                moved[pid] = as_place(doc)
    return moved


def _living_with(facts: Facts, subjects: Iterable[str], restricted: bool) -> list[str]:
    """Those listed who are taken to live there."""
    listed = [w.person for w in facts.who if w.person and w.slot.startswith("living.")]
    listed = [p for p in dict.fromkeys(listed) if p not in subjects]
    if restricted:
        home_of = families_of(facts)
        own = {home_of[s] for s in subjects}
        return [p for p in listed if home_of[p] in own]
    return [p for p in listed if not (facts.person(p) or {}).get("restricted")]


def _may_write(event: Event, facts: Facts, pid: str) -> bool:
    """Whether this event may say where the person lives: not that an address is open which another restricted."""
    said: Any = event.data
    doc: Any = facts.person(pid) or {}
    if said.restricted or not doc.get("restricted"):
        return True
    by = doc.get("as_of", {}).get("address", {}).get("by")
    return by == event.publisher or facts.publisher.service in MAY_LIFT


def _taken_back(event: Event, facts: Facts) -> Changed:
    """A move that was cancelled, of all who moved by it; a restriction stays until a person says that it is none."""
    people: dict[int, dict[str, PersonDoc]] = {}
    doubts = []
    home_of = families_of(facts)
    for pid in dict.fromkeys(w.person for w in facts.who if w.person):
        number, doc = home_of[pid], dict(facts.person(pid) or {})
        if not wrote(event, doc, "address"):
            continue
        if doc.get("restricted"):
            doubts.append(("subjects.0", _TAKEN_BACK))
            continue
        take_back(doc, "address", WHERE)
        people.setdefault(number, {}).update({pid: as_place(doc), **_with_their_mother(facts, pid, doc)})
    return Changed(people, tuple(doubts[:1]))
