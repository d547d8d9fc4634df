"""F05 (1.18, 2.15, 3.17, 5.2.12, R3.1, R4.2): a flag is live at the next attendance, and told to who is involved.

Before: "children or young people looked-after or at risk of CSE are not currently being flagged"."""

from typing import Any

import pytest

from contracts.flags import FlagKind
from tests.stories import Town
from tests.story_events import (
    adult_ed_attendance,
    birth_notified,
    cancel_of,
    caseload_changed,
    ed_attendance,
    ed_discharged,
    flag_changed,
    left_before_treatment,
    update_of,
)
from tests.story_pages import reads_in_order
from tests.story_people import adult, caseload, child, family, flag, involved, unborn

KINDS: list[FlagKind] = [
    "child-protection-plan", "child-in-need", "looked-after", "care-leaver", "cse-risk", "early-help",
    "domestic-abuse-in-household", "fgm-risk",
]  # fmt: skip


def live(town: Town, publisher: str = "ed") -> list[set[str]]:
    """The kinds of flag in each answer that this publisher had."""
    return [{f["kind"] for f in entry["flags"]} for entry in town.status(publisher, "live-flags")]


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_flag_is_live_at_the_next_attendance_and_answered_to_the_department(kind: str) -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, kind, since="2026-03-01"))
    assert live(town) == [], "not before the child is there (least content)"

    await town.publish(ed_attendance(tom))

    assert live(town) == [{kind}]
    (answer,) = town.status("ed", "live-flags")
    (one,) = answer["flags"]
    assert one["since"] == "2026-03-01"
    assert one["contact"]["day"]
    assert one["contact"]["night"]


async def test_all_who_work_with_the_child_are_told_and_the_departments_and_clinics_are_not() -> None:
    tom = child(
        "Tom", age=15,
        services=[
            involved("SWITCH", "switch"), involved("CAMHS", "camhs"), involved("CASH", "sexual-health"),
            involved("CSC", "social-care"), involved("FNP", "fnp", until="2025-12-01"),
        ],
        caseload=caseload("LACT", "looked-after"),
    )  # fmt: skip
    town = Town(family(mother=adult(), children=[tom]))
    raised = flag_changed(tom, "cse-risk", by="ypse", reason="Seen with unknown men.")

    await town.publish(raised)

    assert town.told(raised) == {"sn-north", "gp-castle", "switch", "social-care", "looked-after"}
    letter = town.letter("sn-north")
    assert letter["what_happened"]["kind"] == "cse-risk"
    assert letter["what_happened"]["since"]
    assert letter["what_happened"]["contact"]["team"]
    assert letter["what_happened"]["reason"] == "Seen with unknown men."
    assert "reason" not in town.letter("switch")["what_happened"], "the kind, since when and whom to ring: no story"
    assert b"unknown men" not in town.letter("switch").raw


async def test_who_is_in_the_home_already_reads_with_the_flag_how_to_come_and_who_must_not_know() -> None:
    """standards.md, part 3: a family nurse visits every other week, and need not know the story to come safely."""
    tom = child("Tom", age=1, services=[involved("FNP", "fnp")])
    town = Town(family(mother=adult(), children=[tom]))
    safely = {"visit": "in-pairs", "must_not_know": "the father", "last_checked": "2026-03-01"}
    spoken = {"language": "Punjabi", "interpreter": "needed"}
    await town.publish(
        flag_changed(
            tom, "domestic-abuse-in-household", reason="She told the midwife of it.", safe_contact=safely,
            accessible_information=spoken,
        )
    )  # fmt: skip
    letter = town.letter("fnp")
    assert letter["context"]["safe_contact"]["visit"] == "in-pairs"
    assert letter["context"]["safe_contact"]["must_not_know"] == "the father"
    assert letter["context"]["accessible_information"]["language"] == "Punjabi"
    assert b"told the midwife" not in letter.raw


async def test_the_service_that_set_the_flag_is_not_told_of_it() -> None:
    tom = child("Tom", age=10, services=[involved("CSC", "social-care")])
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "child-in-need", by="csc"))
    assert town.told() == {"sn-north", "gp-castle"}


async def test_the_midwife_and_the_health_visitor_are_told_for_an_unborn_child() -> None:
    mother, bump = adult(), unborn(weeks=24)
    town = Town(family(mother=mother, children=[bump]))
    raised = flag_changed(bump, "unborn-plan", subjects=[bump.subject("unborn"), mother.subject("mother")])
    await town.publish(raised)
    assert town.told(raised, about=bump) == {"hv-north", "gp-castle", "midwives"}
    assert [f["kind"] for f in town.file(bump)["flags"]] == ["unborn-plan"]


