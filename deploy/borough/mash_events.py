"""What MASH asks in the borough, what services answer, and a case rated anew (F14)."""

from datetime import datetime
from random import Random
from typing import Any

from contracts import mash
from contracts.parts.event import EventData
from deploy.borough import parts
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published
from router.directory import is_unborn

ASKED = (
    "What do you know of this child, of the other children there and of the adults at home in the last two years?",
    "Attendances, appointments that were missed, injuries, and what you know of the parents' health.",
)


def mash_ref(rng: Random) -> str:
    """The reference of an enquiry."""
    return f"mash-{rng.getrandbits(36):09x}"


def _about(borough: Borough, by: str, child: str, rng: Random, role: str, ref: str) -> Json:
    doc = borough.people[child]
    subjects = [parts.subject(borough, child, "unborn" if is_unborn(doc) else "child")]
    if is_unborn(doc):
        subjects.insert(0, parts.expecting(borough, doc["mother"], child))
    return {
        "publisher_contact": parts.contact(borough, by, rng, role),
        "subjects": subjects,
        "lawful_basis": {**parts.SAFEGUARDING, "power": "children-act-1989-s47"},
        "consent": parts.NOT_SOUGHT,
        "voice_of_child": {"missing": "unborn" if is_unborn(doc) else "not-asked"},
        "mash_ref": ref,
    }


def _published(
    borough: Borough, by: str, contract: type[EventData], child: str, at: datetime, rng: Random, data: Json, more: Json
) -> Published:
    more = {"correlationid": data["mash_ref"], **more}
    return published(borough, by, contract, child, at, rng, "mash_ref", data, more)


def mash_request(
    borough: Borough, child: str, at: datetime, rng: Random, *, ref: str, rag: str = "amber", **overrides: Any
) -> Published:
    """The MASH health nurse asks whoever holds something about the child or the household."""
    data = _about(borough, "mash", child, rng, "MASH health nurse", ref) | {
        "concern": parts.concern(rng),
        "rag": rag,
        "what_is_asked": rng.choice(ASKED),
        "household_asked_about": [],
    }
    return _published(borough, "mash", mash.MashRequest, child, at, rng, data, overrides)


def mash_response(
    borough: Borough, child: str, at: datetime, rng: Random, *, ref: str, by: str, team: str, held: bool = True,
    analysed: bool = True, **overrides: Any,
) -> Published:  # fmt: skip
    """One team answers: what it holds, with its analysis or (`analysed` false) without, or that it holds nothing."""
    concern = parts.concern(rng) if held else absent("not-applicable")
    if held and not analysed:
        concern |= {"analysis": absent("not-recorded"), "impact_on_child": absent("not-recorded")}
    data = _about(borough, by, child, rng, "Safeguarding lead", ref) | {
        "record_id": f"mash-response-1/{ref}/{team}/{child[:8]}",
        "concern": concern,
        "answering_team": team,
        "answer": "held" if held else "nothing-held",
        "searched": "The child's record, and those of the adults at home.",
        "sexual_health": absent("not-applicable"),
        "adult_clinical": absent("not-applicable"),
    }
    return _published(borough, by, mash.MashResponse, child, at, rng, data, overrides)


def mash_rag_changed(
    borough: Borough, child: str, at: datetime, rng: Random, *, ref: str, was: str, rag: str, **overrides: Any
) -> Published:
    """The enquiry is rated anew."""
    data = _about(borough, "mash", child, rng, "MASH health nurse", ref) | {
        "record_id": f"mash-rag-changed-1/{ref}/{rng.getrandbits(24):06x}",
        "concern": absent("not-applicable"),
        "was": was,
        "rag": rag,
        "why": "More is known since the first answers came.",
    }
    return _published(borough, "mash", mash.MashRagChanged, child, at, rng, data, overrides)
