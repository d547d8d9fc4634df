"""From bump to baby: the unborn child's place in the file, and how a birth changes it (rule C; H12, H13)."""

from collections.abc import Mapping
from typing import Any

from contracts.directory import Baby, BirthNotified
from contracts.parts.people import NhsNumberStatus, PersonName, Role
from router.directory import PersonDoc, is_unborn
from router.events import Event
from router.facts import Facts, Who
from router.family_birth_notes import (
    NOT_UNDONE,
    NUMBER_OF_TWO,
    TWO_MOTHERS,
    WHOSE_CHILD,
    WHOSE_NUMBER,
    before_this,
    living_again,
    not_noted,
    noted,
    number_in_use,
    taken_back,
    took_over,
)
from router.family_file import Changed, Doc, as_place, one_file, same_flag
from router.identity import babies_named
from router.moments import day_of

FROM_THE_MOTHER = ("household", "area", "authority", "restricted")
"""Where a baby lives until somebody says otherwise."""


def place_of_pregnancy(
    people: Mapping[str, Any], mother: str, pregnancy: str | None, *, named: bool = False
) -> str | None:
    """The place that a pregnancy has in the file, before the birth and after; None where it has none, or not one.

    `named`: only by its own name, and not as the one unborn child that there is."""
    own = {
        p: d for p, d in people.items() if d.get("mother") == mother and "same_as" not in d and "before_birth" not in d
    }
    found = [p for p, d in own.items() if pregnancy and d.get("pregnancy") == pregnancy]
    if not found and not named:
        found = [p for p, d in own.items() if is_unborn(d)]
    return found[0] if len(found) == 1 else None


def born(event: Event, facts: Facts) -> Changed:
    """The unborn child's place becomes the first living baby's; a twin gets one that follows it.

    Who died is marked so. A baby that was on record by its number before the birth was told takes over the unborn
    child's history and clocks. Told twice (by the midwife and by the national feed), a birth has one effect; corrected,
    it is told as if it had not been told before; cancelled, it never was."""
    said: Any = event.data
    assert isinstance(said, BirthNotified)
    if event.action == "cancel":
        return taken_back(event, facts)
    who = {w.slot: w for w in facts.who}
    mother = next((w for w in facts.who if w.role == Role.MOTHER.value and w.person), None)
    if mother is None or mother.person is None or mother.family is None:
        return Changed({})
    before = before_this(event, facts)
    older = not_noted(event, facts) if event.action == "update" else frozenset()
    file: Mapping[str, Any] = {**facts.families[mother.family]["people"], **before}
    place = place_of_pregnancy(file, mother.person, said.pregnancy_id)
    unborn = dict(file[place]) if place is not None else {}
    people: dict[str, Doc] = {}
    babies: dict[str, Baby] = {}
    doubts, lives = [], []
    bearers = _bearers(said, facts)
    for slot, baby, _ in babies_named(said):
        one = who.get(slot)
        if one is None or one.person is None:
            continue
        known = before.get(one.person, dict(facts.person(one.person) or {}))
        if known.get("mother", mother.person) != mother.person:
            corrects = one.person in before or one.person in older
            doubts.append((slot, WHOSE_CHILD if corrects else TWO_MOTHERS))
            continue
        of_all = unborn if one.person == place else _of_the_pregnancy(unborn)
        doc = {**_home(file[mother.person]), **of_all, **known}
        doc |= {"mother": mother.person, "pregnancy": said.pregnancy_id, "flags": _flags(of_all, doc)}
        doc = _delivered(event, one, baby, doc, place)
        was = dict(facts.person(one.person) or {})
        if one.person in before and doc.get("nhs") != was.get("nhs") and number_in_use(facts, one.person, was):
            doc["nhs"] = was["nhs"]
            doubts.append((slot, WHOSE_NUMBER))
        others = [d.get("nhs") for p, d in {**file, **people}.items() if p != one.person]
        if "nhs" in doc and (doc["nhs"] in others or bearers.get(doc["nhs"], one.person) != one.person):
            del doc["nhs"]
            doubts.append((slot, NUMBER_OF_TWO))
        if one.person in older and (still := _not_as_said(baby, doc)):
            doubts.append((slot, NOT_UNDONE.format("corrected", still)))
        people[one.person], babies[one.person] = doc, baby
        lives += living_again(one.person, was, doc)
    heir = None
    if place is not None and place not in people and people and is_unborn(file[place]):
        heir = next((p for p, d in people.items() if "died" not in d), next(iter(people)))
        merged: Doc = {k: v for k, v in people[heir].items() if k != "before_birth"}
        people[heir] = {**merged, "merged": [*merged.get("merged", ()), place]}
    written: dict[str, PersonDoc] = {}
    for pid, doc in people.items():
        base = before.get(pid, dict(facts.person(pid) or {}))
        doc = noted(event, facts, pid, babies[pid], base, dict(as_place(doc)))
        written[pid] = as_place(took_over(doc, place, unborn) if pid == heir and place else doc)
    if heir is not None and place is not None:
        written[place] = as_place({**unborn, "same_as": heir})
    return Changed(one_file(facts, [*written, mother.person], written), tuple(doubts), tuple(lives))


