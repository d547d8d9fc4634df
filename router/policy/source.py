"""The code that a rule book runs: its functions by name, and the text of their modules with all that those import."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from importlib.util import find_spec
from types import FunctionType, MethodType
from typing import Any

_IMPORTS = re.compile(r"^\s*(?:from|import) (router[\w.]*)", re.MULTILINE)


def functions_in(values: Iterable[Any]) -> list[FunctionType]:
    """Every function that these entries of the rule book hold, at whatever depth, also closed over by another."""
    found: dict[int, FunctionType] = {}
    left = list(values)
    while left:
        value = left.pop()
        if isinstance(value, MethodType):
            left += (value.__func__, value.__self__)
        elif isinstance(value, FunctionType) and id(value) not in found:
            found[id(value)] = value
            left += (cell.cell_contents for cell in value.__closure__ or ())
        elif isinstance(value, tuple | list | set | frozenset):
            left += value
        elif is_dataclass(value) and not isinstance(value, type):
            left += (getattr(value, field.name) for field in fields(value))
    return list(found.values())


def source_of(policies: Iterable[Any], modules: Iterable[str] = ()) -> Iterator[str]:
    """The text that decides what these policies do, in an order that is the same in every run and on every machine.

    As text, for compiled code differs between Pythons; whole modules with what they import of the router, for a
    condition asks the facts, and a version that changes too often is better than one version for two behaviours."""
    functions = functions_in(policies)
    yield from sorted({f"{f.__module__}.{f.__qualname__}" for f in functions})
    wanted, texts = [*modules, *(f.__module__ for f in functions)], dict[str, str]()
    while wanted:
        name = wanted.pop()
        if name not in texts:
            texts[name] = _text(name)
            wanted += _IMPORTS.findall(texts[name])
    yield from (part for name in sorted(texts) for part in (name, texts[name]))


def _text(name: str) -> str:
    """A module's text as Python reads it: decoded, and with one kind of line end."""
    found = find_spec(name)
    loader: Any = found.loader if found else None
    return (loader.get_source(name) if hasattr(loader, "get_source") else None) or ""
