"""What people do: claim, release, close, pause, send again. Each is a compare-and-set, and says who was first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from adapters.storage.connect import Connection
from adapters.storage.intake import Clock, now
from adapters.storage.sql import queries

Q, RECEIPTS = queries("acts"), queries("receipts")
NOT_TAKEN = "the recipient's system could not take it"
"""What is said of a try that arrived, and came to nothing."""
Work = Literal["delivery", "task", "refusal"]
"""What a named person can claim; tasks and refusals are also closed, with a reason."""


@dataclass(frozen=True, slots=True)
class Act:
    """Whether it was done; where it was not, who has it, since when, and in what state it is."""

    done: bool
    state: str = ""
    """open, claimed, closed or mended; empty where there is no such thing."""
    holder: str | None = None
    since: datetime | None = None


class Acts:
    """All acts over one connection, whose transaction the caller ends."""

    def __init__(self, connection: Connection, clock: Clock = None) -> None:
        self._connection, self._clock = connection, clock

    async def claim(self, work: Work, id: str, by: str, instead_of: str | None = None) -> Act:
        """Take something on: whoever is first has it. `instead_of` takes it from the person named, if it is theirs.

        Claiming again what one has is done, and changes nothing."""
        asked = {"id": id, "by": by, "holder": instead_of, "now": await now(self._connection, self._clock)}
        done = await self._did(f"take_over_{work}" if instead_of else f"claim_{work}", asked)
        act = await self._standing(work, id)
        return Act(done or (act.state == "claimed" and act.holder == by), act.state, act.holder, act.since)

    async def release(self, work: Work, id: str, by: str) -> Act:
        """Give back what this person has."""
        done = await self._did(f"release_{work}", {"id": id, "by": by})
        act = await self._standing(work, id)
        return Act(done, act.state, act.holder, act.since)

    async def close(self, work: Literal["task", "refusal"], id: str, by: str, reason: str) -> Act:
        """End a task or a refusal with a reason, and its clock; not what is ended, or what another person has."""
        moment = await now(self._connection, self._clock)
        done = await self._did(f"close_{work}", {"id": id, "by": by, "reason": reason, "now": moment})
        if done:
            await self._connection.execute(Q["end_clock"], {"id": id, "how": f"closed by {by}", "now": moment})
        act = await self._standing(work, id)
        return Act(done, act.state, act.holder, act.since)

    async def put_aside_as(self, id: str) -> Literal["task", "refusal"]:
        """What stands for a record that was put aside: a refusal, or the task that asks which of two bodies is true."""
        return "refusal" if await self._all("holder_refusal", {"id": id}) else "task"

    async def choose_person(self, event_no: int, slot: str, person: str, by: str, reason: str) -> None:
        """A named person says whose record it is; the event is then decided again (router.receipts.decide_again)."""
        await self._connection.execute(
            RECEIPTS["choose"],
            {
                "no": event_no,
                "slot": slot,
                "person": person,
                "by": by,
                "reason": reason,
                "now": await now(self._connection, self._clock),
            },
        )

    async def pause(self, team: str, by: str, reason: str) -> Act:
        """Hold what goes to a destination; its clocks run on. Not done where somebody paused it before."""
        moment = await now(self._connection, self._clock)
        done = await self._did("pause", {"team": team, "by": by, "reason": reason, "now": moment})
        return await self._paused(team, done)

    async def resume(self, team: str) -> Act:
        """Send on what was held. Not done where nothing is paused."""
        act = await self._paused(team, False)
        return Act(await self._did("resume", {"team": team}), act.state, act.holder, act.since)

    async def backing_off(self, team: str | None = None) -> list[tuple[str, int]]:
        """Destinations that are waited for after a failure, and how many deliveries wait."""
        return await self._all("backing_off", {"team": team})

    async def stop_backing_off(self, teams: Sequence[str]) -> list[str]:
        """Try these again at once; those that still waited."""
        return [row[0] for row in await self._all("stop_backing_off", {"teams": list(teams)})]

    async def send_again(self, deliveries: Sequence[str], by: str, reason: str) -> list[str]:
        """Put deliveries that recipients could not take back in the queue, under their ids and numbers.

        A failure is answered once: a second call finds nothing to do until a recipient fails again."""
        moment = await now(self._connection, self._clock)
        asked = {"ids": list(deliveries), "by": by, "reason": reason, "error": NOT_TAKEN, "now": moment}
        return [row[0] for row in await self._all("send_again", asked)]

    async def mended(self, refusals: Sequence[str], by: str, reason: str) -> int:
        """These refused records have been accepted since: they and their clocks end."""
        moment = await now(self._connection, self._clock)
        asked = {"ids": list(refusals), "by": by, "reason": reason, "now": moment, "how": reason}
        ended = await self._all("mend_refusals", asked)
        await self._connection.execute(Q["end_clocks"], asked)
        return len(ended)

    async def record(self, who: str, why: str, what: str) -> None:
        """Who looked at content or did something to the whole, and why; committed before anything is shown."""
        asked = {"who": who, "why": why, "what": what, "now": await now(self._connection, self._clock)}
        await self._connection.execute(Q["access"], asked)
        await self._connection.commit()

    async def wake(self) -> None:
        """Tell the delivery workers that there is work; they would find it by themselves a little later."""
        await self._connection.execute(Q["wake"])

    async def _standing(self, work: Work, id: str) -> Act:
        rows = await self._all(f"holder_{work}", {"id": id})
        return Act(False, *rows[0]) if rows else Act(False)

    async def _paused(self, team: str, done: bool) -> Act:
        rows = await self._all("paused", {"team": team})
        return Act(done, "paused", *rows[0]) if rows else Act(done, "running")

    async def _did(self, name: str, asked: dict[str, Any]) -> bool:
        return bool(await self._all(name, asked))

    async def _all(self, name: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(Q[name], asked)).fetchall()
