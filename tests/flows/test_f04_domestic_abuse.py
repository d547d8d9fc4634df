"""F04 (1.11): the account of the incident before the visit, and the outcome of the discussion after it.

Before: "a detailed account of what occurred at the incident is not always provided … outcomes are not routinely
shared"."""

from typing import Any

import pytest

from router.policy.words import UNNAMED
from tests.stories import Town
from tests.story_events import cancel_of, dart_notified, dart_outcome, update_of
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family, flag, involved, unborn

NEVER_BEFORE: dict[str, Any] = {"earlier_notifications": {"absent": "none"}}
INCIDENT: dict[str, Any] = NEVER_BEFORE | {
    "account": "Her former partner forced the back door and pushed her.",
    "who_was_present": ["mother", "mother's former partner", "both children"],
    "risk_level": "medium",
    "perpetrator_access": "Has no key; knows the school.",
    "visiting_advice": {"visit": "in-pairs", "why": "He comes in the daytime."},
    "perpetrator": {
        "name": {"family": "Crane", "given": "Lewis"},
        "birth_date": "1990-03-03",
        "relationship_to_child": "father",
    },
}


def home() -> tuple[Person, Person, Person, Family]:
    mother, bea, kit = adult("Tam"), child("Bea", age=2), child("Kit", age=7)
    return mother, bea, kit, family(mother=mother, children=[bea, kit])


async def test_health_visitor_school_nurse_and_gp_have_the_whole_account_before_a_visit() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    notified = dart_notified([bea, kit], mother, **INCIDENT)

    await town.publish(notified)

    assert town.told(notified, about=kit) == {"sn-north", "gp-castle"}
    assert town.told(notified, about=bea) == {"hv-north", "gp-castle"}
    for team, about in (("sn-north", kit), ("hv-north", bea), ("gp-castle", bea)):
        letter = town.letter(team, about)
        assert letter["what_happened"]["account"] == INCIDENT["account"]
        assert letter["what_happened"]["who_was_present"] == INCIDENT["who_was_present"]
        assert letter["risk_and_impact"]["risk_level"] == "medium"
        assert letter["risk_and_impact"]["perpetrator_access"] == INCIDENT["perpetrator_access"]
        assert letter["risk_and_impact"]["visiting_advice"] == INCIDENT["visiting_advice"]
    assert any("before any visit" in what for what in town.letter("sn-north").asks)


async def test_mash_reads_who_works_with_the_child_but_for_services_whose_part_is_itself_restricted() -> None:
    mother, kit = adult("Tam"), child("Kit", age=15)
    kit.doc["services"] = [involved("CAMHS", "camhs"), *(involved(s.value, s.value.lower()) for s in UNNAMED)]
    town = Town(family(mother=mother, children=[kit]))
    await town.publish(dart_notified(kit, mother, **(INCIDENT | {"risk_level": "high"})))
    assert [s["service"] for s in town.letter("mash")["context"]["services"]] == ["CAMHS"]


async def test_nobody_but_mash_reads_who_is_said_to_have_done_it() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea, kit], mother, **(INCIDENT | {"risk_level": "high"})))
    for letter in town.inboxes.of("summary"):
        seen = letter["what_happened"].get("perpetrator")
        assert (seen is not None) is (letter.team == "mash")
        assert (b"Lewis" in letter.raw) is (letter.team == "mash")
        if letter.team != "mash":
            assert letter.withheld["Alleged perpetrator"] == "identifies somebody else; no rule names you"


async def test_a_child_of_the_household_whom_the_notification_does_not_name_is_found() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([kit], mother, **INCIDENT))
    assert town.told(about=bea) == {"hv-north", "gp-castle"}


async def test_the_midwife_is_told_where_the_mother_is_pregnant() -> None:
    mother, bump = adult("Tam"), unborn(weeks=18)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(dart_notified([], mother, pregnant="yes", **INCIDENT))
    assert town.told(about=bump) == {"midwives", "gp-castle"}
    assert "children_seen" not in town.letter("midwives")["what_happened"]


@pytest.mark.parametrize("level", ["low", "medium"])
async def test_a_first_notification_of_lower_risk_is_not_mashs(level: str) -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea, kit], mother, **(INCIDENT | {"risk_level": level})))
    assert "mash" not in town.told()


async def test_high_risk_goes_to_mash_with_the_reason_marked_as_a_local_decision() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea], mother, **(INCIDENT | {"risk_level": "high"})))
    letter = town.letter("mash", bea)
    assert [(w["flow"], w["paragraph"], w["words"]) for w in letter["why_you"]] == [
        ("F04", "local decision", "the risk is high")
    ]


