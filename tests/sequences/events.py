"""Any event that the contracts allow, about anybody of the two families, with any of its fields said otherwise."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from contracts.parts.event import EventData
from contracts.parts.people import Role
from contracts.register import event_types
from router.accept import Refused, accept
from router.directory import Cover
from router.events import Received
from router.policy.cases import values_of
from tests.rules.worlds import NUMBERS, base_of
from tests.sequences.people import Household
from tests.story_people import Json, Person, unborn
from tests.story_teams import CASTLE, HAGLEY, NORTH, PRIMARY, SECONDARY, SOUTH, TEAMS

KINDS = sorted(event_types())
LEFT_ALONE = frozenset({"subjects", "household", "babies", "asks", "linked", "sensitivity"})
THINGS = frozenset(
    """attendance_id episode_id flag_id form_id appointment_id referral_id call_id escalation_id conference_id spell_id
    care_id assessment_id meeting_id contact_id plan_id action_id supervision_id placement_id dart_ref mash_ref
    marac_ref""".split()
)
"""What ties events together: two of each, so that they meet."""
RESTRICTIONS = ("restricted-sexual-health", "restricted-adult-clinical", "restricted-location", "third-party-identity")
WHEN = (-1, -1, -24, -24 * 30, -24 * 400, 0, 2, 48)
"""Hours from now: most events are just over, some come late, and one or the other is dated ahead."""
MOVES: dict[str, Sequence[Any]] = {
    "residence": (NORTH, SOUTH, SOUTH, {"absent": "withheld"}),
    "practice": (CASTLE, HAGLEY, {"absent": "none"}),
    "school": (PRIMARY, SECONDARY, {"absent": "not-applicable"}),
    "team": [t["id"] for t in TEAMS],
    "answering_team": [t["id"] for t in TEAMS],
}
TRIES = 10


def some_event(
    rng: Random, kind: str, households: Sequence[Household], cover: Cover, now: datetime, no: int, offset: int
) -> Received | None:
    """A record that the front door accepts; None where chance made none in a few tries."""
    for attempt in range(TRIES):
        publisher = rng.choice([p for p in cover.publishers.values() if p.service in event_types()[kind].published_by])
        event = {
            "specversion": "1.0",
            "id": f"00000000-0000-4000-8000-{no * TRIES + attempt:012d}",
            "source": publisher.source,
            "type": kind,
            "time": (now + timedelta(hours=rng.choice(WHEN))).isoformat(),
            "data": _data(rng, kind, rng.choice(households), plain=attempt > TRIES - 3),
            **_action(rng, no),
        }
        topic = f"events.{publisher.id}"
        record = Received(publisher.id, orjson.dumps(event), b"opaque", topic, 0, offset)
        if not isinstance(accept(record, cover), Refused):
            return record
    return None


def _action(rng: Random, no: int) -> Json:
    """New, a later word on the same record, or the record taken back; in any order, and some with no order at all."""
    how = rng.random()
    sequence = {"sequence": str(no if rng.random() < 0.7 else rng.randrange(no + 1))}
    if how < 0.25:
        return {"eventaction": "update", **sequence}
    if how < 0.4:
        return {"eventaction": "cancel", **sequence}
    return sequence if rng.random() < 0.6 else {}


def _data(rng: Random, kind: str, home: Household, plain: bool) -> Json:
    model = event_types()[kind]
    data = deepcopy(base_of(kind))
    if not plain:
        _said_otherwise(rng, model, data)
    for name in sorted(THINGS):
        if isinstance(data.get(name), str) and rng.random() < 0.9:
            data[name] = f"{name}-{rng.randrange(2)}"
    for name, value in list(data.items()):
        if name in MOVES and rng.random() < 0.8:
            data[name] = rng.choice(MOVES[name])
        for n, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, dict) and "id" in entry and rng.random() < 0.7:
                entry["id"] = f"act-{n}"
    data["record_id"] = f"{kind}-{rng.randrange(3)}"
    data["subjects"] = _subjects(rng, model, home)
    if isinstance(data.get("household"), dict):
        data["household"] = _listed(rng, home)
    if kind == "birth-notified-1":
        _birth(rng, data, home)
    if kind == "nhs-number-superseded-1":
        _superseded(rng, data, home)
    return {k: v for k, v in data.items() if v is not None}


def _said_otherwise(rng: Random, model: type[EventData], data: Json) -> None:
    names = [name for name in model.model_fields if name not in LEFT_ALONE]
    for name in rng.sample(names, min(len(names), rng.randrange(6))):
        kinds: Any = model.model_fields[name].annotation
        if choices := values_of(kinds):
            data[name] = rng.choice(choices)
    if rng.random() < 0.1:
        shown = [n for n, f in model.model_fields.items() if isinstance(f.json_schema_extra, dict)]
        data["sensitivity"] = {rng.choice(shown): rng.choice(RESTRICTIONS)}


def _subjects(rng: Random, model: type[EventData], home: Household) -> list[Json]:
    roles, subjects = model.about | model.also_about, list[Json]()
    if Role.CHILD in roles and (rng.random() < 0.8 or Role.MOTHER not in model.about):
        some = rng.sample(home.born, 1 if rng.random() < 0.7 else len(home.born))
        some = some if rng.random() < 0.8 else [rng.choice(home.newborn)]
        subjects += [one.subject(**_in_doubt(rng)) for one in some]
    if Role.MOTHER in model.about:
        subjects.append(home.mother.subject("mother"))
    elif Role.ADULT in model.about and (not subjects or rng.random() < 0.5):
        subjects.append(rng.choice(home.adults).subject("adult"))
    if Role.UNBORN in model.also_about or (Role.UNBORN in model.about and (not subjects or rng.random() < 0.2)):
        if not any(s["role"] == "mother" for s in subjects):
            subjects.append(home.mother.subject("mother"))
        subjects.append((home.unborn or [unborn(12, "preg-unheard-of")])[0].subject("unborn"))
    return subjects or [rng.choice(home.born).subject("child")]


def _in_doubt(rng: Random) -> Json:
    """Now and then a number is not traced, or the publisher itself says that the whereabouts are withheld."""
    said: Json = {}
    if rng.random() < 0.1:
        said["nhs_number_status"] = "02"
    if rng.random() < 0.05:
        said["location_withheld"] = True
    return said


def _listed(rng: Random, home: Household) -> Json:
    if rng.random() < 0.6:
        return {"answer": "listed", "children": [one.listed() for one in home.born]}
    return {"answer": rng.choice(("asked-none", "asked-refused", "not-asked")), "children": []}


def _birth(rng: Random, data: Json, home: Household) -> None:
    """One baby or two, some with a number: most are one of the same two."""
    data["babies"], data["pregnancy_id"] = (
        [],
        rng.choice((*[str(u.doc["pregnancy"]) for u in home.unborn] * 2, "preg-9")),
    )
    some = rng.sample(home.newborn, rng.choice((1, 1, 2)))
    for order, one in enumerate(some, rng.choice((1, 1, 2))):
        outcome = rng.choice(("live", "live", "stillbirth", "died-after-birth"))
        number = one.nhs if outcome != "stillbirth" and rng.random() < 0.7 else None
        born_at = f"{one.doc['born']}T03:00:00+00:00"
        data["babies"].append({"order": order, "outcome": outcome, "born_at": born_at, "nhs_number": number})
        if number or outcome == "live":
            data["subjects"].append(one.subject() if number else one.subject(nhs_number=None, nhs_number_status="07"))


def _superseded(rng: Random, data: Json, home: Household) -> None:
    """Somebody's number was replaced by a new one, or by that of somebody else of the family."""
    people: list[Person] = [*home.born, home.mother]
    one, other = rng.choice(people), rng.choice(people)
    new = other.nhs if other is not one else NUMBERS[-1]
    data |= {"subjects": [one.subject("child", nhs_number=new)], "old": one.nhs, "new": new}
