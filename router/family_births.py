"""From bump to baby: the unborn child's place in the file, and how a birth changes it (rule C; H12, H13)."""

from collections.abc import Mapping
from typing import Any

from contracts.directory import Baby, BirthNotified
from contracts.parts.people import NhsNumberStatus, PersonName, Role
from router.directory import PersonDoc, is_unborn
from router.events import Event
from router.facts import Facts, Who
from router.family_file import Changed, Doc, as_place, one_file, same_flag
from router.identity import babies_named
from router.moments import day_of

FROM_THE_MOTHER = ("household", "area", "authority", "restricted")
"""Where a baby lives until somebody says otherwise."""


def place_of_pregnancy(people: Mapping[str, PersonDoc], mother: str, pregnancy: str | None) -> str | None:
    """The place that a pregnancy has in the file, before the birth and after; None where it has none, or not one."""
    own = {
        p: d for p, d in people.items() if d.get("mother") == mother and "same_as" not in d and "before_birth" not in d
    }
    named = [p for p, d in own.items() if pregnancy and d.get("pregnancy") == pregnancy]
    found = named or [p for p, d in own.items() if is_unborn(d)]
    return found[0] if len(found) == 1 else None


def born(event: Event, facts: Facts) -> Changed:
    """The unborn child's place becomes the first living baby's; a twin gets one that follows it.

    Who died is marked so. A baby that was on record by its number before the birth was told takes over the unborn
    child's history and clocks. Told twice (by the midwife and by the national feed), a birth has one effect."""
    said: Any = event.data
    assert isinstance(said, BirthNotified)
    who = {w.slot: w for w in facts.who}
    mother = next((w for w in facts.who if w.role == Role.MOTHER.value and w.person), None)
    if mother is None or mother.person is None or mother.family is None or event.action == "cancel":
        return Changed({})
    file = facts.families[mother.family]["people"]
    place = place_of_pregnancy(file, mother.person, said.pregnancy_id)
    unborn = dict(file[place]) if place is not None else {}
    people: dict[str, PersonDoc] = {}
    for slot, baby, _ in babies_named(said):
        one = who.get(slot)
        if one is not None and one.person is not None:
            doc = {**_home(file[mother.person]), **unborn, **dict(facts.person(one.person) or {})}
            doc |= {"mother": mother.person, "pregnancy": said.pregnancy_id, "flags": _flags(unborn, doc)}
            people[one.person] = as_place(_delivered(event, one, baby, doc, place))
    if place is not None and place not in people and people and is_unborn(file[place]):
        heir = next((p for p, d in people.items() if "died" not in d), next(iter(people)))
        merged: Doc = {k: v for k, v in people[heir].items() if k != "before_birth"}
        people[heir] = as_place({**merged, "merged": [*merged.get("merged", ()), place]})
        people[place] = as_place({**unborn, "same_as": heir})
    return Changed(one_file(facts, [*people, mother.person], people))


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


def _home(mother: PersonDoc) -> Doc:
    return {k: v for k, v in mother.items() if k in FROM_THE_MOTHER}


def _flags(unborn: Doc, known: Doc) -> list[Any]:
    """Those of the pregnancy are every baby's."""
    flags = list(known.get("flags", ()))
    have = {same_flag(f) for f in flags}
    return flags + [f for f in unborn.get("flags", ()) if same_flag(f) not in have]