async def test_a_second_notification_within_a_year_goes_to_mash_whatever_its_risk() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    first = dart_notified([bea], mother, time="2025-06-01T10:00:00+00:00", **INCIDENT)
    second = dart_notified([bea], mother, **INCIDENT)
    await town.publish(first)
    await town.publish(second)
    assert "mash" not in town.told(first)
    assert "mash" in town.told(second)
    (earlier,) = town.letter("mash", bea)["context"]["earlier"]
    assert (earlier["what"], earlier["count"], earlier["dates"]) == ("domestic-abuse notification", 1, ["2025-06-01"])


async def test_two_notifications_in_one_batch_are_a_repeat() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    first, second = dart_notified([bea], mother, **INCIDENT), dart_notified([bea], mother, **INCIDENT)
    await town.publish(first, second)
    assert "mash" in town.told(second)


@pytest.mark.parametrize(
    ("first", "what"),
    [
        ({"time": "2024-09-01T10:00:00+00:00"}, "a notification more than a year old"),
        ({"dart_ref": "dart-same"}, "a correction of the same notification"),
    ],
)
async def test_what_is_no_repeat(first: dict[str, Any], what: str) -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    one = dart_notified([bea], mother, **(INCIDENT | first))
    await town.publish(one)
    again = update_of(one) if "dart_ref" in first else dart_notified([bea], mother, **INCIDENT)
    await town.publish(again)
    assert "mash" not in town.told(), what


async def test_a_notification_that_was_taken_back_is_not_counted() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    mistaken = dart_notified([bea], mother, **INCIDENT)
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    await town.publish(dart_notified([bea], mother, **INCIDENT))
    assert "mash" not in town.told()
    assert "earlier" not in town.inbox("hv-north")[-1]["context"]


@pytest.mark.parametrize("times", [1, 2], ids=["cancelled", "cancelled twice"])
async def test_a_notification_that_was_taken_back_and_sent_again_is_counted(times: int) -> None:
    """Cancelled by mistake, and sent again under its record: the next one is a repeat, and MASH hears of it."""
    mother, bea, _kit, folk = home()
    town = Town(folk)
    one = dart_notified([bea], mother, **INCIDENT)
    await town.publish(one)
    for n in range(times):
        await town.publish(cancel_of(one, str(2 + n)))
    await town.publish(update_of(one, "9"))
    second = dart_notified([bea], mother, **INCIDENT)
    await town.publish(second)
    assert "mash" in town.told(second)
    await town.publish(cancel_of(one, "10"), dart_notified([bea], mother, **INCIDENT), cancel_of(second, "2"))
    third = dart_notified([bea], mother, **INCIDENT)
    await town.publish(third)
    (earlier,) = town.inbox("mash", bea)[-1]["context"]["earlier"]
    assert earlier["count"] == 1, "the one that stands, and neither of those that were taken back"


@pytest.mark.parametrize("wrong", [0, 1])
async def test_of_two_records_of_one_notification_one_is_taken_back_and_the_other_counts(wrong: int) -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    two = [dart_notified([bea], mother, dart_ref="dart-once", **INCIDENT) for _ in range(2)]
    for said in (*two, cancel_of(two[wrong])):
        await town.publish(said)
    waiting = [c.state for c in town.clocks() if c.clock.needs == "happen" and c.clock.child == bea.id]
    assert sorted(waiting) == ["running", "stopped"], "an outcome is owed of the one that stands"
    second = dart_notified([bea], mother, **INCIDENT)
    await town.publish(second)
    assert "mash" in town.told(second)

    await town.publish(cancel_of(two[1 - wrong]), cancel_of(second))
    third = dart_notified([bea], mother, **INCIDENT)
    await town.publish(third)
    assert "mash" not in town.told(third), "all were taken back"


async def test_a_notification_whose_reference_is_corrected_is_no_repeat_of_itself() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    one = dart_notified([bea], mother, dart_ref="mistyped", **INCIDENT)
    right = update_of(one, dart_ref="dart-right")
    for said in (one, right):
        await town.publish(said)
    assert "mash" not in town.told(right)
    await town.publish(dart_outcome(one))
    waiting = [(c.clock.thing, c.state) for c in town.clocks() if c.clock.needs == "happen" and c.clock.child == bea.id]
    assert sorted(waiting) == [("dart-right", "running"), ("mistyped", "stopped")]
    second = dart_notified([bea], mother, **INCIDENT)
    await town.publish(second)
    (earlier,) = town.inbox("mash", bea)[-1]["context"]["earlier"]
    assert earlier["count"] == 1, "one notification, under two references"


