"""One whole Sharewell on real parts: Kafka, PostgreSQL, a borough in the directory, topics, processes, a history."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

import orjson
import psycopg
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from adapters.storage.migrations import migrate
from deploy.borough import Borough, generate
from deploy.local import LocalStack
from tests.journeys.history import History
from tests.journeys.workers import Workers

START = datetime(2016, 9, 21, 8, tzinfo=UTC)
"""Where stepped time begins: 08:00 on the borough's day."""
PARTITIONS = 4


@cache
def borough(children: int = 2000) -> Borough:
    return generate(1, children, START.date())


class Installation:
    """A stack of its own: what is killed here troubles no other test."""

    def __init__(self, folder: Path, *, children: int = 2000, **environment: str) -> None:
        self.folder = folder
        self.borough = borough(children)
        self.stack = LocalStack(folder / "stack")
        self.history = History(folder / "history.jsonl")
        self._environment = environment
        self.left_out: set[str] = set()
        """Topics that do not exist."""
        self.workers: Workers

    async def __aenter__(self) -> Self:
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # brokers are away in journeys, on purpose
        await asyncio.to_thread(self.stack.start)
        migrate(self.dsn)
        load(self.dsn, self.borough)
        self.step_to(START)
        await self._make_topics()
        self.workers = Workers(self.folder, self.environment(), self.history)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.workers.unsupervise()
        self.workers.kill_all()
        self.history.flush()
        await asyncio.to_thread(self.stack.stop)

    @property
    def dsn(self) -> str:
        return self.stack.postgres_dsn

    @property
    def bootstrap(self) -> str:
        return self.stack.kafka_bootstrap

    def environment(self) -> dict[str, str]:
        return {
            "SHAREWELL_KAFKA_BOOTSTRAP": self.bootstrap,
            "SHAREWELL_POSTGRES_DSN": self.dsn,
            "SHAREWELL_ENVIRONMENT": "test",
            "SHAREWELL_STEPPED_TIME": "true",
            **self._environment,
        }

    def topics(self, *kinds: str) -> list[str]:
        """Every topic of these kinds: events, status, summaries, receipts."""
        publishers, teams = (p.id for p in self.borough.publishers), (t.id for t in self.borough.teams)
        of = {"events": list(publishers), "summaries": list(teams)}
        of |= {"status": of["events"], "receipts": of["summaries"]}
        return [topic for kind in kinds for one in of[kind] if (topic := f"{kind}.{one}") not in self.left_out]

    async def _make_topics(self) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            several = [NewTopic(t, PARTITIONS, 1) for t in self.topics("events")]
            stamped = {"message.timestamp.type": "LogAppendTime"}  # as `sharewell topics` makes them
            out = [NewTopic(t, 1, 1, topic_configs=stamped) for t in self.topics("status", "summaries")]
            back = [NewTopic(t, 1, 1) for t in self.topics("receipts")]
            await admin.create_topics([*several, *out, *back])
        finally:
            await admin.close()

    # The ledger

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.dsn, autocommit=True, connect_timeout=5)

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(query, given).fetchall()

    def value(self, query: str, *given: Any) -> Any:
        return self.ask(query, *given)[0][0]

    def step_to(self, moment: datetime) -> None:
        """Time, as every process sees it, jumps to this moment."""
        with self.connect() as connection:
            connection.execute(
                "INSERT INTO stepped_time (at) VALUES (%s) ON CONFLICT (one) DO UPDATE SET at = excluded.at", (moment,)
            )
        self.history.add("stepped", to=moment)

    async def until(self, holds: Callable[[], object], seconds: float, why: str) -> None:
        """Wait until something holds; a ledger that is away is waited for too."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if await asyncio.to_thread(holds):
                    return
            except psycopg.Error:
                pass
            assert time.monotonic() < deadline, f"not within {seconds} s: {why}"
            await asyncio.sleep(0.1)

    async def committed(self, group: str = "sharewell-router", kind: str = "events") -> dict[TopicPartition, int]:
        """How far a group has acknowledged each partition."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap)
        await admin.start()
        try:
            found = await admin.list_consumer_group_offsets(group)
            return {place: at.offset for place, at in found.items() if place.topic.startswith(f"{kind}.")}
        finally:
            await admin.close()

    def nothing_due(self) -> bool:
        """Whether every delivery has left, provably."""
        left = "SELECT (SELECT count(*) FROM due) + (SELECT count(*) FROM attempt WHERE outcome = 'sending')"
        return self.value(left) == 0


def load(dsn: str, borough: Borough) -> None:
    """Put the borough into the directory."""
    cover = orjson.dumps(
        {"teams": [asdict(t) for t in borough.teams], "publishers": [asdict(p) for p in borough.publishers]}
    )
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO cover_version (version, doc) VALUES (1, %s)", (cover,))
        with cursor.copy("COPY family (id, version) FROM STDIN") as copy:
            for number, _ in enumerate(borough.families, 1):
                copy.write_row((number, 1))
        with cursor.copy("COPY family_version (family, version, doc) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(("int8", "int4", "bytea"))
            for number, family in enumerate(borough.families, 1):
                copy.write_row((number, 1, orjson.dumps(family)))
        with cursor.copy("COPY person (id, nhs, born, family) FROM STDIN") as copy:
            for number, family in enumerate(borough.families, 1):
                for person, doc in family["people"].items():
                    copy.write_row((person, doc.get("nhs"), doc.get("born"), number))


@asynccontextmanager
async def running(place: Installation, *roles: str) -> AsyncIterator[Installation]:
    """The installation with one process of each role, ended in order afterwards."""
    for role in roles or ("router", "deliver", "clocks"):
        for worker in place.workers.of(role) or place.workers.add(role):
            worker.start()
    try:
        yield place
    finally:
        await place.workers.stop()


def ids(rows: Sequence[tuple[Any, ...]]) -> set[str]:
    return {str(row[0]) for row in rows}
