"""Apache Kafka's jars: resolved once through jgo, each one held to the SHA-256 that is kept in the repository."""

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

KAFKA = "4.4.0"
LOG4J = "2.25.5"  # that of Kafka's own log4j-core
ENDPOINTS = (
    f"org.apache.kafka:kafka_2.13:{KAFKA}",
    # Kafka's artifact brings no SLF4J binding, and the broker would log nothing. Resolved apart: asked for together
    # with Kafka, its parent's list of versions replaces kafka-clients by an older one, and the broker dies.
    f"org.apache.logging.log4j:log4j-slf4j-impl:{LOG4J}",
)
SUMS = Path(__file__).with_name("kafka_jars.sha256")


class WrongJar(RuntimeError):
    """A jar is missing, unknown, or not the one that was pinned."""


def cache() -> Path:
    """Where what this computer downloaded or prepared once is kept; safe to delete."""
    folder = Path.home() / ".cache" / "sharewell"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Hold back other processes of this computer that prepare the same thing."""
    with (cache() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def jars(progress: Callable[[str], None]) -> list[Path]:
    """Every jar of the broker, checked; resolves and downloads them (about 20 s, 45 MB) where they are not there yet.

    A later call trusts a jar whose size and modification time are those of the one that was checked.
    """
    seen = cache() / f"kafka-{KAFKA}.json"
    pinned = hashlib.sha256(SUMS.read_bytes()).hexdigest()
    with one_at_a_time("kafka"):
        try:
            checked = json.loads(seen.read_text())
            if checked["pinned"] == pinned and checked["jars"] == [_look(Path(path)) for path, *_ in checked["jars"]]:
                return [Path(path) for path, *_ in checked["jars"]]
        except (OSError, ValueError, KeyError):
            pass
        progress(f"downloading Apache Kafka {KAFKA} (45 MB, this once)")
        found = resolve()
        verify(found)
        seen.write_text(json.dumps({"pinned": pinned, "jars": [_look(path) for path in found]}))
        return found


def _look(path: Path) -> list[str | int]:
    status = path.stat()
    return [str(path), status.st_size, status.st_mtime_ns]


def resolve() -> list[Path]:
    """Ask jgo for the broker and all it needs; unchecked."""
    from jgo.env import EnvironmentBuilder  # slow to import, and needed once a computer
    from jgo.maven import MavenContext

    builder = EnvironmentBuilder(context=MavenContext(), cache_dir=cache() / "jgo")
    found = [jar for endpoint in ENDPOINTS for jar in builder.from_endpoint(endpoint).all_jars]  # `classpath` lacks 42
    return sorted({jar.name: jar for jar in found}.values(), key=lambda jar: jar.name)


def verify(found: Iterable[Path]) -> None:
    """`WrongJar` unless these are exactly the pinned jars, byte for byte."""
    expected = {name: digest for digest, name in (line.split() for line in SUMS.read_text().splitlines())}
    actual = {path.name: digest_of(path) for path in found}
    if wrong := sorted(name for name in expected.keys() | actual.keys() if expected.get(name) != actual.get(name)):
        raise WrongJar(f"not the jars pinned in {SUMS.name}: {', '.join(wrong)}")


def digest_of(path: Path) -> str:
    """A file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pin() -> None:
    """Write down the jars that resolve today (`python -m deploy.kafka_jars`): a person's act, read in the diff."""
    SUMS.write_text("".join(f"{digest_of(path)}  {path.name}\n" for path in resolve()))


if __name__ == "__main__":
    pin()
