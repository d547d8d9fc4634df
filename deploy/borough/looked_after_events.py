"""What is published about looked-after children: placements, and the health assessments that follow."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from contracts.health_assessments import HealthAssessmentCompleted, HealthAssessmentPaused, HealthPlanActionDone
from contracts.health_information import HealthInfoProvided, HealthInfoRequested
from contracts.looked_after import PlacementChanged
from contracts.strengths_and_difficulties import SdqScored
from deploy.borough import names, parts, places
from deploy.borough.made import Borough
from deploy.borough.parts import Json, absent
from deploy.borough.published import Published, published

REASONS = (
    "The carers could only take the child for a week.",
    "The court made an interim care order.",
    "A place with a relative was found after an assessment.",
)
VENUES = ("At the health centre, not at school.", "At home with the carer.", "Somewhere with parking for the carer.")
SUMMARIES = (
    "Well grown; two decayed teeth; immunisations complete.",
    "Asthma well controlled; behind with immunisations.",
    "No physical concern; sleeps badly.",
)
ETHNICITIES = ("White British", "Pakistani", "White and Black Caribbean")
WITHHELD = absent("withheld")


def care_id(child: str) -> str:
    """The period of care as social care names it."""
    return f"care-{child[:8]}"


def placement(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    change: str = "became-looked-after",
    authority: str = places.DUDLEY,
    days_late: int = 0,
    restricted: bool = False,
    **overrides: Any,
) -> Published:
    """A child became looked after, moved or left care (F25), placed in `authority` and told of so many `days_late`."""
    doc = borough.people[child]
    since = (at - timedelta(days=days_late)).date().isoformat()
    away = authority != places.DUDLEY
    hidden = restricted or doc.get("restricted", False)
    ward = places.NEIGHBOUR_WARDS[authority] if away else rng.choice(places.WARDS)
    subject = parts.subject(borough, child, "child")
    if hidden:
        subject |= {"home_authority": WITHHELD, "location_withheld": True}
    data: Json = {
        **parts.of_a_child(
            borough, "csc", child, rng, "Social worker, children in care", basis=parts.SAFEGUARDING, share=0.5
        ),
        "subjects": [subject],
        "care_id": care_id(child),
        "placement_id": f"placement-{rng.getrandbits(36):09x}",
        "change": change,
        "looked_after_since": since,
        "changed_on": since if change == "became-looked-after" else at.date().isoformat(),
        "responsible_authority": places.DUDLEY,
        "legal_status": rng.choice(("voluntary", "interim-care-order", "care-order")),
        "remand": False,
        "placement": rng.choice(("foster-carers", "kinship-carers", "childrens-home")),
        "in_area": WITHHELD if hidden else "out-of-area" if away else "in-area",
        "placement_area": WITHHELD if hidden else ward,
        "placement_authority": WITHHELD if hidden else authority,
        "restricted": hidden,
        "left_to": "independent-living" if change == "left-care" else absent("not-applicable"),
        "reason": rng.choice(REASONS),
        "assessment_consent": absent("not-asked")
        if rng.random() < 0.2
        else {"agreement": {"answer": "given"}, "given_by": rng.choice(("parent", "authority"))},
        "ethnicity": absent("not-recorded") if rng.random() < 0.3 else rng.choice(ETHNICITIES),
        "languages": ["English"],
        "faith": absent("not-asked") if rng.random() < 0.3 else absent("none"),
        "disability": absent("none") if rng.random() < 0.8 else "Uses hearing aids.",
        "choice_of_venue": rng.choice(VENUES) if rng.random() < 0.6 else absent("not-asked"),
        "previous_placements": rng.randrange(4),
    }
    return published(borough, "csc", PlacementChanged, child, at, rng, "placement_id", data, overrides)


def health_assessment(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    kind: str = "initial",
    by: str = "lact",
    **overrides: Any,
) -> Published:
    """A health assessment was completed, with its plan (F28); `by` is the assessor's publisher."""
    doc = borough.people[child]
    number = f"{rng.getrandbits(36):09x}"
    lead = {"lact": "LACT", "hv": "HV", "sn": "SN"}[by]
    nurse = "HV" if borough.age(doc) < 5 else "SN"
    dentist, sleep = at + timedelta(days=21), at + timedelta(days=42)
    history: Json = absent("not-applicable")
    if kind == "leaving-care":
        history = {part: absent("not-recorded") for part in ("growth_and_development", "emotional_health")} | {
            "birth": "Born at term; well.",
            "immunisation": "Complete.",
            "illnesses_and_operations": "Tonsils out at six.",
            "allergies_and_medicines": "None.",
            "family_history_to_tell": "Heart disease in the family; have your blood pressure taken from forty.",
        }
    data: Json = {
        **parts.of_a_child(borough, by, child, rng, "Looked-after children nurse", share=0.4),
        "care_id": care_id(child),
        "assessment_id": f"assessment-{number}",
        "kind": kind,
        "completed_on": at.date().isoformat(),
        "seen_by": "Community paediatrician" if kind == "initial" else names.practitioner(rng),
        "seen_at": rng.choice(("clinic", "home", "school")),
        "venue_chosen": rng.choice(("yes", "no", "not-asked")),
        "summary_of_health": rng.choice(SUMMARIES),
        "emotional_health": "Settled with the carers; worries at night.",
        "information_from": ["GP", nurse],
        "actions": [
            {
                "id": f"action-{number}-1",
                "what": "Dental check and treatment.",
                "owner": "CSC",
                "by": dentist.date().isoformat(),
                "measure": "Seen by a dentist, and no pain at meals.",
            },
            {
                "id": f"action-{number}-2",
                "what": "Sleep plan with the carers.",
                "owner": nurse,
                "by": sleep.date().isoformat(),
                "measure": "Sleeps through five nights of seven.",
            },
        ],
        "health_history": history,
        "lead_practitioner": lead,
        "young_persons_copy": {
            "what_we_talked_about": "How you are, your teeth and your sleep.",
            "what_you_said": "You sleep better now.",
            "what_will_happen": [{"what": "A dentist looks at your teeth.", "when": dentist.date().isoformat()}],
            "whom_to_ask": "Your looked-after children nurse, 01632 960503",
        },
    }
    return published(borough, by, HealthAssessmentCompleted, child, at, rng, "assessment_id", data, overrides)


