"""How a play of the demo or the month begins and ends: with a clean environment, and never without a word."""

import argparse
import os
import sys

import pytest

from deploy.demo.played import arguments, played
from deploy.kept import DidNotStart


def playing(monkeypatch: pytest.MonkeyPatch, *typed: str, failing: BaseException | None = None) -> tuple[int, str]:
    """The exit code, and what the play saw: its seed and its settings."""
    monkeypatch.setattr(sys, "argv", ["played", *typed])
    monkeypatch.setenv("SHAREWELL_ENVIRONMENT", "production")
    seen = []

    async def play(asked: argparse.Namespace) -> int:
        seen.append(f"{asked.seed} {[name for name in os.environ if name.startswith('SHAREWELL_')]}")
        if failing is not None:
            raise failing
        return 0

    return played(arguments("played", None, "morning"), play), seen[0]


def test_an_installations_own_settings_are_not_those_of_a_play(monkeypatch: pytest.MonkeyPatch) -> None:
    assert playing(monkeypatch, "--seed", "7") == (0, "7 []")


def test_what_nobody_foresaw_is_said_though_the_plays_log_is_gone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert playing(monkeypatch, failing=RuntimeError("no such column"))[0] == 1
    assert "no such column" in capsys.readouterr().err
    assert playing(monkeypatch, failing=DidNotStart("Kafka did not start"))[0] == 1
    assert capsys.readouterr().err == "Kafka did not start\n"
    assert playing(monkeypatch, failing=KeyboardInterrupt())[0] == 130
