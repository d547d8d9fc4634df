"""`sharewell up`: everything on this machine, until Ctrl-C: Kafka, PostgreSQL, a borough and the three roles."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from adapters.storage.migrations import migrate
from deploy.local import Stack, find_stack
from deploy.supervise import Roles

FOLDER = Path(".sharewell")
ADDRESSES = FOLDER / "up.env"
"""Where `up` writes the addresses it runs at, so that commands in another terminal find it."""

Say = Callable[[str], None]


def addresses(stack: Stack, environment: str, **more: str) -> dict[str, str]:
    """The settings that point a process at this stack."""
    return {
        "SHAREWELL_KAFKA_BOOTSTRAP": stack.kafka_bootstrap, "SHAREWELL_POSTGRES_DSN": stack.postgres_dsn,
        "SHAREWELL_ENVIRONMENT": environment, "SHAREWELL_KAFKA_REPLICATION": "1", **more,
    }


@contextmanager
def stack_with_ledger(folder: Path | None, say: Say) -> Iterator[Stack]:
    """A running Kafka and PostgreSQL with the ledger's schema in it."""
    with find_stack(folder, progress=say) as stack:
        applied = migrate(stack.postgres_dsn)
        say(f"the ledger's schema is current ({len(applied)} migrations applied)")
        yield stack


@contextmanager
def written(found: Mapping[str, str]) -> Iterator[Path]:
    """The addresses in a file while they hold."""
    ADDRESSES.parent.mkdir(exist_ok=True)
    ADDRESSES.write_text("".join(f"{name}={value}\n" for name, value in found.items()))
    try:
        yield ADDRESSES
    finally:
        ADDRESSES.unlink(missing_ok=True)


def keep_running(roles: Roles, say: Say) -> None:
    """Until Ctrl-C: start again what ends."""
    try:
        while True:
            time.sleep(1)
            for name in roles.keep():
                say(f"{name} ended by itself and was started again; see its log")
    except KeyboardInterrupt:
        say("stopping")
