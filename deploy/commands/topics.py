"""`sharewell topics`: the topics of the directory's publishers and teams."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import WRONG, Ended

if TYPE_CHECKING:
    from deploy.settings import Settings
    from deploy.topics import Made, Topic

HOW = "kafka-configs.sh --alter --entity-type topics --entity-name TOPIC --add-config NAME=VALUE"


def topics(
    partitions: Annotated[int, typer.Option(min=1, help="partitions of each publisher's topic")] = 2,
    json: Annotated[bool, typer.Option("--json", help="tell the result as JSON")] = False,
) -> None:
    """Create the topics that are missing; the broker creates none by itself. Safe to repeat.

    For each publisher events.<publisher> and status.<publisher>, for each team summaries.<team> and receipts.<team>.
    How long they keep records: SHAREWELL_KAFKA_RETENTION_DAYS; how many copies: SHAREWELL_KAFKA_REPLICATION.

    Example: sharewell directory load borough.ndjson; sharewell topics

    Exit codes: 0 all there; 1 some are kept otherwise than they should be; 3 the database or Kafka is away.
    """
    settings = reach.settings()
    wanted, made = reach.run(_make(settings, partitions))
    if json:
        shown.as_json(
            {
                "wanted": [t.name for t in wanted],
                "created": made.created,
                "there": made.there,
                "wrong": made.wrong,
                "differs": made.differs,
            }
        )
    else:
        _tell(wanted, made, settings)
    if made.wrong or made.differs:
        raise Ended(WRONG, "Some topics are not as they should be.", f"Change them: {HOW}")


async def _make(settings: "Settings", partitions: int) -> "tuple[list[Topic], Made]":
    from adapters.storage.reading import Reading
    from deploy.topics import make_topics, topics_of

    async with reach.database(settings) as connection:
        cover = await Reading(connection).cover()
    if not cover.teams:
        raise Ended(
            WRONG, "The directory is empty, so there is nobody to make topics for.", "sharewell directory load FILE"
        )
    wanted = topics_of(
        cover,
        retention_days=settings.kafka_retention_days,
        replication=settings.kafka_replication,
        events_partitions=partitions,
    )
    return wanted, await make_topics(settings.kafka(), wanted, settings.kafka_replication)


def _tell(wanted: "list[Topic]", made: "Made", settings: "Settings") -> None:
    kinds = [
        ("events.", "what a publisher sends"),
        ("status.", "the fate of what it sent"),
        ("summaries.", "what a team is told"),
        ("receipts.", "what a team answers"),
        ("sharewell.", "for `sharewell doctor`"),
    ]
    rows = []
    for prefix, words in kinds:
        of_kind = [t for t in wanted if t.name.startswith(prefix)]
        rows.append(
            (
                f"{prefix}*",
                words,
                str(len(of_kind)),
                str(sum(t.name in made.created for t in of_kind)),
                str(of_kind[0].partitions),
            )
        )
    shown.table(
        f"Topics, kept for {shown.count(settings.kafka_retention_days, 'day')}",
        ("Topic", "Holds", "Wanted", "Created now", "Partitions"),
        rows,
        "None.",
        right=("Wanted", "Created now", "Partitions"),
    )
    for name in made.created:
        shown.say(f"  created {name}")
    for name, reason in made.wrong.items():
        shown.say(f"  cannot be used: {name} ({reason})")
    for name, settings_of in made.differs.items():
        for setting, (is_now, should) in settings_of.items():
            shown.say(f"  {name}: {setting} is {is_now}, should be {should}")
    if not made.created and not made.wrong:
        shown.say("Nothing to create: all are there.")