async def test_an_outcome_corrected_to_another_notification_leaves_the_first_waiting() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    one, other = (dart_notified([bea], mother, **INCIDENT) for _ in range(2))
    outcome = dart_outcome(one)
    await town.publish(one, other, outcome)
    await town.publish(update_of(outcome, dart_ref=other.data["dart_ref"]))
    waiting = {c.clock.thing: c.state for c in town.clocks() if c.clock.needs == "happen" and c.clock.child == bea.id}
    assert waiting == {one.data["dart_ref"]: "running", other.data["dart_ref"]: "met"}
    await town.publish(cancel_of(outcome))
    waiting = {c.clock.thing: c.state for c in town.clocks() if c.clock.needs == "happen" and c.clock.child == bea.id}
    assert set(waiting.values()) == {"running"}


async def test_what_the_response_team_itself_counts_makes_a_repeat_too() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    counted = INCIDENT | {"earlier_notifications": {"count": 2, "window_days": 365}}
    await town.publish(dart_notified([bea], mother, **counted))
    assert "mash" in town.told()


async def test_the_outcome_reaches_everyone_told_of_the_notification_and_is_linked_to_it() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    notified = dart_notified([bea, kit], mother, **(INCIDENT | {"risk_level": "high"}))
    await town.publish(notified)
    decided = dart_outcome(notified, decision="early-help", risk_level="low", reasons="She asked for help.")

    await town.publish(decided)

    for one in (bea, kit):
        assert town.told(decided, about=one) == town.told(notified, about=one)
    letter = town.inbox("sn-north", kit)[1]
    assert letter["what_happened"]["dart_ref"] == notified.data["dart_ref"]
    assert letter["what_happened"]["decision"] == "early-help"
    assert letter["context"]["linked"] == [{"type": "dart-notified-1", "date": "2026-03-16"}]
    assert "dart-notified-1 of 16 March 2026" in letter.page


async def test_the_outcome_of_a_lesser_notification_is_not_mashs() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    notified = dart_notified([bea], mother, **INCIDENT)
    await town.publish(notified)
    await town.publish(dart_outcome(notified, risk_level="low"))
    assert "mash" not in town.told()


async def test_an_outcome_ends_the_wait_of_its_own_notification_alone() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    one, other = dart_notified([bea], mother, **INCIDENT), dart_notified([kit], **INCIDENT)
    await town.publish(one, other)
    await town.publish(dart_outcome(other))
    waiting = [c for c in town.clocks() if c.clock.needs == "happen"]
    assert {(c.clock.thing == other.data["dart_ref"], c.state) for c in waiting} == {(True, "met"), (False, "running")}


async def test_an_outcome_that_came_first_leaves_nothing_to_wait_for() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    notified = dart_notified([bea], mother, **INCIDENT)
    await town.publish(dart_outcome(notified))
    await town.publish(notified)
    assert not [c for c in town.clocks() if c.clock.needs == "happen" and c.state == "running"]


async def test_with_no_outcome_the_response_team_hears_then_the_named_nurse_then_a_task_stays() -> None:
    mother, bea, _kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea], mother, discussion_due="2026-03-18", **INCIDENT))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.receipt(town.letter("sn-north"), "acknowledged")

    await town.advance(working_days=6)
    assert town.escalations(flow="F04") == [], "the discussion is on Wednesday; five working days are given after it"
    await town.advance(working_days=1)
    heard = town.escalations(flow="F04")
    assert {e.team for e in heard} == {"dart"}
    assert heard[0]["words"] == "the outcome of the discussion is told"
    assert INCIDENT["account"].encode() not in heard[0].raw
    await town.advance(working_days=1)
    assert {e.team for e in town.escalations(flow="F04")} == {"dart", "nn-community"}
    await town.advance(working_days=20)
    assert {t.task.owner for t in town.tasks("unanswered")} == {"nn-community"}


async def test_a_notification_with_no_child_at_all_is_a_task_of_the_response_team() -> None:
    lone = adult("Tam")
    town = Town(family(mother=lone))
    await town.publish(dart_notified([], lone, **INCIDENT))
    (task,) = town.tasks("nobody-found")
    assert task.task.owner == "dart"


