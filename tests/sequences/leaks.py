"""What must stand in nobody's letter, read from the letters and the directory's files alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.parts.services import Service
from router.directory import Cover, PersonDoc
from tests.sequences.people import Household
from tests.story_inboxes import Inboxes, Letter
from tests.story_people import Person
from tests.story_teams import HAGLEY, NORTH, SECONDARY, SOUTH

PLACES = (NORTH, SOUTH, HAGLEY, SECONDARY)
"""Wards, a practice and a school, by codes that no made-up text of an event holds."""
TELLS_WHERE = frozenset({Service.HV, Service.SN, Service.GP})
"""Services whose team follows from where the child lives, goes to school or is registered."""
PART_IS_RESTRICTED = frozenset({Service.CASH, Service.AMH, Service.ASM})
"""Whoever works with these services is named to nobody besides as being worked with (rule E)."""
SENDERS = (".event", ".author", ".to", ".why_you", ".what_happened.answering_team")
"""Who wrote it is always shown, and to whom (rule F); MASH, which asked, reads who has answered."""
HERSELF = (".child.unborn.mother", ".context.household.other_children_you_work_with")
"""The mother of an unborn child, be she one of the children herself; and the one place for other children."""


def leaks(inboxes: Inboxes, cover: Cover, files: Mapping[str, PersonDoc], households: Sequence[Household]) -> list[str]:
    """Every leak of every letter: which rule, what kind of letter, to whom, where in it; no content."""
    found = []
    for (kind, team), letters in inboxes.letters.items():
        for letter in letters if kind != "answer" else ():
            rules = {
                "another child": _another_child(letter, files, households),
                "another number": _another_number(letter, files, households),
                "whereabouts": _whereabouts(letter, cover, files, households),
                "a restricted part": _restricted_part(letter, cover),
            }
            found += [f"{rule}: {letter.type} to {team}, {path}" for rule, at in rules.items() for path in at]
    return found


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a letter, with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, f"{path}[]")
    elif isinstance(value, str):
        yield path, value


def _same_person(person: str | None, files: Mapping[str, PersonDoc]) -> set[str]:
    """The ids of whoever this is, those included under which a record was joined to theirs."""
    now = person or ""
    while "same_as" in files.get(now, {}):
        now = files[now]["same_as"]
    return {now, *files.get(now, {}).get("merged", ()), person or ""}


def _others(letter: Letter, files: Mapping[str, PersonDoc], households: Sequence[Household]) -> list[Person]:
    """Everybody else of the families. Whoever could not be found there (a number not traced) has a place of its own
    until a person says whose record it is: then it is whoever is named."""
    own, everybody = _same_person(letter.child, files), [p for h in households for p in h.doc.people]
    about = letter.data.get("child") or {}
    if letter.child is not None and not own & {p.id for p in everybody}:
        own |= {p.id for p in everybody if p.doc.get("name") == about.get("name") is not None}
    return [p for p in everybody if p.id not in own]


def _another_child(letter: Letter, files: Mapping[str, PersonDoc], households: Sequence[Household]) -> Iterator[str]:
    """Rule D: other children are named to those alone who work with them, in the one place made for it."""
    names = {p.doc["name"]["given"] for p in _others(letter, files, households) if "name" in p.doc}
    names = {n for n in names if n.startswith("Kidname")}
    for path, text in texts(letter.data):
        if not path.startswith(HERSELF) and any(n in text for n in names):
            yield path


def _another_number(letter: Letter, files: Mapping[str, PersonDoc], households: Sequence[Household]) -> Iterator[str]:
    """No NHS number but the child's own, and that of an unborn child's mother."""
    numbers = {p.doc["nhs"] for p in _others(letter, files, households) if "nhs" in p.doc}
    for path, text in texts(letter.data):
        if path != ".child.unborn.mother_nhs_number" and any(n in text for n in numbers):
            yield path


def _whereabouts(
    letter: Letter, cover: Cover, files: Mapping[str, PersonDoc], households: Sequence[Household]
) -> Iterator[str]:
    """Of a child whose whereabouts were withheld all along nobody reads a place, or which team is there (H3)."""
    hidden = [h for h in households if h.restricted and letter.child in {p.id for p in h.doc.people}]
    if not hidden or not all(files[p.id].get("restricted") for p in hidden[0].doc.people if "expected" not in p.doc):
        return
    here = cover.teams.get(letter.team)
    strangers = {
        word
        for t in cover.teams.values()
        if t.service in TELLS_WHERE and t.id != letter.team and t.lead != letter.team
        if here is None or t.organisation != here.organisation
        for word in (t.id, t.name)
    }
    for path, text in texts(letter.data):
        if not path.startswith(SENDERS) and (text in strangers or any(place in text for place in PLACES)):
            yield path


def _restricted_part(letter: Letter, cover: Cover) -> Iterator[str]:
    """Rule E: among the services that work with a child, none whose mere part in a life is restricted."""
    here = cover.teams.get(letter.team)
    for path, text in texts(letter.data):
        hidden = {s.value for s in PART_IS_RESTRICTED if here is None or here.service is not s}
        if path.startswith(".context.services") and text in hidden:
            yield path
