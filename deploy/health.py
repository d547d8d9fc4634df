"""What an operator asks first: settings, database, directory, Kafka, topics, clocks; each ok, warn or fail."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import psycopg

from deploy import why
from deploy.settings import Settings
from deploy.topics import PROBE, make_topics, topics_of
from router.directory import Cover
from router.events import LANES

SKEW_WARN, SKEW_FAIL = 5.0, 60.0
"""Seconds between two clocks. Taking a lane over reads a topic from a moment of the database's clock."""
LOCKS = 16_000
"""Lock slots that routers need: a batch locks hundreds of families."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    name: str
    state: Literal["ok", "warn", "fail"]
    words: str
    mend: str = ""
    away: bool = False
    """Whether something could not be reached at all."""


async def findings(settings: Settings) -> list[Finding]:
    """All that is found. A server that goes away while it is asked takes nothing back of what was found before."""
    from aiokafka.errors import KafkaError

    found, cover = settings_findings(settings), None
    try:
        async for one in database_findings(settings):
            if isinstance(one, Cover):
                cover = one
            else:
                found.append(one)
    except psycopg.OperationalError as error:
        found.append(_went_away("PostgreSQL", error, "Look into its log."))
    try:
        async for kafka in kafka_findings(settings, cover):
            found.append(kafka)
    except (KafkaError, OSError) as error:
        found.append(_went_away("Kafka", error, "Look into its log, and whether this user may do what it was asked."))
    return found


def _went_away(server: str, error: Exception, mend: str) -> Finding:
    return Finding(
        server, "fail", f"It stopped answering while it was asked ({type(error).__name__}).", mend, away=True
    )


async def database_findings(settings: Settings) -> AsyncIterator[Finding | Cover]:
    """The database and what is in it; the directory's teams are handed on for the topics."""
    from adapters.storage.intake import CoverShelf
    from adapters.storage.migrations import versions

    try:
        connection = await psycopg.AsyncConnection.connect(settings.postgres("sharewell-doctor"), connect_timeout=5)
    except psycopg.OperationalError as error:
        words, mend = why.of_database(error) or ("It does not answer.", "Start it, or correct SHAREWELL_POSTGRES_DSN.")
        yield Finding("PostgreSQL", "fail", words, mend, away=True)
        return
    async with connection:
        before = datetime.now(UTC)
        version, at, locks, slots = (await _all(connection, _SERVER))[0]
        middle = before + (datetime.now(UTC) - before) / 2
        yield Finding("PostgreSQL", "ok", f"It answers, version {version}.")
        yield _skew("Database's clock", abs((at - middle).total_seconds()), "this computer's")
        enough = slots >= LOCKS
        words = f"max_locks_per_transaction is {locks}, {slots:,} slots in all."
        mend = "" if enough else "Set max_locks_per_transaction = 256 or more, and restart PostgreSQL."
        yield Finding("Locks", "ok" if enough else "warn", words, mend)
        known = [r[0] for r in await _all(connection, _MIGRATIONS)] if await _has(connection, "migration") else []
        if missing := [name for name, _ in versions() if name not in known]:
            yield Finding("Tables", "fail", f"Not applied: {', '.join(missing)}.", "sharewell migrate")
            return
        yield Finding("Tables", "ok", f"{len(known)} migrations are applied.")
        cover = await CoverShelf().newest(connection)
        if not cover.teams:
            yield Finding("Directory", "fail", "No directory is loaded.", "sharewell directory load FILE")
        else:
            people = (await _all(connection, "SELECT count(*) FROM person"))[0][0]
            words = f"Version {cover.version}: {len(cover.teams)} teams, {len(cover.publishers)} publishers"
            yield Finding("Directory", "ok", f"{words}, {people:,} people.")
            yield cover
        for finding in _working((await _all(connection, _WORK))[0]):
            yield finding


_SERVER = """
SELECT current_setting('server_version'), clock_timestamp(), current_setting('max_locks_per_transaction')::int,
       current_setting('max_locks_per_transaction')::int
       * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)
"""
_MIGRATIONS = "SELECT name FROM migration"
_WORK = """
SELECT (SELECT count(*) FROM due), (SELECT count(*) FROM lane WHERE until > now()),
       (SELECT count(*) FROM clock WHERE state = 'running'
            AND due < coalesce((SELECT at FROM stepped_time), now()) - interval '5 minutes'),
       (SELECT count(*) FROM refusal WHERE state IN ('open', 'claimed')),
       (SELECT count(*) FROM task WHERE state = 'open'),
       (SELECT count(*) FROM destination WHERE paused_at IS NOT NULL)
"""


