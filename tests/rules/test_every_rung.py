"""Every clock of every policy, rung by rung: silent a second before, fired when due, and once only a second after.

Nothing here is written for one flow: what a policy expects is started from a made-up world, and what must be seen
follows from the row and from a calendar that counts (tests/counted.py). A new policy is walked through by itself."""

from datetime import date, datetime, time, timedelta

import pytest

from contracts.parts.services import Service
from router.policy.owners import Rung
from router.policy.tables import Table
from router.policy.working_time import Term
from tests.counted import LONDON, counted
from tests.rules.started import ROWS, Begun, Started, seeds_of
from tests.story_people import MORNING

SECOND = timedelta(seconds=1)
KINDS = sorted({row.kind for row in ROWS})


# By when, and who


def dues(one: Started, begun: Begun) -> list[datetime]:
    """When each rung of a clock is due, by the row and the counted calendar."""
    expected = date.fromisoformat(begun.child["expected"]) if "expected" in begun.child else None
    if begun.item is not None and begun.item.by is not None:
        found = [datetime.combine(begun.item.by, time(17), LONDON)]
    else:
        found = [counted(_term(one, begun), _starts(one, begun), expected)]
    for rung in begun.row.expect.else_tell[:-1]:
        found.append(counted(rung.within, found[-1]))
    return found


def _term(one: Started, begun: Begun) -> Term:
    within = begun.row.expect.within
    if isinstance(within, Table):
        return dict(within.terms).get(one.world.event.body.get(within.field, ""), within.terms[0][1])
    return within


def _starts(one: Started, begun: Begun) -> datetime:
    said = begun.row.expect.starts_at
    if said == "kept":
        return MORNING
    value = None if said == "event" else getattr(one.world.event.data, said, None)
    if isinstance(value, datetime):
        return value
    if not isinstance(value, date):
        return one.world.event.time
    hour = 17 if begun.row.expect.whole_days else 9  # of whole days the last is in time until it closes
    return datetime.combine(value, time(hour), LONDON)


def owners(one: Started, begun: Begun, rung: Rung) -> set[str | None]:
    """The teams of whom one may be told at this rung; None where it may be nobody."""
    store = one.town.ledger.store.cover
    publisher, owner = store.publishers[one.publisher], rung.owner
    if owner.kind == "lead":
        lead = store.teams[begun.clock.clock.team or ""].lead
        return {lead if lead in store.teams else None}
    if owner.kind == "publisher":
        return {publisher.team if publisher.team in store.teams else None}
    if owner.kind == "desk":
        return {desk if (desk := store.desk(one.publisher)) in store.teams else None}
    silent = store.teams.get(begun.clock.clock.team or "")
    of = {t.id: t for t in store.teams.values() if t.service is owner.service}
    first = silent.organisation if silent and owner.service is Service.NN and owner.kind == "service" else ""
    for organisation in (first, publisher.organisation, silent.organisation if silent else ""):
        if theirs := {
            id for id, t in of.items() if organisation in (t.organisation, *t.covers.get("organisations", ()))
        }:
            return set(theirs)
    return {None, *of}  # where no trust has one it is who covers the child's own authority, if anybody


# The walk


@pytest.mark.parametrize("kind", KINDS)
async def test_each_rung_is_silent_a_second_before_fires_when_due_and_never_twice(kind: str) -> None:
    for seed in sorted(set((await seeds_of(kind)).values())):
        one = await Started.of(kind, seed)
        due = {begun.clock.clock.id: dues(one, begun) for begun in one.clocks()}
        for begun in one.clocks():
            assert [s.due for s in begun.clock.clock.steps] == due[begun.clock.clock.id], begun.row
        wanted: dict[str, list[datetime]] = {id: [] for id in due}
        moments = {max(d, MORNING) for ladder in due.values() for d in ladder}
        for moment in sorted(moments):
            if moment > MORNING:
                await one.at(moment - SECOND)
                assert fired(one) == wanted, f"a second before {moment}"
            await one.at(moment)
            for begun in one.clocks():
                expected_at(one, begun, due[begun.clock.clock.id], moment, wanted[begun.clock.clock.id])
            assert fired(one) == wanted, f"at {moment}"
            await one.at(moment + SECOND)
            assert fired(one) == wanted, f"a second after {moment}"
        for begun in one.clocks():
            assert begun.clock.state == "exhausted"
            tasks = [t for t in one.town.tasks("unanswered") if begun.clock.clock.words in t.task.words]
            assert tasks, "the task stays open after the last rung"


def expected_at(one: Started, begun: Begun, ladder: list[datetime], moment: datetime, so_far: list[datetime]) -> None:
    """Add the rungs that fire at this moment: what is due, and at once the next where nobody (else) was told."""
    while len(so_far) < len(ladder):
        n = len(so_far)
        passed_on = n > 0 and told(one, begun, n - 1) is None and so_far[-1] == moment
        if max(ladder[n], MORNING) > moment and not passed_on:
            return
        so_far.append(moment)
        may, who = owners(one, begun, begun.row.expect.else_tell[n]), told(one, begun, n)
        before = next((t for t in (told(one, begun, k) for k in reversed(range(n))) if t), None)
        assert who in may or (who is None and before in may), f"{begun.row} rung {n + 1}: {who} is told, of {may}"


def fired(one: Started) -> dict[str, list[datetime]]:
    return {b.clock.clock.id: [rang.at for rang in b.clock.fired] for b in one.clocks()}


def told(one: Started, begun: Begun, rung: int) -> str | None:
    """Who has a letter about this rung of this clock in the inbox."""
    about = [
        e.team for e in one.town.escalations() if e["about"]["clock"] == begun.clock.clock.id and e["rung"] == rung + 1
    ]
    assert len(about) <= 1
    return about[0] if about else None
