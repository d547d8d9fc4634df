"""`sharewell explain`: why an event told whom; also of a file that nobody has sent."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.ids import looks_like_id, the_one
from deploy.commands.looking import WHY, looked
from deploy.commands.records import Record, records_in

if TYPE_CHECKING:
    from adapters.storage.connect import Connection
    from deploy.settings import Settings
    from router.events import Received
    from router.explain import Considered, Explanation

NOW = "today's directory; nothing was sent or kept"


def explain(
    event: Annotated[str, typer.Argument(help="an event's id or its first letters, or a file; - for standard input")],
    publisher: Annotated[
        str | None, typer.Option("--as", help="for a file: as if this publisher had sent it", metavar="PUBLISHER")
    ] = None,
    why: Annotated[str | None, typer.Option(help=f"show the facts that each row read; {WHY}", metavar="REASON")] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Say of each row of the rule book what became of it: told, not applicable, withheld, nobody found, and why.

    A kept event is decided again on the facts as they were then, and compared with what was decided; a file is
    decided on today's directory, and nothing is sent. No name is shown; what the rows read is shown with --why.

    Example: sharewell explain d01271dd --why "the named nurse asks why the GP was not told"

    Exit codes: 0 explained; 1 it is decided otherwise now, or there is no such event, or the file's event would be
    refused; 2 not understood; 3 the database is away.
    """
    settings = reach.settings()
    is_file = event == "-" or (not looks_like_id(event) and Path(event).exists())
    again: list[tuple[str, str]] = []
    unsent: list[str] = []
    if is_file:
        found = reach.run(_of_file(settings, _only_one(records_in(Path(event))), publisher, why))
    else:
        found, again, unsent = reach.run(_of_event(settings, event, why))
    if json:
        told = [{"team": team, "because": because} for team, because in again]
        explained = asdict(_without_reads(found) if why is None else found)
        shown.as_json({**explained, "decided_again": told, "withdrawn_before_sending": unsent})
    else:
        _tell(found, why is not None)
        _list("Withdrawn before it was sent: cancelled or replaced while it waited", tuple(unsent))
        _list("Told since, when a person said something new", tuple(f"{team}: {because}" for team, because in again))
    if found.same_as_kept is False:
        mend = "The rule book has changed since; what was sent stands. See: sharewell policy"
        raise Ended(WRONG, "Decided again, it is not what was kept.", mend)


def _only_one(records: list[Record]) -> Record:
    """One event is explained at a time: the others of a file would seem to be explained by it."""
    if len(records) > 1:
        raise Ended(
            USAGE, f"The file holds {len(records):,} records, and one is explained at a time.", "Give one of them."
        )
    return records[0]


async def _of_event(
    settings: "Settings", typed: str, why: str | None
) -> "tuple[Explanation, list[tuple[str, str]], list[str]]":
    """The explanation; who was told since, and why; which teams were sent nothing after all."""
    from adapters.storage.reading import Reading, Which
    from adapters.storage.records import UNSENT
    from router.explain import explain as explain_event
    from router.policy.book import rule_book

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        kept = await reading.kept_event(int(await the_one(reading, "event", typed)))
        if kept is None:
            words = "The event's content is gone: deleted under the retention rule, or never kept."
            raise Ended(WRONG, words, "Which of the two: sharewell reconcile")
        if why is not None:
            await looked(connection, settings, why, f"explain event {kept.event.id}")
        later = await reading.deliveries(Which(event_no=kept.no, limit=1000))
        again = [(d.team, d.because) for d in reversed(later) if d.because]
        unsent = sorted({d.team for d in later if d.state == UNSENT})
        return explain_event(kept.event, kept.facts, rule_book(), kept.decision), again, unsent


