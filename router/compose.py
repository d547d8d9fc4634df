"""Each team's summary, and what was withheld from it and why (rules E, F; invariant 4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction, Section
from router.events import Event
from router.facts import Child
from router.policy.words import Tell

SOURCE = "https://sharewell.example/router"
"""The CloudEvents source of all that Sharewell writes."""

FLAGS = "Flags"
"""What a summary calls the child's live flags where it withholds them."""
_SECTIONS = (Section.WHAT_HAPPENED, Section.RISK, Section.VOICE, Section.CONTEXT, Section.AUTHOR, Section.BASIS)
_ON_EACH_SHARE = (Section.AUTHOR.value, Section.BASIS.value)
"""Whom to ring, and on what basis: on each share, and no author's to restrict (rule F)."""
_ADDRESS = re.compile(
    r"\b[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}\b"  # a postcode
    r"|\b(?:flat|apartment)\s+[0-9]{1,4}[A-Z]?\b"
    r"|\b[0-9]{1,4}[A-Z]?,?\s+(?:[\w'’-]+\s+){1,2}(?:street|st|road|rd|avenue|ave|lane|crescent|terrace)\b"
    # these are common words as well: where all are written as names
    r"|\b[0-9]{1,4}[A-Z]?,?\s+(?-i:(?:[A-Z][\w'’-]+\s+){1,2}"
    r"(?:Close|Court|Croft|Drive|Gardens|Green|Grove|Hill|House|Mews|Park|Place|Rise|Row|Square|View|Walk|Way))\b",
    re.IGNORECASE,
)
_WHY = {
    Restriction.SEXUAL_HEALTH: "sexual-health detail; no rule names you (rule E)",
    Restriction.ADULT_CLINICAL: "the adult's clinical record; no rule names you (rule E)",
    Restriction.LOCATION: "whereabouts are withheld",
    Restriction.THIRD_PARTY: "identifies somebody else; no rule names you",
}
_BY_RULE_E = (Restriction.SEXUAL_HEALTH, Restriction.ADULT_CLINICAL)
_NOT_NAMED = "not needed for what you are told this for (least content)"
MAY_LOCATE = "whereabouts are withheld, and this text may hold an address"
_ANSWERS = "it answers what was sent by you, or from your trust"
_OTHER_CHILDREN = "other children are told to those who work with them (rule D)"
_OTHERS_TO_DO = "what others are to do is told to them (least content)"


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Which of an event's fields one set of rows shows, by section, and what it withholds."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]
    adds: tuple[str, ...]
    withheld: tuple[Mapping[str, str], ...]
    may_see: frozenset[Restriction]
    own: frozenset[str] = frozenset()
    """Lists of which only the recipient's own entries are shown."""


@lru_cache(maxsize=4096)
def cut_for(
    event: type[EventData], rows: tuple[Tell, ...], present: frozenset[str], extra: tuple[tuple[str, str], ...]
) -> Cut:
    """The union of what `rows` name among the fields `present`; `extra` is the author's own further restrictions."""
    marks = field_marks(event)
    may_see = frozenset[Restriction]().union(*(r.may_see for r in rows))
    named = frozenset[str]().union(*(r.gets.of(event, r.may_see) for r in rows))
    further = {n: Restriction(why) for n, why in extra if marks.get(n, {}).get("section") not in _ON_EACH_SHARE}
    named = frozenset(n for n in named if n not in further or further[n] in may_see)
    why_not = next((r.why_not for r in rows if r.why_not), "")
    sensitive = _WHY | dict.fromkeys(_BY_RULE_E, why_not) if why_not else _WHY
    withheld = []
    for name in marks:
        if name in present and name not in named and marks[name]["section"] != Section.UNSEEN.value:
            restriction = further.get(name) or marks[name].get("restricted")
            barred = restriction is not None and Restriction(restriction) not in may_see
            why = sensitive[Restriction(restriction)] if barred and restriction is not None else _NOT_NAMED
            withheld.append({"what": marks[name]["label"], "why": why})
    adds = tuple(sorted(frozenset[str]().union(*(r.gets.adds for r in rows))))
    if "flags" not in adds:  # said whether there are any or not: no flags and none for you must not read alike
        withheld.append({"what": FLAGS, "why": _NOT_NAMED})
    sections = tuple(
        (s.value, tuple(n for n in marks if n in named and n in present and marks[n]["section"] == s.value))
        for s in _SECTIONS
    )
    named_by: Mapping[str, list[Tell]] = {n: [r for r in rows if n in r.gets.of(event, r.may_see)] for n in named}
    own = frozenset(n for n, by in named_by.items() if all(n in r.gets.own for r in by))
    return Cut(sections, adds, tuple(withheld), may_see, own)


