"""The course of things: whatever comes next, time is stepped to it, it happens, and everything is drained."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from deploy.borough.published import Published
from deploy.demo.asked import ASKED
from deploy.demo.drained import drained
from deploy.demo.manners import Manners
from deploy.demo.place import Place
from deploy.demo.wire import EVENTS, RECEIPTS, Wire

Deed = Callable[[datetime], Awaitable[None]]
"""Something that a person does at a moment."""
Watch = Callable[[datetime], Awaitable[None]]


def quarter_after(moment: datetime) -> datetime:
    """The next quarter of an hour: nobody looks at the clock more often."""
    return _after(moment, 15)


def hour_after(moment: datetime) -> datetime:
    """The next full hour."""
    return _after(moment, 60)


def _after(moment: datetime, minutes: int) -> datetime:
    over = timedelta(minutes=moment.minute % minutes, seconds=moment.second, microseconds=moment.microsecond)
    return moment - over + timedelta(minutes=minutes) if over else moment


@dataclass
class Course:
    """What will happen when; recipients' answers join it as they read."""

    place: Place
    wire: Wire
    manners: Manners
    watch: Watch
    steps: int = 0
    _agenda: list[tuple[datetime, int, str, Published | Deed]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def publish(self, said: Iterable[tuple[datetime, Published]]) -> None:
        """These events will be published."""
        for at, one in said:
            heappush(self._agenda, (at, next(self._order), EVENTS, one))

    def do(self, at: datetime, deed: Deed) -> None:
        """A person will do this."""
        heappush(self._agenda, (at, next(self._order), "", deed))

    async def run_until(self, end: datetime, *, by: Callable[[datetime], datetime] = quarter_after) -> None:
        """Step from one happening to the next: a publication, an answer, a clock that runs out.

        `by` says when people look at the clock: what lies between two looks happens at the second."""
        while (moment := await self._next()) is not None:
            moment = by(moment)
            if moment > end:
                break
            await self._step(moment)
        await self._step(end)

    async def _next(self) -> datetime | None:
        row = await (await self.place.ledger.execute(ASKED["next_clock"])).fetchone()
        coming = [at for at in (self._agenda[0][0] if self._agenda else None, row[0] if row else None) if at]
        return min(coming, default=None)

    async def _step(self, moment: datetime) -> None:
        """Advance, let happen what happens then, and drain."""
        self.steps += 1
        await self.place.step_to(moment)
        while self._agenda and self._agenda[0][0] <= moment:
            _, _, prefix, what = heappop(self._agenda)
            await (self.wire.send(prefix, [what]) if isinstance(what, Published) else what(moment))
        await drained(self.place, self.wire, moment)
        letters, self.wire.fresh = self.wire.fresh, []
        for letter in letters:
            if letter.topic.startswith("summaries."):
                for at, answer in self.manners.answers(letter, moment):
                    heappush(self._agenda, (at, next(self._order), RECEIPTS, answer))
        await self.watch(moment)
