"""Acknowledged and not filed is an alarm of its own: one task a team, for its lead, till a person closes it (F31)."""

from datetime import datetime, timedelta

from contracts.parts.services import Service
from router.directory import Cover
from router.events import stable_id
from router.ledger import Clocks
from router.plan import Clock, Step, Task
from router.policy.words import Gap
from router.policy.working_time import ENGLAND, working_days

NOT_FILED = Gap("F31", "5.2.9", "R8.1", "safeguarding information that was read is not filed in the record")
FILED_WITHIN = working_days(10)
"""From having read a summary to a receipt that names the record; the figure is ours (standards.md, part 5)."""
LEAD_HAS = working_days(5)
"""After it the named nurse hears too."""


async def tell_of_unfiled(ledger: Clocks, cover: Cover, now: datetime) -> int:
    """Raise a task for each team whose oldest such summary has waited too long; how many were new.

    What was acted upon with its outcome has gone further than a record reference, and is not among them."""
    raised = 0
    for team, count, since in await ledger.not_filed(read_by(now)):
        task = stable_id("not-filed", team, since.isoformat(), now.isoformat())
        many = "1 summary was" if count == 1 else f"{count} summaries were"
        words = (
            f"{many} read by {cover.name(team)} more than {FILED_WITHIN.count:g} working days ago, "
            "and no receipt names the record it is filed in. See: sharewell oversight --unfiled"
        )
        lead = cover.teams[team].lead
        owner = lead if lead in cover.teams else team
        clock = Clock(
            id=stable_id("clock", task),
            flow=NOT_FILED.flow,
            paragraph=NOT_FILED.cited,
            words=words,
            child=None,
            team=team,
            delivery=None,
            needs="close",
            starts=since,
            steps=(Step(now, "lead"), Step(LEAD_HAS.due(now), f"service:{Service.NN.value}")),
            task=task,
        )
        raised += await ledger.raise_task(Task(task, "not-filed", words, None, owner or team), clock, team)
    return raised


def read_by(now: datetime) -> datetime:
    """The last moment at which something may have been read that is overdue now, to the microsecond below."""
    first, last = now - timedelta(days=90), now
    while last - first > timedelta(microseconds=1):
        middle = first + (last - first) / 2
        late = FILED_WITHIN.reckoned(middle, None, ENGLAND) <= now
        first, last = (middle, last) if late else (first, middle)
    return first
