"""A town for each test: a database of its own, copied from one that holds the borough."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from deploy.local import Stack
from tests.cli.town import Town
from tests.stack import elsewhere, recreate


def _drop(dsn: str, name: str) -> None:
    with psycopg.connect(elsewhere(dsn, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def town_template(stack: Stack, template_database: str) -> Iterator[str]:
    """A database with the borough in its directory."""
    name = f"sharewell_town_{uuid.uuid4().hex[:8]}"
    Town(recreate(stack.postgres_dsn, name, template_database)).load()
    yield name
    _drop(stack.postgres_dsn, name)


@pytest.fixture(scope="module")
def shared_town(stack: Stack, town_template: str) -> Iterator[Town]:
    """One town for all tests of a module, which only look."""
    name = f"sharewell_test_{uuid.uuid4().hex[:8]}"
    yield Town(recreate(stack.postgres_dsn, name, town_template))
    _drop(stack.postgres_dsn, name)


@pytest.fixture
def town(stack: Stack, town_template: str) -> Iterator[Town]:
    """The borough's ledger, with the command line beside it."""
    name = f"sharewell_test_{uuid.uuid4().hex[:8]}"
    yield Town(recreate(stack.postgres_dsn, name, town_template))
    _drop(stack.postgres_dsn, name)
