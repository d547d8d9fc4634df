"""The directory file, checked whole before anything is written: what is wrong by line and code, never by value."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from adapters.storage.directory_people import Seen, check_person, one_of
from adapters.storage.directory_terms import check_terms
from contracts.parts.services import Service
from router.directory import Cover, PersonDoc

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SERVICES = frozenset(Service)

MEANINGS: Mapping[str, str] = {
    "not-json": "The line is not one JSON object.",
    "wrong-kind": 'The first line is of the kind "cover", every other one of the kind "family".',
    "wrong-form": "It is not of the form that the directory file has there.",
    "missing": "It is not there.",
    "unknown-field": "The directory file has no such field.",
    "unknown-service": "There is no such service.",
    "name-form": "A team's or a publisher's id is lower-case words joined by dashes: it becomes a topic's name.",
    "twice": "It stands in the file twice.",
    "unknown-team": "There is no such team in the first line.",
    "team-of-another": "The team is of another service: what is for the one would be sent to the other.",
    "person-id-form": "A person's id is a UUID in small letters, and never an NHS number.",
    "nhs-number": "It is not a valid NHS number, or it is a placeholder.",
    "date-form": "It is not a date such as 2016-09-21.",
    "unknown-person": "It names a person who is not in the same family.",
    "restricted-address": "A person whose whereabouts are withheld has a place.",
    "unknown-organisation": "No team and no publisher of the first line is of this organisation.",
    "no-such-clock": "The rule book has no clock of this flow that it could be for.",
    "duration-form": "A duration is a count of working days, working hours, hours or days, and no more than 1000.",
    "owner-form": 'Who is told is "lead", "publisher", "desk" or a service\'s short name.',
    "same-days": "Another entry for the same organisation, flow, service and doing holds on the same days.",
    "last-before-first": "Its last day comes before its first.",
    "number-of-another": "The ledger has this NHS number with another birth date: a person must decide.",
}


class Wrong(NamedTuple):
    """One thing that is wrong."""

    line: int
    code: str
    path: str
    """The field's name; empty for the line as a whole."""


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One family of the file; `doc` is its content as the ledger keeps it."""

    line: int
    people: dict[str, PersonDoc]
    doc: bytes


@dataclass(slots=True)
class Checked:
    """What a file holds, and all that is wrong with it."""

    cover: dict[str, Any] = field(default_factory=dict)
    families: list[FamilyLine] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    people: int = 0


def check_file(lines: Iterable[bytes], passed: Callable[[int], None] = lambda _: None) -> Checked:
    """Read and check every line; `passed` is told of the bytes read. Nothing is looked up anywhere."""
    checked, seen = Checked(), Seen()
    for number, line in enumerate(lines, 1):
        passed(len(line))
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            record = None
        if not isinstance(record, dict):
            checked.wrong.append(Wrong(number, "not-json", ""))
        elif record.get("kind") != ("cover" if number == 1 else "family"):
            checked.wrong.append(Wrong(number, "wrong-kind", "kind"))
        elif number == 1:
            checked.cover = {k: v for k, v in record.items() if k != "kind"}
            checked.wrong += (Wrong(1, *w) for w in _check_cover(checked.cover, seen))
        else:
            _family(number, record, checked, seen)
    if not checked.cover and not checked.wrong:
        checked.wrong.append(Wrong(1, "wrong-kind", "kind"))
    return checked


def _check_cover(cover: Mapping[str, Any], seen: Seen) -> Iterable[tuple[str, str]]:
    teams, publishers = cover.get("teams"), cover.get("publishers")
    if not isinstance(teams, list) or not isinstance(publishers, list):
        yield "missing", "teams and publishers"
        return
    for what, entries, needed in (
        ("teams", teams, ("id", "service", "organisation", "name")),
        ("publishers", publishers, ("id", "service", "organisation", "source", "team")),
    ):
        ids: set[str] = set()
        for at, entry in enumerate(entries):
            path = f"{what}[{at}]"
            if not isinstance(entry, dict) or not all(isinstance(entry.get(k, ""), str) for k in needed):
                yield "wrong-form", path
                continue
            yield from (("missing", f"{path}.{name}") for name in needed if not entry.get(name))
            if not _SLUG.fullmatch(entry.get("id", "-")):
                yield "name-form", f"{path}.id"
            if not one_of(entry.get("service"), _SERVICES):
                yield "unknown-service", f"{path}.service"
            if entry.get("id") in ids:
                yield "twice", f"{path}.id"
            ids.add(entry.get("id", ""))
        if what == "teams":
            seen.teams |= {entry["id"]: entry.get("service") for entry in entries if _is_named(entry)}
    for what, entries, name in (("teams", teams, "lead"), ("publishers", publishers, "team")):
        for at, entry in enumerate(entries):
            if isinstance(entry, dict) and entry.get(name) is not None and not one_of(entry[name], seen.teams):
                yield "unknown-team", f"{what}[{at}].{name}"
    organisations = {e.get("organisation") for e in (*teams, *publishers) if isinstance(e, dict)}
    yield from check_terms(cover.get("terms", []), cover.get("days", []), organisations)
    try:
        Cover.read(1, cover)
    except (AttributeError, KeyError, TypeError, ValueError):
        yield "wrong-form", "teams and publishers"


def _is_named(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str)


def _family(number: int, record: Mapping[str, Any], checked: Checked, seen: Seen) -> None:
    people = record.get("people")
    if not isinstance(people, dict) or not people or not all(isinstance(d, dict) for d in people.values()):
        checked.wrong.append(Wrong(number, "wrong-form", "people"))
        return
    before = len(checked.wrong)
    for at, (pid, doc) in enumerate(people.items()):
        path = f"people[{at}]"
        if not _UUID.fullmatch(pid):
            checked.wrong.append(Wrong(number, "person-id-form", path))
        if pid in seen.people:
            checked.wrong.append(Wrong(number, "twice", path))
        seen.people.add(pid)
        checked.wrong += (Wrong(number, code, f"{path}.{name}") for code, name in check_person(doc, people, seen))
    checked.people += len(people)
    if len(checked.wrong) == before:
        checked.families.append(FamilyLine(number, people, orjson.dumps({"people": people})))
