"""Events of conferences, liaison meetings and supervision, as stories publish them (F18, F19, F32)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.story_events import Said, event
from tests.story_people import MORNING, Json, Person

People = Person | Sequence[Person]
CALM: Json = {"absent": "none"}


def about(people: People) -> list[Json]:
    """Children and their mothers as subjects, each in the role their file gives them."""
    some = [people] if isinstance(people, Person) else people
    return [p.subject(_role(p)) for p in some]


def _role(person: Person) -> str:
    if "expected" in person.doc:
        return "unborn"
    return "child" if "parents" in person.doc else "mother"


def action(id: str, owner: str, by: str = "2026-03-20", **more: Any) -> Json:
    """One agreed action."""
    return {"id": id, "owner": owner, "what": f"What {owner} agreed.", "by": by, "measure": "It stands there.", **more}


def liaison_outcome(people: People, *actions: Json, **said: Any) -> Said:
    """A child was discussed at a liaison meeting at the practice."""
    said.setdefault("by", "gp")
    plain: Json = {"meeting_id": "liaison-1", "held_on": "2026-03-16", "actions": list(actions)}
    return event("liaison-outcome-1", about(people), **(plain | said))


def supervision_recorded(child: Person, *actions: Json, **said: Any) -> Said:
    """A child was discussed in supervision."""
    said.setdefault("by", "nn")
    plain: Json = {"supervision_id": "sup-1", "supervised_on": "2026-03-16", "actions": list(actions)}
    return event("supervision-recorded-1", about(child), **(plain | said))


def conference_invited(people: People, days: float = 14, *, report_due: str | None = "2026-03-26", **said: Any) -> Said:
    """Social care calls a conference in so many days; reports are due by a day (None: none are asked for)."""
    plain: Json = {
        "conference_id": "conf-1",
        "meets_at": (MORNING + timedelta(days=days)).isoformat(),
        "report_due": report_due or {"absent": "not-applicable"},
        "also_invited": [],
    }
    return event("conference-invited-1", about(people), **(plain | said))


def conference_report(people: People, by: str, **said: Any) -> Said:
    """The report of the publisher `by` to the conference."""
    return event("conference-report-1", about(people), by=by, **({"conference_id": "conf-1"} | said))


def conference_minutes(people: People, *actions: Json, **said: Any) -> Said:
    """What the conference decided."""
    plain: Json = {"conference_id": "conf-1", "actions": list(actions), "also_invited": []}
    return event("conference-minutes-1", about(people), **(plain | said))
