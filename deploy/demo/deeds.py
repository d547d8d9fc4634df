"""What people do at the command line while the demo runs: by `sharewell` itself, as they would."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from adapters.storage.reading import Reading
from deploy.borough.published import Published
from deploy.demo.course import Course
from deploy.demo.place import Place
from router.moments import day_of
from router.policy.working_time import LONDON, working_days

DESK, CLERK = "Parveen Shah", "Colin Rowe"
COMMAND = "import sys; from deploy.cli import app; sys.argv[0] = 'sharewell'; app()"
Note = Callable[[str], None]


class CommandFailed(RuntimeError):
    """A command did not end as it should; the text has what it said."""


@dataclass
class Deeds:
    """Puts people's acts into the course; each finds its own task in the ledger when its time has come."""

    place: Place
    said: Sequence[Published]
    note: Note

    def plan(self, course: Course, morning: datetime) -> None:
        """The desk looks in the afternoon and on the days after."""
        course.do(_at(morning, 0, time(14)), self._match)
        course.do(_at(morning, 1, time(11)), self._name_the_practice)
        course.do(_at(morning, 1, time(15)), self._close_the_refusal)
        course.do(_at(morning, 2, time(10)), self._settle_the_conflict)

    async def _match(self, now: datetime) -> None:
        """Whose record it is, where the number was not verified."""
        for task in await Reading(self.place.ledger).tasks(kind="match"):
            person = self._named_in(task.event)
            if person:
                why = "name and date of birth checked with the ward"
                await self._type(DESK, "tasks", "match", task.id, "--person", person, "--why", why)
                return

    def _named_in(self, event: str | None) -> str | None:
        """Who the desk finds when it looks for the number that was not verified."""
        by_number = {doc["nhs"]: pid for pid, doc in self.place.borough.people.items() if "nhs" in doc}
        numbers = (one.event["data"]["subjects"][0].get("nhs_number", "") for one in self.said if one.id == event)
        return by_number.get(next(numbers, ""))

    async def _name_the_practice(self, now: datetime) -> None:
        """Whom to tell, where no practice was on record."""
        tasks = await Reading(self.place.ledger).tasks(kind="nobody-found")
        task = next(
            (t for t in tasks if t.service == "GP" and t.child and "no GP practice is on record" in t.words), None
        )
        practice = next(t.id for t in self.place.borough.teams if t.service.value == "GP" and t.covers)
        if task is not None:
            why = "rang the family: registered there last week"
            await self._type(DESK, "tasks", "match", task.id, "--team", practice, "--why", why)

    async def _close_the_refusal(self, now: datetime) -> None:
        """A record of which nothing could be read: a person says what was done."""
        for refusal in await Reading(self.place.ledger).refusals(code="not-json"):
            why = "the department sent it again by telephone"
            await self._type(CLERK, "refused", "close", refusal.id, "--why", why)

    async def _settle_the_conflict(self, now: datetime) -> None:
        """One id with two bodies: somebody says which is true."""
        for task in await Reading(self.place.ledger).tasks(kind="conflict"):
            await self._type(CLERK, "tasks", "close", task.id, "--why", "the first is true; the second was a test")

    async def _type(self, who: str, *words: str) -> None:
        """Type a command; what it answers is shown."""
        environment = {**os.environ, **self.place.environment, "SHAREWELL_WHO": who}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            COMMAND,
            *words,
            env=environment,
            cwd=self.place.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        answer, _ = await process.communicate()
        shown = " ".join(f'"{w}"' if " " in w else w[:8] if _is_id(w) else w for w in words)
        self.note(f"{who}: sharewell {shown}\n{answer.decode().strip()}")
        if process.returncode:
            raise CommandFailed(f"sharewell {shown} ended with {process.returncode}: {answer.decode().strip()}")


def _is_id(word: str) -> bool:
    return len(word) == 36 and word.count("-") == 4


def _at(morning: datetime, days: int, hour: time) -> datetime:
    """An hour of a working day after the morning."""
    day = day_of(working_days(days).due(morning) if days else morning)
    return datetime.combine(day, hour, LONDON)
