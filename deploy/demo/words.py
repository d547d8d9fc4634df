"""People, teams, events and moments in as few words as a table has room for."""

from datetime import datetime

from deploy.demo.held import Held
from router.directory import is_unborn
from router.facts import years_old
from router.moments import day_of, time_words
from router.policy.working_time import LONDON

_CAPITALS = {"ed": "ED", "gp": "GP", "nhs": "NHS", "dart": "DART", "pln": "PLN"}


def what(event_type: str) -> str:
    """'ed-attendance-discharged-1' → 'ED attendance discharged'."""
    words = " ".join(_CAPITALS.get(w, w) for w in event_type.rpartition("-")[0].split("-"))
    return words[0].upper() + words[1:]


def who(held: Held, person: str | None, at: datetime) -> str:
    """'BISSELL, Oscar (15)'; an unborn child by its mother."""
    doc = held.people.get(person or "")
    if doc is None:
        return "nobody known"
    if is_unborn(doc):
        mother = held.people.get(doc.get("mother", ""))
        return f"unborn child of {_name(mother['name'])}" if mother and "name" in mother else "unborn child"
    years = years_old(doc, day_of(at))
    return f"{_name(doc['name'])} ({years})" if "name" in doc else "a child without a name"


def _name(name: dict[str, str]) -> str:
    return f"{name['family'].upper()}, {name['given']}"


def clock(at: datetime) -> str:
    """'8:14am', in London."""
    return time_words(at.astimezone(LONDON).time())


def day(at: datetime) -> str:
    """'Thu 22 Sep', in London."""
    local = at.astimezone(LONDON)
    return f"{local:%a} {local.day} {local:%b}"


def day_and_clock(at: datetime) -> str:
    """'Thu 22 Sep 8:14am', in London."""
    return f"{day(at)} {clock(at)}"


def service(held: Held, team: str) -> str:
    """The team's kind, as few letters as the review has for it."""
    known = held.cover.teams.get(team)
    return known.service.value if known else team