@pytest.mark.parametrize(("service", "team", "by"), [
    ("CASH", "sexual-health", "cash"), ("AMH", "adult-mental-health", "amh"), ("CAMHS", "camhs", "camhs"),
])  # fmt: skip
async def test_clinics_and_mental_health_have_the_live_flags_when_they_register_the_young_person(
    service: str, team: str, by: str
) -> None:
    kay = child("Kay", age=16, flags=[flag("looked-after"), flag("child-protection-plan")])
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(caseload_changed(kay, service, team, by=by))
    assert live(town, by) == [{"looked-after", "child-protection-plan"}]
    assert town.told() == set(), "and nobody learns that the young person goes there"


async def test_a_team_that_lets_the_child_go_is_answered_nothing() -> None:
    kay = child("Kay", age=16, flags=[flag("looked-after")], caseload=caseload("CAMHS", "camhs"))
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(caseload_changed(kay, "CAMHS", "camhs", by="camhs", ended=True))
    assert live(town, "camhs") == []


async def test_the_adult_department_has_the_flags_of_the_children_the_adult_names_and_of_no_other() -> None:
    mother, named, found = adult(), child("Bea", age=2, flags=[flag()]), child("Kit", age=6, flags=[flag("cse-risk")])
    town = Town(family(mother=mother, children=[named, found]))
    await town.publish(adult_ed_attendance(mother, named))
    assert live(town) == [{"child-protection-plan"}]


async def test_an_ended_flag_is_no_longer_live_and_is_kept_with_its_reason() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "child-protection-plan", since="2025-10-01", sequence="0000000001"))
    ended = flag_changed(
        tom, "child-protection-plan", "ended", since="2025-10-01", ended_on="2026-03-16",
        reason="The conference ended the plan.", sequence="0000000002",
    )  # fmt: skip
    await town.publish(ended)

    await town.publish(ed_attendance(tom))

    assert live(town) == [set()]
    (kept,) = town.file(tom)["flags"]
    assert (kept["since"], kept["ended"]) == ("2025-10-01", "2026-03-16")
    letter = town.inbox("sn-north")[1]
    assert letter["what_happened"]["reason"] == "The conference ended the plan."
    assert letter["what_happened"]["change"] == "ended"


async def test_an_end_without_a_reason_is_refused() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "child-protection-plan", "ended", reason=None))
    (refused,) = town.status("csc", "refused")
    assert [p["code"] for p in refused["problems"]] == ["flag-end-reason"]
    assert town.told() == set()


@pytest.mark.parametrize("same_record", [True, False])
async def test_a_late_word_never_brings_an_ended_flag_back_to_life(same_record: bool) -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    about: dict[str, Any] = {"record_id": "flag-record-1"} if same_record else {}
    raised = flag_changed(tom, "cse-risk", sequence="0000000005", **about)
    ended = flag_changed(tom, "cse-risk", "ended", sequence="0000000007", **about)
    late = flag_changed(tom, "cse-risk", "changed", sequence="0000000006", **about)
    for one in (raised, ended, late):
        await town.publish(one)

    await town.publish(ed_attendance(tom))

    assert live(town) == [set()]
    assert len(town.file(tom)["flags"]) == 1


async def test_a_flag_raised_in_error_was_never_live() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    wrong = flag_changed(tom, "looked-after")
    await town.publish(wrong)
    await town.publish(cancel_of(wrong))
    await town.publish(ed_attendance(tom))
    assert live(town) == [set()]
    assert {w.team for w in town.withdrawals()} == {"sn-north", "gp-castle"}


async def test_a_changed_flag_replaces_what_was_said_of_it_before() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    first = flag_changed(tom, "looked-after", since="2026-01-01", sequence="0000000001")
    await town.publish(first)
    await town.publish(update_of(first, sequence="0000000002", change="changed", since="2025-12-01"))
    (kept,) = town.file(tom)["flags"]
    assert kept["since"] == "2025-12-01"


async def test_live_flags_stand_in_the_summaries_of_later_events() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "looked-after", since="2026-01-01"))
    await town.publish(ed_discharged(tom))
    letter = town.inbox("sn-north")[1]
    assert [(f["kind"], f["since"]) for f in letter["flags"]] == [("looked-after", "2026-01-01")]


async def test_an_unacknowledged_flag_climbs_and_an_acknowledged_one_does_not() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "cse-risk"))
    await town.advance(working_days=3)
    assert [e.team for e in town.escalations(flow="F05")] == ["sn-lead", "nn-community"]
    assert [t.task.owner for t in town.tasks("unanswered")] == ["nn-community"]
    await town.publish(flag_changed(tom, "early-help"))
    await town.receipt(town.inbox("sn-north")[1], "acknowledged")
    await town.advance(working_days=9)
    assert len(town.escalations(flow="F05")) == 2


