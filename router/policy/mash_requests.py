"""What MASH asks of whoever holds information, what comes back, and how a new rating changes the time left (F14)."""

from collections.abc import Iterator
from typing import Any

from contracts.mash import MashRagChanged, MashRequest, MashResponse
from contracts.parts.sections import Concern
from contracts.parts.services import Service
from contracts.parts.shape import Absent, Restriction
from router.directory import Found, NobodyFound, PersonDoc, Place, parts_in
from router.facts import Child, Facts
from router.past import ANSWERED, ASKED, ASKING, Happening
from router.policy.finders import Usual, finder
from router.policy.finding import tell_found
from router.policy.owners import TEAM_LEAD, Rung, owner
from router.policy.passing import NOT_STATED, passes
from router.policy.tables import by_field
from router.policy.words import (
    AskOf,
    Gap,
    Policy,
    condition,
    everything,
    expect,
    only,
    taken_as,
    want,
)
from router.policy.working_time import hours

F14 = Gap("F14", "1.27", "R2.3", "GPs and others hold information about a child and are not asked by MASH")
LATE = Gap("F14", "3.1", "R7.1", "health information comes too late for the rating of the case")
ANALYSIS = Gap("F14", "3.1", "R7.1", "information for MASH holds facts and no analysis of the risk to the child")
SENSITIVE = Gap(
    "F14",
    "3.20",
    "",
    "a sensitive record passes on consent, or on reasonable cause to suspect significant harm",
    local=True,
)

BY_RAG = by_field("rag", {"red": hours(4), "amber": hours(24), "green": hours(72)})
"""No national figure, and not in the review: defaults of ours (standards.md, part 5); each MASH may set its own."""
LEAD_WITHIN_HOURS = (Rung(TEAM_LEAD, hours(4)), Rung(owner(Service.NN), hours(4)))
SENT_BACK = f"incomplete {MashResponse.event_type}"
"""What an answer with no analysis counts as, the first time: it is sent back once, and the clock runs on."""
ANSWER = AskOf(
    "Search your records about the child and the people named. Answer what you hold, with your analysis of the risk "
    "and its impact on the child, or that you hold nothing.",
    BY_RAG,
)
PLEASE = (
    "Thank you for your answer, which MASH has. Please send an update that says what you make of the risk and what it "
    "means for the child: you are asked this once"
)
WORKS = "works with the child or the household"
_NO_RECORDS = frozenset({Service.MASH, Service.PDS, Service.DESK})
"""They ask, feed and route: they hold nothing of a practitioner's own."""
_HANDED_ON = frozenset({Service.HV, Service.SN, Service.GP})
"""Whose child somebody is goes by its place: what one of them owes is the next one's, once that accepts."""


@finder("every service known to hold information about the child or the household")
def holding(event: Any, child: Child, facts: Facts, usual: Usual) -> Found | NobodyFound:
    """Who has registered, held, been sent or sent anything about anybody of the household, now or before.

    A system that has sent something stands for its service: where a team of that is found, that team is asked. Of a
    team that has been closed, and works with somebody there by the record, a person must say who has its records."""
    teams = facts.cover.teams
    found: dict[str, str] = {}
    on_record = tuple(_on_record(child, facts))
    closed = any(team not in teams and relation == WORKS for team, relation in on_record)
    instead = _instead(child, facts, usual) if closed else ()
    for team, relation in (*_universal(child, usual), *on_record, *instead, *_by_the_ledger(child, facts)):
        if team in teams and teams[team].service not in _NO_RECORDS and team != facts.publisher.team:
            found.setdefault(team, relation)
    asked = {(teams[t].service, teams[t].organisation) for t, how in found.items() if not how.startswith("has sent ")}
    places = [
        Place(team, relation)
        for team, relation in found.items()
        if not (relation.startswith("has sent ") and (teams[team].service, teams[team].organisation) in asked)
    ]
    hidden = "; the whereabouts are withheld, so no team can be found from them" if child.restricted else ""
    why = f"no service is known to hold anything about the child or the household{hidden}"
    lacking = "a team that is on record as working with the child or the household has been closed" if closed else ""
    return Found(tuple(places), lacking) if places else NobodyFound(lacking or why)


def _universal(child: Child, usual: Usual) -> Iterator[tuple[str, str]]:
    """The practice, and the health visitors or school nurses: every child of their age has a record with them."""
    services = [Service.GP]
    if child.unborn:
        services.append(Service.MID)
    elif 0 <= child.age < 5:
        services.append(Service.HV)
    elif child.age < 20:
        services.append(Service.SN)
    for service in services:
        found = usual(service)
        if not isinstance(found, NobodyFound):
            yield from found.places


