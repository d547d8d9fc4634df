"""F28 (4.5, 4.8, 4.9, R1.5, R8.3): a health plan whose every thing has an owner, a day and a measure, each chased on
its day; a copy for the young person to keep; and a health history for who leaves care.

Before: "health action plans were not SMART", and a care leaver had "a letter" of birth and immunisation."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, update_of
from tests.story_looked_after_events import OUT_OF_AREA, action, action_done, assessed, placement_changed
from tests.story_pages import reads_in_order
from tests.story_people import Family, Person, adult, child, family
from tests.story_teams import directory

CHASED = "what the health plan says is done"
COPY = "the young person has their own copy"
HISTORY = "the care leaver has a health history"
PLAN = [
    action("teeth", "CSC", "2026-03-20"),
    action("sleep", "SN", "2026-03-31"),
    action("asthma", "CSC", "2026-04-10"),
]
OWN: Any = {
    "what_we_talked_about": "CANARY-COPY",
    "what_you_said": "You want to be seen at home.",
    "what_will_happen": [{"what": "A dentist looks at your teeth.", "when": "2026-03-20"}],
    "whom_to_ask": "Your nurse, 01632 960142",
}
TOLD_OF = {part: {"absent": "not-recorded"} for part in ("growth_and_development", "emotional_health")} | {
    "birth": "Born early.",
    "immunisation": "Complete.",
    "illnesses_and_operations": "Tonsils out.",
    "allergies_and_medicines": "None.",
    "family_history_to_tell": "CANARY-HEART",
}


def home(age: int = 13) -> tuple[Person, Family]:
    kit = child("Kit", age=age)
    return kit, family(mother=adult("Tam"), children=[kit])


def chased(town: Town) -> list[tuple[str, str]]:
    """(who must do it, how it stands) of each thing of a plan, in the order in which they are due."""
    clocks = sorted((c for c in town.clocks() if c.clock.words.startswith(CHASED)), key=lambda c: c.due)
    return [(c.clock.team or "", c.state) for c in clocks]


async def test_the_plan_reaches_gp_nurse_reviewing_officer_and_social_care_with_owner_day_and_measure() -> None:
    kit, folk = home()
    town = Town(folk)
    said = assessed(kit, actions=PLAN, summary_of_health="CANARY-HEALTH", young_persons_copy=OWN)
    await town.publish(said)
    assert town.told(said) == {"gp-castle", "sn-north", "reviewing-officers", "social-care", "looked-after"}
    for team in town.told(said):
        assert town.letter(team)["what_happened"]["actions"] == PLAN
    page = reads_in_order(town.letter("sn-north"))
    assert "To do: sleep.; owner: school nursing team; by: Tuesday 31 March 2026; measure:" in page["WHAT HAPPENED"]
    assert "CANARY-HEALTH" in page["WHAT HAPPENED"]
    for team in ("reviewing-officers", "social-care"):
        assert b"CANARY-HEALTH" not in town.letter(team).raw, "the plan, and not the record"
        assert town.letter(team)["voice_of_child"]["voice_of_child"]["said"]


async def test_a_small_childs_plan_is_the_health_visitors() -> None:
    bea, folk = home(age=3)
    town = Town(folk)
    await town.publish(assessed(bea, lead_practitioner="HV", by="hv"))
    assert town.told() == {"gp-castle", "hv-north", "reviewing-officers", "social-care"}


@pytest.mark.parametrize(
    ("lead", "by", "age", "team"),
    [
        ("LACT", "lact", 13, "looked-after"),
        ("SN", "sn", 13, "sn-north"),
        ("HV", "hv", 3, "hv-north"),
        ("HV", "hv", 5, "hv-north"),  # led by who led before the child was five
        ("SN", "sn", 4, "sn-north"),
    ],
)
async def test_the_young_persons_own_copy_goes_to_who_hands_it_over_and_to_nobody_else(
    lead: str, by: str, age: int, team: str
) -> None:
    kit, folk = home(age)
    town = Town(folk)
    await town.publish(assessed(kit, lead_practitioner=lead, by=by, young_persons_copy=OWN, actions=[]))
    assert {x.team for x in town.inboxes.of("summary") if b"CANARY-COPY" in x.raw} == {team}
    page = reads_in_order(town.letter(team))
    assert "Hand the young person their own copy" in page["WHAT YOU ARE ASKED TO DO"]
    assert "What will happen: what: A dentist looks at your teeth." in page["VOICE OF THE CHILD"]
    assert "The young person's own copy, to hand over" in town.letter("gp-castle").withheld

    await town.advance(working_days=10)
    assert [e["words"] for e in town.escalations() if e["words"] == COPY] == [COPY]


async def test_a_copy_that_was_handed_over_is_waited_for_no_more_and_the_plan_still_is() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(assessed(kit, actions=[action("sleep", "LACT", "2026-03-31")]))
    await town.receipt(town.letter("looked-after"), "acted")
    assert {c.state for c in town.clocks() if c.clock.words == COPY} == {"met"}
    assert chased(town) == [("looked-after", "running")], "handing a copy over does nothing of the plan"


@pytest.mark.parametrize("name", ["Tam", "tam", "STORY"])
async def test_a_copy_that_names_somebody_else_is_refused(name: str) -> None:
    kit, folk = home()
    town = Town(folk)
    mother = folk.people[0].subject("mother", name={"family": "Storey", "given": "Tam"})
    told = {**OWN, "what_you_said": f"You miss {name}."}
    said = assessed(kit, subjects=[kit.subject(), mother], young_persons_copy=told)
    await town.publish(said)
    codes = [p["code"] for entry in town.status("lact", "refused") for p in entry["problems"]]
    own_name = name == "STORY"
    assert codes == ([] if own_name else ["copy-names-somebody"]), "the child's own name is no third party's"


# Each thing on its day


async def test_each_thing_is_chased_with_its_owner_on_its_own_day_then_its_lead_hears_then_the_health_team() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(assessed(kit, actions=PLAN, young_persons_copy={"absent": "none"}))
    await town.receipt(town.letter("sn-north"), "acknowledged")
    await town.receipt(town.letter("looked-after"), "acted")
    assert chased(town) == [("social-care", "running"), ("sn-north", "running"), ("social-care", "running")]
    await town.advance(days=4, hours=7, minutes=59)
    assert town.escalations() == [], "a minute before five on Friday the 20th"
    await town.advance(minutes=1)
    (first,) = town.escalations()
    assert (first.team, first["unanswered_by"]) == ("nn-community", "SOCIAL CARE")
    assert first["words"] == f"{CHASED} (by 20 March 2026)"
    await town.advance(working_days=2)
    assert [e.team for e in town.escalations()] == ["nn-community", "looked-after"]
    await town.advance(working_days=3)
    assert [t.task.owner for t in town.tasks("unanswered")] == ["looked-after"]


async def test_what_was_done_ends_the_chase_for_that_thing_alone_and_no_receipt_does() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(assessed(kit, actions=PLAN))
    for state in ("acknowledged", "filed", "acted"):
        await town.receipt(town.letter("social-care"), state)
    assert chased(town) == [("social-care", "running"), ("sn-north", "running"), ("social-care", "running")]
    done = action_done(kit, "teeth", by="csc", result="CANARY-RESULT")
    await town.publish(done)
    assert chased(town) == [("social-care", "met"), ("sn-north", "running"), ("social-care", "running")]
    assert town.told(done) == {"looked-after", "reviewing-officers"}
    assert {x.team for x in town.inboxes.of("summary") if b"CANARY-RESULT" in x.raw} == town.told(done)


async def test_a_thing_done_in_error_is_chased_again_and_one_done_before_the_plan_came_is_not_chased() -> None:
    kit, folk = home()
    town = Town(folk)
    early = action_done(kit, "sleep", by="sn")
    await town.publish(early)
    await town.publish(assessed(kit, actions=PLAN))
    assert chased(town) == [("social-care", "running"), ("social-care", "running")]
    mistaken = action_done(kit, "teeth", by="csc")
    await town.publish(mistaken)
    await town.publish(cancel_of(mistaken))
    assert chased(town) == [("social-care", "running"), ("social-care", "running")]


async def test_a_corrected_plan_chases_what_is_left_of_it_and_who_read_it_has_the_new_one() -> None:
    kit, folk = home()
    town = Town(folk)
    first = assessed(kit, actions=PLAN)
    await town.publish(first)
    left = [PLAN[0] | {"state": "done"}, PLAN[1] | {"by": "2026-04-30"}]
    await town.publish(update_of(first, actions=left))
    assert [c for c in chased(town) if c[1] == "running"] == [("sn-north", "running")]
    assert town.inbox("sn-north")[1]["what_happened"]["actions"][0]["state"] == "done"


async def test_what_camhs_is_to_do_camhs_is_told_and_otherwise_it_hears_nothing() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(assessed(kit, actions=[action("anxiety", "CAMHS", "2026-03-31")], seen_by="CANARY-DOCTOR"))
    assert chased(town) == [("camhs", "running")]
    assert b"CANARY" not in town.letter("camhs").raw
    kit, folk = home()
    town = Town(folk)
    await town.publish(assessed(kit, actions=PLAN))
    assert "camhs" not in town.told()


async def test_a_thing_whose_owner_nobody_could_tell_is_chased_with_who_wrote_the_plan() -> None:
    kit, folk = home()
    town = Town(folk, teams=directory(without={"social-care"}))
    await town.publish(assessed(kit, actions=PLAN[:1]))
    (clock,) = [c for c in town.clocks() if c.clock.words.startswith(CHASED)]
    assert clock.clock.team == "looked-after"
    assert "nobody was told of children's social care" in clock.clock.words


async def test_the_reviewing_officer_and_social_care_are_those_who_look_after_the_child_wherever_it_lives() -> None:
    kit, folk = home()
    town = Town(folk)
    await town.publish(placement_changed(kit, **OUT_OF_AREA))
    said = assessed(kit)
    await town.publish(said)
    assert {"reviewing-officers", "social-care"} <= town.told(said)


# Leaving care


async def test_who_leaves_care_at_sixteen_has_a_health_history_or_the_health_team_is_asked_why_not() -> None:
    kay, folk = home(age=17)
    town = Town(folk)
    await town.publish(placement_changed(kay, "left-care"))
    for team in ("looked-after", "sn-south"):
        await town.receipt(town.letter(team), "acknowledged")
    await town.advance(days=28)
    (first,) = town.escalations(flow="F28")
    assert (first.team, first["words"]) == ("looked-after", HISTORY)
    await town.publish(assessed(kay, "leaving-care", health_history=TOLD_OF))
    await town.advance(working_days=5)
    assert HISTORY not in {t.task.words for t in town.tasks()}
    assert [e["words"] for e in town.escalations(flow="F28")].count(HISTORY) == 1


async def test_the_history_is_read_by_the_gp_and_by_who_hands_it_over_and_not_by_those_who_only_need_the_plan() -> None:
    kay, folk = home(age=17)
    town = Town(folk)
    said = assessed(kay, "leaving-care", health_history=TOLD_OF, actions=[])
    await town.publish(said)
    assert {x.team for x in town.inboxes.of("summary") if b"CANARY-HEART" in x.raw} == {"gp-castle", "looked-after"}
    assert town.letter("looked-after")["context"]["health_history"]["immunisation"] == "Complete."
    assert "Health history" in town.letter("social-care").withheld


async def test_a_leaving_care_assessment_without_the_history_is_routed_and_fed_back_and_a_review_is_not() -> None:
    kay, folk = home(age=17)
    town = Town(folk)
    await town.publish(assessed(kay, "review", venue_chosen="yes"))
    assert town.status("lact", "quality") == []
    await town.publish(assessed(kay, "leaving-care", venue_chosen="yes"))
    (feedback,) = town.status("lact", "quality")
    assert [p["path"] for p in feedback["problems"]] == ["data.health_history"]


async def test_a_young_person_whose_age_nobody_knows_is_reviewed_and_has_a_history_on_leaving() -> None:
    """As of those who came to the country alone: no birth date is no reason to wait for nothing."""
    kay, folk = home(age=16)
    kay.said = {"birth_date": kay.doc.pop("born")}
    town = Town(folk)
    await town.publish(placement_changed(kay), send=False)
    await joined(town, kay)
    await town.publish(assessed(kay, completed_on="2026-03-16"))
    await joined(town, kay)
    (review,) = [c for c in town.clocks() if c.clock.words == "the next review health assessment is completed"]
    assert review.due.date().isoformat() == "2027-03-16"
    await town.publish(placement_changed(kay, "left-care", time="2026-03-16T09:30:00+00:00"))
    await joined(town, kay)
    assert HISTORY in {c.clock.words for c in town.clocks() if c.state == "running"}


async def joined(town: Town, one: Person) -> None:
    """A person says whose record each of those is that nobody could tell."""
    for task in town.tasks("match"):
        await town.decide_again(task.task.id, person=one.id)


async def test_a_child_of_nine_who_goes_home_is_owed_no_history() -> None:
    kit, folk = home(age=9)
    town = Town(folk)
    await town.publish(placement_changed(kit, "left-care", left_to="returned-home"))
    assert HISTORY not in {c.clock.words for c in town.clocks()}
