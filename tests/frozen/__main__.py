"""`python -m tests.frozen`: freeze an event of each type that has none yet; what is frozen already stays as it is.

The event is the type's published example of the day, sent to a small town whose directory knows the people in it; the
facts are those that the router kept beside it. Each file's digest stands in sums.json."""

import asyncio
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from contracts.register import event_types, example_of
from router.events import stable_id
from tests.stories import Town
from tests.story_events import Said
from tests.story_people import Family, Person, child, family, flag
from tests.story_teams import directory

FOLDER = Path(__file__).parent
SUMS = FOLDER / "sums.json"
ROLES = ("mother", "father", "partner", "adult")


def main() -> int:
    """Write what is missing; 0 always."""
    sums = json.loads(SUMS.read_text("utf-8")) if SUMS.exists() else {}
    for kind in event_types():
        file = FOLDER / f"{kind}.json"
        if not file.exists():
            file.write_text(json.dumps(asyncio.run(frozen(kind)), ensure_ascii=False, indent=1) + "\n", "utf-8")
            sys.stdout.write(f"frozen: {kind}\n")
        sums.setdefault(kind, digest(file))
    SUMS.write_text(json.dumps(dict(sorted(sums.items())), indent=1) + "\n", "utf-8")
    return 0


def digest(file: Path) -> str:
    """Of a frozen file's bytes."""
    return sha256(file.read_bytes()).hexdigest()


async def frozen(kind: str) -> dict[str, Any]:
    """One event with the facts that were kept beside it, and who was told; the same event came once before."""
    example = example_of(kind)
    event = {name: value for name, value in example.items() if name not in ("source", "time")}
    town = Town(_household(example["data"]))
    before = {**event, "id": stable_id("before", kind), "data": {**event["data"], "record_id": f"{kind}/before"}}
    for said in (Said(before), Said(event)):
        taken = await town.publish(said)
        assert taken.accepted, f"{kind}: the example is not accepted"
    store = town.ledger.store
    row = store.events[max(store.events)]
    facts = orjson.loads(row.facts)
    record = row.event.received
    return {
        "type": kind,
        "publisher": record.publisher,
        "topic": record.topic,
        "raw": (record.raw or b"").decode(),
        "facts": facts,
        "cover": directory(),
        "families": {n: orjson.loads(store.versions[int(n), v]) for n, v in facts["families"].items()},
        "told": sorted(town.told(Said(event))),
    }


def _household(data: dict[str, Any]) -> Family:
    people = list(_people(data))
    children = [one for role, one in people if role == "child"]
    grown = next((one for role, one in people if role in ROLES), None)
    others = [one for role, one in people if role not in ("child", *ROLES)]
    at_school = child("Kit", age=9, flags=[flag()])
    return family(mother=grown, children=[*children, at_school], others=others)


def _people(data: dict[str, Any]) -> Iterator[tuple[str, Person]]:
    """Whom the event names, as the directory knows them; the unborn are met in the event first."""
    listed = data.get("household")
    named = [(s["role"], s) for s in data["subjects"]]
    named += [("child", s) for s in listed.get("children", ())] if isinstance(listed, dict) else []
    for role, said in named:
        number, born = said.get("nhs_number"), said.get("birth_date")
        if isinstance(number, str) and isinstance(born, str) and said.get("nhs_number_status") == "01":
            doc: Any = {"nhs": number, "name": said["name"], "born": born}
            if isinstance(said.get("school"), str):
                doc["school"] = said["school"]
            yield role, Person(stable_id("frozen", number), doc)


if __name__ == "__main__":
    sys.exit(main())
