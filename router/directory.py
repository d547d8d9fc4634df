"""What the directory holds: teams and what they cover, publishers, and one file a family."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NotRequired, TypedDict

from contracts.parts.services import Service
from router.terms import OwnTerms

Covers = Mapping[str, tuple[str, ...]]
"""What a team covers: `areas`, `practices`, `schools`, `authorities`, `organisations` → codes."""


@dataclass(frozen=True, slots=True)
class Team:
    """One team: where its summaries go and whom it works for."""

    id: str
    service: Service
    organisation: str
    name: str
    covers: Covers = field(default_factory=dict)
    lead: str | None = None
    """The team that is told when this one does not answer."""
    authority: str | None = None
    """The local authority it works in; a practice's decides rule A."""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """One publishing system: its topic is its identity, its source must match."""

    id: str
    source: str
    service: Service
    organisation: str
    team: str
    """The team whose people answer for what it sends."""
    usual_gap_hours: float = 24.0
    """Silence longer than this, in working time, is an alarm."""
    quiet_until: str | None = None
    """A planned quiet period ends then (ISO date); no alarm before."""


class Cover:
    """The teams and publishers of one version of the directory, and what organisations set; read-only once made."""

    def __init__(
        self, version: int, teams: Iterable[Team], publishers: Iterable[Publisher], own: OwnTerms | None = None
    ) -> None:
        self.version = version
        self.own = own or OwnTerms()
        self.teams = {team.id: team for team in teams}
        self.publishers = {publisher.id: publisher for publisher in publishers}
        self._by: dict[tuple[Service, str, str], tuple[str, ...]] = {}
        for team in self.teams.values():
            for basis, codes in team.covers.items():
                for code in codes:
                    key = (team.service, basis, code)
                    self._by[key] = (*self._by.get(key, ()), team.id)
        self._by_trust: dict[tuple[Service, str], tuple[str, ...]] = {}
        for team in self.teams.values():
            trust = (team.service, team.organisation)
            self._by_trust[trust] = (*self._by_trust.get(trust, ()), team.id)

    def still_knowing(self, former: Publisher | None) -> "Cover":
        """The same with a publisher that has left since, for what it sent while it was here."""
        if former is None or former.id in self.publishers:
            return self
        return Cover(self.version, self.teams.values(), (*self.publishers.values(), former), self.own)

    def covering(self, service: Service, basis: str, code: str | None) -> tuple[str, ...]:
        """Teams of `service` that cover this area, practice, school, authority or organisation."""
        return self._by.get((service, basis, code), ()) if code else ()

    def of_trust(self, service: Service, organisation: str) -> tuple[str, ...]:
        """Teams of `service` that belong to this organisation, or are named as covering it."""
        return self.covering(service, "organisations", organisation) or self._by_trust.get((service, organisation), ())

    def desk(self, source: str) -> str:
        """The team that works the tasks of this publisher's (or team's) own organisation, or else of the whole area;
        those who answer for the source itself where there is no desk."""
        publisher = self.publishers.get(source)
        known = publisher or self.teams.get(source)
        desks = self.of_trust(Service.DESK, known.organisation) if known else ()
        desks = desks or tuple(t.id for t in self.teams.values() if t.service is Service.DESK)
        return desks[0] if desks else publisher.team if publisher else source

    def name(self, team: str) -> str:
        """The team's name as a person knows it; its id where the directory no longer has it."""
        known = self.teams.get(team)
        return known.name if known else team

    @classmethod
    def read(cls, version: int, doc: Mapping[str, Any]) -> "Cover":
        """From the directory file's `teams` and `publishers`, `terms` and `days`."""
        return cls(
            version,
            (
                Team(
                    id=t["id"],
                    service=Service(t["service"]),
                    organisation=t["organisation"],
                    name=t["name"],
                    covers={k: tuple(v) for k, v in t.get("covers", {}).items()},
                    lead=t.get("lead"),
                    authority=t.get("authority"),
                    contact=t.get("contact", ""),
                )
                for t in doc.get("teams", ())
            ),
            (
                Publisher(
                    id=p["id"],
                    source=p["source"],
                    service=Service(p["service"]),
                    organisation=p["organisation"],
                    team=p["team"],
                    usual_gap_hours=p.get("usual_gap_hours", 24.0),
                    quiet_until=p.get("quiet_until"),
                )
                for p in doc.get("publishers", ())
            ),
            OwnTerms.read(doc),
        )


class FlagDoc(TypedDict):
    """A live or ended flag on a person (F05)."""

    flag_id: str
    kind: str
    since: str
    authority: str
    contact: Any
    """A phrase, or team with the numbers of day and night."""
    by: str
    ended: NotRequired[str]
    """From this day on it is not live; an ended flag is kept."""
    sequence: NotRequired[str]
    said_at: NotRequired[str]
    """When what stands here was so: an older word never overwrites it (hazard H6)."""


