"""`python -m deploy.demo` (`make demo`): a morning, the two weeks after it, and what became of everybody."""

import sys
from datetime import datetime, timedelta

from rich.console import Console
from rich.text import Text

from deploy.borough.morning import morning
from deploy.commands import shown
from deploy.demo import owed_tables, told_tables
from deploy.demo.accounted import accounts
from deploy.demo.course import Course
from deploy.demo.deeds import CommandFailed, Deeds
from deploy.demo.drained import NotDrained
from deploy.demo.heartbeats import heartbeats
from deploy.demo.held import all_held
from deploy.demo.manners import Manners
from deploy.demo.place import Place, open_place
from deploy.demo.played import arguments, played, stopped
from deploy.demo.progress import Told
from deploy.demo.told_story import tell_one
from deploy.demo.wire import Wire
from router.policy.working_time import LONDON, working_days

START = datetime(2016, 9, 21, 8, tzinfo=LONDON)
"""A Wednesday in term time, in the year of the review."""
NOON = START + timedelta(hours=4)
QUIET = "clinics"
"""The publisher that falls silent, as a system that has broken down does."""
NEXT = (
    ("make up", "keep it running, with an event ready to send"),
    (".venv/bin/sharewell policy --flow F10", "the rules as English, each with its paragraph"),
    (".venv/bin/sharewell contracts", "what can be said: schemas and examples"),
    ("make test", "every promise, each with a test that can fail"),
)


async def play(days: int, seed: int, children: int) -> int:
    """Play the demo and show it; the exit code: 0 only if everything accepted is accounted for."""
    console = shown.console()
    end = working_days(days).due(NOON)
    console.print(Text("Sharewell: a real Kafka, a real PostgreSQL, three processes, a synthetic borough.", "bold"))
    with Told(console, START, NOON, end) as told:
        async with (
            open_place(seed, children, START.date(), START, told.say) as place,
            Wire(place.bootstrap, place.borough) as wire,
        ):
            told.heading()
            try:
                await _live(place, wire, told, seed, end)
                return await _show(console, place, wire)
            except (NotDrained, CommandFailed) as stuck:
                return stopped(console, place, "The demo", stuck)


async def _live(place: Place, wire: Wire, told: Told, seed: int, end: datetime) -> None:
    """Everything that happens, from eight o'clock to the end."""
    said = [(START + after, one) for after, one in morning(place.borough, seed, START)]
    course = Course(place, wire, Manners(place.borough), lambda at: told.step(place.ledger, at))
    course.publish(said)
    lively = [one for _, one in said if one.publisher != QUIET]
    course.publish(heartbeats(lively, NOON - timedelta(hours=1), end))
    Deeds(place, [one for _, one in said], told.note).plan(course, START)
    await course.run_until(NOON, by=lambda moment: moment)
    await course.run_until(end)
    told.over()


async def _show(console: Console, place: Place, wire: Wire) -> int:
    """The tables, one child's story, and the account."""
    held, letters = await all_held(place, START), list(wire.read.values())
    found = await accounts(place, wire, held)
    told_tables.every_event(console, held)
    told_tables.recipients(console, held)
    told_tables.withheld(console, letters)
    told_tables.publishers(console, letters)
    owed_tables.refused(console, held)
    owed_tables.tasks(console, held)
    owed_tables.clocks(console, held)
    await tell_one(console, place, held)
    owed_tables.accounted(console, found)
    wrong = [account for account in found if account.wrong]
    console.print()
    if wrong:
        console.print(Text(f"{len(wrong)} of these do not hold.", "bold red"))
        return 1
    console.print(Text("Everything that was accepted is accounted for. Nothing is left running. Next:", "bold"))
    for command, words in NEXT:
        console.print(Text.assemble(f"  {command:<42}", (words, "dim")))
    return 0


def main() -> int:
    """Read the arguments and play."""
    parser = arguments("python -m deploy.demo", __doc__, "morning")
    parser.add_argument("--days", type=int, default=10, help="working days after the morning")
    return played(parser, lambda asked: play(asked.days, asked.seed, asked.children))


if __name__ == "__main__":
    sys.exit(main())
