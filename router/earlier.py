"""What was kept before under the same record: who was told, which clocks run, who heard that nobody had answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery that still stands from an earlier event of the same record."""

    id: str
    child: str
    team: str


class Running(NamedTuple):
    """A clock of an earlier event of the same record that nobody has met; as JSON keeps it."""

    flow: str
    needs: str
    what: str
    """The agreed item that it is about; of no item, its words."""
    child: str | None
    team: str | None
    starts: str
    rung: int
    """The next rung: so many have fired."""
    due: str
    steps: list[list[str]]
    """When each rung is due, and who is told then."""
    turns: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was kept before under the same `record_id`."""

    sequence: str
    standing: tuple[Standing, ...] = ()
    running: tuple[Running, ...] = ()
    version: str | None = None
    """The newest sequence of an update or a cancellation, where there was one; no decision reads it, none keeps it."""

    def snapshot(self) -> dict[str, Any]:
        """The same as JSON; what is empty is left out, but for what always was there."""
        kept: dict[str, Any] = {
            "sequence": self.sequence,
            "standing": [[s.id, s.child, s.team] for s in self.standing],
        }
        if self.running:
            kept["running"] = [list(r) for r in self.running]
        return kept

    @classmethod
    def restore(cls, kept: Mapping[str, Any]) -> "Earlier":
        """From a snapshot; one that is older than a part of it has none of that part."""
        return cls(
            kept["sequence"],
            tuple(Standing(*s) for s in kept["standing"]),
            tuple(Running(*r) for r in kept.get("running", ())),
        )
