"""The code of a revision: what runs here, a folder with a rule book of its own, or a git revision laid out."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PARTS = ("contracts", "router")
_IGNORED = shutil.ignore_patterns("__pycache__")


class NoSuchRevision(Exception):
    """Neither a folder with a rule book nor a revision; `args[0]` says so in words."""


def here() -> Path:
    """Where the code that runs now stands."""
    import router.policy

    return Path(next(iter(router.policy.__path__))).parents[1]


@contextmanager
def tree_of(policy: str) -> Iterator[Path]:
    """A folder holding `contracts` and `router` of that revision; what had to be laid out is removed afterwards.

    A folder with nothing but `router/policy` is tried with the contracts and the router of here."""
    folder = Path(policy)
    with TemporaryDirectory(prefix="sharewell-policy-") as made:
        laid = Path(made)
        if folder.is_dir():
            _of_folder(folder, laid)
        else:
            _of_revision(policy, laid)
        yield laid


def _of_folder(folder: Path, laid: Path) -> None:
    rules = folder / "router" / "policy"
    if not any(rules.glob("*.py")):
        raise NoSuchRevision("The folder has no rule book: there is nothing in router/policy.")
    for part in PARTS:
        whole = (folder / part / ("decide.py" if part == "router" else "register.py")).exists()
        shutil.copytree((folder if whole else here()) / part, laid / part, ignore=_IGNORED)
    if not (folder / "router" / "decide.py").exists():
        shutil.rmtree(laid / "router" / "policy")
        shutil.copytree(rules, laid / "router" / "policy", ignore=_IGNORED)


def _of_revision(revision: str, laid: Path) -> None:
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise NoSuchRevision("That is neither a folder nor a revision that git knows here.")
    packed = _git("archive", "--format=tar", commit.decode().strip(), "--", *PARTS)
    if packed is None:
        raise NoSuchRevision("That revision has no contracts and router.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)  # new in 3.11.4
        archive.extractall(laid)  # noqa: S202 (git's own, of this repository)


def _git(*arguments: str) -> bytes | None:
    git = shutil.which("git")
    if git is None:
        raise NoSuchRevision("There is no git here to look a revision up with.")
    done = subprocess.run([git, "-C", str(here()), *arguments], capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None
