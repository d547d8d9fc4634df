"""`sharewell publish`: send events to their publisher's topic, as a publishing system does."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import AWAY, WRONG, Ended
from deploy.commands.records import Record, records_in

if TYPE_CHECKING:
    from deploy.settings import Settings

CONTENT = ("content-type", b"application/cloudevents+json")


def publish(
    file: Annotated[Path, typer.Argument(help="a CloudEvent as JSON, or one a line; - for standard input")],
    publisher: Annotated[
        str | None,
        typer.Option("--as", help="send as this publisher; otherwise the one whose source it is", metavar="PUBLISHER"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="tell where each record was put, as JSON")] = False,
) -> None:
    """Send each record, as it is, to events.<publisher>; its key is its partitionkey.

    Nothing is checked first (that is `sharewell check`): the router answers on status.<publisher>, and what it made
    of each event is in `sharewell log --event ID`.

    Example: sharewell publish .sharewell/example.json

    Exit codes: 0 all sent; 1 a record has no publisher, or a key that is an NHS number, and nothing was sent; 2 the
    file is not there; 3 the database or Kafka is away.
    """
    records = records_in(file)
    for record in records:
        _refuse_number(record)
    placed = reach.run(_publish(reach.settings(), records, publisher, json))
    if json:
        shown.as_json(placed)
        return
    for topic in sorted({p["topic"] for p in placed}):
        of_topic = [p for p in placed if p["topic"] == topic]
        shown.say(f"{shown.count(len(of_topic), 'record')} sent to {topic}.")
        for one in of_topic[:5]:
            where = f"partition {one['partition']}, offset {one['offset']}"
            shown.say(f"  {one['event'] or 'a record without an id'}: {where}")
        if len(of_topic) > 5:
            shown.say(f"  and {len(of_topic) - 5:,} more")
    shown.say("What became of an event: sharewell log --event ID; of one that was not accepted: sharewell refused")


def _refuse_number(record: Record) -> None:
    from contracts.parts.people import holds_nhs_number

    key = record.text("partitionkey")
    if key and holds_nhs_number(key):
        words = (
            f"line {record.line}: the partitionkey looks like an NHS number. Keys are readable by everybody on Kafka."
        )
        raise Ended(WRONG, words, "Use an opaque key of your own. Nothing was sent.")


async def _publish(
    settings: "Settings", records: list[Record], publisher: str | None, quiet: bool
) -> list[dict[str, Any]]:
    from aiokafka import AIOKafkaProducer

    owners = await _owners(settings, records, publisher)
    producer = AIOKafkaProducer(**settings.kafka(), acks="all", enable_idempotence=True, linger_ms=5)
    placed: list[dict[str, Any]] = []
    try:
        await producer.start()
        there = (await producer.client.fetch_all_metadata()).topics()
        if missing := sorted({f"events.{owner}" for owner in owners} - there):
            mend = "Create the topics of the directory's publishers: sharewell topics"
            raise Ended(AWAY, f"There is no topic {', '.join(missing)}. Nothing was sent.", mend)
        with shown.progress("sending", quiet=quiet) as bar:
            for start in range(0, len(records), 500):
                few = list(zip(records, owners, strict=True))[start : start + 500]
                sent = [
                    await producer.send(f"events.{owner}", record.raw, key=_key(record), headers=[CONTENT])
                    for record, owner in few
                ]
                for (record, _), future in zip(few, sent, strict=True):
                    at = await future
                    where = {"topic": at.topic, "partition": at.partition, "offset": at.offset}
                    placed.append({"line": record.line, "event": _opaque(record.text("id")), **where})
                bar(len(placed), len(records))
    finally:
        await producer.stop()
    return placed


async def _owners(settings: "Settings", records: list[Record], publisher: str | None) -> list[str]:
    """The publisher of each record: the one asked for, or the one of the directory whose source it names."""
    if publisher is not None:
        return [publisher] * len(records)
    from adapters.storage.reading import Reading

    async with reach.database(settings) as connection:
        cover = await Reading(connection).cover()
    by_source = {p.source: p.id for p in cover.publishers.values()}
    owners = [by_source.get(record.text("source") or "") for record in records]
    for record, owner in zip(records, owners, strict=True):
        if owner is None and (wrong := _no_event(record)):
            mend = "See what else is wrong: sharewell check. With --as PUBLISHER it is sent as it is."
            raise Ended(WRONG, f"line {record.line}: {wrong} Nothing was sent.", mend)
        if owner is None:
            words = f"line {record.line}: no publisher of the directory has this source. Nothing was sent."
            raise Ended(WRONG, words, "Say which one it is with --as PUBLISHER, or correct the source.")
    return [owner for owner in owners if owner]


def _no_event(record: Record) -> str | None:
    """Why nobody could tell by its source whose it is: it is no JSON object, or names no source."""
    from router.accept import parse
    from router.events import Received

    parsed = parse(Received("", record.raw, None, "", 0, 0))
    if not isinstance(parsed, dict):
        return parsed.message
    return None if "source" in parsed else "the event has no source."


def _key(record: Record) -> bytes | None:
    key = record.text("partitionkey")
    return key.encode() if key else None


def _opaque(id: str | None) -> str | None:
    """An event's id where it is a UUID; anything else could name somebody."""
    from uuid import UUID

    try:
        return str(UUID(id)) if id else None
    except ValueError:
        return None
