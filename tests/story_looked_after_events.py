"""Events of stories about looked-after children, in the way of story_events: what the story changes, and the rest."""

from collections.abc import Sequence
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Json, Person
from tests.story_teams import BIRMINGHAM, DUDLEY, SOUTH

ELSEWHERE = "E05011118"
"""A ward of Birmingham."""


def placement_changed(child: Person, change: str = "became-looked-after", **said: Any) -> Said:
    """A child became looked after on the day the story begins, in Dudley's south, unless the story says otherwise."""
    about: Json = {
        "change": change,
        "care_id": f"care-{child.id[:8]}",
        "placement_id": f"placement-{child.id[:8]}",
        "looked_after_since": "2026-03-16",
        "changed_on": "2026-03-16",
        "responsible_authority": DUDLEY,
        "in_area": "in-area",
        "placement_area": SOUTH,
        "placement_authority": DUDLEY,
    }
    if change == "left-care":
        about["left_to"] = "independent-living"
    return event("placement-changed-1", [child.subject()], **(about | said))


OUT_OF_AREA: Json = {"in_area": "out-of-area", "placement_area": ELSEWHERE, "placement_authority": BIRMINGHAM}
"""Placed in Birmingham."""
NOWHERE: Json = {"absent": "withheld"}
HIDDEN: Json = {
    "in_area": NOWHERE, "placement_area": NOWHERE, "placement_authority": NOWHERE, "restricted": True,
}  # fmt: skip
"""Placed where nobody may learn of."""


def hidden(child: Person, change: str = "became-looked-after", **said: Any) -> Said:
    """The same at a placement of which nobody may learn where it is."""
    subject = child.subject(home_authority=NOWHERE, location_withheld=True)
    return placement_changed(child, change, **(HIDDEN | {"subjects": [subject]} | said))


def assessed(child: Person, kind: str = "initial", **said: Any) -> Said:
    """A health assessment of this child's was completed."""
    about: Json = {"care_id": f"care-{child.id[:8]}", "kind": kind, "assessment_id": f"assessment-{child.id[:8]}"}
    return event("health-assessment-completed-1", [child.subject()], **(about | said))


def sdq_scored(child: Person, total: int, before: int | None = None, **said: Any) -> Said:
    """A questionnaire was scored; `before` is the score that the scorer says there was, None for a first one."""
    none: Json = {"absent": "none"}
    about: Json = {"total": total, "band": "high", "previous": none, "change": none}
    if before is not None:
        earlier = {"total": before, "band": "high", "scored_on": "2025-09-20", "scored_by": "psychologist, Dudley"}
        about |= {"previous": earlier, "change": total - before}
    return event("sdq-scored-1", [child.subject()], **({"assessment_id": f"sdq-{total}-{child.id[:8]}"} | about | said))


def assessment_paused(child: Person, change: str = "paused", why: str = "young-person-declined", **said: Any) -> Said:
    """The initial health assessment of this child's is held up, or taken up again."""
    about: Json = {"care_id": f"care-{child.id[:8]}", "change": change, "why": why, "since": "2026-03-16"}
    return event("health-assessment-paused-1", [child.subject()], **(about | said))


def info_requested(child: Person, *services: str, parents: Sequence[Person] = (), **said: Any) -> Said:
    """The looked-after health team asks these services what they know, before it sees the child on the 30th."""
    about: Json = {"asked_of": list(services), "assessment_id": f"assessment-{child.id[:8]}"}
    about |= {"answer_before": "2026-03-27", "assessment_on": "2026-03-30"}
    subjects = [child.subject(), *(p.subject("mother") for p in parents)]
    return event("health-info-requested-1", subjects, **(about | said))


def info_provided(child: Person, by: str, answer: str = "held", **said: Any) -> Said:
    """A service's answer: what the story says it holds and nothing else, or that it holds nothing."""
    parts = ("birth", "immunisation", "growth_and_development", "illnesses", "emotional_health", "attendances")
    none: Json = {"absent": "not-applicable"}
    about: Json = dict.fromkeys((*parts, "parental_history", "meaning_for_child"), none) | {"answer": answer}
    about["assessment_id"] = f"assessment-{child.id[:8]}"
    if answer == "held" and not said.keys() & {*parts, "parental_history"}:
        about |= {"illnesses": "Asthma.", "meaning_for_child": "Needs an inhaler wherever the child lives."}
    return event("health-info-provided-1", [child.subject()], by=by, **(about | said))


def action(id: str, owner: str, by: str, **said: Any) -> Json:
    """One thing of a health plan."""
    return {"id": id, "what": f"To do: {id}.", "owner": owner, "by": by, "measure": "It is seen to be better.", **said}


def action_done(child: Person, id: str, by: str = "lact", **said: Any) -> Said:
    """One thing of this child's health plan was done."""
    return event("health-plan-action-done-1", [child.subject()], by=by, **({"action_id": id} | said))
