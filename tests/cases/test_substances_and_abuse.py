"""The review's cases of substance misuse and domestic abuse at home."""

from tests.cases.steps import fed_back, heard, home
from tests.stories import Town
from tests.story_events import dart_notified, dart_outcome, parent_registered
from tests.story_people import adult, child, family


async def test_c06_the_health_visitor_hears_on_the_day_a_parent_registers() -> None:
    """Then: health visitors were not routinely told that a parent had registered (1.7)."""
    mother, kit, folk = home(age=3)
    town = Town(folk)
    await town.publish(parent_registered(mother, kit))
    assert "hv-north" in town.told(about=kit)
    await town.advance(working_days=2)
    assert heard(town, "F03") == ["hv-lead"]


async def test_c08_the_account_comes_before_the_visit_and_the_outcome_after_the_discussion() -> None:
    """Then: notices did not always give the account, and outcomes were not routine (1.11)."""
    mother, kit, folk = home(age=9)
    town = Town(folk)
    told = dart_notified([kit], mother, risk_level="low", account="He broke the door.", discussion_due="2026-03-16")
    await town.publish(told)
    assert town.letter("sn-north")["what_happened"]["account"] == "He broke the door."
    await town.advance(working_days=5)
    assert "dart" in heard(town, "F04"), "no outcome was told"
    await town.publish(dart_outcome(told, decision="early-help"))
    assert town.inbox("sn-north")[1]["what_happened"]["decision"] == "early-help"


async def test_c50_how_a_parents_medicine_is_taken_and_kept_is_known_to_who_visits_the_child() -> None:
    """Then: a child swallowed a parent's opioid; afterwards pick-up was daily, with a leaflet (3.26)."""
    mother, kit, folk = home(age=2)
    town = Town(folk)
    taken = {"medicine": "Methadone", "taken": "weekly-pick-up"}
    await town.publish(parent_registered(mother, kit, prescribing=taken, safe_storage={"absent": "not-asked"}))
    assert town.letter("hv-north")["risk_and_impact"]["prescribing"] == taken
    assert "data.safe_storage" in fed_back(town, "asm")
    await town.advance(working_days=2)
    assert heard(town, "F03") == ["hv-lead"]


async def test_c51_a_father_who_cares_for_a_child_elsewhere_is_a_parent_too() -> None:
    """Then: the service sought the hidden child; men's caring and joint working lagged (1.25, 3.27, 3.28)."""
    father, kit = adult("Al"), child("Kit", age=9)
    here, there = family(father=father), family(mother=adult("Ada"), children=[kit])
    kit.doc["parents"] = [[father.id, "father"]]
    here.people += there.people
    town = Town(here)
    await town.publish(parent_registered(father, responsibility="contact-only"))
    assert town.told(about=kit) == {"sn-north", "gp-castle"}
    await town.advance(working_days=2)
    assert heard(town, "F03") == ["sn-lead"]
