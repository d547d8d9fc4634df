"""A birth that was told before births were noted: nothing says what it changed, so taken back, a person hears of it."""

from typing import Any

import orjson
import pytest

from adapters.storage.records import TaskRecord
from tests.flows.test_bump_to_baby import BORN, LOST, expecting
from tests.flows.test_bump_to_baby_taken_back import live
from tests.stories import Town
from tests.story_events import birth_notified, cancel_of, update_of
from tests.story_people import Person, adult, family, person


async def told_long_ago(baby: Person | None = None, **said: Any) -> tuple[Town, Person, Person, Any]:
    """A birth as the version before the notes left it: the file as it is now, without the note."""
    town, mother, bump = expecting(pregnancy="preg-1")
    told = birth_notified(mother, *([baby] if baby else []), **said)
    await town.publish(told)
    s = town.ledger.store
    for key, file in list(s.versions.items()):
        people = orjson.loads(file)
        for doc in people["people"].values():
            doc.get("as_of", {}).pop("birth", None)
        s.versions.pop(key)
        s.versions.add(key, orjson.dumps(people))
    assert "birth" not in town.file(bump).get("as_of", {})
    return town, mother, bump, told


def asked(town: Town) -> list[TaskRecord]:
    return [t for t in town.tasks("match") if "before it was noted" in t.task.words]


async def test_what_a_cancelled_birth_leaves_in_the_file_is_a_task_with_owner_and_clock() -> None:
    baby = person("Bo", born=BORN)
    town, _, bump, told = await told_long_ago(baby)
    await town.publish(cancel_of(told))
    (task,) = asked(town)
    assert task.task.words.endswith("put right that the child was born, its NHS number")
    assert task.task.owner == town.ledger.store.cover.desk(task.publisher)
    (clock,) = [c for c in town.clocks() if c.clock.task == task.task.id]
    assert (clock.state, clock.clock.needs, len(clock.clock.steps)) == ("running", "close", 2)
    assert town.file(bump)["nhs"] == baby.nhs, "nothing is guessed"
    assert baby.nhs not in task.task.words


async def test_a_stillbirth_that_was_cancelled_is_a_question_once() -> None:
    town, _, bump, told = await told_long_ago(babies=[LOST])
    await town.publish(cancel_of(told))
    await town.publish(cancel_of(told, "3"))
    (task,) = asked(town)
    assert task.task.words.endswith("that the child was born, that it died")
    assert "died" in town.file(bump)


async def test_a_correction_that_the_file_cannot_follow_is_asked_about_and_so_is_its_cancellation() -> None:
    town, mother, bump, told = await told_long_ago(babies=[LOST])
    baby = person("Bo", born=BORN)
    lives = update_of(told, subjects=[mother.subject("mother"), baby.subject()], babies=[live(baby)])
    await town.publish(lives)
    (task,) = asked(town)
    assert "was corrected" in task.task.words
    assert task.task.words.endswith("put right that it died")
    await town.publish(cancel_of(lives, "3"))
    assert len(asked(town)) == 2, "what the correction changed is taken back, and what the first version did is not"
    assert "born" in town.file(bump)


async def test_a_correction_that_the_file_already_follows_asks_nobody() -> None:
    baby = person("Bo", born=BORN)
    town, _, _, told = await told_long_ago(baby)
    await town.publish(update_of(told, place={"absent": "not-recorded"}))
    assert asked(town) == []


async def test_a_correction_to_another_mothers_is_asked_about_and_moves_nobody() -> None:
    baby = person("Bo", born=BORN)
    town, mother, bump, told = await told_long_ago(baby)
    other = adult("Eve", age=30)
    await town.ledger.load_families([family(mother=other).doc])
    await town.publish(update_of(told, subjects=[other.subject("mother"), baby.subject()]))
    assert town.file(bump)["mother"] == mother.id
    assert len(town.tasks("match")) == 1


@pytest.mark.parametrize("by_whom", ["another", "the same"])
async def test_a_birth_that_another_record_told_of_with_a_note_is_taken_back_as_ever(by_whom: str) -> None:
    baby = person("Bo", born=BORN)
    town, mother, bump, told = await told_long_ago(baby)
    other = birth_notified(mother, baby, by="midwives", record_id="second")
    await town.publish(other)
    await town.publish(cancel_of(other if by_whom == "another" else told))
    assert len(asked(town)) == (by_whom == "the same")
    assert town.file(bump)["nhs"] == baby.nhs
