"""Both sides of a move: the teams of the place before, of the new place, of the authority that cares (rule A; F25);
and who takes a child over from whom, when any part of its place changes (hand-on)."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.parts.services import Service
from router.address import CARER, PROTECTED, teams_for
from router.directory import Found, NobodyFound, PersonDoc, Place
from router.facts import Child, Facts
from router.policy.words import Tell

BEFORE = "the team of the place where the child lived before"
TAKES_OVER, HANDS_ON = "the place that takes the child over", "the place that hands the child on"
NEW = "the team of the place where the child lives now"


def teams_of_side(row: Tell, child: Child, facts: Facts) -> Found | NobodyFound:
    """The teams of one side alone; of a place that nobody may learn, no relation says which side it is."""
    assert row.service is not None
    if row.side in (TAKES_OVER, HANDS_ON):
        return _handed(row, child, facts)
    doc = _SIDES[row.side](child.doc, row.service)
    found = teams_for(row.service, doc, child.mother, facts.cover, facts.publisher.organisation)
    if isinstance(found, NobodyFound):
        return found
    relation = PROTECTED if child.restricted else _RELATIONS[row.side]
    return Found(tuple(Place(p.team, relation) for p in found.places), found.lacking)


def former_teams(service: Service, child: Child, facts: Facts) -> tuple[str, ...]:
    """The teams that one event takes a child from: theirs it stays until the new one accepts."""
    lost, _, _ = _exchanged(service, child, facts)
    return lost


def _handed(row: Tell, child: Child, facts: Facts) -> Found | NobodyFound:
    """Nobody is told of a change that takes the child from no team; where none takes it over, a person is asked."""
    assert row.service is not None
    lost, gained, why = _exchanged(row.service, child, facts)
    if not lost or (row.side == TAKES_OVER and not gained):
        return NobodyFound(why) if lost and why else Found(())
    relation = PROTECTED if child.restricted else _RELATIONS[row.side]
    return Found(tuple(Place(t, relation) for t in (gained if row.side == TAKES_OVER else lost)))


def _exchanged(service: Service, child: Child, facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """(whose the child was until now, whose it newly is, why nobody's), for one service.

    A team that holds the child on its caseload holds it after a move too: then the places themselves are compared."""
    was = facts.person_before(child.id)
    if was is None:
        return (), (), ""
    if theirs := was.get("was_with", {}).get(service.value):
        holds, why = _teams(service, child.doc, child.mother, facts)
        lost = tuple(t for t in theirs if t not in holds)
        return lost, holds if lost else (), why
    mother = facts.person_before(was["mother"]) if "mother" in was else None  # where she lived, her unborn child did
    held, _ = _teams(service, was, mother, facts)
    holds, why = _teams(service, child.doc, child.mother, facts)
    if set(held) == set(holds):
        before, _ = _teams(service, _by_place(was, service), mother, facts)
        holds, why = _teams(service, _by_place(child.doc, service), child.mother, facts)
        if set(before) == set(holds):
            return (), (), ""
    lost = tuple(t for t in held if t not in holds)
    return lost, tuple(t for t in holds if t not in held), why


def _teams(service: Service, doc: PersonDoc, mother: PersonDoc | None, facts: Facts) -> tuple[tuple[str, ...], str]:
    found = teams_for(service, doc, mother, facts.cover, facts.publisher.organisation)
    if isinstance(found, NobodyFound):
        return (), found.why
    return tuple(p.team for p in found.places), ""


def _by_place(doc: PersonDoc, service: Service) -> PersonDoc:
    """The child's place without what one service holds."""
    bare: Any = dict(doc)
    for name in ("caseload", "redirected"):
        bare[name] = {s: held for s, held in doc.get(name, {}).items() if s != service.value}  # type: ignore[attr-defined]
    free: PersonDoc = bare
    return free


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
_RELATIONS = {
    "the place before": BEFORE,
    "the new place": NEW,
    "the authority that cares": CARER,
    TAKES_OVER: "the team that takes the child over",
    HANDS_ON: "the team whose the child was, and is until another accepts",
}
