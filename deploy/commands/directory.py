"""`sharewell directory`: load the people, teams and publishers that recipients are found from, and see who is in it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import TAKEN, WRONG, Ended
from deploy.commands.ids import the_service

if TYPE_CHECKING:
    from adapters.storage.directory import Loaded
    from adapters.storage.directory_file import Checked, Wrong
    from router.directory import Cover, Team

app = typer.Typer(help="The people, teams and publishers that recipients are found from.", no_args_is_help=True)
SHOWN = 20
ONE = {
    "areas": "area",
    "authorities": "authority",
    "organisations": "organisation",
    "practices": "practice",
    "schools": "school",
}


@app.command()
def load(
    file: Annotated[Path, typer.Argument(help="the directory file (NDJSON), or - for standard input")],
    json: Annotated[bool, typer.Option("--json", help="tell the result as JSON")] = False,
) -> None:
    """Load a directory file: teams and publishers in its first line, then a family a line.

    The first line may hold `terms` (durations and ladders that an organisation sets for itself, each from a day on)
    and `days` (worked or not, other than England's bank holidays say); see deploy/operations.md.

    Everything is checked before anything is written. Loading again replaces what the file names: only families that
    have changed get a new version, and what events and named persons taught the ledger stays.

    Example: python -m deploy.borough --out borough.ndjson; sharewell directory load borough.ndjson

    Exit codes: 0 loaded; 1 the file holds errors, nothing was written; 3 the database is away; 4 another load runs.
    """
    from adapters.storage.directory_file import check_file

    size = file.stat().st_size if str(file) != "-" else None
    read = 0
    with shown.progress("reading", quiet=json) as bar:

        def passed(count: int) -> None:
            nonlocal read
            read += count
            bar(read, size)

        checked = check_file(_lines(file), passed)
    if not checked.wrong:
        loaded = reach.run(_load(checked, json))
        if not loaded.wrong:
            _tell(loaded, json)
            return
        checked.wrong += loaded.wrong
    _refuse(checked.wrong, json)


def _lines(file: Path) -> Iterator[bytes]:
    if str(file) == "-":
        yield from sys.stdin.buffer
        return
    with file.open("rb") as opened:
        yield from opened


async def _load(checked: "Checked", quiet: bool) -> "Loaded":
    from adapters.storage.acts import Acts
    from adapters.storage.directory import AnotherLoad, load

    settings = reach.settings()
    async with reach.database(settings) as connection:
        with shown.progress("writing families", quiet=quiet) as bar:
            try:
                loaded = await load(connection, checked, reach.clock_of(settings), lambda done, of: bar(done, of))
            except AnotherLoad:
                raise Ended(TAKEN, "Another load is running.", "Wait for it; then load again.") from None
        if not loaded.wrong:
            what = f"directory load, version {loaded.version}"
            await Acts(connection, reach.clock_of(settings)).record(reach.who(), "directory", what)
        return loaded


def _tell(loaded: "Loaded", json: bool) -> None:
    if json:
        shown.as_json(loaded)
        return
    version = "a new version" if loaded.new_version else "as it was"
    shown.say(
        f"Teams and publishers: {loaded.teams} and {loaded.publishers} (version {loaded.version}, {version}).",
        f"Families: {loaded.new:,} new, {loaded.changed:,} changed, {loaded.unchanged:,} as they were; "
        f"{shown.count(loaded.people, 'person', 'people')} in the file.",
    )
    if loaded.not_in_file:
        people = shown.count(loaded.not_in_file, "person", "people")
        shown.say(f"{people} of the ledger are not in the file, and stay as they are.")
    shown.say("Next: sharewell topics")


def _refuse(wrong: "list[Wrong]", json: bool) -> None:
    from adapters.storage.directory_file import MEANINGS

    if json:
        shown.as_json({"errors": [{**w._asdict(), "meaning": MEANINGS[w.code]} for w in wrong]})
    else:
        for one in wrong[:SHOWN]:
            where = f" ({one.path})" if one.path else ""
            sys.stderr.write(f"line {one.line}: {one.code}{where}: {MEANINGS[one.code]}\n")
        if len(wrong) > SHOWN:
            sys.stderr.write(f"and {len(wrong) - SHOWN:,} more; --json tells all of them\n")
    raise Ended(WRONG, f"{shown.count(len(wrong), 'error')} in the file; nothing was written.", "Mend the file.")


@app.command()
def teams(
    service: Annotated[
        str | None, typer.Option(help="only of this service, by its short name such as HV", metavar="SERVICE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON, with every code that a team covers")] = False,
) -> None:
    """List the teams: what each covers, and whose it is to know when it does not answer.

    Example: sharewell directory teams --service HV

    Exit codes: 0 listed; 1 none is there; 2 there is no such service; 3 the database is away.
    """
    only = the_service(service) if service else None
    cover = reach.run(_cover())
    found = [t for t in cover.teams.values() if only in (None, t.service.value)]
    if json:
        shown.as_json({"version": cover.version, "teams": found})
    else:
        rows = [(t.id, t.service.value, t.name, t.organisation, _covers(t), t.lead or "nobody") for t in found]
        columns = ("Team", "Service", "Name", "Organisation", "Covers", "Its lead")
        shown.table(f"Teams ({len(rows)}), version {cover.version} of the directory", columns, rows, "There is none.")
    if not found:
        raise Ended(WRONG, "No such team is in the directory.", "Load a file that has one: sharewell directory load")


@app.command()
def publishers(json: Annotated[bool, typer.Option("--json", help="as JSON")] = False) -> None:
    """List the publishers: whose system each is, who answers for it, and when its silence is an alarm.

    Example: sharewell directory publishers

    Exit codes: 0 listed; 1 none is there; 3 the database is away.
    """
    cover = reach.run(_cover())
    found = list(cover.publishers.values())
    if json:
        shown.as_json({"version": cover.version, "publishers": found})
    else:
        rows = [
            (p.id, p.service.value, p.organisation, p.team, f"{p.usual_gap_hours:g} hours", p.quiet_until or "–")
            for p in found
        ]
        columns = ("Publisher", "Service", "Organisation", "Its team", "Silent after", "Quiet until")
        title = f"Publishers ({len(rows)}), version {cover.version} of the directory"
        shown.table(title, columns, rows, "There is none.")
    if not found:
        words = "No publisher is in the directory, so nothing can be taken in."
        raise Ended(WRONG, words, "Load a file that has one: sharewell directory load")


async def _cover() -> "Cover":
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        return await Reading(connection, reach.clock_of(settings)).cover()


def _covers(team: "Team") -> str:
    """How much a team covers, not which: a borough has hundreds of codes."""
    return ", ".join(shown.count(len(codes), ONE.get(many, many), many) for many, codes in team.covers.items()) or "–"
