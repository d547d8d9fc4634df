"""Kafka and PostgreSQL that take nothing in the clear: an event there and its receipt back, by the settings alone; and
whoever is not let in is told which setting to mend."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from psycopg.conninfo import make_conninfo
from typer.testing import Result

from adapters.storage.migrations import migrate
from deploy.local import LocalKafka, LocalPostgres
from deploy.ports import HOST, free_port
from deploy.settings import Settings
from tests.cli.town import Town
from tests.journeys import postgres_with_tls
from tests.journeys.authority import Authority, Issued
from tests.journeys.history import History
from tests.journeys.workers import Workers

EXAMPLES = Path(__file__).parents[2] / "deploy" / "examples"
USER, PASSWORD = "sharewell", "canary-of-kafka-5c1f"
OWN = "canary-of-the-broker-77aa"
DATABASE_PASSWORD = "canary-of-the-ledger-09be"
WRONG = "canary-that-is-wrong-e3d2"
SECRETS = (PASSWORD, OWN, DATABASE_PASSWORD, WRONG)
SENT = """
SELECT d.id::text, d.team FROM delivery d JOIN sent s ON s.no = d.no JOIN attempt a ON a.no = s.attempt
WHERE a.outcome = 'sent' AND d.kind = 'summary' AND d.team LIKE 'hv-%'
"""
CONNECTED = """
SELECT application_name, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE backend_type = 'client backend'
"""
CONNECTIONS = ("router", "deliver", "clocks", "listen", "wake")
with_tls = pytest.mark.skipif(
    not postgres_with_tls.is_built_for_this_machine(), reason="no PostgreSQL with TLS is pinned for this machine"
)


@dataclass
class Place:
    """Both servers, a town between them, and what lies in files."""

    folder: Path
    kafka: LocalKafka
    postgres: LocalPostgres
    town: Town
    mutual: dict[str, str]
    """Settings that reach Kafka by certificates alone: TLS on both sides, no password."""
    database_has_tls: bool

    def sharewell(self, *arguments: str, **environment: str) -> Result:
        return self.town.sharewell(*arguments, **environment)

    def found(self, **environment: str) -> dict[str, dict[str, Any]]:
        """What the doctor finds, by name."""
        done = self.sharewell("doctor", "--json", **environment)
        return {one["name"]: one | {"exits": done.exit_code} for one in orjson.loads(done.stdout)}

    def kafka_settings(self) -> dict[str, Any]:
        values = {
            name.removeprefix("SHAREWELL_").lower(): value
            for name, value in self.town.environment.items()
            if name != "SHAREWELL_WHO"
        }
        return Settings(_env_file=None, **values).kafka()

    def runs(self, program: str, *words: str) -> str:
        """What a program to copy prints, with a user, a password and the authority's certificate."""
        let_in = ("--kafka", self.kafka.bootstrap, "--user", USER, "--ca", str(self.folder / "ours.pem"))
        ended = subprocess.run(
            [sys.executable, str(EXAMPLES / program), *words, *let_in],
            env={**os.environ, "KAFKA_PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def until(self, holds: Callable[[], object], why: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"not within {seconds} s: {why}"
            time.sleep(0.05)

    def written(self) -> str:
        """All that either server and every process wrote."""
        logs = (log for log in self.folder.rglob("*.log") if "data" not in log.parts)
        return "".join(log.read_text(errors="replace") for log in logs)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("encrypted")
    ours, theirs = Authority("Sharewell's tests"), Authority("Somebody else")
    server, client = ours.issue("server", HOST), ours.issue("sharewell")
    (folder / "ours.pem").write_text(ours.certificate)
    (folder / "theirs.pem").write_text(theirs.certificate)
    (folder / "client.pem").write_text(client.certificate)
    (folder / "client.key").write_text(client.key)
    kafka, by_certificate = kafka_in(folder, server)
    with ExitStack() as stack:
        has_tls = postgres_with_tls.is_built_for_this_machine()
        program = stack.enter_context(postgres_with_tls.postgres()) if has_tls else None
        postgres = LocalPostgres(folder / "postgres", settings={"shared_buffers": "64MB"}, server=program)
        stack.enter_context(kafka)
        stack.enter_context(postgres)
        encrypted = {"SHAREWELL_POSTGRES_DSN": postgres.dsn}
        dsn = postgres.dsn
        if has_tls:
            take_nothing_in_the_clear(postgres, server)
            dsn = make_conninfo(
                dsn, password=DATABASE_PASSWORD, sslmode="verify-full", sslrootcert=str(folder / "ours.pem")
            )
            encrypted |= {
                "SHAREWELL_POSTGRES_PASSWORD": DATABASE_PASSWORD,
                "SHAREWELL_POSTGRES_SSLMODE": "verify-full",
                "SHAREWELL_POSTGRES_SSLROOTCERT": str(folder / "ours.pem"),
            }
        encrypted |= {
            "SHAREWELL_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "SHAREWELL_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "SHAREWELL_KAFKA_SASL_USERNAME": USER,
            "SHAREWELL_KAFKA_SASL_PASSWORD": PASSWORD,
            "SHAREWELL_KAFKA_SSL_CAFILE": str(folder / "ours.pem"),
        }
        migrate(dsn)
        town = Town(dsn)
        town.environment |= encrypted
        town.load()
        mutual = {
            "SHAREWELL_KAFKA_BOOTSTRAP": f"{HOST}:{by_certificate}",
            "SHAREWELL_KAFKA_SECURITY_PROTOCOL": "SSL",
            "SHAREWELL_KAFKA_SSL_CERTFILE": str(folder / "client.pem"),
            "SHAREWELL_KAFKA_SSL_KEYFILE": str(folder / "client.key"),
        }
        yield Place(folder, kafka, postgres, town, mutual, has_tls)


def kafka_in(folder: Path, server: Issued) -> tuple[LocalKafka, int]:
    """A broker that asks for a password at its port, and for a certificate at the other one; both over TLS."""
    pem, ports = folder / "broker.pem", (free_port(), free_port(), free_port())
    pem.write_text(server.key + server.certificate)
    listeners = f"SASL_SSL://{HOST}:{ports[0]},SSL://{HOST}:{ports[1]}"
    login = "org.apache.kafka.common.security"
    settings = {
        "listeners": f"{listeners},CONTROLLER://{HOST}:{ports[2]}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
        "inter.broker.listener.name": "SASL_SSL",  # its own markers of transactions go this way too
        "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.sasl_ssl.plain.sasl.jaas.config": (
            f'{login}.plain.PlainLoginModule required username="broker" password="{OWN}" user_broker="{OWN}";'
        ),
        "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": f"{login}.scram.ScramLoginModule required;",
        "listener.name.ssl.ssl.client.auth": "required",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": str(pem),
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": str(folder / "ours.pem"),
    }
    kafka = LocalKafka(folder / "kafka", heap="256m", settings=settings, scram={USER: PASSWORD})
    kafka.port, _, kafka.controller_port = ports
    return kafka, ports[1]


def take_nothing_in_the_clear(postgres: LocalPostgres, server: Issued) -> None:
    """Its certificate, and a password for whoever comes over TLS; nobody else is let in."""
    data = postgres.folder / "data"
    owner = data.stat()
    for name, text in (("server.crt", server.certificate), ("server.key", server.key)):
        (data / name).write_text(text)
        (data / name).chmod(0o600)
        os.chown(data / name, owner.st_uid, owner.st_gid)
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE sharewell PASSWORD '{DATABASE_PASSWORD}'")
        connection.execute("ALTER SYSTEM SET ssl = on")
        (data / "pg_hba.conf").write_text(f"hostssl all all {HOST}/32 scram-sha-256\n")
        connection.execute("SELECT pg_reload_conf()")
    deadline = time.monotonic() + 10
    while True:
        try:
            psycopg.connect(postgres.dsn, sslmode="disable").close()
        except psycopg.OperationalError as error:
            assert "no encryption" in str(error)  # noqa: PT017
            return
        assert time.monotonic() < deadline, "it still takes connections in the clear"
        time.sleep(0.05)


async def records(kafka: dict[str, Any], topic: str) -> list[Any]:
    """All that stands on a topic of one partition."""
    at = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(**kafka, enable_auto_commit=False, auto_offset_reset="earliest") as consumer:
        consumer.assign([at])
        end = (await consumer.end_offsets([at]))[at]
        found: list[Any] = []
        while len(found) < end:
            found += (await consumer.getmany(at, timeout_ms=500)).get(at, [])
        return found


def test_an_event_goes_out_and_its_receipt_comes_back_and_nothing_is_in_the_clear(place: Place) -> None:
    town = place.town
    assert place.sharewell("topics", **place.mutual).exit_code == 0, "made over mutual TLS, without a password"
    workers = Workers(place.folder, town.environment, History(place.folder / "history.jsonl"))
    try:
        for role in ("router", "deliver", "clocks"):
            workers.add(role)[0].start()
        said = town.discharge(town.child(0, 5))
        file = place.folder / "event.json"
        file.write_bytes(said.value)
        sent = place.sharewell("publish", str(file))
        assert sent.exit_code == 0, sent.output
        place.until(lambda: town.sql(SENT), "its summary is sent to the health visitors")
        ((delivery, team),) = town.sql(SENT)
        (summary,) = asyncio.run(records(place.kafka_settings(), f"summaries.{team}"))
        assert orjson.loads(summary.value)["id"] == delivery
        again = place.runs("publisher.py", str(file), "--publisher", said.publisher, "--seconds", "3")
        assert again.startswith("accepted")
        reader = ("--team", team, "--organisation", "ZA1", "--read-by", "Ann Reed", "--count", "1")
        assert delivery in place.runs("recipient.py", *reader)
        met = "SELECT state, ended_how FROM clock WHERE delivery = %s AND needs = 'acknowledge'"
        place.until(lambda: town.sql(met, delivery)[0][0] != "running", "its receipt has met its clock")
        assert town.sql(met, delivery)[0][0] == "met"
        for way in ({}, place.mutual):
            found = place.found(**way, SHAREWELL_ENVIRONMENT="production", SHAREWELL_STEPPED_TIME="false")
            assert {"PostgreSQL", "Kafka", "Topics", "Kafka's clock", "Delivery"} <= found.keys()
            unwell = {name for name, one in found.items() if one["state"] != "ok"}
            assert unwell == (set() if place.database_has_tls else {"Security"})
            assert {one["exits"] for one in found.values()} == {0}
        assert place.sharewell("reconcile").exit_code == 0
        if place.database_has_tls:
            connected = town.sql(CONNECTED)
            assert {ssl for _, ssl in connected} == {True}
            assert {f"sharewell-{name}" for name in CONNECTIONS} <= {name for name, _ in connected}
        assert set(asyncio.run(workers.stop()).values()) == {0}
        assert "KafkaConnectionError" not in workers.logs(), "each client of each process was let in"
    finally:
        workers.kill_all()
    assert [secret for secret in SECRETS if secret in place.written()] == []


KAFKA = [
    ({"SASL_PASSWORD": WRONG}, "It refuses the user or the password.", "SHAREWELL_KAFKA_SASL_PASSWORD"),
    ({"SSL_CAFILE": "theirs.pem"}, "Its certificate is not from an authority", "SHAREWELL_KAFKA_SSL_CAFILE"),
    ({"SECURITY_PROTOCOL": "PLAINTEXT"}, "TLS may be spoken at that port.", "SHAREWELL_KAFKA_SECURITY_PROTOCOL"),
    ({"SASL_MECHANISM": "SCRAM-SHA-256"}, "It takes no password in this way.", "SHAREWELL_KAFKA_SASL_MECHANISM"),
]
POSTGRES = [
    ({"PASSWORD": ""}, "It asks for a password.", "SHAREWELL_POSTGRES_PASSWORD"),
    ({"PASSWORD": WRONG}, "It refuses the user or the password.", "SHAREWELL_POSTGRES_PASSWORD"),
    ({"SSLROOTCERT": "theirs.pem"}, "Its certificate is not from an authority", "SHAREWELL_POSTGRES_SSLROOTCERT"),
    ({"SSLMODE": "disable"}, "It takes no connection without TLS", "SHAREWELL_POSTGRES_SSLMODE"),
]


def setting_of(case: tuple[dict[str, str], str, str]) -> str:
    return next(iter(case[0]))


def given(place: Place, server: str, settings: dict[str, str]) -> dict[str, str]:
    """Settings as the environment has them; files are named by where they lie."""
    return {
        f"SHAREWELL_{server}_{name}": str(place.folder / value) if value.endswith(".pem") else value
        for name, value in settings.items()
    }


@pytest.mark.parametrize(("settings", "words", "mend"), KAFKA, ids=[*map(setting_of, KAFKA)])
def test_whom_kafka_does_not_let_in_is_told_what_to_mend(
    place: Place, settings: dict[str, str], words: str, mend: str
) -> None:
    environment = given(place, "KAFKA", settings)
    found = place.found(**environment)
    assert (found["Kafka"]["exits"], found["Kafka"]["state"], found["PostgreSQL"]["state"]) == (3, "fail", "ok")
    assert words in found["Kafka"]["words"]
    assert mend in found["Kafka"]["mend"]
    refused = place.sharewell("topics", **environment)
    assert refused.exit_code == 3
    assert "its SASL and TLS? See: sharewell doctor" in " ".join(refused.output.split())
    assert [secret for secret in SECRETS if secret in refused.output + str(found) + place.written()] == []


def test_mutual_tls_without_our_certificate_is_told_what_to_mend(place: Place) -> None:
    environment = {name: value for name, value in place.mutual.items() if not name.endswith(("CERTFILE", "KEYFILE"))}
    found = place.found(**environment)["Kafka"]
    assert (found["exits"], found["state"], found["words"]) == (3, "fail", "It hangs up as TLS begins.")
    assert "SHAREWELL_KAFKA_SSL_CERTFILE" in found["mend"]


@with_tls
@pytest.mark.parametrize(("settings", "words", "mend"), POSTGRES, ids=["no PASSWORD", *map(setting_of, POSTGRES[1:])])
def test_whom_postgresql_does_not_let_in_is_told_what_to_mend(
    place: Place, settings: dict[str, str], words: str, mend: str
) -> None:
    environment = given(place, "POSTGRES", settings)
    found = place.found(**environment)
    assert (found["PostgreSQL"]["exits"], found["PostgreSQL"]["state"], found["Kafka"]["state"]) == (3, "fail", "ok")
    assert words in found["PostgreSQL"]["words"]
    assert mend in found["PostgreSQL"]["mend"]
    refused = place.sharewell("reconcile", **environment)
    assert refused.exit_code == 3
    assert words in " ".join(refused.output.split())
    assert mend in refused.output
    assert [secret for secret in SECRETS if secret in refused.output + str(found) + place.written()] == []


@with_tls
def test_a_certificate_for_another_host_is_not_taken(place: Place) -> None:
    elsewhere = {"SHAREWELL_POSTGRES_DSN": place.postgres.dsn.replace(HOST, "localhost")}
    found = place.found(**elsewhere)["PostgreSQL"]
    assert (found["exits"], found["words"]) == (3, "Its certificate is for another host.")
    kafka = {"SHAREWELL_KAFKA_BOOTSTRAP": place.kafka.bootstrap.replace(HOST, "localhost")}
    found = place.found(**kafka)["Kafka"]
    assert (found["exits"], found["words"]) == (3, "Its certificate is for another host.")


def test_a_process_that_is_not_let_in_waits_loudly_and_writes_no_password(place: Place) -> None:
    (place.folder / "refused").mkdir()
    usual = {**place.town.environment, "SHAREWELL_LOG_LEVEL": "DEBUG"}
    workers = Workers(place.folder / "refused", usual, History(place.folder / "refused.jsonl"))
    try:
        (router,) = workers.add("router", SHAREWELL_KAFKA_SASL_PASSWORD=WRONG)
        router.start()
        place.until(lambda: "waiting for kafka" in workers.logs(), "it says that it waits for Kafka")
        if place.database_has_tls:
            workers.add("clocks", SHAREWELL_POSTGRES_PASSWORD=WRONG)[0].start()
            place.until(lambda: "waiting for the ledger" in workers.logs(), "it says that it waits for PostgreSQL")
        assert [worker.name for worker in workers.all.values() if not worker.runs] == []
        assert set(asyncio.run(workers.stop()).values()) == {0}
    finally:
        workers.kill_all()
    assert [secret for secret in SECRETS if secret in place.written()] == []