async def test_a_looked_after_girl_of_sixteen_is_the_looked_after_nurses_as_well() -> None:
    mother, girl = adult("Tam"), child("Kay", age=16, flags=[flag("looked-after")])
    town = Town(family(mother=mother, children=[girl]))
    await town.publish(dart_notified([girl], mother, **INCIDENT))
    assert town.told() == {"sn-north", "gp-castle", "looked-after"}


def waiting(town: Town) -> list[tuple[str | None, str]]:
    """The children whose outcome is waited for or was, each with its clock's state."""
    return [(c.clock.child, c.state) for c in town.clocks() if c.clock.needs == "happen"]


async def test_the_page_says_before_the_account_what_to_do_first_and_who_it_is_about() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea, kit], mother, **INCIDENT))
    page = reads_in_order(town.letter("sn-north"))
    assert "STORY, Kit" in page["WHO"]
    assert "before any visit or drop-in contact" in page["WHAT YOU ARE ASKED TO DO"]
    assert "pushed her" in page["WHAT HAPPENED"]
    assert "Risk level: medium" in page["RISK AND IMPACT ON THE CHILD"]
    assert "Safe to visit: visit: in pairs; why: He comes in the daytime." in page["RISK AND IMPACT ON THE CHILD"]
    assert "Perpetrator's access to the home and children: Has no key" in page["RISK AND IMPACT ON THE CHILD"]
    assert "Alleged perpetrator: identifies somebody else" in page["WHAT WAS NOT SHARED WITH YOU, AND WHY"]


async def test_a_notification_without_an_account_is_refused_and_climbs_until_it_comes_with_one() -> None:
    mother, _, kit, folk = home()
    town = Town(folk)
    bare = dart_notified([kit], mother, **(INCIDENT | {"account": None}))
    await town.publish(bare)
    (refused,) = town.status("dart", "refused")
    assert [(p["code"], p["path"]) for p in refused["problems"]] == [("missing", "data.account")]
    assert town.told() == set()
    await town.advance(working_days=3)
    assert [e.team for e in town.escalations()] == ["dart", "nn-community"], "a missing field swallows no concern"

    await town.publish(dart_notified([kit], mother, record_id=bare.data["record_id"], **INCIDENT))

    assert town.refusals() == []
    assert "sn-north" in town.told()


async def test_nobody_outside_the_childrens_own_circle_reads_a_word_of_it() -> None:
    mother, bea, kit, folk = home()
    cousin = child("Max", age=7)
    town = Town(folk, family(mother=adult("Jo"), children=[cousin]))
    secret: dict[str, Any] = {"account": "CANARY-ACCOUNT", "perpetrator_access": "CANARY-ACCESS"}
    notified = dart_notified([bea, kit], mother, **(INCIDENT | secret))
    await town.publish(notified)
    await town.advance(working_days=12)

    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY" in x.raw}
    assert has_it == {("summary", "hv-north"), ("summary", "sn-north"), ("summary", "gp-castle")}
    assert not town.told(about=cousin)
    for letter in town.inbox("hv-north"):
        assert kit.nhs.encode() not in letter.raw, "the brother is his school nurse's (rule D)"
    for letter in town.inbox("sn-north"):
        assert bea.nhs.encode() not in letter.raw


async def test_an_outcome_that_names_fewer_reaches_everybody_who_had_the_notification() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    notified = dart_notified([bea, kit], mother, **INCIDENT)
    await town.publish(notified)
    decided = dart_outcome(notified, subjects=[kit.subject()], risk_level="low")

    await town.publish(decided)

    assert town.told(decided, about=bea) == town.told(notified, about=bea) == {"hv-north", "gp-castle"}
    assert set(waiting(town)) == {(kit.id, "met"), (bea.id, "met")}


async def test_an_outcome_of_one_notification_is_not_told_of_the_children_of_another() -> None:
    _, bea, kit, folk = home()
    for one in (bea, kit):
        one.doc["household"] = one.id  # brother and sister who live apart, in one family's file
    town = Town(folk)
    first, second = dart_notified([bea], **INCIDENT), dart_notified([kit], **INCIDENT)
    await town.publish(first, second)
    decided = dart_outcome(second, risk_level="low")
    await town.publish(decided)
    assert town.told(decided, about=bea) == set()
    assert (bea.id, "running") in waiting(town)


