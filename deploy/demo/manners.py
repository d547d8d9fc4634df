"""How recipients answer, as people do: most in time, some late, some never; the same every time the demo is played."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from contracts.parts.services import Service
from contracts.receipts import BY_A_PERSON
from deploy.borough import Borough
from deploy.borough.events import receipt
from deploy.borough.names import practitioner
from deploy.borough.published import Published
from deploy.demo.wire import Letter
from router.policy.working_time import add_working_hours

S = Service


class Manner(NamedTuple):
    """One service's way: shares of those who answer late and never, and what they do besides reading it."""

    late: float = 0.12
    never: float = 0.06
    files: float = 0.7
    acts: str | None = None
    """The outcome of what they are asked to do; None: they read, and perhaps file."""
    hours: tuple[float, float] = (0.3, 6.0)
    """Working hours until somebody reads it, where that is in time."""


ORDINARY = Manner()
MANNERS = {
    S.GP: Manner(late=0.2, never=0.15, files=0.9, hours=(1.0, 10.0)),
    S.HV: Manner(late=0.15, never=0.08, acts="follow-up-recorded"),
    S.SN: Manner(late=0.18, never=0.12, acts="follow-up-recorded"),
    S.PLN: Manner(late=0.05, never=0.02, files=0.2, acts="review-recorded", hours=(0.2, 3.0)),
    S.SWITCH: Manner(late=0.5, never=0.0, files=0.5, acts="accepted", hours=(1.0, 5.0)),
    S.MASH: Manner(late=0.05, never=0.0, files=0.9, acts="accepted", hours=(0.1, 1.5)),
    S.NN: Manner(late=0.1, never=0.1, files=0.3, hours=(0.3, 4.0)),
    S.MID: Manner(late=0.1, never=0.05, files=0.8, acts="seen"),
}
ROLES = {
    S.GP: "GP",
    S.HV: "health visitor",
    S.SN: "school nurse",
    S.MID: "midwife",
    S.MASH: "MASH health nurse",
    S.PLN: "paediatric liaison nurse",
    S.NN: "named nurse",
    S.SWITCH: "substance misuse worker",
}
PEOPLE = 3
LATE_HOURS = (17.0, 26.0)
"""Beyond two working days: after the first rung of most ladders."""
NOT_OURS_AFTER = 3
"""The school nurses' third summary about a child in school is one that they send on to colleagues."""


@dataclass
class Manners:
    """All recipients: what each says to what it read, and when."""

    borough: Borough
    wrong_place: str | None = None
    """The one delivery that reached the wrong team."""
    _school: int = 0

    def answers(self, letter: Letter, now: datetime) -> Iterator[tuple[datetime, Published]]:
        """Every receipt that will follow, each with its moment."""
        data: dict[str, Any] = letter.message["data"]
        team, delivery = letter.to, data.get("delivery_id", letter.message["id"])
        of = self.borough.team[team]
        rng = Random(delivery)
        by = self._somebody(team, rng)

        def say(state: str, at: datetime, **fields: Any) -> tuple[datetime, Published]:
            at = at.replace(second=0, microsecond=0)
            if state in BY_A_PERSON:
                fields["by"] = by
            return at, receipt(self.borough, team, delivery, state, at, rng, **fields)

        if letter.is_summary and rng.random() < 0.9:
            yield say("collected", now + timedelta(minutes=1))
        if hint := self._sent_on(letter, of.service):
            self.wrong_place = delivery
            at = add_working_hours(now, 1.2)
            yield say("not-ours", at, redirect={"team": hint}, note="Moved school at the start of term.")
            return
        manner = MANNERS.get(of.service, ORDINARY)
        drawn = rng.random()
        if drawn < manner.never:
            return
        at = add_working_hours(now, rng.uniform(*(LATE_HOURS if drawn < manner.never + manner.late else manner.hours)))
        yield say("acknowledged", at)
        if letter.is_summary and rng.random() < manner.files:
            at = add_working_hours(at, rng.uniform(0.1, 2.0))
            yield say("filed", at)
        if manner.acts and (data.get("asked") or of.service in (S.SWITCH, S.PLN, S.MASH)) and letter.is_summary:
            yield say("acted", add_working_hours(at, rng.uniform(0.2, 6.0)), outcome=manner.acts)

    def _somebody(self, team: str, rng: Random) -> dict[str, str]:
        """One of the few people of this team who answer; the same person for all of one delivery."""
        of = self.borough.team[team]
        name = practitioner(Random(f"{team}/{rng.randrange(PEOPLE)}"))
        role = "lead" if team.endswith("-lead") else ROLES.get(of.service, "practitioner")
        return {"name": name, "role": role, "organisation": of.organisation, "kind": "person"}

    def _sent_on(self, letter: Letter, service: Service) -> str | None:
        """The team that this should have gone to, where this team knows better."""
        if service is not S.SN or not letter.is_summary or self.wrong_place:
            return None
        self._school += "school" in letter.message["data"]["relation"]
        if self._school < NOT_OURS_AFTER:
            return None
        others = (
            t.id
            for t in self.borough.teams
            if t.service is service and t.covers and t.authority == self.borough.team[letter.to].authority
        )
        return next((t for t in others if t != letter.to), None)
