"""`sharewell queue`: what waits for a team, due first; what is asked, and who has it."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ids import the_team
from deploy.commands.looking import WHY, looked

if TYPE_CHECKING:
    from adapters.storage.rows import QueueRow, TaskRow
    from deploy.settings import Settings

GROUPS = ("Overdue", "Due today", "Due tomorrow or later", "No date is set")
OWN_WORDS = "in the author's own words: see show"


def queue(
    team: Annotated[str, typer.Argument(help="the team's id in the directory")],
    why: Annotated[str | None, typer.Option(help=f"show the children's names; {WHY}", metavar="REASON")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="stay, and tell of each new item; Ctrl-C ends")] = False,
    every: Annotated[float, typer.Option(min=0.1, help="seconds between two looks of --follow")] = 5.0,
    looks: Annotated[int, typer.Option(hidden=True, help="end --follow after so many looks")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="at most so many, those due first")] = 50,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Show what waits for a person of this team: overdue first, then what is due, then the rest.

    Children are shown by their key; with --why by name, and the look is kept in the access record. Take one with
    `sharewell claim`, read it with `sharewell show`, answer it with `sharewell receipt`.

    Example: sharewell queue mash-dudley

    Exit codes: 0 shown, empty or not; 2 there is no such team; 3 the database is away.
    """
    settings = reach.settings()
    seen = _look(settings, team, why, limit, json, lambda _: True)
    count = 1
    while follow and (not looks or count < looks):
        try:
            time.sleep(every)
        except KeyboardInterrupt:
            return
        count += 1
        before = set(seen)
        seen |= _look(settings, team, None, limit, json, lambda id, known=before: id not in known, again=True)  # type: ignore[misc]


def _look(
    settings: "Settings",
    team: str,
    why: str | None,
    limit: int,
    json: bool,
    wanted: Callable[[str], bool],
    again: bool = False,
) -> set[str]:
    waiting, tasks, now, name, before = reach.run(_read(settings, team, why, limit))
    length = (waiting[0].waiting, waiting[0].unclaimed) if waiting else (0, 0)
    items = [item(row, now, why is not None, before.get(row.id)) for row in waiting if wanted(row.id)]
    if json:
        if items or not again:
            shown.as_json(
                {"team": team, "at": now, "waiting": length[0], "unclaimed": length[1], "items": items, "tasks": tasks}
            )
    elif not again:
        _tell(team, name, items, tasks, length, now)
    else:
        for one in items:
            child, id = shown.short(one["child"]), shown.short(one["id"])
            shown.say(f"New: {one['what']} about child {child}, {one['due_words']}; delivery {id}")
    return {row.id for row in waiting}


async def _read(
    settings: "Settings", team: str, why: str | None, limit: int
) -> "tuple[list[QueueRow], list[TaskRow], datetime, str, dict[str, dict[str, Any]]]":
    """What waits, the tasks, now, the team's name and, where names are shown, what each withdrawal takes back."""
    import orjson

    from adapters.storage.reading import Reading

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        named = await the_team(reading, team, closed_too=True)
        waiting = await reading.queue(named, limit)
        before: dict[str, dict[str, Any]] = {}
        if why is not None:
            children = len({row.child for row in waiting if row.child})
            await looked(
                connection, settings, why, f"queue of {named}: names of {shown.count(children, 'child', 'children')}"
            )
            for row in waiting:
                if (
                    row.kind == "withdrawal"
                    and (first := await reading.withdrawn_by(orjson.loads(row.body))) is not None
                ):
                    before[row.id] = first
        tasks = await reading.tasks(owner=named)
        cover = await reading.cover()
        name = cover.name(named) if named in cover.teams else f"{named}, which has left the directory"
        return waiting, tasks, await reading.now(), name, before


def item(row: "QueueRow", now: datetime, named: bool, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """One thing that waits, without its content; the child's name only where a reason was given. `before` is what a
    withdrawal takes back: it names nobody itself."""
    import orjson

    from router.moments import due_words, short_words
    from router.page_values import name_words

    data = orjson.loads(row.body)["data"]
    due = f"{short_words(row.due)} ({due_words(row.due, now)})" if row.due else "no date is set"
    found: dict[str, Any] = {
        "id": row.id,
        "kind": row.kind,
        "what": shown.kind_words(row.kind, row.type),
        "child": row.child,
        "asked": asked_of(row.kind, data),
        "due": row.due,
        "due_words": due,
        "group": group_of(row.due, now),
        "rungs_fired": row.rung,
        "claimed_by": row.claimed_by,
        "claimed_at": row.claimed_at,
        "answered": row.answered,
    }
    if named:
        told = (before or {}).get("data", {}) if row.kind == "withdrawal" else data
        child = told.get("child") or {}
        found["name"] = name_words(child.get("name")) if "name" in child or row.kind != "withdrawal" else None
    return found


def asked_of(kind: str, data: dict[str, Any]) -> list[str]:
    """What is asked, in the rule book's words; of what an author asked in free text only that there is something."""
    if kind == "escalation":
        return [str(data["asked"])]
    if kind == "withdrawal":
        return ["It no longer stands: note it in the record."]
    ours = book_asks()
    said = [one["what"] if one["what"] in ours else OWN_WORDS for one in data["asked"]]
    return list(dict.fromkeys(said))


def book_asks() -> frozenset[str]:
    """Every ask that stands in the rule book: words of ours, which name nobody."""
    from router.policy.book import rule_book

    return frozenset(row.ask.what for policy in rule_book().policies.values() for row in policy.shares if row.ask)


def group_of(due: datetime | None, now: datetime) -> str:
    """Which group of the queue it stands in, by London's day."""
    from router.moments import day_of

    if due is None:
        return GROUPS[3]
    if due < now:
        return GROUPS[0]
    return GROUPS[1] if day_of(due) == day_of(now) else GROUPS[2]


def _tell(
    team: str,
    name: str,
    items: list[dict[str, Any]],
    tasks: "Iterable[TaskRow]",
    length: tuple[int, int],
    now: datetime,
) -> None:
    from router.moments import due_words, moment_words

    overdue = sum(one["group"] == GROUPS[0] for one in items)
    shown.say(
        f"Queue of {name}: {length[0]:,} waiting, {overdue} overdue, {length[1]:,} with nobody. {moment_words(now)}."
    )
    if not items:
        shown.say("", f"  Nothing waits. What was answered before is in: sharewell log --team {team}")
    for group in GROUPS:
        rows = [_row(one) for one in items if one["group"] == group]
        if rows:
            shown.say("")
            shown.table(f"{group} ({len(rows)})", ("Due", "What", "Child", "Asked", "Who has it", "Delivery"), rows, "")
    found = list(tasks)
    if found:
        shown.say("")
        due = [due_words(t.due, now) if t.due else "no clock" for t in found]
        task_rows = [
            (d, t.kind, t.words, t.claimed_by or "nobody", shown.short(t.id)) for d, t in zip(due, found, strict=True)
        ]
        shown.table(f"Tasks of this team ({len(found)})", ("Due", "Kind", "What", "Who has it", "Task"), task_rows, "")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    child = one.get("name") or shown.short(one["child"])
    asked = "; ".join(one["asked"]) or "Nothing: for your record."
    if one["answered"]:
        asked += f" ({one['answered']})"
    climbed = f", step {one['rungs_fired']} of its ladder" if one["rungs_fired"] else ""
    return one["due_words"] + climbed, one["what"], child, asked, one["claimed_by"] or "nobody", shown.short(one["id"])
