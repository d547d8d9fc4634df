"""`python -m deploy.demo` (`make demo`): a morning, the weeks after it, and what became of everybody."""

import argparse
import asyncio
import os
import sys
from datetime import datetime, timedelta

from rich.text import Text

from deploy.borough.morning import morning
from deploy.commands import shown
from deploy.demo import tables
from deploy.demo.course import Course
from deploy.demo.heartbeats import heartbeats
from deploy.demo.held import all_held
from deploy.demo.manners import Manners
from deploy.demo.place import open_place
from deploy.demo.progress import Told
from deploy.demo.wire import Wire
from router.policy.working_time import LONDON, working_days

START = datetime(2016, 9, 21, 8, tzinfo=LONDON)
"""A Wednesday in term time, in the year of the review."""
NOON = START + timedelta(hours=4)
QUIET = "clinics"
"""The publisher that falls silent, as a system that has broken down does."""


async def play(days: int, seed: int, children: int) -> int:
    console = shown.console()
    end = working_days(days).due(NOON)
    with Told(console, START, NOON, end) as told:
        async with open_place(seed, children, START.date(), START, told.say) as place, Wire(place.bootstrap, place.borough) as wire:
            said = [(START + after, one) for after, one in morning(place.borough, seed, START)]
            course = Course(place, wire, Manners(place.borough), lambda at: told.step(place.ledger, at))
            course.publish(said)
            lively = [one for _, one in said if one.publisher != QUIET]
            course.publish(heartbeats(lively, NOON - timedelta(hours=1), end))
            told.heading("The morning")
            await course.run_until(NOON, by_the_quarter=False)
            await course.run_until(end)
            told.over()
            held = await all_held(place, START)
            letters = list(wire.read.values())
            tables.every_event(console, held)
            tables.recipients(console, held)
            tables.withheld(console, letters)
            tables.tasks(console, held)
            tables.clocks(console, held)
            tables.refused(console, held)
            tables.publishers(console, letters)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--days", type=int, default=15, help="working days after the morning")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same borough and morning")
    parser.add_argument("--children", type=int, default=2000, help="at least so many in the borough")
    asked = parser.parse_args()
    for name in [n for n in os.environ if n.startswith("SHAREWELL_")]:
        del os.environ[name]  # an installation's own settings are not the demo's
    return asyncio.run(play(asked.days, asked.seed, asked.children))


if __name__ == "__main__":
    sys.exit(main())
