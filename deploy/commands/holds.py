"""`sharewell retention hold|release|holds`: what must not be deleted, whoever's birthday it is."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands import reach, shown
from deploy.commands.claims import Json
from deploy.commands.ends import TAKEN, USAGE, Ended
from deploy.commands.ids import the_one
from deploy.commands.looking import reason

if TYPE_CHECKING:
    from adapters.storage.holds import Hold

Why = Annotated[str, typer.Option(help="on what ground: kept with your name", metavar="REASON")]


def hold(
    person: Annotated[str, typer.Argument(help="the person's key or its first letters, as `log` shows it")],
    why: Why,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="its last day")] = None,
    json: Json = False,
) -> None:
    """Keep everything about one person, past keeping or not: a legal hold.

    It covers every event about the person, or that names them, under whatever key they were known, and the family's
    files; while any hold holds, refused records and answers to publishers stay as well, for nobody knows of whom
    they are.

    Example: sharewell retention hold 7a0c31f2 --until 2031-05-31 --why "inquiry, letter of 3 May"

    Exit codes: 0 held; 1 there is no such person; 2 not understood; 3 the database is away.
    """
    last = until.date() if until else None
    no = reach.run(_hold(person, reason(why), last))
    if json:
        shown.as_json({"hold": no, "until": last})
        return
    shown.say(f"Held: number {no}, {_until(last)}. End it: sharewell retention release {no} --why REASON")


def release(
    number: Annotated[int, typer.Argument(help="the hold's number, as `retention holds` shows it")],
    why: Why,
    json: Json = False,
) -> None:
    """End a legal hold; what is past keeping then may be deleted, unless another hold is on the same person.

    Example: sharewell retention release 4 --why "inquiry closed, letter of 9 June"

    Exit codes: 0 released; 2 not understood; 3 the database is away; 4 there is no such hold, or it has ended.
    """
    if not reach.run(_release(number, reason(why))):
        raise Ended(TAKEN, "There is no such hold, or it was released before.", "See: sharewell retention holds")
    if json:
        shown.as_json({"released": number})
    else:
        shown.say(f"Released: number {number}.")


def holds(json: Json = False) -> None:
    """List every legal hold, those that have ended too.

    Example: sharewell retention holds

    Exit codes: 0 listed; 3 the database is away.
    """
    found = reach.run(_holds())
    if json:
        shown.as_json(found)
        return
    rows = [(str(h.no), shown.short(h.person), _state(h), h.held_by, h.why) for h in found]
    shown.table("Legal holds", ("Number", "Person", "State", "Who", "Why"), rows, "There has never been one.")


def _until(last: date | None) -> str:
    from router.moments import day_words

    return f"until {day_words(last)}" if last else "until it is released"


def _state(one: "Hold") -> str:
    if one.released_by is not None:
        return f"released by {one.released_by}: {one.released_why}"
    return f"holds {_until(one.until)}" if one.holds else f"ended, {_until(one.until)}"


async def _hold(typed: str, why: str, until: date | None) -> int:
    from adapters.storage.acts import Acts
    from adapters.storage.holds import hold as put
    from adapters.storage.reading import Reading
    from router.moments import day_of

    settings = reach.settings()
    async with reach.database(settings) as connection:
        reading = Reading(connection, reach.clock_of(settings))
        person, now = await the_one(reading, "person", typed), await reading.now()
        if until is not None and until < day_of(now):
            raise Ended(USAGE, "That day is over.", "Give a day that is to come, or none.")
        no = await put(connection, now, person, reach.who(), why, until)
        await Acts(connection, reach.clock_of(settings)).record(reach.who(), why, f"legal hold {no} on {person}")
        return no


async def _release(number: int, why: str) -> bool:
    from adapters.storage.acts import Acts
    from adapters.storage.holds import release as end
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        now = await Reading(connection, reach.clock_of(settings)).now()
        done = await end(connection, now, number, reach.who(), why)
        if done:
            await Acts(connection, reach.clock_of(settings)).record(reach.who(), why, f"legal hold {number} released")
        return done


async def _holds() -> "list[Hold]":
    from adapters.storage.holds import holds as every
    from adapters.storage.reading import Reading

    settings = reach.settings()
    async with reach.database(settings) as connection:
        return await every(connection, await Reading(connection, reach.clock_of(settings)).now())
