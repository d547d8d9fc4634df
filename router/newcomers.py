"""What an event itself says of the people it names, for those whom the directory does not know yet."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from contracts.parts.people import Role
from router.directory import PersonDoc
from router.events import Event
from router.facts import ADULT_ROLES, Who, years_old
from router.family_births import FROM_THE_MOTHER
from router.moments import day_of

SAME_PREGNANCY_DAYS = 42
"""Two expected dates of one pregnancy differ by less, scans included."""


def one_pregnancy(expected: str | None, other: str | None) -> bool:
    """Whether two expected dates may be of one pregnancy; a date that is not known may be any."""
    if not expected or not other:
        return True
    return abs((date.fromisoformat(expected) - date.fromisoformat(other)).days) <= SAME_PREGNANCY_DAYS


def mother_among(joined: Iterable[Who]) -> Who | None:
    """The mother, where she was found."""
    return next((w for w in joined if w.role == Role.MOTHER.value and w.person), None)


def adult_among(joined: Iterable[Who]) -> Who | None:
    """The first adult who was found."""
    return next((w for w in joined if w.role in ADULT_ROLES and w.person), None)


def said_of(event: Event, slot: str) -> dict[str, Any]:
    """What the event says of the person in this slot; nothing where it gives no more than a number."""
    where, _, at = slot.partition(".")
    said: Any = {}
    if where == "subjects":
        said = event.body["subjects"][int(at)]
    elif where == "household":
        said = event.body["household"]["children"][int(at)]
    return said if isinstance(said, dict) else {}


def lives_with_its_mother(doc: PersonDoc, mother: PersonDoc, event: Event) -> None:
    """A baby under one of whom nothing else is known lives where its mother does: told before its birth is."""
    if years_old(doc, day_of(event.time)) == 0:
        home: Any = {k: v for k, v in mother.items() if k in FROM_THE_MOTHER and k not in doc}
        doc.update(home)


def take_what_is_said(doc: PersonDoc, said: dict[str, Any]) -> None:
    """What the sender knows of somebody new: a coded absence stays absent."""
    if isinstance(name := said.get("name"), dict) and "family" in name:
        doc["name"] = name
    if isinstance(practice := said.get("gp_practice"), str):
        doc["practice"] = practice
    if isinstance(school := said.get("school"), str):
        doc["school"] = school
    if isinstance(authority := said.get("home_authority"), str):
        doc["authority"] = authority
    if said.get("location_withheld"):
        doc["restricted"] = True
