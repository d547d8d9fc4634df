"""`python -m deploy.month` (`make month`): the borough lives four weeks of every flow, and a page shows how it went."""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from deploy.commands import shown
from deploy.demo.accounted import accounts
from deploy.demo.course import Course, hour_after
from deploy.demo.drained import NotDrained
from deploy.demo.held import all_held
from deploy.demo.place import Place, open_place
from deploy.demo.played import arguments, played, stopped
from deploy.demo.wire import Wire
from deploy.month.calendar import DAYS, FIRST_DAY, month, opening
from deploy.month.figures import Figures, figures_of
from deploy.month.people import Forgetful
from deploy.month.report import page
from router.policy.working_time import LONDON

DAY = timedelta(days=1)
AFTERWARDS = timedelta(days=400)
"""How long time goes on when nothing is published any more: longer than any ladder."""


def morning_after(moment: datetime) -> datetime:
    """The next eight o'clock."""
    local = moment.astimezone(LONDON)
    today = opening(local.date())
    return today if moment <= today else opening(local.date() + DAY)


async def live(seed: int, children: int, total: int, report: Path, console: Console) -> int:
    """Play the month and write its report; the exit code: 0 only if all of it holds."""
    start, end = opening(FIRST_DAY), opening(FIRST_DAY + timedelta(days=DAYS))
    bar = Progress(
        TextColumn("{task.description:<34}"), BarColumn(40), TimeElapsedColumn(), console=console, transient=True,
        disable=not sys.stdout.isatty(),
    )  # fmt: skip
    with bar:
        task = bar.add_task("starting", total=1.0)

        def say(sentence: str) -> None:
            console.print(Text(sentence, "dim"))

        async with (
            open_place(seed, children, FIRST_DAY, start, say) as place,
            Wire(place.bootstrap, place.borough) as wire,
        ):

            async def watch(moment: datetime) -> None:
                share = min(1.0, (moment - start) / (end - start))
                bar.update(task, completed=share, description=f"{moment.astimezone(LONDON):%A %-d %B %Y, %H:%M}")

            course = Course(place, wire, Forgetful(place.borough), watch)
            course.publish(month(place.borough, seed, total))
            try:
                await course.run_until(end, by=hour_after)
                await course.run_until(end + AFTERWARDS, by=morning_after)
            except NotDrained as stuck:
                return stopped(console, place, "The month", stuck)
            bar.stop()
            return await _told(console, place, wire, start, end, report)


async def _told(console: Console, place: Place, wire: Wire, start: datetime, end: datetime, report: Path) -> int:
    """Write the page, and say what does not hold."""
    found = await figures_of(place.ledger, place.borough.cover())
    faults = [
        f"{account.what}: {line}"
        for account in await accounts(place, wire, await all_held(place, start))
        for line in account.wrong
    ]
    html = page(found, faults, start.date(), (end - DAY).date())
    await asyncio.to_thread(report.write_text, html, "utf-8")
    wrong = [*faults, *_missing(found)]
    events, refused, summaries, answers, clocks, fired, _ = found.totals
    console.print(
        f"{events:,} events and {refused} refusals in {DAYS} days; {summaries:,} summaries, {answers:,} answers by "
        f"people, {clocks:,} clocks, {fired:,} rungs fired."
    )
    for line in wrong:
        console.print(Text(line, "red"))
    console.print(Text(f"The report is in {report}", "bold"))
    return 1 if wrong else 0


def _missing(found: Figures) -> list[str]:
    """What a month has to show and this one did not."""
    wrong = [f"{flow} brought nothing about" for flow in found.silent_flows]
    wrong += [f"{x.flow}: the last rung was never reached: {x.words}" for x in found.unfinished]
    if found.running:
        wrong.append(f"{found.running} clocks still run")
    return wrong


def main() -> int:
    """Read the arguments and play."""
    parser = arguments("python -m deploy.month", __doc__, "month")
    parser.add_argument("--events", type=int, default=5000, help="about so many records in the four weeks")
    parser.add_argument("--report", type=Path, default=Path("month.html"), help="where the page is written")
    return played(parser, lambda asked: live(asked.seed, asked.children, asked.events, asked.report, shown.console()))


if __name__ == "__main__":
    sys.exit(main())