async def test_a_child_on_a_plan_who_is_hurt_is_mashs_and_an_unhurt_or_unflagged_one_is_not() -> None:
    planned, looked_after, plain = (child(n, age=10, flags=f) for n, f in (
        ("A", [flag()]), ("B", [flag("looked-after")]), ("C", [flag("early-help")]),
    ))  # fmt: skip
    town = Town(family(mother=adult(), children=[planned, looked_after, plain]))
    for one in (planned, looked_after, plain):
        await town.publish(ed_discharged(one))
    assert {x.child for x in town.inbox("mash")} == {planned.id, looked_after.id}
    await town.publish(ed_discharged(planned, mechanism_of_injury={"absent": "not-applicable"}))
    assert len(town.inbox("mash", planned)) == 1


async def test_the_mother_named_with_an_unborn_child_carries_none_of_its_flags_herself() -> None:
    mother, bump, ann = adult("Ada", age=17), unborn(weeks=24), child("Ann", age=9)
    town = Town(family(mother=mother, children=[bump, ann]))
    await town.publish(flag_changed(bump, "unborn-plan", subjects=[bump.subject("unborn"), mother.subject("mother")]))
    assert "flags" not in town.file(mother)
    await town.publish(ed_attendance(mother), ed_attendance(ann))
    assert live(town) == [set(), set()], "a girl of seventeen is a child too, and on no plan; nor is her other child"


async def test_the_flag_of_the_unborn_is_live_when_its_mother_comes_and_is_the_babys_after_the_birth() -> None:
    mother, bump = adult("Ada", age=24), unborn(weeks=38)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(flag_changed(bump, "unborn-plan", subjects=[bump.subject("unborn"), mother.subject("mother")]))
    await town.publish(adult_ed_attendance(mother, answer="asked-none", pregnant="yes"))
    assert live(town) == [{"unborn-plan"}]
    baby = child("Bo", age=None, days=0)
    await town.publish(birth_notified(mother, baby))

    await town.publish(ed_attendance(baby))

    assert live(town)[-1] == {"unborn-plan"}
    assert town.file(bump)["nhs"] == baby.nhs, "the baby has the unborn child's place in the file"


async def test_the_answer_says_which_of_the_children_an_adult_lists_has_the_flag_and_names_nobody() -> None:
    mother, tom, ann = adult("Ada"), child("Tom", age=4), child("Ann", age=9, flags=[flag("cse-risk")])
    town = Town(family(mother=mother, children=[tom, ann]))
    await town.publish(adult_ed_attendance(mother, tom, ann), ed_attendance(ann))
    said = {e["about"]: [f["kind"] for f in e["flags"]] for e in town.status("ed", "live-flags")}
    assert said == {
        "data.household.children[0]": [], "data.household.children[1]": ["cse-risk"], "data.subjects[0]": ["cse-risk"],
    }  # fmt: skip
    for answer in town.inboxes.of("answer", "ed"):
        assert not any(word.encode() in answer.raw for word in (ann.nhs, "Ann", "Story"))
    said_to_a_person = " ".join(town.inboxes.of("answer", "ed")[0].page.split())
    assert "live-flags, of data.household.children[0] None is known to Sharewell." in said_to_a_person
    assert "live-flags, of data.household.children[1] - cse risk, since" in said_to_a_person


async def test_the_answer_holds_the_kind_since_when_and_whom_to_ring_and_nothing_of_why() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "cse-risk", by="ypse", reason="CANARY-REASON"))
    await town.publish(ed_attendance(tom))
    (answer,) = town.status("ed", "live-flags")
    assert [set(f) for f in answer["flags"]] == [{"kind", "since", "contact", "authority"}]
    assert not any(b"CANARY-REASON" in a.raw for a in town.inboxes.of("answer"))


async def test_no_canary_reaches_a_department_or_clinic_before_the_child_does() -> None:
    tom = child(
        "Tom", age=15,
        services=[
            involved("CAMHS", "camhs"), involved("CASH", "sexual-health"), involved("AMH", "adult-mental-health"),
            involved("ED", "emergency"), involved("SWITCH", "switch"),
        ],
    )  # fmt: skip
    town = Town(family(mother=adult(), children=[tom, child("Ann", age=3)]))
    contact = {"team": "CANARY-CONTACT", "day": "01632 960161", "night": "01632 960199"}
    await town.publish(flag_changed(tom, "cse-risk", by="ypse", reason="CANARY-REASON", contact=contact))

    has_it = {team for (_, team), letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {"sn-north", "gp-castle", "switch"}, "nor the sister's health visitor, nor the liaison nurse"
    has_why = {team for (_, team), letters in town.inboxes.letters.items() for x in letters if b"CANARY-R" in x.raw}
    assert has_why == {"sn-north", "gp-castle"}
    assert "Reason" in town.letter("switch").withheld
    for publisher in ("ed", "camhs", "cash", "amh"):
        assert town.status(publisher) == []


async def test_a_flag_is_not_live_before_its_day_and_is_live_from_it() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "looked-after", since="2026-03-18"))
    await town.publish(ed_attendance(tom))
    await town.advance(days=2)
    await town.publish(ed_attendance(tom))
    assert live(town) == [set(), {"looked-after"}]


