"""Plays one random sequence on every ledger given to it: the same acts, in the same order, with the same times."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

from router.escalate import escalate
from router.events import Received
from router.policy.book import rule_book
from router.put_aside import CONTRADICTIONS
from router.receipts import take_receipts
from router.take import take_in
from tests.agreements.cases import Case, SeenTask
from tests.sequences.events import KINDS, some_event
from tests.sequences.people import Household, some_families, some_teams
from tests.story_people import Json
from tests.story_teams import TEAMS

STEPS = 24
STATES = ("acknowledged", "acted", "acted", "filed", "not-ours", "not-ours", "collected")
OUTCOMES = ("accepted", "declined", "declined", "follow-up-recorded")
SAYS_WHOSE: tuple[Json, ...] = ({"service": "HV"}, {"team": "nowhere"}, *({"team": t["id"]} for t in TEAMS))
"""Whose a child is instead: a service, a team that there is not, or any team at all."""
PASSES = (1, 5, 30, 24 * 8)
"""Hours that go by."""
BRANCHES = 30
"""Rounds of the clock worker after which it would never come to rest."""


class Played:
    """One sequence: what it did is in `log`, which names no person and is printed where an assertion fails."""

    def __init__(self, seed: int, *cases: Case) -> None:
        self.seed, self.cases = seed, cases
        self.rng = Random(seed)
        self.households: list[Household] = some_families(self.rng, seed)
        self.teams = some_teams(self.rng)
        self.kinds = self.rng.sample(KINDS, self.rng.choice((3, 6, 20)))
        """Few kinds of event in one sequence, so that they meet the same clocks; or many."""
        self.log: list[Any] = []
        self._no, self._answered = 0, ""
        self._offsets: dict[str, int] = {}

    @property
    def first(self) -> Case:
        """The ledger that tells what there is to choose from."""
        return self.cases[0]

    async def begin(self) -> None:
        """Load the directory."""
        for case in self.cases:
            await case.load(*(h.doc for h in self.households), teams=self.teams)

    async def play(self, steps: int = STEPS) -> None:
        """So many acts by chance, and then all that is due fires and is sent."""
        await self.begin()
        acts = (self.publish, self.answer, self.wait, self.match, self.find, self.close, self.reorganise, self.send)
        for act in self.rng.choices(acts, weights=(60, 20, 8, 4, 3, 1, 2, 6), k=steps):
            await act()
        await self.wait(0)
        await self.send()

    # What may happen

    async def records(self, most: int = 3) -> list[Received]:
        """One event, or a batch of them."""
        cover, found = await self.first.cover(), list[Received]()
        for _ in range(self.rng.choice((1, 1, 1, most))):
            self._no += 1
            kind = self.rng.choice(self.kinds)
            record = some_event(self.rng, kind, self.households, cover, self.first.hands.now, self._no, self._no)
            if record is not None:
                found.append(record)
                self.log.append((kind, self._no))
        return found

    async def publish(self) -> None:
        """A batch comes in: each record is accepted with a verdict, was seen before, or contradicts what was kept."""
        if batch := await self.records():
            for case in self.cases:
                taken = await take_in(batch, case.ledger, rule_book())
                codes = {p.code for r in taken.refused for p in r.problems}
                assert codes <= CONTRADICTIONS, "the front door had let it in"
                put_aside = len(taken.refused) + len(taken.conflicts)
                assert len(taken.accepted) + len(taken.seen) + put_aside == len(batch)
                for kept in taken.accepted:
                    assert kept.plan.verdicts, f"{kept.event.type} ended in no verdict"
                    assert all(v.teams for v in kept.plan.verdicts if v.outcome == "told")

    async def receipt(self) -> Received | None:
        """What somebody answers to a summary, and now and then somebody who never had it."""
        sent = sorted(await self.first.summaries())
        if not sent:
            return None
        again = [d for d in sent if d.id == self._answered and self.rng.random() < 0.4]
        one, state, said = self.rng.choice(again or sent), self.rng.choice(STATES), Json()
        self._answered = one.id
        if state == "acted":
            said["outcome"] = self.rng.choice(OUTCOMES)
        if state == "not-ours" and self.rng.random() < 0.5:
            said["redirect"] = self.rng.choice(SAYS_WHOSE)
        kind = self.rng.choice(("person", "person", "system"))
        team = self.rng.choice((one.team, one.team, one.team, "gp-hagley"))
        self._no += 1
        self.log.append((state, team, said, one.id))
        return self.first.receipt(team, one.id, state, id=str(self._no), kind=kind, **said)

    async def answer(self) -> None:
        """A receipt comes in."""
        if record := await self.receipt():
            for case in self.cases:
                await take_receipts([record], case.ledger, rule_book())

    async def wait(self, hours: int | None = None) -> None:
        """Time goes by, and the clock worker goes round until nothing is due."""
        hours = self.rng.choice(PASSES) if hours is None else hours
        self.log.append(("wait", hours))
        for case in self.cases:
            case.hands.advance(timedelta(hours=hours))
            for _ in range(BRANCHES):
                if not (await escalate(case.ledger)).rungs:
                    break
            else:
                raise AssertionError("the clock worker never comes to rest")

    async def match(self) -> None:
        """A person says whose record it is."""
        if task := await self._task("match"):
            who = self.rng.choice([p for h in self.households for p in h.doc.people])
            for case in self.cases:
                await case.decide_again(task.id, person=who.id)

    async def find(self) -> None:
        """A person says which team it is, of any service; of a task about no event there is nothing to say."""
        task = await self._task("nobody-found")
        if task and self.first.ledger.store.tasks[task.id].event_no is not None:
            team = self.rng.choice(sorted((await self.first.cover()).teams))
            for case in self.cases:
                await case.decide_again(task.id, team=team)

    async def close(self) -> None:
        """A person closes any task, and nothing follows."""
        if task := await self._task():
            for case in self.cases:
                assert await case.close("task", task.id, "D. Desk", "Settled by telephone.")

    async def _task(self, kind: str | None = None) -> SeenTask | None:
        found = sorted(t for t in await self.first.open_tasks() if kind in (None, t.kind) and _of_an_event(t))
        task = self.rng.choice(found) if found else None
        self.log.append((kind, task and task.id))
        return task

    async def reorganise(self) -> None:
        """Teams are closed, and others are opened again."""
        teams = some_teams(self.rng)
        self.log.append(("reorganise", len(teams["teams"])))
        for case in self.cases:
            await case.load(teams=teams)

    async def send(self) -> None:
        """A delivery worker sends all that is due."""
        for case in self.cases:
            await case.send_all()


def _of_an_event(task: SeenTask) -> bool:
    return task.kind in ("match", "nobody-found", "unanswered", "conflicting")


async def seen(case: Case, people: Sequence[Household]) -> dict[str, Any]:
    """All that a ledger shows in the end, in an order of its own making."""
    deliveries = await case.deliveries()
    everybody = sorted({p.id for h in people for p in h.doc.people})
    about = sorted({d.child for d in deliveries if d.child} | set(everybody))
    past = {child: await case.chronicle(child) for child in about}
    events, considered, outcomes, faults = await case.reconcile()
    return {
        "deliveries": sorted(deliveries),
        "clocks": sorted(await case.clocks()),
        "turned": sorted(await case.turned(), key=repr),
        "tasks": sorted(await case.tasks()),
        "refusals": sorted(await case.refusals()),
        "incidents": sorted(await case.incidents(), key=str),
        "conflicts": sorted(await case.conflicts()),
        "read and not filed": sorted(await case.read_not_filed(case.hands.now), key=str),
        "recipients": sorted(await case.recipients(), key=str),
        "publishers": sorted(await case.publishers(), key=str),
        "files": {p.id: await case.file(p) for h in people for p in h.doc.people},
        "told": {c: [(n.event.id, sorted(n.told)) for n in p.noted] for c, p in past.items() if p is not None},
        "reconciled": (events, considered, outcomes),
        "faults": faults,
    }
