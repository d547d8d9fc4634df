"""`sharewell migrate`: the ledger's tables in the version of this program."""

from typing import Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import WRONG, Ended


def migrate(json: Annotated[bool, typer.Option("--json", help="tell the result as JSON")] = False) -> None:
    """Apply the migrations that the database lacks, each in its transaction; safe to repeat.

    Example: sharewell migrate

    Exit codes: 0 all applied; 1 an applied migration was changed afterwards; 3 the database is away.
    """
    from adapters.storage.migrations import migrate as apply

    try:
        applied = apply(reach.settings().postgres("sharewell-migrate"))
    except RuntimeError:
        mend = "Take the program back to the version that was applied, and put the change into a new migration."
        raise Ended(WRONG, "A migration was changed after it was applied.", mend) from None
    if json:
        shown.as_json({"applied": applied})
    elif applied:
        shown.say(f"Applied: {', '.join(applied)}.")
    else:
        shown.say("Nothing to apply: the tables are those of this version.")
