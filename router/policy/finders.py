"""Recipients that are found, not named by their service: a rule in words, and how it finds teams in the facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from contracts.parts.services import Service
from router.directory import Found, NobodyFound, Place

Usual = Callable[[Service], Found | NobodyFound]
"""The child's teams of a service, by the routing rules that a named recipient is found by (A, B, C)."""
Find = Callable[[Any, Any, Any, Usual], Iterable[Place] | Found | NobodyFound]
"""(event, child, facts, usual) → the teams, each with its relation, and why a person must look (rule G); pure."""


@dataclass(frozen=True, slots=True, eq=False)
class Finder:
    """Whom a row tells, in words that follow 'Tell'."""

    words: str
    find: Find


def finder(words: str) -> Callable[[Find], Finder]:
    """Name a way to find recipients, in words that a safeguarding lead reads."""
    return lambda find: Finder(words, find)
