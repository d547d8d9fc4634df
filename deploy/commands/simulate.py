"""`sharewell simulate`: who would have been told what, had the rule book been another; nothing is sent or kept."""

import asyncio
import textwrap
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import USAGE, WRONG, Ended
from deploy.commands.periods import in_order

if TYPE_CHECKING:
    from deploy.settings import Settings
    from deploy.simulation.differences import Account, Difference, Line
    from deploy.simulation.revision import Revision

LIMITS = (
    "Each event was decided on the facts kept beside it: what an earlier event would have counted as under the other "
    "rule book is not carried to later ones."
)


def simulate(
    policy: Annotated[
        str, typer.Option(help="a folder with a router/policy of its own, or a git revision", metavar="DIR|REV")
    ],
    since: Annotated[str, typer.Option(help="events accepted since: 30m, 4h, 28d, or a day such as 2016-09-01")],
    until: Annotated[str | None, typer.Option(help="and before: the same forms; without it, until now")] = None,
    examples: Annotated[int, typer.Option(min=0, max=100_000, help="examples of each kind of difference")] = 3,
    json: Annotated[bool, typer.Option("--json", help="counts and examples as JSON")] = False,
) -> None:
    """Decide the real events of a period again by a changed rule book, and say who would gain or lose what.

    Both rule books, the one here and the changed one, decide every event on the facts kept beside it, each in a
    process of its own, by the `decide` of its revision. The Python of the folder or revision is run: try only one
    whose writer you trust. No content is shown, no name, nothing is sent or kept.

    Example: sharewell simulate --policy my-branch --since 28d

    Exit codes: 0 nothing would be different; 1 something would, or the changed rule book would be refused by its own
    checks; 2 no such folder, revision or time, or its rule book does not load; 3 the database is away.
    """
    settings = reach.settings()
    account, versions, period = reach.run(_simulated(settings, policy, (since, until), examples, json))
    if json:
        shown.as_json(_plain(account, versions, period))
    else:
        _tell(account, versions, period)
    if account.wrong and not account.differing:
        raise Ended(WRONG, "Nothing would be different, and the rule book would be refused.", "")
    if account.differing:
        words = f"{shown.count(account.differing, 'event')} of {account.events:,} would be decided otherwise."
        raise Ended(WRONG, words, "Why one of them told whom: sharewell explain EVENT")


def moment(text: str, now: datetime) -> datetime:
    """'28d' before now, or the first moment of a day in UTC."""
    unit = {"m": "minutes", "h": "hours", "d": "days"}.get(text[-1:])
    if unit and text[:-1].isdigit() and len(text) <= 6:
        return now - timedelta(**{unit: int(text[:-1])})
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Ended(USAGE, "That is neither an age nor a day.", "Write 30m, 4h, 28d or 2016-09-01.") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


async def _simulated(
    settings: "Settings", policy: str, ends: tuple[str, str | None], most: int, quiet: bool
) -> "tuple[Account, tuple[str, str], tuple[datetime, datetime]]":
    import os

    from adapters.storage.period import count_of
    from adapters.storage.reading import Reading
    from deploy.simulation.differences import Account
    from deploy.simulation.revision import Broken, Revision
    from deploy.simulation.trees import NoSuchRevision, here, tree_of

    async with reach.database(settings) as connection:
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        now = await Reading(connection, reach.clock_of(settings)).now()
        since = moment(ends[0], now)
        until = moment(ends[1], now) if ends[1] else now + timedelta(seconds=1)
        in_order(since, until)
        total = await count_of(connection, since, until)
        with ExitStack() as stack:
            try:
                tree = stack.enter_context(tree_of(policy))
                this = stack.enter_context(Revision(here(), os.environ))
                other = stack.enter_context(Revision(tree, os.environ))
                account = Account(most, wrong=other.wrong)
                with shown.progress("events decided twice", quiet=quiet) as bar:
                    await _through(connection, (since, until), (this, other), account, lambda n: bar(n, total))
            except NoSuchRevision as error:
                raise Ended(USAGE, str(error), "Name a folder, a branch, a tag or a commit.") from None
            except Broken as error:
                mend = "See what is wrong with it: python -m router.policy.gate, in its folder."
                raise Ended(USAGE, f"The rule book does not load: {error}", mend) from None
        return account, (this.version, other.version), (since, until)


