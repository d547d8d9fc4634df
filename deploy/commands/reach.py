"""What a command reaches for: settings, the database, Kafka, who is asking."""

import asyncio
import getpass
import os
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from deploy.commands.ends import USAGE, Ended

if TYPE_CHECKING:
    from adapters.storage.connect import Connection
    from adapters.storage.intake import Clock
    from adapters.storage.postgres import PostgresLedger
    from deploy.settings import Settings

T = TypeVar("T")


def settings() -> "Settings":
    """The settings of the environment; what is wrong with them is told by name, never by value."""
    from pydantic import ValidationError

    from deploy.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = [
            f"SHAREWELL_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise Ended(USAGE, "The settings do not go together.\n" + "\n".join(wrong), "Mend the environment.") from None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run one command's work to its end."""
    return asyncio.run(work)


def clock_of(chosen: "Settings") -> "Clock":
    """The one `now`: the database's, or the stepped moment of the demo."""
    return "stepped" if chosen.stepped_time else None


@asynccontextmanager
async def database(chosen: "Settings | None" = None) -> AsyncIterator["Connection"]:
    """One connection; committed on a clean exit, rolled back on any error."""
    import psycopg

    chosen = chosen or settings()
    connection = await psycopg.AsyncConnection.connect(
        chosen.postgres("sharewell-command"), connect_timeout=5, options="-c timezone=UTC"
    )
    async with connection:
        yield connection


@asynccontextmanager
async def ledger(chosen: "Settings | None" = None) -> AsyncIterator["PostgresLedger"]:
    """The ledger as the processes use it, for what goes through the router's own steps."""
    from adapters.storage.connect import make_pool
    from adapters.storage.postgres import PostgresLedger

    chosen = chosen or settings()
    async with database(chosen):  # a database that is away says so at once, and not after the pool's patience
        pass
    pool = make_pool(chosen.postgres("sharewell-command"), 2)
    await pool.open()
    try:
        yield PostgresLedger(pool, clock_of(chosen))
    finally:
        await pool.close()


def person(by: str | None) -> str:
    """The named person who does something: who was typed, else who is asking. A blank name is nobody's."""
    if by is None:
        return who()
    if not by.strip():
        raise Ended(USAGE, "--by names nobody.", 'Give your name: --by "J Hart".')
    return by.strip()


def who() -> str:
    """Who is at the keyboard: SHAREWELL_WHO, or the name of the account."""
    if named := os.environ.get("SHAREWELL_WHO", "").strip():
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "an account without a name"
