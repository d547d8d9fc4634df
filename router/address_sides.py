"""Both sides of a move: the teams of the place before, of the new place, of the authority that cares (rule A; F25)."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.parts.services import Service
from router.address import CARER, PROTECTED, teams_for
from router.directory import Found, NobodyFound, PersonDoc, Place
from router.facts import Child, Facts
from router.policy.words import Tell

BEFORE = "the team of the place where the child lived before"
NEW = "the team of the place where the child lives now"


def teams_of_side(row: Tell, child: Child, facts: Facts) -> Found | NobodyFound:
    """The teams of one side alone; of a place that nobody may learn, no relation says which side it is."""
    assert row.service is not None
    doc = _SIDES[row.side](child.doc, row.service)
    found = teams_for(row.service, doc, child.mother, facts.cover, facts.publisher.organisation)
    if isinstance(found, NobodyFound):
        return found
    relation = PROTECTED if child.restricted else _RELATIONS[row.side]
    return Found(tuple(Place(p.team, relation) for p in found.places), found.lacking)


def as_before(child: PersonDoc, service: Service) -> PersonDoc:
    """The child's place as it was before the move that the file tells of."""
    moved: Any = child.get("as_of", {}).get("address", {})
    if "before" not in moved:
        return child
    doc: Any = {k: v for k, v in child.items() if k not in ("area", "authority", "restricted", "household")}
    before: PersonDoc = doc | moved["before"]
    return before


def as_newcomer(child: PersonDoc, service: Service) -> PersonDoc:
    """The child's place as a service there sees it that has never heard of the child: nothing that is of old."""
    doc: Any = {k: v for k, v in child.items() if k not in ("school", "practice", "care")}
    for name in ("caseload", "redirected"):
        doc[name] = {s: held for s, held in doc.get(name, {}).items() if s != service.value}
    doc["services"] = [i for i in doc.get("services", ()) if i["service"] != service.value]
    newcomer: PersonDoc = doc
    return newcomer


def as_cared_for(child: PersonDoc, service: Service) -> PersonDoc:
    """The child's place as if it were placed within the authority that looks after it."""
    doc: Any = {k: v for k, v in child.items() if k not in ("area", "authority")}
    authority = child.get("care", {}).get("authority")
    cared_for: PersonDoc = doc | {"authority": authority}
    return cared_for if authority else child


_SIDES: Mapping[str, Callable[[PersonDoc, Service], PersonDoc]] = {
    "the place before": as_before,
    "the new place": as_newcomer,
    "the authority that cares": as_cared_for,
}
_RELATIONS = {"the place before": BEFORE, "the new place": NEW, "the authority that cares": CARER}
