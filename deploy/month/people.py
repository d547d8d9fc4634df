"""How teams answer over a month: as they do in the demo, but for the first of each kind, which nobody answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from deploy.borough.published import Published
from deploy.demo.manners import Manners
from deploy.demo.wire import Letter


@dataclass
class Forgetful(Manners):
    """Of each kind of summary the first that reaches a service lies unread, and so do the escalations about it."""

    _lying: set[tuple[str, str]] = field(default_factory=set)
    _unread: set[str] = field(default_factory=set)

    def answers(self, letter: Letter, now: datetime) -> Iterator[tuple[datetime, Published]]:
        """Every receipt that will follow, each with its moment."""
        data = letter.message["data"]
        if not letter.is_summary:
            return
        kind = (self.borough.team[letter.to].service.value, letter.message["type"])
        if kind not in self._lying:
            self._lying.add(kind)
            self._unread.add(data["delivery_id"])
            return
        yield from super().answers(letter, now)
