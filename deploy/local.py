"""A real Kafka and a real PostgreSQL for tests, the demo and `sharewell up`, without Docker.

    with LocalStack() as stack:
        stack.kafka_bootstrap, stack.postgres_dsn

Both listen on the loopback address only, keep all they write under one folder, and end with this process, `kill -9`
of it included.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import psutil

from deploy.kept import DidNotStart
from deploy.local_kafka import LocalKafka
from deploy.local_postgres import LocalPostgres
from deploy.local_server import quiet

__all__ = ["DidNotStart", "Given", "LocalKafka", "LocalPostgres", "LocalStack", "NoStack", "Stack", "find_stack"]

TEMPORARY = "sharewell-stack-"


class NoStack(RuntimeError):
    """What was asked for cannot be had on this computer; the text says why."""


class Stack(Protocol):
    """Addresses of a running Kafka and a running PostgreSQL."""

    @property
    def kafka_bootstrap(self) -> str:
        """Where Kafka's clients connect, as `host:port`."""

    @property
    def postgres_dsn(self) -> str:
        """How to connect to the database."""


@dataclass(frozen=True)
class Given:
    """A stack that somebody else started."""

    kafka_bootstrap: str
    postgres_dsn: str


class LocalStack:
    """The embedded pair. Without a folder it lives in a temporary one, which is removed at the end."""

    def __init__(
        self, folder: Path | None = None, *, heap: str = "512m", progress: Callable[[str], None] = quiet
    ) -> None:
        self._temporary = folder is None
        self.folder = folder.resolve() if folder else _temporary_folder()
        self.kafka = LocalKafka(self.folder / "kafka", heap=heap, progress=progress)
        self.postgres = LocalPostgres(self.folder / "postgres", progress=progress)

    @property
    def kafka_bootstrap(self) -> str:
        """Where Kafka's clients connect, as `host:port`."""
        return self.kafka.bootstrap

    @property
    def postgres_dsn(self) -> str:
        """How to connect to the database `sharewell`."""
        return self.postgres.dsn

    def pids(self) -> list[int]:
        """Every process of the two that runs now."""
        return [*self.kafka.pids(), *self.postgres.pids()]

    def start(self) -> None:
        """Boot both at the same time; `DidNotStart`, with neither left running, where one fails."""
        try:
            with ThreadPoolExecutor(2) as both:
                for booting in [both.submit(self.kafka.start), both.submit(self.postgres.start)]:
                    booting.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both at the same time, and remove the folder if it was a temporary one."""
        with ThreadPoolExecutor(2) as both:
            both.submit(self.kafka.stop)
            both.submit(self.postgres.stop)
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _temporary_folder() -> Path:
    """A new folder, named after this process; those of processes that were killed are removed on the way."""
    for left in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*-*"):
        owner = left.name.removeprefix(TEMPORARY).partition("-")[0]
        if not owner.isdigit() or psutil.pid_exists(int(owner)):
            continue
        with suppress(FileNotFoundError):  # another run may be removing it
            if time.time() - left.stat().st_mtime > 60:
                shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{os.getpid()}-"))


@contextmanager
def find_stack(folder: Path | None = None, *, progress: Callable[[str], None] = quiet) -> Iterator[Stack]:
    """The stack to use here: addresses in the environment; containers where they are asked for; else the embedded pair.

    `NoStack` where containers are asked for (SHAREWELL_TEST_STACK=containers) and no engine answers, or where the
    environment names only one of the two addresses.
    """
    bootstrap = os.environ.get("SHAREWELL_KAFKA_BOOTSTRAP", "")
    dsn = os.environ.get("SHAREWELL_POSTGRES_DSN", "")
    if bootstrap and dsn:
        yield Given(bootstrap, dsn)
    elif bootstrap or dsn:
        raise NoStack("set both SHAREWELL_KAFKA_BOOTSTRAP and SHAREWELL_POSTGRES_DSN, or neither")
    elif containers_wanted():
        with _containers() as stack:
            yield stack
    else:
        with LocalStack(folder, progress=progress) as stack:
            yield stack


def containers_wanted() -> bool:
    """Whether SHAREWELL_TEST_STACK=containers, and no addresses are given, which come first."""
    return os.environ.get("SHAREWELL_TEST_STACK") == "containers" and "SHAREWELL_KAFKA_BOOTSTRAP" not in os.environ


def engine_answers() -> bool:
    """Whether there is a Docker engine to start containers with."""
    import docker

    try:
        client = docker.from_env(timeout=5)
        with closing(client):
            return bool(client.ping())
    except docker.errors.DockerException:
        return False


@contextmanager
def _containers() -> Iterator[Given]:
    """Kafka and PostgreSQL as containers. Not verified: written where no Docker engine was to be had."""
    from testcontainers.kafka import KafkaContainer
    from testcontainers.postgres import PostgresContainer

    if not engine_answers():
        raise NoStack("containers were asked for, and no Docker engine answers")
    kafka = KafkaContainer("apache/kafka:4.1.1").with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
    with kafka, PostgresContainer("postgres:18", driver=None) as postgres:
        yield Given(kafka.get_bootstrap_server(), postgres.get_connection_url())
