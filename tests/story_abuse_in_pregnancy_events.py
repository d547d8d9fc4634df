"""Events of stories about domestic abuse in pregnancy: an enquiry, and what the MARAC decided."""

from itertools import count
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Person

_numbers = count(1)


def enquiry(mother: Person, baby: Person, outcome: str = "no-disclosure", **said: Any) -> Said:
    """The mother of this child, born or not, was asked about domestic abuse; by the midwife unless `by` says."""
    role = "unborn" if "expected" in baby.doc else "child"
    plain: dict[str, Any] = {
        "outcome": outcome,
        "pregnancy_id": baby.doc.get("pregnancy", "preg-1"),
        "by": "midwives",
        "earlier_enquiries": {"absent": "none"},
        "disclosed": {"absent": "not-applicable"},
        "concern": {"absent": "none"},
    }
    return event("da-enquiry-recorded-1", [mother.subject("mother"), baby.subject(role)], **(plain | said))


def marac(mother: Person, *others: dict[str, Any], **said: Any) -> Said:
    """What a MARAC decided about a mother; `others` are further subjects."""
    plain: dict[str, Any] = {"marac_ref": f"marac-{next(_numbers)}", "actions": [], "by": "dart"}
    return event("marac-outcome-1", [mother.subject("mother"), *others], **(plain | said))
