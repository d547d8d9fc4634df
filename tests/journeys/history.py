"""What happened in a journey, one JSON object a line: written as it happens, judged afterwards by `checker`."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

Line = dict[str, Any]


class History:
    """A growing file of lines; each has `t`, the seconds since it began, and `what`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._began = time.monotonic()
        self._file = path.open("ab")

    def add(self, what: str, **fields: Any) -> None:
        line = {"t": round(time.monotonic() - self._began, 3), "what": what, **fields}
        self._file.write(orjson.dumps(line, default=str) + b"\n")

    def lines(self, what: str) -> list[Line]:
        """Those of one kind until now."""
        self.flush()
        return [line for line in read(self.path) if line["what"] == what]

    def flush(self) -> None:
        self._file.flush()


def read(path: Path) -> Iterator[Line]:
    """The lines of a history file, in order."""
    with path.open("rb") as file:
        for line in file:
            yield orjson.loads(line)