async def _of_file(settings: "Settings", record: Record, publisher: str | None, why: str | None) -> "Explanation":
    from adapters.storage.reading import Reading
    from router.events import Received

    async with reach.database(settings) as connection:
        cover = await Reading(connection).cover()
        by_source = {p.source: p.id for p in cover.publishers.values()}
        owner = publisher or by_source.get(record.text("source") or "")
        if owner is None:
            raise Ended(USAGE, "No publisher of the directory has this source.", "Say which one it is: --as PUBLISHER")
        if why is not None:
            await looked(connection, settings, why, f"explain a file as {owner}")
        came = Received(owner, record.raw, None, f"events.{owner}", 0, 0)
        return await _decided(connection, settings, came)


async def _decided(connection: "Connection", settings: "Settings", came: "Received") -> "Explanation":
    """Gather as the router does, under the families' locks, decide, and leave nothing behind."""
    from adapters.storage.intake import Batch, CoverShelf, now
    from router.accept import Refused, accept
    from router.explain import explain as explain_event
    from router.policy.book import rule_book

    shelf = CoverShelf()
    event = accept(came, await shelf.newest(connection))
    if isinstance(event, Refused):
        errors = [f"{p.path or 'the record'}: {p.message} [{p.code}]" for p in event.problems]
        raise Ended(WRONG, "\n".join(["It would be refused.", *errors]), "How to mend each: sharewell check")
    async with connection.transaction(force_rollback=True):
        batch = Batch(connection, shelf, await now(connection, reach.clock_of(settings)))
        facts = (await batch.gather([event])).facts_for(event)
        return explain_event(event, facts, rule_book())


def _without_reads(found: "Explanation") -> "Explanation":
    from dataclasses import replace

    looks = [tuple(replace(look, read={}) for look in c.looks) for c in found.considered]
    return replace(found, considered=tuple(replace(c, looks=r) for c, r in zip(found.considered, looks, strict=True)))


def _tell(found: "Explanation", reads: bool) -> None:
    from datetime import datetime

    from router.moments import moment_words

    at = moment_words(datetime.fromisoformat(found.decided_at))
    kept = "" if found.same_as_kept is None else ", on the facts as they were kept"
    shown.say(
        f"Event {found.event} ({found.type}) of {found.publisher}",
        f"decided {at}, rule book {found.policy_version}, directory {found.directory_version}{kept}.",
        "" if kept else f"On {NOW}.",
    )
    people = [(p["slot"], p["role"], shown.short(p["person"]), p["doubt"] or "joined") for p in found.people]
    shown.table("People named", ("Where", "As", "Person", "How"), people, "Nobody is named.")
    for child in dict.fromkeys(c.child for c in found.considered):
        shown.say("", f"Child {child}" if child else "The event as a whole")
        for row in (c for c in found.considered if c.child == child):
            teams = f": {', '.join(row.teams)}" if row.teams else ""
            shown.say(f"  {row.outcome.replace('-', ' ').upper()}{teams}")
            _wrap(row.words, 4)
            _wrap(_because(row), 4)
            for look in row.looks if reads else ():
                read = "; ".join(f"{name}: {value}" for name, value in look.read.items()) or "nothing"
                _wrap(f"{'held' if look.held else 'failed'}: {look.words} (read {read})", 6)
    _list("Clocks that start", found.clocks)
    _list("Clocks that it turns", found.turns)
    _list("Tasks that a person gets", found.tasks)
    if found.same_as_kept:
        shown.say("", "Decided again, it is what was kept.")
    _list("Decided otherwise than was kept", found.differences)
    if not reads:
        shown.say("", "The facts that each row read: --why REASON")


def _because(row: "Considered") -> str:
    """Why it ended so: of a row that does not apply the condition that failed, which alone would read as if it held."""
    failed = any(not look.held and look.words == row.detail for look in row.looks)
    return f"because it is not so that {row.detail}" if failed else row.detail


def _list(title: str, lines: tuple[str, ...]) -> None:
    if lines:
        shown.say("", f"{title}:")
        for line in lines:
            _wrap(line, 2)


def _wrap(text: str, indent: int) -> None:
    import textwrap

    shown.say(*textwrap.wrap(text, shown.WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2)))
