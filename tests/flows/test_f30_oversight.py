"""F30 (3.31, 5.2.7, 5.2.10): for any period, what each publisher sent and each team was told, read, filed and owes."""

from datetime import timedelta

from tests.stories import Town
from tests.story_events import cancel_of, dart_notified, ed_discharged, was_not_brought
from tests.story_people import MORNING, adult, child, family


def town_of(*ages: int) -> tuple[Town, list]:  # type: ignore[type-arg]
    children = [child(f"C{age}", age=age) for age in ages]
    return Town(family(mother=adult("Ada"), children=children)), children


async def seen(town: Town, team: str, **period):  # type: ignore[no-untyped-def]
    return next(r for r in await town.ledger.recipients(**period) if r.team == team)


async def sent(town: Town, publisher: str, **period):  # type: ignore[no-untyped-def]
    return next(p for p in await town.ledger.publishers(**period) if p.publisher == publisher)


async def test_a_team_is_seen_from_told_to_filed_and_each_step_is_counted_once() -> None:
    town, (tom,) = town_of(3)
    await town.publish(*(ed_discharged(tom) for _ in range(5)))
    letters = town.inbox("hv-north")
    await town.receipt(letters[0], "collected", kind="system")
    await town.receipt(letters[1], "acknowledged")
    await town.receipt(letters[2], "acknowledged")
    await town.receipt(letters[2], "filed", record_ref="hv/2")
    await town.receipt(letters[3], "acted", outcome="follow-up-recorded")

    hv = await seen(town, "hv-north")

    assert (hv.told, hv.sent, hv.received, hv.acknowledged, hv.filed, hv.acted) == (5, 5, 4, 3, 1, 1)
    assert hv.not_filed == 1, "acknowledged, and nothing since"
    ed = await sent(town, "ed")
    assert (ed.accepted, ed.told, ed.received, ed.acknowledged, ed.filed) == (5, 15, 4, 3, 1)


async def test_what_is_owed_is_overdue_from_the_moment_its_clock_runs_out_until_it_is_met() -> None:
    town, (tom,) = town_of(3)
    await town.publish(ed_discharged(tom))
    await town.advance(working_days=2, minutes=-1)
    assert (await seen(town, "hv-north")).overdue == 0
    await town.advance(minutes=1)
    hv = await seen(town, "hv-north")
    assert (hv.late, hv.overdue) == (1, 1)
    assert (await sent(town, "ed")).overdue >= 1
    await town.receipt(town.letter("hv-north"), "acknowledged")
    hv = await seen(town, "hv-north")
    assert (hv.late, hv.overdue) == (1, 0), "that it was late stays true"
    assert hv.read_after == timedelta(days=2).total_seconds()


async def test_after_the_last_rung_it_is_overdue_still() -> None:
    town, (tom,) = town_of(3)
    await town.publish(ed_discharged(tom))
    await town.advance(working_days=9)
    assert {c.state for c in town.clocks(town.letter("hv-north"))} == {"exhausted"}
    assert (await seen(town, "hv-north")).overdue == 1


async def test_quality_and_refusals_stand_with_the_publisher_that_sent_them() -> None:
    town, (tom,) = town_of(3)
    unknown = {"absent": "not-recorded"}
    await town.publish(ed_discharged(tom, vulnerability=unknown))
    await town.publish(b"{", by="ed")
    await town.publish(was_not_brought(tom, by="camhs"))
    ed, camhs = await sent(town, "ed"), await sent(town, "camhs")
    assert (ed.accepted, ed.refused, ed.unmended) == (1, 1, 1)
    assert ed.present < ed.wanted
    assert camhs.present == camhs.wanted > 0
    assert camhs.refused == 0


async def test_a_period_holds_its_first_moment_and_not_its_last() -> None:
    town, (tom,) = town_of(3)
    await town.publish(ed_discharged(tom))
    await town.advance(days=1)
    await town.publish(ed_discharged(tom), ed_discharged(tom))
    day = MORNING + timedelta(days=1)
    assert (await seen(town, "hv-north")).told == 3
    assert (await seen(town, "hv-north", since=day)).told == 2
    assert (await seen(town, "hv-north", until=day)).told == 1
    assert (await sent(town, "ed", since=day)).accepted == 2
    assert (await sent(town, "ed", until=day)).told == 3
    assert await town.ledger.recipients(since=day + timedelta(seconds=1)) == []
    assert await town.ledger.publishers(since=day + timedelta(seconds=1)) == []


async def test_what_was_taken_back_or_said_to_be_not_theirs_is_owed_by_nobody() -> None:
    town, (tom,) = town_of(3)
    first = ed_discharged(tom)
    await town.publish(first)
    await town.receipt(town.letter("hv-north"), "acknowledged")
    await town.receipt(town.letter("gp-castle"), "not-ours")
    await town.publish(cancel_of(first))
    await town.advance(working_days=30)
    hv, gp = await seen(town, "hv-north"), await seen(town, "gp-castle")
    assert (hv.told, hv.acknowledged, hv.not_filed, hv.overdue) == (1, 1, 0, 0)
    assert (gp.not_ours, gp.overdue, gp.not_filed) == (1, 0, 0)


async def test_each_team_and_publisher_has_a_row_and_a_heartbeat_is_none() -> None:
    town, (tom, ann) = town_of(3, 9)
    await town.publish(ed_discharged(tom), dart_notified(ann), ed_discharged(tom, testevent=True))
    assert {r.team for r in await town.ledger.recipients()} == {"hv-north", "sn-north", "gp-castle", "pln", "mash"}
    assert {p.publisher: p.accepted for p in await town.ledger.publishers()} == {"ed": 1, "dart": 1}
