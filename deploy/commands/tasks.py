"""`sharewell tasks`: what a person must decide or do; each is claimed and closed by a named person with a reason."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from deploy.commands import reach, shown
from deploy.commands.claims import By, InsteadOf, Json, WhatWasDone, act_on
from deploy.commands.ids import the_team
from deploy.commands.matching import match

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.storage.rows import TaskRow

app = typer.Typer(
    help="What a person must decide or do. Without a further word: list them.", invoke_without_command=True
)
Kind = Literal["nobody-found", "match", "unanswered", "not-ours", "not-filed", "conflict", "silent-publisher"]
Id = Annotated[str, typer.Argument(help="the task's id, or its first letters")]


@app.callback()
def tasks(context: typer.Context, json: Json = False) -> None:
    """What a person must decide or do. Without a further word: list them."""
    if context.invoked_subcommand is None:
        list_tasks(json=json)


@app.command("list")
def list_tasks(
    owner: Annotated[str | None, typer.Option(help="held by this team", metavar="TEAM")] = None,
    kind: Annotated[
        Kind | None,
        typer.Option(help="nobody-found, match, unanswered, not-ours, conflict …", metavar="KIND"),
    ] = None,
    closed: Annotated[bool, typer.Option("--closed", help="those that are closed as well")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many, those due first")] = 200,
    json: Json = False,
) -> None:
    """List tasks, those whose clock runs out first at the top.

    Example: sharewell tasks list --kind nobody-found

    Exit codes: 0 listed; 2 there is no such kind or team; 3 the database is away.
    """
    found, now = reach.run(_read(owner, kind, closed, limit))
    if json:
        shown.as_json(found)
        return
    from router.moments import due_words

    rows = [
        (
            shown.short(t.id),
            t.kind,
            t.words,
            shown.short(t.child),
            t.owner,
            f"closed by {t.closed_by}" if t.state == "closed" else t.claimed_by or "nobody",
            due_words(t.due, now) if t.due else "–" if t.state == "closed" else "no clock",
        )
        for t in found
    ]
    columns = ("Task", "Kind", "What", "Child", "Owner", "Who has it", "Due")
    shown.table(f"Tasks ({len(rows)})", columns, rows, "None matches." if owner or kind else "Nothing needs a person.")


async def _read(owner: str | None, kind: str | None, closed: bool, limit: int) -> "tuple[list[TaskRow], datetime]":
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        team = await the_team(reading, owner, closed_too=True) if owner else None
        return await reading.tasks(owner=team, kind=kind, closed=closed, limit=limit), await reading.now()


@app.command()
def claim(
    task: Id,
    by: By = None,
    instead_of: InsteadOf = None,
    json: Json = False,
) -> None:
    """Take a task on. Whoever is first has it.

    Example: sharewell tasks claim 51ac --by "J Hart"

    Exit codes: 0 it is yours; 1 there is no such task; 4 somebody else has it, or it is closed.
    """
    person = reach.person(by)
    act_on("task", task, json, f"Yours now: {person}.", lambda acts, id: acts.claim("task", id, person, instead_of))


@app.command()
def release(task: Id, by: By = None, json: Json = False) -> None:
    """Give a task back.

    Example: sharewell tasks release 51ac --by "J Hart"

    Exit codes: 0 given back; 1 there is no such task; 4 it is not yours.
    """
    person = reach.person(by)
    act_on("task", task, json, "Given back.", lambda acts, id: acts.release("task", id, person))


@app.command()
def close(
    task: Id,
    why: WhatWasDone,
    by: By = None,
    json: Json = False,
) -> None:
    """End a task, and its clock, with your name and a reason.

    Example: sharewell tasks close 51ac --why "rang the practice; the child is registered now" --by "J Hart"

    Exit codes: 0 closed; 1 there is no such task; 2 no reason; 4 somebody else has it, or it is closed already.
    """
    from deploy.commands.looking import reason

    person, said = reach.person(by), reason(why)
    act_on("task", task, json, f"Closed by {person}.", lambda acts, id: acts.close("task", id, person, said))


app.command()(match)