class AsOf(TypedDict):
    """Since when a part of a person's place is as it is, by which record, and what was there before."""

    at: str
    by: NotRequired[str]
    """The publisher."""
    record: NotRequired[str]
    before: NotRequired[dict[str, Any]]


class InvolvementDoc(TypedDict):
    """A service that works with a person, since when and until when."""

    service: str
    team: str
    since: str
    until: NotRequired[str]


class PersonDoc(TypedDict, total=False):
    """One person in a family's file; codes and dates as text, so that the file is its own snapshot."""

    nhs: str
    name: dict[str, str]
    born: str
    died: str
    expected: str
    """Expected date of delivery: only an unborn child has it."""
    pregnancy: str
    mother: str
    parents: list[list[str]]
    """[person, relationship] of each adult with care of this child."""
    household: str
    practice: str
    school: str
    education: str
    area: str
    authority: str
    restricted: bool
    caseload: dict[str, dict[str, str]]
    """service → {team, named}: who holds the child."""
    services: list[InvolvementDoc]
    flags: list[FlagDoc]
    care: dict[str, Any]
    """The period of being looked after, as social care last told it (F25): `ended` where it is over."""
    not_ours: list[str]
    """Teams that said this child is not theirs: never told again until a caseload says otherwise."""
    redirected: dict[str, str]
    """service → team that a person named after a delivery went to nobody or to the wrong team."""
    before_birth: str
    """The unborn child's id whose file this baby's follows (rule C)."""
    formerly: list[str]
    """Earlier NHS numbers of this person."""
    same_as: str
    """This is no person's place any more: whoever is meant is that one (a number superseded, a record joined)."""
    merged: list[str]
    """Ids whose history and clocks are this person's as well (rule C, superseded numbers)."""
    unjoined: str
    """Why nobody on record was joined: a place of its own for one event, until a person says whose record it is."""
    was_with: dict[str, list[str]]
    """service → teams whose the child was; only where the place before a correction is hidden, and never kept."""
    as_of: dict[str, AsOf]
    """practice, address, school, caseload:<service> → when that was so, so that no older record overwrites it."""


class FamilyDoc(TypedDict):
    """Everybody whose information one event may touch: read and written under the family's lock."""

    people: dict[str, PersonDoc]


class Place(NamedTuple):
    """One team found for a child, and on what relation."""

    team: str
    relation: str


@dataclass(frozen=True, slots=True)
class Found:
    """Teams of one service for one child."""

    places: tuple[Place, ...]
    lacking: str = ""
    """Why another team that must know as well could not be found: of two, neither is assumed (rule A)."""

    @property
    def teams(self) -> tuple[str, ...]:
        """Each team once."""
        return tuple(dict.fromkeys([place.team for place in self.places]))


@dataclass(frozen=True, slots=True)
class NobodyFound:
    """No team: why, in words; *withheld* is told from *not known* (rule G)."""

    why: str


def parts_in(person: PersonDoc) -> list[tuple[str, str]]:
    """(service, team) of all who work with somebody now, by the involvement index and by the caseloads."""
    parts = [(i["service"], i["team"]) for i in person.get("services", ()) if "until" not in i]
    return parts + [(service, held["team"]) for service, held in person.get("caseload", {}).items()]


def is_unborn(person: PersonDoc) -> bool:
    """Whether this is an unborn child's place in the file."""
    return "expected" in person and "born" not in person


def of_its_mothers(person: PersonDoc) -> tuple[str, ...]:
    """Which parts of a child's place are its mother's: an unborn child's all are (rule C), and the practice of a baby
    for whom none has been told yet."""
    if is_unborn(person):
        return ("area", "authority", "restricted", "practice")
    own = "pregnancy" not in person or "practice" in person or "practice" in person.get("as_of", {})
    return () if own else ("practice",)


def now_standing(people: Mapping[str, PersonDoc], person: str) -> PersonDoc | None:
    """Somebody's place in a file, also under an id from before it was joined to another; restricted as well where the
    mother's whereabouts are."""
    doc = people.get(person)
    while doc is not None and "same_as" in doc:
        doc = people.get(doc["same_as"])
    hidden = doc is not None and people.get(doc.get("mother", ""), {}).get("restricted")
    return {**doc, "restricted": True} if doc is not None and hidden else doc


def in_care(person: PersonDoc, day: str) -> bool:
    """Whether a child is looked after on this day (ISO) by the placements that social care has told of (F25)."""
    return "care" in person and person["care"].get("ended", "9999") > day
