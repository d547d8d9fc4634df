"""Values that must never come back in an error, and every place in a message where one can be put."""

import copy
from collections.abc import Iterator
from typing import Any

NAME = "Zebedee Quillfeather"
WORD = "zebedee"
NUMBER = "9990001235"
CANARIES = ("Zebedee", "zebedee", "Quillfeather", "9990001235", "99900012", "1873.25", "Xyzzy")

BAD_VALUES: tuple[Any, ...] = (
    NAME,
    NUMBER,
    WORD,
    int(NUMBER),
    1873.25,
    True,
    None,
    [NAME],
    {NAME: NAME},
    {WORD: NUMBER},
    {"absent": NAME},
    {"absent": "none", "Zebedee": 1},
    [],
    {},
    "",
    "Xyzzy" * 2000,
    "９９９０００１２３５",
    "2026-03-14T10:00:00",
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside a JSON document."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


def changed(document: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the document with one value replaced."""
    out = copy.deepcopy(document)
    at = out
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return out


def without(document: Any, *path: str | int) -> Any:
    """A copy of the document with one key taken out."""
    out = copy.deepcopy(document)
    at = out
    for part in path[:-1]:
        at = at[part]
    del at[path[-1]]
    return out
