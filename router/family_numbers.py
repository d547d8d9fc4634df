"""One person's NHS number was replaced by another: what a machine may join, and what only a person may."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts.directory import NhsNumberSuperseded
from router.directory import PersonDoc
from router.events import Event, stable_id
from router.facts import Facts
from router.family_file import Changed, Doc, as_place, one_file, same_flag

_THIRD_NUMBER = "a person must say whose numbers these are: the one who bears the new one is named by another"


def superseded(event: Event, facts: Facts) -> Changed:
    """The old number finds the person too; two records become one where number, birth date and reason allow it.

    A duplicate merged, or a number corrected: joined. An adoption, a new identity or no reason given: a person's
    decision, in words that do not say which it was."""
    said: Any = event.data
    assert isinstance(said, NhsNumberSuperseded)
    if event.action == "cancel":
        return Changed({})
    who = {w.slot: w for w in facts.who}
    new, old = who["subjects.0"], who.get("old")
    if new.person is None or old is None or old.doubt is not None:
        return Changed({})
    if said.subjects[0].nhs_number != said.new:  # who was found bears a third number, and the new one may be another's
        return Changed({}, (("subjects.0", _THIRD_NUMBER),))
    bearer: Doc = dict(facts.person(new.person) or {})
    if old.person is not None and old.person != new.person:
        return _join(facts, old.person, new.person, said.old)
    if said.old in bearer.get("formerly", ()):
        return Changed({})
    if any(_bears(doc, (said.old, said.new)) for pid, doc in _everybody(facts) if pid != new.person):
        return Changed({}, (("subjects.0", _THIRD_NUMBER),))  # so a person may say, and two would bear one number
    bearer["nhs"] = said.new
    bearer["formerly"] = [n for n in _with(bearer.get("formerly", ()), said.old) if n != said.new]
    alias = as_place({"nhs": said.old, "born": bearer.get("born"), "same_as": new.person})
    # a number that was theirs before is theirs again: no two places may bear it
    again = [(pid, doc) for pid, doc in _aliases_of(facts, new.person) if doc.get("nhs") == said.new]
    people = {pid: as_place({**doc, "nhs": None}) for pid, doc in again}
    people |= {new.person: as_place(bearer), stable_id("superseded", said.old): alias}
    return Changed(one_file(facts, [new.person], people))


def may_be_twins(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two records of one birth date may be of twins: one mother, and two given names."""
    mother = one.get("mother")
    return mother is not None and mother == other.get("mother") and are_two_names(one.get("name"), other.get("name"))


def are_two_names(one: Any, other: Any) -> bool:
    """Whether both given names are known and differ; a coded absence is no name."""
    return len(set(_given(one, other))) == 2


def are_one_name(one: Any, other: Any) -> bool:
    """Whether both given names are known and the same."""
    given = _given(one, other)
    return len(given) == 2 and given[0] == given[1]


def _given(*names: Any) -> list[str]:
    return [str(name["given"]).casefold() for name in names if isinstance(name, Mapping) and "given" in name]


def _join(facts: Facts, old: str, new: str, number: str) -> Changed:
    before: Doc = dict(facts.person(old) or {})
    bearer: Doc = dict(facts.person(new) or {})
    joined = _one_place(before, bearer)
    joined["formerly"] = _with((*bearer.get("formerly", ()), *before.get("formerly", ())), number)
    joined["merged"] = [*bearer.get("merged", ()), *before.get("merged", ()), old]
    people = _renamed(facts, old, new)
    people[new] = as_place(joined)
    people[old] = as_place({"nhs": before.get("nhs"), "born": before.get("born"), "same_as": new})
    for pid, doc in _aliases_of(facts, old):
        people[pid] = as_place({**doc, "same_as": new})
    return Changed(one_file(facts, [old, new], people))


def _one_place(before: Doc, bearer: Doc) -> Doc:
    """Two places of one person as one: the bearer's own word first, lists together, restricted if either was (H3)."""
    out = {**before, **bearer}
    have = {same_flag(f) for f in bearer.get("flags", ())}
    out["flags"] = [*bearer.get("flags", ()), *(f for f in before.get("flags", ()) if same_flag(f) not in have)]
    out["services"] = _all(bearer, before, "services", lambda s: (s["service"], s["team"]))
    out["parents"] = _all(bearer, before, "parents", lambda p: p[0])
    out["not_ours"] = _all(bearer, before, "not_ours", lambda t: t)
    for name in ("caseload", "redirected", "as_of"):
        out[name] = {**before.get(name, {}), **bearer.get(name, {})}
    if before.get("restricted") or bearer.get("restricted"):
        out["restricted"] = True
        out = {k: v for k, v in out.items() if k not in ("area", "authority")}
    return out


def _all(bearer: Doc, before: Doc, name: str, key: Any) -> list[Any]:
    seen: dict[Any, Any] = {}
    for one in (*bearer.get(name, ()), *before.get(name, ())):
        seen.setdefault(key(one), one)
    return list(seen.values())


def _renamed(facts: Facts, old: str, new: str) -> dict[str, PersonDoc]:
    """Everybody whose parent or mother had the old id."""
    found: dict[str, PersonDoc] = {}
    for family in facts.families.values():
        for pid, doc in family["people"].items():
            parents = [[new if p[0] == old else p[0], p[1]] for p in doc.get("parents", ())]
            if parents != doc.get("parents", []) or doc.get("mother") == old:
                mother = {"mother": new} if doc.get("mother") == old else {}
                found[pid] = as_place({**doc, "parents": parents, **mother})
    return found


def _aliases_of(facts: Facts, person: str) -> list[tuple[str, PersonDoc]]:
    return [(pid, doc) for pid, doc in _everybody(facts) if doc.get("same_as") == person]


def _bears(doc: PersonDoc, numbers: tuple[str, str]) -> bool:
    return "same_as" not in doc and doc.get("nhs") in numbers


def _everybody(facts: Facts) -> list[tuple[str, PersonDoc]]:
    return [(pid, doc) for family in facts.families.values() for pid, doc in family["people"].items()]


def _with(numbers: Iterable[str], one: str) -> list[str]:
    return list(dict.fromkeys((*numbers, one)))
