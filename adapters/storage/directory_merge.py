"""What a family's file becomes when the directory is loaded again: a newer word wins, part by part, and what only the
ledger can know stays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from router.directory import FamilyDoc, PersonDoc

LEARNT = ("not_ours", "redirected", "before_birth", "merged", "died", "care", "unjoined")
"""What named persons, births, placements and joined records said: a file's silence takes none of it away."""
PARTS = {
    "practice": ("practice",),
    "school": ("school", "education"),
    "address": ("area", "authority", "restricted", "household"),
}
"""A part of a place → its fields; `as_of` says since when an event made it so."""
_GIVES_AWAY = ("area", "authority", "practice")


@dataclass(slots=True)
class Families:
    """The files of some families, who is in which, and what a load changes about them."""

    files: dict[int, FamilyDoc]
    homes: dict[str, int]
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    moved: list[tuple[str, int, int]] = field(default_factory=list)
    """(person, old family, new family)."""


def together(rows: Sequence[tuple[int, Sequence[int], bool]]) -> list[list[int]]:
    """Lines that are one family in the ledger, or become one by being read, in groups; those that hold nothing new are
    left out. `rows`: (line, its families in the ledger, whether it is there to the byte)."""
    parent: dict[int, int] = {}

    def root(number: int) -> int:
        while parent.setdefault(number, number) != number:
            number = parent[number]
        return number

    for _, numbers, _ in rows:
        for number in numbers:
            parent[root(number)] = root(numbers[0])
    groups: dict[tuple[bool, int], list[int]] = {}
    news: set[tuple[bool, int]] = set()
    for line, numbers, same in rows:
        key = (True, root(numbers[0])) if numbers else (False, line)
        groups.setdefault(key, []).append(line)
        if not same:
            news.add(key)
    return [lines for key, lines in groups.items() if key in news]


def merge(lines: Sequence[Mapping[str, PersonDoc]], families: Families, fresh: int, as_of: str) -> bool:
    """One family of the ledger after the lines that belong to it; whether `fresh` was used as a new number.

    Families are joined and never parted: a child, its mother and the history of both stay under one lock. `as_of` is
    the day of the file: what an event said of that day or later wins over it."""
    named = [pid for people in lines for pid in people]
    known = sorted({families.homes[pid] for pid in named if pid in families.homes})
    number = known[0] if known else fresh
    before: dict[str, PersonDoc] = {}
    for home in known:
        before |= families.files.get(home, {"people": {}})["people"]
    after: dict[str, PersonDoc] = {}
    for people in lines:
        after |= {pid: with_what_was_learnt(doc, before.get(pid, {}), as_of) for pid, doc in people.items()}
    after |= {pid: doc for pid, doc in before.items() if pid not in after}
    for home in known[1:]:
        families.moved += [(pid, home, number) for pid in families.files.get(home, {"people": {}})["people"]]
        families.files[home] = {"people": {}}
        families.changed.add(home)
    if after != families.files.get(number, {"people": {}})["people"]:
        families.files[number] = {"people": after}
        families.changed.add(number)
    families.homes |= dict.fromkeys(after, number)
    if not known:
        families.new.add(number)
    return not known


def with_what_was_learnt(doc: PersonDoc, old: PersonDoc, as_of: str) -> PersonDoc:
    """The file's word on one person, and over it what events said later and what only the ledger knows."""
    if not old or old == doc:
        return doc
    if "same_as" in old:
        return old
    new: dict[str, Any] = dict(doc)
    was = cast(dict[str, Any], old)
    new |= {name: was[name] for name in LEARNT if name in was and name not in new}
    since: dict[str, Any] = dict(was.get("as_of", {}))
    for part, names in PARTS.items():
        _newer(part, names, new, was, since, as_of)
    _caseload(new, was, since, as_of)
    _flags(new, was)
    _numbers(new, was)
    if was.get("restricted") and "address" in since and not doc.get("restricted"):
        new["restricted"] = True  # an event restricted it, and only an event may say that it is open (H3)
        new = {name: value for name, value in new.items() if name not in _GIVES_AWAY}
    if since:
        new["as_of"] = since
    return cast(PersonDoc, new)


def _newer(
    part: str, names: Sequence[str], new: dict[str, Any], was: Mapping[str, Any], since: dict[str, Any], as_of: str
) -> None:
    said = since.get(part)
    if said is None:
        return
    if said["at"] > as_of:
        for name in names:
            new.pop(name, None)
        new |= {name: was[name] for name in names if name in was}
    elif any(new.get(name) != was.get(name) for name in names):
        since[part] = {"at": as_of}


def _caseload(new: dict[str, Any], was: Mapping[str, Any], since: Mapping[str, Any], as_of: str) -> None:
    """Teams about which an event spoke later than the file: they hold the child as the ledger has it, or no more."""
    later = {p.partition(":")[2] for p, said in since.items() if p.startswith("caseload:") and said["at"] > as_of}
    if not later:
        return
    held = {s: h for s, h in new.get("caseload", {}).items() if h["team"] not in later}
    held |= {s: h for s, h in was.get("caseload", {}).items() if h["team"] in later}
    services = [s for s in new.get("services", ()) if s["team"] not in later]
    services += [s for s in was.get("services", ()) if s["team"] in later]
    for name, value in (("caseload", held), ("services", services)):
        new.pop(name, None)
        if value:
            new[name] = value


def _flags(new: dict[str, Any], was: Mapping[str, Any]) -> None:
    """A flag that an event raised or ended is never lost, nor overwritten."""
    raised = [f for f in was.get("flags", ()) if "said_at" in f or "sequence" in f]
    if raised:
        theirs = {(f["by"], f["flag_id"]) for f in raised}
        new["flags"] = [*(f for f in new.get("flags", ()) if (f["by"], f["flag_id"]) not in theirs), *raised]


def _numbers(new: dict[str, Any], was: Mapping[str, Any]) -> None:
    earlier = [n for n in was.get("formerly", ()) if n not in new.get("formerly", ()) and n != new.get("nhs")]
    if was.get("nhs") and "nhs" in new and was["nhs"] != new["nhs"]:
        earlier += [n for n in (was["nhs"],) if n not in earlier and n not in new.get("formerly", ())]
    if earlier:
        new["formerly"] = [*new.get("formerly", ()), *earlier]


def renamed(people: Mapping[str, PersonDoc], names: Mapping[str, str]) -> dict[str, PersonDoc]:
    """A family in which some people have the ledger's id and not the file's, wherever they are named."""
    out: dict[str, PersonDoc] = {}
    for pid, doc in people.items():
        new: dict[str, Any] = dict(doc)
        if "parents" in new:
            new["parents"] = [[names.get(who, who), relation] for who, relation in new["parents"]]
        for name in ("mother", "before_birth"):
            if name in new:
                new[name] = names.get(new[name], new[name])
        out[names.get(pid, pid)] = cast(PersonDoc, new)
    return out
