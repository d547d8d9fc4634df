"""A stay in hospital: the department or ward works with the child until the stay has ended (F21)."""

from router.directory import PersonDoc
from router.events import Event, moment
from router.facts import CHILD_ROLES, Facts
from router.family_file import Changed, Doc, as_place, is_newer, named_in
from router.moments import day_of

IN_HOSPITAL = ("ED", "WARD")


def stay_began(event: Event, facts: Facts) -> Changed:
    """The team that publishes has the child in its care from now on; what is taken back never was."""
    own = (facts.publisher.service.value, facts.publisher.team)
    people: dict[int, dict[str, PersonDoc]] = {}
    for number, pid, doc in _children(facts):
        if not is_newer(event, doc, _part(own[1])):
            continue
        _noted(event, doc, own[1])
        services = doc.get("services", ())
        if event.action == "cancel":
            doc["services"] = [s for s in services if (s["service"], s["team"]) != own or "until" in s]
        elif not any((s["service"], s["team"]) == own and "until" not in s for s in services):
            since = day_of(event.time).isoformat()
            doc["services"] = [*services, {"service": own[0], "team": own[1], "since": since}]
        people.setdefault(number, {})[pid] = as_place(doc)
    return Changed(people)


def stay_ended(event: Event, facts: Facts) -> Changed:
    """No department or ward has the child any longer; one whose word is newer is left alone, and so is a mistake."""
    if event.action == "cancel":
        return Changed({})
    until = day_of(event.time).isoformat()
    people: dict[int, dict[str, PersonDoc]] = {}
    for number, pid, doc in _children(facts):
        services = list(doc.get("services", ()))
        for at, entry in enumerate(services):
            here = entry["service"] in IN_HOSPITAL and "until" not in entry
            if here and is_newer(event, doc, _part(entry["team"])):
                services[at] = {**entry, "until": until}
                _noted(event, doc, entry["team"])
        doc["services"] = services
        if is_newer(event, doc, _part(facts.publisher.team)):
            _noted(event, doc, facts.publisher.team)  # an arrival that comes late begins nothing any more
        people.setdefault(number, {})[pid] = as_place(doc)
    return Changed(people)


def _children(facts: Facts) -> list[tuple[int, str, Doc]]:
    children = {w.person for w in facts.who if w.role in CHILD_ROLES}
    return [(number, pid, doc) for number, pid, doc in named_in(facts) if pid in children]


def _part(team: str) -> str:
    return f"stay:{team}"


def _noted(event: Event, doc: Doc, team: str) -> None:
    as_of: Doc = {"at": moment(event), "by": event.publisher}
    if event.data.record_id:
        as_of["record"] = event.data.record_id
    doc["as_of"] = {**doc.get("as_of", {}), _part(team): as_of}