def _delivered(event: Event, one: Who, baby: Baby, doc: Doc, place: str | None) -> Doc:
    day = day_of(baby.born_at).isoformat()
    doc.setdefault("born", day)
    doc.setdefault("parents", [[doc["mother"], "mother"]])
    doc.pop("expected", None)
    if baby.outcome != "live":
        doc["died"] = day
    if place is not None and one.person != place:
        doc["before_birth"] = place
    if one.slot.startswith("subjects."):
        subject = event.data.subjects[int(one.slot.split(".")[1])]
        if isinstance(subject.name, PersonName):
            doc["name"] = subject.name.model_dump()
        if subject.nhs_number and subject.nhs_number_status is NhsNumberStatus.VERIFIED:
            doc.setdefault("nhs", subject.nhs_number)
        if isinstance(subject.gp_practice, str):
            doc.setdefault("practice", subject.gp_practice)
    return doc


def _bearers(said: BirthNotified, facts: Facts) -> dict[str, str]:
    """NHS number → the baby that bears it on file and is told of with it again: it stays that one's, in whatever order
    a correction lists them."""
    who = {w.slot: w.person for w in facts.who}
    known = [(baby.nhs_number, who.get(slot)) for slot, baby, _ in babies_named(said)]
    return {nhs: p for nhs, p in known if nhs and p and (facts.person(p) or {}).get("nhs") == nhs}


def _not_as_said(baby: Baby, doc: Doc) -> str:
    """What is on file of a birth whose first version was not noted, and is not what its correction says."""
    wrong = ["the day of birth"] if doc["born"] != day_of(baby.born_at).isoformat() else []
    wrong += ["that it died"] if baby.outcome == "live" and "died" in doc else []
    wrong += ["its NHS number"] if baby.nhs_number and doc.get("nhs") != baby.nhs_number else []
    return ", ".join(wrong)


def _home(mother: Mapping[str, Any]) -> Doc:
    return {k: v for k, v in mother.items() if k in FROM_THE_MOTHER}


def _of_the_pregnancy(place: Doc) -> Doc:
    """What a baby has of the place of a pregnancy: all of it, or what is not its twin's alone, who was told before."""
    if "born" not in place:
        return place
    flags = [f for f in place.get("flags", ()) if f["since"] <= place["born"]]
    return {k: place[k] for k in (*FROM_THE_MOTHER, "parents") if k in place} | {"flags": flags}


def _flags(unborn: Doc, known: Doc) -> list[Any]:
    """Those of the pregnancy are every baby's."""
    flags = list(known.get("flags", ()))
    have = {same_flag(f) for f in flags}
    return flags + [f for f in unborn.get("flags", ()) if same_flag(f) not in have]
