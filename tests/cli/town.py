"""A small borough in a real ledger, events taken in without Kafka, deliveries sent to nowhere in particular."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, TypeVar

import orjson
import psycopg
from typer.testing import CliRunner, Result

from adapters.storage.connect import make_pool
from adapters.storage.directory import load
from adapters.storage.directory_file import check_file
from adapters.storage.postgres import PostgresLedger
from deploy.borough import Borough, ed_events, generate
from deploy.borough.file import lines
from deploy.borough.published import Published
from deploy.cli import app
from router.deliver import Sender, Sent
from router.escalate import escalate
from router.events import Received
from router.ledger import Numbered, Unresolved
from router.policy.book import rule_book
from router.take import Taken, take_in

START = datetime(2016, 9, 21, 9, 30, tzinfo=UTC)
T = TypeVar("T")


@cache
def borough() -> Borough:
    return generate(7, 300, START.date())


@dataclass
class Nowhere:
    """A channel that takes everything, but for the teams that are away."""

    away: set[str] = field(default_factory=set)
    sent: list[tuple[str, int]] = field(default_factory=list)

    async def send(self, batch: Sequence[Numbered]) -> Sent:
        failed = [n for n in batch if n.due.team in self.away]
        arrived = [n for n in batch if n not in failed]
        self.sent += [(n.due.id, n.sequence) for n in arrived]
        return Sent(arrived, failed, {n.due.team: "away" for n in failed})

    async def arrived(self, left: Sequence[Unresolved]) -> set[str]:
        return set()


class Town:
    """One ledger with a borough in it, and the command line beside it."""

    def __init__(self, dsn: str) -> None:
        self.dsn, self.borough, self.rng, self._offset = dsn, borough(), Random(3), 0
        self.channel = Nowhere()
        self.environment = {
            "SHAREWELL_POSTGRES_DSN": dsn,
            "SHAREWELL_ENVIRONMENT": "test",
            "SHAREWELL_STEPPED_TIME": "true",
            "SHAREWELL_WHO": "A Tester",
            "SHAREWELL_KAFKA_BOOTSTRAP": "127.0.0.1:1",
            "SHAREWELL_KAFKA_REPLICATION": "1",
        }
        self.step_to(START)

    def load(self) -> None:
        """Put the borough into the directory."""

        async def inside() -> None:
            async with await psycopg.AsyncConnection.connect(self.dsn) as connection:
                loaded = await load(connection, check_file(lines(self.borough)))
                assert not loaded.wrong

        asyncio.run(inside())

    def sharewell(self, *arguments: str, typed: str | bytes | None = None, **environment: str) -> Result:
        """Run one command; its exit code and what it wrote."""
        return CliRunner().invoke(app, arguments, input=typed, env={**self.environment, **environment})

    def json(self, *arguments: str, exits: int = 0, **environment: str) -> Any:
        """What a command told as JSON."""
        done = self.sharewell(*arguments, "--json", **environment)
        assert done.exit_code == exits, done.output
        return orjson.loads(done.stdout)

    def step_to(self, at: datetime) -> None:
        """Move the one `now`."""
        self.now = at
        self.sql("INSERT INTO stepped_time (at) VALUES (%s) ON CONFLICT (one) DO UPDATE SET at = excluded.at", at)

    def step(self, **length: float) -> None:
        """Move `now` on."""
        self.step_to(self.now + timedelta(**length))

    def sql(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the ledger, or change it behind its back."""
        with psycopg.connect(self.dsn) as connection:
            cursor = connection.execute(text, values or None)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def accesses(self) -> list[tuple[str, str, str]]:
        """Who looked, why, at what."""
        return [(r[0], r[1], r[2]) for r in self.sql("SELECT who, why, what FROM access ORDER BY no")]

    def ledger(self, work: Callable[[PostgresLedger], Awaitable[T]]) -> T:
        """Do something as one of the processes does it."""

        async def inside() -> T:
            pool = make_pool(self.dsn, 2)
            await pool.open()
            try:
                return await work(PostgresLedger(pool, "stepped"))
            finally:
                await pool.close()

        return asyncio.run(inside())

    def take(self, *said: Published) -> Taken:
        """The router takes these in."""
        records = []
        for one in said:
            topic = f"events.{one.publisher}"
            records.append(Received(one.publisher, one.value, one.key, topic, 0, self._offset))
            self._offset += 1
        return self.ledger(lambda ledger: take_in(records, ledger, rule_book()))

    def send(self) -> int:
        """A delivery worker sends what is due."""

        async def work(ledger: PostgresLedger) -> int:
            sender = Sender("sender-1", ledger, self.channel)
            await sender.renew()
            count = 0
            while done := await sender.round():
                count += done
            await sender.stop()
            return count

        return self.ledger(work)

    def clocks(self) -> None:
        """A clock worker fires what is due."""
        self.ledger(escalate)

    def child(self, low: int, high: int) -> str:
        """A child of that age with a home and a practice."""
        for pid in self.borough.children:
            doc = self.borough.people[pid]
            known = "practice" in doc and "area" in doc and not doc.get("restricted")
            if known and low <= self.borough.age(doc) < high:
                return pid
        raise LookupError("no such child")

    def child_without_practice(self) -> str:
        """A child for whom no GP can be found."""
        docs = ((pid, self.borough.people[pid]) for pid in self.borough.children)
        return next(pid for pid, doc in docs if "practice" not in doc and not doc.get("restricted"))

    def discharge(self, child: str, **overrides: Any) -> Published:
        """A discharge from the emergency department."""
        return ed_events.ed_discharge(self.borough, child, self.now, self.rng, **overrides)

    def discharged(self, low: int = 0, high: int = 5) -> str:
        """A child of that age was discharged, and everybody was sent their summary; the child's key."""
        child = self.child(low, high)
        self.take(self.discharge(child))
        self.send()
        return child

    def delivery(self, service: str) -> dict[str, Any]:
        """The newest summary to a team of a service, as the log has it."""
        return next(d for d in self.json("log") if d["team"].startswith(service) and d["kind"] == "summary")

    @property
    def canaries(self) -> set[str]:
        """What no list, log or error may hold: NHS numbers and names of everybody."""
        found = set()
        for doc in self.borough.people.values():
            if "nhs" in doc:
                found |= {doc["nhs"], f"{doc['nhs'][:3]} {doc['nhs'][3:6]} {doc['nhs'][6:]}"}
            if "name" in doc:
                family, given = doc["name"]["family"], doc["name"]["given"]
                found |= {f"{family.upper()}, {given}", f"{given} {family}", f"{family}, {given}"}
        return found

    def named_in(self, text: str) -> set[str]:
        """Which of them a text holds."""
        return {canary for canary in self.canaries if canary in text}