def _instead(child: Child, facts: Facts, usual: Usual) -> Iterator[tuple[str, str]]:
    """Of the child's own services whose team has been closed: the team that there is of it now, if there is but one."""
    for service in dict.fromkeys(Service(s) for s, team in parts_in(child.doc) if team not in facts.cover.teams):
        found = usual(service)
        if isinstance(found, Found) and len(found.places) == 1:
            yield found.places[0].team, f"{WORKS}, instead of a team that has been closed"


def _household(child: Child, facts: Facts) -> Iterator[tuple[str, PersonDoc]]:
    """The child, its parents, and everybody who lives with it."""
    home = child.doc.get("household")
    near = {child.id, child.doc.get("mother", ""), *(parent for parent, _ in child.doc.get("parents", ()))}
    for family in facts.families.values():
        for pid, doc in family["people"].items():
            if pid in near or (home and doc.get("household") == home):
                yield pid, doc


def _on_record(child: Child, facts: Facts) -> Iterator[tuple[str, str]]:
    """By the directory: practices, caseloads, and services past and present."""
    ended: list[tuple[str, str]] = []
    for _, doc in sorted(_household(child, facts)):
        for team in facts.cover.covering(Service.GP, "practices", doc.get("practice")):
            yield team, "the practice of the child or of somebody of the household"
        for held in doc.get("caseload", {}).values():
            yield held["team"], WORKS
        for one in doc.get("services", ()):
            if "until" in one:
                ended.append((one["team"], f"worked with the child or the household until {one['until']}"))
            else:
                yield one["team"], WORKS
    yield from ended


def _by_the_ledger(child: Child, facts: Facts) -> Iterator[tuple[str, str]]:
    """By what has gone to and fro: kept with the facts, so that the same is found whenever it is asked again."""
    words = {"received": "was sent information about the child or the household, last on {}",
             "sent": "has sent information about the child or the household, last on {}"}  # fmt: skip
    last: dict[tuple[str, str], str] = {}
    for pid, _ in _household(child, facts):
        for one in facts.involved.get(pid, ()):
            last[one.how, one.team] = max(last.get((one.how, one.team), ""), one.last)
    for (how, team), day in sorted(last.items()):
        yield team, words[how].format(day)


@finder("each team that the nurse adds, with the reason")
def added(event: Any, child: Child, facts: Facts, usual: Usual) -> tuple[Place, ...]:
    """Those whom the directory knows; of the others the nurse is told."""
    known = (a for a in event.data.also_asked if a.team in facts.cover.teams)
    return tuple(Place(a.team, f"added by the MASH nurse: {a.reason.replace('-', ' ')}") for a in known)


@finder("everybody who was asked and has not answered")
def silent(event: Any, child: Child, facts: Facts, usual: Usual) -> tuple[Place, ...]:
    """By the child's history; nobody where the request was cancelled or never came.

    Where the child was handed on, whoever takes it over owes the answer as soon as it accepts, and reads it too."""
    ref = event.data.mash_ref
    if not facts.stands(child.id, (MashRequest.event_type,), ref):
        return ()
    past = (h for h in sorted(facts.history.get(child.id, ()), key=Happening.order) if h.thing == ref)
    asked = dict.fromkeys(h.type.removeprefix(ASKED) for h in past if h.type.startswith(ASKED))
    silent = {t: "asked, and has not answered yet" for t in asked if not facts.stands(child.id, (ANSWERED + t,), ref)}
    services = {facts.cover.teams[t].service for t in silent if t in facts.cover.teams}
    for service in sorted(services & _HANDED_ON):
        found = usual(service)
        for place in found.places if isinstance(found, Found) else ():
            if place.team not in asked and not facts.stands(child.id, (ANSWERED + place.team,), ref):
                silent[place.team] = "the child's team now; the one before was asked, and has not answered yet"
    return tuple(Place(t, relation) for t, relation in silent.items() if t in facts.cover.teams)


@finder("the MASH that asked")
def asker(event: Any, child: Child, facts: Facts, usual: Usual) -> tuple[Place, ...] | NobodyFound:
    """By the request; where that has not come, the MASH of the child's home authority."""
    past = (h for h in sorted(facts.history.get(child.id, ()), key=Happening.order) if h.thing == event.data.mash_ref)
    asked = (h.type.removeprefix(ASKING) for h in past if h.type.startswith(ASKING))
    if teams := tuple(dict.fromkeys(t for t in asked if t in facts.cover.teams)):
        return tuple(Place(t, "asked for it") for t in teams)
    found = usual(Service.MASH)
    return found if isinstance(found, NobodyFound) else found.places


def without_analysis(concern: object) -> bool:
    """Whether facts come alone: what is held is told, and neither what to make of it nor what it does to the child."""
    return isinstance(concern, Concern) and (
        isinstance(concern.analysis, Absent) or isinstance(concern.impact_on_child, Absent)
    )


