"""Whether a JSON text says one key twice: parsers keep the last silently, and a concern could vanish that way."""

import json
from typing import Any

import orjson


class _Twice(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found


def has_duplicate_keys(raw: bytes, parsed: object) -> bool:
    """Whether any object in `raw` (valid JSON, already `parsed` by orjson) repeats a key.

    A text that orjson writes back with the same bytes holds each key once; only others are read slowly."""
    try:
        if orjson.dumps(parsed) == raw:
            return False
        json.loads(raw, object_pairs_hook=_once)
    except _Twice:
        return True
    return False


def is_too_deep(parsed: object) -> bool:
    """Whether it is nested deeper than orjson writes (254): no message of ours is, and such a text is an attack."""
    try:
        orjson.dumps(parsed)
    except TypeError:
        return True
    return False
