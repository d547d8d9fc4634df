"""What a fresh installation needs before its roles can work: a directory, topics, and an event to send."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import orjson
import psycopg

from adapters.storage.directory import load
from adapters.storage.directory_file import check_file
from adapters.storage.reading import Reading
from contracts.emergency_department import EdAttendanceDischarged
from contracts.register import example_of
from deploy.borough import Borough, generate, read, write
from deploy.borough.find import aged, choose, parent_of, plain
from deploy.borough.names import BACKGROUNDS
from deploy.borough.parts import subject
from deploy.borough.published import partition_key
from deploy.settings import Settings
from deploy.topics import make_topics, topics_of
from router.directory import PersonDoc
from router.moments import day_of

PUBLISHER = "ed-children"
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(Z|[+-][0-9]{2}:[0-9]{2})")
Say = Callable[[str], None]


async def fill(settings: Settings, folder: Path, say: Say) -> Path | None:
    """Load a synthetic borough where the directory is empty, never in production; create the topics that are missing.

    The file with an example event about a child of that borough; None where the directory is somebody's own."""
    file = folder / "borough.ndjson"
    async with await psycopg.AsyncConnection.connect(
        settings.postgres("sharewell-up"), options="-c timezone=UTC"
    ) as connection:
        cover = await Reading(connection).cover()
        if not cover.teams and settings.environment == "production":
            say("the directory is empty: sharewell directory load FILE, then sharewell topics")
            return None
        if not cover.teams:
            borough = generate(today=day_of(datetime.now(UTC)))
            say(f"loading a synthetic borough of {len(borough.children):,} children into the directory")
            write(borough, file)
            with file.open("rb") as lines:
                await load(connection, check_file(lines))
            cover = await Reading(connection).cover()
    wanted = topics_of(cover, retention_days=settings.kafka_retention_days, replication=settings.kafka_replication)
    made = await make_topics(settings.kafka(), wanted, settings.kafka_replication)
    say(f"topics: {len(made.created)} created, {len(made.there)} there already")
    if not file.exists():
        return None
    example = folder / "example.json"
    event = example_for(read(file), datetime.now(UTC))
    example.write_bytes(orjson.dumps(event, option=orjson.OPT_INDENT_2) + b"\n")
    return example


def example_for(borough: Borough, now: datetime) -> dict[str, Any]:
    """The published example of a discharge, as if it had happened just now to a boy of this borough: the same words,
    with his name and his mother's, and every moment as long before now as it is before the example's own."""
    event: dict[str, Any] = example_of(EdAttendanceDischarged.event_type)
    child = choose(borough, Random(1), borough.children, aged(15, 16), plain, _boy_with_mother)
    doc, mother = borough.people[child], borough.people[parent_of(borough, child)]
    text = orjson.dumps(event).decode()
    text = text.replace("Dana Marsh", f"{mother['name']['given']} {mother['name']['family']}")
    text = text.replace("Jude", doc["name"]["given"])
    event = _moved(orjson.loads(text), now - datetime.fromisoformat(event["time"]))
    attendance = f"att-{uuid4().hex[:11]}"
    event |= {"id": str(uuid4()), "source": borough.publisher[PUBLISHER].source}
    event |= {"partitionkey": partition_key(PUBLISHER, child)}
    subjects = [subject(borough, child, "child")]
    event["data"] |= {"subjects": subjects, "attendance_id": attendance, "record_id": attendance}
    return event


def _boy_with_mother(borough: Borough, doc: PersonDoc) -> bool:
    boys = {name for background in BACKGROUNDS for name in background.boys}
    return doc["name"]["given"] in boys and "mother" in doc


def _moved(value: Any, by: timedelta) -> Any:
    """The same with every moment in it moved."""
    match value:
        case dict():
            return {name: _moved(part, by) for name, part in value.items()}
        case list():
            return [_moved(part, by) for part in value]
        case str() if MOMENT.fullmatch(value):
            return (datetime.fromisoformat(value) + by).isoformat(timespec="seconds")
    return value
