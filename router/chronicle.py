"""What a ledger has about one child: its place today, and every event with the facts as they were then."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from router.directory import Cover, PersonDoc
from router.events import Event
from router.facts import Facts
from router.moments import day_of
from router.plan import task_left_by


class Told(NamedTuple):
    """A team that was sent a summary of an event about the child, and how far its answer came."""

    team: str
    state: str


class Noted(NamedTuple):
    """One event as the ledger keeps it, with the facts as they were then."""

    no: int
    event: Event
    facts: Facts
    told: tuple[Told, ...]


class Owed(NamedTuple):
    """A clock that nobody has met: running, paused, or past its last rung with its task still open."""

    event_no: int | None
    words: str
    team: str | None
    due: datetime
    """When its first rung is or was due: what was promised, and not when somebody is told next."""
    state: str = "running"
    """running, paused or exhausted."""


def is_owed(clock: str, state: str, task: str | None, open_tasks: Collection[str]) -> bool:
    """Whether somebody still owes what this clock waits for; `task` is the one that the clock itself chases.

    After the last rung it is owed for as long as the task is open that the clock left, or that it chased."""
    if state == "exhausted":
        return (task or task_left_by(clock)) in open_tasks
    return state in ("running", "paused")


@dataclass(frozen=True, slots=True)
class Chronicle:
    """All that a ledger has about one child: the child's place today, and every event since before birth."""

    child: str
    doc: PersonDoc
    mother: PersonDoc | None
    cover: Cover
    now: datetime
    noted: tuple[Noted, ...]
    owed: tuple[Owed, ...]


def ids_of(child: str, doc: PersonDoc) -> tuple[str, ...]:
    """Every id under which something about this child was kept: earlier numbers' records, the time before birth."""
    before = (doc["before_birth"],) if "before_birth" in doc else ()
    return (child, *doc.get("merged", ()), *before)


def is_of(doc: PersonDoc, id: str, at: datetime) -> bool:
    """Whether what was kept under `id` at that time is about the child with this file: twins share the time before."""
    return id != doc.get("before_birth") or day_of(at).isoformat() <= doc.get("born", "9999")