def sdq(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    total: int | None = None,
    before: int | None = None,
    by: str = "csc",
    **overrides: Any,
) -> Published:
    """A strengths and difficulties questionnaire was scored by the authority's psychologist, or by CAMHS (F27)."""
    total = rng.randrange(6, 26) if total is None else total
    bands = (("close-to-average", 14), ("slightly-raised", 17), ("high", 20), ("very-high", 41))
    scorer = "CAMHS, Dudley" if by == "camhs" else "Looked-after children psychologist, Dudley"
    earlier: Json = absent("none")
    if before is not None:
        day = (at - timedelta(days=rng.randrange(150, 200))).date().isoformat()
        earlier = {"total": before, "band": absent("not-recorded"), "scored_on": day, "scored_by": scorer}
    data: Json = {
        **parts.of_a_child(borough, by, child, rng, "Psychologist", share=0.3),
        "assessment_id": f"sdq-{rng.getrandbits(36):09x}",
        "completed_by": rng.choice(("carer", "young-person")),
        "scored_on": at.date().isoformat(),
        "scored_by": scorer,
        "total": total,
        "band": next(band for band, below in bands if total < below),
        "previous": earlier,
        "change": absent("none") if before is None else total - before,
        "meaning": "Emotional symptoms have changed since the last placement.",
        "offered": "Consultation for the carers.",
    }
    return published(borough, by, SdqScored, child, at, rng, "assessment_id", data, overrides)


