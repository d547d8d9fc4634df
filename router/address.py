"""Who must be told about which child, and whom nobody could be found for (rules A, B, C, D, G)."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from contracts.parts.services import Service
from router.directory import Cover, Found, NobodyFound, PersonDoc, Place, Publisher, is_unborn, of_its_mothers, parts_in

HOME = "the team of the child's home address"
PRACTICE_AREA = "the team of the area of the child's GP practice"
CASELOAD = "the team that holds the child on its caseload"
SCHOOL = "the team of the child's school"
REGISTERED = "the practice where the child is registered"
MOTHERS = "the practice where the mother is registered"
INVOLVED = "a service that already works with the child"
TRUST = "the team of the trust that published the event"
AUTHORITY = "the team for the child's home authority"
CARER = "for the authority that looks after the child"
REDIRECTED = "the team that a person named for the child"
SENDER = "the team that sent what this answers"
CHOSEN = "the team that was chosen"
CLOSED = "the team on record is no longer in the directory"
CLOSED_MEANWHILE = "the team on record is no longer in the directory, and that of the place was told for the time being"
"""A child on the caseload of a team that was closed is the place's until a person says whose it is (rules A, B, G)."""
PROTECTED = "a team with a current part in the child's care"
"""The only relation ever shown for a restricted address: the others would tell where the child lives."""


def teams_for(
    service: Service, child: PersonDoc, mother: PersonDoc | None, cover: Cover, organisation: str
) -> Found | NobodyFound:
    """The teams of `service` that must know about `child`; a place where the child said to be not theirs is left out.

    `mother` stands in for the residence and practice of an unborn child (rule C); `organisation` is the
    publisher's, for the roles every trust has (PLN, NN, midwifery, ward)."""
    if _OWN.isdisjoint(child):
        return _usual(
            cover,
            service,
            organisation,
            child.get("area"),
            child.get("authority"),
            child.get("practice"),
            child.get("school"),
            child.get("restricted", False),
        )
    return _teams_for(service, child, mother, cover, organisation)


_OWN = frozenset({"expected", "pregnancy", "caseload", "services", "not_ours", "redirected", "care"})
"""What makes a child's teams its own; for all others they follow from places alone, and are found once."""


@lru_cache(maxsize=65536)
def _usual(
    cover: Cover,
    service: Service,
    organisation: str,
    area: str | None,
    authority: str | None,
    practice: str | None,
    school: str | None,
    restricted: bool,
) -> Found | NobodyFound:
    given = {"area": area, "authority": authority, "practice": practice, "school": school}
    child: Any = {name: code for name, code in given.items() if code is not None}
    child["restricted"] = restricted
    return _teams_for(service, child, None, cover, organisation)


def _teams_for(
    service: Service, child: PersonDoc, mother: PersonDoc | None, cover: Cover, organisation: str
) -> Found | NobodyFound:
    home = _home(child, mother)
    if service is Service.HV:
        places = _health_visitors(child, home, cover)
    elif service is Service.SN:
        places = _school_nurses(child, home, cover)
    elif service is Service.GP:
        places = redirected_to(service, child, cover) or tuple(
            Place(t, REGISTERED if "practice" in child else MOTHERS)
            for t in cover.covering(service, "practices", home.get("practice"))
        )
    else:
        places = (
            _involved(service, child, home, cover)
            or tuple(Place(t, TRUST) for t in cover.of_trust(service, organisation))
            or _of_the_authority(service, home, cover)
        )
    refused, open_now = child.get("not_ours", ()), cover.teams
    kept = tuple([p for p in places if p.team not in refused and p.team in open_now])
    closed = _only_closed(service, child, home, cover)
    if not kept:
        return NobodyFound(CLOSED if closed else _why_nobody(service, home, bool(places)))
    other = _other_of_two(places, kept, home, cover) if service is Service.HV else ""
    lacking = "; ".join(why for why in (CLOSED_MEANWHILE if closed else "", other) if why)
    if home.get("restricted"):
        return Found(tuple(Place(p.team, PROTECTED) for p in kept), lacking)
    return Found(kept, lacking)


