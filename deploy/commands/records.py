"""Records in a file: one CloudEvent as JSON, or one a line (NDJSON); their bytes are kept as they are."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.commands.ends import USAGE, Ended


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it starts at, its bytes, and what JSON makes of them (nothing where it is no object)."""

    line: int
    raw: bytes
    parsed: dict[str, Any]

    def text(self, attribute: str) -> str | None:
        """An attribute of the envelope, where it is text."""
        value = self.parsed.get(attribute)
        return value if isinstance(value, str) else None


def records_in(file: Path) -> list[Record]:
    """Every record of a file, or of standard input for `-`. A file of which no line is an object is one record."""
    whole = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    if not whole.strip():
        raise Ended(USAGE, "There is nothing in the file.", "Give a CloudEvent as JSON, or one a line.")
    if (only := _object(whole)) is not None:
        return [Record(1, whole.strip(), only)]
    lines = [(number, line) for number, line in enumerate(whole.split(b"\n"), 1) if line.strip()]
    read = [Record(number, line.strip(), _object(line) or {}) for number, line in lines]
    return read if any(record.parsed for record in read) else [Record(1, whole.strip(), {})]


def _object(text: bytes) -> dict[str, Any] | None:
    import orjson

    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return parsed if isinstance(parsed, dict) else None
