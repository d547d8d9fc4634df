"""Children who are alike on paper: twins of one name, namesakes of two households, and a child who was adopted."""

import re
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson
import pytest

from router.looked_after import counted
from tests.flows.test_chronology import read
from tests.stories import Town
from tests.story_events import adult_ed_attendance, ed_discharged, event, household, number_superseded
from tests.story_looked_after_events import placement_changed
from tests.story_people import Person, adult, child, family, flag, person
from tests.story_teams import SOUTH

NOT_TRACED = {"nhs_number": None, "nhs_number_status": "07"}
SAME: dict[str, Any] = {"born": date(2023, 1, 9)}


def alike(together: bool) -> tuple[Town, Person, Person, Person]:
    """Two children of one name and birth date, of one mother or of two families in two wards."""
    one, other, mother = person("Alex", **SAME), person("Alex", **SAME), adult("Ada")
    if together:
        return Town(family(mother=mother, children=[one, other])), mother, one, other
    homes = family(mother=mother, children=[one]), family(mother=adult(), children=[other], area=SOUTH)
    return Town(*homes), mother, one, other


@pytest.mark.parametrize("together", [True, False])
async def test_each_letter_is_about_the_one_whose_number_was_given_and_no_count_is_shared(together: bool) -> None:
    town, _, one, other = alike(together)
    for _ in range(2):
        await town.publish(ed_discharged(one))
    await town.publish(ed_discharged(other))
    assert [len(town.inbox("pln", who)) for who in (one, other)] == [2, 1]
    for who, second in ((one, other), (other, one)):
        for letter in town.inbox("pln", who):
            assert letter["child"]["nhs_number"] == who.nhs
            assert second.nhs.encode() not in letter.raw
    assert not town.inbox("pln", other)[0]["context"].get("earlier"), "his namesake's attendances are not his"
    theirs = await read(town, other, "pln")
    assert len([e for e in theirs.entries if e.type == "ed-attendance-discharged-1"]) == 1
    assert town.tasks() == []


@pytest.mark.parametrize("together", [True, False])
async def test_without_a_number_neither_is_guessed_and_a_person_says_whose_record_it_is(together: bool) -> None:
    town, _, one, other = alike(together)
    said = event("ed-attendance-discharged-1", [one.subject(**NOT_TRACED)])
    await town.publish(said)
    assert not town.told(said, about=one)
    assert not town.told(said, about=other)
    (task,) = town.tasks("match")
    await town.decide_again(task.task.id, person=other.id)
    assert town.told(said, about=other)
    assert not town.told(said, about=one)


async def test_of_twins_that_an_adult_lists_without_numbers_neither_letter_says_which_is_which() -> None:
    town, mother, one, other = alike(together=True)
    listed = {"answer": "listed", "children": [c.listed(**NOT_TRACED) for c in (one, other)]}
    said = adult_ed_attendance(mother, household=listed)
    await town.publish(said)
    assert town.told(said, about=one) == town.told(said, about=other) != set(), "both are known to be hers"
    assert len(town.tasks("match")) == 2, "one of each, though they are listed in the same words"
    for letter in town.inboxes.of("summary"):
        assert letter["what_happened"]["household"]["children"] == []
    by_number = adult_ed_attendance(mother, household=household(one, other))
    await town.publish(by_number)
    for letter in town.inboxes.of("summary"):
        if letter["event"]["id"] == by_number.id:
            (child_listed,) = letter["what_happened"]["household"]["children"]
            assert child_listed["nhs_number"] == letter["child"]["nhs_number"]


async def test_who_was_adopted_is_on_the_register_under_the_new_name_alone_and_nobody_learns_the_former() -> None:
    before = child("Formername", 6, flags=[flag()])
    after = person("Newname", born=date.fromisoformat(before.doc["born"]), school="999101")
    home = family(mother=adult("Adopter"), children=[after])
    town = Town(family(mother=adult("Birthmother"), children=[before]), home)
    await town.publish(placement_changed(before))
    await town.publish(number_superseded(before, after.nhs, reason="adopted"))
    at = len(town.inboxes.of("summary"))
    await town.publish(ed_discharged(after))
    await town.publish(placement_changed(after))
    await town.advance(working_days=30)

    former = [before.nhs, "Formername", before.id, "Birthmother"]
    later = [after.nhs, "Newname", after.id, "Adopter"]
    about = [x for x in town.inboxes.of("summary")[at:] if x.child == after.id]
    assert about, "there are letters about the child as it is called now"
    for letter in about:
        assert not [w for w in former if w.encode() in letter.raw]
        assert "child-protection-plan" not in {f["kind"] for f in letter.data["flags"]}, "raised under the former name"
    for letters in town.inboxes.letters.values():
        for letter in letters:
            assert not (any(w.encode() in letter.raw for w in former) and any(w.encode() in letter.raw for w in later))
    for reader in (None, "sn-north", "gp-castle", "mash", "social-care"):
        seen = str(await read(town, after, reader))
        assert not [w for w in former if w in seen], reader
        seen = str(await read(town, before, reader))
        assert not [w for w in later if w in seen], reader

    entries = await town.ledger.looked_after()
    assert {e.child for e in entries} == {before.id, after.id}
    for entry in entries:
        shown = orjson.dumps(asdict(entry), default=str).decode()
        others = later if entry.child == before.id else former
        assert not [w for w in others if w in shown]
    pages = str(counted(entries)) + str(await town.ledger.recipients()) + str(await town.ledger.publishers())
    assert not [w for w in (*former, *later) if w in pages]
    tasks = [t.task.words for t in town.tasks()]
    assert not [w for w in tasks if re.search("adopt|Formername|Newname", w) or before.nhs in w or after.nhs in w]
