"""How far the demo is: a row for every hour of the morning and every day after it, and a bar on a terminal."""

import sys
import textwrap
from datetime import datetime, timedelta
from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from adapters.storage.connect import Connection
from deploy.commands.shown import WIDTH
from deploy.demo import words
from deploy.demo.asked import ASKED
from router.policy.working_time import LONDON

COLUMNS = ("events", "refused", "summaries", "answers", "clocks ran", "tasks open")
MORNINGS_SHARE = 0.3
"""How much of the bar the morning takes."""


class Told:
    """Tells of the demo while it runs; every number is read from the ledger."""

    def __init__(self, console: Console, start: datetime, noon: datetime, end: datetime) -> None:
        self.console, self._start, self._noon, self._end = console, start, noon, end
        self._began = monotonic()
        self._bar = Progress(
            TextColumn("{task.description:<20}"),
            BarColumn(40),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not sys.stdout.isatty(),
        )
        self._task = self._bar.add_task("starting", total=1.0)
        self._period = ""
        self._at_start = self._now = (0,) * len(COLUMNS)
        self._notes: list[str] = []

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def say(self, sentence: str) -> None:
        """One line, with how long it has been."""
        self.console.print(Text.assemble((f"{monotonic() - self._began:6.1f} s  ", "dim"), sentence))

    def heading(self) -> None:
        """What the rows below hold."""
        self.console.print()
        self.console.print(Text("A morning in the borough, and the two weeks after it", "bold"))
        self.console.print(Text(f"  {'':<24}" + "".join(f"{name:>12}" for name in COLUMNS), "dim"))

    def note(self, sentence: str) -> None:
        """Something that a person did, told after the period's row."""
        self._notes.append(sentence)

    async def step(self, ledger: Connection, moment: datetime) -> None:
        """Time has come to this moment, and everything is done that was to be done by then."""
        period = self._period_of(moment)
        if self._period and period != self._period:
            self._print_row()
        self._period = period
        row = await (await ledger.execute(ASKED["so_far"])).fetchone()
        self._now = tuple(row or self._now)
        self._bar.update(self._task, completed=self._share(moment), description=words.day_and_clock(moment))

    def over(self) -> None:
        """The last row; the bar goes."""
        self._print_row()
        self._bar.stop()

    def _period_of(self, moment: datetime) -> str:
        local = moment.astimezone(LONDON)
        if moment < self._noon:
            hour = local.replace(minute=0)
            return f"{words.day(moment)} {words.clock(hour)} to {words.clock(hour + timedelta(hours=1))}"
        return f"{words.day(moment)} afternoon" if local.date() == self._noon.date() else words.day(moment)

    def _print_row(self) -> None:
        """What this period brought; a period that brought nothing has no row."""
        grown = [now - before for now, before in zip(self._now, self._at_start, strict=True)][:-1]
        if any(grown) or self._notes:
            cells = [*(str(n) if n else "·" for n in grown), str(self._now[-1])]
            self.console.print(Text(f"  {self._period:<24}" + "".join(f"{cell:>12}" for cell in cells)))
        width = min(WIDTH, self.console.width)
        for line in (line for note in self._notes for line in note.splitlines()):
            for part in textwrap.wrap(line, width, initial_indent="      ", subsequent_indent="        "):
                self.console.print(Text(part, "dim"))
        self._at_start, self._notes = self._now, []

    def _share(self, moment: datetime) -> float:
        if moment <= self._noon:
            return MORNINGS_SHARE * ((moment - self._start) / (self._noon - self._start))
        return MORNINGS_SHARE + (1 - MORNINGS_SHARE) * ((moment - self._noon) / (self._end - self._noon))
