"""The world that the bench runs in: the embedded pair, a borough in its directory, and everybody's topics."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import psycopg

from adapters.storage.migrations import migrate
from deploy.borough import Borough, generate
from deploy.local import LocalStack
from deploy.local_postgres import DATABASE
from deploy.supervise import Roles
from deploy.topics import EVENTS_PARTITIONS, Topic, make_topics

EVENTS, SUMMARIES, STATUS, RECEIPTS, COPIES = "events.", "summaries.", "status.", "receipts.", "copies."
BROKER_TIME = {"message.timestamp.type": "LogAppendTime"}


@dataclass
class World:
    """A running stack with a loaded directory; `folder` holds the logs."""

    stack: LocalStack
    borough: Borough
    folder: Path
    dsn: str
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def inputs(self) -> list[str]:
        """The publishers' topics."""
        return [EVENTS + p.id for p in self.borough.publishers]

    @property
    def outputs(self) -> list[str]:
        """The topics that recipients, and publishers for their answers, read."""
        return [SUMMARIES + t.id for t in self.borough.teams] + [STATUS + p.id for p in self.borough.publishers]

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the harness's own."""
        return psycopg.connect(self.dsn, autocommit=True, application_name="bench")

    def roles(self, routers: int = 1) -> Roles:
        """The processes as production starts them, with so many routers; not started yet."""
        environment = {
            "SHAREWELL_KAFKA_BOOTSTRAP": self.stack.kafka_bootstrap,
            "SHAREWELL_POSTGRES_DSN": self.dsn,
            "SHAREWELL_ENVIRONMENT": "production",
            "SHAREWELL_KAFKA_REPLICATION": "1",
        }
        roles = Roles(environment, self.folder)
        more = Roles(environment, self.folder, ("router",), routers)
        roles.all = [*more.all, *(one for one in roles.all if one.role != "router")]
        return roles

    def events_from(self) -> datetime:
        """When the bench's events happened: lately, and never in the future."""
        return self.started - timedelta(hours=1)

    def settle(self) -> None:
        """Leave nothing of what was done so far to be written or tidied during a measurement."""
        with self.connect() as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


@contextmanager
def made_world(people: int, seed: int, folder: Path) -> Iterator[World]:
    """Boot the pair, load a borough of so many people, create all topics."""
    borough = generate(seed, today=datetime.now(UTC).date(), people_at_least=people)
    with LocalStack() as stack:
        migrate(stack.postgres_dsn)
        world = World(stack, borough, folder, stack.postgres_dsn)
        _load(world)
        asyncio.run(_create(world.stack.kafka_bootstrap, world.inputs, EVENTS_PARTITIONS, BROKER_TIME))
        receipts = [RECEIPTS + t.id for t in borough.teams]
        asyncio.run(_create(world.stack.kafka_bootstrap, [*world.outputs, *receipts], 1, BROKER_TIME))
        yield world


@contextmanager
def scratch(world: World) -> Iterator[World]:
    """The same world with a copy of its ledger, which is thrown away."""
    name = "sharewell_scratch"
    server = world.stack.postgres.dsn_for("postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
    yield replace(world, dsn=world.stack.postgres.dsn_for(name))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def create_topics(world: World, names: Sequence[str]) -> None:
    """More topics of one partition each."""
    asyncio.run(_create(world.stack.kafka_bootstrap, names, 1, BROKER_TIME))


async def _create(bootstrap: str, names: Sequence[str], partitions: int, configs: dict[str, str]) -> None:
    wanted = [Topic(name, partitions, configs) for name in names]
    made = await make_topics({"bootstrap_servers": bootstrap}, wanted)
    if made.wrong:
        raise RuntimeError(f"topics that cannot be used: {made.wrong}")


def _load(world: World) -> None:
    """The directory by COPY: what `sharewell directory load` leaves behind."""
    families = world.borough.families
    head = {
        "teams": [asdict(t) for t in world.borough.teams],
        "publishers": [asdict(p) for p in world.borough.publishers],
    }
    with psycopg.connect(world.dsn) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO cover_version (version, doc) VALUES (1, %s)", (orjson.dumps(head),))
        with cursor.copy("COPY family (id, version) FROM STDIN") as copy:
            for number in range(1, len(families) + 1):
                copy.write_row((number, 1))
        with cursor.copy("COPY family_version (family, version, doc) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(("int8", "int4", "bytea"))
            for number, family in enumerate(families, 1):
                copy.write_row((number, 1, orjson.dumps(family)))
        with cursor.copy("COPY person (id, nhs, born, family) FROM STDIN") as copy:
            for number, family in enumerate(families, 1):
                for person, doc in family["people"].items():
                    copy.write_row((person, doc.get("nhs"), doc.get("born"), number))
    world.settle()
