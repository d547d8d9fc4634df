"""Where the demo happens: a Kafka and a PostgreSQL of its own, a borough in the directory, the three roles."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import psycopg

from adapters.storage.connect import Connection
from adapters.storage.directory import load
from adapters.storage.directory_file import check_file
from adapters.storage.intake import STEPPED
from adapters.storage.migrations import migrate
from deploy import logging
from deploy.borough import Borough, generate
from deploy.borough.file import lines
from deploy.demo.asked import ASKED
from deploy.local import LocalStack
from deploy.supervise import Roles
from deploy.topics import make_topics, topics_of
from deploy.up import addresses

Say = Callable[[str], None]
LOOK_SECONDS = "0.1"
"""How often a role looks for work that it was not woken for: clocks fire within this time of a step."""


@dataclass
class Place:
    """A running Sharewell whose time stands still until it is stepped."""

    borough: Borough
    bootstrap: str
    dsn: str
    ledger: Connection
    roles: Roles
    folder: Path
    environment: Mapping[str, str]
    """What a process needs to find it."""

    async def step_to(self, moment: datetime) -> None:
        """Time, as every process sees it, is now this moment: stepped, never multiplied."""
        await self.ledger.execute(ASKED["step"], {"at": moment})


@asynccontextmanager
async def open_place(seed: int, children: int, today: date, start: datetime, say: Say) -> AsyncIterator[Place]:
    """Everything started and loaded; nothing of it is left when this ends."""
    borough = generate(seed, children, today)
    stack = LocalStack(progress=say)
    try:
        await asyncio.to_thread(stack.start)
        (stack.folder / "logs").mkdir()
        logging.set_up("WARNING", stream=(stack.folder / "logs" / "demo.log").open("ab"))
        await asyncio.to_thread(migrate, stack.postgres_dsn)
        ledger = await psycopg.AsyncConnection.connect(
            stack.postgres_dsn, autocommit=True, options="-c timezone=UTC", application_name="demo"
        )
        environment = addresses(stack, "demo", SHAREWELL_STEPPED_TIME="true", SHAREWELL_POLL_SECONDS=LOOK_SECONDS)
        roles = Roles(environment, stack.folder / "logs", cwd=stack.folder)
        place = Place(borough, stack.kafka_bootstrap, stack.postgres_dsn, ledger, roles, stack.folder, environment)
        async with ledger:
            await place.step_to(start)
            say(f"loading a borough of {len(borough.children):,} children into the directory")
            await _load(place)
            say("creating the topics")
            await _make_topics(place)
            say("starting the router, a delivery worker and a clock worker")
            with roles:
                yield place
    finally:
        await asyncio.to_thread(stack.stop)


async def _load(place: Place) -> None:
    """The borough by the way that `sharewell directory load` takes."""
    checked = check_file(lines(place.borough))
    async with await psycopg.AsyncConnection.connect(place.dsn, options="-c timezone=UTC") as connection:
        loaded = await load(connection, checked, STEPPED)
    wrong = [*checked.wrong, *loaded.wrong]
    if wrong:
        raise RuntimeError(f"the borough could not be loaded: {wrong[:5]}")


async def _make_topics(place: Place) -> None:
    """The topics by the way that `sharewell topics` takes."""
    wanted = topics_of(place.borough.cover(), retention_days=14, replication=1)
    made = await make_topics({"bootstrap_servers": place.bootstrap}, wanted, 1)
    if made.wrong:
        raise RuntimeError(f"topics could not be made: {made.wrong}")
