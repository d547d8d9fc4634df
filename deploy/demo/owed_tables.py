"""The demo's tables of what is owed: tasks, clocks that ran out, refused records, and the account of everything."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from rich.console import Console
from rich.text import Text

from adapters.storage.rows import ClockRow, RefusalRow, TaskRow
from deploy.demo import words
from deploy.demo.accounted import Account
from deploy.demo.held import Held
from deploy.demo.table import Cell, show


def tasks(console: Console, held: Held) -> None:
    """What a named person must do, but for what was left by a clock: that is told with the clock."""
    left = sum(t.kind == "unanswered" and t.state != "closed" for t in held.tasks)
    show(
        console,
        "What no machine may decide: tasks",
        f"Each has an owner and a clock. Beside these, {left} stand open after the last rung of a clock (see below).",
        ("Raised", "Task", "With", "Stands"),
        (_task(held, t) for t in sorted(held.tasks, key=lambda t: t.raised_at) if t.kind != "unanswered"),
        widest=(10, 38, 22, None),
    )


def _task(held: Held, task: TaskRow) -> Sequence[Cell]:
    about = f" About {words.who(held, task.child, task.raised_at)}." if task.child else ""
    stands = Text("open", "yellow")
    if task.state == "closed":
        stands = Text(f"closed by {task.closed_by}: {task.reason}", "green")
    return words.day(task.raised_at), task.words + about, held.cover.name(task.owner), stands


def clocks(console: Console, held: Held) -> None:
    """Every clock that ran out: what was expected of whom, who was told when, how it ended."""
    ran = [c for c in held.clocks if c.task is None]
    show(
        console,
        "Clocks that ran out, and who was told",
        "Only a person's answer, or the event that policy names, meets a clock. After the last rung a task stays open.",
        ("Flow", "Expected", "About", "Told when it ran out", "Ended"),
        (_clock(held, list(same)) for _, same in groupby(ran, _alike)),
        widest=(4, 25, 21, 37, 8),
    )


def _alike(clock: ClockRow) -> tuple[object, ...]:
    """The clocks of brothers and sisters run together."""
    return clock.flow, clock.words, clock.team, str(clock.fired), clock.state


def _clock(held: Held, alike: Sequence[ClockRow]) -> Sequence[Cell]:
    clock = alike[0]
    team = held.cover.name(clock.team) if clock.team else ""
    expected = (
        clock.words if clock.needs == "happen" else f"{team} {'acts' if clock.needs == 'act' else f'{clock.needs}s'}"
    )
    about = "; ".join(words.who(held, c.child, c.starts) for c in alike if c.child)
    told = [
        f"{words.day_and_clock(datetime.fromisoformat(at))}: {held.cover.name(owner) if owner else 'nobody found'}"
        for at, owner in clock.fired
    ]
    ended = {"met": Text("met, late", "green"), "stopped": Text("stopped"), "running": Text("running", "yellow")}
    return clock.flow, expected, about, "\n".join(told), ended.get(clock.state, Text("a task", "yellow"))


def refused(console: Console, held: Held) -> None:
    """Every record that was not accepted, why, and what came of it."""
    show(
        console,
        "Records that were refused",
        "Each is kept, answered on status.<publisher>, and chased until a corrected one comes or a person closes it.",
        ("At", "Publisher", "What is wrong, and how to mend it", "Came of it"),
        ((words.clock(r.received_at), r.publisher, _problems(r), _mended(held, r)) for r in held.refusals),
    )


def _problems(refusal: RefusalRow) -> Text:
    return Text("\n").join(
        Text.assemble((p["code"], "bold"), f" {p['path']}: " if p["path"] else ": ", f"{p['message']} {p['mend']}")
        for p in refusal.problems
    )


def _mended(held: Held, refusal: RefusalRow) -> Text:
    told = [held.cover.name(o) for c in held.clocks if c.task == refusal.id for _, o in c.fired if o]
    chased = f"; told: {', '.join(dict.fromkeys(told))}" if told else ""
    match refusal.state:
        case "mended":
            return Text(f"mended: a corrected event came{chased}", "green")
        case "closed":
            return Text(f"closed by {refusal.closed_by}: {refusal.reason}{chased}", "green")
    return Text(f"open{chased}", "yellow")


def accounted(console: Console, accounts: Iterable[Account]) -> None:
    """What must hold, counted from the outside."""
    show(
        console,
        "Is everything accounted for?",
        "Counted at both ends of Kafka, and in the ledger.",
        ("What", "Counted", "Holds"),
        ((a.what, a.counted, _holds(a.wrong)) for a in accounts),
    )


def _holds(wrong: Sequence[str]) -> Text:
    return Text("\n".join(["NO", *wrong[:5]]), "bold red") if wrong else Text("yes", "green")
