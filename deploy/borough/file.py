"""The directory file: NDJSON, one line of teams and publishers, then one line a family."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from deploy.borough.made import Borough
from router.directory import Cover, FamilyDoc


class UnreadableDirectory(ValueError):
    """A directory file that cannot be used; says which line and why, and never what the line holds."""


def lines(borough: Borough) -> Iterator[bytes]:
    """The file's lines, without their ends."""
    head = {
        "kind": "cover",
        "as_of": borough.today.isoformat(),
        "teams": [{k: v for k, v in asdict(team).items() if v not in ("", None, {})} for team in borough.teams],
        "publishers": [{k: v for k, v in asdict(p).items() if v is not None} for p in borough.publishers],
    }
    yield orjson.dumps(head)
    for family in borough.families:
        yield orjson.dumps({"kind": "family", **family})


def write(borough: Borough, path: Path) -> None:
    """Write the directory file; the same borough makes the same bytes."""
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in lines(borough))


def read(path: Path) -> Borough:
    """Read a directory file. Raises UnreadableDirectory, which names the line and no value of it."""
    with path.open("rb") as file:
        numbered = enumerate(file, 1)
        head = _record(1, next(numbered, (1, b""))[1], "cover")
        try:
            cover = Cover.read(1, head)
        except KeyError as missing:
            raise UnreadableDirectory(f"line 1: a team or publisher has no {missing}") from None
        except (TypeError, ValueError, AttributeError):
            raise UnreadableDirectory("line 1: a team or publisher is not of the right form") from None
        try:
            today = date.fromisoformat(head["as_of"])
        except (KeyError, TypeError, ValueError):
            raise UnreadableDirectory("line 1: as_of is not a date such as 2016-09-21") from None
        families = tuple(_family(n, line) for n, line in numbered if line.strip())
    return Borough(today, tuple(cover.teams.values()), tuple(cover.publishers.values()), families)


def _record(number: int, line: bytes, kind: str) -> dict[str, Any]:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise UnreadableDirectory(f"line {number}: not JSON") from None
    if not isinstance(record, dict) or record.get("kind") != kind:
        raise UnreadableDirectory(f'line {number}: is not of the kind "{kind}"')
    return record


def _family(number: int, line: bytes) -> FamilyDoc:
    people = _record(number, line, "family").get("people")
    if not isinstance(people, dict) or not people or not all(isinstance(doc, dict) for doc in people.values()):
        raise UnreadableDirectory(f"line {number}: people is not an object of one object a person")
    return {"people": people}