def _of_the_authority(service: Service, home: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    authority = authority_for(service, home)
    relation = AUTHORITY if authority == home.get("authority") else CARER
    return tuple(Place(t, relation) for t in cover.covering(service, "authorities", authority))


OF_THE_CARER = frozenset({Service.LACT, Service.IRO, Service.CSC})
"""Services of the authority that looks after a child, wherever it has placed the child (F25)."""


def authority_for(service: Service, child: PersonDoc) -> str | None:
    """The authority whose team of this service is the child's: for a looked-after child's own, the one that cares."""
    care = child.get("care", {})
    if service in OF_THE_CARER and "ended" not in care and "authority" in care:
        return str(care["authority"])
    return child.get("authority")


def _home(child: PersonDoc, mother: PersonDoc | None) -> PersonDoc:
    """Whose residence and practice count: an unborn child's are the mother's; a baby with no practice yet has hers."""
    if mother is None:
        return child
    if is_unborn(child):
        return mother
    if of_its_mothers(child):
        return {**child, "practice": mother.get("practice", "")}
    return child


def involved_teams(
    child: PersonDoc, cover: Cover, besides: frozenset[Service], author: str | None = None
) -> tuple[Place, ...]:
    """Every team now working with the child, but for the services named in `besides` and the author's own (F05)."""
    relation = PROTECTED if child.get("restricted") else INVOLVED
    refused = child.get("not_ours", ())
    parts = parts_in(child)
    found = dict.fromkeys(team for service, team in parts if Service(service) not in besides and team != author)
    return tuple(Place(t, relation) for t in found if t in cover.teams and t not in refused)


def senders_team(
    service: Service | None, who: str, senders: Iterable[Publisher], child: PersonDoc, restricted: bool, cover: Cover
) -> Found | NobodyFound:
    """The team of each of these publishers, or the team of `service` in its trust (F17); `who` they are, in words."""
    relation, refused = PROTECTED if restricted else SENDER, child.get("not_ours", ())
    teams: list[str] = []
    closed = False
    for sender in senders:
        theirs = _in_the_trust_of(sender, service, cover) if service else (sender.team,)
        closed |= any(t not in cover.teams for t in theirs)
        teams += [t for t in theirs if t in cover.teams and t not in refused]
    if not teams:
        return NobodyFound(f"no {who.rpartition('sent the ')[2]} of this reference is on record, or nobody is there")
    return Found(tuple(Place(t, relation) for t in dict.fromkeys(teams)), CLOSED if closed else "")


def _in_the_trust_of(sender: Publisher, service: Service, cover: Cover) -> tuple[str, ...]:
    """The team of `service` of the sender's trust; of a practice, that of the authority where the practice is."""
    if found := cover.of_trust(service, sender.organisation):
        return found[:1]
    team = cover.teams.get(sender.team)
    return cover.covering(service, "authorities", team.authority if team else None)[:1]


def every_other_team(
    service: Service, child: PersonDoc, mother: PersonDoc | None, cover: Cover, author: Publisher
) -> Found | NobodyFound:
    """Every team of `service` that works with the child, or for its area or the author's trust; not the author's."""
    home = _home(child, mother)
    relation = PROTECTED if home.get("restricted") else INVOLVED
    places = [*_involved(service, child, home, cover)]
    places += [Place(t, TRUST) for t in cover.of_trust(service, author.organisation)]
    places += [Place(t, AUTHORITY) for t in cover.covering(service, "authorities", home.get("authority"))]
    closed = _only_closed(service, child, home, cover)
    if not places:
        return NobodyFound(CLOSED if closed else _why_nobody(service, home, False))
    refused, found = child.get("not_ours", ()), dict[str, str]()
    for place in places:
        if place.team != author.team and place.team in cover.teams and place.team not in refused:
            found.setdefault(place.team, relation if relation == PROTECTED else place.relation)
    return Found(
        tuple(Place(t, r) for t, r in found.items()), "" if not closed else CLOSED_MEANWHILE if found else CLOSED
    )


def at_organisation(service: Service, code: object, child: PersonDoc, cover: Cover) -> Found | None:
    """The teams of `service` in the organisation that the event names; nothing where it names none of ours."""
    teams = cover.of_trust(service, code) if isinstance(code, str) else ()
    kept = tuple(t for t in teams if t in cover.teams and t not in child.get("not_ours", ()))
    relation = PROTECTED if child.get("restricted") else CHOSEN
    return Found(tuple(Place(t, relation) for t in kept)) if kept else None


def _health_visitors(child: PersonDoc, home: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    held = _held(Service.HV, child, cover)
    at_home = held or tuple(
        Place(t, HOME)
        for t in cover.covering(Service.HV, "areas", home.get("area"))
        or cover.covering(Service.HV, "authorities", home.get("authority"))
    )
    return (*at_home, *(p for p in _practice_area(home, cover) if p.team not in {h.team for h in at_home}))


def _practice_area(home: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    """Rule A: a practice outside the home authority brings in the health visitors of its own area as well."""
    area = _other_area(home, cover)
    if area is None:
        return ()
    practice = home.get("practice")
    teams = cover.covering(Service.HV, "practices", practice) or cover.covering(Service.HV, "authorities", area)
    return tuple(Place(t, PRACTICE_AREA) for t in teams)


def _other_area(home: PersonDoc, cover: Cover) -> str | None:
    """The authority that the practice is in, where the home is not known to be in it."""
    gps = cover.covering(Service.GP, "practices", home.get("practice"))
    area = cover.teams[gps[0]].authority if gps else None
    return area if area != home.get("authority") else None


def _other_of_two(places: tuple[Place, ...], kept: tuple[Place, ...], home: PersonDoc, cover: Cover) -> str:
    """Rule A: which of the two services was not found, though one was; a person looks for it (rule G)."""
    if all(p.relation == PRACTICE_AREA for p in kept):
        return _why_nobody(Service.HV, home, any(p.relation != PRACTICE_AREA for p in places))
    if "authority" in home and _other_area(home, cover) and not any(p.relation == PRACTICE_AREA for p in places):
        return "" if any(p.relation == CASELOAD for p in kept) else "no team covers the area of the GP practice"
    return ""


def _school_nurses(child: PersonDoc, home: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    """Rule B: the school's team; for a child in no school the home address's (1.10)."""
    if held := _held(Service.SN, child, cover):
        return held
    if schools := cover.covering(Service.SN, "schools", child.get("school")):
        return tuple(Place(t, SCHOOL) for t in schools)
    teams = cover.covering(Service.SN, "areas", home.get("area")) or cover.covering(
        Service.SN, "authorities", home.get("authority")
    )
    return tuple(Place(t, HOME) for t in teams)


def _held(service: Service, child: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    held = child.get("caseload", {}).get(service)
    if held and held["team"] not in child.get("not_ours", ()) and held["team"] in cover.teams:
        return (Place(held["team"], CASELOAD),)
    return redirected_to(service, child, cover)


def _only_closed(service: Service, child: PersonDoc, home: PersonDoc, cover: Cover) -> bool:
    """Whether the team that holds the child has been closed, or each that is on record as working with it.

    Not where a person has named another since."""
    if redirected_to(service, child, cover):
        return False
    refused = child.get("not_ours", ())
    held = child.get("caseload", {}).get(service)
    if held and held["team"] not in refused and service is not Service.GP:
        return held["team"] not in cover.teams
    if service in (Service.HV, Service.SN, Service.GP):  # found by their places, not by their part
        return False
    works = [t for t in _working(service, child, home) if t not in refused]
    return bool(works) and not any(t in cover.teams for t in works)


def redirected_to(service: Service, child: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    """The team that a person named instead, if it is of this service: a row's content is for no other (rule E)."""
    if "redirected" not in child:
        return ()
    team = cover.teams.get(child["redirected"].get(service.value, ""))
    return (Place(team.id, REDIRECTED),) if team is not None and team.service is service else ()


def _involved(service: Service, child: PersonDoc, home: PersonDoc, cover: Cover) -> tuple[Place, ...]:
    if held := _held(service, child, cover):
        return held
    return tuple(Place(t, INVOLVED) for t in _working(service, child, home) if t in cover.teams)


def _working(service: Service, child: PersonDoc, home: PersonDoc) -> tuple[str, ...]:
    """The teams of a service that are on record as working with the child, open or not."""
    entries = child.get("services", ())
    if is_unborn(child):
        entries = (*entries, *home.get("services", ()))
    return tuple(dict.fromkeys([i["team"] for i in entries if i["service"] == service and "until" not in i]))


def _why_nobody(service: Service, home: PersonDoc, said_not_theirs: bool) -> str:
    if said_not_theirs:
        return "the only team found has said that this child is not theirs"
    if home.get("restricted"):
        return "the whereabouts are withheld, so no team can be found from them"
    if service is Service.GP:
        return "no GP practice in the directory" if home.get("practice") else "no GP practice is on record"
    if service in (Service.HV, Service.SN):
        return "no team covers the home area" if home.get("area") else "the home address is not known"
    return "no team covers the home authority" if home.get("authority") else "the home authority is not known"
