"""F33 (1.4): early help is shared and jointly owned by the whole front line, and looked at again on its day.

Before: "it is still at an early stage of development and requires a shared and jointly owned approach across all
frontline health professionals"."""

from datetime import timedelta
from typing import Any

import pytest

from tests.stories import Town
from tests.story_early_help_events import early_help, help_by
from tests.story_events import cancel_of, update_of
from tests.story_pages import reads_in_order
from tests.story_people import MORNING, Family, Person, adult, child, family, unborn

LEAD = {"full_name": "S. Hart", "service": "HV", "phone": "01632 960120"}


def home() -> tuple[Person, Person, Person, Family]:
    mother, bea, kit = adult("Tam"), child("Bea", age=2), child("Kit", age=7)
    return mother, bea, kit, family(mother=mother, children=[bea, kit])


def review_clocks(town: Town) -> list[tuple[str, str]]:
    """The waits for a review: what each has come to, and when it runs out."""
    return [(c.state, c.due.isoformat()) for c in town.clocks() if c.clock.needs == "happen"]


async def test_everybody_who_helps_reads_the_same_plan() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    plan = help_by("CAMHS", "SWITCH", "RY")
    said = early_help(bea, plan=plan, need="Feeding and sleep.", lead_practitioner=LEAD)

    await town.publish(said)

    assert town.told(said) == {"hv-north", "gp-castle", "camhs", "switch", "respect-yourself"}
    for team in town.told(said):
        what = town.letter(team)["what_happened"]
        assert (what["need"], what["lead_practitioner"], what["plan"]) == ("Feeding and sleep.", LEAD, plan)
        assert what["review_due"] == "2026-04-20"
        assert town.letter(team)["lawful_basis_and_consent"]["consent"]["to_service"]["answer"] == "given"


async def test_a_school_nurse_reads_what_is_needed_and_who_leads_on_one_page() -> None:
    _, _, kit, folk = home()
    town = Town(folk)
    await town.publish(early_help(kit, need="He is always tired.", lead_practitioner=LEAD, plan=help_by("RY")))
    page = reads_in_order(town.letter("sn-north"))
    assert "STORY, Kit" in page["WHO"]
    assert "Need: He is always tired." in page["WHAT HAPPENED"]
    assert "Lead practitioner: full name: S. Hart; service: health visiting team" in page["WHAT HAPPENED"]
    assert "Plan: service: Respect Yourself teenage parenting; help: What RY can do." in page["WHAT HAPPENED"]
    assert "tell the lead practitioner what you know of the family" in page["WHAT YOU ARE ASKED TO DO"]


async def test_before_the_birth_the_midwife_and_the_health_visitor_share_it() -> None:
    mother, bump = adult("Tam"), unborn(weeks=20)
    town = Town(family(mother=mother, children=[bump]))
    await town.publish(
        early_help([bump, mother], by="midwives", subjects=[bump.subject("unborn"), mother.subject("mother")])
    )
    assert town.told(about=bump) == {"midwives", "hv-north", "gp-castle", "respect-yourself"}


@pytest.mark.parametrize(("days", "midwives"), [(28, True), (29, False)])
async def test_of_a_newborn_the_midwife_who_still_visits_reads_the_plan_too(days: int, midwives: bool) -> None:
    bo = child("Bo", days=days, age=None)
    town = Town(family(mother=adult("Tam"), children=[bo]))
    await town.publish(early_help(bo, plan=help_by("HV")))
    assert ("midwives" in town.told()) is midwives


@pytest.mark.parametrize("service", ["HV", "MID", "CASH", "ASM", "AMH", "CSC", "LACT"])
async def test_any_service_the_plan_names_is_told_even_outside_its_own_ages(service: str) -> None:
    _, _, kit, folk = home()
    town = Town(folk)
    await town.publish(early_help(kit, plan=help_by(service)))
    services = {town.ledger.store.cover.teams[t].service.value for t in town.told()}
    assert services == {"SN", "GP", service}


async def test_a_service_of_the_plan_that_the_directory_does_not_have_is_a_persons_task() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, plan=help_by("IRO", "PHARMACY")))
    assert "reviewing-officers" in town.told()
    (task,) = town.tasks("nobody-found")
    assert task.task.service == "PHARMACY"


