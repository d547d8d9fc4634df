"""`sharewell claim` and `release`: one person at a time has a delivery; the second is told who."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.ends import TAKEN, Ended
from deploy.commands.ids import the_one

if TYPE_CHECKING:
    from adapters.storage.acts import Act, Acts, Work

By = Annotated[str | None, typer.Option(help="your name; without it SHAREWELL_WHO, or your account", metavar="NAME")]
InsteadOf = Annotated[
    str | None, typer.Option("--from", help="take it over from this person, who has it now", metavar="NAME")
]
WhatWasDone = Annotated[str, typer.Option("--why", help="what was done about it", metavar="REASON")]
Json = Annotated[bool, typer.Option("--json", help="tell the result as JSON")]


def claim(
    delivery: Annotated[str, typer.Argument(help="the delivery's id, or its first letters")],
    by: By = None,
    instead_of: InsteadOf = None,
    json: Json = False,
) -> None:
    """Take a delivery of your team's queue on. Whoever is first has it.

    Example: sharewell claim 8b746ea6 --by "J Hart"

    Exit codes: 0 it is yours; 1 there is no such delivery; 3 the database is away; 4 somebody else has it, and who.
    """
    person = reach.person(by)
    act_on(
        "delivery",
        delivery,
        json,
        f"Yours now: {person}.",
        lambda acts, id: acts.claim("delivery", id, person, instead_of),
    )


def release(
    delivery: Annotated[str, typer.Argument(help="the delivery's id, or its first letters")],
    by: By = None,
    json: Json = False,
) -> None:
    """Give a delivery back, so that a colleague can take it.

    Example: sharewell release 8b746ea6 --by "J Hart"

    Exit codes: 0 given back; 1 there is no such delivery; 3 the database is away; 4 it is not yours, and whose it is.
    """
    person = reach.person(by)
    act_on(
        "delivery",
        delivery,
        json,
        "Given back: nobody has it now.",
        lambda acts, id: acts.release("delivery", id, person),
    )


def act_on(work: "Work", typed: str, json: bool, done: str, do: "Callable[[Acts, str], Awaitable[Act]]") -> None:
    """Do one compare-and-set on a thing and say how it ended."""
    id, act = reach.run(_act(work, typed, do))
    if json:
        shown.as_json({"id": id, "done": act.done, "state": act.state, "holder": act.holder, "since": act.since})
    if not act.done:
        raise Ended(TAKEN, standing(work, act), mend_of(work, act))
    if not json:
        shown.say(done)


async def _act(work: "Work", typed: str, do: "Callable[[Acts, str], Awaitable[Act]]") -> "tuple[str, Act]":
    from adapters.storage.acts import Acts
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        id = await the_one(Reading(connection), work, typed)
        return id, await do(Acts(connection, reach.clock_of(settings)), id)


def standing(work: str, act: "Act") -> str:
    """Who has a thing, or that nobody has."""
    from router.moments import moment_words

    since = f" since {moment_words(act.since)}" if act.since else ""
    if act.state == "open":
        return f"Nobody has this {work}, so there is nothing to give back or take over."
    if act.state == "claimed":
        return f"{act.holder} has this {work}{since}."
    return f"This {work} was {act.state}{f' by {act.holder}' if act.holder else ''}{since.replace('since', 'on')}."


def mend_of(work: str, act: "Act") -> str:
    """What somebody who came second can do."""
    if act.state != "claimed":
        return ""
    claim = {"delivery": "claim", "task": "tasks claim", "refusal": "refused claim"}[work]
    return f'Ask for it, or take it over: sharewell {claim} … --from "{act.holder}"'
