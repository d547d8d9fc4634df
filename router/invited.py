"""Recipients that are found: who works with the child or the parents now, and who was asked about the same thing."""

from collections.abc import Iterator

from router.address import PROTECTED, involved_teams
from router.directory import PersonDoc, Place
from router.facts import ADULT_ROLES, ASKED, Child, Facts, Happening
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
    past = (h for h in facts.history.get(child.id, ()) if h.type.startswith(ASKED) and h.thing == thing)
    teams = dict.fromkeys(h.type.removeprefix(ASKED) for h in sorted(past, key=Happening.order))
    return tuple(Place(t, relation) for t in teams if t in facts.cover.teams and t not in refused)
