"""`sharewell up`: everything on this machine, until Ctrl-C: Kafka, PostgreSQL, a borough and the three roles."""

import asyncio
import fcntl
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from adapters.storage.migrations import migrate
from deploy.first_fill import fill
from deploy.local import Given, LocalStack, NoStack, Stack
from deploy.settings import Settings
from deploy.supervise import Roles

FOLDER = Path(".sharewell")
"""Where `up` keeps everything, under the folder that it was started in."""
ADDRESSES = FOLDER / "up.env"
"""Where `up` writes the addresses it runs at, so that commands in another terminal find it."""

Say = Callable[[str], None]


class AlreadyUp(RuntimeError):
    """Another `up` runs in this folder."""


def up(say: Say | None = None) -> int:
    """Run everything until Ctrl-C or SIGTERM; what was kept is there again at the next start. The exit code.

    Addresses that are set (in the environment or in `.env`) are used; otherwise a Kafka and a PostgreSQL of its own
    are started, with synthetic people and real time. Raises AlreadyUp."""
    say = say or _on_a_line
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    try:
        with _alone():
            own = Settings(_env_file=".env")  # not the addresses of an `up` that was killed
            with _stack(own, say) as stack:
                settings, environment = _pointed_at(stack, own)
                applied = migrate(settings.postgres("sharewell-up"))
                say(f"the ledger's tables are current ({len(applied)} migrations applied now)")
                example = asyncio.run(fill(settings, FOLDER, say))
                with Roles(environment, FOLDER / "logs") as roles, _written(environment):
                    for line in what_to_try(example):
                        say(line)
                    _keep_running(roles, say)
    except KeyboardInterrupt:
        pass
    say("stopped")
    return 0


def addresses(stack: Stack, environment: str, **more: str) -> dict[str, str]:
    """The settings that point a process at an embedded stack."""
    return {
        "SHAREWELL_KAFKA_BOOTSTRAP": stack.kafka_bootstrap,
        "SHAREWELL_POSTGRES_DSN": stack.postgres_dsn,
        "SHAREWELL_ENVIRONMENT": environment,
        "SHAREWELL_KAFKA_REPLICATION": "1",
        "SHAREWELL_KAFKA_SECURITY_PROTOCOL": "PLAINTEXT",
        **more,
    }


def what_to_try(example: Path | None) -> list[str]:
    """What a newcomer can type in another terminal; it is run by a test."""
    command = _command()
    tries = [("--help", "everything else")]
    if example is not None:
        tries = [
            (f"publish {example}", "a teenager was discharged from the emergency department"),
            ("log", "who was told, and how far each has come"),
            ('show DELIVERY --why "trying it out"', "what one of them was told, as a page"),
            ("explain EVENT", "why they and nobody else, row by row"),
            *tries,
        ]
    wide = max(len(words) for words, _ in tries) + 3
    return [
        "",
        "Sharewell is up. In another terminal, in this folder:",
        "",
        *(f"  {command} {words:<{wide}}{meaning}" for words, meaning in tries),
        "",
        f"Logs are in {FOLDER / 'logs'}. Ctrl-C stops everything; what was kept is there at the next start.",
    ]


def _command() -> str:
    """How `sharewell` is typed here."""
    beside = Path(sys.executable).with_name("sharewell")
    try:
        return str(beside.relative_to(Path.cwd()))
    except ValueError:
        return "sharewell"


@contextmanager
def _alone() -> Iterator[None]:
    """One `up` a folder."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(f"Sharewell is up already in {FOLDER.resolve()}") from None
        ADDRESSES.unlink(missing_ok=True)
        yield


@contextmanager
def _stack(own: Settings, say: Say) -> Iterator[Stack]:
    given = {"kafka_bootstrap", "postgres_dsn"} & own.model_fields_set
    if len(given) == 1:
        raise NoStack("set both SHAREWELL_KAFKA_BOOTSTRAP and SHAREWELL_POSTGRES_DSN, or neither")
    if given:
        yield Given(own.kafka_bootstrap, own.postgres())
    else:
        with LocalStack(FOLDER / "stack", progress=say) as stack:
            yield stack


def _pointed_at(stack: Stack, own: Settings) -> tuple[Settings, dict[str, str]]:
    """The settings for this stack, and what a process's environment lacks of them."""
    if isinstance(stack, Given):
        return own, {}
    environment = addresses(stack, "demo", SHAREWELL_STEPPED_TIME="false")
    values: dict[str, Any] = {name.removeprefix("SHAREWELL_").lower(): value for name, value in environment.items()}
    return Settings(_env_file=".env", **values), environment


@contextmanager
def _written(found: Mapping[str, str]) -> Iterator[None]:
    """The addresses in a file while they hold."""
    ADDRESSES.write_text("".join(f"{name}={value}\n" for name, value in found.items()))
    try:
        yield
    finally:
        ADDRESSES.unlink(missing_ok=True)


def _keep_running(roles: Roles, say: Say) -> None:
    """Until Ctrl-C: start again what ends."""
    try:
        while True:
            time.sleep(1)
            for name in roles.keep():
                say(f"{name} ended by itself and was started again; see its log")
    except KeyboardInterrupt:
        say("stopping")
        raise


def _on_a_line(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _as_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