def _working(row: tuple[Any, ...]) -> list[Finding]:
    due, lanes, unfired, refused, tasks, paused = row
    found = []
    if lanes:
        found.append(Finding("Delivery", "ok", f"{lanes} of {LANES} lanes are held; {_waiting(due)}."))
    else:
        state: Literal["warn", "fail"] = "fail" if due else "warn"
        found.append(Finding("Delivery", state, f"No worker holds a lane; {_waiting(due)}.", "sharewell run deliver"))
    late = f"{unfired:,} {'has' if unfired == 1 else 'have'} run out and not fired."
    words = late if unfired else "None has run out unheard."
    found.append(Finding("Clocks", "fail" if unfired else "ok", words, "sharewell run clocks" if unfired else ""))
    for name, count, one, many, mend in (
        ("Refused", refused, "refused record is open", "refused records are open", "sharewell refused"),
        ("Tasks", tasks, "task has nobody", "tasks have nobody", "sharewell tasks"),
        ("Paused", paused, "destination is paused", "destinations are paused", "sharewell destinations"),
    ):
        if count:
            found.append(Finding(name, "warn", f"{count:,} {one if count == 1 else many}.", mend))
    return found


def _waiting(due: int) -> str:
    return "1 delivery waits" if due == 1 else f"{due:,} deliveries wait"


async def kafka_findings(settings: Settings, cover: Cover | None) -> AsyncIterator[Finding]:
    """Kafka, the topics of the directory, and its clock against this computer's."""
    from aiokafka.admin import AIOKafkaAdminClient
    from aiokafka.errors import KafkaError

    admin = AIOKafkaAdminClient(**settings.kafka(), request_timeout_ms=5000)
    try:
        await admin.start()
        brokers = len((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError) as error:
        mend = "Start it, or correct SHAREWELL_KAFKA_BOOTSTRAP and its security settings."
        unknown = f"It does not answer ({type(error).__name__}).", mend
        words, mend = await why.of_kafka(settings.kafka()) or unknown
        yield Finding("Kafka", "fail", words, mend, away=True)
        return
    finally:
        await admin.close()
    few = brokers < settings.kafka_replication
    copies = settings.kafka_replication
    asked = "1 copy is asked for" if copies == 1 else f"{copies} copies are asked for"
    words = f"It answers, {brokers} broker{'' if brokers == 1 else 's'}; {asked}."
    mend = "Set SHAREWELL_KAFKA_REPLICATION to the number of brokers, or add brokers." if few else ""
    yield Finding("Kafka", "warn" if few else "ok", words, mend)
    if cover is None:
        return
    wanted = topics_of(cover, retention_days=settings.kafka_retention_days, replication=settings.kafka_replication)
    made = await make_topics(settings.kafka(), wanted, settings.kafka_replication, look_only=True)
    if made.missing:
        words = f"{len(made.missing)} of {len(wanted)} are missing."
        yield Finding("Topics", "fail", words, "sharewell topics")
    elif made.differs:
        yield Finding("Topics", "warn", f"{len(made.differs)} are kept otherwise than asked for.", "sharewell topics")
    else:
        yield Finding("Topics", "ok", f"All {len(wanted)} are there.")
    if PROBE not in made.missing:
        yield _skew("Kafka's clock", await _kafka_skew(settings), "this computer's")


async def _kafka_skew(settings: Settings) -> float:
    """How far Kafka's clock is from ours: it stamps what is appended to the probe's topic."""
    from aiokafka import AIOKafkaProducer

    producer = AIOKafkaProducer(**settings.kafka(), acks="all", request_timeout_ms=5000)
    try:
        await producer.start()
        before = datetime.now(UTC).timestamp()
        put = await producer.send_and_wait(PROBE, b"")
        return float(abs(put.timestamp / 1000 - (before + datetime.now(UTC).timestamp()) / 2))
    finally:
        await producer.stop()


def settings_findings(settings: Settings) -> list[Finding]:
    """What the settings say by themselves."""
    words = f"{settings.environment}; records are kept until the youngest child is {settings.retention_years}."
    found = [Finding("Settings", "ok", words)]
    if settings.stepped_time:
        found.append(Finding("Time", "warn", "Time is stepped by hand, as in a demo.", "Never in production."))
    secure = settings.kafka_security_protocol in why.TLS
    if settings.environment == "production" and not secure:
        mend = "Set SHAREWELL_KAFKA_SECURITY_PROTOCOL to SSL or SASL_SSL."
        found.append(Finding("Security", "warn", "Kafka is reached without TLS.", mend))
    if settings.environment == "production" and not settings.postgres_is_checked:
        mend = "Set SHAREWELL_POSTGRES_SSLMODE to verify-full, and SHAREWELL_POSTGRES_SSLROOTCERT."
        found.append(Finding("Security", "warn", "The database's certificate is not checked.", mend))
    return found


def _skew(name: str, seconds: float, other: str) -> Finding:
    state: Literal["ok", "warn", "fail"] = "ok" if seconds < SKEW_WARN else "warn" if seconds < SKEW_FAIL else "fail"
    mend = "" if state == "ok" else "Let both follow the same time service (NTP)."
    return Finding(name, state, f"{seconds:.1f} seconds from {other}.", mend)


async def _has(connection: Any, table: str) -> bool:
    return (await _all(connection, f"SELECT to_regclass('{table}') IS NOT NULL"))[0][0] is True


async def _all(connection: Any, text: Any) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = await (await connection.execute(text)).fetchall()
    return rows
