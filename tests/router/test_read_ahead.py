"""Reading a batch while another is being kept: everybody has a turn, and a record that breaks us stops nobody."""

import asyncio

import pytest

import router.take
from router.accept import Refused, accept
from router.directory import Cover
from router.events import Event, Received
from router.policy.book import rule_book
from router.take import TURN, read_ahead, take_in, take_read
from tests.stories import Town
from tests.story_events import ed_discharged
from tests.story_people import adult, child, family


def records(count: int) -> tuple[Town, list[Received]]:
    tom = child("Tom", age=3)
    town = Town(family(mother=adult("Ada"), children=[tom]))
    return town, [town._record(ed_discharged(tom), None) for _ in range(count)]


async def test_it_is_what_reading_and_keeping_in_one_gives() -> None:
    town, few = records(3)
    other = Town(family(mother=adult("Bea"), children=[child("Tim", age=3)]))
    read = await read_ahead([*few, few[0]._replace(raw=b"not json", offset=99)], town.ledger, (ValueError,), fail)
    taken = await take_read(read, town.ledger, rule_book())
    again = await take_in([*few, few[0]._replace(raw=b"not json", offset=99)], town.ledger, rule_book())
    assert (len(taken.accepted), len(taken.refused)) == (3, 1)
    assert (len(again.seen), len(again.accepted)) == (3, 0)
    assert await take_read([], other.ledger, rule_book()) == router.take.Taken()


async def test_a_record_that_breaks_us_is_refused_and_the_others_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    town, few = records(3)
    heard: list[Exception] = []

    def breaks(record: Received, cover: Cover) -> Event | Refused:
        if record is few[1]:
            raise LookupError("a fault of ours")
        return accept(record, cover)

    monkeypatch.setattr(router.take, "accept", breaks)
    read = await read_ahead(few, town.ledger, (LookupError,), heard.append)
    assert [isinstance(one, Event) for one in read] == [True, False, True]
    assert isinstance(read[1], Refused)
    assert [p.code for p in read[1].problems] == ["not-processed"]
    assert len(heard) == 1
    with pytest.raises(LookupError):
        await read_ahead(few, town.ledger, (ValueError,), heard.append)


async def test_others_have_their_turn_in_between() -> None:
    town, many = records(5 * TURN)
    turns = 0

    async def another() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(another())
    await read_ahead(many, town.ledger, (), fail)
    task.cancel()
    assert turns >= 4


def fail(error: Exception) -> None:
    raise error
