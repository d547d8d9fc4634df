"""`sharewell refused`: records that were not accepted, each somebody's until a corrected one comes."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.claims import By, InsteadOf, Json, WhatWasDone, act_on
from deploy.commands.ids import the_code, the_one, the_sender
from deploy.commands.looking import WHY, looked, reason
from deploy.commands.periods import age, ago

if TYPE_CHECKING:
    from datetime import datetime

    from adapters.storage.acts import Act, Acts
    from adapters.storage.rows import RefusalRow

app = typer.Typer(
    help="Records that were not accepted. Without a further word: list them.", invoke_without_command=True
)
CONFLICT = "id-conflict"
"""The error of a second body under a known event id."""
Id = Annotated[str, typer.Argument(help="the refusal's id, or its first letters")]


@app.callback()
def refused(context: typer.Context, json: Json = False) -> None:
    """Records that were not accepted. Without a further word: list them."""
    if context.invoked_subcommand is None:
        list_refused(json=json)


@app.command("list")
def list_refused(
    publisher: Annotated[str | None, typer.Option(help="sent by this publisher")] = None,
    code: Annotated[str | None, typer.Option(help="with this error, such as nhs-number-check-digit")] = None,
    within: Annotated[str | None, typer.Option(help="that came within the last 30m, 4h or 2d", metavar="AGE")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="those mended or closed as well")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="at most so many, the oldest first")] = 200,
    json: Json = False,
) -> None:
    """List refused records, the oldest first, each with its errors; never with a value of it.

    A second body under a known event id is one of them: it was not routed (id-conflict).

    Example: sharewell refused list --code nhs-number-check-digit

    Exit codes: 0 listed; 2 there is no such publisher or code; 3 the database is away.
    """
    found, now = reach.run(_read(publisher, code, within, closed, limit))
    if json:
        shown.as_json(found)
        return
    from router.moments import due_words, short_words

    rows = [
        (
            shown.short(r.id),
            short_words(r.received_at),
            r.publisher,
            "; ".join(f"{p['path'] or 'record'}: {p['code']}" for p in r.problems[:3])
            + (f"; and {len(r.problems) - 3} more" if len(r.problems) > 3 else ""),
            _who_has(r),
            due_words(r.due, now) if r.due else "–" if _ended(r) else "its ladder has ended",
        )
        for r in found
    ]
    columns = ("Refusal", "Came", "Publisher", "Errors", "Who has it", "Due")
    narrowed = publisher or code or within
    empty = "None matches." if narrowed else "None has come." if closed else "None is open. Those that ended: --closed"
    shown.table(f"Refused records ({len(rows)})", columns, rows, empty)


def _ended(row: "RefusalRow") -> bool:
    return row.state in ("mended", "closed")


def _who_has(row: "RefusalRow") -> str:
    if _ended(row):
        return f"{row.state} by {row.closed_by}" if row.closed_by else row.state
    return row.claimed_by or "nobody"


async def _read(
    publisher: str | None, code: str | None, within: str | None, closed: bool, limit: int
) -> "tuple[list[RefusalRow], datetime]":
    from adapters.storage.conflicts import conflicts
    from adapters.storage.reading import Reading

    settings = reach.settings()
    code = the_code(code) if code else None
    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        now = await reading.now()
        since = ago(age(within), now)
        found = await reading.refusals(publisher=publisher, code=code, since=since, closed=closed, limit=limit)
        if code in (None, CONFLICT):
            found += await conflicts(connection, publisher=publisher, since=since, closed=closed)
        if publisher and not found:  # one that has left the directory may still have records here
            the_sender(await reading.cover(), publisher)
        return sorted(found, key=lambda r: (r.received_at, r.id))[:limit], now


@app.command()
def show(
    refusal: Id,
    why: Annotated[str, typer.Option(help=WHY, metavar="REASON")],
    json: Json = False,
) -> None:
    """Show a refused record as it came, with each error and how to mend it; the look is recorded first.

    Of one event id that came with two bodies both are shown: the first was routed, the second was not.

    Example: sharewell refused show 7f3a --why "the ward asks what is wrong"

    Exit codes: 0 shown; 1 there is no such refusal; 3 the database is away.
    """
    row, raw, routed = reach.run(_show(refusal, why))
    if json:
        shown.as_json({"refusal": row, "record": raw, "routed": routed})
        return
    shown.say(f"Refused from {row.publisher}, {row.topic} partition {row.partition} offset {row.offset}:", "")
    for problem in row.problems:
        shown.say(f"  {problem['path'] or 'the record'}: {problem['message']} [{problem['code']}]")
        shown.say(f"    mend: {problem['mend']}")
    if row.problems[0]["code"] == CONFLICT:
        shown.say("", "The first, which was routed:", "", routed or "(it is not kept any more)")
        shown.say("", "The second, which was not:")
        raw = raw if raw is not None else "(it is not kept any more)"
    shown.say("", raw if raw is not None else "(the record held nothing)")


async def _show(typed: str, why: str) -> "tuple[RefusalRow, str | None, str | None]":
    """The refusal, its record, and what was routed under the same id."""
    from adapters.storage.conflicts import conflict_bodies, conflicts
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        id = await the_one(reading, "refusal", typed)
        found = await reading.refusals(id=id, closed=True)
        row = found[0] if found else (await conflicts(connection, id=id, closed=True))[0]
        await looked(connection, settings, why, f"show refusal {id}")
        if found:
            return row, _printable((await reading.refused([id]))[0][1].raw), None
        routed, second = await conflict_bodies(connection, id) or (None, None)
        return row, _printable(second), _printable(routed)


def _printable(raw: bytes | None) -> str | None:
    """The bytes as text; nothing that a terminal would act upon."""
    if raw is None:
        return None
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)


@app.command()
def claim(
    refusal: Id,
    by: By = None,
    instead_of: InsteadOf = None,
    json: Json = False,
) -> None:
    """Take a refused record on. Whoever is first has it.

    Example: sharewell refused claim 7f3a --by "J Hart"

    Exit codes: 0 it is yours; 1 there is no such refusal; 4 somebody else has it, or it is ended.
    """
    person = reach.person(by)
    done = f"Yours now: {person}."

    async def claimed(acts: "Acts", id: str) -> "Act":
        return await acts.claim(await acts.put_aside_as(id), id, person, instead_of)

    act_on("refusal", refusal, json, done, claimed)


@app.command()
def close(
    refusal: Id,
    why: WhatWasDone,
    by: By = None,
    json: Json = False,
) -> None:
    """End a refused record, and its clock, with your name and a reason.

    Example: sharewell refused close 7f3a --why "the ward sent it again by telephone" --by "J Hart"

    Exit codes: 0 closed; 1 there is no such refusal; 2 no reason; 4 somebody else has it, or it is ended already.
    """
    person, said = reach.person(by), reason(why)

    async def closed(acts: "Acts", id: str) -> "Act":
        return await acts.close(await acts.put_aside_as(id), id, person, said)

    act_on("refusal", refusal, json, f"Closed by {person}.", closed)