def sections_of(
    event: Event, child: Child, cut: Cut, service: Service | None = None
) -> tuple[dict[str, dict[str, Any]], list[Mapping[str, str]]]:
    """The event's own fields that a cut shows about this child, and what is withheld besides what the cut says.

    `service` is the recipient's, where the cut shows it only its own entries of a list."""
    body = event.body
    out = {name: {f: body[f] for f in fields} for name, fields in cut.sections}
    withheld: list[Mapping[str, str]] = []
    if "household" in out["context"] or "household" in out["what_happened"]:
        _own_child_only(out, child, withheld)
    if cut.own:
        _own_entries_only(out, type(event.data), cut.own, service, withheld)
    if child.restricted:
        _unlocated(out, withheld)
    return out, withheld


def _own_entries_only(
    out: dict[str, dict[str, Any]],
    event: type[EventData],
    own: frozenset[str],
    service: Service | None,
    withheld: list[Mapping[str, str]],
) -> None:
    """Least content: of what was agreed, each owner reads what is its own to do."""
    marks = field_marks(event)
    for section in out.values():
        for name in own & section.keys():
            if not isinstance(section[name], list):
                continue
            entries = [e for e in section[name] if e["owner"] == service]
            if len(entries) < len(section[name]):
                withheld.append({"what": f"{marks[name]['label']} of others", "why": _OTHERS_TO_DO})
            section[name] = entries


def _own_child_only(out: dict[str, dict[str, Any]], child: Child, withheld: list[Mapping[str, str]]) -> None:
    """Rule D: of the children an adult listed, each delivery shows its own child alone."""
    for section in out.values():
        listed = section.get("household")
        if not isinstance(listed, dict) or not listed.get("children"):
            continue
        at = int(child.slot.split(".")[1]) if child.slot and child.slot.startswith("household.") else -1
        own = [c for i, c in enumerate(listed["children"]) if i == at]
        section["household"] = {**listed, "children": own}
        if len(own) < len(listed["children"]):
            withheld.append({"what": "Other children listed", "why": _OTHER_CHILDREN})


def may_locate(value: object) -> bool:
    """Whether a value's text may hold an address: a postcode, a flat, or a house with its number.

    Not every one is seen: a house that has but a name, or a street without a number, reads as any other words."""
    return _ADDRESS.search(str(value)) is not None


def _unlocated(out: dict[str, dict[str, Any]], withheld: list[Mapping[str, str]]) -> None:
    """Where whereabouts are withheld, no text that may hold an address goes to anybody (H3, H14)."""
    for section in out.values():
        for name in [n for n, v in section.items() if may_locate(v)]:
            del section[name]
            withheld.append({"what": name.replace("_", " "), "why": MAY_LOCATE})


def who_block(child: Child) -> dict[str, Any]:
    """Who this is about: never a place."""
    doc = child.doc
    block: dict[str, Any] = {"person": child.id, "name": doc.get("name"), "birth_date": doc.get("born")}
    if "nhs" in doc:
        block["nhs_number"] = doc["nhs"]
    if child.unborn:
        mother = child.mother or {}
        block["unborn"] = {"expected_date": doc.get("expected") or None, "mother": mother.get("name")}
        if "nhs" in mother:
            block["unborn"]["mother_nhs_number"] = mother["nhs"]
    return block


@lru_cache(maxsize=4096)
def why_block(rows: tuple[Tell, ...]) -> tuple[Mapping[str, str], ...]:
    """Why this team: one entry for each gap that its rows close."""
    seen = {(r.because.flow, r.because.paragraph): r for r in rows}
    return tuple(
        {
            "flow": r.because.flow,
            "paragraph": r.because.cited,
            "words": " and ".join(c.words for c in r.conditions) or (_ANSWERS if r.sent else "always"),
        }
        for r in seen.values()
    )


def envelope(kind: str, id: str, at: str, cause: str, correlation: str | None, data: Mapping[str, Any]) -> bytes:
    """A CloudEvent of ours as bytes, without the sequence number that its sender gives it."""
    out: dict[str, Any] = {
        "specversion": "1.0",
        "id": id,
        "source": SOURCE,
        "type": kind,
        "time": at,
        "recordedtime": at,
        "datacontenttype": "application/json",
        "eventaction": "new",
        "dataclassification": "restricted",
        "dataregulation": "UK-GDPR",
        "datacategory": "special-category",
        "causationid": cause,
    }
    if correlation:
        out["correlationid"] = correlation
    out["data"] = data
    return orjson.dumps(out)


def numbered(body: bytes, sequence: int) -> bytes:
    """The body with its sequence number (per child and team) put in front."""
    return b'{"sequence":"%012d",%s' % (sequence, body[1:])
