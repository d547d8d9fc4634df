"""How teams answer over a month: as they do in the demo, but for the first of each kind, which nobody answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from deploy.borough.published import Published
from deploy.demo.manners import Manners
from deploy.demo.wire import Letter


@dataclass
class Forgetful(Manners):
    """Of each kind of summary the first that reaches a service lies unread, and so do the escalations about it.

    So do its corrections; where it is withdrawn, the next of its kind lies in its place."""

    _unread: dict[str, tuple[str, str]] = field(default_factory=dict)
    """The delivery that lies unread → its service and kind."""

    def answers(self, letter: Letter, now: datetime) -> Iterator[tuple[datetime, Published]]:
        """Every receipt that will follow, each with its moment."""
        data = letter.message["data"]
        if not letter.is_summary:
            self._unread.pop(data.get("withdraws", ""), None)
            return
        kind = (self.borough.team[letter.to].service.value, letter.message["type"])
        if kind not in self._unread.values() or data.get("replaces") in self._unread:
            self._unread[data["delivery_id"]] = kind
            return
        yield from super().answers(letter, now)
