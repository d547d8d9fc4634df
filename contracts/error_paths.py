"""Where an error is, in the sender's terms and without a name that the sender made up: such a name may be a child's."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

HIDDEN = "<unknown field>"
"""Stands in a path for a name that is no word of any contract."""

_WORDS = re.compile(r"[A-Z]?[a-z]+")
_PLAIN = re.compile(r"[A-Za-z]+(_[A-Za-z]+)*")


class Where(NamedTuple):
    """A path that can be shown, and the known name that an unknown last part is nearest to."""

    path: str
    nearest: str | None = None


def where(loc: Sequence[int | str], prefix: str = "") -> Where:
    """`("subjects", 0, "nhs_number")` → `data.subjects[0].nhs_number`, with `prefix` data."""
    path, nearest = prefix, None
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part != "[key]":
            known = part in field_names()
            name = part if known or _is_of_our_words(part) else HIDDEN
            nearest = None if known else next(iter(get_close_matches(part[:40], sorted(field_names()), 1, 0.8)), None)
            path += f".{name}" if path else name
    return Where(path, nearest)


def _is_of_our_words(name: str) -> bool:
    """Whether every word of a name is one that contracts use: no child is called discharge_reason."""
    if len(name) > 40 or not _PLAIN.fullmatch(name):
        return False
    return all(word.lower() in _vocabulary() for word in _WORDS.findall(name))


@cache
def field_names() -> frozenset[str]:
    """Every name of a field or an attribute in any contract."""
    from contracts.parts.envelope import Envelope
    from contracts.register import all_types, model_of

    names: set[str] = set()
    seen: set[type[BaseModel]] = set()
    todo: list[Any] = [Envelope, *(model_of(name) for name in all_types())]
    while todo:
        kind = todo.pop()
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            todo += getattr(kind, "__args__", ())
        elif kind not in seen:
            seen.add(kind)
            names |= set(kind.model_fields)
            todo += [field.annotation for field in kind.model_fields.values()]
    return frozenset(names)


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(word for name in field_names() for word in name.split("_"))
