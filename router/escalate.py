"""Tells the next person when an expectation runs out; each rung once, and a task stays open after the last."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.parts.services import Service
from router.address import authority_for
from router.compose import envelope
from router.directory import Cover, Publisher
from router.earlier import NOBODY_IS
from router.events import LANES, lane_of, stable_id
from router.filing import tell_of_unfiled
from router.ledger import Climb, Clocks, Firing
from router.moments import day_of
from router.plan import Clock, Delivery, Step, Task, task_left_by
from router.policy.working_time import add_working_hours, working_days


@dataclass(frozen=True, slots=True)
class Fired:
    """What one round of the clock worker did."""

    rungs: int = 0
    tasks: int = 0
    silent: int = 0
    unfiled: int = 0
    """Teams whose lead hears that summaries were read and not filed."""


async def escalate(ledger: Clocks, limit: int = 200, passed: Callable[[str], None] = lambda _: None) -> Fired:
    """Fire every clock that is due, once; a compare-and-set in the ledger keeps two workers apart."""
    rungs = tasks = 0
    async with ledger.firing(limit) as work:
        climbs = [climb(firing, work.cover, work.now) for firing in work.due]
        await work.keep(climbs)
        rungs, tasks = len(climbs), sum(len(c.tasks) for c in climbs)
        now, cover = work.now, work.cover
        passed("before_clock_commit")
    passed("after_clock_commit")
    silent = 0
    for publisher, since in await ledger.silent_publishers():
        silent += await _silent(ledger, cover.publishers[publisher], since, cover, now)
    unfiled = await tell_of_unfiled(ledger, cover, now)
    return Fired(rungs, tasks, silent, unfiled)


def climb(firing: Firing, cover: Cover, now: datetime) -> Climb:
    """What firing this rung brings about: the owner is looked up now; where nobody is found it climbs at once.

    So it does where the rung before told the same team: who leads a team may be who is told after its lead; and where
    the team that is silent leads itself."""
    clock = firing.clock
    step = clock.steps[firing.rung]
    last = firing.rung == len(clock.steps) - 1
    owner = owner_of(step.owner, clock, cover, firing)
    tasks: list[Task] = []
    clocks: list[Clock] = []
    if owner is None:
        task = stable_id("task", clock.id, str(firing.rung), "nobody")
        words = f"{clock.words}: {NOBODY_IS} {_owner_words(step.owner)}."
        tasks.append(Task(task, "nobody-found", words, clock.child, cover.desk(firing.publisher), None))
        if step.owner != "desk":  # where there is no desk either, only `reconcile` can say so
            clocks.append(_task_clock(tasks[-1], clock, cover, now))
    if last and clock.task is None:
        task = task_left_by(clock.id)
        words = f"Still open after the last rung: {clock.words}."
        tasks.append(Task(task, "unanswered", words, clock.child, owner or cover.desk(firing.publisher), None))
    before = owner_of(clock.steps[firing.rung - 1].owner, clock, cover, firing) if firing.rung else None
    leads_itself = step.owner == "lead" and owner == clock.team and not last
    told = owner is not None and (owner == before or leads_itself)
    delivery = _alert(firing, owner, now, cover) if owner and not told else None
    if last:
        return Climb(firing, delivery, tuple(tasks), tuple(clocks), None)
    following = clock.steps[firing.rung + 1].due
    hastened = clock.at_once_on or clock.needs == "take"
    if hastened and now < step.due:  # it was made to fire early: whoever is next has no longer than they would
        following -= step.due - now
    return Climb(firing, delivery, tuple(tasks), tuple(clocks), now if owner is None or told else max(following, now))


def _task_clock(task: Task, of: Clock, cover: Cover, now: datetime) -> Clock:
    """The clock of a task that a climb raises: in a working day its desk hears that it is open still (rule G)."""
    desk = cover.teams.get(task.owner)
    due = working_days(1).due(now, by=cover.own.calendar(desk.organisation)) if desk else now
    return Clock(
        id=stable_id("clock", task.id),
        flow=of.flow,
        paragraph=of.paragraph,
        words=task.words,
        child=of.child,
        team=None,
        delivery=None,
        needs="close",
        starts=now,
        steps=(Step(due, "desk"),),
        task=task.id,
    )


def owner_of(code: str, clock: Clock, cover: Cover, firing: Firing) -> str | None:
    """The team that a rung's owner is today; None where the directory has nobody."""
    publisher = cover.publishers.get(firing.publisher)
    if code == "lead":
        team = cover.teams.get(clock.team or "")
        return team.lead if team and team.lead in cover.teams else None
    if code == "publisher":
        team_id = publisher.team if publisher else firing.publisher  # a refused receipt came from a team itself
        return team_id if team_id in cover.teams else None
    if code == "desk":
        desk = cover.desk(firing.publisher)
        return desk if desk in cover.teams else None
    of, _, named = code.partition(":")
    service = Service(named)
    own = cover.teams.get(clock.team or (firing.publisher if publisher is None else ""))
    trusts = [o for o in (own.organisation if own else None, publisher.organisation if publisher else None) if o]
    if service is not Service.NN or of == "sender":
        trusts.reverse()
    for trust in trusts:
        if found := cover.of_trust(service, trust):
            return found[0]
    authority = authority_for(service, firing.child_doc or {}) or (own.authority if own else None)
    found = cover.covering(service, "authorities", authority)
    return found[0] if found else None


