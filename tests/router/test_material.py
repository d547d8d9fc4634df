"""What a batch knows: who is joined, made or doubted; an earlier event of it is a fact for a later one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from adapters.storage.memory import Hands, MemoryLedger
from router.accept import accept
from router.directory import Cover
from router.events import Event, Received
from router.facts import Facts, Who
from router.material import Material
from router.plan import Plan, Remembered
from tests.story_events import (
    Said,
    adult_ed_attendance,
    dart_notified,
    ed_discharged,
    maternity_handover,
    pregnancy_notified,
    update_of,
)
from tests.story_people import MORNING, Family, adult, child, family, unborn
from tests.story_teams import directory

COVER = Cover.read(1, directory())


def taken(said: Said, offset: int = 0) -> Event:
    """The event as its publisher's topic brings it."""
    publishers = {p["id"]: p for p in directory()["publishers"]}
    by = said.by or {"dart": "dart", "pregnancy": "midwives", "maternity": "midwives"}.get(
        said.event["type"].split("-")[0], "ed"
    )
    raw = orjson.dumps({"source": publishers[by]["source"], "time": MORNING.isoformat(), **said.event})
    event = accept(Received(by, raw, None, f"events.{by}", 0, offset), COVER)
    assert isinstance(event, Event), event
    return event


@asynccontextmanager
async def batch(*families: Family, of: list[Said]) -> AsyncIterator[tuple[Material, list[Event]]]:
    """What is known at the beginning of a batch of these events."""
    ledger = MemoryLedger(Hands(MORNING))
    await ledger.load_cover(directory())
    await ledger.load_families(f.doc for f in families)
    events = [taken(s, n) for n, s in enumerate(of)]
    async with ledger.taking() as work:
        await work.claim(events)
        yield await work.gather(events), events


def who(facts: Facts, slot: str = "subjects.0") -> Who:
    return next(w for w in facts.who if w.slot == slot)


async def test_a_number_and_a_birth_date_find_the_person_and_the_family() -> None:
    mum, tom, ann = adult("Ada"), child("Tom", age=3), child("Ann", age=9)
    async with batch(family(mother=mum, children=[tom, ann]), of=[ed_discharged(tom)]) as (material, (event,)):
        facts = material.facts_for(event)
        assert (who(facts).person, who(facts).doubt) == (tom.id, None)
        (file,) = facts.families.values()
        assert set(file["people"]) == {mum.id, tom.id, ann.id}
        assert material.touched == set(), "looking changes nothing"


async def test_a_number_with_another_birth_date_joins_nobody() -> None:
    tom = child("Tom", age=3)
    said = ed_discharged(tom, subjects=[tom.subject(birth_date="2001-01-01")])
    async with batch(family(mother=adult(), children=[tom]), of=[said]) as (material, (event,)):
        facts = material.facts_for(event)
        assert who(facts) == Who("subjects.0", "child", None, None, "birth-date-differs")
        assert facts.families == {}
        assert material.touched == set()


async def test_somebody_new_is_made_once_with_what_the_sender_said_and_known_to_the_next_event() -> None:
    new = child("New", age=6, practice="M87901", authority="E08000027")
    async with batch(of=[ed_discharged(new), ed_discharged(new)]) as (material, (first, then)):
        facts = material.facts_for(first)
        person = who(facts).person
        assert person is not None
        doc = facts.person(person)
        assert doc is not None
        assert (doc["nhs"], doc["practice"], doc["school"], doc["name"]["given"]) == (
            new.nhs,
            "M87901",
            new.doc["school"],
            "New",
        )
        material.absorb(first, Plan())
        assert who(material.facts_for(then)).person == person
        assert len(material.families) == 1


async def test_somebody_new_joins_the_family_of_those_named_with_them() -> None:
    mum, new = adult("Ada"), child("New", age=2)
    async with batch(family(mother=mum), of=[dart_notified(new, mum)]) as (material, (event,)):
        facts = material.facts_for(event)
        assert {w.family for w in facts.who} == {who(facts).family}
        doc = facts.person(who(facts).person or "")
        assert doc is not None
        assert doc["parents"] == [[mum.id, "mother"]]
        assert facts.children_of(mum.id) == [who(facts).person]


async def test_a_doubted_child_among_good_ones_is_doubted_alone() -> None:
    mum, ann, new = adult("Ada"), child("Ann", age=7), child("New", age=1)
    said = adult_ed_attendance(mum, ann, new)
    said.event["data"]["household"]["children"][1]["nhs_number_status"] = "02"
    async with batch(family(mother=mum, children=[ann]), of=[said]) as (material, (event,)):
        facts = material.facts_for(event)
        assert [(w.slot, w.person, w.doubt) for w in facts.who] == [
            ("subjects.0", mum.id, None),
            ("household.0", ann.id, None),
            ("household.1", None, "number-not-verified"),
        ]