async def test_nobody_outside_the_plan_reads_a_word_and_nobody_reads_the_parents_records() -> None:
    _, bea, kit, folk = home()
    cousin = child("Max", age=2)
    town = Town(folk, family(mother=adult("Jo"), children=[cousin]))
    secret: dict[str, Any] = {"need": "CANARY-NEED", "parents_own_health": "CANARY-HEALTH"}
    await town.publish(early_help(bea, **secret))
    await town.advance(working_days=40)
    has_it = {key for key, letters in town.inboxes.letters.items() for x in letters if b"CANARY-NEED" in x.raw}
    assert has_it == {("summary", "hv-north"), ("summary", "gp-castle"), ("summary", "respect-yourself")}
    assert not town.told(about=kit), "one child's plan is not its brother's"
    assert not town.told(about=cousin)
    for letter in town.inboxes.of("summary"):
        assert b"CANARY-HEALTH" not in letter.raw
        assert letter.withheld["Parents' own health, from their records"].startswith("the adult's clinical record")


async def test_a_family_that_does_not_want_the_help_is_told_of_as_such_and_it_is_routed_all_the_same() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    refused = {"answer": "refused", "reason": "They want no visits."}
    consent = {"to_service": refused, "to_sharing": {"answer": "given"}, "to_treatment": {"answer": "not-applicable"}}
    await town.publish(early_help(bea, consent=consent))
    page = reads_in_order(town.letter("hv-north"))
    assert "refused (They want no visits.)" in page["LAWFUL BASIS AND CONSENT"]
    assert "data.consent" not in str(town.status("hv", "quality"))


async def test_what_an_assessment_lacks_goes_back_to_its_author() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    not_sought = {"answer": "not-sought", "reason": "Not yet."}
    said = early_help(
        bea,
        need={"absent": "not-recorded"},
        lead_practitioner={"absent": "not-recorded"},
        plan={"absent": "not-recorded"},
        review_due={"absent": "not-recorded"},
        consent={"to_service": not_sought, "to_sharing": not_sought, "to_treatment": {"answer": "not-applicable"}},
    )
    await town.publish(said)
    (back,) = town.status("hv", "quality")
    lacking = {p["path"] for p in back["problems"]}
    assert lacking == {f"data.{f}" for f in ("need", "lead_practitioner", "plan", "review_due", "consent")}
    assert town.told(said) == {"hv-north", "gp-castle"}


async def test_a_closed_assessment_needs_no_plan_but_a_reason() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    none = {"absent": "not-applicable"}
    await town.publish(early_help(bea, "closed", plan={"absent": "not-recorded"}, closed_because=none))
    (back,) = town.status("hv", "quality")
    assert {p["path"] for p in back["problems"]} == {"data.closed_because"}


async def test_who_helps_acknowledges_and_where_not_the_teams_lead_then_the_named_nurse_hears() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, plan=help_by("CAMHS")))
    await town.receipt(town.letter("hv-north"), "collected", kind="system")
    await town.receipt(town.letter("camhs"), "acknowledged")
    await town.receipt(town.letter("gp-castle"), "filed")
    await town.advance(working_days=2)
    (to_lead,) = town.escalations(flow="F33")
    assert (to_lead.team, to_lead["unanswered_by"]) == ("hv-lead", "HV NORTH")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F33")] == ["hv-lead", "nn-community"]
    (task,) = town.tasks("unanswered")
    assert (task.task.owner, task.task.child) == ("nn-community", bea.id)


async def answered(town: Town) -> None:
    """Everybody has acknowledged all they have."""
    for letter in town.inboxes.of("summary"):
        await town.receipt(letter, "acknowledged")


