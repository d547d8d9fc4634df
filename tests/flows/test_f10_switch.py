"""F10 (1.24, R3.7): alcohol or substances under 18 go to Switch by themselves, with consent or without.

Before: "in one record reviewed there was no evidence of a referral being completed, despite the young person attending
with a substantial alcohol overdose"."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import ed_attendance, ed_discharged, left_before_treatment
from tests.story_people import adult, child, family

REFUSED: dict[str, Any] = {
    "consent": {
        "to_service": {"answer": "refused"},
        "to_sharing": {"answer": "not-sought", "reason": "Could not be asked safely."},
        "to_treatment": {"answer": "given"},
    }
}
DRUNK: dict[str, Any] = {
    "alcohol_or_substances": "alcohol",
    "presenting_complaint": "Alcohol overdose",
    "diagnosis": "Acute intoxication",
    "mechanism_of_injury": "Fell down the steps of a bus.",
    "prior_attendances": {"count": 2, "window_days": 365},
}


@pytest.mark.parametrize("what", ["alcohol", "substances", "both"])
@pytest.mark.parametrize("tell", [ed_discharged, left_before_treatment])
async def test_every_attendance_with_alcohol_or_substances_is_a_referral(what: str, tell: Any) -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    attended = tell(kay, alcohol_or_substances=what)
    await town.publish(attended)
    assert town.told(attended) >= {"switch", "gp-castle", "sn-north", "pln"}
    letter = town.letter("switch")
    assert letter["what_happened"]["alcohol_or_substances"] == what
    assert letter.flows == {"F10"}


async def test_it_needs_no_consent_and_says_what_was_said_of_it() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **DRUNK, **REFUSED))
    letter = town.letter("switch")
    consent = letter["lawful_basis_and_consent"]["consent"]
    assert consent["to_service"]["answer"] == "refused"
    assert consent["to_sharing"]["reason"] == "Could not be asked safely."
    assert letter["lawful_basis_and_consent"]["lawful_basis"]["power"]
    assert any("without consent" in what for what in letter.asks)
    assert "refused" in letter.page.lower()


async def test_switch_gets_what_it_needs_to_meet_her_and_nothing_of_the_injury() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, voice_of_child={"said": "It was my birthday."}, **DRUNK))
    letter = town.letter("switch")
    assert letter["voice_of_child"]["voice_of_child"]["said"] == "It was my birthday."
    assert letter["what_happened"]["presenting_complaint"] == "Alcohol overdose"
    assert {"mechanism_of_injury", "diagnosis", "place", "discharge_destination"}.isdisjoint(letter["what_happened"])
    assert b"steps of a bus" not in letter.raw
    assert "earlier" not in letter["context"]
    assert "prior_attendances" not in letter["context"]
    assert letter["flags"] == []
    assert "Mechanism of injury" in letter.withheld
    assert b"steps of a bus" in town.letter("gp-castle").raw, "which the GP does need (F09)"


@pytest.mark.parametrize(("age", "what"), [(18, "alcohol"), (15, "neither"), (15, "not-asked")])
async def test_a_grown_up_or_a_sober_child_is_no_referral(age: int, what: str) -> None:
    one = child("Kay", age=age)
    town = Town(family(mother=adult(), children=[one]))
    await town.publish(ed_discharged(one, alcohol_or_substances=what))
    assert "switch" not in town.told()


async def test_one_attendance_is_one_referral_and_the_arrival_is_none() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    arrived = ed_attendance(kay, alcohol_or_substances="alcohol")
    await town.publish(arrived)
    await town.publish(ed_discharged(kay, attendance_id=arrived.data["attendance_id"], **DRUNK))
    assert len(town.inbox("switch")) == 1


async def test_switch_accepts_and_nobody_is_rung() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **DRUNK))
    letter = town.letter("switch")
    assert list(letter.asks.values()) == ["2026-03-17T09:00:00+00:00"], "one working day"
    await town.receipt(letter, "acted", outcome="accepted")
    await town.advance(working_days=9)
    assert town.escalations(flow="F10") == []
    assert town.state(letter) == "acted"


async def test_having_merely_seen_it_is_not_accepting_it() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **DRUNK))
    await town.receipt(town.letter("switch"), "acknowledged")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F10")] == ["pln"]


async def test_unanswered_it_climbs_to_liaison_then_the_named_nurse_then_stays_a_task() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **DRUNK))
    await town.advance(working_days=1)
    (to_liaison,) = town.escalations(flow="F10")
    assert (to_liaison.team, to_liaison["unanswered_by"]) == ("pln", "SWITCH")
    await town.advance(working_days=1)
    rung = [e.team for e in town.escalations(flow="F10")]
    assert rung == ["pln", "nn-community"], "the named nurse of the organisation that did not answer"
    await town.advance(working_days=9)
    assert "nn-community" in {t.task.owner for t in town.tasks("unanswered")}
