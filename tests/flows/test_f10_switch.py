"""F10 (1.24, R3.7): alcohol or substances under 18 go to Switch by themselves, with consent or without.

Before: "in one record reviewed there was no evidence of a referral being completed, despite the young person attending
with a substantial alcohol overdose"."""

from datetime import datetime
from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import cancel_of, ed_attendance, ed_discharged, left_before_treatment
from tests.story_pages import reads_in_order
from tests.story_people import adult, child, family, flag

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
    page = reads_in_order(letter)
    assert "without consent" in page["WHAT YOU ARE ASKED TO DO"]
    assert "to service: refused" in page["LAWFUL BASIS AND CONSENT"].lower()
    assert "1.24" in page["WHY YOU"]


async def test_the_page_says_what_the_sender_did_not_record() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, vulnerability={"absent": "not-recorded"}, **DRUNK))
    page = reads_in_order(town.letter("switch"))
    assert "Vulnerability assessment: Not recorded by the sender" in page["RISK AND IMPACT ON THE CHILD"]


async def test_switch_gets_what_it_needs_to_meet_her_and_nothing_of_the_injury_nor_of_her_brother() -> None:
    kay, zeb = child("Kay", age=15, flags=[flag("looked-after")]), child("Zebedee", age=12)
    town = Town(family(mother=adult(), children=[kay, zeb]))
    await town.publish(ed_discharged(kay, voice_of_child={"said": "It was my birthday."}, **DRUNK))
    letter = town.letter("switch")
    assert letter["voice_of_child"]["voice_of_child"]["said"] == "It was my birthday."
    assert letter["what_happened"]["presenting_complaint"] == "Alcohol overdose"
    assert {"mechanism_of_injury", "diagnosis", "place", "discharge_destination"}.isdisjoint(letter["what_happened"])
    for secret in (b"steps of a bus", b"Acute intoxication", b"Zebedee", b"looked-after"):
        assert secret not in letter.raw
    assert town.told(about=zeb) == set()
    assert "earlier" not in letter["context"]
    assert "prior_attendances" not in letter["context"]
    assert letter["flags"] == []
    assert "Mechanism of injury" in letter.withheld
    assert b"steps of a bus" in town.letter("gp-castle").raw, "which the GP does need (F09)"


@pytest.mark.parametrize(("age", "what"), [(18, "alcohol"), (15, "neither"), (15, "not-asked"), (17, "neither")])
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


@pytest.mark.parametrize("tell", [ed_discharged, left_before_treatment])
@pytest.mark.parametrize(("asked_again", "referred"), [("not-asked", True), ("neither", False)])
async def test_alcohol_known_on_arrival_is_a_referral_though_nobody_asks_again(
    tell: Any, asked_again: str, referred: bool
) -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    arrived, other = ed_attendance(kay, alcohol_or_substances="alcohol"), ed_attendance(kay)
    await town.publish(arrived, other)
    assert town.inbox("switch") == []
    gone = tell(kay, attendance_id=arrived.data["attendance_id"], alcohol_or_substances=asked_again)
    await town.publish(gone)
    await town.publish(tell(kay, attendance_id=other.data["attendance_id"], alcohol_or_substances="not-asked"))
    assert [x["event"]["id"] for x in town.inbox("switch")] == ([gone.id] if referred else [])


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-20T15:00:00+00:00", "2026-03-23T15:00:00+00:00"),  # Friday → Monday
        ("2026-03-21T02:00:00+00:00", "2026-03-24T09:00:00+00:00"),  # the night to Saturday: counts from Monday's nine
        ("2026-03-27T15:00:00+00:00", "2026-03-30T14:00:00+00:00"),  # the clocks change in between: 3 pm to them
        ("2026-04-02T14:00:00+00:00", "2026-04-07T14:00:00+00:00"),  # Maundy Thursday → the Tuesday after Easter
        ("2026-04-03T22:00:00+00:00", "2026-04-08T08:00:00+00:00"),  # Good Friday counts from that Tuesday's nine
    ],
)
async def test_a_working_day_leaves_weekends_and_bank_holidays_out(at: str, due: str) -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]), at=datetime.fromisoformat(at))
    await town.publish(ed_discharged(kay, **DRUNK))
    assert list(town.letter("switch").asks.values()) == [due]
    left = datetime.fromisoformat(due) - datetime.fromisoformat(at)
    await town.advance(minutes=left.total_seconds() / 60 - 1)
    assert town.escalations(flow="F10") == []
    await town.advance(minutes=1)
    assert [e.team for e in town.escalations(flow="F10")] == ["pln"]


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


async def test_a_referral_that_switch_declines_is_nobodys_yet_and_still_climbs() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **DRUNK))
    await town.receipt(town.letter("switch"), "acted", outcome="declined", note="No worker until May.")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F10")] == ["pln"]


async def test_what_a_system_says_is_no_acceptance_and_an_answer_between_two_rungs_stops_the_climb() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    await town.publish(ed_discharged(kay, **DRUNK))
    letter = town.letter("switch")
    await town.receipt(letter, "matched", kind="system")
    await town.receipt(letter, "acted", outcome="accepted", kind="system")
    assert town.state(letter) == "matched"
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F10")] == ["pln"]
    await town.receipt(letter, "acted", outcome="accepted")
    await town.advance(working_days=9)
    assert len(town.escalations(flow="F10")) == 1


async def test_a_referral_taken_back_is_withdrawn_and_nobody_is_rung_for_it() -> None:
    kay = child("Kay", age=15)
    town = Town(family(mother=adult(), children=[kay]))
    first = ed_discharged(kay, **DRUNK)
    await town.publish(first)
    await town.publish(cancel_of(first))
    assert "switch" in {w.team for w in town.withdrawals()}
    await town.advance(working_days=9)
    assert town.escalations(flow="F10") == []


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
    (task,) = [t for t in town.tasks("unanswered") if "Switch" in t.task.words or "SWITCH" in t.task.words]
    assert task.task.owner == "nn-community"
    assert await town.ledger.claim("task", task.task.id, "N. Nurse") == "N. Nurse"
    assert await town.ledger.close("task", task.task.id, "N. Nurse", "Switch will see her on Friday.")