async def test_on_the_day_of_the_review_the_author_hears_then_the_named_nurse_then_a_task_stays() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, review_due="2026-03-20"))
    await answered(town)
    assert review_clocks(town) == [("running", "2026-03-20T17:00:00+00:00")]
    await town.advance(working_days=4, hours=7)
    assert town.escalations(flow="F33") == [], "it is four in the afternoon of the day"
    await town.advance(hours=1)
    (first,) = town.escalations(flow="F33")
    assert (first.team, first["words"]) == ("hv-lead", "early help is reviewed or closed")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F33")] == ["hv-lead", "nn-community"]
    await town.advance(working_days=20)
    assert {t.task.owner for t in town.tasks("unanswered")} == {"nn-community"}


async def test_no_receipt_stands_for_the_review() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, review_due="2026-03-20"))
    for letter in town.inboxes.of("summary"):
        await town.receipt(letter, "filed")
        await town.receipt(letter, "acted")
    await town.advance(working_days=5)
    assert {e.team for e in town.escalations(flow="F33")} == {"hv-lead"}


async def test_without_a_day_for_the_review_one_is_waited_for_six_weeks() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, review_due={"absent": "not-recorded"}))
    assert review_clocks(town) == [("running", "2026-04-29T08:00:00+00:00")], "Easter and the clock change lie between"


@pytest.mark.parametrize("change", ["reviewed", "closed"])
async def test_the_next_review_or_the_end_meets_the_wait_and_a_review_starts_the_next(change: str) -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, review_due="2026-03-20"))
    await town.advance(working_days=1)
    later = {"review_due": "2026-05-01"} if change == "reviewed" else {}
    again = early_help(bea, change, **later)
    await town.publish(again)
    await answered(town)

    met, *running = review_clocks(town)
    assert met[0] == "met"
    assert running == ([("running", "2026-05-01T16:00:00+00:00")] if change == "reviewed" else [])
    letter = town.inbox("hv-north")[1]
    assert letter["context"]["linked"] == [{"type": "early-help-changed-1", "date": "2026-03-16"}]
    await town.advance(working_days=20)
    assert town.escalations(flow="F33") == []


async def test_reviews_in_one_batch_and_in_the_wrong_order_leave_one_wait_the_last_ones() -> None:
    _, bea, _, folk = home()
    versions = [
        early_help(bea, change, review_due=due, plan_version=n, time=(MORNING + timedelta(hours=n)).isoformat())
        for n, (change, due) in enumerate(
            [("opened", "2026-04-01"), ("reviewed", "2026-05-01"), ("reviewed", "2026-06-01")]
        )
    ]
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2)):
        together, apart = Town(folk), Town(folk)
        await together.publish(*(versions[n] for n in order))
        for n in order:
            await apart.publish(versions[n])
        for town in (together, apart):
            running = [due for state, due in review_clocks(town) if state == "running"]
            assert running == ["2026-06-01T16:00:00+00:00"], (order, town is together)


async def test_another_assessments_review_meets_nothing() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, review_due="2026-03-20"))
    await town.publish(early_help(bea, "closed", assessment_id="eh-2"))
    assert [state for state, _ in review_clocks(town)] == ["running"]


async def test_a_review_that_never_was_leaves_the_first_wait_running() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    await town.publish(early_help(bea, review_due="2026-03-20"))
    mistaken = early_help(bea, "reviewed", review_due="2026-05-01", time="2026-03-16T12:00:00+00:00")
    await town.publish(mistaken)
    await town.advance(hours=5)
    await town.publish(cancel_of(mistaken))
    assert [(s, d) for s, d in review_clocks(town) if s == "running"] == [("running", "2026-03-20T17:00:00+00:00")]
    assert {w.team for w in town.withdrawals()} == {"hv-north", "gp-castle", "respect-yourself"}
    await town.publish(early_help(bea, "closed"))
    assert "running" not in {state for state, _ in review_clocks(town)}, "the true end still meets it"


async def test_a_corrected_day_replaces_the_wait_and_tells_everybody() -> None:
    _, bea, _, folk = home()
    town = Town(folk)
    first = early_help(bea, review_due="2026-03-20")
    await town.publish(first)
    await town.publish(update_of(first, review_due="2026-03-27"))
    assert [(s, d) for s, d in review_clocks(town) if s == "running"] == [("running", "2026-03-27T17:00:00+00:00")]
    assert town.inbox("hv-north")[1]["replaces"] == town.inbox("hv-north")[0].id
