"""What is expected then, by when, and who hears of it when it does not come: the clocks of the rule book."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from contracts.parts.event import EventData
from contracts.parts.services import Service
from router.policy.gaps import Condition, Gap
from router.policy.owners import Rung
from router.policy.tables import Table
from router.policy.working_time import Term

Doing = Literal["acknowledge", "file", "act", "take", "answer", "happen"]
Kind = type[EventData] | str
"""An event, or the name that some events are `taken_as`."""


@dataclass(frozen=True, slots=True, eq=False)
class Expect:
    """A clock: what starts it, what meets it, each rung's duration and owner; the task stays open after the last."""

    service: Service | None
    """The recipients whose deliveries start it; None: the event itself starts it."""
    to: Doing
    within: Term | Table
    else_tell: tuple[Rung, ...]
    because: Gap
    conditions: tuple[Condition, ...] = ()
    met_by: tuple[Kind, ...] = ()
    """Events (or kinds of one) that meet it, about the same child and the same `thing`."""
    at_once_on: tuple[type[EventData], ...] = ()
    """Events about the same thing after which it may not run on: it fires at once."""
    starts_at: str = "kept"
    """kept: when the delivery is kept; event: when it happened; else the field of the event whose day it is."""
    name: str = ""
    each: str | None = None
    """A list of the event (agreed actions): one clock for each item, on its owner, due on the item's own day."""
    paused_by: tuple[Kind, ...] = ()
    """Events about the same thing that stop the time, with a reason; what is left is kept."""
    resumed_by: tuple[Kind, ...] = ()
    re_rated_by: tuple[type[EventData], ...] = ()
    """Events about the same thing that set its term anew by the table: shorter at once, or longer."""

    the_next: bool = False
    """Only an event later than the one that starts it meets it: the next of its kind."""
    back: bool = False
    """It waits for whoever a row tells back, of whatever service (`tell_back` without a service)."""
    names_nobody: bool = False
    """Its ladder does not say which child it is about: whoever hears of it may not know of the contact (rule E)."""
    whole_days: bool = False
    """Its working days are counted from a day of which nobody knows the hour: the last is in time until it closes."""
    before: tuple[str, Term] | None = None
    """The field of the event with the moment it must be met before, and how long before that somebody must hear."""

    @property
    def on_whoever(self) -> bool:
        """Whether it is on the delivery of whoever is told (or owns an item), not on one service's."""
        return self.service is None and not self.back and (self.to != "happen" or self.each is not None)

    @property
    def words(self) -> str:
        """What is expected, as the rule book prints it."""
        if self.to == "happen":
            return self.name
        verb = {
            "acknowledge": "acknowledges",
            "file": "files in the record",
            "act": "acts and says with what outcome",
            "take": "or another who is told takes it on",
            "answer": "answers",
        }
        who = self.service.words if self.service else "the sender of the first" if self.back else "whoever is told"
        return self.name or f"{who} {verb[self.to]}"


def kinds(named: Iterable[Kind]) -> tuple[str, ...]:
    """Events, and names that they are taken as, the way a child's history has them."""
    return tuple(k if isinstance(k, str) else k.event_type for k in named)


def expect(
    service: Service | None,
    *conditions: Condition,
    to: Doing,
    within: Term | Table,
    else_tell: tuple[Rung, ...],
    because: Gap,
    met_by: tuple[Kind, ...] = (),
    at_once_on: tuple[type[EventData], ...] = (),
    starts_at: str = "kept",
    name: str = "",
    each: str | None = None,
    paused_by: tuple[Kind, ...] = (),
    resumed_by: tuple[Kind, ...] = (),
    re_rated_by: tuple[type[EventData], ...] = (),
    the_next: bool = False,
    names_nobody: bool = False,
    whole_days: bool = False,
    before: tuple[str, Term] | None = None,
) -> Expect:
    """A clock on every delivery to `service` (or on the event itself), met by a person or by a named event.

    `each="actions"` is a clock for each agreed action, on the service that owns it (of `service` alone, or of any),
    due at the end of the item's own day, or `within` where it names none; met by its `acted`, or by an update in
    which the item is done or gone. `to="answer"` is met by the event `met_by` of the very team that was asked.
    `to="take"` is met when anybody who was told of the same takes it on (`acted`, accepted); it fires at once when
    `service` declines. `met_by`, `paused_by` and `resumed_by` may name one kind of an event (`taken_as`). `within` may
    be a table of the event's ratings, and `re_rated_by` an event that rates the same thing anew.
    `before=("meets_at", working_hours(4))` is due so long before that moment at the latest, whatever `within` or an
    organisation says; at once where less is left. No later rung waits until after that moment."""
    return Expect(
        service, to, within, else_tell, because, conditions, met_by, at_once_on, starts_at, name, each, paused_by,
        resumed_by, re_rated_by, the_next, names_nobody=names_nobody, whole_days=whole_days, before=before,
    )  # fmt: skip
