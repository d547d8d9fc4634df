"""Events of a MASH request (F14): what is asked, what is answered, and the case rated anew."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Person

_numbers = count(1)
FACTS: dict[str, Any] = {
    "facts": "Not brought twice; seen in May with a burn.",
    "analysis": "The pattern is of care that gives way when the father is at home.",
    "impact_on_child": "He has stopped speaking in front of adults.",
    "protective_factors": "The grandmother comes on Sundays.",
}
BARE: dict[str, Any] = FACTS | {"analysis": {"absent": "not-recorded"}, "impact_on_child": {"absent": "not-recorded"}}
"""Facts alone: nobody says what to make of them."""


def mash_request(children: Person | Sequence[Person], rag: str = "amber", **said: Any) -> Said:
    """The MASH health nurse asks whoever holds something about these children."""
    some = [children] if isinstance(children, Person) else children
    about: dict[str, Any] = {"mash_ref": f"mash-{next(_numbers)}", "rag": rag, "also_asked": []}
    subjects = [c.subject("unborn" if "expected" in c.doc else "child") for c in some]
    return event("mash-request-1", subjects, **(about | {"household_asked_about": []} | said))


def mash_response(of: Said, team: str, by: str, answer: str = "held", **said: Any) -> Said:
    """The team answers; what is held comes with its analysis unless `concern` says otherwise."""
    nothing: dict[str, Any] = {"absent": "not-applicable"}
    about = {
        "mash_ref": of.data["mash_ref"],
        "answering_team": team,
        "answer": answer,
        "concern": FACTS if answer == "held" else nothing,
        "sexual_health": nothing,
        "adult_clinical": nothing,
    }
    return event("mash-response-1", of.data["subjects"], **(about | {"by": by} | said))


def mash_rag_changed(of: Said, rag: str, was: str | None = None, **said: Any) -> Said:
    """The case is rated anew."""
    about = {"mash_ref": of.data["mash_ref"], "was": was or of.data["rag"], "rag": rag}
    return event("mash-rag-changed-1", of.data["subjects"], **(about | said))
