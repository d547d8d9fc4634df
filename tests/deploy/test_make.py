"""What `make` does before anything is installed."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_install_leaves_a_linked_environment_of_another_checkout_alone(tmp_path: Path) -> None:
    other, here = tmp_path / "other" / ".venv", tmp_path / "here"
    python = other / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path / "ran"}\n')
    python.chmod(0o755)
    here.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, here)
    (here / ".venv").symlink_to(other)

    ended = subprocess.run(["make", "-C", str(here), "install"], capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert ".venv is a symbolic link: what it leads to is another checkout's" in ended.stdout
    assert not (tmp_path / "ran").exists()
    assert not (other / ".installed").exists()
