"""`sharewell policy`: the rule book as English, each row with its paragraph of the review."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.group import commands_of
from deploy.commands.ids import the_service
from deploy.commands.own_terms import show_own

if TYPE_CHECKING:
    from router.policy.book import Book
    from router.policy.words import Policy

HELP_SERVICE = "a service's short name, such as HV"


def policy(
    context: typer.Context,
    flow: Annotated[str | None, typer.Option(help="only the rows of this flow, such as F09")] = None,
    sent_by: Annotated[
        str | None, typer.Option("--from", help=f"only what this service publishes: {HELP_SERVICE}", metavar="SERVICE")
    ] = None,
    to: Annotated[str | None, typer.Option(help=f"only the rows that tell this service: {HELP_SERVICE}")] = None,
    own: Annotated[
        str | None, typer.Option("--for", help="what this organisation has set for itself", metavar="ORGANISATION")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="what one team, or every team of a service, is told", metavar="TEAM|SERVICE")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="each flow and recommendation, and the rules that answer it")
    ] = False,
    never: Annotated[
        bool, typer.Option("--never", help="who must never be told what; with --to for one service alone")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="write it as one page that needs nothing else; with --by one team's")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="the rows as JSON")] = False,
) -> None:
    """Print who is told what, why and by when, as a safeguarding lead reads it.

    With --for the durations, ladders and days that an organisation has set for itself in the directory, each beside
    what the rule book says; that, and the name of a team, alone need the database.

    Example: sharewell policy --flow F09 --to HV

    Example: sharewell policy --by HV --html health-visitors.html

    Exit codes: 0 printed; 1 no row matches, or --coverage found something open; 2 there is no such service, team or
    organisation, or two of the options do not go together; 3 the database is away.
    """
    from router.policy.book import english, rule_book

    book = rule_book()
    if own is not None:
        show_own(book, own, flow, json)
        return
    if _seen(book, commands_of(context), flow, sent_by, to, by, coverage, never, html, json):
        return
    found = [
        one for kind in sorted(book.policies) if (one := _only(book.policies[kind], _service(sent_by), _service(to)))
    ]
    if json:
        rows: list[Any] = [row for one in found for row in _rows(one, flow)]
        shown.as_json({"version": book.version, "rows": rows})
    else:
        rows = [line for one in found for line in english(one, flow)]
        shown.say(f"The rule book, version {book.version}", "")
        for line in rows:
            _wrapped(line)
    if not rows:
        asked = " and ".join(f"{n} {v}" for n, v in (("flow", flow), ("published by", sent_by), ("told to", to)) if v)
        raise Ended(WRONG, f"No row matches {asked}.", "See all of them: sharewell policy")


def _seen(
    book: "Book",
    commands: Collection[str],
    flow: str | None,
    sent_by: str | None,
    to: str | None,
    by: str | None,
    coverage: bool,
    never: bool,
    html: Path | None,
    json: bool,
) -> bool:
    """Whether one of the views was asked for, and shown."""
    from contracts.parts.services import Service
    from deploy.commands import policy_views as views

    asked = [name for name, given in (("--by", by), ("--coverage", coverage), ("--never", never)) if given]
    if not asked and html is None:
        return False
    narrowed = [n for n, given in (("--flow", flow), ("--from", sent_by), ("--to", to and not never)) if given]
    alone = html is None or (not json and asked in ([], ["--by"]))
    if len(asked) + len(narrowed) > 1 or (narrowed and html is not None) or not alone:
        words = "Those options do not go together."
        raise Ended(USAGE, words, "One of --by, --coverage, --never; --html goes alone or with --by.")
    if by is not None:
        views.show_team(book, by, html, json)
    elif coverage:
        views.show_coverage(book, commands, json)
    elif never:
        known = _service(to)
        views.show_never(book, Service(known) if known else None, json)
    elif html is not None:
        views.write_page(book, commands, html)
    return True


def _service(name: str | None) -> str | None:
    return the_service(name) if name is not None else None


def _only(one: "Policy", by: str | None, to: str | None) -> "Policy | None":
    if by is not None and by not in one.event.published_by:
        return None
    if to is None:
        return one
    shares = tuple(row for row in one.shares if row.service is None or row.service == to)
    clocks = tuple(clock for clock in one.expectations if clock.service == to or clock.on_whoever)
    if not shares and not clocks:
        return None
    return replace(one, shares=shares, expectations=clocks, wants=(), answers_live_flags=False)


def _rows(one: "Policy", flow: str | None) -> list[dict[str, Any]]:
    from router.policy.book import english

    lines = [line.strip() for line in english(one)[1:]]
    kinds: list[tuple[str, Any]] = [("tell", row) for row in one.shares] + [("expect", c) for c in one.expectations]
    kinds += [("want", w) for w in one.wants]
    return [
        {
            "event": one.event.event_type,
            "kind": kind,
            "words": words,
            "flow": row.because.flow,
            "paragraph": "local decision" if row.because.local else row.because.paragraph,
            "recommendation": row.because.recommendation,
            "gap": row.because.words,
        }
        for (kind, row), words in zip(kinds, lines, strict=False)
        if flow in (None, row.because.flow)
    ]


def _wrapped(line: str) -> None:
    import textwrap

    indent = len(line) - len(line.lstrip())
    if not indent:
        shown.say("")
    later = " " * (indent + 2)
    shown.say(*textwrap.wrap(line, shown.WIDTH, subsequent_indent=later, drop_whitespace=True, break_on_hyphens=False))