async def _through(
    connection: Any, period: tuple[datetime, datetime], books: "tuple[Revision, Revision]", account: "Account", bar: Any
) -> None:
    from adapters.storage.period import cover_of, events_of

    covers: dict[int, bytes] = {}
    async for events in events_of(connection, *period):
        for version in {e.cover for e in events} - covers.keys():
            covers[version] = await cover_of(connection, version)
        here, there = await asyncio.gather(*(asyncio.to_thread(b.decide, events, covers) for b in books))
        for event, a, b in zip(events, here, there, strict=True):
            account.add(event.id, event.type, a, b)
            account.decided_by_others += event.policy != books[0].version
        bar(account.events)


def _plain(account: "Account", versions: tuple[str, str], period: tuple[datetime, datetime]) -> dict[str, Any]:
    return {
        "since": period[0],
        "until": period[1],
        "here": versions[0],
        "other": versions[1],
        "events": account.events,
        "differing": account.differing,
        "decided_by_others": account.decided_by_others,
        "wrong": account.wrong,
        "counts": [{**line._asdict(), **signs} for line, signs in account.lines()],
        "examples": [
            {**e.line._asdict(), "sign": e.sign, "event": e.event, "child": e.child, "team": e.team}
            for e in account.examples
        ],
    }


def _tell(account: "Account", versions: tuple[str, str], period: tuple[datetime, datetime]) -> None:
    from router.moments import moment_words

    _say(
        f"{shown.count(account.events, 'event')} accepted since {moment_words(period[0])}, decided by two rule books: "
        f"{versions[0]} (here) and {versions[1]}. Nothing was sent."
    )
    if account.decided_by_others:
        others = shown.count(account.decided_by_others, "of them was", "of them were")
        _say(f"{others} decided by another rule book than the one here when they came.")
    if account.wrong:
        _say("", "The changed rule book would be refused:", *(f"  {one}" for one in account.wrong), "")
    if not account.differing:
        _say("Nobody would gain or lose anything.", LIMITS)
        return
    rows = [_row(line, signs) for line, signs in account.lines()]
    columns = ("What", "Who", "Of which event", "Gain", "Lose", "Change")
    shown.say("")
    shown.table("What would be different", columns, rows, "", right=columns[3:])
    if account.examples:
        _say("", "Examples", *(f"  {_example(one)}" for one in account.examples))
    _say("", LIMITS)


def _say(*lines: str) -> None:
    for line in lines:
        shown.say(*(textwrap.wrap(line, shown.WIDTH, subsequent_indent="    ") or [""]))


def _row(line: "Line", signs: Any) -> tuple[str, ...]:
    from deploy.simulation.differences import WORDS

    what = f"{WORDS.get(line.what, line.what)}{f': {line.thing}' if line.thing else ''}"
    numbers = [f"{signs[s]:,}" if signs[s] else "–" for s in ("gains", "loses", "changes")]
    return (what, line.who or "–", shown.kind_words("summary", line.type), *numbers)


def _example(one: "Difference") -> str:
    from deploy.simulation.differences import WORDS

    thing = one.line.thing
    what = f"{WORDS.get(one.line.what, one.line.what)}{f' ({thing})' if thing else ''}"
    verb = {"gains": "would gain", "loses": "would lose", "changes": "would see another form of"}[one.sign]
    child = f", child {shown.short(one.child)}" if one.child else ""
    if one.line.what == "standing":
        return f"event {shown.short(one.event)}{child}: {'new' if one.sign == 'gains' else 'no longer'}: {thing}"
    return f"event {shown.short(one.event)}{child}: {one.team or one.line.who} {verb} {what}"
