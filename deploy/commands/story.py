"""`sharewell story`: one child's story in plain English, from the ledger."""

import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import WRONG, Ended
from deploy.commands.ids import the_one
from deploy.commands.looking import WHY, looked

if TYPE_CHECKING:
    from deploy.settings import Settings
    from deploy.story import Story


def story(
    child: Annotated[str, typer.Argument(help="the child's key, as lists show it, or its first letters")],
    why: Annotated[str, typer.Option(help=WHY, metavar="REASON")],
    json: Annotated[bool, typer.Option("--json", help="what the story is made of, as JSON")] = False,
) -> None:
    """Tell one child's story: every event, who was told and as what, what they answered, which clocks ran and fired.

    It names the child, so the look is recorded first. The key stands in `sharewell log`; by NHS number it is found
    with `sharewell log --child`.

    Example: sharewell story 8f6d0558 --why "case discussion"

    Exit codes: 0 told; 1 there is no such child; 3 the database is away.
    """
    found = reach.run(_read(reach.settings(), child, why))
    if json:
        shown.as_json(
            {
                "child": found.child,
                "events": found.events,
                "told": found.told,
                "clocks": found.clocks,
                "tasks": found.tasks,
            }
        )
        return
    from deploy.story import tell

    for line in tell(found):
        indent = len(line) - len(line.lstrip())
        shown.say(*(textwrap.wrap(line, shown.WIDTH, subsequent_indent=" " * (indent + 2)) or [""]))


async def _read(settings: "Settings", typed: str, why: str) -> "Story":
    from adapters.storage.reading import Reading
    from deploy.story import read_story

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        child = await the_one(reading, "person", typed)
        await looked(connection, settings, why, f"story of child {child}")
        found = await read_story(reading, child)
        if found is None:
            raise Ended(WRONG, "There is no such child.", "See: sharewell log")
        return found
