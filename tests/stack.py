"""One real Kafka and PostgreSQL for the whole run of tests, and a database of its own for each test."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.local import Stack, find_stack
from deploy.topics import Topic, make_topics

TEMPLATE = "sharewell_template"


@dataclass(frozen=True)
class Database:
    """A migrated, empty database."""

    name: str
    dsn: str


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Kafka and PostgreSQL, started when the first test asks."""
    with find_stack() as running:
        yield running


def elsewhere(dsn: str, database: str) -> str:
    """The same server, another database."""
    return make_conninfo(dsn, dbname=database)


def recreate(dsn: str, name: str, template: str = "template0") -> str:
    """Drop and create a database; its address."""
    with psycopg.connect(elsewhere(dsn, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    return elsewhere(dsn, name)


async def make_topic(bootstrap: str, name: str, partitions: int = 1) -> None:
    """Create a topic that can be used at once: the broker makes none by itself."""
    made = await make_topics({"bootstrap_servers": bootstrap}, [Topic(name, partitions, {})])
    assert made.created == [name]


@pytest.fixture(scope="session")
def template_database(stack: Stack) -> Iterator[str]:
    """A database that was migrated once, for others to be copied from."""
    from adapters.storage.migrations import migrate

    name = f"{TEMPLATE}_{uuid.uuid4().hex[:8]}"
    migrate(recreate(stack.postgres_dsn, name))
    yield name
    with psycopg.connect(elsewhere(stack.postgres_dsn, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def database(stack: Stack, template_database: str) -> Iterator[Database]:
    """A database of the test's own, gone when it ends."""
    name = f"sharewell_test_{uuid.uuid4().hex[:8]}"
    yield Database(name, recreate(stack.postgres_dsn, name, template_database))
    with psycopg.connect(elsewhere(stack.postgres_dsn, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
