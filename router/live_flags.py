"""A person's live flags as they are told: those that were raised, and being looked after by a placement (F05, F25)."""

from datetime import date
from typing import Any

from contracts.parts.services import Service
from router.directory import Cover, PersonDoc, in_care
from router.facts import live

LOOKED_AFTER = "looked-after"
NOBODY_TOLD = "not told with the placement, and nobody is in the directory for that authority"


def flags_told(person: PersonDoc, cover: Cover, day: date) -> list[dict[str, Any]]:
    """Kind, since when, whom to ring: what the department is answered with, and what stands in every summary.

    A placed child is looked after for every row of the rule book, though nobody raised the flag: here as well."""
    told = [
        {"kind": f["kind"], "since": f["since"], "contact": f["contact"], "authority": f["authority"]}
        for f in live(person.get("flags", ()), day)
    ]
    if in_care(person, day.isoformat()) and not any(f["kind"] == LOOKED_AFTER for f in told):
        told += _by_placement(person["care"], cover)
    return told


def _by_placement(care: dict[str, Any], cover: Cover) -> list[dict[str, Any]]:
    since, authority = care.get("since"), care.get("authority")
    if since is None:  # no file that is loaded, and no placement, leaves it out
        return []
    told = {"kind": LOOKED_AFTER, "since": since, "contact": _whom_to_ring(authority, cover)}
    return [told | {"authority": authority or "not told with the placement"}]


def _whom_to_ring(authority: str | None, cover: Cover) -> str:
    """Social care of the authority that looks after the child, if the directory has it; no number is made up."""
    found = cover.covering(Service.CSC, "authorities", authority)
    if not found:
        return NOBODY_TOLD
    team = cover.teams[found[0]]
    return f"{team.contact} ({team.name})" if team.contact else team.name
