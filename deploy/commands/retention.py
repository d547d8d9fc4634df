"""`sharewell retention`: what has been kept long enough, and its deletion when a person says so."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, Ended
from deploy.commands.holds import hold, holds, release

if TYPE_CHECKING:
    from adapters.storage.retention import PastKeeping
    from deploy.settings import Settings


app = typer.Typer(
    help="What has been kept long enough, and legal holds. Without a further word: show it.",
    invoke_without_command=True,
)
app.command()(hold)
app.command()(release)
app.command()(holds)


@app.callback()
def retention(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="delete what is shown")] = False,
    why: Annotated[
        str | None, typer.Option(help="with --yes: who decided, and on what ground", metavar="REASON")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Show what may be deleted: events whose youngest child has had the 26th birthday (SHAREWELL_RETENTION_YEARS).

    Nothing is ever deleted by itself, and nothing here without --yes. An event about which somebody still owes
    something stays, and so does everything about a person on whom there is a legal hold (`retention hold`). Old
    versions of families' files go when no event names them any more.

    Example: sharewell retention

    Exit codes: 0 shown or deleted; 2 --yes without a reason; 3 the database is away.
    """
    if context.invoked_subcommand is not None:
        return
    if yes and not (why or "").strip():
        raise Ended(USAGE, "To delete you must say why.", 'Add --why "…".')
    settings = reach.settings()
    found = reach.run(_retention(settings, yes, (why or "").strip(), json))
    if json:
        shown.as_json(
            {
                "years": settings.retention_years,
                "events": len(found.events),
                "deliveries": found.deliveries,
                "receipts": found.receipts,
                "clocks": found.clocks,
                "refusals": len(found.refusals),
                "conflicts": len(found.conflicts),
                "still_open": found.still_open,
                "held": found.held,
                "versions": found.versions,
                "oldest": found.oldest,
                "deleted": yes,
            }
        )
        return
    if not (found.events or found.refusals or found.conflicts or found.versions):
        shown.say(f"Nothing is past keeping: records stay until the youngest child is {settings.retention_years}.")
    else:
        verb = "Deleted" if yes else "Past keeping, and not deleted"
        refusals = shown.count(len(found.refusals) + len(found.conflicts), "refused record")
        shown.say(
            f"{verb}: {shown.count(len(found.events), 'event')} with {found.deliveries:,} deliveries, "
            f"{found.receipts:,} receipts and {found.clocks:,} clocks; {refusals}; "
            f"{shown.count(found.versions, 'old version')} of families' files."
        )
        if not yes:
            shown.say("Delete them: --yes --why REASON")
    if found.held:
        shown.say(f"{shown.count(found.held, 'event')} past keeping stays, for there is a legal hold.")
    if found.still_open:
        shown.say(f"{shown.count(found.still_open, 'event')} past keeping stays, for somebody still owes something.")


async def _retention(settings: "Settings", yes: bool, why: str, quiet: bool) -> "PastKeeping":
    from adapters.storage.acts import Acts
    from adapters.storage.retention import delete, past_keeping

    clock = reach.clock_of(settings)
    async with reach.database(settings) as connection:
        found = await past_keeping(connection, settings.retention_years, clock)
        if yes and (found.events or found.refusals or found.conflicts or found.versions):
            refused = len(found.refusals) + len(found.conflicts)
            what = f"retention: delete {len(found.events)} events, {refused} refusals"
            await Acts(connection, clock).record(reach.who(), why, what)
            with shown.progress("deleting", quiet=quiet) as bar:
                await delete(connection, found, lambda done, of: bar(done, of))
        return found
