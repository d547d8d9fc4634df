"""The event of stories about a mother's mental health in pregnancy and after it."""

from typing import Any

from tests.story_events import Said, event
from tests.story_people import Person


def mothers_need(mother: Person, baby: Person, **said: Any) -> Said:
    """Somebody (the health visitor unless `by` says) is concerned about the mother of this child, born or not."""
    born = "born" in baby.doc
    plain: dict[str, Any] = {
        "by": "hv",
        "stage": "postnatal" if born else "antenatal",
        "pregnancy_id": baby.doc.get("pregnancy", "preg-1"),
    }
    who = [mother.subject("mother"), baby.subject("child" if born else "unborn")]
    return event("perinatal-mental-health-concern-1", who, **(plain | said))
