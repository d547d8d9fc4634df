"""What Sharewell adds to an event from the facts: flags, earlier events with counts and dates, household, services."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from contracts.parts.services import Service
from router.address import teams_for
from router.appraise import Appraisal
from router.directory import Found, PersonDoc
from router.events import Event
from router.facts import ADULT_ROLES, Child, Facts, years_old
from router.live_flags import flags_told
from router.moments import day_of
from router.policy.book import Book
from router.policy.words import UNNAMED

COUNTED_DAYS = 365


class About(NamedTuple):
    """What an enrichment may look at: one event, one child, one team."""

    event: Event
    child: Child
    facts: Facts
    team: str
    appraisal: Appraisal
    book: Book
    thing: str | None


def enrichment(name: str, about: About) -> Any:
    """One named enrichment; nothing where it has nothing to say."""
    return _MAKERS[name](about)


OF_THE_TEAM = frozenset({"household"})
"""Those that differ from team to team; `About.team` is only set for them."""


def _flags(about: About) -> Any:
    return flags_told(about.child.doc, about.facts.cover, day_of(about.facts.now))


def _mothers_flags(about: About) -> Any:
    """Those of a mother who is herself a child: the baby's own people work with both (4.14)."""
    mother, today = about.child.mother, day_of(about.facts.now)
    if mother is None or not 0 <= years_old(mother, today) < 18:
        return None
    return [{**flag, "of": "the mother"} for flag in flags_told(mother, about.facts.cover, today)]


def _earlier(about: About) -> Any:
    past = about.facts.past(about.child.id)
    if not past.kinds:
        return None
    out = []
    for name, types in about.book.counted.items():
        if past.kinds.isdisjoint(types):  # so for nearly every name and nearly every child
            continue
        earlier = past.earlier_of(types, COUNTED_DAYS, about.event.time)
        things = [h for h in earlier if h.thing is None or h.thing != about.thing]
        if things:
            entry: dict[str, Any] = {
                "what": name,
                "count": len(things),
                "window_days": COUNTED_DAYS,
                "dates": [h.day for h in things],
            }
            places = sorted({h.place for h in things if h.place})
            if places and not about.child.restricted:
                entry["places"] = places
            out.append(entry)
    return out


def _household(about: About) -> Any:
    """Other children of the household, and only those that this team works with as well (rule D)."""
    home = about.child.doc.get("household")
    if not home:
        return None
    me = about.child.id
    own = []
    for family in about.facts.families.values():
        for pid, doc in family["people"].items():
            hides = bool(doc.get("restricted")) != about.child.restricted  # one's home would say where the other lives
            if doc.get("household") == home and pid != me and not hides and _is_theirs(doc, about):
                own.append({"name": doc.get("name"), "birth_date": doc.get("born")})
    return {"other_children_you_work_with": own} if own else None


CHILDHOOD = range(18)
AGES = {Service.HV: range(5), Service.SN: range(5, 18)}
"""Whom a service works with by age alone (rule B); other services have no such limit."""


def _is_theirs(doc: PersonDoc, about: About) -> bool:
    """Whether this is a living child whom the team works with."""
    facts, service = about.facts, about.facts.cover.teams[about.team].service
    held = "caseload" in doc and doc["caseload"].get(service.value, {}).get("team") == about.team
    if not held and years_old(doc, day_of(facts.now)) not in AGES.get(service, CHILDHOOD):
        return False
    if "died" in doc or "same_as" in doc:
        return False
    mother = facts.person(doc["mother"]) if "mother" in doc else None
    found = teams_for(service, doc, mother, facts.cover, facts.publisher.organisation)
    return isinstance(found, Found) and about.team in found.teams


def _services(about: About) -> Any:
    """Services now involved, by role only; those whose mere part in a life is restricted are not named (rule E)."""
    now = [i for i in about.child.doc.get("services", ()) if "until" not in i and i["service"] not in UNNAMED]
    return [{"service": i["service"], "since": i["since"]} for i in now]


def _adult(about: About) -> Any:
    """The adult the event is about, by name and relationship to this child."""
    out = []
    relations = {p[0]: p[1] for p in about.child.doc.get("parents", ())}
    for who, subject in zip(about.facts.who, about.event.data.subjects, strict=False):
        if who.role in ADULT_ROLES:
            name = subject.name.model_dump() if hasattr(subject.name, "family") else None
            mother = who.person is not None and about.child.doc.get("mother") == who.person
            relation = relations.get(who.person or "", "mother" if mother else who.role)
            out.append({"name": name, "relationship": relation})
    return out


def _quality(about: About) -> Any:
    return about.appraisal.feedback


def _linked(about: About) -> Any:
    """Earlier events about the same thing: a DART outcome names its notification."""
    thing, known = about.thing, about.book.policies
    past = about.facts.past(about.child.id)
    kinds = [k for k in past.kinds if k in known]
    said = {(h.type, h.day) for h in past.standing(kinds, thing)} if thing and kinds else set()
    if others := known[about.event.type].also_named_by:
        said |= _by_another_name(about, others)
    return [{"type": kind, "date": day} for kind, day in sorted(said, key=lambda s: (s[1], s[0]))]


def _by_another_name(about: About, fields: Iterable[str]) -> set[tuple[str, str]]:
    """Those whose sender knew the thing by another of its names: a call, a referral."""
    names = [n for n in (about.thing, *(getattr(about.event.data, f) for f in fields)) if isinstance(n, str)]
    past = about.facts.past(about.child.id)
    return {
        (h.type, h.day)
        for kind in past.kinds & about.book.policies.keys()
        for thing in past.known_as((kind,), names)
        for h in past.standing((kind,), thing)
    }


_MAKERS: dict[str, Callable[[About], Any]] = {
    "flags": _flags,
    "mothers_flags": _mothers_flags,
    "earlier": _earlier,
    "household": _household,
    "services": _services,
    "adult": _adult,
    "quality": _quality,
    "linked": _linked,
}
