"""F31 (3.9, 5.2.9, R8.1): a receipt says where it was filed; what is acknowledged and never filed reaches the lead."""

from datetime import UTC, datetime, timedelta

import pytest

from router.filing import FILED_WITHIN, read_by
from tests.stories import Town
from tests.story_events import cancel_of, ed_discharged
from tests.story_people import MORNING, adult, child, family
from tests.story_teams import directory


def home() -> tuple[Town, object]:
    tom = child("Tom", age=3)
    return Town(family(mother=adult(), children=[tom])), tom


async def test_filed_carries_the_reference_of_the_record_and_without_one_it_is_refused() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    letter = town.letter("hv-north")
    answers = await town.receipt(letter, "filed", record_ref=None)
    assert [p.path for r in answers.refused for p in r.problems] == ["data.record_ref"]
    assert town.state(letter) == "sent"
    await town.receipt(letter, "filed", record_ref="hv/2026/118")
    assert town.state(letter) == "filed"
    (kept,) = await town.ledger.receipts(letter.id)
    assert kept.record_ref == "hv/2026/118"


async def test_an_nhs_number_is_no_reference_to_a_record_and_is_not_repeated() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    letter = town.letter("hv-north")
    for reference in ("9990001022", "emis/999-000-1022"):
        answers = await town.receipt(letter, "filed", record_ref=reference)
        ((problem,),) = [r.problems for r in answers.refused]
        assert (problem.code, problem.path) == ("nhs-number-as-identifier", "data.record_ref")
        assert reference not in f"{problem.message} {problem.mend}"
    assert (answers.kept, town.state(letter)) == ([], "sent")
    await town.receipt(letter, "filed", record_ref="emis/9990001023")
    assert town.state(letter) == "filed", "ten digits that are nobody's number"


async def test_acknowledged_and_not_filed_in_ten_working_days_the_lead_hears_once_then_the_named_nurse() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom), ed_discharged(tom))
    for letter in town.inbox("hv-north"):
        await town.receipt(letter, "acknowledged")

    await town.advance(working_days=10, minutes=-1)
    assert town.tasks("not-filed") == []

    await town.advance(minutes=1)
    (task,) = town.tasks("not-filed")
    assert task.task.owner == "hv-lead"
    assert task.task.words.startswith("2 summaries were read by HV NORTH more than 10 working days ago")
    await town.advance(minutes=1)
    (alarm,) = town.escalations(flow="F31")
    assert (alarm.team, alarm["unanswered_by"], alarm["paragraph"]) == ("hv-lead", "HV NORTH", "5.2.9")
    assert alarm["child"] is None
    assert "Story" not in alarm.page
    assert tom.nhs not in alarm.page  # type: ignore[attr-defined]

    await town.advance(working_days=5)
    assert [e.team for e in town.escalations(flow="F31")] == ["hv-lead", "nn-community"]
    await town.advance(working_days=9)
    assert len(town.tasks("not-filed")) == 1, "one alarm a team at a time"
    assert len(town.escalations(flow="F31")) == 2


@pytest.mark.parametrize("answer", ["filed", "acted"])
async def test_what_is_filed_or_acted_upon_in_time_is_no_alarm(answer: str) -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=10, minutes=-1)
    await town.receipt(town.letter("hv-north"), answer)
    await town.advance(working_days=20)
    assert town.tasks("not-filed") == []
    assert town.escalations(flow="F31") == []


async def test_receipts_may_come_in_any_order() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    await town.receipt(town.letter("hv-north"), "filed", record_ref="hv/1")
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=20)
    assert town.tasks("not-filed") == []


async def test_once_a_person_has_closed_it_what_is_still_not_filed_is_said_again() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=11)
    (task,) = town.tasks("not-filed")
    assert await town.ledger.close("task", task.task.id, "L. Lead", "Asked them to file it.")
    await town.advance(working_days=1)
    (again,) = town.tasks("not-filed")
    assert again.task.id != task.task.id
    await town.receipt(town.letter("hv-north"), "filed", record_ref="hv/1")
    assert await town.ledger.close("task", again.task.id, "L. Lead", "Filed.")
    await town.advance(working_days=9)
    assert town.tasks("not-filed") == []


async def test_a_team_without_a_lead_is_told_of_to_the_named_nurse_at_once() -> None:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult(), children=[tom]), teams=directory(hv_north={"lead": None}))
    await town.publish(ed_discharged(tom))
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.advance(working_days=10)
    await town.advance(minutes=1)
    assert [e.team for e in town.escalations(flow="F31")] == ["nn-community"]


async def test_what_was_taken_back_or_is_not_theirs_need_not_be_filed() -> None:
    town, tom = home()
    first = ed_discharged(tom)
    await town.publish(first)
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.receipt(town.letter("gp-castle"), "acknowledged")
    await town.receipt(town.letter("gp-castle"), "not-ours")
    await town.publish(cancel_of(first))
    await town.advance(working_days=20)
    assert town.tasks("not-filed") == []


async def test_the_list_names_each_delivery_and_since_when_and_no_child() -> None:
    town, tom = home()
    await town.publish(ed_discharged(tom))
    letter = town.letter("hv-north")
    await town.receipt(letter, "acknowledged")
    (one,) = await town.ledger.read_not_filed(town.hands.now)
    assert (one.delivery, one.team, one.since, one.type) == (
        letter.id, "hv-north", MORNING, "ed-attendance-discharged-1",
    )  # fmt: skip
    assert await town.ledger.read_not_filed(read_by(town.hands.now)) == []


@pytest.mark.parametrize("day", range(1, 29))
def test_the_last_moment_that_is_late_is_found_to_the_microsecond(day: int) -> None:
    """Across Easter and the clock change."""
    now = datetime(2026, 4, day, 10, 30, tzinfo=UTC)
    last = read_by(now)
    assert FILED_WITHIN.due(last) <= now
    assert FILED_WITHIN.due(last + timedelta(microseconds=2)) > now
