"""Which team holds a person on its caseload; a record that is taken back leaves the file as it was (A, B; H6)."""

from contracts.directory import CaseloadChanged
from router.directory import PersonDoc
from router.events import Event, moment
from router.facts import Facts
from router.family_file import Changed, Doc, as_of_event, as_place, is_newer, named_in, wrote

PART = "caseload:"


def caseload_changed(event: Event, facts: Facts) -> Changed:
    """A team holds the person, or lets the person go; one that takes a child says that it is theirs after all.

    What an earlier version of the record said is first taken back: it may have named another team, or said the end."""
    said = event.data
    assert isinstance(said, CaseloadChanged)
    team = facts.cover.teams.get(said.team)
    if team is None or team.service is not said.service:
        return Changed({}, (("data.team", "the caseload names a team that the directory does not have"),))
    people: dict[int, dict[str, PersonDoc]] = {}
    for number, pid, doc in named_in(facts):
        known = facts.person(pid)
        for part in [p for p in doc.get("as_of", {}) if p.startswith(PART) and wrote(event, doc, p)]:
            _take_back(doc, part)
        if event.action != "cancel" and is_newer(event, doc, PART + said.team):
            _write(event, doc, said)
        if (place := as_place(doc)) != known:
            people.setdefault(number, {})[pid] = place
    return Changed(people)


def _write(event: Event, doc: Doc, said: CaseloadChanged) -> None:
    service, part = said.service.value, PART + said.team
    as_of = as_of_event(event)
    as_of["before"] = {
        "service": service,
        "held": doc.get("caseload", {}).get(service),
        "services": _theirs(doc, service, said.team),
        "not_ours": said.team in doc.get("not_ours", ()),
        "redirected": doc.get("redirected", {}).get(service),
    }
    doc["as_of"] = {**doc.get("as_of", {}), part: as_of}
    if said.ended:
        _let_go(doc, said)
    else:
        _take_on(event, doc, said)


def _take_on(event: Event, doc: Doc, said: CaseloadChanged) -> None:
    service, since = said.service.value, said.since.isoformat()
    held = doc.get("caseload", {})
    if held.get(service, {}).get("at", "") <= moment(event):
        named = said.practitioner if isinstance(said.practitioner, str) else ""
        doc["caseload"] = {**held, service: {"team": said.team, "named": named, "at": moment(event)}}
        doc["redirected"] = {s: t for s, t in doc.get("redirected", {}).items() if s != service}
    doc["not_ours"] = [t for t in doc.get("not_ours", ()) if t != said.team]
    if not any("until" not in s for s in _theirs(doc, service, said.team)):
        doc["services"] = [*doc.get("services", ()), {"service": service, "team": said.team, "since": since}]


def _let_go(doc: Doc, said: CaseloadChanged) -> None:
    service, until = said.service.value, said.since.isoformat()
    held = doc.get("caseload", {})
    if held.get(service, {}).get("team") == said.team:
        doc["caseload"] = {s: h for s, h in held.items() if s != service}
    doc["services"] = [
        {**s, "until": until} if (s["service"], s["team"]) == (service, said.team) and "until" not in s else s
        for s in doc.get("services", ())
    ]


def _theirs(doc: Doc, service: str, team: str) -> list[Doc]:
    return [s for s in doc.get("services", ()) if (s["service"], s["team"]) == (service, team)]


def _take_back(doc: Doc, part: str) -> None:
    """As it was before the record; who holds the person now stays, where somebody else took the person on since."""
    team, before = part.removeprefix(PART), doc["as_of"][part].get("before")
    doc["as_of"] = {p: known for p, known in doc["as_of"].items() if p != part}
    if before is None:  # written before this was remembered: the team no longer holds the person, as far as is known
        doc["caseload"] = {s: h for s, h in doc.get("caseload", {}).items() if h["team"] != team}
        return
    service, held = before["service"], doc.get("caseload", {}).get(before["service"])
    others = [s for s in doc.get("services", ()) if (s["service"], s["team"]) != (service, team)]
    doc["services"] = [*others, *before["services"]]
    if before["not_ours"]:
        doc["not_ours"] = [*doc.get("not_ours", ()), team]
    if held is not None and held["team"] != team:
        return
    rest = {s: h for s, h in doc.get("caseload", {}).items() if s != service}
    doc["caseload"] = {**rest, service: before["held"]} if _still(doc, service, before["held"]) else rest
    if before["redirected"]:
        doc["redirected"] = {**doc.get("redirected", {}), service: before["redirected"]}


def _still(doc: Doc, service: str, held: Doc | None) -> bool:
    """Whether the holder of before holds the person yet: it has not let go since, nor was it itself a mistake."""
    if held is None:
        return False
    theirs = _theirs(doc, service, held["team"])
    if "at" not in held:  # from the directory as it was loaded, which need not list the service besides
        return not theirs or "until" not in theirs[-1]
    return any("until" not in s for s in theirs)