async def test_a_flag_that_ends_tomorrow_is_live_today() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "looked-after", "ended", ended_on="2026-03-17"))
    await town.publish(ed_attendance(tom))
    await town.advance(days=1)
    await town.publish(ed_attendance(tom))
    assert live(town) == [{"looked-after"}, set()]


async def test_two_publishers_flags_with_one_number_are_two_flags_and_the_end_of_one_leaves_the_other() -> None:
    tom = child("Tom", age=14)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "cse-risk", by="ypse", flag_id="7"))
    await town.publish(flag_changed(tom, "looked-after", by="csc", flag_id="7"))
    await town.publish(flag_changed(tom, "cse-risk", "ended", by="ypse", flag_id="7"))
    await town.publish(ed_attendance(tom))
    assert live(town) == [{"looked-after"}]
    letter = town.inbox("sn-north")[-1]
    assert [f["kind"] for f in letter["flags"]] == ["looked-after"], "who reads of the end sees what is left"


async def test_an_older_version_is_answered_as_such_and_sends_nobody_anything() -> None:
    tom = child("Tom", age=14)
    town = Town(family(mother=adult(), children=[tom]))
    raised = flag_changed(tom, "cse-risk", sequence="00000000000000000010")
    newer = update_of(raised, "00000000000000000012", change="changed", since="2026-02-01")
    late = update_of(raised, "00000000000000000009", change="changed", since="2024-01-01")
    await town.publish(raised)
    await town.publish(newer)
    before = len(town.inbox("sn-north"))
    await town.publish(late)
    assert len(town.inbox("sn-north")) == before
    assert [e["event_id"] for e in town.status("csc", "superseded-by-newer")] == [late.id]
    assert [f["since"] for f in town.file(tom)["flags"]] == ["2026-02-01"]


async def test_everybody_who_was_told_of_a_flag_is_told_of_its_end() -> None:
    tom = child("Tom", age=15, services=[involved("SWITCH", "switch")])
    town = Town(family(mother=adult(), children=[tom]))
    raised, ended = flag_changed(tom, "child-protection-plan"), flag_changed(tom, "child-protection-plan", "ended")
    await town.publish(raised)
    await town.publish(ended)
    assert town.told(ended) == town.told(raised) == {"sn-north", "gp-castle", "switch"}
    assert town.inbox("switch")[1]["what_happened"]["ended_on"] == "2026-03-16"


async def test_a_child_who_left_the_department_is_answered_nothing() -> None:
    tom = child("Tom", age=10, flags=[flag()])
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(left_before_treatment(tom))
    assert live(town) == [], "the answer is for whoever has the child before them"


async def test_a_machines_receipt_does_not_answer_for_the_mark_on_the_record() -> None:
    tom = child("Tom", age=10)
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "cse-risk"))
    for state in ("collected", "validated", "matched"):
        await town.receipt(town.letter("sn-north"), state, kind="system")
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations(flow="F05")] == ["sn-lead"]
    await town.receipt(town.letter("sn-north"), "filed", record_ref="sn/9")
    await town.advance(working_days=9)
    assert [e.team for e in town.escalations(flow="F05")] == ["sn-lead"]
    assert town.tasks() == []


async def test_the_page_of_a_flag_shows_it_as_live_and_tells_withheld_flags_from_none() -> None:
    tom = child("Tom", age=15, flags=[flag("looked-after")], services=[involved("SWITCH", "switch")])
    town = Town(family(mother=adult(), children=[tom]))
    await town.publish(flag_changed(tom, "cse-risk"))
    page = reads_in_order(town.letter("sn-north"))
    assert "Mark the child's record" in page["WHAT YOU ARE ASKED TO DO"]
    assert "cse risk, since" in page["FLAGS"]
    assert "looked after, since" in page["FLAGS"]
    least = reads_in_order(town.letter("switch"))
    assert "None is known" not in least["FLAGS"], "there is one, and it is not for them"
    assert "Withheld from you" in least["FLAGS"]
