"""Events of stories about a mental-health crisis: one stay in hospital from the door to the way home."""

from itertools import count
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Person

_stays = count(1)


def crisis(child: Person, now_in: str = "paediatric-ward", **said: Any) -> Said:
    """A child is in the emergency department or on the ward (which then publishes) with a crisis; a new stay."""
    by = "ward" if now_in == "paediatric-ward" else "ed"
    plain: dict[str, Any] = {"spell_id": f"stay-{next(_stays)}", "now_in": now_in, "concern": {"absent": "none"}}
    return event("crisis-presentation-1", [child.subject()], **({"by": by} | plain | said))


def assessment_requested(of: Said, **said: Any) -> Said:
    """CAMHS was asked to see the child of stay `of`."""
    return _in_stay("camhs-assessment-requested-1", of, {"by": of.by} | said)


def child_seen(of: Said, **said: Any) -> Said:
    """CAMHS saw the child of stay `of`."""
    return _in_stay("camhs-child-seen-1", of, said)


def care_plan(of: Said, **said: Any) -> Said:
    """The care plan of the child of stay `of`."""
    return _in_stay("camhs-care-plan-1", of, said)


def risk_assessment(of: Said, made_by: str = "camhs", **said: Any) -> Said:
    """A risk assessment of the child of stay `of`: by CAMHS, the ward or the department."""
    by = {"camhs": "camhs", "paediatric-ward": "ward", "emergency-department": "ed"}[made_by]
    return _in_stay("camhs-risk-assessment-1", of, {"by": by, "made_by": made_by} | said)


def stay_ended(of: Said, **said: Any) -> Said:
    """The child of stay `of` left the hospital."""
    return _in_stay("crisis-stay-ended-1", of, {"by": of.by} | said)


def _in_stay(kind: str, of: Said, said: dict[str, Any]) -> Said:
    same: dict[str, Any] = {"spell_id": of.data["spell_id"], "concern": {"absent": "none"}}
    return event(kind, of.data["subjects"], **(same | said))
