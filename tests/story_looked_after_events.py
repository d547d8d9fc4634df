"""Events of stories about looked-after children, in the way of story_events: what the story changes, and the rest."""

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
