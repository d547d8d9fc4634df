"""The directory file: what is written is read again, and a bad line is named without its content."""

import traceback
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.borough import UnreadableDirectory, generate, read, write
from deploy.borough.__main__ import app


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    borough = generate(children=300)
    write(borough, tmp_path / "borough.ndjson")
    again = read(tmp_path / "borough.ndjson")
    assert again == borough
    write(again, tmp_path / "again.ndjson")
    assert (tmp_path / "again.ndjson").read_bytes() == (tmp_path / "borough.ndjson").read_bytes()


@pytest.mark.parametrize(
    ("line", "bad", "said"),
    [
        (3, b'{"kind":"family","people":{"x":{"nhs":"9990000018"', "line 3: not JSON"),
        (4, b'{"kind":"household","people":{"9990000018":{}}}', 'line 4: is not of the kind "family"'),
        (2, b'{"kind":"family","people":["9990000018"]}', "line 2: people is not"),
        (1, b'{"kind":"cover","teams":[{"id":"9990000018"}]}', "line 1: a team or publisher has no 'service'"),
        (1, b'{"kind":"cover","as_of":"9990000018"}', "line 1: as_of is not a date"),
        (1, b"", "line 1: not JSON"),
    ],
)
def test_a_bad_line_is_named_and_never_quoted(tmp_path: Path, line: int, bad: bytes, said: str) -> None:
    path = tmp_path / "borough.ndjson"
    write(generate(children=100), path)
    good = path.read_bytes().split(b"\n")
    good[line - 1] = bad
    path.write_bytes(b"\n".join(good))
    with pytest.raises(UnreadableDirectory) as refused:
        read(path)
    assert str(refused.value).startswith(said)
    assert "9990000018" not in str(refused.value)
    assert "9990000018" not in "".join(traceback.format_exception_only(refused.value))
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_the_command_writes_the_file_and_says_what_is_in_it(tmp_path: Path) -> None:
    out = tmp_path / "borough.ndjson"
    done = CliRunner().invoke(app, ["--seed", "3", "--children", "200", "--today", "2017-01-31", "--out", str(out)])
    assert done.exit_code == 0
    assert "people in" in done.output
    assert read(out).today.isoformat() == "2017-01-31"