def assessment_paused(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    change: str = "paused",
    why: str | None = None,
    **overrides: Any,
) -> Published:
    """The initial health assessment is held up, or taken up again (F25)."""
    reasons = ("young-person-declined", "consent-awaited", "young-person-ill")
    data: Json = {
        **parts.of_a_child(borough, "lact", child, rng, "Looked-after children nurse", share=None),
        "care_id": care_id(child),
        "change": change,
        "why": why or (rng.choice(reasons) if change == "paused" else "reason-gone"),
        "since": at.date().isoformat(),
        "explanation": "Agreed to think about it." if change == "paused" else "Will come on Thursday.",
        "offered": "A nurse the young person knows.",
        "record_id": f"pause-{rng.getrandbits(36):09x}",
    }
    contract = HealthAssessmentPaused
    return published(borough, "lact", contract, child, at, rng, "care_id", data, overrides)


def info_requested(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    assessment: str,
    of: tuple[str, ...] = ("GP", "MID", "AMH", "CAMHS"),
    **overrides: Any,
) -> Published:
    """The looked-after health team asks what is known before the assessment (F26), and the child's own nurse too."""
    nurse = "HV" if borough.age(borough.people[child]) < 5 else "SN"
    parents = [parts.subject(borough, a, r) for a, r in borough.people[child].get("parents", ()) if r == "mother"]
    data: Json = {
        "publisher_contact": parts.contact(borough, "lact", rng, "Looked-after children nurse"),
        "subjects": [parts.subject(borough, child, "child"), *parents],
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "assessment_id": assessment,
        "assessment": "initial",
        "assessment_on": (at + timedelta(days=14)).date().isoformat(),
        "answer_before": (at + timedelta(days=9)).date().isoformat(),
        "asked_of": [nurse, *of],
        "topics": ["birth", "immunisation", "emotional-health", "parental-mental-health"],
    }
    contract = HealthInfoRequested
    return published(borough, "lact", contract, child, at, rng, "assessment_id", data, overrides)


def info_provided(
    borough: Borough,
    child: str,
    at: datetime,
    rng: Random,
    *,
    assessment: str,
    by: str,
    held: bool = True,
    **overrides: Any,
) -> Published:
    """One service's answer (F26): what it holds, or that it holds nothing; the parents' records from their services."""
    none = absent("not-applicable")
    data: Json = dict.fromkeys(
        ("birth", "immunisation", "growth_and_development", "illnesses", "emotional_health", "attendances"), none
    )
    data |= {"parental_history": none, "meaning_for_child": none}
    if held and by in ("amh", "asm"):
        unknown = absent("not-recorded")
        data["parental_history"] = [
            {
                "parent": "mother",
                "physical_health": unknown,
                "mental_health": "Recurrent depression; well at present." if by == "amh" else unknown,
                "substance_misuse": "Opiates, in treatment." if by == "asm" else unknown,
                "in_pregnancy": unknown,
                "inherited_conditions": unknown,
            }
        ]
        data["meaning_for_child"] = "May have cared for the parent; ask gently."
    elif held:
        data |= {"illnesses": "Asthma.", "meaning_for_child": "Needs an inhaler wherever the child lives."}
    data |= {
        "publisher_contact": parts.contact(borough, by, rng, "Practitioner"),
        "subjects": [parts.subject(borough, child, "child")],
        "lawful_basis": parts.DIRECT_CARE,
        "consent": parts.AGREED,
        "voice_of_child": {"missing": "not-present"},
        "concern": absent("not-recorded"),
        "assessment_id": assessment,
        "answer": "held" if held else "nothing-held",
        "record_id": f"{HealthInfoProvided.event_type}/{assessment}/{by}",
    }
    return published(borough, by, HealthInfoProvided, child, at, rng, "assessment_id", data, overrides)


def plan_action_done(
    borough: Borough, child: str, at: datetime, rng: Random, *, action: str, by: str = "lact", **overrides: Any
) -> Published:
    """One thing of a health plan was done (F28); `action` is its id in the plan."""
    data: Json = {
        **parts.of_a_child(borough, by, child, rng, "Practitioner", share=None),
        "action_id": action,
        "done": "done",
        "done_on": at.date().isoformat(),
        "result": "As the plan's measure says.",
    }
    return published(borough, by, HealthPlanActionDone, child, at, rng, "action_id", data, overrides)
