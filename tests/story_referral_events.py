"""Referrals, escalations and what young people tell sexual-health services, as stories publish them (F15 to F34).

Every builder is one of `story_events`: keywords replace fields of `data` or attributes of the envelope."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from tests.story_events import Said, event
from tests.story_people import Json, Person
from tests.story_teams import directory

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


def cse_assessment(child: Person, *, by: str = "camhs", **said: Any) -> Said:
    """A practitioner assessed the risk of sexual exploitation with a tool."""
    plain: Json = {"assessment_id": f"cse-{next(_numbers)}"}
    return event("cse-assessment-1", about(child), by=by, **(plain | said))


def sexual_health_concern(child: Person, *, by: str = "cash", harm: str = "no-reasonable-cause", **said: Any) -> Said:
    """A contact at a sexual-health service gave cause for concern; `harm` is the practitioner's judgement."""
    plain: Json = {"contact_id": f"contact-{next(_numbers)}", "significant_harm": harm}
    return event("sexual-health-concern-1", about(child), by=by, **(plain | said))


def pharmacy_fast_track(child: Person, *, harm: str = "no-reasonable-cause", **said: Any) -> Said:
    """A pharmacy sends a young person on; no clinic was chosen unless `clinic` names its organisation."""
    plain: Json = {
        "contact_id": f"contact-{next(_numbers)}",
        "significant_harm": harm,
        "clinic": {"absent": "none"},
    }
    return event("pharmacy-fast-track-1", about(child), by="pharmacy", **(plain | said))


def with_more_sexual_health() -> Json:
    """The stories' directory with a second sexual-health service, one in the community (Brook)."""
    known = directory()
    hospitals = next(t for t in known["teams"] if t["id"] == "sexual-health")
    brook = {**hospitals, "id": "brook", "name": "BROOK", "organisation": "RBK", "lead": "sexual-health"}
    sends = {**known["publishers"][0], "id": "brook", "service": "CASH", "organisation": "RBK", "team": "brook"}
    sends["source"] = "https://story.example/brook"
    return {"teams": [*known["teams"], brook], "publishers": [*known["publishers"], sends]}
