"""Every builder of events in one place: `<what happened>(borough, person, at, rng, **overrides) -> Published`."""

from deploy.borough.adult_events import adult_ed, parent_discharged, parent_disengaged, parent_registered
from deploy.borough.answers import receipt
from deploy.borough.directory_events import (
    address_changed,
    caseload_changed,
    gp_changed,
    nhs_superseded,
    school_changed,
)
from deploy.borough.ed_events import ed_arrival, ed_discharge, infant_injury, infant_reviewed, left_before_treatment
from deploy.borough.family_events import dart_notified, dart_outcome, flag, pln_form, was_not_brought
from deploy.borough.looked_after_events import (
    assessment_paused,
    health_assessment,
    info_provided,
    info_requested,
    placement,
    plan_action_done,
    sdq,
)
from deploy.borough.maternity_events import birth, handover, pregnancy_notified
from deploy.borough.published import Published, cancel_of, same_id_other_body, update_of

__all__ = [
    "Published",
    "address_changed",
    "adult_ed",
    "assessment_paused",
    "birth",
    "cancel_of",
    "caseload_changed",
    "dart_notified",
    "dart_outcome",
    "ed_arrival",
    "ed_discharge",
    "flag",
    "gp_changed",
    "handover",
    "health_assessment",
    "infant_injury",
    "infant_reviewed",
    "info_provided",
    "info_requested",
    "left_before_treatment",
    "nhs_superseded",
    "parent_discharged",
    "parent_disengaged",
    "parent_registered",
    "placement",
    "plan_action_done",
    "pln_form",
    "pregnancy_notified",
    "receipt",
    "same_id_other_body",
    "school_changed",
    "sdq",
    "update_of",
    "was_not_brought",
]
