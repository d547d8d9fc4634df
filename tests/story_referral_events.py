"""Referrals, escalations and what young people tell sexual-health services, as stories publish them (F15 to F34).

Every builder is one of `story_events`: keywords replace fields of `data` or attributes of the envelope."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Json, Person

_numbers = count(1)


def about(children: Person | Sequence[Person], mother: Person | None = None) -> list[Json]:
    """The subjects: the mother first, then each child, born or not."""
    some = [children] if isinstance(children, Person) else children
    named = [c.subject("unborn" if "expected" in c.doc else "child") for c in some]
    return ([mother.subject("mother")] if mother else []) + named


def referral(children: Person | Sequence[Person], mother: Person | None = None, *, by: str = "ed", **said: Any) -> Said:
    """A written referral; by the emergency department unless `by` says otherwise. It follows no call by itself."""
    plain: Json = {"referral_id": f"ref-{next(_numbers)}", "call_id": None}
    return event("safeguarding-referral-1", about(children, mother), by=by, **(plain | said))


def telephone_referral(
    children: Person | Sequence[Person], mother: Person | None = None, *, by: str = "hv", **said: Any
) -> Said:
    """A referral by telephone at nine on the morning of the story; no referral's id was given on the call."""
    plain: Json = {
        "call_id": f"call-{next(_numbers)}",
        "referral_id": None,
        "called_at": "2026-03-16T09:00:00+00:00",
    }
    return event("telephone-referral-logged-1", about(children, mother), by=by, **(plain | said))


def referral_outcome(of: Said, *, by: str = "csc", **said: Any) -> Said:
    """What was decided on referral (or call) `of`, about the same people."""
    same: Json = {"referral_id": of.data.get("referral_id") or of.data["call_id"]}
    return event("referral-outcome-1", of.data["subjects"], by=by, **(same | said))


def escalation(children: Person | Sequence[Person], *, by: str = "sn", **said: Any) -> Said:
    """A practitioner escalates a disagreement; with social care unless `raised_with` says otherwise."""
    plain: Json = {"escalation_id": f"esc-{next(_numbers)}", "referral_id": None}
    return event("professional-escalation-raised-1", about(children), by=by, **(plain | said))


def escalation_answered(of: Said, *, by: str = "csc", **said: Any) -> Said:
    """The other party answers escalation `of`."""
    same: Json = {"escalation_id": of.data["escalation_id"]}
    return event("professional-escalation-answered-1", of.data["subjects"], by=by, **(same | said))
