"""What every event must say, and what each flow's summary must carry (flows.md)."""

import pytest

from contracts.outgoing.summary import ADDED
from contracts.parts.event import AboutChildData, field_marks
from contracts.parts.people import Role
from contracts.parts.shape import Restriction, Section
from contracts.register import event_types, schema_of, summary_model

CARRIES = {
    "maternity-handover-1": {
        "risks",
        "protective_factors",
        "father_or_partner",
        "plan",
        "domestic_abuse_enquiries",
        "perinatal_mental_health",
        "concern",
        "pregnancy_id",
        "first_time_mother",
    },
    "pregnancy-notified-1": {"expected_date", "booking_gestation_weeks", "booking", "vulnerability", "midwife_area"},
    "parent-substance-service-registered-1": {
        "household",
        "substances",
        "prescribing",
        "safe_storage",
        "responsibility",
        "pregnant",
    },
    "dart-notified-1": {
        "account",
        "who_was_present",
        "risk_level",
        "perpetrator_access",
        "visiting_advice",
        "children_seen",
        "children_heard",
        "dart_ref",
    },
    "dart-outcome-1": {"dart_ref", "decision", "reasons", "actions", "visiting_advice"},
    "safeguarding-flag-changed-1": {"kind", "since", "contact", "authority", "reason"},
    "ed-attendance-1": {"vulnerability", "infant_injury", "mechanism_of_injury", "alcohol_or_substances", "self_harm"},
    "infant-injury-reviewed-1": {"attendance_id", "review", "injury", "findings"},
    "ed-attendance-discharged-1": {
        "mechanism_of_injury",
        "diagnosis",
        "accompanied_by",
        "vulnerability",
        "prior_attendances",
        "follow_up",
        "voice_of_child",
        "consent",
        "alcohol_or_substances",
        "infant_injury",
    },
    "paediatric-liaison-form-1": {"attendance_id", "criterion", "outcome"},
    "adult-ed-attendance-1": {"household", "caring_responsibilities", "reason_group", "risk_taking"},
    "parent-admitted-1": {"household", "children_looked_after_by", "responsibility", "pregnant"},
    "parent-discharged-1": {"household", "children_looked_after_by", "risk_on_discharge", "support"},
    "child-on-adult-ward-1": {"risks_and_needs", "kept_safe_by", "observation", "plan", "voice_of_child"},
    "crisis-presentation-1": {"risk_to_self", "risk_to_others", "observation", "now_in", "voice_of_child"},
    "camhs-care-plan-1": {"plan", "plan_version", "risk_to_self", "risk_to_others", "observation", "if_it_gets_worse"},
    "camhs-risk-assessment-1": {"risk_to_self", "risk_to_others", "surroundings", "observation", "tool"},
    "camhs-child-seen-1": {"seen_at", "outcome", "follow_up"},
    "safeguarding-referral-1": {
        "concern",
        "parenting_capacity",
        "father_or_partner",
        "siblings",
        "other_children",
        "gestation_weeks",
    },
    "telephone-referral-logged-1": {"taken_by", "called_at", "account"},
    "referral-outcome-1": {"referral_id", "decision", "reasons", "decided_by"},
    "professional-escalation-raised-1": {"raised_with", "disagreement", "wanted", "risk_meanwhile"},
    "professional-escalation-answered-1": {"answer", "reasons", "answered_by"},
    "perinatal-mental-health-concern-1": {"scores", "offered", "thoughts_of_harm", "urgency"},
    "da-enquiry-recorded-1": {"asked_on", "outcome", "earlier_enquiries", "seen_alone"},
    "marac-outcome-1": {"decision", "actions", "safety_plan", "visiting_advice"},
    "cse-assessment-1": {"tool", "tool_version", "score", "level", "indicators", "conclusion"},
    "sexual-health-concern-1": {"has_history", "whom_to_ask", "cse_indicators", "significant_harm"},
    "pharmacy-fast-track-1": {"why", "clinic", "safe_to_contact", "significant_harm"},
    "mash-request-1": {"mash_ref", "what_is_asked", "rag", "household_asked_about", "lawful_basis"},
    "mash-response-1": {"mash_ref", "answer", "concern", "searched", "answering_team"},
    "mash-rag-changed-1": {"mash_ref", "was", "rag"},
    "left-before-treatment-1": {"how_many_times", "what_was_due"},
    "was-not-brought-1": {"how_many_times", "what_was_due", "referred_by"},
    "conference-invited-1": {"meets_at", "where", "kind", "report_due", "report_template"},
    "conference-report-1": {"concern", "given", "work_with_the_child", "health_needs"},
    "conference-minutes-1": {"decision", "minutes", "actions"},
    "liaison-outcome-1": {"discussed", "outcome", "actions"},
    "supervision-recorded-1": {"discussed", "actions"},
    "early-help-changed-1": {"need", "lead_practitioner", "plan", "consent", "review_due"},
}


@pytest.mark.parametrize("name", event_types())
def test_an_event_says_who_may_publish_it_and_what_happened(name: str) -> None:
    model = event_types()[name]
    assert model.published_by
    assert model.happened
    assert model.about
    assert model.__doc__


@pytest.mark.parametrize("name", CARRIES)
def test_an_event_holds_what_its_flow_must_carry(name: str) -> None:
    marks = field_marks(event_types()[name])
    missing = {field for field in CARRIES[name] if marks.get(field, {}).get("section", "not_shown") == "not_shown"}
    assert missing == set()


@pytest.mark.parametrize("name", event_types())
def test_what_sharewell_adds_to_the_context_hides_no_field_of_the_event(name: str) -> None:
    marks = field_marks(event_types()[name])
    assert not {field for field, mark in marks.items() if mark["section"] == Section.CONTEXT} & ADDED.keys()


@pytest.mark.parametrize("name", event_types())
def test_a_summary_shows_every_field_that_may_be_shown_and_requires_none(name: str) -> None:
    summary = summary_model(name)
    marks = field_marks(event_types()[name])
    for section in Section:
        if section is Section.UNSEEN:
            continue
        part = summary.model_fields[section.value].annotation
        assert part is not None
        assert not any(field.is_required() for field in part.model_fields.values())
        added = ADDED.keys() if section is Section.CONTEXT else set()
        assert part.model_fields.keys() - added == {field for field, m in marks.items() if m["section"] == section}


def test_an_event_about_a_child_asks_for_the_childs_voice() -> None:
    about_a_child = {name for name, model in event_types().items() if Role.CHILD in model.about and name in CARRIES}
    voiced = {name for name in about_a_child if issubclass(event_types()[name], AboutChildData)}
    assert about_a_child - voiced == {"safeguarding-flag-changed-1"}


def test_the_adults_record_the_perpetrators_name_and_a_whereabouts_are_restricted() -> None:
    restricted = {
        (name, field): mark["restricted"]
        for name, model in event_types().items()
        for field, mark in field_marks(model).items()
        if "restricted" in mark
    }
    assert restricted[("adult-ed-attendance-1", "clinical_detail")] == Restriction.ADULT_CLINICAL
    assert restricted[("parent-substance-service-registered-1", "clinical_detail")] == Restriction.ADULT_CLINICAL
    assert restricted[("dart-notified-1", "perpetrator")] == Restriction.THIRD_PARTY
    assert restricted[("address-changed-1", "residence")] == Restriction.LOCATION


def test_no_contract_has_room_for_an_address_line() -> None:
    for name in event_types():
        assert not {"address", "address_line", "postcode", "street"} & schema_of(name)["properties"].keys()
