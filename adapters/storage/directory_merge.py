"""What a family's file becomes when the directory is loaded again: the file's word, and what only the ledger knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from router.directory import FamilyDoc, PersonDoc

LEARNT = ("not_ours", "redirected", "before_birth")
"""What named persons and births said: a directory file does not know it, so its silence takes nothing away."""


@dataclass(slots=True)
class Families:
    """The files of some families, who is in which, and what a load changes about them."""

    files: dict[int, FamilyDoc]
    homes: dict[str, int]
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    moved: list[tuple[str, int, int]] = field(default_factory=list)
    """(person, old family, new family)."""


def merged(
    lines: Sequence[tuple[Mapping[str, PersonDoc], int | None]], families: Families, fresh: Sequence[int]
) -> Families:
    """The families after these lines of the file; a line without a number is a new family."""
    numbers = iter(fresh)
    for people, known in lines:
        number = known if known is not None else next(numbers)
        if known is None:
            families.new.add(number)
        _one(people, number, families)
    return families


def _one(people: Mapping[str, PersonDoc], number: int, families: Families) -> None:
    before = families.files.get(number, {"people": {}})["people"]
    after: dict[str, PersonDoc] = {}
    for pid, doc in people.items():
        home = families.homes.get(pid)
        old = families.files[home]["people"].get(pid, {}) if home in families.files else {}
        after[pid] = with_what_was_learnt(doc, old)
        if home is not None and home != number:
            _leaves(pid, home, number, families)
        families.homes[pid] = number
    after |= {pid: doc for pid, doc in before.items() if pid not in after}
    if after != before:
        families.files[number] = {"people": after}
        families.changed.add(number)


def _leaves(pid: str, home: int, number: int, families: Families) -> None:
    rest = {p: d for p, d in families.files[home]["people"].items() if p != pid}
    families.files[home] = {"people": rest}
    families.changed.add(home)
    families.moved.append((pid, home, number))


def with_what_was_learnt(doc: PersonDoc, old: PersonDoc) -> PersonDoc:
    """The file's word on one person, with what only the ledger knows; a flag that an event raised is never lost."""
    known: dict[str, Any] = {name: old[name] for name in LEARNT if name in old and name not in doc}  # type: ignore[literal-required]
    raised = [f for f in old.get("flags", ()) if "sequence" in f]
    if raised:
        ids = {f["flag_id"] for f in raised}
        known["flags"] = [*(f for f in doc.get("flags", ()) if f["flag_id"] not in ids), *raised]
    earlier = [n for n in old.get("formerly", ()) if n not in doc.get("formerly", ()) and n != doc.get("nhs")]
    if old.get("nhs") and "nhs" in doc and old["nhs"] != doc["nhs"] and old["nhs"] not in earlier:
        earlier.append(old["nhs"])
    if earlier:
        known["formerly"] = [*doc.get("formerly", ()), *earlier]
    return cast(PersonDoc, {**doc, **known}) if known else doc


def renamed(people: Mapping[str, PersonDoc], names: Mapping[str, str]) -> dict[str, PersonDoc]:
    """A family in which some people have the ledger's id and not the file's, wherever they are named."""
    out: dict[str, PersonDoc] = {}
    for pid, doc in people.items():
        new = cast(PersonDoc, dict(doc))
        if "parents" in new:
            new["parents"] = [[names.get(who, who), relation] for who, relation in new["parents"]]
        for name in ("mother", "before_birth"):
            if name in new:
                new[name] = names.get(new[name], new[name])  # type: ignore[literal-required]
        out[names.get(pid, pid)] = new
    return out
