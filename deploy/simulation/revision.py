"""A revision's process: started on a tree of code, fed with past events, ended with its owner."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson

from adapters.storage.period import PastEvent

_PROGRAM = Path(__file__).with_name("decider.py")
_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR")
"""All it is given of our environment: no address and no password of anything."""


class Broken(Exception):
    """A rule book that does not load, or a process that ended by itself; `args[0]` says why, and names nobody."""


class Revision:
    """One rule book in a process of its own; `version` is the book's, `wrong` what its own checks refuse in it."""

    def __init__(self, tree: Path, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-B", str(_PROGRAM), str(tree.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: environment[name] for name in _KEPT if name in environment},
        )
        said = self._answer()
        if "broken" in said:
            self.close()
            raise Broken(said["broken"])
        self.version: str = said["version"]
        self.wrong: tuple[str, ...] = tuple(said["wrong"])
        self._covers: set[int] = set()

    def decide(self, events: Sequence[PastEvent], covers: Mapping[int, bytes]) -> list[dict[str, Any]]:
        """What this rule book makes of each event; blocks until all are decided."""
        new = {v: doc.decode() for v, doc in covers.items() if v not in self._covers}
        self._covers |= new.keys()
        asked = {"covers": {str(v): doc for v, doc in new.items()}, "events": [_asked(e) for e in events]}
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(orjson.dumps(asked) + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Broken("its process ended by itself") from None
        found: list[dict[str, Any]] = self._answer()
        return found

    def close(self) -> None:
        """End the process."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> "Revision":
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ended, whatever happened."""
        self.close()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.close()
            raise Broken("its process ended by itself")
        return orjson.loads(line)


def _asked(event: PastEvent) -> dict[str, Any]:
    return {
        "publisher": event.publisher,
        "topic": event.topic,
        "partition": event.partition,
        "offset": event.offset,
        "raw": event.raw.decode("latin-1"),
        "facts": orjson.Fragment(event.facts),
        "cover": event.cover,
        "families": {number: orjson.Fragment(doc) for number, doc in event.families.items()},
    }