@condition("what is held comes with no analysis of the risk or its impact on the child, and was not sent back before")
def incomplete(event: Any, child: Child, facts: Facts) -> bool:
    said = event.data
    before = facts.stands(child.id, (f"{SENT_BACK} by {said.answering_team}",), said.mash_ref)
    return said.answer == "held" and without_analysis(said.concern) and not before


@condition("it answers the request: complete, or nothing held, or sent back once before")
def answers(event: Any, child: Child, facts: Facts) -> bool:
    return not incomplete.test(event, child, facts)


def _none(event: Any, name: str, restriction: Restriction) -> bool:
    """That there is none is always said; not where something else is marked so, which would be shown with it."""
    return isinstance(getattr(event.data, name), Absent) and restriction not in event.data.sensitivity.values()


@condition("there is no sexual-health information")
def no_sexual_health(event: Any, child: Child, facts: Facts) -> bool:
    return _none(event, "sexual_health", Restriction.SEXUAL_HEALTH)


@condition("there is no clinical record of an adult")
def no_adult_clinical(event: Any, child: Child, facts: Facts) -> bool:
    return _none(event, "adult_clinical", Restriction.ADULT_CLINICAL)


@condition("consent to share, or reasonable cause to suspect significant harm, is stated")
def stated(event: Any, child: Child, facts: Facts) -> bool:
    return passes(event.data.lawful_basis.power, event.data.consent.to_sharing.answer)


@condition("a sensitive record is held, and neither consent nor reasonable cause to suspect significant harm is stated")
def sensitive_withheld(event: Any, child: Child, facts: Facts) -> bool:
    none = no_sexual_health.test(event, child, facts) and no_adult_clinical.test(event, child, facts)
    return not none and not stated.test(event, child, facts)


@condition("the directory has no team of a name that the nurse added")
def unknown_team(event: Any, child: Child, facts: Facts) -> bool:
    return any(a.team not in facts.cover.teams for a in event.data.also_asked)


ASKED_OF = only("mash_ref", "rag", "what_is_asked", "household_asked_about")

REQUESTED = Policy(
    event=MashRequest,
    concerning="children named",
    thing="mash_ref",
    rates="rag",
    shares=(
        tell_found(holding, because=F14, gets=ASKED_OF, ask=ANSWER, alone=True),
        tell_found(added, because=F14, gets=ASKED_OF, ask=ANSWER, alone=True),
    ),
    expectations=(
        expect(
            None, to="answer", within=BY_RAG, else_tell=LEAD_WITHIN_HOURS, because=LATE, met_by=(MashResponse,),
            starts_at="event", re_rated_by=(MashRagChanged,), name="a MASH request is answered",
        ),
    ),
    wants=(
        want(
            "also_asked", unknown_team, because=F14, words="team of that name in the directory",
            missing=lambda _: True, mend="Look the team's name up, and send an update of the request",
        ),
    ),
)  # fmt: skip

ANSWERED_BY = Policy(
    event=MashResponse,
    concerning="children named",
    thing="mash_ref",
    speaks_for="answering_team",
    taken_as=(taken_as(MashResponse, answers), taken_as(SENT_BACK, incomplete, by_team=True)),
    shares=(
        tell_found(
            asker, no_sexual_health, because=F14, gets=only("sexual_health"), may_see=(Restriction.SEXUAL_HEALTH,)
        ),
        tell_found(
            asker, no_adult_clinical, because=F14, gets=only("adult_clinical"), may_see=(Restriction.ADULT_CLINICAL,)
        ),
        tell_found(asker, because=F14, gets=everything("linked"), why_not=NOT_STATED),
        tell_found(
            asker, stated, because=SENSITIVE, gets=only("sexual_health", "adult_clinical"),
            may_see=(Restriction.SEXUAL_HEALTH, Restriction.ADULT_CLINICAL),
        ),
    ),
    wants=(
        want(
            "lawful_basis", sensitive_withheld, because=SENSITIVE, missing=lambda _: True,
            words="consent to share, nor section 47 (reasonable cause to suspect significant harm): the sexual-health "
            "information or the adult's clinical record was withheld from MASH",
            mend="Send an update that states which of the two holds, or leave that part out",
        ),
        want(
            "concern", incomplete, because=ANALYSIS, words="analysis of the risk and of its impact on the child",
            missing=without_analysis, mend=PLEASE,
        ),
    ),
)  # fmt: skip

RATED_ANEW = Policy(
    event=MashRagChanged,
    concerning="children named",
    thing="mash_ref",
    rates="rag",
    shares=(tell_found(silent, because=LATE, gets=only("mash_ref", "was", "rag"), ask=ANSWER, alone=True),),
)