def _owner_words(code: str) -> str:
    return code.partition(":")[2] if ":" in code else f"the {code}"


def _alert(firing: Firing, owner: str, now: datetime, cover: Cover) -> Delivery:
    clock = firing.clock
    id = stable_id("escalation", clock.id, str(firing.rung))
    doc = firing.child_doc or {}
    about: dict[str, Any] = {
        "delivery_id": id,
        "about": {"clock": clock.id, "delivery_id": clock.delivery, "task_id": clock.task, "event_id": firing.event_id},
        "flow": clock.flow,
        "paragraph": clock.paragraph,
        "rung": firing.rung + 1,
        "rungs": len(clock.steps),
        "words": clock.words,
        "unanswered_by": _who_is_silent(clock.team, owner, firing.withheld or bool(doc.get("restricted")), cover),
        "since": clock.starts.isoformat(),
        "due": min(clock.steps[firing.rung].due, now).isoformat(),
        "to": {"team": owner, "name": cover.name(owner), "service": cover.teams[owner].service.value},
        "child": {"person": clock.child, "name": doc.get("name"), "birth_date": doc.get("born")}
        if clock.child
        else None,
        "asked": "Find out why there was no answer, see that the child is followed up, and record what was done.",
    }
    body = envelope("escalation-raised-1", id, now.isoformat(), firing.event_id, None, about)
    return Delivery(id, "escalation", clock.child, owner, lane_of(owner, clock.child or "", LANES), body, clock.flow, 0)


def _who_is_silent(silent: str | None, owner: str, hidden: bool, cover: Cover) -> str | None:
    """Who did not answer; a team's name tells where the child lives, so where that is withheld only those of the team's
    own organisation, and its lead, read more than its service."""
    team = cover.teams.get(silent or "")
    if team is None or not hidden:
        return cover.name(silent) if silent else None
    its_own = owner in (team.id, team.lead) or cover.teams[owner].organisation == team.organisation
    return team.name if its_own else team.service.words


async def _silent(ledger: Clocks, publisher: Publisher, since: datetime, cover: Cover, now: datetime) -> bool:
    """A publisher quiet beyond its usual rhythm, in working hours, is a task of its own team (Q4520)."""
    quiet = publisher.quiet_until
    if quiet and day_of(now).isoformat() <= quiet:
        return False
    days = cover.own.calendar(publisher.organisation)
    if add_working_hours(since, publisher.usual_gap_hours, days) > now:
        return False
    task = stable_id("silent", publisher.id, since.isoformat())
    words = (
        f"Nothing has come from {publisher.id} for longer than its usual {publisher.usual_gap_hours:g} working hours."
    )
    first = working_days(1).due(now, by=days)
    clock = Clock(
        id=stable_id("clock", task),
        flow="F30",
        paragraph="local",
        words=words,
        child=None,
        team=publisher.team,
        delivery=None,
        needs="close",
        starts=now,
        steps=(Step(now, "publisher"), Step(first, "desk"), Step(working_days(1).due(first, by=days), "service:NN")),
        task=task,
    )
    return await ledger.raise_task(Task(task, "silent-publisher", words, None, publisher.team), clock, publisher.id)
