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

    A text that orjson writes back with the same bytes holds each key once; only others are read slowly.
    Raises TypeError for a text nested deeper than orjson writes (254): no message of ours is, and such a one is an
    attack."""
    if orjson.dumps(parsed) == raw:
        return False
    try:
        json.loads(raw, object_pairs_hook=_once)
    except _Twice:
        return True
    return False
