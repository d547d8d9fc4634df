"""Events of early help, as stories publish them (F33)."""

from collections.abc import Sequence
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Json, Person


def help_by(*services: str) -> list[Json]:
    """A plan in which each of these services gives some help."""
    return [{"service": s, "help": f"What {s} can do."} for s in services]


def early_help(child: Person | Sequence[Person], change: str = "opened", **said: Any) -> Said:
    """An early-help assessment was opened, reviewed or closed (a closed one has its reason, and no review to come)."""
    children = [child] if isinstance(child, Person) else child
    goes_on: Json = {"closed_because": {"absent": "not-applicable"}, "review_due": "2026-04-20"}
    closed: Json = {"closed_because": "The family has what it needs.", "review_due": {"absent": "not-applicable"}}
    about: Json = {"change": change, "changed_on": "2026-03-16", "assessment_id": "eh-1", "plan": help_by("RY")}
    about |= closed if change == "closed" else goes_on
    subjects = [c.subject("unborn" if "expected" in c.doc else "child") for c in children]
    said.setdefault("by", "hv")
    return event("early-help-changed-1", subjects, **(about | said))
