"""`sharewell looked-after`: the register of looked-after children, what is due for each, and how many there are."""

import textwrap
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, Ended
from deploy.commands.ids import the_authority
from deploy.commands.looking import WHY, looked

if TYPE_CHECKING:
    from deploy.settings import Settings
    from router.looked_after import Entry, Owed


def looked_after(
    why: Annotated[str | None, typer.Option(help=WHY, metavar="REASON")] = None,
    counts: Annotated[bool, typer.Option("--counts", help="how many of each kind, and nobody's name")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="only those for whom something is overdue")] = False,
    out_of_area: Annotated[bool, typer.Option("--out-of-area", help="only those placed out of the area")] = False,
    authority: Annotated[
        str | None, typer.Option(help="only those whom this authority looks after, by its code", metavar="CODE")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Show every looked-after child: placement, ethnicity, disability, vulnerability, what is due and what is overdue.

    It names the children, so the look is recorded first. With --counts nobody is named, and no reason is needed:
    numbers under five are told as that. NHS numbers, and where a child is placed, are on neither.

    Example: sharewell looked-after --overdue --why "weekly review of the register"

    Exit codes: 0 shown, empty or not; 2 not understood; 3 the database is away.
    """
    if counts is (why is not None):
        raise Ended(USAGE, "The register names children.", "Say --why, or ask for --counts; not for both.")
    settings = reach.settings()
    entries, now = reach.run(_read(settings, why, authority, lambda e: _wanted(e, overdue, out_of_area, authority)))
    if counts:
        _counts(entries, json)
    elif json:
        shown.as_json({"at": now, "children": entries})
    else:
        shown.say(f"Looked-after children ({len(entries)})")
        for line in [line for e in entries for line in _lines(e, now)] or ["", "  Nobody is of that kind."]:
            shown.say(*(textwrap.wrap(line, shown.WIDTH, subsequent_indent="      ") or [""]))


def _wanted(entry: "Entry", overdue: bool, out_of_area: bool, authority: str | None) -> bool:
    if overdue and not entry.overdue:
        return False
    return (not out_of_area or entry.in_area == "out-of-area") and authority in (None, entry.authority)


async def _read(
    settings: "Settings", why: str | None, authority: str | None, wanted: Any
) -> "tuple[list[Entry], datetime]":
    from adapters.storage.looked_after import LookedAfter
    from adapters.storage.reading import Reading
    from router.looked_after import NOT_TOLD

    async with reach.database(settings) as connection:
        entries, now = await LookedAfter(connection, reach.clock_of(settings)).register()
        if authority is not None:
            told = (e.authority for e in entries if e.authority != NOT_TOLD)
            the_authority(authority, await Reading(connection).cover(), told)
        found = [e for e in entries if wanted(e)]
        if why is not None:
            children = shown.count(len(found), "child", "children")
            await looked(connection, settings, why, f"register of looked-after children: {children}")
        return found, now


def _lines(entry: "Entry", now: datetime) -> list[str]:
    """One child, in the order of a conversation about it: who, where, what is to be minded, what is due."""
    from router.looked_after import NOT_TOLD
    from router.moments import day_words
    from router.page_values import name_words

    name = name_words(entry.name) if entry.name else shown.short(entry.child)
    age = f", {shown.count(entry.age, 'year')} old" if entry.age >= 0 else ""
    since = NOT_TOLD if entry.since == NOT_TOLD else day_words(date.fromisoformat(entry.since))
    where = f"{entry.placement}, {entry.in_area}".replace("-", " ")
    if entry.placement == NOT_TOLD:
        who = "  Social care has told of no placement, nor of ethnicity, language, faith or disability."
    else:
        status = entry.legal_status.replace("-", " ")
        who = f"  Placement: {where}; {entry.placements_before} before. Legal status: {status}."
    lines = ["", f"{name}{age}; looked after since {since}; key {shown.short(entry.child)}", who]
    if entry.placement != NOT_TOLD:
        said = f"ethnicity {entry.ethnicity}; language {entry.languages}; faith {entry.faith}"
        lines.append(f"  Who they are: {said}; disability {entry.disability}.")
        lines.append(
            f"  Where to be seen: {entry.choice_of_venue.rstrip('.')}. Consent to assessments: {entry.consent}."
        )
    if entry.vulnerabilities:
        lines.append(f"  To be minded: {'; '.join(entry.vulnerabilities)}.")
    return lines + [f"  {_due(o, now)}" for o in entry.owed]


def _due(owed: "Owed", now: datetime) -> str:
    from router.moments import due_words

    if owed.state == "held up":
        return f"HELD UP: {owed.what} ({(owed.why or 'no reason given').replace('-', ' ')})"
    return f"{'OVERDUE' if owed.state == 'overdue' else 'Due'}: {owed.what} ({due_words(owed.due, now)})"


def _counts(entries: "list[Entry]", json: bool) -> None:
    from router.looked_after import counted

    found = counted(entries)
    if json:
        shown.as_json(found)
        return
    rows = [(name.replace("_", " "), "", str(n)) for name, n in found.items() if not isinstance(n, dict)]
    for name, parts in found.items():
        if isinstance(parts, dict):
            rows += [(name.replace("_", " "), what.replace("-", " "), str(n)) for what, n in parts.items()]
    shown.table("Looked-after children, counted", ("Of", "Kind", "How many"), rows, "None.", right=("How many",))