async def test_mash_hears_the_outcome_where_only_the_response_team_had_counted_the_repeat() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    counted = INCIDENT | {"earlier_notifications": {"count": 2, "window_days": 365}}
    notified = dart_notified([bea], mother, **counted)
    await town.publish(notified)
    decided = dart_outcome(notified, risk_level="low")
    await town.publish(decided)
    assert town.told(decided, about=bea) == town.told(notified, about=bea) == {"hv-north", "gp-castle", "mash"}
    assert "Lewis" not in str(town.inbox("mash", bea)[1].data), "an outcome does not say again who did it"


async def test_the_outcome_clock_runs_from_the_day_of_the_discussion_over_a_bank_holiday() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea], mother, discussion_due="2026-03-31", **INCIDENT))
    (clock, _kits) = [c for c in town.clocks() if c.clock.needs == "happen"]
    assert clock.due.isoformat() == "2026-04-09T08:00:00+00:00", "Good Friday and Easter Monday are no working days"


async def test_where_no_day_is_set_for_the_discussion_the_clock_runs_from_the_notification() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea], mother, discussion_due={"absent": "not-recorded"}, **INCIDENT))
    assert {c.due.isoformat() for c in town.clocks() if c.clock.needs == "happen"} == {"2026-03-23T09:00:00+00:00"}


async def test_no_receipt_of_anybody_stands_for_the_outcome() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea, kit], mother, discussion_due="2026-03-17", **INCIDENT))
    for team in ("hv-north", "sn-north"):
        await town.receipt(town.letter(team), "acknowledged")
        await town.receipt(town.letter(team), "filed", record_ref="r/1")
        await town.receipt(town.letter(team), "acted")
    await town.advance(working_days=6)
    assert {e.team for e in town.escalations(flow="F04")} == {"dart"}, "only the outcome meets that clock"


async def test_an_outcome_between_two_rungs_stops_the_climb_and_leaves_no_task() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    notified = dart_notified([bea], mother, discussion_due="2026-03-16", **INCIDENT)
    await town.publish(notified)
    for team in ("hv-north", "sn-north"):
        await town.receipt(town.letter(team), "acknowledged")
    await town.advance(working_days=5)
    assert {e.team for e in town.escalations(flow="F04")} == {"dart"}
    late = dart_outcome(notified, risk_level="low")
    await town.publish(late)
    for team in ("hv-north", "sn-north"):
        await town.receipt(next(x for x in town.inbox(team) if x["event"]["id"] == late.id), "acknowledged")
    await town.advance(working_days=20)
    assert {e.team for e in town.escalations(flow="F04")} == {"dart"}
    assert town.tasks("unanswered") == []


async def test_a_machine_that_took_the_account_in_has_not_read_it_before_a_visit() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    await town.publish(dart_notified([bea], mother, discussion_due="2026-06-01", **INCIDENT))
    for state in ("collected", "validated", "matched"):
        await town.receipt(town.letter("hv-north"), state, kind="system")
    await town.receipt(town.letter("sn-north"), "acknowledged")
    await town.advance(working_days=2)
    (to_lead,) = town.escalations(flow="F04")
    assert (to_lead.team, to_lead["unanswered_by"]) == ("hv-lead", "HV NORTH")
    await town.advance(working_days=1)
    assert town.escalations(flow="F04")[1].team == "nn-community"
    (task,) = town.tasks("unanswered")
    assert (task.task.owner, task.task.child) == ("nn-community", bea.id)


async def test_a_notification_taken_back_is_told_to_all_who_had_it_and_nobody_waits_for_its_outcome() -> None:
    mother, bea, kit, folk = home()
    town = Town(folk)
    mistaken = dart_notified([bea, kit], mother, **INCIDENT)
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert {(w.team, w.child) for w in town.withdrawals()} == {
        ("hv-north", bea.id), ("gp-castle", bea.id), ("sn-north", kit.id), ("gp-castle", kit.id),
    }  # fmt: skip
    await town.advance(working_days=90)
    assert town.escalations(flow="F04") == []


async def test_what_was_agreed_of_each_service_is_read_by_each_with_its_owner_and_day() -> None:
    mother, bea, _, folk = home()
    town = Town(folk)
    notified = dart_notified([bea], mother, **INCIDENT)
    await town.publish(notified)
    agreed = [{"what": "Visit in pairs.", "owner": "HV", "by": "2026-03-20"}]
    await town.publish(dart_outcome(notified, decision="referred-to-marac", actions=agreed))
    page = reads_in_order(town.inbox("hv-north")[1])
    assert "Decision: referred to marac" in page["WHAT HAPPENED"]
    assert "Visit in pairs.; owner: health visiting team; by: Friday 20 March 2026" in page["WHAT HAPPENED"]
