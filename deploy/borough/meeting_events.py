"""What people who meet about a child publish: conferences, liaison, supervision, early help (F18, F19, F32, F33)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts import conferences
from contracts.early_help import EarlyHelpChanged
from contracts.liaison import LiaisonOutcome
from contracts.parts.event import EventData
from contracts.supervision import SupervisionRecorded
from deploy.borough import names, parts
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published
from router.directory import is_unborn

TALKED_OF = (
    "Who sees the children when, and what the mother has told each service.",
    "Missed reviews this spring, and that nobody had put them together.",
    "The father is back at home; nobody has met him yet.",
)
AGREED = (
    "See the children at home within the week.",
    "Ring the school and hear how they are.",
    "Review at the practice.",
)
NEEDS = (
    "Help with feeding and sleep.",
    "Routines at home, and a place at nursery.",
    "Somebody to talk to after school.",
)
HELP = ("Weekly visits for six weeks.", "A place in a group for young parents.", "Sessions in school.")
LOOKS = ("Looked for her mother when a stranger came in.", "Said 'I like it when it is quiet'.")


def _about(borough: Borough, child: str) -> list[Json]:
    """The child, and the mother who carries or has it."""
    doc = borough.people[child]
    mother = doc.get("mother")
    if is_unborn(doc):
        return [parts.subject(borough, child, "unborn"), parts.expecting(borough, doc["mother"], child)]
    said = [parts.subject(borough, child, "child")]
    return said + ([parts.subject(borough, mother, "mother")] if mother in borough.people else [])


def _block(borough: Borough, child: str, by: str, role: str, rng: Random, basis: Json, consent: Json) -> Json:
    unborn = is_unborn(borough.people[child])
    return {
        "publisher_contact": parts.contact(borough, by, rng, role),
        "subjects": _about(borough, child),
        "lawful_basis": basis,
        "consent": consent,
        "voice_of_child": {"missing": "unborn"} if unborn else {"said": rng.choice(LOOKS)},
        "concern": parts.concern(rng, 0.8),
    }


def actions(rng: Random, at: datetime, owners: Sequence[str]) -> list[Json]:
    """One action for each of these services, due within a fortnight."""
    return [
        {
            "id": f"act-{n}",
            "owner": owner,
            "what": rng.choice(AGREED),
            "by": (at + timedelta(days=rng.randrange(3, 14))).date().isoformat(),
            "measure": "What came of it stands in the record." if rng.random() < 0.8 else absent("not-recorded"),
        }
        for n, owner in enumerate(owners, 1)
    ]


def early_help(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = "hv",
    change: str = "opened",
    version: int = 1,
    services: Sequence[str] = ("RY",),
    **overrides: Any,
) -> Published:
    """An early-help assessment is opened, reviewed or closed; `assessment_id` joins the three (F33)."""
    closed = change == "closed"
    data = _block(borough, child, by, "Practitioner", rng, parts.DIRECT_CARE, parts.AGREED) | {
        "assessment_id": f"eh-{rng.getrandbits(36):09x}",
        "plan_version": version,
        "change": change,
        "changed_on": at.date().isoformat(),
        "closed_because": "The family has what it needs." if closed else absent("not-applicable"),
        "need": rng.choice(NEEDS),
        "lead_practitioner": {
            "full_name": names.practitioner(rng),
            "service": borough.publisher[by].service.value,
            "phone": borough.team[borough.publisher[by].team].contact,
        },
        "plan": [{"service": s, "help": rng.choice(HELP)} for s in services],
        "review_due": absent("not-applicable") if closed else (at + timedelta(days=35)).date().isoformat(),
        "parents_own_health": absent("not-asked"),
    }
    overrides.setdefault("record_id", f"early-help/{rng.getrandbits(36):09x}")  # each review is a record of its own
    return published(borough, by, EarlyHelpChanged, child, at, rng, "assessment_id", data, overrides)


def supervision(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = "sn",
    owners: Sequence[str] = ("SN",),
    **overrides: Any,
) -> Published:
    """A child was discussed in safeguarding supervision (F32)."""
    data = _block(borough, child, by, "Named nurse", rng, parts.SAFEGUARDING, parts.AGREED) | {
        "voice_of_child": {"missing": "not-present"},
        "supervision_id": f"sup-{rng.getrandbits(36):09x}",
        "supervised_on": at.date().isoformat(),
        "form": rng.choice(("one-to-one", "group", "ad-hoc")),
        "supervisor": f"{names.practitioner(rng)}, named nurse",
        "practitioner": f"{names.practitioner(rng)}, practitioner",
        "discussed": rng.choice(TALKED_OF),
        "next_supervision": (at + timedelta(days=90)).date().isoformat(),
        "actions": actions(rng, at, owners),
    }
    return published(borough, by, SupervisionRecorded, child, at, rng, "supervision_id", data, overrides)


def liaison(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    by: str = "hv",
    owners: Sequence[str] = ("GP",),
    **overrides: Any,
) -> Published:
    """A child was discussed at a liaison meeting, with the outcome and its actions (F19)."""
    data = _block(borough, child, by, "Practitioner", rng, parts.DIRECT_CARE, parts.AGREED) | {
        "meeting_id": f"liaison-{rng.getrandbits(36):09x}",
        "held_on": at.date().isoformat(),
        "meeting": rng.choice(("multidisciplinary-meeting", "practice-meeting", "telephone")),
        "attended": ["GP", "HV", "SN"],
        "discussed": rng.choice(TALKED_OF),
        "outcome": rng.choice(AGREED) if rng.random() < 0.8 else absent("not-recorded"),
        "actions": actions(rng, at, owners),
        "parents_own_health": absent("withheld"),
        "next_meeting": (at + timedelta(days=28)).date().isoformat(),
    }
    return published(borough, by, LiaisonOutcome, child, at, rng, "meeting_id", data, overrides)


def conference_called(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    in_days: float = 14,
    also: Sequence[str] = (),
    **overrides: Any,
) -> Published:
    """Social care calls a conference; under a day's notice where `in_days` says so (F18)."""
    meets = at + timedelta(days=in_days)
    unborn = is_unborn(borough.people[child])
    data = _of_conference(borough, child, "csc", "Conference coordinator", rng) | {
        "kind": "pre-birth-conference" if unborn else rng.choice(("initial-conference", "review-conference")),
        "meets_at": meets.isoformat(),
        "where": "Council House, committee room; or by telephone.",
        "chair": f"{names.practitioner(rng)}, independent chair",
        "why_called": rng.choice(TALKED_OF),
        "report_due": max(meets - timedelta(days=2), at).date().isoformat(),
        "report_template": "Health report for conference, version 3",
        "also_invited": list(also),
    }
    return _conference(borough, "csc", conferences.ConferenceInvited, child, at, rng, data, overrides)


