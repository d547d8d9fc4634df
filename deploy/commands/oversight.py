"""`sharewell oversight`: what each publisher and each team sent, was told, read, filed and owes, for any period."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, Ended
from deploy.commands.periods import age, ago, in_order

if TYPE_CHECKING:
    from adapters.storage.records import NotFiled, PublisherSeen, RecipientSeen
    from deploy.settings import Settings
    from router.directory import Cover

PERIOD = "a day (2026-03-01) or an age (30d)"


def oversight(
    publishers: Annotated[bool, typer.Option("--publishers", help="only those who send")] = False,
    recipients: Annotated[bool, typer.Option("--recipients", help="only those who are told")] = False,
    unfiled: Annotated[
        bool, typer.Option("--unfiled", help="what was read too long ago and is filed in no record, each with its lead")
    ] = False,
    since: Annotated[str | None, typer.Option(help=f"from {PERIOD} on", metavar="WHEN")] = None,
    until: Annotated[str | None, typer.Option(help=f"before {PERIOD}", metavar="WHEN")] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Count what was shared in a period: sent, received, acknowledged, filed, quality, overdue. Nobody is named.

    Without a period, all that the ledger holds. Read: a person has acknowledged, filed or acted upon it. Overdue: a
    clock has run out and is not met to this moment. Not filed: acknowledged, and neither filed nor acted upon.

    Example: sharewell oversight --recipients --since 2026-03-01 --until 2026-04-01

    Exit codes: 0 counted; 2 not understood; 3 the database is away.
    """
    if unfiled and (publishers or recipients or since or until):
        raise Ended(USAGE, "What is not filed is listed as it stands now.", "Leave the other options out.")
    both = publishers is recipients
    settings = reach.settings()
    if unfiled:
        _unfiled(*reach.run(_read_unfiled(settings)), json)
        return
    senders, teams = reach.run(_read(settings, since, until, publishers or both, recipients or both))
    if json:
        known: dict[str, Any] = {"publishers": senders, "recipients": teams}
        shown.as_json({name: rows for name, rows in known.items() if rows is not None})
        return
    if senders is not None:
        _senders(senders)
    if teams is not None:
        _teams(teams)


async def _read(
    settings: "Settings", since: str | None, until: str | None, publishers: bool, recipients: bool
) -> "tuple[list[PublisherSeen] | None, list[RecipientSeen] | None]":
    from adapters.storage.intake import now
    from adapters.storage.oversight import Oversight

    async with reach.database(settings) as connection:
        moment = await now(connection, reach.clock_of(settings))
        first, last = when(since, moment), when(until, moment)
        in_order(first, last or moment)
        seeing = Oversight(connection, reach.clock_of(settings))
        return (
            await seeing.publishers(first, last) if publishers else None,
            await seeing.recipients(first, last) if recipients else None,
        )


async def _read_unfiled(settings: "Settings") -> "tuple[list[NotFiled], Cover]":
    from adapters.storage.intake import now
    from adapters.storage.oversight import Oversight
    from adapters.storage.reading import Reading
    from router.filing import read_by

    async with reach.database(settings) as connection:
        clock = reach.clock_of(settings)
        before = read_by(await now(connection, clock))
        return await Oversight(connection, clock).not_filed(before), await Reading(connection, clock).cover()


def when(text: str | None, now: datetime) -> datetime | None:
    """The start of a day in London, or so long before now."""
    from router.policy.working_time import LONDON

    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ago(age(text), now)
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)


def _senders(rows: "list[PublisherSeen]") -> None:
    columns = ("Publisher", "Sent", "Refused", "Told", "Received", "Read", "Filed", "Quality", "Overdue")
    lines = [
        (
            r.publisher, _n(r.accepted), f"{r.refused:,} ({r.unmended:,} open)" if r.refused else "0", _n(r.told),
            _n(r.received), _n(r.acknowledged), _n(r.filed), _share(r.present, r.wanted), _n(r.overdue),
        )
        for r in rows
    ]  # fmt: skip
    shown.table(f"Publishers ({len(rows)})", columns, lines, "Nothing was sent in this period.", right=columns[1:])


def _teams(rows: "list[RecipientSeen]") -> None:
    columns = ("Team", "Told", "Received", "Read", "Filed", "Not filed", "Overdue", "Quality", "Read in")
    lines = [
        (
            r.team, _n(r.told), _n(r.received), _n(r.acknowledged), _n(r.filed), _n(r.not_filed), _n(r.overdue),
            _share(r.present, r.wanted), _length(r.read_after),
        )
        for r in rows
    ]  # fmt: skip
    shown.table(f"Recipients ({len(rows)})", columns, lines, "Nobody was told of anything.", right=columns[1:])


def _unfiled(rows: "list[NotFiled]", cover: "Cover", json: bool) -> None:
    from router.moments import short_words

    if json:
        shown.as_json([{**r._asdict(), "lead": _lead(cover, r.team)} for r in rows])
        return
    lines = [
        (
            short_words(r.since),
            shown.short(r.delivery),
            r.team,
            shown.kind_words("summary", r.type),
            _lead(cover, r.team) or "–",
        )
        for r in rows
    ]
    title = f"Read and not filed ({len(rows)})"
    shown.table(title, ("Read", "Delivery", "By", "What", "Lead"), lines, "All that was read in time is filed.")


def _lead(cover: "Cover", team: str) -> str | None:
    known = cover.teams.get(team)
    return known.lead if known else None


def _n(number: int) -> str:
    return f"{number:,}"


def _share(present: int, wanted: int) -> str:
    return f"{100 * present / wanted:.0f}%" if wanted else "–"


def _length(seconds: float | None) -> str:
    from datetime import timedelta

    from router.moments import length_words

    return (
        length_words(timedelta(seconds=seconds if seconds < 3600 else seconds // 3600 * 3600))
        if seconds is not None
        else "–"
    )
