"""The embedded Kafka and PostgreSQL: they keep their data through `kill -9`, and end with whoever started them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy import kafka_jars
from deploy.keeper import CAP_DAC_OVERRIDE
from deploy.local import Given, LocalKafka, LocalPostgres, LocalStack, NoStack, find_stack
from deploy.local_postgres import account, binaries
from deploy.ports import answers
from tests.stack import make_topic


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    with LocalStack(tmp_path_factory.mktemp("stack"), heap="256m") as running:
        yield running


async def produce(bootstrap: str, topic: str, *values: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        for value in values:
            await producer.send_and_wait(topic, value)


async def consume(bootstrap: str, topic: str, count: int) -> list[bytes]:
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        return [(await consumer.getone()).value for _ in range(count)]


async def test_a_record_goes_in_and_comes_out(pair: LocalStack) -> None:
    await make_topic(pair.kafka_bootstrap, "there-and-back")
    await produce(pair.kafka_bootstrap, "there-and-back", b"one", b"two")
    assert await consume(pair.kafka_bootstrap, "there-and-back", 2) == [b"one", b"two"]


def test_a_query_is_answered_and_commits_reach_the_disk(pair: LocalStack) -> None:
    with psycopg.connect(pair.postgres_dsn) as connection:
        shown = [
            connection.execute(f"show {name}").fetchone()
            for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "timezone")
        ]
    assert shown == [("on",), ("on",), ("on",), ("127.0.0.1",), ("UTC",)]


def test_they_listen_on_the_loopback_address_only(pair: LocalStack) -> None:
    listening = {
        connection.laddr.ip
        for pid in (pair.kafka.pid, pair.postgres.pid)
        for connection in psutil.Process(pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_their_processor_time_can_be_counted(pair: LocalStack) -> None:
    assert pair.kafka.pid in pair.pids()
    assert pair.postgres.pid in pair.pids()
    assert pair.kafka.cpu_seconds() > 0
    before = pair.postgres.cpu_seconds()
    with psycopg.connect(pair.postgres_dsn) as connection:
        connection.execute("select count(*) from generate_series(1, 3000000)")
    deadline = time.monotonic() + 10  # while it ends it is in neither its own account nor the server's
    while pair.postgres.cpu_seconds() <= before:
        assert time.monotonic() < deadline, "the back end has ended by now, and counts all the same"
        time.sleep(0.01)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands PostgreSQL over to another account")
def test_a_checkout_where_only_root_may_look_is_as_good_as_any(tmp_path: Path) -> None:
    closed = tmp_path / "root"
    closed.mkdir(mode=0o700)
    shutil.copytree(binaries().parent, closed / "pginstall")
    with LocalPostgres(tmp_path / "postgres", server=closed / "pginstall" / "bin" / "postgres") as server:
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        status = dict(line.split(":", 1) for line in Path(f"/proc/{server.pid}/status").read_text().splitlines())
    assert (int(status["CapEff"], 16), status["Uid"].split()[0]) == (1 << CAP_DAC_OVERRIDE, str(account()[0]))


async def test_a_killed_kafka_comes_back_on_its_port_with_its_records(pair: LocalStack) -> None:
    await make_topic(pair.kafka_bootstrap, "kept")
    await produce(pair.kafka_bootstrap, "kept", b"before")
    bootstrap, pid = pair.kafka_bootstrap, pair.kafka.pid
    pair.kafka.kill()
    assert not psutil.pid_exists(pid)
    assert not answers(pair.kafka.port)
    pair.kafka.start()
    assert pair.kafka_bootstrap == bootstrap
    await produce(bootstrap, "kept", b"after")
    assert await consume(bootstrap, "kept", 2) == [b"before", b"after"]


async def test_a_restarted_kafka_keeps_its_records(pair: LocalStack) -> None:
    await make_topic(pair.kafka_bootstrap, "restarted")
    await produce(pair.kafka_bootstrap, "restarted", b"before")
    pair.kafka.restart()
    assert await consume(pair.kafka_bootstrap, "restarted", 1) == [b"before"]


def test_a_killed_postgres_comes_back_on_its_port_while_old_back_ends_linger(pair: LocalStack) -> None:
    with psycopg.connect(pair.postgres_dsn, autocommit=True) as connection:
        connection.execute("create table kept (what text)")
        connection.execute("insert into kept values ('before')")
    busy = psycopg.connect(pair.postgres_dsn, autocommit=True)
    busy.pgconn.send_query(b"select count(*) from generate_series(1, 100000000000)")
    address = pair.postgres_dsn
    pair.postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=2)
    pair.postgres.start()
    assert pair.postgres_dsn == address
    with psycopg.connect(address) as connection:
        assert connection.execute("select what from kept").fetchall() == [("before",)]
    busy.close()


def test_a_start_of_what_runs_changes_nothing(pair: LocalStack) -> None:
    before = pair.kafka.pid, pair.postgres.pid
    pair.kafka.start()
    pair.postgres.start()
    assert (pair.kafka.pid, pair.postgres.pid) == before


STARTER = """
import sys, time
from pathlib import Path
from deploy.local import LocalStack
stack = LocalStack(Path(sys.argv[1]), heap="256m")
stack.start()
print(*stack.pids(), stack.kafka._kept._keeper.pid, stack.postgres._kept._keeper.pid, flush=True)
{then}
"""


@pytest.mark.parametrize(
    ("then", "number"),
    [("time.sleep(600)", signal.SIGKILL), ("time.sleep(600)", signal.SIGTERM), ("sys.exit(3)", None)],
    ids=["killed", "terminated", "left without stopping"],
)
def test_nothing_runs_on_when_the_starter_is_gone(tmp_path: Path, then: str, number: signal.Signals | None) -> None:
    program = [sys.executable, "-c", STARTER.format(then=then), str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pids = [int(pid) for pid in starter.stdout.readline().split()]
        assert len(pids) > 5
        if number:
            starter.send_signal(number)
        starter.wait(30)
    deadline = time.monotonic() + 10
    while left := [pid for pid in pids if psutil.pid_exists(pid)]:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.05)


def test_a_temporary_stack_leaves_no_folder() -> None:
    with LocalStack(heap="256m") as running:
        assert (running.folder / "kafka" / "data").is_dir()
    assert not running.folder.exists()


def test_given_addresses_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHAREWELL_KAFKA_BOOTSTRAP", "kafka.example:9092")
    monkeypatch.setenv("SHAREWELL_POSTGRES_DSN", "postgresql://db.example/x")
    with find_stack() as found:
        assert found == Given("kafka.example:9092", "postgresql://db.example/x")
    monkeypatch.delenv("SHAREWELL_POSTGRES_DSN")
    with pytest.raises(NoStack, match="both"), find_stack():
        pass


def test_a_changed_jar_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "kafka-clients-4.4.0.jar"
    changed.write_bytes(b"something else")
    with pytest.raises(kafka_jars.WrongJar, match=r"kafka-clients-4\.4\.0\.jar"):
        kafka_jars.verify([changed])


def test_a_folder_is_used_again_after_its_starter_is_gone(tmp_path: Path) -> None:
    for expected in ([(1,)], [(1,), (2,)]):
        postgres = LocalPostgres(tmp_path / "postgres")
        with postgres, psycopg.connect(postgres.dsn, autocommit=True) as connection:
            connection.execute("create table if not exists kept (n int generated always as identity)")
            connection.execute("insert into kept default values")
            assert connection.execute("select n from kept order by n").fetchall() == expected
    for _ in range(2):
        with LocalKafka(tmp_path / "kafka", heap="256m") as kafka:
            assert answers(kafka.port)
