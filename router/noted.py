"""What a condition read: the event, the child and the facts behind glass that notes each look and names nobody."""

import re
from contextlib import suppress
from enum import Enum
from typing import Any

from contracts.parts.shape import Absent
from router.events import Event
from router.facts import Child, Facts
from router.policy.words import Condition

_CODED = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SHOWN_OF_CHILD = frozenset({"age", "unborn", "restricted"})


class Noted:
    """Stands in for one object; every attribute that is read is noted under a name in words."""

    def __init__(self, real: Any, what: str, notes: dict[str, str]) -> None:
        self._real, self._what, self._notes = real, what, notes

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """That of the object behind the glass, for whoever asks what kind it is."""
        return type(self._real)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        return self._note(name, value)

    def _note(self, name: str, value: Any) -> Any:
        self._notes[f"{self._what} {name.replace('_', ' ')}"] = harmless(value)
        return value


class NotedEvent(Noted):
    """An event: looks at its data are noted field by field."""

    def _note(self, name: str, value: Any) -> Any:
        return Noted(value, "the event's", self._notes) if name == "data" else super()._note(name, value)


class NotedChild(Noted):
    """A child: age and the like are noted, of its place in the file only which entries were looked at."""

    def _note(self, name: str, value: Any) -> Any:
        if name == "live_flags":
            return self._live_flags
        if name in _SHOWN_OF_CHILD:
            return super()._note(name, value)
        if name in ("doc", "mother"):
            self._notes.setdefault("the child's place in the directory", "looked at")
        return value

    def _live_flags(self, on: Any) -> Any:
        flags = self._real.live_flags(on)
        said = ", ".join(f"{f['kind'].replace('-', ' ')} since {f['since']}" for f in flags)
        self._notes["the child's live flags"] = said or "none"
        return flags


class NotedFacts(Noted):
    """The facts: that earlier events, the household or the directory were looked at, and how many were found."""

    def _note(self, name: str, value: Any) -> Any:
        if name == "earlier_of":
            return self._earlier_of
        if name in ("history", "families"):
            self._notes.setdefault({"history": "earlier events", "families": "the family's file"}[name], "looked at")
        return value

    def _earlier_of(self, child: str, types: Any, window_days: int, before: Any) -> Any:
        found = self._real.earlier_of(child, types, window_days, before)
        self._notes[f"earlier events in {window_days} days"] = str(len(found))
        return found


def harmless(value: Any) -> str:
    """A value that can name nobody, as text: numbers, choices and yes or no; of anything else that it is there."""
    match value:
        case None:
            return "not there"
        case bool():
            return "yes" if value else "no"
        case Absent():
            return value.absent.value.replace("-", " ")
        case Enum():
            return str(value.value)
        case int():
            return str(value)
        case str() if len(value) <= 40 and _CODED.fullmatch(value):
            return value.replace("-", " ")
    return "given"


def notes_of(condition: Condition, event: Event, child: Child, facts: Facts) -> dict[str, str]:
    """What a condition reads of its three arguments; what it read before it could not be followed, where it cannot."""
    notes: dict[str, str] = {}
    seen = NotedEvent(event, "the event's", notes), NotedChild(child, "the child's", notes)
    with suppress(Exception):
        condition(*seen, NotedFacts(facts, "the facts'", notes))
    return notes