def conference_report(
    borough: Borough, child: str, at: datetime, rng: Random, *, conference: str, by: str = "hv", **overrides: Any
) -> Published:
    """A service's written report to `conference`; one in three only describes (F18)."""
    data = _of_conference(borough, child, by, "Practitioner", rng) | {
        "conference_id": conference,
        "given": "on-the-template",
        "attending": rng.choice(("yes", "no")),
        "work_with_the_child": "Seen at home and in school since the spring.",
        "health_needs": "Immunisations complete; glasses wanted.",
        "parenting": "Warm with the child; the father has not been met.",
        "view_of_the_plan": "Help at home, with visits nobody is told of beforehand.",
        "clinical_detail": absent("not-applicable"),
        "sexual_health_detail": absent("not-applicable"),
    }
    if isinstance(data["concern"], dict) and "facts" in data["concern"] and rng.random() < 0.33:
        data["concern"] = data["concern"] | {"analysis": absent("not-recorded")}
    return _conference(borough, by, conferences.ConferenceReport, child, at, rng, data, overrides)


def conference_minutes(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    conference: str,
    owners: Sequence[str] = ("GP",),
    **overrides: Any,
) -> Published:
    """What `conference` decided (F18)."""
    decision = rng.choice(("protection-plan-made", "protection-plan-continues", "child-in-need"))
    data = _of_conference(borough, child, "csc", "Conference coordinator", rng) | {
        "conference_id": conference,
        "kind": "initial-conference",
        "held_at": (at - timedelta(days=2)).isoformat(),
        "also_invited": [],
        "decision": decision,
        "category": "neglect" if decision.startswith("protection") else absent("not-applicable"),
        "minutes": rng.choice(TALKED_OF),
        "actions": actions(rng, at, owners),
        "next_meeting": (at + timedelta(days=84)).isoformat(),
        "kept_from_family": absent("none"),
    }
    return _conference(borough, "csc", conferences.ConferenceMinutes, child, at, rng, data, overrides)


def _of_conference(borough: Borough, child: str, by: str, role: str, rng: Random) -> Json:
    block = _block(borough, child, by, role, rng, parts.SAFEGUARDING, parts.NOT_SOUGHT)
    return block | {"conference_id": f"conf-{rng.getrandbits(36):09x}"}


def _conference(
    borough: Borough,
    by: str,
    contract: type[EventData],
    child: str,
    at: datetime,
    rng: Random,
    data: Json,
    overrides: Json,
) -> Published:
    overrides.setdefault("record_id", f"{contract.event_type}/{data['conference_id']}/{by}")
    return published(borough, by, contract, child, at, rng, "conference_id", data, overrides)
