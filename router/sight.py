"""What one team may see of one event in a child's chronology, and why not more (rules B, D, E)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from contracts.directory import AddressChanged, CaseloadChanged, GpRegistrationChanged, SchoolChanged
from contracts.parts.event import EventData, field_marks
from contracts.parts.services import Service
from contracts.parts.shape import Restriction, Section
from router.address import teams_for
from router.chronicle import Chronicle, Noted
from router.compose import Cut, cut_for
from router.directory import Found, Team
from router.events import Event
from router.facts import years_old
from router.moments import day_of
from router.policy.words import UNNAMED as RESTRICTED_PART
from router.policy.words import Policy, Tell

UNNAMED = RESTRICTED_PART | {Service.MASH}
"""Services whose mere part in a life is restricted: only their own teams read their names here (rule E)."""
READS_AS: Mapping[Service, frozenset[Service]] = {Service.SN: frozenset({Service.SN, Service.HV})}
"""Whose entries a service may read besides its own: at five the child passes from health visitor to school nurse
(rule B), and the early years go along."""
PLACES = (AddressChanged, GpRegistrationChanged, SchoolChanged, CaseloadChanged)
"""Changes of the child's place: whoever works with the child may know that there was one, and never where."""
SHOWN = (Section.WHAT_HAPPENED.value, Section.RISK.value, Section.VOICE.value, Section.CONTEXT.value)

NOT_THEIRS = "your team does not work with this child, and was not told then (rule D)"
SAID_NOT_THEIRS = "your team said that this child is not theirs (rule D)"
NOT_NAMED = "restricted: no row of the rule book names your service for it (rule E)"
NOT_THEN = "restricted: what the rule book asks for before your service is told did not hold then (rule E)"
WHEREABOUTS = "restricted: the child's whereabouts are withheld"
NOBODYS = "restricted: the rule book names only services whose part is itself restricted, or none (rule E)"


def cut_seen(
    known: Chronicle, team: Team | None, noted: Noted, policy: Policy, rows: Sequence[Tell], restricted: bool
) -> tuple[Cut | None, str]:
    """Which fields this reader may see of the event; or none, and why."""
    event = noted.event
    if team is not None and noted.facts.publisher.team == team.id:
        return _all_of(type(event.data), _present(event), restricted_too=True), ""
    works = team is None or _works_with(known, team, noted.facts.publisher.organisation)
    was_told = team is not None and any(t.team == team.id and t.state != "not-ours" for t in noted.told)
    if team is not None and team.id in known.doc.get("not_ours", ()):
        return None, SAID_NOT_THEIRS
    if not (works or was_told):
        return None, NOT_THEIRS
    if isinstance(event.data, PLACES):
        return _place(event, team, restricted)
    hers = was_told or (team is not None and any((o.event_no, o.team) == (noted.no, team.id) for o in known.owed))
    mine = [r for r in rows if (hers and _by_what_was(r)) or _names(r, team, known)]
    if mine:
        shown = tuple(mine) if team is not None else tuple(_without_restricted(r) for r in mine)
        return cut_for(type(event.data), shown, _present(event), _further(event)), ""
    if team is None:
        return None, NOBODYS
    named = any(_names(r, team, known) for r in policy.shares if not r.withheld and not r.sent)
    return None, NOT_THEN if named else NOT_NAMED


def _by_what_was(row: Tell) -> bool:
    """Whether a row finds teams by what was sent, asked or held, not by their service: who was told is who it found.

    So is whoever owes the answer since the child was handed on: it must be able to read the question."""
    return bool(row.sent or row.found or row.asked)


def _place(event: Event, team: Team | None, restricted: bool) -> tuple[Cut | None, str]:
    if restricted:
        return None, WHEREABOUTS
    said: Any = event.data
    if isinstance(said, CaseloadChanged) and said.service in UNNAMED and (team is None or team.service != said.service):
        return None, NOT_NAMED
    return _all_of(type(event.data), _present(event), restricted_too=False), ""


def _all_of(event: type[EventData], present: frozenset[str], *, restricted_too: bool) -> Cut:
    """All that an event shows; its restricted fields only to whoever wrote them."""
    marks = field_marks(event)
    named = {n for n, m in marks.items() if n in present and (restricted_too or "restricted" not in m)}
    sections = tuple((s, tuple(n for n in marks if n in named and marks[n]["section"] == s)) for s in SHOWN)
    return Cut(sections, (), (), frozenset())


def _names(row: Tell, team: Team | None, known: Chronicle) -> bool:
    """Whether a row names the reader's service; for nobody in particular, one that everybody may hear named."""
    if row.sent or row.found is not None:  # of nobody but whoever was told can it be said that such a row names them
        return False
    if team is None:
        own = Restriction.SEXUAL_HEALTH in row.may_see  # told among its own services, whatever they are called
        return not own and (row.service is None or row.service not in UNNAMED)
    if row.service is None:
        held = {h["team"] for h in known.doc.get("caseload", {}).values()}
        held |= {s["team"] for s in known.doc.get("services", ()) if "until" not in s}
        return team.service not in row.besides and team.id in held
    return row.service in READS_AS.get(team.service, {team.service})


def _works_with(known: Chronicle, team: Team, organisation: str) -> bool:
    """Whether the child is this team's today: held by it, or found by practice, school, home and age (rules A, B).

    A team for a whole trust or authority works with a child only once it was told of something."""
    held = (*known.doc.get("caseload", {}).values(), *(s for s in known.doc.get("services", ()) if "until" not in s))
    if any(h["team"] == team.id for h in held):
        return True
    if team.service is Service.HV or team.service is Service.SN:
        age = years_old(known.doc, day_of(known.now))
        if (team.service is Service.HV) is (age >= 5) or age > 19:
            return False
    elif team.service is not Service.GP:
        return False
    found = teams_for(team.service, known.doc, known.mother, known.cover, organisation)
    return isinstance(found, Found) and any(p.team == team.id for p in found.places)


@lru_cache(maxsize=1024)
def _without_restricted(row: Tell) -> Tell:
    return replace(row, may_see=frozenset())


def _present(event: Event) -> frozenset[str]:
    return frozenset(name for name, value in event.body.items() if value is not None)


def _further(event: Event) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((event.body.get("sensitivity") or {}).items()))
