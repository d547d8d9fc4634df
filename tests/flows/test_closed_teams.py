"""Rule G (3.19, 1.27): a service that works with a child is not dropped because its team on record has been closed.

Before: a row for 'every service involved' sent nothing to a team that had left the directory, and nobody was asked."""

from typing import Any

import pytest

from tests.stories import Town
from tests.story_events import caseload_changed, flag_changed
from tests.story_mash_events import mash_request
from tests.story_meeting_events import conference_invited, conference_minutes
from tests.story_people import Person, adult, caseload, child, family, involved
from tests.story_teams import directory

MEANWHILE = "the team on record is no longer in the directory, and that of the place was told for the time being"
CLOSED = "the team on record is no longer in the directory"


def kay_with(*services: Any, mothers: tuple[Any, ...] = (), teams: Any = None, **more: Any) -> tuple[Person, Town]:
    kay = child("Kay", age=9, services=list(services), **more)
    return kay, Town(family(mother=adult("Tam", services=list(mothers)), children=[kay]), teams=teams)


def asked_of(town: Town) -> list[tuple[str | None, str]]:
    return [(t.task.service, t.task.words) for t in town.tasks("nobody-found")]


async def test_the_only_team_there_is_of_it_is_invited_and_a_person_mends_the_record() -> None:
    kay, town = kay_with(involved("CAMHS", "camhs-west"))
    called = conference_invited(kay)
    await town.publish(called)
    assert town.told(called) == {"sn-north", "gp-castle", "camhs"}
    assert town.letter("camhs")["relation"] == "the team for the child's home authority"
    assert asked_of(town) == [("CAMHS", f"A person must say who the child's CAMHS is: {MEANWHILE}.")]
    (row,) = [v for v in town.verdicts(called) if "camhs" in v.teams]
    assert (row.outcome, MEANWHILE in row.detail) == ("told", True)
    await town.receipt(town.letter("camhs"), "acknowledged")
    await town.advance(working_days=1)
    assert [e.team for e in town.escalations(flow="F18")] == ["desk"], "the task has a clock, and its owner hears"

    await town.publish(caseload_changed(kay, "CAMHS", "camhs"))
    again = conference_invited(kay, conference_id="conf-2")
    await town.publish(again)
    assert "camhs" in town.told(again)
    assert len(asked_of(town)) == 1, "mended: nobody is asked again"
    assert (await town.ledger.reconcile()).faults == ()


@pytest.mark.parametrize("camhs_teams", [0, 2])
async def test_where_there_is_none_or_more_than_one_nobody_is_told_until_a_person_says_whom(camhs_teams: int) -> None:
    teams = directory(without={"camhs"})
    one = next(t for t in directory()["teams"] if t["id"] == "camhs")
    teams["teams"] += [{**one, "id": f"camhs-{n}"} for n in range(camhs_teams)]
    teams["publishers"] = [p for p in teams["publishers"] if p["id"] != "camhs"]
    kay, town = kay_with(involved("CAMHS", "camhs-west"), teams=teams)
    called = conference_invited(kay)
    await town.publish(called)
    assert town.told(called) == {"sn-north", "gp-castle"}
    assert asked_of(town) == [("CAMHS", f"Nobody could be found to tell in CAMHS: {CLOSED}.")]
    assert [v.outcome for v in town.verdicts(called) if v.detail == CLOSED] == ["nobody-found"]
    if camhs_teams:
        await town.decide_again(town.tasks("nobody-found")[0].task.id, team="camhs-1")
        assert town.told(called) == {"sn-north", "gp-castle", "camhs-1"}
        again = conference_invited(kay, conference_id="conf-2")
        await town.publish(again)
        assert {"camhs-0", "camhs-1"} & town.told(again) == {"camhs-1"}, "whom the person named, and no other"
        assert asked_of(town) == []


