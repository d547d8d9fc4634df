"""`sharewell show`: one delivery as the page its team reads, after the look was recorded."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import WRONG, Ended
from deploy.commands.ids import the_one
from deploy.commands.looking import WHY, looked

if TYPE_CHECKING:
    from deploy.settings import Settings


def show(
    delivery: Annotated[str, typer.Argument(help="the delivery's id, or its first letters")],
    why: Annotated[str, typer.Option(help=WHY, metavar="REASON")],
    json: Annotated[bool, typer.Option("--json", help="the message itself, as JSON")] = False,
) -> None:
    """Show what a team is told, on one page: who, why them, what is asked, what happened, what was withheld.

    Who looked, why and at what is kept before anything is shown.

    Example: sharewell show 8b746ea6 --why "the health visitor could not open it"

    Exit codes: 0 shown; 1 there is no such delivery; 2 not understood; 3 the database is away.
    """
    from router.page import page

    message, withdrawn = reach.run(_read(reach.settings(), delivery, why))
    if json:
        shown.as_json(message)
        return
    shown.say(page(message).rstrip())
    if withdrawn:
        shown.say("", *_was(withdrawn))


def _was(withdrawn: dict[str, Any]) -> list[str]:
    """What a withdrawal takes back, as its reader knew it: the message itself holds no content (invariant 4)."""
    from datetime import date

    from router.moments import day_words
    from router.page import page
    from router.page_values import name_words, wrapped

    child = withdrawn["data"].get("child") or {}
    born = f", born {day_words(date.fromisoformat(child['birth_date']))}" if child.get("birth_date") else ""
    about = f", about {name_words(child.get('name'))}{born}" if child else ""
    number = f", number {int(withdrawn['sequence'])} to this team" if "sequence" in withdrawn else ""
    return wrapped(f"That was: “{page(withdrawn).splitlines()[0]}”{about}{number}.", shown.WIDTH, 0)


async def _read(settings: "Settings", typed: str, why: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The message, and of a withdrawal the one that it withdraws, where that is kept still."""
    from adapters.storage.reading import Reading

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        id = await the_one(reading, "delivery", typed)
        found = await reading.message(id)
        assert found is not None
        message, team, child = found
        if "type" not in message:
            raise Ended(WRONG, "Its content was deleted under the retention rule.", "It cannot be shown or sent again.")
        about = f", child {child}" if child else ""
        await looked(connection, settings, why, f"show delivery {id} to {team}{about}")
        return message, await reading.withdrawn_by(message) if message["type"] == "share-withdrawn-1" else None
