"""`sharewell doctor`: is everything there that Sharewell needs, and does it work?"""

from typing import Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import AWAY, WRONG, Ended

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


def doctor(json: Annotated[bool, typer.Option("--json", help="the findings as JSON")] = False) -> None:
    """Look at settings, database, tables, directory, Kafka, topics and clocks; each line says how to mend it.

    Example: sharewell doctor

    Exit codes: 0 nothing fails; 1 something does; 2 the settings do not go together; 3 the database or Kafka is away.
    """
    from deploy.health import findings

    found = reach.run(findings(reach.settings()))
    if json:
        shown.as_json(found)
    else:
        for one in found:
            shown.say(f"{MARKS[one.state]}  {one.name}: {one.words}")
            if one.mend:
                shown.say(f"      {one.mend}")
    failed = [one.name for one in found if one.state == "fail"]
    if any(one.away for one in found):
        raise Ended(AWAY, f"Away: {', '.join(one.name for one in found if one.away)}.", "See above how to mend it.")
    if failed:
        raise Ended(WRONG, f"Not well: {', '.join(failed)}.", "See above how to mend it.")
