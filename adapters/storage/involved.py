"""Who has sent or received anything about a family, on PostgreSQL: read for the few events that ask whoever knows."""

from collections.abc import Mapping

from adapters.storage.connect import Connection
from adapters.storage.sql import queries
from contracts.register import event_types
from router.directory import Cover, FamilyDoc
from router.facts import Involved

Q = queries("involved")


def asking_around() -> list[str]:
    """Events that are a question or its answer: they make nobody involved."""
    return [name for name, model in event_types().items() if model.asks_around]


async def read_involved(
    connection: Connection, cover: Cover, families: Mapping[int, FamilyDoc], besides: int | None
) -> dict[str, list[Involved]]:
    """Person → which team sent or was sent something, and on which day last; `besides` is an event decided again."""
    people = {p: doc for family in families.values() for p, doc in family["people"].items()}
    ids = {id for p, doc in people.items() for id in (p, *doc.get("merged", ()), doc.get("before_birth"))} - {None}
    asked = {"people": list(ids), "asking": asking_around(), "besides": besides}
    found: dict[str, list[Involved]] = {}
    for person, publisher, last in await (await connection.execute(Q["sent"], asked)).fetchall():
        if publisher in cover.publishers:
            found.setdefault(person, []).append(Involved(cover.publishers[publisher].team, "sent", last))
    for person, team, last in await (await connection.execute(Q["received"], asked)).fetchall():
        found.setdefault(person, []).append(Involved(team, "received", last))
    return found
