"""`sharewell asked`: who was asked about a reference, who has answered and who has not, and what came back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.looking import WHY, looked, reason

if TYPE_CHECKING:
    from datetime import datetime

    from deploy.settings import Settings
    from router.asked import Board, Held, State

STATES = {
    "held": "with something held",
    "nothing-held": "with nothing held",
    "sent-back": "with facts alone, asked for their analysis",
    "silent": "without an answer",
}


def asked(
    reference: Annotated[str, typer.Argument(help="the reference of the request", metavar="REFERENCE")],
    answers: Annotated[bool, typer.Option("--answers", help="what came back as well, in one view")] = False,
    for_team: Annotated[str | None, typer.Option("--for", help="the team that asked: the answers are its own")] = None,
    why: Annotated[str | None, typer.Option(help=WHY, metavar="REASON")] = None,
    json: Annotated[bool, typer.Option("--json", help="as JSON")] = False,
) -> None:
    """Who was asked, by when, and who has answered: held, nothing held, or silent, at this moment.

    With --answers it shows what each service holds: the facts, and apart from them what it makes of the risk. Only
    the team that asked may read that; who looked and why is kept first.

    Example: sharewell asked mash-2026-0052 --answers --for mash-dudley --why "strategy discussion"

    Exit codes: 0 shown; 1 nothing was asked under this reference, or the team did not ask; 2 not understood; 3 the
    database is away.
    """
    if answers and (for_team is None or why is None):
        words = "What came back is shown to the team that asked, with a reason."
        raise Ended(USAGE, words, 'Say both: --answers --for TEAM --why "…"')
    if answers:
        reason(why or "")
    board, now = reach.run(_read(reach.settings(), reference, for_team if answers else None, why))
    held = board.held if answers else ()
    if json:
        plain: dict[str, Any] = {"reference": board.reference, "rated": board.rated, "asked": board.asked}
        shown.as_json({**plain, "held": held} if answers else plain)
        return
    _board(board, now)
    for one in held:
        _answer(one)


async def _read(settings: "Settings", reference: str, reader: str | None, why: str | None) -> "tuple[Board, datetime]":
    from adapters.storage.asked import read_asked
    from adapters.storage.reading import Reading
    from router.asked import board
    from router.policy.book import rule_book

    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        rows = await read_asked(connection, reference, rule_book())
        if not rows.asks:
            raise Ended(WRONG, "Nobody was asked under this reference.", "Check it with whoever asked.")
        if reader is not None:
            if reader not in rows.askers:
                raise Ended(WRONG, "That team did not ask: the answers are not its own to read.")
            await looked(
                connection,
                settings,
                why or "",
                f"answers to the request of delivery {rows.asks[0].delivery}, as {reader}",
            )
            await connection.commit()  # whatever happens next, the look was recorded
        now = await reading.now()
        return board(reference, rows, await reading.cover(), now), now


def _board(board: "Board", now: "datetime") -> None:
    from router.moments import moment_words, short_words

    rated = f", rated {board.rated}" if board.rated else ""
    shown.say(f"At {moment_words(now)}{rated}: " + ", ".join(f"{board.count(s)} {STATES[s]}" for s in _KINDS))
    columns = ("Team", "Child", "Due", "Answer", "Seen", "Told of it")
    rows = [
        (
            a.team,
            shown.short(a.child),
            short_words(a.due) if a.due else "answered before",
            f"{'late: ' if a.late else ''}{a.state.replace('-', ' ')}",
            a.seen,
            ", ".join(a.told) or "–",
        )
        for a in board.asked
    ]
    shown.table("Who was asked", columns, rows, "Nobody.")


_KINDS: "tuple[State, ...]" = ("held", "nothing-held", "sent-back", "silent")


def _answer(one: "Held") -> None:
    """Facts apart from analysis; what was not given is said to be so."""
    import textwrap

    from router.moments import moment_words

    shown.say("", f"{one.name}, {moment_words(one.at)}, about child {shown.short(one.child)}")
    parts = {
        "Facts": one.facts,
        "Analysis of the risk": one.analysis,
        "Impact on the child": one.impact_on_child,
        "Protective factors": one.protective_factors,
        **{name.replace("_", " ").capitalize(): value for name, value in one.besides.items()},
    }
    for title, value in parts.items():
        words = value if isinstance(value, str) else f"({(value or {}).get('absent', 'not given')})"
        shown.say(*textwrap.wrap(f"{title}: {words}", shown.WIDTH, initial_indent="  ", subsequent_indent="    "))
