"""`sharewell chronology`: everything known about one child across services, as one team may read it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.ids import the_one, the_team
from deploy.commands.log import asked_number
from deploy.commands.looking import WHY, looked, reason

if TYPE_CHECKING:
    from adapters.storage.reading import Reading
    from deploy.settings import Settings
    from router.chronology import Chronology


def chronology(
    context: typer.Context,
    why: Annotated[str, typer.Option(help=WHY, metavar="REASON")],
    for_team: Annotated[
        str | None, typer.Option("--for", help="as this team may read it; without it as nobody in particular may")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(help="the child by key; without it the NHS number is asked, or read from standard input"),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="write one self-contained page to this new file", metavar="FILE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Everything known about one child across services, in order: what happened, who told, who may see each entry.

    What the team may not see stands as withheld, with the reason. Patterns are facts counted by named rules, with
    their sources; nothing scores a family. Who looked, why and at what is kept before anything is shown.

    Example: sharewell chronology --for sn-stourbridge --why "case discussion"

    Exit codes: 0 shown; 1 there is no such child, or the file is there already; 2 not understood; 3 the database is
    away.
    """
    from router.chronology_page import as_html, as_text

    if context.args:
        words = "An NHS number, or anything else, is not taken as an argument: others could read it there."
        raise Ended(USAGE, words, 'Type it when asked: sharewell chronology --why "…"')
    reason(why)
    if html is not None and html.exists():
        raise Ended(WRONG, "There is a file of that name already.", "Name a new one: nothing is written over.")
    nhs = asked_number() if person is None else None
    made = reach.run(_read(reach.settings(), nhs, person, for_team, why))
    if html is not None:
        with os.fdopen(os.open(html, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as page:
            page.write(as_html(made))
        shown.say("Written. It names a child: keep it as you keep the record, and delete it when it is done with.")
    elif json:
        shown.as_json(made)
    else:
        shown.say(as_text(made).rstrip())


async def _read(
    settings: "Settings", nhs: str | None, typed: str | None, for_team: str | None, why: str
) -> "Chronology":
    from adapters.storage.chronicle import chronicle
    from adapters.storage.reading import Reading
    from router.chronology import chronology as made_of
    from router.policy.book import rule_book

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        reader = await the_team(reading, for_team) if for_team else None
        child = await _child(reading, nhs, typed)
        what = f"chronology of {f'child {child}' if child else 'a child not known here'}, as {reader or 'nobody'}"
        await looked(connection, settings, why, what)
        await connection.commit()  # whatever happens next, the look was recorded
        known = await chronicle(reading, child) if child else None
        if known is None:
            raise Ended(WRONG, "No child with this NHS number or key is known here.", "Check it on the record.")
        return made_of(known, rule_book(), reader)


async def _child(reading: "Reading", nhs: str | None, typed: str | None) -> str | None:
    """Whom the number or the key means; one that was superseded still finds the child."""
    found = await reading.child_of_number(nhs) if nhs else [await the_one(reading, "person", typed or "")]
    doc = await reading.person(found[0]) if found else None
    return str(doc.get("same_as", found[0])) if doc else None
