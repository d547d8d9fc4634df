"""Named SQL: each query stands in a .sql file with its name and what it is for."""

import re
from functools import cache
from importlib.resources import files
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)[^\n]*\n", re.MULTILINE)


@cache
def queries(file: str, folder: str = "adapters.storage") -> dict[str, LiteralString]:
    """The queries of `<folder>/<file>.sql` by name; a name used twice is an error."""
    text = files(folder).joinpath(f"{file}.sql").read_text()
    parts = _NAME.split(text)[1:]
    names = parts[::2]
    if len(set(names)) != len(names):
        raise ValueError(f"a name is used twice in {file}.sql")
    return {name: cast(LiteralString, body.strip().rstrip(";")) for name, body in zip(names, parts[1::2], strict=True)}