async def test_what_a_named_person_chose_is_taken_for_that_place_alone() -> None:
    tom = child("Tom", age=3)
    said = ed_discharged(tom, subjects=[tom.subject(nhs_number_status="02")])
    async with batch(family(mother=adult(), children=[tom]), of=[said, ed_discharged(tom)]) as (material, (event, _)):
        assert who(material.facts_for(event)).person is None
        material.forced = {(event.source, event.id, "subjects.0"): tom.id}
        assert who(material.facts_for(event)).person == tom.id
        material.forced = {(event.source, event.id, "subjects.0"): "somebody who is not there"}
        assert who(material.facts_for(event)).person is None


async def test_an_unborn_child_is_one_whoever_writes_of_the_pregnancy() -> None:
    mum = adult("Ada")
    mum.said = {"pregnancy_id": "preg-9", "expected_date": "2026-08-01"}
    baby = unborn(20, "preg-9")
    baby.doc["expected"] = "2026-08-01"
    said = [pregnancy_notified(mum), maternity_handover(mum, baby)]
    async with batch(family(mother=mum), of=said) as (material, (booked, handed_over)):
        first = next(w.person for w in material.facts_for(booked).who if w.role == "unborn")
        material.absorb(booked, Plan())
        then = next(w.person for w in material.facts_for(handed_over).who if w.role == "unborn")
        assert first == then is not None


async def test_a_mother_whom_nobody_knows_surely_leaves_the_unborn_child_to_a_person() -> None:
    mum, baby = adult("Ada"), unborn(20)
    said = maternity_handover(mum, baby)
    said.event["data"]["subjects"][0]["nhs_number_status"] = "03"
    async with batch(family(mother=mum), of=[said]) as (material, (event,)):
        found = {w.role: (w.person, w.doubt) for w in material.facts_for(event).who}
        assert found == {"mother": (None, "number-not-verified"), "unborn": (None, "no-mother")}


async def test_what_is_remembered_of_one_event_is_the_past_of_the_next() -> None:
    tom = child("Tom", age=3)
    said = [ed_discharged(tom), ed_discharged(tom)]
    async with batch(family(mother=adult(), children=[tom]), of=said) as (material, (first, then)):
        before = material.facts_for(first)
        plan = Plan(thing="att-1", place="Castle Hill", remembered=[Remembered(tom.id, first.type)])
        material.absorb(first, plan)
        (past,) = material.facts_for(then).history[tom.id]
        assert (past.type, past.thing, past.place, past.at[:10]) == (first.type, "att-1", "Castle Hill", "2026-03-16")
        assert tom.id not in before.history, "and what was known before is left as it was"


async def test_a_files_version_that_was_decided_on_is_never_changed() -> None:
    tom = child("Tom", age=3)
    said = [ed_discharged(tom) for _ in range(3)]
    async with batch(family(mother=adult(), children=[tom]), of=said) as (material, events):
        snapshots = []
        for n, event in enumerate(events):
            facts = material.facts_for(event)
            (number,) = facts.families
            snapshots.append((number, facts.versions[number], orjson.dumps(facts.families[number])))
            doc: Any = {**(facts.person(tom.id) or {}), "school": f"99900{n}"}
            material.absorb(event, Plan(changes={number: {tom.id: doc}}))
        versions = [version for _, version, _ in snapshots]
        assert versions == [1, 2, 3]
        for number, version, file in snapshots[1:]:
            assert orjson.dumps(material.written[number, version]) == file, "as it was when it was decided on"
        assert material.versions == {number: 4}
        assert set(material.written) == {(number, 2), (number, 3), (number, 4)}


async def test_somebody_who_moves_to_another_family_is_in_that_one_alone() -> None:
    tom, mum = child("Tom", age=3), adult("Ada")
    said = [ed_discharged(tom), adult_ed_attendance(mum, answer="not-asked"), ed_discharged(tom)]
    async with batch(family(mother=adult(), children=[tom]), family(mother=mum), of=said) as (material, events):
        first, second, third = events
        facts = material.facts_for(first)
        other = who(material.facts_for(second)).family
        assert other is not None
        doc: Any = facts.person(tom.id)
        material.absorb(first, Plan(changes={other: {tom.id: doc}}))
        assert who(material.facts_for(third)) == Who("subjects.0", "child", tom.id, other, None)
        assert [n for n, f in material.families.items() if tom.id in f["people"]] == [other]
        assert len(material.touched) == 2


async def test_the_newest_version_of_a_record_counts_and_older_ones_change_nothing() -> None:
    tom = child("Tom", age=3)
    first = ed_discharged(tom, record_id="att-1")
    said = [first, update_of(first, sequence="9"), update_of(first, sequence="10"), update_of(first, sequence="8")]
    async with batch(family(mother=adult(), children=[tom]), of=said) as (material, events):
        seen = []
        for event in events:
            earlier = material.facts_for(event).earlier
            seen.append(earlier.sequence if earlier else None)
            material.absorb(event, Plan())
        assert seen == [None, "0", "9", "10"], "counted as numbers, not as text"
