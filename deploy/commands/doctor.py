"""`sharewell doctor`: is everything there that Sharewell needs, and does it work?"""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import AWAY, WRONG, Ended

if TYPE_CHECKING:
    from deploy.health import Finding
    from deploy.settings import Settings

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


def doctor(json: Annotated[bool, typer.Option("--json", help="the findings as JSON")] = False) -> None:
    """Look at settings, database, tables, directory, Kafka, topics and clocks; each line says how to mend it.

    Example: sharewell doctor

    Exit codes: 0 nothing fails; 1 something does; 2 the settings do not go together; 3 the database or Kafka is away.
    """
    found = reach.run(_findings(reach.settings()))
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


async def _findings(settings: "Settings") -> "list[Finding]":
    from deploy.health import database_findings, kafka_findings, settings_findings
    from router.directory import Cover

    found = settings_findings(settings)
    cover: Cover | None = None
    async for one in database_findings(settings):
        if isinstance(one, Cover):
            cover = one
        else:
            found.append(one)
    async for kafka in kafka_findings(settings, cover):
        found.append(kafka)
    return found