async def test_another_team_of_the_service_that_works_with_the_child_is_told_and_nobody_is_asked() -> None:
    kay, town = kay_with(involved("CAMHS", "camhs-west"), involved("CAMHS", "camhs"))
    await town.publish(conference_invited(kay))
    assert "camhs" in town.told()
    assert asked_of(town) == []
    kay.doc["caseload"] = caseload("CAMHS", "camhs-west")
    held = Town(family(mother=adult("Jo"), children=[kay]))
    await held.publish(conference_invited(kay))
    assert len(held.inbox("camhs")) == 1
    assert [service for service, _ in asked_of(held)] == ["CAMHS"], "whose the child is nobody has said"


async def test_ended_work_and_a_team_that_said_not_ours_are_nobodys_task() -> None:
    kay, town = kay_with(involved("CAMHS", "camhs-west", until="2026-01-31"), not_ours=["switch-west"])
    kay.doc["services"].append(involved("SWITCH", "switch-west"))
    await town.publish(conference_invited(kay))
    assert town.told() == {"sn-north", "gp-castle"}
    assert asked_of(town) == []


async def test_a_parents_service_is_found_by_the_parents_place_and_its_part_is_named_to_nobody() -> None:
    """Rule E: the escalation of the task says neither the child nor, to others who are told, the service."""
    kay, town = kay_with(mothers=(involved("ASM", "substance-west"),))
    await town.publish(conference_invited(kay))
    assert "substance-misuse" in town.told()
    assert town.letter("substance-misuse")["relation"] == "a service that works with a parent or carer of the child"
    for team in ("sn-north", "gp-castle"):
        assert "ASM" not in {t["service"] for t in town.letter(team)["told"]}
    await town.advance(working_days=2)
    raised = [e for e in town.escalations(flow="F18") if "substance misuse" in e["words"]]
    assert [e.team for e in raised] == ["desk", "nn-community"]
    assert [e["child"] for e in raised] == [None, None]


async def test_of_a_child_whose_address_is_restricted_the_relation_says_nothing_of_the_place() -> None:
    kay, town = kay_with(involved("CAMHS", "camhs-west"), restricted=True)
    await town.publish(conference_invited(kay))
    assert town.letter("camhs")["relation"] == "a team with a current part in the child's care"


async def test_a_flag_reaches_the_service_whose_team_was_closed() -> None:
    kay, town = kay_with(involved("SWITCH", "switch-west"))
    raised = flag_changed(kay, "child-protection-plan")
    await town.publish(raised)
    assert "switch" in town.told(raised)
    assert [service for service, _ in asked_of(town)] == ["SWITCH"]


async def test_minutes_go_on_to_the_service_that_was_invited_though_its_team_was_closed_meanwhile() -> None:
    kay, town = kay_with(involved("CAMHS", "camhs"))
    await town.publish(conference_invited(kay, also_invited=["YPSE"]))
    now = directory(without={"camhs", "exploitation-panel"})
    now["teams"].append({**next(t for t in directory()["teams"] if t["id"] == "camhs"), "id": "camhs-new"})
    now["publishers"] = [p for p in now["publishers"] if p["id"] not in ("camhs", "ypse")]
    await town.ledger.load_cover(now)
    minutes = conference_minutes(kay)
    await town.publish(minutes)
    assert town.told(minutes) == {"sn-north", "gp-castle", "camhs-new"}
    assert set(asked_of(town)) == {
        ("CAMHS", f"A person must say who the child's CAMHS is: {MEANWHILE}."),
        (None, f"Nobody could be found of every team that was asked about it: {CLOSED}."),
    }


async def test_mash_asks_the_team_that_is_there_instead_and_a_person_says_who_has_the_records() -> None:
    kay, town = kay_with(involved("CAMHS", "camhs-west"), mothers=(involved("ASM", "substance-west"),))
    asked = mash_request(kay)
    await town.publish(asked)
    assert town.told(asked) == {"sn-north", "gp-castle", "camhs"}
    ((service, words),) = asked_of(town)
    assert (service, "working with the child or the household has been closed" in words) == (None, True)


async def test_a_caseload_of_a_closed_team_is_covered_too() -> None:
    kay, town = kay_with(caseload=caseload("SWITCH", "switch-west"))
    await town.publish(conference_invited(kay))
    assert "switch" in town.told()
    assert [service for service, _ in asked_of(town)] == ["SWITCH"]
