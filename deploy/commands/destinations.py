"""`sharewell destinations` and `incidents`: where deliveries go, what waits there, and what went wrong."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.claims import By, Json
from deploy.commands.ends import TAKEN, Ended
from deploy.commands.ids import the_team
from deploy.commands.looking import reason

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.storage.acts import Act
    from adapters.storage.rows import DestinationRow, IncidentRow

app = typer.Typer(
    help="Where deliveries go, and what waits there. Without a further word: list them.", invoke_without_command=True
)
Team = Annotated[str, typer.Argument(help="the team's id in the directory")]


@app.callback()
def destinations(context: typer.Context, json: Json = False) -> None:
    """Where deliveries go, and what waits there. Without a further word: list them."""
    if context.invoked_subcommand is None:
        list_destinations(json=json)


@app.command("list")
def list_destinations(json: Json = False) -> None:
    """List every destination that has a backlog, is paused, or failed lately.

    Example: sharewell destinations

    Exit codes: 0 listed; 3 the database is away.
    """
    found, now = reach.run(_read())
    if json:
        shown.as_json(found)
        return
    from router.moments import length_words

    rows = [
        (d.team, str(d.waiting), length_words(now - d.oldest) if d.oldest else "–", _state(d), d.last_error or "–")
        for d in found
    ]
    columns = ("Team", "Waiting", "Oldest", "State", "Last error")
    title = f"Destinations with something to say ({len(rows)})"
    shown.table(title, columns, rows, "Deliveries are running normally; nothing waits.", right=("Waiting",))


def _state(d: "DestinationRow") -> str:
    from router.moments import short_words

    if d.paused_at is not None:
        return f"paused by {d.paused_by}, {short_words(d.paused_at)}: {d.paused_reason}"
    if d.hold_until is not None:
        return f"tried again at {short_words(d.hold_until)}, {shown.count(d.failures, 'failure')}"
    return "running"


async def _read() -> "tuple[list[DestinationRow], datetime]":
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        return await reading.destinations(), await reading.now()


@app.command()
def pause(
    team: Team,
    why: Annotated[str, typer.Option(help="why; everybody who looks sees it", metavar="REASON")],
    by: By = None,
    json: Json = False,
) -> None:
    """Send nothing more to a team for now. What waits is held in order, and its clocks run on.

    Example: sharewell destinations pause gp-castle --why "their system is away until noon" --by "R Shah"

    Exit codes: 0 paused; 2 there is no such team; 4 it was paused already, and by whom.
    """
    person, said = reach.person(by), reason(why)
    act = reach.run(_act(team, "pause", person, said))
    if json:
        shown.as_json({"team": team, "done": act.done, "paused_by": act.holder, "paused_at": act.since})
    if not act.done:
        from router.moments import moment_words

        since = f" on {moment_words(act.since)}" if act.since else ""
        raise Ended(
            TAKEN, f"It was paused before, by {act.holder}{since}.", f"Send on: sharewell destinations resume {team}"
        )
    if not json:
        shown.say(f"Paused: nothing more is sent to {team}. Its clocks run on.")


@app.command()
def resume(team: Team, by: By = None, json: Json = False) -> None:
    """Send on what was held for a team, in its old order.

    Example: sharewell destinations resume gp-castle --by "R Shah"

    Exit codes: 0 resumed; 2 there is no such team; 4 it is not paused.
    """
    act = reach.run(_act(team, "resume", reach.person(by), ""))
    if json:
        shown.as_json({"team": team, "done": act.done})
    if not act.done:
        raise Ended(TAKEN, "It is not paused.", "See: sharewell destinations")
    if not json:
        shown.say(f"Resumed: {team} is sent what waited for it.")


async def _act(typed: str, act: str, by: str, why: str) -> "Act":
    from adapters.storage.acts import Acts
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        team = await the_team(Reading(connection), typed, closed_too=True)
        acts = Acts(connection, reach.clock_of(settings))
        done = await acts.pause(team, by, why) if act == "pause" else await acts.resume(team)
        if done.done:
            await acts.record(by, why or "its deliveries can go on", f"{act} destination {team}")
            await acts.wake()
        return done


def incidents(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many, the newest")] = 50, json: Json = False
) -> None:
    """List what must be looked into: summaries in the wrong place, answers for others, systems that could not take one.

    Example: sharewell incidents

    Exit codes: 0 listed; 3 the database is away.
    """
    found = reach.run(_incidents(limit))
    if json:
        shown.as_json(found)
        return
    from router.moments import short_words

    rows = [(short_words(i.at), i.kind, i.words, i.team or "–", shown.short(i.delivery)) for i in found]
    title = f"Incidents ({len(rows)})"
    shown.table(title, ("When", "Kind", "What", "Team", "Delivery"), rows, "None has been recorded.")


async def _incidents(limit: int) -> "list[IncidentRow]":
    from adapters.storage.reading import Reading

    async with reach.database() as connection:
        return await Reading(connection).incidents(limit)
