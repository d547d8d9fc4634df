"""A placement in the family's file: who looks after the child, and where the child lives (F25; rules A, D, G; H3)."""

from typing import Any

from contracts.looked_after import PlacementChanged
from contracts.parts.services import Service
from router.directory import PersonDoc
from router.events import Event, moment, stable_id
from router.facts import CHILD_ROLES, Facts
from router.family_file import (
    Changed,
    Doc,
    as_place,
    belongs_again,
    families_of,
    is_newer,
    take_back,
    write,
    wrote,
)
from router.family_moves import WHERE

STAYS = ("with-parents", "mother-and-baby", "hospital")
"""Placements that do not take the child out of its household."""
OF_CARE = (
    "care_id", "placement_id", "placement", "in_area", "legal_status", "remand", "left_to", "assessment_consent",
    "ethnicity", "languages", "faith", "disability", "choice_of_venue", "previous_placements",
)  # fmt: skip
"""What the file keeps of a placement as it was said, for those who look after the looked-after (F29)."""
_NOT_LIFTED = "a child whose whereabouts are restricted was placed, and the placement was said to be open"
_TAKEN_BACK = "a restricted placement was taken back; a person must say where the child lives"


def placed(event: Event, facts: Facts) -> Changed:
    """Each child named is looked after as the event says, and lives there; after leaving care, the period is over."""
    people: dict[int, dict[str, PersonDoc]] = {}
    doubts = []
    home_of = families_of(facts)
    for who in facts.who:
        if who.person is None or who.role not in CHILD_ROLES or not who.slot.startswith("subjects."):
            continue
        doc: Doc = dict(facts.person(who.person) or {})
        if event.action == "cancel":
            if doc.get("restricted") and wrote(event, doc, "address"):
                doubts.append((who.slot, _TAKEN_BACK))
            _taken_back(event, doc)
        else:
            _cared_for(event, doc)
            if _lifts(event, doc):
                doubts.append((who.slot, _NOT_LIFTED))
            else:
                _lives(event, facts, doc, who.person)
        people.setdefault(home_of[who.person], {})[who.person] = as_place(doc)
    return Changed(people, tuple(doubts))


def _lifts(event: Event, doc: Doc) -> bool:
    """Whether a placement would open what somebody else restricted: only a word about the address itself may."""
    said: Any = event.data
    by = doc.get("as_of", {}).get("address", {}).get("by")
    return bool(doc.get("restricted")) and not said.restricted and by != event.publisher


def _cared_for(event: Event, doc: Doc) -> None:
    said: Any = event.data
    assert isinstance(said, PlacementChanged)
    if not is_newer(event, doc, "care"):
        return
    care: Doc = {k: event.body[k] for k in OF_CARE if k in event.body}
    care |= {
        "since": said.looked_after_since.isoformat(),
        "placed_on": said.changed_on.isoformat(),
        "authority": said.responsible_authority,
    }
    if said.change == "left-care":
        care["ended"] = said.changed_on.isoformat()
    write(event, doc, "care", ("care",), {"care": care})


def _lives(event: Event, facts: Facts, doc: Doc, pid: str) -> None:
    said: Any = event.data
    if not is_newer(event, doc, "address"):
        return
    place = _place(said, facts, doc, pid)
    write(event, doc, "address", (*WHERE, "practice") if said.restricted else WHERE, place)
    if said.restricted:
        doc["as_of"] = {**doc["as_of"], "practice": {"at": moment(event)}}
    for service in (Service.HV, Service.SN):
        belongs_again(doc, facts, service)


def _place(said: PlacementChanged, facts: Facts, doc: Doc, pid: str) -> Doc:
    """Where the child lives now; what is not said is not known, and rule G asks."""
    if said.restricted:
        return {"restricted": True, "household": stable_id("placement", pid, said.placement_id)}
    if said.left_to == "returned-home" and (home := _parents_home(facts, doc)):
        return home
    place: Doc = {"household": stable_id("placement", pid, said.placement_id)}
    if said.placement in STAYS and "household" in doc:
        place["household"] = doc["household"]
    if isinstance(said.placement_area, str):
        place["area"] = said.placement_area
    if isinstance(said.placement_authority, str):
        place["authority"] = said.placement_authority
    elif said.in_area == "in-area":
        place["authority"] = said.responsible_authority
    return place


def _parents_home(facts: Facts, doc: Doc) -> Doc | None:
    """Where the parent to whom a child goes home lives, unless nobody may learn it."""
    for parent in (doc.get("mother"), *(p[0] for p in doc.get("parents", ()))):
        home: Any = facts.person(parent) if parent else None
        if home and "household" in home and not home.get("restricted"):
            return {k: home[k] for k in WHERE if k in home}
    return None


def _taken_back(event: Event, doc: Doc) -> None:
    if wrote(event, doc, "care"):
        take_back(doc, "care", ("care",))
    if wrote(event, doc, "address") and not doc.get("restricted"):
        take_back(doc, "address", WHERE)
