"""Recipients that are found: who works with the child or the parents now, and who was asked about the same thing."""

from collections.abc import Iterator

from contracts.parts.services import Service
from router.address import CLOSED, CLOSED_MEANWHILE, PROTECTED, involved_teams, redirected_to, teams_for
from router.directory import Found, NobodyFound, PersonDoc, Place, parts_in
from router.facts import ADULT_ROLES, Child, Facts
from router.past import ASKED, Happening
from router.policy.named import for_service
from router.policy.words import Tell

OF_A_PARENT = "a service that works with a parent or carer of the child"
ASKED_BEFORE = "a team that was asked about the same thing"


def found_for(row: Tell, child: Child, facts: Facts, thing: str | None) -> tuple[Place, ...]:
    """The teams that a row without a service finds, each once; none is an answer, not a gap."""
    if row.asked:
        return _asked(child, facts, thing)
    cover, author = facts.cover, facts.publisher.team
    places = involved_teams(child.doc, cover, row.besides, author)
    if not row.of_parents:
        return places
    relation = PROTECTED if child.restricted else OF_A_PARENT
    of_adults = [
        Place(p.team, relation)
        for doc in _adults(child, facts)
        for p in involved_teams(doc, cover, row.besides, author)
    ]
    refused = child.doc.get("not_ours", ())
    found = {p.team: p for p in reversed((*places, *(p for p in of_adults if p.team not in refused)))}
    return tuple(reversed(found.values()))


def closed_for(row: Tell, child: Child, facts: Facts, thing: str | None) -> list[tuple[Tell, Found | NobodyFound]]:
    """Rule G for those on record whose team has been closed: the one that is there instead, and a person is asked.

    One row for each such service. Where the same person has another, open team of it, nobody is missed, unless the
    closed one had the person on its caseload."""
    if row.named_in is not None or row.found is not None or row.sent:
        return []
    found: dict[Service | None, Found | NobodyFound] = {}
    told = {p.team for p in found_for(row, child, facts, thing)}
    for service, doc in _closed(row, child, facts, thing):
        seen = _instead(service, doc, child, facts, told) if service else NobodyFound(CLOSED)
        if isinstance(seen, Found) or service not in found:
            found[service] = seen
    return [(for_service(row, service) if service else row, seen) for service, seen in found.items()]


def _closed(row: Tell, child: Child, facts: Facts, thing: str | None) -> Iterator[tuple[Service | None, PersonDoc]]:
    """Each service, with the person it works with, whose only team there is has left the directory."""
    cover, refused = facts.cover, child.doc.get("not_ours", ())
    docs = [child.doc, *(_adults(child, facts) if row.of_parents or row.asked else ())]
    if row.asked:
        gone = [t for t in _asked_teams(child, facts, thing) if t not in cover.teams and t not in refused]
        for team in gone:
            whose = [(s, doc) for doc in docs for s, t in _ever_in(doc) if t == team]
            yield (Service(whose[0][0]), whose[0][1]) if whose else (None, child.doc)
        return
    for doc in docs:
        parts = [(Service(s), t) for s, t in parts_in(doc) if t not in refused]
        held = {Service(s): h["team"] for s, h in doc.get("caseload", {}).items()}
        there = {s for s, t in parts if t in cover.teams and held.get(s, t) in cover.teams}
        for service in dict.fromkeys(s for s, t in parts if t not in cover.teams):
            if service not in row.besides and service not in there:
                yield service, doc


def _instead(service: Service, doc: PersonDoc, child: Child, facts: Facts, told: set[str]) -> Found | NobodyFound:
    """The team of the service that a person named, or that there is by the person's place if there is but one."""
    cover, own = facts.cover, doc is child.doc
    if named := redirected_to(service, child.doc, cover):
        places, lacking = named, ""
    else:
        seen = teams_for(service, doc, child.mother if own else None, cover, facts.publisher.organisation)
        places, lacking = (() if isinstance(seen, NobodyFound) else seen.places), CLOSED_MEANWHILE
    refused = (facts.publisher.team, *child.doc.get("not_ours", ()))
    places = tuple(p for p in places if p.team not in refused)
    if lacking and (not places or (len(places) > 1 and service not in _BY_PLACE)):
        return NobodyFound(CLOSED)
    relations = {p.team: PROTECTED if child.restricted else p.relation if own else OF_A_PARENT for p in places}
    return Found(tuple(Place(t, relation) for t, relation in relations.items() if t not in told), lacking)


_BY_PLACE = frozenset({Service.HV, Service.SN, Service.GP})
"""Found by where somebody lives, goes to school or is registered: all of those are the person's."""


def _ever_in(person: PersonDoc) -> list[tuple[str, str]]:
    """(service, team) of all who have ever been on record as working with somebody."""
    return [(i["service"], i["team"]) for i in person.get("services", ())] + parts_in(person)


def _adults(child: Child, facts: Facts) -> Iterator[PersonDoc]:
    """The child's parents, the mother who carries it, and the adults whom the event itself names."""
    ids = [parent for parent, *_ in child.doc.get("parents", ())]
    ids += [child.doc["mother"]] if "mother" in child.doc else []
    ids += [w.person for w in facts.who if w.person and w.role in ADULT_ROLES]
    for pid in dict.fromkeys(ids):
        if (doc := facts.person(pid)) is not None:
            yield doc


def _asked(child: Child, facts: Facts, thing: str | None) -> tuple[Place, ...]:
    """Whoever was asked stays asked, though its work with the child may have ended since."""
    relation, refused = PROTECTED if child.restricted else ASKED_BEFORE, child.doc.get("not_ours", ())
    teams = _asked_teams(child, facts, thing)
    return tuple(Place(t, relation) for t in teams if t in facts.cover.teams and t not in refused)


def _asked_teams(child: Child, facts: Facts, thing: str | None) -> tuple[str, ...]:
    past = (h for h in facts.history.get(child.id, ()) if h.type.startswith(ASKED) and h.thing == thing)
    return tuple(dict.fromkeys(h.type.removeprefix(ASKED) for h in sorted(past, key=Happening.order)))
