"""What holds for every command: help that teaches, exit codes, errors in words that repeat nothing."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from contracts.register import PUBLISHED
from deploy.cli import app
from deploy.commands.ends import CUT, FAULT, explained

NUMBER = "9990000018"
EXAMPLE = str(PUBLISHED / "examples" / "receipt-1.json")


def leaves(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    command = command or get_command(app)
    for name, one in getattr(command, "commands", {}).items():
        if hasattr(one, "commands"):
            yield from leaves(one, (*path, name))
        else:
            yield (*path, name), one


COMMANDS = dict(leaves())
WITHOUT_JSON = {("asyncapi",), ("run",), ("up",)}


def run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(app, arguments, env=environment)


def test_every_command_of_the_issue_is_there() -> None:
    wanted = (
        "up run topics publish check contracts policy explain log queue show claim release receipt incidents replay"
        " reconcile asyncapi doctor story simulate new-flow asked chronology looked-after oversight"
    )
    assert {(name,) for name in wanted.split()} <= COMMANDS.keys()
    assert ("directory", "load") in COMMANDS
    for group, names in {
        "retention": "hold release holds",
        "tasks": "list claim release close match",
        "refused": "list claim close show",
        "destinations": "list pause resume",
    }.items():
        assert {(group, name) for name in names.split()} <= COMMANDS.keys()


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_teaches_with_an_example_and_says_what_the_exit_codes_mean(path: tuple[str, ...]) -> None:
    done = run(*path, "--help")
    assert done.exit_code == 0
    assert "Example" in done.output
    assert "Exit codes: 0" in done.output
    assert all(len(line) <= 100 for line in done.output.splitlines())


@pytest.mark.parametrize("path", sorted(COMMANDS.keys() - WITHOUT_JSON), ids=" ".join)
def test_every_command_that_tells_something_tells_it_as_json_too(path: tuple[str, ...]) -> None:
    assert "--json" in {opt for param in COMMANDS[path].params for opt in param.opts}


def test_help_comes_at_once() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = "from deploy.cli import app; app(['--help'])"
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5, "processor seconds"


def test_nothing_heavy_is_imported_for_help() -> None:
    code = (
        "import sys\nfrom deploy.cli import app\n"
        "try:\n    app(['log', '--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'psycopg','aiokafka','faststream','structlog','rich','orjson','router'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "typed",
    [
        ["show", NUMBER, "--why", "because"],
        ["log", NUMBER],
        ["log", "--child", NUMBER],
        ["log", "--event", "999 000 0018"],
        ["queue", "a-team", NUMBER],
        [NUMBER],
        ["tasks", NUMBER],
        ["claim", NUMBER, "--by", "A"],
        ["check", NUMBER],
        ["story", NUMBER, "--why", "because"],
        ["explain", NUMBER],
        ["log", "--limit", NUMBER],
        ["log", f"--{NUMBER}"],
        ["receipt", NUMBER, NUMBER, "--by", "A", "--role", "R"],
    ],
    ids=" ".join,
)
def test_what_was_typed_and_may_be_an_nhs_number_is_never_repeated(typed: list[str]) -> None:
    done = run(*typed, SHAREWELL_POSTGRES_DSN="postgresql://127.0.0.1:1/none")
    assert done.exit_code in (1, 2, 3)
    assert NUMBER not in done.output.replace(" ", "").replace("\n", "")


def test_a_database_that_is_away_is_exit_code_3_and_says_how_to_mend_it() -> None:
    for command in (["log"], ["queue", "x"], ["tasks"], ["refused"], ["destinations"], ["incidents"], ["reconcile"]):
        done = run(*command, SHAREWELL_POSTGRES_DSN="postgresql://127.0.0.1:1/none")
        assert (command, done.exit_code) == (command, 3)
        assert "The database does not answer." in done.output
        assert "SHAREWELL_POSTGRES_DSN" in done.output


@pytest.mark.parametrize(
    "typed",
    [
        ["policy"],
        ["policy", "--coverage"],
        ["policy", "--json"],
        ["contracts"],
        ["contracts", "receipt-1", "--example"],
        ["log", "--help"],
        ["check", EXAMPLE],
    ],
    ids=" ".join,
)
def test_whoever_stops_reading_ends_the_command_without_a_word(typed: list[str]) -> None:
    """`sharewell log | head -1`: as `git log` or `ls` would, and not as if something were wrong."""
    command = subprocess.Popen(
        [sys.executable, "-c", "from deploy.cli import app; app()", *typed],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert command.stdout is not None
    command.stdout.close()
    _, complaint = command.communicate(timeout=60)
    assert (command.returncode, complaint) == (CUT, b"")


def test_settings_that_do_not_go_together_are_told_without_their_values() -> None:
    done = run("log", SHAREWELL_KAFKA_SECURITY_PROTOCOL="SASL_SSL", SHAREWELL_KAFKA_SASL_PASSWORD="hush-hush")
    assert done.exit_code == 2
    assert "kafka_sasl_username" in done.output
    assert "hush-hush" not in done.output


def test_a_fault_of_ours_names_its_place_and_not_its_text() -> None:
    try:
        raise KeyError("Jude Marsh 9990001022")
    except KeyError as error:
        end = explained(error)
    assert end.code == FAULT
    assert "KeyError" in end.words
    assert "test_front" in end.words
    assert "Marsh" not in end.words + end.mend
